/* Pending events lie in three places, by distance:
 *
 *   near    the slot that is being worked off: a small array in order (the run)
 *   middle  a calendar: a ring of slots of equal width, each an unordered list
 *   far     beyond the calendar's end: a wheel of slots that grow with distance (queue_far.c)
 *
 * The heartbeat: pop takes from the run's end.  When the run is empty, the next slot that holds
 * something is found in a bit map, its list is sorted into the run, and the calendar's end moves on
 * by as much.  Push computes the slot from the time and prepends to its list, so it compares
 * nothing.  Far slots are emptied into the calendar when it reaches them.
 *
 * The slots are as wide as two to four events are apart, and as many as are needed for most pushes
 * to land in the calendar; both are watched and adapted (queue_tune.c).  So whatever the time
 * scale, an event is put into a list once, sorted among a handful, and taken.  When the guess is
 * wrong the cost grows with a logarithm: a crowded slot is merge-sorted, and an event that comes
 * late into a crowded run goes into a heap beside it (queue_heap.c).
 *
 * Keys are compared in full, so the order is exact: (time, order) and nothing else.  An entry whose
 * event was cancelled or moved is stale; it is recognised when its turn comes, because its event
 * carries another order by then, and all of them are swept out when they outnumber the live ones.
 * Nothing but the entry's own event is ever looked at, and that only when it is about to fire.
 *
 * Nodes are carved from chunks and recycled last in, first out: the one that was emptied last,
 * which is in the cache, is filled next.  In a large queue the nodes and events of the slots ahead
 * are prefetched.  doc/performance.md has the measurements, and the structures that were not
 * chosen. */
#include "sim/queue.h"

#include <glib.h>
#include <string.h>

#include "sim/queue_parts.h"

enum {
    RUN_SHALLOW = 12,      /* a push moves at most so many entries of the run */
    PREFETCH_SLOTS = 1024, /* smaller calendars are in the cache anyway */
    PREFETCH_STEP = 2,     /* slots */
    CHUNK_MIN = 30,
    CHUNK_MAX = 4096, /* nodes */
};

struct queue_chunk {
    struct queue_chunk *next;
    struct queue_node nodes[];
};

void queue_init(struct event_queue *q)
{
    *q = (struct event_queue){
        .tick = UINT64_MAX, /* slot 0 is not loaded yet */
        .far_tick = UINT64_MAX,
        .shift = 20, /* about 1 us */
        .mask = QUEUE_MIN_SLOTS - 1,
        .tune_at = QUEUE_FIRST_TUNING,
        .run_capacity = 2 * RUN_SHALLOW,
    };
    q->slots = g_new0(struct queue_node *, QUEUE_MIN_SLOTS);
    q->bits = g_new0(uint64_t, QUEUE_MIN_SLOTS / 64);
    q->run = q->top = g_new(struct queue_entry, q->run_capacity);
    q->run[0] = (struct queue_entry){ -1, UINT64_MAX, NULL };
    q->far = far_new();
}

void queue_fini(struct event_queue *q)
{
    while (q->chunks) {
        struct queue_chunk *next = q->chunks->next;
        g_free(q->chunks);
        q->chunks = next;
    }
    g_free(q->slots);
    g_free(q->bits);
    g_free(q->far);
    g_free(q->run);
    g_free(q->heap);
    *q = (struct event_queue){ 0 };
}

/* A further chunk, as large as all before. */
static __attribute__((noinline)) void grow_nodes(struct event_queue *q)
{
    size_t n = CLAMP(queue_entries(q), CHUNK_MIN, CHUNK_MAX);
    struct queue_chunk *chunk = g_malloc(sizeof *chunk + n * sizeof chunk->nodes[0]);

    chunk->next = q->chunks;
    q->chunks = chunk;
    for (size_t i = n; i-- > 0;) {
        chunk->nodes[i].next = q->free;
        q->free = &chunk->nodes[i];
    }
}

/* The run. */

static void reserve_run(struct event_queue *q, size_t n)
{
    size_t used = (size_t)(q->top - q->run);

    if (used + n < q->run_capacity)
        return;
    q->run_capacity = 2 * (used + n) + 1;
    q->run = g_renew(struct queue_entry, q->run, q->run_capacity);
    q->top = q->run + used;
}

/* Inserts into the run that ends at `top`, without asking for room; returns the new end. */
static inline struct queue_entry *run_insert(struct queue_entry *top,
                                             const struct queue_entry *entry)
{
    struct queue_entry *at = top + 1;

    for (; entry_before(at - 1, entry); at--)
        *at = at[-1];
    *at = *entry;
    return top + 1;
}

/* An event for the slot that is being worked off. */
static void near_push(struct event_queue *q, const struct queue_entry *entry)
{
    const struct queue_entry *deep = q->top - MIN(q->top - q->run, RUN_SHALLOW);

    if (entry_before(deep, entry)) {
        heap_push(q, entry);
        return;
    }
    reserve_run(q, 1);
    q->top = run_insert(q->top, entry);
}

/* Loads the list of a crowded slot into the empty run; returns its last node. */
static __attribute__((noinline)) struct queue_node *load_crowd(struct event_queue *q,
                                                               struct queue_node *list)
{
    struct queue_node *last = list;
    size_t n = 0;

    for (const struct queue_node *node = list; node; node = node->next)
        n++;
    q->top = q->run;
    reserve_run(q, n + n / 2);
    for (struct queue_node *node = list; node; node = node->next) {
        *++q->top = node->entry;
        last = node;
    }
    entries_sort(q->run + 1, n, q->top + 1);
    for (size_t i = 1; i < n; i++)
        q->twins += q->run[i].time == q->run[i + 1].time;
    return last;
}

/* The calendar. */

static void near_push_node(struct event_queue *q, struct queue_node *node)
{
    near_push(q, &node->entry);
    node->next = q->free;
    q->free = node;
}

void node_push(struct event_queue *q, struct queue_node *node)
{
    uint64_t tick = (uint64_t)node->entry.time >> q->shift;

    if (tick - q->tick - 1 < q->mask) {
        calendar_push(q, node, tick);
    } else if (tick + 1 <= q->tick + 1) { /* q->tick may be -1 */
        near_push_node(q, node);
    } else {
        far_push(q->far, node, calendar_begin(q));
        far_changed(q);
    }
}

void queue_push_slowly(struct event_queue *q, struct event *ev)
{
    if (!q->free)
        grow_nodes(q);
    struct queue_node *node = q->free;
    q->free = node->next;
    node->entry = (struct queue_entry){ ev->time, ev->order, ev };
    node_push(q, node);
}

/* The first slot behind q->tick that is not empty; there must be one. */
static inline uint64_t next_slot(const struct event_queue *q)
{
    uint64_t start = (q->tick + 1) & q->mask, word = start / 64;
    uint64_t set = q->bits[word] & ~(uint64_t)0 << start % 64;

    while (set == 0) {
        word = (word + 1) & q->mask / 64;
        set = q->bits[word];
    }
    return word * 64 + (uint64_t)__builtin_ctzll(set);
}

/* What the slots ahead will need: their first two nodes, and those nodes' events.  (Always inlined
 * because GCC takes a function that only prefetches for one without effect and drops the call.) */
static inline __attribute__((always_inline)) void prefetch_ahead(const struct event_queue *q,
                                                                 uint64_t slot)
{
    const struct queue_node *third = q->slots[(slot + 3 * PREFETCH_STEP) & q->mask];
    const struct queue_node *second = q->slots[(slot + 2 * PREFETCH_STEP) & q->mask];
    const struct queue_node *first = q->slots[(slot + PREFETCH_STEP) & q->mask];

    __builtin_prefetch(third);
    if (second)
        __builtin_prefetch(second->next);
    if (first) {
        __builtin_prefetch(first->entry.event, 1);
        if (first->next)
            __builtin_prefetch(first->next->entry.event, 1);
    }
}

/* The slot's list goes into the empty run, its nodes back to the free ones. */
static inline void load_slot(struct event_queue *q, uint64_t slot)
{
    struct queue_node *first = q->slots[slot], *node = first;
    struct queue_entry *top = q->run + 1;

    q->slots[slot] = NULL;
    q->bits[slot / 64] &= ~((uint64_t)1 << slot % 64);
    for (*top = node->entry; node->next; top = run_insert(top, &node->entry)) {
        if (top == q->run + RUN_SHALLOW) {
            node = load_crowd(q, first);
            top = q->top;
            break;
        }
        node = node->next;
    }
    q->top = top;
    node->next = q->free;
    q->free = first;
}

/* Does what must be done before the calendar can tell the next slot; false if there is nothing to
 * do before the slot of `until`. */
static __attribute__((noinline)) bool refill(struct event_queue *q, uint64_t until, uint64_t *from)
{
    if (q->popped >= q->tune_at) {
        queue_tune(q);
        *from = q->tick;
        return true;
    }
    if (q->far_tick > until >> q->shift)
        return false;
    q->tick = q->far_tick - 1; /* nothing lies before */
    struct queue_node *node = far_take(q->far);
    far_changed(q);
    while (node) {
        struct queue_node *next = node->next;
        q->far_taken++;
        node_push(q, node);
        node = next;
    }
    return true;
}

/* Loads the next slot into the run, which must be empty, as the heap; false if it lies behind that
 * of `until`.  (To load it nevertheless would make latecomers of all that is pushed before it.) */
static __attribute__((noinline)) bool advance(struct event_queue *q, uint64_t until)
{
    uint64_t slot = 0, jump, from = q->tick;

    for (;;) {
        if (queue_entries(q) > q->far->count && q->popped < q->tune_at) {
            slot = next_slot(q);
            jump = ((slot - q->tick - 1) & q->mask) + 1;
            if (q->tick + jump < q->far_tick)
                break;
        }
        if (!refill(q, until, &from))
            return false;
        if (q->top > q->run)
            return true; /* the tuning loaded something */
    }
    if (q->tick + jump > until >> q->shift)
        return false;
    q->tick += jump;
    q->busy_ticks += MIN(q->tick - from, QUEUE_LONG_JUMP);
    if (q->mask >= PREFETCH_SLOTS)
        prefetch_ahead(q, slot);
    load_slot(q, slot);
    return true;
}

/* What advance does, when the next slot is at hand: in the same word of the bit map. */
static inline bool load_near(struct event_queue *q, uint64_t until)
{
    uint64_t start = (q->tick + 1) & q->mask;
    uint64_t set = q->bits[start / 64] >> start % 64;

    if (set == 0 || q->popped >= q->tune_at)
        return false;
    uint64_t jump = 1 + (uint64_t)__builtin_ctzll(set), tick = q->tick + jump;
    if (tick >= q->far_tick || tick > until >> q->shift)
        return false;
    q->tick = tick;
    q->busy_ticks += MIN(jump, QUEUE_LONG_JUMP);
    if (q->mask >= PREFETCH_SLOTS)
        prefetch_ahead(q, tick & q->mask);
    load_slot(q, tick & q->mask);
    return true;
}

/* Taking out. */

/* Makes sure that the least entry is the run's top; false if it lies behind the slot of `until`. */
static inline bool bring_up(struct event_queue *q, sim_time until)
{
    if (q->heap_size > 0) {
        if (!entry_before(q->top, &q->heap[0])) {
            reserve_run(q, 1);
            q->twins += q->heap[0].time == q->top[1].time; /* the one taken last */
            *++q->top = heap_pop(q);
        }
        return true;
    }
    return q->top > q->run || load_near(q, (uint64_t)until) || advance(q, (uint64_t)until);
}

struct event *queue_pop_slowly(struct event_queue *q, sim_time until)
{
    while (bring_up(q, until) && q->top->time <= until) {
        const struct queue_entry *least = q->top--;
        q->popped++;
        if (entry_live(least))
            return least->event;
        q->stale--;
    }
    return NULL;
}

sim_time queue_next_time(struct event_queue *q)
{
    while (bring_up(q, SIM_NEVER)) {
        if (entry_live(q->top))
            return q->top->time;
        q->top--;
        q->popped++;
        q->stale--;
    }
    return SIM_NEVER;
}

/* Candidate: a ladder queue (Tang, Goh, Thng: "Ladder queue: an O(1) priority queue structure for
 * large-scale discrete event simulation", 2005).
 *
 * Events far ahead lie unsorted at the top.  When the rest is used up they are dealt onto a rung of
 * buckets; a bucket with more than 50 events is dealt onto a finer rung below, a smaller one is
 * sorted into the bottom, from which events are taken.  Bucket widths are rounded to powers of two,
 * which spares the divisions; lists are of recycled nodes; the bottom is an array. */
#include <glib.h>

#include "sim/queue_parts.h"

enum { THRESHOLD = 50, RUNGS = 8 };

struct rung {
    uint64_t start, shift; /* of bucket 0; log2 of a bucket's width */
    uint64_t at, buckets;  /* the first bucket not used up yet; their number */
    struct queue_node **lists;
    uint32_t *counts;
    uint64_t capacity;
};

struct ladder_queue {
    struct queue_node *top, *free;
    uint64_t top_start, top_min, top_max, top_count;
    struct rung rungs[RUNGS];
    unsigned rungs_used;
    struct queue_entry *bottom; /* descending from [1] on; [0] is greater than any key */
    size_t bottom_size, bottom_capacity;
    uint64_t size, stale;
};

#define QUEUE_NAME  "ladder"
#define QUEUE(verb) ladder_##verb

static void ladder_init(struct ladder_queue *q)
{
    q->bottom_capacity = 256;
    q->bottom = g_new(struct queue_entry, q->bottom_capacity);
    q->bottom[0] = (struct queue_entry){ -1, UINT64_MAX, NULL };
    q->top_min = UINT64_MAX;
}

static void free_list(struct queue_node *node)
{
    while (node) {
        struct queue_node *next = node->next;
        g_free(node);
        node = next;
    }
}

static void ladder_fini(struct ladder_queue *q)
{
    free_list(q->top);
    free_list(q->free);
    for (unsigned r = 0; r < RUNGS; r++) {
        for (uint64_t i = 0; r < q->rungs_used && i < q->rungs[r].buckets; i++)
            free_list(q->rungs[r].lists[i]);
        g_free(q->rungs[r].lists);
        g_free(q->rungs[r].counts);
    }
    g_free(q->bottom);
}

static void bottom_insert(struct ladder_queue *q, const struct queue_entry *entry)
{
    if (q->bottom_size + 2 > q->bottom_capacity) {
        q->bottom_capacity *= 2;
        q->bottom = g_renew(struct queue_entry, q->bottom, q->bottom_capacity);
    }
    struct queue_entry *at = &q->bottom[++q->bottom_size];
    for (; entry_before(at - 1, entry); at--)
        *at = at[-1];
    *at = *entry;
}

/* A rung below the others for `count` events between `start` and `end`. */
static struct rung *rung_add(struct ladder_queue *q, uint64_t start, uint64_t end, uint64_t count)
{
    struct rung *rung = &q->rungs[q->rungs_used++];
    uint64_t width = (end - start) / count;

    rung->shift = width ? 64 - (uint64_t)__builtin_clzll(width) : 0;
    rung->start = start;
    rung->at = 0;
    rung->buckets = ((end - start) >> rung->shift) + 1;
    if (rung->buckets > rung->capacity) {
        g_free(rung->lists);
        g_free(rung->counts);
        rung->capacity = rung->buckets;
        rung->lists = g_new0(struct queue_node *, rung->capacity);
        rung->counts = g_new0(uint32_t, rung->capacity);
    }
    return rung;
}

static void rung_put(struct rung *rung, struct queue_node *node)
{
    uint64_t bucket = ((uint64_t)node->entry.time - rung->start) >> rung->shift;

    node->next = rung->lists[bucket];
    rung->lists[bucket] = node;
    rung->counts[bucket]++;
}

static uint64_t rung_begin(const struct rung *rung)
{
    return rung->start + (rung->at << rung->shift);
}

__attribute__((noinline)) static void ladder_push(struct ladder_queue *q, struct event *ev)
{
    struct queue_entry entry = { ev->time, ev->order, ev };
    uint64_t time = (uint64_t)ev->time;
    struct queue_node *node = q->free;
    unsigned r = 0;

    q->size++;
    if (time < q->top_start) {
        while (r < q->rungs_used && time < rung_begin(&q->rungs[r]))
            r++;
        if (r == q->rungs_used) {
            bottom_insert(q, &entry);
            return;
        }
    }
    if (node)
        q->free = node->next;
    else
        node = g_new(struct queue_node, 1);
    node->entry = entry;
    if (time < q->top_start) {
        rung_put(&q->rungs[r], node);
        return;
    }
    node->next = q->top;
    q->top = node;
    q->top_count++;
    q->top_min = MIN(q->top_min, time);
    q->top_max = MAX(q->top_max, time);
}

static void deal(struct rung *rung, struct queue_node *list)
{
    while (list) {
        struct queue_node *next = list->next;
        rung_put(rung, list);
        list = next;
    }
}

static void sort_to_bottom(struct ladder_queue *q, struct queue_node *list)
{
    while (list) {
        struct queue_node *next = list->next;
        bottom_insert(q, &list->entry);
        list->next = q->free;
        q->free = list;
        list = next;
    }
}

/* Fills the bottom from the next bucket; false if nothing is left. */
static bool refill(struct ladder_queue *q)
{
    while (q->bottom_size == 0) {
        if (q->rungs_used == 0) {
            if (!q->top)
                return false;
            struct rung *rung = rung_add(q, q->top_min, q->top_max, q->top_count);
            deal(rung, q->top);
            q->top_start = rung->start + (rung->buckets << rung->shift);
            q->top = NULL;
            q->top_count = q->top_max = 0;
            q->top_min = UINT64_MAX;
        }
        struct rung *rung = &q->rungs[q->rungs_used - 1];
        while (rung->at < rung->buckets && !rung->lists[rung->at])
            rung->at++;
        if (rung->at == rung->buckets) {
            q->rungs_used--;
            continue;
        }
        struct queue_node *list = rung->lists[rung->at];
        uint64_t count = rung->counts[rung->at], start = rung_begin(rung);
        rung->lists[rung->at] = NULL;
        rung->counts[rung->at++] = 0;
        if (count > THRESHOLD && rung->shift > 0 && q->rungs_used < RUNGS)
            deal(rung_add(q, start, rung_begin(rung) - 1, count), list);
        else
            sort_to_bottom(q, list);
    }
    return true;
}

__attribute__((noinline)) static struct event *ladder_pop(struct ladder_queue *q, sim_time until)
{
    while (q->bottom_size > 0 || refill(q)) {
        const struct queue_entry *least = &q->bottom[q->bottom_size];
        if (least->time > until)
            return NULL;
        q->bottom_size--;
        q->size--;
        if (entry_live(least))
            return least->event;
        q->stale--;
    }
    return NULL;
}

/* Left to be found at the bottom: the paper has no cancellation. */
static void ladder_forget(struct ladder_queue *q)
{
    q->stale++;
}

#include "tools/bench/hold_run.inc"

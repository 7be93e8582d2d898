/* What the files of the queue share. */
#ifndef WEFT_SIM_QUEUE_PARTS_H
#define WEFT_SIM_QUEUE_PARTS_H

#include "sim/queue.h"

/* The key as one number; no branch, as the outcome is a coin's. */
static inline bool entry_before(const struct queue_entry *a, const struct queue_entry *b)
{
    unsigned __int128 ka = (unsigned __int128)(uint64_t)a->time << 64 | a->order;
    unsigned __int128 kb = (unsigned __int128)(uint64_t)b->time << 64 | b->order;
    return ka < kb;
}

static inline bool entry_live(const struct queue_entry *entry)
{
    return entry->event->order == entry->order;
}

/* All that is in the queue, stale entries too. */
static inline uint64_t queue_entries(const struct event_queue *q)
{
    return q->pushed - q->popped;
}

/* The far wheel (queue_far.c): everything beyond the calendar, in slots that grow with distance. */

enum { FAR_LEVELS = 11, FAR_BITS = 6, FAR_SLOTS = 1 << FAR_BITS };

struct far_wheel {
    uint64_t base;   /* nothing here is at or before it */
    uint64_t next;   /* begin of the first slot that is not empty; UINT64_MAX if all are */
    uint64_t count;  /* of nodes */
    uint32_t levels; /* which levels are not empty */
    uint64_t bits[FAR_LEVELS];
    struct queue_node *slots[FAR_LEVELS][FAR_SLOTS];
};

/* An empty wheel at time 0; g_free frees it. */
struct far_wheel *far_new(void);

/* Adds a node.  Nothing before `border` is here or will ever come; node's time > border. */
void far_push(struct far_wheel *far, struct queue_node *node, uint64_t border);

/* Empties the first slot, which far->next is the begin of, and returns its list. */
struct queue_node *far_take(struct far_wheel *far);

/* Recomputes far->next after lists were shortened from outside. */
void far_find_next(struct far_wheel *far);

/* Begin of a slot. */
uint64_t far_start(const struct far_wheel *far, uint32_t level, uint64_t slot);

/* The near heap (queue_heap.c). */

/* Adds an entry. */
void heap_push(struct event_queue *q, const struct queue_entry *entry);

/* Takes the least entry out; there must be one. */
struct queue_entry heap_pop(struct event_queue *q);

/* Removes the stale entries. */
void heap_sweep(struct event_queue *q);

/* Sorts an array so that keys descend; `spare` has room for half as many. */
void entries_sort(struct queue_entry *entries, size_t n, struct queue_entry *spare);

/* The calendar (queue.c). */

static inline uint64_t calendar_count(const struct event_queue *q)
{
    return queue_entries(q) - q->far->count - (uint64_t)(q->top - q->run) - q->heap_size;
}

/* Puts a node where it belongs. */
void node_push(struct event_queue *q, struct queue_node *node);

/* Begin of the first slot that is not loaded yet. */
static inline uint64_t calendar_begin(const struct event_queue *q)
{
    return (q->tick + 1) << q->shift;
}

static inline void far_changed(struct event_queue *q)
{
    q->far_tick = q->far->next == UINT64_MAX ? UINT64_MAX : q->far->next >> q->shift;
}

/* Looks whether width and number of the slots suit what happens, and changes them if not
 * (queue_tune.c).  The run and the heap are empty. */
void queue_tune(struct event_queue *q);

enum { QUEUE_MIN_SLOTS = 64, QUEUE_FIRST_TUNING = 256, QUEUE_LONG_JUMP = 16 };

#endif

/* The queue of pending events, ordered by (time, order).  Only event.c and sim.c use it; how it
 * works is told in queue.c. */
#ifndef WEFT_SIM_QUEUE_H
#define WEFT_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/simtime.h"

struct event;
struct far_wheel;

/* What the queue knows of an event.  It is live while its event still carries its order. */
struct queue_entry {
    sim_time time;
    uint64_t order;
    struct event *event;
};

struct queue_node {
    struct queue_entry entry;
    struct queue_node *next;
};

struct event_queue {
    /* The calendar: a ring of slots of 2^shift ps each. */
    uint64_t shift;
    uint64_t tick; /* the slot that was loaded last: time >> shift */
    uint64_t mask; /* number of slots - 1 */
    struct queue_node **slots;
    uint64_t *bits; /* which slots are not empty */
    struct queue_node *free;

    /* What lies beyond its end. */
    uint64_t far_tick; /* no event there is in an earlier slot; UINT64_MAX if there is none */
    struct far_wheel *far;

    /* What lies before its begin: the slot loaded last, descending so that *top is the least, and
     * the latecomers that would have to go deep into it.  run[0] is greater than any key. */
    struct queue_entry *top, *run;
    struct queue_entry *heap;
    size_t heap_size, heap_capacity, run_capacity;

    uint64_t pushed, popped; /* entries: the difference is what is here */
    uint64_t stale;          /* of those */
    bool ended;              /* events are not looked at any more: their memory may be gone */

    /* Since the last tuning (queue_tune.c). */
    uint64_t tune_at;      /* popped by then: time for the next one */
    uint64_t tuned_popped; /* popped by the last one */
    uint64_t busy_ticks;   /* slots advanced by, long jumps counted as short ones */
    uint64_t far_taken;    /* events that came through the far wheel */
    uint64_t twins; /* latecomers and crowds at one instant, which no narrower slot would part */

    struct queue_chunk *chunks; /* of nodes */
};

/* An empty queue.  It points into itself: do not copy it. */
void queue_init(struct event_queue *queue);

/* Frees the queue's memory; the events are not its own. */
void queue_fini(struct event_queue *queue);

/* Adds `ev` under the key (ev->time, ev->order), which must be new; 0 <= time < SIM_NEVER. */
void queue_push(struct event_queue *queue, struct event *ev);

/* Tells the queue that one of its entries became stale. */
void queue_forget(struct event_queue *queue);

/* Takes out the event with the least key if its time is <= until; else NULL. */
struct event *queue_pop(struct event_queue *queue, sim_time until);

/* The time of the event that queue_pop would give; SIM_NEVER if there is none. */
sim_time queue_next_time(struct event_queue *queue);

/* Live entries. */
static inline uint64_t queue_live(const struct event_queue *queue)
{
    return queue->pushed - queue->popped - queue->stale;
}

/* Calls visit for each live entry, in no order that may matter: for reports. */
void queue_visit(const struct event_queue *queue,
                 void (*visit)(void *data, const struct queue_entry *entry), void *data);

/* Is each entry where it belongs?  Visits all of them: for tests. */
bool queue_check(const struct event_queue *queue);

#endif

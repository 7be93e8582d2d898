/* The queue of pending events, ordered by (time, order).  Only event.c and sim.c use it; how it
 * works is told in queue.c. */
#ifndef WEFT_SIM_QUEUE_H
#define WEFT_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/event.h"

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

/* Puts a node into the list of its slot, which is one of the calendar's. */
static inline void calendar_push(struct event_queue *queue, struct queue_node *node, uint64_t tick)
{
    uint64_t slot = tick & queue->mask;

    node->next = queue->slots[slot];
    queue->slots[slot] = node;
    queue->bits[slot / 64] |= (uint64_t)1 << slot % 64;
}

/* For queue_push alone: an event for another place than the calendar, or no node is free. */
void queue_push_slowly(struct event_queue *queue, struct event *ev);

/* Adds `ev` under the key (ev->time, ev->order), which must be new; 0 <= time < SIM_NEVER. */
static inline void queue_push(struct event_queue *queue, struct event *ev)
{
    uint64_t tick = (uint64_t)ev->time >> queue->shift;
    struct queue_node *node = queue->free;

    queue->pushed++;
    if (__builtin_expect(tick - queue->tick - 1 >= queue->mask || !node, 0)) {
        queue_push_slowly(queue, ev);
        return;
    }
    queue->free = node->next;
    node->entry = (struct queue_entry){ ev->time, ev->order, ev };
    calendar_push(queue, node, tick);
}

/* Tells the queue that one of its entries became stale. */
void queue_forget(struct event_queue *queue);

/* For queue_pop alone: the least entry is not the run's top, is stale, or comes too late. */
struct event *queue_pop_slowly(struct event_queue *queue, sim_time until);

/* Takes out the event with the least key if its time is <= until; else NULL. */
static inline struct event *queue_pop(struct event_queue *queue, sim_time until)
{
    struct queue_entry *least = queue->top; /* of an empty run a key that is too great */

    if ((uint64_t)least->time > (uint64_t)until || queue->heap_size > 0 ||
        least->event->order != least->order)
        return queue_pop_slowly(queue, until);
    queue->top = least - 1;
    queue->popped++;
    __builtin_prefetch(least[-1].event, 1);
    return least->event;
}

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

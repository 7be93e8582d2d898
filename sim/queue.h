/* The queue of pending events, ordered by (time, order).  Only event.c and sim.c use it. */
#ifndef WEFT_SIM_QUEUE_H
#define WEFT_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/simtime.h"

struct event;

struct queue_entry {
    sim_time time;
    uint64_t order;
    struct event *event;
};

/* An entry is live while its event still carries its order (event.h). */
struct event_queue {
    struct queue_entry *heap;
    size_t size, capacity;
    size_t live; /* entries that are not stale */
};

void queue_init(struct event_queue *queue);
void queue_fini(struct event_queue *queue);

/* Adds an entry; the key must be new. */
void queue_push(struct event_queue *queue, struct queue_entry entry);

/* Tells the queue that one of its entries became stale. */
void queue_forget(struct event_queue *queue);

/* Removes the least live entry with time <= until into *out; false if there is none. */
bool queue_pop(struct event_queue *queue, sim_time until, struct queue_entry *out);

#endif

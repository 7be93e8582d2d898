/* Events: what happens, and when.
 *
 * An event is embedded in its owner, who is found again with container_of.  The queue holds small
 * entries (time, order, event); nothing is allocated to schedule, cancel or fire.
 *
 * Events fire in the total order (time, actor, sequence).  The actor is the object whose code
 * schedules the event; the sequence is that actor's own counter.  Both share the 64-bit `order`
 * word: the actor's identity above, the sequence below.  An order word is never used twice, so it
 * also serves as the generation: an entry of the queue is stale when its order is no longer its
 * event's, and cancelling is one store into the event.
 *
 * Because a cancelled event may leave a stale entry behind, the memory of an event must stay an
 * event until the simulation ends: embed events in objects that live as long as the simulation or
 * come from a typed pool (pool.h).  doc/determinism.md has the field widths and the overflow. */
#ifndef WEFT_SIM_EVENT_H
#define WEFT_SIM_EVENT_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/simtime.h"

struct sim;
struct event;

/* Called when the event fires; sim->now is the event's time.  The event is idle by then and may
 * be scheduled again. */
typedef void (*event_fn)(struct sim *sim, struct event *ev);

struct event {
    sim_time time;
    uint64_t order; /* EVENT_IDLE when not scheduled */
    event_fn fire;
};

#define EVENT_IDLE 0

enum {
    ACTOR_SEQ_BITS = 38, /* 2.7e11 events of one actor */
    ACTOR_ID_BITS = 26,  /* 67 million actors */
};

/* The scheduler's identity: `next` is (id << ACTOR_SEQ_BITS | sequence) of its next event.  One
 * counter, one writer. */
struct actor {
    uint64_t next;
};

/* Gives the actor the identity that belongs to `name` (unique in the simulation: the caller's
 * promise).  The identity is a hash of the name; in the rare case that two names share it, the
 * later one takes the next free number. */
void actor_init(struct actor *actor, struct sim *sim, const char *name);

/* Finds the name of the actor that scheduled an event with this order word, for diagnostics. */
const char *actor_name(const struct sim *sim, uint64_t order);

/* The order word of the actor's next event. */
static inline uint64_t actor_take(struct actor *actor)
{
    uint64_t order = actor->next++;
    assert(actor->next << ACTOR_ID_BITS != 0); /* the sequence is used up */
    return order;
}

static inline void event_init(struct event *ev, event_fn fire)
{
    ev->time = SIM_NEVER;
    ev->order = EVENT_IDLE;
    ev->fire = fire;
}

static inline bool event_pending(const struct event *ev)
{
    return ev->order != EVENT_IDLE;
}

/* Schedules `ev` for `at`, sim->now <= at < SIM_NEVER, in the name of `by`.  A pending event is
 * moved. */
void event_schedule(struct sim *sim, struct event *ev, sim_time at, struct actor *by);

/* As event_schedule, with an order word that was taken from an actor earlier (a packet keeps the
 * one of its sending, so that its arrival has the same place however it is stored meanwhile). */
void event_schedule_ordered(struct sim *sim, struct event *ev, sim_time at, uint64_t order);

/* Takes `ev` out of the future; harmless when it is idle. */
void event_cancel(struct sim *sim, struct event *ev);

#endif

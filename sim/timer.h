/* Timers: events that are often pushed later.
 *
 * A timer keeps the wanted deadline beside its event.  Moving the deadline later, or stopping the
 * timer, only writes the deadline; when the early event fires it queues itself again for the
 * deadline, or does nothing.  TCP restarts its retransmission timer on each ACK: that is one store.
 */
#ifndef WEFT_SIM_TIMER_H
#define WEFT_SIM_TIMER_H

#include "sim/event.h"

struct timer;

typedef void (*timer_fn)(struct sim *sim, struct timer *timer);

struct timer {
    struct event event;
    sim_time deadline; /* SIM_NEVER: stopped */
    timer_fn expire;
    struct actor *actor;
};

/* `actor` is the owner's; it must outlive the timer. */
void timer_init(struct timer *timer, struct actor *actor, timer_fn expire);

/* Starts or moves the timer to the absolute time `deadline` >= sim->now. */
void timer_set(struct sim *sim, struct timer *timer, sim_time deadline);

/* Stops the timer but leaves its event to fire in vain: the cheap way, for timers that will be
 * started again soon. */
static inline void timer_stop(struct timer *timer)
{
    timer->deadline = SIM_NEVER;
}

/* Stops the timer and withdraws its event: for owners that end. */
void timer_cancel(struct sim *sim, struct timer *timer);

static inline bool timer_running(const struct timer *timer)
{
    return timer->deadline != SIM_NEVER;
}

#endif

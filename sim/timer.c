#include "sim/timer.h"

#include "sim/sim.h"

static void timer_fire(struct sim *sim, struct event *ev)
{
    struct timer *timer = container_of(ev, struct timer, event);
    sim_time deadline = timer->deadline;

    if (deadline == SIM_NEVER)
        return;
    if (deadline > sim->now) {
        event_schedule(sim, ev, deadline, timer->actor);
        return;
    }
    timer->deadline = SIM_NEVER;
    timer->expire(sim, timer);
}

void timer_init(struct timer *timer, struct actor *actor, timer_fn expire)
{
    event_init(&timer->event, timer_fire);
    timer->deadline = SIM_NEVER;
    timer->expire = expire;
    timer->actor = actor;
}

void timer_set(struct sim *sim, struct timer *timer, sim_time deadline)
{
    assert(deadline >= sim->now);
    timer->deadline = deadline;
    if (deadline == SIM_NEVER)
        return;
    if (!event_pending(&timer->event) || deadline < timer->event.time)
        event_schedule(sim, &timer->event, deadline, timer->actor);
}

void timer_cancel(struct sim *sim, struct timer *timer)
{
    timer->deadline = SIM_NEVER;
    event_cancel(sim, &timer->event);
}

/* The watchdog: events that go on without the clock advancing. */
#ifndef WEFT_SIM_STORM_H
#define WEFT_SIM_STORM_H

#include <stdbool.h>

#include "sim/sim.h"

struct storm;

/* Fires further events of the instant sim->now, while it notes who scheduled them.  True, with
 * sim->storm set, if there was no end to them; false if the clock may advance after all, or if the
 * simulation was stopped. */
bool storm_confirm(struct sim *sim);

/* NULL is harmless. */
void storm_free(struct storm *storm);

/* Makes `ev`, which the queue gave, happen. */
static inline void sim_fire(struct sim *sim, struct event *ev)
{
    sim->now = ev->time;
    ev->order = EVENT_IDLE;
    sim->events_fired++;
    ev->fire(sim, ev);
}

#endif

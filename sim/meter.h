/* Meters: counters that remember.
 *
 * Results may be asked for any window of a run after it ("goodput between 20 s and 120 s"), so a
 * meter notes its value as time passes the points of a grid, at no cost but one comparison while it
 * does not.  The grid starts fine and doubles its step when it has filled up, so memory is bounded.
 * At the points of the grid the remembered value is exact, between them it is interpolated. */
#ifndef WEFT_SIM_METER_H
#define WEFT_SIM_METER_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/simtime.h"

struct meter_log;

/* Zero-initialised is a meter at 0. */
struct meter {
    uint64_t value;
    sim_time next; /* the next change at or after this time is noted */
    struct meter_log *log;
};

/* For meter_add alone. */
void meter_note(struct meter *meter, sim_time now);

/* Whether a change now has to be noted, by meter_add; else adding to `value` is enough. */
static inline bool meter_due(const struct meter *meter, sim_time now)
{
    return now >= meter->next;
}

static inline void meter_add(struct meter *meter, sim_time now, uint64_t n)
{
    if (__builtin_expect(meter_due(meter, now), 0))
        meter_note(meter, now);
    meter->value += n;
}

/* The value just before `t`: all that was added earlier. */
double meter_at(const struct meter *meter, sim_time t);

/* What was added in [from, to). */
static inline double meter_between(const struct meter *meter, sim_time from, sim_time to)
{
    return meter_at(meter, to) - meter_at(meter, from);
}

/* Frees the memory; the value stays. */
void meter_fini(struct meter *meter);

#endif

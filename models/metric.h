/* Metrics: what can be seen of an object.
 *
 * Each kind of object has one table.  Results, recorded series, summary, documentation and error
 * messages all come from it.  A name may have parts ("rtt.p99"); users write f.rtt.p99. */
#ifndef WEFT_MODELS_METRIC_H
#define WEFT_MODELS_METRIC_H

#include <stdbool.h>

#include "sim/meter.h"
#include "sim/series.h"
#include "sim/simtime.h"

enum metric_kind {
    METRIC_RESULT, /* a figure about a span of time; nothing to record */
    METRIC_GAUGE,  /* has a value at each moment; recorded when it changes */
    METRIC_RATE,   /* recorded as `scale` times the growth of a counter per second */
    METRIC_SAMPLE, /* as METRIC_GAUGE, but a set of measurements (round-trip times): all weigh the
                      same, equal ones too */
};

/* Figures are asked for the span [from, to). */
struct metric_span {
    sim_time from, to;
};

struct metric {
    const char *name, *unit, *doc;
    enum metric_kind kind;
    int probe;    /* METRIC_GAUGE: index of the object's probe that sees each change; -1: sampled */
    double scale; /* METRIC_RATE */

    /* The figure over the span; NULL if it is only to be recorded. NAN: there is none. */
    double (*result)(void *object, const struct metric_span *span);
    /* The value now (METRIC_GAUGE) or the counter (METRIC_RATE). */
    double (*now)(void *object);
    /* What values 0, 1, ... are called, NULL-terminated; NULL: they are numbers. */
    const char *const *words;
    /* `result` is about the whole run, whatever the span.  Of a window "rtt.p99" follows from what
     * was recorded as "rtt". */
    bool whole;
};

#define METRIC_END   \
    {                \
        .name = NULL \
    }

/* What was counted in the span; up to now it is exact, wherever on the meter's grid now is. */
static inline double metric_counted(const struct meter *meter, const struct metric_span *span,
                                    sim_time now)
{
    return meter_between(meter, span->from, span->to >= now ? SIM_NEVER : span->to);
}

/* The entry called `name`, or NULL. */
const struct metric *metric_find(const struct metric *table, const char *name);

#endif

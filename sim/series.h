/* Time series: what a value was, when.
 *
 * Two kinds.  A series of steps is a value that holds from one point to the next (a queue's depth,
 * a congestion window): a point equal to the one before adds nothing and is not stored, and means
 * and percentiles are weighted with time.  A series of samples is a set of measurements (round-trip
 * times): all points are stored and weigh the same.
 *
 * Points live in chunks that double in size and never move, so that a short series is small and a
 * long one is appended to without copying. */
#ifndef WEFT_SIM_SERIES_H
#define WEFT_SIM_SERIES_H

#include <stddef.h>

#include "sim/simtime.h"

enum series_kind { SERIES_STEPS, SERIES_SAMPLES };

struct series_point {
    sim_time time;
    double value;
};

enum { SERIES_FIRST_CHUNK = 16, SERIES_CHUNKS = 28 };

struct series {
    char *name, *unit; /* "cwnd", "packets" */
    enum series_kind kind;
    size_t count;
    struct series_point last;
    struct series_point *next, *chunk_end;      /* where the next point goes */
    struct series_point *chunks[SERIES_CHUNKS]; /* chunk i holds SERIES_FIRST_CHUNK << i points */
};

/* An empty series; the texts are copied. */
struct series *series_new(const char *name, const char *unit, enum series_kind kind);

/* Frees the series and its points. */
void series_free(struct series *series);

/* For series_add alone: adds a point without a look at the value. */
void series_append(struct series *series, sim_time time, double value);

/* Adds a point; `time` is never before the last one's.  Of steps only those that change the value
 * (NAN: there is none) are kept.  Several points at one time are kept: the last of them is the
 * value from then on. */
static inline void series_add(struct series *series, sim_time time, double value)
{
    double last = series->last.value;

    if (series->kind == SERIES_STEPS && (value == last || (value != value && last != last)))
        return;
    series_append(series, time, value);
}

/* Point i < series->count, in order of time. */
struct series_point series_get(const struct series *series, size_t i);

/* Index of the first point at or after `time`; series->count if there is none. */
size_t series_find(const struct series *series, sim_time time);

/* The last value at or before `time`; NAN before the first point. */
double series_at(const struct series *series, sim_time time);

/* Over the window [from, to): of steps, the values in force there; of samples, those taken there.
 * NAN if there are none. */
double series_min(const struct series *series, sim_time from, sim_time to);
double series_max(const struct series *series, sim_time from, sim_time to);
double series_mean(const struct series *series, sim_time from, sim_time to);

/* The least value such that at least `percent` % of the window (of its time, or of its samples)
 * have it or less; percent in [0, 100]. */
double series_percentile(const struct series *series, sim_time from, sim_time to, double percent);

#endif

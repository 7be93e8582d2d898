/* Recording: a metric of an object becomes a series.
 *
 * A metric with a probe is recorded at each change unless `every` asks for samples; one without,
 * and a rate, is sampled every `every`, by default RECORD_EVERY.  What a flow has before it starts
 * and after it ends is not recorded. */
#ifndef WEFT_SCENARIOS_RESULTS_RECORD_H
#define WEFT_SCENARIOS_RESULTS_RECORD_H

#include "models/app/app.h"
#include "models/metric.h"

#define RECORD_EVERY (100 * SIM_MS)

/* All zero: on change, the whole run. */
struct record_options {
    sim_time every;    /* 0: on change */
    sim_time from, to; /* to 0 or SIM_NEVER: to the end */
};

/* One series that is being recorded. */
struct record {
    char *object; /* the name it has in series.csv */
    char *metric, *unit;
    struct series *series;

    const struct metric *source; /* NULL: the scenario fills the series */
    struct record_options options;
    struct network *net;
    struct app *app; /* one of these two, or none */
    struct iface *iface;
    struct event tick;
    double counter;     /* METRIC_RATE: at the last sample */
    sim_time last_tick; /* ... and when that was */
    bool attached;      /* the series hangs on the object's probe */
    sim_time ended;     /* the last value holds until then; SIM_NEVER while recording */
};

/* Starts to record `metric` of `app` or `iface` (the other is NULL) under the name `object`.  NULL
 * with an error if the metric cannot be recorded. */
struct record *record_new(struct network *net, struct app *app, struct iface *iface,
                          const char *object, const struct metric *metric,
                          const struct record_options *options, GError **error);

/* A series that the scenario fills. */
struct record *record_new_empty(const char *object, const char *metric, const char *unit);

/* Recording the same in the same way. */
bool record_same(const struct record *record, const struct record_options *options);

/* Stops recording; the series stays.  Before the network ends. */
void record_stop(struct record *record);

/* Frees the record and its series; after record_stop. */
void record_free(struct record *record);

/* For qsort-like functions over pointers to records: by object, then metric. */
int record_compare(const void *a, const void *b);

/* Values that hold until they change: drawn as steps. */
bool record_is_steps(const struct record *record);

/* Appends "time,object,metric,value,unit" lines for each point. */
void record_append_csv(const struct record *record, GString *out);

/* The first line of such a file. */
#define RECORD_CSV_HEAD "time,object,metric,value,unit\n"

/* Appends a csv field (RFC 4180), in quotes where it must be. */
void csv_append(GString *out, const char *text);

#endif

/* Samples are taken by an event of the network's observer: recording leaves the order of all other
 * events as it was. */
#include "scenarios/results/record.h"

#include <math.h>
#include <string.h>

#include "models/node/network.h"
#include "scenarios/results/number.h"
#include "sim/error.h"

static void *object_of(const struct record *record)
{
    return record->app ? (void *)record->app : (void *)record->iface;
}

/* The application lived during some of (since, now]. */
static bool alive(const struct record *record, sim_time since)
{
    const struct app *app = record->app;

    return !app || (app->began != SIM_NEVER && app->began <= since &&
                    (app->ended == SIM_NEVER || app->ended > since));
}

/* ---- Samples -------------------------------------------------------------------------------- */

static void sample(struct record *record, sim_time now)
{
    const struct metric *metric = record->source;
    double value = metric->now(object_of(record));

    if (metric->kind != METRIC_RATE) {
        if (alive(record, now))
            series_add(record->series, now, value);
        return;
    }
    if (record->last_tick < now && alive(record, record->last_tick)) {
        double span = simtime_seconds(now - record->last_tick);
        series_add(record->series, now, metric->scale * (value - record->counter) / span);
    }
    record->counter = value;
    record->last_tick = now;
}

static void tick(struct sim *sim, struct event *event)
{
    struct record *record = container_of(event, struct record, tick);
    sim_time next = simtime_add(sim->now, record->options.every);

    sample(record, sim->now);
    if (next <= record->options.to && next != SIM_NEVER)
        event_schedule(sim, event, next, &record->net->observer);
}

/* ---- On change ------------------------------------------------------------------------------ */

static struct series *probed(const struct record *record)
{
    int probe = record->source->probe;

    if (record->app)
        return record->app->probes ? record->app->probes[probe] : NULL;
    const struct iface_watch *watch = iface_watch(record->iface);
    return watch ? watch->probes[probe] : NULL;
}

static void set_probe(const struct record *record, struct series *series)
{
    int probe = record->source->probe;

    if (!record->app) {
        iface_record(record->iface, (enum iface_probe)probe, series);
        return;
    }
    if (!record->app->probes)
        record->app->probes = g_new0(struct series *, record->app->ops->probes);
    record->app->probes[probe] = series;
}

static void detach(struct record *record)
{
    if (record->attached)
        set_probe(record, NULL);
    record->attached = false;
}

static void attach(struct record *record, sim_time now)
{
    set_probe(record, record->series);
    record->attached = true;
    if (record->source->kind == METRIC_GAUGE && record->source->now && alive(record, now))
        series_add(record->series, now, record->source->now(object_of(record)));
}

/* The beginning and the end of the window. */
static void toggle(struct sim *sim, struct event *event)
{
    struct record *record = container_of(event, struct record, tick);

    if (record->attached) {
        detach(record);
        return;
    }
    attach(record, sim->now);
    if (record->options.to != SIM_NEVER)
        event_schedule(sim, event, record->options.to, &record->net->observer);
}

/* ---- Life ----------------------------------------------------------------------------------- */

static bool is_sampled(const struct record *record)
{
    return record->options.every > 0;
}

/* At which time the first event comes; at once if the window has begun. */
static void start(struct record *record)
{
    struct sim *sim = record->net->sim;
    sim_time begin = MAX(record->options.from, sim->now);

    event_init(&record->tick, is_sampled(record) ? tick : toggle);
    if (begin >= record->options.to)
        return;
    if (begin > sim->now)
        event_schedule(sim, &record->tick, begin, &record->net->observer);
    else
        record->tick.fire(sim, &record->tick);
}

static struct record_options normalised(const struct metric *metric,
                                        const struct record_options *options)
{
    struct record_options o = options ? *options : (struct record_options){ 0 };

    if (o.to == 0)
        o.to = SIM_NEVER;
    if (o.every == 0 && (metric->kind == METRIC_RATE || metric->probe < 0))
        o.every = RECORD_EVERY;
    return o;
}

static bool can_record(const struct record *record, GError **error)
{
    const struct metric *metric = record->source;

    if (metric->kind == METRIC_RESULT || (!metric->now && is_sampled(record))) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE,
                    "%s: `%s` cannot be recorded%s; it is a result, read it after the run",
                    record->object, metric->name,
                    metric->kind == METRIC_RESULT ? "" : " at intervals");
        return false;
    }
    if (!is_sampled(record) && probed(record)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s: `%s` is recorded at each change already; record it once, or use every=",
                    record->object, metric->name);
        return false;
    }
    return true;
}

struct record *record_new_empty(const char *object, const char *metric, const char *unit)
{
    struct record *record = g_new0(struct record, 1);

    record->object = g_strdup(object);
    record->metric = g_strdup(metric);
    record->unit = g_strdup(unit ? unit : "");
    record->series = series_new(metric, record->unit, SERIES_SAMPLES);
    record->ended = SIM_NEVER;
    return record;
}

struct record *record_new(struct network *net, struct app *app, struct iface *iface,
                          const char *object, const struct metric *metric,
                          const struct record_options *options, GError **error)
{
    struct record *record = g_new0(struct record, 1);

    record->object = g_strdup(object);
    record->metric = g_strdup(metric->name);
    record->unit = g_strdup(metric->unit);
    record->source = metric;
    record->net = net;
    record->app = app;
    record->iface = iface;
    record->options = normalised(metric, options);
    record->last_tick = record->ended = SIM_NEVER;
    bool steps = metric->kind == METRIC_GAUGE && !is_sampled(record);
    record->series = series_new(metric->name, metric->unit, steps ? SERIES_STEPS : SERIES_SAMPLES);
    if (!can_record(record, error)) {
        record_free(record);
        return NULL;
    }
    start(record);
    return record;
}

bool record_same(const struct record *record, const struct record_options *options)
{
    if (!record->source)
        return false;
    struct record_options o = normalised(record->source, options);

    return o.every == record->options.every && o.from == record->options.from &&
           o.to == record->options.to;
}

/* A flow is done when all has arrived; what its connections do then is recorded still, and the
 * state that they end in stays. */
static sim_time lived_until(const struct record *record)
{
    size_t count = record->series->count;

    if (record->source->words)
        return SIM_NEVER;
    return MAX(record->app->ended, count > 0 ? series_get(record->series, count - 1).time : 0);
}

void record_stop(struct record *record)
{
    if (!record->source)
        return;
    event_cancel(record->net->sim, &record->tick);
    detach(record);
    record->ended = MIN(record->net->sim->now, record->options.to);
    if (record->app)
        record->ended = MIN(record->ended, lived_until(record));
    record->net = NULL;
    record->app = NULL;
    record->iface = NULL;
}

void record_free(struct record *record)
{
    series_free(record->series);
    g_free(record->object);
    g_free(record->metric);
    g_free(record->unit);
    g_free(record);
}

int record_compare(const void *a, const void *b)
{
    const struct record *x = *(struct record *const *)a, *y = *(struct record *const *)b;
    int order = strcmp(x->object, y->object);

    return order ? order : strcmp(x->metric, y->metric);
}

bool record_is_steps(const struct record *record)
{
    return record->series->kind == SERIES_STEPS;
}

/* ---- As text -------------------------------------------------------------------------------- */

void csv_append(GString *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

void record_append_csv(const struct record *record, GString *out)
{
    GString *names = g_string_new(","), *unit = g_string_new(",");

    csv_append(names, record->object);
    g_string_append_c(names, ',');
    csv_append(names, record->metric);
    g_string_append_c(names, ',');
    csv_append(unit, record->unit);
    g_string_append_c(unit, '\n');
    for (size_t i = 0; i < record->series->count; i++) {
        struct series_point point = series_get(record->series, i);
        number_append_seconds(out, point.time);
        g_string_append_len(out, names->str, (gssize)names->len);
        number_append(out, point.value);
        g_string_append_len(out, unit->str, (gssize)unit->len);
    }
    g_string_free(names, TRUE);
    g_string_free(unit, TRUE);
}

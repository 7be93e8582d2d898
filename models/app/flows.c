/* net:flows: many TCP flows that come and go: arrivals by a random process, sizes by a
 * distribution, ends drawn from lists of sources and destinations.
 *
 * Each arrival becomes a net:tcp application of its own, named NAME/1, NAME/2, ..., which is freed
 * when it is done; what is kept are the flow completion times. */
#include <math.h>

#include "models/app/app.h"
#include "sim/histogram.h"
#include "sim/meter.h"

enum { FLOWS_PROBE_FCT, FLOWS_PROBE_SIZE, FLOWS_PROBE_ACTIVE, FLOWS_PROBES };

struct flows {
    struct dist arrival, size;
    uint64_t count; /* flows to start; 0: no end */
    char *cc;

    struct app *app;
    struct rng arrivals, sizes, ends;
    struct timer next_timer, sweep_timer;
    GPtrArray *active, *ended; /* of struct app */
    uint64_t started, done, failed;
    struct meter delivered; /* bytes of the flows that are done */
    struct histogram fct;
    bool stopping;
};

static struct flows *flows_of(struct app *app)
{
    return (struct flows *)app->priv;
}

static void check_end(struct flows *flows)
{
    bool all = flows->stopping || (flows->count && flows->started == flows->count);

    if (all && flows->active->len == 0)
        app_done(flows->app, 0);
}

/* A flow cannot be freed while it reports its end: that is done by an event of its own. */
static void flows_sweep(struct sim *sim, struct timer *timer)
{
    struct flows *flows = container_of(timer, struct flows, sweep_timer);

    for (guint i = 0; i < flows->ended->len; i++)
        app_free(flows->ended->pdata[i]);
    g_ptr_array_set_size(flows->ended, 0);
}

static void flow_ended(struct app *child, void *data)
{
    struct flows *flows = data;
    struct app *app = flows->app;
    sim_time now = app->sim->now;

    if (child->state == APP_DONE) {
        sim_time fct = child->ended - child->began;
        flows->done++;
        histogram_add(&flows->fct, (uint64_t)fct);
        app_probe(app, FLOWS_PROBE_FCT, simtime_seconds(fct));
        app_probe(app, FLOWS_PROBE_SIZE, app_option(child, "bytes"));
        meter_add(&flows->delivered, now, (uint64_t)app_option(child, "bytes"));
    } else {
        flows->failed++;
    }
    g_ptr_array_remove(flows->active, child);
    g_ptr_array_add(flows->ended, child);
    timer_set(app->sim, &flows->sweep_timer, now);
    app_probe(app, FLOWS_PROBE_ACTIVE, flows->active->len);
    check_end(flows);
}

static struct endpoint pick(const GArray *list, const struct endpoint *single, struct rng *rng)
{
    if (!list || list->len == 0)
        return *single;
    return g_array_index(list, struct endpoint, rng_below(rng, list->len));
}

static void launch(struct flows *flows)
{
    struct app *app = flows->app;
    char *name = g_strdup_printf("%s/%" G_GUINT64_FORMAT, app->name, ++flows->started);
    struct app *child = app_new_child(app, app_find("tcp"), name);
    double size = dist_draw(&flows->size, &flows->sizes);

    g_free(name);
    child->from = pick(app->from_list, &app->from, &flows->ends);
    do {
        child->to = pick(app->to_list, &app->to, &flows->ends);
    } while (child->to.node == child->from.node && app->to_list && app->to_list->len > 1);
    child->start = app->sim->now;
    child->on_done = flow_ended;
    child->on_done_data = flows;
    app_set_option(child, "bytes", size < 1 ? 1 : (double)(uint64_t)size);
    app_set_text(child, "cc", flows->cc);
    g_ptr_array_add(flows->active, child);
    app_probe(app, FLOWS_PROBE_ACTIVE, flows->active->len);
    if (!app_arm(child, NULL))
        g_assert_not_reached(); /* its options were checked in flows_init */
}

static void flows_arrival(struct sim *sim, struct timer *timer)
{
    struct flows *flows = container_of(timer, struct flows, next_timer);
    double gap = dist_draw(&flows->arrival, &flows->arrivals);

    launch(flows);
    if (flows->count == 0 || flows->started < flows->count)
        timer_set(sim, timer, simtime_add(sim->now, simtime_from_seconds(MAX(gap, 0))));
}

static bool flows_init(struct app *app, GError **error)
{
    struct flows *flows = flows_of(app);
    struct tcp_config config;

    flows->app = app;
    if (!app_cc(app, flows->cc, &config, error))
        return false;
    if (!flows->count && dist_is_constant(&flows->arrival) && flows->arrival.a <= 0) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s: arrival must be a gap above 0 or a process such as { \"poisson\", 100 }",
                    app->name);
        return false;
    }
    rng_init(&flows->arrivals, app->sim->seed, app->name, "arrival");
    rng_init(&flows->sizes, app->sim->seed, app->name, "size");
    rng_init(&flows->ends, app->sim->seed, app->name, "ends");
    timer_init(&flows->next_timer, app->actor, flows_arrival);
    timer_init(&flows->sweep_timer, app->actor, flows_sweep);
    flows->active = g_ptr_array_new();
    flows->ended = g_ptr_array_new();
    return true;
}

/* The first flow comes after the first gap, as in a Poisson process. */
static void flows_start(struct app *app)
{
    struct flows *flows = flows_of(app);
    double gap = dist_draw(&flows->arrival, &flows->arrivals);

    timer_set(app->sim, &flows->next_timer,
              simtime_add(app->sim->now, simtime_from_seconds(MAX(gap, 0))));
}

static void flows_stop(struct app *app)
{
    struct flows *flows = flows_of(app);

    flows->stopping = true;
    timer_cancel(app->sim, &flows->next_timer);
    check_end(flows);
}

static void free_all(GPtrArray *apps)
{
    for (guint i = 0; apps && i < apps->len; i++)
        app_free(apps->pdata[i]);
    if (apps)
        g_ptr_array_free(apps, TRUE);
}

static void flows_release(struct app *app)
{
    struct flows *flows = flows_of(app);

    timer_cancel(app->sim, &flows->next_timer);
    timer_cancel(app->sim, &flows->sweep_timer);
    free_all(flows->active);
    free_all(flows->ended);
    meter_fini(&flows->delivered);
    histogram_fini(&flows->fct);
}

/* ---- Results ------------------------------------------------------------------------------- */

static double result_started(void *object, const struct metric_span *span)
{
    return (double)flows_of(object)->started;
}

static double result_done(void *object, const struct metric_span *span)
{
    return (double)flows_of(object)->done;
}

static double result_failed(void *object, const struct metric_span *span)
{
    return (double)flows_of(object)->failed;
}

static double result_goodput(void *object, const struct metric_span *span)
{
    double bits = 8 * app_counted(object, &flows_of(object)->delivered, span);
    return bits / simtime_seconds(span->to - span->from);
}

#define FCT_RESULT(name, expression)                                              \
    static double result_fct_##name(void *object, const struct metric_span *span) \
    {                                                                             \
        const struct histogram *h = &flows_of(object)->fct;                       \
        return (expression) / 1e12;                                               \
    }
FCT_RESULT(mean, histogram_mean(h))
FCT_RESULT(p50, histogram_percentile(h, 50))
FCT_RESULT(p95, histogram_percentile(h, 95))
FCT_RESULT(p99, histogram_percentile(h, 99))
FCT_RESULT(max, histogram_percentile(h, 100))

static double now_active(void *object)
{
    const struct flows *flows = flows_of(object);

    return flows->active ? flows->active->len : 0;
}

static const struct metric flows_metrics[] = {
    { "started", "", "flows that began", METRIC_RESULT, -1, 1, result_started, NULL,
      .whole = true },
    { "done", "", "flows that completed", METRIC_RESULT, -1, 1, result_done, NULL, .whole = true },
    { "failed", "", "flows that failed", METRIC_RESULT, -1, 1, result_failed, NULL, .whole = true },
    { "goodput", "bit/s", "payload of the completed flows", METRIC_RESULT, -1, 1, result_goodput,
      NULL },
    { "active", "", "flows under way", METRIC_GAUGE, FLOWS_PROBE_ACTIVE, 1, NULL, now_active },
    { "fct", "s", "flow completion time, at each completion", METRIC_SAMPLE, FLOWS_PROBE_FCT, 1,
      NULL, NULL },
    { "size", "B", "bytes of a flow, at each completion", METRIC_SAMPLE, FLOWS_PROBE_SIZE, 1, NULL,
      NULL },
    { "fct.mean", "s", "mean flow completion time", METRIC_RESULT, -1, 1, result_fct_mean, NULL,
      .whole = true },
    { "fct.p50", "s", "median flow completion time", METRIC_RESULT, -1, 1, result_fct_p50, NULL,
      .whole = true },
    { "fct.p95", "s", "95th percentile of the flow completion time", METRIC_RESULT, -1, 1,
      result_fct_p95, NULL, .whole = true },
    { "fct.p99", "s", "99th percentile of the flow completion time", METRIC_RESULT, -1, 1,
      result_fct_p99, NULL, .whole = true },
    { "fct.max", "s", "greatest flow completion time", METRIC_RESULT, -1, 1, result_fct_max, NULL,
      .whole = true },
    METRIC_END,
};

#define FIELD(member) offsetof(struct flows, member)

static const struct param flows_params[] = {
    { "arrival", PARAM_DIST_TIME, FIELD(arrival), "poisson 10", 0, 0,
      "gap between the starts of two flows", NULL },
    { "size", PARAM_DIST_SIZE, FIELD(size), "100kB", 0, 0, "bytes of a flow", NULL },
    { "count", PARAM_COUNT, FIELD(count), "0", 0, 0, "flows to start; 0: no end", NULL },
    { "cc", PARAM_STRING, FIELD(cc), NULL, 0, 0,
      "congestion control, with its parameters: \"cubic hystart off\"; default: "
      "net.ipv4.tcp_congestion_control",
      NULL },
    PARAM_END,
};

static const struct app_ops flows_ops = {
    .name = "flows",
    .hosted = true,
    .doc = "many TCP flows with random arrivals and sizes",
    .params = flows_params,
    .metrics = flows_metrics,
    .priv_size = sizeof(struct flows),
    .probes = FLOWS_PROBES,
    .many = true,
    .init = flows_init,
    .start = flows_start,
    .stop = flows_stop,
    .release = flows_release,
};

const struct app_ops *const flows_module[] = { &flows_ops, NULL };

/* net:onoff: UDP datagrams in bursts.
 *
 * Periods in which the source is on and periods in which it is off follow each other, each drawn
 * from its distribution; it begins with one that is on.  While it is off, its clock stands still:
 * what was left of a gap at the end of a burst is waited for at the beginning of the next.  So the
 * mean rate is rate x on / (on + off), however short the bursts.  With Pareto periods many such
 * sources together make self-similar traffic (Willinger, Taqqu, Sherman, Wilson, 1997). */
#include "models/app/datagrams.h"

enum { ONOFF_ON = STREAM_PROBES, ONOFF_PROBES };

struct onoff {
    struct datagrams datagrams;
    struct dist on, off;

    struct app *app;
    struct rng on_spans, off_spans;
    struct timer turn;
    uint64_t bursts;
    bool is_on;
};

static struct onoff *onoff_of(struct app *app)
{
    return (struct onoff *)app->priv;
}

static sim_time draw_span(const struct dist *dist, struct rng *rng)
{
    double seconds = dist_draw(dist, rng);

    return simtime_from_seconds(MAX(seconds, 0));
}

static void onoff_set(struct onoff *onoff, bool on)
{
    struct sim *sim = onoff->app->sim;
    sim_time span =
        on ? draw_span(&onoff->on, &onoff->on_spans) : draw_span(&onoff->off, &onoff->off_spans);
    sim_time until = simtime_add(sim->now, span);

    onoff->is_on = on;
    onoff->bursts += on;
    app_probe(onoff->app, ONOFF_ON, on);
    timer_set(sim, &onoff->turn, until);
    if (on)
        datagrams_run(&onoff->datagrams, until);
}

static void onoff_turn(struct sim *sim, struct timer *timer)
{
    struct onoff *onoff = container_of(timer, struct onoff, turn);

    if (!datagrams_ended(&onoff->datagrams))
        onoff_set(onoff, !onoff->is_on);
}

static bool onoff_init(struct app *app, GError **error)
{
    struct onoff *onoff = onoff_of(app);

    onoff->app = app;
    timer_init(&onoff->turn, app->actor, onoff_turn);
    rng_init(&onoff->on_spans, app->sim->seed, app->name, "on");
    rng_init(&onoff->off_spans, app->sim->seed, app->name, "off");
    app->sim->random |= !dist_is_constant(&onoff->on) || !dist_is_constant(&onoff->off);
    if (dist_mean(&onoff->on) > 0 && dist_mean(&onoff->off) >= 0)
        return datagrams_init(app, error);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                "%s: on must be above 0, and off not below; for a source without pauses use "
                "net:udp",
                app->name);
    return false;
}

static void onoff_start(struct app *app)
{
    if (datagrams_start(app))
        onoff_set(onoff_of(app), true);
}

static void onoff_stop(struct app *app)
{
    timer_cancel(app->sim, &onoff_of(app)->turn);
    datagrams_stop(app);
}

static void onoff_release(struct app *app)
{
    struct onoff *onoff = onoff_of(app);

    if (onoff->app)
        timer_cancel(app->sim, &onoff->turn);
    datagrams_release(app);
}

static double result_bursts(void *object, const struct metric_span *span)
{
    return (double)onoff_of(object)->bursts;
}

static double now_on(void *object)
{
    return onoff_of(object)->is_on;
}

static const struct metric onoff_metrics[] = {
    STREAM_METRICS,
    { "bursts", "", "bursts begun", METRIC_RESULT, -1, 1, result_bursts, NULL, .whole = true },
    { "on", "", "1 during a burst, 0 between two", METRIC_GAUGE, ONOFF_ON, 1, NULL, now_on },
    METRIC_END,
};

#define FIELD(member) offsetof(struct onoff, member)

static const struct param onoff_params[] = {
    { "on", PARAM_DIST_TIME, FIELD(on), "1s", 0, 0, "duration of a burst", NULL },
    { "off", PARAM_DIST_TIME, FIELD(off), "1s", 0, 0, "pause between two bursts", NULL },
    DATAGRAM_PARAMS,
    STREAM_PARAMS,
    PARAM_END,
};

static const char *const onoff_shown[] = { "goodput",    "sent",      "lost",   "loss",
                                           "delay.mean", "delay.p99", "bursts", NULL };

static const struct app_ops onoff_ops = {
    .name = "onoff",
    .doc = "UDP datagrams in bursts",
    .params = onoff_params,
    .metrics = onoff_metrics,
    .priv_size = sizeof(struct onoff),
    .probes = ONOFF_PROBES,
    .init = onoff_init,
    .start = onoff_start,
    .stop = onoff_stop,
    .release = onoff_release,
    .shown = onoff_shown,
    .remark = stream_remark,
};

const struct app_ops *const onoff_module[] = { &onoff_ops, NULL };

/* Plots of what was recorded: a panel per metric, a line per object. */
#include <math.h>
#include <string.h>

#include "scenarios/results/report_internal.h"

/* A distribution of values that hold for a while is taken at so many equally distant moments, so
 * that a value counts as long as it held. */
enum { MOMENTS = 10000 };

static const char *const labels[][2] = {
    { "cwnd", "congestion window" },
    { "delivered", "delivered" },
    { "fct", "flow completion time" },
    { "inflight", "in flight" },
    { "marks", "ECN marks" },
    { "pacing_rate", "pacing rate" },
    { "queue_bytes", "queue" },
    { "queue_delay", "queueing delay" },
    { "queue_packets", "queue" },
    { "receiver_state", "receiver's state" },
    { "retransmits", "retransmissions" },
    { "rto", "retransmission timeout" },
    { "rtt", "round-trip time" },
    { "rwnd", "receive window" },
    { "srtt", "smoothed round-trip time" },
    { "ssthresh", "slow-start threshold" },
    { "state", "sender's state" },
};

const char *plot_label(const char *metric)
{
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
        if (strcmp(labels[i][0], metric) == 0)
            return labels[i][1];
    return metric;
}

/* Points of a line under construction. */
struct points {
    GArray *x, *y; /* double */
};

static void add(struct points *points, sim_time time, double value)
{
    double x = simtime_seconds(time);

    g_array_append_val(points->x, x);
    g_array_append_val(points->y, value);
}

/* The points within [from, to], steps with the values in force at both ends. */
static void take_points(const struct record *record, sim_time from, sim_time to,
                        struct points *points)
{
    const struct series *series = record->series;
    bool steps = record_is_steps(record);
    double value = steps ? series_at(series, from) : NAN;

    if (!isnan(value))
        add(points, from, value);
    for (size_t i = series_find(series, from); i < series->count; i++) {
        struct series_point p = series_get(series, i);
        if (p.time > to)
            break;
        add(points, p.time, p.value);
        value = p.value;
    }
    sim_time end = MIN(to, record->ended);
    if (steps && points->x->len > 0 && end >= from)
        add(points, end, value);
}

static void take_moments(const struct record *record, sim_time from, sim_time to,
                         struct points *points)
{
    sim_time end = MIN(to, record->ended);

    for (int i = 0; i < MOMENTS && end > from; i++) {
        sim_time at = from + (end - from) / MOMENTS * i;
        add(points, at, series_at(record->series, at));
    }
}

static bool is_distribution(enum plot_style style)
{
    return style == PLOT_CDF || style == PLOT_HISTOGRAM;
}

static void add_line(struct plot *plot, const struct record *record, enum plot_style style,
                     sim_time from, sim_time to)
{
    struct points points = { g_array_new(FALSE, FALSE, sizeof(double)),
                             g_array_new(FALSE, FALSE, sizeof(double)) };

    if (record_is_steps(record) && is_distribution(style))
        take_moments(record, from, to, &points);
    else
        take_points(record, from, to, &points);
    plot_line(plot, record->object, (const double *)(void *)points.x->data,
              (const double *)(void *)points.y->data, points.x->len);
    g_array_free(points.x, TRUE);
    g_array_free(points.y, TRUE);
}

/* The records of a metric, in the order of the wish's objects, else as they were asked for. */
static GPtrArray *records_of(const struct report_net *net, const struct plot_wish *wish,
                             const char *metric)
{
    GPtrArray *found = g_ptr_array_new();

    for (guint k = 0; !k || (wish->objects && wish->objects[k]); k++)
        for (guint i = 0; i < net->records->len; i++) {
            struct record *record = net->records->pdata[i];
            bool named = !wish->objects ||
                         (wish->objects[k] && strcmp(record->object, wish->objects[k]) == 0);
            if (named && strcmp(record->metric, metric) == 0)
                g_ptr_array_add(found, record);
        }
    return found;
}

static void add_panel(struct report_net *net, struct plot *plot, const struct plot_wish *wish,
                      const char *metric, sim_time to)
{
    GPtrArray *records = records_of(net, wish, metric);
    const struct record *first = records->len ? records->pdata[0] : NULL;
    enum plot_style style = wish->style;

    if (!first)
        report_warn(net->report,
                    "plot %s: nothing was recorded as `%s`; ask the objects for it, "
                    "as in flow:record(\"%s\")",
                    plot->name, metric, metric);
    if (style == PLOT_AUTO)
        style = first && record_is_steps(first) ? PLOT_STEPS : PLOT_LINE;
    plot_panel(plot, style, plot_label(metric), first ? first->unit : "");
    if (first && first->source)
        plot_panel_words(plot, first->source->words);
    for (guint i = 0; i < records->len; i++)
        add_line(plot, records->pdata[i], style, wish->from, to);
    g_ptr_array_free(records, TRUE);
}

/* That of several networks says which. */
static void title(const struct report_net *net, struct plot *plot, const char *wish)
{
    const struct report *report = net->report;
    char *both = g_strdup_printf("%s: %s", report->scenario, net->net->name);

    plot_title(plot, wish ? wish : report->nets->len > 1 ? both : report->scenario);
    g_free(both);
}

struct plot *plot_of_series(struct report_net *net, const struct plot_wish *wish)
{
    struct plot *plot = plot_new(wish->name);
    sim_time to = MIN(wish->to, net->net->sim->now);

    title(net, plot, wish->title);
    if (!is_distribution(wish->style))
        plot_x_range(plot, simtime_seconds(wish->from), simtime_seconds(MAX(to, wish->from + 1)));
    for (char **metric = wish->metrics; *metric; metric++)
        add_panel(net, plot, wish, *metric, to);
    return plot;
}

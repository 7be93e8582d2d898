#include "scenarios/bind/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/bind/options.h"
#include "scenarios/bind/record.h"
#include "scenarios/bind/value.h"

enum { PREFIX = 64 };

/* What f.rtt and f:stats{} are: figures of an object over a span, whose names have a prefix. */
struct figures {
    struct bind_object *of; /* anchored as a user value by its model */
    struct metric_span span;
    char prefix[PREFIX]; /* "rtt." */
};

/* The object's metrics, and what they are asked of. */
static const struct metric *metrics_of(struct bind_object *self, void **model)
{
    for (const struct bind_class *c = self->class; c; c = c->base)
        if (c->metrics)
            return c->metrics(self, model);
    return NULL;
}

static const struct metric *find(const struct metric *table, const char *prefix, const char *name)
{
    size_t length = strlen(prefix);

    for (const struct metric *m = table; m && m->name; m++)
        if (strncmp(m->name, prefix, length) == 0 && strcmp(m->name + length, name) == 0)
            return m;
    return NULL;
}

/* Is there a metric "PREFIXNAME.something"? */
static bool is_group(const struct metric *table, const char *prefix, const char *name)
{
    size_t a = strlen(prefix), b = strlen(name);

    for (const struct metric *m = table; m && m->name; m++)
        if (strncmp(m->name, prefix, a) == 0 && strncmp(m->name + a, name, b) == 0 &&
            m->name[a + b] == '.')
            return true;
    return false;
}

/* ---- Windows ------------------------------------------------------------------------------- */

static bool is_whole(const struct bind_object *self, const struct metric_span *span)
{
    return span->from <= 0 && span->to >= self->net->net->sim->now;
}

/* The series recorded as "rtt", for "rtt.p99"; NULL if there is none.  `base` gets "rtt", or "" if
 * there is nothing to record of which the figure would follow. */
static const struct series *recorded(struct bind_object *self, const struct metric *figure,
                                     char base[PREFIX])
{
    const char *dot = strrchr(figure->name, '.');
    void *model;

    g_snprintf(base, PREFIX, "%.*s", dot ? (int)(dot - figure->name) : 0, figure->name);
    const struct metric *metric = find(metrics_of(self, &model), "", base);
    if (!metric || metric->kind != METRIC_SAMPLE || strcmp(dot, ".mdev") == 0)
        *base = '\0';
    return *base ? report_find_series(self->net->report, bind_record_object(self), base) : NULL;
}

/* The figure "rtt.p99", "rtt.mean", ... of a window. */
static double of_series(const struct series *series, const char *figure,
                        const struct metric_span *span)
{
    const char *which = strrchr(figure, '.') + 1;

    if (strcmp(which, "mean") == 0)
        return series_mean(series, span->from, span->to);
    if (strcmp(which, "min") == 0)
        return series_min(series, span->from, span->to);
    if (strcmp(which, "max") == 0)
        return series_max(series, span->from, span->to);
    return series_percentile(series, span->from, span->to, atof(which + 1)); /* "p99" */
}

/* What the model knows of the whole run alone. */
static double of_window(lua_State *L, struct bind_object *self, const struct metric *figure,
                        const struct metric_span *span)
{
    char base[PREFIX];
    const struct series *series = recorded(self, figure, base);

    if (series)
        return of_series(series, figure->name, span);
    if (*base)
        bind_fail(L,
                  "%s: %s of a window follows from a record; call x:record(\"%s\") before net:run",
                  bind_title(L, self), figure->name, base);
    bind_fail(L,
              "%s: %s is known of the whole run only; run to the ends of the window, "
              "net:run(t1) and net:run(t2), and read x.%s at both",
              bind_title(L, self), figure->name, figure->name);
}

/* ---- Values -------------------------------------------------------------------------------- */

static double value(struct bind_object *self, const struct metric *metric,
                    const struct metric_span *span)
{
    void *model = NULL;

    metrics_of(self, &model);
    if (metric->result)
        return metric->result(model, span);
    return metric->now ? metric->now(model) : NAN;
}

static struct metric_span until_now(struct bind_object *self, struct metric_span span)
{
    span.to = MIN(span.to, self->net->net->sim->now);
    return span;
}

static void push_number(lua_State *L, double number)
{
    if (isnan(number))
        lua_pushnil(L);
    else if (number == floor(number) && fabs(number) < 0x1p53)
        lua_pushinteger(L, (lua_Integer)number);
    else
        lua_pushnumber(L, number);
}

static void check_ran(lua_State *L, struct bind_object *self, const char *prefix, const char *name)
{
    if (!self->net->ran && !self->net->running)
        bind_fail(L, "%s: there is no %s%s before net:run; run the network first",
                  bind_title(L, self), prefix, name);
}

static const struct bind_class figures_class;

static void push_figures(lua_State *L, struct bind_object *self, struct metric_span span,
                         const char *prefix, const char *group)
{
    struct bind_object *new = bind_push_new(L, &figures_class, sizeof(struct figures), self->net);
    struct figures *figures = new->model;

    figures->of = self;
    figures->span = span;
    g_snprintf(figures->prefix, PREFIX, "%s%s%s", prefix, group, *group ? "." : "");
}

static bool push(lua_State *L, struct bind_object *self, struct metric_span span,
                 const char *prefix, const char *name)
{
    void *model;
    const struct metric *table = metrics_of(self, &model), *metric;

    if (!table)
        return false;
    if (is_group(table, prefix, name)) {
        push_figures(L, self, span, prefix, name);
        return true;
    }
    if (!(metric = find(table, prefix, name)))
        return false;
    check_ran(L, self, prefix, name);
    if (!metric->result && span.from > 0)
        bind_fail(L,
                  "%s: %s is a value at a moment, not over a window; record it and ask its "
                  "series, x:series(\"%s\"):mean{ between = ... }",
                  bind_title(L, self), metric->name, metric->name);
    bool window = metric->whole && !is_whole(self, &span);
    span = until_now(self, span);
    double number = window ? of_window(L, self, metric, &span) : value(self, metric, &span);
    if (metric->words && !isnan(number))
        lua_pushstring(L, metric->words[(int)number]);
    else
        push_number(L, number);
    return true;
}

static const struct metric_span whole = { 0, SIM_NEVER };

bool bind_figure_push(lua_State *L, struct bind_object *self, const char *name)
{
    return push(L, self, whole, "", name);
}

bool bind_figure_exists(struct bind_object *self, const char *name)
{
    void *model;
    const struct metric *table = metrics_of(self, &model);

    return table && (find(table, "", name) || is_group(table, "", name));
}

double bind_figure_value(struct bind_object *self, const char *name, const struct metric **metric)
{
    struct metric_span span = until_now(self, whole);
    void *model;

    *metric = find(metrics_of(self, &model), "", name);
    return *metric ? value(self, *metric, &span) : NAN;
}

/* The names without the prefix. */
static void add_words(struct bind_object *self, const char *prefix, GPtrArray *words)
{
    size_t length = strlen(prefix);
    void *model;

    for (const struct metric *m = metrics_of(self, &model); m && m->name; m++)
        if (strncmp(m->name, prefix, length) == 0)
            g_ptr_array_add(words, (char *)m->name + length);
}

void bind_figure_words(struct bind_object *self, GPtrArray *words)
{
    add_words(self, "", words);
}

/* ---- Objects of figures -------------------------------------------------------------------- */

static bool figures_lookup(lua_State *L, struct bind_object *self, const char *name)
{
    struct figures *figures = self->model;

    return push(L, figures->of, figures->span, figures->prefix, name);
}

static void figures_words(struct bind_object *self, GPtrArray *words)
{
    struct figures *figures = self->model;

    add_words(figures->of, figures->prefix, words);
}

static const struct bind_class figures_class = {
    .name = "figures",
    .lookup = figures_lookup,
    .words = figures_words,
};

static void set_between(lua_State *L, int index, void *data)
{
    *(struct metric_span *)data = bind_span(L, index, "stats between");
}

static const struct bind_option stats_extra[] = {
    { "between", "{ from, to }", "the whole run", "the window of the figures", set_between },
    BIND_OPTIONS_END,
};

const struct bind_options bind_stats_options = { .what = "stats", .options = stats_extra };

int bind_stats(lua_State *L, struct bind_object *self)
{
    struct metric_span span = whole;
    struct bind_options options = bind_stats_options;
    sim_time now = self->net->net->sim->now;

    options.data = &span;
    bind_read_options(L, 1, &options, 0);
    check_ran(L, self, "", "stats");
    if (span.to != SIM_NEVER && span.to > now) {
        char text[64];
        bind_fail(L, "stats: the window ends in the future; it is %s now",
                  simtime_format(now, text, sizeof text));
    }
    push_figures(L, self, span, "", "");
    return 1;
}

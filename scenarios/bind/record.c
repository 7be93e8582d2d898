#include "scenarios/bind/record.h"

#include <string.h>

#include "scenarios/bind/iface.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/series.h"
#include "scenarios/bind/stp.h"
#include "scenarios/bind/traffic.h"
#include "scenarios/bind/value.h"

static const struct metric *metrics_of(struct bind_object *self)
{
    return bind_is_a(self, &bind_flow_class, NULL) ? ((struct app *)self->model)->ops->metrics
                                                   : iface_metrics;
}

const char *bind_record_object(struct bind_object *self)
{
    if (bind_is_a(self, &bind_flow_class, NULL))
        return ((struct app *)self->model)->name;
    return bind_iface_of(self)->drops.name;
}

static int refuse(lua_State *L, struct bind_object *self, const char *name)
{
    const char *title = bind_title(L, self);

    for (const struct metric *m = metrics_of(self); m && m->name; m++)
        if (m->kind == METRIC_RESULT && strcmp(m->name, name) == 0)
            bind_fail(L, "%s: %s is a figure and is not recorded; read x.%s after the run", title,
                      name, name);
    GPtrArray *words = g_ptr_array_new();
    for (const struct metric *m = metrics_of(self); m && m->name; m++)
        if (m->kind != METRIC_RESULT)
            g_ptr_array_add(words, (char *)m->name);
    bind_unknown(L, title, "record", name, words);
}

static const struct metric *find(lua_State *L, struct bind_object *self, int index,
                                 const char *what)
{
    const char *name = bind_string(L, index, what);

    for (const struct metric *m = metrics_of(self); m && m->name; m++)
        if (m->kind != METRIC_RESULT && strcmp(m->name, name) == 0)
            return m;
    refuse(L, self, name);
    return NULL;
}

/* ---- record -------------------------------------------------------------------------------- */

static void set_between(lua_State *L, int index, void *data)
{
    struct record_options *o = data;
    struct metric_span span = bind_span(L, index, "record between");

    o->from = span.from;
    o->to = span.to;
}

static const struct param record_params[] = {
    { "every", PARAM_TIME, offsetof(struct record_options, every), NULL, 1e-9, 0,
      "a value so often; default: at each change, or every 100ms of what has no changes to see",
      NULL },
    PARAM_END,
};

static const struct bind_option record_extra[] = {
    { "between", "{ from, to }", "the whole run", "when", set_between },
    BIND_OPTIONS_END,
};

const struct bind_options bind_record_options = {
    .what = "record",
    .params = record_params,
    .options = record_extra,
};

static void record(lua_State *L, struct bind_object *self, const struct metric *metric,
                   const struct record_options *o)
{
    struct report_net *report = self->net->report;
    GError *error = NULL;
    struct series *series;

    if (bind_is_a(self, &bind_flow_class, NULL)) {
        series = report_record_app(report, self->model, metric, o, &error);
    } else {
        if (metric->probe == IFACE_STP_STATE || metric->probe == IFACE_STP_ROLE)
            bind_stp_port(L, bind_iface_of(self));
        series = report_record_iface(report, bind_iface_of(self), bind_record_object(self), metric,
                                     o, &error);
    }
    if (!series)
        bind_throw(L, bind_title(L, self), error);
}

int bind_record(lua_State *L, struct bind_object *self)
{
    struct record_options o = { 0 };
    struct bind_options options = bind_record_options;
    int n = RECORD_NAMES;

    while (n > 0 && lua_isnil(L, n))
        n--;
    if (lua_istable(L, n)) {
        options.base = options.data = &o;
        bind_read_options(L, n, &options, 0);
        n--;
    }
    if (n == 0)
        bind_fail(L, "record: say what, x:record(\"cwnd\", \"rtt\")");
    for (int i = 1; i <= n; i++)
        record(L, self, find(L, self, i, "record: the name of a metric"), &o);
    return 0;
}

/* ---- series -------------------------------------------------------------------------------- */

int bind_series(lua_State *L, struct bind_object *self)
{
    const struct metric *metric = find(L, self, 1, "series: the name of a metric");
    struct series *series =
        report_find_series(self->net->report, bind_record_object(self), metric->name);

    if (!series)
        bind_fail(L, "%s: %s was not recorded; call x:record(\"%s\") before net:run",
                  bind_title(L, self), metric->name, metric->name);
    bind_push_series(L, self->net, series, bind_record_object(self));
    return 1;
}

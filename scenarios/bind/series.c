#include "scenarios/bind/series.h"

#include <math.h>

#include "scenarios/bind/figure.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/record.h"
#include "scenarios/bind/value.h"

void bind_push_series(lua_State *L, struct bind_net *net, struct series *series, const char *object)
{
    struct bind_series_ref *ref = bind_push_new(L, &bind_series_class, sizeof *ref, net)->model;

    ref->series = series;
    ref->object = object;
}

struct bind_series_ref *bind_to_series(lua_State *L, int index)
{
    struct bind_object *object = bind_to_object(L, index);

    return object && object->class == &bind_series_class ? object->model : NULL;
}

static struct series *series_of(struct bind_object *self)
{
    return ((struct bind_series_ref *)self->model)->series;
}

static void release(struct bind_object *self)
{
    struct bind_series_ref *ref = self->model;

    if (!ref->owned)
        return;
    series_free(ref->series);
    g_ptr_array_free(ref->of, TRUE);
}

/* ---- Methods ------------------------------------------------------------------------------- */

static int push_value(lua_State *L, double value)
{
    if (isnan(value))
        lua_pushnil(L);
    else
        lua_pushnumber(L, value);
    return 1;
}

static void set_between(lua_State *L, int index, void *data)
{
    *(struct metric_span *)data = bind_span(L, index, "series between");
}

static const struct bind_option window_extra[] = {
    { "between", "{ from, to }", "the whole series", "the window", set_between },
    BIND_OPTIONS_END,
};

static const struct bind_options window_options = { .what = "series", .options = window_extra };

/* A value holds until now, so a window without an end ends there. */
static struct metric_span window(lua_State *L, int index, struct bind_object *self)
{
    struct metric_span span = { 0, SIM_NEVER };
    struct bind_options options = window_options;

    options.data = &span;
    bind_read_options(L, index, &options, 0);
    if (self->net && span.to == SIM_NEVER)
        span.to = MAX(self->net->net->sim->now, span.from + 1);
    return span;
}

static int series_mean_(lua_State *L, struct bind_object *self)
{
    struct metric_span span = window(L, 1, self);

    return push_value(L, series_mean(series_of(self), span.from, span.to));
}

static int series_min_(lua_State *L, struct bind_object *self)
{
    struct metric_span span = window(L, 1, self);

    return push_value(L, series_min(series_of(self), span.from, span.to));
}

static int series_max_(lua_State *L, struct bind_object *self)
{
    struct metric_span span = window(L, 1, self);

    return push_value(L, series_max(series_of(self), span.from, span.to));
}

static int series_percentile_(lua_State *L, struct bind_object *self)
{
    double percent = bind_any(L, 1, "series:percentile: the percentage");
    struct metric_span span = window(L, 2, self);

    if (!(percent >= 0 && percent <= 100))
        bind_fail(L, "series:percentile: the percentage must be between 0 and 100");
    return push_value(L, series_percentile(series_of(self), span.from, span.to, percent));
}

static int series_at_(lua_State *L, struct bind_object *self)
{
    return push_value(L, series_at(series_of(self), bind_time(L, 1, "series:at: the time")));
}

/* The iterator of series:each(): upvalues are the series and the next index. */
static int each_step(lua_State *L)
{
    struct bind_object *self = lua_touserdata(L, lua_upvalueindex(1));
    struct series *series = series_of(self);
    size_t i = (size_t)lua_tointeger(L, lua_upvalueindex(2));

    if (i >= series->count) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_replace(L, lua_upvalueindex(2));
    struct series_point point = series_get(series, i);
    lua_pushnumber(L, simtime_seconds(point.time));
    lua_pushnumber(L, point.value);
    return 2;
}

static int series_each(lua_State *L, struct bind_object *self)
{
    struct series *series = series_of(self);

    if (lua_isnil(L, 1)) {
        lua_pushvalue(L, 2); /* the object itself lies above the argument */
        lua_pushinteger(L, 0);
        lua_pushcclosure(L, each_step, 2);
        return 1;
    }
    if (!lua_isfunction(L, 1))
        bind_refuse(L, 1, "series:each: its argument", "a function of time and value");
    for (size_t i = 0; i < series->count; i++) {
        struct series_point point = series_get(series, i);
        lua_pushvalue(L, 1);
        lua_pushnumber(L, simtime_seconds(point.time));
        lua_pushnumber(L, point.value);
        lua_call(L, 2, 0);
    }
    return 0;
}

static const struct bind_method methods[] = {
    { "at", series_at_, 1, 1, "series:at(time)",
      "the value at a time: the last at or before it; nil before the first" },
    { "mean", series_mean_, 0, 1, "series:mean([{ between = }])",
      "the mean; of values that hold until the next, weighted with time" },
    { "min", series_min_, 0, 1, "series:min([{ between = }])", "the least value" },
    { "max", series_max_, 0, 1, "series:max([{ between = }])", "the greatest value" },
    { "percentile", series_percentile_, 1, 2, "series:percentile(p [, { between = }])",
      "the least value that p percent do not exceed" },
    { "each", series_each, 0, 1, "series:each([fn])",
      "calls fn(time, value) for each point, or is an iterator: for t, v in s:each() do" },
    BIND_METHODS_END,
};

static void get_name(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, series_of(self)->name);
}

static void get_unit(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, series_of(self)->unit);
}

static void get_count(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, (lua_Integer)series_of(self)->count);
}

static const struct bind_property properties[] = {
    { "name", get_name, NULL, "what it is of" },
    { "unit", get_unit, NULL, "its unit" },
    { "count", get_count, NULL, "how many points it has" },
    BIND_PROPERTIES_END,
};

static const char *title(struct bind_object *self)
{
    return series_of(self)->name;
}

const struct bind_class bind_series_class = {
    .name = "series",
    .doc = "values over time, from x:series, or figures of several objects, from weft.series",
    .methods = methods,
    .properties = properties,
    .title = title,
    .release = release,
};

/* ---- weft.series --------------------------------------------------------------------------- */

static struct bind_series_ref *push_owned(lua_State *L, const struct metric *metric)
{
    struct bind_series_ref *ref = bind_push_new(L, &bind_series_class, sizeof *ref, NULL)->model;

    ref->series = series_new(metric->name, metric->unit, SERIES_SAMPLES);
    ref->of = g_ptr_array_new_with_free_func(g_free);
    ref->owned = true;
    return ref;
}

/* The figure of each object that has one; the first says its unit. */
int bind_weft_series(lua_State *L, struct bind_object *self)
{
    const char *name = bind_string(L, 2, "weft.series: the name of a figure");
    struct bind_series_ref *ref = NULL;

    if (!lua_istable(L, 1) || lua_rawlen(L, 1) == 0)
        bind_refuse(L, 1, "weft.series: its first argument", "a list of flows or links");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, 1); i++) {
        const struct metric *metric = NULL;
        lua_rawgeti(L, 1, i);
        struct bind_object *object = bind_to_object(L, -1);
        if (!object || !bind_figure_exists(object, name))
            bind_fail(L, "weft.series: value %d of the list, a %s, has no figure %s", (int)i,
                      object ? object->class->name : luaL_typename(L, -1), name);
        double value = bind_figure_value(object, name, &metric);
        lua_pop(L, 1);
        if (!ref)
            ref = push_owned(L, metric);
        if (isnan(value))
            continue;
        series_append(ref->series, (sim_time)i * SIM_S, value);
        g_ptr_array_add(ref->of, g_strdup(bind_record_object(object)));
    }
    return 1;
}

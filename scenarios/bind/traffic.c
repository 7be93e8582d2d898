#include "scenarios/bind/traffic.h"

#include <string.h>

#include "protocols/tcp/tcp.h"
#include "scenarios/bind/endpoint.h"
#include "scenarios/bind/figure.h"
#include "scenarios/bind/items.h"
#include "scenarios/bind/listen.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/record.h"
#include "scenarios/bind/run.h"
#include "scenarios/bind/value.h"
#include "sim/rng.h"

/* ---- What all applications have ------------------------------------------------------------ */

/* Read before the application is made, which needs a name, and its ends make one. */
struct flow_options {
    struct bind_net *net;
    const struct app_ops *ops;
    const char *what, *name;
    struct endpoint from, to;
    GArray *from_list, *to_list; /* handed to the application */
    bool from_given, to_given;
    sim_time start, jitter, stop;
};

static void set_name(lua_State *L, int index, void *data)
{
    ((struct flow_options *)data)->name = bind_check_name(L, index, "flow name");
}

/* One end or, where the application allows it, a list of them, of which the first is the one that
 * names the flow. */
static GArray *read_ends(lua_State *L, int index, struct flow_options *o, const char *option,
                         struct endpoint *end)
{
    const char *what = lua_pushfstring(L, "%s %s", o->what, option);
    int n = lua_istable(L, index) ? (int)lua_rawlen(L, index) : 0;

    if (!lua_istable(L, index) || !o->ops->many) {
        *end = bind_endpoint(L, index, o->net, what);
        lua_pop(L, 1);
        return NULL;
    }
    if (n == 0)
        bind_fail(L, "%s: the list is empty", what);
    struct endpoint *ends = lua_newuserdatauv(L, (size_t)n * sizeof *ends, 0);
    for (int i = 0; i < n; i++) {
        lua_rawgeti(L, index, i + 1);
        ends[i] = bind_endpoint(L, lua_gettop(L), o->net, what);
        lua_pop(L, 1);
    }
    *end = ends[0];
    GArray *list = g_array_new(FALSE, FALSE, sizeof *ends);
    g_array_append_vals(list, ends, (guint)n);
    lua_pop(L, 2);
    return list;
}

static void set_from(lua_State *L, int index, void *data)
{
    struct flow_options *o = data;

    o->from_list = read_ends(L, index, o, "from", &o->from);
    o->from_given = true;
}

static void set_to(lua_State *L, int index, void *data)
{
    struct flow_options *o = data;

    o->to_list = read_ends(L, index, o, "to", &o->to);
    o->to_given = true;
}

/* "1s", or { "1s", jitter = "1ms" }. */
static void set_start(lua_State *L, int index, void *data)
{
    struct flow_options *o = data;

    if (!lua_istable(L, index)) {
        o->start = bind_time(L, index, "start");
        return;
    }
    lua_rawgeti(L, index, 1);
    if (!lua_isnil(L, -1))
        o->start = bind_time(L, -1, "start");
    if (lua_getfield(L, index, "jitter") != LUA_TNIL)
        o->jitter = bind_time(L, -1, "start jitter");
    lua_pop(L, 2);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        if (!(lua_isinteger(L, -2) && lua_tointeger(L, -2) == 1) &&
            !(lua_type(L, -2) == LUA_TSTRING && strcmp(lua_tostring(L, -2), "jitter") == 0))
            bind_fail(L, "start: it is a time or { \"1s\", jitter = \"1ms\" }; what is %s?",
                      bind_tostring(L, -2));
}

static void set_stop(lua_State *L, int index, void *data)
{
    ((struct flow_options *)data)->stop = bind_time_or_never(L, index, "stop");
}

static const struct bind_option flow_extra[] = {
    { "name", "text", "\"s1-d1\", \"s1-d1-2\", ...", "its name in results", set_name },
    { "from", "end", "", "where it comes from: a node, an interface or an address", set_from },
    { "to", "end", "",
      "where it goes: a node, an interface or an address, with a port after a :", set_to },
    { "start", "time", "0s",
      "when it starts, or { time, jitter = span } for a random one in the "
      "span after it",
      set_start },
    { "stop", "time", "never", "when it makes no more traffic, an absolute time", set_stop },
    BIND_OPTIONS_END,
};

const struct bind_options bind_flow_options = { .what = "flow", .options = flow_extra };

/* ---- Making one ---------------------------------------------------------------------------- */

static const char *name_flow(lua_State *L, const struct flow_options *o)
{
    if (o->name)
        return o->name;
    const char *from = bind_endpoint_name(L, &o->from);
    const char *base =
        o->to_given ? lua_pushfstring(L, "%s-%s", from, bind_endpoint_name(L, &o->to)) : from;
    char *name = network_unique_name(o->net->net, base);
    lua_pushstring(L, name);
    g_free(name);
    return lua_tostring(L, -1);
}

static bool are_nodes(const struct endpoint *one, const GArray *list)
{
    bool all = one->node != NULL;

    for (guint i = 0; list && i < list->len; i++)
        all = all && g_array_index(list, struct endpoint, i).node;
    return all;
}

static void check_hosts(lua_State *L, const struct flow_options *o)
{
    if (!are_nodes(&o->to, o->to_list))
        bind_fail(
            L,
            "%s to: no interface has this address, and somebody must listen there; give a node "
            "(a process may connect to an address that nobody has: node:connect)",
            o->what);
}

static void check_ends(lua_State *L, const struct flow_options *o)
{
    static const struct ip_addr none;

    if (!o->from_given)
        bind_fail(L, "%s: it has no `from`; say from which node it comes", o->what);
    if (!are_nodes(&o->from, o->from_list))
        bind_fail(L, "%s from: no interface has this address; give a node", o->what);
    if (o->ops->single && o->to_given)
        bind_fail(L, "%s: it has no destination; leave `to` out", o->what);
    if (!o->ops->single && !o->to_given)
        bind_fail(L, "%s: it has no `to`; say to which node it goes", o->what);
    if (o->ops->hosted)
        check_hosts(L, o);
    if (o->to.node == o->from.node && ip_addr_equal(&o->to.addr, &none) && !o->to_list)
        bind_fail(L, "%s: it goes from %s to itself", o->what, o->from.node->name);
}

static sim_time start_time(const struct flow_options *o, const char *name)
{
    struct rng rng;

    if (o->jitter == 0)
        return o->start;
    o->net->net->sim->random = true;
    rng_init(&rng, o->net->net->sim->seed, name, "start");
    return simtime_add(o->start, (sim_time)rng_below(&rng, (uint64_t)o->jitter));
}

static void app_ended(struct app *app, void *data)
{
    struct bind_net *net = data;

    bind_listen_done(net, app);
    bind_run_flow_done(net, app);
}

static void check_times(lua_State *L, const struct flow_options *o, const struct app *app)
{
    sim_time now = app->sim->now;
    char text[64];

    if (app->start < now)
        bind_fail(L, "%s %s: the start lies in the past; it is %s now and times are absolute",
                  o->what, app->name, simtime_format(now, text, sizeof text));
}

/* The application with its common options, and its own from the table at `index`. */
static struct app *make(lua_State *L, int index, struct flow_options *o)
{
    const char *name = name_flow(L, o);
    struct bind_options options = {
        .what = o->what,
        .params = o->ops->params,
        .also = &bind_flow_options,
    };
    GError *error = NULL;

    if (!network_claim(o->net->net, name, NULL, &error))
        bind_throw(L, lua_pushfstring(L, "%s:", o->what), error);
    struct app *app = app_new(o->net->net, o->ops, name);
    app->from = o->from;
    app->to = o->to;
    app->from_list = o->from_list;
    app->to_list = o->to_list;
    app->start = start_time(o, name);
    app->stop = o->stop;
    app->on_done = app_ended;
    app->on_done_data = o->net;
    options.base = app->priv;
    bind_read_options(L, index, &options, 0);
    check_times(L, o, app);
    if (!app_arm(app, &error))
        bind_throw(L, lua_pushfstring(L, "%s:", o->what), error);
    return app;
}

static int push_flow(lua_State *L, int index, struct flow_options *o)
{
    check_ends(L, o);
    bind_push(L, &bind_flow_class, make(L, index, o), o->net);
    return 1;
}

/* net:tcp{...}: upvalue 1 are the ops. */
static int network_traffic(lua_State *L)
{
    const struct app_ops *ops = lua_touserdata(L, lua_upvalueindex(1));
    struct bind_object *self = bind_to_object(L, 1);
    struct bind_options options = bind_flow_options;
    struct bind_options own = { .params = ops->params };

    if (!self || self->class != &bind_network_class || lua_gettop(L) != 2 || !lua_istable(L, 2))
        bind_fail(L, "net:%s: it is called as net:%s{ from =, %s... }", ops->name, ops->name,
                  ops->single ? "" : "to =, ");
    struct flow_options o = {
        .net = self->net,
        .ops = ops,
        .what = ops->name,
        .start = self->net->net->sim->now,
        .stop = SIM_NEVER,
    };
    options.what = ops->name;
    options.data = &o;
    options.also = &own;
    bind_read_options(L, 2, &options, 0);
    return push_flow(L, 2, &o);
}

/* host:ping(to, {...}): upvalue 1 are the ops. */
static int node_traffic(lua_State *L)
{
    const struct app_ops *ops = lua_touserdata(L, lua_upvalueindex(1));
    struct bind_object *self = bind_to_object(L, 1);
    struct bind_options options = bind_flow_options;
    struct bind_options own = { .params = ops->params };

    if (!self || !bind_is_a(self, &bind_node_class, NULL) || lua_gettop(L) < 2 || lua_gettop(L) > 3)
        bind_fail(L, "host:%s: it is called as host:%s(to [, { ... }])", ops->name, ops->name);
    lua_settop(L, 3);
    struct flow_options o = {
        .net = self->net,
        .ops = ops,
        .what = ops->name,
        .from = { .node = self->model },
        .from_given = true,
        .start = self->net->net->sim->now,
        .stop = SIM_NEVER,
    };
    set_to(L, 2, &o);
    options.what = ops->name;
    options.data = &o;
    options.also = &own;
    bind_read_options(L, 3, &options, 0);
    if (o.from.node != self->model)
        bind_fail(L, "host:%s: it comes from %s; leave `from` out", ops->name,
                  ((struct node *)self->model)->name);
    return push_flow(L, 3, &o);
}

/* ---- Names --------------------------------------------------------------------------------- */

static bool lookup(lua_State *L, const char *name, bool on_node, lua_CFunction make_one)
{
    const struct app_ops *ops = app_find(name);

    if (!ops || ops->on_node != on_node)
        return false;
    lua_pushlightuserdata(L, (void *)ops);
    lua_pushcclosure(L, make_one, 1);
    return true;
}

static void add_words(GPtrArray *words, bool on_node)
{
    for (const struct app_ops *const *const *module = app_registry; *module; module++)
        for (const struct app_ops *const *ops = *module; *ops; ops++)
            if ((*ops)->on_node == on_node)
                g_ptr_array_add(words, (char *)(*ops)->name);
}

bool bind_traffic_lookup(lua_State *L, struct bind_object *self, const char *name)
{
    return lookup(L, name, false, network_traffic);
}

void bind_traffic_words(struct bind_object *self, GPtrArray *words)
{
    add_words(words, false);
}

bool bind_node_traffic_lookup(lua_State *L, struct bind_object *self, const char *name)
{
    return lookup(L, name, true, node_traffic);
}

void bind_node_traffic_words(struct bind_object *self, GPtrArray *words)
{
    add_words(words, true);
}

/* ---- The object ---------------------------------------------------------------------------- */

static struct app *app_of(struct bind_object *self)
{
    return self->model;
}

static void get_name(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, app_of(self)->name);
}

static void get_kind(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, app_of(self)->ops->name);
}

static void get_done(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, app_of(self)->state == APP_DONE);
}

static void get_error(lua_State *L, struct bind_object *self)
{
    if (app_of(self)->state == APP_FAILED)
        lua_pushstring(L, bind_errno_name(app_of(self)->error));
    else
        lua_pushnil(L);
}

static void push_time(lua_State *L, sim_time time)
{
    if (time == SIM_NEVER)
        lua_pushnil(L);
    else
        lua_pushnumber(L, simtime_seconds(time));
}

static void get_began(lua_State *L, struct bind_object *self)
{
    push_time(L, app_of(self)->began);
}

static void get_ended(lua_State *L, struct bind_object *self)
{
    push_time(L, app_of(self)->ended);
}

static const struct bind_property flow_properties[] = {
    { "name", get_name, NULL, "its name" },
    { "kind", get_kind, NULL, "what it is: \"tcp\", \"udp\", \"ping\", ..." },
    { "done", get_done, NULL, "true when it came to its end as it should" },
    { "error", get_error, NULL,
      "why it failed: \"ECONNREFUSED\", \"ETIMEDOUT\", ...; nil if it did not" },
    { "began", get_began, NULL, "when it started, in seconds; nil before" },
    { "ended", get_ended, NULL, "when it ended, in seconds; nil before" },
    BIND_PROPERTIES_END,
};

static const struct bind_method flow_methods[] = {
    { "record", bind_record, 1, RECORD_NAMES, "flow:record(name, ... [, { every =, between = }])",
      "records metrics into series; by default at each change" },
    { "series", bind_series, 1, 1, "flow:series(name)", "what was recorded" },
    { "stats", bind_stats, 0, 1, "flow:stats{ between = { from, to } }",
      "the figures over a window" },
    { "on", bind_flow_on, 2, 2, "flow:on(event, fn)",
      "calls fn when the flow is \"done\", at each \"loss\" with all that is lost by then, or with "
      "the new value at each change of a recorded metric" },
    BIND_METHODS_END,
};

static const struct metric *flow_metrics(struct bind_object *self, void **model)
{
    *model = self->model;
    return app_of(self)->ops->metrics;
}

static const char *flow_title(struct bind_object *self)
{
    return app_of(self)->name;
}

/* Its lists, and its options, are fields that can be read. */
static bool flow_lookup(lua_State *L, struct bind_object *self, const char *name)
{
    struct app *app = app_of(self);
    double value;

    if (bind_items_push(L, app, name))
        return true;
    for (const struct param *p = app->ops->params; p && p->name; p++) {
        if (strcmp(p->name, name) != 0)
            continue;
        if (param_number(p, app->priv, &value)) {
            lua_pushnumber(L, value);
        } else {
            char *text = param_show(p, app->priv);
            lua_pushstring(L, text);
            g_free(text);
        }
        return true;
    }
    return false;
}

const struct bind_class bind_flow_class = {
    .name = "flow",
    .doc = "traffic, from net:tcp and its like, host:ping and host:traceroute",
    .methods = flow_methods,
    .properties = flow_properties,
    .metrics = flow_metrics,
    .lookup = flow_lookup,
    .title = flow_title,
};

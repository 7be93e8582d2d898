/* net:at, net:after, net:every and now.
 *
 * All calls are scheduled in the name of the network's observer, so their order among themselves is
 * that of their making.  Calls come from a pool and are recycled; a handle knows its call by a
 * serial number that is never used twice. */
#include "scenarios/bind/time.h"

#include "scenarios/bind/options.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"

/* ---- Calls --------------------------------------------------------------------------------- */

void bind_time_init(struct bind_net *net)
{
    pool_init(&net->calls, sizeof(struct bind_call), _Alignof(struct bind_call));
    list_init(&net->scheduled);
}

void bind_time_fini(struct bind_net *net)
{
    while (!list_empty(&net->scheduled))
        bind_call_cancel(container_of(net->scheduled.next, struct bind_call, link));
}

static void call_free(struct bind_call *call)
{
    if (call->function != LUA_NOREF && call->net->bind->L)
        luaL_unref(call->net->bind->L, LUA_REGISTRYINDEX, call->function);
    if (call->release)
        call->release(call);
    call->serial = 0;
    list_remove(&call->link);
    pool_give(&call->net->calls, call);
}

void bind_call_cancel(struct bind_call *call)
{
    event_cancel(call->net->net->sim, &call->event);
    call_free(call);
}

/* The function may cancel its own call, and another may get its memory at once. */
static void call_fire(struct sim *sim, struct event *event)
{
    struct bind_call *call = container_of(event, struct bind_call, event);
    uint64_t serial = call->serial;
    bool again = call->fire(call) && call->period > 0;

    if (call->serial != serial)
        return;
    sim_time next = simtime_add(sim->now, call->period);
    if (again && next <= call->stop)
        event_schedule(sim, event, next, &call->net->net->observer);
    else
        call_free(call);
}

struct bind_call *bind_call_new(lua_State *L, struct bind_net *net, sim_time at, sim_time period,
                                sim_time stop, bind_call_fn fire, int index)
{
    int function = LUA_NOREF;

    if (index) {
        lua_pushvalue(L, index);
        function = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    struct bind_call *call = pool_take(&net->calls);
    *call = (struct bind_call){ .serial = ++net->serial,
                                .net = net,
                                .period = period,
                                .stop = stop,
                                .fire = fire,
                                .function = function };
    event_init(&call->event, call_fire);
    list_push_back(&net->scheduled, &call->link);
    event_schedule(net->net->sim, &call->event, at, &net->net->observer);
    return call;
}

bool bind_call_function(struct bind_call *call)
{
    lua_rawgeti(call->net->bind->running, LUA_REGISTRYINDEX, call->function);
    return bind_net_call(call->net, "a function that net:at, net:after or net:every called", 0, 0);
}

/* ---- Handles ------------------------------------------------------------------------------- */

struct handle {
    struct bind_call *call;
    uint64_t serial;
};

static bool is_alive(const struct handle *handle)
{
    return handle->call->serial == handle->serial;
}

static int handle_cancel(lua_State *L, struct bind_object *self)
{
    struct handle *handle = self->model;

    if (is_alive(handle))
        bind_call_cancel(handle->call);
    return 0;
}

static void get_pending(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, is_alive(self->model));
}

static const struct bind_method handle_methods[] = {
    { "cancel", handle_cancel, 0, 0, "timer:cancel()",
      "takes the call back; harmless when it is over" },
    BIND_METHODS_END,
};

static const struct bind_property handle_properties[] = {
    { "pending", get_pending, NULL, "true while a call is still to come" },
    BIND_PROPERTIES_END,
};

const struct bind_class bind_timer_class = {
    .name = "timer",
    .doc = "a call to come, from net:at, net:after and net:every",
    .methods = handle_methods,
    .properties = handle_properties,
};

static int push_handle(lua_State *L, struct bind_net *net, struct bind_call *call)
{
    struct handle *handle = bind_push_new(L, &bind_timer_class, sizeof *handle, net)->model;

    *handle = (struct handle){ call, call->serial };
    return 1;
}

/* ---- The words ----------------------------------------------------------------------------- */

static void check_function(lua_State *L, int index, const char *what)
{
    if (lua_type(L, index) != LUA_TFUNCTION)
        bind_refuse(L, index, what, "a function");
}

int bind_network_at(lua_State *L, struct bind_object *self)
{
    struct bind_net *net = self->model;
    sim_time at = bind_time(L, 1, "net:at: the time");

    check_function(L, 2, "net:at: what to call");
    if (at < net->net->sim->now) {
        char now[64];
        bind_fail(L,
                  "net:at: the time %s lies in the past, it is %s now; times of net:at are "
                  "absolute, net:after takes a span",
                  bind_tostring(L, 1), simtime_format(net->net->sim->now, now, sizeof now));
    }
    return push_handle(L, net, bind_call_new(L, net, at, 0, SIM_NEVER, bind_call_function, 2));
}

int bind_network_after(lua_State *L, struct bind_object *self)
{
    struct bind_net *net = self->model;
    sim_time at = simtime_add(net->net->sim->now, bind_time(L, 1, "net:after: the span"));

    check_function(L, 2, "net:after: what to call");
    return push_handle(L, net, bind_call_new(L, net, at, 0, SIM_NEVER, bind_call_function, 2));
}

struct every_options {
    sim_time start, stop;
};

static const struct param every_params[] = {
    { "start", PARAM_TIME, offsetof(struct every_options, start), NULL, 0, 0,
      "time of the first call; default: one span from now", NULL },
    { "stop", PARAM_TIME, offsetof(struct every_options, stop), "never", 0, 0,
      "no call after this time", NULL },
    PARAM_END,
};

const struct bind_options bind_every_options = { .what = "net:every", .params = every_params };

int bind_network_every(lua_State *L, struct bind_object *self)
{
    struct bind_net *net = self->model;
    sim_time now = net->net->sim->now, period = bind_time(L, 1, "net:every: the span");
    struct every_options o = { .start = simtime_add(now, period), .stop = SIM_NEVER };
    struct bind_options options = bind_every_options;

    check_function(L, 2, "net:every: what to call");
    if (period == 0)
        bind_fail(L, "net:every: the span must be above 0, or it would never end");
    options.base = &o;
    bind_read_options(L, 3, &options, 0);
    if (o.start < now) {
        char text[64];
        bind_fail(L, "net:every: the start lies in the past, it is %s now",
                  simtime_format(now, text, sizeof text));
    }
    if (o.stop < o.start)
        bind_fail(L, "net:every: it stops before it starts");
    return push_handle(L, net,
                       bind_call_new(L, net, o.start, period, o.stop, bind_call_function, 2));
}

static int now(lua_State *L, struct bind_object *self)
{
    lua_pushnumber(L, simtime_seconds(bind_net_current(L, "now")->net->sim->now));
    return 1;
}

const struct bind_method bind_functions[] = {
    { "now", now, 0, 0, "now()", "the simulated time of the network that runs, in seconds" },
    BIND_METHODS_END,
};

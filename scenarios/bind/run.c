/* net:run: the simulation goes on to a time, or until something is true.
 *
 * While it runs, errors of callbacks wait in the registry; they are raised when the simulation has
 * returned.  Whoever watches the progress makes it run in slices, which changes no result. */
#include "scenarios/bind/run.h"

#include "models/app/app.h"
#include "scenarios/bind/arg.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/time.h"
#include "scenarios/bind/traffic.h"
#include "scenarios/bind/value.h"

enum { SLICES = 1000 };

#define RUN_MAX  (3600 * SIM_S)
#define RUN_POLL (10 * SIM_MS)

struct run_options {
    sim_time max, every;
    enum { STOP_NEVER, STOP_FLOWS, STOP_FLOW, STOP_FUNCTION } stop;
    struct app *flow;
    struct bind_call *poll;
    uint64_t poll_serial;
};

/* The function of stop_when waits in the registry under this key. */
static const char key_function = 0;

/* ---- Options ------------------------------------------------------------------------------- */

static void set_stop_word(lua_State *L, int index, struct run_options *o)
{
    static const char *const words[] = { "flows done", "converged", NULL };

    if (bind_word(L, index, "net:run stop_when", words) == 1)
        bind_fail(L, "net:run stop_when \"converged\": routing protocols are not modelled yet; "
                     "there is \"flows done\", a flow, or a function");
    o->stop = STOP_FLOWS;
}

static void set_stop(lua_State *L, int index, void *data)
{
    struct run_options *o = data;

    if (lua_isfunction(L, index)) {
        o->stop = STOP_FUNCTION;
        lua_pushvalue(L, index);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key_function);
    } else if (bind_to_object(L, index)) {
        o->stop = STOP_FLOW;
        o->flow = bind_check(L, index, &bind_flow_class, "net:run stop_when")->model;
    } else if (lua_type(L, index) == LUA_TSTRING) {
        set_stop_word(L, index, o);
    } else {
        bind_refuse(L, index, "net:run stop_when",
                    "\"flows done\", a flow, or a function that says when");
    }
}

static const struct param run_params[] = {
    { "max", PARAM_TIME, offsetof(struct run_options, max), "1h", 0, 0,
      "the absolute time at which it ends in any case", NULL },
    { "every", PARAM_TIME, offsetof(struct run_options, every), "10ms", 1e-9, 0,
      "how often a function is asked", NULL },
    PARAM_END,
};

static const struct bind_option run_extra[] = {
    { "stop_when", "\"flows done\", flow or function", "",
      "end when all flows are done, when this flow is done, or when the function returns true",
      set_stop },
    BIND_OPTIONS_END,
};

const struct bind_options bind_run_options = {
    .what = "net:run",
    .params = run_params,
    .options = run_extra,
};

/* ---- Waiting ------------------------------------------------------------------------------- */

static bool stop_now(struct bind_call *call)
{
    sim_stop(call->net->net->sim);
    return false;
}

/* Stops behind the functions that flow:on wants to be called for the same occasion. */
static void wait_met(struct bind_net *net)
{
    net->met = true;
    bind_call_new(net->bind->L, net, net->net->sim->now, 0, SIM_NEVER, stop_now, 0);
}

void bind_run_flow_done(struct bind_net *net, struct app *app)
{
    net->flows_done++;
    if (app == net->wanted || (net->want_all && net->flows_done == net->net->apps->len))
        wait_met(net);
}

static bool ask(struct bind_call *call)
{
    struct bind_net *net = call->net;
    lua_State *L = net->bind->running;

    lua_rawgeti(L, LUA_REGISTRYINDEX, call->function);
    if (!bind_net_call(net, "the function stop_when of net:run", 0, 1))
        return false;
    bool yes = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (yes)
        wait_met(net);
    return !yes;
}

static void start_polling(lua_State *L, struct bind_net *net, struct run_options *o)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_function);
    o->poll = bind_call_new(L, net, net->net->sim->now, o->every, SIM_NEVER, ask, lua_gettop(L));
    o->poll_serial = o->poll->serial;
    lua_pop(L, 1);
}

static void start_waiting(lua_State *L, struct bind_net *net, struct run_options *o)
{
    guint flows = net->net->apps->len;

    if (o->stop == STOP_FLOWS && flows == 0)
        bind_fail(L, "net:run stop_when \"flows done\": there are no flows");
    net->met = (o->stop == STOP_FLOWS && net->flows_done == flows) ||
               (o->stop == STOP_FLOW && o->flow->state >= APP_DONE);
    net->wanted = o->stop == STOP_FLOW ? o->flow : NULL;
    net->want_all = o->stop == STOP_FLOWS;
    if (o->stop == STOP_FUNCTION)
        start_polling(L, net, o);
}

static void stop_waiting(struct bind_net *net, struct run_options *o)
{
    if (o->poll && o->poll->serial == o->poll_serial)
        bind_call_cancel(o->poll);
    net->wanted = NULL;
    net->want_all = false;
}

/* ---- Running ------------------------------------------------------------------------------- */

static void show_progress(struct bind_net *net, sim_time start, sim_time until)
{
    const struct scenario_options *options = net->bind->options;
    struct scenario_progress progress = {
        .network = net->net->name,
        .start = start,
        .now = net->net->sim->now,
        .until = until,
        .events = net->net->sim->events_fired,
    };

    options->progress(options->progress_data, &progress);
}

static enum sim_result run_slices(struct bind_net *net, sim_time until)
{
    struct sim *sim = net->net->sim;
    sim_time start = sim->now, slice = (until - start) / SLICES;

    network_prepare(net->net);
    for (int i = 1; i < SLICES && slice > 0; i++) {
        enum sim_result result = sim_run(sim, start + i * slice);
        show_progress(net, start, until);
        if (result != SIM_REACHED)
            return result;
    }
    return network_run(net->net, until);
}

static void refuse_storm(lua_State *L, struct bind_net *net)
{
    char *report = sim_storm_report(net->net->sim);
    char now[64];

    lua_pushstring(L, report);
    g_free(report);
    bind_fail(L, "net:run: at %s more events came than the clock can get past: %s",
              simtime_format(net->net->sim->now, now, sizeof now), lua_tostring(L, -1));
}

/* Frames that go round and round. */
static void refuse_loop(lua_State *L, struct bind_net *net)
{
    char *report = loop_report(net->net);

    loop_reset(&net->net->loop);
    lua_pushstring(L, report);
    g_free(report);
    bind_fail(L, "net:run: %s", lua_tostring(L, -1));
}

static void check_conservation(lua_State *L, struct bind_net *net)
{
    char *difference = network_conservation(net->net);

    if (!difference)
        return;
    lua_pushstring(L, difference);
    g_free(difference);
    net->bind->bug = true;
    bind_fail(L, "packets are missing, which is a fault of weft: %s", lua_tostring(L, -1));
}

static void run_to(lua_State *L, struct bind_net *net, struct run_options *o, sim_time until)
{
    struct bind *bind = net->bind;
    lua_State *before = bind->running;

    bind->running = L;
    bind->current = net;
    net->running = true;
    enum sim_result result =
        bind->options->progress ? run_slices(net, until) : network_run(net->net, until);
    net->running = false;
    net->ran = true;
    bind->running = before;
    stop_waiting(net, o);
    bind_net_rethrow(L, net);
    if (result == SIM_STORM)
        refuse_storm(L, net);
    check_conservation(L, net);
    if (net->net->loop.tripped)
        refuse_loop(L, net);
}

/* The script goes no further if only its arguments are wanted, or if some of those given are not
 * there. */
static void check_start(lua_State *L, struct bind_net *net)
{
    struct bind *bind = net->bind;
    GError *error = NULL;

    if (net->running)
        bind_fail(L, "net:run: the network runs already; a callback cannot run it");
    if (bind->only_args) {
        bind->fatal = true;
        lua_pushliteral(L, "");
        lua_error(L);
    }
    if (!bind_args_check(bind, false, &error)) {
        bind->fatal = true;
        lua_pushstring(L, error->message);
        g_error_free(error);
        lua_error(L);
    }
}

static const char *reason(const struct bind_net *net, const struct run_options *o)
{
    static const char *const reasons[] = { "time", "flows done", "flow done", "condition" };

    return reasons[net->met ? o->stop : STOP_NEVER];
}

int bind_network_run(lua_State *L, struct bind_object *self)
{
    struct bind_net *net = self->model;
    sim_time now = net->net->sim->now;
    struct run_options o = { .max = RUN_MAX, .every = RUN_POLL };
    struct bind_options options = bind_run_options;

    options.base = options.data = &o;
    if (lua_istable(L, 1))
        bind_read_options(L, 1, &options, 0);
    else
        o.max = bind_time(L, 1, "net:run: the time");
    if (o.max < now || o.max == SIM_NEVER) {
        char text[64];
        bind_fail(L, "net:run: it runs to an absolute time; it is %s now",
                  simtime_format(now, text, sizeof text));
    }
    check_start(L, net);
    start_waiting(L, net, &o);
    sim_time until = MAX(now, MIN(o.max, net->bind->options->until));
    report_check_space(net->report, until);
    if (!net->met)
        run_to(L, net, &o, until);
    lua_pushstring(L, reason(net, &o));
    return 1;
}

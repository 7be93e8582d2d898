/* expect.eventually(fn, { within = }) and expect.never(fn): a function that is asked again and
 * again while the network runs, and judged once. */
#include "scenarios/bind/judge.h"

#include "scenarios/bind/expect.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/time.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"

#define ASK_EVERY (10 * SIM_MS)

struct check {
    struct bind_net *net;
    struct bind_call *call; /* NULL: decided */
    bool never;
    sim_time from, until; /* until SIM_NEVER: to the end */
    char *where, *message;
};

/* ---- Deciding ------------------------------------------------------------------------------ */

static void decide(struct check *check, bool passed, sim_time at)
{
    char actual[96], wanted[96], now[64], limit[64];

    simtime_format(at, now, sizeof now);
    simtime_format(check->until, limit, sizeof limit);
    g_snprintf(actual, sizeof actual, check->never ? "true at %s" : "not true by %s", now);
    if (check->until == SIM_NEVER)
        g_snprintf(wanted, sizeof wanted, check->never ? "never true" : "true at some time");
    else
        g_snprintf(wanted, sizeof wanted, check->never ? "not true until %s" : "true by %s", limit);
    bind_judge(check->net->bind->running, passed, check->where, check->message,
               passed ? NULL : actual, wanted);
    check->call = NULL;
}

/* Asks; true while it is not decided. */
static bool ask(struct bind_call *call)
{
    struct check *check = call->data;
    lua_State *L = check->net->bind->running;
    sim_time now = check->net->net->sim->now;

    lua_rawgeti(L, LUA_REGISTRYINDEX, call->function);
    if (!bind_net_call(check->net, "a function that expect asked", 0, 1))
        return false;
    bool yes = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (yes) {
        decide(check, !check->never, now);
        return false;
    }
    if (now < check->until)
        return true;
    decide(check, check->never, now);
    return false;
}

void bind_judge_end(struct bind_net *net)
{
    for (guint i = 0; i < net->checks->len; i++) {
        struct check *check = net->checks->pdata[i];
        if (check->call) {
            bind_call_cancel(check->call);
            decide(check, check->never, net->net->sim->now);
        }
    }
}

void bind_judge_fini(struct bind_net *net)
{
    for (guint i = 0; i < net->checks->len; i++) {
        struct check *check = net->checks->pdata[i];
        g_free(check->where);
        g_free(check->message);
        g_free(check);
    }
    g_ptr_array_free(net->checks, TRUE);
}

/* ---- The words ----------------------------------------------------------------------------- */

struct within_options {
    sim_time within, every;
    struct bind_net *net;
};

static void set_net(lua_State *L, int index, void *data)
{
    ((struct within_options *)data)->net =
        bind_check(L, index, &bind_network_class, "expect: net")->net;
}

static const struct param within_params[] = {
    { "within", PARAM_TIME, offsetof(struct within_options, within), "never", 0, 0,
      "how long from now; default: to the end", NULL },
    { "every", PARAM_TIME, offsetof(struct within_options, every), "10ms", 1e-9, 0,
      "how often the function is asked", NULL },
    PARAM_END,
};

static const struct bind_option within_extra[] = {
    { "net", "network", "the last one", "by whose clock", set_net },
    BIND_OPTIONS_END,
};

const struct bind_options bind_within_options = {
    .what = "expect",
    .params = within_params,
    .options = within_extra,
};

/* Arguments: the function, options or a message, a message. */
static int expect_later(lua_State *L, bool never)
{
    struct within_options o = { .within = SIM_NEVER, .every = ASK_EVERY };
    struct bind_options options = bind_within_options;
    int message = lua_istable(L, 2) || lua_isnil(L, 2) ? 3 : 2;

    if (!lua_isfunction(L, 1))
        bind_refuse(L, 1, never ? "expect.never: its argument" : "expect.eventually: its argument",
                    "a function that says whether it is so");
    options.base = options.data = &o;
    if (message == 3)
        bind_read_options(L, 2, &options, 0);
    if (!o.net)
        o.net = bind_net_current(L, never ? "expect.never" : "expect.eventually");
    const char *place = bind_push_place(L);
    const char *text = bind_push_message(L, message, "expect: the message");
    struct check *check = g_new0(struct check, 1);
    *check = (struct check){
        .net = o.net,
        .never = never,
        .from = o.net->net->sim->now,
        .until = simtime_add(o.net->net->sim->now, o.within),
        .where = g_strdup(place),
        .message = g_strdup(text),
    };
    g_ptr_array_add(o.net->checks, check);
    check->call = bind_call_new(L, o.net, check->from, o.every, SIM_NEVER, ask, 1);
    check->call->data = check;
    return 0;
}

static int expect_eventually(lua_State *L, struct bind_object *self)
{
    return expect_later(L, false);
}

static int expect_never(lua_State *L, struct bind_object *self)
{
    return expect_later(L, true);
}

const struct bind_method bind_expect_later[] = {
    { "eventually", expect_eventually, 1, 3,
      "expect.eventually(fn [, { within =, every = }] [, message])",
      "fn returns true at some time of the run from now on, at the latest after `within`" },
    { "never", expect_never, 1, 3, "expect.never(fn [, { within =, every = }] [, message])",
      "fn never returns true from now on" },
    BIND_METHODS_END,
};

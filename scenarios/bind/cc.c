/* weft.cc("mine", { init =, on_ack =, on_loss =, on_rto = }): a congestion control in Lua.
 *
 * A definition belongs to the scenario.  Each network gets an ops table of its own for it, because
 * an algorithm's hooks know nothing but that table and the connection; the table stands at the
 * beginning of a struct lua_cc, which leads back to the network and the functions.
 *
 * Each connection has a box, the object `cc` of the functions: it shows the fields of struct cc,
 * keeps the part of a packet that a script's window has beyond whole ones, and holds the script's
 * own table, cc.my.  The object `ack` exists once and shows the sample at hand; outside of on_ack
 * it shows nothing. */
#include "scenarios/bind/cc.h"

#include <math.h>
#include <string.h>

#include "protocols/cc/cc.h"
#include "protocols/tcp/tcp.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"

enum function { ON_INIT, ON_ACK, ON_LOSS, ON_RTO, FUNCTIONS };

/* What weft.cc was given. */
struct definition {
    char *name;
    int functions[FUNCTIONS]; /* references; LUA_NOREF: not given */
};

struct lua_cc {
    struct cc_ops ops; /* first: hooks find the rest by it */
    const struct definition *definition;
    struct bind_net *net;
};

struct box {
    struct cc *cc; /* NULL: the connection is gone */
    double cwnd;   /* with the part of a packet */
};

struct ack_box {
    const struct cc_ack *ack; /* NULL: not within on_ack */
    uint32_t acked;
};

struct priv {
    struct box *box;
    int reference;
};

static const char key_box = 0, key_ack = 0;

static const struct lua_cc *lua_cc_of(const struct cc *cc)
{
    return (const struct lua_cc *)(const void *)cc->ops;
}

/* ---- What the script sees ------------------------------------------------------------------- */

static void push_count(lua_State *L, uint64_t x)
{
    lua_pushinteger(L, (lua_Integer)x);
}

static void push_us(lua_State *L, int64_t us)
{
    if (us > 0)
        lua_pushnumber(L, (double)us / 1e6);
    else
        lua_pushnil(L);
}

static void get_cwnd(lua_State *L, const void *of)
{
    const struct box *box = of;

    if (box->cwnd > box->cc->cwnd && box->cwnd < box->cc->cwnd + 1.0)
        lua_pushnumber(L, box->cwnd);
    else
        push_count(L, box->cc->cwnd);
}

static void get_ssthresh(lua_State *L, const void *of)
{
    uint32_t ssthresh = ((const struct box *)of)->cc->ssthresh;

    if (ssthresh >= CC_INFINITE)
        lua_pushnumber(L, HUGE_VAL);
    else
        push_count(L, ssthresh);
}

static void get_pacing_rate(lua_State *L, const void *of)
{
    uint64_t rate = ((const struct box *)of)->cc->pacing_rate;

    lua_pushnumber(L, rate == UINT64_MAX ? HUGE_VAL : 8.0 * (double)rate);
}

static void get_now(lua_State *L, const void *of)
{
    lua_pushnumber(L, simtime_seconds(((const struct box *)of)->cc->now));
}

static void get_state(lua_State *L, const void *of)
{
    static const char *const names[] = { "open", "disorder", "cwr", "recovery", "loss" };
    lua_pushstring(L, names[((const struct box *)of)->cc->state]);
}

static void get_limited(lua_State *L, const void *of)
{
    lua_pushboolean(L, cc_window_limited(((const struct box *)of)->cc));
}

static void get_mss(lua_State *L, const void *of)
{
    push_count(L, ((const struct box *)of)->cc->mss);
}

static void get_srtt(lua_State *L, const void *of)
{
    push_us(L, ((const struct box *)of)->cc->srtt_us);
}

static void get_min_rtt(lua_State *L, const void *of)
{
    push_us(L, ((const struct box *)of)->cc->min_rtt_us);
}

static void get_inflight(lua_State *L, const void *of)
{
    push_count(L, ((const struct box *)of)->cc->inflight);
}

static void get_delivered(lua_State *L, const void *of)
{
    push_count(L, ((const struct box *)of)->cc->delivered);
}

static void get_lost(lua_State *L, const void *of)
{
    push_count(L, ((const struct box *)of)->cc->lost);
}

const struct bind_cc_field bind_cc_fields[] = {
    { "cwnd", get_cwnd,
      "congestion window in packets, at least 1; may be set, also to a fraction" },
    { "ssthresh", get_ssthresh, "slow-start threshold in packets; may be set" },
    { "pacing_rate", get_pacing_rate, "bits per second, infinite if not paced; may be set" },
    { "mss", get_mss, "bytes of a packet" },
    { "srtt", get_srtt, "smoothed round trip in seconds; nil before the first sample" },
    { "min_rtt", get_min_rtt, "shortest round trip in seconds; nil before the first sample" },
    { "inflight", get_inflight, "packets in flight" },
    { "delivered", get_delivered, "packets delivered so far" },
    { "lost", get_lost, "packets marked lost so far" },
    { "now", get_now, "the clock in seconds" },
    { "state", get_state, "\"open\", \"disorder\", \"cwr\", \"recovery\" or \"loss\"" },
    { "limited", get_limited, "the window was the limit lately, so that it may grow" },
    { .name = NULL },
};

static const struct cc_ack *sample(const void *of)
{
    return ((const struct ack_box *)of)->ack;
}

static void get_acked(lua_State *L, const void *of)
{
    push_count(L, ((const struct ack_box *)of)->acked);
}

static void get_rtt(lua_State *L, const void *of)
{
    push_us(L, sample(of)->rtt_us);
}

static void get_losses(lua_State *L, const void *of)
{
    push_count(L, sample(of)->losses);
}

static void get_ack_inflight(lua_State *L, const void *of)
{
    push_count(L, sample(of)->inflight);
}

static void get_prior_inflight(lua_State *L, const void *of)
{
    push_count(L, sample(of)->prior_inflight);
}

static void get_rate(lua_State *L, const void *of)
{
    const struct cc_ack *ack = sample(of);

    if (ack->interval_us > 0)
        lua_pushnumber(L, ack->rate_delivered / (ack->interval_us / 1e6));
    else
        lua_pushnil(L);
}

static void get_app_limited(lua_State *L, const void *of)
{
    lua_pushboolean(L, sample(of)->app_limited);
}

static void get_ece(lua_State *L, const void *of)
{
    lua_pushboolean(L, sample(of)->ece);
}

static void get_marked(lua_State *L, const void *of)
{
    push_count(L, sample(of)->delivered_ce);
}

const struct bind_cc_field bind_cc_ack_fields[] = {
    { "acked", get_acked, "packets newly delivered" },
    { "rtt", get_rtt, "round trip of this ACK in seconds; nil if it gives none" },
    { "losses", get_losses, "packets newly marked lost" },
    { "inflight", get_ack_inflight, "packets in flight after it" },
    { "prior_inflight", get_prior_inflight, "packets in flight before it" },
    { "rate", get_rate, "delivery rate in packets per second; nil if it gives none" },
    { "app_limited", get_app_limited, "the rate is limited by the application" },
    { "ece", get_ece, "it echoes a congestion mark" },
    { "marked", get_marked, "packets marked CE so far" },
    { .name = NULL },
};

/* ---- The two objects ------------------------------------------------------------------------ */

static const struct bind_cc_field *find(const struct bind_cc_field *field, const char *name)
{
    for (; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

static int unknown(lua_State *L, const char *what, const struct bind_cc_field *field,
                   const char *name)
{
    GPtrArray *words = g_ptr_array_new();

    for (; field->name; field++)
        g_ptr_array_add(words, (char *)field->name);
    bind_unknown(L, what, "field", name, words);
}

static struct box *check_box(lua_State *L)
{
    struct box *box = lua_touserdata(L, 1);

    if (!box->cc)
        bind_fail(L, "cc: its connection has ended");
    return box;
}

static int box_index(lua_State *L)
{
    struct box *box = check_box(L);
    const char *name = luaL_tolstring(L, 2, NULL);
    const struct bind_cc_field *field = find(bind_cc_fields, name);

    if (field)
        field->get(L, box);
    else if (strcmp(name, "my") == 0)
        lua_getiuservalue(L, 1, 1);
    else
        unknown(L, "cc", bind_cc_fields, name);
    return 1;
}

static double check_number(lua_State *L, const char *what, double least)
{
    double x = lua_isnumber(L, 3) ? lua_tonumber(L, 3) : NAN;

    if (!(x >= least))
        bind_fail(L, "%s: it must be a number, at least %g; it is %s", what, least,
                  bind_tostring(L, 3));
    return x;
}

/* As other rates: bits per second, or a text with a unit; infinite: not paced. */
static uint64_t check_pacing_rate(lua_State *L)
{
    if (lua_type(L, 3) == LUA_TSTRING) {
        uint64_t rate = bind_rate(L, 3, "cc.pacing_rate");
        if (rate < 8)
            bind_fail(L, "cc.pacing_rate %s: at least 8bps", lua_tostring(L, 3));
        return rate / 8;
    }
    double bytes = check_number(L, "cc.pacing_rate", 8) / 8;
    return bytes < 1e18 ? (uint64_t)bytes : UINT64_MAX;
}

static void set_cwnd(struct box *box, double x)
{
    box->cwnd = MIN(x, (double)MIN(box->cc->cwnd_clamp, CC_INFINITE));
    box->cc->cwnd = (uint32_t)box->cwnd;
}

static int box_newindex(lua_State *L)
{
    struct box *box = check_box(L);
    const char *name = luaL_tolstring(L, 2, NULL);

    lua_pop(L, 1);
    if (strcmp(name, "cwnd") == 0) {
        set_cwnd(box, check_number(L, "cc.cwnd", 1));
    } else if (strcmp(name, "ssthresh") == 0) {
        box->cc->ssthresh = (uint32_t)MIN(check_number(L, "cc.ssthresh", 2), (double)CC_INFINITE);
    } else if (strcmp(name, "pacing_rate") == 0) {
        box->cc->pacing_rate = check_pacing_rate(L);
    } else if (find(bind_cc_fields, name)) {
        bind_fail(L,
                  "cc.%s: it is measured; cwnd, ssthresh and pacing_rate can be set, and "
                  "cc.my is the script's own table",
                  name);
    } else {
        unknown(L, "cc", bind_cc_fields, name);
    }
    return 0;
}

static int ack_index(lua_State *L)
{
    struct ack_box *box = lua_touserdata(L, 1);
    const char *name = luaL_tolstring(L, 2, NULL);
    const struct bind_cc_field *field = find(bind_cc_ack_fields, name);

    if (!box->ack)
        bind_fail(L, "ack: it tells of the ACK while on_ack runs, not later");
    if (!field)
        unknown(L, "ack", bind_cc_ack_fields, name);
    field->get(L, box);
    return 1;
}

static int ack_newindex(lua_State *L)
{
    bind_fail(L, "ack: what it tells is measured, and cannot be set");
}

static void set_metatable(lua_State *L, const void *key, lua_CFunction index,
                          lua_CFunction newindex)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, key) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushcfunction(L, index);
        lua_setfield(L, -2, "__index");
        lua_pushcfunction(L, newindex);
        lua_setfield(L, -2, "__newindex");
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "__metatable");
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, key);
    }
    lua_setmetatable(L, -2);
}

/* ---- Calling the script --------------------------------------------------------------------- */

/* Pushes the function and the connection; false if the script has no such function. */
static bool begin_call(lua_State *L, struct cc *cc, enum function which)
{
    const struct lua_cc *own = lua_cc_of(cc);
    const struct priv *priv = cc->priv;

    if (own->definition->functions[which] == LUA_NOREF)
        return false;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_rawgeti(L, LUA_REGISTRYINDEX, own->definition->functions[which]);
    lua_rawgeti(L, LUA_REGISTRYINDEX, priv->reference);
    return true;
}

static bool call(const struct cc *cc, int nargs, int nresults)
{
    const struct lua_cc *own = lua_cc_of(cc);
    bool looking = own->net->looking;

    own->net->looking = true; /* in the middle of TCP: nothing may change */
    bool ok = bind_net_call(own->net, "a function of weft.cc", nargs, nresults);
    own->net->looking = looking;
    return ok;
}

static void lua_cc_init(struct cc *cc)
{
    const struct lua_cc *own = lua_cc_of(cc);
    lua_State *L = own->net->bind->running;
    struct priv *priv = cc->priv;

    luaL_checkstack(L, LUA_MINSTACK, NULL);
    priv->box = lua_newuserdatauv(L, sizeof *priv->box, 1);
    *priv->box = (struct box){ .cc = cc };
    lua_newtable(L);
    lua_setiuservalue(L, -2, 1);
    set_metatable(L, &key_box, box_index, box_newindex);
    priv->reference = luaL_ref(L, LUA_REGISTRYINDEX);
    if (begin_call(L, cc, ON_INIT))
        call(cc, 1, 0);
}

static void lua_cc_release(struct cc *cc)
{
    const struct priv *priv = cc->priv;
    struct bind *bind = lua_cc_of(cc)->net->bind;

    if (!bind->L || !priv->box) /* the script is over */
        return;
    priv->box->cc = NULL;
    luaL_unref(bind->L, LUA_REGISTRYINDEX, priv->reference);
}

static struct ack_box *push_ack(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_ack) == LUA_TUSERDATA)
        return lua_touserdata(L, -1);
    lua_pop(L, 1);
    struct ack_box *box = lua_newuserdatauv(L, sizeof *box, 0);
    static const char key_metatable = 0;
    box->ack = NULL;
    set_metatable(L, &key_metatable, ack_index, ack_newindex);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_ack);
    return box;
}

static void lua_cc_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    lua_State *L = lua_cc_of(cc)->net->bind->running;

    if (!begin_call(L, cc, ON_ACK))
        return;
    struct ack_box *box = push_ack(L);
    box->ack = ack;
    box->acked = acked;
    call(cc, 2, 0);
    box->ack = NULL;
}

/* What the function returned, on top, is no threshold: an error that says where it begins. */
static void refuse_threshold(lua_State *L, const struct lua_cc *own, enum function which)
{
    lua_Debug at;
    int top = lua_gettop(L);

    lua_rawgeti(L, LUA_REGISTRYINDEX, own->definition->functions[which]);
    lua_getinfo(L, ">S", &at);
    lua_pushfstring(L,
                    "%s:%d: weft.cc %s: the threshold that it returns must be a number, at least "
                    "1, or nothing; it is %s",
                    at.short_src, at.linedefined, which == ON_LOSS ? "on_loss" : "on_rto",
                    bind_tostring(L, top));
    bind_net_raise(own->net, L);
    lua_settop(L, top);
}

/* The threshold that the function returns; `otherwise` if it returns none. */
static uint32_t ask_threshold(struct cc *cc, enum function which, uint32_t otherwise)
{
    lua_State *L = lua_cc_of(cc)->net->bind->running;

    if (!begin_call(L, cc, which) || !call(cc, 1, 1))
        return otherwise;
    double x = lua_isnoneornil(L, -1) ? otherwise : lua_isnumber(L, -1) ? lua_tonumber(L, -1) : NAN;
    if (!(x >= 1))
        refuse_threshold(L, lua_cc_of(cc), which);
    lua_pop(L, 1);
    return x >= 2 ? (uint32_t)MIN(x, (double)CC_INFINITE) : 2;
}

static uint32_t lua_cc_ssthresh(struct cc *cc)
{
    return ask_threshold(cc, ON_LOSS, cc_reno_ssthresh(cc));
}

static void lua_cc_event(struct cc *cc, enum cc_event event)
{
    if (event == CC_LOSS_TIMEOUT)
        cc->ssthresh = ask_threshold(cc, ON_RTO, cc->ssthresh);
}

/* ---- Definitions ---------------------------------------------------------------------------- */

static void definition_free(gpointer data)
{
    struct definition *d = data;

    g_free(d->name);
    g_free(d);
}

GPtrArray *bind_ccs_new(void)
{
    return g_ptr_array_new_with_free_func(definition_free);
}

void bind_ccs_free(GPtrArray *ccs)
{
    g_ptr_array_free(ccs, TRUE);
}

static bool join(struct bind_net *net, const struct definition *d, GError **error)
{
    struct lua_cc *own = g_new0(struct lua_cc, 1);

    own->definition = d;
    own->net = net;
    own->ops = (struct cc_ops){
        .name = d->name,
        .doc = "written in Lua",
        .priv_size = sizeof(struct priv),
        .ssthresh = lua_cc_ssthresh,
        .avoid = lua_cc_avoid,
        .undo = cc_undo,
        .init = lua_cc_init,
        .release = lua_cc_release,
        .event = lua_cc_event,
    };
    g_ptr_array_add(net->ccs, own);
    return tcp_memory_add_cc(net->net->tcp_memory, &own->ops, error);
}

void bind_ccs_join(lua_State *L, struct bind_net *net)
{
    struct bind *bind = net->bind;
    GError *error = NULL;

    for (const struct cc_ops *const *ops = bind->options->ccs; ops && *ops; ops++)
        if (!tcp_memory_add_cc(net->net->tcp_memory, *ops, &error))
            bind_throw(L, "--plugin", error);
    for (guint i = 0; i < bind->ccs->len; i++)
        if (!join(net, bind->ccs->pdata[i], &error))
            bind_throw(L, "weft.cc", error);
}

void bind_ccs_leave(struct bind_net *net)
{
    g_ptr_array_free(net->ccs, TRUE);
}

static void take(lua_State *L, int index, void *data, enum function which, const char *name)
{
    struct definition *d = data;

    if (!lua_isfunction(L, index))
        bind_refuse(L, index, name, "a function");
    lua_pushvalue(L, index);
    d->functions[which] = luaL_ref(L, LUA_REGISTRYINDEX);
}

static void set_init(lua_State *L, int index, void *data)
{
    take(L, index, data, ON_INIT, "weft.cc init");
}

static void set_on_ack(lua_State *L, int index, void *data)
{
    take(L, index, data, ON_ACK, "weft.cc on_ack");
}

static void set_on_loss(lua_State *L, int index, void *data)
{
    take(L, index, data, ON_LOSS, "weft.cc on_loss");
}

static void set_on_rto(lua_State *L, int index, void *data)
{
    take(L, index, data, ON_RTO, "weft.cc on_rto");
}

static const struct bind_option cc_rows[] = {
    { "init", "function", "", "init(cc): a connection is established, at either end", set_init },
    { "on_ack", "function", "required",
      "on_ack(cc, ack): outside of recovery, an ACK delivered something; the window may grow",
      set_on_ack },
    { "on_loss", "function", "half of the window",
      "on_loss(cc): packets were lost, or marked, for the first time in this window; returns the "
      "new threshold, towards which the window goes down",
      set_on_loss },
    { "on_rto", "function", "",
      "on_rto(cc): after on_loss, the retransmission timer expired; the window, which is still the "
      "old one, will be one packet; may return another threshold",
      set_on_rto },
    BIND_OPTIONS_END,
};

const struct bind_options bind_cc_options = { .what = "weft.cc", .options = cc_rows };

static void check_new(lua_State *L, const struct bind *bind, const char *name)
{
    bool taken = cc_find_among(bind->options->ccs, name) != NULL;

    for (guint i = 0; i < bind->ccs->len; i++)
        taken = taken || strcmp(((const struct definition *)bind->ccs->pdata[i])->name, name) == 0;
    if (taken)
        bind_fail(L, "weft.cc: there is a congestion control \"%s\" already; take another name",
                  name);
}

static int weft_cc(lua_State *L, struct bind_object *self)
{
    struct bind *bind = bind_of(L);
    const char *name = bind_check_name(L, 1, "weft.cc: the name");
    struct bind_options options = bind_cc_options;
    GError *error = NULL;

    if (strlen(name) > 15)
        bind_fail(L, "weft.cc \"%s\": a name has at most 15 letters (as TCP_CONGESTION)", name);
    check_new(L, bind, name);
    struct definition *d = g_new0(struct definition, 1);
    d->name = g_strdup(name);
    for (int i = 0; i < FUNCTIONS; i++)
        d->functions[i] = LUA_NOREF;
    g_ptr_array_add(bind->ccs, d);
    options.data = d;
    bind_read_options(L, 2, &options, 0);
    if (d->functions[ON_ACK] == LUA_NOREF)
        bind_fail(L, "weft.cc \"%s\": it has no on_ack, so that its window would never grow", name);
    for (guint i = 0; i < bind->nets->len; i++)
        if (!join(bind->nets->pdata[i], d, &error))
            bind_throw(L, "weft.cc:", error);
    return 0;
}

const struct bind_method bind_weft_cc[] = {
    { "cc", weft_cc, 2, 2, "weft.cc(name, { init =, on_ack =, on_loss =, on_rto = })",
      "a congestion control in Lua; traffic uses it by its name" },
    BIND_METHODS_END,
};

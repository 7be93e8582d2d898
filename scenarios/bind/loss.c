#include "scenarios/bind/loss.h"

#include <string.h>

#include "scenarios/bind/packet.h"
#include "scenarios/bind/value.h"

static void impairs_free(gpointer data)
{
    struct bind_impairs *impairs = data;

    g_free((uint64_t *)impairs->config.numbers);
    g_free(impairs);
}

GHashTable *bind_directions_new(void)
{
    return g_hash_table_new_full(NULL, NULL, NULL, impairs_free);
}

struct bind_impairs *bind_impairs_of(struct bind_net *net, struct iface *iface)
{
    struct bind_impairs *impairs = g_hash_table_lookup(net->directions, iface);

    if (!impairs) {
        impairs = g_new0(struct bind_impairs, 1);
        impairs->net = net;
        impairs->iface = iface;
        impairs->predicate = LUA_NOREF;
        impairs->config.loss_bad = 1;
        g_hash_table_insert(net->directions, iface, impairs);
    }
    return impairs;
}

/* ---- loss ---------------------------------------------------------------------------------- */

static void forget_loss(lua_State *L, struct bind_impairs *impairs)
{
    struct impair_config *config = &impairs->config;

    g_free((uint64_t *)config->numbers);
    config->numbers = NULL;
    config->n_numbers = 0;
    config->every = 0;
    config->loss = 0;
    config->burst = false;
    luaL_unref(L, LUA_REGISTRYINDEX, impairs->predicate);
    impairs->predicate = LUA_NOREF;
    config->predicate = NULL;
}

static gint ascending(gconstpointer a, gconstpointer b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* { packets = { 3, 7 } }, counted from 1. */
static void set_packets(lua_State *L, int index, void *data)
{
    struct bind_impairs *impairs = data;

    if (!lua_istable(L, index))
        bind_refuse(L, index, "link loss packets", "a list of packet numbers, from 1 on");
    size_t n = lua_rawlen(L, index);
    uint64_t *numbers = lua_newuserdatauv(L, (n + 1) * sizeof *numbers, 0);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, index, (lua_Integer)i + 1);
        numbers[i] = (uint64_t)bind_whole(L, -1, "link loss packets", 1, INT64_MAX);
        lua_pop(L, 1);
    }
    qsort(numbers, n, sizeof *numbers, ascending);
    impairs->config.numbers = g_memdup2(numbers, n * sizeof *numbers);
    impairs->config.n_numbers = n;
    lua_pop(L, 1);
}

/* The classic parameters of Gilbert and Elliott, and two that are easier to think of. */
struct burst_options {
    double rate, length, p, r, good, bad;
};

#define BURST(member) offsetof(struct burst_options, member)

static const struct param burst_params[] = {
    { "rate", PARAM_FRACTION, BURST(rate), NULL, 0, 0, "share of packets lost in the long run",
      NULL },
    { "length", PARAM_NUMBER, BURST(length), NULL, 1, 1e9,
      "mean number of packets that a bad state lasts", NULL },
    { "p", PARAM_FRACTION, BURST(p), NULL, 0, 0, "probability of going from good to bad", NULL },
    { "r", PARAM_FRACTION, BURST(r), NULL, 0, 0, "probability of going from bad to good", NULL },
    { "good", PARAM_FRACTION, BURST(good), "0%", 0, 0, "loss in the good state", NULL },
    { "bad", PARAM_FRACTION, BURST(bad), "100%", 0, 0, "loss in the bad state", NULL },
    PARAM_END,
};

const struct bind_options bind_burst_options = { .what = "link loss burst",
                                                 .params = burst_params };

/* With rate and length: r is 1/length, and the share p/(p+r) of bad states follows from the rate,
 * which is the mean of both states' losses. */
static void burst_from_rate(lua_State *L, struct burst_options *o)
{
    double share = (o->rate - o->good) / (o->bad - o->good);

    if (!(o->good <= o->rate && o->rate < o->bad))
        bind_fail(L, "link loss burst: the rate must lie between the losses of the states, good "
                     "and bad");
    o->r = 1 / o->length;
    o->p = share / (1 - share) * o->r;
    if (o->p > 1)
        bind_fail(L, "link loss burst: bursts of this mean length cannot lose so much");
}

static void set_burst(lua_State *L, int index, void *data)
{
    struct impair_config *config = &((struct bind_impairs *)data)->config;
    struct burst_options o = { .rate = -1, .length = -1, .p = -1, .r = -1, .good = 0, .bad = 1 };
    struct bind_options options = bind_burst_options;

    options.base = &o;
    bind_read_options(L, index, &options, 0);
    bool by_rate = o.rate >= 0 && o.length >= 0, by_chain = o.p >= 0 && o.r >= 0;
    if (by_rate == by_chain || (by_rate && (o.p >= 0 || o.r >= 0)) ||
        (by_chain && (o.rate >= 0 || o.length >= 0)))
        bind_fail(L, "link loss burst: give rate and length, or p and r");
    if (by_rate)
        burst_from_rate(L, &o);
    config->burst = true;
    config->good_to_bad = o.p;
    config->bad_to_good = o.r;
    config->loss_good = o.good;
    config->loss_bad = o.bad;
}

static void set_every(lua_State *L, int index, void *data)
{
    ((struct bind_impairs *)data)->config.every =
        (uint64_t)bind_whole(L, index, "link loss every", 1, INT64_MAX);
}

static void set_rate(lua_State *L, int index, void *data)
{
    ((struct bind_impairs *)data)->config.loss = bind_fraction(L, index, "link loss rate");
}

static const struct bind_option loss_options[] = {
    { "rate", "fraction", "", "each packet is lost with this probability", set_rate },
    { "every", "whole number", "", "each n-th packet is lost", set_every },
    { "packets", "list", "", "the packets of these numbers are lost, from 1 on", set_packets },
    { "burst", "table", "", "Gilbert-Elliott: losses come in bursts", set_burst },
    BIND_OPTIONS_END,
};

const struct bind_options bind_loss_options = { .what = "link loss", .options = loss_options };

static void set_predicate(lua_State *L, int index, struct bind_impairs *impairs)
{
    lua_pushvalue(L, index);
    impairs->predicate = luaL_ref(L, LUA_REGISTRYINDEX);
    impairs->config.predicate = bind_packet_predicate;
    impairs->config.predicate_data = impairs;
}

void bind_set_loss(lua_State *L, int index, struct bind_impairs *impairs)
{
    struct bind_options options = bind_loss_options;

    forget_loss(L, impairs);
    switch (lua_type(L, index)) {
    case LUA_TFUNCTION:
        set_predicate(L, index, impairs);
        break;
    case LUA_TTABLE:
        options.data = impairs;
        bind_read_options(L, index, &options, 0);
        break;
    case LUA_TNUMBER:
    case LUA_TSTRING:
        impairs->config.loss = bind_fraction(L, index, "link loss");
        break;
    default:
        bind_refuse(L, index, "link loss",
                    "a fraction, { every = n }, { packets = {...} }, { burst = {...} } or a "
                    "function");
    }
    impairs->changed = true;
}

/* ---- jitter and reorder -------------------------------------------------------------------- */

struct jitter_options {
    sim_time delay;
    int dist;
    bool reorder;
};

static const char *const dists[] = { "uniform", "normal", "exponential", "pareto", NULL };

static const struct param jitter_params[] = {
    { "delay", PARAM_TIME, offsetof(struct jitter_options, delay), NULL, 0, LINK_DELAY_MAX,
      "scale of the extra delay: the greatest of uniform, the deviation of normal, the mean of the "
      "others",
      NULL },
    { "dist", PARAM_ENUM, offsetof(struct jitter_options, dist), "uniform", 0, 0,
      "its distribution", dists },
    { "reorder", PARAM_BOOL, offsetof(struct jitter_options, reorder), "no", 0, 0,
      "packets may overtake; else each waits for the one before it", NULL },
    PARAM_END,
};

const struct bind_options bind_jitter_options = { .what = "link jitter", .params = jitter_params };

void bind_set_jitter(lua_State *L, int index, struct bind_impairs *impairs)
{
    struct jitter_options o = { 0 };
    struct bind_options options = bind_jitter_options;

    options.base = &o;
    if (lua_istable(L, index))
        bind_read_options(L, index, &options, 0);
    else
        o.delay = bind_time(L, index, "link jitter");
    if (o.delay > LINK_DELAY_MAX * SIM_S)
        bind_fail(L, "link jitter: more than a day, which is the longest delay");
    impairs->config.jitter = o.delay;
    impairs->config.jitter_dist = (enum impair_dist)o.dist;
    impairs->config.jitter_reorders = o.reorder;
    impairs->changed = true;
}

struct reorder_options {
    double rate;
    sim_time delay;
};

static const struct param reorder_params[] = {
    { "rate", PARAM_FRACTION, offsetof(struct reorder_options, rate), NULL, 0, 0,
      "share of packets that are held back", NULL },
    { "delay", PARAM_TIME, offsetof(struct reorder_options, delay), NULL, 0, LINK_DELAY_MAX,
      "how long; the packets behind go on", NULL },
    PARAM_END,
};

const struct bind_options bind_reorder_options = {
    .what = "link reorder",
    .params = reorder_params,
};

void bind_set_reorder(lua_State *L, int index, struct bind_impairs *impairs)
{
    struct reorder_options o = { 0 };
    struct bind_options options = bind_reorder_options;

    options.base = &o;
    bind_read_options(L, index, &options, 0);
    if (o.rate > 0 && o.delay == 0)
        bind_fail(L, "link reorder: say how long packets are held back, "
                     "{ rate = \"1%%\", delay = \"5ms\" }");
    impairs->config.reorder = o.rate;
    impairs->config.reorder_delay = o.delay;
    impairs->changed = true;
}

/* ---- Applying ------------------------------------------------------------------------------ */

void bind_impairs_apply(struct bind_impairs *impairs)
{
    struct link_tx *tx = &impairs->iface->tx;
    const char *direction = impairs->iface->drops.name;

    if (!impairs->changed)
        return;
    impairs->changed = false;
    char *name = impairs->changes++ ? g_strdup_printf("%s/%u", direction, impairs->changes)
                                    : g_strdup(direction);
    link_set_impair(tx, impair_new(&impairs->config, tx->sim->seed, name));
    g_free(name);
}

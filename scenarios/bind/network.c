#include "scenarios/bind/network.h"

#include <string.h>

#include "scenarios/bind/cc.h"
#include "scenarios/bind/judge.h"
#include "scenarios/bind/library.h"
#include "scenarios/bind/link.h"
#include "scenarios/bind/listen.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/process.h"
#include "scenarios/bind/time.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"
#include "scenarios/results/relseq.h"
#include "sim/hash.h"

/* ---- Names --------------------------------------------------------------------------------- */

/* Letters of any script, and what marks them. */
static bool is_letter(gunichar c)
{
    return g_unichar_isalnum(c) || (c >= 0x80 && g_unichar_ismark(c));
}

/* Names go into file names, csv and plots. */
static bool is_good_name(const char *name)
{
    if (!g_utf8_validate(name, -1, NULL) || !g_unichar_isalnum(g_utf8_get_char(name)))
        return false;
    for (; *name; name = g_utf8_next_char(name))
        if (!is_letter(g_utf8_get_char(name)) && !strchr("._-+@", *name))
            return false;
    return true;
}

const char *bind_check_name(lua_State *L, int index, const char *what)
{
    const char *name = bind_string(L, index, what);

    if (!is_good_name(name) || strlen(name) > 100)
        bind_fail(L,
                  "%s \"%s\": use letters, digits and . _ - + @ (it becomes a file's name), a "
                  "letter or digit first, at most 100",
                  what, name);
    return name;
}

/* ---- Callbacks ----------------------------------------------------------------------------- */

static const char key_pending = 0;

bool bind_net_call(struct bind_net *net, const char *what, int nargs, int nresults)
{
    struct bind *bind = net->bind;
    struct bind_net *before = bind->current;

    if (net->failed) { /* one error is enough */
        lua_pop(bind->running, nargs + 1);
        return false;
    }
    bind->current = net;
    bool ok = bind_call_back(bind, what, nargs, nresults);
    bind->current = before;
    if (!ok)
        bind_net_raise(net, bind->running);
    return ok;
}

void bind_net_raise(struct bind_net *net, lua_State *L)
{
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_pending);
    net->failed = true;
    sim_stop(net->net->sim);
}

int bind_net_resume(struct bind_net *net, lua_State *thread, const char *what, int nargs)
{
    struct bind *bind = net->bind;
    struct bind_net *before = bind->current;

    bind->current = net;
    int status = bind_resume(bind, thread, what, nargs);
    bind->current = before;
    if (status != LUA_OK && status != LUA_YIELD)
        bind_net_raise(net, thread);
    return status;
}

void bind_net_rethrow(lua_State *L, struct bind_net *net)
{
    if (!net->failed)
        return;
    net->failed = false;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_pending);
    lua_error(L);
}

struct bind_net *bind_net_current(lua_State *L, const char *what)
{
    struct bind *bind = bind_of(L);

    if (!bind->current)
        bind_fail(L, "%s: there is no network yet; weft.network() makes one", what);
    return bind->current;
}

/* ---- Life ---------------------------------------------------------------------------------- */

void bind_net_close(struct bind_net *net)
{
    bind_judge_end(net);
    report_close_network(net->report);
}

void bind_net_free(struct bind_net *net)
{
    bind_time_fini(net);
    bind_process_fini(net);
    g_hash_table_destroy(net->directions);
    g_hash_table_destroy(net->listeners);
    bind_judge_fini(net);
    if (net->relseq)
        relseq_free(net->relseq);
    g_free(net->look);
    network_free(net->net);
    bind_ccs_leave(net);
    pool_fini(&net->calls);
    g_free(net);
}

static struct bind_net *net_new(struct bind *bind, const char *name, uint64_t seed)
{
    struct bind_net *net = g_new0(struct bind_net, 1);

    net->bind = bind;
    net->net = network_new(name, seed);
    net->directions = bind_directions_new();
    net->listeners = g_hash_table_new_full(NULL, NULL, NULL, bind_listeners_free);
    net->checks = g_ptr_array_new();
    net->ccs = g_ptr_array_new_with_free_func(g_free);
    bind_time_init(net);
    bind_process_init(net);
    g_ptr_array_add(bind->nets, net);
    bind->current = net;
    return net;
}

/* ---- weft.network -------------------------------------------------------------------------- */

struct network_options {
    const char *name;
    int64_t seed;
    sim_time rtt;
};

static const struct param network_params[] = {
    { "rtt", PARAM_TIME, offsetof(struct network_options, rtt), NULL, 0, 0,
      "the round-trip time of its paths, for queues of \"1bdp\"", NULL },
    { "seed", PARAM_INT, offsetof(struct network_options, seed), NULL, 0, 0x1p53,
      "of its randomness; default: the run's, with which it is combined if weft run has --seed",
      NULL },
    PARAM_END,
};

static void set_name(lua_State *L, int index, void *data)
{
    static const char *const files[] = { ".json", ".csv", ".pcap", ".gp", ".png", ".svg" };
    const char *name = bind_check_name(L, index, "network name");

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (g_str_has_suffix(name, files[i]))
            bind_fail(L, "network name \"%s\": it becomes a folder's name; leave out %s", name,
                      files[i]);
    ((struct network_options *)data)->name = name;
}

static const struct bind_option network_extra[] = {
    { "name", "text", "\"network\", \"network-2\", ...",
      "with several networks in a scenario also that of its folder of results", set_name },
    BIND_OPTIONS_END,
};

const struct bind_options bind_network_options = {
    .what = "network",
    .params = network_params,
    .options = network_extra,
};

/* A seed of its own is what the script says, unless the user gave one too: another seed of the run
 * must change every network. */
static uint64_t effective_seed(const struct bind *bind, const struct network_options *o)
{
    if (o->seed < 0)
        return bind->options->seed;
    return bind->options->seed_given ? hash_combine(bind->options->seed, (uint64_t)o->seed)
                                     : (uint64_t)o->seed;
}

static bool is_taken(const struct bind *bind, const char *name)
{
    for (guint i = 0; i < bind->nets->len; i++)
        if (strcmp(((struct bind_net *)bind->nets->pdata[i])->net->name, name) == 0)
            return true;
    return false;
}

static const char *default_name(lua_State *L)
{
    struct bind *bind = bind_of(L);
    const char *name = "network";

    for (int n = 2; is_taken(bind, name); n++)
        name = lua_pushfstring(L, "network-%d", n);
    return name;
}

static int weft_network(lua_State *L, struct bind_object *self)
{
    struct bind *bind = bind_of(L);
    struct network_options o = { .seed = -1 };
    struct bind_options options = bind_network_options;
    GError *error = NULL;

    options.base = options.data = &o;
    bind_read_options(L, 1, &options, 0);
    if (!o.name)
        o.name = default_name(L);
    if (is_taken(bind, o.name))
        bind_fail(L,
                  "weft.network: the name \"%s\" is used already; each network of a scenario "
                  "has its own",
                  o.name);
    struct bind_net *net = net_new(bind, o.name, effective_seed(bind, &o));
    net->net->rtt = o.rtt;
    if (!(net->report = report_add_network(bind->report, net->net, &error)))
        bind_throw(L, "weft.network", error);
    bind_ccs_join(L, net);
    bind_push(L, &bind_network_class, net, net);
    return 1;
}

const struct bind_method bind_weft_network[] = {
    { "network", weft_network, 0, 1, "weft.network([{ name =, seed =, rtt = }])",
      "a new network; a scenario may have several" },
    BIND_METHODS_END,
};

/* ---- Methods ------------------------------------------------------------------------------- */

static struct bind_net *net_of(struct bind_object *self)
{
    return self->model;
}

static int network_autoroute(lua_State *L, struct bind_object *self)
{
    static const char *const words[] = { "initial", "live", "off", NULL };
    struct network *net = net_of(self)->net;

    net->autoroute =
        (enum autoroute)bind_word(L, 1, "net:autoroute: when to compute routes", words);
    net->stale = true;
    if (net->sim->now > 0)
        network_prepare(net);
    return 0;
}

static int network_now(lua_State *L, struct bind_object *self)
{
    lua_pushnumber(L, simtime_seconds(net_of(self)->net->sim->now));
    return 1;
}

static const struct bind_method network_methods[] = {
    { "host", bind_network_host, 1, 2, "net:host(name [, { sysctl = {...} }])", "a host" },
    { "router", bind_network_router, 1, 2, "net:router(name [, { sysctl = {...} }])",
      "a router: a node that forwards" },
    { "switch", bind_network_switch, 1, 2, "net:switch(name [, { ageing =, vlan =, ... }])",
      "a switch: a node that forwards frames by their addresses" },
    { "hub", bind_network_hub, 1, 2, "net:hub(name)",
      "a hub: its stations share one wire, half duplex, and their frames collide" },
    { "link", bind_network_link, 2, 3, "net:link(a, b [, { rate =, delay =, ... }])",
      "a full-duplex link between two nodes; each gets one interface more" },
    { "at", bind_network_at, 2, 2, "net:at(time, fn)", "calls fn at an absolute time" },
    { "after", bind_network_after, 2, 2, "net:after(span, fn)", "calls fn so long from now" },
    { "every", bind_network_every, 2, 3, "net:every(span, fn [, { start =, stop = }])",
      "calls fn again and again" },
    { "run", bind_network_run, 1, 1, "net:run(time)",
      "runs to an absolute time, or with net:run{ stop_when =, max = } until something is true; "
      "returns the reason for which it ended" },
    { "autoroute", network_autoroute, 1, 1, "net:autoroute(\"initial\" | \"live\" | \"off\")",
      "when shortest-path routes are computed: before the first run, whenever a link goes up or "
      "down, or never" },
    { "plot", bind_network_plot, 1, 1, "net:plot{ metric, ..., of =, between =, style =, name = }",
      "plots recorded metrics over time, a panel for each" },
    { "show", bind_network_show, 1, 2, "net:show(what [, node])",
      "prints tables of the nodes, and returns the text: \"routes\", \"arp\", \"fdb\", \"stp\", "
      "\"groups\", \"lldp\", \"bond\", \"sockets\", \"qdisc\", \"links\"" },
    { "now", network_now, 0, 0, "net:now()", "the simulated time in seconds" },
    BIND_METHODS_END,
};

static void get_name(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, net_of(self)->net->name);
}

static const struct bind_property network_properties[] = {
    { "name", get_name, NULL, "its name" },
    BIND_PROPERTIES_END,
};

static const char *network_title(struct bind_object *self)
{
    const char *name = net_of(self)->net->name;

    return strcmp(name, "network") == 0 ? NULL : name;
}

/* Traffic from the registry, topologies from the library. */
static bool network_lookup(lua_State *L, struct bind_object *self, const char *name)
{
    return bind_traffic_lookup(L, self, name) || bind_library_lookup(L, "network", name);
}

static void network_words(struct bind_object *self, GPtrArray *words)
{
    bind_traffic_words(self, words);
    bind_library_words(self->net->bind->L, "network", words);
}

const struct bind_class bind_network_class = {
    .name = "network",
    .doc = "nodes, links and traffic in one simulation, from weft.network",
    .methods = network_methods,
    .properties = network_properties,
    .lookup = network_lookup,
    .words = network_words,
    .title = network_title,
};

#include "scenarios/bind/link.h"

#include "scenarios/bind/iface.h"
#include "scenarios/bind/loss.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/queue.h"
#include "scenarios/bind/value.h"

/* ---- What is set of a direction ------------------------------------------------------------ */

struct direction {
    struct iface *iface;
    struct bind_net *net;
    uint64_t rate;
    sim_time delay;
    uint32_t mtu;
    double ber, duplicate;
};

#define FIELD(member) offsetof(struct direction, member)

static const struct param direction_params[] = {
    { "rate", PARAM_RATE, FIELD(rate), "1Gbps", 1, 1e15, "bits per second on the wire", NULL },
    { "delay", PARAM_TIME, FIELD(delay), "0s", 0, LINK_DELAY_MAX, "propagation delay", NULL },
    { "mtu", PARAM_U32, FIELD(mtu), "1500", 68, 65535, "bytes of the largest IP datagram", NULL },
    { "ber", PARAM_FRACTION, FIELD(ber), "0%", 0, 0,
      "bit error rate; the receiver's check sequence drops damaged frames", NULL },
    { "duplicate", PARAM_FRACTION, FIELD(duplicate), "0%", 0, 0,
      "share of packets that arrive twice", NULL },
    PARAM_END,
};

static struct bind_impairs *impairs_of(void *data)
{
    struct direction *d = data;

    return bind_impairs_of(d->net, d->iface);
}

static void set_loss(lua_State *L, int index, void *data)
{
    bind_set_loss(L, index, impairs_of(data));
}

static void set_jitter(lua_State *L, int index, void *data)
{
    bind_set_jitter(L, index, impairs_of(data));
}

static void set_reorder(lua_State *L, int index, void *data)
{
    bind_set_reorder(L, index, impairs_of(data));
}

static void apply(struct direction *d)
{
    struct link_tx *tx = &d->iface->tx;
    struct bind_impairs *impairs = g_hash_table_lookup(d->net->directions, d->iface);

    if (d->rate != tx->rate_bps)
        link_set_rate(tx, d->rate);
    if (d->delay != tx->delay)
        link_set_delay(tx, d->delay);
    d->iface->ip.mtu = d->mtu;
    if (!impairs && (d->ber > 0 || d->duplicate > 0))
        impairs = bind_impairs_of(d->net, d->iface);
    if (!impairs)
        return;
    impairs->changed |= impairs->config.ber != d->ber || impairs->config.duplicate != d->duplicate;
    impairs->config.ber = d->ber;
    impairs->config.duplicate = d->duplicate;
    bind_impairs_apply(impairs);
}

/* The last of the options: sizes in bdp and packets depend on rate and MTU. */
static void set_queue(lua_State *L, int index, void *data)
{
    struct direction *d = data;

    apply(d);
    link_set_buffer(&d->iface->tx, bind_queue_read(L, index, d->iface));
}

static const struct bind_option direction_extra[] = {
    { "loss", "fraction, table or function", "0",
      "\"1%\", { every = 100 }, { packets = { 3, 7 } }, { burst = {...} }, or a function of the "
      "packet that returns true to lose it",
      set_loss },
    { "jitter", "time or table", "0s", "extra delay, at random: a time, or { delay =, dist = }",
      set_jitter },
    { "reorder", "table", "", "{ rate =, delay = }: some packets are held back", set_reorder },
    { "queue", "text or table", "\"pfifo limit 1000\"",
      "the queueing discipline in tc's words, or a size: \"100pkts\", \"64KiB\", \"1bdp\"",
      set_queue },
    BIND_OPTIONS_END,
};

const struct bind_options bind_direction_options = {
    .what = "link",
    .params = direction_params,
    .options = direction_extra,
};

static void set_direction(lua_State *L, int index, struct bind_net *net, struct iface *iface,
                          const char *which, const struct bind_options *also)
{
    struct bind_impairs *impairs = g_hash_table_lookup(net->directions, iface);
    struct direction d = {
        .iface = iface,
        .net = net,
        .rate = iface->tx.rate_bps,
        .delay = iface->tx.delay,
        .mtu = iface->ip.mtu,
        .ber = impairs ? impairs->config.ber : 0,
        .duplicate = impairs ? impairs->config.duplicate : 0,
    };
    struct bind_options options = bind_direction_options;

    options.base = options.data = &d;
    options.direction = which;
    options.also = also;
    bind_read_options(L, index, &options, 0);
    apply(&d);
}

/* ---- What is set of a link as a whole ------------------------------------------------------ */

static const struct param link_params[] = {
    { "rtt", PARAM_TIME, offsetof(struct link, rtt), NULL, 0, 0,
      "the round-trip time of the paths over it, for queues of \"1bdp\"; default: the network's",
      NULL },
    PARAM_END,
};

static void set_end_address(lua_State *L, int index, struct iface *iface, const char *end)
{
    if (lua_getfield(L, index, end) != LUA_TNIL)
        bind_iface_set_address(L, -1, iface);
    lua_pop(L, 1);
}

static void set_ip(lua_State *L, int index, void *data)
{
    struct link *link = data;

    if (!lua_istable(L, index))
        bind_refuse(L, index, "link ip", "{ a = \"10.0.0.1/24\", b = \"10.0.0.2/24\" }");
    set_end_address(L, index, link->a, "a");
    set_end_address(L, index, link->b, "b");
}

/* Read before there is a link to set it of. */
static void set_nothing(lua_State *L, int index, void *data)
{
}

static const struct bind_option link_extra[] = {
    { "ip", "table", "automatic", "{ a = \"10.0.0.1/24\", b = \"10.0.0.2/24\" }: the addresses",
      set_ip },
    { "name", "text", "\"a-b\", \"a-b-2\", ...", "its name in results", set_nothing },
    BIND_OPTIONS_END,
};

const struct bind_options bind_link_options = {
    .what = "link",
    .params = link_params,
    .options = link_extra,
};

void bind_link_set(lua_State *L, int index, struct bind_net *net, struct link *link,
                   struct iface *iface)
{
    struct bind_options options = bind_link_options;

    if (lua_isnoneornil(L, index))
        return;
    bind_check_not_looking(L, net, "link:set");
    if (!link) {
        set_direction(L, index, net, iface, NULL, NULL);
        return;
    }
    options.base = options.data = link;
    options.also = &bind_direction_options;
    bind_read_options(L, index, &options, 0);
    set_direction(L, index, net, link->a, "ab", &bind_link_options);
    set_direction(L, index, net, link->b, "ba", &bind_link_options);
}

/* ---- net:link ------------------------------------------------------------------------------ */

static const char *link_name(lua_State *L, int index)
{
    if (!lua_istable(L, index))
        return NULL;
    lua_pushliteral(L, "name");
    return lua_rawget(L, index) == LUA_TNIL ? NULL : bind_check_name(L, -1, "link name");
}

int bind_network_link(lua_State *L, struct bind_object *self)
{
    struct bind_net *net = self->model;
    struct node *a = bind_check(L, 1, &bind_node_class, "net:link: the first end")->model;
    struct node *b = bind_check(L, 2, &bind_node_class, "net:link: the second end")->model;
    GError *error = NULL;

    if (a == b)
        bind_fail(L, "net:link: both ends are %s; a link joins two nodes", a->name);
    struct link *link = network_add_link(net->net, a, b, link_name(L, 3), &error);
    if (!link)
        bind_throw(L, "net:link:", error);
    bind_link_set(L, 3, net, link, NULL);
    bind_push(L, &bind_link_class, link, net);
    return 1;
}

/* ---- Methods ------------------------------------------------------------------------------- */

static struct link *link_of(struct bind_object *self)
{
    return self->model;
}

static int link_at(lua_State *L, struct bind_object *self)
{
    struct link *link = link_of(self);
    struct node *node = bind_check(L, 1, &bind_node_class, "link:at: its argument")->model;

    if (node != link->a->node && node != link->b->node)
        bind_fail(L, "link:at: %s joins %s and %s, not %s", link->name, link->a->node->name,
                  link->b->node->name, node->name);
    bind_push_iface(L, self->net, node == link->a->node ? link->a : link->b);
    return 1;
}

static int link_set(lua_State *L, struct bind_object *self)
{
    bind_link_set(L, 1, self->net, link_of(self), NULL);
    return 0;
}

struct down_options {
    bool silent;
};

static const struct param down_params[] = {
    { "silent", PARAM_BOOL, offsetof(struct down_options, silent), "no", 0, 0,
      "the ends do not notice: packets are sent and lost", NULL },
    PARAM_END,
};

const struct bind_options bind_down_options = { .what = "link:down", .params = down_params };

static int link_down(lua_State *L, struct bind_object *self)
{
    struct down_options o = { 0 };
    struct bind_options options = bind_down_options;

    options.base = &o;
    bind_read_options(L, 1, &options, 0);
    bind_check_not_looking(L, self->net, "link:down");
    iface_set_link(link_of(self)->a, o.silent ? LINK_SILENT : LINK_DOWN);
    return 0;
}

static int link_up(lua_State *L, struct bind_object *self)
{
    bind_check_not_looking(L, self->net, "link:up");
    iface_set_link(link_of(self)->a, LINK_UP);
    return 0;
}

static const struct bind_method link_methods[] = {
    { "at", link_at, 1, 1, "link:at(node)", "the interface of this node at the link" },
    { "set", link_set, 1, 1, "link:set{ rate =, delay =, ... }",
      "changes what net:link takes, at once; no packet is lost by it" },
    { "down", link_down, 0, 1, "link:down([{ silent = }])", "cuts the link, both directions" },
    { "up", link_up, 0, 0, "link:up()", "mends it" },
    BIND_METHODS_END,
};

static void get_name(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, link_of(self)->name);
}

static void get_ab(lua_State *L, struct bind_object *self)
{
    bind_push_iface(L, self->net, link_of(self)->a);
}

static void get_ba(lua_State *L, struct bind_object *self)
{
    bind_push_iface(L, self->net, link_of(self)->b);
}

static const struct bind_property link_properties[] = {
    { "name", get_name, NULL, "its name" },
    { "ab", get_ab, NULL, "the direction from the first end to the second: that interface" },
    { "ba", get_ba, NULL, "the direction back" },
    BIND_PROPERTIES_END,
};

static const char *link_title(struct bind_object *self)
{
    return link_of(self)->name;
}

const struct bind_class bind_link_class = {
    .name = "link",
    .doc = "a cable between two nodes, from net:link; figures and records are those of a -> b",
    .base = &bind_port_class,
    .methods = link_methods,
    .properties = link_properties,
    .title = link_title,
};

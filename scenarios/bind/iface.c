#include "scenarios/bind/iface.h"

#include <errno.h>

#include "models/node/topology.h"
#include "scenarios/bind/bond.h"
#include "scenarios/bind/counters.h"
#include "scenarios/bind/figure.h"
#include "scenarios/bind/link.h"
#include "scenarios/bind/lldp.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/queue.h"
#include "scenarios/bind/record.h"
#include "scenarios/bind/switch.h"
#include "scenarios/bind/value.h"

struct iface *bind_iface_of(struct bind_object *self)
{
    return self->class == &bind_link_class ? ((struct link *)self->model)->a : self->model;
}

void bind_push_iface(lua_State *L, struct bind_net *net, struct iface *iface)
{
    bool port = iface->node->kind == NODE_SWITCH && (iface->link || iface->bond);

    bind_push(L, port ? &bind_switch_port_class : &bind_iface_class, iface, net);
}

/* ---- Captures ------------------------------------------------------------------------------ */

struct capture {
    struct capture_options o;
    int direction, point;
};

static const char *const directions[] = { "both", "in", "out", NULL };
static const char *const points[] = { "wire", "host", NULL };

static void set_between(lua_State *L, int index, void *data)
{
    struct capture *c = data;
    struct metric_span span = bind_span(L, index, "capture between");

    c->o.from = span.from;
    c->o.to = span.to;
}

static void set_name(lua_State *L, int index, void *data)
{
    ((struct capture *)data)->o.name = bind_check_name(L, index, "capture name");
}

static void set_filter(lua_State *L, int index, void *data)
{
    ((struct capture *)data)->o.filter = bind_string(L, index, "capture filter");
}

static const struct param capture_params[] = {
    { "direction", PARAM_ENUM, offsetof(struct capture, direction), "both", 0, 0,
      "which packets: leaving the node, arriving, or both", directions },
    { "point", PARAM_ENUM, offsetof(struct capture, point), "wire", 0, 0,
      "as on the wire, or as the host sees packets before its network card cuts them up", points },
    { "snaplen", PARAM_U32, offsetof(struct capture, o.snaplen), "0", 0, CAPTURE_SNAPLEN,
      "bytes kept of each frame; 0: all", NULL },
    { "epoch", PARAM_INT, offsetof(struct capture, o.epoch), "946684800", 0, 4294967295,
      "Unix time at which the simulation starts; default: 2000-01-01", NULL },
    PARAM_END,
};

static const struct bind_option capture_extra[] = {
    { "name", "text", "node-eth1", "of the file, without .pcap", set_name },
    { "filter", "text", "", "only these packets; the language of tcpdump, pcap-filter(7)",
      set_filter },
    { "between", "{ from, to }", "the whole run", "when", set_between },
    BIND_OPTIONS_END,
};

const struct bind_options bind_capture_options = {
    .what = "capture",
    .params = capture_params,
    .options = capture_extra,
};

static int port_capture(lua_State *L, struct bind_object *self)
{
    static const enum tap_direction taps[] = { TAP_BOTH, TAP_IN, TAP_OUT };
    struct capture c = { .o = { .to = SIM_NEVER } };
    struct bind_options options = bind_capture_options;
    struct iface *iface = bind_iface_of(self);
    GError *error = NULL;

    options.base = options.data = &c;
    bind_read_options(L, 1, &options, 0);
    c.o.direction = taps[c.direction];
    c.o.host = c.point == 1;
    if (!report_capture(self->net->report, iface, &c.o, &error))
        bind_throw(L, "", error);
    if (bind_of(L)->options->packets)
        report_print_packets(self->net->report, iface, bind_of(L)->options->packets);
    return 0;
}

/* ---- What interfaces and links have in common ---------------------------------------------- */

static int port_set(lua_State *L, struct bind_object *self)
{
    struct link *link = self->class == &bind_link_class ? self->model : NULL;

    bind_link_set(L, 1, self->net, link, bind_iface_of(self));
    return 0;
}

static const struct bind_method port_methods[] = {
    { "record", bind_record, 1, RECORD_NAMES, "link:record(name, ... [, { every =, between = }])",
      "records metrics into series; by default at each change" },
    { "series", bind_series, 1, 1, "link:series(name)", "what was recorded" },
    { "stats", bind_stats, 0, 1, "link:stats{ between = { from, to } }",
      "the figures over a window" },
    { "capture", port_capture, 0, 1, "link:capture([{ direction =, filter =, ... }])",
      "writes the packets that pass into a pcap file, from now on" },
    { "counters", bind_iface_counters, 0, 0, "link:counters()",
      "a table of the interface's counters, with Linux's names" },
    { "set", port_set, 1, 1, "link:set{ rate =, delay =, ... }",
      "changes what net:link takes, at once; no packet is lost by it" },
    BIND_METHODS_END,
};

static void get_delay(lua_State *L, struct bind_object *self)
{
    lua_pushnumber(L, simtime_seconds(bind_iface_of(self)->tx.delay));
}

static void get_mtu(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, bind_iface_of(self)->ip.mtu);
}

static void get_queue(lua_State *L, struct bind_object *self)
{
    bind_push_queue(L, self->net, bind_iface_of(self));
}

/* The node's own discipline, as tc(8) sets it; net:link{ queue = } is a buffer of the network. */
static void set_queue(lua_State *L, struct bind_object *self, int index)
{
    struct iface *iface = bind_iface_of(self);

    bind_check_not_looking(L, self->net, "link.queue");
    link_set_queue(&iface->tx, bind_queue_read(L, index, iface));
}

static const struct bind_property port_properties[] = {
    { "delay", get_delay, NULL, "propagation delay of the transmit side, seconds" },
    { "mtu", get_mtu, NULL, "bytes of the largest IP datagram" },
    { "queue", get_queue, set_queue,
      "the queueing discipline: its parameters, packets and bytes; what is set is the node's own, "
      "as with "
      "tc(8), not a buffer of the network" },
    BIND_PROPERTIES_END,
};

static const struct metric *port_metrics(struct bind_object *self, void **model)
{
    *model = bind_iface_of(self);
    return iface_metrics;
}

const struct bind_class bind_port_class = {
    .name = "interface",
    .methods = port_methods,
    .properties = port_properties,
    .metrics = port_metrics,
};

/* ---- Interfaces ---------------------------------------------------------------------------- */

static struct iface *iface_of(struct bind_object *self)
{
    return self->model;
}

static void refuse_address(lua_State *L, int error, const char *text, const struct iface *iface)
{
    if (error == EEXIST)
        bind_fail(L, "address %s: %s has it already", text, iface->drops.name);
    bind_fail(
        L, "address %s: no host can have it; 0.x, multicast and 255.255.255.255 are for other uses",
        text);
}

struct address_options {
    bool duplicate;
};

static const struct param address_params[] = {
    { "duplicate", PARAM_BOOL, offsetof(struct address_options, duplicate), "no", 0, 0,
      "another interface may have it, too", NULL },
    PARAM_END,
};

const struct bind_options bind_address_options = { .what = "address", .params = address_params };

static void set_address(lua_State *L, int index, struct iface *iface, bool with_options)
{
    const char *text = bind_string(L, index, "the address");
    struct address_options o = { 0 };
    struct bind_options options = bind_address_options;
    struct network *net = iface->node->net;
    GError *error = NULL;
    ip4 addr;
    int length;

    if (!strchr(text, '/') && !strchr(text, ':'))
        bind_fail(L, "address \"%s\": it has no prefix length; write \"%s/24\"", text, text);
    if (!ip4_parse_prefix(text, &addr, &length, &error))
        bind_throw(L, "", error);
    struct ip_addr wide = ip_addr_of_v4(addr);
    struct iface *other = network_iface_of(net, &wide);
    if (bond_is_member(iface))
        bind_fail(L, "address %s: %s is in a bond; give it to the bond", text, iface->drops.name);
    if (with_options) {
        options.base = &o;
        bind_read_options(L, index + 1, &options, 0);
    }
    if (other && other != iface && !o.duplicate)
        bind_fail(L, "address %s: %s has it already; if that is meant, say { duplicate = true }",
                  text, other->drops.name);
    int code = ip_iface_add_address(&iface->ip, addr, length);
    if (code)
        refuse_address(L, code, text, iface);
    if (!other)
        g_hash_table_insert(net->by_addr, GUINT_TO_POINTER(addr), iface);
    net->stale = true;
}

void bind_iface_set_address(lua_State *L, int index, struct iface *iface)
{
    set_address(L, index, iface, false);
}

static int iface_address(lua_State *L, struct bind_object *self)
{
    set_address(L, 1, iface_of(self), true);
    return 0;
}

static int iface_up(lua_State *L, struct bind_object *self)
{
    bind_check_not_looking(L, self->net, "iface:up");
    iface_set_up(iface_of(self), true);
    return 0;
}

static int iface_down(lua_State *L, struct bind_object *self)
{
    bind_check_not_looking(L, self->net, "iface:down");
    iface_set_up(iface_of(self), false);
    return 0;
}

static const struct bind_method iface_methods[] = {
    { "address", iface_address, 1, 2, "iface:address(\"10.0.0.1/24\" [, { duplicate = }])",
      "gives it an address; the first is the one it sends from" },
    { "up", iface_up, 0, 0, "iface:up()", "switches it on" },
    { "down", iface_down, 0, 0, "iface:down()",
      "switches it off: the link is down and its routes are not used" },
    BIND_METHODS_END,
};

static void get_name(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, iface_of(self)->ip.name);
}

/* An interface that the scenario gave no address gets its automatic one now. */
static void get_ip(lua_State *L, struct bind_object *self)
{
    struct iface *iface = iface_of(self);
    char text[IP_ADDR_TEXT];
    ip4 addr;

    if (!ip_iface_address(&iface->ip, &addr))
        topology_address(self->net->net);
    if (ip_iface_address(&iface->ip, &addr))
        lua_pushstring(L, ip4_format(addr, text));
    else
        lua_pushnil(L);
}

static void get_mac(lua_State *L, struct bind_object *self)
{
    char text[ETH_ADDR_TEXT];

    lua_pushstring(L, eth_addr_format(&iface_of(self)->ip.mac, text));
}

static void get_node(lua_State *L, struct bind_object *self)
{
    bind_push_node(L, self->net, iface_of(self)->node);
}

static void get_link(lua_State *L, struct bind_object *self)
{
    if (iface_of(self)->link)
        bind_push(L, &bind_link_class, iface_of(self)->link, self->net);
    else
        lua_pushnil(L);
}

static void get_peer(lua_State *L, struct bind_object *self)
{
    if (iface_of(self)->peer)
        bind_push_iface(L, self->net, iface_of(self)->peer);
    else
        lua_pushnil(L);
}

static const struct bind_property iface_properties[] = {
    { "name", get_name, NULL, "\"eth1\", \"eth2\", ... on each node" },
    { "ip", get_ip, NULL, "its first address" },
    { "mac", get_mac, NULL, "its Ethernet address" },
    { "node", get_node, NULL, "the node that it belongs to" },
    { "lldp", bind_get_lldp, NULL,
      "what the neighbour says of itself (an entry of node:lldp()); nil if nothing was heard" },
    { "link", get_link, NULL, "the link that it is plugged into; nil if it has none (a VLAN)" },
    { "bond", bind_get_bond, NULL, "the bond that it is or is in; nil if there is none" },
    { "peer", get_peer, NULL, "the interface at the other end; nil if it has no link" },
    BIND_PROPERTIES_END,
};

static const char *iface_title(struct bind_object *self)
{
    return iface_of(self)->drops.name;
}

const struct bind_class bind_iface_class = {
    .name = "interface",
    .doc = "where a node meets a link, from link:at and node:iface",
    .base = &bind_port_class,
    .methods = iface_methods,
    .properties = iface_properties,
    .title = iface_title,
};

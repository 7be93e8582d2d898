#include "scenarios/bind/node.h"

#include <errno.h>

#include "models/node/segment.h"
#include "models/node/topology.h"
#include "models/node/virtual.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/route.h"
#include "scenarios/bind/bond.h"
#include "scenarios/bind/counters.h"
#include "scenarios/bind/group.h"
#include "scenarios/bind/iface.h"
#include "scenarios/bind/lldp.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/snoop.h"
#include "scenarios/bind/socket.h"
#include "scenarios/bind/socklist.h"
#include "scenarios/bind/switch.h"
#include "scenarios/bind/traffic.h"
#include "scenarios/bind/value.h"

static struct node *node_of(struct bind_object *self)
{
    return self->model;
}

void bind_push_node(lua_State *L, struct bind_net *net, struct node *node)
{
    static const struct bind_class *const classes[NODE_KINDS] = {
        [NODE_HOST] = &bind_host_class,
        [NODE_ROUTER] = &bind_router_class,
        [NODE_SWITCH] = &bind_switch_class,
        [NODE_HUB] = &bind_hub_class,
    };

    bind_push(L, classes[node->kind], node, net);
}

/* ---- Sysctls ------------------------------------------------------------------------------- */

/* { 4096, 131072, 33554432 } is "4096 131072 33554432"; pushed. */
static const char *sysctl_text(lua_State *L, int index, const char *name)
{
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
    case LUA_TSTRING:
        return bind_tostring(L, index);
    case LUA_TBOOLEAN:
        return lua_pushstring(L, lua_toboolean(L, index) ? "1" : "0");
    case LUA_TTABLE:
        break;
    default:
        bind_refuse(L, index, name, "a number, a text or a list of numbers");
    }
    lua_pushliteral(L, "");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, index); i++) {
        lua_pushstring(L, i > 1 ? " " : "");
        lua_rawgeti(L, index, i);
        bind_tostring(L, -1);
        lua_remove(L, -2);
        lua_concat(L, 3);
    }
    return lua_tostring(L, -1);
}

static int throw_sysctl(lua_State *L, const struct node *node, GError *error)
{
    const char *what = error->code == WEFT_ERROR_UNKNOWN ? "%s:" : "%s: sysctl";
    return bind_throw(L, lua_pushfstring(L, what, node->name), error);
}

static void set_one(lua_State *L, struct node *node, const char *name, int index)
{
    GError *error = NULL;

    if (!node_sysctl_set(node, name, sysctl_text(L, lua_absindex(L, index), name), &error))
        throw_sysctl(L, node, error);
    lua_pop(L, 1);
}

/* In the order of pairs, so that the first mistake is the same each time. */
static void set_sysctls(lua_State *L, int index, void *data)
{
    if (!lua_istable(L, index))
        bind_refuse(L, index, "sysctl", "a table, { [\"net.ipv4.tcp_sack\"] = 0 }");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &bind_key_words);
    lua_getfield(L, -1, "pairs");
    lua_pushvalue(L, index);
    lua_call(L, 1, 2); /* the step and the table */
    lua_pushnil(L);
    for (;;) {
        lua_pushvalue(L, -3);
        lua_pushvalue(L, -3);
        lua_pushvalue(L, -3);
        lua_call(L, 2, 2);
        if (lua_isnil(L, -2))
            break;
        if (lua_type(L, -2) != LUA_TSTRING)
            bind_fail(L, "sysctl: names are texts, [\"net.ipv4.tcp_sack\"] = 0");
        set_one(L, data, lua_tostring(L, -2), -1);
        lua_pop(L, 1);
        lua_replace(L, -2);
    }
    lua_pop(L, 6);
}

static int push_all_sysctls(lua_State *L, struct node *node)
{
    const char **names = node_sysctl_names();

    lua_newtable(L);
    for (size_t i = 0; names[i]; i++) {
        char *value = node_sysctl_get(node, names[i], NULL);
        lua_pushstring(L, value);
        lua_setfield(L, -2, names[i]);
        g_free(value);
    }
    g_free(names);
    return 1;
}

static int node_sysctl(lua_State *L, struct bind_object *self)
{
    if (lua_isnil(L, 1))
        return push_all_sysctls(L, node_of(self));
    if (lua_istable(L, 1)) {
        set_sysctls(L, 1, node_of(self));
        return push_all_sysctls(L, node_of(self));
    }
    const char *name = bind_string(L, 1, "node:sysctl: the name");
    GError *error = NULL;

    if (!lua_isnil(L, 2))
        set_one(L, node_of(self), name, 2);
    char *value = node_sysctl_get(node_of(self), name, &error);
    if (!value)
        throw_sysctl(L, node_of(self), error);
    lua_pushstring(L, value);
    g_free(value);
    return 1;
}

/* ---- Making nodes -------------------------------------------------------------------------- */

static const struct bind_option node_extra[] = {
    { "sysctl", "table", "Linux's",
      "values of sysctls by their names, { [\"net.ipv4.tcp_sack\"] = 0 }", set_sysctls },
    { "lldp", "yes, no or table", "no", "tells its neighbours who it is, and listens to them",
      bind_set_lldp },
    BIND_OPTIONS_END,
};

const struct bind_options bind_node_options = { .what = "node", .options = node_extra };

struct node *bind_node_new(lua_State *L, struct bind_object *self, enum node_kind kind,
                           const char *what, const struct bind_options *also)
{
    struct bind_net *net = self->model;
    struct bind_options options = bind_node_options;
    GError *error = NULL;
    const char *name = bind_check_name(L, 1, lua_pushfstring(L, "net:%s: the name", what));

    struct node *node = network_add_node(net->net, name, kind, &error);
    if (!node)
        bind_throw(L, lua_pushfstring(L, "net:%s:", what), error);
    options.what = what;
    options.data = node;
    options.also = also;
    bind_read_options(L, 2, &options, 0);
    return node;
}

static int add_node(lua_State *L, struct bind_object *self, enum node_kind kind, const char *what)
{
    bind_push_node(L, self->model, bind_node_new(L, self, kind, what, NULL));
    return 1;
}

int bind_network_host(lua_State *L, struct bind_object *self)
{
    return add_node(L, self, NODE_HOST, "host");
}

int bind_network_router(lua_State *L, struct bind_object *self)
{
    return add_node(L, self, NODE_ROUTER, "router");
}

/* ---- Routes -------------------------------------------------------------------------------- */

struct route_options {
    struct node *node;
    struct ip_via via;
    uint32_t metric, initcwnd;
    int type; /* index into route_types */
};

static const char *const route_types[] = { "unicast", "blackhole", "unreachable", "prohibit",
                                           NULL };
static const uint8_t route_kinds[] = { IP_ROUTE_UNICAST, IP_ROUTE_BLACKHOLE, IP_ROUTE_UNREACHABLE,
                                       IP_ROUTE_PROHIBIT };

/* The first interface of `other` that hears the node's broadcasts, or NULL. */
static struct iface *neighbour(const struct node *node, const struct node *other)
{
    const struct segments *segments = network_segments(node->net);

    for (uint32_t i = 0; i < segments->n; i++) {
        const struct segment *segment = &segments->all[i];
        struct iface *found = NULL;
        bool here = false;
        for (uint32_t j = 0; j < segment->n; j++) {
            here |= segment->members[j]->node == node;
            if (!found && segment->members[j]->node == other)
                found = segment->members[j];
        }
        if (here && found)
            return found;
    }
    return NULL;
}

/* A gateway: its address, or the node or interface that has it. */
static void set_via(lua_State *L, int index, void *data)
{
    struct route_options *o = data;
    struct bind_object *object = bind_to_object(L, index);
    GError *error = NULL;
    struct iface *iface = NULL;

    if (lua_type(L, index) == LUA_TSTRING) {
        if (!ip4_parse(lua_tostring(L, index), &o->via.gateway, &error))
            bind_throw(L, "route via", error);
        return;
    }
    topology_address(o->node->net);
    if (object && bind_is_a(object, &bind_iface_class, NULL))
        iface = object->model;
    if (object && bind_is_a(object, &bind_node_class, NULL))
        iface = neighbour(o->node, object->model);
    if (!iface || !ip_iface_address(&iface->ip, &o->via.gateway))
        bind_refuse(L, index, "route via", "an address, a neighbour or an interface of one");
}

struct iface *bind_find_iface(lua_State *L, int index, struct node *node, const char *what)
{
    struct bind_object *object = bind_to_object(L, index);
    struct iface *iface = NULL;

    if (object && bind_is_a(object, &bind_iface_class, NULL))
        iface = object->model;
    else if (lua_type(L, index) == LUA_TSTRING)
        iface = node_iface(node, lua_tostring(L, index));
    else if (lua_isinteger(L, index) && lua_tointeger(L, index) >= 1 &&
             lua_tointeger(L, index) <= node->n_ifaces)
        iface = node->ifaces[lua_tointeger(L, index) - 1];
    if (!iface || iface->node != node)
        bind_fail(L, "%s: %s has no interface %s; it has %d, from eth1 on", what, node->name,
                  bind_tostring(L, index), (int)node->n_ifaces);
    return iface;
}

static void set_dev(lua_State *L, int index, void *data)
{
    struct route_options *o = data;

    o->via.iface = &bind_find_iface(L, index, o->node, "route dev")->ip;
}

static const struct param route_params[] = {
    { "metric", PARAM_U32, offsetof(struct route_options, metric), "0", 0, 0,
      "of several routes to a prefix the one with the least counts", NULL },
    { "initcwnd", PARAM_U32, offsetof(struct route_options, initcwnd), "0", 0, 65535,
      "initial congestion window of connections over it, packets; 0: TCP's own, 10", NULL },
    { "type", PARAM_ENUM, offsetof(struct route_options, type), "unicast", 0, 0,
      "unicast, or it is refused: blackhole (in silence), unreachable (ICMP host unreachable), "
      "prohibit (ICMP administratively prohibited)",
      route_types },
    PARAM_END,
};

static const struct bind_option route_extra[] = {
    { "via", "address, node or interface", "on the link", "the gateway", set_via },
    { "dev", "interface, name or number", "by the gateway", "the interface to leave by", set_dev },
    BIND_OPTIONS_END,
};

const struct bind_options bind_route_options = {
    .what = "route",
    .params = route_params,
    .options = route_extra,
};

static int node_route(lua_State *L, struct bind_object *self)
{
    struct node *node = node_of(self);
    struct route_options o = { .node = node };
    struct bind_options options = bind_route_options;
    const char *text = bind_string(L, 1, "node:route: the prefix");
    GError *error = NULL;
    ip4 prefix;
    int length;

    if (strcmp(text, "default") == 0) /* as ip-route(8) says it */
        text = "0/0";
    if (!ip4_parse_prefix(text, &prefix, &length, &error))
        bind_throw(L, "node:route:", error);
    options.base = options.data = &o;
    bind_read_options(L, 2, &options, 0);
    bool leads = o.via.gateway || o.via.iface;
    if (leads != (route_kinds[o.type] == IP_ROUTE_UNICAST))
        bind_fail(L,
                  leads ? "node:route: a route of type %s leads nowhere; leave via and dev out"
                        : "node:route: say where to, { via = \"10.0.0.1\" } or { dev = \"eth1\" }",
                  route_types[o.type]);
    topology_address(node->net);
    struct ip_route_spec spec = {
        .prefix = prefix,
        .length = (uint8_t)length,
        .type = route_kinds[o.type],
        .metric = o.metric,
        .initcwnd = o.initcwnd,
        .n_vias = leads,
        .vias = &o.via,
    };
    switch (ip_route_append(&node->ip, &spec)) {
    case 0:
        return 0;
    case ENETUNREACH:
        bind_fail(L, "node:route %s: the gateway is on no link of %s", text, node->name);
    default:
        bind_fail(L, "node:route %s: it cannot be added to %s", text, node->name);
    }
}

/* ---- The objects --------------------------------------------------------------------------- */

static int get_iface(lua_State *L, struct bind_object *self)
{
    bind_push_iface(L, self->net, bind_find_iface(L, 1, node_of(self), "node:iface"));
    return 1;
}

/* Of a host or router: on its only interface, if none is named. */
static int node_vlan(lua_State *L, struct bind_object *self)
{
    struct node *node = node_of(self);
    uint16_t vid = bind_vid(L, 1, "node:vlan");
    struct iface *lower = NULL;
    GError *error = NULL;

    bind_check_not_looking(L, self->net, "node:vlan");
    if (node->ops->bridges && !lua_isnil(L, 2))
        bind_fail(L,
                  "node:vlan: a switch is in a VLAN with all its ports; leave the interface out");
    if (!node->ops->bridges && lua_isnil(L, 2) && !node_only_iface(node))
        bind_fail(L, "node:vlan: %s has %d interfaces; say on which, node:vlan(%d, 1)", node->name,
                  (int)node->n_ifaces, vid);
    if (!lua_isnil(L, 2))
        lower = bind_find_iface(L, 2, node, "node:vlan");
    else if (!node->ops->bridges)
        lower = node_only_iface(node);
    if (lower && bond_is_member(lower))
        bind_fail(L, "node:vlan: %s is in a bond; put VLANs onto the bond", lower->drops.name);
    struct iface *iface = virtual_add(node, lower, vid, &error);
    if (!iface)
        bind_throw(L, "node:vlan:", error);
    bind_push_iface(L, self->net, iface);
    return 1;
}

static int node_arp(lua_State *L, struct bind_object *self)
{
    struct node *node = node_of(self);
    struct eth_addr mac = bind_mac(L, 2, "node:arp: the Ethernet address");
    GError *error = NULL;
    ip4 addr;

    bind_check_not_looking(L, self->net, "node:arp");
    if (!ip4_parse(bind_string(L, 1, "node:arp: the address"), &addr, &error))
        bind_throw(L, "node:arp:", error);
    topology_address(node->net);
    for (struct ip_iface *iface = node->ip.ifaces; iface; iface = iface->next)
        if (ip_iface_onlink(iface, addr)) {
            neigh_set_permanent(iface, addr, &mac);
            return 0;
        }
    bind_fail(L, "node:arp: %s is in no subnet of %s", bind_tostring(L, 1), node->name);
}

static const struct bind_method methods[] = {
    { "arp", node_arp, 2, 2, "node:arp(address, mac)",
      "sets the Ethernet address of a neighbour for good: no question, no answer changes it" },
    { "bond", bind_node_bond, 1, 1, "node:bond{ ports = {...}, mode =, ... }",
      "one more interface, by which several links are used as one; on a switch a port" },
    { "vlan", node_vlan, 1, 2, "node:vlan(vlan [, interface])",
      "one more interface, in a VLAN: of a host or router by tagged frames on an interface that it "
      "has, of a switch by the switch itself, which routes between them if it has several" },
    { "join", bind_node_join, 1, 2, "node:join(group [, interface])",
      "receives datagrams to a multicast group, which IGMP tells the neighbours" },
    { "leave", bind_node_leave, 1, 2, "node:leave(group [, interface])", "does so no more" },
    { "querier", bind_node_querier, 0, 1, "node:querier([{ dev =, vlan =, address =, ... }])",
      "asks for members of multicast groups: a router at an interface, a switch in a VLAN" },
    { "lldp", bind_node_lldp, 0, 0, "node:lldp()",
      "what its neighbours say of themselves: a list of { iface =, system =, port =, chassis =, "
      "capabilities =, address =, left =, ... }" },
    { "iface", get_iface, 1, 1, "node:iface(n | name)",
      "its n-th interface, or the one called \"eth1\"" },
    { "route", node_route, 2, 2,
      "node:route(prefix, { via =, dev =, metric =, initcwnd =, type = })",
      "adds a static route; asked again for the same prefix, one more next hop; or one that "
      "refuses, "
      "{ type = \"prohibit\" }" },
    { "sysctl", node_sysctl, 0, 2, "node:sysctl([name [, value]])",
      "sets a sysctl, and returns its value as a text; without a name a table of all; { name = "
      "value, ... } sets several" },
    { "spawn", bind_node_spawn, 1, 9, "node:spawn(fn, ...)",
      "runs fn(...) as a process, in which it may wait: from now on, or from the first net:run" },
    { "connect", bind_node_connect, 1, 3,
      "node:connect(to [, port [, { proto =, sport =, sockopt =, ... }]])",
      "a socket connected to a node, an interface or an address; waits until it is" },
    { "listen", bind_node_listen, 1, 2, "node:listen(port [, { backlog =, proto =, ... }])",
      "a socket that listens, or one for datagrams to this port" },
    { "socket", bind_node_socket, 0, 1, "node:socket([\"tcp\" | \"udp\"])",
      "a socket for s:bind, s:listen and s:connect" },
    { "sockets", bind_node_sockets, 0, 0, "node:sockets()",
      "what its TCP and UDP hold, as ss(8) lists it: a list of { state =, address =, port =, "
      "peer_address =, peer_port =, left = }, left being the time until a TIME_WAIT ends" },
    { "counters", bind_node_counters, 0, 0, "node:counters()",
      "a table of the node's counters, with Linux's names" },
    BIND_METHODS_END,
};

static void get_name(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, node_of(self)->name);
}

static void get_ip(lua_State *L, struct bind_object *self)
{
    struct ip_addr addr;
    char text[IP_ADDR_TEXT];

    if (!node_address(node_of(self), &addr))
        topology_address(self->net->net);
    if (node_address(node_of(self), &addr))
        lua_pushstring(L, ip_addr_format(&addr, text));
    else
        lua_pushnil(L);
}

static const struct bind_property properties[] = {
    { "name", get_name, NULL, "its name" },
    { "ip", get_ip, NULL, "its first address; nil while it has no interface" },
    BIND_PROPERTIES_END,
};

static const char *title(struct bind_object *self)
{
    return node_of(self)->name;
}

const struct bind_class bind_node_class = {
    .name = "node",
    .methods = methods,
    .properties = properties,
    .lookup = bind_node_traffic_lookup,
    .words = bind_node_traffic_words,
    .title = title,
};

const struct bind_class bind_host_class = {
    .name = "host",
    .doc = "an end system, from net:host",
    .base = &bind_node_class,
    .title = title,
};

const struct bind_class bind_router_class = {
    .name = "router",
    .doc = "a node that forwards, from net:router",
    .base = &bind_node_class,
    .title = title,
};

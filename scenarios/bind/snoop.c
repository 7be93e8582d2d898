#include "scenarios/bind/snoop.h"

#include <math.h>

#include "models/node/topology.h"
#include "models/node/virtual.h"
#include "protocols/ip/igmp.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/stp.h"
#include "scenarios/bind/switch.h"
#include "scenarios/bind/value.h"
#include "scenarios/results/table.h"

const struct bind_options bind_snoop_options = {
    .what = "switch",
    .params = snoop_params,
    .also = &bind_node_options,
};

/* ---- net:switch ---------------------------------------------------------------------------- */

static void check_unused(lua_State *L, int index, const struct switch_node *sw)
{
    for (const struct param *p = snoop_params; lua_istable(L, index) && p->name; p++) {
        if (lua_getfield(L, index, p->name) != LUA_TNIL)
            bind_fail(L, "switch %s: %s is an option of snooping; say snooping = true as well",
                      sw->node.name, p->name);
        lua_pop(L, 1);
    }
}

void bind_snoop_start(lua_State *L, int index, struct switch_node *sw, bool on)
{
    struct bind_options options = bind_snoop_options, known = bind_switch_options;
    struct snoop_config config = { 0 };

    if (!on) {
        check_unused(L, index, sw);
        return;
    }
    param_defaults(snoop_params, &config);
    options.base = &config;
    options.also = &known;
    bind_read_options(L, index, &options, 0);
    switch_snoop_start(sw, &config);
}

/* ---- node:querier -------------------------------------------------------------------------- */

struct querier {
    struct igmp_querier_config config;
    struct node *node;
    struct iface *iface;
    uint16_t vid;
    ip4 addr;
};

static void set_dev(lua_State *L, int index, void *data)
{
    struct querier *q = data;

    q->iface = bind_find_iface(L, index, q->node, "node:querier dev");
}

static void set_vlan(lua_State *L, int index, void *data)
{
    ((struct querier *)data)->vid = bind_vid(L, index, "node:querier vlan");
}

static void set_address(lua_State *L, int index, void *data)
{
    struct querier *q = data;
    GError *error = NULL;

    if (!ip4_parse(bind_string(L, index, "node:querier address"), &q->addr, &error))
        bind_throw(L, "node:querier address", error);
}

static const struct bind_option querier_extra[] = {
    { "dev", "interface, name or number", "the only one", "of a router: at which it asks",
      set_dev },
    { "vlan", "VLAN", "1", "of a switch: in which it asks", set_vlan },
    { "address", "address", "the interface's", "of a switch: from which it asks", set_address },
    BIND_OPTIONS_END,
};

const struct bind_options bind_querier_options = {
    .what = "node:querier",
    .params = igmp_querier_params,
    .options = querier_extra,
};

static void ask_by_switch(lua_State *L, struct querier *q)
{
    struct switch_node *sw = switch_of(q->node);
    struct virtual_iface *own;

    if (q->iface)
        bind_fail(L, "node:querier: a switch asks in a VLAN, at all its ports; leave dev out");
    if (!switch_snooped(sw))
        bind_fail(L,
                  "node:querier: %s does not listen to answers; say net:switch(\"%s\", { "
                  "snooping = true })",
                  q->node->name, q->node->name);
    if (q->vid && !sw->vlan_aware)
        bind_fail(L, "node:querier: %s looks at no tags; give its ports rules for VLANs first",
                  q->node->name);
    if (!q->vid)
        q->vid = sw->vlan_aware ? 1 : 0;
    if (!q->addr && (own = virtual_in(q->node, q->vid)))
        ip_iface_address(&own->iface.ip, &q->addr);
    if (!q->addr)
        bind_fail(L,
                  "node:querier: from which address should %s ask? address = \"10.0.0.1\"; the "
                  "lowest one on the link does",
                  q->node->name);
    if (!snoop_ask(switch_snooped(sw), q->vid, q->addr, &q->config))
        bind_fail(L, "node:querier: %s asks in VLAN %d already", q->node->name, (int)q->vid);
}

static void ask_by_router(lua_State *L, struct querier *q)
{
    if (q->vid || q->addr)
        bind_fail(L, "node:querier: vlan and address are for switches; a router asks at an "
                     "interface, from its address: dev = \"eth1\"");
    if (!q->iface)
        q->iface = node_only_iface(q->node);
    if (!q->iface)
        bind_fail(L, "node:querier: %s has %d interfaces; say at which, dev = \"eth1\"",
                  q->node->name, (int)q->node->n_ifaces);
    topology_address(q->node->net);
    if (!igmp_iface_ask(&q->iface->ip, &q->config))
        bind_fail(L, "node:querier: %s asks already, or has no address", q->iface->drops.name);
}

int bind_node_querier(lua_State *L, struct bind_object *self)
{
    struct bind_options options = bind_querier_options;
    struct querier q = { .node = self->model };

    bind_check_not_looking(L, self->net, "node:querier");
    param_defaults(igmp_querier_params, &q.config);
    options.base = options.data = &q;
    bind_read_options(L, 1, &options, 0);
    if (q.node->kind == NODE_SWITCH)
        ask_by_switch(L, &q);
    else
        ask_by_router(L, &q);
    return 0;
}

/* ---- Rows ---------------------------------------------------------------------------------- */

struct entry {
    const char *kind; /* "member", "router", "querier" */
    uint16_t vid;
    ip4 group;                 /* 0: of all */
    const struct iface *iface; /* NULL: the switch itself */
    ip4 querier;               /* who asks */
    sim_time until;            /* SIM_NEVER: not limited */
};

typedef void (*visit_fn)(const struct entry *entry, void *data);

static void each_port(const struct snoop *snoop, const struct node *node, const GArray *ports,
                      struct entry entry, visit_fn visit, void *data)
{
    for (guint i = 0; i < ports->len; i++) {
        const struct snoop_port *port = &g_array_index(ports, struct snoop_port, i);
        if (!snoop_lives(snoop, port))
            continue;
        entry.vid = port->vid;
        entry.iface = node->ifaces[port->port];
        entry.until = port->until;
        visit(&entry, data);
    }
}

static void each_snooped(const struct snoop *snoop, const struct node *node, visit_fn visit,
                         void *data)
{
    for (guint i = 0; i < snoop->groups->len; i++) {
        const struct snoop_group *group = snoop->groups->pdata[i];
        struct entry entry = { .kind = "member", .group = group->addr };
        each_port(snoop, node, group->members, entry, visit, data);
    }
    each_port(snoop, node, snoop->routers, (struct entry){ .kind = "router" }, visit, data);
    for (guint i = 0; i < snoop->queriers->len; i++) {
        const struct snoop_querier *querier = snoop->queriers->pdata[i];
        struct entry entry = { .kind = "querier",
                               .vid = querier->vid,
                               .querier = querier->igmp.elected,
                               .until = SIM_NEVER };
        visit(&entry, data);
    }
}

static void each_joined(const struct ip_iface *ip, visit_fn visit, void *data)
{
    const struct iface *iface = container_of(ip, const struct iface, ip);
    const struct igmp_querier *querier = ip->groups ? ip->groups->querier : NULL;
    struct entry entry = { .iface = iface, .until = SIM_NEVER, .kind = "member" };

    for (const struct ip_group *g = ip->groups ? ip->groups->first : NULL; g; g = g->next) {
        entry.group = g->addr;
        if (g->users > 0)
            visit(&entry, data);
    }
    if (!querier)
        return;
    entry = (struct entry){
        .kind = "querier", .querier = querier->elected, .iface = iface, .until = SIM_NEVER
    };
    visit(&entry, data);
}

static void each_entry(const struct node *node, visit_fn visit, void *data)
{
    for (const struct ip_iface *ip = node->ip.ifaces; ip; ip = ip->next)
        each_joined(ip, visit, data);
    if (node->kind == NODE_SWITCH && switch_snooped(switch_of(node)))
        each_snooped(switch_snooped(switch_of(node)), node, visit, data);
}

/* ---- switch:groups, net:show("groups") ------------------------------------------------------ */

struct entries {
    lua_State *L;
    sim_time now;
    lua_Integer n;
};

static void set_address_field(lua_State *L, const char *name, ip4 addr)
{
    char text[IP_ADDR_TEXT];

    if (!addr)
        return;
    lua_pushstring(L, ip4_format(addr, text));
    lua_setfield(L, -2, name);
}

static void push_entry(const struct entry *entry, void *data)
{
    struct entries *list = data;
    lua_State *L = list->L;

    lua_createtable(L, 0, 6);
    lua_pushstring(L, entry->kind);
    lua_setfield(L, -2, "kind");
    lua_pushinteger(L, entry->vid);
    lua_setfield(L, -2, "vlan");
    set_address_field(L, "group", entry->group);
    set_address_field(L, "querier", entry->querier);
    if (entry->iface) {
        lua_pushinteger(L, (lua_Integer)entry->iface->index + 1);
        lua_setfield(L, -2, "port");
    }
    if (entry->until != SIM_NEVER) {
        lua_pushnumber(L, simtime_seconds(entry->until - list->now));
        lua_setfield(L, -2, "left");
    }
    lua_rawseti(L, -2, ++list->n);
}

int bind_switch_groups(lua_State *L, struct bind_object *self)
{
    struct entries list = { L, self->net->net->sim->now, 0 };

    lua_newtable(L);
    luaL_checkstack(L, 8, NULL);
    each_entry(self->model, push_entry, &list);
    return 1;
}

struct rows {
    struct table *table;
    const struct node *node;
};

static void add_address(struct table *table, ip4 addr)
{
    char text[IP_ADDR_TEXT];

    table_text(table, addr ? ip4_format(addr, text) : NULL);
}

static void add_entry(const struct entry *entry, void *data)
{
    const struct rows *rows = data;

    table_text(rows->table, rows->node->name);
    table_number(rows->table, entry->vid);
    add_address(rows->table, entry->group);
    table_text(rows->table, entry->iface ? entry->iface->ip.name : "self");
    table_text(rows->table, entry->kind);
    add_address(rows->table, entry->querier);
    table_number(rows->table, entry->until == SIM_NEVER
                                  ? NAN
                                  : simtime_seconds(entry->until - rows->node->net->sim->now));
}

void bind_show_groups(struct table *table, struct node *node)
{
    struct rows rows = { table, node };

    each_entry(node, add_entry, &rows);
}

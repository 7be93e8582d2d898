#include "scenarios/bind/switch.h"

#include "scenarios/bind/iface.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/snoop.h"
#include "scenarios/bind/stp.h"
#include "scenarios/bind/value.h"

static struct switch_node *switch_at(struct bind_object *self)
{
    return switch_of(self->model);
}

/* ---- Values -------------------------------------------------------------------------------- */

uint16_t bind_vid(lua_State *L, int index, const char *what)
{
    lua_Integer vid = lua_tointeger(L, index);

    if (!lua_isinteger(L, index) || vid < 1 || vid > VLAN_MAX)
        bind_fail(L,
                  "%s: %s is no VLAN; they are whole numbers from 1 to 4094 (0 marks a tag without "
                  "a VLAN, 4095 is reserved)",
                  what, bind_tostring(L, index));
    return (uint16_t)vid;
}

/* An address as text, or the interface that has it. */
struct eth_addr bind_mac(lua_State *L, int index, const char *what)
{
    struct bind_object *object = bind_to_object(L, index);
    struct eth_addr mac;
    int end = 0;

    if (object && bind_is_a(object, &bind_iface_class, NULL))
        return ((struct iface *)object->model)->ip.mac;
    const char *text = bind_string(L, index, what);
    if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac.b[0], &mac.b[1], &mac.b[2],
               &mac.b[3], &mac.b[4], &mac.b[5], &end) != 6 ||
        text[end])
        bind_fail(L, "%s \"%s\": an Ethernet address is written 02:00:00:00:00:01", what, text);
    return mac;
}

/* ---- net:switch ---------------------------------------------------------------------------- */

struct switch_options {
    struct switch_node *sw;
    sim_time ageing;
    uint32_t capacity;
    int vlan;
    bool cut, snooping;
};

#define FIELD(member) offsetof(struct switch_options, member)

static const char *const vlan_rules[] = { "802.1q", "ovs", NULL };

static const struct param switch_params[] = {
    { "ageing", PARAM_TIME, FIELD(ageing), "300s", 0, 0,
      "time after which a station that was not heard is forgotten; \"never\"", NULL },
    { "capacity", PARAM_U32, FIELD(capacity), "16384", 0, 1e7,
      "stations that the table of addresses has room for", NULL },
    { "vlan", PARAM_ENUM, FIELD(vlan), "802.1q", 0, 0,
      "the rules of ports: the standard's, or those of Open vSwitch", vlan_rules },
    { "cut_through", PARAM_BOOL, FIELD(cut), "no", 0, 0,
      "frames to known stations go on while they still come in, if the way out is no faster",
      NULL },
    { "snooping", PARAM_BOOL, FIELD(snooping), "no", 0, 0,
      "multicasts go only where IGMP tells of members or routers", NULL },
    PARAM_END,
};

const struct bind_options bind_switch_options = {
    .what = "switch",
    .params = switch_params,
    .also = &bind_stp_options,
};

int bind_network_switch(lua_State *L, struct bind_object *self)
{
    struct node *node = bind_node_new(L, self, NODE_SWITCH, "switch", &bind_switch_options);
    struct switch_options o = { .sw = switch_of(node) };
    struct bind_options options = bind_switch_options;

    param_defaults(switch_params, &o);
    options.base = &o;
    bind_read_options(L, 2, &options, 0);
    fdb_set_ageing(&o.sw->fdb, o.ageing, 0);
    o.sw->fdb.capacity = o.capacity;
    o.sw->ovs = o.vlan == 1;
    o.sw->cut = o.cut;
    bind_stp_start(L, 2, o.sw);
    bind_snoop_start(L, 2, o.sw, o.snooping);
    bind_push_node(L, self->model, node);
    return 1;
}

/* ---- The table of addresses ---------------------------------------------------------------- */

struct rows {
    lua_State *L;
    const struct switch_node *sw;
    lua_Integer n;
};

static void push_entry(const struct fdb_entry *entry, void *data)
{
    struct rows *rows = data;
    lua_State *L = rows->L;
    struct eth_addr mac = fdb_key_addr(entry->key);
    char text[ETH_ADDR_TEXT];

    lua_createtable(L, 0, 5);
    lua_pushstring(L, eth_addr_format(&mac, text));
    lua_setfield(L, -2, "mac");
    lua_pushinteger(L, fdb_key_vid(entry->key));
    lua_setfield(L, -2, "vlan");
    lua_pushinteger(L, entry->port == SWITCH_SELF ? 0 : (lua_Integer)entry->port + 1);
    lua_setfield(L, -2, "port");
    lua_pushboolean(L, entry->kind == FDB_STATIC);
    lua_setfield(L, -2, "static");
    lua_pushnumber(L, entry->kind == FDB_STATIC
                          ? 0
                          : simtime_seconds(rows->sw->node.net->sim->now - entry->seen));
    lua_setfield(L, -2, "age");
    lua_rawseti(L, -2, ++rows->n);
}

static int switch_fdb(lua_State *L, struct bind_object *self)
{
    struct rows rows = { L, switch_at(self), 0 };

    lua_newtable(L);
    luaL_checkstack(L, 8, NULL);
    fdb_each(&rows.sw->fdb, rows.sw->node.net->sim->now, push_entry, &rows);
    return 1;
}

static uint32_t check_port(lua_State *L, int index, const struct switch_node *sw, const char *what)
{
    struct bind_object *object = bind_to_object(L, index);
    lua_Integer number = lua_tointeger(L, index);

    if (object && bind_is_a(object, &bind_switch_port_class, NULL) &&
        ((struct iface *)object->model)->node == &sw->node)
        return switch_port_of(object->model)->number;
    if (!lua_isinteger(L, index) || number < 1 || number > sw->node.n_ifaces)
        bind_fail(L, "%s: %s has no port %s; it has %d, from 1 on", what, sw->node.name,
                  bind_tostring(L, index), (int)sw->node.n_ifaces);
    return (uint32_t)number - 1;
}

static int switch_static(lua_State *L, struct bind_object *self)
{
    struct switch_node *sw = switch_at(self);
    struct eth_addr mac = bind_mac(L, 1, "switch:static: the address");
    uint32_t port = check_port(L, 2, sw, "switch:static");
    uint16_t vid = sw->vlan_aware ? 1 : 0;

    bind_check_not_looking(L, self->net, "switch:static");
    if (!lua_isnil(L, 3))
        vid = bind_vid(L, 3, "switch:static");
    if (eth_is_group(&mac))
        bind_fail(L, "switch:static: %s is the address of a group, not of a station",
                  bind_tostring(L, 1));
    fdb_set_static(&sw->fdb, fdb_key_of(vid, fdb_mac_of(&mac)), port);
    return 0;
}

static int switch_flush_all(lua_State *L, struct bind_object *self)
{
    bind_check_not_looking(L, self->net, "switch:flush");
    fdb_flush(&switch_at(self)->fdb);
    return 0;
}

/* ---- The object ---------------------------------------------------------------------------- */

static int switch_port(lua_State *L, struct bind_object *self)
{
    struct switch_node *sw = switch_at(self);

    bind_push_iface(L, self->net, sw->node.ifaces[check_port(L, 1, sw, "switch:port")]);
    return 1;
}

static const struct bind_method methods[] = {
    { "port", switch_port, 1, 1, "switch:port(n)", "its n-th port: the interface called eth<n>" },
    { "fdb", switch_fdb, 0, 0, "switch:fdb()",
      "the table of addresses: a list of { mac =, vlan =, port =, age =, static = }" },
    { "static", switch_static, 2, 3, "switch:static(mac, port [, vlan])",
      "an entry of that table that neither ages nor moves" },
    { "stp", bind_switch_stp, 0, 1, "switch:stp([{ priority = }])",
      "spanning tree: a table of id, root, root_cost, root_port, topology_changes, ports and "
      "more" },
    { "groups", bind_switch_groups, 0, 0, "switch:groups()",
      "what snooping has learnt: a list of { kind = \"member\" | \"router\" | \"querier\", vlan =, "
      "group =, port =, querier =, left = }" },
    { "flush", switch_flush_all, 0, 0, "switch:flush()", "forgets all that was learnt" },
    BIND_METHODS_END,
};

static void get_moves(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, (lua_Integer)switch_at(self)->fdb.moves);
}

static void get_overflows(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, (lua_Integer)switch_at(self)->fdb.overflows);
}

static void get_flooded(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, (lua_Integer)switch_at(self)->flooded);
}

static const struct bind_property properties[] = {
    { "moves", get_moves, NULL, "how often a station was heard at another port than before" },
    { "overflows", get_overflows, NULL, "how often the table had no room for a station" },
    { "flooded", get_flooded, NULL, "frames that were sent to all ports" },
    BIND_PROPERTIES_END,
};

static const char *title(struct bind_object *self)
{
    return switch_at(self)->node.name;
}

const struct bind_class bind_switch_class = {
    .name = "switch",
    .doc = "a node that forwards frames by their addresses, from net:switch",
    .base = &bind_node_class,
    .methods = methods,
    .properties = properties,
    .title = title,
};

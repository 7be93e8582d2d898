#include "scenarios/bind/bond.h"

#include "scenarios/bind/field.h"
#include "scenarios/bind/iface.h"
#include "scenarios/bind/link.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/switch.h"
#include "scenarios/bind/value.h"

enum { LINKS_MAX = 64 };

/* ---- node:bond{...} ------------------------------------------------------------------------ */

struct bond_args {
    struct bond_config config;
    struct node *node;
    const char *name;
    struct iface *primary, *ifaces[LINKS_MAX];
    uint16_t priorities[LINKS_MAX];
    uint32_t n, n_priorities;
};

/* An interface of the node, its name or number, or a link that ends at the node. */
static struct iface *read_iface(lua_State *L, int index, struct node *node, const char *what)
{
    struct bind_object *object = bind_to_object(L, index);

    if (object && object->class == &bind_link_class) {
        const struct link *link = object->model;
        if (link->a->node == node || link->b->node == node)
            return link->a->node == node ? link->a : link->b;
    }
    return bind_find_iface(L, index, node, what);
}

static void set_ports(lua_State *L, int index, void *data)
{
    struct bond_args *args = data;
    lua_Integer n = lua_istable(L, index) ? (lua_Integer)lua_rawlen(L, index) : 0;

    if (n < 1 || n > LINKS_MAX)
        bind_refuse(L, index, "bond ports", "a list of 1 to 64 interfaces, { 1, 2 }");
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        args->ifaces[args->n++] = read_iface(L, lua_gettop(L), args->node, "bond ports");
        lua_pop(L, 1);
    }
}

static void set_primary(lua_State *L, int index, void *data)
{
    struct bond_args *args = data;

    args->primary = read_iface(L, index, args->node, "bond primary");
}

static void set_priorities(lua_State *L, int index, void *data)
{
    struct bond_args *args = data;
    lua_Integer n = lua_istable(L, index) ? (lua_Integer)lua_rawlen(L, index) : 0;

    if (n < 1 || n > LINKS_MAX)
        bind_refuse(L, index, "bond port_priorities", "a list of numbers, one for each of ports");
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        args->priorities[args->n_priorities++] =
            (uint16_t)bind_whole(L, -1, "bond port_priorities", 1, UINT16_MAX);
        lua_pop(L, 1);
    }
}

static void set_name(lua_State *L, int index, void *data)
{
    struct bond_args *args = data;

    args->name = bind_check_name(L, index, "bond name");
    if (node_iface(args->node, args->name))
        bind_fail(L, "bond name: %s has an interface %s", args->node->name, args->name);
}

static const struct bind_option extra[] = {
    { "ports", "list of interfaces", "", "its links: interfaces, their names or numbers, or links",
      set_ports },
    { "primary", "interface", "none", "of active-backup: the link that is used if it can be",
      set_primary },
    { "port_priorities", "list of numbers", "port_priority",
      "of the ports in LACPDUs, in the order of ports", set_priorities },
    { "name", "text", "\"bond0\", \"bond1\", ...", "its name", set_name },
    BIND_OPTIONS_END,
};

const struct bind_options bind_lacp_options = { .what = "bond", .params = lacp_params };

const struct bind_options bind_bond_options = {
    .what = "bond",
    .params = bond_params,
    .options = extra,
    .also = &bind_lacp_options,
};

#define MODE(mode) (1u << (mode))
#define LACP_MODES (MODE(BOND_8023AD) | MODE(BOND_TCP))

/* Options that mean nothing in other modes. */
static const struct {
    const char *option;
    unsigned modes;
    const char *words;
} only[] = {
    { "hash", MODE(BOND_XOR) | MODE(BOND_8023AD), "balance-xor and 802.3ad" },
    { "min_links", LACP_MODES, "802.3ad" },
    { "key", LACP_MODES, "802.3ad" },
    { "lacp_rate", LACP_MODES, "802.3ad" },
    { "lacp_active", LACP_MODES, "802.3ad" },
    { "ad_select", LACP_MODES, "802.3ad" },
    { "system_priority", LACP_MODES, "802.3ad" },
    { "port_priority", LACP_MODES, "802.3ad" },
    { "port_priorities", LACP_MODES, "802.3ad" },
    { "max_links", LACP_MODES, "802.3ad" },
    { "primary", MODE(BOND_ACTIVE_BACKUP), "active-backup" },
    { "primary_reselect", MODE(BOND_ACTIVE_BACKUP), "active-backup" },
    { "num_grat_arp", MODE(BOND_ACTIVE_BACKUP) | MODE(BOND_SLB), "active-backup" },
    { "resend_igmp", MODE(BOND_ACTIVE_BACKUP), "active-backup" },
    { "packets_per_slave", MODE(BOND_ROUND_ROBIN), "balance-rr" },
    { "rebalance", MODE(BOND_SLB) | MODE(BOND_TCP), "balance-slb and balance-tcp" },
};

static void check_modes(lua_State *L, int mode)
{
    for (size_t i = 0; i < G_N_ELEMENTS(only); i++) {
        lua_pushstring(L, only[i].option);
        if (lua_rawget(L, 1) != LUA_TNIL && !(only[i].modes & MODE(mode)))
            bind_fail(L, "bond: %s is an option of %s, and the mode is %s", only[i].option,
                      only[i].words, bond_mode_words[mode]);
        lua_pop(L, 1);
    }
}

static void read_args(lua_State *L, struct bond_args *args)
{
    struct bind_options options = bind_bond_options, lacp = bind_lacp_options;
    struct bind_options known = bind_bond_options;

    param_defaults(bond_params, &args->config);
    param_defaults(lacp_params, &args->config.lacp);
    options.base = &args->config;
    options.data = args;
    lacp.base = &args->config.lacp;
    known.also = NULL;
    lacp.also = &known;
    bind_read_options(L, 1, &options, 0);
    bind_read_options(L, 1, &lacp, 0);
    if (args->n == 0)
        bind_fail(L, "bond: say which links it has, ports = { 1, 2 }");
    if (args->n_priorities > 0 && args->n_priorities != args->n)
        bind_fail(L, "bond: %d port_priorities for %d ports", (int)args->n_priorities,
                  (int)args->n);
    check_modes(L, args->config.mode);
}

int bind_node_bond(lua_State *L, struct bind_object *self)
{
    struct bond_args args = { .node = self->model };
    GError *error = NULL;

    if (args.node->kind == NODE_HUB)
        bind_fail(L, "bond: %s is a hub, whose stations share one wire", args.node->name);
    bind_check_not_looking(L, self->net, "node:bond");
    read_args(L, &args);
    struct bond *bond =
        bond_new(args.node, args.name, args.ifaces, args.n, args.primary, &args.config, &error);
    if (!bond)
        bind_throw(L, "bond:", error);
    for (uint32_t i = 0; i < args.n_priorities; i++)
        lacp_port_set_priority(&bond->members[i]->lacp, args.priorities[i]);
    bind_push_iface(L, self->net, bond->iface);
    return 1;
}

/* ---- iface.bond ---------------------------------------------------------------------------- */

static struct bond *bond_of(struct bind_object *self)
{
    return self->model;
}

void bind_get_bond(lua_State *L, struct bind_object *self)
{
    const struct iface *iface = self->model;

    if (iface->bond)
        bind_push(L, &bind_bond_class, iface->bond, self->net);
    else
        lua_pushnil(L);
}

static void set_lacp(lua_State *L, const struct lacp_port *port)
{
    char mac[ETH_ADDR_TEXT], state[LACP_STATE_TEXT];

    bind_field_text(L, "receive", lacp_receive_words[port->receive]);
    bind_field_text(L, "mux", lacp_mux_words[port->mux]);
    bind_field_text(L, "periodic", lacp_periodic_words[port->periodic]);
    bind_field_text(L, "selected", lacp_selected_words[port->selected]);
    bind_field_text(L, "state", lacp_state_format(port->actor.state, state));
    bind_field_text(L, "partner_state", lacp_state_format(port->partner.state, state));
    bind_field_text(L, "partner", eth_addr_format(&port->partner.system, mac));
    bind_field_whole(L, "key", port->actor.key);
    bind_field_whole(L, "partner_key", port->partner.key);
    bind_field_whole(L, "aggregator", port->aggregator ? port->aggregator->actor.port : 0);
    bind_field_whole(L, "lacp_sent", port->counters.tx);
    bind_field_whole(L, "lacp_received", port->counters.rx);
}

static void push_member(lua_State *L, struct bind_object *self, const struct bond_member *member)
{
    lua_createtable(L, 0, 18);
    bind_push_iface(L, self->net, member->iface);
    lua_setfield(L, -2, "port");
    bind_field_flag(L, "up", member->up);
    bind_field_flag(L, "active", bond_member_active(member));
    bind_field_whole(L, "failures", member->failures);
    bind_field_whole(L, "tx_packets", member->tx_packets);
    bind_field_whole(L, "rx_packets", member->rx_packets);
    if (member->bond->negotiates)
        set_lacp(L, &member->lacp);
}

static int bond_members(lua_State *L, struct bind_object *self)
{
    const struct bond *bond = bond_of(self);

    luaL_checkstack(L, 8, NULL);
    lua_createtable(L, (int)bond->n_members, 0);
    for (uint32_t i = 0; i < bond->n_members; i++) {
        push_member(L, self, bond->members[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static const struct bind_method methods[] = {
    { "members", bond_members, 0, 0, "bond:members()",
      "a list of its links: { port =, up =, active =, failures =, tx_packets =, rx_packets = }, "
      "and "
      "with LACP the states of its machines, both ends' state (letters: activity, short or long "
      "timeout, aggregation (G), synchronization, collecting, distributing, defaulted (F), "
      "expired), partner, keys, aggregator" },
    BIND_METHODS_END,
};

static void get_interface(lua_State *L, struct bind_object *self)
{
    bind_push_iface(L, self->net, bond_of(self)->iface);
}

static void get_mode(lua_State *L, struct bind_object *self)
{
    lua_pushstring(L, bond_mode_words[bond_of(self)->config.mode]);
}

static void get_up(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, bond_of(self)->iface->tx.state != LINK_DOWN);
}

static void get_active(lua_State *L, struct bind_object *self)
{
    if (bond_of(self)->active)
        bind_push_iface(L, self->net, bond_of(self)->active->iface);
    else
        lua_pushnil(L);
}

static void get_links(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, bond_of(self)->n_usable);
}

static void get_failovers(lua_State *L, struct bind_object *self)
{
    lua_pushinteger(L, (lua_Integer)bond_of(self)->failovers);
}

static const struct bind_property properties[] = {
    { "interface", get_interface, NULL, "the bond as an interface" },
    { "mode", get_mode, NULL, "\"802.3ad\", \"active-backup\", ..." },
    { "up", get_up, NULL, "can it send?" },
    { "active", get_active, NULL,
      "of active-backup and balance-slb: the interface that is active; nil if none is" },
    { "links", get_links, NULL, "how many of its links can send" },
    { "failovers", get_failovers, NULL, "how often another link became active" },
    BIND_PROPERTIES_END,
};

static const char *title(struct bind_object *self)
{
    return bond_of(self)->iface->drops.name;
}

const struct bind_class bind_bond_class = {
    .name = "bond",
    .doc = "what a bond makes of its links, from iface.bond of the bond or of a link",
    .methods = methods,
    .properties = properties,
    .title = title,
};

/* Each table is a function that adds the rows of one node; they are put together with the tables of
 * the results, printed, and returned as a text. */
#include "scenarios/bind/show.h"

#include <math.h>
#include <stdio.h>

#include "models/node/bond.h"
#include "models/node/switch_stp.h"
#include "models/node/topology.h"
#include "models/node/virtual.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/route.h"
#include "scenarios/bind/lldp.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/snoop.h"
#include "scenarios/bind/socklist.h"
#include "scenarios/bind/value.h"
#include "scenarios/results/table.h"

static void add_address(struct table *table, ip4 addr)
{
    char text[IP_ADDR_TEXT];

    table_text(table, ip4_format(addr, text));
}

/* ---- routes -------------------------------------------------------------------------------- */

static const char *route_type(const struct ip_route *route)
{
    static const char *const types[] = {
        [IP_ROUTE_LOCAL] = "local",
        [IP_ROUTE_BLACKHOLE] = "blackhole",
        [IP_ROUTE_UNREACHABLE] = "unreachable",
        [IP_ROUTE_PROHIBIT] = "prohibit",
    };

    if (route->type != IP_ROUTE_UNICAST)
        return types[route->type];
    if (route->flags & IP_ROUTE_CONNECTED)
        return "connected";
    return route->flags & IP_ROUTE_AUTO ? "automatic" : "static";
}

struct rows {
    struct table *table;
    const struct node *node;
};

static void add_hop(const struct rows *rows, const struct ip_route *route, const struct ip_hop *hop)
{
    char prefix[IP_ADDR_TEXT + 4], addr[IP_ADDR_TEXT];

    g_snprintf(prefix, sizeof prefix, "%s/%u", ip4_format(route->prefix, addr), route->length);
    table_text(rows->table, rows->node->name);
    table_text(rows->table, prefix);
    if (hop && hop->gateway)
        add_address(rows->table, hop->gateway);
    else
        table_text(rows->table, NULL);
    table_text(rows->table, hop ? hop->iface->name : NULL);
    table_number(rows->table, route->metric);
    table_text(rows->table, route_type(route));
}

/* Those of the node's own addresses are no news. */
static void add_route(const struct ip_route *route, void *data)
{
    if (route->type == IP_ROUTE_LOCAL)
        return;
    for (int i = 0; i < route->n_hops; i++)
        add_hop(data, route, &route->hops[i]);
    if (route->n_hops == 0)
        add_hop(data, route, NULL);
}

static void show_routes(struct table *table, struct node *node)
{
    struct rows rows = { table, node };

    ip_route_each(&node->ip, add_route, &rows);
}

/* ---- arp ----------------------------------------------------------------------------------- */

static void add_neigh(const struct neigh *neigh, void *data)
{
    const struct rows *rows = data;
    char mac[ETH_ADDR_TEXT];

    table_text(rows->table, rows->node->name);
    add_address(rows->table, neigh->addr);
    table_text(rows->table, neigh->iface->name);
    enum neigh_state state = neigh_state_now(neigh);
    bool known = state != NEIGH_INCOMPLETE && state != NEIGH_FAILED;
    table_text(rows->table, known ? eth_addr_format(&neigh->header.dst, mac) : NULL);
    table_text(rows->table, neigh_state_name(state));
}

static void show_arp(struct table *table, struct node *node)
{
    struct rows rows = { table, node };

    for (uint32_t i = 0; i < node->n_ifaces; i++)
        neigh_each(&node->ifaces[i]->ip, add_neigh, &rows);
    for (uint32_t i = 0; i < node->n_virtual; i++)
        neigh_each(&node->virtual[i] -> iface.ip, add_neigh, &rows);
}

/* ---- fdb ----------------------------------------------------------------------------------- */

static void add_entry(const struct fdb_entry *entry, void *data)
{
    const struct rows *rows = data;
    struct eth_addr mac = fdb_key_addr(entry->key);
    char text[ETH_ADDR_TEXT];

    table_text(rows->table, rows->node->name);
    table_number(rows->table, fdb_key_vid(entry->key));
    table_text(rows->table, eth_addr_format(&mac, text));
    table_text(rows->table,
               entry->port == SWITCH_SELF ? "self" : rows->node->ifaces[entry->port]->ip.name);
    table_text(rows->table, entry->kind == FDB_STATIC ? "static" : "learnt");
    table_number(rows->table, entry->kind == FDB_STATIC
                                  ? 0
                                  : simtime_seconds(rows->node->net->sim->now - entry->seen));
}

static void show_fdb(struct table *table, struct node *node)
{
    struct rows rows = { table, node };

    if (node->kind == NODE_SWITCH)
        fdb_each(&switch_of(node)->fdb, node->net->sim->now, add_entry, &rows);
}

/* ---- stp ----------------------------------------------------------------------------------- */

static void add_stp_port(struct table *table, const struct node *node, const struct stp_port *port)
{
    const struct stp_counters *c = &port->counters;
    char text[STP_ID_TEXT];

    table_text(table, node->name);
    table_text(table, node->ifaces[port->number - 1]->ip.name);
    table_text(table, stp_role_name(port->role));
    table_text(table, stp_state_name(port->bridge->config.mode, port->state));
    table_number(table, port->cost);
    table_text(table, stp_id_format(port->bridge->root.root, text));
    table_text(table, stp_id_format(port->vector.bridge, text));
    table_number(table, (double)(c->tx_config + c->tx_tcn + c->tx_rst));
}

static void show_stp(struct table *table, struct node *node)
{
    struct stp_bridge *bridge = node->kind == NODE_SWITCH ? switch_stp(switch_of(node)) : NULL;

    for (uint32_t i = 0; bridge && i < bridge->n_ports; i++)
        add_stp_port(table, node, bridge->ports[i]);
}

/* ---- bond ---------------------------------------------------------------------------------- */

static void add_partner(struct table *table, const struct bond_member *member)
{
    const struct lacp_port *port = &member->lacp;
    char text[LACP_STATE_TEXT], mac[ETH_ADDR_TEXT];

    if (!member->bond->negotiates) {
        for (int i = 0; i < 4; i++)
            table_text(table, NULL);
        return;
    }
    table_text(table, lacp_mux_words[port->mux]);
    table_text(table, lacp_state_format(port->actor.state, text));
    table_text(table, lacp_state_format(port->partner.state, text));
    table_text(table, lacp_has_partner(port) ? eth_addr_format(&port->partner.system, mac) : NULL);
}

static void add_bond_member(struct table *table, const struct bond_member *member)
{
    const struct bond *bond = member->bond;

    table_text(table, bond->iface->drops.name);
    table_text(table, bond_mode_words[bond->config.mode]);
    table_text(table, bond->iface->tx.state != LINK_DOWN ? "up" : "down");
    table_text(table, member->iface->ip.name);
    table_text(table, !member->up ? "down" : bond_member_active(member) ? "active" : "backup");
    table_number(table, (double)member->failures);
    table_number(table, (double)member->tx_packets);
    add_partner(table, member);
}

static void show_bond(struct table *table, struct node *node)
{
    for (uint32_t i = 0; i < node->n_ifaces; i++) {
        const struct iface *iface = node->ifaces[i];
        if (!iface->bond || bond_is_member(iface))
            continue;
        for (uint32_t j = 0; j < iface->bond->n_members; j++)
            add_bond_member(table, iface->bond->members[j]);
    }
}

/* ---- sockets ------------------------------------------------------------------------------- */

/* "10.0.0.1:80", "*:80" */
static void add_end(struct table *table, const struct ip_addr *addr, uint16_t port)
{
    static const struct ip_addr any;
    char text[IP_ADDR_TEXT + 8], own[IP_ADDR_TEXT];

    g_snprintf(text, sizeof text, "%s:%u",
               ip_addr_equal(addr, &any) ? "*" : ip_addr_format(addr, own), port);
    table_text(table, text);
}

static void add_socket(const struct bind_socket_row *row, void *data)
{
    const struct rows *rows = data;
    const struct tcp_info *info = row->info;

    table_text(rows->table, rows->node->name);
    table_text(rows->table, row->state);
    add_end(rows->table, row->local, row->local_port);
    if (row->remote)
        add_end(rows->table, row->remote, row->remote_port);
    else
        table_text(rows->table, NULL);
    table_text(rows->table, info && info->cc ? info->cc->name : NULL);
    table_number(rows->table, info ? info->cwnd : NAN);
    table_number(rows->table, info ? simtime_seconds(info->srtt) : NAN);
    table_number(rows->table, info ? info->retransmits_total : NAN);
    table_number(rows->table, row->left == SIM_NEVER ? NAN : simtime_seconds(row->left));
}

static void show_sockets(struct table *table, struct node *node)
{
    struct rows rows = { table, node };

    bind_each_socket(node, add_socket, &rows);
}

/* ---- qdisc, links -------------------------------------------------------------------------- */

static void add_words(struct table *table, const struct qdisc *queue)
{
    GString *words = g_string_new(queue->ops->name);

    for (const struct param *p = queue->ops->params; p && p->name; p++) {
        char *value = param_show(p, queue->priv);
        g_string_append_printf(words, " %s %s", p->name, value);
        g_free(value);
    }
    table_text(table, words->str);
    g_string_free(words, TRUE);
}

static void show_qdisc(struct table *table, struct node *node)
{
    for (uint32_t i = 0; i < node->n_ifaces; i++) {
        struct iface *iface = node->ifaces[i];
        link_sync(&iface->tx);
        table_text(table, iface->drops.name);
        add_words(table, link_queue(&iface->tx));
        table_number(table, (double)iface->tx.packets);
        table_number(table, (double)iface->tx.bytes.value);
        table_number(table, (double)drops_packets(&iface->drops, NULL));
        table_number(table, link_queue(&iface->tx)->packets);
        table_number(table, (double)link_queue(&iface->tx)->bytes);
    }
}

static void show_links(struct table *table, struct node *node)
{
    static const char *const states[] = {
        [LINK_UP] = "up",
        [LINK_DOWN] = "down",
        [LINK_SILENT] = "cut",
    };

    for (uint32_t i = 0; i < node->n_ifaces; i++) {
        struct iface *iface = node->ifaces[i];
        char mac[ETH_ADDR_TEXT];
        ip4 addr;
        table_text(table, iface->drops.name);
        table_text(table, iface->peer->drops.name);
        if (ip_iface_address(&iface->ip, &addr))
            add_address(table, addr);
        else
            table_text(table, NULL);
        table_text(table, eth_addr_format(&iface->ip.mac, mac));
        table_number(table, (double)iface->tx.rate_bps);
        table_number(table, simtime_seconds(iface->tx.delay));
        table_number(table, iface->ip.mtu);
        table_text(table, states[iface->tx.state]);
    }
}

/* ---- The word ------------------------------------------------------------------------------ */

enum { COLUMNS = 11 };

static const struct view {
    const char *name;
    void (*add)(struct table *table, struct node *node);
    struct {
        const char *name, *unit;
    } columns[COLUMNS];
} views[] = {
    { "routes",
      show_routes,
      { { "node" }, { "prefix" }, { "via" }, { "dev" }, { "metric", "" }, { "kind" } } },
    { "arp", show_arp, { { "node" }, { "address" }, { "dev" }, { "mac" }, { "state" } } },
    { "fdb",
      show_fdb,
      { { "switch" }, { "vlan", "" }, { "mac" }, { "port" }, { "kind" }, { "age", "s" } } },
    { "stp",
      show_stp,
      { { "switch" },
        { "port" },
        { "role" },
        { "state" },
        { "cost", "" },
        { "root" },
        { "designated" },
        { "sent", "" } } },
    { "bond",
      show_bond,
      { { "bond" },
        { "mode" },
        { "state" },
        { "link" },
        { "link state" },
        { "failures", "" },
        { "packets sent", "" },
        { "mux" },
        { "actor" },
        { "partner" },
        { "partner system" } } },
    { "groups",
      bind_show_groups,
      { { "node" },
        { "vlan", "" },
        { "group" },
        { "port" },
        { "kind" },
        { "asks" },
        { "left", "s" } } },
    { "lldp",
      bind_show_lldp,
      { { "node" },
        { "port" },
        { "neighbour" },
        { "its port" },
        { "description" },
        { "address" },
        { "left", "s" } } },
    { "sockets",
      show_sockets,
      { { "node" },
        { "state" },
        { "local" },
        { "remote" },
        { "cc" },
        { "cwnd", "" },
        { "srtt", "s" },
        { "retransmits", "" },
        { "ends after", "s" } } },
    { "qdisc",
      show_qdisc,
      { { "interface" },
        { "queue" },
        { "packets", "" },
        { "bytes", "" },
        { "dropped", "" },
        { "waiting", "" },
        { "waiting bytes", "" } } },
    { "links",
      show_links,
      { { "interface" },
        { "peer" },
        { "address" },
        { "mac" },
        { "rate", "bit/s" },
        { "delay", "s" },
        { "mtu", "" },
        { "state" } } },
};

const char *const bind_show_words[] = { "routes", "arp",     "fdb",   "stp",   "bond", "groups",
                                        "lldp",   "sockets", "qdisc", "links", NULL };

static struct table *make_table(struct bind_net *net, const struct view *view,
                                const struct node *only)
{
    char *title =
        g_strdup_printf("%s of %s at %.6g s", view->name, only ? only->name : net->net->name,
                        simtime_seconds(net->net->sim->now));
    struct table *table = table_new(title);

    g_free(title);
    for (int i = 0; i < COLUMNS && view->columns[i].name; i++)
        table_column(table, view->columns[i].name, view->columns[i].unit);
    for (guint i = 0; i < net->net->nodes->len; i++)
        if (!only || net->net->nodes->pdata[i] == only)
            view->add(table, net->net->nodes->pdata[i]);
    return table;
}

int bind_network_show(lua_State *L, struct bind_object *self)
{
    const struct view *view = &views[bind_word(L, 1, "net:show: what", bind_show_words)];
    const struct node *only =
        lua_isnil(L, 2) ? NULL : bind_check(L, 2, &bind_node_class, "net:show: of what")->model;

    if (!self->net->running)
        network_prepare(self->net->net);
    struct table *table = make_table(self->net, view, only);
    GString *text = g_string_new(NULL);
    table_print(table, text, 0);
    fputs(text->str, stdout);
    lua_pushlstring(L, text->str, text->len);
    g_string_free(text, TRUE);
    table_free(table);
    return 1;
}

#include "models/node/node.h"

#include <stdio.h>

#include "models/node/bond.h"
#include "models/node/hub.h"
#include "models/node/node_lldp.h"
#include "models/node/switch.h"
#include "models/node/virtual.h"
#include "protocols/ip/route.h"
#include "protocols/ip/state.h"
#include "sim/error.h"
#include "sim/hash.h"

/* ---- What IP and TCP need of a node -------------------------------------------------------- */

static enum xmit node_transmit(struct ip_iface *ip, struct packet *frame)
{
    struct iface *iface = container_of(ip, struct iface, ip);

    return link_send(&iface->tx, frame);
}

static bool node_other(struct ip_iface *ip, struct packet *frame, uint16_t type)
{
    struct iface *iface = container_of(ip, struct iface, ip);

    return type == ETH_TYPE_LLDP ? node_lldp_input(iface, frame)
                                 : type == VLAN_TPID_C && virtual_input(iface, frame);
}

static const struct ip_iface_ops iface_ops = { .transmit = node_transmit, .other = node_other };

static int node_tcp_send(void *data, struct packet *packet, const struct ip_tx *tx,
                         struct ip_route_cache *cache)
{
    struct node *node = data;
    return ip_send(&node->ip, packet, tx, cache);
}

static bool node_tcp_route(void *data, const struct ip_addr *dst, struct ip_addr *src,
                           uint32_t *mtu)
{
    struct node *node = data;
    uint8_t kind = ip_dst_get(&node->ip, ip_addr_v4(dst))->kind;

    return kind != IP_KIND_BROADCAST && kind != IP_KIND_MULTICAST &&
           ip_route_query(&node->ip, dst, src, mtu);
}

static uint32_t node_tcp_init_cwnd(void *data, const struct ip_addr *dst)
{
    struct node *node = data;
    const struct ip_route *route = ip_route_lookup(&node->ip, ip_addr_v4(dst));

    return route ? route->initcwnd : 0;
}

static void node_look_below(void *data, bool prompt)
{
    struct node *node = data;

    for (uint32_t i = 0; i < node->n_ifaces; i++)
        if (node->ifaces[i]->link && prompt)
            link_prompt(&node->ifaces[i]->tx);
        else if (node->ifaces[i]->link)
            link_sync(&node->ifaces[i]->tx);
}

static const struct tcp_net node_tcp_net = { node_tcp_send, node_tcp_route, node_tcp_init_cwnd,
                                             node_look_below };

/* A node that nobody has used TCP or UDP of still speaks them: it refuses connections, and says
 * that ports are unreachable. */
static struct ip_l4 *node_l4_wanted(struct ip_stack *ip, uint8_t proto)
{
    struct node *node = container_of(ip, struct node, ip);

    if (proto == IP_PROTO_TCP)
        return &node_tcp(node)->l4;
    return proto == IP_PROTO_UDP ? &node_udp(node)->l4 : NULL;
}

/* ---- Kinds --------------------------------------------------------------------------------- */

static const struct node_ops host_ops = {
    .name = "host",
    .node_size = sizeof(struct node),
    .iface_size = sizeof(struct iface),
    .receive = iface_receive,
    .attached = node_lldp_attached,
    .carrier = node_lldp_carrier,
};

static const struct node_ops router_ops = {
    .name = "router",
    .node_size = sizeof(struct node),
    .iface_size = sizeof(struct iface),
    .forwards = true,
    .receive = iface_receive,
    .attached = node_lldp_attached,
    .carrier = node_lldp_carrier,
};

const struct node_ops *const node_kinds[NODE_KINDS] = {
    [NODE_HOST] = &host_ops,
    [NODE_ROUTER] = &router_ops,
    [NODE_SWITCH] = &switch_ops,
    [NODE_HUB] = &hub_ops,
};

/* ---- Life ---------------------------------------------------------------------------------- */

struct node *node_new(struct network *net, const char *name, enum node_kind kind)
{
    const struct node_ops *ops = node_kinds[kind];
    struct node *node = g_malloc0(ops->node_size);

    node->net = net;
    node->ops = ops;
    node->name = sim_intern(net->sim, name);
    node->kind = kind;
    node->drops.name = node->name;
    actor_init(&node->actor, net->sim, node->name);
    ip_stack_init(&node->ip, net->sim, node->name, &node->actor, &node->drops);
    node->ip.forwarding = ops->forwards;
    node->ip.l4_wanted = node_l4_wanted;
    if (ops->init)
        ops->init(node);
    return node;
}

static void iface_free(struct iface *iface)
{
    if (!iface->link) { /* else the link has done this */
        g_free(iface_watch(iface));
        link_fini(&iface->tx);
    }
    ip_iface_fini(&iface->ip);
    drops_fini(&iface->drops);
    g_free(iface);
}

static void free_bonds(struct node *node)
{
    for (uint32_t i = 0; i < node->n_ifaces; i++)
        if (node->ifaces[i]->bond && !bond_is_member(node->ifaces[i]))
            bond_free(node->ifaces[i]->bond);
}

void node_free(struct node *node)
{
    free_bonds(node);
    if (node->ops->fini)
        node->ops->fini(node);
    node_lldp_free(node);
    if (node->sockets)
        sockets_fini(node->sockets);
    if (node->tcp)
        tcp_stack_fini(node->tcp);
    if (node->udp)
        udp_stack_fini(node->udp);
    ip_stack_close(&node->ip);
    virtual_free_all(node);
    for (uint32_t i = 0; i < node->n_ifaces; i++)
        iface_free(node->ifaces[i]);
    ip_stack_fini(&node->ip);
    drops_fini(&node->drops);
    g_free(node->tcp);
    g_free(node->udp);
    g_free(node->sockets);
    g_clear_pointer(&node->idle_sysctls, g_hash_table_destroy);
    if (node->ifaces != &node->first)
        g_free(node->ifaces);
    g_free(node);
}

/* IEEE 802: the 02 bit. */
struct eth_addr node_mac(struct network *net, const char *name)
{
    uint64_t h = hash_string(name, 0x6d6163);
    struct eth_addr mac;

    while (g_hash_table_contains(net->macs, (gpointer)(uintptr_t)(h & 0xffffffffff)))
        h++;
    h &= 0xffffffffff;
    g_hash_table_add(net->macs, (gpointer)(uintptr_t)h);
    mac.b[0] = 0x02;
    for (int i = 1; i < 6; i++)
        mac.b[i] = (uint8_t)(h >> 8 * (5 - i));
    return mac;
}

static void push_iface(struct node *node, struct iface *iface)
{
    uint32_t n = node->n_ifaces++;

    if (n == 0) {
        node->ifaces = &node->first;
    } else if (n == 1) {
        node->ifaces = g_new(struct iface *, 2);
        node->ifaces[0] = node->first;
    } else if ((n & (n - 1)) == 0) { /* there is room for a power of two */
        node->ifaces = g_renew(struct iface *, node->ifaces, 2 * (size_t)n);
    }
    node->ifaces[n] = iface;
}

static struct iface *add_iface(struct node *node, const char *name, const struct eth_addr *mac,
                               const struct ip_iface_ops *ops)
{
    struct iface *iface = g_malloc0(node->ops->iface_size);
    char *full = g_strconcat(node->name, "-", name, NULL);

    iface->index = node->n_ifaces;
    push_iface(node, iface);
    iface->node = node;
    iface->drops.name = sim_intern(node->net->sim, full);
    ip_iface_init(&iface->ip, &node->ip, name, mac ? *mac : node_mac(node->net, full), ops,
                  &iface->drops);
    g_free(full);
    return iface;
}

struct iface *node_add_iface(struct node *node)
{
    char name[16];

    snprintf(name, sizeof name, "eth%u", node->n_ifaces + 1);
    return add_iface(node, name, NULL, &iface_ops);
}

struct iface *node_add_bond(struct node *node, const char *name, const struct eth_addr *mac,
                            const struct ip_iface_ops *ops)
{
    struct iface *iface = add_iface(node, name, mac, ops);

    link_init(&iface->tx, &iface->rx, node->net->sim, iface->drops.name, NULL, &iface->drops);
    return iface;
}

/* ---- Parts made when needed ---------------------------------------------------------------- */

struct tcp_stack *node_tcp(struct node *node)
{
    if (!node->tcp) {
        node->tcp = g_new0(struct tcp_stack, 1);
        tcp_stack_init(node->tcp, node->net->sim, node->net->tcp_memory, node->name, &node->actor,
                       &node->drops, &node_tcp_net, node);
        node->tcp->route_generation = &node->ip.generation;
        node->tcp->gso_whole = node->tcp->small_queues = true; /* links cut, and tell */
        ip_register(&node->ip, IP_PROTO_TCP, &node->tcp->l4);
    }
    return node->tcp;
}

struct udp_stack *node_udp(struct node *node)
{
    if (!node->udp) {
        node->udp = g_new0(struct udp_stack, 1);
        udp_stack_init(node->udp, &node->ip, node->name);
        ip_register(&node->ip, IP_PROTO_UDP, &node->udp->l4);
    }
    return node->udp;
}

struct sockets *node_sockets(struct node *node)
{
    if (!node->sockets) {
        node->sockets = g_new0(struct sockets, 1);
        sockets_init(node->sockets, &node->ip, node_tcp(node), node_udp(node));
    }
    return node->sockets;
}

struct iface *node_iface(const struct node *node, const char *name)
{
    for (uint32_t i = 0; i < node->n_ifaces; i++)
        if (strcmp(node->ifaces[i]->ip.name, name) == 0)
            return node->ifaces[i];
    for (uint32_t i = 0; i < node->n_virtual; i++)
        if (strcmp(node->virtual[i] -> iface.ip.name, name) == 0)
            return &node->virtual[i] -> iface;
    return NULL;
}

struct iface *node_only_iface(const struct node *node)
{
    struct iface *only = NULL;

    for (uint32_t i = 0; i < node->n_ifaces; i++) {
        if (bond_is_member(node->ifaces[i]))
            continue;
        if (only)
            return NULL;
        only = node->ifaces[i];
    }
    return only;
}

bool node_address(const struct node *node, struct ip_addr *addr)
{
    bool found = false;
    ip4 v4;

    for (uint32_t i = 0; i < node->n_ifaces && !found; i++)
        found = ip_iface_address(&node->ifaces[i]->ip, &v4);
    for (uint32_t i = 0; i < node->n_virtual && !found; i++)
        found = ip_iface_address(&node->virtual[i] -> iface.ip, &v4);
    if (found)
        *addr = ip_addr_of_v4(v4);
    return found;
}

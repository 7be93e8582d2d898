#include "models/node/topology.h"

#include "protocols/ip/route.h"
#include "sim/hash.h"

/* ---- Addresses ----------------------------------------------------------------------------- */

enum { AUTO_PREFIX = 30, AUTO_SUBNETS = 1 << 22 };
#define AUTO_BASE ((ip4)10 << 24)

static bool has_address(const struct iface *iface)
{
    ip4 v4;
    return ip_iface_address(&iface->ip, &v4);
}

static bool subnet_taken(const struct network *net, ip4 base)
{
    return g_hash_table_contains(net->subnets, GUINT_TO_POINTER(base));
}

/* Notes the addresses that the scenario set, so that automatic ones keep clear of them. */
static void note_addresses(struct network *net, struct iface *iface)
{
    ip4 v4;

    for (int i = 0; ip_iface_address_at(&iface->ip, i, &v4, NULL); i++) {
        g_hash_table_insert(net->by_addr, GUINT_TO_POINTER(v4), iface);
        g_hash_table_add(net->subnets, GUINT_TO_POINTER(v4 & ip4_mask(AUTO_PREFIX)));
    }
}

static void number_link(struct network *net, struct link *link)
{
    uint32_t n = (uint32_t)hash_string(link->name, 0x737562) % AUTO_SUBNETS;

    while (subnet_taken(net, AUTO_BASE + (n << 2)))
        n = (n + 1) % AUTO_SUBNETS;
    ip4 base = AUTO_BASE + (n << 2);
    ip_iface_add_address(&link->a->ip, base + 1, AUTO_PREFIX);
    ip_iface_add_address(&link->b->ip, base + 2, AUTO_PREFIX);
    note_addresses(net, link->a);
    note_addresses(net, link->b);
}

void topology_address(struct network *net)
{
    for (guint i = 0; i < net->links->len; i++) {
        struct link *link = net->links->pdata[i];
        note_addresses(net, link->a);
        note_addresses(net, link->b);
    }
    for (guint i = 0; i < net->links->len; i++) {
        struct link *link = net->links->pdata[i];
        if (!has_address(link->a) && !has_address(link->b))
            number_link(net, link);
    }
}

/* ---- Routes -------------------------------------------------------------------------------- */

/* A breadth-first search from the ends of one link over the nodes that forward. */
struct search {
    struct network *net;
    uint32_t *distance; /* by node index; UINT32_MAX: not reached */
    struct node **queue;
    uint32_t head, tail;
};

static bool forwards(const struct node *node)
{
    return node->ip.forwarding;
}

static void search_reach(struct search *s, struct node *node, uint32_t distance)
{
    if (s->distance[node->index] != UINT32_MAX)
        return;
    s->distance[node->index] = distance;
    s->queue[s->tail++] = node;
}

static void search_from(struct search *s, const struct link *link)
{
    memset(s->distance, 0xff, s->net->nodes->len * sizeof *s->distance);
    s->head = s->tail = 0;
    search_reach(s, link->a->node, 0);
    search_reach(s, link->b->node, 0);
    while (s->head < s->tail) {
        struct node *node = s->queue[s->head++];
        uint32_t next = s->distance[node->index] + 1;
        if (!forwards(node))
            continue;
        for (uint32_t i = 0; i < node->n_ifaces; i++)
            if (node->ifaces[i]->peer)
                search_reach(s, node->ifaces[i]->peer->node, next);
    }
}

/* A node that hangs on one cable needs no table. */
static bool is_leaf(const struct node *node)
{
    return !forwards(node) && node->n_ifaces == 1;
}

/* The peer's address in a subnet that it shares with the interface. */
static bool gateway_of(const struct iface *iface, ip4 *via)
{
    for (int i = 0; ip_iface_address_at(&iface->peer->ip, i, via, NULL); i++)
        if (ip_iface_onlink(&iface->ip, *via))
            return true;
    return false;
}

/* The way from `node` through its interface leads nearer to the subnet. */
static bool leads_nearer(const struct search *s, const struct node *node, const struct iface *iface)
{
    const struct node *peer = iface->peer ? iface->peer->node : NULL;

    return peer && forwards(peer) && s->distance[peer->index] < s->distance[node->index];
}

static void route_node(struct search *s, struct node *node, ip4 prefix, int length)
{
    ip4 via;

    for (uint32_t i = 0; i < node->n_ifaces; i++) {
        struct iface *iface = node->ifaces[i];
        if (leads_nearer(s, node, iface) && gateway_of(iface, &via))
            ip_route_add_auto(&node->ip, prefix, length, via, &iface->ip);
    }
}

static void route_subnet(struct search *s, struct link *link, ip4 prefix, int length)
{
    search_from(s, link);
    for (uint32_t i = 1; i < s->tail; i++) {
        struct node *node = s->queue[i];
        if (s->distance[node->index] > 0 && !is_leaf(node))
            route_node(s, node, prefix, length);
    }
}

static void route_leaf(struct node *node)
{
    struct iface *iface = node->ifaces[0];
    ip4 via;

    if (iface->peer && forwards(iface->peer->node) && gateway_of(iface, &via))
        ip_route_add_auto(&node->ip, 0, 0, via, &iface->ip);
}

void topology_route(struct network *net)
{
    uint32_t n = net->nodes->len;
    struct search s = { .net = net,
                        .distance = g_new(uint32_t, n),
                        .queue = g_new(struct node *, n) };

    for (guint i = 0; i < n; i++) {
        struct node *node = net->nodes->pdata[i];
        ip_route_flush_auto(&node->ip);
        if (is_leaf(node))
            route_leaf(node);
    }
    for (guint i = 0; i < net->links->len; i++) {
        struct link *link = net->links->pdata[i];
        ip4 addr;
        int length;
        for (int j = 0; ip_iface_address_at(&link->a->ip, j, &addr, &length); j++)
            route_subnet(&s, link, addr & ip4_mask(length), length);
    }
    g_free(s.distance);
    g_free(s.queue);
}

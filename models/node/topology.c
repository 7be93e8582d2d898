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

/* ---- Routes --------------------------------------------------------------------------------
 *
 * A breadth-first search over the nodes that forward, from the ends of a link, gives all distances
 * to its subnets.  Links with the same forwarding ends share one search: the cables of all hosts
 * that hang on one router cost one. */

#define FAR UINT32_MAX

struct search {
    struct network *net;
    GPtrArray *listeners; /* nodes that do not forward but have several ways out */
    bool *is_static;      /* by node index: has routes of its own */
    uint32_t *distance;   /* by node index; FAR: not reached */
    struct node **queue;  /* nodes in the order in which they were reached */
    uint32_t tail;
};

static bool forwards(const struct node *node)
{
    return node->ip.forwarding;
}

static void note_static(const struct ip_route *route, void *found)
{
    if (!(route->flags & (IP_ROUTE_CONNECTED | IP_ROUTE_AUTO)) && route->type != IP_ROUTE_LOCAL)
        *(bool *)found = true;
}

/* Its routes are the scenario's.  Automatic ones beside them would win wherever they are longer:
 * a default route would be ignored. */
static bool has_static(const struct node *node)
{
    bool found = false;

    ip_route_each(&node->ip, note_static, &found);
    return found;
}

/* A node that hangs on one cable needs no table. */
static bool is_leaf(const struct node *node)
{
    return !forwards(node) && node->n_ifaces == 1;
}

static void search_reach(struct search *s, struct node *node, uint32_t distance)
{
    if (!forwards(node) || s->distance[node->index] != FAR)
        return;
    s->distance[node->index] = distance;
    s->queue[s->tail++] = node;
}

static void search_from(struct search *s, const struct link *link)
{
    for (uint32_t i = 0; i < s->tail; i++)
        s->distance[s->queue[i]->index] = FAR;
    s->tail = 0;
    search_reach(s, link->a->node, 0);
    search_reach(s, link->b->node, 0);
    for (uint32_t head = 0; head < s->tail; head++) {
        struct node *node = s->queue[head];
        for (uint32_t i = 0; i < node->n_ifaces; i++)
            if (node->ifaces[i]->peer)
                search_reach(s, node->ifaces[i]->peer->node, s->distance[node->index] + 1);
    }
}

/* The peer's address in a subnet that it shares with the interface. */
static bool gateway_of(const struct iface *iface, ip4 *via)
{
    for (int i = 0; ip_iface_address_at(&iface->peer->ip, i, via, NULL); i++)
        if (ip_iface_onlink(&iface->ip, *via))
            return true;
    return false;
}

static uint32_t distance_through(const struct search *s, const struct iface *iface)
{
    return iface->peer ? s->distance[iface->peer->node->index] : FAR;
}

/* All ways that lead nearest. */
static void route_node(const struct search *s, struct node *node, ip4 prefix, int length)
{
    uint32_t least = FAR;
    ip4 via;

    if (s->is_static[node->index])
        return;
    for (uint32_t i = 0; i < node->n_ifaces; i++)
        least = MIN(least, distance_through(s, node->ifaces[i]));
    if (least == FAR)
        return;
    for (uint32_t i = 0; i < node->n_ifaces; i++)
        if (distance_through(s, node->ifaces[i]) == least && gateway_of(node->ifaces[i], &via))
            ip_route_add_auto(&node->ip, prefix, length, via, &node->ifaces[i]->ip);
}

static void route_subnet(const struct search *s, const struct link *link, ip4 prefix, int length)
{
    for (uint32_t i = 0; i < s->tail; i++)
        if (s->distance[s->queue[i]->index] > 0)
            route_node(s, s->queue[i], prefix, length);
    for (guint i = 0; i < s->listeners->len; i++) {
        struct node *node = s->listeners->pdata[i];
        if (node != link->a->node && node != link->b->node)
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

/* The forwarding ends of a link as one number. */
static uint64_t ends_of(const struct link *link)
{
    uint64_t a = forwards(link->a->node) ? link->a->node->index + 1 : 0;
    uint64_t b = forwards(link->b->node) ? link->b->node->index + 1 : 0;

    return a < b ? b << 32 | a : a << 32 | b;
}

static gint by_ends(gconstpointer a, gconstpointer b)
{
    const struct link *la = *(struct link *const *)a, *lb = *(struct link *const *)b;
    uint64_t ea = ends_of(la), eb = ends_of(lb);

    if (ea != eb)
        return ea < eb ? -1 : 1;
    return la->index < lb->index ? -1 : la->index > lb->index;
}

static void route_links(struct search *s)
{
    GPtrArray *links = g_ptr_array_copy(s->net->links, NULL, NULL);
    uint64_t searched = 0;
    ip4 addr;
    int length;

    g_ptr_array_sort(links, by_ends);
    for (guint i = 0; i < links->len; i++) {
        struct link *link = links->pdata[i];
        uint64_t ends = ends_of(link);
        if (ends == 0)
            continue;
        if (ends != searched)
            search_from(s, link);
        searched = ends;
        for (int j = 0; ip_iface_address_at(&link->a->ip, j, &addr, &length); j++)
            route_subnet(s, link, addr & ip4_mask(length), length);
    }
    g_ptr_array_free(links, TRUE);
}

void topology_route(struct network *net)
{
    uint32_t n = net->nodes->len;
    struct search s = { .net = net,
                        .listeners = g_ptr_array_new(),
                        .is_static = g_new(bool, n + 1),
                        .distance = g_new(uint32_t, n + 1),
                        .queue = g_new(struct node *, n + 1) };

    memset(s.distance, 0xff, n * sizeof *s.distance);
    for (guint i = 0; i < n; i++) {
        struct node *node = net->nodes->pdata[i];
        ip_route_flush_auto(&node->ip);
        s.is_static[i] = has_static(node);
        if (s.is_static[i])
            continue;
        if (is_leaf(node))
            route_leaf(node);
        else if (!forwards(node))
            g_ptr_array_add(s.listeners, node);
    }
    route_links(&s);
    g_ptr_array_free(s.listeners, TRUE);
    g_free(s.is_static);
    g_free(s.distance);
    g_free(s.queue);
}

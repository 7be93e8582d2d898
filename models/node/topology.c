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
 * that hang on one router cost one.
 *
 * Searches are made by the batch, and then each node takes all routes of the batch one after the
 * other, so that its table stays in the cache meanwhile. */

#define FAR UINT32_MAX

enum { BATCH = 256 };

/* A way out of a node. */
struct way {
    uint32_t neighbour; /* node index */
    ip4 gateway;        /* the neighbour's address in a common subnet; 0: there is none */
    struct ip_iface *iface;
};

struct target {
    const struct link *link;
    const uint32_t *distance; /* to it, by node index; FAR: not reached */
    ip4 prefix;
    int length;
};

struct routing {
    struct network *net;
    struct way *ways;    /* of all nodes, one node after the other */
    uint32_t *first_way; /* by node index; the last one's end follows */
    bool *is_static;     /* by node index: has routes of its own */
    uint32_t *distances; /* BATCH rows, by node index */
    uint32_t *queue;     /* of nodes reached */
    GArray *targets;     /* of the batch, struct target */
};

static struct node *node_at(const struct routing *r, uint32_t i)
{
    return r->net->nodes->pdata[i];
}

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

/* The peer's address in a subnet that it shares with the interface; 0 if there is none. */
static ip4 gateway_of(const struct iface *iface)
{
    ip4 via;

    for (int i = 0; ip_iface_address_at(&iface->peer->ip, i, &via, NULL); i++)
        if (ip_iface_onlink(&iface->ip, via))
            return via;
    return 0;
}

static void find_ways(struct routing *r)
{
    uint32_t n = r->net->nodes->len, at = 0;

    r->ways = g_new(struct way, 2 * r->net->links->len + 1);
    for (uint32_t i = 0; i < n; i++) {
        struct node *node = node_at(r, i);
        r->first_way[i] = at;
        for (uint32_t j = 0; j < node->n_ifaces; j++) {
            struct iface *iface = node->ifaces[j];
            if (iface->peer)
                r->ways[at++] =
                    (struct way){ iface->peer->node->index, gateway_of(iface), &iface->ip };
        }
    }
    r->first_way[n] = at;
}

static void search_from(struct routing *r, const struct link *link, uint32_t *distance)
{
    const struct node *ends[] = { link->a->node, link->b->node };
    uint32_t tail = 0;

    memset(distance, 0xff, r->net->nodes->len * sizeof *distance);
    for (int i = 0; i < 2; i++)
        if (forwards(ends[i]) && distance[ends[i]->index] == FAR) {
            distance[ends[i]->index] = 0;
            r->queue[tail++] = ends[i]->index;
        }
    for (uint32_t head = 0; head < tail; head++) {
        uint32_t from = r->queue[head];
        for (uint32_t w = r->first_way[from]; w < r->first_way[from + 1]; w++) {
            uint32_t to = r->ways[w].neighbour;
            if (distance[to] != FAR || !forwards(node_at(r, to)))
                continue;
            distance[to] = distance[from] + 1;
            r->queue[tail++] = to;
        }
    }
}

/* All ways that lead nearest. */
static void route_node(const struct routing *r, struct node *node, const struct target *target)
{
    const struct way *first = &r->ways[r->first_way[node->index]];
    const struct way *end = &r->ways[r->first_way[node->index + 1]];
    struct ip_via vias[IP_ROUTE_HOPS];
    uint32_t least = FAR, n = 0;

    for (const struct way *way = first; way < end; way++)
        least = MIN(least, target->distance[way->neighbour]);
    for (const struct way *way = first; way < end && n < IP_ROUTE_HOPS; way++)
        if (target->distance[way->neighbour] == least && way->gateway)
            vias[n++] = (struct ip_via){ .iface = way->iface, .gateway = way->gateway };
    if (least != FAR && n > 0)
        ip_route_add_auto(&node->ip, target->prefix, target->length, vias, n);
}

static bool needs_route(const struct node *node, const struct target *target)
{
    uint32_t distance = target->distance[node->index];

    if (forwards(node))
        return distance != 0 && distance != FAR;
    return node != target->link->a->node && node != target->link->b->node;
}

/* By prefix, so that what is added one after the other lies side by side in the table.  (The sort
 * is stable: hops of one prefix keep the order of the links.) */
static gint by_prefix(gconstpointer a, gconstpointer b)
{
    ip4 pa = ((const struct target *)a)->prefix, pb = ((const struct target *)b)->prefix;

    return pa < pb ? -1 : pa > pb;
}

static void route_batch(struct routing *r)
{
    g_array_sort(r->targets, by_prefix);
    for (uint32_t i = 0; i < r->net->nodes->len; i++) {
        struct node *node = node_at(r, i);
        if (r->is_static[i] || is_leaf(node))
            continue;
        for (guint t = 0; t < r->targets->len; t++) {
            const struct target *target = &g_array_index(r->targets, struct target, t);
            if (needs_route(node, target))
                route_node(r, node, target);
        }
    }
    g_array_set_size(r->targets, 0);
}

static void route_leaf(const struct routing *r, struct node *node)
{
    const struct way *way = &r->ways[r->first_way[node->index]];

    if (node->ifaces[0]->peer && forwards(node_at(r, way->neighbour)) && way->gateway) {
        struct ip_via via = { .iface = way->iface, .gateway = way->gateway };
        ip_route_add_auto(&node->ip, 0, 0, &via, 1);
    }
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

static void add_targets(struct routing *r, const struct link *link, const uint32_t *distance)
{
    struct target target = { .link = link, .distance = distance };
    ip4 addr;

    for (int j = 0; ip_iface_address_at(&link->a->ip, j, &addr, &target.length); j++) {
        target.prefix = addr & ip4_mask(target.length);
        g_array_append_val(r->targets, target);
    }
}

static void route_links(struct routing *r)
{
    GPtrArray *links = g_ptr_array_copy(r->net->links, NULL, NULL);
    uint64_t searched = 0;
    uint32_t rows = 0, n = r->net->nodes->len;

    g_ptr_array_sort(links, by_ends);
    for (guint i = 0; i < links->len; i++) {
        const struct link *link = links->pdata[i];
        uint64_t ends = ends_of(link);
        if (ends == 0)
            continue;
        if (ends != searched) {
            if (rows == BATCH) {
                route_batch(r);
                rows = 0;
            }
            search_from(r, link, &r->distances[(size_t)n * rows++]);
        }
        searched = ends;
        add_targets(r, link, &r->distances[(size_t)n * (rows - 1)]);
    }
    route_batch(r);
    g_ptr_array_free(links, TRUE);
}

void topology_route(struct network *net)
{
    uint32_t n = net->nodes->len;
    struct routing r = { .net = net,
                         .first_way = g_new(uint32_t, n + 1),
                         .is_static = g_new(bool, n + 1),
                         .distances = g_new(uint32_t, BATCH * (size_t)n + 1),
                         .queue = g_new(uint32_t, n + 1),
                         .targets = g_array_new(FALSE, FALSE, sizeof(struct target)) };

    find_ways(&r);
    for (uint32_t i = 0; i < n; i++) {
        struct node *node = node_at(&r, i);
        ip_route_flush_auto(&node->ip);
        r.is_static[i] = has_static(node);
        if (!r.is_static[i] && is_leaf(node))
            route_leaf(&r, node);
    }
    route_links(&r);
    g_array_free(r.targets, TRUE);
    g_free(r.ways);
    g_free(r.first_way);
    g_free(r.is_static);
    g_free(r.distances);
    g_free(r.queue);
}

#include "models/node/topology.h"

#include "models/node/bond.h"
#include "models/node/segment.h"
#include "models/node/virtual.h"
#include "protocols/ip/route.h"
#include "sim/hash.h"

/* ---- Addresses -----------------------------------------------------------------------------
 *
 * Subnets of cables are /30s of 10.0.0.0/8, those of switched segments come from 172.16.0.0/12 and
 * are several times as large as the segment.  What is in use is kept in units of /30. */

enum { CABLE_PREFIX = 30, CABLE_SUBNETS = 1 << 22 };
#define CABLE_BASE ((ip4)10 << 24)

enum { LAN_RANGE = 12 };
#define LAN_BASE ((ip4)172 << 24 | (ip4)16 << 16)

static bool has_address(const struct iface *iface)
{
    ip4 v4;
    return ip_iface_address(&iface->ip, &v4);
}

static bool subnet_taken(const struct network *net, ip4 base, int length)
{
    ip4 end = base + ((ip4)1 << (32 - length));

    for (; base != end; base += 4)
        if (g_hash_table_contains(net->subnets, GUINT_TO_POINTER(base)))
            return true;
    return false;
}

static void take_subnet(struct network *net, ip4 base, int length)
{
    ip4 end = base + ((ip4)1 << (32 - length));

    for (; base != end; base += 4)
        g_hash_table_add(net->subnets, GUINT_TO_POINTER(base));
}

/* Notes the addresses that the scenario set, so that automatic ones keep clear of them. */
static void note_addresses(struct network *net, struct iface *iface)
{
    ip4 v4;

    for (int i = 0; ip_iface_address_at(&iface->ip, i, &v4, NULL); i++) {
        if (!g_hash_table_contains(net->by_addr, GUINT_TO_POINTER(v4)))
            g_hash_table_insert(net->by_addr, GUINT_TO_POINTER(v4), iface);
        g_hash_table_add(net->subnets, GUINT_TO_POINTER(v4 & ip4_mask(CABLE_PREFIX)));
    }
}

static void number_cable(struct network *net, const struct link *link)
{
    uint32_t n = (uint32_t)hash_string(link->name, 0x737562) % CABLE_SUBNETS;

    if (has_address(link->a) || has_address(link->b))
        return;
    while (subnet_taken(net, CABLE_BASE + (n << 2), CABLE_PREFIX))
        n = (n + 1) % CABLE_SUBNETS;
    ip4 base = CABLE_BASE + (n << 2);
    ip_iface_add_address(&link->a->ip, base + 1, CABLE_PREFIX);
    ip_iface_add_address(&link->b->ip, base + 2, CABLE_PREFIX);
    note_addresses(net, link->a);
    note_addresses(net, link->b);
}

/* So wide that a segment rarely outgrows its subnet, which would renumber it. */
static int lan_prefix(uint32_t members)
{
    static const int lengths[] = { 24, 20, 16 };

    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++)
        if (members <= 1u << (31 - lengths[i]))
            return lengths[i];
    return LAN_RANGE;
}

/* False if the range is used up. */
static bool find_lan(struct network *net, const struct segment *segment, ip4 *base, int *length)
{
    *length = lan_prefix(segment->n);
    uint32_t subnets = 1u << (*length - LAN_RANGE);
    uint32_t n = (uint32_t)hash_string(segment->name, 0x6c616e) % subnets;

    for (uint32_t tried = 0; tried < subnets; tried++, n = (n + 1) % subnets) {
        *base = LAN_BASE + (n << (32 - *length));
        if (!subnet_taken(net, *base, *length)) {
            take_subnet(net, *base, *length);
            return true;
        }
    }
    return false;
}

/* The subnet of those members that have an address; false if none has one in which others could
 * be. */
static bool known_lan(const struct segment *segment, ip4 *base, int *length)
{
    for (uint32_t i = 0; i < segment->n; i++)
        if (ip_iface_address_at(&segment->members[i]->ip, 0, base, length) && *length <= 30) {
            *base &= ip4_mask(*length);
            return true;
        }
    return false;
}

/* The first free address from one on that follows from the interface's name. */
static void number_member(struct network *net, struct iface *iface, ip4 base, int length)
{
    uint32_t hosts = (uint32_t)(((uint64_t)1 << (32 - length)) - 2);
    uint32_t n = (uint32_t)hash_string(iface->drops.name, 0x686f7374) % hosts;

    for (uint32_t tried = 0; tried < hosts; tried++, n = (n + 1) % hosts)
        if (!g_hash_table_contains(net->by_addr, GUINT_TO_POINTER(base + 1 + n))) {
            ip_iface_add_address(&iface->ip, base + 1 + n, length);
            note_addresses(net, iface);
            return;
        }
}

static void number_lan(struct network *net, const struct segment *segment)
{
    uint32_t open = 0;
    ip4 base;
    int length;

    for (uint32_t i = 0; i < segment->n; i++)
        open += !has_address(segment->members[i]);
    if (open == 0 || segment->n < 2 ||
        (!known_lan(segment, &base, &length) && !find_lan(net, segment, &base, &length)))
        return;
    for (uint32_t i = 0; i < segment->n; i++)
        if (!has_address(segment->members[i]))
            number_member(net, segment->members[i], base, length);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const struct segment *x = *(struct segment *const *)a, *y = *(struct segment *const *)b;

    return strcmp(x->name, y->name);
}

/* In the order of their names: of two that want the same subnet always the same one gets it. */
static void number_lans(struct network *net, const struct segments *segments)
{
    GPtrArray *lans = g_ptr_array_new();

    for (uint32_t i = 0; i < segments->n; i++)
        if (!segments->all[i].link)
            g_ptr_array_add(lans, &segments->all[i]);
    g_ptr_array_sort(lans, by_name);
    for (guint i = 0; i < lans->len; i++)
        number_lan(net, lans->pdata[i]);
    g_ptr_array_free(lans, TRUE);
}

void topology_address(struct network *net)
{
    const struct segments *segments = network_segments(net);

    for (uint32_t i = 0; i < segments->n; i++)
        for (uint32_t j = 0; j < segments->all[i].n; j++)
            note_addresses(net, segments->all[i].members[j]);
    for (uint32_t i = 0; i < segments->n; i++)
        if (segments->all[i].link)
            number_cable(net, segments->all[i].link);
    number_lans(net, segments);
}

/* ---- Routes --------------------------------------------------------------------------------
 *
 * A breadth-first search over the nodes that forward, from those of a segment, gives all distances
 * to its subnets.  Segments with the same such nodes share one search: the cables of all hosts that
 * hang on one router cost one.
 *
 * Searches are made by the batch, and then each node takes all routes of the batch one after the
 * other, so that its table stays in the cache meanwhile. */

#define FAR UINT32_MAX

enum { BATCH = 256 };

/* A way out of a node, to one that forwards. */
struct way {
    uint32_t neighbour; /* node index */
    ip4 gateway;        /* the neighbour's address in a common subnet; 0: there is none */
    struct ip_iface *iface;
};

struct target {
    const struct segment *segment;
    const uint32_t *distance; /* to it, by node index; FAR: not reached */
    ip4 prefix;
    int length;
};

struct routing {
    struct network *net;
    bool live;           /* what has no carrier leads nowhere */
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

/* One that refuses leads nowhere, and leaves the ways open. */
static void note_static(const struct ip_route *route, void *found)
{
    if (!(route->flags & (IP_ROUTE_CONNECTED | IP_ROUTE_AUTO)) && route->type == IP_ROUTE_UNICAST)
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

/* Interfaces that can have addresses: those with a cable, then those without. */
static uint32_t doors_of(const struct node *node)
{
    return node->ops->bridges ? node->n_virtual : node->n_ifaces + node->n_virtual;
}

/* NULL: the interface is a bond's, and has none. */
static struct iface *door(const struct node *node, uint32_t i)
{
    uint32_t cables = node->ops->bridges ? 0 : node->n_ifaces;

    if (i >= cables)
        return &node->virtual[i - cables] -> iface;
    return bond_is_member(node->ifaces[i]) ? NULL : node->ifaces[i];
}

static bool has_one_door(const struct node *node)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < doors_of(node) && n <= 1; i++)
        n += door(node, i) != NULL;
    return n <= 1;
}

static uint32_t n_ways(const struct routing *r, const struct node *node)
{
    return r->first_way[node->index + 1] - r->first_way[node->index];
}

/* A node that has one door and one router behind it needs no table. */
static bool is_leaf(const struct routing *r, const struct node *node)
{
    return !forwards(node) && has_one_door(node) && n_ways(r, node) <= 1;
}

/* The gateway's address in a subnet that it shares with the interface; 0 if there is none. */
static ip4 gateway_of(const struct iface *iface, const struct iface *gateway)
{
    ip4 via;

    for (int i = 0; ip_iface_address_at(&gateway->ip, i, &via, NULL); i++)
        if (ip_iface_onlink(&iface->ip, via))
            return via;
    return 0;
}

static bool usable(const struct routing *r, const struct iface *iface)
{
    return !r->live || iface_running(iface);
}

/* The next member from `*i` on that forwards and can be reached; NULL behind the last. */
static const struct iface *next_gateway(const struct routing *r, const struct segment *segment,
                                        uint32_t *i)
{
    while (*i < segment->n_gateways) {
        const struct iface *gateway = segment->members[(*i)++];
        if (usable(r, gateway))
            return gateway;
    }
    return NULL;
}

static void add_ways(const struct routing *r, GArray *ways, struct iface *iface)
{
    const struct iface *gateway;
    uint32_t i = 0;

    while (usable(r, iface) && (gateway = next_gateway(r, iface->segment, &i))) {
        struct way way = { gateway->node->index, gateway_of(iface, gateway), &iface->ip };
        if (gateway->node != iface->node)
            g_array_append_val(ways, way);
    }
}

static void find_ways(struct routing *r)
{
    uint32_t n = r->net->nodes->len;
    GArray *ways = g_array_new(FALSE, FALSE, sizeof(struct way));

    for (uint32_t i = 0; i < n; i++) {
        const struct node *node = node_at(r, i);
        r->first_way[i] = ways->len;
        for (uint32_t j = 0; j < doors_of(node); j++)
            if (door(node, j))
                add_ways(r, ways, door(node, j));
    }
    r->first_way[n] = ways->len;
    r->ways = (struct way *)(void *)g_array_free(ways, FALSE);
}

static void search_from(struct routing *r, const struct segment *segment, uint32_t *distance)
{
    const struct iface *gateway;
    uint32_t tail = 0, i = 0;

    memset(distance, 0xff, r->net->nodes->len * sizeof *distance);
    while ((gateway = next_gateway(r, segment, &i))) {
        uint32_t index = gateway->node->index;
        if (distance[index] == FAR)
            r->queue[tail++] = index;
        distance[index] = 0;
    }
    for (uint32_t head = 0; head < tail; head++) {
        uint32_t from = r->queue[head];
        for (uint32_t w = r->first_way[from]; w < r->first_way[from + 1]; w++) {
            uint32_t to = r->ways[w].neighbour;
            if (distance[to] != FAR)
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
    for (uint32_t i = 0; i < doors_of(node); i++)
        if (door(node, i) && door(node, i)->segment == target->segment)
            return false;
    return doors_of(node) > 0;
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
        if (r->is_static[i] || is_leaf(r, node))
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
    const struct way *way = n_ways(r, node) == 1 ? &r->ways[r->first_way[node->index]] : NULL;

    if (way && way->gateway) {
        struct ip_via via = { .iface = way->iface, .gateway = way->gateway };
        ip_route_add_auto(&node->ip, 0, 0, &via, 1);
    }
}

/* By the nodes that forward and can be reached. */
static int compare_gateways(const struct routing *r, const struct segment *x,
                            const struct segment *y)
{
    uint32_t i = 0, j = 0;

    for (;;) {
        const struct iface *a = next_gateway(r, x, &i), *b = next_gateway(r, y, &j);
        if (!a || !b)
            return (a != NULL) - (b != NULL);
        if (a->node != b->node)
            return a->node->index < b->node->index ? -1 : 1;
    }
}

/* Of equals the one that was there first. */
static gint by_gateways(gconstpointer a, gconstpointer b, gpointer routing)
{
    const struct segment *x = *(struct segment *const *)a, *y = *(struct segment *const *)b;
    int order = compare_gateways(routing, x, y);

    return order ? order : x < y ? -1 : x > y;
}

static bool is_target(const GArray *targets, guint from, const struct target *target)
{
    for (guint i = from; i < targets->len; i++) {
        const struct target *other = &g_array_index(targets, struct target, i);
        if (other->prefix == target->prefix && other->length == target->length)
            return true;
    }
    return false;
}

/* Each subnet of the segment once. */
static void add_targets(struct routing *r, const struct segment *segment, const uint32_t *distance)
{
    struct target target = { .segment = segment, .distance = distance };
    guint from = r->targets->len;
    ip4 addr;

    for (uint32_t i = 0; i < segment->n; i++) {
        const struct ip_iface *ip = &segment->members[i]->ip;
        for (int j = 0; ip_iface_address_at(ip, j, &addr, &target.length); j++) {
            target.prefix = addr & ip4_mask(target.length);
            if (!is_target(r->targets, from, &target))
                g_array_append_val(r->targets, target);
        }
    }
}

static GPtrArray *segments_in_order(struct routing *r)
{
    const struct segments *segments = network_segments(r->net);
    GPtrArray *order = g_ptr_array_new();

    for (uint32_t i = 0; i < segments->n; i++)
        if (segments->all[i].n_gateways > 0)
            g_ptr_array_add(order, &segments->all[i]);
    g_ptr_array_sort_with_data(order, by_gateways, r);
    return order;
}

static void route_segments(struct routing *r)
{
    GPtrArray *order = segments_in_order(r);
    const struct segment *searched = NULL;
    uint32_t rows = 0, n = r->net->nodes->len;

    for (guint i = 0; i < order->len; i++) {
        const struct segment *segment = order->pdata[i];
        if (!searched || compare_gateways(r, segment, searched) != 0) {
            if (rows == BATCH) {
                route_batch(r);
                rows = 0;
            }
            search_from(r, segment, &r->distances[(size_t)n * rows++]);
        }
        searched = segment;
        add_targets(r, segment, &r->distances[(size_t)n * (rows - 1)]);
    }
    route_batch(r);
    g_ptr_array_free(order, TRUE);
}

void topology_route(struct network *net)
{
    uint32_t n = net->nodes->len;
    struct routing r = { .net = net,
                         .live = net->autoroute == AUTOROUTE_LIVE,
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
        if (!r.is_static[i] && is_leaf(&r, node))
            route_leaf(&r, node);
    }
    route_segments(&r);
    g_array_free(r.targets, TRUE);
    g_free(r.ways);
    g_free(r.first_way);
    g_free(r.is_static);
    g_free(r.distances);
    g_free(r.queue);
}

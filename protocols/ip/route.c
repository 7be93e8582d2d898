#include "protocols/ip/route.h"

#include <errno.h>

#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"

DROP_REASON(no_route, "no route leads to the destination");
DROP_REASON(blackhole, "a blackhole route swallowed it");
DROP_REASON(unreachable, "an unreachable route refused it");
DROP_REASON(prohibited, "a prohibit route refused it");

/* ---- Look-up ------------------------------------------------------------------------------- */

/* The first of a prefix's routes that leads anywhere now. */
static const struct ip_route *usable(const struct ip_route *route)
{
    while (route && route->type == IP_ROUTE_UNICAST && route->n_up == 0)
        route = route->next;
    return route;
}

const struct ip_route *ip_route_lookup(const struct ip_stack *ip, ip4 dst)
{
    const struct ip_route *found;

    for (int below = 33; (found = fib_lookup(&ip->fib, dst, below)); below = found->length) {
        const struct ip_route *route = usable(found);
        if (route)
            return route;
    }
    return NULL;
}

/* Linux's fib_good_nh: unless ARP has asked in vain so far. */
static bool answers(const struct ip_hop *hop)
{
    const struct neigh *neigh = hop->gateway ? neigh_find(hop->iface, hop->gateway) : NULL;

    return !neigh || (neigh->state != NEIGH_INCOMPLETE && neigh->state != NEIGH_FAILED);
}

struct ip_hop *ip_hop_choose(const struct ip_route *route, uint32_t hash, bool use_neigh)
{
    struct ip_hop *hop = (struct ip_hop *)route->hops, *first = NULL, *silent = NULL;
    int64_t point = (int64_t)(((uint64_t)hash * route->up_weight) >> 32);

    for (unsigned i = 0; i < route->n_hops; i++, hop++) {
        if (!hop->iface->up)
            continue;
        point -= hop->weight;
        if (use_neigh && !answers(hop)) {
            silent = silent ? silent : hop;
            continue;
        }
        if (point < 0)
            return hop;
        first = first ? first : hop;
    }
    return first ? first : silent;
}

/* ---- Bookkeeping --------------------------------------------------------------------------- */

static void count_up(struct ip_route *route)
{
    route->n_up = 0;
    route->up_weight = 0;
    for (unsigned i = 0; i < route->n_hops; i++) {
        if (!route->hops[i].iface->up)
            continue;
        route->n_up++;
        route->up_weight = (uint16_t)(route->up_weight + route->hops[i].weight);
    }
}

static size_t route_size(unsigned n_hops)
{
    return sizeof(struct ip_route) + n_hops * sizeof(struct ip_hop);
}

/* Local routes stand before all others, as Linux's local table does. */
static bool stands_before(const struct ip_route *a, uint8_t type, uint32_t metric)
{
    if ((a->type == IP_ROUTE_LOCAL) != (type == IP_ROUTE_LOCAL))
        return a->type == IP_ROUTE_LOCAL;
    return a->metric < metric;
}

/* Where in the prefix's list a route of this kind is or would be. */
static struct ip_route **place_of(struct ip_route **at, uint8_t type, uint32_t metric)
{
    while (*at && stands_before(*at, type, metric))
        at = &(*at)->next;
    return at;
}

static bool same_place(const struct ip_route *route, uint8_t type, uint32_t metric)
{
    return route && (route->type == IP_ROUTE_LOCAL) == (type == IP_ROUTE_LOCAL) &&
           route->metric == metric;
}

/* ---- Adding -------------------------------------------------------------------------------- */

static struct ip_iface *iface_towards(const struct ip_stack *ip, ip4 gateway)
{
    for (struct ip_iface *iface = ip->ifaces; iface; iface = iface->next)
        if (ip_iface_onlink(iface, gateway))
            return iface;
    return NULL;
}

static int hop_make(const struct ip_stack *ip, const struct ip_via *via, struct ip_hop *hop)
{
    struct ip_iface *iface = via->iface;

    if (via->gateway) {
        if (!iface)
            iface = iface_towards(ip, via->gateway);
        if (!iface || !ip_iface_onlink(iface, via->gateway))
            return ENETUNREACH;
        if (ip_is_local(ip, via->gateway))
            return EINVAL;
    }
    if (!iface || via->weight > IP_WEIGHT_MAX)
        return EINVAL;
    *hop = (struct ip_hop){ .iface = iface,
                            .gateway = via->gateway,
                            .weight = via->weight ? via->weight : 1 };
    return 0;
}

static int hops_make(const struct ip_stack *ip, const struct ip_route_spec *spec,
                     struct ip_hop *hops)
{
    if ((spec->n_vias == 0) == (spec->type == IP_ROUTE_UNICAST) || spec->n_vias > IP_ROUTE_HOPS)
        return EINVAL;
    for (uint32_t i = 0; i < spec->n_vias; i++) {
        int error = hop_make(ip, &spec->vias[i], &hops[i]);
        if (error)
            return error;
    }
    return 0;
}

/* A route from its parts, put in front of *at. */
static void route_link(struct ip_route **at, const struct ip_route_spec *spec,
                       const struct ip_hop *hops)
{
    struct ip_route *route = g_malloc0(route_size(spec->n_vias));

    route->next = *at;
    route->prefix = spec->prefix & ip4_mask(spec->length);
    route->metric = spec->metric;
    route->initcwnd = spec->initcwnd;
    route->length = spec->length;
    route->type = spec->type;
    route->flags = spec->flags;
    route->n_hops = (uint8_t)spec->n_vias;
    if (spec->n_vias > 0)
        memcpy(route->hops, hops, spec->n_vias * sizeof *hops);
    count_up(route);
    *at = route;
}

/* The head of the prefix's list, to which something will be added at once. */
static struct ip_route **list_of(struct ip_stack *ip, const struct ip_route_spec *spec)
{
    return fib_insert(&ip->fib, spec->prefix & ip4_mask(spec->length), spec->length);
}

int ip_route_add(struct ip_stack *ip, const struct ip_route_spec *spec)
{
    struct ip_hop hops[IP_ROUTE_HOPS];
    int error = hops_make(ip, spec, hops);

    if (error)
        return error;
    struct ip_route **at = place_of(list_of(ip, spec), spec->type, spec->metric);
    if (same_place(*at, spec->type, spec->metric))
        return EEXIST;
    route_link(at, spec, hops);
    ip_changed(ip);
    return 0;
}

static bool has_hop(const struct ip_route *route, const struct ip_hop *hop)
{
    for (unsigned i = 0; i < route->n_hops; i++)
        if (route->hops[i].iface == hop->iface && route->hops[i].gateway == hop->gateway)
            return true;
    return false;
}

static int hop_append(struct ip_route **at, const struct ip_hop *hop)
{
    if (has_hop(*at, hop))
        return 0;
    if ((*at)->n_hops == IP_ROUTE_HOPS)
        return EINVAL;
    struct ip_route *route = g_realloc(*at, route_size((*at)->n_hops + 1u));
    route->hops[route->n_hops++] = *hop;
    count_up(route);
    *at = route;
    return 0;
}

int ip_route_append(struct ip_stack *ip, const struct ip_route_spec *spec)
{
    struct ip_hop hops[IP_ROUTE_HOPS];
    int error = hops_make(ip, spec, hops);

    if (error)
        return error;
    struct ip_route **at = place_of(list_of(ip, spec), spec->type, spec->metric);
    if (!same_place(*at, spec->type, spec->metric))
        route_link(at, spec, hops);
    else if ((*at)->type != spec->type)
        error = EEXIST;
    else
        for (uint32_t i = 0; i < spec->n_vias && !error; i++)
            error = hop_append(at, &hops[i]);
    if (!error && spec->initcwnd)
        (*at)->initcwnd = spec->initcwnd;
    ip_changed(ip);
    return error;
}

void ip_route_add_auto(struct ip_stack *ip, ip4 prefix, int length, const struct ip_via *vias,
                       uint32_t n)
{
    struct ip_route_spec spec = { .prefix = prefix,
                                  .length = (uint8_t)length,
                                  .flags = IP_ROUTE_AUTO,
                                  .metric = IP_METRIC_AUTO,
                                  .n_vias = n,
                                  .vias = vias };
    ip_route_append(ip, &spec);
}

/* ---- Removing ------------------------------------------------------------------------------ */

/* Takes the route at *at out of its prefix's list, whose head is `head`. */
static void route_unlink(struct ip_stack *ip, struct ip_route *head, struct ip_route *route)
{
    ip4 prefix = route->prefix;
    int length = route->length;

    if (head != route) {
        while (head->next != route)
            head = head->next;
        head->next = route->next;
    } else if (route->next) {
        *fib_insert(&ip->fib, prefix, length) = route->next;
    } else {
        fib_remove(&ip->fib, prefix, length);
    }
    g_free(route);
    ip_changed(ip);
}

static int remove_typed(struct ip_stack *ip, ip4 prefix, int length, uint8_t type, uint32_t metric)
{
    struct ip_route *head = fib_exact(&ip->fib, prefix & ip4_mask(length), length);
    struct ip_route *route = *place_of(&head, type, metric);

    if (!same_place(route, type, metric))
        return ESRCH;
    route_unlink(ip, head, route);
    return 0;
}

int ip_route_remove(struct ip_stack *ip, ip4 prefix, int length, uint32_t metric)
{
    return remove_typed(ip, prefix, length, IP_ROUTE_UNICAST, metric);
}

int ip_route_remove_local(struct ip_stack *ip, ip4 addr)
{
    return remove_typed(ip, addr, 32, IP_ROUTE_LOCAL, 0);
}

static void collect(struct ip_route *route, void *data)
{
    for (; route; route = route->next)
        g_ptr_array_add(data, route);
}

/* All routes by prefix and metric; the caller frees the array. */
static GPtrArray *all_routes(const struct ip_stack *ip)
{
    GPtrArray *routes = g_ptr_array_new();

    fib_each(&ip->fib, collect, routes);
    return routes;
}

static void remove_route(struct ip_stack *ip, struct ip_route *route)
{
    route_unlink(ip, fib_exact(&ip->fib, route->prefix, route->length), route);
}

void ip_route_flush_auto(struct ip_stack *ip)
{
    GPtrArray *routes = all_routes(ip);

    for (guint i = 0; i < routes->len; i++) {
        struct ip_route *route = routes->pdata[i];
        if (route->flags & IP_ROUTE_AUTO)
            remove_route(ip, route);
    }
    g_ptr_array_free(routes, TRUE);
}

/* Takes the hops that `gone` names out of all routes, and routes that lose their last one. */
static void remove_hops(struct ip_stack *ip,
                        bool (*gone)(const struct ip_hop *hop, const void *data), const void *data)
{
    GPtrArray *routes = all_routes(ip);

    for (guint i = 0; i < routes->len; i++) {
        struct ip_route *route = routes->pdata[i];
        unsigned kept = 0, had = route->n_hops;
        for (unsigned j = 0; j < had; j++)
            if (!gone(&route->hops[j], data))
                route->hops[kept++] = route->hops[j];
        route->n_hops = (uint8_t)kept;
        count_up(route);
        if (had > 0 && kept == 0)
            remove_route(ip, route);
    }
    g_ptr_array_free(routes, TRUE);
    ip_changed(ip);
}

static bool through_iface(const struct ip_hop *hop, const void *iface)
{
    return hop->iface == iface;
}

void ip_route_flush_iface(struct ip_iface *iface)
{
    remove_hops(iface->ip, through_iface, iface);
}

static bool gateway_lost(const struct ip_hop *hop, const void *iface)
{
    return hop->iface == iface && hop->gateway && !ip_iface_onlink(hop->iface, hop->gateway);
}

void ip_route_check_gateways(struct ip_iface *iface)
{
    remove_hops(iface->ip, gateway_lost, iface);
}

void ip_route_recount(struct ip_stack *ip)
{
    GPtrArray *routes = all_routes(ip);

    for (guint i = 0; i < routes->len; i++)
        count_up(routes->pdata[i]);
    g_ptr_array_free(routes, TRUE);
    ip_changed(ip);
}

void ip_route_free_all(struct ip_stack *ip)
{
    GPtrArray *routes = all_routes(ip);

    for (guint i = 0; i < routes->len; i++)
        g_free(routes->pdata[i]);
    g_ptr_array_free(routes, TRUE);
    fib_fini(&ip->fib);
}

void ip_route_each(const struct ip_stack *ip,
                   void (*visit)(const struct ip_route *route, void *data), void *data)
{
    GPtrArray *routes = all_routes(ip);

    for (guint i = 0; i < routes->len; i++)
        visit(routes->pdata[i], data);
    g_ptr_array_free(routes, TRUE);
}

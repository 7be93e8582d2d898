/* From a destination to a next hop: the destination cache, and what fills it. */
#include <errno.h>

#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"
#include "protocols/wire/icmp.h"
#include "sim/hash.h"

/* Sets of the cache, as powers of two.  It starts small, for most nodes talk to few others, and
 * doubles when it has replaced as many valid entries as it can hold. */
enum { CACHE_BITS_FIRST = 3, CACHE_BITS_LAST = 11 };

static const struct ip_dst no_entries[2];

void ip_cache_init(struct ip_stack *ip)
{
    ip->cache = (struct ip_dst *)no_entries; /* never valid, so never written */
    ip->cache_shift = 32;
    ip->cache_pressure = 0;
}

void ip_cache_fini(struct ip_stack *ip)
{
    if (ip->cache != no_entries)
        g_free(ip->cache);
    ip_cache_init(ip);
}

/* An empty cache of this size. */
static void cache_make(struct ip_stack *ip, uint32_t bits)
{
    ip_cache_fini(ip);
    ip->cache = g_new0(struct ip_dst, (size_t)2 << bits);
    ip->cache_shift = 32 - bits;
}

/* A place for the destination: the front of its set, whose entry takes the place of the other. */
static struct ip_dst *cache_place(struct ip_stack *ip, ip4 dst)
{
    uint32_t bits = 32 - ip->cache_shift;

    if (ip->cache == no_entries)
        cache_make(ip, CACHE_BITS_FIRST);
    else if (ip->cache_pressure > 2u << bits && bits < CACHE_BITS_LAST)
        cache_make(ip, bits + 1);
    struct ip_dst *set = ip_dst_set(ip, dst);
    ip->cache_pressure += set[1].generation == ip->generation;
    set[1] = set[0];
    return set;
}

static bool is_subnet_broadcast(const struct ip_route *route, ip4 dst)
{
    return route->flags & IP_ROUTE_CONNECTED && route->length < 31 &&
           (dst | ip4_mask(route->length)) == UINT32_MAX;
}

static struct neigh *neigh_of_hop(struct ip_hop *hop, ip4 dst)
{
    if (!hop->gateway)
        return neigh_get(hop->iface, dst);
    if (!hop->neigh)
        hop->neigh = neigh_get(hop->iface, hop->gateway);
    return hop->neigh;
}

static void fill_from_route(struct ip_dst *entry, const struct ip_route *route)
{
    entry->route = route;
    if (!route)
        entry->kind = IP_KIND_NONE;
    else if (route->type == IP_ROUTE_LOCAL)
        entry->kind = IP_KIND_LOCAL;
    else if (route->type != IP_ROUTE_UNICAST)
        entry->kind = IP_KIND_REFUSED;
    else if (is_subnet_broadcast(route, entry->dst))
        entry->kind = IP_KIND_BROADCAST;
    else
        entry->kind = IP_KIND_UNICAST;
    if (entry->kind == IP_KIND_UNICAST && route->n_hops == 1)
        entry->neigh = neigh_of_hop((struct ip_hop *)&route->hops[0], entry->dst);
}

static bool fill_from_except(struct ip_stack *ip, struct ip_dst *entry)
{
    struct ip_iface *iface;
    ip4 gateway = except_gateway(ip, entry->dst, &iface);

    if (!gateway || !iface->up)
        return false;
    entry->kind = IP_KIND_UNICAST;
    entry->neigh = neigh_get(iface, gateway);
    return entry->neigh != NULL;
}

struct ip_dst *ip_dst_fill(struct ip_stack *ip, ip4 dst)
{
    struct ip_dst *entry = cache_place(ip, dst);

    *entry = (struct ip_dst){ .dst = dst, .generation = ip->generation };
    if (dst == IP4_LIMITED_BROADCAST)
        entry->kind = IP_KIND_BROADCAST;
    else if (ip4_is_multicast(dst))
        entry->kind = IP_KIND_MULTICAST;
    else if (ip4_is_loopback(dst))
        entry->kind = IP_KIND_LOCAL;
    else if (ip4_is_zeronet(dst))
        entry->kind = IP_KIND_NONE; /* whatever the default route says */
    else if (!fill_from_except(ip, entry))
        fill_from_route(entry, ip_route_lookup(ip, dst));
    return entry;
}

/* ---- Several next hops --------------------------------------------------------------------- */

/* What tells flows apart. */
struct flow {
    ip4 src, dst;
    uint32_t ports; /* source port in the upper half */
};

/* net.ipv4.fib_multipath_hash_fields. */
enum { FIELD_SRC = 1, FIELD_DST = 2, FIELD_PROTO = 4, FIELD_SPORT = 16, FIELD_DPORT = 32 };

/* Those that fib_multipath_hash_policy takes; 2 looks into tunnels, of which there are none. */
static uint32_t hash_fields(const struct ip_stack *ip)
{
    switch (ip->sysctl->multipath_hash_policy) {
    case 1:
        return FIELD_SRC | FIELD_DST | FIELD_PROTO | FIELD_SPORT | FIELD_DPORT;
    case 3:
        return ip->sysctl->multipath_hash_fields;
    default:
        return FIELD_SRC | FIELD_DST;
    }
}

/* An ICMP error belongs to the flow it is about. */
static void flow_of_error(const struct packet *packet, uint32_t icmp_at, struct flow *flow)
{
    uint8_t bytes[ICMP_LEN + IPV4_LEN];
    struct ipv4 inner;

    if (packet_len(packet) < icmp_at + sizeof bytes)
        return;
    packet_read(packet, icmp_at, bytes, sizeof bytes);
    if (!icmp_is_error(bytes[0]))
        return;
    ipv4_parse(bytes + ICMP_LEN, &inner);
    flow->src = inner.src;
    flow->dst = inner.dst;
}

static void flow_ports(const struct packet *packet, uint32_t l4_at, struct flow *flow)
{
    uint8_t b[4];

    if (packet_len(packet) < l4_at + sizeof b)
        return;
    packet_read(packet, l4_at, b, sizeof b);
    flow->ports = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* The hash that keeps a flow on one path, the same in both directions. */
static uint32_t flow_hash(struct ip_stack *ip, struct flow flow, uint8_t proto,
                          const struct packet *packet, uint32_t l4_at)
{
    uint32_t fields = hash_fields(ip);
    uint32_t ports = (fields & FIELD_SPORT ? 0xffff0000u : 0) | (fields & FIELD_DPORT ? 0xffff : 0);

    if (packet && proto == IP_PROTO_ICMP)
        flow_of_error(packet, l4_at, &flow);
    if (packet && ports && (proto == IP_PROTO_TCP || proto == IP_PROTO_UDP))
        flow_ports(packet, l4_at, &flow);
    if (!(fields & FIELD_SRC))
        flow.src = 0;
    if (!(fields & FIELD_DST))
        flow.dst = 0;
    flow.ports &= ports;
    if (flow.src > flow.dst) {
        flow = (struct flow){ flow.dst, flow.src, flow.ports << 16 | flow.ports >> 16 };
    }
    uint64_t hash = hash_combine(ip_state(ip)->key, (uint64_t)flow.src << 32 | flow.dst);
    if (ports || fields & FIELD_PROTO)
        hash = hash_combine(hash, (uint64_t)(fields & FIELD_PROTO ? proto : 0) << 32 | flow.ports);
    return (uint32_t)(hash >> 32);
}

struct neigh *ip_dst_neigh(struct ip_stack *ip, const struct ip_dst *entry, ip4 src, uint8_t proto,
                           const struct packet *packet, uint32_t l4_at)
{
    if (entry->neigh)
        return entry->neigh;
    const struct ip_route *route = entry->route;
    struct ip_hop *hop = (struct ip_hop *)&route->hops[0];
    if (route->n_hops > 1)
        hop = ip_hop_choose(
            route, flow_hash(ip, (struct flow){ src, entry->dst, 0 }, proto, packet, l4_at),
            ip->sysctl->multipath_use_neigh);
    return neigh_of_hop(hop, entry->dst);
}

struct ip_refusal ip_dst_refusal(const struct ip_dst *entry)
{
    if (entry->kind == IP_KIND_REFUSED) {
        if (entry->route->type == IP_ROUTE_BLACKHOLE)
            return (struct ip_refusal){ EINVAL, -1, &drop_blackhole };
        if (entry->route->type == IP_ROUTE_PROHIBIT)
            return (struct ip_refusal){ EACCES, ICMP_FILTERED, &drop_prohibited };
        return (struct ip_refusal){ EHOSTUNREACH, ICMP_HOST_UNREACH, &drop_unreachable };
    }
    return (struct ip_refusal){ ENETUNREACH, ICMP_NET_UNREACH, &drop_no_route };
}

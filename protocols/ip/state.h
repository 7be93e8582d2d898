/* The inside of the IP layer: what its files share.
 *
 * Files: iface (interfaces, addresses), route and fib (routes), way (from a destination to a next
 * hop), except (path MTUs and redirects learnt), input (what arrives; the fast path), forward,
 * output (what leaves), frag (fragmentation), reasm (reassembly), neigh (neighbours and their
 * states), arp (the messages), icmp_send, icmp_limit, icmp_input, ping, igmp and groups (multicast
 * groups), sysctl, stack.
 *
 * Left out: IP options other than refusing source routes (record route and timestamps pass
 * unfilled), multicast routing, policy routing, proxy ARP, per-interface sysctls, the looping back
 * of one's own broadcasts.  A multicast group that no route covers leaves by the first interface,
 * for which Linux wants a route. */
#ifndef WEFT_PROTOCOLS_IP_STATE_H
#define WEFT_PROTOCOLS_IP_STATE_H

#include "protocols/ip/route.h"
#include "sim/rng.h"
#include "sim/sim.h"
#include "sim/timer.h"

struct except_table;
struct icmp_limits;
struct ip_idents;
struct ping;
struct reasm_table;

/* What comes with the first traffic. */
struct ip_state {
    struct ip_counters counters;  /* those that struct ip_stack does not hold itself */
    uint64_t key;                 /* of hashes; from the seed and the node's name */
    uint32_t least_pmtu;          /* of all path MTUs learnt; UINT32_MAX: none */
    bool pmtu_locked;             /* some path was said to have less than min_pmtu */
    uint32_t next_ident;          /* for the first identification of a connection */
    struct except_table *excepts; /* the rest: NULL until needed */
    struct reasm_table *reasm;
    struct icmp_limits *limits;
    struct ip_idents *idents;
    struct ping *pings;
    struct rng rng;         /* "ip": reachable times, identifications */
    struct event loopback;  /* delivers what the node sent to itself */
    struct packet_fifo own; /* that */
    struct ip_stack *ip;
};

/* Makes the state; ip_state() is the way to it. */
struct ip_state *ip_state_new(struct ip_stack *ip);

static inline struct ip_state *ip_state(struct ip_stack *ip)
{
    return ip->state ? ip->state : ip_state_new(ip);
}

/* Counts one, for the counters that are not on the fast path. */
#define ip_count(ip, name) (ip_state(ip)->counters.name++)

/* Something that cached routes depend on has changed. */
static inline void ip_changed(struct ip_stack *ip)
{
    if (++ip->generation == 0)
        ip->generation = 1;
}

/* ---- Addresses ----------------------------------------------------------------------------- */

#define IP4_LIMITED_BROADCAST 0xffffffffu
#define IP4_LOOPBACK          0x7f000001u

static inline bool ip4_is_multicast(ip4 addr)
{
    return addr >> 28 == 14;
}

/* By which interface datagrams to a multicast group leave; NULL if there is none. */
struct ip_iface *ip_group_iface(struct ip_stack *ip, ip4 group);

/* Frees the groups of an interface that goes. */
void ip_groups_free(struct ip_iface *iface);

static inline bool ip4_is_loopback(ip4 addr)
{
    return addr >> 24 == 127;
}

static inline bool ip4_is_zeronet(ip4 addr)
{
    return addr >> 24 == 0;
}

/* 32 bits that depend on all of the address; addresses in any regular order spread well. */
static inline uint32_t ip4_hash(ip4 addr)
{
    uint32_t h = addr * 0x9e3779b1u;
    h = (h ^ h >> 15) * 0x85ebca6bu;
    return h ^ h >> 16;
}

/* Whether `addr` is this node's: one of an interface, or loopback. */
bool ip_is_local(const struct ip_stack *ip, ip4 addr);

/* Which bit of the filter stands for an address. */
static inline unsigned ip_filter_bit(ip4 addr)
{
    return addr * 0x9e3779b1u >> 26;
}

/* May say yes of any address, says no only of those that are not the node's. */
static inline bool ip_may_be_local(const struct ip_stack *ip, ip4 addr)
{
    return ip->local_filter >> ip_filter_bit(addr) & 1;
}

/* Computes the filter anew.  With rp_filter it says "perhaps" of all: each source must be looked
 * at. */
void ip_filter_rebuild(struct ip_stack *ip);

/* Whether `addr` is the broadcast address of a subnet of the interface, or of all. */
bool ip_iface_broadcasts(const struct ip_iface *iface, ip4 addr);

/* The address that the interface would use towards `to`; another interface's if it has none; 0 if
 * the node has none. */
ip4 ip_iface_source(const struct ip_iface *iface, ip4 to);

/* ---- Ways: from a destination to a next hop ------------------------------------------------ */

enum ip_kind {
    IP_KIND_NONE,    /* no route */
    IP_KIND_UNICAST, /* to a neighbour */
    IP_KIND_LOCAL,
    IP_KIND_BROADCAST,
    IP_KIND_MULTICAST,
    IP_KIND_REFUSED, /* a route says no */
};

/* An entry of the destination cache. */
struct ip_dst {
    ip4 dst;
    uint32_t generation;          /* valid while it is the stack's */
    const struct ip_route *route; /* NULL: none needed, or none there */
    struct neigh *neigh;          /* the one next hop; NULL if there are several */
    uint8_t kind;                 /* enum ip_kind */
};

/* The cache has sets of two entries, the one filled last in front.  The uppermost bits of the
 * product depend on all of the address. */
static inline struct ip_dst *ip_dst_set(const struct ip_stack *ip, ip4 dst)
{
    return &ip->cache[2 * ((uint64_t)(dst * 0x9e3779b1u) >> ip->cache_shift)];
}

static inline bool ip_dst_valid(const struct ip_stack *ip, const struct ip_dst *entry, ip4 dst)
{
    return entry->dst == dst && entry->generation == ip->generation;
}

/* Looks the destination up and fills an entry. */
struct ip_dst *ip_dst_fill(struct ip_stack *ip, ip4 dst);

/* The entry of a destination if the cache has it, else NULL. */
static inline struct ip_dst *ip_dst_peek(const struct ip_stack *ip, ip4 dst)
{
    struct ip_dst *set = ip_dst_set(ip, dst);

    if (__builtin_expect(ip_dst_valid(ip, &set[0], dst), 1))
        return &set[0];
    return ip_dst_valid(ip, &set[1], dst) ? &set[1] : NULL;
}

/* The entry of a destination, valid until the next call. */
static inline struct ip_dst *ip_dst_get(struct ip_stack *ip, ip4 dst)
{
    struct ip_dst *entry = ip_dst_peek(ip, dst);

    return entry ? entry : ip_dst_fill(ip, dst);
}

/* The neighbour that a flow from `src` goes to; the entry's kind is IP_KIND_UNICAST.  `packet`, at
 * whose data the transport header is, may be NULL.  NULL if the neighbour table is full. */
struct neigh *ip_dst_neigh(struct ip_stack *ip, const struct ip_dst *entry, ip4 src, uint8_t proto,
                           const struct packet *packet, uint32_t l4_at);

/* What refuses an entry of this kind: errno, ICMP code (-1: silence), drop reason. */
struct ip_refusal {
    int error, icmp_code;
    const struct drop_reason *reason;
};
struct ip_refusal ip_dst_refusal(const struct ip_dst *entry);

/* The cache that a stack starts with: one set, never valid. */
void ip_cache_init(struct ip_stack *ip);
void ip_cache_fini(struct ip_stack *ip);

/* ---- Routes that follow from addresses and interfaces ---------------------------------------- */

/* Removes the local route of an address. */
int ip_route_remove_local(struct ip_stack *ip, ip4 addr);

/* Removes all that goes through the interface, or through gateways that are no longer on it. */
void ip_route_flush_iface(struct ip_iface *iface);
void ip_route_check_gateways(struct ip_iface *iface);

/* Counts anew which hops are up. */
void ip_route_recount(struct ip_stack *ip);

/* Frees the table and all routes. */
void ip_route_free_all(struct ip_stack *ip);

/* ---- Input --------------------------------------------------------------------------------- */

/* A datagram that was checked goes to its protocol; packet_data() is the IP header, all of whose
 * bytes and `h` agree.  Fragments are collected first.  Takes the packet over. */
void ip_deliver(struct ip_stack *ip, struct packet *packet, const struct ipv4 *h,
                struct ip_iface *iface);

/* A checked datagram for someone else, which found `entry`.  Takes the packet over. */
void ip_forward(struct ip_stack *ip, struct packet *packet, const struct ipv4 *h,
                struct ip_iface *iface, const struct ip_dst *entry);

/* Why a datagram may not come from `src` by this interface, or NULL. */
const struct drop_reason *ip_source_fault(struct ip_stack *ip, struct ip_iface *iface, ip4 src,
                                          ip4 dst);

/* The protocol with this number, or NULL. */
struct ip_l4 *ip_l4_find(const struct ip_stack *ip, uint8_t proto);

extern const struct drop_reason drop_ip_malformed, drop_ip_truncated, drop_ip_checksum,
    drop_ip_source_route, drop_martian_source, drop_martian_destination, drop_not_for_us,
    drop_no_protocol, drop_not_joined, drop_ttl_expired, drop_stays, drop_mtu_exceeded,
    drop_frag_rest, drop_node_gone;

/* Drops at the node for `reason`. */
static inline void ip_drop(struct ip_stack *ip, struct packet *packet,
                           const struct drop_reason *reason)
{
    packet_drop(packet, ip->drops, reason);
}

/* ---- Output -------------------------------------------------------------------------------- */

/* The identification of a datagram that may be fragmented. */
uint16_t ip_ident(struct ip_stack *ip, ip4 src, ip4 dst, uint8_t proto);

/* Cuts the datagram into fragments of at most `mtu` bytes and sends them, up to one that the host's
 * own queue has dropped.  Takes it over. */
enum xmit ip_fragment(struct ip_stack *ip, struct packet *packet, struct neigh *neigh,
                      uint32_t mtu);

/* ---- Reassembly ---------------------------------------------------------------------------- */

/* Takes a fragment in; returns the datagram if it is complete now, with its header at
 * packet_data(), else NULL. */
struct packet *reasm_input(struct ip_stack *ip, struct packet *packet, const struct ipv4 *h,
                           struct ip_iface *iface);

/* The interface is going. */
void reasm_forget(struct ip_stack *ip, const struct ip_iface *iface);

/* Fragments that wait. */
uint64_t reasm_packets(const struct ip_stack *ip);
void reasm_free(struct ip_stack *ip);

extern const struct drop_reason drop_frag_timeout, drop_frag_overlap, drop_frag_duplicate,
    drop_frag_malformed, drop_frag_memory, drop_frag_too_far;

/* Linux's measure of the memory that a packet of this length occupies: the bytes, an sk_buff and
 * its shared info, each rounded up to cache lines. */
static inline uint32_t ip_truesize(uint32_t length)
{
    return ((length + 63) & ~63u) + 576;
}

/* ---- Exceptions: path MTUs (RFC 1191) and redirects ------------------------------------------ */

/* Learns that datagrams to `dst` may have `mtu` bytes; below the sysctl's least, that least. */
void except_learn_mtu(struct ip_stack *ip, ip4 dst, uint32_t mtu);

/* Learns a better gateway. */
void except_learn_gateway(struct ip_stack *ip, ip4 dst, struct ip_iface *iface, ip4 gateway);

/* The path MTU learnt for `dst`; UINT32_MAX if none. */
uint32_t except_mtu(const struct ip_stack *ip, ip4 dst);

/* Whether it was said to be less than net.ipv4.route.min_pmtu. */
bool except_locked(const struct ip_stack *ip, ip4 dst);

/* The gateway learnt for `dst`, with its interface; 0 if none. */
ip4 except_gateway(const struct ip_stack *ip, ip4 dst, struct ip_iface **iface);

/* Forgets what leads through an interface. */
void except_flush(struct ip_stack *ip, struct ip_iface *iface);
void except_free(struct ip_stack *ip);

/* ---- ICMP ---------------------------------------------------------------------------------- */

/* A message to this node; packet_data() is the ICMP header.  Takes it over. */
void icmp_input(struct ip_stack *ip, struct packet *packet, const struct ip_rx *rx);

/* Whether an error of this type to `to` may be sent now, by the limits of the sysctls. */
bool icmp_allowed(struct ip_stack *ip, ip4 to, uint8_t type, uint8_t code);

/* Sends the source of `packet` a redirect to `gateway`, unless it ignores them. */
void icmp_redirect(struct ip_stack *ip, struct packet *packet, struct ip_iface *in, ip4 gateway);
void icmp_limits_free(struct ip_stack *ip);

/* Writes an ICMP header in front of what the packet holds, with the checksum over both. */
void icmp_push_header(struct packet *packet, uint8_t type, uint8_t code, uint32_t rest);

/* Counts a message in IcmpIn<type> or IcmpOut<type>. */
void icmp_count_in(struct ip_stack *ip, uint8_t type);
void icmp_count_out(struct ip_stack *ip, uint8_t type);

/* A reply or an error for one of the node's pings; false if there is no such ping. */
bool ping_input(struct ip_stack *ip, struct packet *packet, uint16_t id, uint16_t seq,
                const struct ip_rx *rx);
void ping_error(struct ip_stack *ip, uint8_t type, uint8_t code, uint32_t info,
                const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx);

#endif

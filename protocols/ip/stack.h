/* IPv4 of one node: the struct that a node embeds.
 *
 * Small when idle.  An idle host's stack is this struct, its routes and their trie; everything that
 * only traffic needs hangs off `state` and comes with the first traffic.
 *
 * The fast path (input.c, output.c) knows the destination cache: per destination the route and,
 * if there is only one way, the neighbour to hand the frame to.  An entry is valid while its
 * generation is the stack's; whatever changes a route, an address, an MTU or an exception takes a
 * new generation. */
#ifndef WEFT_PROTOCOLS_IP_STACK_H
#define WEFT_PROTOCOLS_IP_STACK_H

#include "protocols/ip/fib.h"
#include "protocols/ip/iface.h"
#include "protocols/ip/sysctl.h"

struct ip_dst;
struct ip_state;
struct neigh;
struct sim;

struct ip_stack {
    struct sim *sim;
    struct ip_dst *cache;  /* destinations, in sets of two; starts as one set that never matches */
    uint32_t cache_shift;  /* there are 2^(32 - cache_shift) sets */
    uint32_t generation;   /* of everything a cached route depends on */
    uint64_t local_filter; /* a bit for each own address */
    bool forwarding;       /* a router; may be written at any time */
    bool closing;          /* ip_stack_close was called */
    uint16_t n_ifaces;     /* ever made: the next one's index less 1 */
    uint32_t cache_pressure; /* valid entries replaced since the cache has its size */
    uint64_t in_receives, forw_datagrams, in_delivers, out_requests, out_transmits;
    struct fib fib;
    struct ip_l4 *l4; /* registered protocols */
    /* Optional: a datagram came for a protocol that is not registered; registers it and returns it,
     * or NULL if there is none such. */
    struct ip_l4 *(*l4_wanted)(struct ip_stack *ip, uint8_t proto);
    struct ip_iface *ifaces, **last_iface;
    const struct ip_sysctl *sysctl; /* shared until a value is changed */
    struct ip_state *state;         /* NULL until the first traffic */
    struct actor *actor;            /* in whose name events are scheduled */
    struct drops *drops;            /* where datagrams are dropped */
    const char *name;
};

/* `name` is the node's and with the simulation's seed determines all that is random.  `name`,
 * `actor` and `drops` are the node's and outlive the stack. */
void ip_stack_init(struct ip_stack *ip, struct sim *sim, const char *name, struct actor *actor,
                   struct drops *drops);

/* The node ends: forgets all routes at once, so that its interfaces need not look for theirs. */
void ip_stack_close(struct ip_stack *ip);

/* Drops what waits inside and frees all; the interfaces must be finished before. */
void ip_stack_fini(struct ip_stack *ip);

/* Packets that wait inside: for neighbours, for other fragments, for delivery to the node itself.
 */
uint64_t ip_packets_held(const struct ip_stack *ip);

/* Linux's names as nstat(8) shows them: /proc/net/snmp, Ip and Icmp, and /proc/net/netstat, IpExt.
 */
/* clang-format off */
#define IP_COUNTERS(X)                                                                            \
    X(IpInReceives) X(IpInHdrErrors) X(IpInAddrErrors) X(IpForwDatagrams) X(IpInUnknownProtos)    \
    X(IpInDiscards) X(IpInDelivers) X(IpOutRequests) X(IpOutDiscards) X(IpOutNoRoutes)            \
    X(IpReasmTimeout) X(IpReasmReqds) X(IpReasmOKs) X(IpReasmFails) X(IpFragOKs) X(IpFragFails)   \
    X(IpFragCreates) X(IpOutTransmits)                                                            \
    X(IpExtInNoRoutes) X(IpExtInTruncatedPkts) X(IpExtInCsumErrors) X(IpExtReasmOverlaps)         \
    X(IcmpInMsgs) X(IcmpInErrors) X(IcmpInCsumErrors) X(IcmpInDestUnreachs) X(IcmpInTimeExcds)    \
    X(IcmpInParmProbs) X(IcmpInSrcQuenchs) X(IcmpInRedirects) X(IcmpInEchos) X(IcmpInEchoReps)    \
    X(IcmpInTimestamps) X(IcmpInTimestampReps) X(IcmpInAddrMasks) X(IcmpInAddrMaskReps)           \
    X(IcmpOutMsgs) X(IcmpOutErrors) X(IcmpOutRateLimitGlobal) X(IcmpOutRateLimitHost)             \
    X(IcmpOutDestUnreachs) X(IcmpOutTimeExcds) X(IcmpOutParmProbs) X(IcmpOutSrcQuenchs)           \
    X(IcmpOutRedirects) X(IcmpOutEchos) X(IcmpOutEchoReps) X(IcmpOutTimestamps)                   \
    X(IcmpOutTimestampReps) X(IcmpOutAddrMasks) X(IcmpOutAddrMaskReps)
/* clang-format on */

struct ip_counters {
#define X(name) uint64_t name;
    IP_COUNTERS(X)
#undef X
};

/* Their names, in the order of the struct, NULL-terminated: "IpInReceives", "IcmpInMsgs". */
extern const char *const ip_counter_names[];

/* Copies all counters to *out. */
void ip_counters_get(const struct ip_stack *ip, struct ip_counters *out);

#endif

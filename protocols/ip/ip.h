/* IPv4 of one node: what the layers above and below see of it.
 *
 * The IP layer is sans I/O.  Below it are interfaces, which the node supplies (struct ip_iface,
 * embedded in the node's own interface, with an ops table to transmit frames); above it are
 * transport protocols, which register by protocol number.  The files of this folder hold the parts:
 * input and forwarding, output, fib (routes), neigh (ARP), frag (fragments), icmp (errors, echo).
 */
#ifndef WEFT_PROTOCOLS_IP_IP_H
#define WEFT_PROTOCOLS_IP_IP_H

#include "protocols/ip/addr.h"
#include "protocols/wire/ipv4.h"
#include "sim/drop.h"
#include "sim/event.h"
#include "sim/packet.h"

struct ip_stack;
struct ip_iface;
struct neigh;

/* What a transport protocol learns about a received datagram.  packet_data() is its own header;
 * packet->l3 still finds the IP header. */
struct ip_rx {
    struct ip_addr src, dst;
    uint8_t proto, tos, ttl;
    struct ip_iface *iface;  /* it came in by; NULL: from this node itself */
    struct ip_addr reporter; /* for `error` alone: who sent the ICMP message */
};

/* A transport protocol, as the IP layer sees it. */
struct ip_l4 {
    /* Takes the datagram over. */
    void (*input)(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx);

    /* An ICMP error arrived about a datagram that this node sent.  `quote` holds what was quoted
     * from its transport header on, `rx` the addresses of the datagram in error (src is ours);
     * `info` is the next-hop MTU of a "fragmentation needed", the pointer of a parameter problem.
     * False: nobody here is concerned (Linux's IcmpInErrors). */
    bool (*error)(struct ip_l4 *l4, uint8_t type, uint8_t code, uint32_t info, const uint8_t *quote,
                  uint32_t quote_len, const struct ip_rx *rx);

    /* Optional: whether the quoted segment may be one that this node sent, so that the MTU which an
     * error about it names is to be believed (RFC 5927 4.1, 7). */
    bool (*sent)(struct ip_l4 *l4, const uint8_t *quote, uint32_t quote_len,
                 const struct ip_rx *rx);

    struct ip_l4 *next; /* ip_register's */
    uint8_t proto;
};

enum ip_df {
    IP_DF_CLEAR, /* may be fragmented anywhere */
    IP_DF_SET,   /* don't fragment */
    IP_DF_WANT,  /* set as long as the path MTU allows, else fragment here: Linux's default for
                    datagram sockets */
    IP_DF_PATH,  /* set unless the path takes less than net.ipv4.route.min_pmtu: streams' */
};

/* How a datagram leaves. */
struct ip_tx {
    struct ip_addr src; /* all zero: the address of the outgoing interface */
    struct ip_addr dst;
    uint8_t proto, tos;
    uint8_t ttl;            /* 0: net.ipv4.ip_default_ttl */
    uint8_t df;             /* enum ip_df; true is IP_DF_SET */
    bool no_loop;           /* a multicast: not to members on this node */
    bool stays;             /* a multicast: to them alone (a TTL of 0) */
    bool confirm;           /* there is progress: the next hop is reachable (RFC 4861 7.3.1) */
    struct ip_iface *iface; /* force this one; NULL: by the routes */
};

/* A sender's memory of its route, so that a connection looks it up once; zero-initialise.  Valid
 * while `generation` is the stack's. */
struct ip_route_cache {
    struct neigh *neigh; /* the next hop; NULL if the route needs a closer look */
    uint32_t generation;
    uint16_t id; /* counts the datagrams with DF, as in a connected socket of Linux */
    bool used;   /* id has its first value */
    bool no_id;  /* there is no socket yet: 0 with DF */
};

/* Registers `l4` for a protocol number; NULL takes it away. */
void ip_register(struct ip_stack *ip, uint8_t proto, struct ip_l4 *l4);

/* Sends `packet`, which holds a transport segment from packet_data() on: adds the IP header,
 * fragments if it must and may, resolves the next hop, transmits.  Takes the packet over.  `cache`
 * may be NULL.  Returns 0, or the errno of an immediate failure (ENETUNREACH, EMSGSIZE,
 * EHOSTUNREACH, EACCES, EINVAL for a blackhole), or, below zero, what the interface's own queue did
 * with it (enum xmit); the packet is then already dropped and counted.  A super-segment (gso_size)
 * counts as the datagrams that it will be, and must have DF set. */
int ip_send(struct ip_stack *ip, struct packet *packet, const struct ip_tx *tx,
            struct ip_route_cache *cache);

/* The source address and MTU that datagrams to `dst` get, path MTU included; false if there is no
 * route. */
bool ip_route_query(struct ip_stack *ip, const struct ip_addr *dst, struct ip_addr *src,
                    uint32_t *mtu);

/* Why there is none: the errno of what the routes say, ENETUNREACH or that of a route that refuses;
 * 0 if there is a route. */
int ip_route_error(struct ip_stack *ip, const struct ip_addr *dst);

/* A frame arrived on the interface: checks the Ethernet header, demultiplexes ARP and IPv4. Takes
 * the packet over. */
void ip_iface_input(struct ip_iface *iface, struct packet *packet);

#endif

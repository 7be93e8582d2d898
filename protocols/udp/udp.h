/* UDP of one node (RFC 768, RFC 1122 4.1).
 *
 * Sans I/O: below it is ip_send, above it sockets, structs that their owners embed.  Received
 * datagrams go to the owner's upcall, or wait in the socket if it has none. */
#ifndef WEFT_PROTOCOLS_UDP_UDP_H
#define WEFT_PROTOCOLS_UDP_UDP_H

#include "protocols/ip/ip.h"
#include "sim/blob.h"
#include "sim/rng.h"

struct ports;
struct udp_socket;

/* Where a datagram came from, and how. */
struct udp_rx {
    struct ip_addr src, dst;
    uint16_t src_port, dst_port;
    uint8_t tos, ttl;
    struct ip_iface *iface; /* NULL: from this node itself */
};

/* An ICMP error about a datagram of ours. */
struct udp_error {
    int error;               /* errno: ECONNREFUSED, EHOSTUNREACH, EMSGSIZE, ... */
    bool hard;               /* told to a connected socket's owner even if nobody asked for it */
    uint8_t type, code;      /* ICMP's */
    uint32_t info;           /* the MTU if too large */
    struct ip_addr reporter; /* who sent it */
    struct ip_addr dst;      /* where our datagram went */
    uint16_t dst_port;
};

/* Upcalls; any may be NULL. */
struct udp_ops {
    /* A datagram; its data is packet_data() on.  Takes the packet over: packet_delivered() ends it,
     * udp_payload() makes a slice of it. */
    void (*receive)(struct udp_socket *socket, struct packet *packet, const struct udp_rx *rx);
    /* Without `receive`: another datagram waits. */
    void (*readable)(struct udp_socket *socket);
    void (*error)(struct udp_socket *socket, const struct udp_error *error);
};

/* Embedded in its owner. */
struct udp_socket {
    struct udp_socket *chain; /* of the port table */
    struct udp_stack *stack;  /* NULL while closed; see udp_is_bound */
    const struct udp_ops *ops;
    void *user;
    struct ip_addr local, remote; /* all zero: any */
    uint16_t local_port, remote_port;
    uint8_t tos, ttl; /* of what it sends; ttl 0: the sysctl */
    uint8_t df;       /* enum ip_df; IP_DF_WANT as in Linux */
    bool connected;
    bool own_address, own_port;   /* udp_bind was told them */
    bool reuse;                   /* SO_REUSEADDR: shares its port with others who said so */
    bool broadcast;               /* SO_BROADCAST: may send to broadcast addresses */
    bool recverr;                 /* IP_RECVERR: is told of all errors, and of a full queue */
    struct ip_iface *iface;       /* SO_BINDTODEVICE; NULL: any */
    struct ip_iface *group_iface; /* IP_MULTICAST_IF; NULL: by the routes */
    uint8_t group_ttl;            /* IP_MULTICAST_TTL; 0: multicasts stay on the node */
    bool no_loop;                 /* IP_MULTICAST_LOOP is off */
    uint32_t flow;                /* packet->flow of its datagrams */
    uint32_t rcvbuf;              /* bytes that may wait, counted as Linux does; 0: none */
    uint32_t queued;              /* of them in use, counted so */
    uint32_t unreturned;          /* of these, what was read, but is not free yet */
    uint32_t waiting, spliced;    /* datagrams that wait; of them, those the reader has looked at */
    uint16_t port_low, port_high; /* IP_LOCAL_PORT_RANGE; 0: as the stack's */
    struct packet_fifo queue;
    struct ip_route_cache cache;
};

/* Linux's names: /proc/net/snmp, Udp. */
/* clang-format off */
#define UDP_COUNTERS(X)                                                              \
    X(InDatagrams) X(NoPorts) X(InErrors) X(OutDatagrams) X(RcvbufErrors) X(SndbufErrors) \
    X(InCsumErrors) X(IgnoredMulti)
/* clang-format on */

struct udp_counters {
#define X(name) uint64_t name;
    UDP_COUNTERS(X)
#undef X
};

/* "UdpInDatagrams", ..., in the order of the struct, NULL-terminated. */
extern const char *const udp_counter_names[];

/* Embedded in its node; give `l4` to ip_register. */
struct udp_stack {
    struct ip_l4 l4;
    struct ip_stack *ip;
    struct udp_socket **table; /* by local port */
    uint32_t n_sockets, n_buckets;
    struct udp_visit *visits;     /* walks along its chains that are under way; mostly NULL */
    uint32_t port_low, port_high; /* net.ipv4.ip_local_port_range */
    const struct ports *reserved; /* net.ipv4.ip_local_reserved_ports; NULL: none */
    struct rng rng;
    struct udp_counters counters;
};

/* `name` is the node's: ephemeral ports follow from it and the simulation's seed. */
void udp_stack_init(struct udp_stack *udp, struct ip_stack *ip, const char *name);

/* Closes all sockets. */
void udp_stack_fini(struct udp_stack *udp);

/* Prepares a closed socket with Linux's defaults; `ops` may be NULL. */
void udp_socket_init(struct udp_socket *socket, const struct udp_ops *ops, void *user);

/* A socket without a port has a stack only if datagrams of a former port wait. */
static inline bool udp_is_bound(const struct udp_socket *socket)
{
    return socket->stack && socket->local_port;
}

/* Opens the socket on a port (0: an ephemeral one) of `local` (NULL or all zero: any address).  0,
 * EADDRINUSE, or EINVAL if it is open. */
int udp_bind(struct udp_stack *udp, struct udp_socket *socket, const struct ip_addr *local,
             uint16_t port);

/* Sends to and receives from this peer only, from now on; binds to an ephemeral port if the socket
 * is closed.  0, ENETUNREACH, EADDRINUSE. */
int udp_connect(struct udp_stack *udp, struct udp_socket *socket, const struct ip_addr *remote,
                uint16_t port);

/* Sends to and receives from anybody again.  Address and port stay if udp_bind was told them;
 * without a port the socket is not bound any more, but what waits stays.  The interface that it was
 * bound to is forgotten, as in Linux. */
void udp_disconnect(struct udp_socket *socket);

/* Lets go of the port and drops what waits; harmless when closed. */
void udp_close(struct udp_socket *socket);

/* Sends a datagram whose data is `length` bytes of `blob` (one reference is taken) to the peer, or
 * to `dst`.  The socket must have been bound.  0, EDESTADDRREQ, EMSGSIZE (over 65507 bytes, or too
 * large with DF), EACCES (broadcast), ENETUNREACH, ENOBUFS (the host's own queue is full; with
 * `recverr` alone, otherwise it is merely counted), ... */
int udp_send(struct udp_socket *socket, struct blob *blob, uint64_t offset, uint32_t length);
int udp_send_to(struct udp_socket *socket, struct blob *blob, uint64_t offset, uint32_t length,
                const struct ip_addr *dst, uint16_t port);

/* The next datagram that waits, or NULL; *rx says where it came from. */
struct packet *udp_recv(struct udp_socket *socket, struct udp_rx *rx);

/* The same, but it goes on waiting. */
const struct packet *udp_peek(struct udp_socket *socket, struct udp_rx *rx);

/* The data of a received datagram as a slice; the caller owns the reference. */
struct blob *udp_payload(const struct packet *packet, uint64_t *offset, uint32_t *length);

/* The sockets that are open, in the order of ports. */
void udp_each(const struct udp_stack *udp,
              void (*visit)(const struct udp_socket *socket, void *data), void *data);

/* Datagrams that wait in the sockets. */
uint64_t udp_packets_held(const struct udp_stack *udp);

/* net.ipv4.ip_local_port_range: the ports that udp_bind chooses from, low <= high. */
void udp_set_port_range(struct udp_stack *udp, uint16_t low, uint16_t high);

/* net.ipv4.ip_local_reserved_ports, which it leaves out; NULL: none.  The set stays the caller's.
 */
void udp_reserve_ports(struct udp_stack *udp, const struct ports *ports);

enum { UDP_DATA_MAX = 65507, UDP_RCVBUF = 212992 /* net.core.rmem_default */ };

extern const struct drop_reason drop_udp_no_port, drop_udp_checksum, drop_udp_malformed,
    drop_udp_rcvbuf, drop_udp_closed;

#endif

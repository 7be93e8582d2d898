/* What the files of this folder share: the table of ports (table.c), and what comes in (input.c).
 */
#ifndef WEFT_PROTOCOLS_UDP_INTERNAL_H
#define WEFT_PROTOCOLS_UDP_INTERNAL_H

#include "protocols/udp/udp.h"

/* The two ends of a datagram as its receiver sees them. */
struct udp_path {
    const struct ip_addr *local, *remote;
    uint16_t local_port, remote_port;
    const struct ip_iface *iface; /* NULL: from this node itself */
};

/* A walk along a chain whose upcalls may close any socket, also the next: udp_table_remove moves
 * the walk on.  What is opened meanwhile goes before it. */
struct udp_visit {
    struct udp_socket *next;
    struct udp_visit *outer; /* an upcall of that one began this one */
};

/* All zero, in either way of writing an IPv4 address. */
static inline bool udp_is_any(const struct ip_addr *addr)
{
    static const struct ip_addr zero;
    return ip_addr_equal(addr, &zero) || (ip_addr_is_v4(addr) && ip_addr_v4(addr) == 0);
}

/* Puts a socket into the chain of its local_port, and takes it out. */
void udp_table_add(struct udp_stack *udp, struct udp_socket *socket);
void udp_table_remove(struct udp_stack *udp, struct udp_socket *socket);

/* The sockets whose ports share a chain with `port`, or NULL. */
struct udp_socket *udp_table_chain(const struct udp_stack *udp, uint16_t port);

/* Whether the socket may not have this port. */
bool udp_port_taken(const struct udp_stack *udp, const struct udp_socket *socket, uint16_t port);

/* An ephemeral port for it; 0 if none is free. */
uint16_t udp_port_choose(struct udp_stack *udp, const struct udp_socket *socket);

/* Whether what comes on this path is for the socket: 0 if not, else more the better it fits. */
int udp_socket_score(const struct udp_socket *socket, const struct udp_path *path);

/* The socket that fits best, or NULL. */
struct udp_socket *udp_lookup(const struct udp_stack *udp, const struct udp_path *path);

/* A datagram from below. */
void udp_input(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx);

#endif

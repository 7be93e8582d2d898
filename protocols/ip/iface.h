/* An interface as the IP layer sees it: embedded in the node's own interface, which supplies an ops
 * table to transmit frames and hands incoming frames to ip_iface_input. */
#ifndef WEFT_PROTOCOLS_IP_IFACE_H
#define WEFT_PROTOCOLS_IP_IFACE_H

#include "protocols/ip/ip.h"
#include "protocols/wire/eth.h"

struct ip_groups;
struct neigh_table;

struct ip_iface_ops {
    /* Sends a frame (Ethernet header first, no FCS).  Takes it over. */
    enum xmit (*transmit)(struct ip_iface *iface, struct packet *frame);
    /* Optional: takes over a frame of a protocol that IP does not know, from its Ethernet header
     * on; false if it is nobody's. */
    bool (*other)(struct ip_iface *iface, struct packet *frame, uint16_t type);
};

struct ip_iface_addr {
    ip4 addr;
    uint8_t length; /* of the subnet's prefix */
};

enum { IP_MTU_DEFAULT = 1500 };

struct ip_iface {
    const struct ip_iface_ops *ops;
    struct ip_stack *ip;
    struct neigh_table *neighs;      /* neigh.h; NULL until the first neighbour */
    union {                          /* the addresses, n_addrs of them */
        struct ip_iface_addr single; /* while one is enough */
        struct ip_iface_addr *many;
    };
    uint32_t mtu;     /* of IP datagrams; ip_iface_set_mtu changes it */
    uint16_t ifindex; /* from 1, in order of ip_iface_init */
    struct eth_addr mac;
    uint8_t n_addrs;
    bool up;          /* ip_iface_set_up changes it */
    const char *name; /* "eth1"; sim_intern */
    struct drops *drops;
    struct ip_groups *groups; /* igmp.h; NULL until the first multicast group is joined */
    struct ip_iface *next;
};

/* A new interface, up, with an MTU of 1500 and no address.  `drops` is where the interface drops
 * frames; it and `ops` must outlive the interface. */
void ip_iface_init(struct ip_iface *iface, struct ip_stack *ip, const char *name,
                   struct eth_addr mac, const struct ip_iface_ops *ops, struct drops *drops);

/* Removes the interface with its addresses and routes, and drops what waits for neighbours. */
void ip_iface_fini(struct ip_iface *iface);

/* Gives the interface one more address in a subnet of 2^(32 - length) addresses, and the route to
 * that subnet.  The first address of a subnet is the source of what is sent there.  0, or EEXIST if
 * it is the interface's already, EINVAL if no host can have such an address. */
int ip_iface_add_address(struct ip_iface *iface, ip4 addr, int length);

/* Takes an address and its routes away; 0, or EADDRNOTAVAIL if the interface has none such. */
int ip_iface_remove_address(struct ip_iface *iface, ip4 addr);

/* The first address; false if there is none. */
bool ip_iface_address(const struct ip_iface *iface, ip4 *addr);

/* The address number `index` from 0 and its prefix length (NULL if not wanted); false beyond the
 * last. */
bool ip_iface_address_at(const struct ip_iface *iface, int index, ip4 *addr, int *length);

/* Whether `addr` is one of the interface's own. */
bool ip_iface_owns(const struct ip_iface *iface, ip4 addr);

/* Whether `addr` lies in a subnet of the interface. */
bool ip_iface_onlink(const struct ip_iface *iface, ip4 addr);

/* Whether both lie in the same one. */
bool ip_iface_joins(const struct ip_iface *iface, ip4 a, ip4 b);

/* Up or down.  Down forgets the neighbours (dropping what waits for them), and routes through the
 * interface are passed over until it is up again. */
void ip_iface_set_up(struct ip_iface *iface, bool up);

/* At least 68 (RFC 791 3.2). */
void ip_iface_set_mtu(struct ip_iface *iface, uint32_t mtu);

/* Tells the neighbours the interface's addresses by gratuitous ARP (RFC 5227 3). */
void ip_iface_announce(struct ip_iface *iface);

/* Receives datagrams to a multicast group, until it has left as often as it has joined; false if it
 * is not in the group.  Others learn of it by IGMP (igmp.h). */
void ip_iface_join(struct ip_iface *iface, ip4 group);
bool ip_iface_leave(struct ip_iface *iface, ip4 group);

/* Whether the interface wants datagrams to `group`. */
bool ip_iface_joined(const struct ip_iface *iface, ip4 group);

extern const struct drop_reason drop_iface_down, drop_eth_address, drop_eth_type, drop_eth_short;

#endif

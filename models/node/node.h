/* A node: a host, a router or a switch.  What it is made of comes when it is used: an idle host has
 * an IP stack and nothing more.
 *
 * The kind of a node is a table of functions.  It says what becomes of a frame that arrives, and a
 * kind that needs more memory for its nodes or interfaces puts struct node or struct iface first in
 * a larger struct. */
#ifndef WEFT_MODELS_NODE_NODE_H
#define WEFT_MODELS_NODE_NODE_H

#include "models/node/iface.h"
#include "models/socket/socket.h"
#include "protocols/ip/stack.h"
#include "protocols/tcp/tcp.h"
#include "protocols/udp/udp.h"

struct network;
struct node_lldp;
struct virtual_iface;

enum node_kind { NODE_HOST, NODE_ROUTER, NODE_SWITCH, NODE_HUB, NODE_KINDS };

struct node_ops {
    const char *name;             /* "host" */
    size_t node_size, iface_size; /* of the structs that begin with struct node, struct iface */
    bool forwards;                /* IP datagrams */
    bool bridges;                 /* passes frames on: stations on either side are neighbours */

    /* Takes over a frame that arrived: the receive side's `deliver`. */
    void (*receive)(struct link_rx *rx, struct packet *frame);
    /* Optional. */
    void (*init)(struct node *node);
    void (*fini)(struct node *node); /* while its interfaces are there */
    /* Optional: a new interface has its link and its peer. */
    void (*attached)(struct iface *iface);
    /* Optional: the link of the interface was noticed to come up or go down. */
    void (*carrier)(struct iface *iface, bool up);
    /* Optional: packets that the node holds beside those of IP, queues and links. */
    uint64_t (*held)(const struct node *node);
};

extern const struct node_ops *const node_kinds[NODE_KINDS];

struct node {
    struct network *net;
    const struct node_ops *ops;
    const char *name; /* sim_intern */
    enum node_kind kind;
    uint32_t index; /* in net->nodes */
    struct actor actor;
    struct drops drops;
    struct ip_stack ip;
    struct tcp_stack *tcp;   /* NULL until node_tcp */
    struct udp_stack *udp;   /* NULL until node_udp */
    struct sockets *sockets; /* NULL until node_sockets */
    struct iface **ifaces;   /* ifaces[i] is eth<i+1> */
    struct iface *first;     /* where `ifaces` points while one is enough */
    uint32_t n_ifaces;
    uint16_t n_virtual;
    uint16_t next_port;             /* network_free_port */
    struct node_lldp *lldp;         /* node_lldp.h; NULL: it does not speak LLDP */
    struct virtual_iface **virtual; /* interfaces without a cable (virtual.h) */
    GHashTable *idle_sysctls;       /* those without effect that were changed; NULL: none */
};

/* For network_add_node and network_free alone, who keep the list of nodes. */
struct node *node_new(struct network *net, const char *name, enum node_kind kind);
void node_free(struct node *node);

/* An unconnected interface more. */
struct iface *node_add_iface(struct node *node);

/* One without a link, of a bond. */
struct iface *node_add_bond(struct node *node, const char *name, const struct eth_addr *mac,
                            const struct ip_iface_ops *ops);

/* An Ethernet address that nobody has, made from a name. */
struct eth_addr node_mac(struct network *net, const char *name);

/* The node's TCP and UDP, made at the first call. */
struct tcp_stack *node_tcp(struct node *node);
struct udp_stack *node_udp(struct node *node);

/* Its socket layer, over both. */
struct sockets *node_sockets(struct node *node);

/* Interface by name ("eth1", "eth1.10") or NULL. */
struct iface *node_iface(const struct node *node, const char *name);

/* Its only interface, the links of a bond not counted; NULL if it has none or several. */
struct iface *node_only_iface(const struct node *node);

/* The address by which others know the node: its first interface's first; false if it has none. */
bool node_address(const struct node *node, struct ip_addr *addr);

/* Sysctls (node_sysctl.c) by full name; text as sysctl(8) prints it.  Errors state the remedy. */
bool node_sysctl_set(struct node *node, const char *name, const char *value, GError **error);
char *node_sysctl_get(struct node *node, const char *name, GError **error);

/* The names of all sysctls, sorted, NULL-terminated; the caller frees the array (g_free). */
const char **node_sysctl_names(void);

/* What values it takes: "0 to 255", "3 numbers from 1 to 100"; "" if no numbers.  The caller frees
 * the text. */
char *node_sysctl_range(const char *name);

/* Why nothing depends on a sysctl, though it can be set and read; NULL: something does. */
const char *node_sysctl_idle(const char *name);

#endif

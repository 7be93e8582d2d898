/* A network: nodes, links and traffic in one simulation. */
#ifndef WEFT_MODELS_NODE_NETWORK_H
#define WEFT_MODELS_NODE_NETWORK_H

#include "models/link/impair.h"
#include "models/node/loop.h"
#include "models/node/node.h"

struct app;
struct segments;

enum autoroute { AUTOROUTE_INITIAL, AUTOROUTE_LIVE, AUTOROUTE_OFF };

/* Both directions of a cable. */
struct link {
    const char *name; /* "left-right" */
    struct iface *a, *b;
    sim_time rtt;   /* declared, for "1bdp"; 0: the network's */
    uint32_t index; /* in net->links */
};

struct network {
    struct sim *sim;
    char *name;
    struct tcp_memory *tcp_memory;
    GPtrArray *nodes, *links, *apps;        /* in order of creation */
    GHashTable *names;                      /* of nodes and applications in use -> object */
    GHashTable *link_names;                 /* ditto of links, which are names apart */
    GHashTable *next_name, *next_link_name; /* "a-b" -> the n of a name "a-b-n" to try next */
    GHashTable *by_addr;                    /* ip4 -> struct iface */
    GHashTable *subnets;                    /* /30 subnets in use */
    GHashTable *macs;                       /* addresses in use, 40 bits */
    struct segments *segments;              /* NULL: to be found anew (segment.h) */
    uint32_t n_bridges;                     /* nodes that pass frames on */
    struct loop loop;                       /* the watch over frames that go in circles */
    enum autoroute autoroute;
    sim_time rtt; /* declared, for "1bdp" */
    bool stale;   /* topology or addresses changed since network_prepare */
    bool ending;  /* in network_free: what still lives must not send any more */
    struct actor observer;
    struct event reroute; /* links went up or down, and routes are kept up to date */
};

/* An empty network in a simulation of its own, whose randomness follows from `seed`. */
struct network *network_new(const char *name, uint64_t seed);
/* Frees the network, what it is made of, and its simulation. */
void network_free(struct network *net);

/* Adds a node or a link; a name that is used already is an error.  A link's ends may be of the same
 * network only; `name` NULL: made from the nodes' names. */
struct node *network_add_node(struct network *net, const char *name, enum node_kind kind,
                              GError **error);
struct link *network_add_link(struct network *net, struct node *a, struct node *b, const char *name,
                              GError **error);

/* The node of this name, the interface with this address; NULL if there is none. */
struct node *network_node(const struct network *net, const char *name);
struct iface *network_iface_of(const struct network *net, const struct ip_addr *addr);

/* The network is wired otherwise than before: who is in which segment must be found anew. */
void network_rewired(struct network *net);

/* A link of the network was noticed to go up or down: with AUTOROUTE_LIVE its routes are found
 * anew, once for all that happens at this instant. */
void network_carrier_changed(struct network *net);

/* Gives each interface its address and routes to each node what the scenario left open: automatic
 * addresses (by name) and shortest paths.  Cheap if nothing changed. */
void network_prepare(struct network *net);

/* Runs up to the absolute time `until`, then lets all transmitters catch up. */
enum sim_result network_run(struct network *net, sim_time until);

/* A name not in use: `base`, or base-2, base-3, ...; the caller frees it. */
char *network_unique_name(const struct network *net, const char *base);

/* A port on which nothing was asked to listen yet: 5001, 5002, ... on each node. */
uint16_t network_free_port(struct network *net, struct node *node);

/* Claims a name for an object; false with an error if it is in use. */
bool network_claim(struct network *net, const char *name, void *object, GError **error);

/* Created = delivered + dropped + consumed + in flight, counted; NULL if so, else the difference in
 * words, which the caller frees. */
char *network_conservation(struct network *net);

#endif

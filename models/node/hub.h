/* A hub: a repeater, behind whose ports all stations share one wire (IEEE 802.3 clauses 4 and 9).
 *
 * What one station sends comes out at all others; two that send at a time collide.  The stations
 * are half duplex and keep to CSMA/CD: they wait until the wire was silent for the interframe gap,
 * send, and if they hear another one meanwhile they jam, stop, and try again after a random number
 * of slot times, out of twice as many after each attempt up to the tenth (truncated binary
 * exponential back-off); after the sixteenth they give the frame up.
 *
 * Signals need their time: carrier appears at each station when the cables' delays and the hubs on
 * the way have passed since it was sent, and ends as much later than it ended at the sender.  So
 * two stations collide as they would, also late if the network is longer than half a slot.  Hubs
 * that are joined make one wire.  All cables of a wire should have the same rate: it is the
 * sender's that counts.
 *
 * The station's side of all this lies in the hub's port to which it is plugged.  A queue in front
 * of the sender works as on any link. */
#ifndef WEFT_MODELS_NODE_HUB_H
#define WEFT_MODELS_NODE_HUB_H

#include "models/node/network.h"
#include "sim/rng.h"

/* In bit times: 802.3 4.4.2.  The hub's own delay is that of a common repeater. */
enum {
    CSMA_SLOT = 512,
    CSMA_GAP = 96,
    CSMA_JAM = 32,
    CSMA_PREAMBLE = 64,
    CSMA_ATTEMPTS = 16,
    CSMA_BACKOFF_LIMIT = 10,
    HUB_DELAY = 8,
};

enum csma_state { CSMA_IDLE, CSMA_WAIT, CSMA_GAP_RUNS, CSMA_SENDING, CSMA_JAMMING, CSMA_BACKOFF };

struct csma {
    struct link_gate gate; /* of the station's transmit side */
    struct event event;    /* the end of what the state says */
    struct actor actor;
    struct rng rng;
    struct packet *current; /* what is sent or to be sent again */
    sim_time started;       /* sending */
    sim_time silent;        /* the wire has been silent here since then, if carriers is 0 */
    uint32_t carriers;      /* of others, that are heard here now */
    uint8_t state;          /* enum csma_state */
    uint8_t attempts;       /* for `current` */
    bool garbled;           /* carriers have overlapped since the wire was silent here */
    uint64_t collisions;    /* in which the station took part */
    uint64_t late;          /* of these, more than a slot after it began to send */
    uint64_t given_up;      /* frames, after the last attempt */
};

struct hub_port {
    struct iface iface;
    struct csma csma; /* of the station at the other end; unused if that is a hub */
};

struct hub {
    struct node node;
    struct pool signals;
    struct list under_way; /* of them */
};

extern const struct node_ops hub_ops;

static inline struct hub *hub_of(const struct node *node)
{
    return container_of(node, struct hub, node);
}

static inline struct hub_port *hub_port_of(const struct iface *iface)
{
    return container_of(iface, struct hub_port, iface);
}

extern const struct drop_reason drop_excessive_collisions, drop_collision;

#endif

/* LLDP, the Link Layer Discovery Protocol (IEEE 802.1AB-2016): who is at the other end of a cable.
 *
 * Each port says at intervals who it is and for how long that is true: four times the interval and
 * a second.  What a neighbour said is kept that long, or until it takes it back (a time of 0).  Who
 * hears a new neighbour, or comes up, says it four times in quick succession.
 *
 * Sans I/O: the owner sends frames, and says what there is to tell of a port.
 *
 * Left out: taking back what was said when a port is switched off (its link is down by then), TLVs
 * of organisations, trees of trunks (only the nearest bridge is spoken to), limits on what is sent
 * in a second (9.2.4: with one neighbour per cable they are never met), statistics other than those
 * below. */
#ifndef WEFT_PROTOCOLS_L2_LLDP_H
#define WEFT_PROTOCOLS_L2_LLDP_H

#include "protocols/l2/lldpdu.h"
#include "sim/list.h"
#include "sim/packet.h"
#include "sim/param.h"
#include "sim/sim.h"
#include "sim/timer.h"

struct lldp_port;

/* Names, ranges and defaults (9.2.5) are in lldp_params. */
struct lldp_config {
    sim_time interval;        /* msgTxInterval */
    uint32_t hold;            /* msgTxHold */
    sim_time fast;            /* msgFastTx */
    uint32_t fast_count;      /* txFastInit */
    uint32_t most_neighbours; /* at one port */
};

extern const struct param lldp_params[];

struct lldp_ops {
    /* Fills in what there is to say of the port; all but the time. */
    void (*describe)(struct lldp_port *port, struct lldpdu *pdu);
    /* Sends a frame.  Takes it over. */
    void (*transmit)(struct lldp_port *port, struct packet *frame);
};

struct lldp_neighbour {
    struct lldp_neighbour *next;
    struct lldpdu said;
    struct eth_addr from;
    sim_time since, until;
};

struct lldp_counters {
    uint64_t sent, received, malformed, aged, too_many;
};

struct lldp_port {
    const struct lldp_ops *ops;
    void *user; /* the owner's */
    struct sim *sim;
    struct lldp_config config;
    struct drops *drops;
    struct eth_addr mac;
    bool enabled;  /* its link is there */
    unsigned fast; /* quick messages still to come */
    struct timer tx, ageing;
    struct lldp_neighbour *neighbours; /* in the order in which they were heard first */
    struct lldp_counters counters;
};

/* A port that is down yet.  `ops`, `actor` and `drops` outlive it. */
void lldp_port_init(struct lldp_port *port, struct sim *sim, struct actor *actor,
                    struct drops *drops, const struct eth_addr *mac, const struct lldp_ops *ops,
                    const struct lldp_config *config);

/* Forgets all and sends no more. */
void lldp_port_fini(struct lldp_port *port);

/* The link came up, and the first message goes at once. */
void lldp_port_up(struct lldp_port *port);

/* It went down, and nobody is there. */
void lldp_port_down(struct lldp_port *port);

/* A frame to LLDP's group, its Ethernet header in front.  Takes it over. */
void lldp_receive(struct lldp_port *port, struct packet *frame);

extern const struct drop_reason drop_lldp_malformed, drop_lldp_off;

#endif

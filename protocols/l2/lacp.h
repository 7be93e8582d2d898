/* The Link Aggregation Control Protocol: two systems find out which of the links between them can
 * be used as one (IEEE 802.1AX-2008 clause 5, formerly 802.3 clause 43).
 *
 * A `struct lacp` is what the standard calls a system, seen from one bond: ports that may be
 * aggregated with one another.  Sans I/O: frames and the state of links go in; frames, and which
 * ports carry traffic, come out through struct lacp_ops.
 *
 * Ports whose links lead to the same partner, with the same keys, belong to the same aggregator;
 * its leading port, the one with the least number, stands for it.  A bond is one interface, so one
 * aggregator at a time is active, as with Linux (`ad_select`); ports of others are held in standby.
 * A port whose partner says nothing is a link by itself (its partner is what the standard's
 * defaults say), and may be the active one when no other has a partner: a plain host or switch at
 * the other end can be talked to by one link. */
#ifndef WEFT_PROTOCOLS_L2_LACP_H
#define WEFT_PROTOCOLS_L2_LACP_H

#include "protocols/l2/lacpdu.h"
#include "sim/drop.h"
#include "sim/param.h"
#include "sim/sim.h"
#include "sim/timer.h"

struct lacp;
struct lacp_port;

/* 5.4.4, and the limit of 5.4.16. */
#define LACP_FAST_PERIODIC  (1 * SIM_S)
#define LACP_SLOW_PERIODIC  (30 * SIM_S)
#define LACP_SHORT_TIMEOUT  (3 * SIM_S)
#define LACP_LONG_TIMEOUT   (90 * SIM_S)
#define LACP_AGGREGATE_WAIT (2 * SIM_S)
enum { LACP_TX_BURST = 3 }; /* LACPDUs in a fast periodic time */

enum lacp_rate { LACP_SLOW, LACP_FAST };

/* Which aggregator is active: the one with most bandwidth, as long as it lasts; always the one with
 * most bandwidth; always the one with most ports. */
enum lacp_select { LACP_STABLE, LACP_BANDWIDTH, LACP_COUNT };

/* lacp_params has names, ranges and defaults. */
struct lacp_config {
    int rate; /* enum lacp_rate: how often the partner is asked to speak */
    bool active;
    int select; /* enum lacp_select */
    uint32_t system_priority, port_priority;
    uint32_t max_links; /* that are used at a time, the others standing by; 0: no limit */
};

extern const struct param lacp_params[];

/* The states of the machines (5.4.12, 5.4.13, 5.4.15), passing ones left out. */
enum lacp_receive {
    LACP_PORT_DISABLED,
    LACP_EXPIRED_STATE,
    LACP_DEFAULTED_STATE,
    LACP_CURRENT,
};

enum lacp_periodic { LACP_NO_PERIODIC, LACP_FAST_TX, LACP_SLOW_TX };

enum lacp_mux { LACP_DETACHED, LACP_WAITING, LACP_ATTACHED, LACP_COLLECTING_DISTRIBUTING };

/* The variable Selected (5.4.8). */
enum lacp_selected { LACP_UNSELECTED, LACP_SELECTED, LACP_STANDBY };

enum lacp_timer { LACP_CURRENT_WHILE, LACP_PERIODIC_TIMER, LACP_WAIT_WHILE, LACP_TIMERS };

struct lacp_counters {
    uint64_t rx, tx, rx_marker, tx_marker, rx_bad;
};

/* Embedded in its owner; lives as long as the simulation. */
struct lacp_port {
    struct lacp *lacp;
    void *user;
    struct eth_addr mac; /* source of its frames */
    uint64_t rate_bps;
    bool enabled;
    struct lacp_info actor, partner;
    struct lacp_port *aggregator;    /* its leading port; NULL: none chosen */
    uint8_t receive;                 /* enum lacp_receive */
    uint8_t periodic;                /* enum lacp_periodic */
    uint8_t mux;                     /* enum lacp_mux; written by one function */
    uint8_t selected;                /* enum lacp_selected */
    bool ntt;                        /* needs to transmit */
    uint8_t sent;                    /* LACPDUs, the last of which ... */
    sim_time sent_at[LACP_TX_BURST]; /* ... at these times, in a circle */
    struct timer timer;
    sim_time due[LACP_TIMERS]; /* SIM_NEVER: does not run */
    struct lacp_counters counters;
};

struct lacp_ops {
    /* Sends a frame by the port.  Takes it over. */
    void (*transmit)(struct lacp_port *port, struct packet *frame);
    /* The port carries traffic from now on, or no more: lacp_carries().  No call back. */
    void (*changed)(struct lacp_port *port);
};

struct lacp {
    struct sim *sim;
    struct actor *actor;
    struct drops *drops;
    const struct lacp_ops *ops;
    struct lacp_config config;
    struct eth_addr system;
    struct lacp_port **ports; /* in the order in which they were added */
    uint32_t n_ports;
    struct lacp_port *active; /* leading port of the active aggregator; NULL: there is none */
};

/* A system without ports.  The pointers are the caller's and outlive it. */
void lacp_init(struct lacp *lacp, struct sim *sim, struct actor *actor, struct drops *drops,
               const struct lacp_ops *ops, const struct eth_addr *system,
               const struct lacp_config *config);

/* Stops all timers and lets go of the ports. */
void lacp_fini(struct lacp *lacp);

/* Adds a port whose link is down.  `number`, from 1, is the port's own in its system. */
void lacp_port_add(struct lacp *lacp, struct lacp_port *port, const struct eth_addr *mac,
                   uint16_t number);

/* Its priority, before the link comes up. */
void lacp_port_set_priority(struct lacp_port *port, uint16_t priority);

/* The link came up: ports with the same `key` can be aggregated. */
void lacp_port_up(struct lacp_port *port, uint16_t key, uint64_t rate_bps);
void lacp_port_down(struct lacp_port *port);

/* A frame of a slow protocol came in, Ethernet header first: a LACPDU, or a marker, which is
 * answered.  Takes it over. */
void lacp_receive(struct lacp_port *port, struct packet *frame);

/* May the port send and take traffic? */
static inline bool lacp_carries(const struct lacp_port *port)
{
    return port->mux == LACP_COLLECTING_DISTRIBUTING;
}

/* Does the partner speak LACP, or is it what the defaults say? */
static inline bool lacp_has_partner(const struct lacp_port *port)
{
    return !(port->actor.state & LACP_DEFAULTED) && port->receive != LACP_PORT_DISABLED;
}

/* Ports that belong to the same aggregator as `port`, itself included. */
uint32_t lacp_aggregated(const struct lacp_port *port);

/* A key for a user's key (10 bits) and a rate, as Linux makes them (Documentation/networking/
 * bonding.rst, "ad_user_port_key"): links of different speeds have different keys. */
uint16_t lacp_key(uint32_t user_key, uint64_t rate_bps);

/* The names of the machines' states, in their order. */
extern const char *const lacp_receive_words[],
    *const lacp_periodic_words[], *const lacp_mux_words[], *const lacp_selected_words[];

enum { LACP_STATE_TEXT = 9 };

/* "ASGSCDFE", the first letters of enum lacp_state in order (but S or L for a short or long
 * timeout, G, F), with a dash for each flag that is not set, into `buf` of LACP_STATE_TEXT bytes;
 * returns buf. */
char *lacp_state_format(uint8_t state, char *buf);

extern const struct drop_reason drop_lacpdu_malformed, drop_slow_unknown, drop_lacp_port_disabled;

#endif

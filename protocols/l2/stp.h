/* Spanning tree: a bridge that agrees with its neighbours on a tree, by BPDUs.
 *
 * Two protocols behind one interface: STP (IEEE 802.1D-1998 clause 8, classic.c) and RSTP (IEEE
 * 802.1D-2004 clause 17, rstp*.c).  Sans I/O: a bridge and its ports are structs that a switch
 * embeds; BPDU frames and the state of links go in, frames, port states and orders to forget
 * addresses come out through struct stp_ops.
 *
 * What both share is here and in stp.c: identifiers, path costs, the check of received frames, the
 * BPDU guard, and the one function that writes a port's state.  Left out: several trees (MSTP),
 * loop guard, management by SNMP. */
#ifndef WEFT_PROTOCOLS_L2_STP_H
#define WEFT_PROTOCOLS_L2_STP_H

#include "protocols/l2/bpdu.h"
#include "protocols/l2/classic.h"
#include "protocols/l2/rstp.h"
#include "sim/drop.h"
#include "sim/param.h"
#include "sim/sim.h"

struct stp_bridge;
struct stp_port;
struct stp_protocol;

enum stp_mode { STP_OFF, STP_CLASSIC, STP_RAPID };

/* In the order of what they let through.  STP has blocking and listening where RSTP has discarding
 * alone; a port that RSTP lets discard is in STP_BLOCKING. */
enum stp_state {
    STP_DISABLED, /* the link is down, or a guard has closed the port */
    STP_BLOCKING,
    STP_LISTENING,
    STP_LEARNING, /* addresses are learnt, frames not forwarded */
    STP_FORWARDING,
    STP_STATES
};

enum stp_role {
    STP_ROLE_DISABLED,
    STP_ROLE_ALTERNATE, /* another way to the root */
    STP_ROLE_BACKUP,    /* another way to a segment that this bridge serves */
    STP_ROLE_DESIGNATED,
    STP_ROLE_ROOT,
    STP_ROLES
};

enum stp_cost_method { STP_COST_AUTO, STP_COST_SHORT, STP_COST_LONG };

/* Yes, no, or found out by the protocol. */
enum stp_choice { STP_AUTO, STP_YES, STP_NO };

/* stp_params has names, ranges and defaults. */
struct stp_config {
    int mode;                               /* enum stp_mode */
    uint32_t priority;                      /* a multiple of 4096 */
    uint32_t system_id;                     /* the extension, 12 bits: a VLAN */
    sim_time hello, max_age, forward_delay; /* used by all if this bridge is the root */
    uint32_t tx_hold;                       /* RSTP: BPDUs in a burst, then one a second */
    int cost_method;                        /* enum stp_cost_method */
};

/* stp_port_params likewise. */
struct stp_port_config {
    uint32_t priority; /* a multiple of 16 */
    uint32_t cost;     /* 0: from the link's rate */
    int edge;          /* enum stp_choice: hosts only behind it */
    int point_to_point;
    bool bpdu_guard; /* a BPDU closes the port */
    bool root_guard; /* never the way to the root */
};

extern const struct param stp_params[], stp_port_params[];

enum stp_event {
    STP_EVENT_STATE, /* of the port */
    STP_EVENT_ROLE,  /* ditto */
    STP_EVENT_ROOT,  /* the bridge has another root, cost or root port; port NULL */
    STP_EVENT_TC,    /* a change of topology was detected or learnt of at this port */
    STP_EVENT_GUARD, /* the BPDU guard closed the port */
};

/* What a bridge needs from its switch.  No upcall may call back into the bridge. */
struct stp_ops {
    /* Sends a frame (Ethernet header first) out of the port, whatever its state.  Takes it over. */
    void (*transmit)(struct stp_port *port, struct packet *frame);
    /* port->state is new: forward and learn by it from now on. */
    void (*set_state)(struct stp_port *port, enum stp_state old);
    /* Forget the addresses learnt at this port. */
    void (*flush)(struct stp_port *port);
    /* Addresses are forgotten after this time from now on; SIM_NEVER: after the usual one again. */
    void (*set_ageing)(struct stp_bridge *bridge, sim_time ageing);
    /* For observers; may be NULL. */
    void (*changed)(struct stp_bridge *bridge, struct stp_port *port, enum stp_event event);
};

struct stp_counters {
    uint64_t rx_config, rx_tcn, rx_rst, tx_config, tx_tcn, tx_rst;
    uint64_t forward_transitions; /* times it went to forwarding */
    uint64_t guard_closed;
};

/* Embedded in its owner; lives as long as the simulation. */
struct stp_port {
    struct stp_bridge *bridge;
    void *user;
    struct stp_port_config config;
    struct eth_addr mac; /* source of its frames */
    uint16_t number;     /* from 1 */
    uint16_t id;         /* priority and number */
    uint64_t rate_bps;
    bool full_duplex;
    bool link;     /* up */
    bool guarded;  /* closed by the BPDU guard until the link has been down */
    bool enabled;  /* link && !guarded */
    uint8_t state; /* enum stp_state; written by stp_set_state alone */
    uint8_t role;  /* enum stp_role; written by stp_set_role alone */
    uint32_t cost;
    struct stp_vector vector; /* the best known of this segment (17.19.21 portPriority) */
    struct stp_times times;   /* that came with it */
    struct stp_counters counters;
    union {
        struct classic_port classic;
        struct rstp_port rapid;
    };
};

struct stp_bridge {
    struct sim *sim;
    struct actor *actor;
    struct drops *drops;
    const struct stp_ops *ops;
    const struct stp_protocol *protocol;
    void *user;
    struct stp_config config;
    struct eth_addr mac;
    uint64_t id;
    struct stp_port **ports; /* by number */
    uint32_t n_ports;
    struct stp_port *root_port; /* NULL: this bridge is the root */
    struct stp_vector root;     /* the way to the root; root.port is that of the neighbour */
    struct stp_times times;     /* the root's, in force */
    struct stp_times own_times; /* if this bridge is the root */
    uint64_t topology_changes;
    sim_time last_change; /* of the topology; SIM_NEVER: none yet */
    union {
        struct classic_bridge classic;
        struct rstp_bridge rapid;
    };
};

/* Is the configuration one that the standards allow?  Ranges are the table's; this is what spans
 * several values.  False with an error that says the remedy. */
bool stp_config_check(const struct stp_config *config, GError **error);
bool stp_port_config_check(const struct stp_port_config *config, GError **error);

/* Starts a bridge without ports; config->mode is not STP_OFF.  The pointers are the caller's and
 * outlive the bridge. */
void stp_bridge_init(struct stp_bridge *bridge, struct sim *sim, struct actor *actor,
                     struct drops *drops, const struct stp_ops *ops, const struct eth_addr *mac,
                     const struct stp_config *config);

/* Stops all timers and lets go of the ports. */
void stp_bridge_fini(struct stp_bridge *bridge);

/* Adds a port whose link is down; its number is the next free one, at most 4095. */
void stp_port_add(struct stp_bridge *bridge, struct stp_port *port, const struct eth_addr *mac,
                  const struct stp_port_config *config);

/* The link came up, or its rate or duplex changed. */
void stp_port_up(struct stp_port *port, uint64_t rate_bps, bool full_duplex);

/* The link went down; what was heard there is forgotten, and a guard that closed the port lets go.
 */
void stp_port_down(struct stp_port *port);

/* A frame to the bridge group address came in, Ethernet header first.  Takes it over. */
void stp_receive(struct stp_port *port, struct packet *frame);

/* Changes the priority, path cost or guards of a running port. */
void stp_port_set_config(struct stp_port *port, const struct stp_port_config *config);

/* Changes the priority of a running bridge. */
void stp_set_priority(struct stp_bridge *bridge, uint32_t priority);

static inline bool stp_is_root(const struct stp_bridge *bridge)
{
    return !bridge->root_port;
}

/* The recommended path cost of a link: 802.1D-1998 table 8-5, or 802.1D-2004 table 17-3. */
uint32_t stp_cost_short(uint64_t rate_bps);
uint32_t stp_cost_long(uint64_t rate_bps);

/* "forwarding"; RSTP says "discarding" where STP says "blocking". */
const char *stp_state_name(enum stp_mode mode, enum stp_state state);

/* "designated". */
const char *stp_role_name(enum stp_role role);

/* The names in the order of the values, NULL-terminated. */
extern const char *const stp_state_words[], *const stp_role_words[];

enum { STP_ID_TEXT = 24 };

/* "8000.02:00:00:00:00:01" into `buf` of STP_ID_TEXT bytes, as the Linux bridge writes it but with
 * colons; returns buf. */
char *stp_id_format(uint64_t id, char *buf);

extern const struct drop_reason drop_bpdu_malformed, drop_bpdu_unknown, drop_bpdu_too_old,
    drop_bpdu_own, drop_bpdu_port_disabled, drop_bpdu_guard;

#endif

/* A switch: a node that forwards frames by their addresses (IEEE 802.1Q clause 8).
 *
 * Its interfaces are ports.  A frame that arrives is learnt from (protocols/l2/fdb.h) and goes out
 * by the port behind which its destination is, or by all others.  The plain case, a unicast frame
 * between forwarding ports to a station that is known, takes the short way at the top of
 * switch_receive; everything else takes the long way below it, which decides in the standard's
 * order: is it a frame (runt, giant, source), is it for the switch itself (the reserved group
 * addresses), to which VLAN does it belong, may the port learn, may it forward, where to.
 *
 * A frame that comes in waits in no buffer of the switch's own: the queues are those of the links
 * behind its ports.
 *
 * Protocols that run on a switch (spanning tree, link aggregation, LLDP) are agents: each gets the
 * frames to one reserved group address and is told of ports and their links. */
#ifndef WEFT_MODELS_NODE_SWITCH_H
#define WEFT_MODELS_NODE_SWITCH_H

#include "models/node/bond.h"
#include "protocols/l2/fdb.h"
#include "protocols/l2/snoop.h"
#include "protocols/l2/vlan.h"

/* What spanning tree lets a port do (802.1D-1998 8.4). */
enum switch_port_state {
    SWITCH_DISABLED,   /* nothing */
    SWITCH_BLOCKING,   /* hears the switch's own protocols; RSTP's "discarding" */
    SWITCH_LISTENING,  /* the same, on the way to forwarding */
    SWITCH_LEARNING,   /* and learns addresses */
    SWITCH_FORWARDING, /* and passes frames */
};

extern const char *const switch_state_words[];

struct switch_cut;
struct switch_snoop;
struct switch_watch;

struct switch_port {
    struct iface iface;
    uint32_t number; /* from 0: eth1 is 0 */
    uint8_t state;   /* enum switch_port_state; switch_set_state changes it */
    bool plain;      /* forwards, and nothing is special about its frames */
    bool inner;      /* its link leads to another switch */
    bool tagging;    /* `vlan` counts */
    struct vlan_port vlan;
    uint32_t circling_era; /* loop.h */
    uint64_t circling;
    struct switch_watch *watch; /* mirror and limits (switch_watch.h); NULL: none */
    struct switch_cut *cut;     /* frames that come in are cut through; NULL: stored */
    uint32_t observers;         /* ports that are mirrored here: it does nothing else */
    bool member;                /* of a bond, which is the port in its place (switch_bond.h) */
    bool aggregate;             /* a bond: sends by its members */
};

/* A protocol that runs on a switch. */
struct switch_agent;

struct switch_agent_ops {
    const char *name; /* "stp" */
    void (*input)(struct switch_agent *agent, struct switch_port *port, struct packet *frame);
    /* Optional: the port is new. */
    void (*attached)(struct switch_agent *agent, struct switch_port *port);
    /* Optional: the link of the port came up or went down, noticeably. */
    void (*carrier)(struct switch_agent *agent, struct switch_port *port, bool up);
    /* Frees the agent; the ports are still there. */
    void (*release)(struct switch_agent *agent);
    /* Knows cables: members of bonds, not the bonds.  Else it is the other way round. */
    bool by_link;
};

struct switch_agent {
    const struct switch_agent_ops *ops;
};

/* Reserved group addresses 01:80:c2:00:00:0X (802.1Q table 8-1), by X. */
enum {
    SWITCH_GROUP_STP = 0x0,
    SWITCH_GROUP_SLOW = 0x2, /* link aggregation */
    SWITCH_GROUP_LLDP = 0xe,
    SWITCH_GROUPS = 16
};

/* In place of a port's number in the table of addresses: an interface of the switch itself. */
#define SWITCH_SELF UINT32_MAX

struct switch_node {
    struct node node;
    struct fdb fdb;
    bool vlan_aware; /* some port says something about VLANs; else tags are payload */
    bool ovs;        /* Open vSwitch's rules for ports */
    bool cut;        /* new ports cut frames through */
    struct switch_agent *agents[SWITCH_GROUPS];
    struct switch_snoop *snoop; /* switch_snoop.h; NULL: multicasts go everywhere */
    uint64_t flooded;           /* frames that went out by more than one port, or would have */
};

extern const struct node_ops switch_ops;

static inline struct switch_node *switch_of(const struct node *node)
{
    return container_of(node, struct switch_node, node);
}

static inline struct switch_port *switch_port_of(const struct iface *iface)
{
    return container_of(iface, struct switch_port, iface);
}

static inline struct switch_port *switch_port_at(const struct switch_node *sw, uint32_t number)
{
    return switch_port_of(sw->node.ifaces[number]);
}

/* The deliver function of its ports. */
void switch_receive(struct link_rx *rx, struct packet *frame);

/* Hands a frame to the link behind a port, or to the bond.  Takes it over. */
static inline void switch_output(struct switch_port *port, struct packet *frame)
{
    if (__builtin_expect(port->aggregate, 0))
        bond_send(port->iface.bond, frame);
    else
        link_send(&port->iface.tx, frame);
}

/* Sends a frame of the switch's own by `port`, in whatever state that is.  Takes it over. */
void switch_send(struct switch_port *port, struct packet *frame);

/* Sends a frame of VLAN `vid`, which bears no tag, by one port as if it was forwarded there, if
 * that may be.  Takes it over. */
void switch_emit(struct switch_port *port, struct packet *frame, uint16_t vid);

/* Sends `length` bytes behind an Ethernet header with a length in place of a type, filled up with
 * zeros to the least length of a frame: what spanning tree and others on LLC send. */
void switch_send_llc(struct switch_port *port, const struct eth_addr *to, const uint8_t *bytes,
                     uint32_t length);

/* What the port may do from now on.  Nothing is forgotten: see switch_flush. */
void switch_set_state(struct switch_port *port, enum switch_port_state state);

/* Forgets the addresses that were learnt at the port. */
void switch_flush(struct switch_port *port);

/* Gives the frames to a reserved group address to `agent`, which the switch takes over; the agent
 * is told of all ports that are there. */
void switch_set_agent(struct switch_node *sw, unsigned group, struct switch_agent *agent);

/* Sets the rules of a port; from then on the switch looks at tags, and ports that were told nothing
 * are access ports of VLAN 1. */
void switch_set_vlan(struct switch_port *port, const struct vlan_port *rules);

/* Sends a frame of the switch's own IP interface in VLAN `vid`; it bears no tag.  Takes it over. */
void switch_originate(struct switch_node *sw, struct packet *frame, uint16_t vid);

/* From now on the switch looks at tags, as if a port had been given rules. */
void switch_look_at_tags(struct switch_node *sw);

/* Frames that come in by the port are cut through (switch_cut.c); at its end, what it holds. */
void switch_cut_through(struct switch_port *port);
uint32_t switch_cut_held(const struct switch_port *port);
void switch_cut_free(struct switch_port *port);

/* What switch_receive does, but a frame's check sequence is not known yet. */
void switch_pass_on(struct switch_port *port, struct packet *frame);

/* For switch.c and what sets ports: works `plain` out again. */
void switch_port_changed(struct switch_port *port);

extern const struct drop_reason drop_switch_runt, drop_switch_giant, drop_switch_source,
    drop_switch_reserved, drop_switch_blocked, drop_switch_vlan, drop_switch_same_port,
    drop_switch_nowhere, drop_switch_pruned;

#endif

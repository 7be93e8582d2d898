/* Between stp.c and the two protocols. */
#ifndef WEFT_PROTOCOLS_L2_STP_PARTS_H
#define WEFT_PROTOCOLS_L2_STP_PARTS_H

#include "protocols/l2/stp.h"

struct stp_protocol {
    uint8_t version; /* of its BPDUs */
    enum stp_cost_method cost_method;
    void (*init)(struct stp_bridge *bridge);
    void (*fini)(struct stp_bridge *bridge);
    void (*port_init)(struct stp_port *port); /* disabled */
    /* port->enabled is new. */
    void (*port_enable)(struct stp_port *port);
    void (*port_disable)(struct stp_port *port);
    /* A BPDU that is fit for the port; NULL, or why it is not for this protocol. */
    const struct drop_reason *(*receive)(struct stp_port *port, const struct bpdu *bpdu);
    /* The id or the cost of a port changed; port->vector may still hold the old id. */
    void (*port_changed)(struct stp_port *port);
    /* The bridge's id changed from `old`. */
    void (*id_changed)(struct stp_bridge *bridge, uint64_t old);
};

extern const struct stp_protocol stp_classic, stp_rapid;

/* Writes the state, telling the switch and the observers. */
void stp_set_state(struct stp_port *port, enum stp_state state);
void stp_set_role(struct stp_port *port, enum stp_role role);

/* Writes the way to the root, telling the observers if it is a new one. */
void stp_set_root(struct stp_bridge *bridge, struct stp_port *port, const struct stp_vector *root);

/* Sends a BPDU and counts it. */
void stp_send(struct stp_port *port, const struct bpdu *bpdu);

/* Notes a change of topology, found out at this port. */
void stp_note_change(struct stp_port *port);

/* What a port says of itself when it is designated: the bridge's way to the root, the bridge, the
 * port. */
static inline struct stp_vector stp_designated(const struct stp_port *port)
{
    const struct stp_bridge *b = port->bridge;
    return (struct stp_vector){ b->root.root, b->root.cost, b->id, port->id };
}

#endif

/* IGMP snooping on a switch: joins protocols/l2/snoop.h to its ports and VLANs. */
#ifndef WEFT_MODELS_NODE_SWITCH_SNOOP_H
#define WEFT_MODELS_NODE_SWITCH_SNOOP_H

#include "models/node/switch.h"

/* Starts it on a switch that does not snoop yet. */
void switch_snoop_start(struct switch_node *sw, const struct snoop_config *config);

/* Where a frame to a group may go, whose header is in front, behind it one tag if `tagged`; `port`
 * is where it came in, SNOOP_SELF if from the switch.  *message becomes true if the frame is an
 * IGMP message, which the switch has read. */
struct snoop_way switch_snoop(struct switch_node *sw, struct packet *frame, bool tagged,
                              uint16_t vid, uint32_t port, bool *message);

/* What the switch has learnt, or NULL if it does not snoop. */
struct snoop *switch_snooped(const struct switch_node *sw);

/* The link of the port is down. */
void switch_snoop_forget(struct switch_port *port);

/* For the end of the switch. */
void switch_snoop_free(struct switch_node *sw);

#endif

/* LLDP on a node of any kind: joins protocols/l2/lldp.h to its cables.
 *
 * A switch has it as an agent of its group address, hosts and routers get its frames as those of a
 * protocol that IP does not know.  Members of bonds speak for themselves, bonds do not speak. */
#ifndef WEFT_MODELS_NODE_NODE_LLDP_H
#define WEFT_MODELS_NODE_NODE_LLDP_H

#include "models/node/node.h"
#include "protocols/l2/lldp.h"

/* Starts it on a node that does not speak it yet; ports that are there come up at this instant. */
void node_lldp_start(struct node *node, const struct lldp_config *config);

/* The port as LLDP sees it; NULL if the node does not speak it, or it has no cable. */
struct lldp_port *node_lldp_port(const struct iface *iface);

/* A frame of LLDP came in at a host or router; false if the node does not speak it, else takes it
 * over. */
bool node_lldp_input(struct iface *iface, struct packet *frame);

/* A cable was plugged in. */
void node_lldp_attached(struct iface *iface);

/* It came up or went down. */
void node_lldp_carrier(struct iface *iface, bool up);

/* For the end of the node, while its interfaces are there. */
void node_lldp_free(struct node *node);

#endif

/* Spanning tree on a switch: joins the protocol machines of protocols/l2/stp.h to its ports.
 *
 * Ports that are there when the simulation starts come up together at its first instant, with the
 * rates that their links have by then; later ones when they are plugged in. */
#ifndef WEFT_MODELS_NODE_SWITCH_STP_H
#define WEFT_MODELS_NODE_SWITCH_STP_H

#include "models/node/switch.h"
#include "protocols/l2/stp.h"

/* Starts spanning tree on a switch that has none; config->mode is not STP_OFF, and stp_config_check
 * let it pass. */
void switch_stp_start(struct switch_node *sw, const struct stp_config *config);

/* Ends it: all ports forward. */
void switch_stp_stop(struct switch_node *sw);

/* The bridge, or NULL if the switch runs no spanning tree. */
struct stp_bridge *switch_stp(const struct switch_node *sw);

/* The port as spanning tree sees it, or NULL. */
struct stp_port *switch_stp_port(const struct switch_port *port);

#endif

/* Between the state machines of LACP.  The names of conditions and functions are the standard's. */
#ifndef WEFT_PROTOCOLS_L2_LACP_PARTS_H
#define WEFT_PROTOCOLS_L2_LACP_PARTS_H

#include "protocols/l2/lacp.h"

static inline bool lacp_expired(const struct lacp_port *port, enum lacp_timer timer)
{
    return port->due[timer] <= port->lacp->sim->now;
}

static inline void lacp_start(struct lacp_port *port, enum lacp_timer timer, sim_time span)
{
    port->due[timer] = port->lacp->sim->now + span;
}

static inline void lacp_stop(struct lacp_port *port, enum lacp_timer timer)
{
    port->due[timer] = SIM_NEVER;
}

/* lacp_select.c: selection logic (5.4.14).  Gives each port its aggregator, chooses the active one
 * and holds the ports of the others in standby. */
void lacp_select(struct lacp *lacp);

/* May the ports that wait for this aggregator be attached (Ready, 5.4.15)? */
bool lacp_ready(const struct lacp_port *aggregator);

/* lacp_mux.c.  The machine's steps until there is none left; true if there was one. */
bool lacp_mux_run(struct lacp_port *port);

/* lacp_transmit.c: periodic transmission (5.4.13) and transmission (5.4.16). */
void lacp_periodic_run(struct lacp_port *port);
void lacp_transmit(struct lacp_port *port);

/* When a LACPDU that waits for the limit of the rate may go; SIM_NEVER if none waits. */
sim_time lacp_transmit_next(const struct lacp_port *port);

/* The two ends that aggregators are about: is that of `port` another than `info` says?  (port,
 * priorities, system, key, Aggregation: update_Selected, 5.4.9) */
bool lacp_info_differs(const struct lacp_info *a, const struct lacp_info *b);

#endif

/* The mux machine under coupled control (IEEE 802.1AX-2008 5.4.15): a port waits so that several
 * come up together, is attached to its aggregator, and carries traffic as soon as the partner is in
 * step, too. */
#include "protocols/l2/lacp_parts.h"

/* Writes the state and what the partner shall know of it. */
static void set_mux(struct lacp_port *port, enum lacp_mux mux)
{
    static const uint8_t flags[] = {
        [LACP_DETACHED] = 0,
        [LACP_WAITING] = 0,
        [LACP_ATTACHED] = LACP_SYNCHRONIZATION,
        [LACP_COLLECTING_DISTRIBUTING] = LACP_SYNCHRONIZATION | LACP_COLLECTING | LACP_DISTRIBUTING,
    };
    bool carried = lacp_carries(port);

    port->mux = (uint8_t)mux;
    port->actor.state &= (uint8_t)~flags[LACP_COLLECTING_DISTRIBUTING];
    port->actor.state |= flags[mux];
    port->ntt |= mux != LACP_WAITING;
    if (mux == LACP_WAITING)
        lacp_start(port, LACP_WAIT_WHILE, LACP_AGGREGATE_WAIT);
    else
        lacp_stop(port, LACP_WAIT_WHILE);
    if (carried != lacp_carries(port))
        port->lacp->ops->changed(port);
}

static bool mux_step(struct lacp_port *port)
{
    bool selected = port->selected == LACP_SELECTED;
    bool partner = port->partner.state & LACP_SYNCHRONIZATION;

    if (port->mux == LACP_DETACHED && port->selected != LACP_UNSELECTED)
        set_mux(port, LACP_WAITING);
    else if (port->mux == LACP_WAITING && port->selected == LACP_UNSELECTED)
        set_mux(port, LACP_DETACHED);
    else if (port->mux == LACP_WAITING && selected && lacp_ready(port->aggregator))
        set_mux(port, LACP_ATTACHED);
    else if (port->mux == LACP_ATTACHED && !selected)
        set_mux(port, LACP_DETACHED);
    else if (port->mux == LACP_ATTACHED && partner)
        set_mux(port, LACP_COLLECTING_DISTRIBUTING);
    else if (port->mux == LACP_COLLECTING_DISTRIBUTING && !(selected && partner))
        set_mux(port, LACP_ATTACHED);
    else
        return false;
    return true;
}

bool lacp_mux_run(struct lacp_port *port)
{
    bool stepped = false;

    while (mux_step(port))
        stepped = true;
    return stepped;
}

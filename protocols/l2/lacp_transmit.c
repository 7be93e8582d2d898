/* Periodic transmission (IEEE 802.1AX-2008 5.4.13) and transmission (5.4.16). */
#include "protocols/l2/lacp_parts.h"

/* ---- Periodic transmission ----------------------------------------------------------------- */

static enum lacp_periodic periodic_wanted(const struct lacp_port *port)
{
    if (!port->enabled || !((port->actor.state | port->partner.state) & LACP_ACTIVITY))
        return LACP_NO_PERIODIC;
    return port->partner.state & LACP_TIMEOUT ? LACP_FAST_TX : LACP_SLOW_TX;
}

static void periodic_enter(struct lacp_port *port, enum lacp_periodic state)
{
    port->periodic = (uint8_t)state;
    if (state == LACP_NO_PERIODIC)
        lacp_stop(port, LACP_PERIODIC_TIMER);
    else
        lacp_start(port, LACP_PERIODIC_TIMER,
                   state == LACP_FAST_TX ? LACP_FAST_PERIODIC : LACP_SLOW_PERIODIC);
}

void lacp_periodic_run(struct lacp_port *port)
{
    enum lacp_periodic wanted = periodic_wanted(port);
    bool hurry = port->periodic == LACP_SLOW_TX && wanted == LACP_FAST_TX;

    if (wanted != LACP_NO_PERIODIC && (hurry || lacp_expired(port, LACP_PERIODIC_TIMER))) {
        port->ntt = true; /* PERIODIC_TX */
        periodic_enter(port, wanted);
    } else if (port->periodic != wanted) {
        periodic_enter(port, wanted);
    }
}

/* ---- Transmission -------------------------------------------------------------------------- */

/* The time of the LACPDU that is the oldest of the last few. */
static sim_time oldest(const struct lacp_port *port)
{
    return port->sent_at[port->sent % LACP_TX_BURST];
}

static bool is_limited(const struct lacp_port *port)
{
    return port->counters.tx >= LACP_TX_BURST &&
           oldest(port) + LACP_FAST_PERIODIC > port->lacp->sim->now;
}

sim_time lacp_transmit_next(const struct lacp_port *port)
{
    return port->ntt && port->enabled ? oldest(port) + LACP_FAST_PERIODIC : SIM_NEVER;
}

/* Who may not speak periodically may not speak at all, and forgets what it had to say. */
void lacp_transmit(struct lacp_port *port)
{
    struct lacp *lacp = port->lacp;
    struct lacpdu pdu = { .actor = port->actor, .partner = port->partner };
    uint8_t *bytes;

    port->ntt = port->ntt && port->periodic != LACP_NO_PERIODIC;
    if (!port->ntt || is_limited(port))
        return;
    struct packet *frame = slow_frame(lacp->sim, &port->mac, &bytes);
    lacpdu_emit(bytes, &pdu);
    port->ntt = false;
    port->sent_at[port->sent] = lacp->sim->now;
    port->sent = (uint8_t)((port->sent + 1) % LACP_TX_BURST);
    port->counters.tx++;
    lacp->ops->transmit(port, frame);
}

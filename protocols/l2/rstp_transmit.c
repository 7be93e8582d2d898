/* Port transmit (IEEE 802.1D-2004 17.26): news at once but for a limit on the rate, and a BPDU each
 * hello time.  The standard lets a counter fall with a tick that all ports share; here each port's
 * seconds begin with the first BPDU of a burst. */
#include "protocols/l2/rstp_parts.h"

/* txCount by now. */
static uint32_t tx_count_now(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;
    sim_time seconds = (port->bridge->sim->now - r->tx_since) / SIM_S;

    if (seconds >= r->tx_count) {
        r->tx_count = 0;
        r->tx_since = port->bridge->sim->now;
    } else {
        r->tx_count -= (uint32_t)seconds;
        r->tx_since += seconds * SIM_S;
    }
    return r->tx_count;
}

static uint8_t role_flags(const struct stp_port *port)
{
    switch (port->role) {
    case STP_ROLE_ROOT:
        return BPDU_ROLE_ROOT;
    case STP_ROLE_DESIGNATED:
        return BPDU_ROLE_DESIGNATED;
    default:
        return BPDU_ROLE_ALTERNATE;
    }
}

static void send_rst(struct stp_port *port)
{
    const struct rstp_port *r = &port->rapid;
    struct bpdu bpdu = { .version = BPDU_VERSION_RSTP,
                         .type = BPDU_RST,
                         .flags = role_flags(port),
                         .vector = stp_designated(port),
                         .times = rstp_designated_times(port) };

    bpdu.flags |=
        (uint8_t)((rstp_expired(port, RSTP_TC) ? 0 : BPDU_TC) | (r->proposing ? BPDU_PROPOSAL : 0) |
                  (r->learning ? BPDU_LEARNING : 0) | (r->forwarding ? BPDU_FORWARDING : 0) |
                  (r->agree ? BPDU_AGREEMENT : 0));
    stp_send(port, &bpdu);
}

static void send_config(struct stp_port *port)
{
    const struct rstp_port *r = &port->rapid;
    struct bpdu bpdu = { .type = BPDU_CONFIG,
                         .vector = stp_designated(port),
                         .times = rstp_designated_times(port) };

    bpdu.flags =
        (uint8_t)((rstp_expired(port, RSTP_TC) ? 0 : BPDU_TC) | (r->tc_ack ? BPDU_TC_ACK : 0));
    stp_send(port, &bpdu);
}

/* False if there is nothing to say in the neighbour's language. */
static bool send_news(struct stp_port *port)
{
    static const struct bpdu tcn = { .type = BPDU_TCN };

    if (port->role == STP_ROLE_DISABLED)
        return false;
    if (port->rapid.send_rstp)
        send_rst(port);
    else if (port->role == STP_ROLE_ROOT)
        stp_send(port, &tcn);
    else if (port->role == STP_ROLE_DESIGNATED)
        send_config(port);
    else
        return false;
    if (port->role != STP_ROLE_ROOT || port->rapid.send_rstp)
        port->rapid.tc_ack = false;
    return true;
}

void rstp_transmit(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (!port->enabled || !r->selected || r->updt_info)
        return;
    if (rstp_expired(port, RSTP_HELLO)) {
        r->new_info |= port->role == STP_ROLE_DESIGNATED ||
                       (port->role == STP_ROLE_ROOT && !rstp_expired(port, RSTP_TC));
        rstp_start(port, RSTP_HELLO, rstp_hello_time(port));
    }
    if (!r->new_info || tx_count_now(port) >= port->bridge->config.tx_hold)
        return;
    r->new_info = false;
    if (!send_news(port))
        return;
    r->tx_count++;
    rstp_start(port, RSTP_HELLO, rstp_hello_time(port));
}

sim_time rstp_transmit_next(struct stp_port *port)
{
    if (!port->rapid.new_info)
        return SIM_NEVER;
    return port->rapid.tx_since + SIM_S;
}

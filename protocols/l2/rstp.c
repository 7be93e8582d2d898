/* The Rapid Spanning Tree Protocol (IEEE 802.1D-2004 clause 17): the machines joined together.
 *
 * The variables bear the standard's names (rstp.h).  Whatever happens at a port, a BPDU, a timer,
 * a link, ends in settle(): the port's machines take steps until none can; if a step may concern
 * other ports (`wide`), roles are selected anew where wanted and the machines of all ports run, as
 * long as there is something to do.  At last each port that took part sends what it has to say, in
 * one BPDU, and its next timer is set.  A hello that repeats what is known touches one port only.
 *
 * The standard counts timers down with a tick of one second; here they end exactly.
 *
 *   rstp_info.c      port information: what is known of the segment
 *   rstp_roles.c     role selection, role transitions, states
 *   rstp_change.c    changes of topology
 *   rstp_transmit.c  sending
 *   here             reception (17.23), protocol migration (17.24), bridge detection (17.25)
 *
 * Left out: a ForceProtocolVersion of 0 (an STP bridge runs classic.c) and mcheck. */
#include "protocols/l2/rstp_parts.h"

/* ---- Port protocol migration (17.24) ------------------------------------------------------- */

static bool migration_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (r->migration == RSTP_SENSING && r->send_rstp && r->rcvd_stp) {
        r->migration = RSTP_SELECTING_STP;
        r->send_rstp = false;
        rstp_start(port, RSTP_MDELAY, RSTP_MIGRATE_TIME);
    } else if (r->migration == RSTP_SENSING && !r->send_rstp && r->rcvd_rstp) {
        r->migration = RSTP_CHECKING;
        r->send_rstp = true;
        rstp_start(port, RSTP_MDELAY, RSTP_MIGRATE_TIME);
    } else if (r->migration != RSTP_SENSING && rstp_expired(port, RSTP_MDELAY)) {
        r->migration = RSTP_SENSING;
        r->rcvd_rstp = r->rcvd_stp = false;
    } else {
        return false;
    }
    return true;
}

/* ---- Bridge detection (17.25) -------------------------------------------------------------- */

static bool edge_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (r->oper_edge || !port->enabled || port->config.edge == STP_NO || !r->send_rstp ||
        !r->proposing || !rstp_expired(port, RSTP_EDGE_DELAY))
        return false;
    r->oper_edge = true;
    return true;
}

/* ---- Running ------------------------------------------------------------------------------- */

static void run_port(struct stp_port *port)
{
    while (rstp_info_step(port) || migration_step(port) || edge_step(port) ||
           rstp_role_step(port) || rstp_state_step(port) || rstp_change_step(port))
        continue;
}

static void timer_arm(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;
    sim_time now = port->bridge->sim->now, next = rstp_transmit_next(port);

    for (int i = 0; i < RSTP_TIMERS; i++)
        if (r->due[i] > now && r->due[i] < next && i != RSTP_TC)
            next = r->due[i];
    if (port->enabled && next > now)
        timer_set(port->bridge->sim, &r->timer, next);
    else
        timer_stop(&r->timer);
}

static void finish_port(struct stp_port *port)
{
    rstp_transmit(port);
    timer_arm(port);
}

static void settle(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;
    bool wide = false;

    run_port(port);
    while (b->rapid.wide) {
        wide = true;
        b->rapid.wide = false;
        rstp_select_roles(b);
        for (uint32_t i = 0; i < b->n_ports; i++)
            run_port(b->ports[i]);
    }
    if (!wide) {
        finish_port(port);
        return;
    }
    for (uint32_t i = 0; i < b->n_ports; i++)
        finish_port(b->ports[i]);
}

static void timer_expired(struct sim *sim, struct timer *timer)
{
    settle(container_of(timer, struct stp_port, rapid.timer));
}

/* ---- Reception (17.23) --------------------------------------------------------------------- */

static const struct drop_reason *rstp_receive(struct stp_port *port, const struct bpdu *bpdu)
{
    struct rstp_port *r = &port->rapid;

    if (bpdu->type == BPDU_RST)
        r->rcvd_rstp = true;
    else
        r->rcvd_stp = true;
    r->oper_edge = false;
    r->msg = *bpdu;
    r->rcvd_msg = true;
    rstp_start(port, RSTP_EDGE_DELAY, RSTP_MIGRATE_TIME);
    settle(port);
    return NULL;
}

/* ---- Life ---------------------------------------------------------------------------------- */

static void rstp_init(struct stp_bridge *b)
{
}

static void rstp_port_init(struct stp_port *port)
{
    timer_init(&port->rapid.timer, port->bridge->actor, timer_expired);
    port->vector = stp_designated(port);
    port->rapid.settled = port->rapid.synced = true;
    rstp_hold(port, RSTP_FD);
}

static void rstp_fini(struct stp_bridge *b)
{
    for (uint32_t i = 0; i < b->n_ports; i++)
        timer_cancel(b->sim, &b->ports[i]->rapid.timer);
}

static void point_to_point_set(struct stp_port *port)
{
    port->rapid.point_to_point = port->config.point_to_point == STP_AUTO
                                     ? port->full_duplex
                                     : port->config.point_to_point == STP_YES;
}

static void rstp_port_enable(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    point_to_point_set(port);
    r->rcvd_rstp = r->rcvd_stp = r->disputed = false;
    r->migration = RSTP_CHECKING;
    r->send_rstp = true;
    r->oper_edge = port->config.edge == STP_YES;
    rstp_start(port, RSTP_MDELAY, RSTP_MIGRATE_TIME);
    rstp_start(port, RSTP_EDGE_DELAY, RSTP_MIGRATE_TIME);
    rstp_start(port, RSTP_HELLO, rstp_hello_time(port));
    stp_set_state(port, STP_BLOCKING);
    settle(port);
}

static void rstp_port_disable(struct stp_port *port)
{
    port->rapid.oper_edge = false;
    settle(port);
    stp_set_state(port, STP_DISABLED);
}

static void rstp_port_changed(struct stp_port *port)
{
    point_to_point_set(port);
    port->rapid.reselect = true;
    port->rapid.selected = false;
    rstp_widen(port);
    settle(port);
}

static void rstp_id_changed(struct stp_bridge *b, uint64_t old)
{
    if (b->n_ports > 0)
        rstp_port_changed(b->ports[0]);
    else
        b->root = (struct stp_vector){ .root = b->id, .bridge = b->id };
}

const struct stp_protocol stp_rapid = {
    .version = BPDU_VERSION_RSTP,
    .cost_method = STP_COST_LONG,
    .init = rstp_init,
    .fini = rstp_fini,
    .port_init = rstp_port_init,
    .port_enable = rstp_port_enable,
    .port_disable = rstp_port_disable,
    .receive = rstp_receive,
    .port_changed = rstp_port_changed,
    .id_changed = rstp_id_changed,
};

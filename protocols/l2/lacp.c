/* LACP: the machines joined together, and the receive machine (IEEE 802.1AX-2008 5.4.12).
 *
 * Whatever happens at a port, a LACPDU, a timer, a link, ends in settle(): selection, then the mux
 * and periodic machines of all ports of the bond until none has a step left, then each port sends
 * what it has to say and sets its one timer.  Bonds have few ports.
 *
 *   here             reception, markers (5.5.4), life
 *   lacp_select.c    selection: who belongs together, and which aggregator is active
 *   lacp_mux.c       attaching and carrying traffic (coupled control, figure of 5.4.15)
 *   lacp_transmit.c  periodic transmission, transmission
 *   lacpdu.c         bytes
 *
 * Left out: churn detection (5.4.17), which only reports; asking for markers (frames change links
 * when the links' states do, not when flows are moved); version 2 (802.1AX-2014, conversations). */
#include "protocols/l2/lacp_parts.h"

DROP_REASON(lacpdu_malformed, "a LACPDU or marker too short, or with parts of wrong lengths");
DROP_REASON(slow_unknown, "a slow protocol that nobody here speaks");
DROP_REASON(lacp_port_disabled, "a LACPDU at a port whose link is taken to be down");

/* ---- The partner (5.4.9) ------------------------------------------------------------------- */

/* What a partner that says nothing is: a link by itself that is always in step.  (5.4.7
 * Partner_Admin_..., as recommended there) */
static const struct lacp_info no_partner = {
    .state = LACP_SYNCHRONIZATION | LACP_COLLECTING | LACP_DISTRIBUTING,
};

enum {
    OF_LINK = LACP_AGGREGATION,
    OF_NTT = LACP_ACTIVITY | LACP_TIMEOUT | LACP_SYNCHRONIZATION | LACP_AGGREGATION,
};

static bool info_differs(const struct lacp_info *a, const struct lacp_info *b, uint8_t flags)
{
    return a->port != b->port || a->port_priority != b->port_priority || a->key != b->key ||
           a->system_priority != b->system_priority || !eth_addr_equal(&a->system, &b->system) ||
           (a->state ^ b->state) & flags;
}

bool lacp_info_differs(const struct lacp_info *a, const struct lacp_info *b)
{
    return info_differs(a, b, OF_LINK);
}

static void record_default(struct lacp_port *port)
{
    port->partner = no_partner;
    port->actor.state |= LACP_DEFAULTED;
}

/* Does the partner take the link for what it is, and will it be kept up (recordPDU)? */
static bool in_step(const struct lacp_port *port, const struct lacpdu *pdu)
{
    bool kept = pdu->actor.state & LACP_ACTIVITY ||
                (port->actor.state & LACP_ACTIVITY && pdu->partner.state & LACP_ACTIVITY);
    bool same =
        !lacp_info_differs(&pdu->partner, &port->actor) || !(pdu->actor.state & LACP_AGGREGATION);

    return pdu->actor.state & LACP_SYNCHRONIZATION && same && kept;
}

static void record_pdu(struct lacp_port *port, const struct lacpdu *pdu)
{
    port->partner = pdu->actor;
    port->actor.state &= (uint8_t)~LACP_DEFAULTED;
    if (!in_step(port, pdu))
        port->partner.state &= (uint8_t)~LACP_SYNCHRONIZATION;
}

/* ---- Receive machine (5.4.12) -------------------------------------------------------------- */

static sim_time current_span(const struct lacp_port *port)
{
    return port->actor.state & LACP_TIMEOUT ? LACP_SHORT_TIMEOUT : LACP_LONG_TIMEOUT;
}

static void enter_disabled(struct lacp_port *port)
{
    port->receive = LACP_PORT_DISABLED;
    port->partner.state &= (uint8_t)~LACP_SYNCHRONIZATION;
    port->actor.state &= (uint8_t)~LACP_EXPIRED;
    lacp_stop(port, LACP_CURRENT_WHILE);
}

static void enter_expired(struct lacp_port *port)
{
    port->receive = LACP_EXPIRED_STATE;
    port->partner.state &= (uint8_t)~LACP_SYNCHRONIZATION;
    port->partner.state |= LACP_TIMEOUT;
    port->actor.state |= LACP_EXPIRED;
    lacp_start(port, LACP_CURRENT_WHILE, LACP_SHORT_TIMEOUT);
}

static void enter_defaulted(struct lacp_port *port)
{
    port->receive = LACP_DEFAULTED_STATE;
    if (lacp_info_differs(&port->partner, &no_partner))
        port->selected = LACP_UNSELECTED;
    record_default(port);
    port->actor.state &= (uint8_t)~LACP_EXPIRED;
    lacp_stop(port, LACP_CURRENT_WHILE);
}

static void enter_current(struct lacp_port *port, const struct lacpdu *pdu)
{
    port->receive = LACP_CURRENT;
    if (lacp_info_differs(&pdu->actor, &port->partner))
        port->selected = LACP_UNSELECTED;
    port->ntt |= info_differs(&pdu->partner, &port->actor, OF_NTT);
    record_pdu(port, pdu);
    port->actor.state &= (uint8_t)~LACP_EXPIRED;
    lacp_start(port, LACP_CURRENT_WHILE, current_span(port));
}

static void receive_timer(struct lacp_port *port)
{
    if (!lacp_expired(port, LACP_CURRENT_WHILE))
        return;
    if (port->receive == LACP_CURRENT)
        enter_expired(port);
    else
        enter_defaulted(port);
}

/* ---- Running ---------------------------------------------------------------------------------
 *
 * Timers of several ports may be due at one instant: whichever fires first serves them all. */

static void timer_arm(struct lacp_port *port)
{
    struct sim *sim = port->lacp->sim;
    sim_time next = lacp_transmit_next(port);

    for (int i = 0; i < LACP_TIMERS; i++)
        if (port->due[i] > sim->now)
            next = MIN(next, port->due[i]);
    if (next == SIM_NEVER)
        timer_stop(&port->timer);
    else
        timer_set(sim, &port->timer, next);
}

static void settle(struct lacp *lacp)
{
    bool stepped;

    for (uint32_t i = 0; i < lacp->n_ports; i++)
        receive_timer(lacp->ports[i]);
    do {
        lacp_select(lacp);
        stepped = false;
        for (uint32_t i = 0; i < lacp->n_ports; i++)
            stepped |= lacp_mux_run(lacp->ports[i]);
    } while (stepped);
    for (uint32_t i = 0; i < lacp->n_ports; i++) {
        lacp_periodic_run(lacp->ports[i]);
        lacp_transmit(lacp->ports[i]);
        timer_arm(lacp->ports[i]);
    }
}

static void timer_expired(struct sim *sim, struct timer *timer)
{
    settle(container_of(timer, struct lacp_port, timer)->lacp);
}

/* ---- Frames -------------------------------------------------------------------------------- */

/* The marker comes back with another type and this port's address (5.5.4.1). */
static void answer_marker(struct lacp_port *port, const uint8_t *marker)
{
    uint8_t *pdu;
    struct packet *frame = slow_frame(port->lacp->sim, &port->mac, &pdu);

    memcpy(pdu, marker, LACPDU_LEN);
    ((struct marker_wire *)pdu)->type = MARKER_RESPONSE;
    port->counters.rx_marker++;
    port->counters.tx_marker++;
    port->lacp->ops->transmit(port, frame);
}

/* NULL, or why nobody wants it. */
static const struct drop_reason *take_pdu(struct lacp_port *port, const uint8_t *bytes,
                                          uint32_t length)
{
    enum lacpdu_status status = lacpdu_check(bytes, length);
    struct lacpdu pdu;

    if (status == LACPDU_OK) {
        lacpdu_parse(bytes, &pdu);
        port->counters.rx++;
        enter_current(port, &pdu);
        settle(port->lacp);
        return NULL;
    }
    if (status == LACPDU_UNKNOWN)
        status = marker_check(bytes, length);
    if (status == LACPDU_OK)
        answer_marker(port, bytes);
    return status == LACPDU_OK          ? NULL
           : status == LACPDU_MALFORMED ? &drop_lacpdu_malformed
                                        : &drop_slow_unknown;
}

void lacp_receive(struct lacp_port *port, struct packet *frame)
{
    const struct drop_reason *reason = &drop_lacp_port_disabled;
    uint32_t length = 0;
    const uint8_t *bytes = slow_pdu(frame, &length);

    if (!bytes)
        reason = &drop_lacpdu_malformed;
    else if (port->enabled)
        reason = take_pdu(port, bytes, length);
    if (!reason) {
        packet_delivered(frame);
        return;
    }
    port->counters.rx_bad++;
    packet_drop(frame, port->lacp->drops, reason);
}

/* ---- Life ---------------------------------------------------------------------------------- */

void lacp_init(struct lacp *lacp, struct sim *sim, struct actor *actor, struct drops *drops,
               const struct lacp_ops *ops, const struct eth_addr *system,
               const struct lacp_config *config)
{
    *lacp = (struct lacp){
        .sim = sim, .actor = actor, .drops = drops, .ops = ops, .config = *config, .system = *system
    };
}

void lacp_fini(struct lacp *lacp)
{
    for (uint32_t i = 0; i < lacp->n_ports; i++)
        timer_cancel(lacp->sim, &lacp->ports[i]->timer);
    g_free(lacp->ports);
    lacp->ports = NULL;
    lacp->n_ports = 0;
}

void lacp_port_add(struct lacp *lacp, struct lacp_port *port, const struct eth_addr *mac,
                   uint16_t number)
{
    const struct lacp_config *c = &lacp->config;
    uint8_t state = (uint8_t)(LACP_AGGREGATION | (c->active ? LACP_ACTIVITY : 0) |
                              (c->rate == LACP_FAST ? LACP_TIMEOUT : 0));

    *port = (struct lacp_port){
        .lacp = lacp,
        .user = port->user,
        .mac = *mac,
        .actor = { (uint16_t)c->system_priority, lacp->system, 0, (uint16_t)c->port_priority,
                   number, state },
        .due = { SIM_NEVER, SIM_NEVER, SIM_NEVER },
    };
    timer_init(&port->timer, lacp->actor, timer_expired);
    record_default(port);
    enter_disabled(port);
    lacp->ports = g_renew(struct lacp_port *, lacp->ports, lacp->n_ports + 1);
    lacp->ports[lacp->n_ports++] = port;
}

void lacp_port_set_priority(struct lacp_port *port, uint16_t priority)
{
    port->actor.port_priority = priority;
}

void lacp_port_up(struct lacp_port *port, uint16_t key, uint64_t rate_bps)
{
    if (port->actor.key != key)
        port->selected = LACP_UNSELECTED;
    port->actor.key = key;
    port->rate_bps = rate_bps;
    if (!port->enabled) {
        port->enabled = true;
        enter_expired(port);
    }
    settle(port->lacp);
}

/* What was heard is forgotten when the link comes back and nobody answers, not now: a link that
 * returns to the same partner needs no new selection (port_moved, 5.4.8, is not detected). */
void lacp_port_down(struct lacp_port *port)
{
    if (!port->enabled)
        return;
    port->enabled = false;
    enter_disabled(port);
    settle(port->lacp);
}

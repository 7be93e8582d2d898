/* Changes of topology (IEEE 802.1D-2004 17.31): a port that begins to forward makes the others
 * forget the addresses they learnt, on this bridge and, by a flag in BPDUs, on those behind it. */
#include "protocols/l2/rstp_parts.h"

static bool active_role(const struct stp_port *port)
{
    return port->role == STP_ROLE_ROOT || port->role == STP_ROLE_DESIGNATED;
}

static bool heard(const struct rstp_port *r)
{
    return r->rcvd_tc || r->rcvd_tcn || r->rcvd_tc_ack || r->tc_prop;
}

/* newTcWhile(), 17.21.7: how long this port tells of the change. */
static void new_tc_while(struct stp_port *port)
{
    if (!rstp_expired(port, RSTP_TC))
        return;
    if (port->rapid.send_rstp) {
        rstp_start(port, RSTP_TC, rstp_hello_time(port) + SIM_S);
        port->rapid.new_info = true;
    } else {
        rstp_start(port, RSTP_TC, rstp_max_age(port) + rstp_fwd_delay(port));
    }
}

/* setTcPropTree(), 17.21.18. */
static void set_tc_prop_tree(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;

    for (uint32_t i = 0; i < b->n_ports; i++)
        if (b->ports[i] != port)
            b->ports[i]->rapid.tc_prop = true;
    rstp_widen(port);
}

/* Nothing is learnt here any more, so what was is forgotten. */
static void enter_inactive(struct stp_port *port)
{
    port->bridge->ops->flush(port);
    rstp_stop(port, RSTP_TC);
    port->rapid.tc_ack = false;
    port->rapid.tc_state = RSTP_TC_INACTIVE;
}

static void enter_learning(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    r->rcvd_tc = r->rcvd_tcn = r->rcvd_tc_ack = r->tc_prop = false;
    r->tc_state = RSTP_TC_LEARNING;
}

static void enter_detected(struct stp_port *port)
{
    stp_note_change(port);
    new_tc_while(port);
    set_tc_prop_tree(port);
    port->rapid.new_info = true;
    port->rapid.tc_state = RSTP_TC_ACTIVE;
}

static void enter_notified(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (r->rcvd_tcn)
        new_tc_while(port);
    r->rcvd_tcn = r->rcvd_tc = false;
    if (port->role == STP_ROLE_DESIGNATED)
        r->tc_ack = true;
    stp_note_change(port);
    set_tc_prop_tree(port);
}

static void enter_propagating(struct stp_port *port)
{
    new_tc_while(port);
    port->bridge->ops->flush(port);
    port->rapid.tc_prop = false;
}

static void enter_acknowledged(struct stp_port *port)
{
    rstp_stop(port, RSTP_TC);
    port->rapid.rcvd_tc_ack = false;
}

static bool learning_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (active_role(port) && r->forward && !r->oper_edge)
        enter_detected(port);
    else if (heard(r))
        enter_learning(port);
    else if (!active_role(port) && !r->learn && !r->learning)
        enter_inactive(port);
    else
        return false;
    return true;
}

static bool active_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (!active_role(port) || r->oper_edge)
        enter_learning(port);
    else if (r->rcvd_tcn || r->rcvd_tc)
        enter_notified(port);
    else if (r->tc_prop)
        enter_propagating(port);
    else if (r->rcvd_tc_ack)
        enter_acknowledged(port);
    else
        return false;
    return true;
}

bool rstp_change_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (r->tc_state == RSTP_TC_LEARNING)
        return learning_step(port);
    if (r->tc_state == RSTP_TC_ACTIVE)
        return active_step(port);
    if (!r->learn)
        return false;
    enter_learning(port);
    return true;
}

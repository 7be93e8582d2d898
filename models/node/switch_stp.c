#include "models/node/switch_stp.h"

_Static_assert((int)STP_DISABLED == SWITCH_DISABLED && (int)STP_BLOCKING == SWITCH_BLOCKING &&
                   (int)STP_LISTENING == SWITCH_LISTENING && (int)STP_LEARNING == SWITCH_LEARNING &&
                   (int)STP_FORWARDING == SWITCH_FORWARDING,
               "both call the states the same");

struct switch_stp {
    struct switch_agent agent;
    struct switch_node *sw;
    struct stp_bridge bridge;
    struct stp_port_config port_config; /* of ports to come */
    struct actor actor;
    struct event start;    /* brings up the ports that were plugged in at this instant */
    sim_time usual_ageing; /* while that of the table is shorter */
    GPtrArray *ports;      /* their memory, which outlives the bridge: it has timers */
    bool stopped;
};

static struct switch_stp *agent_of(struct switch_agent *agent)
{
    return container_of(agent, struct switch_stp, agent);
}

static struct switch_stp *bridge_owner(struct stp_bridge *bridge)
{
    return container_of(bridge, struct switch_stp, bridge);
}

/* ---- What the machines ask for ------------------------------------------------------------- */

static void transmit(struct stp_port *port, struct packet *frame)
{
    switch_send(port->user, frame);
}

static void set_state(struct stp_port *port, enum stp_state old)
{
    switch_set_state(port->user, (enum switch_port_state)port->state);
}

static void flush(struct stp_port *port)
{
    switch_flush(port->user);
}

static void set_ageing(struct stp_bridge *bridge, sim_time ageing)
{
    struct switch_stp *stp = bridge_owner(bridge);
    struct fdb *fdb = &stp->sw->fdb;

    if (stp->usual_ageing == 0)
        stp->usual_ageing = fdb->ageing;
    if (ageing == SIM_NEVER || ageing > stp->usual_ageing)
        ageing = stp->usual_ageing;
    fdb_set_ageing(fdb, ageing, bridge->sim->now);
    if (ageing == stp->usual_ageing)
        stp->usual_ageing = 0;
}

static void changed(struct stp_bridge *bridge, struct stp_port *port, enum stp_event event)
{
    struct switch_port *to = port ? port->user : NULL;

    if (event == STP_EVENT_STATE)
        iface_note_stp(&to->iface, IFACE_STP_STATE, port->state);
    else if (event == STP_EVENT_ROLE)
        iface_note_stp(&to->iface, IFACE_STP_ROLE, port->role);
}

static const struct stp_ops bridge_ops = {
    .transmit = transmit,
    .set_state = set_state,
    .flush = flush,
    .set_ageing = set_ageing,
    .changed = changed,
};

/* ---- What the switch tells ----------------------------------------------------------------- */

static void input(struct switch_agent *agent, struct switch_port *port, struct packet *frame)
{
    if (agent_of(agent)->stopped)
        packet_drop(frame, &port->iface.drops, &drop_switch_reserved);
    else
        stp_receive(switch_stp_port(port), frame);
}

static void port_up(struct switch_port *port)
{
    bool shared = port->iface.peer->node->kind == NODE_HUB;

    stp_port_up(switch_stp_port(port), port->iface.tx.rate_bps, !shared);
}

static void start(struct sim *sim, struct event *event)
{
    struct switch_stp *stp = container_of(event, struct switch_stp, start);

    for (uint32_t i = 0; i < stp->bridge.n_ports; i++) {
        struct switch_port *port = stp->bridge.ports[i]->user;
        if (!stp->bridge.ports[i]->link && port->iface.tx.state != LINK_DOWN && !port->member)
            port_up(port);
    }
}

static void attached(struct switch_agent *agent, struct switch_port *port)
{
    struct switch_stp *stp = agent_of(agent);
    struct sim *sim = stp->bridge.sim;
    struct stp_port *own;

    if (stp->stopped)
        return;
    own = g_new0(struct stp_port, 1);
    assert(port->number == stp->bridge.n_ports);
    g_ptr_array_add(stp->ports, own);
    own->user = port;
    stp_port_add(&stp->bridge, own, &port->iface.ip.mac, &stp->port_config);
    switch_set_state(port, SWITCH_DISABLED);
    iface_note_stp(&port->iface, IFACE_STP_STATE, STP_DISABLED);
    iface_note_stp(&port->iface, IFACE_STP_ROLE, STP_ROLE_DISABLED);
    if (!event_pending(&stp->start))
        event_schedule(sim, &stp->start, sim->now, &stp->actor);
}

static void carrier(struct switch_agent *agent, struct switch_port *port, bool up)
{
    struct switch_stp *stp = agent_of(agent);

    if (stp->stopped || event_pending(&stp->start))
        return; /* the latter will see for itself */
    if (up)
        port_up(port);
    else
        stp_port_down(switch_stp_port(port));
}

static void stop(struct switch_stp *stp)
{
    event_cancel(stp->bridge.sim, &stp->start);
    if (!stp->stopped)
        stp_bridge_fini(&stp->bridge);
    stp->stopped = true;
}

static void release(struct switch_agent *agent)
{
    struct switch_stp *stp = agent_of(agent);

    stop(stp);
    g_ptr_array_unref(stp->ports);
    g_free(stp);
}

static const struct switch_agent_ops agent_ops = {
    .name = "stp",
    .input = input,
    .attached = attached,
    .carrier = carrier,
    .release = release,
};

/* ---- For the switch's owner ---------------------------------------------------------------- */

void switch_stp_start(struct switch_node *sw, const struct stp_config *config)
{
    struct switch_stp *stp = g_new0(struct switch_stp, 1);
    struct sim *sim = sw->node.net->sim;
    struct eth_addr mac = node_mac(sw->node.net, sw->node.name);
    char *name = g_strdup_printf("%s stp", sw->node.name);

    stp->agent.ops = &agent_ops;
    stp->sw = sw;
    stp->ports = g_ptr_array_new_with_free_func(g_free);
    actor_init(&stp->actor, sim, name);
    event_init(&stp->start, start);
    param_defaults(stp_port_params, &stp->port_config);
    stp_bridge_init(&stp->bridge, sim, &stp->actor, &sw->node.drops, &bridge_ops, &mac, config);
    switch_set_agent(sw, SWITCH_GROUP_STP, &stp->agent);
    g_free(name);
}

struct stp_bridge *switch_stp(const struct switch_node *sw)
{
    struct switch_agent *agent = sw->agents[SWITCH_GROUP_STP];

    if (!agent || agent->ops != &agent_ops || agent_of(agent)->stopped)
        return NULL;
    return &agent_of(agent)->bridge;
}

void switch_stp_stop(struct switch_node *sw)
{
    if (!switch_stp(sw))
        return;
    struct switch_stp *stp = agent_of(sw->agents[SWITCH_GROUP_STP]);
    set_ageing(&stp->bridge, SIM_NEVER);
    stop(stp);
    for (uint32_t i = 0; i < sw->node.n_ifaces; i++)
        switch_set_state(switch_port_at(sw, i), SWITCH_FORWARDING);
}

struct stp_port *switch_stp_port(const struct switch_port *port)
{
    struct stp_bridge *bridge = switch_stp(switch_of(port->iface.node));

    return bridge ? bridge->ports[port->number] : NULL;
}

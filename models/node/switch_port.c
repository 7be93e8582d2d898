/* Life of a switch and its ports, and what can be set of them. */
#include "models/node/switch_snoop.h"
#include "sim/blob.h"

const char *const switch_state_words[] = { "disabled", "blocking",   "listening",
                                           "learning", "forwarding", NULL };

enum { LEAST_FRAME = LINK_MIN_FRAME - LINK_FCS };

/* ---- Ports --------------------------------------------------------------------------------- */

void switch_port_changed(struct switch_port *port)
{
    port->plain = port->state == SWITCH_FORWARDING && !port->tagging && !port->watch &&
                  !port->observers && !port->member && !port->aggregate;
}

void switch_set_state(struct switch_port *port, enum switch_port_state state)
{
    port->state = (uint8_t)state;
    switch_port_changed(port);
}

void switch_flush(struct switch_port *port)
{
    fdb_flush_port(&switch_of(port->iface.node)->fdb, port->number, FDB_ANY);
}

/* What a port is as long as it was told nothing. */
static void default_vlan(const struct switch_node *sw, struct switch_port *port)
{
    struct vlan_set all = { { 0 } };

    if (sw->ovs) {
        vlan_set_fill(&all);
        vlan_port_trunk(&port->vlan, &all, VLAN_NONE);
        vlan_port_ovs(&port->vlan, true);
    } else {
        vlan_port_access(&port->vlan, 1);
    }
    port->tagging = true;
    switch_port_changed(port);
}

void switch_look_at_tags(struct switch_node *sw)
{
    if (sw->vlan_aware)
        return;
    sw->vlan_aware = true;
    fdb_flush(&sw->fdb);
    for (uint32_t i = 0; i < sw->node.n_ifaces; i++)
        default_vlan(sw, switch_port_at(sw, i));
}

void switch_set_vlan(struct switch_port *port, const struct vlan_port *rules)
{
    struct switch_node *sw = switch_of(port->iface.node);

    switch_look_at_tags(sw);
    port->vlan = *rules;
    switch_flush(port);
    network_rewired(sw->node.net);
}

static void tell_attached(struct switch_agent *agent, struct switch_port *port)
{
    if (agent && agent->ops->attached && !(agent->ops->by_link && port->aggregate))
        agent->ops->attached(agent, port);
}

static void port_attached(struct iface *iface)
{
    struct switch_node *sw = switch_of(iface->node);
    struct switch_port *port = switch_port_of(iface);

    port->number = sw->node.n_ifaces - 1;
    port->inner = iface->peer->node->ops->bridges;
    port->aggregate = iface->bond != NULL;
    if (sw->cut && iface->peer->node->kind != NODE_HUB && !port->aggregate)
        switch_cut_through(port);
    if (sw->vlan_aware)
        default_vlan(sw, port);
    switch_set_state(port, SWITCH_FORWARDING);
    for (unsigned i = 0; i < SWITCH_GROUPS; i++)
        tell_attached(sw->agents[i], port);
}

/* Stations behind a link that is down are elsewhere or nowhere. */
static void port_carrier(struct iface *iface, bool up)
{
    struct switch_node *sw = switch_of(iface->node);
    struct switch_port *port = switch_port_of(iface);

    if (!up) {
        switch_flush(port);
        switch_snoop_forget(port);
    }
    for (unsigned i = 0; i < SWITCH_GROUPS; i++) {
        struct switch_agent *agent = sw->agents[i];
        bool concerns = agent && !(agent->ops->by_link ? port->aggregate : port->member);
        if (concerns && agent->ops->carrier)
            agent->ops->carrier(agent, port, up);
    }
}

/* ---- Agents -------------------------------------------------------------------------------- */

void switch_set_agent(struct switch_node *sw, unsigned group, struct switch_agent *agent)
{
    assert(group < SWITCH_GROUPS && !sw->agents[group]);
    sw->agents[group] = agent;
    for (uint32_t i = 0; i < sw->node.n_ifaces; i++)
        tell_attached(agent, switch_port_at(sw, i));
}

void switch_send_llc(struct switch_port *port, const struct eth_addr *to, const uint8_t *bytes,
                     uint32_t length)
{
    struct packet *frame = packet_new(port->iface.tx.sim);
    struct eth eth = { *to, port->iface.ip.mac, (uint16_t)length };
    uint32_t room = MAX(length, (uint32_t)LEAST_FRAME - ETH_LEN);
    uint8_t *body = packet_push(frame, room);

    memset(body, 0, room);
    memcpy(body, bytes, length);
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    switch_send(port, frame);
}

/* ---- Life ---------------------------------------------------------------------------------- */

static void init(struct node *node)
{
    fdb_init(&switch_of(node)->fdb, FDB_CAPACITY, FDB_AGEING_S * SIM_S);
}

static void fini(struct node *node)
{
    struct switch_node *sw = switch_of(node);

    for (unsigned i = 0; i < SWITCH_GROUPS; i++)
        if (sw->agents[i])
            sw->agents[i]->ops->release(sw->agents[i]);
    for (uint32_t i = 0; i < sw->node.n_ifaces; i++) {
        switch_cut_free(switch_port_at(sw, i));
        g_free(switch_port_at(sw, i)->watch);
    }
    switch_snoop_free(sw);
    fdb_fini(&sw->fdb);
}

static uint64_t held(const struct node *node)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < node->n_ifaces; i++)
        n += switch_cut_held(switch_port_of(node->ifaces[i]));
    return n;
}

const struct node_ops switch_ops = {
    .name = "switch",
    .node_size = sizeof(struct switch_node),
    .iface_size = sizeof(struct switch_port),
    .bridges = true,
    .receive = switch_receive,
    .init = init,
    .fini = fini,
    .attached = port_attached,
    .carrier = port_carrier,
    .held = held,
};

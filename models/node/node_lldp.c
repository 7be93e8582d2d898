#include "models/node/node_lldp.h"

#include <stdio.h>

#include "models/node/switch.h"

struct node_lldp {
    struct switch_agent agent; /* of a switch */
    struct node *node;
    struct lldp_config config;
    struct actor actor;
    struct event start; /* brings up the ports that were plugged in at this instant */
    GPtrArray *ports;   /* struct lldp_port by number of interface; NULL: it has no cable */
};

/* ---- What the protocol asks for ------------------------------------------------------------ */

static const struct about {
    const char *description;
    uint16_t capability;
} abouts[NODE_KINDS] = {
    [NODE_HOST] = { "weft host", LLDP_STATION },
    [NODE_ROUTER] = { "weft router", LLDP_ROUTER },
    [NODE_SWITCH] = { "weft switch", LLDP_BRIDGE },
    [NODE_HUB] = { "weft hub", LLDP_REPEATER },
};

static void describe(struct lldp_port *port, struct lldpdu *pdu)
{
    const struct iface *iface = port->user;
    const struct node *node = iface->node;
    const struct about *about = &abouts[node->kind];
    struct ip_addr addr;

    pdu->chassis = lldp_id_of_mac(LLDP_CHASSIS_MAC, &node->ifaces[0]->ip.mac);
    pdu->port = lldp_id_of_text(LLDP_PORT_NAME, iface->ip.name);
    snprintf(pdu->port_description, sizeof pdu->port_description, "%s", iface->drops.name);
    snprintf(pdu->system, sizeof pdu->system, "%s", node->name);
    snprintf(pdu->description, sizeof pdu->description, "%s", about->description);
    pdu->has_capabilities = true;
    pdu->capabilities = about->capability;
    if (node->ip.forwarding)
        pdu->capabilities |= LLDP_ROUTER;
    pdu->enabled = pdu->capabilities;
    if (node_address(node, &addr)) {
        pdu->management = ip_addr_v4(&addr);
        pdu->management_port = iface->ip.ifindex;
    }
}

static void transmit(struct lldp_port *port, struct packet *frame)
{
    struct iface *iface = port->user;

    frame->ifindex = iface->ip.ifindex;
    link_send(&iface->tx, frame);
}

static const struct lldp_ops ops = { .describe = describe, .transmit = transmit };

/* ---- Ports --------------------------------------------------------------------------------- */

static struct lldp_port *port_at(const struct node_lldp *lldp, uint32_t index)
{
    return index < lldp->ports->len ? lldp->ports->pdata[index] : NULL;
}

struct lldp_port *node_lldp_port(const struct iface *iface)
{
    return iface->node->lldp && iface->link ? port_at(iface->node->lldp, iface->index) : NULL;
}

static void start(struct sim *sim, struct event *event)
{
    struct node_lldp *lldp = container_of(event, struct node_lldp, start);

    for (uint32_t i = 0; i < lldp->node->n_ifaces; i++) {
        struct lldp_port *port = port_at(lldp, i);
        if (port && lldp->node->ifaces[i]->tx.state != LINK_DOWN)
            lldp_port_up(port);
    }
}

void node_lldp_attached(struct iface *iface)
{
    struct node_lldp *lldp = iface->node->lldp;

    if (!lldp || !iface->link)
        return;
    struct lldp_port *port = g_new0(struct lldp_port, 1);
    port->user = iface;
    lldp_port_init(port, lldp->node->net->sim, &lldp->actor, &iface->drops, &iface->ip.mac, &ops,
                   &lldp->config);
    if (lldp->ports->len <= iface->index)
        g_ptr_array_set_size(lldp->ports, (gint)iface->index + 1);
    lldp->ports->pdata[iface->index] = port;
    if (!event_pending(&lldp->start))
        event_schedule(lldp->node->net->sim, &lldp->start, lldp->node->net->sim->now, &lldp->actor);
}

void node_lldp_carrier(struct iface *iface, bool up)
{
    struct lldp_port *port = node_lldp_port(iface);

    if (!port || event_pending(&iface->node->lldp->start))
        return; /* the latter will see for itself */
    if (up)
        lldp_port_up(port);
    else
        lldp_port_down(port);
}

bool node_lldp_input(struct iface *iface, struct packet *frame)
{
    struct lldp_port *port = node_lldp_port(iface);

    if (port)
        lldp_receive(port, frame);
    return port;
}

/* ---- On a switch --------------------------------------------------------------------------- */

static void agent_input(struct switch_agent *agent, struct switch_port *port, struct packet *frame)
{
    if (!node_lldp_input(&port->iface, frame))
        packet_drop(frame, &port->iface.drops, &drop_switch_reserved);
}

static void agent_attached(struct switch_agent *agent, struct switch_port *port)
{
    node_lldp_attached(&port->iface);
}

static void agent_carrier(struct switch_agent *agent, struct switch_port *port, bool up)
{
    node_lldp_carrier(&port->iface, up);
}

static void agent_release(struct switch_agent *agent)
{
    node_lldp_free(container_of(agent, struct node_lldp, agent)->node);
}

static const struct switch_agent_ops agent_ops = {
    .name = "lldp",
    .by_link = true,
    .input = agent_input,
    .attached = agent_attached,
    .carrier = agent_carrier,
    .release = agent_release,
};

/* ---- Life ---------------------------------------------------------------------------------- */

void node_lldp_start(struct node *node, const struct lldp_config *config)
{
    struct node_lldp *lldp = g_new0(struct node_lldp, 1);
    char *name = g_strdup_printf("%s lldp", node->name);

    lldp->agent.ops = &agent_ops;
    lldp->node = node;
    lldp->config = *config;
    lldp->ports = g_ptr_array_new();
    actor_init(&lldp->actor, node->net->sim, name);
    event_init(&lldp->start, start);
    node->lldp = lldp;
    if (node->kind == NODE_SWITCH)
        switch_set_agent(switch_of(node), SWITCH_GROUP_LLDP, &lldp->agent);
    for (uint32_t i = 0; node->kind != NODE_SWITCH && i < node->n_ifaces; i++)
        node_lldp_attached(node->ifaces[i]);
    g_free(name);
}

void node_lldp_free(struct node *node)
{
    struct node_lldp *lldp = node->lldp;

    if (!lldp)
        return;
    event_cancel(node->net->sim, &lldp->start);
    for (guint i = 0; i < lldp->ports->len; i++)
        if (lldp->ports->pdata[i])
            lldp_port_fini(lldp->ports->pdata[i]);
    for (guint i = 0; i < lldp->ports->len; i++)
        g_free(lldp->ports->pdata[i]);
    g_ptr_array_unref(lldp->ports);
    g_free(lldp);
    node->lldp = NULL;
}

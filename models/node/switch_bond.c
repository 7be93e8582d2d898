#include "models/node/switch_bond.h"

#include "protocols/wire/arp.h"

DROP_REASON(bond_reflected,
            "the source is elsewhere: the other end sent the switch's own frame back");

enum { ETH_TYPE_RARP = 0x8035, RARP_REQUEST = 3 };

/* ---- LACP's agent -------------------------------------------------------------------------- */

static void slow_input(struct switch_agent *agent, struct switch_port *port, struct packet *frame)
{
    if (port->member && slow_is_frame(packet_data(frame)))
        bond_slow(bond_member_of(&port->iface), frame);
    else
        packet_drop(frame, &port->iface.drops, &drop_switch_reserved);
}

static void slow_release(struct switch_agent *agent)
{
    g_free(agent);
}

static const struct switch_agent_ops slow_ops = {
    .name = "lacp",
    .by_link = true,
    .input = slow_input,
    .release = slow_release,
};

/* ---- Ports --------------------------------------------------------------------------------- */

void switch_bond_join(struct iface *iface)
{
    struct switch_port *port = switch_port_of(iface);
    struct switch_node *sw = switch_of(iface->node);

    for (unsigned i = 0; i < SWITCH_GROUPS; i++) {
        struct switch_agent *agent = sw->agents[i];
        if (agent && !agent->ops->by_link && agent->ops->carrier)
            agent->ops->carrier(agent, port, false);
    }
    port->member = true;
    switch_set_state(port, SWITCH_BLOCKING);
    switch_flush(port);
}

void switch_bond_attach(struct bond *bond)
{
    struct node *node = bond->iface->node;

    if (!switch_of(node)->agents[SWITCH_GROUP_SLOW]) {
        struct switch_agent *agent = g_new0(struct switch_agent, 1);
        agent->ops = &slow_ops;
        switch_set_agent(switch_of(node), SWITCH_GROUP_SLOW, agent);
    }
    node->ops->attached(bond->iface);
}

/* ---- balance-slb --------------------------------------------------------------------------- */

static bool is_gratuitous(struct packet *frame)
{
    struct arp arp;

    if (!packet_need(frame, ETH_LEN + ARP_LEN) ||
        get_be16(((struct eth_wire *)packet_data(frame))->type) != ETH_TYPE_ARP ||
        !arp_check(packet_data(frame) + ETH_LEN, ARP_LEN))
        return false;
    arp_parse(packet_data(frame) + ETH_LEN, &arp);
    return arp.sender_ip == arp.target_ip;
}

bool switch_bond_reflected(const struct switch_port *in, struct packet *frame, uint64_t source)
{
    const struct switch_node *sw = switch_of(in->iface.node);
    const struct fdb_entry *entry;

    if (in->iface.bond->config.mode != BOND_SLB)
        return false;
    entry = fdb_find(&sw->fdb, source, sw->node.net->sim->now);
    return entry && entry->port != in->number && !is_gratuitous(frame);
}

static void teach(const struct fdb_entry *entry, void *data)
{
    struct switch_port *port = data;
    struct eth_addr mac = fdb_key_addr(entry->key);
    struct arp arp = { .opcode = RARP_REQUEST, .sender_mac = mac, .target_mac = mac };
    struct eth eth = { ETH_BROADCAST, mac, ETH_TYPE_RARP };

    if (entry->port == port->number)
        return;
    struct packet *frame = packet_new(port->iface.tx.sim);
    arp_emit(packet_push(frame, ARP_LEN), &arp);
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    switch_emit(port, frame, fdb_key_vid(entry->key));
}

void switch_bond_announce(struct bond *bond)
{
    struct switch_node *sw = switch_of(bond->iface->node);

    fdb_each(&sw->fdb, sw->node.net->sim->now, teach, switch_port_of(bond->iface));
}

#include "models/node/switch.h"

#include "models/node/switch_bond.h"
#include "models/node/switch_snoop.h"
#include "models/node/switch_watch.h"
#include "models/node/virtual.h"

DROP_REASON(switch_runt, "shorter than an Ethernet header");
DROP_REASON(switch_giant, "longer than the link's MTU allows; a switch cannot fragment");
DROP_REASON(switch_source, "no station can have the source address: it is a group's");
DROP_REASON(switch_reserved, "for the switch itself, which does not run the protocol");
DROP_REASON(switch_blocked, "spanning tree keeps the port from forwarding");
DROP_REASON(switch_vlan, "the port does not carry the frame's VLAN");
DROP_REASON(switch_same_port, "the destination is behind the port by which the frame came in");
DROP_REASON(switch_nowhere, "there is no other port to send it out by");

DROP_REASON(switch_pruned, "snooping: no member of the group and no router is behind any port");

#define GROUP_BIT      (UINT64_C(1) << 40)
#define RESERVED_GROUP UINT64_C(0x0180c2000000) /* and the 15 after it */

/* A frame on its way through the switch. */
struct transit {
    struct switch_node *sw;
    struct switch_port *in; /* NULL: from the switch itself */
    struct drops *drops;
    struct packet *frame;
    uint64_t dst, src;
    uint16_t vid;
    bool tagged; /* its outermost tag is that of its VLAN */
    bool igmp;   /* a message that snooping has read */
    struct snoop_way way;
};

static inline uint32_t longest_frame(const struct switch_port *port)
{
    return port->iface.ip.mtu + ETH_LEN;
}

/* Tags come on top of what the MTU says (802.3as). */
static bool is_giant(const struct switch_port *port, struct packet *frame)
{
    uint32_t length = packet_len(frame);

    return length > longest_frame(port) &&
           length > longest_frame(port) + vlan_tags(frame) * VLAN_TAG_LEN;
}

/* ---- Out ----------------------------------------------------------------------------------- */

void switch_send(struct switch_port *port, struct packet *frame)
{
    frame->ifindex = port->iface.ip.ifindex;
    switch_output(port, frame);
}

/* With the tag that the port wants. */
static void relabel(const struct transit *t, const struct switch_port *out, struct packet *frame,
                    bool tagged)
{
    if (tagged && t->tagged)
        vlan_tag(frame)->tpid = put_be16(out->vlan.tpid);
    else if (tagged)
        vlan_push(frame, out->vlan.tpid, vlan_tci(frame->priority, t->vid));
    else if (t->tagged)
        vlan_pop(frame);
}

static bool may_leave(const struct transit *t, const struct switch_port *out)
{
    bool tagged;

    return out != t->in && out->state == SWITCH_FORWARDING && out->iface.tx.state != LINK_DOWN &&
           !out->observers && !out->member &&
           (!t->way.prunes || snoop_wants(switch_snooped(t->sw), &t->way, out->number)) &&
           (!out->tagging || vlan_port_out(&out->vlan, t->vid, &tagged));
}

static void leave(const struct transit *t, struct switch_port *out, struct packet *frame)
{
    bool tagged;

    if (out->tagging) {
        vlan_port_out(&out->vlan, t->vid, &tagged);
        relabel(t, out, frame, tagged);
    }
    if (__builtin_expect(packet_len(frame) > longest_frame(out), 0) && is_giant(out, frame)) {
        packet_drop(frame, &out->iface.drops, &drop_switch_giant);
        return;
    }
    if (out->watch)
        switch_watch_show(out, frame, TAP_OUT);
    switch_output(out, frame);
}

/* To the switch's own IP layer. */
static void deliver(const struct transit *t, struct packet *frame)
{
    struct virtual_iface *v = virtual_in(&t->sw->node, t->vid);

    if (t->tagged)
        vlan_pop(frame);
    frame->priority = 0;
    virtual_deliver(v, frame);
}

static enum flood_kind kind_of(const struct transit *t)
{
    if (!(t->dst & GROUP_BIT))
        return FLOOD_UNKNOWN;
    return t->dst == UINT64_C(0xffffffffffff) ? FLOOD_BROADCAST : FLOOD_MULTICAST;
}

/* Nobody got it. */
static void wasted(const struct transit *t)
{
    if (t->igmp)
        packet_consumed(t->frame);
    else
        packet_drop(t->frame, t->drops, t->way.prunes ? &drop_switch_pruned : &drop_switch_nowhere);
}

static bool is_ip_group(const struct transit *t)
{
    return t->dst >> 23 == UINT64_C(0x01005e000000) >> 23;
}

/* By all ports that may; the last one gets the frame itself, the others copies. */
static void flood(struct transit *t)
{
    struct switch_node *sw = t->sw;
    struct switch_port *last = NULL;

    if (t->in && t->in->watch && !switch_watch_admits(t->in, kind_of(t), t->frame)) {
        packet_drop(t->frame, t->drops, &drop_switch_storm);
        return;
    }
    if (sw->snoop && is_ip_group(t))
        t->way = switch_snoop(sw, t->frame, t->tagged, t->vid, t->in ? t->in->number : SNOOP_SELF,
                              &t->igmp);
    sw->flooded += !t->way.prunes;
    if (t->in && t->dst & GROUP_BIT && sw->node.n_virtual > 0 && virtual_in(&sw->node, t->vid))
        deliver(t, packet_clone(t->frame));
    for (uint32_t i = 0; i < sw->node.n_ifaces; i++) {
        struct switch_port *out = switch_port_at(sw, i);
        if (!may_leave(t, out))
            continue;
        if (last)
            leave(t, last, packet_clone(t->frame));
        last = out;
    }
    if (last)
        leave(t, last, t->frame);
    else
        wasted(t);
}

static void forward(struct transit *t)
{
    const struct fdb_entry *entry =
        t->dst & GROUP_BIT
            ? NULL
            : fdb_find(&t->sw->fdb, fdb_key_of(t->vid, t->dst), t->sw->node.net->sim->now);

    if (!entry) {
        flood(t);
        return;
    }
    if (entry->port == SWITCH_SELF) {
        deliver(t, t->frame);
        return;
    }
    struct switch_port *out = switch_port_at(t->sw, entry->port);
    if (may_leave(t, out))
        leave(t, out, t->frame);
    else
        packet_drop(t->frame, t->drops,
                    out == t->in                      ? &drop_switch_same_port
                    : out->state != SWITCH_FORWARDING ? &drop_switch_blocked
                                                      : &drop_switch_vlan);
}

void switch_originate(struct switch_node *sw, struct packet *frame, uint16_t vid)
{
    struct transit t = {
        .sw = sw,
        .drops = &sw->node.drops,
        .frame = frame,
        .dst = fdb_mac(packet_data(frame)),
        .vid = vid,
    };

    frame->bridges = 0;
    forward(&t);
}

void switch_emit(struct switch_port *port, struct packet *frame, uint16_t vid)
{
    struct transit t = { .sw = switch_of(port->iface.node), .vid = vid };

    frame->bridges = 0;
    if (may_leave(&t, port))
        leave(&t, port, frame);
    else
        packet_drop(frame, &port->iface.drops, &drop_switch_nowhere);
}

/* ---- In: the long way ---------------------------------------------------------------------- */

/* The frame's VLAN and priority; false if the port refuses it. */
static bool classify(struct transit *t)
{
    struct packet *frame = t->frame;
    struct vlan_label label = { 0 };

    frame->priority = 0;
    if (!t->in->tagging)
        return true;
    if (t->in->vlan.mode != VLAN_TUNNEL && packet_need(frame, ETH_LEN + VLAN_TAG_LEN) &&
        get_be16(vlan_tag(frame)->tpid) == t->in->vlan.tpid) {
        label = (struct vlan_label){ true, get_be16(vlan_tag(frame)->tci) };
        frame->priority = vlan_pcp(label.tci);
    }
    t->vid = vlan_port_in(&t->in->vlan, label);
    t->tagged = label.tagged && vlan_vid(label.tci) != VLAN_PRIORITY;
    if (label.tagged && !t->tagged)
        vlan_pop(frame);
    return t->vid != VLAN_NONE;
}

/* Frames to the reserved groups are for the neighbour and go no further, whatever becomes of them
 * here (802.1Q 8.6.3). */
static void to_agent(struct transit *t)
{
    struct switch_agent *agent = t->sw->agents[t->dst & 0xf];

    if (agent)
        agent->ops->input(agent, t->in, t->frame);
    else
        packet_drop(t->frame, t->drops, &drop_switch_reserved);
}

/* NULL if it may come in. */
static const struct drop_reason *fault_of(struct transit *t)
{
    if (t->src & GROUP_BIT)
        return &drop_switch_source;
    if (is_giant(t->in, t->frame))
        return &drop_switch_giant;
    if (t->in->observers)
        return &drop_switch_observer;
    return t->in->state == SWITCH_DISABLED ? &drop_switch_blocked : NULL;
}

static void relay(struct transit *t)
{
    if (!classify(t)) {
        packet_drop(t->frame, t->drops, &drop_switch_vlan);
        return;
    }
    uint64_t source = fdb_key_of(t->vid, t->src);
    if (t->in->aggregate && switch_bond_reflected(t->in, t->frame, source)) {
        packet_drop(t->frame, t->drops, &drop_bond_reflected);
        return;
    }
    if (t->in->state >= SWITCH_LEARNING)
        fdb_learn(&t->sw->fdb, source, t->in->number, t->sw->node.net->sim->now);
    if (t->in->state == SWITCH_FORWARDING)
        forward(t);
    else
        packet_drop(t->frame, t->drops, &drop_switch_blocked);
}

static bool is_reserved(const struct transit *t)
{
    return (t->dst & ~UINT64_C(0xf)) == RESERVED_GROUP;
}

/* From the link to the bond that it is a member of, unless it is the link that the frame is about;
 * false if the bond does not take it, which is the frame's end. */
static bool enter_bond(struct transit *t)
{
    const struct switch_agent *agent = is_reserved(t) ? t->sw->agents[t->dst & 0xf] : NULL;

    if (agent && agent->ops->by_link)
        return true;
    if (!bond_admit(bond_member_of(&t->in->iface), t->frame))
        return false;
    t->in = switch_port_of(t->in->iface.bond->iface);
    t->drops = &t->in->iface.drops;
    if (t->in->watch)
        switch_watch_show(t->in, t->frame, TAP_IN);
    return true;
}

__attribute__((noinline)) static void input_slow(struct switch_port *port, struct packet *frame)
{
    struct transit t = {
        .sw = switch_of(port->iface.node), .in = port, .drops = &port->iface.drops, .frame = frame
    };
    const struct drop_reason *fault;

    if (!packet_need(frame, ETH_LEN)) {
        packet_drop(frame, &port->iface.drops, &drop_switch_runt);
        return;
    }
    if (port->watch)
        switch_watch_show(port, frame, TAP_IN);
    t.dst = fdb_mac(packet_data(frame));
    t.src = fdb_mac(packet_data(frame) + ETH_ADDR_LEN);
    if (port->member && !enter_bond(&t))
        return;
    if ((fault = fault_of(&t)))
        packet_drop(frame, t.drops, fault);
    else if (is_reserved(&t))
        to_agent(&t);
    else
        relay(&t);
}

/* ---- In: the short way --------------------------------------------------------------------- */

/* A unicast frame of ordinary length between ports that forward and look at no tags, to a station
 * that is known: out by its port.  False if it is none such; then only the source may have been
 * learnt, which the long way does again. */
static inline bool pass(struct switch_port *port, struct packet *frame)
{
    struct switch_node *sw = switch_of(port->iface.node);
    const uint8_t *header = packet_data(frame);
    sim_time now = port->iface.tx.sim->now;
    uint64_t dst, src;

    if (!port->plain || packet_header_len(frame) < ETH_LEN)
        return false;
    dst = fdb_mac(header);
    src = fdb_mac(header + ETH_ADDR_LEN);
    if ((dst | src) & GROUP_BIT)
        return false;
    fdb_learn(&sw->fdb, src, port->number, now);
    const struct fdb_entry *entry = fdb_find(&sw->fdb, dst, now);
    if (!entry || entry->port == port->number || entry->port == SWITCH_SELF)
        return false;
    struct switch_port *out = switch_port_at(sw, entry->port);
    if (!out->plain || packet_len(frame) > MIN(longest_frame(port), longest_frame(out)))
        return false;
    link_send(&out->iface.tx, frame);
    return true;
}

static inline void take(struct switch_port *port, struct packet *frame)
{
    struct network *net = port->iface.node->net;

    frame->bridges = port->inner ? (uint16_t)(frame->bridges + 1) : 1;
    if (__builtin_expect(frame->bridges > net->n_bridges, 0))
        loop_note(net, port);
    if (!pass(port, frame))
        input_slow(port, frame);
}

void switch_receive(struct link_rx *rx, struct packet *frame)
{
    struct switch_port *port = container_of(rx, struct switch_port, iface.rx);

    if (iface_arrived(&port->iface, frame))
        take(port, frame);
}

void switch_pass_on(struct switch_port *port, struct packet *frame)
{
    uint8_t bad = frame->flags & PACKET_BAD_FCS;

    frame->flags &= (uint8_t)~bad;
    iface_arrived(&port->iface, frame);
    frame->flags |= bad;
    take(port, frame);
}

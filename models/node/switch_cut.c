/* Cut-through: a frame goes out while it is still coming in.
 *
 * The link hands frames over when their first CUT_BYTES are there.  A unicast frame to a station
 * that is known, between ports that forward and look at nothing else, goes on at once, unless its
 * way out is faster than its way in: the transmitter would run dry.  All other frames are stored
 * until their last bit is there.  What is wrong with a frame's end cannot be known when it goes on,
 * so bad check sequences are passed on, for the last station to find. */
#include "models/node/switch.h"

/* Addresses, a tag, the type. */
enum { CUT_BYTES = 18 };

struct switch_cut {
    struct switch_port *port;
    struct event whole; /* the first stored frame's last bit is there */
    struct packet_fifo stored;
    uint32_t n;
};

static const struct link_tx *sender(const struct switch_port *port)
{
    return &port->iface.peer->tx;
}

/* `when` of a stored frame is the arrival of its last bit. */
static void store(struct switch_cut *cut, struct packet *frame)
{
    struct node *node = cut->port->iface.node;

    frame->when = node->net->sim->now + link_rest(sender(cut->port), packet_len(frame));
    packet_fifo_push(&cut->stored, frame);
    if (cut->n++ == 0)
        event_schedule(node->net->sim, &cut->whole, frame->when, &node->actor);
}

static void on_whole(struct sim *sim, struct event *ev)
{
    struct switch_cut *cut = container_of(ev, struct switch_cut, whole);
    struct packet *frame = packet_fifo_pop(&cut->stored);

    if (--cut->n > 0)
        event_schedule(sim, ev, MAX(cut->stored.first->when, sim->now),
                       &cut->port->iface.node->actor);
    switch_receive(&cut->port->iface.rx, frame);
}

static bool may_cut(const struct switch_port *port, struct packet *frame)
{
    const struct switch_node *sw = switch_of(port->iface.node);

    if (!port->plain || packet_header_len(frame) < ETH_LEN)
        return false;
    const struct fdb_entry *entry =
        fdb_find(&sw->fdb, fdb_mac(packet_data(frame)), port->iface.tx.sim->now);
    return entry && entry->port != SWITCH_SELF && entry->port != port->number &&
           !switch_port_at(sw, entry->port)->aggregate &&
           switch_port_at(sw, entry->port)->iface.tx.rate_bps <= sender(port)->rate_bps;
}

static void receive_early(struct link_rx *rx, struct packet *frame)
{
    struct switch_port *port = container_of(rx, struct switch_port, iface.rx);

    if (port->cut->n > 0 || !may_cut(port, frame)) {
        store(port->cut, frame);
        return;
    }
    switch_pass_on(port, frame);
}

void switch_cut_through(struct switch_port *port)
{
    struct switch_cut *cut = g_new0(struct switch_cut, 1);

    cut->port = port;
    event_init(&cut->whole, on_whole);
    packet_fifo_init(&cut->stored);
    port->cut = cut;
    port->iface.rx.deliver = receive_early;
    link_set_early(&port->iface.peer->tx, CUT_BYTES);
}

uint32_t switch_cut_held(const struct switch_port *port)
{
    return port->cut ? port->cut->n : 0;
}

void switch_cut_free(struct switch_port *port)
{
    struct packet *frame;

    if (!port->cut)
        return;
    event_cancel(port->iface.tx.sim, &port->cut->whole);
    while ((frame = packet_fifo_pop(&port->cut->stored)))
        packet_drop(frame, &port->iface.drops, &drop_end_of_run);
    g_free(port->cut);
}

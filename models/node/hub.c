#include "models/node/hub.h"

DROP_REASON(excessive_collisions, "sixteen attempts to send ended in collisions");
DROP_REASON(collision, "another frame was on the wire at the same time");

/* Carrier that comes or goes at a port's station. */
struct signal {
    struct list link;
    struct event event;
    struct hub *home; /* to whose pool it belongs */
    struct hub_port *at;
    struct packet *frame; /* with the end of carrier: what was sent, unless it was cut off */
    bool on;
};

static struct sim *sim_of(const struct hub_port *port)
{
    return port->iface.tx.sim;
}

static struct iface *station_of(const struct hub_port *port)
{
    return port->iface.peer;
}

static sim_time bit_times(const struct hub_port *port, uint64_t bits)
{
    return simtime_of_bits(bits, station_of(port)->tx.rate_bps);
}

/* ---- Signals ------------------------------------------------------------------------------- */

static void signal_fire(struct sim *sim, struct event *ev);

static void signal_send(struct hub_port *from, struct hub_port *to, sim_time delay,
                        const struct packet *frame, bool on)
{
    struct hub *home = hub_of(from->iface.node);
    struct signal *signal = pool_take(&home->signals);

    event_init(&signal->event, signal_fire);
    signal->home = home;
    signal->at = to;
    signal->on = on;
    signal->frame = frame ? packet_clone(frame) : NULL;
    list_push_back(&home->under_way, &signal->link);
    event_schedule(sim_of(from), &signal->event, sim_of(from)->now + delay, &from->csma.actor);
}

static void signal_end(struct signal *signal)
{
    list_remove(&signal->link);
    pool_give(&signal->home->signals, signal);
}

/* To all stations behind the hub but the one behind `except`, and behind the hubs behind it.  Hubs
 * in a circle would go on for ever: `hops` ends that. */
static void spread(struct hub_port *from, const struct hub *hub, const struct iface *except,
                   sim_time delay, const struct packet *frame, bool on, uint32_t hops)
{
    delay += bit_times(from, HUB_DELAY);
    for (uint32_t i = 0; i < hub->node.n_ifaces && hops > 0; i++) {
        struct iface *out = hub->node.ifaces[i];
        sim_time there = delay + out->tx.delay;
        if (out == except)
            continue;
        if (out->peer->node->kind == NODE_HUB)
            spread(from, hub_of(out->peer->node), out->peer, there, frame, on, hops - 1);
        else
            signal_send(from, hub_port_of(out), there, frame, on);
    }
}

static void broadcast(struct hub_port *from, const struct packet *frame, bool on)
{
    spread(from, hub_of(from->iface.node), &from->iface, station_of(from)->tx.delay, frame, on,
           from->iface.node->net->n_bridges);
}

/* ---- Sending ------------------------------------------------------------------------------- */

static void enter(struct hub_port *port, enum csma_state state, sim_time span)
{
    struct csma *c = &port->csma;

    c->state = (uint8_t)state;
    event_schedule(sim_of(port), &c->event, sim_of(port)->now + span, &c->actor);
}

static void give_up_link_down(struct csma *c, struct iface *station)
{
    packet_drop(c->current, &station->drops, &drop_link_down);
    c->current = NULL;
    c->attempts = 0;
    c->state = CSMA_IDLE;
}

static void collide(struct hub_port *port);

/* Carrier that came in the last third of the gap does not hold it back, so that who sent last is
 * not always the first again (802.3 4.2.3.2.1). */
static void start(struct hub_port *port)
{
    struct csma *c = &port->csma;
    struct link_tx *tx = &station_of(port)->tx;

    if (!c->current)
        c->current = link_take(tx);
    if (!c->current) {
        c->state = CSMA_IDLE;
        return;
    }
    if (tx->state == LINK_DOWN) {
        give_up_link_down(c, station_of(port));
        return;
    }
    c->attempts++;
    c->started = sim_of(port)->now;
    if (tx->state == LINK_UP)
        broadcast(port, NULL, true);
    uint64_t bytes = link_wire_bytes(packet_len(c->current)) - CSMA_GAP / 8;
    enter(port, CSMA_SENDING, bit_times(port, bytes * 8));
    if (c->carriers > 0) {
        c->garbled = true;
        collide(port);
    }
}

/* As soon as the wire has been silent for the gap. */
static void try_to_start(struct hub_port *port)
{
    struct csma *c = &port->csma;
    sim_time at = c->silent + bit_times(port, CSMA_GAP), now = sim_of(port)->now;

    if (c->carriers > 0)
        c->state = CSMA_WAIT;
    else if (at > now)
        enter(port, CSMA_GAP_RUNS, at - now);
    else
        start(port);
}

static void wanted(struct link_gate *gate)
{
    struct hub_port *port = container_of(gate, struct hub_port, csma.gate);

    if (port->csma.state == CSMA_IDLE)
        try_to_start(port);
}

static const struct link_gate_ops gate_ops = { .wanted = wanted };

static void finish(struct hub_port *port)
{
    struct csma *c = &port->csma;
    struct link_tx *tx = &station_of(port)->tx;
    bool up = tx->state == LINK_UP;

    link_account(tx, c->current, c->started);
    broadcast(port, up ? c->current : NULL, false);
    if (up)
        packet_consumed(c->current); /* the others have copies */
    else
        packet_drop(c->current, tx->drops, &drop_link_down);
    c->current = NULL;
    c->attempts = 0;
    c->silent = sim_of(port)->now;
    try_to_start(port);
}

/* 802.3 4.2.3.2.4 */
static void collide(struct hub_port *port)
{
    struct csma *c = &port->csma;
    sim_time now = sim_of(port)->now, begun = c->started + bit_times(port, CSMA_PREAMBLE);
    sim_time stop = MAX(now, begun) + bit_times(port, CSMA_JAM);

    c->collisions++;
    c->late += now - c->started > bit_times(port, CSMA_SLOT);
    enter(port, CSMA_JAMMING, stop - now);
}

static void back_off(struct hub_port *port)
{
    struct csma *c = &port->csma;
    uint32_t exponent = MIN(c->attempts, CSMA_BACKOFF_LIMIT);

    broadcast(port, NULL, false);
    c->silent = sim_of(port)->now;
    if (c->attempts < CSMA_ATTEMPTS) {
        uint64_t slots = rng_below(&c->rng, UINT64_C(1) << exponent);
        enter(port, CSMA_BACKOFF, bit_times(port, slots * CSMA_SLOT));
        return;
    }
    c->given_up++;
    packet_drop(c->current, &station_of(port)->drops, &drop_excessive_collisions);
    c->current = NULL;
    c->attempts = 0;
    try_to_start(port);
}

static void on_event(struct sim *sim, struct event *ev)
{
    struct hub_port *port = container_of(ev, struct hub_port, csma.event);

    switch (port->csma.state) {
    case CSMA_SENDING:
        finish(port);
        break;
    case CSMA_JAMMING:
        back_off(port);
        break;
    case CSMA_GAP_RUNS:
        start(port);
        break;
    default:
        try_to_start(port);
    }
}

/* ---- Hearing ------------------------------------------------------------------------------- */

static void wait_for_silence(struct hub_port *port)
{
    event_cancel(sim_of(port), &port->csma.event);
    port->csma.state = CSMA_WAIT;
}

static void carrier_on(struct hub_port *port)
{
    struct csma *c = &port->csma;
    sim_time now = sim_of(port)->now;

    c->garbled = c->carriers++ > 0 || c->state == CSMA_SENDING || c->state == CSMA_JAMMING;
    if (c->state == CSMA_SENDING)
        collide(port);
    else if (c->state == CSMA_GAP_RUNS && c->event.time - now > bit_times(port, CSMA_GAP / 3))
        wait_for_silence(port);
}

static void carrier_off(struct hub_port *port, struct packet *frame)
{
    struct csma *c = &port->csma;
    struct iface *station = station_of(port);
    bool good = !c->garbled;

    if (--c->carriers == 0) {
        c->silent = sim_of(port)->now;
        if (c->state == CSMA_WAIT)
            try_to_start(port);
    }
    if (frame && !good)
        packet_drop(frame, &station->drops, &drop_collision);
    else if (frame && station->tx.state != LINK_UP)
        packet_drop(frame, &port->iface.drops, &drop_link_down);
    else if (frame)
        station->rx.deliver(&station->rx, frame);
}

static void signal_fire(struct sim *sim, struct event *ev)
{
    struct signal *signal = container_of(ev, struct signal, event);
    struct packet *frame = signal->frame;
    struct hub_port *at = signal->at;
    bool on = signal->on;

    signal_end(signal);
    if (on)
        carrier_on(at);
    else
        carrier_off(at, frame);
}

/* ---- Life ---------------------------------------------------------------------------------- */

/* The hub's own interfaces get nothing: what stations send goes through their gates. */
static void receive(struct link_rx *rx, struct packet *frame)
{
    struct iface *iface = container_of(rx, struct iface, rx);

    packet_drop(frame, &iface->drops, &drop_link_down);
}

static void attached(struct iface *iface)
{
    struct hub_port *port = hub_port_of(iface);
    struct csma *c = &port->csma;
    char *name = g_strconcat(iface->drops.name, "/csma", NULL);

    event_init(&c->event, on_event);
    actor_init(&c->actor, iface->tx.sim, name);
    rng_init(&c->rng, iface->tx.sim->seed, iface->drops.name, "backoff");
    g_free(name);
    c->gate.ops = &gate_ops;
    c->silent = -SIM_S;
    iface->tx.sim->random = true;
    if (iface->peer->node->kind != NODE_HUB)
        link_set_gate(&iface->peer->tx, &c->gate);
}

static void init(struct node *node)
{
    struct hub *hub = hub_of(node);

    pool_init(&hub->signals, sizeof(struct signal), _Alignof(struct signal));
    list_init(&hub->under_way);
}

static void fini(struct node *node)
{
    struct hub *hub = hub_of(node);

    for (uint32_t i = 0; i < node->n_ifaces; i++) {
        struct hub_port *port = hub_port_of(node->ifaces[i]);
        event_cancel(node->net->sim, &port->csma.event);
        if (port->csma.current)
            packet_drop(port->csma.current, &port->iface.drops, &drop_end_of_run);
    }
    list_for_each_safe (it, tmp, &hub->under_way) {
        struct signal *signal = container_of(it, struct signal, link);
        event_cancel(node->net->sim, &signal->event);
        if (signal->frame)
            packet_drop(signal->frame, &node->drops, &drop_end_of_run);
        signal_end(signal);
    }
    pool_fini(&hub->signals);
}

static uint64_t held(const struct node *node)
{
    const struct hub *hub = hub_of(node);
    uint64_t n = 0;

    for (uint32_t i = 0; i < node->n_ifaces; i++)
        n += hub_port_of(node->ifaces[i])->csma.current != NULL;
    list_for_each (it, &hub->under_way) {
        n += container_of(it, struct signal, link)->frame != NULL;
    }
    return n;
}

const struct node_ops hub_ops = {
    .name = "hub",
    .node_size = sizeof(struct hub),
    .iface_size = sizeof(struct hub_port),
    .bridges = true,
    .receive = receive,
    .init = init,
    .fini = fini,
    .attached = attached,
    .held = held,
};

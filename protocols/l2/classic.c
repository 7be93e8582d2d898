/* The Spanning Tree Protocol (IEEE 802.1D-1998 clause 8).
 *
 * Heartbeat.  The root sends a Configuration BPDU from each of its ports every hello time; a bridge
 * that receives one at its root port sends its own from its designated ports at once.  A port keeps
 * the best it has heard (`vector`) until its message age timer ends.  Whatever changes a vector
 * ends in update(): elect the root, choose designated ports, set port states.  A port that is to
 * forward listens and learns for a forward delay each.
 *
 * A bridge that sees a port begin or stop forwarding notifies the root (TCN BPDUs through the root
 * port until acknowledged); the root then sets a flag for max age + forward delay, during which
 * all bridges forget addresses after a forward delay.
 *
 * Beyond the standard: a port that is set to be an edge port forwards at once, and its changes are
 * no changes of topology, until a BPDU comes in; a port with root guard never becomes the root
 * port. */
#include "protocols/l2/stp_parts.h"

enum { HOLD_TICKS = 1 * STP_TICK, MESSAGE_AGE_INCREMENT = 1 * STP_TICK };

static sim_time now(const struct stp_bridge *b)
{
    return b->sim->now;
}

static void timer_start(struct stp_bridge *b, struct timer *timer, uint32_t ticks)
{
    timer_set(b->sim, timer, now(b) + stp_ticks_to_time(ticks));
}

static bool is_designated(const struct stp_port *port)
{
    return port->vector.bridge == port->bridge->id && port->vector.port == port->id;
}

static bool is_edge(const struct stp_port *port)
{
    return port->config.edge == STP_YES && !port->classic.bpdu_seen;
}

/* ---- Sending (8.6.1, 8.6.2, 8.6.6) --------------------------------------------------------- */

/* How old the root's word is by now, never less than it is (8.6.1.3): as it came in, and the time
 * since then, which with the way to the next bridge counts as a second at least.  A BPDU that the
 * hold timer kept waiting is within that second. */
static uint32_t message_age(const struct stp_bridge *b)
{
    const struct stp_port *port = b->root_port;

    if (!port)
        return 0;
    uint32_t left = stp_time_to_ticks(port->classic.message_age.deadline - now(b));
    uint32_t since = (uint32_t)port->times.max_age - port->times.message_age - left + 1;
    return port->times.message_age +
           (since > MESSAGE_AGE_INCREMENT ? since : MESSAGE_AGE_INCREMENT);
}

static void config_send(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;
    struct bpdu bpdu = { .type = BPDU_CONFIG, .vector = stp_designated(port), .times = b->times };
    uint32_t age = message_age(b);

    if (timer_running(&port->classic.hold)) {
        port->classic.config_pending = true;
        return;
    }
    if (age >= b->times.max_age)
        return;
    bpdu.times.message_age = (uint16_t)age;
    bpdu.flags =
        (uint8_t)((b->classic.tc ? BPDU_TC : 0) | (port->classic.tc_ack ? BPDU_TC_ACK : 0));
    port->classic.tc_ack = false;
    port->classic.config_pending = false;
    timer_start(b, &port->classic.hold, HOLD_TICKS);
    stp_send(port, &bpdu);
}

static void configs_send(struct stp_bridge *b)
{
    for (uint32_t i = 0; i < b->n_ports; i++)
        if (b->ports[i]->enabled && is_designated(b->ports[i]))
            config_send(b->ports[i]);
}

static void tcn_send(struct stp_bridge *b)
{
    struct bpdu bpdu = { .type = BPDU_TCN };

    stp_send(b->root_port, &bpdu);
    timer_start(b, &b->classic.tcn, b->own_times.hello);
}

/* ---- Changes of topology (8.6.14 to 8.6.16) ------------------------------------------------ */

static void tc_set(struct stp_bridge *b, bool tc)
{
    if (tc == b->classic.tc)
        return;
    b->classic.tc = tc;
    b->ops->set_ageing(b, tc ? stp_ticks_to_time(b->times.forward_delay) : SIM_NEVER);
}

static void tc_detected(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;

    stp_note_change(port);
    if (stp_is_root(b)) {
        tc_set(b, true);
        timer_start(b, &b->classic.topology_change,
                    (uint32_t)b->own_times.max_age + b->own_times.forward_delay);
    } else if (!b->classic.tc_detected) {
        tcn_send(b);
    }
    b->classic.tc_detected = true;
}

static void tc_acknowledged(struct stp_bridge *b)
{
    b->classic.tc_detected = false;
    timer_stop(&b->classic.tcn);
}

/* ---- The tree (8.6.7 to 8.6.13) ------------------------------------------------------------ */

/* The best way to a root better than this bridge; NULL if there is none. */
static struct stp_port *root_choose(struct stp_bridge *b, struct stp_vector *root)
{
    struct stp_port *best = NULL;

    *root = (struct stp_vector){ .root = b->id, .bridge = b->id };
    for (uint32_t i = 0; i < b->n_ports; i++) {
        struct stp_port *port = b->ports[i];
        struct stp_vector way = port->vector;
        if (!port->enabled || is_designated(port) || port->config.root_guard || way.root >= b->id)
            continue;
        way.cost = stp_cost_add(way.cost, port->cost);
        int order = stp_vector_compare(&way, root);
        if (order < 0 || (order == 0 && best && port->id < best->id)) {
            *root = way;
            best = port;
        }
    }
    return best;
}

/* A port speaks for its segment if it did, if what it has heard is about another root, or if this
 * bridge has the better way. */
static void designated_choose(struct stp_bridge *b)
{
    for (uint32_t i = 0; i < b->n_ports; i++) {
        struct stp_port *port = b->ports[i];
        struct stp_vector own = stp_designated(port);
        bool stale = port->vector.root != b->root.root && !port->config.root_guard;
        if (is_designated(port) || stale || stp_vector_compare(&own, &port->vector) < 0)
            port->vector = own;
    }
}

static void make_forwarding(struct stp_port *port)
{
    if (port->state == STP_BLOCKING && is_edge(port)) {
        stp_set_state(port, STP_FORWARDING);
    } else if (port->state == STP_BLOCKING) {
        stp_set_state(port, STP_LISTENING);
        timer_start(port->bridge, &port->classic.forward_delay, port->bridge->times.forward_delay);
    }
}

static void make_blocking(struct stp_port *port)
{
    enum stp_state old = port->state;

    port->classic.config_pending = false;
    port->classic.tc_ack = false;
    if (old == STP_DISABLED || old == STP_BLOCKING)
        return;
    stp_set_state(port, STP_BLOCKING);
    timer_stop(&port->classic.forward_delay);
    if (old == STP_FORWARDING || old == STP_LEARNING)
        tc_detected(port);
}

static void state_choose(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;

    if (!port->enabled)
        return;
    if (port == b->root_port) {
        port->classic.config_pending = false;
        port->classic.tc_ack = false;
        stp_set_role(port, STP_ROLE_ROOT);
        make_forwarding(port);
    } else if (is_designated(port)) {
        timer_stop(&port->classic.message_age);
        stp_set_role(port, STP_ROLE_DESIGNATED);
        make_forwarding(port);
    } else {
        stp_set_role(port, port->vector.bridge == b->id ? STP_ROLE_BACKUP : STP_ROLE_ALTERNATE);
        make_blocking(port);
    }
}

static void update(struct stp_bridge *b)
{
    struct stp_vector root;
    struct stp_port *port = root_choose(b, &root);

    stp_set_root(b, port, &root);
    designated_choose(b);
    for (uint32_t i = 0; i < b->n_ports; i++)
        state_choose(b->ports[i]);
}

/* This bridge was not the root and now is. */
static void root_begin(struct stp_bridge *b, struct stp_port *because)
{
    b->times = b->own_times;
    tc_detected(because);
    timer_stop(&b->classic.tcn);
    configs_send(b);
    timer_start(b, &b->classic.hello, b->own_times.hello);
}

/* This bridge was the root and is no longer. */
static void root_end(struct stp_bridge *b)
{
    timer_stop(&b->classic.hello);
    if (b->classic.tc_detected) {
        timer_stop(&b->classic.topology_change);
        tcn_send(b);
    }
}

/* After this bridge lost what it knew at a port. */
static void update_after_loss(struct stp_port *port, bool was_root)
{
    struct stp_bridge *b = port->bridge;

    update(b);
    if (stp_is_root(b) && !was_root)
        root_begin(b, port);
}

/* ---- Receiving (8.6.2 to 8.6.5, 8.7.1, 8.7.2) ---------------------------------------------- */

/* Does the message tell more of the segment than the port knows (8.6.2.2)?  One from the segment's
 * designated port always does, be it better or worse. */
static bool supersedes(const struct stp_port *port, const struct stp_vector *v)
{
    const struct stp_vector *known = &port->vector;

    if (v->root != known->root)
        return v->root < known->root;
    if (v->cost != known->cost)
        return v->cost < known->cost;
    if (v->bridge != known->bridge)
        return v->bridge < known->bridge;
    return v->bridge != port->bridge->id || v->port <= known->port;
}

static void record(struct stp_port *port, const struct bpdu *bpdu)
{
    port->vector = bpdu->vector;
    port->times = bpdu->times;
    timer_start(port->bridge, &port->classic.message_age,
                (uint32_t)bpdu->times.max_age - bpdu->times.message_age);
}

/* The root speaks: its times and its flag hold, and the word is passed on. */
static void root_heard(struct stp_bridge *b, const struct bpdu *bpdu)
{
    b->times = bpdu->times;
    b->times.message_age = 0;
    tc_set(b, bpdu->flags & BPDU_TC);
    configs_send(b);
    if (bpdu->flags & BPDU_TC_ACK)
        tc_acknowledged(b);
}

static void config_received(struct stp_port *port, const struct bpdu *bpdu)
{
    struct stp_bridge *b = port->bridge;
    bool was_root = stp_is_root(b);

    port->classic.bpdu_seen = true;
    if (!supersedes(port, &bpdu->vector)) {
        if (is_designated(port))
            config_send(port);
        return;
    }
    record(port, bpdu);
    update(b);
    if (was_root && !stp_is_root(b))
        root_end(b);
    if (port == b->root_port)
        root_heard(b, bpdu);
}

static void tcn_received(struct stp_port *port)
{
    if (!is_designated(port))
        return;
    tc_detected(port);
    port->classic.tc_ack = true;
    config_send(port);
}

static const struct drop_reason *classic_receive(struct stp_port *port, const struct bpdu *bpdu)
{
    if (bpdu->type == BPDU_RST)
        return &drop_bpdu_unknown; /* 802.1D-1998 knows two types */
    if (bpdu->type == BPDU_TCN)
        tcn_received(port);
    else
        config_received(port, bpdu);
    return NULL;
}

/* ---- Timers (8.7.3 to 8.7.9) --------------------------------------------------------------- */

static void hello_expired(struct sim *sim, struct timer *timer)
{
    struct stp_bridge *b = container_of(timer, struct stp_bridge, classic.hello);

    configs_send(b);
    timer_start(b, timer, b->own_times.hello);
}

static void tcn_expired(struct sim *sim, struct timer *timer)
{
    struct stp_bridge *b = container_of(timer, struct stp_bridge, classic.tcn);

    if (b->root_port)
        tcn_send(b);
}

static void topology_change_expired(struct sim *sim, struct timer *timer)
{
    struct stp_bridge *b = container_of(timer, struct stp_bridge, classic.topology_change);

    b->classic.tc_detected = false;
    tc_set(b, false);
}

/* The root, or the way to it, has not been heard of for max age. */
static void message_age_expired(struct sim *sim, struct timer *timer)
{
    struct stp_port *port = container_of(timer, struct stp_port, classic.message_age);
    bool was_root = stp_is_root(port->bridge);

    port->vector = stp_designated(port);
    update_after_loss(port, was_root);
}

static bool serves_a_segment(const struct stp_bridge *b)
{
    for (uint32_t i = 0; i < b->n_ports; i++)
        if (b->ports[i]->enabled && is_designated(b->ports[i]))
            return true;
    return false;
}

static void forward_delay_expired(struct sim *sim, struct timer *timer)
{
    struct stp_port *port = container_of(timer, struct stp_port, classic.forward_delay);
    struct stp_bridge *b = port->bridge;

    if (port->state == STP_LISTENING) {
        stp_set_state(port, STP_LEARNING);
        timer_start(b, timer, b->times.forward_delay);
    } else if (port->state == STP_LEARNING) {
        stp_set_state(port, STP_FORWARDING);
        if (serves_a_segment(b))
            tc_detected(port);
    }
}

static void hold_expired(struct sim *sim, struct timer *timer)
{
    struct stp_port *port = container_of(timer, struct stp_port, classic.hold);

    if (port->classic.config_pending)
        config_send(port);
}

/* ---- Life and management (8.8) ------------------------------------------------------------- */

static void classic_init(struct stp_bridge *b)
{
    timer_init(&b->classic.hello, b->actor, hello_expired);
    timer_init(&b->classic.tcn, b->actor, tcn_expired);
    timer_init(&b->classic.topology_change, b->actor, topology_change_expired);
    timer_start(b, &b->classic.hello, b->own_times.hello);
}

static void classic_port_init(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;

    timer_init(&port->classic.message_age, b->actor, message_age_expired);
    timer_init(&port->classic.forward_delay, b->actor, forward_delay_expired);
    timer_init(&port->classic.hold, b->actor, hold_expired);
    port->vector = stp_designated(port);
}

static void classic_fini(struct stp_bridge *b)
{
    timer_cancel(b->sim, &b->classic.hello);
    timer_cancel(b->sim, &b->classic.tcn);
    timer_cancel(b->sim, &b->classic.topology_change);
    for (uint32_t i = 0; i < b->n_ports; i++) {
        timer_cancel(b->sim, &b->ports[i]->classic.message_age);
        timer_cancel(b->sim, &b->ports[i]->classic.forward_delay);
        timer_cancel(b->sim, &b->ports[i]->classic.hold);
    }
}

static void classic_port_enable(struct stp_port *port)
{
    port->vector = stp_designated(port);
    port->classic.bpdu_seen = false;
    stp_set_state(port, STP_BLOCKING);
    state_choose(port);
    if (stp_is_root(port->bridge))
        config_send(port);
}

static void classic_port_disable(struct stp_port *port)
{
    bool was_root = stp_is_root(port->bridge);

    port->vector = stp_designated(port);
    port->classic.config_pending = false;
    port->classic.tc_ack = false;
    timer_stop(&port->classic.message_age);
    timer_stop(&port->classic.forward_delay);
    timer_stop(&port->classic.hold);
    stp_set_role(port, STP_ROLE_DISABLED);
    stp_set_state(port, STP_DISABLED);
    port->bridge->ops->flush(port);
    update_after_loss(port, was_root);
}

/* 8.8.5, 8.8.6.  A port that was designated under its old id is so under the new one. */
static void classic_port_changed(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;
    bool was_root = stp_is_root(b);

    if (port->role == STP_ROLE_DESIGNATED)
        port->vector = stp_designated(port);
    update_after_loss(port, was_root);
    if (was_root && !stp_is_root(b))
        root_end(b);
}

/* 8.8.4. */
static void classic_id_changed(struct stp_bridge *b, uint64_t old)
{
    bool was_root = stp_is_root(b);

    for (uint32_t i = 0; i < b->n_ports; i++)
        if (b->ports[i]->vector.bridge == old && b->ports[i]->vector.port == b->ports[i]->id)
            b->ports[i]->vector.bridge = b->id;
    update(b);
    if (stp_is_root(b) && !was_root && b->n_ports > 0)
        root_begin(b, b->ports[0]);
    else if (was_root && !stp_is_root(b))
        root_end(b);
}

const struct stp_protocol stp_classic = {
    .version = BPDU_VERSION_STP,
    .cost_method = STP_COST_SHORT,
    .init = classic_init,
    .fini = classic_fini,
    .port_init = classic_port_init,
    .port_enable = classic_port_enable,
    .port_disable = classic_port_disable,
    .receive = classic_receive,
    .port_changed = classic_port_changed,
    .id_changed = classic_id_changed,
};

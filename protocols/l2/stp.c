/* The part of a bridge that STP and RSTP have in common: see stp.h. */
#include "protocols/l2/stp_parts.h"

DROP_REASON(bpdu_malformed, "a BPDU too short for its type, or not in an LLC frame");
DROP_REASON(bpdu_unknown, "a BPDU of another protocol, type or version");
DROP_REASON(bpdu_too_old, "a BPDU whose message age has reached its maximum");
DROP_REASON(bpdu_own, "a BPDU that came back to the port that sent it");
DROP_REASON(bpdu_port_disabled, "a BPDU to a port that is not in use");
DROP_REASON(bpdu_guard, "a BPDU to a port whose BPDU guard is on");

/* ---- Identifiers --------------------------------------------------------------------------- */

static uint64_t bridge_id(const struct stp_bridge *b)
{
    uint64_t id = b->config.priority | b->config.system_id;

    for (int i = 0; i < ETH_ADDR_LEN; i++)
        id = id << 8 | b->mac.b[i];
    return id;
}

/* Priority in the upper 4 bits, number in the lower 12 (802.1D-2004 9.2.7). */
static uint16_t port_id(const struct stp_port *port)
{
    return (uint16_t)(port->config.priority << 8 | port->number);
}

static uint32_t port_cost(const struct stp_port *port)
{
    const struct stp_bridge *b = port->bridge;
    int method = b->config.cost_method;

    if (port->config.cost > 0)
        return port->config.cost;
    if (method == STP_COST_AUTO)
        method = (int)b->protocol->cost_method;
    return method == STP_COST_SHORT ? stp_cost_short(port->rate_bps)
                                    : stp_cost_long(port->rate_bps);
}

/* ---- Life ---------------------------------------------------------------------------------- */

void stp_bridge_init(struct stp_bridge *b, struct sim *sim, struct actor *actor,
                     struct drops *drops, const struct stp_ops *ops, const struct eth_addr *mac,
                     const struct stp_config *config)
{
    assert(config->mode == STP_CLASSIC || config->mode == STP_RAPID);
    *b = (struct stp_bridge){ .sim = sim,
                              .actor = actor,
                              .drops = drops,
                              .ops = ops,
                              .protocol = config->mode == STP_RAPID ? &stp_rapid : &stp_classic,
                              .config = *config,
                              .mac = *mac,
                              .last_change = SIM_NEVER };
    b->id = bridge_id(b);
    b->root = (struct stp_vector){ .root = b->id, .bridge = b->id };
    b->own_times = (struct stp_times){ .max_age = stp_time_to_ticks(config->max_age),
                                       .hello = stp_time_to_ticks(config->hello),
                                       .forward_delay = stp_time_to_ticks(config->forward_delay) };
    b->times = b->own_times;
    b->protocol->init(b);
}

void stp_bridge_fini(struct stp_bridge *b)
{
    b->protocol->fini(b);
    g_free(b->ports);
    b->ports = NULL;
    b->n_ports = 0;
}

void stp_port_add(struct stp_bridge *b, struct stp_port *port, const struct eth_addr *mac,
                  const struct stp_port_config *config)
{
    assert(b->n_ports < 4095);
    *port = (struct stp_port){ .bridge = b,
                               .user = port->user,
                               .config = *config,
                               .mac = *mac,
                               .number = (uint16_t)(b->n_ports + 1) };
    port->id = port_id(port);
    port->cost = port_cost(port);
    b->ports = g_renew(struct stp_port *, b->ports, b->n_ports + 1);
    b->ports[b->n_ports++] = port;
    b->protocol->port_init(port);
}

static void port_enable(struct stp_port *port)
{
    port->enabled = true;
    port->bridge->protocol->port_enable(port);
}

static void port_disable(struct stp_port *port)
{
    if (!port->enabled)
        return;
    port->enabled = false;
    port->bridge->protocol->port_disable(port);
}

void stp_port_up(struct stp_port *port, uint64_t rate_bps, bool full_duplex)
{
    bool came_up = !port->link, other_duplex = port->full_duplex != full_duplex;
    uint32_t cost = port->cost;

    port->link = true;
    port->rate_bps = rate_bps;
    port->full_duplex = full_duplex;
    port->cost = port_cost(port);
    if (came_up)
        port_enable(port);
    else if (port->enabled && (cost != port->cost || other_duplex))
        port->bridge->protocol->port_changed(port);
}

void stp_port_down(struct stp_port *port)
{
    port->link = false;
    port->guarded = false;
    port_disable(port);
}

/* ---- Changes on the run -------------------------------------------------------------------- */

void stp_port_set_config(struct stp_port *port, const struct stp_port_config *config)
{
    bool other_edge = port->config.edge != config->edge && port->enabled;

    if (other_edge)
        port_disable(port);
    port->config = *config;
    port->id = port_id(port);
    port->cost = port_cost(port);
    if (other_edge)
        port_enable(port);
    else if (port->enabled)
        port->bridge->protocol->port_changed(port);
}

void stp_set_priority(struct stp_bridge *b, uint32_t priority)
{
    uint64_t old = b->id;

    b->config.priority = priority;
    b->id = bridge_id(b);
    if (b->id != old)
        b->protocol->id_changed(b, old);
}

/* ---- BPDUs --------------------------------------------------------------------------------- */

static void count_received(struct stp_port *port, const struct bpdu *bpdu)
{
    if (bpdu->type == BPDU_TCN)
        port->counters.rx_tcn++;
    else if (bpdu->type == BPDU_RST)
        port->counters.rx_rst++;
    else
        port->counters.rx_config++;
}

/* The guard closes the port until its link has been down. */
static void guard_close(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;

    port->guarded = true;
    port->counters.guard_closed++;
    port_disable(port);
    if (b->ops->changed)
        b->ops->changed(b, port, STP_EVENT_GUARD);
}

/* What the standards say about a BPDU before any machine sees it (802.1D-2004 9.3.4); NULL if it is
 * fit. */
static const struct drop_reason *check_received(const struct stp_port *port,
                                                enum bpdu_status status, const struct bpdu *bpdu)
{
    const struct stp_bridge *b = port->bridge;

    if (status == BPDU_MALFORMED)
        return &drop_bpdu_malformed;
    if (status == BPDU_UNKNOWN)
        return &drop_bpdu_unknown;
    if (bpdu->type != BPDU_CONFIG)
        return NULL;
    if (bpdu->times.message_age >= bpdu->times.max_age)
        return &drop_bpdu_too_old;
    if (bpdu->vector.bridge == b->id && bpdu->vector.port == port->id)
        return &drop_bpdu_own;
    return NULL;
}

void stp_receive(struct stp_port *port, struct packet *frame)
{
    const struct drop_reason *reason = &drop_bpdu_port_disabled;
    struct bpdu bpdu;

    if (port->enabled && port->config.bpdu_guard) {
        guard_close(port);
        reason = &drop_bpdu_guard;
    } else if (port->enabled) {
        enum bpdu_status status = bpdu_from_frame(frame, &bpdu);
        reason = check_received(port, status, &bpdu);
        if (!reason)
            reason = port->bridge->protocol->receive(port, &bpdu);
        if (!reason)
            count_received(port, &bpdu);
    }
    if (reason)
        packet_drop(frame, port->bridge->drops, reason);
    else
        packet_delivered(frame);
}

void stp_send(struct stp_port *port, const struct bpdu *bpdu)
{
    struct stp_bridge *b = port->bridge;

    if (bpdu->type == BPDU_TCN)
        port->counters.tx_tcn++;
    else if (bpdu->type == BPDU_RST)
        port->counters.tx_rst++;
    else
        port->counters.tx_config++;
    b->ops->transmit(port, bpdu_to_frame(b->sim, &port->mac, bpdu));
}

/* ---- What is written in one place ---------------------------------------------------------- */

static void tell(struct stp_bridge *b, struct stp_port *port, enum stp_event event)
{
    if (b->ops->changed)
        b->ops->changed(b, port, event);
}

void stp_set_state(struct stp_port *port, enum stp_state state)
{
    enum stp_state old = port->state;

    if (state == old)
        return;
    port->state = (uint8_t)state;
    if (state == STP_FORWARDING)
        port->counters.forward_transitions++;
    port->bridge->ops->set_state(port, old);
    tell(port->bridge, port, STP_EVENT_STATE);
}

void stp_set_role(struct stp_port *port, enum stp_role role)
{
    if (role == port->role)
        return;
    port->role = (uint8_t)role;
    tell(port->bridge, port, STP_EVENT_ROLE);
}

void stp_set_root(struct stp_bridge *b, struct stp_port *port, const struct stp_vector *root)
{
    bool other = port != b->root_port || stp_vector_compare(root, &b->root) != 0;

    b->root_port = port;
    b->root = *root;
    if (other)
        tell(b, NULL, STP_EVENT_ROOT);
}

void stp_note_change(struct stp_port *port)
{
    struct stp_bridge *b = port->bridge;

    b->topology_changes++;
    b->last_change = b->sim->now;
    tell(b, port, STP_EVENT_TC);
}

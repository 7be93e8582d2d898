#include "protocols/l2/lldp.h"

#include "sim/drop.h"

DROP_REASON(lldp_malformed, "no LLDPDU: cut off, or without what must come first");
DROP_REASON(lldp_off, "the port's link is down");

#define FIELD(member) offsetof(struct lldp_config, member)

const struct param lldp_params[] = {
    { "interval", PARAM_TIME, FIELD(interval), "30s", 1, 3600, "between two messages", NULL },
    { "hold", PARAM_U32, FIELD(hold), "4", 1, 100, "intervals for which a message is true", NULL },
    { "fast_interval", PARAM_TIME, FIELD(fast), "1s", 1, 3600,
      "between messages when a neighbour is new", NULL },
    { "fast_count", PARAM_U32, FIELD(fast_count), "4", 1, 8, "so many of them", NULL },
    { "neighbours", PARAM_U32, FIELD(most_neighbours), "16", 1, 1024,
      "at one port that there is room for", NULL },
    PARAM_END,
};

/* ---- Sending ------------------------------------------------------------------------------- */

static void send(struct lldp_port *port, uint16_t ttl)
{
    struct eth eth = { LLDP_GROUP, port->mac, ETH_TYPE_LLDP };
    struct packet *frame = packet_new(port->sim);
    struct lldpdu pdu = { .ttl = 0 };
    struct blob *blob = blob_new(LLDPDU_MAX);

    port->ops->describe(port, &pdu);
    pdu.ttl = ttl;
    packet_set_payload(frame, blob, 0, lldpdu_emit(blob->bytes, &pdu));
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    port->counters.sent++;
    port->ops->transmit(port, frame);
}

static void tx_due(struct sim *sim, struct timer *timer)
{
    struct lldp_port *port = container_of(timer, struct lldp_port, tx);
    const struct lldp_config *config = &port->config;
    uint64_t ttl = config->hold * (uint64_t)(config->interval / SIM_S) + 1;

    if (port->fast > 0)
        port->fast--;
    timer_set(sim, timer, sim->now + (port->fast > 0 ? config->fast : config->interval));
    send(port, (uint16_t)MIN(ttl, UINT16_MAX));
}

static void start_fast(struct lldp_port *port)
{
    port->fast = port->config.fast_count;
    timer_set(port->sim, &port->tx, port->sim->now);
}

/* ---- Neighbours ---------------------------------------------------------------------------- */

static void free_at(struct lldp_neighbour **at)
{
    struct lldp_neighbour *gone = *at;

    *at = gone->next;
    g_free(gone);
}

static void set_ageing(struct lldp_port *port)
{
    sim_time next = SIM_NEVER;

    for (const struct lldp_neighbour *n = port->neighbours; n; n = n->next)
        next = MIN(next, n->until);
    if (next == SIM_NEVER)
        timer_stop(&port->ageing);
    else
        timer_set(port->sim, &port->ageing, next);
}

static void ageing_due(struct sim *sim, struct timer *timer)
{
    struct lldp_port *port = container_of(timer, struct lldp_port, ageing);

    for (struct lldp_neighbour **at = &port->neighbours; *at;) {
        if ((*at)->until > sim->now) {
            at = &(*at)->next;
            continue;
        }
        port->counters.aged++;
        free_at(at);
    }
    set_ageing(port);
}

/* Where the neighbour with the names of `pdu` is, or would be. */
static struct lldp_neighbour **place_of(struct lldp_port *port, const struct lldpdu *pdu,
                                        unsigned *before)
{
    struct lldp_neighbour **at = &port->neighbours;

    for (*before = 0; *at; at = &(*at)->next, ++*before)
        if (lldp_id_equal(&(*at)->said.chassis, &pdu->chassis) &&
            lldp_id_equal(&(*at)->said.port, &pdu->port))
            break;
    return at;
}

static void heard(struct lldp_port *port, const struct lldpdu *pdu, const struct eth_addr *from)
{
    unsigned before;
    struct lldp_neighbour **at = place_of(port, pdu, &before);

    if (pdu->ttl == 0) {
        if (*at)
            free_at(at);
        set_ageing(port);
        return;
    }
    if (!*at && before >= port->config.most_neighbours) {
        port->counters.too_many++;
        return;
    }
    if (!*at) {
        *at = g_new0(struct lldp_neighbour, 1);
        (*at)->since = port->sim->now;
        start_fast(port);
    }
    (*at)->said = *pdu;
    (*at)->from = *from;
    (*at)->until = port->sim->now + pdu->ttl * SIM_S;
    set_ageing(port);
}

void lldp_receive(struct lldp_port *port, struct packet *frame)
{
    uint8_t bytes[ETH_LEN + 1600];
    uint32_t length = MIN(packet_len(frame), (uint32_t)sizeof bytes);
    struct lldpdu pdu;
    struct eth eth;

    if (!port->enabled) {
        packet_drop(frame, port->drops, &drop_lldp_off);
        return;
    }
    packet_read(frame, 0, bytes, length);
    if (length < ETH_LEN || (eth_parse(bytes, &eth), eth.type != ETH_TYPE_LLDP) ||
        lldpdu_parse(bytes + ETH_LEN, length - ETH_LEN, &pdu) != LLDPDU_OK) {
        port->counters.malformed++;
        packet_drop(frame, port->drops, &drop_lldp_malformed);
        return;
    }
    port->counters.received++;
    heard(port, &pdu, &eth.src);
    packet_consumed(frame);
}

/* ---- Life ---------------------------------------------------------------------------------- */

void lldp_port_init(struct lldp_port *port, struct sim *sim, struct actor *actor,
                    struct drops *drops, const struct eth_addr *mac, const struct lldp_ops *ops,
                    const struct lldp_config *config)
{
    void *user = port->user;

    *port = (struct lldp_port){
        .ops = ops, .user = user, .sim = sim, .config = *config, .drops = drops, .mac = *mac
    };
    timer_init(&port->tx, actor, tx_due);
    timer_init(&port->ageing, actor, ageing_due);
}

static void forget_all(struct lldp_port *port)
{
    while (port->neighbours)
        free_at(&port->neighbours);
    timer_stop(&port->ageing);
}

void lldp_port_up(struct lldp_port *port)
{
    if (port->enabled)
        return;
    port->enabled = true;
    start_fast(port);
}

void lldp_port_down(struct lldp_port *port)
{
    port->enabled = false;
    timer_stop(&port->tx);
    forget_all(port);
}

void lldp_port_fini(struct lldp_port *port)
{
    forget_all(port);
    timer_cancel(port->sim, &port->tx);
    timer_cancel(port->sim, &port->ageing);
}

/* Two or more LACP systems joined by ideal wires, without hosts or switches: for tests of LACP. */
#ifndef WEFT_TESTS_SUPPORT_AGGREGATES_H
#define WEFT_TESTS_SUPPORT_AGGREGATES_H

#include <check.h>

#include "protocols/l2/lacp.h"
#include "tests/support/leaks.h"

enum { AG_PORTS = 4, AG_RATE = 1000000000, AG_KEY = 9 };
#define AG_DELAY (10 * SIM_US)

struct ag_port {
    struct lacp_port lacp;
    struct ag_port *peer; /* NULL: nobody, frames are lost */
    bool silent;          /* what it sends is lost */
    struct event arrival;
    struct packet_fifo flying; /* to this port */
    unsigned sent;
    sim_time sent_at; /* the last LACPDU ... */
    struct lacpdu last;
    sim_time changed; /* when it last began or ceased to carry; SIM_NEVER: never */
};

struct ag_system {
    struct lacp lacp;
    struct actor actor;
    struct drops drops;
    struct ag_port ports[AG_PORTS];
};

static inline void ag_arrive(struct sim *sim, struct event *event)
{
    struct ag_port *port = container_of(event, struct ag_port, arrival);
    struct packet *frame = packet_fifo_pop(&port->flying);

    if (port->flying.first)
        event_schedule(sim, event, port->flying.first->when, port->lacp.lacp->actor);
    lacp_receive(&port->lacp, frame);
}

static inline void ag_transmit(struct lacp_port *lacp, struct packet *frame)
{
    struct ag_port *port = container_of(lacp, struct ag_port, lacp), *peer = port->peer;
    struct sim *sim = lacp->lacp->sim;
    uint32_t length;
    const uint8_t *pdu = slow_pdu(frame, &length);

    ck_assert(lacp->enabled && length == LACPDU_LEN);
    if (lacpdu_check(pdu, length) == LACPDU_OK) {
        lacpdu_parse(pdu, &port->last);
        port->sent++;
        port->sent_at = sim->now;
    }
    if (!peer || port->silent) {
        packet_consumed(frame);
        return;
    }
    frame->when = sim->now + AG_DELAY;
    packet_fifo_push(&peer->flying, frame);
    if (peer->flying.first == frame)
        event_schedule(sim, &peer->arrival, frame->when, lacp->lacp->actor);
}

static inline void ag_changed(struct lacp_port *lacp)
{
    container_of(lacp, struct ag_port, lacp)->changed = lacp->lacp->sim->now;
}

/* A system with ports that are down; `n` makes its address, 02:00:00:00:n:00. */
static inline void ag_system(struct ag_system *s, struct sim *sim, uint8_t n,
                             const struct lacp_config *config)
{
    static const struct lacp_ops ops = { ag_transmit, ag_changed };
    struct eth_addr mac = { { 2, 0, 0, 0, n, 0 } };
    char name[16];

    *s = (struct ag_system){ .drops = { .name = "system" } };
    g_snprintf(name, sizeof name, "system%u", n);
    actor_init(&s->actor, sim, name);
    lacp_init(&s->lacp, sim, &s->actor, &s->drops, &ops, &mac, config);
    for (unsigned i = 0; i < AG_PORTS; i++) {
        mac.b[5] = (uint8_t)(i + 1);
        lacp_port_add(&s->lacp, &s->ports[i].lacp, &mac, (uint16_t)(i + 1));
        s->ports[i].changed = SIM_NEVER;
        event_init(&s->ports[i].arrival, ag_arrive);
        packet_fifo_init(&s->ports[i].flying);
    }
}

/* Plugs a wire in; both ends come up. */
static inline void ag_wire(struct ag_port *a, struct ag_port *b)
{
    a->peer = b;
    b->peer = a;
    lacp_port_up(&a->lacp, AG_KEY, AG_RATE);
    lacp_port_up(&b->lacp, AG_KEY, AG_RATE);
}

static inline void ag_cut(struct ag_port *a)
{
    lacp_port_down(&a->lacp);
    lacp_port_down(&a->peer->lacp);
}

static inline void ag_run(struct sim *sim, sim_time until)
{
    ck_assert_int_eq(sim_run(sim, until), SIM_REACHED);
}

/* The ports that carry traffic, as "1 2". */
static inline const char *ag_carrying(const struct ag_system *s)
{
    static char text[2 * AG_PORTS];
    char *at = text;

    for (unsigned i = 0; i < AG_PORTS; i++)
        if (lacp_carries(&s->ports[i].lacp)) {
            *at++ = (char)('1' + i);
            *at++ = ' ';
        }
    if (at > text)
        at--;
    *at = 0;
    return text;
}

static inline void ag_fini(struct ag_system *s)
{
    struct sim *sim = s->lacp.sim;
    struct packet *frame;

    lacp_fini(&s->lacp);
    for (unsigned i = 0; i < AG_PORTS; i++) {
        event_cancel(sim, &s->ports[i].arrival);
        while ((frame = packet_fifo_pop(&s->ports[i].flying)))
            packet_consumed(frame);
    }
    drops_fini(&s->drops);
}

#endif

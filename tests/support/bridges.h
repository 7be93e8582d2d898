/* Bridges joined by ideal wires, without switches: for tests of the spanning tree protocols.
 *
 * A wire carries every frame after a delay.  It may be cut so that both ends see it, or silently.
 * What the protocols ask for (states, flushes, ageing) is written down. */
#ifndef WEFT_TESTS_SUPPORT_BRIDGES_H
#define WEFT_TESTS_SUPPORT_BRIDGES_H

#include <check.h>

#include "protocols/l2/stp_parts.h"
#include "tests/support/leaks.h"

struct yard;
struct wire;

struct yard_port {
    struct stp_port stp;
    struct yard_bridge *bridge;
    struct wire *wire;
    unsigned flushes;
    sim_time at[STP_STATES]; /* when it was last put into each state; SIM_NEVER: never */
    sim_time changed;        /* last change of state */
};

struct yard_bridge {
    struct stp_bridge stp;
    struct yard *yard;
    struct actor actor;
    struct drops drops;
    GPtrArray *ports;
    char name[16];
    sim_time ageing;
    unsigned roots; /* STP_EVENT_ROOT */
};

struct wire {
    struct yard_port *end[2];
    sim_time delay;
    bool up, silent;
    bool one_way;   /* frames of end 1 are lost */
    unsigned epoch; /* frames of an earlier one are lost */
    unsigned frames[2];
    struct bpdu last[2]; /* sent by each end */
};

struct yard {
    struct sim *sim;
    struct pool flights;
    struct stp_port_config port_config; /* of ports to come */
    GPtrArray *bridges, *wires;
    sim_time changed; /* last change of any port's state */
};

struct yard_flight {
    void *pool_link;
    struct event event;
    struct packet *frame;
    struct wire *wire;
    int to;
    unsigned epoch;
};

#define YARD_RATE  1000000000u
#define YARD_DELAY (10 * SIM_US)

/* ---- What the protocols ask for ------------------------------------------------------------ */

static void yard_arrive(struct sim *sim, struct event *event)
{
    struct yard_flight *f = container_of(event, struct yard_flight, event);
    struct wire *wire = f->wire;
    struct packet *frame = f->frame;
    struct yard_port *to = wire->end[f->to];
    bool lost = f->epoch != wire->epoch || !wire->up || wire->silent || (wire->one_way && !f->to);

    pool_give(&to->bridge->yard->flights, f);
    if (lost)
        packet_consumed(frame);
    else
        stp_receive(&to->stp, frame);
}

static void yard_transmit(struct stp_port *port, struct packet *frame)
{
    struct yard_port *from = (struct yard_port *)port;
    struct yard *yard = from->bridge->yard;
    struct wire *wire = from->wire;
    int end = wire ? wire->end[1] == from : 0;

    if (!wire || !wire->end[1]) {
        packet_consumed(frame);
        return;
    }
    g_assert(port->enabled);
    g_assert(bpdu_from_frame(frame, &wire->last[end]) == BPDU_OK);
    wire->frames[end]++;
    struct yard_flight *f = pool_take(&yard->flights);
    event_init(&f->event, yard_arrive);
    f->frame = frame;
    f->wire = wire;
    f->to = !end;
    f->epoch = wire->epoch;
    event_schedule(yard->sim, &f->event, yard->sim->now + wire->delay, &from->bridge->actor);
}

static void yard_set_state(struct stp_port *port, enum stp_state old)
{
    struct yard_port *p = (struct yard_port *)port;

    g_assert(old != port->state);
    p->at[port->state] = p->changed = p->bridge->yard->changed = port->bridge->sim->now;
}

static void yard_flush(struct stp_port *port)
{
    ((struct yard_port *)port)->flushes++;
}

static void yard_set_ageing(struct stp_bridge *bridge, sim_time ageing)
{
    ((struct yard_bridge *)bridge)->ageing = ageing;
}

static void yard_changed(struct stp_bridge *bridge, struct stp_port *port, enum stp_event event)
{
    ((struct yard_bridge *)bridge)->roots += event == STP_EVENT_ROOT;
}

static const struct stp_ops yard_ops = { yard_transmit, yard_set_state, yard_flush, yard_set_ageing,
                                         yard_changed };

/* ---- Building ------------------------------------------------------------------------------ */

static inline void yard_init(struct yard *yard, uint64_t seed)
{
    *yard = (struct yard){ .sim = sim_new(seed),
                           .bridges = g_ptr_array_new(),
                           .wires = g_ptr_array_new_with_free_func(g_free) };
    pool_init(&yard->flights, sizeof(struct yard_flight), _Alignof(struct yard_flight));
    param_defaults(stp_port_params, &yard->port_config);
}

static inline struct stp_config yard_config(enum stp_mode mode)
{
    struct stp_config config = { 0 };

    param_defaults(stp_params, &config);
    config.mode = (int)mode;
    return config;
}

/* The n-th bridge has the MAC 02:00:00:00:00:n. */
static inline struct yard_bridge *yard_bridge_with(struct yard *yard,
                                                   const struct stp_config *config)
{
    struct yard_bridge *b = g_new0(struct yard_bridge, 1);
    unsigned n = yard->bridges->len + 1;
    struct eth_addr mac = { { 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n } };

    g_snprintf(b->name, sizeof b->name, "b%u", n);
    b->yard = yard;
    b->drops.name = b->name;
    b->ageing = SIM_NEVER;
    b->ports = g_ptr_array_new_with_free_func(g_free);
    actor_init(&b->actor, yard->sim, b->name);
    stp_bridge_init(&b->stp, yard->sim, &b->actor, &b->drops, &yard_ops, &mac, config);
    g_ptr_array_add(yard->bridges, b);
    return b;
}

static inline struct yard_bridge *yard_bridge(struct yard *yard, enum stp_mode mode,
                                              uint32_t priority)
{
    struct stp_config config = yard_config(mode);

    config.priority = priority;
    return yard_bridge_with(yard, &config);
}

static inline struct yard_port *yard_port(struct yard_bridge *b)
{
    struct yard_port *p = g_new0(struct yard_port, 1);
    struct eth_addr mac = b->stp.mac;

    mac.b[1] = (uint8_t)(b->ports->len + 1);
    p->bridge = b;
    for (int i = 0; i < STP_STATES; i++)
        p->at[i] = SIM_NEVER;
    g_ptr_array_add(b->ports, p);
    stp_port_add(&b->stp, &p->stp, &mac, &b->yard->port_config);
    return p;
}

/* A wire between new ports of `a` and `b`; b NULL: to nowhere, as if to a host. */
static inline struct wire *yard_wire(struct yard_bridge *a, struct yard_bridge *b)
{
    struct wire *wire = g_new0(struct wire, 1);

    wire->delay = YARD_DELAY;
    wire->end[0] = yard_port(a);
    wire->end[0]->wire = wire;
    if (b) {
        wire->end[1] = yard_port(b);
        wire->end[1]->wire = wire;
    }
    g_ptr_array_add(a->yard->wires, wire);
    return wire;
}

static inline void wire_up(struct wire *wire)
{
    wire->up = true;
    wire->silent = false;
    for (int i = 0; i < 2; i++)
        if (wire->end[i])
            stp_port_up(&wire->end[i]->stp, YARD_RATE, true);
}

static inline void wire_down(struct wire *wire)
{
    wire->up = false;
    wire->epoch++;
    for (int i = 0; i < 2; i++)
        if (wire->end[i])
            stp_port_down(&wire->end[i]->stp);
}

/* Cut without either end seeing it. */
static inline void wire_cut(struct wire *wire)
{
    wire->silent = true;
    wire->epoch++;
}

static inline void yard_start(struct yard *yard)
{
    for (unsigned i = 0; i < yard->wires->len; i++)
        wire_up(yard->wires->pdata[i]);
}

static inline void yard_run(struct yard *yard, sim_time until)
{
    ck_assert_int_eq(sim_run(yard->sim, until), SIM_REACHED);
}

/* Stops everything, lets what is on the wires arrive, and sees that nothing is left. */
static inline void yard_end(struct yard *yard)
{
    for (unsigned i = 0; i < yard->wires->len; i++)
        wire_down(yard->wires->pdata[i]);
    for (unsigned i = 0; i < yard->bridges->len; i++)
        stp_bridge_fini(&((struct yard_bridge *)yard->bridges->pdata[i])->stp);
    yard_run(yard, yard->sim->now + SIM_S);
    assert_no_leaks(yard->sim);
    for (unsigned i = 0; i < yard->bridges->len; i++) {
        struct yard_bridge *b = yard->bridges->pdata[i];
        drops_fini(&b->drops);
        g_ptr_array_unref(b->ports);
        g_free(b);
    }
    g_ptr_array_unref(yard->bridges);
    g_ptr_array_unref(yard->wires);
    pool_fini(&yard->flights);
    sim_free(yard->sim);
}

/* ---- Seeing -------------------------------------------------------------------------------- */

static inline struct stp_port *wire_port(const struct wire *wire, int end)
{
    return &wire->end[end]->stp;
}

/* Both ends forward. */
static inline bool wire_forwards(const struct wire *wire)
{
    return wire_port(wire, 0)->state == STP_FORWARDING &&
           wire_port(wire, 1)->state == STP_FORWARDING;
}

#define ck_assert_port(port, want_role, want_state)                                               \
    do {                                                                                          \
        ck_assert_str_eq(stp_role_name((port)->role), want_role);                                 \
        ck_assert_str_eq(stp_state_name((port)->bridge->config.mode, (port)->state), want_state); \
    } while (0)

#endif

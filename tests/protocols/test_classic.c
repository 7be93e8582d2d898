/* STP: expected values from IEEE 802.1D-1998 clause 8. */
#include "tests/support/bridges.h"
#include "tests/support/suite.h"

#define ck_assert_time(is, want, tolerance)                                            \
    ck_assert_msg((is) >= (want) && (is) <= (want) + (tolerance), "%g s, wanted %g s", \
                  simtime_seconds(is), simtime_seconds(want))

/* Three bridges in a ring; b1 is the root, the wire b2-b3 is blocked at b3. */
struct ring {
    struct yard yard;
    struct yard_bridge *b[3];
    struct wire *w12, *w23, *w31;
};

static void ring_init(struct ring *r)
{
    yard_init(&r->yard, 1);
    for (unsigned i = 0; i < 3; i++)
        r->b[i] = yard_bridge(&r->yard, STP_CLASSIC, 4096 * (i + 1));
    r->w12 = yard_wire(r->b[0], r->b[1]);
    r->w23 = yard_wire(r->b[1], r->b[2]);
    r->w31 = yard_wire(r->b[2], r->b[0]);
    yard_start(&r->yard);
}

static void check_ring(const struct ring *r)
{
    ck_assert(stp_is_root(&r->b[0]->stp));
    ck_assert_port(wire_port(r->w12, 0), "designated", "forwarding");
    ck_assert_port(wire_port(r->w12, 1), "root", "forwarding");
    ck_assert_port(wire_port(r->w23, 0), "designated", "forwarding");
    ck_assert_port(wire_port(r->w23, 1), "alternate", "blocking");
    ck_assert_port(wire_port(r->w31, 0), "root", "forwarding");
    ck_assert_port(wire_port(r->w31, 1), "designated", "forwarding");
    ck_assert_uint_eq(r->b[1]->stp.root.cost, 4); /* 1 Gbit/s: table 8-5 */
}

/* Listening and learning take a forward delay each (8.4.3): 2 x 15 s. */
START_TEST(cold_start)
{
    struct ring r;

    ring_init(&r);
    yard_run(&r.yard, 14 * SIM_S);
    ck_assert_port(wire_port(r.w12, 0), "designated", "listening");
    yard_run(&r.yard, 29 * SIM_S);
    ck_assert_port(wire_port(r.w12, 0), "designated", "learning");
    ck_assert_port(wire_port(r.w23, 1), "alternate", "blocking");
    yard_run(&r.yard, 40 * SIM_S);
    check_ring(&r);
    ck_assert_time(r.yard.changed, 30 * SIM_S, 2 * SIM_S);
    yard_end(&r.yard);
}
END_TEST

/* The root port's link goes down: the blocked port becomes the root port and forwards after 2 x 15
 * s. */
START_TEST(direct_failure)
{
    struct ring r;

    ring_init(&r);
    yard_run(&r.yard, 100 * SIM_S);
    wire_down(r.w31);
    yard_run(&r.yard, 200 * SIM_S);
    ck_assert_port(wire_port(r.w23, 1), "root", "forwarding");
    ck_assert_uint_eq(r.b[2]->stp.root.cost, 8);
    ck_assert_time(r.yard.changed, 130 * SIM_S, SIM_S / 10);
    wire_up(r.w31);
    yard_run(&r.yard, 300 * SIM_S);
    check_ring(&r);
    yard_end(&r.yard);
}
END_TEST

/* The link is cut unseen: what was last heard has to age first, 20 s less the age of at most a
 * hello time, then 2 x 15 s: about 50 s. */
START_TEST(silent_failure)
{
    struct ring r;

    ring_init(&r);
    yard_run(&r.yard, 101 * SIM_S);
    wire_cut(r.w31);
    yard_run(&r.yard, 200 * SIM_S);
    ck_assert_port(wire_port(r.w23, 1), "root", "forwarding");
    ck_assert_time(r.yard.changed, 101 * SIM_S + 48 * SIM_S, 2 * SIM_S);
    yard_end(&r.yard);
}
END_TEST

/* The root dies: the next best takes over when its word has aged. */
START_TEST(root_failure)
{
    struct ring r;

    ring_init(&r);
    yard_run(&r.yard, 100 * SIM_S);
    wire_cut(r.w31);
    wire_cut(r.w12);
    yard_run(&r.yard, 200 * SIM_S);
    ck_assert(stp_is_root(&r.b[1]->stp));
    ck_assert_uint_eq(r.b[2]->stp.root.root, r.b[1]->stp.id);
    ck_assert_port(wire_port(r.w23, 0), "designated", "forwarding");
    ck_assert_port(wire_port(r.w23, 1), "root", "forwarding");
    yard_end(&r.yard);
}
END_TEST

/* 8.5.3.13, table 8-3: 35 s of max age + forward delay during which addresses age in a forward
 * delay. */
START_TEST(topology_change)
{
    struct ring r;

    ring_init(&r);
    wire_up(yard_wire(r.b[2], NULL)); /* a segment that b3 serves */
    yard_run(&r.yard, 100 * SIM_S);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(r.b[i]->ageing, SIM_NEVER);
    uint64_t tcns = wire_port(r.w12, 0)->counters.rx_tcn;
    wire_down(r.w31); /* b3's port to b2 forwards at 130 s */
    yard_run(&r.yard, 130 * SIM_S + 2 * SIM_S);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(r.b[i]->ageing, 15 * SIM_S);
    /* Notified once on each hop of the way to the root, and acknowledged (8.6.6, 8.6.15). */
    ck_assert_uint_eq(wire_port(r.w12, 0)->counters.rx_tcn, tcns + 1);
    yard_run(&r.yard, 200 * SIM_S);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(r.b[i]->ageing, SIM_NEVER);
    yard_end(&r.yard);
}
END_TEST

/* A bridge that forwards through a new designated port notifies the root, hop by hop, and is
 * acknowledged. */
START_TEST(notification)
{
    struct yard yard;
    struct yard_bridge *b[3];

    yard_init(&yard, 1);
    for (unsigned i = 0; i < 3; i++)
        b[i] = yard_bridge(&yard, STP_CLASSIC, 4096 * (i + 1));
    struct wire *w12 = yard_wire(b[0], b[1]), *w23 = yard_wire(b[1], b[2]);
    struct wire *host = yard_wire(b[2], NULL);
    wire_up(w12);
    wire_up(w23);
    yard_run(&yard, 100 * SIM_S);
    uint64_t at_b2 = wire_port(w23, 0)->counters.rx_tcn, at_b1 = wire_port(w12, 0)->counters.rx_tcn;
    wire_up(host);
    yard_run(&yard, 130 * SIM_S + SIM_MS);
    ck_assert_uint_eq(wire_port(w23, 0)->counters.rx_tcn, at_b2 + 1);
    ck_assert_uint_eq(wire_port(w12, 0)->counters.rx_tcn, at_b1 + 1);
    ck_assert(wire_port(w12, 0)->bridge->classic.tc);
    yard_run(&yard, 133 * SIM_S);
    ck_assert_uint_eq(wire_port(w23, 0)->counters.rx_tcn, at_b2 + 1);
    ck_assert(!b[2]->stp.classic.tc_detected && !b[1]->stp.classic.tc_detected);
    ck_assert(w12->last[0].flags & BPDU_TC);
    ck_assert_int_eq(b[2]->ageing, 15 * SIM_S);
    yard_run(&yard, 130 * SIM_S + 35 * SIM_S + 3 * SIM_S);
    ck_assert(!(w12->last[0].flags & BPDU_TC));
    ck_assert_int_eq(b[2]->ageing, SIM_NEVER);
    yard_end(&yard);
}
END_TEST

/* 8.10.2: at most one Configuration BPDU a second from a port. */
START_TEST(hold_time)
{
    struct ring r;

    ring_init(&r);
    yard_run(&r.yard, 100 * SIM_S);
    unsigned before = r.w12->frames[0];
    for (unsigned i = 0; i < 20; i++) { /* inferior news, each of which wants an answer */
        struct bpdu bpdu = { .type = BPDU_CONFIG, .times = r.b[1]->stp.own_times };
        struct eth_addr mac = { { 2, 9 } };
        bpdu.vector = (struct stp_vector){ UINT64_MAX, 0, UINT64_MAX, 1 };
        stp_receive(wire_port(r.w12, 0), bpdu_to_frame(r.yard.sim, &mac, &bpdu));
        yard_run(&r.yard, 100 * SIM_S + (i + 1) * SIM_S / 10);
    }
    ck_assert_uint_ge(r.w12->frames[0] - before, 2);
    ck_assert_uint_le(r.w12->frames[0] - before, 3);
    yard_end(&r.yard);
}
END_TEST

/* A chain of bridges, the first of which is the root; how many have heard of it. */
static unsigned chain(unsigned n, unsigned *last)
{
    struct yard yard;
    struct yard_bridge *b[24];
    unsigned heard = 0;

    yard_init(&yard, 1);
    for (unsigned i = 0; i < n; i++) {
        b[i] = yard_bridge(&yard, STP_CLASSIC, i == 0 ? 0 : 32768);
        if (i > 0)
            yard_wire(b[i - 1], b[i]);
    }
    yard_start(&yard);
    yard_run(&yard, 300 * SIM_S);
    for (unsigned i = 0; i < n; i++)
        if (b[i]->stp.root.root == b[0]->stp.id) {
            heard++;
            *last = i;
        }
    yard_end(&yard);
    return heard;
}

/* The message age grows by a second each hop and is discarded at max age, 20 s (8.10.2).  At the
 * 18th hop it is 17 s, good until after the next hello; at the 19th it is good for a hello time, so
 * that it ages as the next comes in; beyond the 20th nobody hears of the root. */
START_TEST(depth_limit)
{
    unsigned last = 0;

    ck_assert_uint_eq(chain(19, &last), 19);
    ck_assert_uint_lt(chain(24, &last), 21);
    ck_assert_uint_le(last, 20);
}
END_TEST

/* Two wires between two bridges: the lower port number wins, and the other blocks (8.3.2). */
START_TEST(parallel_wires)
{
    struct yard yard;

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_CLASSIC, 0);
    struct yard_bridge *b = yard_bridge(&yard, STP_CLASSIC, 4096);
    struct wire *w[2] = { yard_wire(a, b), yard_wire(a, b) }, *own;
    own = g_new0(struct wire, 1); /* and one of b with itself */
    own->delay = YARD_DELAY;
    own->end[0] = yard_port(b);
    own->end[1] = yard_port(b);
    own->end[0]->wire = own->end[1]->wire = own;
    g_ptr_array_add(yard.wires, own);
    yard_start(&yard);
    yard_run(&yard, 60 * SIM_S);
    ck_assert_port(wire_port(w[0], 1), "root", "forwarding");
    ck_assert_port(wire_port(w[1], 1), "alternate", "blocking");
    ck_assert_port(wire_port(own, 0), "designated", "forwarding");
    ck_assert_port(wire_port(own, 1), "backup", "blocking");
    /* A better port id at the root's end moves the root port. */
    struct stp_port_config config = wire_port(w[1], 0)->config;
    config.priority = 16;
    stp_port_set_config(wire_port(w[1], 0), &config);
    yard_run(&yard, 120 * SIM_S);
    ck_assert_port(wire_port(w[1], 1), "root", "forwarding");
    ck_assert_port(wire_port(w[0], 1), "alternate", "blocking");
    /* And a lower cost at its own end moves it back. */
    config = wire_port(w[0], 1)->config;
    config.cost = 1;
    stp_port_set_config(wire_port(w[0], 1), &config);
    yard_run(&yard, 200 * SIM_S);
    ck_assert_port(wire_port(w[0], 1), "root", "forwarding");
    yard_end(&yard);
}
END_TEST

/* The root's own timer values hold for all (8.5.1.2). */
START_TEST(times_of_the_root)
{
    struct yard yard;
    struct stp_config config = yard_config(STP_CLASSIC);

    yard_init(&yard, 1);
    config.priority = 0;
    config.hello = SIM_S;
    config.max_age = 6 * SIM_S;
    config.forward_delay = 4 * SIM_S;
    struct yard_bridge *a = yard_bridge_with(&yard, &config);
    struct yard_bridge *b = yard_bridge(&yard, STP_CLASSIC, 4096);
    struct yard_bridge *c = yard_bridge(&yard, STP_CLASSIC, 8192);
    struct wire *ab = yard_wire(a, b);
    struct wire *bc = yard_wire(b, c), *ca = yard_wire(c, a);
    yard_start(&yard);
    yard_run(&yard, 100 * SIM_S);
    ck_assert_uint_eq(c->stp.times.forward_delay, 4 * 256);
    ck_assert_port(wire_port(bc, 1), "alternate", "blocking");
    wire_down(ca);
    yard_run(&yard, 150 * SIM_S);
    ck_assert_port(wire_port(bc, 1), "root", "forwarding");
    ck_assert_time(yard.changed, 108 * SIM_S, SIM_S / 10);
    ck_assert(wire_forwards(ab));
    yard_end(&yard);
}
END_TEST

/* A bridge whose priority is lowered becomes the root. */
START_TEST(another_root)
{
    struct ring r;

    ring_init(&r);
    yard_run(&r.yard, 100 * SIM_S);
    stp_set_priority(&r.b[2]->stp, 0);
    yard_run(&r.yard, 200 * SIM_S);
    ck_assert(stp_is_root(&r.b[2]->stp) && !stp_is_root(&r.b[0]->stp));
    ck_assert_port(wire_port(r.w12, 1), "alternate", "blocking");
    stp_set_priority(&r.b[2]->stp, 12288);
    yard_run(&r.yard, 300 * SIM_S);
    check_ring(&r);
    yard_end(&r.yard);
}
END_TEST

/* An edge port forwards at once; the BPDU guard closes it. */
START_TEST(edge_and_guard)
{
    struct yard yard;

    yard_init(&yard, 1);
    yard.port_config.edge = STP_YES;
    yard.port_config.bpdu_guard = true;
    struct yard_bridge *a = yard_bridge(&yard, STP_CLASSIC, 4096);
    struct wire *host = yard_wire(a, NULL);
    wire_up(host);
    ck_assert_port(wire_port(host, 0), "designated", "forwarding");
    ck_assert_uint_eq(a->stp.topology_changes, 0);
    struct bpdu bpdu = { .type = BPDU_CONFIG, .times = a->stp.own_times };
    struct eth_addr mac = { { 2, 9 } };
    stp_receive(wire_port(host, 0), bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert_port(wire_port(host, 0), "disabled", "disabled");
    ck_assert(stp_is_root(&a->stp));
    ck_assert_uint_eq(drops_packets(&a->drops, &drop_bpdu_guard), 1);
    stp_receive(wire_port(host, 0), bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert_uint_eq(drops_packets(&a->drops, &drop_bpdu_port_disabled), 1);
    wire_down(host);
    wire_up(host);
    ck_assert_port(wire_port(host, 0), "designated", "forwarding");
    yard_end(&yard);
}
END_TEST

/* A port with root guard blocks while it hears of a better root, and recovers by itself. */
START_TEST(root_guard)
{
    struct yard yard;

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_CLASSIC, 4096);
    struct yard_bridge *rogue = yard_bridge(&yard, STP_CLASSIC, 0);
    yard.port_config.root_guard = true;
    struct yard_port *guarded = yard_port(a);
    yard.port_config.root_guard = false;
    struct wire *w = g_new0(struct wire, 1);
    w->delay = YARD_DELAY;
    w->end[0] = guarded;
    w->end[1] = yard_port(rogue);
    w->end[0]->wire = w->end[1]->wire = w;
    g_ptr_array_add(yard.wires, w);
    yard_start(&yard);
    yard_run(&yard, 60 * SIM_S);
    ck_assert(stp_is_root(&a->stp));
    ck_assert_int_eq(guarded->stp.state, STP_BLOCKING);
    wire_cut(w);
    yard_run(&yard, 120 * SIM_S);
    ck_assert_port(&guarded->stp, "designated", "forwarding");
    yard_end(&yard);
}
END_TEST

/* 9.3.4, 8.6.2: what is too old, its own, of a later type or malformed changes nothing. */
START_TEST(unfit_bpdus)
{
    struct yard yard;
    struct eth_addr mac = { { 2, 9 } };

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_CLASSIC, 4096);
    struct wire *host = yard_wire(a, NULL);
    struct stp_port *port = wire_port(host, 0);
    struct bpdu bpdu = { .type = BPDU_CONFIG, .times = a->stp.own_times };
    stp_receive(port, bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert_uint_eq(drops_packets(&a->drops, &drop_bpdu_port_disabled), 1);
    wire_up(host);
    bpdu.times.message_age = bpdu.times.max_age;
    stp_receive(port, bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert_uint_eq(drops_packets(&a->drops, &drop_bpdu_too_old), 1);
    bpdu.times.message_age = 0;
    bpdu.vector = stp_designated(port);
    stp_receive(port, bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert_uint_eq(drops_packets(&a->drops, &drop_bpdu_own), 1);
    bpdu = (struct bpdu){ .type = BPDU_RST, .version = 2, .times = a->stp.own_times };
    stp_receive(port, bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert_uint_eq(drops_packets(&a->drops, &drop_bpdu_unknown), 1);
    struct packet *frame = bpdu_to_frame(yard.sim, &mac, &bpdu);
    packet_trim(frame, packet_len(frame) - 1);
    stp_receive(port, frame);
    ck_assert_uint_eq(drops_packets(&a->drops, &drop_bpdu_malformed), 1);
    ck_assert(stp_is_root(&a->stp));
    ck_assert_uint_eq(port->counters.rx_config, 0);
    yard_end(&yard);
}
END_TEST

SUITE("protocols/l2/classic", cold_start, direct_failure, silent_failure, root_failure,
      topology_change, notification, hold_time, depth_limit, parallel_wires, times_of_the_root,
      another_root, edge_and_guard, root_guard, unfit_bpdus)

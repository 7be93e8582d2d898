/* RSTP: expected values from IEEE 802.1D-2004 clause 17. */
#include "tests/support/bridges.h"
#include "tests/support/suite.h"

/* Bridges in a ring, b1 the root; wire i joins bridge i and the next. */
struct ring {
    struct yard yard;
    struct yard_bridge *b[8];
    struct wire *w[8];
    unsigned n;
};

static void ring_init(struct ring *r, unsigned n, enum stp_mode first)
{
    yard_init(&r->yard, 1);
    r->n = n;
    for (unsigned i = 0; i < n; i++)
        r->b[i] = yard_bridge(&r->yard, i ? STP_RAPID : first, 4096 * (i + 1));
    for (unsigned i = 0; i < n; i++)
        r->w[i] = yard_wire(r->b[i], r->b[(i + 1) % n]);
    yard_start(&r->yard);
}

static unsigned forwarding(const struct ring *r)
{
    unsigned n = 0;

    for (unsigned i = 0; i < r->n; i++)
        n += wire_forwards(r->w[i]);
    return n;
}

static bool one_root(const struct ring *r, unsigned root)
{
    for (unsigned i = 0; i < r->n; i++)
        if (r->b[i]->stp.root.root != r->b[root]->stp.id)
            return false;
    return true;
}

/* Proposals and agreements travel at once: no timer is waited for. */
START_TEST(cold_start)
{
    struct ring r;

    ring_init(&r, 4, STP_RAPID);
    yard_run(&r.yard, SIM_S);
    ck_assert(one_root(&r, 0));
    ck_assert_uint_eq(forwarding(&r), 3);
    ck_assert_int_lt(r.yard.changed, 100 * SIM_MS);
    ck_assert_port(wire_port(r.w[0], 0), "designated", "forwarding");
    ck_assert_port(wire_port(r.w[0], 1), "root", "forwarding");
    /* b3 is as far from b1 by either side: the lower bridge, b2, wins. */
    ck_assert_port(wire_port(r.w[1], 1), "root", "forwarding");
    ck_assert_port(wire_port(r.w[2], 0), "alternate", "discarding");
    ck_assert_port(wire_port(r.w[2], 1), "designated", "forwarding");
    ck_assert_uint_eq(r.b[2]->stp.root.cost, 40000); /* table 17-3: 1 Gbit/s is 20,000 */
    yard_end(&r.yard);
}
END_TEST

/* The alternate port takes over at once. */
START_TEST(direct_failure_of_the_root_port)
{
    struct ring r;

    ring_init(&r, 4, STP_RAPID);
    yard_run(&r.yard, 30 * SIM_S);
    wire_down(r.w[1]);
    yard_run(&r.yard, 40 * SIM_S);
    ck_assert_port(wire_port(r.w[2], 0), "root", "forwarding");
    ck_assert_int_eq(r.yard.changed, 30 * SIM_S);
    yard_end(&r.yard);
}
END_TEST

/* b2 loses its root port and has no alternate: it must ask b3, which has. */
START_TEST(direct_failure_upstream)
{
    struct ring r;

    ring_init(&r, 4, STP_RAPID);
    yard_run(&r.yard, 30 * SIM_S);
    wire_down(r.w[0]);
    yard_run(&r.yard, 50 * SIM_S);
    ck_assert(one_root(&r, 0));
    ck_assert_uint_eq(forwarding(&r), 3);
    ck_assert_int_lt(r.yard.changed, 30 * SIM_S + 10 * SIM_MS);
    wire_up(r.w[0]);
    yard_run(&r.yard, 70 * SIM_S);
    ck_assert_uint_eq(forwarding(&r), 3);
    ck_assert_port(wire_port(r.w[0], 1), "root", "forwarding");
    ck_assert_port(wire_port(r.w[2], 0), "alternate", "discarding");
    ck_assert_int_lt(r.yard.changed, 50 * SIM_S + 10 * SIM_MS);
    yard_end(&r.yard);
}
END_TEST

/* 17.21.23: what was heard is good for three hello times, 6 s, of which up to one has passed. */
START_TEST(silent_failure)
{
    struct ring r;

    ring_init(&r, 4, STP_RAPID);
    yard_run(&r.yard, 31 * SIM_S);
    wire_cut(r.w[0]);
    yard_run(&r.yard, 60 * SIM_S);
    ck_assert(one_root(&r, 0));
    ck_assert_port(wire_port(r.w[2], 0), "root", "forwarding");
    sim_time at = r.w[2]->end[0]->at[STP_FORWARDING];
    ck_assert_int_ge(at, 31 * SIM_S + 4 * SIM_S);
    ck_assert_int_le(at, 31 * SIM_S + 6 * SIM_S + 10 * SIM_MS);
    yard_end(&r.yard);
}
END_TEST

/* The old root's word goes round until its age ends it (17.21.23): within max age hops of the
 * ring, held up by the limit on BPDUs, one second each. */
START_TEST(root_failure)
{
    struct ring r;

    ring_init(&r, 6, STP_RAPID);
    yard_run(&r.yard, 30 * SIM_S);
    wire_down(r.w[0]);
    wire_down(r.w[5]);
    yard_run(&r.yard, 90 * SIM_S);
    for (unsigned i = 1; i < 6; i++)
        ck_assert_uint_eq(r.b[i]->stp.root.root, r.b[1]->stp.id);
    ck_assert_uint_eq(forwarding(&r), 4);
    ck_assert_int_lt(r.yard.changed, 30 * SIM_S + 20 * SIM_S);
    yard_end(&r.yard);
}
END_TEST

/* 17.25: a port that has proposed for 3 s (Migrate Time) and heard no BPDU is an edge port; an
 * admin edge port forwards at once; without either 20 s (Max Age) and a hello time for learning
 * pass (17.29.1, 17.20.5). */
START_TEST(edge_ports)
{
    struct yard yard;

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_RAPID, 4096);
    struct wire *automatic = yard_wire(a, NULL);
    yard.port_config.edge = STP_YES;
    struct wire *admin = yard_wire(a, NULL);
    yard.port_config.edge = STP_NO;
    struct wire *none = yard_wire(a, NULL);
    yard_start(&yard);
    yard_run(&yard, 60 * SIM_S);
    ck_assert_int_eq(automatic->end[0]->at[STP_FORWARDING], 3 * SIM_S);
    ck_assert_int_eq(admin->end[0]->at[STP_FORWARDING], 0);
    ck_assert_int_eq(none->end[0]->at[STP_FORWARDING], 22 * SIM_S);
    ck_assert_uint_eq(a->stp.topology_changes, 1); /* of the one that is no edge port */
    yard_end(&yard);
}
END_TEST

/* A bridge behind an edge port: the first BPDU ends its being one. */
START_TEST(edge_port_meets_a_bridge)
{
    struct yard yard;

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_RAPID, 4096);
    struct yard_bridge *b = yard_bridge(&yard, STP_RAPID, 8192);
    yard.port_config.edge = STP_YES;
    struct wire *w[2] = { yard_wire(a, b), yard_wire(a, b) };
    yard_start(&yard);
    yard_run(&yard, 10 * SIM_S);
    ck_assert(!wire_port(w[0], 0)->rapid.oper_edge && !wire_port(w[0], 1)->rapid.oper_edge);
    ck_assert_port(wire_port(w[1], 1), "alternate", "discarding");
    yard_end(&yard);
}
END_TEST

/* Without a point-to-point link there is no agreement, and the timers decide: a designated port
 * that was disabled waits max age, then learns for a hello time (17.29.1, 17.20.5). */
START_TEST(shared_medium)
{
    struct yard yard;

    yard_init(&yard, 1);
    yard.port_config.point_to_point = STP_NO;
    struct yard_bridge *a = yard_bridge(&yard, STP_RAPID, 4096);
    struct wire *w = yard_wire(a, yard_bridge(&yard, STP_RAPID, 8192));
    yard_start(&yard);
    yard_run(&yard, 60 * SIM_S);
    ck_assert_int_eq(w->end[0]->at[STP_FORWARDING], 22 * SIM_S);
    ck_assert_int_lt(w->end[1]->at[STP_FORWARDING], SIM_S);
    yard_end(&yard);
}
END_TEST

/* 17.26: a burst of TxHoldCount, 6, then one a second. */
START_TEST(transmit_hold_count)
{
    struct ring r;

    ring_init(&r, 4, STP_RAPID);
    yard_run(&r.yard, 30 * SIM_S);
    struct stp_port *port = wire_port(r.w[0], 0);
    unsigned before = r.w[0]->frames[0];
    for (uint32_t i = 0; i < 40; i++) /* the root's word changes all the time */
        stp_set_priority(&r.b[0]->stp, i % 2 ? 4096 : 0);
    ck_assert_uint_eq(port->rapid.tx_count, 6);
    ck_assert_uint_le(r.w[0]->frames[0] - before, 6);
    ck_assert_uint_ge(r.w[0]->frames[0] - before, 5);
    ck_assert(port->rapid.new_info);
    before = r.w[0]->frames[0];
    yard_run(&r.yard, 31 * SIM_S);
    ck_assert_uint_eq(r.w[0]->frames[0] - before, 1);
    yard_run(&r.yard, 60 * SIM_S);
    ck_assert(one_root(&r, 0));
    ck_assert_uint_eq(forwarding(&r), 3);
    yard_end(&r.yard);
}
END_TEST

/* A BPDU each hello time from designated ports alone, when nothing happens. */
START_TEST(hellos)
{
    struct ring r;

    ring_init(&r, 4, STP_RAPID);
    yard_run(&r.yard, 30 * SIM_S + SIM_MS);
    unsigned a = r.w[0]->frames[0], b = r.w[0]->frames[1], c = r.w[2]->frames[0];
    yard_run(&r.yard, 50 * SIM_S + SIM_MS);
    ck_assert_uint_eq(r.w[0]->frames[0] - a, 10);
    ck_assert_uint_eq(r.w[0]->frames[1] - b, 0);
    ck_assert_uint_eq(r.w[2]->frames[0] - c, 0);
    ck_assert_uint_eq(r.w[0]->last[0].flags,
                      BPDU_ROLE_DESIGNATED | BPDU_LEARNING | BPDU_FORWARDING);
    yard_end(&r.yard);
}
END_TEST

/* 17.24: an STP neighbour is answered in STP, on its port alone; the timers of STP decide there.
 * 3 s after it is gone RSTP is tried again. */
START_TEST(migration)
{
    struct ring r;

    ring_init(&r, 4, STP_CLASSIC);
    yard_run(&r.yard, 60 * SIM_S);
    ck_assert(one_root(&r, 0));
    ck_assert_uint_eq(forwarding(&r), 3);
    ck_assert(!wire_port(r.w[0], 1)->rapid.send_rstp && !wire_port(r.w[3], 0)->rapid.send_rstp);
    ck_assert(wire_port(r.w[1], 0)->rapid.send_rstp);
    ck_assert_uint_eq(wire_port(r.w[0], 0)->counters.rx_config, 0); /* b1's are the better ones */
    uint64_t tcn = wire_port(r.w[0], 0)->counters.rx_tcn;
    wire_down(r.w[1]); /* b3 uses its alternate port: b1 is told by TCN BPDUs, and acknowledges */
    yard_run(&r.yard, 61 * SIM_S);
    ck_assert_port(wire_port(r.w[2], 0), "root", "forwarding");
    ck_assert_uint_eq(wire_port(r.w[0], 0)->counters.rx_tcn, tcn);
    ck_assert_uint_ge(wire_port(r.w[3], 1)->counters.rx_tcn, 1);
    ck_assert(r.b[0]->stp.classic.tc);
    yard_run(&r.yard, 64 * SIM_S);
    uint64_t acked = wire_port(r.w[3], 1)->counters.rx_tcn;
    yard_run(&r.yard, 90 * SIM_S);
    ck_assert_uint_eq(wire_port(r.w[3], 1)->counters.rx_tcn, acked);
    yard_end(&r.yard);
}
END_TEST

/* An RSTP bridge below an STP bridge, and back to RSTP when the neighbour is replaced. */
START_TEST(back_to_rstp)
{
    struct yard yard;
    struct eth_addr mac = { { 2, 9 } };

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_RAPID, 4096);
    struct wire *host = yard_wire(a, NULL);
    struct stp_port *port = wire_port(host, 0);
    struct bpdu bpdu = { .type = BPDU_CONFIG, .times = a->stp.own_times };
    bpdu.vector = (struct stp_vector){ UINT64_MAX, 0, UINT64_MAX, 1 };
    wire_up(host);
    stp_receive(port, bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert(port->rapid.send_rstp); /* not within 3 s of coming up */
    yard_run(&yard, 4 * SIM_S);
    stp_receive(port, bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert(!port->rapid.send_rstp);
    bpdu.type = BPDU_RST;
    bpdu.version = 2;
    bpdu.flags = BPDU_ROLE_DESIGNATED;
    stp_receive(port, bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert(!port->rapid.send_rstp); /* nor within 3 s of the last time */
    yard_run(&yard, 8 * SIM_S);
    stp_receive(port, bpdu_to_frame(yard.sim, &mac, &bpdu));
    ck_assert(port->rapid.send_rstp);
    yard_end(&yard);
}
END_TEST

/* 17.31: a port that begins to forward makes the others forget, here and behind them; the one by
 * which the news came keeps its addresses. */
START_TEST(topology_change)
{
    struct ring r;

    ring_init(&r, 4, STP_RAPID);
    yard_run(&r.yard, 30 * SIM_S);
    unsigned flushes[4][2];
    for (unsigned i = 0; i < 4; i++)
        for (int e = 0; e < 2; e++)
            flushes[i][e] = r.w[i]->end[e]->flushes;
    wire_down(r.w[1]);
    yard_run(&r.yard, 31 * SIM_S);
    ck_assert_uint_gt(r.w[3]->end[0]->flushes, flushes[3][0]); /* b4's root port */
    ck_assert_uint_eq(r.w[2]->end[1]->flushes, flushes[2][1]); /* by which b4 heard */
    ck_assert_uint_gt(r.w[0]->end[0]->flushes, flushes[0][0]); /* b1 towards b2 */
    ck_assert_uint_eq(r.w[3]->end[1]->flushes, flushes[3][1]); /* b1 towards b4 */
    ck_assert(wire_port(r.w[0], 1)->bridge->last_change >= 30 * SIM_S);
    /* Told for a hello time and a second: 17.21.7. */
    yard_run(&r.yard, 40 * SIM_S);
    for (unsigned i = 0; i < 4; i++)
        for (int e = 0; e < 2; e++)
            ck_assert(!(r.w[i]->last[e].flags & BPDU_TC) ||
                      wire_port(r.w[i], e)->role != STP_ROLE_DESIGNATED);
    yard_end(&r.yard);
}
END_TEST

/* A wire that loses all frames one way: the end that hears nothing thinks it is designated; what it
 * says shows the other that it is not heard, so that does not forward (17.19.6). */
START_TEST(dispute)
{
    struct yard yard;

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_RAPID, 4096);
    struct yard_bridge *b = yard_bridge(&yard, STP_RAPID, 8192);
    struct yard_bridge *c = yard_bridge(&yard, STP_RAPID, 12288);
    struct wire *ab = yard_wire(a, b), *cb = yard_wire(b, c), *ac = yard_wire(c, a);
    yard_start(&yard);
    yard_run(&yard, 10 * SIM_S);
    ck_assert_port(wire_port(cb, 1), "alternate", "discarding");
    ck_assert(wire_forwards(ab) && wire_forwards(ac));
    cb->end[0]->stp.config.edge = STP_NO;
    cb->one_way = false;
    /* c hears nothing from b any more, while b hears c. */
    struct yard_port *swap = cb->end[0];
    cb->end[0] = cb->end[1];
    cb->end[1] = swap;
    cb->one_way = true;
    yard_run(&yard, 60 * SIM_S);
    ck_assert_port(wire_port(cb, 0), "designated", "forwarding");
    ck_assert_port(wire_port(cb, 1), "designated", "discarding");
    yard_end(&yard);
}
END_TEST

/* 17.21.23: a message is good while its age, grown by a second each hop, does not exceed max age:
 * 20 hops. */
START_TEST(depth_limit)
{
    struct yard yard;
    struct yard_bridge *b[24];

    yard_init(&yard, 1);
    for (unsigned i = 0; i < 24; i++) {
        b[i] = yard_bridge(&yard, STP_RAPID, i == 0 ? 0 : 32768);
        if (i > 0)
            yard_wire(b[i - 1], b[i]);
    }
    yard_start(&yard);
    yard_run(&yard, 60 * SIM_S);
    for (unsigned i = 0; i < 24; i++)
        ck_assert_int_eq(b[i]->stp.root.root == b[0]->stp.id, i <= 20);
    yard_end(&yard);
}
END_TEST

START_TEST(guards)
{
    struct yard yard;

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_RAPID, 4096);
    yard.port_config.root_guard = true;
    struct yard_port *guarded = yard_port(a);
    yard.port_config.root_guard = false;
    yard.port_config.bpdu_guard = true;
    struct yard_port *closed = yard_port(a);
    yard.port_config.bpdu_guard = false;
    struct yard_bridge *rogue = yard_bridge(&yard, STP_RAPID, 0);
    for (int i = 0; i < 2; i++) {
        struct wire *w = g_new0(struct wire, 1);
        w->delay = YARD_DELAY;
        w->end[0] = i ? closed : guarded;
        w->end[1] = yard_port(rogue);
        w->end[0]->wire = w->end[1]->wire = w;
        g_ptr_array_add(yard.wires, w);
    }
    yard_start(&yard);
    yard_run(&yard, 10 * SIM_S);
    ck_assert(stp_is_root(&a->stp));
    ck_assert_port(&guarded->stp, "alternate", "discarding");
    ck_assert_port(&closed->stp, "disabled", "disabled");
    ck_assert_uint_eq(closed->stp.counters.guard_closed, 1);
    stp_set_priority(&rogue->stp, 61440);
    yard_run(&yard, 20 * SIM_S);
    ck_assert_port(&guarded->stp, "designated", "forwarding");
    ck_assert_port(&closed->stp, "disabled", "disabled");
    yard_end(&yard);
}
END_TEST

/* Two ports of one bridge on one wire: the higher number is a backup. */
START_TEST(backup)
{
    struct yard yard;

    yard_init(&yard, 1);
    struct yard_bridge *a = yard_bridge(&yard, STP_RAPID, 4096);
    struct wire *w = g_new0(struct wire, 1);
    w->delay = YARD_DELAY;
    w->end[0] = yard_port(a);
    w->end[1] = yard_port(a);
    w->end[0]->wire = w->end[1]->wire = w;
    g_ptr_array_add(yard.wires, w);
    yard_start(&yard);
    yard_run(&yard, 60 * SIM_S);
    ck_assert_port(wire_port(w, 0), "designated", "forwarding");
    ck_assert_port(wire_port(w, 1), "backup", "discarding");
    ck_assert(stp_is_root(&a->stp));
    yard_end(&yard);
}
END_TEST

START_TEST(costs_and_priorities_on_the_run)
{
    struct ring r;

    ring_init(&r, 4, STP_RAPID);
    yard_run(&r.yard, 10 * SIM_S);
    struct stp_port_config config = wire_port(r.w[1], 1)->config;
    config.cost = 60000;
    stp_port_set_config(wire_port(r.w[1], 1), &config);
    yard_run(&r.yard, 20 * SIM_S);
    ck_assert_port(wire_port(r.w[2], 0), "root", "forwarding");
    ck_assert_uint_eq(forwarding(&r), 3);
    ck_assert_int_lt(r.yard.changed, 10 * SIM_S + 10 * SIM_MS);
    stp_set_priority(&r.b[3]->stp, 0);
    yard_run(&r.yard, 30 * SIM_S);
    ck_assert(one_root(&r, 3));
    ck_assert_uint_eq(forwarding(&r), 3);
    /* A slower link: 100 Mbit/s costs 200,000. */
    stp_port_up(wire_port(r.w[2], 0), 100000000, true);
    ck_assert_uint_eq(wire_port(r.w[2], 0)->cost, 200000);
    yard_run(&r.yard, 40 * SIM_S);
    ck_assert_uint_eq(forwarding(&r), 3);
    ck_assert_port(wire_port(r.w[2], 0), "alternate", "discarding");
    yard_end(&r.yard);
}
END_TEST

SUITE("protocols/l2/rstp", cold_start, direct_failure_of_the_root_port, direct_failure_upstream,
      silent_failure, root_failure, edge_ports, edge_port_meets_a_bridge, shared_medium,
      transmit_hold_count, hellos, migration, back_to_rstp, topology_change, dispute, depth_limit,
      guards, backup, costs_and_priorities_on_the_run)

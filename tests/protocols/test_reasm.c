/* Reassembly (RFC 791 3.2, 815, 1122 3.3.2, 3168 5.3, 5722). */
#include "sim/rng.h"
#include "tests/support/iprig.h"
#include "tests/support/suite.h"

enum { PROTO = 200 };

/* A host 10.0.0.1 whose protocol 200 compares what it gets with the pattern. */
struct fixture {
    struct rig rig;
    struct rig_node *node;
    struct rig_iface *in;
    struct ip_l4 l4;
    unsigned n;
    uint32_t length;
    struct ip_rx rx;
    struct blob *blob; /* of the last datagram, compared only */
};

static void take(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    struct fixture *f = container_of(l4, struct fixture, l4);
    uint8_t bytes[65536];
    struct ipv4 h;

    f->n++;
    f->length = packet_len(packet);
    f->rx = *rx;
    f->blob = packet->blob;
    packet_read(packet, 0, bytes, f->length);
    ck_assert_mem_eq(bytes, blob_span(&blob_pattern, 0, f->length), f->length);
    ck_assert(ipv4_checksum_ok(packet->buf + packet->l3));
    ipv4_parse(packet->buf + packet->l3, &h);
    ck_assert_uint_eq(h.length, h.header_len + f->length);
    ck_assert_uint_eq(h.frag & (IPV4_MF | IPV4_OFFSET), 0);
    packet_delivered(packet);
}

static void fixture_init(struct fixture *f)
{
    struct eth_addr mac = rig_mac(7, 7);

    memset(f, 0, sizeof *f);
    rig_init(&f->rig, 1);
    f->node = rig_node(&f->rig);
    f->in = rig_iface(&f->rig, f->node, IP4(10, 0, 0, 1), 24);
    f->l4.input = take;
    ip_register(&f->node->ip, PROTO, &f->l4);
    neigh_set_permanent(&f->in->ip, IP4(10, 0, 0, 9), &mac);
}

/* The piece [from, to) of the datagram `id`. */
static struct packet *piece(struct fixture *f, uint16_t id, uint32_t from, uint32_t to, bool more)
{
    struct ipv4 h = { .src = IP4(10, 0, 0, 9),
                      .dst = IP4(10, 0, 0, 1),
                      .proto = PROTO,
                      .id = id,
                      .frag = (uint16_t)(from / 8 | (more ? IPV4_MF : 0)) };
    return rig_datagram(f->in, &h, from, to - from);
}

static void input(struct fixture *f, uint16_t id, uint32_t from, uint32_t to, bool more)
{
    ip_iface_input(&f->in->ip, piece(f, id, from, to, more));
}

static uint64_t dropped(const struct fixture *f, const struct drop_reason *reason)
{
    return rig_drops(f->node, reason);
}

static void counters(const struct fixture *f, struct ip_counters *c)
{
    rig_counters(f->node, c);
}

START_TEST(every_order)
{
    struct fixture f;
    static const uint32_t cut[5] = { 0, 800, 1600, 2400, 3000 };
    unsigned orders = 0;

    fixture_init(&f);
    for (unsigned a = 0; a < 256; a++) {
        unsigned order[4] = { a & 3, a >> 2 & 3, a >> 4 & 3, a >> 6 & 3 }, mask = 0;
        for (int i = 0; i < 4; i++)
            mask |= 1u << order[i];
        if (mask != 15)
            continue;
        for (int i = 0; i < 4; i++) {
            ck_assert_uint_eq(f.n, orders);
            input(&f, (uint16_t)a, cut[order[i]], cut[order[i] + 1], order[i] < 3);
        }
        orders++;
        ck_assert_uint_eq(f.n, orders);
        ck_assert_uint_eq(f.length, 3000);
        ck_assert_ptr_eq(f.blob, &blob_pattern); /* nothing was copied */
    }
    ck_assert_uint_eq(orders, 24);
    struct ip_counters c;
    counters(&f, &c);
    ck_assert_uint_eq(c.IpReasmReqds, 96);
    ck_assert_uint_eq(c.IpReasmOKs, 24);
    ck_assert_uint_eq(c.IpInReceives, 96);
    ck_assert_uint_eq(c.IpInDelivers, 24);
    rig_fini(&f.rig);
}
END_TEST

/* Two datagrams at once, and what tells them apart. */
START_TEST(interleaved)
{
    struct fixture f;

    fixture_init(&f);
    input(&f, 1, 0, 800, true);
    input(&f, 2, 0, 800, true);
    input(&f, 2, 800, 1000, false);
    ck_assert_uint_eq(f.n, 1);
    ck_assert_uint_eq(f.length, 1000);
    input(&f, 1, 800, 1200, false);
    ck_assert_uint_eq(f.n, 2);
    ck_assert_uint_eq(f.length, 1200);
    rig_fini(&f.rig);
}
END_TEST

/* Bytes in the header part, or in blobs of their own: put together by copying. */
START_TEST(foreign_payload_is_copied)
{
    struct fixture f;

    fixture_init(&f);
    for (unsigned pieces = 0; pieces < 3; pieces++) {
        struct packet *frame = piece(&f, 5, pieces * 800, pieces * 800 + 800, pieces < 2);
        if (pieces == 1) {
            ck_assert(packet_need(frame, 14 + 20 + 16));
        } else if (pieces == 2) {
            uint8_t bytes[800];
            packet_read(frame, 34, bytes, 800);
            blob_unref(frame->blob);
            packet_set_payload(frame, blob_copy(bytes, 800), 0, 800);
        }
        ip_iface_input(&f.in->ip, frame);
    }
    ck_assert_uint_eq(f.n, 1);
    ck_assert_uint_eq(f.length, 2400);
    ck_assert_ptr_ne(f.blob, &blob_pattern);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 791's largest datagram. */
START_TEST(largest_and_larger)
{
    struct fixture f;

    fixture_init(&f);
    for (uint32_t at = 0; at < 65515; at += 1480)
        input(&f, 1, at, MIN(at + 1480, 65515), at + 1480 < 65515);
    ck_assert_uint_eq(f.n, 1);
    ck_assert_uint_eq(f.length, 65515);
    for (uint32_t at = 0; at < 65520; at += 1480)
        input(&f, 2, at, MIN(at + 1480, 65520), at + 1480 < 65520);
    ck_assert_uint_eq(f.n, 1);
    ck_assert_uint_gt(dropped(&f, &drop_frag_malformed), 0);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1122 3.3.2 and RFC 792: after 30 s the sender is told, if the first fragment is there; the
 * clock is that of the first piece. */
START_TEST(timeout_with_the_first_fragment)
{
    struct fixture f;
    struct ipv4 quote;
    struct ip_counters c;

    fixture_init(&f);
    sim_run(f.rig.sim, SIM_S);
    input(&f, 1, 800, 1600, true);
    sim_run(f.rig.sim, 20 * SIM_S);
    input(&f, 1, 0, 800, true);
    sim_run(f.rig.sim, 31 * SIM_S - 1);
    ck_assert_uint_eq(f.in->n_kept, 0);
    sim_run(f.rig.sim, 31 * SIM_S);
    ck_assert_uint_eq(f.in->n_kept, 1);
    struct icmp icmp = rig_icmp(f.in, 0, &quote);
    ck_assert_uint_eq(icmp.type, ICMP_TIME_EXCEEDED);
    ck_assert_uint_eq(icmp.code, ICMP_REASSEMBLY_EXCEEDED);
    ck_assert_uint_eq(quote.id, 1);
    ck_assert_uint_eq(quote.frag, IPV4_MF);
    ck_assert_uint_eq(rig_ipv4(f.in, 0).length, 576);
    counters(&f, &c);
    ck_assert_uint_eq(c.IpReasmTimeout, 1);
    ck_assert_uint_eq(c.IpReasmFails, 1);
    ck_assert_uint_eq(dropped(&f, &drop_frag_timeout), 2);
    input(&f, 1, 1600, 2000, false); /* too late */
    ck_assert_uint_eq(f.n, 0);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(timeout_without_the_first_fragment)
{
    struct fixture f;

    fixture_init(&f);
    input(&f, 1, 800, 1600, true);
    sim_run(f.rig.sim, 40 * SIM_S);
    ck_assert_uint_eq(f.in->n_kept, 0);
    ck_assert_uint_eq(dropped(&f, &drop_frag_timeout), 1);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.ipfrag_time", "5", NULL));
    input(&f, 1, 0, 800, true);
    sim_run(f.rig.sim, 45 * SIM_S);
    ck_assert_uint_eq(f.in->n_kept, 1);
    rig_fini(&f.rig);
}
END_TEST

/* inet_frag_queue_insert: a repetition is dropped alone, a partial overlap ends the queue. */
START_TEST(duplicates_and_overlaps)
{
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f);
    input(&f, 1, 0, 800, true);
    input(&f, 1, 800, 1600, true);
    input(&f, 1, 0, 800, true);    /* the same */
    input(&f, 1, 80, 160, true);   /* inside */
    input(&f, 1, 400, 1200, true); /* across two that touch */
    ck_assert_uint_eq(dropped(&f, &drop_frag_duplicate), 3);
    input(&f, 1, 1600, 2000, false);
    ck_assert_uint_eq(f.n, 1);
    static const uint32_t overlaps[][2] = {
        { 792, 1600 }, { 0, 808 }, { 400, 1600 }, { 760, 2408 }
    };
    for (unsigned i = 0; i < 4; i++) {
        input(&f, (uint16_t)(10 + i), 800, 1600, true);
        if (i == 3)
            input(&f, (uint16_t)(10 + i), 2400, 3200, true);
        input(&f, (uint16_t)(10 + i), overlaps[i][0], overlaps[i][1], true);
        counters(&f, &c);
        if (i == 2)
            continue;
        ck_assert_uint_eq(c.IpExtReasmOverlaps, i < 2 ? i + 1 : 4);
    }
    ck_assert_uint_eq(dropped(&f, &drop_frag_overlap), 2 + 2 + 2 + 3);
    counters(&f, &c);
    ck_assert_uint_eq(c.IpReasmFails, 4);
    ck_assert_uint_eq(f.n, 1);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(lengths_that_disagree)
{
    struct fixture f;

    fixture_init(&f);
    input(&f, 1, 800, 1000, false);
    input(&f, 1, 800, 1200, false); /* two ends */
    ck_assert_uint_eq(dropped(&f, &drop_frag_malformed), 2);
    input(&f, 2, 800, 1000, false);
    input(&f, 2, 1000, 1800, true); /* beyond the end */
    ck_assert_uint_eq(dropped(&f, &drop_frag_malformed), 4);
    input(&f, 3, 800, 1600, true);
    input(&f, 3, 400, 800, false); /* an end before what is there */
    ck_assert_uint_eq(dropped(&f, &drop_frag_malformed), 6);
    input(&f, 4, 800, 804, true); /* not a multiple of 8: cut to nothing */
    ck_assert_uint_eq(dropped(&f, &drop_frag_malformed), 7);
    rig_fini(&f.rig);
}
END_TEST

/* net.ipv4.ipfrag_high_thresh; Linux counts an sk_buff of 576 bytes with each fragment. */
START_TEST(memory_limit)
{
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.ipfrag_high_thresh", "5000", NULL));
    for (unsigned id = 1; id <= 6; id++) /* 832 + 576 each: after four it is too much */
        input(&f, (uint16_t)id, 0, 800, true);
    ck_assert_uint_eq(dropped(&f, &drop_frag_memory), 2);
    counters(&f, &c);
    ck_assert_uint_eq(c.IpReasmFails, 2);
    sim_run(f.rig.sim, 31 * SIM_S);
    input(&f, 9, 0, 800, true);
    input(&f, 9, 800, 1000, false);
    ck_assert_uint_eq(f.n, 1);
    rig_fini(&f.rig);
}
END_TEST

/* net.ipv4.ipfrag_max_dist: more than 64 fragments of others since the last piece. */
START_TEST(distance_limit)
{
    struct fixture f;

    for (unsigned others = 63; others <= 64; others++) {
        fixture_init(&f);
        input(&f, 1, 0, 800, true);
        for (unsigned i = 0; i < others; i++)
            input(&f, (uint16_t)(100 + i), 0, 800, true);
        input(&f, 1, 800, 1000, false);
        ck_assert_uint_eq(f.n, others == 63);
        ck_assert_uint_eq(dropped(&f, &drop_frag_too_far), others == 64);
        rig_fini(&f.rig);
    }
}
END_TEST

static void input_tos(struct fixture *f, uint16_t id, const uint8_t tos[3])
{
    for (unsigned i = 0; i < 3; i++) {
        struct ipv4 h = { .src = IP4(10, 0, 0, 9),
                          .dst = IP4(10, 0, 0, 1),
                          .proto = PROTO,
                          .id = id,
                          .tos = tos[i],
                          .frag = (uint16_t)(i * 100 | (i < 2 ? IPV4_MF : 0)) };
        ip_iface_input(&f->in->ip, rig_datagram(f->in, &h, i * 800, 800));
    }
}

/* RFC 3168 5.3: CE on one is CE on all; ECT and not-ECT do not mix. */
START_TEST(ecn)
{
    struct fixture f;

    fixture_init(&f);
    input_tos(&f, 1, (uint8_t[]){ 2, 3, 2 });
    ck_assert_uint_eq(f.n, 1);
    ck_assert_uint_eq(f.rx.tos, 3);
    input_tos(&f, 2, (uint8_t[]){ 0, 0, 0 });
    ck_assert_uint_eq(f.n, 2);
    ck_assert_uint_eq(f.rx.tos, 0);
    input_tos(&f, 3, (uint8_t[]){ 0xba, 0xba, 0xba });
    ck_assert_uint_eq(f.rx.tos, 0xba);
    input_tos(&f, 4, (uint8_t[]){ 0, 2, 0 });
    input_tos(&f, 5, (uint8_t[]){ 3, 0, 0 });
    ck_assert_uint_eq(f.n, 3);
    ck_assert_uint_eq(dropped(&f, &drop_frag_malformed), 6);
    rig_fini(&f.rig);
}
END_TEST

/* Random pieces of random datagrams, each sent whole in the end, in random order. */
START_TEST(random_cuts)
{
    struct fixture f;
    struct rng rng;

    fixture_init(&f);
    rng_init(&rng, 1, "cuts", "test");
    for (unsigned round = 0; round < 300; round++) {
        uint32_t from[100], to[100], n = 0, total = (uint32_t)(8 + rng_below(&rng, 60000));
        for (uint32_t at = 0; at < total; at = to[n++]) {
            from[n] = at;
            to[n] = at + 8 * (uint32_t)(1 + rng_below(&rng, total / 200 + 2)) + total / 200 * 8;
            if (to[n] > total || n == 99)
                to[n] = total;
        }
        for (uint32_t i = n; i > 1; i--) {
            uint32_t j = (uint32_t)rng_below(&rng, i), a = from[i - 1], b = to[i - 1];
            from[i - 1] = from[j], to[i - 1] = to[j];
            from[j] = a, to[j] = b;
        }
        for (uint32_t i = 0; i < n; i++)
            input(&f, (uint16_t)round, from[i], to[i], to[i] < total);
        ck_assert_uint_eq(f.n, round + 1);
        ck_assert_uint_eq(f.length, total);
    }
    rig_fini(&f.rig);
}
END_TEST

/* A node that ends drops what it had. */
START_TEST(end_with_pieces_waiting)
{
    struct fixture f;

    fixture_init(&f);
    for (unsigned id = 0; id < 50; id++)
        input(&f, (uint16_t)id, 0, 800, true);
    rig_fini(&f.rig);
}
END_TEST

SUITE("protocols/reasm", every_order, interleaved, foreign_payload_is_copied, largest_and_larger,
      timeout_with_the_first_fragment, timeout_without_the_first_fragment, duplicates_and_overlaps,
      lengths_that_disagree, memory_limit, distance_limit, ecn, random_cuts,
      end_with_pieces_waiting)

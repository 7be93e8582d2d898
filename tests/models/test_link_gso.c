/* Super-segments on a link: they wait whole and are cut between the queue and the wire.  What the
 * pieces must look like follows from what they stand for: datagrams with headers of their own (RFC
 * 791, RFC 9293), PSH and FIN on the last, CWR on the first (RFC 3168 6.1.2: once) except where it
 * counts (RFC 9768), identifications that count on (RFC 6864 does not mind, Linux does so). */
#include <inttypes.h>

#include "models/link/link.h"
#include "protocols/wire/checksum.h"
#include "protocols/wire/eth.h"
#include "protocols/wire/ipv4.h"
#include "protocols/wire/tcphdr.h"
#include "sim/rng.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

enum { MSS = 1448, HEADERS = ETH_LEN + IPV4_LEN + TCPHDR_LEN + 12 };

struct frame {
    sim_time at;
    uint32_t length, seq, mark;
    uint16_t id, ip_length;
    uint8_t flags;
    bool good; /* checksums */
};

struct rig {
    struct sim *sim;
    struct link_tx tx;
    struct link_rx rx;
    struct drops drops;
    GArray *frames;
};

static void deliver(struct link_rx *rx, struct packet *packet)
{
    struct rig *rig = container_of(rx, struct rig, rx);
    uint8_t *ip = packet->buf + packet->l3, *tcp = packet->buf + packet->l4;
    struct ipv4 h;
    struct frame f = { .at = packet->sim->now, .length = packet_len(packet), .mark = packet->mark };

    ck_assert_uint_eq(packet->gso_size, 0);
    packet_finish_checksums(packet);
    ipv4_parse(ip, &h);
    f.seq = get_be32(*(be32 *)(tcp + 4));
    f.flags = tcp[13];
    f.id = h.id;
    f.ip_length = h.length;
    packet_pull(packet, ETH_LEN + IPV4_LEN);
    f.good = ipv4_checksum_ok(ip) && packet_verify(packet, h.src, h.dst, IP_PROTO_TCP);
    g_array_append_val(rig->frames, f);
    packet_delivered(packet);
}

static void rig_init(struct rig *rig, uint64_t rate, const char *queue)
{
    memset(rig, 0, sizeof *rig);
    rig->sim = sim_new(1);
    rig->drops.name = "a-eth1";
    link_init(&rig->tx, &rig->rx, rig->sim, "a-eth1",
              qdisc_parse(rig->sim, &rig->drops, queue, NULL), &rig->drops);
    link_set_rate(&rig->tx, rate);
    link_set_delay(&rig->tx, SIM_MS);
    rig->rx.deliver = deliver;
    rig->frames = g_array_new(FALSE, FALSE, sizeof(struct frame));
}

static void rig_fini(struct rig *rig)
{
    link_fini(&rig->tx);
    assert_no_leaks(rig->sim);
    sim_free(rig->sim);
    drops_fini(&rig->drops);
    g_array_free(rig->frames, TRUE);
}

static const struct frame *frame(const struct rig *rig, guint i)
{
    ck_assert_uint_lt(i, rig->frames->len);
    return &g_array_index(rig->frames, struct frame, i);
}

/* A frame with `length` bytes of data from sequence number `seq` on; its identification is 100. */
static struct packet *make(struct sim *sim, uint32_t seq, uint32_t length, uint8_t flags)
{
    struct packet *packet = packet_new(sim);
    const struct ipv4 h = { .header_len = IPV4_LEN,
                            .ttl = 64,
                            .proto = IP_PROTO_TCP,
                            .id = 100,
                            .frag = IPV4_DF,
                            .length = (uint16_t)(HEADERS - ETH_LEN + length),
                            .src = 0x0a000001,
                            .dst = 0x0a000002 };

    packet_set_payload(packet, blob_ref(&blob_pattern), seq, length);
    packet_push(packet, TCPHDR_LEN + 12);
    packet->l4 = (uint8_t)packet->head;
    uint8_t *tcp = packet_data(packet);
    memset(tcp, 0, TCPHDR_LEN + 12);
    *(be32 *)(tcp + 4) = put_be32(seq);
    tcp[12] = (TCPHDR_LEN + 12) / 4 << 4;
    tcp[13] = flags;
    packet_push(packet, IPV4_LEN);
    packet->l3 = (uint8_t)packet->head;
    ipv4_emit(packet_data(packet), &h);
    ipv4_finish(packet_data(packet));
    memset(packet_push(packet, ETH_LEN), 0, ETH_LEN);
    packet->flags = PACKET_CSUM_PENDING;
    if (length > MSS)
        packet->gso_size = MSS;
    return packet;
}

static void send(struct rig *rig, uint32_t seq, uint32_t length, uint8_t flags)
{
    link_send(&rig->tx, make(rig->sim, seq, length, flags));
}

/* 1514 + 4 + 20 bytes at 100 Mbit/s. */
#define FULL (123040 * SIM_NS)

START_TEST(pieces_are_segments)
{
    struct rig rig;

    rig_init(&rig, 100000000, "pfifo");
    send(&rig, 1, 2 * MSS + 500, TH_ACK | TH_PSH | TH_FIN | TH_CWR);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.frames->len, 3);
    for (guint i = 0; i < 3; i++) {
        const struct frame *f = frame(&rig, i);
        uint32_t data = i < 2 ? MSS : 500;
        ck_assert(f->good);
        ck_assert_uint_eq(f->length, HEADERS + data);
        ck_assert_uint_eq(f->ip_length, HEADERS - ETH_LEN + data);
        ck_assert_uint_eq(f->seq, 1 + i * MSS);
        ck_assert_uint_eq(f->id, 100 + i);
        ck_assert_uint_eq(f->flags,
                          TH_ACK | (i == 0 ? TH_CWR : 0) | (i == 2 ? TH_PSH | TH_FIN : 0));
    }
    ck_assert_int_eq(frame(&rig, 0)->at, SIM_MS + FULL);
    ck_assert_int_eq(frame(&rig, 1)->at, SIM_MS + 2 * FULL);
    /* 500 + 66 + 24 bytes in 8 bits of 10 ns. */
    ck_assert_int_eq(frame(&rig, 2)->at, SIM_MS + 2 * FULL + (500 + 66 + 24) * 80 * SIM_NS);
    ck_assert_uint_eq(rig.tx.packets, 3);
    rig_fini(&rig);
}
END_TEST

START_TEST(accurate_ecn_keeps_its_counter)
{
    struct rig rig;
    struct packet *packet;

    rig_init(&rig, 100000000, "pfifo");
    packet = make(rig.sim, 1, 2 * MSS, TH_ACK | TH_CWR);
    packet->flags |= PACKET_KEEP_CWR;
    link_send(&rig.tx, packet);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(frame(&rig, 1)->flags, TH_ACK | TH_CWR);
    rig_fini(&rig);
}
END_TEST

/* One packet, and all the bytes that it will be (Linux's qdisc_pkt_len_init); what is being cut
 * waits no more in the queue. */
START_TEST(queue_counts_one)
{
    struct rig rig;

    rig_init(&rig, 100000000, "pfifo limit 2");
    send(&rig, 1, MSS, TH_ACK);
    send(&rig, 1 + MSS, 3 * MSS, TH_ACK);
    send(&rig, 1 + 4 * MSS, 2 * MSS + 1, TH_ACK);
    ck_assert_uint_eq(rig.tx.queue->packets, 2);
    ck_assert_uint_eq(rig.tx.queue->bytes, 5 * (HEADERS + MSS) + HEADERS + 1);
    send(&rig, 1 + 7 * MSS, 2 * MSS, TH_ACK);
    ck_assert_uint_eq(drops_packets(&rig.drops, &drop_queue_full), 1);
    sim_run(rig.sim, FULL + SIM_NS);
    link_sync(&rig.tx);
    ck_assert_uint_eq(rig.tx.queue->packets, 1);
    ck_assert_uint_eq(rig.tx.queue->bytes, 2 * (HEADERS + MSS) + HEADERS + 1);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.frames->len, 7);
    ck_assert_uint_eq(rig.tx.queue->bytes, 0);
    rig_fini(&rig);
}
END_TEST

/* The link goes down when the second of four pieces is on its way: the first has arrived. */
START_TEST(half_cut_is_lost)
{
    struct rig rig;

    rig_init(&rig, 100000000, "pfifo");
    send(&rig, 1, 4 * MSS, TH_ACK);
    sim_run(rig.sim, SIM_MS + FULL + FULL / 2);
    link_set_state(&rig.tx, LINK_DOWN);
    link_set_state(&rig.tx, LINK_UP);
    send(&rig, 1, MSS, TH_ACK);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(rig.frames->len, 2);
    rig_fini(&rig);
}
END_TEST

/* A super-segment that is left over when everything ends. */
START_TEST(half_cut_at_the_end)
{
    struct rig rig;

    rig_init(&rig, 1000000, "pfifo");
    send(&rig, 1, 4 * MSS, TH_ACK);
    sim_run(rig.sim, 15 * SIM_MS);
    ck_assert_uint_eq(rig.frames->len, 1);
    rig_fini(&rig);
}
END_TEST

/* ---- The two paths ------------------------------------------------------------------------- */

static char *trace_of(const char *queue, bool eager)
{
    struct rig rig;
    struct rng rng;
    GString *trace = g_string_new(NULL);

    rig_init(&rig, 50000000, queue);
    link_set_eager(&rig.tx, eager);
    rng_init(&rng, 7, "traffic", "test");
    for (uint32_t i = 0; i < 2000; i++) {
        send(&rig, i, 1 + (uint32_t)rng_below(&rng, i % 3 ? MSS : 20 * MSS), TH_ACK);
        sim_run(rig.sim, rig.sim->now + (sim_time)rng_below(&rng, 3 * SIM_MS));
        if (i % 50 == 0)
            link_set_rate(&rig.tx, 10000000 * (1 + rng_below(&rng, 10)));
        link_sync(&rig.tx);
        g_string_append_printf(trace, "q %u %" PRIu64 "\n", rig.tx.queue->packets,
                               rig.tx.queue->bytes);
    }
    sim_run(rig.sim, 1000 * SIM_S);
    for (guint i = 0; i < rig.frames->len; i++)
        g_string_append_printf(trace, "%" PRId64 " %u %u\n", frame(&rig, i)->at,
                               frame(&rig, i)->seq, frame(&rig, i)->length);
    g_string_append_printf(trace, "dropped %" PRIu64 "\n", drops_packets(&rig.drops, NULL));
    ck_assert_uint_gt(drops_packets(&rig.drops, NULL), 10);
    rig_fini(&rig);
    return g_string_free(trace, FALSE);
}

START_TEST(lazy_and_eager_agree)
{
    const char *queues[] = { "pfifo limit 5", "bfifo limit 30000" };

    for (size_t i = 0; i < G_N_ELEMENTS(queues); i++) {
        char *lazy = trace_of(queues[i], false), *eager = trace_of(queues[i], true);
        ck_assert_str_eq(lazy, eager);
        g_free(lazy);
        g_free(eager);
    }
}
END_TEST

SUITE("models/link_gso", pieces_are_segments, accurate_ecn_keeps_its_counter, queue_counts_one,
      half_cut_is_lost, half_cut_at_the_end, lazy_and_eager_agree)

/* prio: which packet leaves first.  Bands as tc-prio(8) tells them. */
#include "models/qdisc/qdisc.h"
#include "protocols/wire/eth.h"
#include "protocols/wire/ipv4.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

struct rig {
    struct sim *sim;
    struct drops drops;
    struct qdisc *q;
};

static void rig_init(struct rig *rig, const char *words)
{
    *rig = (struct rig){ .sim = sim_new(1), .drops = { .name = "a-eth1" } };
    rig->q = qdisc_parse(rig->sim, &rig->drops, words, NULL);
    ck_assert_ptr_nonnull(rig->q);
}

static void rig_fini(struct rig *rig)
{
    qdisc_free(rig->q);
    drops_fini(&rig->drops);
    assert_no_leaks(rig->sim);
    sim_free(rig->sim);
}

/* An IPv4 frame with this TOS, or with a priority that a switch gave it. */
static bool put(struct rig *rig, uint32_t mark, uint8_t tos, uint8_t priority)
{
    struct packet *packet = packet_new(rig->sim);
    struct eth eth = { .type = ETH_TYPE_IPV4 };
    struct ipv4_wire *h = (struct ipv4_wire *)packet_push(packet, IPV4_LEN);

    memset(h, 0, sizeof *h);
    h->version_ihl = 0x45;
    h->tos = tos;
    eth_emit(packet_push(packet, ETH_LEN), &eth);
    packet->mark = mark;
    packet->priority = priority;
    return rig->q->ops->enqueue(rig->q, packet, 0) == XMIT_SENT;
}

static uint32_t take(struct rig *rig)
{
    struct packet *packet = rig->q->ops->dequeue(rig->q, 0);
    uint32_t mark = packet ? packet->mark : 0;

    if (packet)
        packet_delivered(packet);
    return mark;
}

/* TOS 0x10 (minimum delay) is band 0, 0 is band 1, 0x08 (maximum throughput) is band 2. */
START_TEST(tos_chooses_the_band)
{
    struct rig rig;

    rig_init(&rig, "prio");
    put(&rig, 1, 0x08, 0);
    put(&rig, 2, 0x00, 0);
    put(&rig, 3, 0x10, 0);
    put(&rig, 4, 0x10, 0);
    ck_assert_uint_eq(rig.q->packets, 4);
    ck_assert_uint_eq(rig.q->bytes, 4 * 34);
    ck_assert_uint_eq(take(&rig), 3);
    ck_assert_uint_eq(take(&rig), 4);
    ck_assert_uint_eq(take(&rig), 2);
    put(&rig, 5, 0x10, 0);
    ck_assert_uint_eq(take(&rig), 5);
    ck_assert_uint_eq(take(&rig), 1);
    ck_assert_uint_eq(take(&rig), 0);
    rig_fini(&rig);
}
END_TEST

START_TEST(a_tag_goes_before_the_tos)
{
    struct rig rig;

    rig_init(&rig, "prio bands 8 priomap 7,6,5,4,3,2,1,0,7,7,7,7,7,7,7,7");
    for (uint8_t pcp = 1; pcp < 8; pcp++)
        put(&rig, pcp, 0x10, pcp);
    for (uint32_t pcp = 7; pcp > 0; pcp--)
        ck_assert_uint_eq(take(&rig), pcp);
    rig_fini(&rig);
}
END_TEST

START_TEST(each_band_has_its_limit)
{
    struct rig rig;

    rig_init(&rig, "prio limit 2");
    ck_assert(put(&rig, 1, 0, 0) && put(&rig, 2, 0, 0));
    ck_assert(!put(&rig, 3, 0, 0));
    ck_assert(put(&rig, 4, 0x10, 0));
    ck_assert_uint_eq(drops_packets(&rig.drops, &drop_queue_full), 1);
    rig_fini(&rig); /* with packets in it */
}
END_TEST

START_TEST(maps_that_cannot_be)
{
    static const char *const bad[] = {
        "prio priomap 1,2",
        "prio priomap 1,2,2,2,1,2,0,0,1,1,1,1,1,1,1,3",
        "prio priomap 1,2,2,2,1,2,0,0,1,1,1,1,1,1,1,1,1",
        "prio bands 2 priomap 1,1,1,1,1,1,0,0,1,1,1,1,1,1,1,2",
        "prio bands 17",
        "prio bands 0",
    };
    struct drops drops = { .name = "x" };
    struct sim *sim = sim_new(1);

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        GError *error = NULL;
        ck_assert_ptr_null(qdisc_parse(sim, &drops, bad[i], &error));
        ck_assert_ptr_nonnull(error);
        g_error_free(error);
    }
    struct qdisc *q = qdisc_parse(sim, &drops, "prio bands 2", NULL); /* the last takes the rest */
    ck_assert_ptr_nonnull(q);
    qdisc_free(q);
    sim_free(sim);
}
END_TEST

SUITE("qdisc/prio", tos_chooses_the_band, a_tag_goes_before_the_tos, each_band_has_its_limit,
      maps_that_cannot_be)

/* TCP Veno (Fu, Liew 2003). */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* Fewer than three packets queued: the loss was random, and takes a fifth. */
START_TEST(random_loss)
{
    struct cc_rig rig;

    rig_init(&rig, "veno");
    rig_cruise(&rig, 50);
    rig_path(&rig, 100, 100000);
    uint32_t before = rig.cc.cwnd;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, before * 4 / 5);
    rig_fini(&rig);
}
END_TEST

/* More: congestion; half, and growth in every other round trip. */
START_TEST(congestion)
{
    struct cc_rig rig;

    rig_init(&rig, "veno");
    rig_cruise(&rig, 90);
    rig_path(&rig, 100, 100000);
    rig_cruise(&rig, 120);
    for (int i = 0; i < 20; i++)
        rig_path(&rig, 100, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, 129);
    ck_assert_uint_le(rig.cc.cwnd, 131);
    uint32_t before = rig.cc.cwnd;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, before / 2);
    rig_fini(&rig);
}
END_TEST

/* A window of 100 at a least round trip of 100 ms, which Linux keeps a microsecond longer. */
static void begin(struct cc_rig *rig, uint32_t cwnd)
{
    rig_init(rig, "veno");
    rig_cruise(rig, cwnd);
    for (int i = 0; i < 3; i++)
        rig_ack(rig, 1, 99999);
    rig_cruise(rig, cwnd);
}

/* 100 packets queue 100 (1 - 100 / RTT), in halves: from three on a loss means congestion, at RTT
 * 103.09 ms and more. */
START_TEST(threshold)
{
    struct cc_rig rig;

    begin(&rig, 100);
    rig_ack(&rig, 1, 102563); /* 100 / 102.564 of 200 halves are 195 */
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 80);
    rig_ack(&rig, 1, 102564); /* 194 */
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 50);
    rig_param(&rig, "beta", "4");
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 80);
    rig.cc.cwnd = 2;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
    rig_fini(&rig);
}
END_TEST

/* Each ACK is judged by the least round trip since the one before.  Of packets that were
 * retransmitted, and of the ACK that ends a recovery, there is none: Linux takes the queue for a
 * long one. */
START_TEST(growth)
{
    struct cc_rig rig;

    begin(&rig, 100);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 99999), 100);
    rig_cruise(&rig, 100);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 120000), 101); /* the first turn */
    ck_assert_uint_eq(rig_acks_to_move(&rig, 120000), 204); /* every other */
    rig_cruise(&rig, 100);                                  /* fewer than three queued, and three */
    ck_assert_uint_eq(rig_acks_to_move(&rig, 102563), 100);
    rig_cruise(&rig, 100);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 102564), 202);
    rig_cruise(&rig, 100);
    ck_assert_uint_eq(rig_acks_to_move(&rig, -1), 202);
    rig_cruise(&rig, 100);
    rig_state(&rig, CC_DISORDER);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 120000), 100);
    rig_state(&rig, CC_OPEN);
    rig_cruise(&rig, 100);
    rig.cc.cwnd_clamp = 100;
    rig.cc.cwnd_cnt = 100;
    rig_ack(&rig, 1, 99999);
    ck_assert_uint_eq(rig.cc.cwnd, 100);
    rig_acks(&rig, 300, 120000);
    ck_assert_uint_eq(rig.cc.cwnd, 100);
    rig.cc.cwnd_cnt = 1;
    rig.cc.cwnd_limited = false;
    rig_ack(&rig, 1, 99999);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 1);
    rig_fini(&rig);
}
END_TEST

/* Two samples are too few to know the queue, three are enough; idling makes the least round trip
 * unknown. */
START_TEST(samples)
{
    static const enum cc_event events[] = { CC_TX_START, CC_CWND_RESTART, CC_COMPLETE_CWR };
    struct cc_rig rig;

    rig_init(&rig, "veno");
    rig_cruise(&rig, 100);
    rig_ack(&rig, 1, 99999);
    rig_ack(&rig, 1, 149999);
    rig_ack(&rig, 0, 149999);
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 50); /* 33 are queued */
    rig_fini(&rig);
    rig_init(&rig, "veno");
    rig_cruise(&rig, 100);
    rig_ack(&rig, 1, 99999);
    rig_ack(&rig, 1, 149999);
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 80);
    rig_fini(&rig);

    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        begin(&rig, 100);
        rig_event(&rig, events[i]);
        rig_ack(&rig, 1, 149999);
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), events[i] == CC_COMPLETE_CWR ? 50 : 80);
        rig_fini(&rig);
    }
}
END_TEST

START_TEST(slow_start)
{
    struct cc_rig rig;

    begin(&rig, 100);
    rig_check_slow_start(&rig, 100, 99999);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_veno", random_loss, congestion, threshold, growth, samples, slow_start)

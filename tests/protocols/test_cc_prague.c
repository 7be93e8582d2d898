/* Prague against draft-briscoe-iccrg-prague-congestion-control-04. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* A round trip in which the first `marks` packets are marked. */
static void round_with_marks(struct cc_rig *rig, uint32_t marks, uint32_t rtt_us)
{
    uint32_t n = rig->flight = rig->cc.cwnd;

    for (uint32_t i = 0; i < n; i++) {
        rig->cc.now += (sim_time)rtt_us * SIM_US / n;
        rig->ack.delivered_ce += i < marks;
        rig_ack(rig, 1, (int32_t)rtt_us);
    }
}

/* The first mark takes half and ends slow start; in steady state, with two marks a round trip,
 * reduction and growth of one packet balance: W alpha / 2 = 1, alpha = 2 / W. */
START_TEST(balance)
{
    struct cc_rig rig;

    rig_init(&rig, "prague");
    rig.cc.cwnd = 200;
    round_with_marks(&rig, 1, 30000);
    ck_assert_uint_ge(rig.cc.cwnd, 100);
    ck_assert_uint_le(rig.cc.cwnd, 102);
    ck_assert(!cc_in_slow_start(&rig.cc));
    rig_cruise(&rig, 200);
    for (int i = 0; i < 200; i++) /* alpha becomes 2 / 200 */
        rig_cruise(&rig, 200), round_with_marks(&rig, 2, 30000);
    rig_cruise(&rig, 200);
    for (int i = 0; i < 50; i++)
        round_with_marks(&rig, 2, 30000);
    ck_assert_uint_ge(rig.cc.cwnd, 192);
    ck_assert_uint_le(rig.cc.cwnd, 208);
    rig_fini(&rig);
}
END_TEST

/* A round trip R below 25 ms adds (R / 25 ms)^2 packets, so that the rate grows as over 25 ms. */
START_TEST(rtt_independence)
{
    static const uint32_t rtts[][2] = {
        { 5000, 4 }, { 12500, 25 }, { 25000, 100 }, { 50000, 100 }
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rtts); i++) {
        struct cc_rig rig;
        rig_init(&rig, "prague");
        rig_cruise(&rig, 50);
        for (int round = 0; round < 100; round++)
            round_with_marks(&rig, 0, rtts[i][0]);
        ck_assert_uint_ge(rig.cc.cwnd, 50 + rtts[i][1] * 95 / 100 - 1);
        ck_assert_uint_le(rig.cc.cwnd, 50 + rtts[i][1] + 1);
        rig_fini(&rig);
    }
}
END_TEST

/* A loss halves; if a mark in the same round trip had taken something, it halves what was before.
 */
START_TEST(loss)
{
    struct cc_rig rig;

    rig_init(&rig, "prague");
    rig_cruise(&rig, 100);
    rig.ack.losses = 1;
    rig_ack(&rig, 1, 30000);
    ck_assert_uint_eq(rig.cc.cwnd, 50);
    rig_ack(&rig, 1, 30000); /* once a round trip */
    ck_assert_uint_eq(rig.cc.cwnd, 50);
    rig_fini(&rig);

    rig_init(&rig, "prague");
    rig_cruise(&rig, 100);
    rig.ack.delivered_ce = 1;
    rig_ack(&rig, 1, 30000);
    ck_assert_uint_eq(rig.cc.cwnd, 50); /* the first mark counts as one */
    rig.ack.losses = 1;
    rig_ack(&rig, 1, 30000);
    ck_assert_uint_ge(rig.cc.cwnd, 49);
    ck_assert_uint_le(rig.cc.cwnd, 50);
    rig_fini(&rig);
}
END_TEST

/* Paced at a window a round trip, and at two in slow start. */
START_TEST(pacing)
{
    struct cc_rig rig;
    uint64_t rate;

    rig_init(&rig, "prague");
    rig.cc.cwnd = 100;
    rig_ack(&rig, 1, 50000);
    rate = (uint64_t)rig.cc.cwnd * 1448 * 20;
    ck_assert_uint_eq(rig.cc.pacing_rate, 2 * rate);
    rig_cruise(&rig, 100);
    rig_ack(&rig, 1, 50000);
    ck_assert_uint_eq(rig.cc.pacing_rate, 100 * 1448 * 20);
    rig_fini(&rig);
}
END_TEST

/* One packet delivered, and marked or not, at this time. */
static void deliver(struct cc_rig *rig, uint32_t packets, uint32_t marks, int32_t rtt_us)
{
    rig->ack.delivered_ce += marks;
    rig_ack(rig, packets, rtt_us);
}

/* alpha in 2^-20, by what a mark takes of 2^21 packets; the round trip that it was in is over. */
static uint32_t alpha20(struct cc_rig *rig, int32_t rtt_us)
{
    enum { WINDOW = 1 << 21 };

    rig->cc.mss = 100;
    rig->cc.una += 2 * WINDOW * 100;
    rig_cruise(rig, WINDOW);
    deliver(rig, 1, 1, rtt_us);
    ck_assert_uint_eq(rig->cc.ssthresh, rig->cc.cwnd);
    return WINDOW - rig->cc.cwnd;
}

/* The average of the fraction of marks, weight 1/16, once a round trip or 25 ms, whichever is
 * longer; from the first mark on, which counts as 1, and as no more than 1. */
START_TEST(average)
{
    static const uint32_t rtts[][2] = { { 10000, 25000 }, { 40000, 40000 } };

    for (size_t i = 0; i < G_N_ELEMENTS(rtts); i++) {
        int32_t rtt_us = (int32_t)rtts[i][0];
        struct cc_rig rig;
        rig_init(&rig, "prague");
        rig.cc.now += rtts[i][1] * SIM_US;
        deliver(&rig, 9, 0, rtt_us);
        ck_assert_uint_eq(alpha20(&rig, rtt_us), 1 << 20);
        rig.cc.now += (rtts[i][1] - 1) * SIM_US;
        deliver(&rig, 2, 0, rtt_us); /* with the mark's one of three; not yet */
        ck_assert_uint_eq(alpha20(&rig, rtt_us), 1 << 20);
        rig.cc.now += SIM_US;
        deliver(&rig, 4, 0, rtt_us); /* two of eight */
        ck_assert_uint_eq(alpha20(&rig, rtt_us), (15 << 16) + (1 << 14));
        rig.cc.now += rtts[i][1] * SIM_US;
        deliver(&rig, 1, 30, rtt_us); /* more than were delivered */
        ck_assert_uint_eq(alpha20(&rig, rtt_us), (15 * ((15 << 16) + (1 << 14)) >> 4) + (1 << 16));
        rig_fini(&rig);
    }
}
END_TEST

/* One reduction by marks in a round trip; an unmarked packet of the same ACK still counts for
 * growth, also while marks come. */
START_TEST(marks)
{
    struct cc_rig rig;

    rig_init(&rig, "prague");
    rig_param(&rig, "rtt_virt_ms", "0");
    rig_cruise(&rig, 128);
    deliver(&rig, 1, 1, 25000);
    ck_assert_uint_eq(rig.cc.cwnd, 64);
    rig.cc.nxt = rig.cc.una + 64 * 1448;
    for (int i = 0; i < 31; i++)
        deliver(&rig, 2, 1, 25000);
    ck_assert_uint_eq(rig.cc.cwnd, 64);
    rig.cc.cwnd_limited = false;
    rig_acks(&rig, 200, 25000); /* not used */
    ck_assert_uint_eq(rig.cc.cwnd, 64);
    rig_fini(&rig);
    rig_init(&rig, "prague");
    rig_cruise(&rig, 64);
    rig_acks(&rig, 63, 25000);
    ck_assert_uint_eq(rig.cc.cwnd, 64);
    rig_acks(&rig, 1, 25000);
    ck_assert_uint_eq(rig.cc.cwnd, 65);
    rig_cruise(&rig, 64);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 12500), 256); /* half of 25 ms: a quarter */
    rig.cc.una += 1 << 24;
    rig_cruise(&rig, 5); /* 2.5 */
    deliver(&rig, 1, 1, 25000);
    ck_assert_uint_eq(rig.cc.cwnd, 2);
    rig_ack(&rig, 1, 25000);
    ck_assert_uint_eq(rig.cc.cwnd, 3);
    rig.cc.cwnd_clamp = 64;
    rig_cruise(&rig, 64);
    rig_acks(&rig, 64, 25000);
    ck_assert_uint_eq(rig.cc.cwnd, 64);
    rig_fini(&rig);
}
END_TEST

/* Half of the window before the round trip's marks, once a round trip, and no growth in it; not in
 * the state Loss.  Both are undone together; two packets are the least. */
START_TEST(losses)
{
    static const uint32_t rows[][2] = { { 101, 51 }, { 4, 2 }, { 3, 2 }, { 2, 2 } };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        rig_init(&rig, "prague");
        rig_cruise(&rig, rows[i][0]);
        rig_state(&rig, CC_LOSS);
        rig.ack.losses = 1;
        rig_ack(&rig, 0, 25000);
        ck_assert_uint_eq(rig.cc.cwnd, rows[i][0]);
        ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), rows[i][0]);
        rig_state(&rig, CC_RECOVERY);
        rig.ack.losses = 1;
        rig_ack(&rig, 0, 25000);
        ck_assert_uint_eq(rig.cc.cwnd, rows[i][1]);
        ck_assert_uint_eq(rig.cc.ssthresh, rows[i][1]);
        ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), rows[i][0]);
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), rows[i][1]);
        rig.cc.cwnd = 700;
        ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), 700);
        rig_fini(&rig);
    }
}
END_TEST

/* A mark of a fraction of 1/2 took 50 of 200: a loss in the same round trip takes 50 more. */
START_TEST(loss_after_mark)
{
    for (int same = 0; same < 2; same++) {
        struct cc_rig rig;
        rig_init(&rig, "prague");
        alpha20(&rig, 25000);          /* 1 */
        for (int i = 0; i < 11; i++) { /* (15/16)^11 = 0.4917 */
            rig.cc.now += 25 * SIM_MS;
            rig_ack(&rig, i == 0 ? 0 : 1, 25000);
        }
        rig.cc.una += 2 << 28;
        rig_cruise(&rig, 200);
        deliver(&rig, 1, 1, 25000);
        uint32_t took = 200 - rig.cc.cwnd;
        ck_assert_uint_ge(took, 48);
        ck_assert_uint_le(took, 55);
        if (!same)
            rig.cc.una += 400 * 100;
        uint32_t before = rig.cc.cwnd;
        rig.ack.losses = 1;
        rig_ack(&rig, 0, 25000);
        ck_assert_uint_eq(rig.cc.cwnd, same ? 100 : before - before / 2);
        rig.ack.losses = 0;
        rig_acks(&rig, 10, 25000);
        ck_assert_uint_eq(rig.cc.cwnd_cnt, 0);
        rig.cc.ssthresh = CC_INFINITE; /* to see growth */
        rig.cc.nxt = rig.cc.una;
        rig_ack(&rig, 1, 25000);
        uint32_t after = rig.cc.cwnd;
        rig.cc.una += 400 * 100;
        rig_ack(&rig, 1, 25000);
        ck_assert_uint_eq(rig.cc.cwnd, after + 1);
        rig_fini(&rig);
    }
}
END_TEST

/* A time-out halves the threshold, which can be undone; other events do nothing. */
START_TEST(timeout)
{
    struct cc_rig rig;

    rig_init(&rig, "prague");
    rig_cruise(&rig, 100);
    rig_event(&rig, CC_TX_START);
    ck_assert_uint_eq(rig.cc.ssthresh, 100);
    ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), 100);
    rig_event(&rig, CC_LOSS_TIMEOUT);
    ck_assert_uint_eq(rig.cc.ssthresh, 50);
    rig.cc.cwnd = 1;
    ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), 100);
    rig_event(&rig, CC_LOSS_TIMEOUT);
    ck_assert_uint_eq(rig.cc.ssthresh, 2);
    rig_fini(&rig);
}
END_TEST

/* Slow start paces at twice the window below half the threshold; what an ACK leaves of slow start
 * counts as growth; before a round trip is known there is no rate. */
START_TEST(slow_start)
{
    static const uint32_t rows[][2] = { { 49, 2 }, { 50, 1 }, { 99, 1 } };
    struct cc_rig rig;

    rig_init(&rig, "prague");
    rig.cc.pacing_rate = 1; /* of an algorithm before */
    rig.cc.ops->init(&rig.cc);
    rig_ack(&rig, 0, 0);
    ck_assert_uint_eq(rig.cc.pacing_rate, UINT64_MAX);
    ck_assert(rig.cc.ops->paces && rig.cc.ops->needs_ecn && rig.cc.ops->l4s);
    rig.cc.ssthresh = 100;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        rig.cc.cwnd = rows[i][0];
        rig_ack(&rig, 0, 50000);
        ck_assert_uint_eq(rig.cc.pacing_rate, rows[i][0] * rows[i][1] * 1448 * 20);
    }
    rig.cc.cwnd = 60;
    rig.cc.ssthresh = 64;
    rig_ack(&rig, 4 + 64, 25000);
    ck_assert_uint_eq(rig.cc.cwnd, 65);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_prague", balance, rtt_independence, loss, pacing, average, marks, losses,
      loss_after_mark, timeout, slow_start)

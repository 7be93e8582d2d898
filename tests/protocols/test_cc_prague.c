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

SUITE("protocols/cc_prague", balance, rtt_independence, loss, pacing)

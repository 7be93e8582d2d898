/* TCP Hybla (Caini, Firrincieli 2004): rho = RTT / 25 ms. */
#include <math.h>

#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* In congestion avoidance rho^2 packets a round trip. */
START_TEST(avoidance)
{
    for (uint32_t rho = 1; rho <= 8; rho *= 2) {
        struct cc_rig rig;
        rig_init(&rig, "hybla");
        rig_ack(&rig, 1, (int32_t)(rho * 25000));
        rig_cruise(&rig, 500);
        rig_round(&rig, rho * 25000);
        ck_assert_uint_ge(rig.cc.cwnd, 500 + rho * rho - rho);
        ck_assert_uint_le(rig.cc.cwnd, 500 + rho * rho + 1);
        rig_fini(&rig);
    }
}
END_TEST

/* In slow start 2^rho - 1 packets an ACK. */
START_TEST(slow_start)
{
    struct cc_rig rig;

    rig_init(&rig, "hybla");
    rig.cc.srtt_us = 75000;
    rig.cc.ops->init(&rig.cc);
    ck_assert_uint_eq(rig.cc.cwnd, 3);
    rig_ack(&rig, 1, 75000);
    ck_assert_uint_eq(rig.cc.cwnd, 3 + 7);
    rig_fini(&rig);
}
END_TEST

/* 2^rho for rho in eighths, from a table of 128 x 2^(i/8) without its fractions: 128 ACKs add
 * 128 (2^rho - 1) packets exactly. */
START_TEST(slow_start_exactly)
{
    for (uint32_t eighth = 0; eighth < 8; eighth++) {
        struct cc_rig rig;
        rig_init(&rig, "hybla");
        rig.cc.cwnd = 10;
        rig_acks(&rig, 128, (int32_t)(25000 + eighth * 3125));
        ck_assert_uint_eq(rig.cc.cwnd, 10 + 2 * (uint32_t)floor(128 * exp2(eighth / 8.0)) - 128);
        ck_assert_uint_eq(rig.cc.cwnd_cnt, 0);
        rig_fini(&rig);
    }
}
END_TEST

/* At most 2^16 - 1 an ACK; the window is at most 65535, and in slow start at most the threshold. */
START_TEST(limits)
{
    struct cc_rig rig;

    rig_init(&rig, "hybla");
    ck_assert_uint_eq(rig.cc.cwnd, 1);
    ck_assert_uint_eq(rig.cc.cwnd_clamp, 65535);
    rig.cc.cwnd_clamp = UINT32_MAX;
    rig_ack(&rig, 1, 500000);
    ck_assert_uint_eq(rig.cc.cwnd, 1 + 65535);
    rig_fini(&rig);

    rig_init(&rig, "hybla");
    rig_cruise(&rig, 10);
    rig_ack(&rig, 1, 200000);
    ck_assert_uint_eq(rig.cc.cwnd, 10 + 64 / 10);
    rig_fini(&rig);

    rig_init(&rig, "hybla");
    rig_ack(&rig, 1, 250000);
    ck_assert_uint_eq(rig.cc.cwnd, 1024);
    rig.cc.ssthresh = 1500;
    rig_ack(&rig, 1, 250000);
    ck_assert_uint_eq(rig.cc.cwnd, 1500);
    rig_cruise(&rig, 50);
    rig.cc.cwnd_clamp = 50;
    rig_ack(&rig, 1, 250000);
    ck_assert_uint_eq(rig.cc.cwnd, 50);
    rig_fini(&rig);
}
END_TEST

/* rho^2 / W packets an ACK, in 1/128; when that is nothing, a packet per window. */
START_TEST(avoidance_exactly)
{
    static const uint32_t rows[][3] = {
        { 100000, 1024, 64 }, { 25000, 64, 64 }, { 25000, 128, 128 },
        { 25000, 200, 200 },  { 75000, 9, 1 },   { 49999, 256, 128 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        rig_init(&rig, "hybla");
        rig.cc.cwnd_limited = false;
        rig_cruise(&rig, 2000);
        rig_ack(&rig, 1, (int32_t)rows[i][0]);
        ck_assert_uint_eq(rig.cc.cwnd, 2000); /* not used */
        rig.cc.cwnd_limited = true;
        rig_cruise(&rig, rows[i][1]);
        ck_assert_uint_eq(rig_acks_to_move(&rig, (int32_t)rows[i][0]), rows[i][2]);
        ck_assert_uint_eq(rig.cc.cwnd, rows[i][1] + 1);
        ck_assert_uint_eq(rig.cc.cwnd_cnt, 0);
        rig_fini(&rig);
    }
}
END_TEST

/* rho is that of the least round trip, and outside of the state Open the window is Reno's. */
START_TEST(rho)
{
    struct cc_rig rig;

    rig_init(&rig, "hybla");
    rig_param(&rig, "rtt0", "50");
    rig_ack(&rig, 1, 200000); /* 4 */
    rig_cruise(&rig, 1024);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 300000), 64);
    rig_cruise(&rig, 512);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), 128); /* 2 */
    rig_state(&rig, CC_DISORDER);
    rig_cruise(&rig, 512);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 200000), 512);
    rig_state(&rig, CC_OPEN);
    rig_cruise(&rig, 512);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 200000), 128);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_hybla", avoidance, slow_start, slow_start_exactly, limits, avoidance_exactly,
      rho)

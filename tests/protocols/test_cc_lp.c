/* TCP-LP (Kuzmanovic, Knightly 2006). */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* Delays of 40 to 140 ms are known: 15 % of the range above the least is 55 ms. */
static void learn(struct cc_rig *rig)
{
    rig_init(rig, "lp");
    rig_cruise(rig, 20);
    for (int i = 0; i < 100; i++) {
        rig->cc.now += 100 * SIM_MS;
        rig_ack(rig, 1, 140000);
    }
    for (int i = 0; i < 100; i++) {
        rig->cc.now += 100 * SIM_MS;
        rig_ack(rig, 1, 40000);
    }
    rig_cruise(rig, 64);
}

START_TEST(early_indication)
{
    struct cc_rig rig;

    learn(&rig);
    for (int i = 0; i < 60; i++)
        rig_ack(&rig, 1, 54000);
    ck_assert_uint_ge(rig.cc.cwnd, 64);
    for (int i = 0; i < 60; i++)
        rig_ack(&rig, 1, 62000);
    ck_assert_uint_eq(rig.cc.cwnd, 32);
    rig_fini(&rig);
}
END_TEST

/* A second one within three round trips: one packet. */
START_TEST(second_indication)
{
    struct cc_rig rig;

    learn(&rig);
    for (int i = 0; i < 60; i++)
        rig_ack(&rig, 1, 62000);
    ck_assert_uint_eq(rig.cc.cwnd, 32);
    rig.cc.now += 100 * SIM_MS;
    rig_ack(&rig, 1, 62000);
    ck_assert_uint_eq(rig.cc.cwnd, 1);
    rig_fini(&rig);
}
END_TEST

/* No growth for three round trips, then Reno's. */
START_TEST(inference_time)
{
    struct cc_rig rig;

    learn(&rig);
    for (int i = 0; i < 60; i++)
        rig_ack(&rig, 1, 62000);
    for (int i = 0; i < 10; i++)
        rig_ack(&rig, 1, 40000);
    rig.cc.now += 100 * SIM_MS;
    for (int i = 0; i < 64; i++)
        rig_ack(&rig, 1, 40000);
    ck_assert_uint_eq(rig.cc.cwnd, 32);
    rig.cc.now += 30 * SIM_MS;
    for (int i = 0; i < 64; i++)
        rig_ack(&rig, 1, 40000);
    ck_assert_uint_eq(rig.cc.cwnd, 34);
    rig_fini(&rig);
}
END_TEST

/* The least of four counts: four ACKs let one delay be seen. */
static void see(struct cc_rig *rig, uint32_t delay_ms, uint32_t n)
{
    for (uint32_t i = 0; i < 3 + n; i++) {
        rig->cc.now += 100 * SIM_MS;
        rig_ack(rig, 0, (int32_t)delay_ms * 1000);
    }
    rig_cruise(rig, 64);
}

/* Whether a delay that lasts is taken for someone else's. */
static bool yields_at(struct cc_rig *rig, uint32_t delay_ms)
{
    rig_cruise(rig, 64);
    for (uint32_t i = 0; i < 60; i++)
        rig_ack(rig, 0, (int32_t)delay_ms * 1000);
    return rig->cc.cwnd != 64;
}

/* 15 % of the range of 40 to 140 ms, both sides.  A longer delay counts when it was seen twice, or
 * one between the two was seen: 160 ms make it 58 ms, 150 ms 56 ms. */
START_TEST(threshold)
{
    static const uint32_t rows[][3] = {
        { 0, 0, 55 }, { 160, 0, 55 }, { 160, 160, 58 }, { 160, 150, 56 }, { 140, 140, 55 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        learn(&rig);
        for (int n = 0; n < 2 && rows[i][n]; n++) {
            see(&rig, rows[i][n], 1);
            see(&rig, 40, 60);
        }
        ck_assert_msg(!yields_at(&rig, rows[i][2]), "row %zu", i);
        ck_assert_msg(yields_at(&rig, rows[i][2] + 1), "row %zu", i);
        ck_assert_uint_eq(rig.cc.cwnd, 32);
        ck_assert_uint_eq(rig.cc.ssthresh, 32);
        rig_fini(&rig);
    }
}
END_TEST

/* Before a full queue was seen twice the delay at the sign stands for it, 82 ms: 15 % are 46 ms.  A
 * window of three becomes one, with a threshold of two. */
START_TEST(no_queue_seen)
{
    struct cc_rig rig;

    rig_init(&rig, "lp");
    rig_cruise(&rig, 64);
    see(&rig, 40, 60);
    ck_assert(yields_at(&rig, 41));
    rig.cc.now += SIM_S;
    ck_assert(!yields_at(&rig, 46));
    rig_cruise(&rig, 3);
    for (int i = 0; i < 60; i++)
        rig_ack(&rig, 0, 47000);
    ck_assert_uint_eq(rig.cc.cwnd, 1);
    ck_assert_uint_eq(rig.cc.ssthresh, 2);
    rig_fini(&rig);
}
END_TEST

/* A round trip of 62 ms, and one more, is without a second sign; it means one packet within three
 * of these, and afterwards it is a first one again. */
START_TEST(times)
{
    static const uint32_t rows[][2] = { { 62, 32 }, { 63, 1 }, { 188, 1 }, { 189, 16 } };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const uint32_t *row = rows[i / 2];
        int32_t rtt_us = i % 2 ? 62999 : 62000;
        struct cc_rig rig;
        learn(&rig);
        ck_assert(yields_at(&rig, 62));
        rig.cc.now += row[0] * SIM_MS;
        rig_ack(&rig, 0, rtt_us);
        ck_assert_msg(rig.cc.cwnd == row[1], "%u ms: %u", row[0], rig.cc.cwnd);
        rig_fini(&rig);
    }
}
END_TEST

SUITE("protocols/cc_lp", early_indication, second_indication, inference_time, threshold,
      no_queue_seen, times)

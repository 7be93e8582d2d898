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

SUITE("protocols/cc_lp", early_indication, second_indication, inference_time)

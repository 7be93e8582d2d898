/* TCP-Illinois (Liu, Basar, Srikant 2006): alpha from 10 to 0.3, beta from 1/8 to 1/2. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

START_TEST(no_delay)
{
    struct cc_rig rig;

    rig_init(&rig, "illinois");
    rig_cruise(&rig, 500);
    rig_ack(&rig, 1, 150000); /* the largest delay: 50 ms */
    for (int i = 0; i < 8; i++)
        rig_round(&rig, 100000);
    uint32_t before = rig.cc.cwnd;
    rig_round(&rig, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, before + 9);
    ck_assert_uint_le(rig.cc.cwnd, before + 11);
    rig_cruise(&rig, 800);
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 700);
    rig_fini(&rig);
}
END_TEST

START_TEST(full_delay)
{
    struct cc_rig rig;

    rig_init(&rig, "illinois");
    rig_cruise(&rig, 500);
    rig_round(&rig, 100000);
    for (int i = 0; i < 3; i++)
        rig_round(&rig, 150000);
    uint32_t before = rig.cc.cwnd;
    for (int i = 0; i < 10; i++)
        rig_round(&rig, 150000);
    ck_assert_uint_ge(rig.cc.cwnd, before + 2);
    ck_assert_uint_le(rig.cc.cwnd, before + 4);
    rig_cruise(&rig, 800);
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 400);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_illinois", no_delay, full_delay)

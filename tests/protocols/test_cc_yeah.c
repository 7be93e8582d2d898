/* YeAH-TCP (Baiocchi et al. 2007). */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* No queue: Scalable's growth, 1 % a round trip. */
START_TEST(fast)
{
    struct cc_rig rig;

    rig_init(&rig, "yeah");
    rig_cruise(&rig, 500);
    rig_path(&rig, 2000, 100000);
    uint32_t before = rig.cc.cwnd;
    rig_path(&rig, 2000, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, before + before / 100);
    ck_assert_uint_le(rig.cc.cwnd, before + before / 100 + 1);
    /* A loss takes an eighth. */
    before = rig.cc.cwnd;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, before - before / 8);
    rig_fini(&rig);
}
END_TEST

/* A queue above 80 packets is taken out of the window, so that it stays below. */
START_TEST(decongestion)
{
    struct cc_rig rig;

    rig_init(&rig, "yeah");
    rig_cruise(&rig, 900);
    rig_path(&rig, 1000, 100000);
    rig_cruise(&rig, 1300);
    for (int i = 0; i < 200; i++)
        rig_path(&rig, 1000, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, 1000);
    ck_assert_uint_le(rig.cc.cwnd, 1085);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_yeah", fast, decongestion)

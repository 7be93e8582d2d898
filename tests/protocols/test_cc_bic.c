/* BIC (Xu, Harfoush, Rhee 2004): binary search between the window after a loss and that before. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* S_max = 16 packets a round trip while far away, a quarter of the distance when near; doubled, as
 * Linux's correction for delayed ACKs takes two packets an ACK for granted. */
START_TEST(search)
{
    struct cc_rig rig;

    rig_init(&rig, "bic");
    rig_cruise(&rig, 1000);
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 1000 * 819 / 1024);
    rig_round(&rig, 100000); /* the estimate of delayed ACKs settles */
    for (int i = 0; i < 3; i++) {
        uint32_t before = rig.cc.cwnd;
        rig_round(&rig, 100000);
        ck_assert_uint_ge(rig.cc.cwnd, before + 29);
        ck_assert_uint_le(rig.cc.cwnd, before + 33);
    }
    while (rig.cc.cwnd < 940)
        rig_round(&rig, 100000);
    for (int i = 0; i < 6; i++) {
        uint32_t before = rig.cc.cwnd, step = (1000 - before) / 4 * 2;
        rig_round(&rig, 100000);
        ck_assert_uint_le(rig.cc.cwnd - before, step + 2);
    }
    ck_assert_uint_ge(rig.cc.cwnd, 985);
    ck_assert_uint_le(rig.cc.cwnd, 1000);
    rig_fini(&rig);
}
END_TEST

/* Beyond the old maximum: slowly first, then by S_max again. */
START_TEST(probe)
{
    struct cc_rig rig;

    rig_init(&rig, "bic");
    rig_cruise(&rig, 1000);
    rig_loss(&rig);
    while (rig.cc.cwnd < 1002)
        rig_round(&rig, 100000);
    uint32_t slow = rig.cc.cwnd;
    rig_round(&rig, 100000);
    slow = rig.cc.cwnd - slow;
    while (rig.cc.cwnd < 1100)
        rig_round(&rig, 100000);
    uint32_t fast = rig.cc.cwnd;
    rig_round(&rig, 100000);
    fast = rig.cc.cwnd - fast;
    ck_assert_uint_le(slow, 10);
    ck_assert_uint_ge(fast, 29);
    rig_fini(&rig);
}
END_TEST

/* Up to 14 packets it is Reno. */
START_TEST(small_windows_are_reno)
{
    struct cc_rig rig;

    rig_init(&rig, "bic");
    rig_cruise(&rig, 12);
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 6);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_bic", search, probe, small_windows_are_reno)

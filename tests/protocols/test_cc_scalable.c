/* Scalable TCP (Kelly 2003): 0.01 packets per packet acknowledged, an eighth less per loss. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

START_TEST(multiplicative)
{
    struct cc_rig rig;

    rig_init(&rig, "scalable");
    rig_cruise(&rig, 1000);
    rig_round(&rig, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 1010);
    rig_cruise(&rig, 1000);
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 875);
    /* The time to recover does not depend on the window: ln(8/7) / ln(1.01) = 13.4 round trips. */
    for (uint32_t w = 1000; w <= 16000; w *= 4) {
        int rounds = 0;
        rig_cruise(&rig, w);
        rig_loss(&rig);
        for (; rig.cc.cwnd < w; rounds++)
            rig_round(&rig, 100000);
        ck_assert_int_ge(rounds, 13);
        ck_assert_int_le(rounds, 14);
    }
    rig_fini(&rig);
}
END_TEST

/* Reno below 100 packets. */
START_TEST(small)
{
    struct cc_rig rig;

    rig_init(&rig, "scalable");
    rig_cruise(&rig, 40);
    rig_round(&rig, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 41);
    rig_fini(&rig);
}
END_TEST

/* Slow start up to the threshold, what is left of the ACK counts after it; two packets are the
 * least threshold. */
START_TEST(slow_start)
{
    struct cc_rig rig;

    rig_init(&rig, "scalable");
    rig_check_slow_start(&rig, 10, 100000);
    rig.cc.cwnd = 1;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
    rig.cc.cwnd = 2;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_scalable", multiplicative, small, slow_start)

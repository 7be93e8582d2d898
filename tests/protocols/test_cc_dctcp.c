/* DCTCP against RFC 8257. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* A round trip in which one packet of `every` is marked; 0: none. */
static void round_with_marks(struct cc_rig *rig, uint32_t every)
{
    uint32_t n = rig->flight = rig->cc.cwnd;

    for (uint32_t i = 0; i < n; i++) {
        rig->cc.now += 100 * SIM_US / n;
        if (every && i % every == 0)
            rig->ack.delivered_ce++;
        rig_ack(rig, 1, 100);
    }
}

/* Section 3.3: alpha follows the fraction of marks with g = 1/16, from 1 (Linux's choice); a mark
 * reduces the window by alpha / 2. */
START_TEST(alpha)
{
    struct cc_rig rig;
    double want = 1;

    rig_init(&rig, "dctcp");
    for (int round = 0; round < 60; round++) {
        rig_cruise(&rig, 160);
        round_with_marks(&rig, 4);
        want = want * 15 / 16 + 0.25 / 16;
        rig_cruise(&rig, 1000);
        double got = 2 * (1 - rig.cc.ops->ssthresh(&rig.cc) / 1000.0);
        if (round > 1) /* the sampling of rounds lags by one */
            ck_assert_msg(got > want - 0.03 && got < want + 0.08, "round %d: %.3f, not %.3f", round,
                          got, want);
    }
    rig_fini(&rig);
}
END_TEST

/* No marks: alpha goes to 0, and a lone mark then costs next to nothing. */
START_TEST(forgets)
{
    struct cc_rig rig;

    rig_init(&rig, "dctcp");
    for (int round = 0; round < 150; round++) {
        rig_cruise(&rig, 100);
        round_with_marks(&rig, 0);
    }
    rig_cruise(&rig, 1000);
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 1000);
    rig_fini(&rig);
}
END_TEST

/* Section 3.5: a loss takes half, whatever alpha is. */
START_TEST(loss)
{
    struct cc_rig rig;

    rig_init(&rig, "dctcp");
    for (int round = 0; round < 150; round++) {
        rig_cruise(&rig, 100);
        round_with_marks(&rig, 0);
    }
    rig_cruise(&rig, 1000);
    rig.cc.ops->ssthresh(&rig.cc);
    rig.cc.ops->set_state(&rig.cc, CC_RECOVERY);
    ck_assert_uint_eq(rig.cc.ssthresh, 500);
    rig_cruise(&rig, 600);
    rig.cc.ops->ssthresh(&rig.cc);
    rig.cc.ops->event(&rig.cc, CC_LOSS_TIMEOUT);
    ck_assert_uint_eq(rig.cc.ssthresh, 300);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_dctcp", alpha, forgets, loss)

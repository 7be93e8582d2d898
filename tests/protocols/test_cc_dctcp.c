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

/* A window of 100 acknowledged at once, so many packets of it marked: a round. */
static uint32_t alpha_after(struct cc_rig *rig, uint32_t marks)
{
    rig_cruise(rig, 100);
    rig->ack.delivered_ce += marks;
    rig_ack(rig, 100, 100);
    return rig_info(rig).dctcp.alpha;
}

/* In 1/1024, each step rounded down: alpha - alpha / 16 + F / 16, at most 1; what is below 16/1024
 * is forgotten at once. */
START_TEST(average)
{
    struct cc_rig rig;

    rig_init(&rig, "dctcp");
    ck_assert_uint_eq(rig_info(&rig).dctcp.enabled, 1);
    ck_assert_uint_eq(rig_info(&rig).dctcp.alpha, 1024);
    ck_assert_uint_eq(alpha_after(&rig, 0), 960);
    ck_assert_uint_eq(alpha_after(&rig, 25), 960 - 60 + 16);
    ck_assert_uint_eq(alpha_after(&rig, 100), 916 - 57 + 64);
    ck_assert_uint_eq(alpha_after(&rig, 1000), 1024);
    rig_fini(&rig);

    rig_init(&rig, "dctcp");
    rig_param(&rig, "alpha_on_init", "17");
    rig_param(&rig, "shift_g", "4");
    rig.cc.ops->init(&rig.cc);
    ck_assert_uint_eq(alpha_after(&rig, 0), 16);
    ck_assert_uint_eq(alpha_after(&rig, 0), 15);
    ck_assert_uint_eq(alpha_after(&rig, 0), 0);
    rig.cc.nxt = rig.cc.una + 100 * rig.cc.mss; /* its first round is what is in flight */
    rig.cc.ops->init(&rig.cc);
    rig_ack(&rig, 50, 100);
    ck_assert_uint_eq(rig_info(&rig).dctcp.alpha, 17);
    rig_ack(&rig, 50, 100);
    ck_assert_uint_eq(rig_info(&rig).dctcp.alpha, 16);
    for (int i = 0; i < 3; i++)
        alpha_after(&rig, 0);
    ck_assert_uint_eq(rig_info(&rig).dctcp.alpha, 0);
    rig_param(&rig, "shift_g", "2");
    ck_assert_uint_eq(alpha_after(&rig, 50), 128);
    ck_assert_uint_eq(alpha_after(&rig, 0), 96);
    rig_fini(&rig);
}
END_TEST

/* TCP_CC_INFO within a round: bytes in all and marked, and how the last data came. */
START_TEST(told)
{
    struct cc_rig rig;

    rig_init(&rig, "dctcp");
    alpha_after(&rig, 7);
    rig_cruise(&rig, 100);
    rig.ack.delivered_ce += 3;
    rig_ack(&rig, 50, 100);
    rig_ack(&rig, 49, 100);
    ck_assert_uint_eq(rig_info(&rig).dctcp.ab_tot, 99 * 1448);
    ck_assert_uint_eq(rig_info(&rig).dctcp.ab_ecn, 3 * 1448);
    ck_assert_uint_eq(rig_info(&rig).dctcp.ce_state, 0);
    rig_event(&rig, CC_ECN_IS_CE);
    ck_assert_uint_eq(rig_info(&rig).dctcp.ce_state, 1);
    rig_event(&rig, CC_TX_START);
    ck_assert_uint_eq(rig_info(&rig).dctcp.ce_state, 1);
    rig_event(&rig, CC_ECN_NO_CE);
    ck_assert_uint_eq(rig_info(&rig).dctcp.ce_state, 0);
    rig_cruise(&rig, 100);
    rig_ack(&rig, 1, 100); /* the hundredth ends the round */
    ck_assert_uint_eq(rig_info(&rig).dctcp.ab_tot, 0);
    rig_fini(&rig);
}
END_TEST

/* W alpha / 2, to two packets at least; undone to the window before; a loss halves it, once. */
START_TEST(reductions)
{
    static const uint32_t rows[][2] = { { 100, 50 }, { 101, 51 }, { 3, 2 }, { 2, 2 }, { 1, 2 } };
    struct cc_rig rig;

    rig_init(&rig, "dctcp");
    rig.cc.cwnd = 30;
    ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), 30);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        rig.cc.cwnd = rows[i][0];
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), rows[i][1]);
        rig.cc.cwnd = 1;
        ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), rows[i][0]);
    }
    rig.cc.cwnd = 700;
    ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), 700);
    alpha_after(&rig, 0);
    rig.cc.cwnd = 1000;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 1000 - 468); /* 960 / 2048 */

    rig_cruise(&rig, 600);
    rig_state(&rig, CC_CWR);
    ck_assert_uint_eq(rig.cc.ssthresh, 600);
    rig_state(&rig, CC_RECOVERY);
    ck_assert_uint_eq(rig.cc.ssthresh, 300);
    rig.cc.cwnd = 3;
    rig_state(&rig, CC_RECOVERY);
    ck_assert_uint_eq(rig.cc.ssthresh, 300);
    ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), 600);
    rig_event(&rig, CC_COMPLETE_CWR);
    ck_assert_uint_eq(rig.cc.ssthresh, 300);
    rig_event(&rig, CC_LOSS_TIMEOUT);
    ck_assert_uint_eq(rig.cc.ssthresh, 2);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_dctcp", alpha, forgets, loss, average, told, reductions)

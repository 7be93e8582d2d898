/* NewReno's window (RFC 5681, 6582). */
#include "sim/param.h"
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

START_TEST(slow_start)
{
    struct cc_rig rig;

    rig_init(&rig, "reno");
    rig.cc.ssthresh = 64;
    rig_round(&rig, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 20);
    rig_round(&rig, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 40);
    rig_ack(&rig, 40, 100000); /* up to ssthresh; what is left counts for avoidance */
    ck_assert_uint_eq(rig.cc.cwnd, 64);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 16);
    rig_fini(&rig);
}
END_TEST

/* RFC 5681 3.1: one packet per round trip. */
START_TEST(avoidance)
{
    struct cc_rig rig;

    rig_init(&rig, "reno");
    rig.cc.ssthresh = rig.cc.cwnd = 20;
    for (uint32_t want = 21; want < 60; want++) {
        rig_round(&rig, 100000);
        ck_assert_uint_eq(rig.cc.cwnd, want);
    }
    rig_fini(&rig);
}
END_TEST

/* ACKs of two packets make no difference (RFC 3465), unless one counts ACKs. */
START_TEST(delayed_acks)
{
    for (int packets = 0; packets < 2; packets++) {
        struct cc_rig rig;
        rig_init(&rig, "reno");
        rig_param(&rig, "count_packets", packets ? "yes" : "no");
        rig.cc.ssthresh = rig.cc.cwnd = 20;
        for (int round = 0; round < 20; round++)
            for (uint32_t i = 0, n = rig.cc.cwnd; i < n; i += 2)
                rig_ack(&rig, 2, 100000);
        ck_assert_uint_ge(rig.cc.cwnd, packets ? 39 : 29);
        ck_assert_uint_le(rig.cc.cwnd, packets ? 41 : 31);
        rig_fini(&rig);
    }
}
END_TEST

START_TEST(decrease)
{
    struct cc_rig rig;

    rig_init(&rig, "reno");
    rig.cc.cwnd = 33;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 16);
    rig.cc.cwnd = 3;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
    rig.cc.cwnd = 40;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), 40);
    rig_fini(&rig);
}
END_TEST

START_TEST(clamp)
{
    struct cc_rig rig;

    rig_init(&rig, "reno");
    rig.cc.cwnd_clamp = 25;
    for (int i = 0; i < 5; i++)
        rig_round(&rig, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 25);
    rig_fini(&rig);
}
END_TEST

/* Linux's tcp_cong_avoid_ai(): what was counted for a larger window is one packet, not more. */
START_TEST(credit_of_a_larger_window)
{
    struct cc_rig rig;

    rig_init(&rig, "reno");
    rig_cruise(&rig, 20);
    rig.cc.cwnd_cnt = 90;
    rig_ack(&rig, 1, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 21);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 1);
    rig_cruise(&rig, 20);
    rig.cc.cwnd_cnt = 20;
    rig_ack(&rig, 1, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 21);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 1);
    rig.cc.ssthresh = 24;
    rig_ack(&rig, 4, 100000); /* 3 of slow start, and 1 */
    ck_assert_uint_eq(rig.cc.cwnd, 24);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 2);
    rig_cruise(&rig, 7);
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 3);
    rig_cruise(&rig, 6);
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 3);
    rig_fini(&rig);
}
END_TEST

/* Linux's tcp_current_ssthresh(): three quarters of the window, in two shifts, unless the threshold
 * is larger or the window is just being reduced. */
START_TEST(threshold_of_a_used_window)
{
    static const struct {
        enum cc_state state;
        uint32_t cwnd, ssthresh, want;
    } rows[] = {
        { CC_OPEN, 43, 20, 31 }, { CC_DISORDER, 43, 20, 31 }, { CC_LOSS, 43, 20, 31 },
        { CC_OPEN, 43, 32, 32 }, { CC_CWR, 43, 20, 20 },      { CC_RECOVERY, 43, 20, 20 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc cc = { .state = (uint8_t)rows[i].state,
                         .cwnd = rows[i].cwnd,
                         .ssthresh = rows[i].ssthresh };
        ck_assert_uint_eq(cc_current_ssthresh(&cc), rows[i].want);
    }
}
END_TEST

SUITE("protocols/cc_reno", slow_start, avoidance, delayed_acks, decrease, clamp,
      credit_of_a_larger_window, threshold_of_a_used_window)

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

SUITE("protocols/cc_reno", slow_start, avoidance, delayed_acks, decrease, clamp)

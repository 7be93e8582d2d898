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

/* A loss at `last_max` (0: none yet) before; then ACKs of one packet until this window grows. */
static uint32_t acks(uint32_t last_max, uint32_t cwnd)
{
    struct cc_rig rig;
    uint32_t n;

    rig_init(&rig, "bic");
    rig_state(&rig, CC_DISORDER); /* where the estimate of two packets an ACK stays */
    if (last_max) {
        rig.cc.cwnd = last_max;
        rig.cc.ops->ssthresh(&rig.cc);
    }
    rig_cruise(&rig, cwnd);
    n = rig_acks_to_move(&rig, 100000);
    rig_fini(&rig);
    return n;
}

/* The packets to be acknowledged for one more, by the distance from the last maximum of 1000: a
 * quarter of it a round trip, at most 16 packets, 1/5 of one when near (smooth_part / 4 = 5
 * windows); beyond it a mirror image, slow up to four packets, and 16 from 48 on.  Two packets an
 * ACK halve all of it. */
START_TEST(distances)
{
    static const uint32_t rows[][3] = {
        { 1000, 800, 800 / 16 / 2 },
        { 1000, 960, 960 / 10 / 2 },
        { 1000, 992, 992 / 2 / 2 },
        { 1000, 993, 993 * 5 / 2 },
        { 1000, 1000, 1000 * 5 / 2 },
        { 1000, 1003, 1003 * 5 / 2 },
        { 1000, 1004, 1004 * 3 / 4 / 2 },
        { 1000, 1010, 1010 * 3 / 10 / 2 },
        { 1000, 1047, 1047 * 3 / 47 / 2 },
        { 1000, 1200, 1200 / 16 / 2 },
        { 1000, 1060, 1060 / 16 / 2 },
        { 0, 1000, 20 / 2 }, /* nothing is known: 5 % at least */
        { 0, 176, 11 / 2 },
        { 0, 14, 14 }, /* Reno */
        { 0, 15, 1 },
        { 1000, 15, 1 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_msg(acks(rows[i][0], rows[i][1]) == rows[i][2], "%u of %u: %u, not %u",
                      rows[i][1], rows[i][0], acks(rows[i][0], rows[i][1]), rows[i][2]);
}
END_TEST

/* The estimate of packets an ACK follows with weight 1/16, in the state Open: in Linux's sixteenths
 * 31 for one, 48 for three. */
START_TEST(delayed_acks)
{
    for (uint32_t packets = 1; packets <= 3; packets += 2) {
        struct cc_rig rig;
        rig_init(&rig, "bic");
        rig.cc.cwnd_limited = false;
        rig_cruise(&rig, 1600);
        for (int i = 0; i < 200; i++)
            rig_ack(&rig, packets, 100000);
        rig_ack(&rig, 0, 100000); /* acknowledges nothing new: no sample */
        rig.cc.cwnd_limited = true;
        rig_state(&rig, CC_DISORDER);
        rig_cruise(&rig, 336); /* of which 1/16 are 21: 20 while nothing is known */
        ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), 20 * 16 / (packets == 1 ? 31 : 48));
        rig_param(&rig, "low_window", "0");
        rig.cc.cwnd = 1;
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
        rig_cruise(&rig, 1600);
        ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), 100 * 16 / (packets == 1 ? 31 : 48));
        rig_fini(&rig);
    }
}
END_TEST

/* For the same window looked up after more than 31 ms (1/32 s) only. */
START_TEST(lookups)
{
    for (uint32_t ms = 31; ms <= 32; ms++) {
        struct cc_rig rig;
        rig_init(&rig, "bic");
        rig_state(&rig, CC_DISORDER);
        rig_cruise(&rig, 1000);
        rig_ack(&rig, 1, 100000);
        rig.cc.ops->ssthresh(&rig.cc);
        rig.cc.now += ms * SIM_MS;
        ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), ms == 31 ? 9 : 2499);
        rig_fini(&rig);
    }
}
END_TEST

/* 819 / 1024, Reno's half up to 14 packets, two at least.  A loss below the last maximum makes it
 * (1 + 819 / 1024) / 2 of the window, 719 of 800, to give way; a time-out makes it unknown. */
START_TEST(losses)
{
    static const uint32_t rows[][2] = {
        { 5000, 3999 }, { 1000, 799 }, { 15, 11 }, { 14, 7 }, { 3, 2 }
    };

    for (int fast = 0; fast < 2; fast++) {
        struct cc_rig rig;
        rig_init(&rig, "bic");
        if (!fast)
            rig_param(&rig, "fast_convergence", "no");
        rig_state(&rig, CC_DISORDER);
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
            rig.cc.cwnd = rows[i][0];
            ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), rows[i][1]);
        }
        rig.cc.cwnd = 800;
        rig.cc.ops->ssthresh(&rig.cc);
        rig.cc.cwnd = 800;
        rig.cc.ops->ssthresh(&rig.cc); /* not below it */
        rig_cruise(&rig, 760);
        rig.cc.ops->ssthresh(&rig.cc); /* to 760 or 683 */
        rig_cruise(&rig, 684);
        ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), fast ? 684 * 5 / 2 : 684 / 16 / 2);
        rig_state(&rig, CC_LOSS);
        rig_state(&rig, CC_DISORDER);
        rig_cruise(&rig, 1000);
        ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), 10);
        rig_fini(&rig);
    }
}
END_TEST

/* Slow start up to the threshold, what is left of the ACK counts after it. */
START_TEST(slow_start)
{
    struct cc_rig rig;

    rig_init(&rig, "bic");
    rig_check_slow_start(&rig, 10, 100000);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_bic", search, probe, small_windows_are_reno, distances, delayed_acks, lookups,
      losses, slow_start)

/* HighSpeed TCP against RFC 3649. */
#include <math.h>

#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* Section 5: b(w) = 0.5 at 38 packets, 0.1 at 83000, linear in the logarithm. */
START_TEST(decrease)
{
    static const uint32_t windows[] = { 38, 118, 1058, 10661, 53677, 83000 };

    for (size_t i = 0; i < G_N_ELEMENTS(windows); i++) {
        struct cc_rig rig;
        uint32_t w = windows[i];
        double b = 0.5 - 0.4 * log(w / 38.0) / log(83000 / 38.0);
        rig_init(&rig, "highspeed");
        rig_cruise(&rig, w);
        rig_ack(&rig, 1, 100000);
        rig_cruise(&rig, w);
        double got = 1 - (double)rig.cc.ops->ssthresh(&rig.cc) / w;
        ck_assert_msg(fabs(got - b) < 0.015, "b(%u) = %.3f, not %.3f", w, got, b);
        rig_fini(&rig);
    }
}
END_TEST

/* Appendix B: a(38) = 1, a(118) = 2, a(1058) = 8, a(10661) = 30, a(84035) = 71. */
START_TEST(increase)
{
    static const uint32_t rows[][2] = {
        { 38, 1 }, { 118, 2 }, { 1058, 8 }, { 10661, 30 }, { 84035, 71 }
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        rig_init(&rig, "highspeed");
        rig_cruise(&rig, rows[i][0] - rows[i][1]); /* so that the round ends within the row */
        rig_round(&rig, 100000);
        ck_assert_uint_ge(rig.cc.cwnd, rows[i][0] - 1);
        ck_assert_uint_le(rig.cc.cwnd, rows[i][0] + 1);
        rig_fini(&rig);
    }
}
END_TEST

/* Section 5: a(w) = w^2 p(w) 2 b(w) / (2 - b(w)) with p(w) = 0.078 / w^1.2. */
static double b_of(double w)
{
    return 0.5 - 0.4 * log(w / 38) / log(83000 / 38.0);
}

static double a_of(double w)
{
    return w * w * 0.078 / pow(w, 1.2) * 2 * b_of(w) / (2 - b_of(w));
}

/* What an ACK adds, in packets per window, and what a loss takes, in 1/256. */
static uint32_t growth(struct cc_rig *rig, uint32_t cwnd)
{
    rig_cruise(rig, cwnd);
    rig_ack(rig, 1, 100000);
    return rig->cc.cwnd_cnt;
}

static uint32_t decrease256(struct cc_rig *rig)
{
    rig->cc.cwnd = 1 << 16;
    return ((1 << 16) - rig->cc.ops->ssthresh(&rig->cc)) / 256;
}

/* Each window up to the end of the table: a row ends where the next whole a(w) is reached, and its
 * b(w) is that of its end; the way down is the same. */
START_TEST(each_row)
{
    struct cc_rig rig;
    uint32_t a = 1;

    rig_init(&rig, "highspeed");
    ck_assert_uint_eq(rig.cc.cwnd_clamp, UINT32_MAX / 128);
    for (uint32_t w = 30; w < 95000; w++) {
        uint32_t next = growth(&rig, w);
        if (next == a)
            continue;
        ck_assert_uint_eq(next, a + 1);
        ck_assert_msg(fabs(a_of(w - 1) - a) < 0.05, "a(%u) = %.3f, not %u", w - 1, a_of(w - 1), a);
        ck_assert_uint_eq(growth(&rig, w - 1), a);
        ck_assert_uint_eq(decrease256(&rig), (uint32_t)floor(256 * b_of(w - 1)));
        a = next;
    }
    ck_assert_uint_eq(a, 73);
    growth(&rig, 94717);
    ck_assert_uint_eq(decrease256(&rig), (uint32_t)floor(256 * b_of(94717)));
    ck_assert_uint_eq(growth(&rig, 1058), 8);
    ck_assert_uint_eq(growth(&rig, 38), 1);
    ck_assert_uint_eq(growth(&rig, 94718), 73);
    rig_fini(&rig);
}
END_TEST

/* What is over when the window grows stays; the clamp holds; two packets are the least threshold.
 */
START_TEST(limits)
{
    struct cc_rig rig;

    rig_init(&rig, "highspeed");
    rig_cruise(&rig, 118);
    rig.cc.cwnd_cnt = 117;
    rig_ack(&rig, 1, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 119);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 1);
    rig_cruise(&rig, 118);
    rig.cc.cwnd_cnt = 116;
    rig_ack(&rig, 1, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 119);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 0);
    rig.cc.ssthresh = 130;
    rig_ack(&rig, 5, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 124);
    rig_cruise(&rig, 119);
    rig.cc.cwnd_clamp = 119;
    rig.cc.cwnd_cnt = 118;
    rig_ack(&rig, 1, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 119);
    rig.cc.cwnd = 3;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_highspeed", decrease, increase, each_row, limits)

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

SUITE("protocols/cc_highspeed", decrease, increase)

/* H-TCP (draft-leith-tcp-htcp-06). */
#include <math.h>

#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* alpha(D) = 1 + 10 (D - 1) + ((D - 1) / 2)^2, times 2 (1 - beta) = 1 for beta = 0.5; the reference
 * round trip is 100 ms. */
START_TEST(increase)
{
    struct cc_rig rig;

    rig_init(&rig, "htcp");
    rig_cruise(&rig, 2000);
    rig_round(&rig, 100000);
    rig_loss(&rig);
    sim_time start = rig.cc.now;
    for (int i = 0; i < 50; i++) {
        uint32_t before = rig.cc.cwnd;
        rig_round(&rig, 100000);
        double d = (double)(rig.cc.now - start) / 1e12 - 0.1;
        double want = d <= 1 ? 1 : 1 + 10 * (d - 1) + (d - 1) * (d - 1) / 4;
        ck_assert_msg(fabs(rig.cc.cwnd - before - want) < 2.2 + want * 0.1,
                      "%.1f s: %u packets, not %.1f", d, rig.cc.cwnd - before, want);
    }
    rig_fini(&rig);
}
END_TEST

/* beta = RTTmin / RTTmax, between 0.5 and 0.8, when the throughput is what it was. */
START_TEST(decrease)
{
    struct cc_rig rig;

    rig_init(&rig, "htcp");
    rig_param(&rig, "use_bandwidth_switch", "no");
    rig_cruise(&rig, 1000);
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 500);
    for (uint32_t rtt = 100; rtt <= 150; rtt += 10)
        rig_ack(&rig, 1, (int32_t)rtt * 1000);
    rig_cruise(&rig, 900);
    rig_loss(&rig);
    ck_assert_uint_ge(rig.cc.cwnd, 900 * 100 / 150 - 10);
    ck_assert_uint_le(rig.cc.cwnd, 900 * 100 / 150);
    rig_fini(&rig);
}
END_TEST

/* Linux counts round trips in milliseconds and rounds up, so that the scaling by RTT / 100 ms, not
 * below 1/10, is there on the shortest paths, too: after 5 s alpha is 45 / 10, in whole packets. */
START_TEST(short_round_trips)
{
    struct cc_rig rig;

    rig_init(&rig, "htcp");
    rig_cruise(&rig, 2000);
    rig_round(&rig, 500);
    rig_loss(&rig);
    rig.cc.now += 5 * SIM_S;
    rig_round(&rig, 500);
    rig_round(&rig, 500);
    uint32_t before = rig.cc.cwnd;
    for (int i = 0; i < 10; i++)
        rig_round(&rig, 500);
    ck_assert_msg(rig.cc.cwnd - before >= 36 && rig.cc.cwnd - before <= 44, "%u",
                  rig.cc.cwnd - before);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_htcp", increase, decrease, short_round_trips)

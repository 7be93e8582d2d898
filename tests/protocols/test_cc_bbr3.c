/* BBR version 3 against draft-ietf-ccwg-bbr-05. */
#include <math.h>

#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

static double paced(const struct cc_rig *rig)
{
    return (double)rig->cc.pacing_rate / rig->cc.mss / 10;
}

/* Section 5.3.1: start-up with gain 2.77, then drain with 0.5. */
START_TEST(startup_and_drain)
{
    struct cc_rig rig;

    rig_init(&rig, "bbr3");
    for (int i = 0; i < 30 && rig.cc.ssthresh == CC_INFINITE; i++) {
        uint32_t rate = MIN(rig.cc.cwnd, 1000);
        rig_path(&rig, 1000, 100000);
        if (rig.cc.ssthresh == CC_INFINITE && i > 0)
            ck_assert(fabs(paced(&rig) / rate - 2.77) < 0.06);
    }
    ck_assert_uint_ge(rig.cc.ssthresh, 1000);
    ck_assert_uint_le(rig.cc.ssthresh, 1060);
    rig_fini(&rig);
}
END_TEST

static void fill(struct cc_rig *rig)
{
    rig_init(rig, "bbr3");
    for (int i = 0; i < 13; i++)
        rig_path(rig, 1000, 100000);
    for (int i = 0; i < 10; i++) {
        rig->cc.cwnd = 1000;
        rig_path(rig, 1000, 100000);
    }
}

static double gain(const struct cc_rig *rig)
{
    return paced(rig) / 1000 / 0.99;
}

/* Section 5.3.3: down 0.90, cruise 1, refill 1, up 1.25, to 1/256 and less; a probe 2 to 3 s after
 * the last one or after the round trip was probed, every 5 s. */
START_TEST(cycle)
{
    struct cc_rig rig;
    int up = 0, down = 0, cruise = 0, probes = 0;
    double last = 1;

    fill(&rig);
    for (int i = 0; i < 300; i++) { /* 30 s */
        double g = gain(&rig);
        up += fabs(g - 1.25) < 0.002;
        down += fabs(g - 0.90) < 0.002;
        cruise += fabs(g - 1) < 0.002;
        probes += fabs(g - 1.25) < 0.002 && fabs(last - 1.25) > 0.002;
        last = g;
        rig.cc.cwnd = MIN(rig.cc.cwnd, 1000);
        rig_path(&rig, 1000, 100000);
    }
    ck_assert_int_ge(probes, 5);
    ck_assert_int_le(probes, 12);
    ck_assert_int_gt(up, 7);
    ck_assert_int_gt(down, 0);
    ck_assert_int_gt(cruise, 150);
    rig_fini(&rig);
}
END_TEST

static void until_up(struct cc_rig *rig)
{
    for (int i = 0; i < 100 && fabs(gain(rig) - 1.25) > 0.01; i++) {
        rig->cc.cwnd = MIN(rig->cc.cwnd, 1000);
        rig_path(rig, 1000, 100000);
    }
    ck_assert(fabs(gain(rig) - 1.25) < 0.01);
}

/* Section 5.5.10: more than 2 % of a probe lost ends it, and bounds what may be in flight: at the
 * packet that was one too many, 19 of 980 before it, and 0.7 BDP at least. */
START_TEST(loss_threshold)
{
    struct cc_rig rig;
    struct cc_lost lost = { .packets = 1, .tx_inflight = 1000 };

    fill(&rig);
    until_up(&rig);
    for (lost.lost = 1; lost.lost <= 20; lost.lost++)
        rig.cc.ops->lost(&rig.cc, &lost);
    rig_ack(&rig, 1, 100000);
    ck_assert(fabs(gain(&rig) - 1.25) < 0.01); /* 2 % are not too many */
    rig.cc.ops->lost(&rig.cc, &lost);
    rig_ack(&rig, 1, 100000);
    ck_assert(gain(&rig) < 1);
    ck_assert_uint_ge(rig.cc.cwnd, 980);
    ck_assert_uint_le(rig.cc.cwnd, 1000);
    rig_fini(&rig);
}
END_TEST

/* Section 5.5.10.3: a loss while it cruises takes beta = 0.7 of rate and window, unless more was
 * delivered. */
START_TEST(beta)
{
    struct cc_rig rig;
    struct cc_lost lost = { .packets = 1, .tx_inflight = 1000, .lost = 1 };

    fill(&rig);
    until_up(&rig);
    while (fabs(gain(&rig) - 1) > 0.01) {
        rig.cc.cwnd = MIN(rig.cc.cwnd, 900);
        rig_path(&rig, 1000, 100000);
    }
    for (int i = 0; i < 3; i++) { /* half of the rate is gone */
        rig.cc.cwnd = 500;
        rig.cc.ops->lost(&rig.cc, &lost);
        rig_path(&rig, 1000, 100000);
    }
    ck_assert_msg(gain(&rig) < 0.72 && gain(&rig) > 0.48, "%.2f", gain(&rig));
    rig_fini(&rig);
}
END_TEST

/* Section 5.3.4: after 5 s without a shorter round trip half of the BDP for 200 ms. */
START_TEST(probe_rtt)
{
    struct cc_rig rig;
    uint32_t least = UINT32_MAX;
    sim_time low = 0;

    fill(&rig);
    for (int i = 0; i < 60000; i++) {
        uint32_t rtt = rig.cc.cwnd <= 560 ? 100000 : 110000;
        rig.cc.now += 100 * SIM_US;
        rig_ack(&rig, 1, (int32_t)rtt);
        least = MIN(least, rig.cc.cwnd);
        if (rig.cc.cwnd <= 560)
            low += 100 * SIM_US;
    }
    ck_assert_uint_ge(least, 450);
    ck_assert_uint_le(least, 560);
    ck_assert_int_ge(low, 200 * SIM_MS);
    ck_assert_int_le(low, 500 * SIM_MS);
    rig_fini(&rig);
}
END_TEST

/* BBRUpdateMaxBw of the draft: rates seen while the application had nothing to send say nothing
 * about the path, unless they are larger; nor do they age what is known. */
START_TEST(app_limited)
{
    struct cc_rig rig;

    fill(&rig);
    double rate = paced(&rig);
    rig.ack.app_limited = rig.cc.app_limited = true;
    for (int i = 0; i < 120; i++) { /* 12 s: several cycles of probing */
        rig.cc.cwnd = 100;
        rig_path(&rig, 1000, 100000);
    }
    ck_assert(paced(&rig) >= rate * 0.7); /* gains are from 0.90 to 1.25 */
    rig.ack.app_limited = rig.cc.app_limited = false;
    for (int i = 0; i < 120; i++) {
        rig.cc.cwnd = 100;
        rig_path(&rig, 1000, 100000);
    }
    ck_assert(paced(&rig) < rate * 0.5); /* now they count */
    rig_fini(&rig);
}
END_TEST

/* Section 5.3.2: where what is in flight does not go down to the BDP, since others keep the queue,
 * DRAIN ends after three round trips. */
START_TEST(drain_ends)
{
    struct cc_rig rig;
    uint32_t rounds = 0;

    rig_init(&rig, "bbr3");
    while (rig.cc.ssthresh == CC_INFINITE)
        rig_path(&rig, 1000, 100000);
    for (; rig.cc.pacing_rate < 7 * rig.cc.mss * 1000 && rounds < 20; rounds++) {
        rig.cc.cwnd = 1500; /* BDP 1000 */
        rig_path(&rig, 1000, 100000);
    }
    ck_assert_uint_ge(rounds, 3);
    ck_assert_uint_le(rounds, 5);
    rig_fini(&rig);
}
END_TEST

/* Section 5.6.3: the send quantum is two packets at least, and three of them are the least that the
 * window has room for. */
START_TEST(slow_path)
{
    struct cc_rig rig;

    rig_init(&rig, "bbr3");
    rig.flight = 1;
    for (int i = 0; i < 40; i++) { /* 116 kbit/s */
        rig.cc.now += 100 * SIM_MS;
        rig_ack(&rig, 1, 100000);
    }
    ck_assert_uint_eq(rig.cc.cwnd, 6);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_bbr3", startup_and_drain, cycle, loss_threshold, beta, probe_rtt, app_limited,
      drain_ends, slow_path)

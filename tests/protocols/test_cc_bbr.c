/* BBR version 1 (ACM Queue 14(5), 2016; draft-cardwell-iccrg-bbr-congestion-control-00). */
#include <math.h>

#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* The pacing rate, in packets a round trip of 100 ms, against a pipe of 1000. */
static double paced(const struct cc_rig *rig)
{
    return (double)rig->cc.pacing_rate / rig->cc.mss / 10;
}

/* Start-up: 2 / ln 2 = 2.885 times the rate; it is over three round trips after the pipe is full,
 * and leaves no queue. */
START_TEST(startup)
{
    struct cc_rig rig;
    int rounds = 0;

    rig_init(&rig, "bbr");
    for (; rig.cc.ssthresh == CC_INFINITE && rounds < 30; rounds++) {
        uint32_t rate = MIN(rig.cc.cwnd, 1000);
        rig_path(&rig, 1000, 100000);
        if (rig.cc.ssthresh == CC_INFINITE && rounds > 0)
            ck_assert(fabs(paced(&rig) / rate - 2.885) < 0.06);
    }
    /* 10 packets double 7 times before they are 1000; three round trips see no growth. */
    ck_assert_int_ge(rounds, 10);
    ck_assert_int_le(rounds, 13);
    rig_fini(&rig);
}
END_TEST

static void fill(struct cc_rig *rig)
{
    rig_init(rig, "bbr");
    for (int i = 0; i < 13; i++)
        rig_path(rig, 1000, 100000);
}

/* Afterwards: gains 1.25, 0.75 and six times 1, each for a round trip, 1 % below; the window is
 * twice the BDP. */
START_TEST(cycle)
{
    struct cc_rig rig;
    int up = 0, down = 0, cruise = 0;

    fill(&rig);
    for (int i = 0; i < 30; i++) { /* the queue of the start drains */
        rig.cc.cwnd = MIN(rig.cc.cwnd, 1000);
        rig_path(&rig, 1000, 100000);
    }
    for (int i = 0; i < 40; i++) {
        double gain = paced(&rig) / 1000 / 0.99;
        up += fabs(gain - 1.25) < 0.01;
        down += fabs(gain - 0.75) < 0.01;
        cruise += fabs(gain - 1) < 0.01;
        rig.cc.cwnd = 1000;
        rig_path(&rig, 1000, 100000);
    }
    ck_assert_int_eq(up + down + cruise, 40);
    ck_assert_int_ge(up, 3);
    ck_assert_int_ge(down, 2);
    ck_assert_int_ge(cruise, 20);
    rig_path(&rig, 1000, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, 2000);
    ck_assert_uint_le(rig.cc.cwnd, 3200);
    rig_fini(&rig);
}
END_TEST

/* Ten seconds without a shorter round trip: four packets for 200 ms, and the window comes back. */
START_TEST(probe_rtt)
{
    struct cc_rig rig;

    fill(&rig);
    sim_time entered = 0, left = 0;
    for (int i = 0; i < 2000000 && !left; i++) {
        rig.cc.now += 100 * SIM_US;
        rig_ack(&rig, 1, rig.cc.cwnd <= 4 ? 100000 : 120000);
        if (!entered && rig.cc.cwnd == 4)
            entered = rig.cc.now;
        if (entered && rig.cc.cwnd > 4)
            left = rig.cc.now;
    }
    ck_assert(entered > 0 && left > 0);
    double took = (double)(left - entered) / 1e12;
    ck_assert_msg(took > 0.2 && took < 0.4, "ProbeRTT took %.3f s", took);
    ck_assert_uint_gt(rig.cc.cwnd, 1000);
    rig_fini(&rig);
}
END_TEST

/* A loss does not change the rate. */
START_TEST(losses_do_not_matter)
{
    struct cc_rig rig;

    fill(&rig);
    uint64_t rate = rig.cc.pacing_rate;
    rig_loss(&rig);
    rig_ack(&rig, 1, 100000);
    ck_assert_uint_ge(rig.cc.pacing_rate, rate * 7 / 10);
    rig_fini(&rig);
}
END_TEST

/* BBRUpdateBtlBw of the draft: rates seen while the application had nothing to send say nothing
 * about the path, unless they are larger. */
START_TEST(app_limited)
{
    struct cc_rig rig;

    fill(&rig);
    uint64_t rate = rig.cc.pacing_rate;
    rig.ack.app_limited = rig.cc.app_limited = true;
    for (int i = 0; i < 15; i++) { /* longer than the filter of the rate lasts */
        rig.cc.cwnd = 100;
        rig_path(&rig, 1000, 100000);
    }
    ck_assert_uint_ge(rig.cc.pacing_rate, rate * 55 / 100); /* gains are from 0.75 to 1.25 */
    rig.ack.app_limited = rig.cc.app_limited = false;
    for (int i = 0; i < 15; i++) {
        rig.cc.cwnd = 100;
        rig_path(&rig, 1000, 100000);
    }
    ck_assert_uint_lt(rig.cc.pacing_rate, rate * 55 / 100); /* now they count */
    rig_fini(&rig);
}
END_TEST

/* Where the cycle begins is drawn: two seeds differ, one does not. */
START_TEST(seeded)
{
    uint64_t trace[3][40];

    for (int run = 0; run < 3; run++) {
        struct cc_rig rig;
        rig_init(&rig, "bbr");
        rig.cc.ops->seed(&rig.cc, run < 2 ? 12345 : 1);
        for (int i = 0; i < 40; i++) {
            rig.cc.cwnd = MIN(rig.cc.cwnd, 1000);
            rig_path(&rig, 1000, 100000);
            trace[run][i] = rig.cc.pacing_rate;
        }
        rig_fini(&rig);
    }
    ck_assert_mem_eq(trace[0], trace[1], sizeof trace[0]);
    ck_assert_mem_ne(trace[0], trace[2], sizeof trace[0]);
}
END_TEST

/* In DRAIN the sender waits longer between packets than the path takes to deliver some: what will
 * be gone when the next one may leave is not counted, as in Linux since it has departure times. */
START_TEST(drain_ends_with_pacing)
{
    struct cc_rig rig;

    rig_init(&rig, "bbr");
    while (rig.cc.ssthresh == CC_INFINITE)
        rig_path(&rig, 1000, 100000);
    rig.flight = 1000;
    rig.cc.cwnd = 1150;
    rig.ack.pacing_wait_us = 0;
    rig_ack(&rig, 1, 100000);
    ck_assert_msg(paced(&rig) < 400, "still draining: %.0f", paced(&rig));
    rig.cc.cwnd = 1150;
    rig.ack.pacing_wait_us = 20000; /* 200 packets */
    rig_ack(&rig, 1, 100000);
    ck_assert_msg(paced(&rig) > 700, "drained: %.0f", paced(&rig));
    rig_fini(&rig);
}
END_TEST

/* ACKs of `lump` packets at once, at the rate of the path. */
static uint32_t window_with_lumps(uint32_t lump)
{
    struct cc_rig rig;

    fill(&rig);
    rig.flight = rig.cc.cwnd = 1000;
    for (uint32_t i = 0; i < 20 * 1000; i += lump) {
        rig.cc.now += lump * 100 * SIM_US;
        rig_ack(&rig, lump, 100000);
    }
    uint32_t cwnd = rig.cc.cwnd;
    rig_fini(&rig);
    return cwnd;
}

/* Where ACKs come in lumps, the window has room for a lump beside its two BDP (Linux since 5.1;
 * draft-cardwell-iccrg-bbr-congestion-control-02, 4.5.5). */
START_TEST(aggregation)
{
    uint32_t evenly = window_with_lumps(1), lumps = window_with_lumps(250);

    ck_assert_uint_ge(evenly, 2000);
    ck_assert_msg(lumps >= evenly + 225 && lumps <= evenly + 275, "%u, then %u", evenly, lumps);
}
END_TEST

/* A policer passes `pipe` packets in each of eight round trips of 100 ms, and then nothing more; at
 * a time-out after `silence` it shows that it has lost a quarter. */
static void policed(struct cc_rig *rig, uint32_t pipe, sim_time silence)
{
    rig->flight = pipe;
    for (uint32_t i = 0; i < 8 * pipe; i++) {
        rig->cc.now += 100 * SIM_MS / pipe;
        rig_ack(rig, 1, 100000);
    }
    rig->cc.now += silence;
    rig->cc.lost += 8 * pipe / 3;
    rig_timeout(rig);
    rig_state(rig, CC_OPEN);
}

/* The rate of a policer is that of what was delivered: the silence before a time-out is no part of
 * it. */
START_TEST(policer_and_timeouts)
{
    struct cc_rig rig;

    fill(&rig);
    rig.cc.cwnd = 500;
    rig.ack.losses = 1; /* the first loss, from which on it measures */
    rig_ack(&rig, 1, 100000);
    rig.ack.losses = 0;
    policed(&rig, 500, 10 * SIM_MS);
    policed(&rig, 500, SIM_S);
    for (int i = 0; i < 10 * 500; i++) { /* that rate, and no more probing */
        rig.cc.now += 100 * SIM_MS / 500;
        rig.cc.cwnd = 500;
        rig_ack(&rig, 1, 100000);
        ck_assert_msg(paced(&rig) > 0.96 * 500 && paced(&rig) < 500, "%.0f", paced(&rig));
    }
    rig_fini(&rig);
}
END_TEST

/* Below 1.2 Mbit/s packets leave one by one. */
START_TEST(least_burst)
{
    struct cc_rig rig;

    rig_init(&rig, "bbr");
    rig.cc.pacing_rate = 1200000 / 8 - 1;
    ck_assert_uint_eq(rig.cc.ops->least_burst(&rig.cc), 1);
    rig.cc.pacing_rate = 1200000 / 8;
    ck_assert_uint_eq(rig.cc.ops->least_burst(&rig.cc), 2);
    rig_fini(&rig);
}
END_TEST

/* TCP_CC_INFO at each ACK of 40 s with up to a tenth of the path queued: each pair of gains, in
 * 1/256, for the rate and for the window, is one of these, and each of these was there. */
static void check_gains(const char *name, const uint32_t (*pairs)[2], size_t n)
{
    struct cc_rig rig;
    uint32_t seen[16] = { 0 };

    rig_init(&rig, name);
    for (int round = 0; round < 400; round++) {
        uint32_t cwnd = rig.flight = MIN(rig.cc.cwnd, 1100), rtt_us = MAX(cwnd, 1000) * 100;
        for (uint32_t i = 0; i < cwnd; i++) {
            size_t k = 0;
            rig.cc.now += (sim_time)rtt_us * SIM_US / cwnd;
            rig_ack(&rig, 1, (int32_t)rtt_us);
            struct cc_info_bbr bbr = rig_info(&rig).bbr;
            while (k < n && (bbr.pacing_gain != pairs[k][0] || bbr.cwnd_gain != pairs[k][1]))
                k++;
            if (k == n)
                ck_abort_msg("gains %u and %u", bbr.pacing_gain, bbr.cwnd_gain);
            seen[k]++;
        }
        rig.cc.cwnd = MIN(rig.cc.cwnd, 1100);
    }
    for (size_t k = 0; k < n; k++)
        ck_assert_msg(seen[k] > 0, "never gains %u and %u", pairs[k][0], pairs[k][1]);
    rig_fini(&rig);
}

/* Linux's tcp_bbr.c: 2 / ln 2 rounded up and its inverse, the cycle of 1.25, 0.75 and 1 with twice
 * the path in flight, and 1 while it probes the round trip. */
START_TEST(gains)
{
    static const uint32_t pairs[][2] = { { 739, 739 }, { 88, 739 },  { 320, 512 },
                                         { 192, 512 }, { 256, 512 }, { 256, 256 } };

    check_gains("bbr", pairs, G_N_ELEMENTS(pairs));
}
END_TEST

/* Linux's bbr_quantization_budget(): the window is twice the path of 1000 packets; two that ACKs
 * are ahead of a rate rounded down; three bursts of a 1/1024 s, at 14.3 MB/s and the gain 9, 12 and
 * 7 packets; all that even, and two more while it probes for bandwidth. */
START_TEST(window)
{
    struct cc_rig rig;
    int seen[3] = { 0 };

    fill(&rig);
    for (int i = 0; i < 30; i++) {
        rig.cc.cwnd = MIN(rig.cc.cwnd, 1000);
        rig_path(&rig, 1000, 100000);
    }
    for (int i = 0; i < 20; i++) {
        rig.cc.cwnd = 5000;
        rig.flight = 1000;
        for (int k = 0; k < 1000; k++) {
            rig.cc.now += 100 * SIM_US;
            rig_ack(&rig, 1, 100000);
        }
        uint32_t gain = rig_info(&rig).bbr.pacing_gain;
        ck_assert_uint_eq(rig.cc.cwnd, gain == 320 ? 2040 : gain == 192 ? 2024 : 2030);
        seen[gain == 320 ? 2 : gain == 192]++;
    }
    ck_assert(seen[0] > 0 && seen[1] > 0 && seen[2] > 0);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_bbr", startup, cycle, probe_rtt, losses_do_not_matter, app_limited, seeded,
      drain_ends_with_pacing, aggregation, policer_and_timeouts, least_burst, gains, window)

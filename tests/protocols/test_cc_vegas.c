/* TCP Vegas (Brakmo, Peterson 1995): between alpha = 2 and beta = 4 packets queued; slow start ends
 * at gamma = 1.  The number queued is W (RTT - baseRTT) / baseRTT in whole packets, and Linux adds
 * a microsecond to each sample, so that 99999 stand for 100 ms. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

enum { BASE = 99999 };

START_TEST(queue)
{
    for (uint32_t start = 60; start <= 200; start += 140) {
        struct cc_rig rig;
        rig_init(&rig, "vegas");
        rig_cruise(&rig, 60);
        rig_path(&rig, 100, 100000);
        rig_cruise(&rig, start);
        for (int i = 0; i < 150; i++)
            rig_path(&rig, 100, 100000);
        ck_assert_uint_ge(rig.cc.cwnd, 102);
        ck_assert_uint_le(rig.cc.cwnd, 105);
        rig_fini(&rig);
    }
}
END_TEST

/* Slow start, in every round, ends when one packet is queued. */
START_TEST(slow_start)
{
    struct cc_rig rig;

    rig_init(&rig, "vegas");
    for (int i = 0; i < 200; i++)
        rig_path(&rig, 100, 100000);
    ck_assert(!cc_in_slow_start(&rig.cc));
    ck_assert_uint_le(rig.cc.cwnd, 105);
    rig_fini(&rig);
}
END_TEST

/* ACKs up to the one that ends the round: what TCP_CC_INFO counts begins anew with it. */
static uint32_t finish_round(struct cc_rig *rig, int32_t rtt_us)
{
    uint32_t n = 0;

    do
        rig_ack(rig, 1, rtt_us);
    while (++n < 1000 && rig_info(rig).vegas.rttcnt != 0);
    return n;
}

/* A new round with this window; the least round trip is known. */
static void begin(struct cc_rig *rig, uint32_t cwnd)
{
    rig_init(rig, "vegas");
    rig_cruise(rig, cwnd);
    finish_round(rig, BASE);
    finish_round(rig, BASE);
    rig_cruise(rig, cwnd);
    rig_state(rig, CC_DISORDER);
    rig->cc.nxt = rig->cc.una + cwnd * rig->cc.mss;
    rig_state(rig, CC_OPEN);
}

/* The window of 100 moves by one packet a round, at these exact delays; the threshold goes down
 * with it, so that this is no slow start. */
START_TEST(thresholds)
{
    static const struct {
        int32_t rtt_us;
        uint32_t cwnd, ssthresh;
    } rows[] = {
        { BASE + 1999, 101, 100 }, /* less than two queued */
        { BASE + 2000, 100, 100 }, /* two */
        { BASE + 4999, 100, 100 }, /* less than five */
        { BASE + 5000, 99, 99 },   /* more than four */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        begin(&rig, 100);
        ck_assert_uint_eq(finish_round(&rig, rows[i].rtt_us), 101);
        ck_assert_uint_eq(rig.cc.cwnd, rows[i].cwnd);
        ck_assert_uint_eq(rig.cc.ssthresh, rows[i].ssthresh);
        rig_fini(&rig);
    }
}
END_TEST

/* Two packets are the least (RFC 9293 aside, Linux's floor), the clamp the most; a window that is
 * not used does not grow; the threshold follows to three quarters of the window. */
START_TEST(limits)
{
    struct cc_rig rig;

    begin(&rig, 2);
    finish_round(&rig, 10 * BASE);
    ck_assert_uint_eq(rig.cc.cwnd, 2);
    rig_fini(&rig);

    begin(&rig, 100);
    rig.cc.cwnd_clamp = 100;
    finish_round(&rig, BASE);
    ck_assert_uint_eq(rig.cc.cwnd, 100);
    rig.cc.cwnd_clamp = UINT32_MAX;
    rig.cc.cwnd_limited = false;
    finish_round(&rig, BASE);
    ck_assert_uint_eq(rig.cc.cwnd, 100);
    rig.cc.cwnd = 400;
    finish_round(&rig, BASE + 750);
    ck_assert_uint_eq(rig.cc.ssthresh, 300);
    rig_fini(&rig);
}
END_TEST

/* More than gamma queued: the window without the queue, 100 x 100 / 102, and one more.  Up to gamma
 * slow start goes on with each ACK, at the end of a round and within one, unless the window is not
 * used. */
START_TEST(slow_start_ends)
{
    for (int used = 0; used < 2; used++) {
        struct cc_rig rig;
        begin(&rig, 100);
        rig.cc.ssthresh = CC_INFINITE;
        rig.cc.cwnd_limited = false;
        rig_acks(&rig, 50, BASE + 1500);
        ck_assert_uint_eq(rig.cc.cwnd, 150); /* half of it used is enough in slow start */
        rig_fini(&rig);

        begin(&rig, 100);
        rig.cc.ssthresh = CC_INFINITE;
        rig.cc.cwnd_clamp = 100;
        rig_acks(&rig, 100, BASE + 1999);
        rig.cc.cwnd_clamp = UINT32_MAX;
        rig_ack(&rig, 1, BASE + 1999); /* ends the round */
        ck_assert_uint_eq(rig_info(&rig).vegas.rttcnt, 0);
        ck_assert_uint_eq(rig.cc.cwnd, 101);
        rig_fini(&rig);

        begin(&rig, 100);
        rig.cc.ssthresh = CC_INFINITE;
        rig.cc.cwnd_clamp = 100;
        finish_round(&rig, BASE + (used ? 2000 : 1999));
        ck_assert_uint_eq(rig.cc.cwnd, used ? 99 : 100);
        ck_assert_uint_eq(rig.cc.ssthresh, used ? 99 : CC_INFINITE);
        rig_fini(&rig);
    }
}
END_TEST

/* Reno with fewer than three samples in a round, and while it is not in the state Open: then a
 * queue does not matter. */
START_TEST(reno_at_times)
{
    struct cc_rig rig;

    for (uint32_t samples = 2; samples <= 3; samples++) {
        begin(&rig, 100);
        rig_acks(&rig, samples, BASE);
        for (int n = 0; n < 1000 && rig_info(&rig).vegas.rttcnt != 0; n++)
            rig_ack(&rig, 1, -1);
        ck_assert_uint_eq(rig.cc.cwnd, samples == 3 ? 101 : 100);
        ck_assert_uint_eq(rig.cc.cwnd_cnt, samples == 3 ? 0 : 1);
        rig_fini(&rig);
    }
    begin(&rig, 100);
    rig_state(&rig, CC_DISORDER);
    ck_assert_uint_eq(rig_info(&rig).vegas.enabled, 0);
    rig_acks(&rig, 100, 2 * BASE);
    ck_assert_uint_eq(rig.cc.cwnd, 101);
    rig_state(&rig, CC_OPEN);
    ck_assert_uint_eq(rig_info(&rig).vegas.enabled, 1);
    ck_assert_uint_eq(rig_info(&rig).vegas.rttcnt, 0);
    ck_assert_uint_eq(rig_info(&rig).vegas.minrtt, INT32_MAX);
    rig_fini(&rig);
}
END_TEST

/* TCP_CC_INFO: the samples and the shortest round trip of this round, the shortest ever.  After
 * idling all of it is forgotten, as the path may be another. */
START_TEST(told_and_forgotten)
{
    static const enum cc_event events[] = { CC_TX_START, CC_CWND_RESTART, CC_COMPLETE_CWR };

    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        bool forgets = events[i] != CC_COMPLETE_CWR;
        struct cc_rig rig;
        begin(&rig, 100);
        rig_ack(&rig, 1, BASE + 3000);
        rig_ack(&rig, 1, BASE + 2000);
        rig_ack(&rig, 1, BASE + 4000);
        ck_assert_uint_eq(rig_info(&rig).vegas.rttcnt, 3);
        ck_assert_uint_eq(rig_info(&rig).vegas.minrtt, BASE + 2001);
        ck_assert_uint_eq(rig_info(&rig).vegas.rtt, BASE + 1);
        rig_event(&rig, events[i]);
        ck_assert_uint_eq(rig_info(&rig).vegas.rtt, forgets ? INT32_MAX : BASE + 1);
        ck_assert_uint_eq(rig_info(&rig).vegas.rttcnt, forgets ? 0 : 3);
        rig_fini(&rig);
    }
}
END_TEST

SUITE("protocols/cc_vegas", queue, slow_start, thresholds, limits, slow_start_ends, reno_at_times,
      told_and_forgotten)

/* CUBIC against RFC 9438. */
#include <math.h>

#include "sim/param.h"
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* RFC 9438 4.2: W(t) = C (t - K)^3 + W_max, K = cbrt((W_max - cwnd_epoch) / C), C = 0.4. */
static double curve(double t, double w_max, double start)
{
    double k = cbrt((w_max - start) / 0.4);
    return 0.4 * pow(t - k, 3) + w_max;
}

START_TEST(follows_the_curve)
{
    struct cc_rig rig;
    const uint32_t w_max = 1000, rtt_us = 100000;

    rig_init(&rig, "cubic");
    rig.cc.cwnd = w_max;
    rig.cc.ssthresh = w_max;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 700); /* beta = 717 / 1024 */
    sim_time start = rig.cc.now;
    for (int round = 1; round <= 140; round++) {
        rig_round(&rig, rtt_us);
        double t = (double)(rig.cc.now - start) / 1e12;
        double want = curve(t, w_max, 700);
        if (want > 2 * w_max) /* growth is limited to 1.5 times a round trip from there on */
            break;
        ck_assert_msg(fabs(rig.cc.cwnd - want) < 0.02 * want, "%.1f s: %u, not %.0f", t,
                      rig.cc.cwnd, want);
    }
    rig_fini(&rig);
}
END_TEST

/* RFC 9438 4.3: with a short round trip it is Reno's window that grows faster: by
 * 3 (1 - beta) / (1 + beta) = 0.53 packets each. */
START_TEST(reno_friendly)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig.cc.cwnd = 50;
    rig.cc.ssthresh = 50;
    rig_loss(&rig); /* 35; K = 3.3 s */
    for (int round = 0; round < 40; round++)
        rig_round(&rig, 10000);
    /* The cubic curve would be at 35 + 2 after 0.4 s. */
    ck_assert_uint_ge(rig.cc.cwnd, 35 + 40 * 0.53 * 0.85);
    ck_assert_uint_le(rig.cc.cwnd, 35 + 40 * 0.53 * 1.1);
    rig_fini(&rig);
}
END_TEST

START_TEST(not_friendly_if_told)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig_param(&rig, "tcp_friendliness", "no");
    rig.cc.cwnd = 50;
    rig.cc.ssthresh = 50;
    rig_loss(&rig);
    for (int round = 0; round < 40; round++)
        rig_round(&rig, 10000);
    double want = curve(0.41, 50, 35);
    ck_assert_uint_ge(rig.cc.cwnd, want - 2);
    ck_assert_uint_le(rig.cc.cwnd, want + 2);
    rig_fini(&rig);
}
END_TEST

/* RFC 9438 4.7: a loss before the last W_max was reached gives bandwidth away:
 * W_max = cwnd (1 + beta) / 2. */
START_TEST(fast_convergence)
{
    for (int on = 0; on < 2; on++) {
        struct cc_rig rig;
        rig_init(&rig, "cubic");
        rig_param(&rig, "fast_convergence", on ? "yes" : "no");
        rig.cc.cwnd = 1000;
        rig.cc.ssthresh = 1000;
        rig_loss(&rig);
        rig.cc.cwnd = 800;
        rig_loss(&rig);
        /* The plateau shows where the curve is flat: after K of the new W_max. */
        double w_max = on ? 800 * (1 + 717.0 / 1024) / 2 : 800;
        double k = cbrt((w_max - rig.cc.cwnd) / 0.4);
        for (double t = 0; t < k; t += 0.1)
            rig_round(&rig, 100000);
        ck_assert_uint_ge(rig.cc.cwnd, w_max * 0.985);
        ck_assert_uint_le(rig.cc.cwnd, w_max * 1.015);
        rig_fini(&rig);
    }
}
END_TEST

/* RFC 9438 4.6; never below two packets. */
START_TEST(decrease)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig.cc.cwnd = 100;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 70);
    rig.cc.cwnd = 2;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
    rig_param(&rig, "beta", "512");
    rig.cc.cwnd = 100;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 50);
    rig_fini(&rig);
}
END_TEST

/* RFC 9438 4.9: the window of before a spurious loss comes back. */
START_TEST(undo)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig.cc.cwnd = 100;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.ops->undo(&rig.cc), 100);
    rig_fini(&rig);
}
END_TEST

/* An idle time is cut out of the epoch: growth goes on where it was. */
START_TEST(idle)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig.cc.cwnd = 1000;
    rig.cc.ssthresh = 1000;
    rig_loss(&rig);
    for (int i = 0; i < 20; i++)
        rig_round(&rig, 100000);
    uint32_t cwnd = rig.cc.cwnd;
    rig.cc.now += 60 * SIM_S;
    rig.cc.idle_ms = 60000;
    rig.cc.ops->event(&rig.cc, CC_TX_START);
    rig_round(&rig, 100000);
    ck_assert_uint_le(rig.cc.cwnd, cwnd + 30); /* and not where the curve would be a minute later */
    rig_fini(&rig);
}
END_TEST

/* A window that is not used does not grow. */
START_TEST(not_limited)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig.cc.cwnd_limited = false;
    rig.cc.ssthresh = 10;
    rig_ack(&rig, 10, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 10);
    rig_fini(&rig);
}
END_TEST

/* When the window is again what it was before the loss, seconds after it. */
static double plateau_reached(const char *plateau)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig_param(&rig, "plateau", plateau);
    rig.cc.cwnd = rig.cc.ssthresh = 1000;
    rig_loss(&rig);
    sim_time start = rig.cc.now;
    while (rig.cc.cwnd < 1000)
        rig_round(&rig, 100000);
    double t = (double)(rig.cc.now - start) / 1e12;
    rig_fini(&rig);
    return t;
}

/* At K = cbrt(300 / 0.4) s (RFC 9438 4.2); Linux 6.18 takes it for reached when C (K - t)^3 is less
 * than one packet, at K - 1.36 s.  One round trip of 100 ms is looked ahead. */
START_TEST(plateau)
{
    double k = cbrt(300 / 0.4), rfc = plateau_reached("rfc"), linux_ = plateau_reached("linux");

    ck_assert_msg(fabs(rfc - k) < 0.25, "%.2f s, K is %.2f s", rfc, k);
    ck_assert_msg(fabs(linux_ - (k - cbrt(1 / 0.4))) < 0.25, "%.2f s, K is %.2f s", linux_, k);
}
END_TEST

/* HyStart's round begins at the time-out, so that the ACKs of the first one after it, which come
 * much later, are no train (Linux 6.18: bictcp_state resets it). */
START_TEST(no_train_after_timeout)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig.cc.cwnd = 200;
    rig.cc.nxt = rig.cc.una + 200 * rig.cc.mss;
    rig_timeout(&rig);
    rig.cc.cwnd = 20; /* HyStart looks at no smaller one */
    uint32_t ssthresh = rig.cc.ssthresh;
    rig.cc.now += 200 * SIM_MS;
    for (int i = 0; i < 100; i++) {
        rig.cc.now += SIM_MS;
        rig_ack(&rig, 1, 20000);
    }
    ck_assert_uint_eq(rig.cc.ssthresh, ssthresh);
    rig_fini(&rig);
}
END_TEST

/* HyStart++ is for the first slow start alone (RFC 9406 4.3): afterwards a packet for each, even if
 * the delay rises. */
START_TEST(hystartpp_once)
{
    struct cc_rig rig;

    rig_init(&rig, "cubic");
    rig_param(&rig, "hystart", "hystart++");
    rig.cc.cwnd = 1000;
    rig_timeout(&rig);
    for (int32_t rtt = 100000; rig.cc.cwnd < 500; rtt += 20000) {
        uint32_t cwnd = rig.cc.cwnd;
        rig_round(&rig, (uint32_t)rtt);
        ck_assert_uint_eq(rig.cc.cwnd, MIN(2 * cwnd, rig.cc.ssthresh));
    }
    rig_fini(&rig);
}
END_TEST

/* ---- Number by number ----------------------------------------------------------------------- */

/* W(t) = C (t - K)^3 + W_max in whole packets, C = 410/1024, K = cbrt((W_max - W) / C); times in
 * whole 1/1024 s, as Linux has them.  `w` is the window when growth began, and t_ms is what passed
 * since, with the least round trip in whole milliseconds, rounded up. */
static uint32_t whole_curve(uint32_t w_max, uint32_t w, uint32_t t_ms)
{
    double c = 410 / 1024.0, k = floor(1024 * cbrt((w_max - w) / c)) / 1024;
    double t = floor(t_ms * 1.024) / 1024;

    return (uint32_t)floor(c * (t - k) * (t - k) * (t - k) + w_max);
}

/* A flow that grows again since a loss at `w_max` (0: never), with the window `w` then. */
static void begin(struct cc_rig *rig, uint32_t w_max, uint32_t w, int32_t rtt_us)
{
    rig_init(rig, "cubic");
    rig_param(rig, "tcp_friendliness", "no");
    rig_cruise(rig, 50);
    rig_acks(rig, 1, rtt_us);
    if (w_max) {
        rig->cc.cwnd = w_max;
        rig->cc.ops->ssthresh(&rig->cc);
    } else {
        rig_state(rig, CC_LOSS); /* forgets the round trip, too */
        rig_state(rig, CC_OPEN);
        rig->cc.cwnd_limited = false;
        rig_acks(rig, 1, rtt_us);
        rig->cc.cwnd_limited = true;
    }
    rig_cruise(rig, w);
    rig_acks(rig, 1, -1);
}

/* On both sides of the plateau the window grows by one after W / (W(t) - W) packets. */
START_TEST(curve_exactly)
{
    static const struct {
        uint32_t w_max, w, ms;
        int32_t rtt_us;
        uint32_t rtt_ms;
    } rows[] = {
        { 100000, 70000, 100, 10000, 10 },  { 100000, 70000, 5000, 10001, 11 },
        { 100000, 70000, 5000, 11000, 11 }, { 100000, 70000, 30000, 1, 1 },
        { 100000, 70000, 60000, 1000, 1 },  { 100000, 70000, 90000, 299999, 300 },
        { 1000, 700, 7000, 50000, 50 },     { 1000, 700, 14000, 50000, 50 },
        { 900000, 630000, 20000, 7, 1 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        uint32_t goal = whole_curve(rows[i].w_max, rows[i].w, rows[i].ms + rows[i].rtt_ms);
        begin(&rig, rows[i].w_max, rows[i].w, rows[i].rtt_us);
        rig.cc.now += rows[i].ms * SIM_MS;
        rig_cruise(&rig, goal - 20);
        uint32_t acks = rig_acks_to_move(&rig, -1);
        ck_assert_msg(acks == (goal - 20) / 20, "row %zu: %u, not %u", i, acks, (goal - 20) / 20);
        rig_fini(&rig);
    }
}
END_TEST

/* Not above the curve: a packet per 100 windows.  Without a loss so far, a packet per 20 at least;
 * half a window a round trip at most. */
START_TEST(bounds)
{
    static const uint32_t rows[][4] = {
        /* W_max, window, of the curve's, packets */
        { 100, 110, 0, 11000 },
        { 0, 1337, 1400, 20 },
        { 0, 1325, 1400, 17 },
        { 100, 50, 100, 2 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        uint32_t w_max = rows[i][0];
        struct cc_rig rig;
        begin(&rig, w_max, w_max ? 70 : 1000, 1000);
        if (rows[i][2]) { /* at t = 10 s the curve without a loss is 400 packets above */
            rig.cc.now += (w_max ? 4500 : 9998) * SIM_MS;
            if (w_max == 0)
                ck_assert_uint_eq(whole_curve(1000, 1000, 10000), rows[i][2]);
        }
        rig.cc.now += SIM_MS;
        rig_cruise(&rig, rows[i][1]);
        ck_assert_uint_eq(rig_acks_to_move(&rig, -1), rows[i][3]);
        rig_fini(&rig);
    }
}
END_TEST

/* A window that came back above W_max, 595 after a loss at 700 below the last one, is the plateau
 * itself (K = 0). */
START_TEST(above_the_last_maximum)
{
    struct cc_rig rig;
    uint32_t goal;

    begin(&rig, 1000, 700, 1000);
    rig.cc.ops->ssthresh(&rig.cc);
    rig_cruise(&rig, 800);
    rig_acks(&rig, 1, -1);
    rig.cc.now += 4999 * SIM_MS;
    goal = whole_curve(800, 800, 5000);
    rig_cruise(&rig, goal - 10);
    ck_assert_uint_eq(rig_acks_to_move(&rig, -1), (goal - 10) / 10);
    rig_fini(&rig);
}
END_TEST

/* Reno's window with beta = 717/1024 grows by a packet per 15/8 windows (3 (1 - beta) / (1 + beta)
 * is 0.53): one after 132 packets of a window of 70, two after 263; the time before the loss does
 * not count. */
START_TEST(reno_exactly)
{
    static const uint32_t rows[][3] = {
        /* packets before, window then, packets for the next one */
        { 131, 70, 0 },
        { 132, 71, 70 },
        { 261, 71, 70 },
        { 262, 71, 35 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        begin(&rig, 100, 70, 1000);
        rig_param(&rig, "tcp_friendliness", "yes");
        rig.cc.now += 40 * SIM_MS;
        rig_cruise(&rig, 80);
        rig_acks(&rig, 60, -1);
        rig.cc.cwnd = 100;
        rig.cc.ops->ssthresh(&rig.cc);
        rig_cruise(&rig, 70);
        rig_acks(&rig, rows[i][0] - 1, -1);
        ck_assert_uint_eq(rig.cc.cwnd, 70);
        rig.cc.now += 32 * SIM_MS; /* looked up again */
        rig_acks(&rig, 1, -1);
        ck_assert_uint_eq(rig.cc.cwnd, rows[i][1]);
        if (rows[i][2]) {
            rig_cruise(&rig, 70);
            rig.cc.now += 32 * SIM_MS;
            ck_assert_uint_eq(rig_acks_to_move(&rig, -1), rows[i][2]);
        }
        rig_fini(&rig);
    }
}
END_TEST

/* For the same window the curve is looked up after more than 31 ms (1/32 s) only. */
START_TEST(lookups)
{
    for (uint32_t ms = 31; ms <= 32; ms++) {
        struct cc_rig rig;
        begin(&rig, 0, 1000, 1000);
        rig.cc.ops->ssthresh(&rig.cc);
        rig.cc.now += ms * SIM_MS;
        ck_assert_uint_eq(rig_acks_to_move(&rig, -1), ms == 31 ? 20 - 1 : 100 * 1000 - 1);
        rig_fini(&rig);
    }
}
END_TEST

/* Section 4.7: a loss below the last W_max of 1000, at 800, makes it 800 (1 + beta) / 2 = 680; one
 * at that window is not below it. */
START_TEST(gives_way_exactly)
{
    enum { NOT_AT_ALL, ONCE, AND_THERE, MODES };

    for (int mode = 0; mode < MODES; mode++) {
        struct cc_rig rig;
        uint32_t goal;
        begin(&rig, 1000, 700, 1000);
        if (mode == NOT_AT_ALL)
            rig_param(&rig, "fast_convergence", "no");
        rig.cc.cwnd = 800;
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 800 * 717 / 1024);
        if (mode == AND_THERE) {
            rig.cc.cwnd = 680;
            rig.cc.ops->ssthresh(&rig.cc);
        }
        rig_cruise(&rig, 500);
        rig_acks(&rig, 1, -1);
        rig.cc.now += 4999 * SIM_MS;
        goal = whole_curve(mode == NOT_AT_ALL ? 800 : 680, 500, 5000);
        rig_cruise(&rig, goal - 10);
        ck_assert_uint_eq(rig_acks_to_move(&rig, -1), (goal - 10) / 10);
        rig.cc.cwnd = 5000;
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 3500);
        rig.cc.cwnd = 2;
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
        rig_fini(&rig);
    }
}
END_TEST

/* What was idled does not count as time on the curve, and no more than all of it. */
START_TEST(idling)
{
    static const struct {
        enum cc_event event;
        uint32_t idle_ms, ms;
    } rows[] = {
        { CC_TX_START, 0, 10000 },
        { CC_TX_START, 3000, 7000 },
        { CC_TX_START, 60000, 0 },
        { CC_CWND_RESTART, 3000, 10000 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        begin(&rig, 1000, 700, 1000);
        rig.cc.now += 10 * SIM_S;
        rig.cc.idle_ms = rows[i].idle_ms;
        rig_event(&rig, rows[i].event);
        rig.cc.now += SIM_S;
        uint32_t goal = whole_curve(1000, 700, rows[i].ms + 1001);
        rig_cruise(&rig, goal - 10);
        ck_assert_uint_eq(rig_acks_to_move(&rig, -1), (goal - 10) / 10);
        rig_fini(&rig);
    }
}
END_TEST

/* Slow start up to the threshold, what is left of the ACK counts after it.  HyStart++ bounds a
 * burst to eight packets (RFC 9406's L), in the first slow start only. */
START_TEST(slow_start)
{
    static const struct {
        const char *hystart;
        uint32_t ssthresh, cwnd;
    } rows[] = {
        { "hystart++", CC_INFINITE, 18 },
        { "hystart++", 1000, 30 },
        { "linux", CC_INFINITE, 30 },
    };
    struct cc_rig rig;

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        rig_init(&rig, "cubic");
        rig_param(&rig, "hystart", rows[i].hystart);
        rig.cc.ssthresh = rows[i].ssthresh;
        rig_ack(&rig, 20, 100000);
        ck_assert_uint_eq(rig.cc.cwnd, rows[i].cwnd);
        rig_fini(&rig);
    }
    rig_init(&rig, "cubic");
    rig_check_slow_start(&rig, 10, 100000);
    rig_fini(&rig);
}
END_TEST

/* The least round trip is not looked for in the first second of growth, when the queue is full. */
START_TEST(no_sample_after_recovery)
{
    for (uint32_t ms = 999; ms <= 1000; ms++) {
        struct cc_rig rig;
        begin(&rig, 1000, 700, 300000);
        rig.cc.now += ms * SIM_MS;
        rig_ack(&rig, 0, 1000);
        rig.cc.now += (5000 - ms) * SIM_MS;
        uint32_t goal = whole_curve(1000, 700, ms == 999 ? 5300 : 5001);
        rig_cruise(&rig, goal - 10);
        ck_assert_uint_eq(rig_acks_to_move(&rig, -1), (goal - 10) / 10);
        rig_fini(&rig);
    }
}
END_TEST

/* A flow in its first slow start whose least round trip is 100 ms, in a new round. */
static void begin_slow_start(struct cc_rig *rig, const char *hystart)
{
    rig_init(rig, "cubic");
    rig_param(rig, "hystart", hystart);
    rig_ack(rig, 0, 100000);
    rig_ack(rig, 1, -1);
    rig->cc.now += 10 * SIM_MS;
}

/* Linux's HyStart looks at windows from 16 packets on; a delay of an eighth, of nine samples, ends
 * slow start, and so does a train of ACKs with gaps of 2 ms at most; not a second time. */
START_TEST(hystart_of_linux)
{
    static const struct {
        uint32_t cwnd, gap_us;
        int32_t rtt_us;
        bool found;
    } rows[] = {
        { 16, 3000, 113000, true },  { 15, 3000, 113000, false },  { 16, 3000, 112000, false },
        { 100, 2000, 100000, true }, { 100, 2001, 100000, false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        begin_slow_start(&rig, "linux");
        rig.cc.cwnd = rows[i].cwnd;
        rig.cc.una++; /* past the end of the round before */
        for (int n = 0; n < 40; n++) {
            rig_ack(&rig, 0, rows[i].rtt_us);
            rig.cc.now += rows[i].gap_us * SIM_US;
        }
        ck_assert_msg(rig.cc.ssthresh == (rows[i].found ? rows[i].cwnd : CC_INFINITE),
                      "row %zu: %u", i, rig.cc.ssthresh);
        rig.cc.ssthresh = CC_INFINITE;
        rig_ack(&rig, 0, rows[i].rtt_us);
        ck_assert_uint_eq(rig.cc.ssthresh, CC_INFINITE);
        rig_fini(&rig);
    }
}
END_TEST

/* HyStart++: after a rise of the delay a quarter as fast. */
START_TEST(hystartpp_of_cubic)
{
    struct cc_rig rig;

    begin_slow_start(&rig, "hystart++");
    for (int n = 0; n < 10; n++)
        rig_ack(&rig, 0, 100000);
    rig_ack(&rig, 20, 119000); /* a new round */
    for (int n = 0; n < 10; n++)
        rig_ack(&rig, 0, 119000);
    uint32_t cwnd = rig.cc.cwnd;
    rig_acks(&rig, 8, 119000);
    ck_assert_uint_eq(rig.cc.cwnd, cwnd + 2);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_cubic", follows_the_curve, reno_friendly, not_friendly_if_told,
      fast_convergence, decrease, undo, idle, not_limited, plateau, no_train_after_timeout,
      hystartpp_once, curve_exactly, bounds, above_the_last_maximum, reno_exactly, lookups,
      gives_way_exactly, idling, slow_start, no_sample_after_recovery, hystart_of_linux,
      hystartpp_of_cubic)

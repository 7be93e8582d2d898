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

SUITE("protocols/cc_cubic", follows_the_curve, reno_friendly, not_friendly_if_told,
      fast_convergence, decrease, undo, idle, not_limited, plateau, no_train_after_timeout,
      hystartpp_once)

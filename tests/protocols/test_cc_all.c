/* What holds for every congestion control: the tables, the invariants at every step, and that no
 * two of them are the same. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

enum { MOST = 40, STEPS = 4000 };

/* All algorithms there are. */
static size_t all(const char *names[MOST])
{
    size_t n = 0;

    for (const struct cc_ops *const *const *module = cc_registry; *module; module++)
        for (const struct cc_ops *const *ops = *module; *ops; ops++)
            names[n++] = (*ops)->name;
    ck_assert_uint_lt(n, MOST);
    return n;
}

static void check(const struct cc_rig *rig)
{
    const struct cc *cc = &rig->cc;

    /* An assertion of Check's is a system call even if it holds. */
    if (cc->cwnd < 1 || cc->cwnd > cc->cwnd_clamp || cc->cwnd >= 1u << 24)
        ck_abort_msg("%s: window %u", cc->ops->name, cc->cwnd);
    if (cc->ssthresh < 2)
        ck_abort_msg("%s: threshold %u", cc->ops->name, cc->ssthresh);
    if (cc->pacing_rate == 0)
        ck_abort_msg("%s: it does not send", cc->ops->name);
}

/* The queue marked a packet: the transport reduces once a round trip, unless `control` does it. */
static void mark(struct cc_rig *rig)
{
    struct cc *cc = &rig->cc;

    rig->ack.delivered_ce++;
    if (!cc->ops->control)
        rig_cruise(rig, cc->ops->ssthresh(cc));
}

/* A path of 80 packets a round trip of 80 ms, with room for 60 more.  What does not fit is lost;
 * from 40 on it marks; besides, a time-out now and then. */
static void step(struct cc_rig *rig, uint32_t i)
{
    struct cc *cc = &rig->cc;
    uint32_t window = cc->cwnd, rtt_us = MAX(window, 80) * 1000;

    for (uint32_t n = 0; n < MIN(window, 400); n++) {
        cc->now += (sim_time)rtt_us * SIM_US / window;
        rig_ack(rig, 1, (int32_t)rtt_us);
        check(rig);
    }
    if (cc->cwnd > 120 && cc->ops->needs_ecn)
        mark(rig);
    if (cc->cwnd > 140)
        rig_loss(rig);
    if (i % 397 == 396)
        rig_timeout(rig);
    check(rig);
}

START_TEST(invariants)
{
    const char *names[MOST];
    size_t n = all(names);

    for (size_t a = 0; a < n; a++) {
        struct cc_rig rig;
        rig_init(&rig, names[a]);
        for (uint32_t i = 0; i < STEPS / 10; i++)
            step(&rig, i);
        rig_fini(&rig);
    }
}
END_TEST

/* RFC 9293 has no window below one segment: losses and time-outs one after the other. */
START_TEST(misery)
{
    const char *names[MOST];
    size_t n = all(names);

    for (size_t a = 0; a < n; a++) {
        struct cc_rig rig;
        rig_init(&rig, names[a]);
        for (uint32_t i = 0; i < 200; i++) {
            rig.cc.now += 100 * SIM_MS;
            rig_ack(&rig, 1 + i % 3, 100000 + (int32_t)(i * 7919 % 50000));
            check(&rig);
            if (i % 3 == 0)
                rig_loss(&rig);
            else if (i % 7 == 0)
                rig_timeout(&rig);
            check(&rig);
        }
        rig_fini(&rig);
    }
}
END_TEST

/* A window of `cwnd` packets and a round trip of `rtt_us`: growth, a loss that was none, a loss, a
 * time-out, idleness. */
static void extreme(const char *name, uint32_t cwnd, uint32_t rtt_us)
{
    struct cc_rig rig;

    rig_init(&rig, name);
    rig_cruise(&rig, MAX(cwnd, 2));
    for (uint32_t i = 0; i < 400; i++) {
        rig.cc.now += (sim_time)rtt_us * SIM_US / 16;
        rig.flight = MIN(rig.cc.cwnd, 2 * MAX(cwnd, 16)); /* more does not pass */
        rig_ack(&rig, 1 + rig.flight / 16, (int32_t)(rtt_us + rtt_us / 3 * (i / 50 % 2)));
        check(&rig);
        if (i % 90 == 40)
            rig_loss(&rig);
        if (i % 90 == 50)
            rig.cc.cwnd = MAX(rig.cc.ops->undo(&rig.cc), 1);
        if (i % 300 == 250) { /* and what was thought to be lost is there at once */
            rig_timeout(&rig);
            rig_ack(&rig, MAX(cwnd, 100), (int32_t)(2 * rtt_us));
            check(&rig);
        }
        if (i % 130 == 120) {
            rig.cc.idle_ms = 1000;
            rig.cc.app_limited = true;
            rig_event(&rig, CC_TX_START);
            rig.cc.app_limited = false;
        }
        check(&rig);
    }
    rig_fini(&rig);
}

/* From a rack to deep space, from one packet to a million: no window or rate goes astray. */
START_TEST(extremes)
{
    static const uint32_t windows[] = { 1, 4, 1000, 1000000 }, rtts[] = { 10, 1000, 10000000 };
    const char *names[MOST];
    size_t n = all(names);

    for (size_t a = 0; a < n; a++)
        for (size_t w = 0; w < G_N_ELEMENTS(windows); w++)
            for (size_t r = 0; r < G_N_ELEMENTS(rtts); r++)
                extreme(names[a], windows[w], rtts[r]);
}
END_TEST

/* A window that the application does not fill says nothing about the path (RFC 7661 4): no growth.
 */
START_TEST(no_growth_if_not_used)
{
    const char *names[MOST];
    size_t n = all(names);

    for (size_t a = 0; a < n; a++) {
        struct cc_rig rig;
        rig_init(&rig, names[a]);
        for (int i = 0; i < 3; i++)
            step(&rig, 0);
        rig_loss(&rig);
        if (rig.cc.ops->control) { /* by the path's rate, not by steps: its own test, and
                                      app-limited.lua */
            rig_fini(&rig);
            continue;
        }
        uint32_t cwnd = rig.cc.cwnd;
        rig.cc.cwnd_limited = false;
        rig.ack.app_limited = rig.cc.app_limited = true;
        for (int i = 0; i < 2000; i++) {
            rig.cc.now += 10 * SIM_MS;
            rig_ack(&rig, 1, 80000);
            rig.cc.max_inflight = 4;
            ck_assert_msg(rig.cc.cwnd <= cwnd, "%s: grew from %u to %u", names[a], cwnd,
                          rig.cc.cwnd);
            cwnd = rig.cc.cwnd;
        }
        rig_fini(&rig);
    }
}
END_TEST

/* Each pair gives different windows on the same path. */
START_TEST(all_differ)
{
    static uint32_t trace[MOST][STEPS / 10];
    const char *names[MOST];
    size_t n = all(names);

    for (size_t a = 0; a < n; a++) {
        struct cc_rig rig;
        rig_init(&rig, names[a]);
        for (uint32_t i = 0; i < STEPS / 10; i++) {
            step(&rig, i);
            trace[a][i] = rig.cc.cwnd;
        }
        rig_fini(&rig);
        for (size_t b = 0; b < a; b++)
            ck_assert_msg(memcmp(trace[a], trace[b], sizeof trace[a]) != 0, "%s is %s", names[a],
                          names[b]);
    }
}
END_TEST

START_TEST(tables)
{
    const char *names[MOST];
    size_t n = all(names);

    for (size_t a = 0; a < n; a++) {
        const struct cc_ops *ops = cc_find(names[a]);
        GError *error = NULL;
        ck_assert(ops->undo && (ops->control || (ops->ssthresh && ops->avoid)));
        ck_assert_msg(!ops->params || param_check(ops->params, &error), "%s: %s", names[a],
                      error ? error->message : "");
        /* The paper or RFC, with its number or year. */
        ck_assert_msg(strpbrk(ops->doc, "0123456789"), "%s cites nothing", names[a]);
    }
}
END_TEST

/* The values that the papers, RFCs and Linux's modules (by the same names) begin with. */
START_TEST(defaults)
{
    static const char *const rows[][3] = {
        { "bbr", "min_rtt_window_ms", "10000" },
        { "bbr", "probe_rtt_ms", "200" },
        { "bbr", "cwnd_gain", "512" },
        { "bbr", "full_bw_percent", "125" },
        { "bbr3", "loss_percent", "2" },
        { "bbr3", "beta", "70" },
        { "bbr3", "headroom", "15" },
        { "bbr3", "min_rtt_window_ms", "10000" },
        { "bbr3", "probe_rtt_interval_ms", "5000" },
        { "bbr3", "probe_rtt_ms", "200" },
        { "bic", "beta", "819" },
        { "bic", "max_increment", "16" },
        { "bic", "low_window", "14" },
        { "bic", "smooth_part", "20" },
        { "bic", "fast_convergence", "yes" },
        { "cubic", "beta", "717" },
        { "cubic", "bic_scale", "41" },
        { "cubic", "fast_convergence", "yes" },
        { "cubic", "tcp_friendliness", "yes" },
        { "cubic", "hystart", "linux" },
        { "cubic", "hystart_detect", "both" },
        { "cubic", "hystart_low_window", "16" },
        { "cubic", "hystart_ack_delta_us", "2000" },
        { "dctcp", "shift_g", "4" },
        { "dctcp", "alpha_on_init", "1024" },
        { "htcp", "use_rtt_scaling", "yes" },
        { "htcp", "use_bandwidth_switch", "yes" },
        { "hybla", "rtt0", "25" },
        { "illinois", "win_thresh", "15" },
        { "illinois", "theta", "5" },
        { "ledbat", "target", "100" },
        { "ledbat", "base_history", "10" },
        { "lp", "threshold", "15" },
        { "lp", "inference", "3" },
        { "prague", "rtt_virt_ms", "25" },
        { "scalable", "ai_count", "100" },
        { "scalable", "md_shift", "3" },
        { "vegas", "alpha", "2" },
        { "vegas", "beta", "4" },
        { "vegas", "gamma", "1" },
        { "veno", "beta", "3" },
        { "yeah", "alpha", "80" },
        { "yeah", "gamma", "1" },
        { "yeah", "phy", "8" },
        { "yeah", "rho", "16" },
        { "yeah", "zeta", "50" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        rig_init(&rig, rows[i][0]);
        char *text = param_show(param_find(rig.cc.ops->params, rows[i][1], NULL), rig.params);
        ck_assert_msg(strcmp(text, rows[i][2]) == 0, "%s %s: %s", rows[i][0], rows[i][1], text);
        g_free(text);
        rig_fini(&rig);
    }
}
END_TEST

SUITE("protocols/cc_all", invariants, misery, extremes, no_growth_if_not_used, all_differ, tables,
      defaults)

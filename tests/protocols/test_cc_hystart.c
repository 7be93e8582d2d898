/* HyStart as Linux's, and HyStart++ (RFC 9406). */
#include "protocols/cc/hystart.h"

#include "sim/param.h"
#include "tests/support/suite.h"

struct rig {
    struct cc cc;
    struct hystart h;
    struct cc_ack ack;
    struct hystart_tune tune;
};

static void rig_init(struct rig *r, unsigned detect)
{
    *r = (struct rig){ .cc = { .cwnd = 20,
                               .cwnd_clamp = UINT32_MAX,
                               .ssthresh = CC_INFINITE,
                               .mss = 1448,
                               .srtt_us = 100000,
                               .pacing_rate = UINT64_MAX },
                       .tune = { 16, 2000, 100000, detect } };
    r->cc.nxt = 1;
    hystart_begin(&r->h, &r->cc);
}

/* ACKs `gap_us` apart, all in one round, `n` of them. */
static void train(struct rig *r, int n, uint32_t gap_us, int32_t rtt_us)
{
    for (int i = 0; i < n && !r->h.found; i++) {
        r->cc.now += (sim_time)gap_us * SIM_US;
        r->ack.rtt_us = rtt_us;
        hystart_update(&r->h, &r->cc, &r->ack, &r->tune);
    }
}

static void next_round(struct rig *r)
{
    r->cc.una = r->cc.nxt + 1;
    r->cc.nxt = r->cc.una + 1000;
    r->cc.now += 10 * SIM_MS;
}

/* Close ACKs for longer than half of the least RTT (and 0.5 ms for bursts): 50.5 ms. */
START_TEST(ack_train)
{
    struct rig r;

    rig_init(&r, HYSTART_TRAIN);
    next_round(&r);
    train(&r, 50, 1000, 100000);
    ck_assert(!r.h.found);
    train(&r, 4, 1000, 100000);
    ck_assert(r.h.found);
    ck_assert_uint_eq(r.cc.ssthresh, 20);
}
END_TEST

/* A gap of more than 2 ms ends the train. */
START_TEST(broken_train)
{
    struct rig r;

    rig_init(&r, HYSTART_TRAIN);
    next_round(&r);
    train(&r, 40, 1000, 100000);
    r.cc.now += 3 * SIM_MS;
    train(&r, 100, 1000, 100000);
    ck_assert(!r.h.found);
}
END_TEST

/* The least RTT of a round's first eight samples is 1/8 above the least: 112.5 ms. */
START_TEST(delay)
{
    struct rig r;

    rig_init(&r, HYSTART_DELAY);
    next_round(&r);
    train(&r, 30, 100, 112000);
    ck_assert(!r.h.found);
    next_round(&r);
    train(&r, 8, 100, 113000);
    ck_assert(!r.h.found);
    train(&r, 1, 100, 113000);
    ck_assert(r.h.found);
}
END_TEST

/* Between 4 and 16 ms. */
START_TEST(delay_limits)
{
    struct rig r;

    rig_init(&r, HYSTART_DELAY);
    r.tune.min_rtt_us = 1000;
    next_round(&r);
    train(&r, 30, 10, 4900);
    ck_assert(!r.h.found);
    next_round(&r);
    train(&r, 30, 10, 5100);
    ck_assert(r.h.found);
    rig_init(&r, HYSTART_DELAY);
    r.tune.min_rtt_us = 400000;
    next_round(&r);
    train(&r, 30, 10, 417000);
    ck_assert(r.h.found);
}
END_TEST

START_TEST(small_window)
{
    struct rig r;

    rig_init(&r, HYSTART_TRAIN | HYSTART_DELAY);
    r.cc.cwnd = 15;
    next_round(&r);
    train(&r, 1000, 1000, 300000);
    ck_assert(!r.h.found);
}
END_TEST

/* ---- HyStart++ ------------------------------------------------------------------------------ */

static void pp_round(struct rig *r, int32_t rtt_us)
{
    next_round(r);
    for (int i = 0; i < 10; i++) {
        r->ack.rtt_us = rtt_us;
        hystartpp_update(&r->h, &r->cc, &r->ack);
    }
}

/* RFC 9406 4.2: a rise of an eighth within a round: conservative slow start, four times slower;
 * after five rounds of it congestion avoidance. */
START_TEST(pp_rise)
{
    struct rig r;

    rig_init(&r, 0);
    pp_round(&r, 100000);
    pp_round(&r, 105000);
    ck_assert_uint_eq(r.h.css_rtt_us, 0);
    pp_round(&r, 119000);
    ck_assert_uint_eq(r.h.css_rtt_us, 119000);
    uint32_t cwnd = r.cc.cwnd;
    for (int i = 0; i < 20; i++)
        hystartpp_slow_start(&r.h, &r.cc, 1);
    ck_assert_uint_eq(r.cc.cwnd, cwnd + 5);
    for (int i = 0; i < 4; i++)
        pp_round(&r, 125000);
    ck_assert(!r.h.found);
    pp_round(&r, 125000);
    ck_assert(r.h.found);
    ck_assert_uint_eq(r.cc.ssthresh, r.cc.cwnd);
}
END_TEST

/* The delay falls again: back to slow start. */
START_TEST(pp_false_alarm)
{
    struct rig r;

    rig_init(&r, 0);
    pp_round(&r, 100000);
    pp_round(&r, 120000);
    ck_assert_uint_ne(r.h.css_rtt_us, 0);
    pp_round(&r, 101000);
    ck_assert_uint_eq(r.h.css_rtt_us, 0);
    uint32_t cwnd = r.cc.cwnd;
    hystartpp_slow_start(&r.h, &r.cc, 8);
    ck_assert_uint_eq(r.cc.cwnd, cwnd + 8);
    hystartpp_slow_start(&r.h, &r.cc, 20); /* L = 8 packets for one ACK without pacing */
    ck_assert_uint_eq(r.cc.cwnd, cwnd + 16);
}
END_TEST

/* ---- Both sides of each threshold ----------------------------------------------------------- */

/* Half of the least RTT and of what a burst of 256 KB may hold up the ACKs, at most 1 ms: at 100 ms
 * 0.452 ms for 20000 packets at twice the window a round trip, 0.754 ms at 1.2 times (from half of
 * the threshold on).  All of it if the sender paces.  The longest gap is 2 ms. */
START_TEST(train_exactly)
{
    static const struct {
        uint32_t cwnd, ssthresh, most_us;
        uint64_t pacing_rate;
    } rows[] = {
        { 20, CC_INFINITE, 50500, UINT64_MAX }, { 20000, CC_INFINITE, 50226, UINT64_MAX },
        { 20000, 40000, 50377, UINT64_MAX },    { 20000, 40002, 50226, UINT64_MAX },
        { 20, CC_INFINITE, 101000, 1000000 },   { 16, CC_INFINITE, 50500, UINT64_MAX },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rig r;
        rig_init(&r, HYSTART_TRAIN);
        r.cc.cwnd = rows[i].cwnd;
        r.cc.ssthresh = rows[i].ssthresh;
        r.cc.pacing_rate = rows[i].pacing_rate;
        next_round(&r);
        train(&r, 1, 0, 100000);
        train(&r, (int)rows[i].most_us / 2000, 2000, 100000);
        train(&r, 1, rows[i].most_us % 2000, 100000);
        ck_assert_msg(!r.h.found, "row %zu", i);
        train(&r, 1, 1, 100000);
        ck_assert_msg(r.h.found, "row %zu", i);
        ck_assert_uint_eq(r.cc.ssthresh, rows[i].cwnd);
    }
}
END_TEST

/* An eighth of the least RTT, within 4 and 16 ms, by the shortest of nine samples. */
START_TEST(delay_exactly)
{
    static const int32_t rows[][2] = {
        { 100000, 112500 }, { 31000, 35000 },   { 33000, 37125 },
        { 127000, 142875 }, { 129000, 145000 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct rig r;
        rig_init(&r, HYSTART_DELAY);
        r.tune.min_rtt_us = (uint32_t)rows[i][0];
        next_round(&r);
        train(&r, 8, 10, rows[i][1] + 2000);
        train(&r, 1, 10, rows[i][1]);
        ck_assert_msg(!r.h.found, "row %zu", i);
        r.cc.una = r.h.end; /* not over it: still this round */
        train(&r, 9, 10, rows[i][1] + 1);
        ck_assert_msg(!r.h.found, "row %zu", i);
        r.cc.una = r.h.end + 1;
        r.cc.nxt = r.cc.una + 1000;
        train(&r, 8, 10, rows[i][1] + 1);
        ck_assert_msg(!r.h.found, "row %zu", i);
        train(&r, 1, 10, rows[i][1] + 1);
        ck_assert_msg(r.h.found, "row %zu", i);
    }
}
END_TEST

/* RFC 9406 4.2: the round's least RTT, of eight samples at least, is an eighth above the last
 * one's, within 4 and 16 ms. */
START_TEST(pp_rise_exactly)
{
    static const int32_t rows[][2] = {
        { 100000, 112500 }, { 31000, 35000 },   { 33000, 37125 },
        { 127000, 142875 }, { 129000, 145000 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int32_t less = 0; less < 2; less++) {
            struct rig r;
            rig_init(&r, 0);
            pp_round(&r, rows[i][0]);
            next_round(&r);
            r.ack.rtt_us = rows[i][1] - less;
            for (int n = 0; n < 7; n++)
                hystartpp_update(&r.h, &r.cc, &r.ack);
            ck_assert_uint_eq(r.h.css_rtt_us, 0);
            hystartpp_update(&r.h, &r.cc, &r.ack);
            ck_assert_uint_eq(r.h.css_rtt_us, less ? 0 : (uint32_t)rows[i][1]);
        }
}
END_TEST

/* L = 8 packets an ACK, unless paced. */
START_TEST(pp_burst)
{
    static const uint32_t rows[][3] = { { 8, 28, 28 }, { 9, 28, 29 }, { 30, 28, 50 } };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int paced = 0; paced < 2; paced++) {
            struct rig r;
            rig_init(&r, 0);
            r.cc.pacing_rate = paced ? 1000000 : UINT64_MAX;
            ck_assert_uint_eq(hystartpp_slow_start(&r.h, &r.cc, rows[i][0]), 0);
            ck_assert_uint_eq(r.cc.cwnd, rows[i][1 + paced]);
        }
}
END_TEST

/* In conservative slow start the same delay is no end of it, a smaller one is; the rounds then
 * begin anew. */
START_TEST(pp_resumes)
{
    struct rig r;

    rig_init(&r, 0);
    pp_round(&r, 100000);
    pp_round(&r, 119000);
    for (int i = 0; i < 3; i++)
        pp_round(&r, 119000);
    ck_assert_uint_eq(r.h.css_rtt_us, 119000);
    pp_round(&r, 118999);
    ck_assert_uint_eq(r.h.css_rtt_us, 0);
    pp_round(&r, 140000);
    ck_assert_uint_eq(r.h.css_rtt_us, 140000);
    for (int i = 0; i < 4; i++)
        pp_round(&r, 140000);
    ck_assert(!r.h.found);
    pp_round(&r, 140000);
    ck_assert(r.h.found);
}
END_TEST

SUITE("protocols/cc_hystart", ack_train, broken_train, delay, delay_limits, small_window, pp_rise,
      pp_false_alarm, train_exactly, delay_exactly, pp_rise_exactly, pp_burst, pp_resumes)

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

SUITE("protocols/cc_hystart", ack_train, broken_train, delay, delay_limits, small_window, pp_rise,
      pp_false_alarm)

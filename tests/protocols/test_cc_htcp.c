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

/* Of a flow with this round trip, the rate of growth so long after the last loss, in packets a
 * round trip: the window, over the packets that a growth by one takes. */
static void check_alpha(const char *scaling, uint32_t rtt_ms, uint32_t since_ms, uint32_t alpha)
{
    enum { WINDOW = 100000 };
    struct cc_rig rig;

    rig_init(&rig, "htcp");
    rig_param(&rig, "use_rtt_scaling", scaling);
    rig.cc.now += since_ms * SIM_MS;
    rig_cruise(&rig, WINDOW - 1);
    rig.cc.cwnd_cnt = WINDOW - 1; /* with the next ACK it grows, and alpha is looked up */
    rig_ack(&rig, 1, (int32_t)rtt_ms * 1000);
    ck_assert_uint_eq(rig.cc.cwnd, WINDOW);
    uint32_t acks = rig_acks_to_move(&rig, (int32_t)rtt_ms * 1000) - 1;
    ck_assert_msg(acks == (WINDOW + alpha - 1) / alpha, "%u ms, %u ms: %u, not %u", rtt_ms,
                  since_ms, WINDOW / acks, alpha);
    rig_fini(&rig);
}

/* alpha(D) in whole packets; at 11 s it is 1 + 100 + 25.  Over 100 ms it counts as it is, over
 * others by RTT / 100 ms, which is no less than 1/10 and no more than 2, in eighths of its inverse
 * as Linux has it; and it is never below 1. */
START_TEST(increase_exactly)
{
    static const uint32_t rows[][3] = {
        { 100, 1000, 1 },    { 100, 1099, 1 },    { 100, 1100, 2 },    { 100, 11000, 126 },
        { 50, 11000, 63 },   { 20, 11000, 25 },   { 10, 11000, 12 },   { 5, 11000, 12 },
        { 160, 11000, 201 }, { 200, 11000, 252 }, { 400, 11000, 252 }, { 10, 1000, 1 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        check_alpha("yes", rows[i][0], rows[i][1], rows[i][2]);
    check_alpha("no", 50, 11000, 126);
}
END_TEST

/* What 1000 packets become.  The first loss makes beta follow the round trips. */
static uint32_t threshold(struct cc_rig *rig)
{
    rig->cc.cwnd = 1000;
    return rig->cc.ops->ssthresh(&rig->cc);
}

/* beta = RTTmin / RTTmax within 0.5 and 0.8 (64 and 102 / 128), in 1/128, for round trips above
 * 10 ms; a jump of more than 20 ms is not believed; at each loss the range shrinks by a twentieth.
 */
START_TEST(decrease_exactly)
{
    static const struct {
        double rtts[3];
        uint32_t first, second;
    } rows[] = {
        { { 100, 120, 120 }, 1000 * 102 / 128, 1000 * 102 / 128 },
        { { 100, 120, 140 }, 1000 * 91 / 128, 1000 * 92 / 128 }, /* then 138 */
        { { 100, 120, 141 }, 1000 * 102 / 128, 1000 * 102 / 128 },
        { { 20, 40, 60 }, 500, 500 },
        { { 10, 12, 12 }, 500, 500 },
        { { 10.001, 14, 14 }, 1000 * 100 / 128, 1000 * 102 / 128 }, /* rounded up to 11 */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        rig_init(&rig, "htcp");
        rig_param(&rig, "use_bandwidth_switch", "no");
        ck_assert_uint_eq(threshold(&rig), 500);
        for (int n = 0; n < 3; n++)
            rig_ack(&rig, 1, (int32_t)lrint(rows[i].rtts[n] * 1000));
        rig_state(&rig, CC_DISORDER); /* then the longest is not looked for */
        rig_ack(&rig, 1, (int32_t)lrint((rows[i].rtts[2] + 10) * 1000));
        ck_assert_uint_eq(threshold(&rig), rows[i].first);
        ck_assert_uint_eq(threshold(&rig), rows[i].second);
        rig_ack(&rig, 1, 9000); /* too short to tell */
        ck_assert_uint_eq(threshold(&rig), 500);
        rig_fini(&rig);
    }
}
END_TEST

/* A loss, and a quiet round trip of 100 ms after it that brings so many packets a second; round
 * trips are 100 to 150 ms.  The window was larger than that by `unused`.  `late`: then so many in
 * so many milliseconds. */
static void deliver(struct cc_rig *rig, uint32_t rate, uint32_t unused, uint32_t late,
                    uint32_t late_ms)
{
    rig_state(rig, CC_CWR);
    rig_ack(rig, 1, 100000);
    rig_state(rig, CC_OPEN);
    rig->cc.now += 100 * SIM_MS;
    rig_cruise(rig, rate / 10 + unused);
    rig_ack(rig, rate / 10, 120000);
    if (late) {
        rig->cc.now += late_ms * SIM_MS;
        rig->cc.cwnd = late + 1;
        rig_state(rig, CC_DISORDER); /* which does not matter */
        rig_ack(rig, late, 140000);
        rig_state(rig, CC_OPEN);
    }
    rig_ack(rig, 0, 140000);
    rig_ack(rig, 0, 150000);
}

/* When the throughput is more than a fifth above or below that of the loss before, half the window
 * goes, and half at the next loss; else RTTmin / RTTmax, 85 / 128.  It is measured anew in the
 * first three round trips, and averaged with weight 1/4 afterwards; a round trip that did not bring
 * a window, but for the packet that it grew by, does not count. */
START_TEST(bandwidth_switch)
{
    static const struct {
        uint32_t rate, unused, late, late_ms, after;
    } rows[] = {
        { 1200, 1, 0, 0, 664 },     { 1210, 1, 0, 0, 500 },     { 800, 1, 0, 0, 664 },
        { 790, 1, 0, 0, 500 },      { 790, 2, 0, 0, 664 },      { 1000, 1, 541, 300, 664 },
        { 1000, 1, 542, 300, 500 }, { 1000, 1, 150, 300, 664 }, { 1000, 1, 240, 200, 664 },
        { 1000, 1, 241, 200, 500 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        rig_init(&rig, "htcp");
        deliver(&rig, 1000, 1, 0, 0);
        ck_assert_uint_eq(threshold(&rig), 500);
        deliver(&rig, 1000, 1, 0, 0);
        ck_assert_uint_eq(threshold(&rig), 500);
        deliver(&rig, rows[i].rate, rows[i].unused, rows[i].late, rows[i].late_ms);
        ck_assert_msg(threshold(&rig) == rows[i].after, "row %zu", i);
        if (rows[i].after == 664) { /* growing by less than one, which counts as one */
            deliver(&rig, 500, 2, 0, 0);
            ck_assert_uint_eq(threshold(&rig), 664);
            deliver(&rig, 500, 1, 0, 0);
            ck_assert_uint_eq(threshold(&rig), 500);
            deliver(&rig, 500, 1, 0, 0);
            ck_assert_uint_eq(threshold(&rig), 500);
            deliver(&rig, 500, 1, 0, 0);
            ck_assert_uint_eq(threshold(&rig), 664);
            /* A loss at another rate that was none does not count. */
            deliver(&rig, 2000, 1, 0, 0);
            rig_state(&rig, CC_RECOVERY);
            ck_assert_uint_eq(threshold(&rig), 500);
            rig.cc.ops->undo(&rig.cc);
            rig_state(&rig, CC_OPEN);
            deliver(&rig, 500, 1, 0, 0);
            ck_assert_uint_eq(threshold(&rig), 500);
            deliver(&rig, 500, 1, 0, 0);
            ck_assert_uint_eq(threshold(&rig), 664);
        }
        rig_fini(&rig);
    }
}
END_TEST

START_TEST(undo_and_count)
{
    struct cc_rig rig;

    rig_init(&rig, "htcp");
    rig_param(&rig, "use_bandwidth_switch", "no");
    for (int undone = 1; undone >= 0; undone--) {
        rig_ack(&rig, 1, 100000);
        rig.cc.now += 11 * SIM_S;
        rig_state(&rig, CC_CWR);
        rig.cc.now += undone ? 0 : 5 * SIM_S;
        if (undone)
            rig.cc.ops->undo(&rig.cc);
        rig_state(&rig, CC_OPEN);
        rig_cruise(&rig, 12600);
        rig.cc.cwnd_cnt = 12600;
        rig_ack(&rig, 1, 100000);
        ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), undone ? 12601 / 126 + 2 : 12602);
    }
    rig.cc.now += 11 * SIM_S; /* a loss looks the increase up, disorder does not begin anew */
    rig_state(&rig, CC_DISORDER);
    rig_state(&rig, CC_OPEN);
    threshold(&rig);
    rig_cruise(&rig, 12600);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), 12600 / 126 + 1);
    rig_cruise(&rig, 100);
    rig.cc.cwnd_clamp = rig.cc.cwnd_cnt = 100;
    rig_ack(&rig, 1, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 100);
    rig.cc.cwnd_clamp = UINT32_MAX;
    rig.cc.ssthresh = 104;
    rig_ack(&rig, 2, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 102);
    rig.cc.cwnd = 3;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
    rig_cruise(&rig, 1000);
    rig_ack(&rig, 3, 100000);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 3);
    rig_state(&rig, CC_DISORDER);
    rig_ack(&rig, 3, 100000);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 4);
    rig_state(&rig, CC_OPEN);

    threshold(&rig);
    rig_ack(&rig, 1, 120000);
    rig_ack(&rig, 1, 140000);
    rig_state(&rig, CC_RECOVERY);
    ck_assert_uint_eq(threshold(&rig), 1000 * 91 / 128);
    rig.cc.ops->undo(&rig.cc);
    ck_assert_uint_eq(threshold(&rig), 1000 * 91 / 128);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_htcp", increase, decrease, short_round_trips, increase_exactly,
      decrease_exactly, bandwidth_switch, undo_and_count)

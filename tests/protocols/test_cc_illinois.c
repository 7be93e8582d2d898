/* TCP-Illinois (Liu, Basar, Srikant 2006): alpha from 10 to 0.3, beta from 1/8 to 1/2. */
#include <math.h>

#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

START_TEST(no_delay)
{
    struct cc_rig rig;

    rig_init(&rig, "illinois");
    rig_cruise(&rig, 500);
    rig_ack(&rig, 1, 150000); /* the largest delay: 50 ms */
    for (int i = 0; i < 8; i++)
        rig_round(&rig, 100000);
    uint32_t before = rig.cc.cwnd;
    rig_round(&rig, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, before + 9);
    ck_assert_uint_le(rig.cc.cwnd, before + 11);
    rig_cruise(&rig, 800);
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 700);
    rig_fini(&rig);
}
END_TEST

START_TEST(full_delay)
{
    struct cc_rig rig;

    rig_init(&rig, "illinois");
    rig_cruise(&rig, 500);
    rig_round(&rig, 100000);
    for (int i = 0; i < 3; i++)
        rig_round(&rig, 150000);
    uint32_t before = rig.cc.cwnd;
    for (int i = 0; i < 10; i++)
        rig_round(&rig, 150000);
    ck_assert_uint_ge(rig.cc.cwnd, before + 2);
    ck_assert_uint_le(rig.cc.cwnd, before + 4);
    rig_cruise(&rig, 800);
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, 400);
    rig_fini(&rig);
}
END_TEST

/* A round trip, to the ACK that ends it: Illinois counts its samples.  No growth. */
static void finish_round(struct cc_rig *rig, int32_t rtt_us)
{
    uint32_t cwnd = rig->cc.cwnd;

    rig->cc.cwnd_limited = false;
    for (uint32_t n = 0; n < 1000; n++) {
        rig_ack(rig, 1, rtt_us);
        if (rig_info(rig).vegas.rttcnt == 0)
            break;
    }
    rig->cc.cwnd_limited = true;
    ck_assert_uint_eq(rig->cc.cwnd, cwnd);
}

/* Least and largest round trip 100 and 200 ms: dm = 100 ms.  Then a round trip with this delay. */
static void begin(struct cc_rig *rig, uint32_t cwnd, int32_t delay_us)
{
    rig_init(rig, "illinois");
    rig_cruise(rig, cwnd);
    rig_ack(rig, 1, 200000);
    rig_ack(rig, 1, 100000);
    for (int i = 0; i < 3; i++)
        finish_round(rig, 100000 + delay_us);
}

/* alpha, in 1/128: with 128 windows acknowledged the window grows by as many packets. */
static uint32_t alpha128(struct cc_rig *rig)
{
    uint32_t cwnd = rig->cc.cwnd, alpha;

    rig_cruise(rig, 1024);
    rig->cc.cwnd_cnt = 1024 * 128 - 1;
    rig_ack(rig, 1, -1);
    alpha = rig->cc.cwnd - 1024;
    rig_cruise(rig, cwnd);
    rig->cc.nxt = rig->cc.una + cwnd * rig->cc.mss;
    return alpha;
}

/* The curves: beta from 1/8 at 10 ms to 1/2 at 80 ms; alpha 10 up to 1 ms, then with d = da - 1 ms
 * and dm = 99 ms dm 10 / (dm + d (10 - 0.3) / 0.3), where 0.3 is 38/128. */
START_TEST(curves)
{
    static const struct {
        int32_t delay_us;
        uint32_t beta64;
    } rows[] = {
        { 1000, 8 },   { 1500, 8 },   { 10000, 8 },  { 45000, 20 },
        { 60000, 25 }, { 79000, 31 }, { 80000, 32 }, { 100000, 32 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        double d = rows[i].delay_us - 1000;
        uint32_t alpha = (uint32_t)(99000 * 1280 / (99000 + floor(d * (1280 - 38) / 38)));
        begin(&rig, 64, rows[i].delay_us);
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 64 - rows[i].beta64);
        ck_assert_msg(alpha128(&rig) == alpha, "%d us: %u, not %u", rows[i].delay_us,
                      alpha128(&rig), alpha);
        rig_fini(&rig);
    }
}
END_TEST

/* A window of less than 15 packets is Reno's; so is any after a time-out. */
START_TEST(reno_at_times)
{
    struct cc_rig rig;

    begin(&rig, 14, 0);
    ck_assert_uint_eq(alpha128(&rig), 128);
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 7);
    rig_fini(&rig);
    begin(&rig, 64, 0);
    rig_cruise(&rig, 14);
    finish_round(&rig, 100000);
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 7);
    rig.cc.cwnd_cnt = 0;
    ck_assert_uint_eq(rig_acks_to_move(&rig, -1), 14);
    rig_fini(&rig);
    begin(&rig, 15, 0);
    ck_assert_uint_eq(alpha128(&rig), 1280);
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 14);
    rig.cc.cwnd = 2;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 2);
    rig_state(&rig, CC_RECOVERY);
    ck_assert_uint_eq(alpha128(&rig), 1280);
    rig_ack(&rig, 1, 100000);
    rig_state(&rig, CC_LOSS);
    ck_assert_uint_eq(rig_info(&rig).vegas.rttcnt, 0);
    ck_assert_uint_eq(alpha128(&rig), 128);
    rig.cc.cwnd = 64;
    ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 32);
    rig_fini(&rig);
}
END_TEST

/* After a delay the largest alpha is back with the fifth round trip without one (theta), unless a
 * time-out made that forgotten. */
START_TEST(theta)
{
    for (int timeout = 0; timeout < 2; timeout++) {
        struct cc_rig rig;
        begin(&rig, 64, 100000);
        uint32_t least = alpha128(&rig);
        for (int i = 0; i < 4; i++) {
            finish_round(&rig, 100000);
            ck_assert_uint_eq(alpha128(&rig), least);
        }
        if (timeout)
            rig_state(&rig, CC_LOSS);
        finish_round(&rig, 100000);
        ck_assert_uint_eq(alpha128(&rig), 1280);
        finish_round(&rig, 200000);
        for (int i = 0; i < 5; i++) {
            ck_assert_uint_lt(alpha128(&rig), 1280);
            finish_round(&rig, 100000);
        }
        ck_assert_uint_eq(alpha128(&rig), 1280);
        rig_fini(&rig);
    }
}
END_TEST

/* A round without a sample changes nothing, one sample is enough. */
START_TEST(few_samples)
{
    struct cc_rig rig;

    begin(&rig, 64, 100000);
    uint32_t least = alpha128(&rig);
    rig_acks(&rig, 200, -1);
    ck_assert_uint_eq(alpha128(&rig), least);
    for (int i = 0; i < 5; i++) {
        rig_ack(&rig, 1, 100000);
        rig_acks(&rig, 65, -1);
    }
    ck_assert_uint_eq(alpha128(&rig), 1280);
    rig_fini(&rig);
}
END_TEST

/* TCP_CC_INFO: on; the samples of this round, their mean, and the least round trip.  Samples above
 * 3.3 s would overflow Linux's 32 bits: 2^32 / 1280 us count. */
START_TEST(told)
{
    struct cc_rig rig;

    rig_init(&rig, "illinois");
    ck_assert_uint_eq(rig_info(&rig).vegas.enabled, 1);
    ck_assert_uint_eq(rig_info(&rig).vegas.rtt, 0);
    rig_ack(&rig, 1, -1); /* a round begins */
    rig_ack(&rig, 1, 100000);
    rig_ack(&rig, 1, 4000000);
    rig_ack(&rig, 1, -1);
    ck_assert_uint_eq(rig_info(&rig).vegas.rttcnt, 2);
    ck_assert_uint_eq(rig_info(&rig).vegas.rtt, (100000 + UINT32_MAX / 1280) / 2);
    ck_assert_uint_eq(rig_info(&rig).vegas.minrtt, 100000);
    rig_fini(&rig);
}
END_TEST

/* An ACK counts for what it acknowledges; a step may be of several packets; not above the clamp. */
START_TEST(steps)
{
    struct cc_rig rig;

    rig_init(&rig, "illinois");
    rig_cruise(&rig, 20);
    rig_ack(&rig, 5, 100000); /* alpha is 10: 50 / 20 */
    ck_assert_uint_eq(rig.cc.cwnd, 22);
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 0);
    rig.cc.ops->avoid(&rig.cc, &rig.ack, 3); /* by SACK: as one */
    ck_assert_uint_eq(rig.cc.cwnd_cnt, 1);
    rig.cc.cwnd_clamp = 23;
    rig_ack(&rig, 10, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 23);
    rig.cc.cwnd_clamp = UINT32_MAX;
    rig.cc.ssthresh = 26;
    rig_ack(&rig, 2, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 25);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_illinois", no_delay, full_delay, curves, reno_at_times, theta, few_samples,
      told, steps)

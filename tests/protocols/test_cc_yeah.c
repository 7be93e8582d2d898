/* YeAH-TCP (Baiocchi et al. 2007). */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* No queue: Scalable's growth, 1 % a round trip. */
START_TEST(fast)
{
    struct cc_rig rig;

    rig_init(&rig, "yeah");
    rig_cruise(&rig, 500);
    rig_path(&rig, 2000, 100000);
    uint32_t before = rig.cc.cwnd;
    rig_path(&rig, 2000, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, before + before / 100);
    ck_assert_uint_le(rig.cc.cwnd, before + before / 100 + 1);
    /* A loss takes an eighth. */
    before = rig.cc.cwnd;
    rig_loss(&rig);
    ck_assert_uint_eq(rig.cc.cwnd, before - before / 8);
    rig_fini(&rig);
}
END_TEST

/* A queue above 80 packets is taken out of the window, so that it stays below. */
START_TEST(decongestion)
{
    struct cc_rig rig;

    rig_init(&rig, "yeah");
    rig_cruise(&rig, 900);
    rig_path(&rig, 1000, 100000);
    rig_cruise(&rig, 1300);
    for (int i = 0; i < 200; i++)
        rig_path(&rig, 1000, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, 1000);
    ck_assert_uint_le(rig.cc.cwnd, 1085);
    rig_fini(&rig);
}
END_TEST

/* ACKs up to the one that ends the round, with a window that does not grow. */
static void finish_round(struct cc_rig *rig, int32_t rtt_us)
{
    rig->cc.cwnd_clamp = rig->cc.cwnd;
    for (uint32_t n = 0; n < 5000; n++) {
        rig_ack(rig, 1, rtt_us);
        if (rig_info(rig).vegas.rttcnt == 0)
            break;
    }
    rig->cc.cwnd_clamp = UINT32_MAX;
}

/* The least round trip is 100 ms, kept a microsecond longer than the sample. */
enum { BASE = 99999 };

static void begin(struct cc_rig *rig, uint32_t cwnd)
{
    rig_init(rig, "yeah");
    rig_cruise(rig, cwnd);
    rig_ack(rig, 1, BASE); /* which ends the round that init began */
    finish_round(rig, BASE);
    rig_cruise(rig, cwnd);
}

/* Slow mode from more than 80 packets queued, which are taken out of the window, up to half of it;
 * or a delay of more than an eighth of the least round trip. */
START_TEST(modes)
{
    static const struct {
        uint32_t cwnd;
        int32_t delay_us;
        uint32_t after, acks;
    } rows[] = {
        { 1000, 8813, 1000, 100 }, /* 80.99 of 1000 in the queue */
        { 1000, 8814, 919, 919 },  { 400, 12500, 400, 100 },  { 400, 12501, 400, 400 },
        { 400, 25000, 400, 400 },  { 400, 300000, 200, 200 }, /* 300 of 400 */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        begin(&rig, rows[i].cwnd);
        finish_round(&rig, BASE + rows[i].delay_us);
        ck_assert_uint_eq(rig.cc.cwnd, rows[i].after);
        ck_assert_uint_eq(rig.cc.ssthresh, rows[i].after);
        rig.cc.cwnd_cnt = 0;
        ck_assert_uint_eq(rig_acks_to_move(&rig, BASE), rows[i].acks);
        rig_fini(&rig);
    }
}
END_TEST

/* A loss takes the queue, from an eighth to half; with 16 slow rounds in a row, half. */
START_TEST(decrease)
{
    static const struct {
        int32_t delay_us;
        uint32_t slow, after;
    } rows[] = {
        { 0, 1, 875 },      { 25000, 1, 800 },  { 300000, 1, 500 },
        { 25000, 15, 800 }, { 25000, 16, 500 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        begin(&rig, 1000);
        for (uint32_t n = 0; n < rows[i].slow; n++) {
            rig_cruise(&rig, 1000);
            finish_round(&rig, BASE + rows[i].delay_us);
        }
        rig.cc.cwnd = 1000;
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), rows[i].after);
        rig.cc.cwnd = 3;
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), rows[i].delay_us ? 2 : 3);
        finish_round(&rig, BASE); /* a fast one, which ends the row of slow ones */
        rig.cc.cwnd = 1000;
        ck_assert_uint_eq(rig.cc.ops->ssthresh(&rig.cc), 875);
        rig_fini(&rig);
    }
}
END_TEST

/* Half the window in the first slow round, one more in each, is what a Reno flow might have; the
 * queue is not taken out below it.  Forgotten after more than 50 fast rounds, halved by a loss. */
START_TEST(reno_count)
{
    for (int turn = 0; turn < 4; turn++) {
        static const uint32_t rounds[] = { 0, 49, 50, 80 }; /* after the first, in begin() */
        struct cc_rig rig;
        begin(&rig, 400);
        for (int i = 0; i < 21; i++)
            finish_round(&rig, BASE + 12600); /* 200 to 220 */
        for (uint32_t i = 0; i < rounds[turn]; i++) {
            if (turn == 3 && i == 30) /* counted anew from the loss, which leaves 110 */
                rig.cc.ops->ssthresh(&rig.cc);
            finish_round(&rig, BASE);
        }
        rig_cruise(&rig, turn == 3 ? 200 : 400);
        finish_round(&rig, 5 * BASE); /* to half of it, unless Reno has more */
        ck_assert_uint_eq(rig.cc.cwnd, turn == 3 ? 110 : turn == 2 ? 200 : 220);
        rig_fini(&rig);
    }
}
END_TEST

/* Slow start up to the threshold, what is left of the ACK counts after it; a window that is not
 * used does not grow, and no round is judged. */
START_TEST(slow_start)
{
    struct cc_rig rig;

    rig_init(&rig, "yeah");
    ck_assert_uint_eq(rig.cc.cwnd_clamp, UINT32_MAX / 128); /* as Linux's */
    rig_fini(&rig);
    begin(&rig, 1000);
    rig_param(&rig, "gamma", "2"); /* half of 81 */
    finish_round(&rig, BASE + 8814);
    ck_assert_uint_eq(rig.cc.cwnd, 960);
    rig_fini(&rig);
    begin(&rig, 200);
    rig_check_slow_start(&rig, 200, BASE);
    rig.cc.cwnd_limited = false;
    rig_acks(&rig, 1000, 4 * BASE);
    ck_assert_uint_eq(rig.cc.cwnd, 203);
    rig_fini(&rig);
}
END_TEST

/* In recovery rounds have no samples, and what has idled learns the least round trip anew. */
START_TEST(recovery_and_idling)
{
    struct cc_rig rig;

    begin(&rig, 400);
    rig_ack(&rig, 1, BASE);
    rig_state(&rig, CC_RECOVERY);
    ck_assert_uint_eq(rig_info(&rig).vegas.enabled, 0);
    rig_state(&rig, CC_OPEN);
    ck_assert_uint_eq(rig_info(&rig).vegas.enabled, 1);
    ck_assert_uint_eq(rig_info(&rig).vegas.rttcnt, 0);
    rig_event(&rig, CC_TX_START);
    finish_round(&rig, 3 * BASE);
    ck_assert_uint_eq(rig.cc.cwnd, 400);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_yeah", fast, decongestion, modes, decrease, reno_count, slow_start,
      recovery_and_idling)

/* TCP Westwood+ (Mascolo et al. 2001): after a loss, the estimated rate times the least RTT. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

START_TEST(path)
{
    struct cc_rig rig;

    rig_init(&rig, "westwood");
    rig_cruise(&rig, 80);
    for (int i = 0; i < 60; i++)
        rig_path(&rig, 100, 100000); /* in the end 140 packets, 40 of them in the queue */
    rig_loss(&rig);
    ck_assert_uint_ge(rig.cc.cwnd, 97);
    ck_assert_uint_le(rig.cc.cwnd, 103);
    rig_fini(&rig);
}
END_TEST

/* A random loss costs little of a window that the path holds: the filters lag behind its growth. */
START_TEST(random_loss)
{
    struct cc_rig rig;

    rig_init(&rig, "westwood");
    rig_cruise(&rig, 50);
    for (int i = 0; i < 40; i++)
        rig_path(&rig, 100, 100000);
    uint32_t before = rig.cc.cwnd;
    rig_loss(&rig);
    ck_assert_uint_ge(rig.cc.cwnd, before * 3 / 4);
    rig_fini(&rig);
}
END_TEST

/* The window after a recovery, B x RTTmin. */
static uint32_t path_of(struct cc_rig *rig)
{
    rig_event(rig, CC_COMPLETE_CWR);
    ck_assert_uint_eq(rig->cc.cwnd, rig->cc.ssthresh);
    return rig->cc.cwnd;
}

/* The least round trip is known; counting begins now. */
static void begin(struct cc_rig *rig, uint16_t mss, int32_t rtt_us)
{
    rig_init(rig, "westwood");
    rig->cc.mss = mss;
    rig_acks(rig, 1, rtt_us); /* what the first ACK acknowledges does not count */
    rig_acks(rig, 1, rtt_us);
    rig->cc.cwnd = 1000;
}

/* B is sampled in round trips, which last more than 50 ms, and filtered twice with weight 1/8 in
 * whole bytes a millisecond: 100 at first, then 200 bring it to 101 and 103. */
START_TEST(filters)
{
    static const uint32_t rtts[][2] = { { 100000, 101 }, { 49000, 51 } };

    for (size_t i = 0; i < G_N_ELEMENTS(rtts); i++) {
        struct cc_rig rig;
        int32_t rtt_us = (int32_t)rtts[i][0];
        uint32_t ms = rtts[i][1], scale = rtts[i][0] / 1000;
        begin(&rig, 10, rtt_us);
        rig_ack(&rig, ms * 10 - 1, rtt_us);
        rig.cc.now += (ms - 1) * SIM_MS; /* not yet */
        rig_ack(&rig, 0, rtt_us);
        ck_assert_uint_eq(path_of(&rig), 2);
        rig.cc.now += SIM_MS;
        rig_ack(&rig, ms * 20, rtt_us);
        ck_assert_uint_eq(path_of(&rig), 100 * scale / 10);
        rig.cc.now += ms * SIM_MS;
        rig_ack(&rig, ms * 20, rtt_us);
        ck_assert_uint_eq(path_of(&rig), 101 * scale / 10);
        rig.cc.now += ms * SIM_MS;
        rig_ack(&rig, 1, rtt_us);
        ck_assert_uint_eq(path_of(&rig), 103 * scale / 10);
        rig_fini(&rig);
    }
}
END_TEST

/* Packets that ACKs count for: a duplicate ACK for one, and what these were counted for is not
 * counted again when the hole is filled; an ACK never counts for nothing.  Of so large a packet
 * that the path of a round trip of 100 ms in 101 ms of sampling is one less. */
START_TEST(duplicates)
{
    static const struct {
        uint32_t duplicates, acked, acked_then, count;
    } rows[] = {
        { 3, 5, 0, 5 },         { 3, 5, 2, 7 },         { 5, 5, 0, 6 },
        { 6, 5, 4, 6 + 1 + 3 }, { 6, 1, 7, 6 + 1 + 1 }, { 0, 5, 5, 10 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        begin(&rig, 65000, 100000);
        rig.ack.slow_path = true;
        for (uint32_t n = 0; n < rows[i].duplicates; n++)
            rig_ack(&rig, 0, 100000);
        rig_ack(&rig, rows[i].acked, 100000);
        if (rows[i].acked_then)
            rig_ack(&rig, rows[i].acked_then, 100000);
        rig.cc.now += 101 * SIM_MS;
        rig.ack.slow_path = false;
        rig_ack(&rig, 0, 100000);
        ck_assert_msg(path_of(&rig) == rows[i].count, "row %zu: %u", i, path_of(&rig));
        rig_fini(&rig);
    }
}
END_TEST

/* A time-out takes the path for the threshold only, and makes the least round trip forgotten; told
 * by TCP_CC_INFO, with the initial 20 s of Linux. */
START_TEST(timeout)
{
    struct cc_rig rig;

    rig_init(&rig, "westwood");
    ck_assert_uint_eq(rig_info(&rig).vegas.enabled, 1);
    ck_assert_uint_eq(rig_info(&rig).vegas.rttcnt, 0);
    ck_assert_uint_eq(rig_info(&rig).vegas.rtt, 20000000);
    ck_assert_uint_eq(rig_info(&rig).vegas.minrtt, 20000000);
    rig_fini(&rig);

    begin(&rig, 1000, 100000);
    ck_assert_uint_eq(rig_info(&rig).vegas.minrtt, 100000);
    rig_ack(&rig, 1, 150000);
    rig_ack(&rig, 1, -1);
    ck_assert_uint_eq(rig_info(&rig).vegas.minrtt, 100000);
    ck_assert_uint_eq(rig_info(&rig).vegas.rtt, 150000);
    rig.cc.cwnd = 1000;
    rig_event(&rig, CC_LOSS_TIMEOUT);
    ck_assert_uint_eq(rig.cc.ssthresh, 2);
    ck_assert_uint_eq(rig.cc.cwnd, 1000);
    rig_ack(&rig, 1, -1);
    ck_assert_uint_eq(rig_info(&rig).vegas.minrtt, 150000);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_westwood", path, random_loss, filters, duplicates, timeout)

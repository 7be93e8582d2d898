/* LEDBAT against RFC 6817. */
#include "tests/support/cc_rig.h"
#include "tests/support/suite.h"

/* Section 2.4.2: the queueing delay settles at TARGET, 100 ms: twice the path's 100 packets. */
START_TEST(target)
{
    struct cc_rig rig;

    rig_init(&rig, "ledbat");
    ck_assert_uint_eq(rig.cc.cwnd, 2);
    for (int i = 0; i < 800; i++)
        rig_path(&rig, 100, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, 195);
    ck_assert_uint_le(rig.cc.cwnd, 203);
    rig_cruise(&rig, 300);
    for (int i = 0; i < 800; i++)
        rig_path(&rig, 100, 100000);
    ck_assert_uint_ge(rig.cc.cwnd, 197);
    ck_assert_uint_le(rig.cc.cwnd, 206);
    rig_fini(&rig);
}
END_TEST

/* GAIN at most 1: never faster than Reno, also without a queue. */
START_TEST(gain)
{
    struct cc_rig rig;

    rig_init(&rig, "ledbat");
    for (uint32_t want = 3; want < 60; want++) {
        rig_path(&rig, 100, 100000);
        ck_assert_uint_le(rig.cc.cwnd, want);
    }
    ck_assert_uint_ge(rig.cc.cwnd, 57);
    rig_loss(&rig);
    ck_assert_uint_le(rig.cc.cwnd, 30);
    rig_fini(&rig);
}
END_TEST

/* The base delay is the least of ten minutes: a longer path is learnt after that time. */
START_TEST(base_history)
{
    struct cc_rig rig;

    rig_init(&rig, "ledbat");
    rig_cruise(&rig, 50);
    rig_path(&rig, 100, 100000);
    for (int i = 0; i < 3000; i++) /* 8 minutes of a path that is 60 ms longer */
        rig_path(&rig, 160, 160000);
    ck_assert_uint_ge(rig.cc.cwnd, 195);
    ck_assert_uint_le(rig.cc.cwnd, 206); /* 160 and 40 ms */
    for (int i = 0; i < 3000; i++)
        rig_path(&rig, 160, 160000);
    ck_assert_uint_ge(rig.cc.cwnd, 260); /* 160 and 100 ms, and its own queue of that time */
    rig_fini(&rig);
}
END_TEST

/* With a long queue a small window ends at two packets (2.4.2, MIN_CWND), however much an ACK
 * acknowledges. */
START_TEST(least_window)
{
    struct cc_rig rig;

    rig_init(&rig, "ledbat");
    rig_cruise(&rig, 50);
    rig_path(&rig, 100, 100000);
    for (int i = 0; i < 5; i++)
        rig_ack(&rig, 1, 400000);
    rig.cc.cwnd = 2;
    rig_ack(&rig, 100, 400000);
    ck_assert_uint_eq(rig.cc.cwnd, 2);
    rig.cc.ssthresh = 2; /* no debt of more than a packet is kept */
    rig_ack(&rig, 0, 100000);
    ck_assert_uint_eq(rig_acks_to_move(&rig, 100000), 4);
    rig.cc.cwnd_clamp = 3;
    rig_acks(&rig, 20, 100000);
    ck_assert_uint_eq(rig.cc.cwnd, 3);
    rig_fini(&rig);
}
END_TEST

/* The delay of the last four ACKs is `rtt_ms`: ACKs of one packet until a window of 50 moves. */
static uint32_t acks_at(struct cc_rig *rig, int32_t rtt_ms, int32_t *direction)
{
    for (int i = 0; i < 4; i++)
        rig_ack(rig, 0, rtt_ms * 1000);
    rig_cruise(rig, 50);
    uint32_t n = rig_acks_to_move(rig, rtt_ms * 1000);
    *direction = (int32_t)rig->cc.cwnd - 50;
    return n;
}

/* (TARGET - delay) / TARGET / W for each packet; down not faster than up. */
START_TEST(off_target)
{
    static const struct {
        int32_t delay_ms, direction;
        uint32_t acks;
    } rows[] = {
        { 0, 1, 50 },     { 50, 1, 100 },  { 75, 1, 200 },
        { 150, -1, 100 }, { 200, -1, 50 }, { 300, -1, 50 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct cc_rig rig;
        int32_t direction;
        rig_init(&rig, "ledbat");
        rig_ack(&rig, 0, 100000);
        ck_assert_uint_eq(acks_at(&rig, 100 + rows[i].delay_ms, &direction), rows[i].acks);
        ck_assert_int_eq(direction, rows[i].direction);
        rig.cc.cwnd_limited = false; /* not used: it may shrink only */
        rig_cruise(&rig, 50);
        rig_acks(&rig, 50, (100 + rows[i].delay_ms) * 1000);
        rig_acks(&rig, 50, (100 + rows[i].delay_ms) * 1000);
        if (direction > 0)
            ck_assert_uint_eq(rig.cc.cwnd, 50);
        else
            ck_assert_uint_lt(rig.cc.cwnd, 50);
        rig_fini(&rig);
    }
}
END_TEST

/* The base delay, of less than a millisecond here, counts for so many minutes of the clock. */
START_TEST(minutes)
{
    for (uint32_t history = 2; history <= 10; history += 8) {
        struct cc_rig rig;
        int32_t direction;
        rig_init(&rig, "ledbat");
        rig_param(&rig, "base_history", history == 2 ? "2" : "10");
        rig.cc.now = 7200 * SIM_S;
        rig.cc.ops->init(&rig.cc);
        rig_ack(&rig, 0, 500);
        acks_at(&rig, 150, &direction); /* the last four forget it at once */
        rig.cc.now += (60 * history - 1) * SIM_S;
        ck_assert_uint_eq(acks_at(&rig, 150, &direction), 100);
        ck_assert_int_eq(direction, -1);
        rig.cc.now += SIM_S;
        ck_assert_uint_eq(acks_at(&rig, 150, &direction), 50);
        ck_assert_int_eq(direction, 1);
        rig_fini(&rig);
    }
}
END_TEST

SUITE("protocols/cc_ledbat", target, gain, base_history, least_window, off_target, minutes)

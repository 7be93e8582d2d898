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
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/cc_ledbat", target, gain, base_history, least_window)

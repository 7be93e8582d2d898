#include "sim/simtime.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static uint64_t random_bits(uint64_t *x)
{
    *x ^= *x << 13, *x ^= *x >> 7, *x ^= *x << 17;
    return *x;
}

/* 1538 bytes of wire time at usual rates: 12304 bits; by hand. */
START_TEST(bits_take_their_time)
{
    ck_assert_int_eq(simtime_of_bits(12304, 1000000000), 12304 * SIM_NS);
    ck_assert_int_eq(simtime_of_bits(12304, 10000000), 1230400 * SIM_NS);
    ck_assert_int_eq(simtime_of_bits(12304, 100000000000), 123040);
    ck_assert_int_eq(simtime_of_bits(1, 3), 333333333334); /* rounded up */
    ck_assert_int_eq(simtime_of_bits(0, 5), 0);
}
END_TEST

/* ceil(bits x 10^12 / rate) by its definition: t x rate >= bits x 10^12 > (t - 1) x rate. */
START_TEST(bits_are_rounded_up_on_both_paths)
{
    uint64_t x = 1;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = random_bits(&x) % 3 ? random_bits(&x) % 20000000 : random_bits(&x) >> 25;
        uint64_t rate = (random_bits(&x) >> (random_bits(&x) % 24 + 24)) + 1;
        unsigned __int128 want = (unsigned __int128)bits * 1000000000000u;
        if (want / rate >= INT64_MAX)
            continue;
        sim_time t = simtime_of_bits(bits, rate);
        ck_assert((unsigned __int128)t * rate >= want);
        ck_assert(t == 0 || (unsigned __int128)(t - 1) * rate < want);
    }
}
END_TEST

START_TEST(bits_in_a_span_round_down)
{
    ck_assert_uint_eq(simtime_bits_in(SIM_S, 10000000), 10000000);
    ck_assert_uint_eq(simtime_bits_in(SIM_S - 1, 10000000), 9999999);
    ck_assert_uint_eq(simtime_bits_in(0, 10000000), 0);
    ck_assert_uint_eq(simtime_bits_in(SIM_NEVER, 1), 9223372);
}
END_TEST

START_TEST(seconds_become_the_nearest_picosecond)
{
    ck_assert_int_eq(simtime_from_seconds(0), 0);
    ck_assert_int_eq(simtime_from_seconds(1), SIM_S);
    ck_assert_int_eq(simtime_from_seconds(0.1), 100 * SIM_MS);
    ck_assert_int_eq(simtime_from_seconds(0.3), 300 * SIM_MS);
    ck_assert_int_eq(simtime_from_seconds(-0.02), -20 * SIM_MS);
    ck_assert_int_eq(simtime_from_seconds(1e-12), 1);
    ck_assert_int_eq(simtime_from_seconds(0.49e-12), 0);
    ck_assert_int_eq(simtime_from_seconds(0.51e-12), 1);
    ck_assert_int_eq(simtime_from_seconds(4.9e-324), 0);
    ck_assert_int_eq(simtime_from_seconds(86400), 86400 * SIM_S);
}
END_TEST

START_TEST(seconds_saturate)
{
    ck_assert_int_eq(simtime_from_seconds(9223372.0), 9223372 * SIM_S);
    ck_assert_int_eq(simtime_from_seconds(9223373.0), SIM_NEVER);
    ck_assert_int_eq(simtime_from_seconds(16777216.0), SIM_NEVER);
    ck_assert_int_eq(simtime_from_seconds(1e300), SIM_NEVER);
    ck_assert_int_eq(simtime_from_seconds(INFINITY), SIM_NEVER);
    ck_assert_int_eq(simtime_from_seconds(-INFINITY), -SIM_NEVER);
}
END_TEST

/* Against 128-bit floating point, whose 113 bits hold the product of a 53-bit and a 12-bit number
 * exactly.  (long double would do, but for valgrind, which makes it a double.) */
START_TEST(seconds_match_wide_arithmetic)
{
    uint64_t x = 7;
    for (int i = 0; i < 100000; i++) {
        double seconds = (double)(random_bits(&x) >> 11) * 0x1p-53 * pow(10, i % 14 - 7);
        if (seconds > 9e6)
            continue;
        __float128 exact = (__float128)seconds * 1e12;
        double error = (double)((__float128)simtime_from_seconds(seconds) - exact);
        ck_assert(fabs(error) <= 0.5 + 1e-3 + (double)exact * 0x1p-63);
    }
}
END_TEST

START_TEST(time_is_shown_exactly)
{
    static const struct {
        sim_time t;
        const char *want;
    } rows[] = {
        { 0, "0 s" },
        { SIM_S, "1 s" },
        { 12345678 * SIM_US, "12.345678 s" },
        { 1, "0.000000000001 s" },
        { -1500 * SIM_MS, "-1.5 s" },
        { SIM_NEVER - 1, "9223372.036854775806 s" },
        { SIM_NEVER, "never" },
    };
    char buf[64];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str_eq(simtime_format(rows[i].t, buf, sizeof buf), rows[i].want);
}
END_TEST

START_TEST(sums_saturate)
{
    ck_assert_int_eq(simtime_add(SIM_S, SIM_MS), 1001 * SIM_MS);
    ck_assert_int_eq(simtime_add(SIM_NEVER, 0), SIM_NEVER);
    ck_assert_int_eq(simtime_add(SIM_NEVER, SIM_S), SIM_NEVER);
    ck_assert_int_eq(simtime_add(SIM_NEVER - 1, 1), SIM_NEVER);
    ck_assert_int_eq(simtime_add(SIM_S, -SIM_S), 0);
}
END_TEST

SUITE("sim/simtime", bits_take_their_time, bits_are_rounded_up_on_both_paths,
      bits_in_a_span_round_down, seconds_become_the_nearest_picosecond, seconds_saturate,
      seconds_match_wide_arithmetic, time_is_shown_exactly, sums_saturate)

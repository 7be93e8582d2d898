/* One-way delays by the timestamp option, as LEDBAT (RFC 6817) and TCP-LP take them. */
#include "protocols/cc/owd.h"
#include "tests/support/suite.h"

static int32_t sample(struct owd *owd, int32_t rtt_us, uint32_t tsval, uint32_t tsecr)
{
    struct cc_ack ack = { .rtt_us = rtt_us, .prior_inflight = 2, .tsval = tsval, .tsecr = tsecr };

    return owd_sample(owd, &ack);
}

/* Without timestamps the round trip in whole milliseconds stands for it; up to 65535. */
START_TEST(round_trips)
{
    static const int32_t rows[][2] = {
        { 0, 0 }, { 99999, 99 }, { 100000, 100 }, { 65535000, 65535 }, { 65536000, 65535 }
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct owd owd = { 0 };
        ck_assert_int_eq(sample(&owd, rows[i][0], 0, 0), rows[i][1]);
    }
}
END_TEST

/* A packet alone has its ACK delayed; one that was retransmitted tells nothing. */
START_TEST(unusable)
{
    struct cc_ack alone = { .rtt_us = 50000, .prior_inflight = 1 };
    struct cc_ack again = { .rtt_us = -1, .prior_inflight = 9 };
    struct owd owd = { 0 };

    ck_assert_int_lt(owd_sample(&owd, &alone), 0);
    ck_assert_int_lt(owd_sample(&owd, &again), 0);
    ck_assert_int_eq(sample(&owd, 60000, 0, 0), 60);
}
END_TEST

/* CURRENT_FILTER of RFC 6817: the least of the last four. */
START_TEST(filter)
{
    static const int32_t rows[][2] = { { 50, 50 }, { 40, 40 }, { 60, 40 }, { 70, 40 },
                                       { 80, 40 }, { 90, 60 }, { 95, 70 }, { 30, 30 } };
    struct owd owd = { 0 };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        ck_assert_int_eq(sample(&owd, rows[i][0] * 1000, 0, 0), rows[i][1]);
}
END_TEST

/* The first sample is half of its round trip; then the clocks' difference moves with the delay of
 * the data alone, whatever the round trip is, and past the wrap of 2^32; never below zero. */
START_TEST(clocks)
{
    for (int32_t odd = 0; odd < 2; odd++) {
        struct owd owd = { 0 };
        uint32_t peer = UINT32_MAX - 1000, mine = 5000;
        ck_assert_int_eq(sample(&owd, 200000 - odd, peer, mine), 100 - odd);
        for (uint32_t i = 1; i <= 4; i++)
            ck_assert_int_eq(sample(&owd, 900000, peer + 600 * i + 30, mine + 600 * i),
                             i < 4 ? 100 - odd : 130 - odd);
        ck_assert_int_eq(sample(&owd, 900000, peer + 3000, mine + 3000 + 99 - odd), 1);
        ck_assert_int_eq(sample(&owd, 900000, peer + 3000, mine + 3000 + 200), 0);
    }
}
END_TEST

SUITE("protocols/cc_owd", round_trips, unusable, filter, clocks)

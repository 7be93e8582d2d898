/* The playout buffer: what is in time, and the burst ratio, by hand. */
#include "models/app/playout.h"
#include "tests/support/suite.h"

START_TEST(in_time_is_up_to_the_buffer)
{
    struct playout p = { .buffer = 60 * SIM_MS };
    sim_time until = 0;

    ck_assert(playout_add(&p, 0, 50 * SIM_MS, &until));
    ck_assert_int_eq(until, 110 * SIM_MS);
    ck_assert(playout_add(&p, 1, 110 * SIM_MS, &until));
    ck_assert_int_eq(until, 110 * SIM_MS);
    ck_assert(!playout_add(&p, 2, 110 * SIM_MS + 1, &until));
    /* A faster one moves the playing forward. */
    ck_assert(playout_add(&p, 3, 40 * SIM_MS, &until));
    ck_assert_int_eq(until, 100 * SIM_MS);
    ck_assert(!playout_add(&p, 4, 110 * SIM_MS, &until));
    /* A talkspurt starts anew. */
    playout_restart(&p);
    ck_assert(playout_add(&p, 5, 200 * SIM_MS, &until));
    ck_assert_int_eq(until, 260 * SIM_MS);
}
END_TEST

START_TEST(a_longer_path_is_noticed)
{
    struct playout p = { .buffer = 10 * SIM_MS };
    sim_time until;

    ck_assert(playout_add(&p, 0, 0, &until));
    for (uint64_t n = 1; n < PLAYOUT_RESYNC; n++)
        ck_assert(!playout_add(&p, n, 100 * SIM_MS, &until));
    ck_assert(playout_add(&p, PLAYOUT_RESYNC, 100 * SIM_MS, &until));
    ck_assert_int_eq(until, 110 * SIM_MS);
    ck_assert(playout_add(&p, PLAYOUT_RESYNC + 1, 105 * SIM_MS, &until));
}
END_TEST

/* Plays all of 0 ... count - 1 but those in the list. */
static double ratio_without(uint64_t count, const uint64_t *holes, size_t n)
{
    struct playout p = { .buffer = SIM_MS };
    sim_time until;

    for (uint64_t i = 0, k = 0; i < count; i++)
        if (k < n && holes[k] == i)
            k++;
        else
            ck_assert(playout_add(&p, i, 0, &until));
    return playout_burst_ratio(&p);
}

START_TEST(burst_ratio_of_runs)
{
    static const uint64_t apart[] = { 100, 300, 500 }, run[] = { 100, 101, 102, 103 },
                          both[] = { 10, 100, 101, 102, 103, 998 };

    ck_assert_double_eq(ratio_without(1000, NULL, 0), 1);
    /* Single losses are a little less bursty than independent ones: no credit for that. */
    ck_assert_double_eq(ratio_without(1000, apart, 3), 1);
    /* Mean run over 1 / (1 - p). */
    ck_assert_double_eq_tol(ratio_without(1000, run, 4), 4 * (1 - 0.004), 1e-12);
    ck_assert_double_eq_tol(ratio_without(1000, both, 6), 2 * (1 - 0.006), 1e-12);
}
END_TEST

START_TEST(order_does_not_matter)
{
    struct playout p = { .buffer = SIM_MS };
    sim_time until;

    /* Pairs swapped, 50 and 51 missing. */
    for (uint64_t i = 0; i < 1000; i++)
        if ((i ^ 1) / 2 != 25)
            ck_assert(playout_add(&p, i ^ 1, 0, &until));
    ck_assert_double_eq_tol(playout_burst_ratio(&p), 2 * (1 - 0.002), 1e-12);
}
END_TEST

SUITE("models/app/playout", in_time_is_up_to_the_buffer, a_longer_path_is_noticed,
      burst_ratio_of_runs, order_does_not_matter)

#include "sim/series.h"

#include <math.h>

#include "tests/support/suite.h"

START_TEST(an_empty_series_knows_nothing)
{
    struct series *s = series_new("cwnd", "packets", SERIES_STEPS);
    ck_assert_str_eq(s->name, "cwnd");
    ck_assert_str_eq(s->unit, "packets");
    ck_assert(isnan(series_at(s, 0)));
    ck_assert(isnan(series_mean(s, 0, SIM_S)));
    ck_assert(isnan(series_min(s, 0, SIM_S)));
    ck_assert(isnan(series_max(s, 0, SIM_S)));
    ck_assert(isnan(series_percentile(s, 0, SIM_S, 50)));
    series_free(s);
}
END_TEST

/* 10 from 1 s, 20 from 2 s, 40 from 4 s. */
static struct series *three_steps(void)
{
    struct series *s = series_new("depth", "packets", SERIES_STEPS);
    series_add(s, 1 * SIM_S, 10);
    series_add(s, 2 * SIM_S, 20);
    series_add(s, 3 * SIM_S, 20); /* no change: not stored */
    series_add(s, 4 * SIM_S, 40);
    return s;
}

START_TEST(a_step_holds_until_the_next)
{
    struct series *s = three_steps();
    ck_assert_uint_eq(s->count, 3);
    ck_assert(isnan(series_at(s, SIM_S - 1)));
    ck_assert(series_at(s, SIM_S) == 10);
    ck_assert(series_at(s, 2 * SIM_S - 1) == 10);
    ck_assert(series_at(s, 2 * SIM_S) == 20);
    ck_assert(series_at(s, 4 * SIM_S - 1) == 20);
    ck_assert(series_at(s, SIM_NEVER) == 40);
    series_free(s);
}
END_TEST

START_TEST(means_of_steps_are_weighted_with_time)
{
    struct series *s = three_steps();
    ck_assert(series_mean(s, 1 * SIM_S, 5 * SIM_S) == (10 + 2 * 20 + 40) / 4.0);
    ck_assert(series_mean(s, 1500 * SIM_MS, 2500 * SIM_MS) == 15);
    ck_assert(series_mean(s, 0, 2 * SIM_S) == 10); /* before the first point there is nothing */
    ck_assert(series_mean(s, 10 * SIM_S, 20 * SIM_S) == 40);
    ck_assert(series_mean(s, 2 * SIM_S, 2 * SIM_S) == 20);
    ck_assert(isnan(series_mean(s, 0, SIM_S)));
    ck_assert(isnan(series_mean(s, 3 * SIM_S, 2 * SIM_S)));
    series_free(s);
}
END_TEST

START_TEST(extremes_count_the_value_in_force)
{
    struct series *s = three_steps();
    ck_assert(series_min(s, 3 * SIM_S, 5 * SIM_S) == 20);
    ck_assert(series_max(s, 3 * SIM_S, 5 * SIM_S) == 40);
    ck_assert(series_max(s, 3 * SIM_S, 4 * SIM_S) == 20); /* the window is half open */
    ck_assert(series_min(s, 0, SIM_NEVER) == 10);
    series_free(s);
}
END_TEST

START_TEST(percentiles_of_steps_are_weighted_with_time)
{
    struct series *s = three_steps();
    /* Over 1 s to 5 s: 10 for a quarter, 20 for a half, 40 for a quarter. */
    ck_assert(series_percentile(s, SIM_S, 5 * SIM_S, 0) == 10);
    ck_assert(series_percentile(s, SIM_S, 5 * SIM_S, 25) == 10);
    ck_assert(series_percentile(s, SIM_S, 5 * SIM_S, 25.1) == 20);
    ck_assert(series_percentile(s, SIM_S, 5 * SIM_S, 75) == 20);
    ck_assert(series_percentile(s, SIM_S, 5 * SIM_S, 75.1) == 40);
    ck_assert(series_percentile(s, SIM_S, 5 * SIM_S, 100) == 40);
    series_free(s);
}
END_TEST

START_TEST(a_spike_without_length_is_seen_by_extremes_alone)
{
    struct series *s = series_new("depth", "packets", SERIES_STEPS);
    series_add(s, 0, 1);
    series_add(s, SIM_S, 9);
    series_add(s, SIM_S, 1);
    ck_assert_uint_eq(s->count, 3);
    ck_assert(series_at(s, SIM_S) == 1);
    ck_assert(series_max(s, 0, 2 * SIM_S) == 9);
    ck_assert(series_mean(s, 0, 2 * SIM_S) == 1);
    ck_assert(series_percentile(s, 0, 2 * SIM_S, 100) == 1);
    series_free(s);
}
END_TEST

START_TEST(samples_weigh_the_same)
{
    struct series *s = series_new("rtt", "s", SERIES_SAMPLES);
    series_add(s, 1 * SIM_S, 5);
    series_add(s, 1 * SIM_S, 5); /* the same again counts again */
    series_add(s, 2 * SIM_S, 20);
    series_add(s, 9 * SIM_S, 10);
    ck_assert_uint_eq(s->count, 4);
    ck_assert(series_mean(s, 0, 10 * SIM_S) == 10);
    ck_assert(series_mean(s, 2 * SIM_S, 9 * SIM_S) == 20); /* [from, to) */
    ck_assert(isnan(series_mean(s, 3 * SIM_S, 4 * SIM_S)));
    ck_assert(series_percentile(s, 0, 10 * SIM_S, 50) == 5);
    ck_assert(series_percentile(s, 0, 10 * SIM_S, 75) == 10);
    ck_assert(series_percentile(s, 0, 10 * SIM_S, 76) == 20);
    ck_assert(series_min(s, SIM_S + 1, 10 * SIM_S) == 10);
    series_free(s);
}
END_TEST

/* Across many chunks each point is where it was put, and adding moved none. */
START_TEST(chunks_hold_all_points)
{
    enum { N = 100000 };
    struct series *s = series_new("x", "", SERIES_STEPS);
    series_add(s, 0, 0);
    const struct series_point *first = s->chunks[0];
    for (int i = 1; i < N; i++)
        series_add(s, i * SIM_MS, i);
    ck_assert_ptr_eq(s->chunks[0], first);
    ck_assert_uint_eq(s->count, N);
    for (int i = 0; i < N; i++) {
        struct series_point p = series_get(s, (size_t)i);
        ck_assert(p.time == i * SIM_MS && p.value == i);
        ck_assert_uint_eq(series_find(s, p.time), (size_t)i);
        ck_assert_uint_eq(series_find(s, p.time + 1), (size_t)i + 1);
    }
    ck_assert(series_at(s, 77777 * SIM_MS + 5) == 77777);
    /* The mean of the steps 0 ... N-1, each as long. */
    ck_assert(fabs(series_mean(s, 0, N * SIM_MS) - (N - 1) / 2.0) < 1e-6);
    series_free(s);
}
END_TEST

SUITE("sim/series", an_empty_series_knows_nothing, a_step_holds_until_the_next,
      means_of_steps_are_weighted_with_time, extremes_count_the_value_in_force,
      percentiles_of_steps_are_weighted_with_time, a_spike_without_length_is_seen_by_extremes_alone,
      samples_weigh_the_same, chunks_hold_all_points)

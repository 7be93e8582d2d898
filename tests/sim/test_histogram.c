#include "sim/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static uint64_t random_bits(uint64_t *x)
{
    *x ^= *x << 13, *x ^= *x >> 7, *x ^= *x << 17;
    return *x;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Nearest rank by its definition, on the sorted values. */
static uint64_t nearest_rank(const uint64_t *sorted, size_t n, double percent)
{
    size_t rank = (size_t)ceill((long double)percent * (long double)n / 100 - 1e-9L);
    return sorted[(rank > 0 ? rank : 1) - 1];
}

static const double percents[] = { 0, 0.1, 1, 5, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100 };
enum { PERCENTS = sizeof percents / sizeof percents[0] };

START_TEST(nothing_has_no_mean)
{
    struct histogram h = { 0 };
    ck_assert(isnan(histogram_mean(&h)));
    ck_assert(isnan(histogram_percentile(&h, 50)));
    ck_assert_ptr_null(h.buckets);
    histogram_fini(&h);
}
END_TEST

START_TEST(small_values_are_exact)
{
    struct histogram h = { 0 };
    for (uint64_t v = 1; v <= 100; v++)
        histogram_add(&h, v);
    ck_assert_uint_eq(h.count, 100);
    ck_assert(histogram_mean(&h) == 50.5);
    for (int p = 1; p <= 100; p++)
        ck_assert(histogram_percentile(&h, p) == p);
    ck_assert(histogram_percentile(&h, 0) == 1);
    ck_assert(histogram_percentile(&h, 50.5) == 51);
    ck_assert_uint_eq(h.min, 1);
    ck_assert_uint_eq(h.max, 100);
    histogram_fini(&h);
}
END_TEST

/* The rank of 99.9 % of 1000 is 999, although 99.9 is not a binary fraction. */
START_TEST(ranks_survive_decimal_percents)
{
    struct histogram h = { 0 };
    for (uint64_t v = 0; v < 1000; v++)
        histogram_add(&h, v < 999 ? 7 : 100);
    ck_assert(histogram_percentile(&h, 99.9) == 7);
    ck_assert(histogram_percentile(&h, 99.91) == 100);
    histogram_fini(&h);
}
END_TEST

START_TEST(percentiles_are_within_one_percent)
{
    enum { N = 20000 };
    static uint64_t values[N];
    uint64_t x = 99;
    struct histogram h = { 0 };
    for (size_t i = 0; i < N; i++) {
        values[i] = random_bits(&x) >> (random_bits(&x) % 64);
        histogram_add(&h, values[i]);
    }
    qsort(values, N, sizeof values[0], compare);
    for (int i = 0; i < PERCENTS; i++) {
        double want = (double)nearest_rank(values, N, percents[i]);
        double got = histogram_percentile(&h, percents[i]);
        ck_assert_msg(fabs(got - want) <= 0.0079 * want, "p%g: %g for %g", percents[i], got, want);
    }
    ck_assert_uint_eq(h.min, values[0]);
    ck_assert_uint_eq(h.max, values[N - 1]);
    histogram_fini(&h);
}
END_TEST

START_TEST(extremes_are_counted)
{
    struct histogram h = { 0 };
    uint64_t low, high, count;
    size_t bucket = 0;
    histogram_add(&h, UINT64_MAX);
    histogram_add(&h, 0);
    histogram_add(&h, UINT64_MAX);
    ck_assert(histogram_mean(&h) == 2 * (double)UINT64_MAX / 3);
    ck_assert(histogram_percentile(&h, 0) == 0);
    ck_assert(histogram_percentile(&h, 100) == (double)UINT64_MAX);
    ck_assert(histogram_next(&h, &bucket, &low, &high, &count));
    ck_assert(low == 0 && high == 0 && count == 1);
    ck_assert(histogram_next(&h, &bucket, &low, &high, &count));
    ck_assert(high == UINT64_MAX && count == 2);
    ck_assert(!histogram_next(&h, &bucket, &low, &high, &count));
    histogram_fini(&h);
}
END_TEST

/* The buckets tile the numbers: each begins behind the one before, and none is wider than 1/64 of
 * its least value. */
START_TEST(buckets_tile_the_numbers)
{
    struct histogram h = { 0 };
    uint64_t low, high, count, expected = 0;
    size_t bucket = 0, seen = 0;
    for (unsigned bit = 0; bit < 64; bit++)
        for (uint64_t part = 0; part < 64; part++) {
            uint64_t base = (uint64_t)1 << bit;
            histogram_add(&h, bit < 6 ? base + part % base : base + (part << (bit - 6)));
        }
    histogram_add(&h, 0);
    for (; histogram_next(&h, &bucket, &low, &high, &count); seen++) {
        ck_assert_uint_eq(low, expected);
        ck_assert(high - low <= low / 64);
        expected = high + 1;
    }
    ck_assert_uint_eq(expected, 0); /* wrapped around behind the greatest number */
    ck_assert_uint_eq(seen, 128 + 57 * 64);
    histogram_fini(&h);
}
END_TEST

START_TEST(merging_is_adding)
{
    struct histogram all = { 0 }, a = { 0 }, b = { 0 }, empty = { 0 };
    uint64_t x = 5;
    for (int i = 0; i < 5000; i++) {
        uint64_t v = random_bits(&x) >> (random_bits(&x) % 50 + 10);
        histogram_add(&all, v);
        histogram_add(i % 3 ? &a : &b, v);
    }
    histogram_merge(&a, &b);
    histogram_merge(&a, &empty);
    histogram_merge(&empty, &a);
    ck_assert_uint_eq(a.count, all.count);
    ck_assert(histogram_mean(&a) == histogram_mean(&all));
    for (int i = 0; i < PERCENTS; i++) {
        double want = histogram_percentile(&all, percents[i]);
        ck_assert(histogram_percentile(&a, percents[i]) == want);
        ck_assert(histogram_percentile(&empty, percents[i]) == want);
    }
    histogram_fini(&all);
    histogram_fini(&a);
    histogram_fini(&b);
    histogram_fini(&empty);
}
END_TEST

/* Round-trip times between 20 and 60 ms need two or three powers of two. */
START_TEST(memory_follows_the_range)
{
    struct histogram h = { 0 };
    uint64_t x = 1;
    for (int i = 0; i < 10000; i++)
        histogram_add(&h, 20000000000u + random_bits(&x) % 40000000000u);
    ck_assert_uint_le(h.blocks, 3);
    histogram_fini(&h);
}
END_TEST

SUITE("sim/histogram", nothing_has_no_mean, small_values_are_exact, ranks_survive_decimal_percents,
      percentiles_are_within_one_percent, extremes_are_counted, buckets_tile_the_numbers,
      merging_is_adding, memory_follows_the_range)

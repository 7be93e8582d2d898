/* Statistical tests run on fixed seeds, so they pass always or never; the limits are those of the
 * 0.1 % significance level unless said otherwise. */
#include "sim/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/hash.h"
#include "tests/support/suite.h"

enum { N = 200000 };

static struct rng stream(const char *purpose)
{
    struct rng rng;
    rng_init(&rng, 42, "test", purpose);
    return rng;
}

/* The first outputs of the authors' C program from the state {1, 2, 3, 4}; also the vector of
 * Rust's rand_xoshiro. */
START_TEST(known_answers_of_xoshiro256starstar)
{
    static const uint64_t want[] = {
        11520u,
        0u,
        1509978240u,
        1215971899390074240u,
        1216172134540287360u,
        607988272756665600u,
        16172922978634559625u,
        8476171486693032832u,
        10595114339597558777u,
        2904607092377533576u,
    };
    struct rng rng = { { 1, 2, 3, 4 } };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        ck_assert_uint_eq(rng_u64(&rng), want[i]);
}
END_TEST

/* splitmix64 with the seed 1234567; the widely quoted first outputs. */
START_TEST(known_answers_of_splitmix64)
{
    static const uint64_t want[] = { 6457827717110365317u, 3203168211198807973u,
                                     9817491932198370423u, 4593380528125082431u,
                                     16408922859458223821u };
    uint64_t x = 1234567;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        ck_assert_uint_eq(hash_mix(x += 0x9e3779b97f4a7c15u), want[i]);
}
END_TEST

START_TEST(a_stream_follows_from_seed_name_and_purpose)
{
    static const struct {
        uint64_t seed;
        const char *name, *purpose;
    } rows[] = { { 1, "h1", "loss" }, { 2, "h1", "loss" }, { 1, "h2", "loss" }, { 1, "h1", "isn" },
                 { 1, "h1l", "oss" }, { 1, "", "h1loss" }, { 1, "loss", "h1" } };
    uint64_t first[7];
    for (size_t i = 0; i < 7; i++) {
        struct rng a, b;
        rng_init(&a, rows[i].seed, rows[i].name, rows[i].purpose);
        rng_init(&b, rows[i].seed, rows[i].name, rows[i].purpose);
        first[i] = rng_u64(&a);
        ck_assert_uint_eq(first[i], rng_u64(&b));
        for (size_t j = 0; j < i; j++)
            ck_assert_uint_ne(first[i], first[j]);
    }
}
END_TEST

/* Correlation of pairs of streams with neighbouring names: for independent uniforms 12 x covariance
 * x sqrt(N) is standard normal; of 66 pairs none should exceed 4. */
START_TEST(streams_are_independent)
{
    enum { STREAMS = 12 };
    static double u[STREAMS][N / 10];
    for (int s = 0; s < STREAMS; s++) {
        struct rng rng;
        char name[16];
        sprintf(name, "h%d", s);
        rng_init(&rng, 1, name, "x");
        for (int i = 0; i < N / 10; i++)
            u[s][i] = rng_uniform(&rng) - 0.5;
    }
    for (int a = 0; a < STREAMS; a++)
        for (int b = 0; b < a; b++) {
            double sum = 0;
            for (int i = 0; i < N / 10; i++)
                sum += u[a][i] * u[b][i];
            ck_assert(fabs(12 * sum / sqrt(N / 10.0)) < 4);
        }
}
END_TEST

/* Chi-square with k - 1 degrees of freedom, by Wilson and Hilferty's normal approximation. */
static void check_chi_square(const uint64_t *counts, const double *expected, int k)
{
    double x = 0, df = k - 1;
    for (int i = 0; i < k; i++)
        x += (((double)counts[i] - expected[i]) * ((double)counts[i] - expected[i])) / expected[i];
    double z = (cbrt(x / df) - (1 - 2 / (9 * df))) / sqrt(2 / (9 * df));
    ck_assert_msg(fabs(z) < 3.29, "chi square %g with %g degrees of freedom", x, df);
}

START_TEST(below_is_uniform)
{
    static const uint64_t ns[] = { 2, 3, 7, 10, 100 };
    struct rng rng = stream("below");
    for (size_t j = 0; j < sizeof ns / sizeof ns[0]; j++) {
        uint64_t counts[100] = { 0 };
        double expected[100];
        for (int i = 0; i < N; i++)
            counts[rng_below(&rng, ns[j])]++;
        for (uint64_t i = 0; i < ns[j]; i++)
            expected[i] = (double)N / (double)ns[j];
        check_chi_square(counts, expected, (int)ns[j]);
    }
}
END_TEST

/* With n = 3 x 2^62 a generator that only multiplies would give a third of the values twice as
 * often: results divisible by 3 half the time. */
START_TEST(below_is_exact_for_large_n)
{
    struct rng rng = stream("large");
    const uint64_t n = (uint64_t)3 << 62;
    uint64_t counts[3] = { 0 };
    double expected[3] = { N / 3.0, N / 3.0, N / 3.0 };
    for (int i = 0; i < N; i++) {
        uint64_t x = rng_below(&rng, n);
        ck_assert(x < n);
        counts[x % 3]++;
    }
    check_chi_square(counts, expected, 3);
    ck_assert_uint_eq(rng_below(&rng, 1), 0);
}
END_TEST

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov: sqrt(N) x the largest distance of the distribution functions is below
 * 1.95 with probability 99.9 %. */
static void check_distribution(double *values, double (*cdf)(double))
{
    double distance = 0;
    qsort(values, N, sizeof *values, compare);
    for (int i = 0; i < N; i++) {
        double f = cdf(values[i]);
        distance = fmax(distance, fmax(f - (double)i / N, (i + 1.0) / N - f));
    }
    ck_assert_msg(distance * sqrt(N) < 1.95, "distance %g", distance * sqrt(N));
}

static void check_moments(const double *values, double mean, double deviation)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < N; i++)
        sum += values[i];
    for (int i = 0; i < N; i++)
        squares += (values[i] - sum / N) * (values[i] - sum / N);
    ck_assert_msg(fabs(sum / N - mean) < 3.29 * deviation / sqrt(N), "mean %g", sum / N);
    ck_assert_msg(fabs(sqrt(squares / N) - deviation) < 0.02 * deviation, "deviation %g",
                  sqrt(squares / N));
}

static double values[N];

static double uniform_cdf(double x)
{
    return x;
}

START_TEST(uniform_is_uniform)
{
    struct rng rng = stream("uniform");
    for (int i = 0; i < N; i++) {
        values[i] = rng_uniform(&rng);
        ck_assert(values[i] >= 0 && values[i] < 1);
        ck_assert(values[i] * 0x1p53 == floor(values[i] * 0x1p53));
    }
    check_moments(values, 0.5, sqrt(1 / 12.0));
    check_distribution(values, uniform_cdf);
}
END_TEST

static double exponential_cdf(double x)
{
    return 1 - exp(-x / 3);
}

START_TEST(exponential_is_exponential)
{
    struct rng rng = stream("exponential");
    for (int i = 0; i < N; i++)
        values[i] = rng_exponential(&rng, 3);
    check_moments(values, 3, 3);
    check_distribution(values, exponential_cdf);
    ck_assert(values[0] >= 0);
}
END_TEST

static double normal_cdf(double x)
{
    return erfc(-(x - 10) / 2 / sqrt(2)) / 2;
}

START_TEST(normal_is_normal)
{
    struct rng rng = stream("normal");
    for (int i = 0; i < N; i++)
        values[i] = rng_normal(&rng, 10, 2);
    check_moments(values, 10, 2);
    check_distribution(values, normal_cdf);
}
END_TEST

static double pareto_cdf(double x)
{
    return 1 - pow(5 / x, 3.5);
}

/* Mean a s / (a - 1), variance s^2 a / ((a - 1)^2 (a - 2)). */
START_TEST(pareto_is_pareto)
{
    struct rng rng = stream("pareto");
    for (int i = 0; i < N; i++) {
        values[i] = rng_pareto(&rng, 3.5, 5);
        ck_assert(values[i] >= 5);
    }
    double mean = 3.5 * 5 / 2.5, sum = 0;
    for (int i = 0; i < N; i++)
        sum += values[i];
    double deviation = sqrt(25 * 3.5 / (2.5 * 2.5 * 1.5));
    ck_assert(fabs(sum / N - mean) < 3.29 * deviation / sqrt(N));
    check_distribution(values, pareto_cdf);
}
END_TEST

START_TEST(bernoulli_has_its_probability)
{
    static const double ps[] = { 0.001, 0.01, 0.3, 0.5, 0.999 };
    struct rng rng = stream("bernoulli");
    for (size_t j = 0; j < sizeof ps / sizeof ps[0]; j++) {
        int hits = 0;
        for (int i = 0; i < N; i++)
            hits += rng_bernoulli(&rng, ps[j]);
        ck_assert(fabs(hits - N * ps[j]) < 3.29 * sqrt(N * ps[j] * (1 - ps[j])));
    }
}
END_TEST

/* Always and never are meant literally, and each trial draws once whatever p is. */
START_TEST(bernoulli_at_the_edges)
{
    struct rng a = stream("edge"), b = a;
    for (int i = 0; i < 1000; i++) {
        ck_assert(!rng_bernoulli(&a, 0));
        ck_assert(rng_bernoulli(&a, 1));
        rng_u64(&b);
        rng_u64(&b);
    }
    ck_assert(memcmp(&a, &b, sizeof a) == 0);
}
END_TEST

SUITE("sim/rng", known_answers_of_xoshiro256starstar, known_answers_of_splitmix64,
      a_stream_follows_from_seed_name_and_purpose, streams_are_independent, below_is_uniform,
      below_is_exact_for_large_n, uniform_is_uniform, exponential_is_exponential, normal_is_normal,
      pareto_is_pareto, bernoulli_has_its_probability, bernoulli_at_the_edges)

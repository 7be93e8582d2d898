/* Distributions: means and quantiles against their closed forms. */
#include <math.h>

#include "sim/dist.h"
#include "sim/error.h"
#include "tests/support/suite.h"

static double mean_of(const struct dist *dist, int n)
{
    struct rng rng;
    double sum = 0;

    rng_init(&rng, 1, "dist", "test");
    for (int i = 0; i < n; i++)
        sum += dist_draw(dist, &rng);
    return sum / n;
}

static void check_mean(const char *name, double a, double b, size_t n, double want, double tol)
{
    struct dist dist = { 0 };
    const double args[] = { a, b };

    ck_assert(dist_set(&dist, name, args, n, NULL));
    ck_assert_double_eq_tol(dist_mean(&dist), want, 1e-12);
    ck_assert_double_eq_tol(mean_of(&dist, 200000), want, tol);
    dist_fini(&dist);
}

/* Tolerances: four standard deviations of the mean of 200,000 draws. */
START_TEST(means)
{
    check_mean("constant", 7, 0, 1, 7, 1e-9);
    check_mean("uniform", 2, 6, 2, 4, 4 * 1.1547 / 447);
    check_mean("exponential", 3, 0, 1, 3, 4 * 3.0 / 447);
    check_mean("normal", 5, 2, 2, 5, 4 * 2.0 / 447);
    check_mean("poisson", 100, 0, 1, 0.01, 4 * 0.01 / 447);
    check_mean("pareto", 10, 3, 2, 10, 4 * 5.77 / 447); /* deviation m / sqrt(s (s - 2)) */
}
END_TEST

START_TEST(pareto_tail)
{
    struct dist dist = { 0 };
    const double args[] = { 10, 2.5 };
    struct rng rng;
    int above = 0;

    /* scale 6; P(X > 24) = (6 / 24)^2.5 = 1 / 32. */
    ck_assert(dist_set(&dist, "pareto", args, 2, NULL));
    rng_init(&rng, 2, "dist", "test");
    for (int i = 0; i < 100000; i++)
        above += dist_draw(&dist, &rng) > 24;
    ck_assert_double_eq_tol(above / 1e5, 1.0 / 32, 4 * 0.00055);
}
END_TEST

START_TEST(empirical)
{
    struct dist dist = { 0 };
    const double x[] = { 1, 2, 10 }, p[] = { 0.2, 0.5, 1 };
    struct rng rng;
    int ones = 0, to_two = 0;

    ck_assert(dist_set_cdf(&dist, x, p, 3, NULL));
    /* 0.2 at 1, 0.3 spread over [1, 2], 0.5 over [2, 10]. */
    ck_assert_double_eq_tol(dist_mean(&dist), 0.2 * 1 + 0.3 * 1.5 + 0.5 * 6, 1e-12);
    rng_init(&rng, 3, "dist", "test");
    for (int i = 0; i < 100000; i++) {
        double v = dist_draw(&dist, &rng);
        ck_assert(v >= 1 && v <= 10);
        ones += v == 1;
        to_two += v <= 2;
    }
    ck_assert_double_eq_tol(ones / 1e5, 0.2, 0.006);
    ck_assert_double_eq_tol(to_two / 1e5, 0.5, 0.007);
    dist_fini(&dist);
}
END_TEST

static void check_refused(const char *name, double a, double b, size_t n, const char *words)
{
    struct dist dist = { 0 };
    const double args[] = { a, b };
    GError *error = NULL;

    ck_assert(!dist_set(&dist, name, args, n, &error));
    ck_assert_msg(strstr(error->message, words), "%s", error->message);
    g_error_free(error);
}

START_TEST(refusals)
{
    check_refused("exponental", 1, 0, 1, "did you mean \"exponential\"?");
    check_refused("exponential", 0, 0, 1, "{ \"exponential\", mean }");
    check_refused("uniform", 5, 1, 2, "low, high");
    check_refused("pareto", 5, 1, 2, "shape > 1");
    check_refused("normal", 5, 0, 1, "mean, deviation");

    struct dist dist = { 0 };
    const double x[] = { 1, 2 }, p[] = { 0.5, 0.9 };
    GError *error = NULL;
    ck_assert(!dist_set_cdf(&dist, x, p, 2, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "must be 1"));
    g_error_free(error);
}
END_TEST

SUITE("sim/dist", means, pareto_tail, empirical, refusals)

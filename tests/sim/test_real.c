/* Against the C library in long double, whose 64-bit results serve as exact here. */
#include "sim/real.h"

#include <math.h>
#include <stdint.h>

#include "tests/support/suite.h"

static uint64_t state = 1;

static double uniform(double low, double high)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return low + (high - low) * ((double)(state >> 11) * 0x1p-53);
}

static void check_close(double got, long double want, double x)
{
    long double error = fabsl((long double)got - want);
    ck_assert_msg(error <= 1e-15L * fabsl(want), "at %a: %a, off by %Lg of it", x, got,
                  error / fabsl(want));
}

START_TEST(logarithms_are_accurate)
{
    for (int i = 0; i < 400000; i++) {
        double wide = ldexp(uniform(1, 2), (int)uniform(-1022, 1023));
        double near_one = 1 + ldexp(uniform(-1, 1), (int)uniform(-50, -1));
        check_close(real_log(wide), logl(wide), wide);
        if (near_one != 1)
            check_close(real_log(near_one), logl(near_one), near_one);
    }
}
END_TEST

START_TEST(logarithms_of_special_values)
{
    ck_assert(real_log(1) == 0);
    ck_assert(real_log(0) == -INFINITY);
    ck_assert(real_log(INFINITY) == INFINITY);
    ck_assert(isnan(real_log(-1)));
    ck_assert(isnan(real_log(NAN)));
    check_close(real_log(0x1p-1074), logl(0x1p-1074L), 0x1p-1074);
    check_close(real_log(0x1.fffffffffffffp1023), logl(0x1.fffffffffffffp1023L), 0);
}
END_TEST

START_TEST(log1p_is_accurate_near_zero)
{
    ck_assert(real_log1p(0) == 0);
    check_close(real_log1p(-1e-12), log1pl(-1e-12), -1e-12);
    for (int i = 0; i < 400000; i++) {
        double x = ldexp(uniform(-1, 1), (int)uniform(-60, 0));
        if (x > -0.999 && x != 0)
            check_close(real_log1p(x), log1pl(x), x);
    }
}
END_TEST

START_TEST(exponentials_are_accurate)
{
    for (int i = 0; i < 400000; i++) {
        double x = uniform(-708, 709), small = ldexp(uniform(-1, 1), (int)uniform(-40, 0));
        check_close(real_exp(x), expl(x), x);
        check_close(real_exp(small), expl(small), small);
    }
}
END_TEST

START_TEST(exponentials_of_special_values)
{
    ck_assert(real_exp(0) == 1);
    ck_assert(real_exp(710) == INFINITY);
    ck_assert(real_exp(INFINITY) == INFINITY);
    ck_assert(real_exp(-INFINITY) == 0);
    ck_assert(real_exp(-800) == 0);
    ck_assert(isnan(real_exp(NAN)));
    ck_assert(real_exp(-740) > 0 && real_exp(-740) < 1e-320);
    check_close(real_exp(709.7), expl(709.7), 709.7);
}
END_TEST

START_TEST(powers)
{
    for (int i = 0; i < 100000; i++) {
        double x = uniform(0.01, 100), y = uniform(-5, 5);
        long double want = powl(x, y), error = fabsl(real_pow(x, y) - want);
        ck_assert(error <= 1e-15L * (1 + fabsl(y * logl(x))) * want);
    }
}
END_TEST

SUITE("sim/real", logarithms_are_accurate, logarithms_of_special_values,
      log1p_is_accurate_near_zero, exponentials_are_accurate, exponentials_of_special_values,
      powers)

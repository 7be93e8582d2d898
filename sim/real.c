#include "sim/real.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts; the first has 42 bits, so that its product with an exponent is exact. */
static const double LN2_HI = 0x1.62e42fefa38p-1, LN2_LO = 0x1.ef35793c7673p-45;
static const double LOG2_E = 0x1.71547652b82fep+0;

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* 2^k for a normal result. */
static double power_of_two(int k)
{
    return double_of((uint64_t)(k + 1023) << 52);
}

/* log((1 + s) / (1 - s)) - 2s = 2 (s^3/3 + s^5/5 + ...).  For |s| <= 0.1716 the first term left
 * out is below 2^-60 of the sum. */
static double atanh_tail(double s)
{
    static const double by_odd[] = { 2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
                                     2.0 / 11, 2.0 / 9,  2.0 / 7,  2.0 / 5,  2.0 / 3 };
    double z = s * s, sum = 0;

    for (int i = 0; i < 10; i++)
        sum = sum * z + by_odd[i];
    return s * z * sum;
}

/* e^r - 1 - r, by Taylor's series in Horner's form: r/2 (1 + r/3 (1 + r/4 ...)) r.  For
 * |r| <= 0.35 the first term left out is below 2^-62. */
static double exp_tail(double r)
{
    static const double by_n[] = { 1.0 / 14, 1.0 / 13, 1.0 / 12, 1.0 / 11, 1.0 / 10,
                                   1.0 / 9,  1.0 / 8,  1.0 / 7,  1.0 / 6,  1.0 / 5,
                                   1.0 / 4,  1.0 / 3,  1.0 / 2 };
    double sum = 0;

    for (int i = 0; i < 13; i++)
        sum = (sum * r + 1) * by_n[i];
    return r * (r * sum);
}

double real_log(double x)
{
    int k = 0;

    if (!(x > 0) || x > 0x1.fffffffffffffp1023)
        return x == 0 ? -INFINITY : x > 0 ? x : NAN;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        k = -54;
    }
    uint64_t bits = bits_of(x);
    k += (int)(bits >> 52) - 1023;
    double m = double_of((bits & 0xfffffffffffffu) | 0x3ff0000000000000u);
    if (m > 0x1.6a09e667f3bcdp+0) { /* keep m between the roots of 1/2 and 2 */
        m *= 0.5;
        k++;
    }
    double s = (m - 1) / (m + 1);
    return k * LN2_HI + (2 * s + (atanh_tail(s) + k * LN2_LO));
}

double real_log1p(double x)
{
    if (!(x > -0.29 && x < 0.41))
        return real_log(1 + x);
    double s = x / (2 + x);
    return 2 * s + atanh_tail(s);
}

double real_exp(double x)
{
    if (x != x)
        return x;
    if (x > 709.8)
        return INFINITY;
    if (x < -745.2)
        return 0;
    int k = (int)(x * LOG2_E + (x < 0 ? -0.5 : 0.5));
    double r = (x - k * LN2_HI) - k * LN2_LO; /* at most half of ln 2 */
    double e = 1 + (r + exp_tail(r));
    return e * power_of_two(k / 2) * power_of_two(k - k / 2);
}

double real_pow(double x, double y)
{
    return real_exp(y * real_log(x));
}

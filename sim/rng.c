#include "sim/rng.h"

#include <assert.h>

#include "sim/hash.h"
#include "sim/real.h"

/* The four words of the state are consecutive outputs of splitmix64, as the generator's authors
 * advise; they are never all zero, because splitmix64 is a bijection. */
void rng_init(struct rng *rng, uint64_t seed, const char *name, const char *purpose)
{
    uint64_t x = hash_string(purpose, hash_string(name, hash_mix(seed)));

    for (int i = 0; i < 4; i++)
        rng->s[i] = hash_mix(x += 0x9e3779b97f4a7c15u);
}

static uint64_t rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t rng_u64(struct rng *rng)
{
    uint64_t *s = rng->s;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

/* The high word of x * n is uniform once the few low words are refused that would make some
 * results likelier (Lemire, "Fast random integer generation in an interval", 2019). */
uint64_t rng_below(struct rng *rng, uint64_t n)
{
    assert(n > 0);
    unsigned __int128 m = (unsigned __int128)rng_u64(rng) * n;

    if ((uint64_t)m < n) {
        uint64_t surplus = -n % n; /* 2^64 mod n */
        while ((uint64_t)m < surplus)
            m = (unsigned __int128)rng_u64(rng) * n;
    }
    return (uint64_t)(m >> 64);
}

double rng_uniform(struct rng *rng)
{
    return (double)(rng_u64(rng) >> 11) * 0x1p-53;
}

/* p x 2^64 is exact in a double, so the probability is p rounded up to a multiple of 2^-64. */
bool rng_bernoulli(struct rng *rng, double p)
{
    double limit = p * 0x1p64;
    uint64_t x = rng_u64(rng);

    assert(p >= 0 && p <= 1);
    if (limit >= 0x1p64)
        return true;
    uint64_t whole = (uint64_t)limit;
    return x < whole || (x == whole && (double)whole < limit);
}

/* Minus the logarithm of a uniform number in (0, 1]. */
static double exponential(struct rng *rng)
{
    return -real_log((double)((rng_u64(rng) >> 11) + 1) * 0x1p-53);
}

double rng_exponential(struct rng *rng, double mean)
{
    return mean * exponential(rng);
}

/* Marsaglia's polar method; the second number of each pair is not kept, so that a stream has no
 * state but the generator's. */
double rng_normal(struct rng *rng, double mean, double deviation)
{
    double x, y, r;

    do {
        x = 2 * rng_uniform(rng) - 1;
        y = 2 * rng_uniform(rng) - 1;
        r = x * x + y * y;
    } while (r >= 1 || r == 0);
    return mean + deviation * x * __builtin_sqrt(-2 * real_log(r) / r);
}

double rng_pareto(struct rng *rng, double shape, double scale)
{
    return scale * real_exp(exponential(rng) / shape);
}

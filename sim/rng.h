/* Random streams.  A stream is named by (seed, actor name, purpose) and is independent of all
 * others: adding a node or a flow never shifts the numbers of another.  All variates are computed
 * with integers, tables and IEEE basic operations, so they are the same on every machine. */
#ifndef WEFT_SIM_RNG_H
#define WEFT_SIM_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
    uint64_t s[4]; /* xoshiro256** (Blackman, Vigna 2018) */
};

/* Starts the stream of `purpose` ("loss", "isn", ...) that belongs to the object `name`. */
void rng_init(struct rng *rng, uint64_t seed, const char *name, const char *purpose);

/* Uniform over all 64-bit numbers. */
uint64_t rng_u64(struct rng *rng);

/* Uniform in [0, n), exactly; n > 0. */
uint64_t rng_below(struct rng *rng, uint64_t n);

/* Uniform in [0, 1), a multiple of 2^-53. */
double rng_uniform(struct rng *rng);

/* True with probability p in [0, 1]. */
bool rng_bernoulli(struct rng *rng, double p);

/* Exponential with this mean; normal with this mean and standard deviation. */
double rng_exponential(struct rng *rng, double mean);
double rng_normal(struct rng *rng, double mean, double deviation);

/* Pareto with P(X > x) = (scale / x)^shape for x >= scale. */
double rng_pareto(struct rng *rng, double shape, double scale);

#endif

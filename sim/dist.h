/* Distributions as options: a size, a gap or a rate may be a number or a random variable.
 *
 *   constant v         always v
 *   uniform a b        between a and b
 *   exponential m      with mean m
 *   pareto m s         with mean m and shape s > 1 (the tail falls as x^-s)
 *   normal m d         with mean m and standard deviation d
 *   poisson r          gaps of a Poisson process of r events a second: exponential with mean 1/r
 *   cdf                empirical, linear between the given points (x, P(X <= x)) */
#ifndef WEFT_SIM_DIST_H
#define WEFT_SIM_DIST_H

#include <glib.h>

#include "sim/rng.h"

enum dist_kind {
    DIST_CONSTANT,
    DIST_UNIFORM,
    DIST_EXPONENTIAL,
    DIST_PARETO,
    DIST_NORMAL,
    DIST_POISSON,
    DIST_CDF,
    DIST_KINDS
};

/* "constant", ...; NULL-terminated. */
extern const char *const dist_names[DIST_KINDS + 1];

/* Zero-initialised is the constant 0. */
struct dist {
    enum dist_kind kind;
    double a, b;
    double *x, *p; /* DIST_CDF: `points` of each, owned */
    size_t points;
};

/* Makes it a constant. */
void dist_constant(struct dist *dist, double value);

/* By name and numbers in SI units; false with an error that states the remedy. */
bool dist_set(struct dist *dist, const char *name, const double *args, size_t n, GError **error);

/* Empirical: x ascending, p ascending and ending at 1. */
bool dist_set_cdf(struct dist *dist, const double *x, const double *p, size_t n, GError **error);

/* Frees what it owns; it is the constant 0 again. */
void dist_fini(struct dist *dist);

/* The next value. */
double dist_draw(const struct dist *dist, struct rng *rng);

/* The expected value. */
double dist_mean(const struct dist *dist);

/* Nothing about it is random. */
static inline bool dist_is_constant(const struct dist *dist)
{
    return dist->kind == DIST_CONSTANT;
}

#endif

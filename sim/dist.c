#include "sim/dist.h"

#include <string.h>

#include "sim/error.h"
#include "sim/word.h"

const char *const dist_names[DIST_KINDS + 1] = {
    "constant", "uniform", "exponential", "pareto", "normal", "poisson", "cdf", NULL,
};

static const struct {
    size_t args;
    const char *usage;
} dist_forms[DIST_KINDS] = {
    { 1, "{ \"constant\", value }" },
    { 2, "{ \"uniform\", low, high }" },
    { 1, "{ \"exponential\", mean }" },
    { 2, "{ \"pareto\", mean, shape }, shape > 1" },
    { 2, "{ \"normal\", mean, deviation }" },
    { 1, "{ \"poisson\", events per second }" },
    { 0, "{ \"cdf\", file } or { \"cdf\", { { x, p }, ... } }" },
};

void dist_fini(struct dist *dist)
{
    g_free(dist->x);
    g_free(dist->p);
    *dist = (struct dist){ 0 };
}

void dist_constant(struct dist *dist, double value)
{
    dist_fini(dist);
    dist->a = value;
}

static bool args_make_sense(enum dist_kind kind, double a, double b)
{
    switch (kind) {
    case DIST_UNIFORM:
        return a <= b;
    case DIST_EXPONENTIAL:
    case DIST_POISSON:
        return a > 0;
    case DIST_PARETO:
        return a > 0 && b > 1;
    case DIST_NORMAL:
        return b >= 0;
    default:
        return true;
    }
}

bool dist_set(struct dist *dist, const char *name, const double *args, size_t n, GError **error)
{
    int kind = 0;

    while (dist_names[kind] && strcmp(dist_names[kind], name) != 0)
        kind++;
    if (!dist_names[kind]) {
        const char *near = word_nearest(name, dist_names);
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown distribution \"%s\"%s%s%s",
                    name,
                    near ? "; did you mean \""
                         : "; there are constant, uniform, exponential, "
                           "pareto, normal, poisson, cdf",
                    near ? near : "", near ? "\"?" : "");
        return false;
    }
    double a = n > 0 ? args[0] : 0, b = n > 1 ? args[1] : 0;
    if (kind == DIST_CDF || n != dist_forms[kind].args ||
        !args_make_sense((enum dist_kind)kind, a, b)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "distribution \"%s\": write %s", name,
                    dist_forms[kind].usage);
        return false;
    }
    dist_fini(dist);
    *dist = (struct dist){ .kind = (enum dist_kind)kind, .a = a, .b = b };
    return true;
}

bool dist_set_cdf(struct dist *dist, const double *x, const double *p, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < 0 || p[i] > 1 || (i > 0 && (x[i] < x[i - 1] || p[i] < p[i - 1])) ||
            (i == n - 1 && p[i] != 1)) {
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                        "cdf: point %zu (%g, %g): values and probabilities must ascend, and the "
                        "last probability must be 1",
                        i + 1, x[i], p[i]);
            return false;
        }
    if (n == 0) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "cdf: it has no points");
        return false;
    }
    dist_fini(dist);
    *dist = (struct dist){ .kind = DIST_CDF,
                           .x = g_memdup2(x, n * sizeof *x),
                           .p = g_memdup2(p, n * sizeof *p),
                           .points = n };
    return true;
}

/* The inverse of the empirical distribution function; below the first point it is flat. */
static double cdf_inverse(const struct dist *dist, double u)
{
    size_t low = 0, high = dist->points - 1;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (dist->p[mid] < u)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0 || dist->p[low] == dist->p[low - 1])
        return dist->x[low];
    double part = (u - dist->p[low - 1]) / (dist->p[low] - dist->p[low - 1]);
    return dist->x[low - 1] + part * (dist->x[low] - dist->x[low - 1]);
}

static double cdf_mean(const struct dist *dist)
{
    double mean = dist->x[0] * dist->p[0];

    for (size_t i = 1; i < dist->points; i++)
        mean += (dist->p[i] - dist->p[i - 1]) * (dist->x[i] + dist->x[i - 1]) / 2;
    return mean;
}

double dist_draw(const struct dist *dist, struct rng *rng)
{
    switch (dist->kind) {
    case DIST_UNIFORM:
        return dist->a + (dist->b - dist->a) * rng_uniform(rng);
    case DIST_EXPONENTIAL:
        return rng_exponential(rng, dist->a);
    case DIST_PARETO:
        return rng_pareto(rng, dist->b, dist->a * (dist->b - 1) / dist->b);
    case DIST_NORMAL:
        return rng_normal(rng, dist->a, dist->b);
    case DIST_POISSON:
        return rng_exponential(rng, 1 / dist->a);
    case DIST_CDF:
        return cdf_inverse(dist, rng_uniform(rng));
    default:
        return dist->a;
    }
}

double dist_mean(const struct dist *dist)
{
    switch (dist->kind) {
    case DIST_UNIFORM:
        return (dist->a + dist->b) / 2;
    case DIST_POISSON:
        return 1 / dist->a;
    case DIST_CDF:
        return cdf_mean(dist);
    default:
        return dist->a;
    }
}

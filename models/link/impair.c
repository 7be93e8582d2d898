#include "models/link/impair.h"

DROP_REASON(loss, "lost at random on the link");
DROP_REASON(loss_pattern, "lost on the link by the scenario's pattern");

struct impair {
    struct impair_config config;
    struct rng loss, burst, ber, jitter, reorder, duplicate;
    uint64_t count; /* frames so far */
    size_t next;    /* in config.numbers */
    bool bad;       /* Gilbert-Elliott state */
};

static bool does_anything(const struct impair_config *c)
{
    return c->loss > 0 || c->ber > 0 || c->every > 0 || c->n_numbers > 0 || c->burst ||
           c->jitter > 0 || c->reorder > 0 || c->duplicate > 0 || c->predicate;
}

struct impair *impair_new(const struct impair_config *config, uint64_t seed, const char *name)
{
    if (!does_anything(config))
        return NULL;
    struct impair *im = g_new0(struct impair, 1);
    im->config = *config;
    im->config.numbers = g_memdup2(config->numbers, config->n_numbers * sizeof *config->numbers);
    rng_init(&im->loss, seed, name, "loss");
    rng_init(&im->burst, seed, name, "burst");
    rng_init(&im->ber, seed, name, "ber");
    rng_init(&im->jitter, seed, name, "jitter");
    rng_init(&im->reorder, seed, name, "reorder");
    rng_init(&im->duplicate, seed, name, "duplicate");
    return im;
}

void impair_free(struct impair *impair)
{
    if (!impair)
        return;
    if (impair->config.predicate_free)
        impair->config.predicate_free(impair->config.predicate_data);
    g_free((void *)impair->config.numbers);
    g_free(impair);
}

const struct impair_config *impair_config(const struct impair *impair)
{
    return &impair->config;
}

bool impair_is_random(const struct impair *impair)
{
    const struct impair_config *c = &impair->config;

    return c->loss > 0 || c->ber > 0 || c->burst || c->jitter > 0 || c->reorder > 0 ||
           c->duplicate > 0;
}

static bool lost_by_pattern(struct impair *im, const struct packet *frame, sim_time at)
{
    const struct impair_config *c = &im->config;
    bool lost = c->every > 0 && im->count % c->every == 0;

    if (im->next < c->n_numbers && c->numbers[im->next] == im->count) {
        im->next++;
        lost = true;
    }
    return (c->predicate && c->predicate(c->predicate_data, frame, at)) || lost;
}

static bool lost_at_random(struct impair *im)
{
    const struct impair_config *c = &im->config;
    bool lost = c->loss > 0 && rng_bernoulli(&im->loss, c->loss);

    if (!c->burst)
        return lost;
    if (rng_bernoulli(&im->burst, im->bad ? c->bad_to_good : c->good_to_bad))
        im->bad = !im->bad;
    return rng_bernoulli(&im->burst, im->bad ? c->loss_bad : c->loss_good) || lost;
}

/* 1 - (1 - p)^n by squaring: no libm, so the same on every machine. */
static double any_of(double p, uint32_t n)
{
    double none = 1, factor = 1 - p;
    for (; n > 0; n >>= 1, factor *= factor)
        if (n & 1)
            none *= factor;
    return 1 - none;
}

/* Pareto's tail is long. */
#define JITTER_MAX (10.0 * LINK_DELAY_MAX * (double)SIM_S)

static sim_time jitter_span(struct impair *im)
{
    const struct impair_config *c = &im->config;
    double scale = (double)c->jitter, span = 0;

    switch (c->jitter_dist) {
    case IMPAIR_UNIFORM:
        span = rng_uniform(&im->jitter) * scale;
        break;
    case IMPAIR_NORMAL:
        span = rng_normal(&im->jitter, 0, scale);
        break;
    case IMPAIR_EXPONENTIAL:
        span = rng_exponential(&im->jitter, scale);
        break;
    case IMPAIR_PARETO:
        span = rng_pareto(&im->jitter, 3, scale) - scale;
        break;
    }
    return (sim_time)CLAMP(span, -JITTER_MAX, JITTER_MAX);
}

static void propagate(struct impair *im, struct link_tx *tx, struct packet *frame, sim_time end)
{
    const struct impair_config *c = &im->config;
    sim_time arrival = end + tx->delay;

    if (c->jitter > 0) {
        arrival += jitter_span(im);
        if (arrival < end)
            arrival = end;
    }
    if (c->reorder > 0 && rng_bernoulli(&im->reorder, c->reorder)) {
        link_propagate_aside(tx, frame, arrival + c->reorder_delay);
        return;
    }
    if (!c->jitter_reorders && arrival < tx->last_arrival)
        arrival = tx->last_arrival;
    link_propagate(tx, frame, arrival);
}

void impair_apply(struct impair *impair, struct link_tx *tx, struct packet *frame, sim_time end)
{
    const struct impair_config *c = &impair->config;

    impair->count++;
    bool pattern = lost_by_pattern(impair, frame, tx->sim->now);
    bool random = lost_at_random(impair);
    if (pattern || random) {
        packet_drop(frame, tx->drops, pattern ? &drop_loss_pattern : &drop_loss);
        return;
    }
    uint32_t bytes = link_wire_bytes(packet_len(frame)) - LINK_PREAMBLE_AND_GAP;
    if (c->ber > 0 && rng_bernoulli(&impair->ber, any_of(c->ber, 8 * bytes)))
        frame->flags |= PACKET_BAD_FCS;
    if (c->duplicate > 0 && rng_bernoulli(&impair->duplicate, c->duplicate))
        propagate(impair, tx, packet_clone(frame), end);
    propagate(impair, tx, frame, end);
}

/* BIC (Xu, Harfoush, Rhee: "Binary increase congestion control for fast long-distance networks",
 * INFOCOM 2004), with the parameters and the arithmetic of Linux.
 *
 * After a loss at W_max the window searches for W_max by bisection: each round trip it goes a
 * quarter of the way, at most `max_increment` packets and at least a `smooth_part`-th.  Past W_max
 * it probes slowly first and then ever faster, as a mirror image of the way up.  Below `low_window`
 * packets it is Reno.  The growth is expressed as `cnt`, the packets to be acknowledged for one
 * packet more, and corrected for delayed ACKs. */
#include "protocols/cc/cc.h"

enum { BETA_SCALE = 1024, SEARCH = 4, RATIO_SHIFT = 4 };

struct bic_params {
    uint32_t beta, max_increment, low_window, smooth_part;
    bool fast_convergence;
};

struct bic {
    uint32_t cnt, last_max, last_cwnd, last_time_ms;
    uint32_t delayed_ack; /* packets per ACK, in sixteenths */
};

static const struct param bic_table[] = {
    { "beta", PARAM_U32, offsetof(struct bic_params, beta), "819", 1, 1023,
      "window after a loss, in 1/1024", NULL },
    { "max_increment", PARAM_U32, offsetof(struct bic_params, max_increment), "16", 1, 65535,
      "most packets gained a round trip", NULL },
    { "low_window", PARAM_U32, offsetof(struct bic_params, low_window), "14", 0, 65535,
      "Reno up to this window, packets", NULL },
    { "smooth_part", PARAM_U32, offsetof(struct bic_params, smooth_part), "20", 1, 65535,
      "round trips that the last packets up to the old window take, times 4/5", NULL },
    { "fast_convergence", PARAM_BOOL, offsetof(struct bic_params, fast_convergence), "yes", 0, 0,
      "give way to new flows", NULL },
    PARAM_END,
};

static void bic_reset(struct cc *cc)
{
    struct bic *b = cc->priv;

    *b = (struct bic){ .delayed_ack = 2 << RATIO_SHIFT };
}

/* Up to W_max: a quarter of the distance. */
static uint32_t search(const struct bic *b, const struct bic_params *p, uint32_t cwnd)
{
    uint32_t step = (b->last_max - cwnd) / SEARCH;

    if (step > p->max_increment)
        return cwnd / p->max_increment;
    return step <= 1 ? cwnd * p->smooth_part / SEARCH : cwnd / step;
}

/* Beyond it: slowly, then faster. */
static uint32_t probe(const struct bic *b, const struct bic_params *p, uint32_t cwnd)
{
    uint32_t beyond = cwnd - b->last_max;

    if (beyond < SEARCH)
        return cwnd * p->smooth_part / SEARCH;
    if (beyond < p->max_increment * (SEARCH - 1))
        return cwnd * (SEARCH - 1) / beyond;
    return cwnd / p->max_increment;
}

static void bic_update(struct bic *b, const struct bic_params *p, const struct cc *cc)
{
    uint32_t now_ms = cc_clock_ms(cc), cwnd = cc->cwnd;

    if (b->last_cwnd == cwnd && now_ms - b->last_time_ms <= 1000 / 32)
        return;
    b->last_cwnd = cwnd;
    b->last_time_ms = now_ms;
    if (cwnd <= p->low_window) {
        b->cnt = cwnd;
        return;
    }
    b->cnt = cwnd < b->last_max ? search(b, p, cwnd) : probe(b, p, cwnd);
    if (b->last_max == 0 && b->cnt > 20)
        b->cnt = 20; /* nothing is known yet: at least 5 % a round trip */
    b->cnt = MAX((b->cnt << RATIO_SHIFT) / b->delayed_ack, 1);
}

static void bic_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct bic *b = cc->priv;

    if (!cc_window_limited(cc))
        return;
    if (cc_in_slow_start(cc)) {
        acked = cc_slow_start(cc, acked);
        if (acked == 0)
            return;
    }
    bic_update(b, cc->params, cc);
    cc_ai(cc, b->cnt, acked);
}

static uint32_t bic_ssthresh(struct cc *cc)
{
    const struct bic_params *p = cc->params;
    struct bic *b = cc->priv;
    uint64_t cwnd = cc->cwnd;

    if (cwnd < b->last_max && p->fast_convergence)
        b->last_max = (uint32_t)(cwnd * (BETA_SCALE + p->beta) / (2 * BETA_SCALE));
    else
        b->last_max = cc->cwnd;
    if (cwnd <= p->low_window)
        return MAX(cc->cwnd >> 1, 2);
    return MAX((uint32_t)(cwnd * p->beta / BETA_SCALE), 2);
}

static void bic_set_state(struct cc *cc, enum cc_state next)
{
    if (next == CC_LOSS)
        bic_reset(cc);
}

static void bic_acked(struct cc *cc, const struct cc_ack *ack)
{
    struct bic *b = cc->priv;

    if (cc->state == CC_OPEN && ack->acked > 0)
        b->delayed_ack += ack->acked - (b->delayed_ack >> RATIO_SHIFT);
}

static const struct cc_ops bic = {
    .name = "bic",
    .doc = "BIC: binary search for the window of the last loss (Xu, Harfoush, Rhee 2004)",
    .params = bic_table,
    .params_size = sizeof(struct bic_params),
    .priv_size = sizeof(struct bic),
    .ssthresh = bic_ssthresh,
    .avoid = bic_avoid,
    .undo = cc_undo,
    .init = bic_reset,
    .set_state = bic_set_state,
    .acked = bic_acked,
};

const struct cc_ops *const bic_module[] = { &bic, NULL };

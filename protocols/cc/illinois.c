/* TCP-Illinois (Liu, Basar, Srikant: "TCP-Illinois: a loss and delay-based congestion control
 * algorithm for high-speed networks", VALUETOOLS 2006), with the arithmetic of Linux.
 *
 * Loss decides when the window goes down, delay by how much it goes up and down.  With da the mean
 * queueing delay of the last round trip, and dm the largest one seen,
 *
 *     alpha = 10 for da <= dm / 100, else a hyperbola from 10 down to 0.3 at dm;
 *     beta = 1/8 for da <= dm / 10, 1/2 for da >= 0.8 dm, linear in between.
 *
 * alpha goes back to 10 only after `theta` round trips with little delay.  Below `win_thresh`
 * packets it is Reno.  alpha is in 1/128, beta in 1/64. */
#include "protocols/cc/cc.h"

enum {
    ALPHA_SHIFT = 7,
    ALPHA_ONE = 1 << ALPHA_SHIFT,
    ALPHA_MIN = 3 * ALPHA_ONE / 10,
    ALPHA_MAX = 10 * ALPHA_ONE,
    BETA_SHIFT = 6,
    BETA_MIN = (1 << BETA_SHIFT) / 8,
    BETA_MAX = (1 << BETA_SHIFT) / 2,
};
#define RTT_MAX (UINT32_MAX / ALPHA_MAX) /* 3.3 s: larger ones would overflow */

struct illinois_params {
    uint32_t win_thresh, theta;
};

struct illinois {
    uint64_t sum_rtt; /* of this round, microseconds */
    uint32_t end;     /* of the round: a position */
    uint32_t base_rtt, max_rtt;
    uint32_t alpha, beta;
    uint32_t samples;
    uint16_t acked;
    uint8_t low_rounds;
    bool delayed; /* the delay was not low lately */
};

static const struct param illinois_table[] = {
    { "win_thresh", PARAM_U32, offsetof(struct illinois_params, win_thresh), "15", 0, 65535,
      "Reno below this window, packets", NULL },
    { "theta", PARAM_U32, offsetof(struct illinois_params, theta), "5", 1, 255,
      "round trips with little delay before the increase is the largest again", NULL },
    PARAM_END,
};

static void begin_round(struct illinois *i, const struct cc *cc)
{
    i->end = cc->nxt;
    i->samples = 0;
    i->sum_rtt = 0;
}

static void illinois_init(struct cc *cc)
{
    struct illinois *i = cc->priv;

    *i = (struct illinois){ .alpha = ALPHA_MAX, .beta = BETA_MAX, .base_rtt = INT32_MAX };
    begin_round(i, cc);
}

static void illinois_acked(struct cc *cc, const struct cc_ack *ack)
{
    struct illinois *i = cc->priv;

    i->acked = (uint16_t)MIN(ack->acked, UINT16_MAX);
    if (ack->rtt_us < 0)
        return;
    uint32_t rtt = MIN((uint32_t)ack->rtt_us, RTT_MAX);
    i->base_rtt = MIN(i->base_rtt, rtt);
    i->max_rtt = MAX(i->max_rtt, rtt);
    i->samples++;
    i->sum_rtt += rtt;
}

/* ---- The two curves ------------------------------------------------------------------------- */

static uint32_t alpha(struct illinois *i, uint32_t theta, uint32_t da, uint32_t dm)
{
    uint32_t d1 = dm / 100;

    if (da <= d1) {
        if (!i->delayed)
            return ALPHA_MAX;
        if (++i->low_rounds < theta)
            return i->alpha;
        i->low_rounds = 0;
        i->delayed = false;
        return ALPHA_MAX;
    }
    i->delayed = true;
    dm -= d1;
    da -= d1;
    return dm * ALPHA_MAX / (dm + da * (ALPHA_MAX - ALPHA_MIN) / ALPHA_MIN);
}

static uint32_t beta(uint32_t da, uint32_t dm)
{
    uint32_t d2 = dm / 10, d3 = 8 * dm / 10;

    if (da <= d2)
        return BETA_MIN;
    if (da >= d3 || d3 <= d2)
        return BETA_MAX;
    return (BETA_MIN * d3 - BETA_MAX * d2 + (BETA_MAX - BETA_MIN) * da) / (d3 - d2);
}

static void end_round(struct illinois *i, const struct cc *cc)
{
    const struct illinois_params *p = cc->params;

    if (cc->cwnd < p->win_thresh) {
        i->alpha = ALPHA_ONE;
        i->beta = BETA_MAX;
    } else if (i->samples > 0) {
        uint32_t dm = i->max_rtt - i->base_rtt;
        uint32_t da = (uint32_t)(i->sum_rtt / i->samples) - i->base_rtt;
        i->alpha = alpha(i, p->theta, da, dm);
        i->beta = beta(da, dm);
    }
    begin_round(i, cc);
}

/* ---- Hooks ---------------------------------------------------------------------------------- */

static void illinois_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct illinois *i = cc->priv;

    if (cc_after(cc->una, i->end))
        end_round(i, cc);
    if (!cc_window_limited(cc))
        return;
    if (cc_in_slow_start(cc)) {
        cc_slow_start(cc, acked);
        return;
    }
    cc->cwnd_cnt += i->acked;
    i->acked = 1;
    uint32_t grown = (uint32_t)((uint64_t)cc->cwnd_cnt * i->alpha >> ALPHA_SHIFT);
    if (grown >= cc->cwnd) {
        cc->cwnd = MIN(cc->cwnd + grown / cc->cwnd, cc->cwnd_clamp);
        cc->cwnd_cnt = 0;
    }
}

static uint32_t illinois_ssthresh(struct cc *cc)
{
    const struct illinois *i = cc->priv;
    uint32_t decrease = (uint32_t)((uint64_t)cc->cwnd * i->beta >> BETA_SHIFT);

    return MAX(cc->cwnd - decrease, 2);
}

static void illinois_set_state(struct cc *cc, enum cc_state next)
{
    struct illinois *i = cc->priv;

    if (next != CC_LOSS)
        return;
    i->alpha = ALPHA_ONE;
    i->beta = BETA_MAX;
    i->low_rounds = 0;
    i->delayed = false;
    begin_round(i, cc);
}

/* The average round trip of this round. */
static uint32_t illinois_info(const struct cc *cc, union cc_info *out)
{
    const struct illinois *i = cc->priv;
    uint32_t rtt = i->samples ? (uint32_t)(i->sum_rtt / i->samples) : 0;

    out->vegas = (struct cc_info_vegas){ 1, i->samples, rtt, i->base_rtt };
    return sizeof out->vegas;
}

static const struct cc_ops illinois = {
    .name = "illinois",
    .doc = "TCP-Illinois: loss says when, delay says how much (Liu, Basar, Srikant 2006)",
    .params = illinois_table,
    .params_size = sizeof(struct illinois_params),
    .priv_size = sizeof(struct illinois),
    .ssthresh = illinois_ssthresh,
    .avoid = illinois_avoid,
    .undo = cc_undo,
    .init = illinois_init,
    .set_state = illinois_set_state,
    .acked = illinois_acked,
    .info = illinois_info,
};

const struct cc_ops *const illinois_module[] = { &illinois, NULL };

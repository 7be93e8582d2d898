/* H-TCP (Leith, Shorten: "H-TCP: TCP for high-speed and long-distance networks", PFLDnet 2004;
 * draft-leith-tcp-htcp-06), with the arithmetic of Linux.
 *
 * The increase grows with the time D since the last loss: for the first second it is Reno's, then
 *
 *     alpha(D) = 1 + 10 (D - 1) + ((D - 1) / 2)^2   packets a round trip, times 2 (1 - beta),
 *
 * scaled by the round-trip time so that flows of different RTT are treated alike.  The decrease
 * beta is minRTT / maxRTT (between 0.5 and 0.8), just enough to empty the queue, unless the
 * achieved throughput has changed by a fifth since the last loss: then 0.5.
 *
 * alpha and beta are in 1/128.  Times are in milliseconds where Linux has jiffies. */
#include "protocols/cc/cc.h"

enum { ONE = 128, BETA_MIN = 64, BETA_MAX = 102, HZ = 1000 };

struct htcp_params {
    bool use_rtt_scaling, use_bandwidth_switch;
};

struct htcp {
    uint32_t alpha;
    uint32_t packets; /* acknowledged since `last_ms` */
    uint32_t min_rtt, max_rtt;
    uint32_t last_cong, undo_last_cong;
    uint32_t undo_max_rtt, undo_old_max_rate;
    uint32_t max_rate, old_max_rate, rate; /* packets per second */
    uint32_t last_ms;
    uint16_t acked;
    uint8_t beta;
    bool adapt; /* beta follows the RTTs */
    bool undo;  /* there is a loss to be undone */
};

static const struct param htcp_table[] = {
    { "use_rtt_scaling", PARAM_BOOL, offsetof(struct htcp_params, use_rtt_scaling), "yes", 0, 0,
      "increase by the RTT, so that flows of different RTT are treated alike", NULL },
    { "use_bandwidth_switch", PARAM_BOOL, offsetof(struct htcp_params, use_bandwidth_switch), "yes",
      0, 0, "halve the window when the throughput has changed", NULL },
    PARAM_END,
};

static uint32_t time_since_loss(const struct htcp *h, const struct cc *cc)
{
    return cc_clock_ms(cc) - h->last_cong;
}

/* ---- Measuring ------------------------------------------------------------------------------ */

static void measure_rtt(struct htcp *h, const struct cc *cc, uint32_t srtt)
{
    if (h->min_rtt == 0 || h->min_rtt > srtt)
        h->min_rtt = srtt;
    if (cc->state != CC_OPEN)
        return;
    h->max_rtt = MAX(h->max_rtt, h->min_rtt);
    if (h->max_rtt < srtt && srtt <= h->max_rtt + 20) /* no sudden jumps */
        h->max_rtt = srtt;
}

static void measure_rate(struct htcp *h, const struct cc *cc, uint32_t acked)
{
    uint32_t now = cc_clock_ms(cc), grown = h->alpha / ONE ? h->alpha / ONE : 1;

    if (cc->state > CC_DISORDER) {
        h->packets = 0;
        h->last_ms = now;
        return;
    }
    h->packets += acked;
    if (h->min_rtt == 0 || now - h->last_ms < h->min_rtt || h->packets + grown < cc->cwnd)
        return;
    uint32_t rate = (uint32_t)((uint64_t)h->packets * HZ / (now - h->last_ms));
    if (time_since_loss(h, cc) / h->min_rtt <= 3) {
        h->max_rate = h->rate = rate; /* just after a loss: anew */
    } else {
        h->rate = (3 * h->rate + rate) / 4;
        h->max_rate = MAX(h->max_rate, h->rate);
    }
    h->packets = 0;
    h->last_ms = now;
}

static void htcp_acked(struct cc *cc, const struct cc_ack *ack)
{
    const struct htcp_params *p = cc->params;
    struct htcp *h = cc->priv;

    if (cc->state == CC_OPEN)
        h->acked = (uint16_t)MIN(ack->acked, UINT16_MAX);
    if (ack->rtt_us > 0)
        measure_rtt(h, cc, ((uint32_t)ack->rtt_us + 999) / 1000); /* never 0 */
    if (p->use_bandwidth_switch)
        measure_rate(h, cc, ack->acked);
}

/* ---- alpha and beta ------------------------------------------------------------------------- */

static void update_beta(struct htcp *h, const struct htcp_params *p)
{
    if (p->use_bandwidth_switch) {
        uint64_t now = 5 * (uint64_t)h->max_rate, old = h->old_max_rate;
        h->old_max_rate = h->max_rate;
        if (now < 4 * old || now > 6 * old) {
            h->beta = BETA_MIN;
            h->adapt = false;
            return;
        }
    }
    if (h->adapt && h->min_rtt > 10 && h->max_rtt) {
        uint32_t beta = (h->min_rtt << 7) / h->max_rtt;
        h->beta = (uint8_t)CLAMP(beta, BETA_MIN, BETA_MAX);
    } else {
        h->beta = BETA_MIN;
        h->adapt = true;
    }
}

static void update_alpha(struct htcp *h, const struct htcp_params *p, const struct cc *cc)
{
    uint32_t factor = 1, since = time_since_loss(h, cc);

    if (since > HZ) {
        uint64_t d = since - HZ;
        factor = (uint32_t)(1 + (10 * d + (d / 2) * (d / 2) / HZ) / HZ);
    }
    if (p->use_rtt_scaling && h->min_rtt) {
        uint32_t scale = (HZ << 3) / (10 * h->min_rtt); /* 100 ms are 1; within 0.5 and 10 */
        scale = CLAMP(scale, 1u << 2, 10u << 3);
        factor = MAX((factor << 3) / scale, 1);
    }
    h->alpha = 2 * factor * (ONE - h->beta);
}

/* ---- Hooks ---------------------------------------------------------------------------------- */

static void htcp_init(struct cc *cc)
{
    struct htcp *h = cc->priv;

    *h = (struct htcp){ .alpha = ONE, .beta = BETA_MIN, .acked = 1, .last_cong = cc_clock_ms(cc) };
}

static uint32_t htcp_ssthresh(struct cc *cc)
{
    struct htcp *h = cc->priv;

    update_beta(h, cc->params);
    update_alpha(h, cc->params, cc);
    /* The longest RTT is forgotten slowly. */
    if (h->min_rtt > 0 && h->max_rtt > h->min_rtt)
        h->max_rtt = h->min_rtt + (h->max_rtt - h->min_rtt) * 95 / 100;
    return MAX((uint32_t)((uint64_t)cc->cwnd * h->beta >> 7), 2);
}

static void htcp_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct htcp *h = cc->priv;

    if (!cc_window_limited(cc))
        return;
    if (cc_in_slow_start(cc)) {
        cc_slow_start(cc, acked);
        return;
    }
    if ((uint64_t)cc->cwnd_cnt * h->alpha >> 7 >= cc->cwnd) {
        if (cc->cwnd < cc->cwnd_clamp)
            cc->cwnd++;
        cc->cwnd_cnt = 0;
        update_alpha(h, cc->params, cc);
    } else {
        cc->cwnd_cnt += h->acked;
    }
    h->acked = 1;
}

static void htcp_set_state(struct cc *cc, enum cc_state next)
{
    struct htcp *h = cc->priv;

    if (next == CC_OPEN && h->undo) {
        h->last_cong = cc_clock_ms(cc);
        h->undo = false;
    } else if (next >= CC_CWR) {
        h->undo = true;
        h->undo_last_cong = h->last_cong;
        h->undo_max_rtt = h->max_rtt;
        h->undo_old_max_rate = h->old_max_rate;
        h->last_cong = cc_clock_ms(cc);
    }
}

static uint32_t htcp_undo(struct cc *cc)
{
    struct htcp *h = cc->priv;

    if (h->undo) {
        h->last_cong = h->undo_last_cong;
        h->max_rtt = h->undo_max_rtt;
        h->old_max_rate = h->undo_old_max_rate;
        h->undo = false;
    }
    return cc_undo(cc);
}

static const struct cc_ops htcp = {
    .name = "htcp",
    .doc = "H-TCP: increase by the time since the last loss (Leith, Shorten 2004)",
    .params = htcp_table,
    .params_size = sizeof(struct htcp_params),
    .priv_size = sizeof(struct htcp),
    .ssthresh = htcp_ssthresh,
    .avoid = htcp_avoid,
    .undo = htcp_undo,
    .init = htcp_init,
    .set_state = htcp_set_state,
    .acked = htcp_acked,
};

const struct cc_ops *const htcp_module[] = { &htcp, NULL };

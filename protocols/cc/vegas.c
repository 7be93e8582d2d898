/* TCP Vegas (Brakmo, Peterson: "TCP Vegas: end to end congestion avoidance on a global Internet",
 * JSAC 13(8), 1995), with the arithmetic of Linux.
 *
 * Once a round trip the window W is compared with what would have passed without a queue: with
 * baseRTT the shortest RTT ever, and RTT the shortest of this round,
 *
 *     diff = W (RTT - baseRTT) / baseRTT
 *
 * is about the number of this flow's packets that wait in a queue.  Below `alpha` the window grows
 * by a packet, above `beta` it shrinks by one; slow start ends at `gamma`.  In recovery, and in a
 * round with too few samples, it is Reno.  Unlike Linux's it does not grow a window that is not
 * used. */
#include "protocols/cc/vegas.h"

struct vegas_params {
    uint32_t alpha, beta, gamma;
};

static const struct param vegas_table[] = {
    { "alpha", PARAM_U32, offsetof(struct vegas_params, alpha), "2", 0, 65535,
      "fewest packets to keep queued", NULL },
    { "beta", PARAM_U32, offsetof(struct vegas_params, beta), "4", 0, 65535,
      "most packets to keep queued", NULL },
    { "gamma", PARAM_U32, offsetof(struct vegas_params, gamma), "1", 0, 65535,
      "packets queued at which slow start ends", NULL },
    PARAM_END,
};

/* ---- Measuring ------------------------------------------------------------------------------ */

static void begin_round(struct vegas_rtt *v, const struct cc *cc)
{
    v->end = cc->nxt;
    v->samples = 0;
    v->min_us = INT32_MAX;
}

void vegas_reset(struct vegas_rtt *v, const struct cc *cc)
{
    v->base_us = INT32_MAX;
    v->doing = true;
    begin_round(v, cc);
}

void vegas_sample(struct vegas_rtt *v, const struct cc_ack *ack)
{
    if (ack->rtt_us < 0)
        return;
    uint32_t rtt = (uint32_t)ack->rtt_us + 1; /* never zero */
    v->base_us = MIN(v->base_us, rtt);
    v->min_us = MIN(v->min_us, rtt);
    v->samples++;
}

void vegas_state(struct vegas_rtt *v, const struct cc *cc, enum cc_state next)
{
    v->doing = next == CC_OPEN;
    if (v->doing)
        begin_round(v, cc);
}

void vegas_event(struct vegas_rtt *v, const struct cc *cc, enum cc_event event)
{
    if (event == CC_CWND_RESTART || event == CC_TX_START)
        vegas_reset(v, cc);
}

uint32_t vegas_tell(const struct vegas_rtt *v, union cc_info *out)
{
    out->vegas = (struct cc_info_vegas){ v->doing, v->samples, v->base_us, v->min_us };
    return sizeof out->vegas;
}

bool vegas_round(struct vegas_rtt *v, const struct cc *cc, uint32_t *rtt_us)
{
    if (!cc_after(cc->una, v->end))
        return false;
    *rtt_us = v->samples > 2 ? v->min_us : 0;
    begin_round(v, cc);
    return true;
}

/* ---- The window ----------------------------------------------------------------------------- */

/* Once a round trip. */
static void vegas_adjust(struct vegas_rtt *v, struct cc *cc, uint32_t rtt, uint32_t acked)
{
    const struct vegas_params *p = cc->params;
    uint64_t target = (uint64_t)cc->cwnd * v->base_us / rtt;
    uint32_t diff = (uint32_t)((uint64_t)cc->cwnd * (rtt - v->base_us) / v->base_us);

    if (cc_in_slow_start(cc) && diff > p->gamma) {
        cc->cwnd = (uint32_t)MIN(cc->cwnd, target + 1);
        cc->ssthresh = MIN(cc->ssthresh, cc->cwnd);
    } else if (cc_in_slow_start(cc)) {
        if (cc_window_limited(cc))
            cc_slow_start(cc, acked);
    } else if (diff > p->beta) {
        cc->cwnd--;
        cc->ssthresh = MIN(cc->ssthresh, cc->cwnd);
    } else if (diff < p->alpha && cc_window_limited(cc)) {
        cc->cwnd++;
    }
    cc->cwnd = MIN(MAX(cc->cwnd, 2), cc->cwnd_clamp);
    cc->ssthresh = cc_current_ssthresh(cc);
}

static void vegas_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct vegas_rtt *v = cc->priv;
    uint32_t rtt;

    if (!v->doing) {
        cc_reno_avoid(cc, ack, acked);
    } else if (vegas_round(v, cc, &rtt)) {
        if (rtt == 0)
            cc_reno_avoid(cc, ack, acked);
        else
            vegas_adjust(v, cc, rtt, acked);
    } else if (cc_in_slow_start(cc) && cc_window_limited(cc)) {
        cc_slow_start(cc, acked);
    }
}

static void vegas_init(struct cc *cc)
{
    vegas_reset(cc->priv, cc);
}

static void vegas_acked(struct cc *cc, const struct cc_ack *ack)
{
    vegas_sample(cc->priv, ack);
}

static void vegas_set_state(struct cc *cc, enum cc_state next)
{
    vegas_state(cc->priv, cc, next);
}

static void vegas_on_event(struct cc *cc, enum cc_event event)
{
    vegas_event(cc->priv, cc, event);
}

static uint32_t vegas_info(const struct cc *cc, union cc_info *out)
{
    return vegas_tell(cc->priv, out);
}

static const struct cc_ops vegas = {
    .name = "vegas",
    .doc = "TCP Vegas: keeps a few packets queued (Brakmo, Peterson 1995)",
    .params = vegas_table,
    .params_size = sizeof(struct vegas_params),
    .priv_size = sizeof(struct vegas_rtt),
    .ssthresh = cc_reno_ssthresh,
    .avoid = vegas_avoid,
    .undo = cc_undo,
    .init = vegas_init,
    .set_state = vegas_set_state,
    .event = vegas_on_event,
    .acked = vegas_acked,
    .info = vegas_info,
};

const struct cc_ops *const vegas_module[] = { &vegas, NULL };

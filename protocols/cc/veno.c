/* TCP Veno (Fu, Liew: "TCP Veno: TCP enhancement for transmission over wireless access networks",
 * JSAC 21(2), 2003), with the arithmetic of Linux.
 *
 * Vegas' measure of the packets queued tells random loss from congestion: with fewer than `beta`
 * (three) queued, a loss takes a fifth of the window, else half; and with more queued the window
 * grows in every other round trip only. */
#include "protocols/cc/cc.h"

struct veno_params {
    uint32_t beta;
};

struct veno {
    uint32_t min_us, base_us; /* RTT since the last growth, and ever */
    uint32_t diff;            /* packets queued, in halves */
    uint8_t samples;          /* up to three: enough to know */
    bool doing;               /* not in recovery */
    bool turn;                /* the window grows at the end of this round, if there is a queue */
};

static const struct param veno_table[] = {
    { "beta", PARAM_U32, offsetof(struct veno_params, beta), "3", 0, 65535,
      "packets queued from which loss means congestion", NULL },
    PARAM_END,
};

static void begin(struct veno *v)
{
    v->doing = true;
    v->min_us = INT32_MAX;
}

static void veno_init(struct cc *cc)
{
    struct veno *v = cc->priv;

    v->base_us = INT32_MAX;
    v->turn = true;
    begin(v);
}

static void veno_acked(struct cc *cc, const struct cc_ack *ack)
{
    struct veno *v = cc->priv;

    if (ack->rtt_us < 0)
        return;
    uint32_t rtt = (uint32_t)ack->rtt_us + 1; /* never zero */
    v->base_us = MIN(v->base_us, rtt);
    v->min_us = MIN(v->min_us, rtt);
    v->samples = (uint8_t)MIN(v->samples + 1, 3);
}

static void veno_set_state(struct cc *cc, enum cc_state next)
{
    struct veno *v = cc->priv;

    if (next == CC_OPEN)
        begin(v);
    else
        v->doing = false;
}

static void veno_event(struct cc *cc, enum cc_event event)
{
    if (event == CC_CWND_RESTART || event == CC_TX_START)
        veno_init(cc);
}

/* With a queue: every other round trip. */
static void grow_slowly(struct veno *v, struct cc *cc, uint32_t acked)
{
    if (cc->cwnd_cnt < cc->cwnd) {
        cc->cwnd_cnt += acked;
        return;
    }
    v->turn = !(v->turn && cc->cwnd < cc->cwnd_clamp);
    if (!v->turn)
        cc->cwnd++;
    cc->cwnd_cnt = 0;
}

static void veno_grow(struct veno *v, struct cc *cc, uint32_t acked)
{
    const struct veno_params *p = cc->params;
    uint32_t queueless = (uint32_t)(((uint64_t)cc->cwnd * v->base_us << 1) / v->min_us);

    v->diff = (cc->cwnd << 1) - queueless;
    if (cc_in_slow_start(cc)) {
        acked = cc_slow_start(cc, acked);
        if (acked == 0)
            return;
    }
    if (v->diff < 2 * p->beta)
        cc_ai(cc, cc->cwnd, acked);
    else
        grow_slowly(v, cc, acked);
}

static void veno_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct veno *v = cc->priv;

    if (!cc_window_limited(cc))
        return;
    if (!v->doing || v->samples <= 2) {
        cc_reno_avoid(cc, ack, acked);
    } else {
        veno_grow(v, cc, acked);
        cc->cwnd = MIN(MAX(cc->cwnd, 2), cc->cwnd_clamp);
    }
    v->min_us = INT32_MAX;
}

static uint32_t veno_ssthresh(struct cc *cc)
{
    const struct veno_params *p = cc->params;
    const struct veno *v = cc->priv;

    if (v->diff < 2 * p->beta)
        return MAX((uint32_t)((uint64_t)cc->cwnd * 4 / 5), 2);
    return cc_reno_ssthresh(cc);
}

static const struct cc_ops veno = {
    .name = "veno",
    .doc = "TCP Veno: tells random loss from congestion by the queue (Fu, Liew 2003)",
    .params = veno_table,
    .params_size = sizeof(struct veno_params),
    .priv_size = sizeof(struct veno),
    .ssthresh = veno_ssthresh,
    .avoid = veno_avoid,
    .undo = cc_undo,
    .init = veno_init,
    .set_state = veno_set_state,
    .event = veno_event,
    .acked = veno_acked,
};

const struct cc_ops *const veno_module[] = { &veno, NULL };

/* NewReno (RFC 5681, 6582): one packet more per window, half the window per loss.
 *
 * The window grows by acknowledged packets, not by ACKs (RFC 3465 with no limit, as Linux), so
 * delayed ACKs do not slow it down; `count_packets = no` counts ACKs instead, which with delayed
 * ACKs gives the sawtooth of the textbooks. */
#include "protocols/cc/cc.h"

struct reno {
    bool count_packets;
};

static const struct param reno_params[] = {
    { "count_packets", PARAM_BOOL, offsetof(struct reno, count_packets), "yes", 0, 0,
      "grow by the packets acknowledged; no: by the ACKs", NULL },
    PARAM_END,
};

static uint32_t reno_ssthresh(struct cc *cc)
{
    return cc->cwnd / 2 > 2 ? cc->cwnd / 2 : 2;
}

static void reno_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    const struct reno *reno = cc->params;

    if (!cc_window_limited(cc) || acked == 0)
        return;
    if (!reno->count_packets)
        acked = 1;
    if (cc_in_slow_start(cc)) {
        acked = cc_slow_start(cc, acked);
        if (acked == 0)
            return;
    }
    cc_ai(cc, cc->cwnd, acked);
}

static const struct cc_ops reno = {
    .name = "reno",
    .doc = "NewReno: additive increase, multiplicative decrease (RFC 5681, 6582)",
    .params = reno_params,
    .params_size = sizeof(struct reno),
    .ssthresh = reno_ssthresh,
    .avoid = reno_avoid,
    .undo = cc_undo,
};

const struct cc_ops *const reno_module[] = { &reno, NULL };

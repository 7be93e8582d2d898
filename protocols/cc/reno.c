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

static void reno_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    const struct reno *reno = cc->params;

    cc_reno_avoid(cc, ack, reno->count_packets ? acked : acked > 0);
}

static const struct cc_ops reno = {
    .name = "reno",
    .doc = "NewReno: additive increase, multiplicative decrease (RFC 5681, 6582)",
    .params = reno_params,
    .params_size = sizeof(struct reno),
    .ssthresh = cc_reno_ssthresh,
    .avoid = reno_avoid,
    .undo = cc_undo,
};

const struct cc_ops *const reno_module[] = { &reno, NULL };

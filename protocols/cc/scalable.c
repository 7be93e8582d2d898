/* Scalable TCP (Kelly: "Scalable TCP: improving performance in highspeed wide area networks", CCR
 * 33(2), 2003): a hundredth of a packet more per packet acknowledged, an eighth less per loss, so
 * that the time to recover from a loss does not depend on the rate.  Below 100 packets the growth
 * is Reno's. */
#include "protocols/cc/cc.h"

struct scalable_params {
    uint32_t ai_count, md_shift;
};

static const struct param scalable_table[] = {
    { "ai_count", PARAM_U32, offsetof(struct scalable_params, ai_count), "100", 1, 65535,
      "packets to be acknowledged for one packet more", NULL },
    { "md_shift", PARAM_U32, offsetof(struct scalable_params, md_shift), "3", 1, 10,
      "a loss takes 1/2^n of the window", NULL },
    PARAM_END,
};

static void scalable_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    const struct scalable_params *p = cc->params;

    if (!cc_window_limited(cc))
        return;
    if (cc_in_slow_start(cc)) {
        acked = cc_slow_start(cc, acked);
        if (acked == 0)
            return;
    }
    cc_ai(cc, MIN(cc->cwnd, p->ai_count), acked);
}

static uint32_t scalable_ssthresh(struct cc *cc)
{
    const struct scalable_params *p = cc->params;

    return MAX(cc->cwnd - (cc->cwnd >> p->md_shift), 2);
}

static const struct cc_ops scalable = {
    .name = "scalable",
    .doc = "Scalable TCP: multiplicative increase and decrease (Kelly 2003)",
    .params = scalable_table,
    .params_size = sizeof(struct scalable_params),
    .ssthresh = scalable_ssthresh,
    .avoid = scalable_avoid,
    .undo = cc_undo,
};

const struct cc_ops *const scalable_module[] = { &scalable, NULL };

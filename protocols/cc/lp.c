/* TCP-LP (Kuzmanovic, Knightly: "TCP-LP: low-priority service via end-point congestion control",
 * ToN 14(4), 2006).
 *
 * It uses what other flows leave over.  When the smoothed one-way delay passes 15 % of the way from
 * the least delay to the largest one seen, someone else is taken to be coming: the window is
 * halved, and does not grow for the inference time, three round trips.  A second such sign within
 * that time takes it down to one packet.  Otherwise it is Reno.
 *
 * As in Linux, the largest delay is taken for at least twice the delay at a sign, before a full
 * queue was ever seen.  Unlike there, the least delay is not forgotten at a sign, slow start ends
 * with it, and for one round trip, while the ACKs are still of packets sent before, no second one
 * is seen: otherwise the flow takes its own queue for someone else's.  Linux also estimates the
 * frequency of the peer's timestamp clock, which here is the standard's millisecond. */
#include "protocols/cc/ewma.h"
#include "protocols/cc/owd.h"

struct lp_params {
    uint32_t threshold, inference;
};

struct lp {
    struct owd clock;
    uint32_t delay8; /* smoothed, eighths of a millisecond; 0: none yet */
    uint32_t min, max,
        next_max; /* milliseconds; next_max: the largest, which counts when seen twice */
    uint32_t last_drop_ms;
    bool dropped; /* last_drop_ms is set */
    bool holding; /* within the inference time */
};

static const struct param lp_table[] = {
    { "threshold", PARAM_U32, offsetof(struct lp_params, threshold), "15", 1, 100,
      "delay taken for congestion, percent of the range", NULL },
    { "inference", PARAM_U32, offsetof(struct lp_params, inference), "3", 1, 100,
      "round trips to wait after an indication", NULL },
    PARAM_END,
};

static void lp_init(struct cc *cc)
{
    struct lp *lp = cc->priv;

    *lp = (struct lp){ .min = UINT32_MAX };
}

static void lp_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    const struct lp *lp = cc->priv;

    if (!lp->holding)
        cc_reno_avoid(cc, ack, acked);
}

static void lp_measure(struct lp *lp, uint32_t delay)
{
    lp->min = MIN(lp->min, delay);
    if (delay > lp->max) {
        if (delay > lp->next_max) {
            lp->max = lp->next_max ? lp->next_max : delay;
            lp->next_max = delay;
        } else {
            lp->max = delay;
        }
    }
    lp->delay8 = ewma_scaled(lp->delay8, delay, 3);
}

static void lp_yield(struct lp *lp, struct cc *cc)
{
    lp->max = lp->next_max = MAX(lp->max, lp->delay8 >> 2);
    lp->last_drop_ms = cc_clock_ms(cc);
    lp->dropped = true;
    cc->cwnd = lp->holding ? 1 : MAX(cc->cwnd >> 1, 1);
    cc->ssthresh = MIN(cc->ssthresh, MAX(cc->cwnd, 2));
}

static void lp_acked(struct cc *cc, const struct cc_ack *ack)
{
    const struct lp_params *p = cc->params;
    struct lp *lp = cc->priv;
    int32_t delay = owd_sample(&lp->clock, ack);
    uint32_t rtt_ms = cc->srtt_us / 1000 + 1, since = cc_clock_ms(cc) - lp->last_drop_ms;

    lp->holding = lp->dropped && since < p->inference * rtt_ms;
    if (delay < 0)
        return;
    lp_measure(lp, (uint32_t)delay);
    if (lp->dropped && since < rtt_ms)
        return;
    uint32_t limit = lp->min + (lp->max - lp->min) * p->threshold / 100;
    if (lp->delay8 >> 3 > limit && (uint32_t)delay > limit)
        lp_yield(lp, cc);
}

static const struct cc_ops lp = {
    .name = "lp",
    .doc = "TCP-LP: takes what others leave, by one-way delay (Kuzmanovic, Knightly 2006)",
    .params = lp_table,
    .params_size = sizeof(struct lp_params),
    .priv_size = sizeof(struct lp),
    .ssthresh = cc_reno_ssthresh,
    .avoid = lp_avoid,
    .undo = cc_undo,
    .init = lp_init,
    .acked = lp_acked,
};

const struct cc_ops *const lp_module[] = { &lp, NULL };

/* A congestion control without a transport: a window's worth of ACKs each round trip. */
#ifndef WEFT_TESTS_SUPPORT_CC_RIG_H
#define WEFT_TESTS_SUPPORT_CC_RIG_H

#include <check.h>
#include <glib.h>
#include <string.h>

#include "protocols/cc/cc.h"

struct cc_rig {
    struct cc cc;
    struct cc_ack ack;
    void *priv, *params;
    uint32_t flight; /* packets that were sent together, 0: a window's worth */
};

static inline void rig_init(struct cc_rig *rig, const char *name)
{
    const struct cc_ops *ops = cc_find(name);

    ck_assert_ptr_nonnull(ops);
    memset(rig, 0, sizeof *rig);
    rig->priv = g_malloc0(ops->priv_size + 1);
    rig->params = g_malloc0(ops->params_size + 1);
    if (ops->params)
        param_defaults(ops->params, rig->params);
    rig->cc = (struct cc){ .ops = ops,
                           .priv = rig->priv,
                           .params = rig->params,
                           .pacing_rate = UINT64_MAX,
                           .cwnd = 10,
                           .cwnd_clamp = UINT32_MAX,
                           .now = SIM_S,
                           .ssthresh = CC_INFINITE,
                           .mss = 1448,
                           .cwnd_limited = true };
    if (ops->seed)
        ops->seed(&rig->cc, 1);
    if (ops->init)
        ops->init(&rig->cc);
}

static inline void rig_param(struct cc_rig *rig, const char *name, const char *value)
{
    GError *error = NULL;
    const struct param *param = param_find(rig->cc.ops->params, name, &error);

    ck_assert_msg(param && param_set_text(param, rig->params, value, &error), "%s",
                  error ? error->message : "");
}

static inline void rig_fini(struct cc_rig *rig)
{
    g_free(rig->priv);
    g_free(rig->params);
}

/* One ACK of `packets` packets at the rig's time, with a rate sample of one round trip. */
static inline void rig_ack(struct cc_rig *rig, uint32_t packets, int32_t rtt_us)
{
    struct cc *cc = &rig->cc;
    struct cc_ack *ack = &rig->ack;
    uint32_t flight = rig->flight ? rig->flight : cc->cwnd;

    ack->acked = ack->acked_sacked = packets;
    ack->rtt_us = ack->interval_us = rtt_us;
    ack->send_interval_us = ack->ack_interval_us = (uint32_t)rtt_us;
    ack->prior_inflight = cc->cwnd;
    ack->inflight = cc->cwnd > packets ? cc->cwnd - packets : 0;
    ack->tx_inflight = flight;
    cc->una += packets * cc->mss;
    cc->nxt = cc->una + cc->cwnd * cc->mss;
    cc->delivered += packets;
    ack->rate_delivered = (uint32_t)MIN(cc->delivered, flight);
    ack->prior_delivered = cc->delivered - ack->rate_delivered;
    ack->prior_us = (uint64_t)(cc->now / SIM_US) - (uint64_t)MIN(rtt_us, cc->now / SIM_US);
    cc->srtt_us = (uint32_t)rtt_us;
    cc->min_rtt_us = cc->min_rtt_us ? MIN(cc->min_rtt_us, cc->srtt_us) : cc->srtt_us;
    cc->inflight = ack->inflight;
    cc->max_inflight = cc->cwnd;
    if (cc->ops->in_ack)
        cc->ops->in_ack(cc, ack);
    if (cc->ops->acked)
        cc->ops->acked(cc, ack);
    if (cc->ops->control)
        cc->ops->control(cc, ack);
    else
        cc->ops->avoid(cc, ack, packets);
}

static inline void rig_acks(struct cc_rig *rig, uint32_t n, int32_t rtt_us)
{
    for (uint32_t i = 0; i < n; i++)
        rig_ack(rig, 1, rtt_us);
}

/* ACKs of one packet until the window is another. */
static inline uint32_t rig_acks_to_move(struct cc_rig *rig, int32_t rtt_us)
{
    uint32_t n = 0, before = rig->cc.cwnd;

    for (; rig->cc.cwnd == before && n < 1000000; n++)
        rig_ack(rig, 1, rtt_us);
    return n;
}

/* What TCP_CC_INFO tells. */
static inline union cc_info rig_info(const struct cc_rig *rig)
{
    union cc_info info;

    ck_assert_uint_le(rig->cc.ops->info(&rig->cc, &info), sizeof info);
    return info;
}

/* Slow start goes up to the threshold, and what is left of an ACK counts after it (RFC 5681 3.1).
 */
static inline void rig_check_slow_start(struct cc_rig *rig, uint32_t cwnd, int32_t rtt_us)
{
    rig->cc.cwnd = cwnd;
    rig->cc.cwnd_cnt = 0;
    rig->cc.ssthresh = cwnd + 3;
    rig_ack(rig, 2, rtt_us);
    ck_assert_uint_eq(rig->cc.cwnd, cwnd + 2);
    ck_assert_uint_eq(rig->cc.cwnd_cnt, 0);
    rig_ack(rig, 2, rtt_us);
    ck_assert_uint_eq(rig->cc.cwnd, cwnd + 3);
    ck_assert_uint_eq(rig->cc.cwnd_cnt, 1);
}

/* A round trip: as many packets as the window holds, an ACK for each, evenly. */
static inline void rig_round(struct cc_rig *rig, uint32_t rtt_us)
{
    uint32_t n = rig->flight = rig->cc.cwnd;

    for (uint32_t i = 0; i < n; i++) {
        rig->cc.now += (sim_time)rtt_us * SIM_US / n;
        rig_ack(rig, 1, (int32_t)rtt_us);
    }
}

/* A round trip through a bottleneck that passes `pipe` packets in `base_us`, with a long queue. */
static inline uint32_t rig_path(struct cc_rig *rig, uint32_t pipe, uint32_t base_us)
{
    uint32_t n = rig->flight = rig->cc.cwnd;
    uint32_t rtt_us = n > pipe ? (uint32_t)((uint64_t)base_us * n / pipe) : base_us;

    for (uint32_t i = 0; i < n; i++) {
        rig->cc.now += (sim_time)rtt_us * SIM_US / n;
        rig_ack(rig, 1, (int32_t)rtt_us);
    }
    return rtt_us;
}

/* Out of slow start, with this window. */
static inline void rig_cruise(struct cc_rig *rig, uint32_t cwnd)
{
    rig->cc.cwnd = rig->cc.ssthresh = cwnd;
    rig->cc.cwnd_cnt = 0;
}

static inline void rig_state(struct cc_rig *rig, enum cc_state next)
{
    if (rig->cc.ops->set_state)
        rig->cc.ops->set_state(&rig->cc, next);
    rig->cc.state = (uint8_t)next;
}

static inline void rig_event(struct cc_rig *rig, enum cc_event event)
{
    if (rig->cc.ops->event)
        rig->cc.ops->event(&rig->cc, event);
}

/* A loss: the transport sets the window to the new threshold; recovery is over at once. */
static inline void rig_loss(struct cc_rig *rig)
{
    struct cc *cc = &rig->cc;

    cc->prior_cwnd = cc->cwnd;
    cc->ssthresh = cc->ops->ssthresh ? cc->ops->ssthresh(cc) : MAX(cc->cwnd / 2, 2);
    rig_state(rig, CC_RECOVERY);
    cc->cwnd_cnt = 0;
    cc->lost++;
    if (!cc->ops->control)
        cc->cwnd = cc->ssthresh;
    rig_event(rig, CC_COMPLETE_CWR);
    rig_state(rig, CC_OPEN);
}

/* A time-out. */
static inline void rig_timeout(struct cc_rig *rig)
{
    struct cc *cc = &rig->cc;

    cc->prior_cwnd = cc->cwnd;
    cc->ssthresh = cc->ops->ssthresh ? cc->ops->ssthresh(cc) : MAX(cc->cwnd / 2, 2);
    rig_event(rig, CC_LOSS_TIMEOUT);
    cc->cwnd = 1;
    cc->cwnd_cnt = 0;
    rig_state(rig, CC_LOSS);
    rig_state(rig, CC_OPEN);
}

#endif

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
                           .ssthresh = CC_INFINITE,
                           .mss = 1448,
                           .cwnd_limited = true };
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

/* One ACK of `packets` packets at the rig's time. */
static inline void rig_ack(struct cc_rig *rig, uint32_t packets, int32_t rtt_us)
{
    struct cc *cc = &rig->cc;

    rig->ack.acked = rig->ack.acked_sacked = packets;
    rig->ack.rtt_us = rtt_us;
    rig->cc.una += packets;
    rig->cc.nxt = rig->cc.una + cc->cwnd;
    cc->delivered += packets;
    cc->srtt_us = (uint32_t)rtt_us;
    cc->max_inflight = cc->cwnd;
    if (cc->ops->acked)
        cc->ops->acked(cc, &rig->ack);
    cc->ops->avoid(cc, &rig->ack, packets);
}

/* A round trip: as many packets as the window holds, an ACK for each, evenly. */
static inline void rig_round(struct cc_rig *rig, uint32_t rtt_us)
{
    uint32_t n = rig->cc.cwnd;

    for (uint32_t i = 0; i < n; i++) {
        rig->cc.now += (sim_time)rtt_us * SIM_US / n;
        rig_ack(rig, 1, (int32_t)rtt_us);
    }
}

/* A loss: the transport sets the window to the new threshold. */
static inline void rig_loss(struct cc_rig *rig)
{
    struct cc *cc = &rig->cc;

    cc->prior_cwnd = cc->cwnd;
    cc->ssthresh = cc->ops->ssthresh(cc);
    cc->cwnd = cc->ssthresh;
    cc->cwnd_cnt = 0;
}

#endif

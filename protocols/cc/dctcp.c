/* DCTCP (RFC 8257; Alizadeh et al.: "Data center TCP (DCTCP)", SIGCOMM 2010), as in Linux.
 *
 * Switches mark packets from a low threshold on, and the receiver tells which ones were marked.
 * Once a round trip the fraction F of marked packets goes into an average,
 *
 *     alpha = (1 - g) alpha + g F,    g = 1/16,
 *
 * and a round trip with marks reduces the window by alpha / 2 rather than by half (section 3.3).
 * Losses reduce it as Reno's do (3.5).  Growth is Reno's.  A sender whose peer does not do ECN is
 * Reno altogether.
 *
 * Heartbeat: dctcp_in_ack counts; the transport asks dctcp_ssthresh when it sees the echo of a
 * mark.  The receiver's half, the echo that follows each change of the marks (3.2), is the
 * transport's: tcp/ecn.c does it for the algorithms that need ECN. */
#include "protocols/cc/cc.h"

enum { ALPHA_MAX = 1024, ALPHA_SHIFT = 10 };

struct dctcp_params {
    uint32_t shift_g, alpha_on_init;
};

struct dctcp {
    uint32_t alpha;                 /* 1/1024 */
    uint32_t end;                   /* of the round: a position */
    uint32_t old_delivered, old_ce; /* when the round began */
    uint32_t ce;                    /* as of the last ACK */
    uint32_t loss_cwnd;
    bool marked; /* the last data that came */
};

static const struct param dctcp_table[] = {
    { "shift_g", PARAM_U32, offsetof(struct dctcp_params, shift_g), "4", 0, 10,
      "weight of a round trip in alpha, 1/2^n", NULL },
    { "alpha_on_init", PARAM_U32, offsetof(struct dctcp_params, alpha_on_init), "1024", 0,
      ALPHA_MAX, "alpha at the beginning, 1/1024", NULL },
    PARAM_END,
};

static void begin_round(struct dctcp *d, const struct cc *cc, uint32_t delivered_ce)
{
    d->end = cc->nxt;
    d->old_delivered = (uint32_t)cc->delivered;
    d->old_ce = delivered_ce;
}

static void dctcp_init(struct cc *cc)
{
    const struct dctcp_params *p = cc->params;
    struct dctcp *d = cc->priv;

    d->alpha = p->alpha_on_init;
    begin_round(d, cc, 0);
}

static void dctcp_in_ack(struct cc *cc, const struct cc_ack *ack)
{
    const struct dctcp_params *p = cc->params;
    struct dctcp *d = cc->priv;

    d->ce = ack->delivered_ce;
    if (cc_after(d->end, cc->una))
        return;
    uint32_t marked = ack->delivered_ce - d->old_ce;
    uint32_t delivered = (uint32_t)cc->delivered - d->old_delivered;
    uint32_t forget = d->alpha >> p->shift_g;

    d->alpha -= forget ? forget : d->alpha; /* the last bits would stay for ever */
    if (marked)
        d->alpha +=
            (uint32_t)(((uint64_t)marked << (ALPHA_SHIFT - p->shift_g)) / MAX(delivered, 1));
    d->alpha = MIN(d->alpha, ALPHA_MAX);
    begin_round(d, cc, ack->delivered_ce);
}

/* Asked at the echo of a mark, once a round trip. */
static uint32_t dctcp_ssthresh(struct cc *cc)
{
    struct dctcp *d = cc->priv;
    uint32_t reduction = (uint32_t)((uint64_t)cc->cwnd * d->alpha >> (ALPHA_SHIFT + 1));

    d->loss_cwnd = cc->cwnd;
    return MAX(cc->cwnd - reduction, 2);
}

static void react_to_loss(struct cc *cc)
{
    struct dctcp *d = cc->priv;

    d->loss_cwnd = cc->cwnd;
    cc->ssthresh = MAX(cc->cwnd >> 1, 2);
}

/* Section 3.5: a loss is worse than a mark. */
static void dctcp_set_state(struct cc *cc, enum cc_state next)
{
    if (next == CC_RECOVERY && next != cc->state)
        react_to_loss(cc);
}

static void dctcp_event(struct cc *cc, enum cc_event event)
{
    struct dctcp *d = cc->priv;

    if (event == CC_LOSS_TIMEOUT)
        react_to_loss(cc);
    else if (event == CC_ECN_IS_CE || event == CC_ECN_NO_CE)
        d->marked = event == CC_ECN_IS_CE;
}

/* Of the round so far, bytes marked and bytes in all. */
static uint32_t dctcp_info(const struct cc *cc, union cc_info *out)
{
    const struct dctcp *d = cc->priv;
    uint32_t packets = (uint32_t)cc->delivered - d->old_delivered;

    out->dctcp = (struct cc_info_dctcp){ 1, d->marked, d->alpha, (d->ce - d->old_ce) * cc->mss,
                                         packets * cc->mss };
    return sizeof out->dctcp;
}

static uint32_t dctcp_undo(struct cc *cc)
{
    const struct dctcp *d = cc->priv;

    return MAX(cc->cwnd, d->loss_cwnd);
}

static const struct cc_ops dctcp = {
    .name = "dctcp",
    .doc = "DCTCP: reduces by the fraction of packets marked (RFC 8257)",
    .params = dctcp_table,
    .params_size = sizeof(struct dctcp_params),
    .priv_size = sizeof(struct dctcp),
    .needs_ecn = true,
    .ssthresh = dctcp_ssthresh,
    .avoid = cc_reno_avoid,
    .undo = dctcp_undo,
    .init = dctcp_init,
    .set_state = dctcp_set_state,
    .event = dctcp_event,
    .in_ack = dctcp_in_ack,
    .info = dctcp_info,
};

const struct cc_ops *const dctcp_module[] = { &dctcp, NULL };

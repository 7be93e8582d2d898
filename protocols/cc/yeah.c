/* YeAH-TCP (Baiocchi, Castellani, Vacirca: "YeAH-TCP: yet another highspeed TCP", PFLDnet 2007),
 * with the parameters of Linux.
 *
 * Two modes, by Vegas' measure of the queue, Q = W (RTT - baseRTT) / RTT, once a round trip:
 *
 *   fast  grows as Scalable TCP, while Q <= alpha and the RTT is within 1/phy of the least;
 *   slow  grows as Reno; a queue above alpha is taken out of the window at once ("precautionary
 *         decongestion"), but not below `reno_count`, an estimate of the window that a competing
 *         Reno flow has.
 *
 * A loss takes Q out of the window, between an eighth and a half of it, if the flow does not seem
 * to compete with Reno flows (fewer than rho slow rounds in a row), else half. */
#include "protocols/cc/vegas.h"

enum { SCALABLE_AI = 100, DELTA_SHIFT = 3, EPSILON_SHIFT = 1, SLOW_MOST = 0xffffff };

struct yeah_params {
    uint32_t alpha, gamma, phy, rho, zeta;
};

struct yeah {
    struct vegas_rtt vegas;
    uint32_t queue; /* Q of the last round */
    uint32_t slow_rounds;
    uint32_t reno_count, fast_rounds;
};

static const struct param yeah_table[] = {
    { "alpha", PARAM_U32, offsetof(struct yeah_params, alpha), "80", 0, 65535,
      "most packets to keep queued", NULL },
    { "gamma", PARAM_U32, offsetof(struct yeah_params, gamma), "1", 1, 65535,
      "part of the queue that is removed, 1/n", NULL },
    { "phy", PARAM_U32, offsetof(struct yeah_params, phy), "8", 1, 65535,
      "longest queueing delay in fast mode, 1/n of the least RTT", NULL },
    { "rho", PARAM_U32, offsetof(struct yeah_params, rho), "16", 1, 65535,
      "slow rounds from which Reno flows are assumed", NULL },
    { "zeta", PARAM_U32, offsetof(struct yeah_params, zeta), "50", 1, 65535,
      "fast rounds after which they are forgotten", NULL },
    PARAM_END,
};

static void yeah_init(struct cc *cc)
{
    struct yeah *y = cc->priv;

    *y = (struct yeah){ .reno_count = 2 };
    vegas_reset(&y->vegas, cc);
    cc->cwnd_clamp = MIN(cc->cwnd_clamp, UINT32_MAX / 128);
}

static void slow_round(struct yeah *y, const struct yeah_params *p, struct cc *cc)
{
    if (y->queue > p->alpha && cc->cwnd > y->reno_count) {
        uint32_t reduction = MIN(y->queue / p->gamma, cc->cwnd >> EPSILON_SHIFT);
        cc->cwnd = MAX(cc->cwnd - reduction, y->reno_count);
        cc->ssthresh = cc->cwnd;
    }
    if (y->reno_count <= 2)
        y->reno_count = MAX(cc->cwnd >> 1, 2);
    else
        y->reno_count++;
    y->slow_rounds = MIN(y->slow_rounds + 1, SLOW_MOST);
}

static void fast_round(struct yeah *y, const struct yeah_params *p)
{
    if (++y->fast_rounds > p->zeta) {
        y->reno_count = 2;
        y->fast_rounds = 0;
    }
    y->slow_rounds = 0;
}

static void end_round(struct yeah *y, struct cc *cc, uint32_t rtt)
{
    const struct yeah_params *p = cc->params;
    uint32_t delay = rtt - y->vegas.base_us;

    y->queue = (uint32_t)((uint64_t)cc->cwnd * delay / rtt);
    if (y->queue > p->alpha || delay > y->vegas.base_us / p->phy)
        slow_round(y, p, cc);
    else
        fast_round(y, p);
}

static void yeah_grow(const struct yeah *y, struct cc *cc, uint32_t acked)
{
    if (cc_in_slow_start(cc)) {
        acked = cc_slow_start(cc, acked);
        if (acked == 0)
            return;
    }
    cc_ai(cc, y->slow_rounds ? cc->cwnd : MIN(cc->cwnd, SCALABLE_AI), acked);
}

static void yeah_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct yeah *y = cc->priv;
    uint32_t rtt;

    if (!cc_window_limited(cc))
        return;
    yeah_grow(y, cc, acked);
    if (vegas_round(&y->vegas, cc, &rtt) && rtt > 0)
        end_round(y, cc, rtt);
}

static uint32_t yeah_ssthresh(struct cc *cc)
{
    const struct yeah_params *p = cc->params;
    struct yeah *y = cc->priv;
    uint32_t half = MAX(cc->cwnd >> 1, 2), reduction = half;

    if (y->slow_rounds < p->rho)
        reduction = MAX(MIN(y->queue, half), cc->cwnd >> DELTA_SHIFT);
    y->fast_rounds = 0;
    y->reno_count = MAX(y->reno_count >> 1, 2);
    return cc->cwnd > reduction + 2 ? cc->cwnd - reduction : 2;
}

static void yeah_acked(struct cc *cc, const struct cc_ack *ack)
{
    struct yeah *y = cc->priv;
    vegas_sample(&y->vegas, ack);
}

static void yeah_set_state(struct cc *cc, enum cc_state next)
{
    struct yeah *y = cc->priv;
    vegas_state(&y->vegas, cc, next);
}

static void yeah_event(struct cc *cc, enum cc_event event)
{
    struct yeah *y = cc->priv;
    vegas_event(&y->vegas, cc, event);
}

static uint32_t yeah_info(const struct cc *cc, union cc_info *out)
{
    const struct yeah *y = cc->priv;

    return vegas_tell(&y->vegas, out);
}

static const struct cc_ops yeah = {
    .name = "yeah",
    .doc = "YeAH-TCP: Scalable TCP while the queue is short (Baiocchi et al. 2007)",
    .params = yeah_table,
    .params_size = sizeof(struct yeah_params),
    .priv_size = sizeof(struct yeah),
    .ssthresh = yeah_ssthresh,
    .avoid = yeah_avoid,
    .undo = cc_undo,
    .init = yeah_init,
    .set_state = yeah_set_state,
    .event = yeah_event,
    .acked = yeah_acked,
    .info = yeah_info,
};

const struct cc_ops *const yeah_module[] = { &yeah, NULL };

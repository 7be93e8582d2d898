/* TCP Hybla (Caini, Firrincieli: "TCP Hybla: a TCP enhancement for heterogeneous networks", Int. J.
 * Satellite Communications and Networking 22, 2004), with the arithmetic of Linux.
 *
 * A flow over a long path gets the rate that a Reno flow with the reference round-trip time RTT0
 * would get: with rho = RTT / RTT0, never less than 1, each ACK adds
 *
 *     2^rho - 1 packets in slow start,    rho^2 / W packets afterwards.
 *
 * As in Linux it does not matter how much the ACK acknowledges, so that delayed ACKs halve it.  rho
 * is in eighths; what is added, in 1/128 of a packet. */
#include "protocols/cc/cc.h"

enum { RHO_SHIFT = 3, PACKET = 128 };

struct hybla_params {
    uint32_t rtt0;
};

struct hybla {
    uint32_t rho8;     /* eighths */
    uint32_t min_srtt; /* microseconds */
    uint32_t part;     /* of a packet grown, 1/128 */
    bool suspended;    /* not in the state Open: as Reno */
};

static const struct param hybla_table[] = {
    { "rtt0", PARAM_U32, offsetof(struct hybla_params, rtt0), "25", 1, 500,
      "the reference round-trip time, milliseconds", NULL },
    PARAM_END,
};

static void measure(struct hybla *h, const struct cc *cc)
{
    const struct hybla_params *p = cc->params;
    uint32_t rho8 = (uint32_t)(((uint64_t)cc->srtt_us << RHO_SHIFT) / (p->rtt0 * 1000));

    h->rho8 = MAX(rho8, 1 << RHO_SHIFT);
    h->min_srtt = cc->srtt_us;
}

static void hybla_init(struct cc *cc)
{
    struct hybla *h = cc->priv;

    cc->cwnd_clamp = MIN(cc->cwnd_clamp, 65535);
    measure(h, cc);
    cc->cwnd = h->rho8 >> RHO_SHIFT;
}

/* 128 * 2^(i / 8) */
static uint32_t power_of_eighths(uint32_t i)
{
    static const uint8_t powers[] = { 128, 139, 152, 165, 181, 197, 215, 234 };
    return powers[i];
}

static uint32_t increment(const struct hybla *h, const struct cc *cc)
{
    uint32_t whole = h->rho8 >> RHO_SHIFT;

    if (cc_in_slow_start(cc))
        return (1u << MIN(whole, 16)) * power_of_eighths(h->rho8 % 8) - PACKET;
    /* 128 rho^2 / W */
    return (uint32_t)MIN(2 * (uint64_t)h->rho8 * h->rho8 / cc->cwnd, UINT16_MAX * PACKET);
}

static void grow(struct hybla *h, struct cc *cc, uint32_t by)
{
    if (by < PACKET)
        cc->cwnd_cnt++;
    cc->cwnd += by / PACKET;
    h->part += by % PACKET;
    if (h->part >= PACKET) {
        cc->cwnd++;
        h->part -= PACKET;
        cc->cwnd_cnt = 0;
    }
    if (by == 0 && cc->cwnd_cnt >= cc->cwnd) { /* too small to be seen: Reno's growth at least */
        cc->cwnd++;
        cc->cwnd_cnt = 0;
    }
}

static void hybla_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct hybla *h = cc->priv;
    bool slow_start = cc_in_slow_start(cc);

    if (cc->srtt_us < h->min_srtt || h->min_srtt == 0)
        measure(h, cc);
    if (!cc_window_limited(cc))
        return;
    if (h->suspended) {
        cc_reno_avoid(cc, ack, acked);
        return;
    }
    grow(h, cc, increment(h, cc));
    if (slow_start)
        cc->cwnd = MIN(cc->cwnd, cc->ssthresh);
    cc->cwnd = MIN(cc->cwnd, cc->cwnd_clamp);
}

static void hybla_set_state(struct cc *cc, enum cc_state next)
{
    struct hybla *h = cc->priv;

    h->suspended = next != CC_OPEN;
}

static const struct cc_ops hybla = {
    .name = "hybla",
    .doc = "TCP Hybla: growth independent of the round-trip time (Caini, Firrincieli 2004)",
    .params = hybla_table,
    .params_size = sizeof(struct hybla_params),
    .priv_size = sizeof(struct hybla),
    .ssthresh = cc_reno_ssthresh,
    .avoid = hybla_avoid,
    .undo = cc_undo,
    .init = hybla_init,
    .set_state = hybla_set_state,
};

const struct cc_ops *const hybla_module[] = { &hybla, NULL };

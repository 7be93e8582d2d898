/* Prague (draft-briscoe-iccrg-prague-congestion-control-04): a scalable congestion control for the
 * low-latency service of the Internet (L4S, RFC 9330, 9331).
 *
 * Packets carry ECT(1), queues mark them early, accurate ECN (RFC 9768) counts the marks.  As in
 * DCTCP the fraction of marks goes into an average alpha, and marks reduce the window by alpha / 2,
 * once a round trip.  What differs:
 *
 *   - the growth goes on while marks come, by the packets that were not marked;
 *   - below the reference of 25 ms the growth and the average follow the reference instead of the
 *     round trip, so that flows over short paths do not starve the others: a round trip R adds
 *     (R / 25 ms)^2 packets;
 *   - it is paced, at twice the window a round trip in slow start, else at the window;
 *   - a loss halves the window, less what marks took in the same round trip;
 *   - slow start ends at the first mark or loss.
 *
 * Heartbeat: prague_control, for each ACK.  What it has grown below a packet is in 2^-32.  Left
 * out: telling a queue that marks in the classic way by itself, and a window below two packets. */
#include "protocols/cc/cc.h"
#include "protocols/cc/ewma.h"

enum { ALPHA_SHIFT = 20, GAIN_SHIFT = 4, MIN_CWND = 2 };
#define ALPHA_ONE (1u << ALPHA_SHIFT)
#define PACKET    ((uint64_t)1 << 32)

struct prague_params {
    uint32_t rtt_virt_ms;
};

struct prague {
    uint64_t part;                  /* of a packet */
    uint64_t average_us;            /* when the average was last updated */
    uint32_t alpha;                 /* 2^-20 */
    uint32_t old_delivered, old_ce; /* then */
    uint32_t last_ce;
    uint32_t mark_end, loss_end; /* positions: one reduction up to there */
    uint32_t mark_took;          /* packets, by marks in this round trip */
    uint32_t loss_cwnd;
    bool marked, lost; /* within such a round trip */
    bool seen;         /* a mark was seen */
};

static const struct param prague_table[] = {
    { "rtt_virt_ms", PARAM_U32, offsetof(struct prague_params, rtt_virt_ms), "25", 0, 1000,
      "round trip that shorter ones are treated as, milliseconds; 0: as they are", NULL },
    PARAM_END,
};

static uint32_t virtual_rtt_us(const struct cc *cc)
{
    const struct prague_params *p = cc->params;

    return MAX(cc->srtt_us, p->rtt_virt_ms * 1000);
}

static void prague_init(struct cc *cc)
{
    struct prague *p = cc->priv;

    p->alpha = ALPHA_ONE;
    p->average_us = (uint64_t)(cc->now / SIM_US);
    p->old_delivered = (uint32_t)cc->delivered;
    cc->pacing_rate = UINT64_MAX;
}

/* ---- The average of marks ------------------------------------------------------------------- */

/* Once a (virtual) round trip. */
static void update_alpha(struct prague *p, const struct cc *cc, const struct cc_ack *ack)
{
    uint64_t now = (uint64_t)(cc->now / SIM_US);
    uint32_t delivered = (uint32_t)cc->delivered - p->old_delivered;

    if (now - p->average_us < virtual_rtt_us(cc) || delivered == 0)
        return;
    uint64_t fraction = (uint64_t)(ack->delivered_ce - p->old_ce) * ALPHA_ONE / delivered;
    if (p->seen) /* the first mark starts at 1 */
        p->alpha = ewma(p->alpha, (uint32_t)MIN(fraction, ALPHA_ONE), GAIN_SHIFT);
    p->average_us = now;
    p->old_delivered = (uint32_t)cc->delivered;
    p->old_ce = ack->delivered_ce;
}

/* ---- The window ----------------------------------------------------------------------------- */

static void shrink(struct cc *cc, uint32_t by)
{
    cc->cwnd = cc->cwnd > by + MIN_CWND ? cc->cwnd - by : MIN_CWND;
    cc->ssthresh = cc->cwnd;
}

static void react_to_mark(struct prague *p, struct cc *cc)
{
    uint64_t exact = (uint64_t)cc->cwnd * PACKET + p->part;
    uint64_t after = exact - (exact >> (ALPHA_SHIFT + 1)) * p->alpha;

    p->seen = p->marked = true;
    p->mark_end = cc->nxt;
    p->mark_took = cc->cwnd - (uint32_t)(after / PACKET);
    p->part = after % PACKET;
    shrink(cc, p->mark_took);
}

static void react_to_loss(struct prague *p, struct cc *cc)
{
    uint32_t took = p->marked ? p->mark_took : 0, half = (cc->cwnd + took) / 2;

    p->lost = true;
    p->loss_end = cc->nxt;
    p->loss_cwnd = cc->cwnd;
    shrink(cc, half > took ? half - took : 0);
}

/* (R / virtual R)^2 packets a round trip. */
static void increase(struct prague *p, struct cc *cc, uint32_t packets)
{
    uint64_t ratio = ((uint64_t)cc->srtt_us << 16) / MAX(virtual_rtt_us(cc), 1);

    p->part += packets * (ratio * ratio) / cc->cwnd;
    cc->cwnd = MIN(cc->cwnd + (uint32_t)(p->part / PACKET), cc->cwnd_clamp);
    p->part %= PACKET;
}

static void grow(struct prague *p, struct cc *cc, uint32_t packets)
{
    if (!cc_window_limited(cc) || packets == 0)
        return;
    if (cc_in_slow_start(cc))
        packets = cc_slow_start(cc, packets);
    if (packets > 0)
        increase(p, cc, packets);
}

static void set_pacing_rate(struct cc *cc)
{
    uint64_t rate = (uint64_t)cc->mss * 1000000 * MAX(cc->cwnd, cc->inflight);

    if (cc->srtt_us == 0)
        return;
    if (cc->cwnd < cc->ssthresh / 2)
        rate *= 2;
    cc->pacing_rate = MAX(rate / cc->srtt_us, 1);
}

static void prague_control(struct cc *cc, const struct cc_ack *ack)
{
    struct prague *p = cc->priv;
    uint32_t ce = MIN(ack->delivered_ce - p->last_ce, ack->acked_sacked);

    p->marked = p->marked && cc_after(p->mark_end, cc->una);
    p->lost = p->lost && cc_after(p->loss_end, cc->una);
    update_alpha(p, cc, ack);
    if (ack->losses > 0 && !p->lost && cc->state != CC_LOSS)
        react_to_loss(p, cc);
    else if (ack->delivered_ce != p->last_ce && !p->marked && !p->lost)
        react_to_mark(p, cc);
    p->last_ce = ack->delivered_ce;
    if (!p->lost)
        grow(p, cc, ack->acked_sacked - ce);
    set_pacing_rate(cc);
}

/* ---- Hooks ---------------------------------------------------------------------------------- */

/* The window is prague_control's; only a time-out needs a threshold. */
static uint32_t prague_ssthresh(struct cc *cc)
{
    return cc->ssthresh;
}

static void prague_event(struct cc *cc, enum cc_event event)
{
    struct prague *p = cc->priv;

    if (event == CC_LOSS_TIMEOUT) {
        p->loss_cwnd = cc->cwnd;
        cc->ssthresh = MAX(cc->cwnd / 2, MIN_CWND);
    }
}

static uint32_t prague_undo(struct cc *cc)
{
    const struct prague *p = cc->priv;

    return MAX(cc->cwnd, p->loss_cwnd);
}

static const struct cc_ops prague = {
    .name = "prague",
    .doc = "Prague: scalable, for L4S (draft-briscoe-iccrg-prague-congestion-control-04)",
    .params = prague_table,
    .params_size = sizeof(struct prague_params),
    .priv_size = sizeof(struct prague),
    .needs_ecn = true,
    .l4s = true,
    .paces = true,
    .ssthresh = prague_ssthresh,
    .undo = prague_undo,
    .init = prague_init,
    .event = prague_event,
    .control = prague_control,
};

const struct cc_ops *const prague_module[] = { &prague, NULL };

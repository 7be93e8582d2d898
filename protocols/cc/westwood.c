/* TCP Westwood+ (Mascolo, Casetti, Gerla, Sanadidi, Wang: "TCP Westwood: bandwidth estimation for
 * enhanced transport over wireless links", MobiCom 2001; Grieco, Mascolo, CCR 34(2), 2004), as
 * Linux.
 *
 * The bytes acknowledged in each round trip, filtered twice, are an estimate B of the bandwidth.
 * After a loss the window becomes what fills the path at that rate without a queue, B x RTTmin,
 * whatever it was before; random loss therefore costs little.  It grows as Reno's. */
#include "protocols/cc/cc.h"
#include "protocols/cc/ewma.h"

enum { FILTER = 3, ROUND_MIN_MS = 50 };
#define RTT_INIT_US 20000000u

struct westwood {
    uint64_t bytes;          /* acknowledged in this round */
    uint32_t raw, rate;      /* bytes per millisecond: filtered once, and twice */
    uint32_t round_start_ms; /* of the sample */
    uint32_t una;            /* up to here they are counted */
    uint32_t early;          /* bytes counted when duplicate ACKs said so, acknowledged later */
    uint32_t rtt_us, min_us;
    bool started, forget_min;
};

static void westwood_init(struct cc *cc)
{
    struct westwood *w = cc->priv;

    *w = (struct westwood){
        .rtt_us = RTT_INIT_US,
        .min_us = RTT_INIT_US,
        .round_start_ms = cc_clock_ms(cc),
        .una = cc->una,
    };
}

static void westwood_acked(struct cc *cc, const struct cc_ack *ack)
{
    struct westwood *w = cc->priv;

    if (ack->rtt_us > 0)
        w->rtt_us = (uint32_t)ack->rtt_us;
}

static void take_sample(struct westwood *w, uint32_t delta_ms)
{
    uint32_t sample = (uint32_t)(w->bytes / delta_ms);

    if (w->raw == 0 && w->rate == 0) {
        w->raw = w->rate = sample;
    } else {
        w->raw = ewma(w->raw, sample, FILTER);
        w->rate = ewma(w->rate, w->raw, FILTER);
    }
}

static void check_round(struct westwood *w, const struct cc *cc)
{
    uint32_t now = cc_clock_ms(cc), delta = now - w->round_start_ms;

    if (!w->started) {
        w->una = cc->una;
        w->started = true;
    }
    if (delta > MAX(w->rtt_us / 1000, ROUND_MIN_MS)) {
        take_sample(w, delta);
        w->bytes = 0;
        w->round_start_ms = now;
    }
}

/* Bytes that this ACK says to have arrived: a duplicate ACK stands for one packet, and what such
 * packets were counted for is not counted again when the hole before them is filled. */
static uint32_t arrived(struct westwood *w, const struct cc *cc)
{
    uint32_t bytes = cc->una - w->una;

    if (bytes == 0) {
        w->early += cc->mss;
        return cc->mss;
    }
    if (bytes <= cc->mss)
        return bytes;
    if (w->early >= bytes) {
        w->early -= bytes;
        return cc->mss;
    }
    bytes -= w->early;
    w->early = 0;
    return bytes;
}

static void westwood_in_ack(struct cc *cc, const struct cc_ack *ack)
{
    struct westwood *w = cc->priv;

    check_round(w, cc);
    w->bytes += ack->slow_path ? arrived(w, cc) : cc->una - w->una;
    w->una = cc->una;
    w->min_us = w->forget_min ? w->rtt_us : MIN(w->min_us, w->rtt_us);
    w->forget_min = false;
}

/* B x RTTmin, in packets. */
static uint32_t path(const struct westwood *w, const struct cc *cc)
{
    uint64_t bytes = (uint64_t)w->rate * w->min_us / 1000;

    return MAX((uint32_t)(bytes / cc->mss), 2);
}

static void westwood_event(struct cc *cc, enum cc_event event)
{
    struct westwood *w = cc->priv;

    if (event == CC_COMPLETE_CWR) {
        cc->cwnd = cc->ssthresh = path(w, cc);
    } else if (event == CC_LOSS_TIMEOUT) {
        cc->ssthresh = path(w, cc);
        w->forget_min = true; /* the path may be another now */
    }
}

static uint32_t westwood_info(const struct cc *cc, union cc_info *out)
{
    const struct westwood *w = cc->priv;

    out->vegas = (struct cc_info_vegas){ 1, 0, w->rtt_us, w->min_us };
    return sizeof out->vegas;
}

static const struct cc_ops westwood = {
    .name = "westwood",
    .doc = "TCP Westwood+: after a loss the window that the path holds (Mascolo et al. 2001)",
    .priv_size = sizeof(struct westwood),
    .ssthresh = cc_reno_ssthresh,
    .avoid = cc_reno_avoid,
    .undo = cc_undo,
    .init = westwood_init,
    .event = westwood_event,
    .in_ack = westwood_in_ack,
    .acked = westwood_acked,
    .info = westwood_info,
};

const struct cc_ops *const westwood_module[] = { &westwood, NULL };

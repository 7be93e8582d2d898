#include "protocols/cc/hystart.h"

enum {
    MIN_SAMPLES = 8,
    RISE_MIN_US = 4000,
    RISE_MAX_US = 16000,
    RISE_DIVISOR = 8,
    CSS_GROWTH_DIVISOR = 4,
    CSS_ROUNDS = 5,
    BURST_LIMIT = 8,         /* RFC 9406's L, in packets, unless paced */
    BURST_BYTES = 4 * 65536, /* what Linux expects segmentation offload to send at once */
    BURST_DELAY_MAX_US = 1000,
};

static uint32_t clamp(uint32_t x, uint32_t low, uint32_t high)
{
    return x < low ? low : x > high ? high : x;
}

static void begin_round(struct hystart *h, const struct cc *cc)
{
    h->round_start_us = h->last_ack_us = cc_clock_us(cc);
    h->end = cc->nxt;
    h->round_rtt_us = UINT32_MAX;
    h->samples = 0;
}

void hystart_begin(struct hystart *h, const struct cc *cc)
{
    *h = (struct hystart){ 0 };
    begin_round(h, cc);
}

static bool round_over(const struct hystart *h, const struct cc *cc)
{
    return cc_after(cc->una, h->end);
}

static void leave(struct hystart *h, struct cc *cc)
{
    h->found = true;
    cc->ssthresh = cc->cwnd;
}

/* ---- Linux ---------------------------------------------------------------------------------- */

/* How long a burst of segmentation offload may hold up the ACKs behind it. */
static uint32_t burst_delay_us(const struct cc *cc)
{
    uint64_t window = (uint64_t)cc->cwnd * cc->mss * (cc->cwnd < cc->ssthresh / 2 ? 200 : 120);

    if (window == 0)
        return 0;
    uint64_t delay = (uint64_t)BURST_BYTES * cc->srtt_us * 100 / window;
    return delay < BURST_DELAY_MAX_US ? (uint32_t)delay : BURST_DELAY_MAX_US;
}

static void check_train(struct hystart *h, struct cc *cc, uint32_t min_rtt_us,
                        uint32_t ack_delta_us)
{
    uint32_t now = cc_clock_us(cc);

    if (now - h->last_ack_us > ack_delta_us)
        return;
    h->last_ack_us = now;
    uint32_t threshold = min_rtt_us + burst_delay_us(cc);
    if (cc->pacing_rate == UINT64_MAX) /* pacing spreads a window over half a round trip */
        threshold >>= 1;
    if (now - h->round_start_us > threshold)
        leave(h, cc);
}

static void check_delay(struct hystart *h, struct cc *cc, uint32_t rtt_us, uint32_t min_rtt_us)
{
    if (rtt_us < h->round_rtt_us)
        h->round_rtt_us = rtt_us;
    if (h->samples < MIN_SAMPLES)
        h->samples++;
    else if (h->round_rtt_us >
             min_rtt_us + clamp(min_rtt_us / RISE_DIVISOR, RISE_MIN_US, RISE_MAX_US))
        leave(h, cc);
}

void hystart_update(struct hystart *h, struct cc *cc, const struct cc_ack *ack,
                    const struct hystart_tune *tune)
{
    if (round_over(h, cc))
        begin_round(h, cc);
    if (cc->cwnd < tune->low_window)
        return;
    if (tune->detect & HYSTART_TRAIN)
        check_train(h, cc, tune->min_rtt_us, tune->ack_delta_us);
    if (tune->detect & HYSTART_DELAY)
        check_delay(h, cc, (uint32_t)ack->rtt_us, tune->min_rtt_us);
}

/* ---- RFC 9406 section 4.2 ------------------------------------------------------------------- */

static void next_round(struct hystart *h, struct cc *cc)
{
    h->last_rtt_us = h->round_rtt_us;
    begin_round(h, cc);
    if (h->css_rtt_us && ++h->css_rounds >= CSS_ROUNDS)
        leave(h, cc);
}

static bool delay_rose(const struct hystart *h)
{
    uint32_t rise = clamp(h->last_rtt_us / RISE_DIVISOR, RISE_MIN_US, RISE_MAX_US);

    return h->last_rtt_us != UINT32_MAX && h->round_rtt_us >= h->last_rtt_us + rise;
}

void hystartpp_update(struct hystart *h, struct cc *cc, const struct cc_ack *ack)
{
    uint32_t rtt_us = (uint32_t)ack->rtt_us;

    if (round_over(h, cc))
        next_round(h, cc);
    if (rtt_us < h->round_rtt_us)
        h->round_rtt_us = rtt_us;
    if (h->samples < MIN_SAMPLES)
        h->samples++;
    if (h->found || h->samples < MIN_SAMPLES)
        return;
    if (h->css_rtt_us) {
        if (h->round_rtt_us < h->css_rtt_us) { /* the delay fell: slow start again */
            h->css_rtt_us = 0;
            h->css_rounds = 0;
        }
    } else if (delay_rose(h)) {
        h->css_rtt_us = h->round_rtt_us;
        h->css_rounds = 0;
    }
}

uint32_t hystartpp_slow_start(struct hystart *h, struct cc *cc, uint32_t acked)
{
    if (cc->pacing_rate == UINT64_MAX && acked > BURST_LIMIT)
        acked = BURST_LIMIT;
    if (h->css_rtt_us == 0)
        return cc_slow_start(cc, acked);
    cc->cwnd_cnt += acked;
    uint32_t grown = cc->cwnd_cnt / CSS_GROWTH_DIVISOR;
    cc->cwnd_cnt %= CSS_GROWTH_DIVISOR;
    return cc_slow_start(cc, grown);
}

/* BBR, version 1 (Cardwell, Cheng, Gunn, Yeganeh, Jacobson: "BBR: congestion-based congestion
 * control", ACM Queue 14(5), 2016; draft-cardwell-iccrg-bbr-congestion-control-00), as in Linux.
 *
 * The path is a model of two numbers: `bw`, the largest delivery rate of the last ten round trips,
 * and `min_rtt`, the shortest round trip of the last ten seconds.  Their product is what the path
 * holds without a queue (BDP).  Data is paced at pacing_gain x bw, and at most cwnd_gain x BDP is
 * in flight; losses do not matter.
 *
 *   STARTUP    doubles each round trip (gain 2 / ln 2), until three round trips brought less than a
 *              quarter more: the pipe is full
 *   DRAIN      the inverse gain, until no more than a BDP is in flight
 *   PROBE_BW   cycles through gains 1.25, 0.75 and six times 1, each for a min_rtt, beginning at
 *              a random place other than 0.75
 *   PROBE_RTT  when min_rtt has not been met for 10 s: four packets in flight for 200 ms
 *
 * Heartbeat: bbr_control, for each ACK, updates the model in a fixed order and then sets rate and
 * window.  Besides, it notices a policer (lt_*: two intervals of heavy loss at the same rate: that
 * rate is used for 48 round trips), and measures how much ACKs come in lumps (extra_acked), for
 * which the window has room.  In the first round trip of a recovery as much is sent as is
 * delivered.
 *
 * Units are those of bbr.h. */
#include "protocols/cc/bbr.h"
#include "protocols/cc/minmax.h"

enum { UNIT = BBR_UNIT, CYCLE = 8, MIN_CWND = BBR_MIN_CWND };
enum mode { STARTUP, DRAIN, PROBE_BW, PROBE_RTT };

enum {
    BW_ROUNDS = CYCLE + 2,
    HIGH_GAIN = UNIT * 2885 / 1000 + 1, /* 2 / ln 2 */
    DRAIN_GAIN = UNIT * 1000 / 2885,
    FULL_BW_ROUNDS = 3,
    EXTRA_ROUNDS = 5,
    EXTRA_MAX_US = 100000,
    EPOCH_PACKETS = 1 << 20,
    LT_INTERVAL_ROUNDS = 4,
    LT_LOSS = 50,  /* of 256: 20 % lost */
    LT_RATIO = 32, /* of 256: rates that differ by less are the same, */
    LT_DIFF = 500, /* or by less than so many bytes per second */
    LT_ROUNDS = 48,
};

struct bbr_params {
    uint32_t min_rtt_window_ms, probe_rtt_ms, cwnd_gain, full_bw_percent;
};

struct bbr {
    struct minmax bw;
    uint32_t min_rtt_us, min_rtt_ms; /* and when it was seen */
    uint32_t probe_rtt_done_ms;      /* 0: not down to four packets yet */
    uint32_t rounds, next_round;     /* next_round: `delivered` at which the round is over */
    uint32_t cycle_us;               /* when this phase began */
    uint32_t full_bw, prior_cwnd;
    uint32_t lt_bw, lt_delivered, lt_lost, lt_ms; /* the policer's rate; the interval's beginning */
    uint32_t epoch_us, epoch_acked;               /* of ACK aggregation */
    uint32_t delivered_us, delivered_ms;          /* when something was delivered last */
    uint32_t extra_acked[2];
    uint64_t random;
    uint16_t pacing_gain, cwnd_gain;
    uint8_t mode, prev_state, phase, full_bw_rounds, lt_rounds, extra_rounds, extra_at;
    bool round_start, idle_restart, probe_rtt_round, conservation, seen_rtt, full, lt_sampling,
        lt_use;
};

static const struct param bbr_table[] = {
    { "min_rtt_window_ms", PARAM_U32, offsetof(struct bbr_params, min_rtt_window_ms), "10000", 100,
      1000000, "how long the shortest round trip counts, milliseconds", NULL },
    { "probe_rtt_ms", PARAM_U32, offsetof(struct bbr_params, probe_rtt_ms), "200", 1, 10000,
      "how long PROBE_RTT keeps four packets in flight, milliseconds", NULL },
    { "cwnd_gain", PARAM_U32, offsetof(struct bbr_params, cwnd_gain), "512", 256, 4096,
      "window in PROBE_BW, in 1/256 of the path", NULL },
    { "full_bw_percent", PARAM_U32, offsetof(struct bbr_params, full_bw_percent), "125", 101, 200,
      "growth a round trip below which the pipe is full, percent", NULL },
    PARAM_END,
};

/* ---- What the model says -------------------------------------------------------------------- */

static uint32_t best_bw(const struct bbr *b)
{
    return b->lt_use ? b->lt_bw : minmax_get(&b->bw);
}

/* Packets that may always leave together: two from 1.2 Mbit/s on. */
static uint32_t least_burst(const struct cc *cc)
{
    return cc->pacing_rate < 1200000 / 8 ? 1 : 2;
}

static uint32_t burst(const struct cc *cc)
{
    return bbr_burst(cc, least_burst(cc));
}

/* Room for what is under way in lumps. */
static uint32_t with_headroom(const struct bbr *b, const struct cc *cc, uint32_t cwnd)
{
    cwnd += 3 * burst(cc);
    cwnd = (cwnd + 1) & ~1u; /* even, for delayed ACKs */
    if (b->mode == PROBE_BW && b->phase == 0)
        cwnd += 2;
    return cwnd;
}

static uint32_t inflight_at(const struct bbr *b, const struct cc *cc, uint32_t bw, uint32_t gain)
{
    return with_headroom(b, cc, bbr_bdp(bw, b->min_rtt_us, gain));
}

static void note_delivery(struct bbr *b, const struct cc *cc)
{
    b->delivered_us = cc_clock_us(cc);
    b->delivered_ms = cc_clock_ms(cc);
}

/* ---- Bandwidth, and the long-term rate of a policer ------------------------------------------ */

static void begin_probe_bw(struct bbr *b);

static void lt_begin_interval(struct bbr *b, const struct cc *cc)
{
    b->lt_ms = b->delivered_ms;
    b->lt_delivered = (uint32_t)cc->delivered;
    b->lt_lost = cc->lost;
    b->lt_rounds = 0;
}

static void lt_reset(struct bbr *b, const struct cc *cc)
{
    b->lt_bw = 0;
    b->lt_use = b->lt_sampling = false;
    lt_begin_interval(b, cc);
}

/* Two intervals in a row with the same rate: there is a policer. */
static void lt_end_interval(struct bbr *b, const struct cc *cc, uint32_t bw)
{
    uint32_t diff = bw > b->lt_bw ? bw - b->lt_bw : b->lt_bw - bw;

    if (b->lt_bw && ((uint64_t)diff * UNIT <= (uint64_t)LT_RATIO * b->lt_bw ||
                     bbr_bytes_per_second(cc, diff, UNIT) <= LT_DIFF)) {
        b->lt_bw = (uint32_t)(((uint64_t)bw + b->lt_bw) >> 1);
        b->lt_use = true;
        b->pacing_gain = UNIT;
        b->lt_rounds = 0;
        return;
    }
    b->lt_bw = bw;
    lt_begin_interval(b, cc);
}

/* An interval begins and ends with a loss, and takes four round trips at least. */
static void lt_sample(struct bbr *b, const struct cc *cc, bool losses, bool app_limited)
{
    if (b->lt_use) {
        if (b->mode == PROBE_BW && b->round_start && ++b->lt_rounds >= LT_ROUNDS) {
            lt_reset(b, cc); /* perhaps the policer has gone */
            begin_probe_bw(b);
        }
        return;
    }
    if (!b->lt_sampling) {
        if (!losses)
            return;
        lt_begin_interval(b, cc);
        b->lt_sampling = true;
    }
    if (b->round_start)
        b->lt_rounds++;
    if (app_limited || b->lt_rounds > 4 * LT_INTERVAL_ROUNDS) {
        lt_reset(b, cc);
        return;
    }
    if (b->lt_rounds < LT_INTERVAL_ROUNDS || !losses)
        return;
    uint32_t lost = cc->lost - b->lt_lost, delivered = (uint32_t)cc->delivered - b->lt_delivered;
    uint32_t ms = b->delivered_ms - b->lt_ms; /* a time-out came long after the last delivery */
    if (delivered == 0 || (uint64_t)lost * UNIT < (uint64_t)LT_LOSS * delivered || ms == 0)
        return;
    lt_end_interval(b, cc, (uint32_t)(((uint64_t)delivered << BBR_BW_SHIFT) / (ms * 1000ull)));
}

static void update_bw(struct bbr *b, const struct cc *cc, const struct cc_ack *ack)
{
    b->round_start = false;
    if (ack->interval_us <= 0)
        return;
    if (!cc_after(b->next_round, (uint32_t)ack->prior_delivered)) {
        b->next_round = (uint32_t)cc->delivered;
        b->rounds++;
        b->round_start = true;
        b->conservation = false;
    }
    lt_sample(b, cc, ack->losses > 0, ack->app_limited);
    uint32_t bw = bbr_rate(ack);
    if (!ack->app_limited || bw >= minmax_get(&b->bw))
        minmax_running_max(&b->bw, BW_ROUNDS, b->rounds, bw);
}

/* ---- Lumps of ACKs -------------------------------------------------------------------------- */

/* By how much ACKs ran ahead of the rate, the most of the last five to ten round trips. */
static void update_aggregation(struct bbr *b, const struct cc *cc, const struct cc_ack *ack)
{
    if (ack->acked_sacked == 0 || ack->interval_us <= 0)
        return;
    if (b->round_start && ++b->extra_rounds >= EXTRA_ROUNDS) {
        b->extra_rounds = 0;
        b->extra_at ^= 1;
        b->extra_acked[b->extra_at] = 0;
    }
    uint32_t expected = bbr_packets_in(best_bw(b), b->delivered_us - b->epoch_us);
    if (b->epoch_acked <= expected || b->epoch_acked + ack->acked_sacked >= EPOCH_PACKETS) {
        b->epoch_acked = expected = 0;
        b->epoch_us = b->delivered_us;
    }
    b->epoch_acked = MIN(b->epoch_acked + ack->acked_sacked, EPOCH_PACKETS - 1);
    uint32_t extra = MIN(b->epoch_acked - expected, cc->cwnd);
    b->extra_acked[b->extra_at] = MAX(b->extra_acked[b->extra_at], extra);
}

static uint32_t aggregation_room(const struct bbr *b)
{
    if (!b->full)
        return 0;
    return MIN(MAX(b->extra_acked[0], b->extra_acked[1]), bbr_packets_in(best_bw(b), EXTRA_MAX_US));
}

/* ---- Modes ---------------------------------------------------------------------------------- */

static void next_phase(struct bbr *b)
{
    b->phase = (b->phase + 1) % CYCLE;
    b->cycle_us = b->delivered_us;
}

/* Begins anywhere but in the phase of 0.75. */
static void begin_probe_bw(struct bbr *b)
{
    b->mode = PROBE_BW;
    b->phase = (uint8_t)(CYCLE - 1 - bbr_draw(&b->random, CYCLE - 1));
    next_phase(b);
}

/* How much of `inflight` is still in the network when pacing lets the next packet go, which comes
 * to it if the flow is to grow. */
static uint32_t inflight_at_departure(const struct bbr *b, const struct cc *cc, uint32_t inflight,
                                      uint32_t wait_us)
{
    uint32_t gone = bbr_packets_in(best_bw(b), wait_us);

    if (b->pacing_gain > UNIT)
        inflight += burst(cc);
    return inflight > gone ? inflight - gone : 0;
}

static void update_phase(struct bbr *b, const struct cc *cc, const struct cc_ack *ack)
{
    bool long_enough = b->delivered_us - b->cycle_us > b->min_rtt_us, over = long_enough;
    uint32_t bw = minmax_get(&b->bw);

    if (b->mode != PROBE_BW)
        return;
    uint32_t inflight = inflight_at_departure(b, cc, ack->prior_inflight, ack->pacing_wait_us);
    if (b->pacing_gain > UNIT) /* until the queue is there, or cannot be */
        over =
            long_enough && (ack->losses > 0 || inflight >= inflight_at(b, cc, bw, b->pacing_gain));
    else if (b->pacing_gain < UNIT) /* until it is gone */
        over = long_enough || inflight <= inflight_at(b, cc, bw, UNIT);
    if (over)
        next_phase(b);
}

static void check_full(struct bbr *b, const struct bbr_params *p, const struct cc_ack *ack)
{
    uint32_t bw = minmax_get(&b->bw);

    if (b->full || !b->round_start || ack->app_limited)
        return;
    if ((uint64_t)bw * 100 >= (uint64_t)b->full_bw * p->full_bw_percent) {
        b->full_bw = bw;
        b->full_bw_rounds = 0;
    } else {
        b->full = ++b->full_bw_rounds >= FULL_BW_ROUNDS;
    }
}

static void check_drain(struct bbr *b, struct cc *cc, const struct cc_ack *ack)
{
    uint32_t pipe = inflight_at(b, cc, minmax_get(&b->bw), UNIT);

    if (b->mode == STARTUP && b->full) {
        b->mode = DRAIN;
        cc->ssthresh = pipe;
    }
    if (b->mode == DRAIN && inflight_at_departure(b, cc, cc->inflight, ack->pacing_wait_us) <= pipe)
        begin_probe_bw(b);
}

static void save_cwnd(struct bbr *b, const struct cc *cc)
{
    if (b->prev_state < CC_RECOVERY && b->mode != PROBE_RTT)
        b->prior_cwnd = cc->cwnd;
    else
        b->prior_cwnd = MAX(b->prior_cwnd, cc->cwnd);
}

static void check_probe_rtt_done(struct bbr *b, struct cc *cc)
{
    uint32_t now = cc_clock_ms(cc);

    if (b->probe_rtt_done_ms == 0 || !cc_after(now, b->probe_rtt_done_ms))
        return;
    b->min_rtt_ms = now;
    cc->cwnd = MAX(cc->cwnd, b->prior_cwnd);
    if (b->full)
        begin_probe_bw(b);
    else
        b->mode = STARTUP;
}

static void probe_rtt(struct bbr *b, const struct bbr_params *p, struct cc *cc)
{
    cc->self_limited = true; /* these samples are of four packets, not of the path */
    if (b->probe_rtt_done_ms) {
        b->probe_rtt_round |= b->round_start;
        if (b->probe_rtt_round)
            check_probe_rtt_done(b, cc);
    } else if (cc->inflight <= MIN_CWND) {
        b->probe_rtt_done_ms = MAX(cc_clock_ms(cc) + p->probe_rtt_ms, 1);
        b->probe_rtt_round = false;
        b->next_round = (uint32_t)cc->delivered;
    }
}

static void update_min_rtt(struct bbr *b, struct cc *cc, const struct cc_ack *ack)
{
    const struct bbr_params *p = cc->params;
    uint32_t now = cc_clock_ms(cc), rtt_us = (uint32_t)ack->rtt_us;
    bool expired = cc_after(now, b->min_rtt_ms + p->min_rtt_window_ms);

    if (ack->rtt_us >= 0 && (rtt_us < b->min_rtt_us || (expired && !ack->ack_delayed))) {
        b->min_rtt_us = MAX(rtt_us, 1);
        b->min_rtt_ms = now;
    }
    if (expired && !b->idle_restart && b->mode != PROBE_RTT) {
        b->mode = PROBE_RTT;
        save_cwnd(b, cc);
        b->probe_rtt_done_ms = 0;
    }
    cc->self_limited = false;
    if (b->mode == PROBE_RTT)
        probe_rtt(b, p, cc);
    if (ack->rate_delivered > 0)
        b->idle_restart = false;
}

static void update_gains(struct bbr *b, const struct bbr_params *p)
{
    static const uint16_t cycle[CYCLE] = { 320, 192, UNIT, UNIT, UNIT, UNIT, UNIT, UNIT };

    switch (b->mode) {
    case STARTUP:
        b->pacing_gain = b->cwnd_gain = HIGH_GAIN;
        break;
    case DRAIN:
        b->pacing_gain = DRAIN_GAIN;
        b->cwnd_gain = HIGH_GAIN;
        break;
    case PROBE_BW:
        b->pacing_gain = b->lt_use ? UNIT : cycle[b->phase];
        b->cwnd_gain = (uint16_t)p->cwnd_gain;
        break;
    case PROBE_RTT:
        b->pacing_gain = b->cwnd_gain = UNIT;
        break;
    }
}

/* ---- Rate and window ------------------------------------------------------------------------ */

/* Before the first sample: the initial window in the handshake's round trip, or in a millisecond.
 */
static void guess_pacing_rate(struct bbr *b, struct cc *cc)
{
    uint32_t rtt_us = cc->srtt_us ? cc->srtt_us : 1000;

    b->seen_rtt = cc->srtt_us > 0;
    cc->pacing_rate =
        bbr_bytes_per_second(cc, ((uint64_t)cc->cwnd << BBR_BW_SHIFT) / rtt_us, HIGH_GAIN);
}

static void set_pacing_rate(struct bbr *b, struct cc *cc, uint32_t gain)
{
    uint64_t rate = bbr_bytes_per_second(cc, best_bw(b), gain);

    if (!b->seen_rtt && cc->srtt_us)
        guess_pacing_rate(b, cc);
    if (b->full || rate > cc->pacing_rate)
        cc->pacing_rate = MAX(rate, 1);
}

/* Losses, and the beginning and end of recovery.  True: that decides the window. */
static bool recover(struct bbr *b, struct cc *cc, const struct cc_ack *ack)
{
    uint8_t prev = b->prev_state, state = cc->state;

    if (ack->losses > 0)
        cc->cwnd = cc->cwnd > ack->losses ? cc->cwnd - ack->losses : 1;
    if (state == CC_RECOVERY && prev != CC_RECOVERY) {
        b->conservation = true;
        b->next_round = (uint32_t)cc->delivered;
        cc->cwnd = cc->inflight + ack->acked_sacked;
    } else if (prev >= CC_RECOVERY && state < CC_RECOVERY) {
        cc->cwnd = MAX(cc->cwnd, b->prior_cwnd);
        b->conservation = false;
    }
    b->prev_state = state;
    if (b->conservation)
        cc->cwnd = MAX(cc->cwnd, cc->inflight + ack->acked_sacked);
    return b->conservation;
}

static void set_cwnd(struct bbr *b, struct cc *cc, const struct cc_ack *ack)
{
    uint32_t acked = ack->acked_sacked;

    if (acked > 0 && !recover(b, cc, ack)) {
        uint32_t target = bbr_bdp(best_bw(b), b->min_rtt_us, b->cwnd_gain) + aggregation_room(b);
        target = with_headroom(b, cc, target);
        if (b->full)
            cc->cwnd = MIN(cc->cwnd + acked, target);
        else if (cc->cwnd < target || cc->delivered < BBR_INIT_CWND)
            cc->cwnd += acked;
        cc->cwnd = MAX(cc->cwnd, MIN_CWND);
    }
    cc->cwnd = MIN(cc->cwnd, cc->cwnd_clamp);
    if (b->mode == PROBE_RTT)
        cc->cwnd = MIN(cc->cwnd, MIN_CWND);
}

/* ---- Hooks ---------------------------------------------------------------------------------- */

static void bbr_control(struct cc *cc, const struct cc_ack *ack)
{
    struct bbr *b = cc->priv;

    if (ack->acked_sacked > 0)
        note_delivery(b, cc);
    update_bw(b, cc, ack);
    update_aggregation(b, cc, ack);
    update_phase(b, cc, ack);
    check_full(b, cc->params, ack);
    check_drain(b, cc, ack);
    update_min_rtt(b, cc, ack);
    update_gains(b, cc->params);
    set_pacing_rate(b, cc, b->pacing_gain);
    set_cwnd(b, cc, ack);
}

static void bbr_seed(struct cc *cc, uint64_t number)
{
    struct bbr *b = cc->priv;
    b->random = number;
}

static void bbr_init(struct cc *cc)
{
    struct bbr *b = cc->priv;

    b->next_round = (uint32_t)cc->delivered;
    b->min_rtt_us = cc->min_rtt_us ? cc->min_rtt_us : UINT32_MAX;
    b->min_rtt_ms = cc_clock_ms(cc);
    note_delivery(b, cc);
    b->cycle_us = b->epoch_us = b->delivered_us;
    b->mode = STARTUP;
    cc->ssthresh = CC_INFINITE; /* of no use to it */
    minmax_reset(&b->bw, 0, 0);
    lt_reset(b, cc);
    update_gains(b, cc->params);
    guess_pacing_rate(b, cc);
}

static uint32_t bbr_ssthresh(struct cc *cc)
{
    save_cwnd(cc->priv, cc);
    return cc->ssthresh;
}

static uint32_t bbr_undo(struct cc *cc)
{
    struct bbr *b = cc->priv;

    b->full_bw = 0; /* the losses were none: the pipe may not be full either */
    b->full_bw_rounds = 0;
    lt_reset(b, cc);
    return cc->cwnd;
}

static void bbr_set_state(struct cc *cc, enum cc_state next)
{
    struct bbr *b = cc->priv;

    if (next != CC_LOSS)
        return;
    b->prev_state = CC_LOSS;
    b->full_bw = 0;
    b->round_start = true;
    lt_sample(b, cc, true, false);
}

/* After idling the queue is empty: no faster than the path, at first. */
static void bbr_event(struct cc *cc, enum cc_event event)
{
    struct bbr *b = cc->priv;

    if (event != CC_TX_START || !cc->app_limited)
        return;
    b->idle_restart = true;
    b->epoch_us = cc_clock_us(cc);
    b->epoch_acked = 0;
    if (b->mode == PROBE_BW)
        set_pacing_rate(b, cc, UNIT);
    else if (b->mode == PROBE_RTT)
        check_probe_rtt_done(b, cc);
}

static uint32_t bbr_info(const struct cc *cc, union cc_info *out)
{
    const struct bbr *b = cc->priv;
    uint64_t rate = ((uint64_t)best_bw(b) * cc->mss * 1000000) >> BBR_BW_SHIFT;

    out->bbr = (struct cc_info_bbr){ (uint32_t)rate, (uint32_t)(rate >> 32), b->min_rtt_us,
                                     b->pacing_gain, b->cwnd_gain };
    return sizeof out->bbr;
}

static const struct cc_ops bbr = {
    .name = "bbr",
    .doc = "BBR version 1: by a model of the path's rate and delay (ACM Queue 14(5), 2016)",
    .params = bbr_table,
    .params_size = sizeof(struct bbr_params),
    .priv_size = sizeof(struct bbr),
    .paces = true,
    .sndbuf_factor = 3,
    .ssthresh = bbr_ssthresh,
    .undo = bbr_undo,
    .init = bbr_init,
    .seed = bbr_seed,
    .set_state = bbr_set_state,
    .event = bbr_event,
    .control = bbr_control,
    .least_burst = least_burst,
    .info = bbr_info,
};

const struct cc_ops *const bbr_module[] = { &bbr, NULL };

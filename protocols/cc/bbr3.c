/* BBR, version 3 (draft-ietf-ccwg-bbr-05).
 *
 * As version 1 it paces by a model of the path, max_bw x min_rtt, but it also looks at losses, and
 * leaves room for others.  The model has two more pairs of bounds:
 *
 *   inflight_long   the most in flight that did not lose more than 2 % (loss threshold); found by
 *                   probing (PROBE_UP), lowered when probing lost more
 *   bw_short, inflight_short   lowered by beta (0.7) for each round trip with a loss while it does
 *                   not probe; forgotten when it probes again
 *
 *   STARTUP   pacing gain 2.77, window gain 2, until three round trips brought less than a quarter
 *             more, or a round trip lost more than 2 % in six places
 *   DRAIN     gain 0.5, until no more than the BDP is in flight, but for three round trips at most
 *   PROBE_BW  DOWN (0.90) until there is headroom of 15 %; CRUISE (1) for 2 to 3 s, or as many
 *             round trips as Reno would take to lose a packet; REFILL (1) for one round trip; UP
 *             (1.25) until the rate grows no more or the losses are too many
 *   PROBE_RTT every 5 s that min_rtt was not met: half a BDP in flight for 200 ms
 *
 * Heartbeat: bbr3_control, for each ACK, in the order of the draft's section 5.2.3; and bbr3_lost
 * for each lost packet, which stops a probe at the very packet that was one too many.  The names of
 * functions follow the draft's where that helps.
 *
 * Units are those of bbr.h.  Left out: ECN, of which the draft says nothing, the send quantum,
 * which is the transport's, and what the draft does without SACK, where any loss is too many. */
#include "protocols/cc/bbr.h"
#include "protocols/cc/minmax.h"

enum { UNIT = BBR_UNIT, MIN_CWND = BBR_MIN_CWND };
#define INFINITE UINT32_MAX

enum mode { STARTUP, DRAIN, DOWN, CRUISE, REFILL, UP, PROBE_RTT };

/* Which probe the ACKs that come now are about. */
enum acks { ACKS_INIT, ACKS_REFILLING, ACKS_STARTING, ACKS_FEEDBACK, ACKS_STOPPING };

/* The draft's constants, each with the section it comes from if that is one of modes. */
enum {
    FULL_BW_PERCENT = 125,       /* 5.3.1: a round trip that grew less brought nothing */
    FULL_BW_ROUNDS = 3,          /* 5.3.1: so many such in a row fill the pipe */
    FULL_LOSSES = 6,             /* 5.3.1: or losses in so many places of one */
    DRAIN_ROUNDS = 3,            /* 5.3.2 */
    PROBE_WAIT_MS = 2000,        /* 5.3.3: from one probe to the next, */
    PROBE_WAIT_RANDOM_MS = 1000, /* and up to so much more */
    RENO_ROUNDS_MOST = 63,       /* 5.3.3: or as long as Reno would take, if that is less */
    PROBE_UP_MOST = 30,          /* 5.3.3: doublings of the slope */
    EXTRA_ROUNDS = 10,           /* for which a lump of ACKs is remembered */
};

struct bbr3_params {
    uint32_t loss_percent, beta, headroom, min_rtt_window_ms, probe_rtt_interval_ms, probe_rtt_ms;
};

struct bbr3 {
    struct minmax extra_acked; /* over rounds */
    uint64_t random;
    uint32_t bw_filter[2]; /* the best of this cycle of probing, and of the one before */
    uint32_t bw, bw_short, bw_latest;
    uint32_t inflight_long, inflight_short, inflight_latest;
    uint32_t undo_bw_short, undo_inflight_short, undo_inflight_long;
    uint32_t min_rtt_us, min_rtt_ms, probe_min_us, probe_min_ms, probe_rtt_done_ms;
    uint32_t rounds, drain_round;
    uint32_t next_round, next_loss_round; /* ends of rounds: values of `delivered` */
    uint32_t cycle_ms, probe_wait_ms, rounds_since_probe;
    uint32_t probe_up_acks, probe_up_count; /* packets acknowledged, and how many for one more */
    uint32_t full_bw, prior_cwnd;
    uint32_t epoch_us, epoch_acked;
    uint32_t round_delivered; /* `delivered` when the round of losses began */
    uint32_t round_lost;      /* packets lost in it */
    uint8_t mode, acks, probe_up_rounds, full_bw_rounds, loss_places, undo_mode, prev_state;
    bool round_start, loss_round_start, loss_in_round, full, full_now, probe_samples, idle_restart,
        probe_rtt_round, probe_rtt_expired, seen_rtt, recovery_round;
};

static const struct param bbr3_table[] = {
    { "loss_percent", PARAM_U32, offsetof(struct bbr3_params, loss_percent), "2", 1, 50,
      "losses of a probe above which it was too much, percent", NULL },
    { "beta", PARAM_U32, offsetof(struct bbr3_params, beta), "70", 1, 99,
      "what a loss leaves of the bounds, percent", NULL },
    { "headroom", PARAM_U32, offsetof(struct bbr3_params, headroom), "15", 0, 90,
      "room left for others, percent", NULL },
    { "min_rtt_window_ms", PARAM_U32, offsetof(struct bbr3_params, min_rtt_window_ms), "10000", 100,
      1000000, "how long the shortest round trip counts, milliseconds", NULL },
    { "probe_rtt_interval_ms", PARAM_U32, offsetof(struct bbr3_params, probe_rtt_interval_ms),
      "5000", 100, 1000000, "time without a new one after which it is probed, milliseconds", NULL },
    { "probe_rtt_ms", PARAM_U32, offsetof(struct bbr3_params, probe_rtt_ms), "200", 1, 10000,
      "how long PROBE_RTT lasts, milliseconds", NULL },
    PARAM_END,
};

/* In 1/256: 2.77, 0.5, 0.90, 1, 1, 1.25, 1; windows of 2, in UP 2.25, in PROBE_RTT 0.5. */
static const struct {
    uint16_t pacing, cwnd;
} gains[] = {
    [STARTUP] = { 709, 512 }, /* 4 ln 2 */
    [DRAIN] = { 128, 512 },   [DOWN] = { 230, 512 }, [CRUISE] = { 256, 512 },
    [REFILL] = { 256, 512 },  [UP] = { 320, 576 },   [PROBE_RTT] = { 256, 128 },
};

/* ---- What the model says -------------------------------------------------------------------- */

static uint32_t max_bw(const struct bbr3 *b)
{
    return MAX(b->bw_filter[0], b->bw_filter[1]);
}

static bool in_probe_bw(const struct bbr3 *b)
{
    return b->mode >= DOWN && b->mode <= UP;
}

/* Modes that look for more, in which a loss is an answer and not a disturbance. */
static bool is_probing(const struct bbr3 *b)
{
    return b->mode == STARTUP || b->mode == REFILL || b->mode == UP;
}

static uint32_t with_quantum(const struct bbr3 *b, const struct cc *cc, uint32_t packets)
{
    packets = MAX(packets, MAX(3 * bbr_burst(cc, 2), MIN_CWND));
    return b->mode == UP ? packets + 2 : packets;
}

static uint32_t inflight_at(const struct bbr3 *b, const struct cc *cc, uint32_t bw)
{
    return with_quantum(b, cc, bbr_bdp(bw, b->min_rtt_us, UNIT));
}

static uint32_t target_inflight(const struct bbr3 *b, const struct cc *cc)
{
    return MIN(bbr_bdp(b->bw, b->min_rtt_us, UNIT), cc->cwnd);
}

static uint32_t with_headroom(const struct bbr3 *b, const struct bbr3_params *p)
{
    if (b->inflight_long == INFINITE)
        return INFINITE;
    uint32_t room = MAX((uint32_t)((uint64_t)b->inflight_long * p->headroom / 100), 1);
    return b->inflight_long > room + MIN_CWND ? b->inflight_long - room : MIN_CWND;
}

static uint32_t times_beta(const struct bbr3_params *p, uint32_t x)
{
    return (uint32_t)((uint64_t)x * p->beta / 100);
}

static bool too_many(const struct bbr3_params *p, uint32_t lost, uint32_t inflight)
{
    return (uint64_t)lost * 100 > (uint64_t)inflight * p->loss_percent;
}

static void begin_round(struct bbr3 *b, const struct cc *cc)
{
    b->next_round = (uint32_t)cc->delivered;
}

static void forget_short(struct bbr3 *b)
{
    b->bw_short = b->inflight_short = INFINITE;
}

static void forget_full(struct bbr3 *b, uint32_t full_bw)
{
    b->full_bw = full_bw;
    b->full_bw_rounds = 0;
    b->full_now = false;
}

/* ---- Modes ---------------------------------------------------------------------------------- */

static void start_down(struct bbr3 *b, const struct cc *cc)
{
    b->loss_in_round = false;
    b->bw_latest = b->inflight_latest = 0;
    b->probe_up_count = INFINITE;
    b->rounds_since_probe = bbr_draw(&b->random, 2);
    b->probe_wait_ms = PROBE_WAIT_MS + bbr_draw(&b->random, PROBE_WAIT_RANDOM_MS);
    b->cycle_ms = cc_clock_ms(cc);
    b->acks = ACKS_STOPPING;
    begin_round(b, cc);
    b->mode = DOWN;
}

static void start_refill(struct bbr3 *b, const struct cc *cc)
{
    forget_short(b);
    b->probe_up_rounds = 0;
    b->probe_up_acks = 0;
    b->acks = ACKS_REFILLING;
    begin_round(b, cc);
    b->mode = REFILL;
}

/* Growth doubles each round trip of probing. */
static void raise_slope(struct bbr3 *b, const struct cc *cc)
{
    uint32_t growth = 1u << b->probe_up_rounds;

    b->probe_up_rounds = MIN(b->probe_up_rounds + 1, PROBE_UP_MOST);
    b->probe_up_count = MAX(cc->cwnd / growth, 1);
}

static void start_up(struct bbr3 *b, const struct cc *cc, uint32_t bw)
{
    b->acks = ACKS_STARTING;
    begin_round(b, cc);
    forget_full(b, bw);
    b->cycle_ms = cc_clock_ms(cc);
    b->mode = UP;
    raise_slope(b, cc);
}

static void leave_probe_rtt(struct bbr3 *b, struct cc *cc)
{
    forget_short(b);
    if (b->full) {
        start_down(b, cc);
        b->mode = CRUISE;
    } else {
        b->mode = STARTUP;
    }
    cc->cwnd = MAX(cc->cwnd, b->prior_cwnd);
}

static void check_probe_rtt_done(struct bbr3 *b, struct cc *cc)
{
    if (b->probe_rtt_done_ms == 0 || !cc_after(cc_clock_ms(cc), b->probe_rtt_done_ms))
        return;
    b->probe_min_ms = cc_clock_ms(cc); /* the next one is an interval away */
    leave_probe_rtt(b, cc);
}

/* ---- Rounds, rates, losses ------------------------------------------------------------------ */

/* `end` is where the round ends; true, and a new one begins, when what was sent then arrived. */
static bool round_over(uint32_t *end, const struct cc *cc, const struct cc_ack *ack)
{
    if (ack->interval_us <= 0 || cc_after(*end, (uint32_t)ack->prior_delivered))
        return false;
    *end = (uint32_t)cc->delivered;
    return true;
}

static void latest_signals(struct bbr3 *b, const struct cc *cc, const struct cc_ack *ack)
{
    b->bw_latest = MAX(b->bw_latest, bbr_rate(ack));
    b->inflight_latest = MAX(b->inflight_latest, ack->rate_delivered);
    b->loss_round_start = round_over(&b->next_loss_round, cc, ack);
}

static void update_max_bw(struct bbr3 *b, const struct cc *cc, const struct cc_ack *ack)
{
    uint32_t bw = bbr_rate(ack);

    b->round_start = round_over(&b->next_round, cc, ack);
    if (b->round_start) {
        b->rounds++;
        b->rounds_since_probe++;
    }
    if (bw > 0 && (bw >= max_bw(b) || !ack->app_limited))
        b->bw_filter[1] = MAX(b->bw_filter[1], bw);
}

static void lower_short_bounds(struct bbr3 *b, const struct bbr3_params *p, const struct cc *cc)
{
    if (b->bw_short == INFINITE)
        b->bw_short = max_bw(b);
    if (b->inflight_short == INFINITE)
        b->inflight_short = cc->cwnd;
    b->bw_short = MAX(b->bw_latest, times_beta(p, b->bw_short));
    b->inflight_short = MAX(b->inflight_latest, times_beta(p, b->inflight_short));
}

static void congestion_signals(struct bbr3 *b, struct cc *cc, const struct cc_ack *ack)
{
    update_max_bw(b, cc, ack);
    if (!b->loss_round_start)
        return;
    if (b->loss_in_round && !is_probing(b))
        lower_short_bounds(b, cc->params, cc);
    b->loss_in_round = false;
}

static void update_aggregation(struct bbr3 *b, const struct cc *cc, const struct cc_ack *ack)
{
    uint32_t now = cc_clock_us(cc), expected = bbr_packets_in(b->bw, now - b->epoch_us);

    if (b->epoch_acked <= expected) {
        b->epoch_acked = expected = 0;
        b->epoch_us = now;
    }
    b->epoch_acked += ack->acked_sacked;
    minmax_running_max(&b->extra_acked, b->full ? EXTRA_ROUNDS : 1, b->rounds,
                       MIN(b->epoch_acked - expected, cc->cwnd));
}

/* ---- Is the pipe full? ---------------------------------------------------------------------- */

static void check_full(struct bbr3 *b, const struct cc_ack *ack)
{
    uint32_t bw = bbr_rate(ack);

    if (b->full_now || !b->round_start || ack->app_limited)
        return;
    if ((uint64_t)bw * 100 >= (uint64_t)b->full_bw * FULL_BW_PERCENT) {
        forget_full(b, bw);
        return;
    }
    b->full_now = ++b->full_bw_rounds >= FULL_BW_ROUNDS;
    b->full |= b->full_now;
}

/* A whole round trip of recovery with too many losses, in too many places. */
static void check_startup_losses(struct bbr3 *b, const struct cc *cc)
{
    if (!b->loss_round_start)
        return;
    uint32_t delivered = (uint32_t)cc->delivered - b->round_delivered;
    if (b->mode == STARTUP && b->recovery_round && b->loss_places >= FULL_LOSSES &&
        too_many(cc->params, b->round_lost, b->round_lost + delivered)) {
        b->full = true;
        b->inflight_long = MAX(bbr_bdp(b->bw, b->min_rtt_us, UNIT), b->inflight_latest);
    }
    b->recovery_round = cc->state == CC_RECOVERY;
    b->round_delivered = (uint32_t)cc->delivered;
    b->round_lost = 0;
    b->loss_places = 0;
}

static void check_startup_and_drain(struct bbr3 *b, struct cc *cc)
{
    check_startup_losses(b, cc);
    if (b->mode == STARTUP && b->full) {
        b->mode = DRAIN;
        b->drain_round = b->rounds;
        cc->ssthresh = inflight_at(b, cc, max_bw(b));
    }
    /* A rate that was taken for too much, beside other flows, is forgotten in the next cycle. */
    if (b->mode == DRAIN && (cc->inflight <= inflight_at(b, cc, max_bw(b)) ||
                             b->rounds - b->drain_round > DRAIN_ROUNDS))
        start_down(b, cc);
}

/* ---- Probing for bandwidth ------------------------------------------------------------------ */

/* The ACKs of a probe came in without too much loss: what was in flight is fine. */
static void raise_long_bound(struct bbr3 *b, struct cc *cc, const struct cc_ack *ack)
{
    if (b->inflight_long == INFINITE || too_many(cc->params, ack->lost, ack->tx_inflight))
        return;
    b->inflight_long = MAX(b->inflight_long, ack->tx_inflight);
    if (b->mode != UP || !cc_window_limited(cc) || cc->cwnd < b->inflight_long)
        return;
    b->probe_up_acks += ack->acked_sacked;
    if (b->probe_up_acks >= b->probe_up_count) {
        uint32_t steps = b->probe_up_acks / b->probe_up_count;
        b->probe_up_acks -= steps * b->probe_up_count;
        b->inflight_long += steps;
    }
    if (b->round_start)
        raise_slope(b, cc);
}

static void adapt_long_term(struct bbr3 *b, struct cc *cc, const struct cc_ack *ack)
{
    if (b->acks == ACKS_STARTING && b->round_start)
        b->acks = ACKS_FEEDBACK;
    if (b->acks == ACKS_STOPPING && b->round_start) {
        b->probe_samples = false;
        b->acks = ACKS_INIT;
        if (in_probe_bw(b) && !ack->app_limited && b->bw_filter[1] > 0) { /* a cycle is over */
            b->bw_filter[0] = b->bw_filter[1];
            b->bw_filter[1] = 0;
        }
    }
    raise_long_bound(b, cc, ack);
}

static bool time_to_probe(struct bbr3 *b, const struct cc *cc)
{
    /* As often as a Reno flow with this window would lose a packet, on a short path. */
    uint32_t reno_rounds = MIN(target_inflight(b, cc), RENO_ROUNDS_MOST);

    if (cc_clock_ms(cc) - b->cycle_ms <= b->probe_wait_ms && b->rounds_since_probe < reno_rounds)
        return false;
    start_refill(b, cc);
    return true;
}

static bool time_to_cruise(const struct bbr3 *b, const struct cc *cc)
{
    return cc->inflight <= with_headroom(b, cc->params) &&
           cc->inflight <= inflight_at(b, cc, max_bw(b));
}

static bool time_to_go_down(struct bbr3 *b, const struct cc *cc, const struct cc_ack *ack)
{
    if (cc_window_limited(cc) && cc->cwnd >= b->inflight_long) {
        forget_full(b, bbr_rate(ack)); /* the bound is the limit, not yet the path */
        return false;
    }
    return b->full_now;
}

static void update_phase(struct bbr3 *b, struct cc *cc, const struct cc_ack *ack)
{
    if (!b->full)
        return;
    adapt_long_term(b, cc, ack);
    switch (b->mode) {
    case DOWN:
        if (!time_to_probe(b, cc) && time_to_cruise(b, cc))
            b->mode = CRUISE;
        break;
    case CRUISE:
        time_to_probe(b, cc);
        break;
    case REFILL:
        if (b->round_start) {
            b->probe_samples = true;
            start_up(b, cc, bbr_rate(ack));
        }
        break;
    case UP:
        if (time_to_go_down(b, cc, ack))
            start_down(b, cc);
        break;
    }
}

static void inflight_too_high(struct bbr3 *b, const struct cc *cc, uint32_t inflight,
                              bool app_limited)
{
    b->probe_samples = false;
    if (!app_limited)
        b->inflight_long = MAX(inflight, times_beta(cc->params, target_inflight(b, cc)));
    if (b->mode == UP)
        start_down(b, cc);
}

/* Where between its first and last packet the losses of a super-segment became too many. */
static uint32_t inflight_at_loss(const struct bbr3_params *p, const struct cc_lost *lost)
{
    uint32_t before = lost->tx_inflight > lost->packets ? lost->tx_inflight - lost->packets : 0;
    uint32_t lost_before = lost->lost > lost->packets ? lost->lost - lost->packets : 0;
    int64_t prefix = (int64_t)before * p->loss_percent - (int64_t)lost_before * 100;

    return prefix > 0 ? before + (uint32_t)(prefix / (100 - p->loss_percent)) : before;
}

static void bbr3_lost(struct cc *cc, const struct cc_lost *lost)
{
    struct bbr3 *b = cc->priv;

    if (!b->loss_in_round) {
        b->next_loss_round = (uint32_t)cc->delivered;
        b->undo_mode = b->mode;
        b->undo_bw_short = b->bw_short;
        b->undo_inflight_short = b->inflight_short;
        b->undo_inflight_long = b->inflight_long;
    }
    b->loss_in_round = true;
    b->round_lost += lost->packets;
    if (b->probe_samples && too_many(cc->params, lost->lost, lost->tx_inflight))
        inflight_too_high(b, cc, inflight_at_loss(cc->params, lost), lost->app_limited);
}

/* ---- Round trip ----------------------------------------------------------------------------- */

static void update_min_rtt(struct bbr3 *b, const struct cc *cc, const struct cc_ack *ack)
{
    const struct bbr3_params *p = cc->params;
    uint32_t now = cc_clock_ms(cc), rtt_us = MAX((uint32_t)ack->rtt_us, 1);

    b->probe_rtt_expired = cc_after(now, b->probe_min_ms + p->probe_rtt_interval_ms);
    if (ack->rtt_us >= 0 && (rtt_us < b->probe_min_us || b->probe_rtt_expired)) {
        b->probe_min_us = rtt_us;
        b->probe_min_ms = now;
    }
    if (b->probe_min_us < b->min_rtt_us || cc_after(now, b->min_rtt_ms + p->min_rtt_window_ms)) {
        b->min_rtt_us = b->probe_min_us;
        b->min_rtt_ms = b->probe_min_ms;
    }
}

static void save_cwnd(struct bbr3 *b, const struct cc *cc)
{
    if (b->prev_state < CC_RECOVERY && b->mode != PROBE_RTT)
        b->prior_cwnd = cc->cwnd;
    else
        b->prior_cwnd = MAX(b->prior_cwnd, cc->cwnd);
}

static uint32_t probe_rtt_cwnd(const struct bbr3 *b)
{
    return MAX(bbr_bdp(b->bw, b->min_rtt_us, UNIT / 2), MIN_CWND);
}

static void probe_rtt(struct bbr3 *b, struct cc *cc)
{
    const struct bbr3_params *p = cc->params;

    cc->self_limited = true;
    if (b->probe_rtt_done_ms) {
        b->probe_rtt_round |= b->round_start;
        if (b->probe_rtt_round)
            check_probe_rtt_done(b, cc);
    } else if (cc->inflight <= probe_rtt_cwnd(b)) {
        b->probe_rtt_done_ms = MAX(cc_clock_ms(cc) + p->probe_rtt_ms, 1);
        b->probe_rtt_round = false;
        begin_round(b, cc);
    }
}

static void check_probe_rtt(struct bbr3 *b, struct cc *cc, const struct cc_ack *ack)
{
    if (b->mode != PROBE_RTT && b->probe_rtt_expired && !b->idle_restart) {
        save_cwnd(b, cc);
        b->mode = PROBE_RTT;
        b->probe_rtt_done_ms = 0;
        b->acks = ACKS_STOPPING;
        begin_round(b, cc);
    }
    cc->self_limited = false;
    if (b->mode == PROBE_RTT)
        probe_rtt(b, cc);
    if (ack->rate_delivered > 0)
        b->idle_restart = false;
}

/* ---- Rate and window ------------------------------------------------------------------------ */

static void guess_pacing_rate(struct bbr3 *b, struct cc *cc)
{
    uint32_t rtt_us = cc->srtt_us ? cc->srtt_us : 1000;
    uint64_t bw = ((uint64_t)cc->cwnd << BBR_BW_SHIFT) / rtt_us;

    b->seen_rtt = cc->srtt_us > 0;
    cc->pacing_rate = bbr_bytes_per_second(cc, bw, gains[STARTUP].pacing);
}

static void set_pacing_rate(struct bbr3 *b, struct cc *cc, uint32_t gain)
{
    uint64_t rate = bbr_bytes_per_second(cc, b->bw, gain);

    if (!b->seen_rtt && cc->srtt_us)
        guess_pacing_rate(b, cc);
    if (b->full || rate > cc->pacing_rate)
        cc->pacing_rate = MAX(rate, 1);
}

static uint32_t model_bound(const struct bbr3 *b, const struct bbr3_params *p)
{
    uint32_t cap = INFINITE;

    if (in_probe_bw(b) && b->mode != CRUISE)
        cap = b->inflight_long;
    else if (b->mode == PROBE_RTT || b->mode == CRUISE)
        cap = with_headroom(b, p);
    return MAX(MIN(cap, b->inflight_short), MIN_CWND);
}

static void set_cwnd(struct bbr3 *b, struct cc *cc, const struct cc_ack *ack)
{
    uint32_t most = bbr_bdp(b->bw, b->min_rtt_us, gains[b->mode].cwnd);

    most = with_quantum(b, cc, most + minmax_get(&b->extra_acked));
    if (b->prev_state >= CC_RECOVERY && cc->state < CC_RECOVERY)
        cc->cwnd = MAX(cc->cwnd, b->prior_cwnd);
    b->prev_state = cc->state;
    if (b->full)
        cc->cwnd = MIN(cc->cwnd + ack->acked_sacked, most);
    else if (cc->cwnd < most || cc->delivered < BBR_INIT_CWND)
        cc->cwnd += ack->acked_sacked;
    cc->cwnd = MAX(cc->cwnd, MIN_CWND);
    if (b->mode == PROBE_RTT)
        cc->cwnd = MIN(cc->cwnd, probe_rtt_cwnd(b));
    cc->cwnd = MIN(MIN(cc->cwnd, model_bound(b, cc->params)), cc->cwnd_clamp);
}

/* ---- Hooks ---------------------------------------------------------------------------------- */

static void bbr3_control(struct cc *cc, const struct cc_ack *ack)
{
    struct bbr3 *b = cc->priv;

    if (ack->losses > 0 && b->loss_places < UINT8_MAX)
        b->loss_places++;
    latest_signals(b, cc, ack);
    congestion_signals(b, cc, ack);
    update_aggregation(b, cc, ack);
    check_full(b, ack);
    check_startup_and_drain(b, cc);
    update_phase(b, cc, ack);
    update_min_rtt(b, cc, ack);
    check_probe_rtt(b, cc, ack);
    if (b->loss_round_start) {
        b->bw_latest = bbr_rate(ack);
        b->inflight_latest = ack->rate_delivered;
    }
    b->bw = MIN(max_bw(b), b->bw_short);
    set_pacing_rate(b, cc, gains[b->mode].pacing);
    set_cwnd(b, cc, ack);
}

static void bbr3_seed(struct cc *cc, uint64_t number)
{
    struct bbr3 *b = cc->priv;
    b->random = number;
}

static void bbr3_init(struct cc *cc)
{
    struct bbr3 *b = cc->priv;

    b->min_rtt_us = cc->min_rtt_us ? cc->min_rtt_us : UINT32_MAX;
    b->probe_min_us = b->min_rtt_us;
    b->min_rtt_ms = b->probe_min_ms = b->cycle_ms = cc_clock_ms(cc);
    b->epoch_us = cc_clock_us(cc);
    b->next_round = b->next_loss_round = b->round_delivered = (uint32_t)cc->delivered;
    b->inflight_long = INFINITE;
    b->probe_up_count = INFINITE;
    forget_short(b);
    b->mode = STARTUP;
    minmax_reset(&b->extra_acked, 0, 0);
    guess_pacing_rate(b, cc);
}

static uint32_t bbr3_ssthresh(struct cc *cc)
{
    save_cwnd(cc->priv, cc);
    return cc->ssthresh;
}

/* The losses were none: back to the bounds, and to the probe, of before. */
static uint32_t bbr3_undo(struct cc *cc)
{
    struct bbr3 *b = cc->priv;

    b->loss_in_round = false;
    forget_full(b, 0);
    b->bw_short = MAX(b->bw_short, b->undo_bw_short);
    b->inflight_short = MAX(b->inflight_short, b->undo_inflight_short);
    b->inflight_long = MAX(b->inflight_long, b->undo_inflight_long);
    if (b->mode == PROBE_RTT || b->mode == b->undo_mode)
        return MAX(cc->cwnd, b->prior_cwnd);
    if (b->undo_mode == STARTUP) {
        b->full = false;
        b->mode = STARTUP;
    } else if (b->undo_mode == UP && in_probe_bw(b)) {
        start_up(b, cc, 0);
    }
    return MAX(cc->cwnd, b->prior_cwnd);
}

static void bbr3_set_state(struct cc *cc, enum cc_state next)
{
    struct bbr3 *b = cc->priv;

    if (next == CC_LOSS)
        b->prev_state = CC_LOSS;
}

static void bbr3_event(struct cc *cc, enum cc_event event)
{
    struct bbr3 *b = cc->priv;

    if (event != CC_TX_START || !cc->app_limited)
        return;
    b->idle_restart = true;
    b->epoch_us = cc_clock_us(cc);
    b->epoch_acked = 0;
    if (in_probe_bw(b))
        set_pacing_rate(b, cc, UNIT);
    else if (b->mode == PROBE_RTT)
        check_probe_rtt_done(b, cc);
}

static const struct cc_ops bbr3 = {
    .name = "bbr3",
    .doc = "BBR version 3: with bounds by losses, and headroom (draft-ietf-ccwg-bbr-05)",
    .params = bbr3_table,
    .params_size = sizeof(struct bbr3_params),
    .priv_size = sizeof(struct bbr3),
    .paces = true,
    .sndbuf_factor = 3,
    .ssthresh = bbr3_ssthresh,
    .undo = bbr3_undo,
    .init = bbr3_init,
    .seed = bbr3_seed,
    .set_state = bbr3_set_state,
    .event = bbr3_event,
    .lost = bbr3_lost,
    .control = bbr3_control,
};

const struct cc_ops *const bbr3_module[] = { &bbr3, NULL };

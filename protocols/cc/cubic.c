/* CUBIC (RFC 9438; Ha, Rhee, Xu: "CUBIC: a new TCP-friendly high-speed TCP variant", 2008), in the
 * integer arithmetic of Linux.
 *
 * After a loss at window W_max the window follows
 *
 *     W(t) = C (t - K)^3 + W_max,    K = cbrt(W_max (1 - beta) / C),    C = 0.4, beta = 0.7
 *
 * whatever the round-trip time, but is never below what Reno with the same beta would reach.  The
 * growth is expressed as `cnt`, the packets to be acknowledged for one packet more.  Times are in
 * units of 1/1024 s; C is bic_scale / 1024 * 10; a new flow without W_max grows by 5 % a round
 * trip.  Slow start ends by HyStart (hystart.h).
 *
 * The plateau.  The window is whole packets, rounded down on both sides of W_max, so that W_max is
 * reached at K.  Linux, which rounds the distance, is there when less than a packet is left, 1.36 s
 * before K, and its sawtooth is that much shorter.  Under periodic loss of 1/10000 and at 100 ms
 * its mean window is 216 packets (6.18, over a TUN device), where RFC 9438 has 187;
 * `plateau = "linux"` does the same. */
#include <string.h>

#include "protocols/cc/hystart.h"

enum plateau { PLATEAU_RFC, PLATEAU_LINUX };
enum { BETA_SCALE = 1024, HZ_SHIFT = 10, CUBE_SHIFT = 10 + 3 * HZ_SHIFT };

/* With the names and defaults of Linux's module. */
struct cubic_params {
    uint32_t beta, bic_scale, hystart_low_window, hystart_ack_delta_us;
    int hystart, hystart_detect, plateau;
    bool fast_convergence, tcp_friendliness;
};

struct cubic {
    bool epoch; /* epoch_ms is set */
    uint32_t epoch_ms, last_time_ms;
    uint32_t cnt, last_cwnd;
    uint32_t last_max_cwnd;     /* W_max */
    uint32_t origin, k;         /* the plateau, and the time to it */
    uint32_t ack_cnt, tcp_cwnd; /* Reno's window, and ACKs towards its growth */
    uint32_t delay_min_us;
    struct hystart slow_start;
};

static const char *const hystart_words[] = { "off", "linux", "hystart++", NULL };
static const char *const detect_words[] = { "none", "train", "delay", "both", NULL };

static const char *const plateau_words[] = { "rfc", "linux", NULL };

static const struct param cubic_table[] = {
    { "beta", PARAM_U32, offsetof(struct cubic_params, beta), "717", 1, 1023,
      "window after a loss, in 1/1024", NULL },
    { "bic_scale", PARAM_U32, offsetof(struct cubic_params, bic_scale), "41", 1, 1024,
      "the curve's C, in 10/1024", NULL },
    { "fast_convergence", PARAM_BOOL, offsetof(struct cubic_params, fast_convergence), "yes", 0, 0,
      "give way to new flows (RFC 9438 4.7)", NULL },
    { "tcp_friendliness", PARAM_BOOL, offsetof(struct cubic_params, tcp_friendliness), "yes", 0, 0,
      "never below Reno (RFC 9438 4.3)", NULL },
    { "hystart", PARAM_ENUM, offsetof(struct cubic_params, hystart), "linux", 0, 0,
      "how slow start ends before a loss", hystart_words },
    { "hystart_detect", PARAM_ENUM, offsetof(struct cubic_params, hystart_detect), "both", 0, 0,
      "what Linux's HyStart looks at", detect_words },
    { "hystart_low_window", PARAM_U32, offsetof(struct cubic_params, hystart_low_window), "16", 0,
      0, "HyStart is off below this window, packets", NULL },
    { "hystart_ack_delta_us", PARAM_U32, offsetof(struct cubic_params, hystart_ack_delta_us),
      "2000", 0, 0, "longest gap within an ACK train, microseconds", NULL },
    { "plateau", PARAM_ENUM, offsetof(struct cubic_params, plateau), "rfc", 0, 0,
      "when the window of the last loss is reached: at K, or as Linux rounds, 1.36 s before",
      plateau_words },
    PARAM_END,
};

static uint32_t max_u32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* ---- The curve ------------------------------------------------------------------------------ */

/* The largest integer whose cube is not above `x`: one bit after the other, from the top. */
static uint32_t cube_root(uint64_t x)
{
    uint64_t root = 0;

    for (int shift = 63; shift >= 0; shift -= 3) {
        root <<= 1;
        uint64_t step = 3 * root * (root + 1) + 1; /* (root + 1)^3 - root^3 */
        if (x >> shift >= step) {
            x -= step << shift;
            root++;
        }
    }
    return (uint32_t)root;
}

static void begin_epoch(struct cubic *c, const struct cubic_params *p, uint32_t cwnd,
                        uint32_t acked, uint32_t now_ms)
{
    c->epoch = true;
    c->epoch_ms = now_ms;
    c->ack_cnt = acked;
    c->tcp_cwnd = cwnd;
    if (c->last_max_cwnd <= cwnd) {
        c->k = 0;
        c->origin = cwnd;
    } else {
        uint64_t factor = ((uint64_t)1 << CUBE_SHIFT) / (p->bic_scale * 10);
        c->k = cube_root(factor * (c->last_max_cwnd - cwnd));
        c->origin = c->last_max_cwnd;
    }
}

/* Where the curve is one round trip from now. */
static uint32_t target(const struct cubic *c, const struct cubic_params *p, uint32_t now_ms)
{
    uint64_t t_ms = now_ms - c->epoch_ms + (c->delay_min_us + 999) / 1000;
    uint64_t t = (t_ms << HZ_SHIFT) / 1000;
    uint64_t offset = t < c->k ? c->k - t : t - c->k;
    uint64_t delta = (uint64_t)p->bic_scale * 10 * offset * offset * offset;

    if (t < c->k) {
        uint64_t up = p->plateau == PLATEAU_RFC ? ((uint64_t)1 << CUBE_SHIFT) - 1 : 0;
        return c->origin - (uint32_t)((delta + up) >> CUBE_SHIFT);
    }
    return c->origin + (uint32_t)(delta >> CUBE_SHIFT);
}

static void follow_curve(struct cubic *c, const struct cubic_params *p, uint32_t cwnd,
                         uint32_t now_ms)
{
    uint32_t goal = target(c, p, now_ms);

    c->cnt = (int32_t)(goal - cwnd) > 0 ? cwnd / (goal - cwnd) : 100 * cwnd;
    if (c->last_max_cwnd == 0 && c->cnt > 20)
        c->cnt = 20;
}

/* Reno with this beta grows by 3 (1 - beta) / (1 + beta) packets a round trip (RFC 9438 4.3). */
static void follow_reno(struct cubic *c, uint32_t beta, uint32_t cwnd)
{
    uint32_t scale = 8 * (BETA_SCALE + beta) / 3 / (BETA_SCALE - beta);
    uint32_t per_packet = max_u32(cwnd * scale >> 3, 1);

    if (c->ack_cnt > per_packet) {
        uint32_t steps = (c->ack_cnt - 1) / per_packet;
        c->ack_cnt -= steps * per_packet;
        c->tcp_cwnd += steps;
    }
    if (c->tcp_cwnd > cwnd) {
        uint32_t most = cwnd / (c->tcp_cwnd - cwnd);
        if (c->cnt > most)
            c->cnt = most;
    }
}

static void cubic_update(struct cubic *c, const struct cc *cc, uint32_t acked)
{
    const struct cubic_params *p = cc->params;
    uint32_t now_ms = cc_clock_ms(cc), cwnd = cc->cwnd;

    c->ack_cnt += acked;
    if (c->last_cwnd == cwnd && now_ms - c->last_time_ms <= 1000 / 32)
        return;
    if (!c->epoch || now_ms != c->last_time_ms) { /* once a millisecond is enough */
        c->last_cwnd = cwnd;
        c->last_time_ms = now_ms;
        if (!c->epoch)
            begin_epoch(c, p, cwnd, acked, now_ms);
        follow_curve(c, p, cwnd, now_ms);
    }
    if (p->tcp_friendliness)
        follow_reno(c, p->beta, cwnd);
    c->cnt = max_u32(c->cnt, 2); /* at most half as much again per round trip */
}

/* ---- Hooks ---------------------------------------------------------------------------------- */

static void cubic_reset(struct cc *cc)
{
    struct cubic *c = cc->priv;

    memset(c, 0, sizeof *c);
    hystart_begin(&c->slow_start, cc);
}

static uint32_t cubic_ssthresh(struct cc *cc)
{
    const struct cubic_params *p = cc->params;
    struct cubic *c = cc->priv;
    uint64_t cwnd = cc->cwnd;

    c->epoch = false;
    if (cwnd < c->last_max_cwnd && p->fast_convergence)
        c->last_max_cwnd = (uint32_t)(cwnd * (BETA_SCALE + p->beta) / (2 * BETA_SCALE));
    else
        c->last_max_cwnd = cc->cwnd;
    return max_u32((uint32_t)(cwnd * p->beta / BETA_SCALE), 2);
}

/* For the first slow start only (RFC 9406 4.3). */
static bool uses_hystartpp(const struct cc *cc)
{
    const struct cubic_params *p = cc->params;

    return p->hystart == HYSTART_PP && cc->ssthresh == CC_INFINITE;
}

static void cubic_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct cubic *c = cc->priv;

    if (!cc_window_limited(cc))
        return;
    if (cc_in_slow_start(cc)) {
        acked = uses_hystartpp(cc) ? hystartpp_slow_start(&c->slow_start, cc, acked)
                                   : cc_slow_start(cc, acked);
        if (acked == 0)
            return;
    }
    cubic_update(c, cc, acked);
    cc_ai(cc, c->cnt, acked);
}

static void cubic_set_state(struct cc *cc, enum cc_state next)
{
    if (next == CC_LOSS)
        cubic_reset(cc);
}

/* After idling the curve continues where it was left. */
static void cubic_event(struct cc *cc, enum cc_event event)
{
    struct cubic *c = cc->priv;
    uint32_t idle_ms = cc->idle_ms, now_ms = cc_clock_ms(cc);

    if (event != CC_TX_START || !c->epoch || idle_ms == 0)
        return;
    c->epoch_ms += idle_ms;
    if ((int32_t)(c->epoch_ms - now_ms) > 0)
        c->epoch_ms = now_ms;
}

static void slow_start_sample(struct cubic *c, struct cc *cc, const struct cc_ack *ack)
{
    const struct cubic_params *p = cc->params;
    struct hystart_tune tune = { p->hystart_low_window, p->hystart_ack_delta_us, c->delay_min_us,
                                 (unsigned)p->hystart_detect };

    if (uses_hystartpp(cc))
        hystartpp_update(&c->slow_start, cc, ack);
    else if (p->hystart == HYSTART_LINUX)
        hystart_update(&c->slow_start, cc, ack, &tune);
}

static void cubic_acked(struct cc *cc, const struct cc_ack *ack)
{
    struct cubic *c = cc->priv;

    if (ack->rtt_us < 0)
        return;
    /* Samples right after a recovery are of a queue that is still full. */
    if (c->epoch && cc_clock_ms(cc) - c->epoch_ms < 1000)
        return;
    uint32_t rtt_us = max_u32((uint32_t)ack->rtt_us, 1);
    if (c->delay_min_us == 0 || rtt_us < c->delay_min_us)
        c->delay_min_us = rtt_us;
    if (!c->slow_start.found && cc_in_slow_start(cc))
        slow_start_sample(c, cc, ack);
}

static const struct cc_ops cubic = {
    .name = "cubic",
    .doc = "CUBIC, Linux's default: growth by time since the last loss (RFC 9438)",
    .params = cubic_table,
    .params_size = sizeof(struct cubic_params),
    .priv_size = sizeof(struct cubic),
    .ssthresh = cubic_ssthresh,
    .avoid = cubic_avoid,
    .undo = cc_undo,
    .init = cubic_reset,
    .set_state = cubic_set_state,
    .event = cubic_event,
    .acked = cubic_acked,
};

const struct cc_ops *const cubic_module[] = { &cubic, NULL };

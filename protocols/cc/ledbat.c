/* LEDBAT (RFC 6817): takes what others leave, and keeps the queueing delay at TARGET.
 *
 * Each acknowledged packet moves the window by
 *
 *     (TARGET - queueing delay) / TARGET / W   packets,
 *
 * up while the queue is shorter than TARGET and down while it is longer.  The queueing delay is the
 * least of the last four one-way delays, less the base delay, the least of the last
 * `base_history` minutes.  A loss halves the window.  The window grows only while it is
 * in use (what the RFC bounds by the flight size), so an idle sender does not store up credit.  No
 * slow start: it begins with two packets and grows by at most one a round trip.
 *
 * Left out: the two extra delays that other transports carry in their headers; the one-way delay is
 * that of the timestamp option (owd.h). */
#include <string.h>

#include "protocols/cc/owd.h"

enum { HISTORY_MOST = 10, MIN_CWND = 2, UNIT = 1024 };

struct ledbat_params {
    uint32_t target, base_history;
};

struct ledbat {
    struct owd clock;
    int64_t part;                /* of a packet, in 1/1024 per packet of window */
    uint32_t minute;             /* of base[0] */
    uint16_t base[HISTORY_MOST]; /* least of each minute, ms, the newest first; UINT16_MAX: none */
    uint16_t current;            /* ms; UINT16_MAX: none yet */
};

static const struct param ledbat_table[] = {
    { "target", PARAM_U32, offsetof(struct ledbat_params, target), "100", 1, 100,
      "queueing delay aimed at, milliseconds (RFC 6817: at most 100)", NULL },
    { "base_history", PARAM_U32, offsetof(struct ledbat_params, base_history), "10", 2,
      HISTORY_MOST, "minutes that the base delay is remembered", NULL },
    PARAM_END,
};

static void ledbat_init(struct cc *cc)
{
    struct ledbat *l = cc->priv;

    *l = (struct ledbat){ .minute = (uint32_t)(cc->now / (60 * SIM_S)), .current = UINT16_MAX };
    memset(l->base, 0xff, sizeof l->base);
    cc->cwnd = MIN_CWND;
}

/* ---- Delays --------------------------------------------------------------------------------- */

static uint16_t least(const uint16_t *values, uint32_t n)
{
    uint16_t min = values[0];

    for (uint32_t i = 1; i < n; i++)
        min = MIN(min, values[i]);
    return min;
}

static void take_delay(struct ledbat *l, const struct cc *cc, uint16_t delay)
{
    uint32_t minute = (uint32_t)(cc->now / (60 * SIM_S));

    for (; l->minute != minute; l->minute++) {
        memmove(l->base + 1, l->base, sizeof l->base - sizeof l->base[0]);
        l->base[0] = UINT16_MAX;
    }
    l->base[0] = MIN(l->base[0], delay);
    l->current = delay;
}

/* In milliseconds. */
static int32_t queueing_delay(const struct ledbat *l, const struct ledbat_params *p)
{
    return l->current - least(l->base, p->base_history);
}

static void ledbat_acked(struct cc *cc, const struct cc_ack *ack)
{
    struct ledbat *l = cc->priv;
    int32_t delay = owd_sample(&l->clock, ack);

    if (delay >= 0)
        take_delay(l, cc, (uint16_t)delay);
}

/* ---- The window ----------------------------------------------------------------------------- */

static void ledbat_move(struct ledbat *l, struct cc *cc)
{
    int64_t step = (int64_t)cc->cwnd * UNIT;

    while (l->part >= step) {
        l->part -= step;
        cc->cwnd++;
    }
    while (l->part <= -step && cc->cwnd > MIN_CWND) {
        l->part += step;
        cc->cwnd--;
    }
    l->part = MAX(l->part, -step);
}

static void ledbat_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    const struct ledbat_params *p = cc->params;
    struct ledbat *l = cc->priv;
    int32_t target = (int32_t)p->target, off = target - queueing_delay(l, p);

    if (off < -target)
        off = -target; /* shrink as fast as it may grow */
    if (off > 0 && !cc_window_limited(cc))
        return;
    l->part += (int64_t)acked * off * UNIT / target;
    ledbat_move(l, cc);
    cc->cwnd = MIN(MAX(cc->cwnd, MIN_CWND), cc->cwnd_clamp);
}

static const struct cc_ops ledbat = {
    .name = "ledbat",
    .doc = "LEDBAT: takes what others leave, with a delay of at most a target (RFC 6817)",
    .params = ledbat_table,
    .params_size = sizeof(struct ledbat_params),
    .priv_size = sizeof(struct ledbat),
    .ssthresh = cc_reno_ssthresh,
    .avoid = ledbat_avoid,
    .undo = cc_undo,
    .init = ledbat_init,
    .acked = ledbat_acked,
};

const struct cc_ops *const ledbat_module[] = { &ledbat, NULL };

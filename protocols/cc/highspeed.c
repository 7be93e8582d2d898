/* HighSpeed TCP (RFC 3649): Reno below 38 packets, and above that more aggressive the larger the
 * window is.
 *
 * A window w grows by a(w) packets a round trip and shrinks by the fraction b(w), both from the
 * table of appendix B: row i holds the largest window for which a = i + 1, and b from section 5,
 *
 *     b(w) = 0.5 - 0.4 ln(w / 38) / ln(83000 / 38),
 *
 * in 1/256.  As in Linux the growth counts ACKs, not packets. */
#include "protocols/cc/cc.h"

static const struct {
    uint32_t cwnd;
    uint8_t decrease; /* 1/256 */
} rows[] = {
    { 38, 128 },   { 118, 112 },  { 221, 104 },  { 347, 98 },   { 495, 93 },   { 663, 89 },
    { 851, 86 },   { 1058, 83 },  { 1284, 81 },  { 1529, 78 },  { 1793, 76 },  { 2076, 74 },
    { 2378, 72 },  { 2699, 71 },  { 3039, 69 },  { 3399, 68 },  { 3778, 66 },  { 4177, 65 },
    { 4596, 64 },  { 5036, 62 },  { 5497, 61 },  { 5979, 60 },  { 6483, 59 },  { 7009, 58 },
    { 7558, 57 },  { 8130, 56 },  { 8726, 55 },  { 9346, 54 },  { 9991, 53 },  { 10661, 52 },
    { 11358, 52 }, { 12082, 51 }, { 12834, 50 }, { 13614, 49 }, { 14424, 48 }, { 15265, 48 },
    { 16137, 47 }, { 17042, 46 }, { 17981, 45 }, { 18955, 45 }, { 19965, 44 }, { 21013, 43 },
    { 22101, 43 }, { 23230, 42 }, { 24402, 41 }, { 25618, 41 }, { 26881, 40 }, { 28193, 39 },
    { 29557, 39 }, { 30975, 38 }, { 32450, 38 }, { 33986, 37 }, { 35586, 36 }, { 37253, 36 },
    { 38992, 35 }, { 40808, 35 }, { 42707, 34 }, { 44694, 33 }, { 46776, 33 }, { 48961, 32 },
    { 51258, 32 }, { 53677, 31 }, { 56230, 30 }, { 58932, 30 }, { 61799, 29 }, { 64851, 28 },
    { 68113, 28 }, { 71617, 27 }, { 75401, 26 }, { 79517, 26 }, { 84035, 25 }, { 89053, 24 },
    { 94717, 23 },
};

enum { ROWS = sizeof rows / sizeof rows[0] };

struct highspeed {
    uint32_t row;
};

static void highspeed_init(struct cc *cc)
{
    cc->cwnd_clamp = MIN(cc->cwnd_clamp, UINT32_MAX / 128);
}

/* The row of this window is near that of the last one. */
static void follow(struct highspeed *h, uint32_t cwnd)
{
    while (h->row < ROWS - 1 && cwnd > rows[h->row].cwnd)
        h->row++;
    while (h->row > 0 && cwnd <= rows[h->row - 1].cwnd)
        h->row--;
}

static void highspeed_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    struct highspeed *h = cc->priv;

    if (!cc_window_limited(cc))
        return;
    if (cc_in_slow_start(cc)) {
        cc_slow_start(cc, acked);
        return;
    }
    follow(h, cc->cwnd);
    if (cc->cwnd < cc->cwnd_clamp) {
        cc->cwnd_cnt += h->row + 1;
        if (cc->cwnd_cnt >= cc->cwnd) {
            cc->cwnd_cnt -= cc->cwnd;
            cc->cwnd++;
        }
    }
}

static uint32_t highspeed_ssthresh(struct cc *cc)
{
    const struct highspeed *h = cc->priv;
    uint32_t decrease = (uint32_t)((uint64_t)cc->cwnd * rows[h->row].decrease >> 8);

    return MAX(cc->cwnd - decrease, 2);
}

static const struct cc_ops highspeed = {
    .name = "highspeed",
    .doc = "HighSpeed TCP: increase and decrease by the size of the window (RFC 3649)",
    .priv_size = sizeof(struct highspeed),
    .ssthresh = highspeed_ssthresh,
    .avoid = highspeed_avoid,
    .undo = cc_undo,
    .init = highspeed_init,
};

const struct cc_ops *const highspeed_module[] = { &highspeed, NULL };

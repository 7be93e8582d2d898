/* Leaving slow start before it loses packets.
 *
 * Two ways, both by rounds (a round ends when what was sent last at its beginning is acknowledged):
 *
 * HyStart as in Linux (Ha, Rhee: "Taming the elephants", 2011): stop when ACKs have kept coming
 * closely for longer than half of the least RTT (a train as long as the path), or when the least
 * RTT of a round's first eight samples has risen by more than an eighth (4 to 16 ms).
 *
 * HyStart++ (RFC 9406): by the delay alone, and first into conservative slow start, which grows
 * four times slower and goes back to slow start if the delay falls again.  It is for the first slow
 * start of a connection only (section 4.3). */
#ifndef WEFT_PROTOCOLS_CC_HYSTART_H
#define WEFT_PROTOCOLS_CC_HYSTART_H

#include "protocols/cc/cc.h"

enum hystart_kind { HYSTART_OFF, HYSTART_LINUX, HYSTART_PP };
enum { HYSTART_TRAIN = 1, HYSTART_DELAY = 2 };

struct hystart {
    uint32_t round_start_us, last_ack_us; /* low 32 bits of the clock */
    uint32_t end;                         /* the round ends when this position is passed */
    uint32_t round_rtt_us;                /* least of this round; UINT32_MAX: no sample yet */
    uint32_t last_rtt_us;                 /* HyStart++: of the last round */
    uint32_t css_rtt_us; /* HyStart++: at the entry to conservative slow start, 0: not in it */
    uint8_t samples, css_rounds;
    bool found; /* slow start is over for good */
};

/* Linux's parameters, and what it knows of the path. */
struct hystart_tune {
    uint32_t low_window;   /* packets: does nothing below */
    uint32_t ack_delta_us; /* longest gap within a train */
    uint32_t min_rtt_us;
    unsigned detect;
};

/* Before the first sample, and to begin anew: a round of what is sent up to now. */
void hystart_begin(struct hystart *h, const struct cc *cc);

/* Linux's: an ACK with an RTT sample, in slow start.  Sets cc->ssthresh and h->found when slow
 * start should end. */
void hystart_update(struct hystart *h, struct cc *cc, const struct cc_ack *ack,
                    const struct hystart_tune *tune);

/* HyStart++: likewise. */
void hystartpp_update(struct hystart *h, struct cc *cc, const struct cc_ack *ack);

/* HyStart++: slow start by `acked` packets, conservative if need be; returns those left over. */
uint32_t hystartpp_slow_start(struct hystart *h, struct cc *cc, uint32_t acked);

#endif

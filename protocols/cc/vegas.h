/* What Vegas and its descendants measure: the shortest round trip ever, and that of this round. */
#ifndef WEFT_PROTOCOLS_CC_VEGAS_H
#define WEFT_PROTOCOLS_CC_VEGAS_H

#include "protocols/cc/cc.h"

struct vegas_rtt {
    uint32_t end;             /* of the round: a position */
    uint32_t min_us, base_us; /* of this round; ever (the propagation delay) */
    uint32_t samples;         /* in this round */
    bool doing;               /* not in recovery */
};

/* Forgets everything: at the beginning and after idling. */
void vegas_reset(struct vegas_rtt *v, const struct cc *cc);

/* The hooks `acked`, `set_state` and `event`. */
void vegas_sample(struct vegas_rtt *v, const struct cc_ack *ack);
void vegas_state(struct vegas_rtt *v, const struct cc *cc, enum cc_state next);
void vegas_event(struct vegas_rtt *v, const struct cc *cc, enum cc_event event);

/* The hook `info`. */
uint32_t vegas_tell(const struct vegas_rtt *v, union cc_info *out);

/* Whether the round is over.  If so, and if it had enough samples (more than two, so that one that
 * no delayed ACK lengthened is among them), *rtt_us is its shortest round trip, else 0; a new one
 * begins. */
bool vegas_round(struct vegas_rtt *v, const struct cc *cc, uint32_t *rtt_us);

#endif

/* One-way delay by the timestamp option, for those who yield: its forward part alone counts, so
 * that a queue on the way back does not slow the sender down.
 *
 * The echo of our clock beside the peer's clock (RFC 7323) differs by the delay of the data and the
 * peer's delay of the ACK, plus what the two clocks differ by.  That is unknown, and the first
 * sample is taken for half of its round trip; differences are right in any case.  The clocks tick
 * in milliseconds.  Without timestamps the round trip stands for it.
 *
 * The delay is the least of the last four samples: a delayed ACK would look like a queue of up to
 * 40 ms (the CURRENT_FILTER of RFC 6817).  A lone packet's ACK always waits, and tells nothing. */
#ifndef WEFT_PROTOCOLS_CC_OWD_H
#define WEFT_PROTOCOLS_CC_OWD_H

#include "protocols/cc/cc.h"

enum { OWD_FILTER = 4 };

struct owd {
    uint32_t offset; /* of the clocks */
    uint16_t recent[OWD_FILTER];
    uint8_t next;
    bool known; /* there was a sample */
};

/* The delay after `ack`, in milliseconds, at most 65535; < 0: this ACK does not tell. */
int32_t owd_sample(struct owd *owd, const struct cc_ack *ack);

#endif

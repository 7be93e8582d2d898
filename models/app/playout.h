/* The playout buffer of a receiver of speech: what reaches the decoder, and when.
 *
 * Packets leave their sender evenly and arrive unevenly; the buffer holds each of them back until
 * all seem to have taken the same time: the least delay of the talkspurt so far, and `buffer` more.
 * A packet that takes longer is too late.  A new talkspurt starts with a new estimate, and so does
 * the receiver when it finds that PLAYOUT_RESYNC packets in a row were too late, for then the path
 * has become longer.
 *
 * What is lost or late leaves holes, and holes in a row sound worse than holes apart: the burst
 * ratio (ITU-T G.107) is their mean length over what it would be if losses were independent. */
#ifndef WEFT_MODELS_APP_PLAYOUT_H
#define WEFT_MODELS_APP_PLAYOUT_H

#include <stdbool.h>

#include "sim/simtime.h"

enum { PLAYOUT_RESYNC = 25, PLAYOUT_WINDOW = 256 /* packets that may still come */ };

/* Zero-initialised but for `buffer`: before the first packet. */
struct playout {
    sim_time buffer;
    sim_time base; /* least delay of the talkspurt so far */
    bool started;  /* `base` is known */
    unsigned late; /* in a row */

    uint64_t played[PLAYOUT_WINDOW / 64]; /* bit n % PLAYOUT_WINDOW, n from `settled` on */
    uint64_t settled;                     /* below it is decided what was played */
    uint64_t end;                         /* one above the highest played */
    uint64_t holes, hole_packets;         /* below `settled` */
    bool in_hole;
};

/* A talkspurt begins. */
void playout_restart(struct playout *playout);

/* Packet `number`, which took `delay`, arrives: true if in time, and *until_played is the time from
 * its sending to its playing. */
bool playout_add(struct playout *playout, uint64_t number, sim_time delay, sim_time *until_played);

/* At least 1; exactly 1 without holes. */
double playout_burst_ratio(const struct playout *playout);

#endif

/* Taps: who listens at an interface.
 *
 * A tap sees whole frames with the time at which they pass: outgoing ones when their transmission
 * starts (after the queue), incoming ones when they have arrived.  It stands on the wire, or at the
 * host's side of its network card, as tcpdump does: there super-segments are not cut yet. Checksums
 * are complete by then. Where the frames go (a file, a printer, a test) is the sink's business; the
 * models know no files.
 */
#ifndef WEFT_MODELS_LINK_TAP_H
#define WEFT_MODELS_LINK_TAP_H

#include "sim/packet.h"

enum tap_direction { TAP_IN = 1, TAP_OUT = 2, TAP_BOTH = 3 };

struct tap {
    void (*frame)(struct tap *tap, const struct packet *frame, sim_time at,
                  enum tap_direction direction);
    enum tap_direction directions; /* what it wants to see */
    sim_time from, to;             /* when: [from, to) */
    bool host;                     /* at the host's side of the card */
    struct tap *next;
};

/* Where a frame is seen. */
enum tap_place { TAP_WIRE = 1, TAP_HOST = 2, TAP_ANYWHERE = 3 };

/* Shows the frame to all taps of the chain that want it and stand where it is seen. */
void tap_frame(struct tap *taps, struct packet *frame, sim_time at, enum tap_direction direction,
               enum tap_place place);

#endif

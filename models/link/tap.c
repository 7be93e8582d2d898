#include "models/link/tap.h"

#include "protocols/wire/checksum.h"

void tap_frame(struct tap *taps, struct packet *frame, sim_time at, enum tap_direction direction,
               enum tap_place place)
{
    packet_finish_checksums(frame);
    for (struct tap *tap = taps; tap; tap = tap->next)
        if ((tap->directions & direction) && (place & (tap->host ? TAP_HOST : TAP_WIRE)) &&
            at >= tap->from && at < tap->to)
            tap->frame(tap, frame, at, direction);
}

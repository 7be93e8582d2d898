/* Software GSO: cuts a super-segment into the segments that go over the wire.
 *
 * A super-segment is a packet with gso_size set: complete headers, of which the IP length covers
 * everything, and the payload of several segments.  It is cut where the network card cannot do it,
 * between the queue and the wire, one segment at a time, as each is wanted. */
#ifndef WEFT_PROTOCOLS_TCP_GSO_H
#define WEFT_PROTOCOLS_TCP_GSO_H

#include "sim/packet.h"

/* The next segment of *super, a frame whose l3 and l4 are set: a packet of its own with the bytes
 * that a sender without GSO would have sent.  With the last one the super-segment is consumed and
 * *super becomes NULL. */
struct packet *tcp_gso_next(struct packet **super);

#endif

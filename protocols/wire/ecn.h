/* Explicit congestion notification in the IP header (RFC 3168 section 5). */
#ifndef WEFT_PROTOCOLS_WIRE_ECN_H
#define WEFT_PROTOCOLS_WIRE_ECN_H

#include <stdbool.h>

struct packet;

enum ecn { ECN_NOT_ECT = 0, ECN_ECT_1 = 1, ECN_ECT_0 = 2, ECN_CE = 3, ECN_MASK = 3 };

/* Marks the IPv4 packet in an Ethernet frame CE, and mends the header's checksum.  False if it is
 * no IPv4 packet, not ECN-capable, or marked already. */
bool ecn_mark_frame(struct packet *packet);

#endif

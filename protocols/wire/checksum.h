/* The Internet checksum (RFC 1071), over header bytes and payload slices alike.
 *
 * A `sum` is a one's-complement sum in progress: a 64-bit number that is congruent modulo 0xffff to
 * the sum of the big-endian 16-bit words, not folded and not inverted.  Sums of pieces that start
 * at even offsets are simply added.
 *
 * On the fast path the checksum of TCP and UDP is left pending (PACKET_CSUM_PENDING) and believed.
 * packet_finish_checksums() fills it in for whoever wants to see it; packet_verify() is for packets
 * that may be damaged (PACKET_UNTRUSTED). */
#ifndef WEFT_PROTOCOLS_WIRE_CHECKSUM_H
#define WEFT_PROTOCOLS_WIRE_CHECKSUM_H

#include "protocols/ip/addr.h"
#include "sim/packet.h"

/* The sum folded into 16 bits; the checksum of a header is the complement of this.  A number and
 * itself with its halves exchanged add up to the folded sum in the upper half, where the carry of
 * the lower one has come round. */
static inline uint16_t checksum_fold(uint64_t sum)
{
    sum += sum << 32 | sum >> 32;
    uint32_t half = (uint32_t)(sum >> 32);
    half += half << 16 | half >> 16;
    return (uint16_t)(half >> 16);
}

/* The sum of `length` bytes, an odd last one padded with zero. */
uint64_t checksum_bytes(const void *bytes, uint32_t length);

/* The sum of a packet's bytes [from, from + length), counted from packet_data(). */
uint64_t checksum_packet(const struct packet *packet, uint32_t from, uint32_t length);

/* The sum of TCP's and UDP's pseudo-header (RFC 9293 3.1); `length` of header and data. */
static inline uint64_t checksum_pseudo(ip4 src, ip4 dst, uint8_t proto, uint32_t length)
{
    return (uint64_t)src + dst + proto + length;
}

/* The checksum after a 16-bit word of what it covers changed (RFC 1624 section 3, equation 3). */
static inline uint16_t checksum_update(uint16_t checksum, uint16_t was, uint16_t is)
{
    uint32_t sum = (uint32_t)(uint16_t)~checksum + (uint16_t)~was + is;
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t) ~((sum & 0xffff) + (sum >> 16));
}

/* Fills in the TCP or UDP checksum if it is pending; packet->l3 and l4 say where the headers are,
 * wherever packet_data() is.  Not for pieces of a datagram: finish before fragmenting. */
void packet_finish_checksums(struct packet *packet);

/* Whether the checksum of the TCP, UDP or ICMP message that starts at packet_data() and reaches to
 * the packet's end is right.  A pending one is, and so is a UDP checksum of 0 (RFC 768: none). */
bool packet_verify(const struct packet *packet, ip4 src, ip4 dst, uint8_t proto);

#endif

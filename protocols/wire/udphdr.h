/* The UDP header on the wire (RFC 768). */
#ifndef WEFT_PROTOCOLS_WIRE_UDPHDR_H
#define WEFT_PROTOCOLS_WIRE_UDPHDR_H

#include "sim/bytes.h"

enum { UDPHDR_LEN = 8 };

struct udphdr_wire {
    be16 src_port, dst_port, length, checksum;
};

_Static_assert(sizeof(struct udphdr_wire) == UDPHDR_LEN, "RFC 768");

/* Host order. */
struct udphdr {
    uint16_t src_port, dst_port;
    uint16_t length;   /* header and data */
    uint16_t checksum; /* 0: none */
};

/* The datagram's length with its header, or 0 if `have` bytes do not hold a header or `len`, the
 * bytes that IP delivered, are fewer than the header says. */
static inline uint32_t udphdr_check(const uint8_t *buf, uint32_t have, uint32_t len)
{
    if (have < UDPHDR_LEN)
        return 0;
    uint32_t length = (uint32_t)buf[4] << 8 | buf[5];
    return length >= UDPHDR_LEN && length <= len ? length : 0;
}

static inline void udphdr_parse(const uint8_t *buf, struct udphdr *h)
{
    const struct udphdr_wire *w = (const struct udphdr_wire *)buf;
    h->src_port = get_be16(w->src_port);
    h->dst_port = get_be16(w->dst_port);
    h->length = get_be16(w->length);
    h->checksum = get_be16(w->checksum);
}

static inline void udphdr_emit(uint8_t *buf, const struct udphdr *h)
{
    struct udphdr_wire *w = (struct udphdr_wire *)buf;
    w->src_port = put_be16(h->src_port);
    w->dst_port = put_be16(h->dst_port);
    w->length = put_be16(h->length);
    w->checksum = put_be16(h->checksum);
}

#endif

/* The RTP header on the wire (RFC 3550 5.1). */
#ifndef WEFT_PROTOCOLS_WIRE_RTPHDR_H
#define WEFT_PROTOCOLS_WIRE_RTPHDR_H

#include <stdbool.h>

#include "sim/bytes.h"

enum { RTPHDR_LEN = 12, RTP_VERSION = 2 };

struct rtphdr_wire {
    uint8_t flags; /* version, padding, extension, CSRC count */
    uint8_t type;  /* marker, payload type */
    be16 seq;
    be32 timestamp, ssrc;
};

_Static_assert(sizeof(struct rtphdr_wire) == RTPHDR_LEN, "RFC 3550");

/* Host order. */
struct rtphdr {
    bool padding, extension, marker;
    uint8_t csrcs; /* how many follow */
    uint8_t type;  /* of the payload; RFC 3551 */
    uint16_t seq;
    uint32_t timestamp, ssrc;
};

/* Length of the header with its CSRCs and its extension, or 0 if `len` bytes do not hold one. */
static inline uint32_t rtphdr_check(const uint8_t *buf, uint32_t len)
{
    if (len < RTPHDR_LEN || buf[0] >> 6 != RTP_VERSION)
        return 0;
    uint32_t length = RTPHDR_LEN + 4u * (buf[0] & 0x0f);
    if (buf[0] & 0x10) {
        if (len < length + 4)
            return 0;
        length += 4 + 4 * ((uint32_t)buf[length + 2] << 8 | buf[length + 3]);
    }
    return length <= len ? length : 0;
}

/* The fixed part of a header that rtphdr_check accepts. */
static inline void rtphdr_parse(const uint8_t *buf, struct rtphdr *h)
{
    const struct rtphdr_wire *w = (const struct rtphdr_wire *)buf;
    h->padding = w->flags & 0x20;
    h->extension = w->flags & 0x10;
    h->csrcs = w->flags & 0x0f;
    h->marker = w->type & 0x80;
    h->type = w->type & 0x7f;
    h->seq = get_be16(w->seq);
    h->timestamp = get_be32(w->timestamp);
    h->ssrc = get_be32(w->ssrc);
}

/* The fixed part; CSRCs and extension are the caller's to write behind it. */
static inline void rtphdr_emit(uint8_t *buf, const struct rtphdr *h)
{
    struct rtphdr_wire *w = (struct rtphdr_wire *)buf;
    w->flags = (uint8_t)(RTP_VERSION << 6 | (h->padding ? 0x20 : 0) | (h->extension ? 0x10 : 0) |
                         (h->csrcs & 0x0f));
    w->type = (uint8_t)((h->marker ? 0x80 : 0) | (h->type & 0x7f));
    w->seq = put_be16(h->seq);
    w->timestamp = put_be32(h->timestamp);
    w->ssrc = put_be32(h->ssrc);
}

#endif

/* The ICMP header on the wire (RFC 792; types and codes also RFC 1122 3.2.2 and RFC 1812 5.2.7). */
#ifndef WEFT_PROTOCOLS_WIRE_ICMP_H
#define WEFT_PROTOCOLS_WIRE_ICMP_H

#include <stdbool.h>

#include "sim/bytes.h"

enum { ICMP_LEN = 8 };

enum icmp_type {
    ICMP_ECHO_REPLY = 0,
    ICMP_DEST_UNREACH = 3,
    ICMP_SOURCE_QUENCH = 4,
    ICMP_REDIRECT = 5,
    ICMP_ECHO = 8,
    ICMP_TIME_EXCEEDED = 11,
    ICMP_PARAMETER_PROBLEM = 12,
    ICMP_TIMESTAMP = 13,
    ICMP_TIMESTAMP_REPLY = 14,
    ICMP_TYPES = 19, /* Linux's NR_ICMP_TYPES + 1 */
};

enum icmp_unreach {
    ICMP_NET_UNREACH = 0,
    ICMP_HOST_UNREACH = 1,
    ICMP_PROTO_UNREACH = 2,
    ICMP_PORT_UNREACH = 3,
    ICMP_FRAG_NEEDED = 4, /* the MTU of the next hop is in it: RFC 1191 section 4 */
    ICMP_SOURCE_ROUTE_FAILED = 5,
    ICMP_NET_UNKNOWN = 6,
    ICMP_HOST_UNKNOWN = 7,
    ICMP_HOST_ISOLATED = 8,
    ICMP_NET_PROHIBITED = 9,
    ICMP_HOST_PROHIBITED = 10,
    ICMP_NET_TOS = 11,
    ICMP_HOST_TOS = 12,
    ICMP_FILTERED = 13,
    ICMP_PRECEDENCE = 14,
    ICMP_PRECEDENCE_CUTOFF = 15,
};

enum { ICMP_REDIRECT_NET = 0, ICMP_REDIRECT_HOST = 1 };
enum { ICMP_TTL_EXCEEDED = 0, ICMP_REASSEMBLY_EXCEEDED = 1 };

struct icmp_wire {
    uint8_t type, code;
    be16 checksum;
    union {
        struct {
            be16 id, seq;
        } echo;
        struct {
            be16 unused, mtu;
        } frag;
        be32 gateway;
        uint8_t pointer;
        be32 rest;
    };
};

_Static_assert(sizeof(struct icmp_wire) == ICMP_LEN, "RFC 792");

/* Host order. */
struct icmp {
    uint8_t type, code;
    uint16_t checksum;
    uint32_t rest; /* the second word: what it holds depends on the type */
};

/* ICMP_LEN, or 0 if `len` bytes do not hold a header. */
static inline uint32_t icmp_check(const uint8_t *buf, uint32_t len)
{
    return len >= ICMP_LEN ? ICMP_LEN : 0;
}

static inline void icmp_parse(const uint8_t *buf, struct icmp *h)
{
    const struct icmp_wire *w = (const struct icmp_wire *)buf;
    h->type = w->type;
    h->code = w->code;
    h->checksum = get_be16(w->checksum);
    h->rest = get_be32(w->rest);
}

static inline void icmp_emit(uint8_t *buf, const struct icmp *h)
{
    struct icmp_wire *w = (struct icmp_wire *)buf;
    w->type = h->type;
    w->code = h->code;
    w->checksum = put_be16(h->checksum);
    w->rest = put_be32(h->rest);
}

static inline uint16_t icmp_echo_id(const struct icmp *h)
{
    return (uint16_t)(h->rest >> 16);
}

static inline uint16_t icmp_echo_seq(const struct icmp *h)
{
    return (uint16_t)h->rest;
}

/* RFC 1122 3.2.2: messages about another datagram, which they quote.  No error is ever sent about
 * one of them; types that nobody knows count as errors, as in Linux. */
static inline bool icmp_is_error(uint8_t type)
{
    switch (type) {
    case ICMP_ECHO_REPLY:
    case ICMP_ECHO:
    case 9:  /* router advertisement (RFC 1256) */
    case 10: /* router solicitation */
    case ICMP_TIMESTAMP:
    case ICMP_TIMESTAMP_REPLY:
    case 15: /* information request and reply, address mask request and reply */
    case 16:
    case 17:
    case 18:
        return false;
    default:
        return true;
    }
}

#endif

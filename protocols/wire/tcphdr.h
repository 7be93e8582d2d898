/* The TCP header (RFC 9293 3.1) and its options on the wire.
 *
 * Parsing tells what the bytes say; which option counts on which segment (window scaling only on a
 * SYN, ...) is the protocol's business. */
#ifndef WEFT_PROTOCOLS_WIRE_TCPHDR_H
#define WEFT_PROTOCOLS_WIRE_TCPHDR_H

#include <stdbool.h>

#include "sim/bytes.h"

enum { TCPHDR_LEN = 20, TCPHDR_MAX = 60, TCPHDR_OPTIONS_MAX = TCPHDR_MAX - TCPHDR_LEN };

enum tcphdr_flag {
    TH_FIN = 0x001,
    TH_SYN = 0x002,
    TH_RST = 0x004,
    TH_PSH = 0x008,
    TH_ACK = 0x010,
    TH_URG = 0x020,
    TH_ECE = 0x040, /* RFC 3168 */
    TH_CWR = 0x080,
    TH_AE = 0x100, /* RFC 9768; NS in RFC 3540 */
    TH_ALL = 0x1ff,
};

struct tcphdr_wire {
    be16 src_port, dst_port;
    be32 seq, ack;
    uint8_t offset; /* header length in 32-bit words << 4, three reserved bits, AE */
    uint8_t flags;
    be16 window, checksum, urgent;
};

_Static_assert(sizeof(struct tcphdr_wire) == TCPHDR_LEN, "RFC 9293 3.1");

/* Host order. */
struct tcphdr {
    uint16_t src_port, dst_port;
    uint32_t seq, ack;
    uint16_t flags;  /* enum tcphdr_flag */
    uint16_t window; /* unscaled */
    uint16_t checksum, urgent;
    uint8_t length; /* header with options, bytes: a multiple of 4 from 20 to 60 */
};

/* The header's length with options if `len` bytes hold a whole header, else 0. */
static inline uint32_t tcphdr_check(const uint8_t *buf, uint32_t len)
{
    if (len < TCPHDR_LEN)
        return 0;
    uint32_t length = (uint32_t)(buf[12] >> 4) * 4;
    return length >= TCPHDR_LEN && length <= len ? length : 0;
}

/* Reads a header that tcphdr_check let pass. */
static inline void tcphdr_parse(const uint8_t *buf, struct tcphdr *h)
{
    const struct tcphdr_wire *w = (const struct tcphdr_wire *)buf;

    h->src_port = get_be16(w->src_port);
    h->dst_port = get_be16(w->dst_port);
    h->seq = get_be32(w->seq);
    h->ack = get_be32(w->ack);
    h->flags = (uint16_t)((w->offset & 1) << 8 | w->flags);
    h->window = get_be16(w->window);
    h->checksum = get_be16(w->checksum);
    h->urgent = get_be16(w->urgent);
    h->length = (uint8_t)((w->offset >> 4) * 4);
}

/* Writes the 20 fixed bytes; the options that `length` announces are the caller's. */
static inline void tcphdr_emit(uint8_t *buf, const struct tcphdr *h)
{
    struct tcphdr_wire *w = (struct tcphdr_wire *)buf;

    w->src_port = put_be16(h->src_port);
    w->dst_port = put_be16(h->dst_port);
    w->seq = put_be32(h->seq);
    w->ack = put_be32(h->ack);
    w->offset = (uint8_t)(h->length / 4 << 4 | h->flags >> 8);
    w->flags = (uint8_t)h->flags;
    w->window = put_be16(h->window);
    w->checksum = put_be16(h->checksum);
    w->urgent = put_be16(h->urgent);
}

/* ---- Options ------------------------------------------------------------------------------- */

enum tcphdr_option {
    TCPOPT_EOL = 0,
    TCPOPT_NOP = 1,
    TCPOPT_MSS = 2,
    TCPOPT_WSCALE = 3, /* RFC 7323 2 */
    TCPOPT_SACK_OK = 4,
    TCPOPT_SACK = 5,      /* RFC 2018 */
    TCPOPT_TS = 8,        /* RFC 7323 3 */
    TCPOPT_MD5 = 19,      /* RFC 2385 */
    TCPOPT_TFO = 34,      /* RFC 7413 */
    TCPOPT_ACCECN0 = 172, /* RFC 9768 3.2.3 */
    TCPOPT_ACCECN1 = 174,
};

/* Bits of tcphdr_options.present. */
enum {
    TCPHAS_MSS = 1 << 0,
    TCPHAS_WSCALE = 1 << 1,
    TCPHAS_SACK_OK = 1 << 2,
    TCPHAS_TS = 1 << 3,
    TCPHAS_TFO = 1 << 4,
    TCPHAS_SACK = 1 << 5,
    TCPHAS_ACCECN = 1 << 6,
    TCPHAS_UNKNOWN = 1 << 7,   /* an option not listed here, skipped */
    TCPHAS_MALFORMED = 1 << 8, /* a length that cannot be; what stands behind it was not read */
};

enum { TCPHDR_SACKS = 4, TCPHDR_COOKIE_MIN = 4, TCPHDR_COOKIE_MAX = 16 };

struct tcphdr_sack {
    uint32_t start, end; /* [start, end) */
};

/* A field counts only if its bit in `present` is set. */
struct tcphdr_options {
    uint16_t present;
    uint16_t mss;
    uint32_t tsval, tsecr;
    uint8_t wscale;
    uint8_t n_sacks;
    uint8_t cookie_len;     /* 0: a request for a cookie */
    uint8_t accecn_kind;    /* TCPOPT_ACCECN0 or 1: which field comes first */
    uint8_t accecn_fields;  /* how many are there, 0 to 3 */
    uint32_t e0b, ceb, e1b; /* 24 bits each: bytes received with ECT(0), CE, ECT(1) */
    struct tcphdr_sack sacks[TCPHDR_SACKS];
    uint8_t cookie[TCPHDR_COOKIE_MAX];
};

/* One option as it stands in the header. */
struct tcphdr_item {
    uint8_t kind;
    uint8_t length;       /* with kind and length bytes; 1 for EOL and NOP */
    const uint8_t *value; /* length - 2 bytes */
};

/* Steps through `len` bytes of options: reads the one at *at and moves *at behind it.  False at the
 * end, and at an option whose length is impossible: then *at < len. */
bool tcphdr_option_next(const uint8_t *options, uint32_t len, uint32_t *at,
                        struct tcphdr_item *item);

/* Reads all options; `options` is the header from byte 20 on.  As in Linux, an option whose length
 * is not the one its kind demands is skipped, an impossible length ends the reading, and of equal
 * ones the last counts. */
void tcphdr_options_parse(const uint8_t *options, uint32_t len, struct tcphdr_options *o);

/* Bytes that tcphdr_options_emit writes, a multiple of 4. */
uint32_t tcphdr_options_length(const struct tcphdr_options *o);

/* Writes the options in Linux's order and alignment, padded with NOPs; they must fit into 40 bytes.
 * Returns their length. */
uint32_t tcphdr_options_emit(uint8_t *options, const struct tcphdr_options *o);

/* How many SACK blocks fit beside the other options of `o`. */
uint32_t tcphdr_sack_room(const struct tcphdr_options *o);

#endif

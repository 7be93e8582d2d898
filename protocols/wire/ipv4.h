/* The IPv4 header on the wire (RFC 791 3.1). */
#ifndef WEFT_PROTOCOLS_WIRE_IPV4_H
#define WEFT_PROTOCOLS_WIRE_IPV4_H

#include <stdbool.h>
#include <string.h>

#include "sim/bytes.h"

enum { IPV4_LEN = 20, IPV4_MAX = 60, IPV4_OPTIONS_MAX = IPV4_MAX - IPV4_LEN };
enum { IPV4_DATAGRAM_MAX = 65535, IPV4_MIN_MTU = 68 /* RFC 791 3.2 */ };

enum ip_proto { IP_PROTO_ICMP = 1, IP_PROTO_IGMP = 2, IP_PROTO_TCP = 6, IP_PROTO_UDP = 17 };

enum ipv4_flag {
    IPV4_RF = 0x8000, /* reserved */
    IPV4_DF = 0x4000,
    IPV4_MF = 0x2000,
    IPV4_OFFSET = 0x1fff, /* in units of 8 bytes */
};

struct ipv4_wire {
    uint8_t version_ihl;
    uint8_t tos;
    be16 length, id, frag;
    uint8_t ttl, proto;
    be16 checksum;
    be32 src, dst;
};

_Static_assert(sizeof(struct ipv4_wire) == IPV4_LEN, "RFC 791 3.1");

/* Host order. */
struct ipv4 {
    uint8_t header_len; /* with options, bytes */
    uint8_t tos, ttl, proto;
    uint16_t length, id;
    uint16_t frag; /* enum ipv4_flag and the offset */
    uint16_t checksum;
    uint32_t src, dst;
};

/* What can be wrong with a header. */
enum ipv4_error {
    IPV4_OK,
    IPV4_SHORT,       /* fewer bytes than the header or the datagram says */
    IPV4_BAD_VERSION, /* not 4 */
    IPV4_BAD_LENGTH,  /* header length below 20, or total length below the header's */
    IPV4_BAD_CHECKSUM,
};

/* Whether a header stands at `buf`, of which `have` bytes are there in one piece; `len` is the
 * whole datagram's, with what may follow it.  The checksum is the next function's. */
enum ipv4_error ipv4_check(const uint8_t *buf, uint32_t have, uint32_t len);

/* Whether the checksum of a header that ipv4_check let pass is right. */
bool ipv4_checksum_ok(const uint8_t *buf);

/* Reads a header that ipv4_check let pass. */
void ipv4_parse(const uint8_t *buf, struct ipv4 *h);

/* Writes 20 bytes with h->checksum as it is; options are the caller's. */
void ipv4_emit(uint8_t *buf, const struct ipv4 *h);

/* Computes and writes the checksum over the whole header. */
void ipv4_finish(uint8_t *buf);

static inline struct ipv4_wire *ipv4_at(uint8_t *buf)
{
    return (struct ipv4_wire *)buf;
}

static inline uint32_t ipv4_header_len(const uint8_t *buf)
{
    return (uint32_t)(buf[0] & 15) * 4;
}

/* ---- Options (RFC 791 3.1) ----------------------------------------------------------------- */

enum ipv4_option {
    IPV4_OPT_EOL = 0,
    IPV4_OPT_NOP = 1,
    IPV4_OPT_RR = 7,
    IPV4_OPT_TS = 68,
    IPV4_OPT_LSRR = 131,
    IPV4_OPT_RA = 148,
    IPV4_OPT_SSRR = 137,
};

enum { IPV4_OPT_COPIED = 0x80 /* goes into every fragment */ };

/* What the options of a header amount to. */
struct ipv4_options {
    bool source_route; /* loose or strict */
    bool router_alert;
    uint8_t bad; /* where the header is malformed, for a parameter problem; 0: it is not */
};

/* Reads the options of a checked header. */
void ipv4_options_parse(const uint8_t *buf, struct ipv4_options *o);

/* Overwrites the options that belong into the first fragment only, those without the copied flag,
 * with NOPs: the header keeps its length (ip_options_fragment). */
void ipv4_options_keep_copied(uint8_t *buf);

#endif

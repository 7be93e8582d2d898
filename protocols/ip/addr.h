/* Internet addresses.  Interfaces above the IP layer take `struct ip_addr`, 16 bytes with IPv4 as
 * mapped (RFC 4291 section 2.5.5.2), so that IPv6 needs no second API. */
#ifndef WEFT_PROTOCOLS_IP_ADDR_H
#define WEFT_PROTOCOLS_IP_ADDR_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/bytes.h"

struct ip_addr {
    uint8_t b[16];
};

/* IPv4 addresses inside the IP layer: host order. */
typedef uint32_t ip4;

static inline struct ip_addr ip_addr_of_v4(ip4 v4)
{
    struct ip_addr addr = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff } };
    be32 low = put_be32(v4);

    memcpy(addr.b + 12, &low, sizeof low);
    return addr;
}

static inline bool ip_addr_is_v4(const struct ip_addr *a)
{
    return memcmp(a->b, "\0\0\0\0\0\0\0\0\0\0\377\377", 12) == 0;
}

static inline ip4 ip_addr_v4(const struct ip_addr *a)
{
    be32 low;

    memcpy(&low, a->b + 12, sizeof low);
    return get_be32(low);
}

static inline bool ip_addr_equal(const struct ip_addr *a, const struct ip_addr *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

enum { IP_ADDR_TEXT = 48 };

/* "10.0.0.1" into `buf` of IP_ADDR_TEXT bytes; returns buf. */
char *ip4_format(ip4 addr, char *buf);
char *ip_addr_format(const struct ip_addr *addr, char *buf);

/* "10.0.0.1"; false with an error otherwise.  An IPv6 literal gets the message that IPv6 is not
 * modelled yet. */
bool ip4_parse(const char *text, ip4 *out, GError **error);

/* "10.0.0.0/24" or "0/0" or "10.0.0.1" (then *length = 32). */
bool ip4_parse_prefix(const char *text, ip4 *out, int *length, GError **error);

static inline ip4 ip4_mask(int length)
{
    return length == 0 ? 0 : ~(ip4)0 << (32 - length);
}

#endif

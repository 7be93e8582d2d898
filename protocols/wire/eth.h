/* The Ethernet II frame header (IEEE 802.3 clause 3, RFC 894). */
#ifndef WEFT_PROTOCOLS_WIRE_ETH_H
#define WEFT_PROTOCOLS_WIRE_ETH_H

#include <stdbool.h>
#include <string.h>

#include "sim/bytes.h"

enum { ETH_LEN = 14, ETH_ADDR_LEN = 6 };

enum eth_type {
    ETH_TYPE_IPV4 = 0x0800,
    ETH_TYPE_ARP = 0x0806,
    ETH_TYPE_VLAN = 0x8100,
    ETH_TYPE_IPV6 = 0x86dd,
    ETH_TYPE_MIN = 0x0600, /* below it is a length: IEEE 802.3 3.2.6 */
};

struct eth_addr {
    uint8_t b[ETH_ADDR_LEN];
};

struct eth_wire {
    struct eth_addr dst, src;
    be16 type;
};

_Static_assert(sizeof(struct eth_wire) == ETH_LEN, "Ethernet II");

/* Host order. */
struct eth {
    struct eth_addr dst, src;
    uint16_t type;
};

#define ETH_BROADCAST ((struct eth_addr){ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } })

/* The header's length, or 0 if `len` bytes do not hold one. */
static inline uint32_t eth_check(const uint8_t *buf, uint32_t len)
{
    return len >= ETH_LEN ? ETH_LEN : 0;
}

static inline void eth_parse(const uint8_t *buf, struct eth *h)
{
    const struct eth_wire *w = (const struct eth_wire *)buf;
    h->dst = w->dst;
    h->src = w->src;
    h->type = get_be16(w->type);
}

static inline void eth_emit(uint8_t *buf, const struct eth *h)
{
    struct eth_wire *w = (struct eth_wire *)buf;
    w->dst = h->dst;
    w->src = h->src;
    w->type = put_be16(h->type);
}

static inline bool eth_addr_equal(const struct eth_addr *a, const struct eth_addr *b)
{
    return memcmp(a, b, ETH_ADDR_LEN) == 0;
}

/* For more than one receiver: a group address, the broadcast address among them. */
static inline bool eth_is_group(const struct eth_addr *a)
{
    return a->b[0] & 1;
}

static inline bool eth_is_broadcast(const struct eth_addr *a)
{
    return memcmp(a, "\377\377\377\377\377\377", ETH_ADDR_LEN) == 0;
}

/* The group address of an IPv4 multicast group: its low 23 bits behind 01:00:5e (RFC 1112 6.4). */
static inline struct eth_addr eth_addr_of_group(uint32_t group)
{
    return (struct eth_addr){ { 0x01, 0x00, 0x5e, (uint8_t)(group >> 16 & 0x7f),
                                (uint8_t)(group >> 8), (uint8_t)group } };
}

enum { ETH_ADDR_TEXT = 18 };

/* "02:00:00:00:00:01" into `buf` of ETH_ADDR_TEXT bytes; returns buf. */
char *eth_addr_format(const struct eth_addr *addr, char *buf);

#endif

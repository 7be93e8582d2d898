/* IGMP messages on the wire, as far as version 2 knows them (RFC 2236 section 2). */
#ifndef WEFT_PROTOCOLS_WIRE_IGMPHDR_H
#define WEFT_PROTOCOLS_WIRE_IGMPHDR_H

#include "protocols/ip/addr.h"
#include "sim/packet.h"

enum { IGMP_LEN = 8, IGMP_TICKS = 10 /* of Max Resp Time, per second */ };

enum igmp_type {
    IGMP_QUERY = 0x11,
    IGMP_V1_REPORT = 0x12,
    IGMP_V2_REPORT = 0x16,
    IGMP_LEAVE = 0x17,
    IGMP_V3_REPORT = 0x22, /* RFC 3376; not spoken here */
};

#define IGMP_ALL_HOSTS   0xe0000001u /* 224.0.0.1 */
#define IGMP_ALL_ROUTERS 0xe0000002u /* 224.0.0.2 */

struct igmp {
    uint8_t type;     /* enum igmp_type */
    uint8_t max_resp; /* of a query: tenths of a second; 0: from a router of version 1 */
    ip4 group;        /* 0 in a general query */
};

static inline bool ip4_is_group(ip4 addr)
{
    return addr >> 28 == 14;
}

/* 224.0.0.x: the groups that no router forwards, and no switch prunes. */
static inline bool ip4_is_local_group(ip4 addr)
{
    return addr >> 8 == 0xe00000;
}

/* Reads the message of `length` bytes that begins `at` bytes behind packet_data(): false if it is
 * too short, or the checksum over all of it is wrong. */
bool igmp_read(const struct packet *packet, uint32_t at, uint32_t length, struct igmp *message);

/* A datagram with the message, its IP header in front: TTL 1, precedence "internetwork control",
 * and the router-alert option (RFC 2113), as Linux sends it. */
struct packet *igmp_datagram(struct sim *sim, ip4 src, ip4 dst, const struct igmp *message);

#endif

/* Slow protocols on the wire (IEEE 802.1AX-2008 5.4.2 and 5.5.3, formerly 802.3 clause 43): the
 * PDUs of the Link Aggregation Control Protocol and of the Marker protocol.  Both go to one group
 * address, which no switch passes on, and always have the same length. */
#ifndef WEFT_PROTOCOLS_L2_LACPDU_H
#define WEFT_PROTOCOLS_L2_LACPDU_H

#include "protocols/wire/eth.h"
#include "sim/packet.h"

enum { LACPDU_LEN = 110, LACPDU_VERSION = 1, ETH_TYPE_SLOW = 0x8809 };

enum lacpdu_subtype { SLOW_LACP = 1, SLOW_MARKER = 2 };

/* Actor_State and Partner_State (5.4.2.2 m). */
enum lacp_state {
    LACP_ACTIVITY = 0x01,        /* sends without being asked */
    LACP_TIMEOUT = 0x02,         /* wants to hear from its partner each second; else each 30 s */
    LACP_AGGREGATION = 0x04,     /* may be one of several; else a link by itself */
    LACP_SYNCHRONIZATION = 0x08, /* is attached to the aggregator that it belongs to */
    LACP_COLLECTING = 0x10,      /* takes frames */
    LACP_DISTRIBUTING = 0x20,    /* sends frames */
    LACP_DEFAULTED = 0x40,       /* knows its partner from its own settings alone */
    LACP_EXPIRED = 0x80,         /* waits to hear from its partner, not for long any more */
};

/* What is said of one end. */
struct lacp_info {
    uint16_t system_priority;
    struct eth_addr system;
    uint16_t key; /* ports of a system with the same key may be aggregated */
    uint16_t port_priority, port;
    uint8_t state; /* enum lacp_state */
};

struct lacpdu {
    struct lacp_info actor, partner;
    uint16_t max_delay; /* of the collector, in tens of microseconds */
};

struct lacp_info_wire {
    uint8_t type, length; /* 1 or 2, and 20 */
    be16 system_priority;
    struct eth_addr system;
    be16 key, port_priority, port;
    uint8_t state;
    uint8_t reserved[3];
};

struct lacpdu_wire {
    uint8_t subtype, version;
    struct lacp_info_wire actor, partner;
    uint8_t collector_type, collector_length; /* 3, 16 */
    be16 max_delay;
    uint8_t reserved[12];
    uint8_t terminator_type, terminator_length; /* 0, 0 */
    uint8_t rest[50];
};

_Static_assert(sizeof(struct lacpdu_wire) == LACPDU_LEN, "IEEE 802.1AX-2008 5.4.2");

enum { MARKER_INFORMATION = 1, MARKER_RESPONSE = 2, MARKER_LEN = 16 };

struct marker_wire {
    uint8_t subtype, version;
    uint8_t type, length; /* 1 or 2, and 16 */
    be16 port;
    struct eth_addr system;
    be32 transaction;
    uint8_t pad[2];
    uint8_t terminator_type, terminator_length;
    uint8_t rest[90];
};

_Static_assert(sizeof(struct marker_wire) == LACPDU_LEN, "IEEE 802.1AX-2008 5.5.3");

enum lacpdu_status {
    LACPDU_OK,
    LACPDU_MALFORMED, /* too short, or its parts are of other lengths than they must be */
    LACPDU_UNKNOWN,   /* another slow protocol */
};

#define SLOW_GROUP ((struct eth_addr){ { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x02 } })

/* Is this frame, its header in the buffer, one of the slow protocols? */
static inline bool slow_is_frame(const uint8_t *header)
{
    return memcmp(header, "\x01\x80\xc2\x00\x00\x02", ETH_ADDR_LEN) == 0 &&
           header[12] == ETH_TYPE_SLOW >> 8 && header[13] == (ETH_TYPE_SLOW & 0xff);
}

/* Is there a LACPDU in these bytes?  Lengths are looked at, versions and types are not, so that
 * later versions are understood as far as they agree with this one (5.4.12). */
enum lacpdu_status lacpdu_check(const uint8_t *buf, uint32_t len);

/* Reads a LACPDU that lacpdu_check let pass; writes LACPDU_LEN bytes. */
void lacpdu_parse(const uint8_t *buf, struct lacpdu *pdu);
void lacpdu_emit(uint8_t *buf, const struct lacpdu *pdu);

/* Ditto for a Marker PDU that asks for a response. */
enum lacpdu_status marker_check(const uint8_t *buf, uint32_t len);

/* A frame from `src` to the group of the slow protocols with room for a PDU, which it points `pdu`
 * at. */
struct packet *slow_frame(struct sim *sim, const struct eth_addr *src, uint8_t **pdu);

/* The PDU in a frame whose Ethernet header is packet_data(), and its length: NULL if the frame is
 * too short for one.  The frame stays the caller's. */
const uint8_t *slow_pdu(struct packet *frame, uint32_t *length);

#endif

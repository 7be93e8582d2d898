/* Bridge protocol data units on the wire (IEEE 802.1D-1998 clause 9, 802.1D-2004 clause 9.3), in
 * 802.3 frames with an LLC header to the bridge group address. */
#ifndef WEFT_PROTOCOLS_L2_BPDU_H
#define WEFT_PROTOCOLS_L2_BPDU_H

#include "protocols/l2/vector.h"
#include "protocols/wire/eth.h"
#include "sim/packet.h"

enum {
    BPDU_TCN_LEN = 4,
    BPDU_CONFIG_LEN = 35,
    BPDU_RST_LEN = 36,
    BPDU_LLC_LEN = 3,
    BPDU_VERSION_STP = 0,
    BPDU_VERSION_RSTP = 2,
};

enum bpdu_type { BPDU_CONFIG = 0x00, BPDU_RST = 0x02, BPDU_TCN = 0x80 };

enum bpdu_flag {
    BPDU_TC = 0x01,
    BPDU_PROPOSAL = 0x02,
    BPDU_ROLE_MASK = 0x0c,
    BPDU_LEARNING = 0x10,
    BPDU_FORWARDING = 0x20,
    BPDU_AGREEMENT = 0x40,
    BPDU_TC_ACK = 0x80,
};

/* The role in the flags of an RST BPDU. */
enum bpdu_role {
    BPDU_ROLE_UNKNOWN = 0x00,
    BPDU_ROLE_ALTERNATE = 0x04, /* or backup */
    BPDU_ROLE_ROOT = 0x08,
    BPDU_ROLE_DESIGNATED = 0x0c,
};

struct bpdu_bridge_id {
    be16 priority;
    struct eth_addr mac;
};

struct bpdu_wire {
    be16 protocol;
    uint8_t version, type;
    /* Not in a TCN BPDU. */
    uint8_t flags;
    struct bpdu_bridge_id root;
    be32 cost;
    struct bpdu_bridge_id bridge;
    be16 port;
    be16 message_age, max_age, hello, forward_delay;
    /* In an RST BPDU. */
    uint8_t version1_length;
};

_Static_assert(sizeof(struct bpdu_wire) == BPDU_RST_LEN, "IEEE 802.1D-2004 9.3.3");

/* Host order. */
struct bpdu {
    uint8_t version, type, flags;
    struct stp_vector vector;
    struct stp_times times;
};

enum bpdu_status {
    BPDU_OK,
    BPDU_MALFORMED, /* too short for what it is, or not in the frame it should be in */
    BPDU_UNKNOWN,   /* another protocol, or a type that the version does not have */
};

#define BPDU_GROUP ((struct eth_addr){ { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x00 } })

static inline bool bpdu_is_for_bridges(const struct eth_addr *dst)
{
    return memcmp(dst, "\x01\x80\xc2\x00\x00\x00", ETH_ADDR_LEN) == 0;
}

/* How many bytes a BPDU of this type has. */
uint32_t bpdu_length(uint8_t type);

/* Is there a BPDU in these bytes (9.3.4)?  Longer ones are good: later versions add at the end. */
enum bpdu_status bpdu_check(const uint8_t *buf, uint32_t len);

/* Reads a BPDU that bpdu_check let pass; vector and times of a TCN are zero. */
void bpdu_parse(const uint8_t *buf, struct bpdu *bpdu);

/* Writes bpdu_length() bytes. */
void bpdu_emit(uint8_t *buf, const struct bpdu *bpdu);

/* The BPDU in a frame whose Ethernet header is packet_data().  The frame stays the caller's. */
enum bpdu_status bpdu_from_frame(struct packet *frame, struct bpdu *bpdu);

/* A frame from `src` to the bridge group address with this BPDU. */
struct packet *bpdu_to_frame(struct sim *sim, const struct eth_addr *src, const struct bpdu *bpdu);

#endif

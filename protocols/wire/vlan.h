/* The tags of IEEE 802.1Q clause 9: four bytes between the addresses and the type of a frame.  A
 * tag says the VLAN and the priority; its type tells customers' tags (C-TAG) from providers'
 * (S-TAG), which go in front of them. */
#ifndef WEFT_PROTOCOLS_WIRE_VLAN_H
#define WEFT_PROTOCOLS_WIRE_VLAN_H

#include "protocols/wire/eth.h"
#include "sim/packet.h"

enum {
    VLAN_TAG_LEN = 4,
    VLAN_TPID_C = ETH_TYPE_VLAN, /* customers' tags */
    VLAN_TPID_S = 0x88a8,        /* providers' tags */
    VLAN_MAX = 4094,             /* 4095 is reserved: 802.1Q table 9-2 */
    VLAN_PRIORITY = 0,           /* a tag that says the priority only */
    VLAN_NONE = 0xffff,          /* no number of a VLAN */
};

struct vlan_wire {
    be16 tpid, tci;
};

_Static_assert(sizeof(struct vlan_wire) == VLAN_TAG_LEN, "802.1Q 9.3");

static inline uint16_t vlan_vid(uint16_t tci)
{
    return tci & 0xfff;
}

static inline uint8_t vlan_pcp(uint16_t tci)
{
    return (uint8_t)(tci >> 13);
}

static inline uint16_t vlan_tci(uint8_t pcp, uint16_t vid)
{
    return (uint16_t)(pcp << 13 | vid);
}

static inline bool vlan_is_tpid(uint16_t type)
{
    return type == VLAN_TPID_C || type == VLAN_TPID_S;
}

/* The outermost tag of a frame whose header is in the buffer (packet_need(frame, ETH_LEN)). */
static inline struct vlan_wire *vlan_tag(struct packet *frame)
{
    return (struct vlan_wire *)(packet_data(frame) + 2 * ETH_ADDR_LEN);
}

/* Puts a tag in front of the type or of other tags; takes it off again. */
void vlan_push(struct packet *frame, uint16_t tpid, uint16_t tci);
void vlan_pop(struct packet *frame);

/* How many tags (at most two are counted) stand at the front. */
unsigned vlan_tags(struct packet *frame);

#endif

/* What a port of a VLAN bridge does with tags (IEEE 802.1Q 6.9 and 8.8): to which VLAN a frame that
 * comes in belongs, and whether and how one of a VLAN goes out. */
#ifndef WEFT_PROTOCOLS_L2_VLAN_H
#define WEFT_PROTOCOLS_L2_VLAN_H

#include "protocols/wire/vlan.h"
#include "sim/drop.h"

struct vlan_set {
    uint64_t words[64];
};

static inline bool vlan_set_has(const struct vlan_set *set, uint16_t vid)
{
    return set->words[vid >> 6] >> (vid & 63) & 1;
}

static inline void vlan_set_add(struct vlan_set *set, uint16_t vid)
{
    set->words[vid >> 6] |= UINT64_C(1) << (vid & 63);
}

static inline void vlan_set_remove(struct vlan_set *set, uint16_t vid)
{
    set->words[vid >> 6] &= ~(UINT64_C(1) << (vid & 63));
}

/* VLANs 1 to 4094. */
void vlan_set_fill(struct vlan_set *set);

/* The least VLAN of the set that is at least `vid`; VLAN_NONE if there is none. */
uint16_t vlan_set_next(const struct vlan_set *set, uint16_t vid);

enum vlan_mode { VLAN_ACCESS, VLAN_TRUNK, VLAN_HYBRID, VLAN_TUNNEL };

extern const char *const vlan_mode_words[];

struct vlan_port {
    enum vlan_mode mode;
    uint16_t pvid;            /* the VLAN of frames without a tag; VLAN_NONE: they are refused */
    uint16_t tpid;            /* the type of the tags that count here; others are payload */
    bool untagged_only;       /* tagged frames are refused, priority tags apart */
    struct vlan_set members;  /* the VLANs that pass the port, in and out */
    struct vlan_set untagged; /* those of them that leave without a tag */
};

/* Belongs to one VLAN, whose frames bear no tag on the wire. */
void vlan_port_access(struct vlan_port *port, uint16_t vid);

/* Carries VLANs with tags; frames of VLAN `native` (VLAN_NONE: none) have none. */
void vlan_port_trunk(struct vlan_port *port, const struct vlan_set *vids, uint16_t native);

/* A customer of a provider's VLAN: whatever tags its frames bear are payload (802.1Q clause 15). */
void vlan_port_tunnel(struct vlan_port *port, uint16_t vid);

/* The rules of Open vSwitch (ovs-vswitchd.conf.db(5), "VLAN Configuration"): an access port refuses
 * tagged frames, and frames without a tag are in VLAN 0 on a trunk that carries all. */
void vlan_port_ovs(struct vlan_port *port, bool all);

/* What a frame bears in front of its type. */
struct vlan_label {
    bool tagged;
    uint16_t tci;
};

/* The VLAN of a frame that comes in, or VLAN_NONE if the port refuses it. */
uint16_t vlan_port_in(const struct vlan_port *port, struct vlan_label label);

/* Whether frames of the VLAN go out here, and with a tag or without. */
static inline bool vlan_port_out(const struct vlan_port *port, uint16_t vid, bool *tagged)
{
    *tagged = !vlan_set_has(&port->untagged, vid);
    return vlan_set_has(&port->members, vid);
}

#endif

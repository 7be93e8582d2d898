#include "protocols/l2/vlan.h"

const char *const vlan_mode_words[] = { "access", "trunk", "hybrid", "tunnel", NULL };

void vlan_set_fill(struct vlan_set *set)
{
    memset(set, 0xff, sizeof *set);
    vlan_set_remove(set, 0);
    vlan_set_remove(set, VLAN_MAX + 1);
}

uint16_t vlan_set_next(const struct vlan_set *set, uint16_t vid)
{
    for (; vid <= VLAN_MAX; vid++)
        if (vlan_set_has(set, vid))
            return vid;
    return VLAN_NONE;
}

static void single(struct vlan_port *port, enum vlan_mode mode, uint16_t vid)
{
    *port = (struct vlan_port){ .mode = mode, .pvid = vid, .tpid = VLAN_TPID_C };
    vlan_set_add(&port->members, vid);
    vlan_set_add(&port->untagged, vid);
}

void vlan_port_access(struct vlan_port *port, uint16_t vid)
{
    single(port, VLAN_ACCESS, vid);
}

void vlan_port_tunnel(struct vlan_port *port, uint16_t vid)
{
    single(port, VLAN_TUNNEL, vid);
}

void vlan_port_trunk(struct vlan_port *port, const struct vlan_set *vids, uint16_t native)
{
    *port = (struct vlan_port){
        .mode = VLAN_TRUNK,
        .pvid = native,
        .tpid = VLAN_TPID_C,
        .members = *vids,
    };
    if (native == VLAN_NONE)
        return;
    vlan_set_add(&port->members, native);
    vlan_set_add(&port->untagged, native);
}

void vlan_port_ovs(struct vlan_port *port, bool all)
{
    port->untagged_only = port->mode == VLAN_ACCESS;
    if (port->mode != VLAN_TRUNK || port->pvid != VLAN_NONE || !all)
        return;
    port->pvid = 0;
    vlan_set_add(&port->members, 0);
    vlan_set_add(&port->untagged, 0);
}

uint16_t vlan_port_in(const struct vlan_port *port, struct vlan_label label)
{
    uint16_t vid = vlan_vid(label.tci);

    if (!label.tagged || vid == VLAN_PRIORITY)
        return port->pvid;
    return !port->untagged_only && vlan_set_has(&port->members, vid) ? vid : VLAN_NONE;
}

/* Interfaces without a cable of their own: a VLAN on an interface of a host or router (what Linux
 * calls eth1.10), or the one by which a switch itself is in a VLAN ("vlan10").
 *
 * The first takes the frames with its tag that come in below, and puts the tag on those that it
 * sends; its Ethernet address and MTU are those of the interface below, which may itself be one.
 * The second has an address of its own, at which frames leave the switch for its IP layer; a switch
 * that has two or more of them routes between their VLANs. */
#ifndef WEFT_MODELS_NODE_VIRTUAL_H
#define WEFT_MODELS_NODE_VIRTUAL_H

#include "models/node/node.h"
#include "protocols/wire/vlan.h"

struct virtual_iface {
    struct iface iface;
    struct iface *lower; /* whose frames bear the tag; NULL: the switch's own */
    uint16_t vid;
};

/* Adds one for VLAN `vid` on `lower`, or with NULL on the switch `node` itself; NULL with an error
 * if there is one already. */
struct iface *virtual_add(struct node *node, struct iface *lower, uint16_t vid, GError **error);

/* That of a switch in a VLAN, or NULL. */
struct virtual_iface *virtual_in(const struct node *node, uint16_t vid);

/* What such an interface stands on; NULL: nothing, it is a switch's own. */
struct iface *virtual_lower(const struct iface *iface);

/* A frame with a tag came in at `lower`, its Ethernet header in front.  Takes it over and returns
 * true if somebody here is in its VLAN. */
bool virtual_input(struct iface *lower, struct packet *frame);

/* A frame of its VLAN, without a tag, is for the switch's own interface.  Takes it over. */
void virtual_deliver(struct virtual_iface *v, struct packet *frame);

/* Those on `lower` go up and down with it. */
void virtual_set_up(struct iface *lower, bool up);

/* For node_free. */
void virtual_free_all(struct node *node);

#endif

/* Interfaces without a cable of their own: a VLAN on an interface of a host or router (what Linux
 * calls eth1.10), or the one by which a switch itself is in a VLAN. */
#ifndef WEFT_MODELS_NODE_VIRTUAL_H
#define WEFT_MODELS_NODE_VIRTUAL_H

#include "models/node/node.h"

struct virtual_iface {
    struct iface iface;
    struct iface *lower; /* whose frames bear the tag; NULL: the switch's own */
    uint16_t vid;
};

#endif

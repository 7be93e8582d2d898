/* Segments: the interfaces that hear each other's broadcasts.
 *
 * A cable between two hosts or routers is one; so are all interfaces that hang on switches that are
 * connected, as far as the VLANs reach.  They follow from the links and from what the ports of
 * switches say about VLANs, not from what spanning tree does to the ports. */
#ifndef WEFT_MODELS_NODE_SEGMENT_H
#define WEFT_MODELS_NODE_SEGMENT_H

#include "models/node/network.h"

struct segment {
    char *name;             /* follows from the link's, or the first switch's by name and VLAN */
    struct link *link;      /* a cable between hosts or routers; NULL: switched */
    struct iface **members; /* those of nodes that forward first; of equals the first by name */
    uint32_t n, n_gateways; /* members, and those of nodes that forward */
};

struct segments {
    struct segment *all; /* in the order of the links */
    uint32_t n;
};

/* The segments of a network as it is wired now; the network keeps them until it is wired anew. */
const struct segments *network_segments(struct network *net);

/* NULL is harmless. */
void segments_free(struct segments *segments);

#endif

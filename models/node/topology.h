/* What a scenario leaves open: automatic addresses and shortest-path routes. */
#ifndef WEFT_MODELS_NODE_TOPOLOGY_H
#define WEFT_MODELS_NODE_TOPOLOGY_H

#include "models/node/network.h"

/* Gives both ends of each link that has no address a /30 of 10.0.0.0/8.  Which one follows from the
 * link's name, so that adding a link renumbers no other; names that collide (4 million subnets)
 * take the next free one, first come, first served. */
void topology_address(struct network *net);

/* Installs shortest paths (by number of links) to all subnets on all nodes, all equal-cost next
 * hops of them; a host with one interface gets a default route instead.  Hosts do not forward, so
 * no path leads through one.  A node that has a static route gets none.  Routes that were installed
 * earlier this way are replaced. */
void topology_route(struct network *net);

#endif

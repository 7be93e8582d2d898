/* What a scenario leaves open: automatic addresses and shortest-path routes. */
#ifndef WEFT_MODELS_NODE_TOPOLOGY_H
#define WEFT_MODELS_NODE_TOPOLOGY_H

#include "models/node/network.h"

/* Gives the interfaces that have no address one: both ends of a cable a /30 of 10.0.0.0/8, all in a
 * switched segment one in a subnet of 172.16.0.0/12 that has room for several times as many.  If
 * some of a switched segment have addresses, the others get theirs in the subnet of the first of
 * those.  Subnet and address follow from names, so that what is added renumbers nothing else; names
 * that collide take the next free one, first come, first served. */
void topology_address(struct network *net);

/* Installs shortest paths (by number of segments) to all subnets on all nodes, all equal-cost next
 * hops of them; a host with one interface and one router behind it gets a default route instead.
 * Hosts do not forward, so no path leads through one.  A node that has a static route gets none.
 * Routes that were installed earlier this way are replaced.  Where they are kept up to date
 * (AUTOROUTE_LIVE) no path leads over an interface whose link is noticed to be down. */
void topology_route(struct network *net);

#endif

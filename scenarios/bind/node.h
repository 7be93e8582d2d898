/* Hosts and routers. */
#ifndef WEFT_SCENARIOS_BIND_NODE_H
#define WEFT_SCENARIOS_BIND_NODE_H

#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

/* The base of both. */
extern const struct bind_class bind_node_class;
extern const struct bind_class bind_host_class, bind_router_class;

extern const struct bind_options bind_node_options, bind_route_options;

/* Makes a node from the arguments of net:host and the like: a name and a table, which may have the
 * options `also` (NULL: none) for the caller to read. */
struct node *bind_node_new(lua_State *L, struct bind_object *self, enum node_kind kind,
                           const char *what, const struct bind_options *also);

/* The interface of the node that is meant at `index`: itself, its name or its number. */
struct iface *bind_find_iface(lua_State *L, int index, struct node *node, const char *what);

/* Pushes the one object for the node. */
void bind_push_node(lua_State *L, struct bind_net *net, struct node *node);

#endif

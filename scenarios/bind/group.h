/* Multicast groups: node:join, node:leave, and the options of sockets that name groups. */
#ifndef WEFT_SCENARIOS_BIND_GROUP_H
#define WEFT_SCENARIOS_BIND_GROUP_H

#include "models/socket/socket.h"
#include "scenarios/bind/network.h"

/* The value at `index` of an option about groups (SOCKET_VALUE_GROUP, SOCKET_VALUE_IFACE):
 * "239.1.1.1" or { "239.1.1.1", dev = }; an interface. */
struct socket_group bind_group(lua_State *L, int index, struct node *node,
                               const struct socket_option *option);

/* node:join, node:leave */
int bind_node_join(lua_State *L, struct bind_object *self);
int bind_node_leave(lua_State *L, struct bind_object *self);

#endif

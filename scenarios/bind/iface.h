/* Interfaces, and links as the direction out of their first end. */
#ifndef WEFT_SCENARIOS_BIND_IFACE_H
#define WEFT_SCENARIOS_BIND_IFACE_H

#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

/* What interfaces and links have in common. */
extern const struct bind_class bind_port_class;
extern const struct bind_class bind_iface_class;

extern const struct bind_options bind_capture_options, bind_address_options;

/* Pushes the one object for the interface. */
void bind_push_iface(lua_State *L, struct bind_net *net, struct iface *iface);

/* The interface of an object of either class; of a link its first. */
struct iface *bind_iface_of(struct bind_object *self);

/* Gives the interface the address at `index`, "10.0.0.1/24". */
void bind_iface_set_address(lua_State *L, int index, struct iface *iface);

#endif

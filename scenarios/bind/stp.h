/* Spanning tree in the language: options of net:switch, switch:stp(), port.stp. */
#ifndef WEFT_SCENARIOS_BIND_STP_H
#define WEFT_SCENARIOS_BIND_STP_H

#include "models/node/switch_stp.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

extern const struct bind_class bind_stp_port_class;

/* Those of net:switch, of port.stp = {...}, of switch:stp{...}. */
extern const struct bind_options bind_stp_options, bind_stp_port_options, bind_stp_set_options;

/* Reads the options of spanning tree from the table at `index` and starts what they say. */
void bind_stp_start(lua_State *L, int index, struct switch_node *sw);

/* switch:stp([{ priority = }]) */
int bind_switch_stp(lua_State *L, struct bind_object *self);

/* port.stp, and port.stp = {...} */
void bind_get_stp(lua_State *L, struct bind_object *self);
void bind_set_stp(lua_State *L, struct bind_object *self, int index);

/* Fails, with a remedy, if the port's switch runs no spanning tree. */
struct stp_port *bind_stp_port(lua_State *L, const struct iface *iface);

#endif

/* LLDP in the language: the option of nodes, node:lldp(), iface.lldp. */
#ifndef WEFT_SCENARIOS_BIND_LLDP_H
#define WEFT_SCENARIOS_BIND_LLDP_H

#include "models/node/node_lldp.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

struct table;

extern const struct bind_options bind_lldp_options;

/* lldp = true or { interval =, ... }, of net:host and the like; `data` is the node. */
void bind_set_lldp(lua_State *L, int index, void *data);

/* node:lldp() */
int bind_node_lldp(lua_State *L, struct bind_object *self);

/* iface.lldp */
void bind_get_lldp(lua_State *L, struct bind_object *self);

/* The rows of net:show("lldp"). */
void bind_show_lldp(struct table *table, struct node *node);

#endif

/* IGMP on switches and routers: options of net:switch, node:querier, switch:groups. */
#ifndef WEFT_SCENARIOS_BIND_SNOOP_H
#define WEFT_SCENARIOS_BIND_SNOOP_H

#include "models/node/switch_snoop.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

struct table;

/* Those of net:switch, of node:querier{...}. */
extern const struct bind_options bind_snoop_options, bind_querier_options;

/* Reads the options of snooping from the table at `index`, and starts it if `on`. */
void bind_snoop_start(lua_State *L, int index, struct switch_node *sw, bool on);

/* switch:groups() */
int bind_switch_groups(lua_State *L, struct bind_object *self);

/* node:querier{...} */
int bind_node_querier(lua_State *L, struct bind_object *self);

/* The rows of net:show("groups"): what a host has joined, what a switch has learnt. */
void bind_show_groups(struct table *table, struct node *node);

#endif

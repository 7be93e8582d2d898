/* Bonds in the language: node:bond{...}, iface.bond. */
#ifndef WEFT_SCENARIOS_BIND_BOND_H
#define WEFT_SCENARIOS_BIND_BOND_H

#include "models/node/bond.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

extern const struct bind_class bind_bond_class;

/* Those of node:bond{...}, LACP's apart. */
extern const struct bind_options bind_bond_options, bind_lacp_options;

/* node:bond{...} */
int bind_node_bond(lua_State *L, struct bind_object *self);

/* iface.bond: pushes nil if it is in none. */
void bind_get_bond(lua_State *L, struct bind_object *self);

#endif

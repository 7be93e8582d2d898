/* Switches and their ports. */
#ifndef WEFT_SCENARIOS_BIND_SWITCH_H
#define WEFT_SCENARIOS_BIND_SWITCH_H

#include "models/node/switch.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

extern const struct bind_class bind_switch_class;
extern const struct bind_class bind_switch_port_class;
extern const struct bind_class bind_hub_class;

extern const struct bind_options bind_switch_options;
extern const struct bind_options bind_trunk_options, bind_hybrid_options;
extern const struct bind_options bind_mirror_options, bind_limit_options;

/* The number of a VLAN, 1 to 4094, at `index`; `what` names it in errors. */
uint16_t bind_vid(lua_State *L, int index, const char *what);

/* The Ethernet address at `index`. */
struct eth_addr bind_mac(lua_State *L, int index, const char *what);

#endif

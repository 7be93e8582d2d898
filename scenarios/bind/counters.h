/* x:counters(): tables with Linux's names. */
#ifndef WEFT_SCENARIOS_BIND_COUNTERS_H
#define WEFT_SCENARIOS_BIND_COUNTERS_H

#include "scenarios/bind/class.h"

/* Of a node: /proc/net/snmp and /proc/net/netstat. */
int bind_node_counters(lua_State *L, struct bind_object *self);

/* Of an interface: /proc/net/dev and `tc -s qdisc`. */
int bind_iface_counters(lua_State *L, struct bind_object *self);

#endif

/* Traffic: net:NAME{...} and host:NAME(to, {...}) for each application of the registry.  A new
 * application needs no line here: its options and figures come from its tables. */
#ifndef WEFT_SCENARIOS_BIND_TRAFFIC_H
#define WEFT_SCENARIOS_BIND_TRAFFIC_H

#include "models/app/app.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

extern const struct bind_class bind_flow_class;

/* What all applications have besides their own options; `single`: those without a destination. */
extern const struct bind_options bind_flow_options;

/* "ECONNREFUSED" */
const char *bind_errno_name(int error);

/* node:NAME(to, {...}) */
bool bind_node_traffic_lookup(lua_State *L, struct bind_object *self, const char *name);
void bind_node_traffic_words(struct bind_object *self, GPtrArray *words);

#endif

/* Ends of traffic as users name them: a node, an interface, "10.0.0.1" or "10.0.0.1:80". */
#ifndef WEFT_SCENARIOS_BIND_ENDPOINT_H
#define WEFT_SCENARIOS_BIND_ENDPOINT_H

#include "models/app/app.h"
#include "scenarios/bind/network.h"

/* The value at `index`; `what` names it in errors. */
struct endpoint bind_endpoint(lua_State *L, int index, struct bind_net *net, const char *what);

/* "a", "10.0.0.1": for the name of a flow; pushed. */
const char *bind_endpoint_name(lua_State *L, const struct endpoint *end);

#endif

/* Results of a flow that are a list: traceroute.hops. */
#ifndef WEFT_SCENARIOS_BIND_ITEMS_H
#define WEFT_SCENARIOS_BIND_ITEMS_H

#include "models/app/app.h"
#include "scenarios/bind/bind.h"

/* Pushes the list of tables that `name` is of the application, or returns false. */
bool bind_items_push(lua_State *L, struct app *app, const char *name);

#endif

/* flow:on: functions that are called when something happens to a flow. */
#ifndef WEFT_SCENARIOS_BIND_LISTEN_H
#define WEFT_SCENARIOS_BIND_LISTEN_H

#include "models/app/app.h"
#include "scenarios/bind/network.h"

/* flow:on(event, fn) */
int bind_flow_on(lua_State *L, struct bind_object *self);

/* Frees the list of a flow's functions. */
void bind_listeners_free(gpointer data);

/* The flow came to its end: calls those who wait for that. */
void bind_listen_done(struct bind_net *net, struct app *app);

#endif

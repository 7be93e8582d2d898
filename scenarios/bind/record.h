/* Recording, and the series that come of it; the same for flows, interfaces and links. */
#ifndef WEFT_SCENARIOS_BIND_RECORD_H
#define WEFT_SCENARIOS_BIND_RECORD_H

#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

enum { RECORD_NAMES = 24 };

/* x:record(name, ... [, { every =, between = }]) */
int bind_record(lua_State *L, struct bind_object *self);

/* x:series(name) */
int bind_series(lua_State *L, struct bind_object *self);

/* What the object's recorded series are called. */
const char *bind_record_object(struct bind_object *self);

extern const struct bind_options bind_record_options;

#endif

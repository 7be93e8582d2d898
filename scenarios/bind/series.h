/* Series of values: recorded ones, and those that a script makes of figures. */
#ifndef WEFT_SCENARIOS_BIND_SERIES_H
#define WEFT_SCENARIOS_BIND_SERIES_H

#include "scenarios/bind/network.h"
#include "sim/series.h"

extern const struct bind_class bind_series_class;

/* One series in Lua.  Recorded ones are the report's; those of figures are owned and their "times"
 * count objects from 1. */
struct bind_series_ref {
    struct series *series;
    const char *object; /* whose it is; lives as long as the network */
    bool owned;         /* of figures, not over time */
    GPtrArray *of;      /* owned: names of the objects, in the order of the points; copies */
};

/* Pushes an object for a recorded series of the object. */
void bind_push_series(lua_State *L, struct bind_net *net, struct series *series,
                      const char *object);

/* The series at `index`, or NULL. */
struct bind_series_ref *bind_to_series(lua_State *L, int index);

/* weft.series(list, name) */
int bind_weft_series(lua_State *L, struct bind_object *self);

#endif

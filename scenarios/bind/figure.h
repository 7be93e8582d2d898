/* Figures: the results of an object, from its table of metrics.
 *
 * A name with parts ("rtt.p99") is a field of a group, f.rtt.p99.  The same names are there for the
 * whole run (f.goodput) and for a window of it (f:stats{ between = }.goodput). */
#ifndef WEFT_SCENARIOS_BIND_FIGURE_H
#define WEFT_SCENARIOS_BIND_FIGURE_H

#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

/* Pushes the figure or group `name` of the object, over the whole run so far; false if it has none
 * of this name.  Raises an error before the first run. */
bool bind_figure_push(lua_State *L, struct bind_object *self, const char *name);

/* Has it a figure or a group of this name? */
bool bind_figure_exists(struct bind_object *self, const char *name);

/* Adds the names. */
void bind_figure_words(struct bind_object *self, GPtrArray *words);

/* The method stats: pushes the figures over a window, { between = { t1, t2 } }. */
int bind_stats(lua_State *L, struct bind_object *self);

/* The figure `name` ("goodput", "rtt.p99") of an object now, NAN if there is none yet; *metric is
 * NULL if there is no such figure at all. */
double bind_figure_value(struct bind_object *self, const char *name, const struct metric **metric);

extern const struct bind_options bind_stats_options;

#endif

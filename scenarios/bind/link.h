/* Links and what can be set of their directions. */
#ifndef WEFT_SCENARIOS_BIND_LINK_H
#define WEFT_SCENARIOS_BIND_LINK_H

#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

extern const struct bind_class bind_link_class;

/* The table of impairments by interface; the network's. */
GHashTable *bind_directions_new(void);

/* What link() and set() take for one direction: for the manual. */
extern const struct bind_options bind_direction_options, bind_link_options;

/* Sets what the table at `index` says, of a link (both directions, { ab =, ba = }) or, if `link` is
 * NULL, of the direction out of `iface`. */
void bind_link_set(lua_State *L, int index, struct bind_net *net, struct link *link,
                   struct iface *iface);

extern const struct bind_options bind_down_options;

#endif

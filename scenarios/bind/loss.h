/* Impairments of a link direction as options: loss, ber, jitter, reorder, duplicate. */
#ifndef WEFT_SCENARIOS_BIND_LOSS_H
#define WEFT_SCENARIOS_BIND_LOSS_H

#include "models/link/impair.h"
#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

/* A direction's impairments as they were set last; owned by bind_net.directions. */
struct bind_impairs {
    struct impair_config config;
    struct bind_net *net;
    struct iface *iface;
    unsigned changes; /* each gets random streams of its own */
    bool changed;     /* since they were applied */
    int predicate;    /* reference of the function in the registry, or LUA_NOREF */
};

/* Those of the direction out of `iface`, none at first. */
struct bind_impairs *bind_impairs_of(struct bind_net *net, struct iface *iface);

/* Options that set them; their data is a struct bind_direction of link.c, which begins with the
 * impairments. */
void bind_set_loss(lua_State *L, int index, struct bind_impairs *impairs);
void bind_set_jitter(lua_State *L, int index, struct bind_impairs *impairs);
void bind_set_reorder(lua_State *L, int index, struct bind_impairs *impairs);

/* Puts them on the link, if they changed. */
void bind_impairs_apply(struct bind_impairs *impairs);

extern const struct bind_options bind_loss_options, bind_burst_options, bind_jitter_options,
    bind_reorder_options;

#endif

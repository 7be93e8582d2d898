/* weft.cc: congestion controls written in Lua. */
#ifndef WEFT_SCENARIOS_BIND_CC_H
#define WEFT_SCENARIOS_BIND_CC_H

#include "scenarios/bind/network.h"

/* Those that the scenario has defined, and those of plug-ins; empty at first. */
GPtrArray *bind_ccs_new(void);
void bind_ccs_free(GPtrArray *ccs);

/* Makes all of them known to a network; those of plug-ins with an error if there is a fault. */
void bind_ccs_join(lua_State *L, struct bind_net *net);

/* Forgets those of a network, which has been freed. */
void bind_ccs_leave(struct bind_net *net);

/* What a script sees of a connection and of an ACK: name and meaning, ended by a row without a
 * name. */
struct bind_cc_field {
    const char *name;
    void (*get)(lua_State *L, const void *of);
    const char *doc;
};

extern const struct bind_cc_field bind_cc_fields[], bind_cc_ack_fields[];
extern const struct bind_options bind_cc_options;
extern const struct bind_method bind_weft_cc[];

#endif

/* Option tables: { rate = "10Mbps", delay = "20ms" }.
 *
 * Most options are rows of a parameter table, whose values go straight into a struct.  What a row
 * cannot say (nodes, functions, lists) is a struct bind_option with a function of its own. */
#ifndef WEFT_SCENARIOS_BIND_OPTIONS_H
#define WEFT_SCENARIOS_BIND_OPTIONS_H

#include "scenarios/bind/bind.h"
#include "sim/param.h"

struct bind_option {
    const char *name;
    const char *type, *def; /* for the manual: "time", "node", ...; "" if there is no default */
    const char *doc;
    /* Takes the value at `index`, which is not nil. */
    void (*set)(lua_State *L, int index, void *data);
};

#define BIND_OPTIONS_END \
    {                    \
        .name = NULL     \
    }

struct bind_options {
    const char *what;           /* "link", for messages */
    const struct param *params; /* set in `base`; NULL: none */
    void *base;
    const struct bind_option *options; /* set in `data`; NULL: none */
    void *data;
    const struct bind_options *also; /* names of these are known, but not set here */
    const char *direction;           /* "ab" or "ba": of values { ab =, ba = } only this one */
};

/* Reads the table at `index` (nil: nothing is given).  Values are taken in the order of the rows;
 * positions from 1 to `list` of the table are the caller's. */
void bind_read_options(lua_State *L, int index, const struct bind_options *options, int list);

/* Only checks that all names of the table at `index` are options. */
void bind_check_options(lua_State *L, int index, const struct bind_options *options);

/* Sets one row from the value at `index`: a number, a text, a boolean, a distribution. */
void bind_set_param(lua_State *L, int index, const char *what, const struct param *param,
                    void *base);

/* Pushes `size` zeroed bytes with the defaults of `params`; whatever the rows own is freed with
 * them. */
void *bind_new_params(lua_State *L, const struct param *params, size_t size);

#endif

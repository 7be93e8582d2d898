/* What the language will have and has not yet: a word for each, so that a script that uses it
 * learns that it is missing and what there is instead. */
#ifndef WEFT_SCENARIOS_BIND_MISSING_H
#define WEFT_SCENARIOS_BIND_MISSING_H

#include "scenarios/bind/class.h"

struct bind_missing {
    const char *where;   /* class, or the table "weft", or "" for a function on its own */
    const char *name;    /* "switch" */
    const char *call;    /* "net:switch" */
    const char *what;    /* "Ethernet switches are", not modelled yet */
    const char *instead; /* "net:host and net:router" */
};

/* All, ended by a row without a name. */
extern const struct bind_missing bind_missing_words[];

/* If `name` of the class is one of them, raises the error that says so. */
void bind_missing_refuse(lua_State *L, const char *where, const char *name);

/* Adds those that belong to no object. */
void bind_missing_open(lua_State *L);

#endif

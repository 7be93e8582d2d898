/* The part of the language that is written in Lua (scenarios/lib/), embedded in the program. */
#ifndef WEFT_SCENARIOS_BIND_LIBRARY_H
#define WEFT_SCENARIOS_BIND_LIBRARY_H

#include "scenarios/bind/bind.h"

/* A file of the library; made by tools/embed.sh. */
struct bind_library_file {
    const char *name; /* "topology.lua" */
    const char *text;
};

/* All, ended by one without a name. */
extern const struct bind_library_file bind_library_files[];

/* The library's function `name` for objects of the class; pushes it, or returns false. */
bool bind_library_lookup(lua_State *L, const char *class, const char *name);

/* Adds the names of its functions for the class. */
void bind_library_words(lua_State *L, const char *class, GPtrArray *words);

#endif

/* Fields of the tables that methods return: each sets one of the table on top of the stack. */
#ifndef WEFT_SCENARIOS_BIND_FIELD_H
#define WEFT_SCENARIOS_BIND_FIELD_H

#include "scenarios/bind/bind.h"

/* NULL sets nothing. */
static inline void bind_field_text(lua_State *L, const char *name, const char *text)
{
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

/* A count. */
static inline void bind_field_whole(lua_State *L, const char *name, uint64_t value)
{
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, name);
}

/* Yes or no. */
static inline void bind_field_flag(lua_State *L, const char *name, bool flag)
{
    lua_pushboolean(L, flag);
    lua_setfield(L, -2, name);
}

#endif

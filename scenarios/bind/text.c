/* tostring, print and string.format without addresses, which differ from run to run. */
#include <stdio.h>
#include <string.h>

#include "scenarios/bind/bind.h"

static bool has_address(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TTABLE:
    case LUA_TFUNCTION:
    case LUA_TUSERDATA:
    case LUA_TLIGHTUSERDATA:
    case LUA_TTHREAD:
        return true;
    default:
        return false;
    }
}

const char *bind_tostring(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (has_address(L, index) && luaL_getmetafield(L, index, "__tostring") == LUA_TNIL) {
        if (luaL_getmetafield(L, index, "__name") != LUA_TSTRING)
            lua_pushstring(L, luaL_typename(L, index));
        return lua_tostring(L, -1);
    }
    if (has_address(L, index))
        lua_pop(L, 1); /* luaL_tolstring calls it */
    return luaL_tolstring(L, index, NULL);
}

static int tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    bind_tostring(L, 1);
    return 1;
}

static int print(lua_State *L)
{
    int n = lua_gettop(L);

    if (bind_of(L)->only_args)
        return 0;
    for (int i = 1; i <= n; i++) {
        size_t length;
        bind_tostring(L, i);
        const char *text = lua_tolstring(L, -1, &length);
        if (i > 1)
            putchar('\t');
        fwrite(text, 1, length, stdout);
        lua_pop(L, 1);
    }
    putchar('\n');
    return 0;
}

/* The conversion letter after a %, and the place behind it. */
static char conversion(const char **at)
{
    *at += strspn(*at, "-+ #0123456789.");
    char letter = **at;
    if (letter)
        ++*at;
    return letter;
}

/* Objects that are to be shown with %s become text here, before Lua's own function sees them. */
static int format(lua_State *L)
{
    const char *at = luaL_checkstring(L, 1);
    int n = lua_gettop(L), arg = 1;

    while ((at = strchr(at, '%'))) {
        at++;
        char letter = conversion(&at);
        if (letter == '%')
            continue;
        if (letter == 'p')
            bind_fail(L, "string.format: %%p is not available: addresses differ from run to run");
        if (++arg <= n && letter == 's' && has_address(L, arg)) {
            bind_tostring(L, arg);
            lua_replace(L, arg);
        }
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, n, 1);
    return 1;
}

void bind_text_open(lua_State *L)
{
    lua_pushcfunction(L, tostring);
    lua_setfield(L, -2, "tostring");
    lua_pushcfunction(L, print);
    lua_setfield(L, -2, "print");
    lua_getfield(L, -1, "string");
    lua_getfield(L, -1, "format");
    lua_pushcclosure(L, format, 1);
    lua_setfield(L, -2, "format");
    lua_pop(L, 1);
}

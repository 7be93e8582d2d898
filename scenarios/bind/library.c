/* Each file returns a table of classes, and each class is a table of functions that take the object
 * first: { network = { dumbbell = function(net, o) ... end } }.  The files are run at the first
 * look-up that nothing else answered. */
#include "scenarios/bind/library.h"

#include <string.h>

#include "scenarios/bind/link.h"
#include "scenarios/bind/value.h"

const char bind_key_library = 0;

/* ---- What the library is given -------------------------------------------------------------- */

static int library_fail(lua_State *L)
{
    bind_fail(L, "%s", luaL_checkstring(L, 1));
}

/* check(what, options, names): the options' names are among `names` and those of net:link. */
static int library_check(lua_State *L)
{
    struct bind_option own[32] = { { .name = NULL } };
    const struct bind_options link = bind_link_options;
    struct bind_options direction = bind_direction_options;
    struct bind_options all = { .what = lua_tostring(L, 1), .options = own, .also = &direction };
    lua_Integer n = (lua_Integer)lua_rawlen(L, 3);

    luaL_checkstack(L, 40, NULL);
    for (lua_Integer i = 0; i < n && i < 31; i++) {
        lua_rawgeti(L, 3, i + 1);
        own[i].name = lua_tostring(L, -1);
    }
    direction.also = &link;
    bind_check_options(L, 2, &all);
    return 0;
}

static int library_seconds(lua_State *L)
{
    lua_pushnumber(L, simtime_seconds(bind_time(L, 1, "rtt")));
    return 1;
}

static int library_bits(lua_State *L)
{
    lua_pushnumber(L, (double)bind_rate(L, 1, "rate"));
    return 1;
}

static int push_gifts(lua_State *L)
{
    lua_pushcfunction(L, library_fail);
    lua_pushcfunction(L, library_check);
    lua_pushcfunction(L, library_seconds);
    lua_pushcfunction(L, library_bits);
    return 4;
}

/* ---- Its files ------------------------------------------------------------------------------ */

/* Copies the functions of the class table on top into the class of the same name in the library at
 * `library`. */
static void merge_class(lua_State *L, int library, const char *class)
{
    if (lua_getfield(L, library, class) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, library, class);
    }
    lua_insert(L, -2);
    for (lua_pushnil(L); lua_next(L, -2);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -5);
    }
    lua_pop(L, 2);
}

static void run_file(lua_State *L, const struct bind_library_file *file, int library)
{
    lua_pushfstring(L, "=weft:%s", file->name);
    if (luaL_loadbufferx(L, file->text, strlen(file->text), lua_tostring(L, -1), "t") != LUA_OK)
        lua_error(L);
    lua_call(L, push_gifts(L), 1);
    for (lua_pushnil(L); lua_next(L, -2);)
        merge_class(L, library, lua_tostring(L, -2));
    lua_pop(L, 2);
}

static void push_library(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &bind_key_library) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &bind_key_library);
    int library = lua_gettop(L);
    for (const struct bind_library_file *file = bind_library_files; file->name; file++)
        run_file(L, file, library);
}

bool bind_library_lookup(lua_State *L, const char *class, const char *name)
{
    int top = lua_gettop(L);

    push_library(L);
    if (lua_getfield(L, -1, class) == LUA_TTABLE && lua_getfield(L, -1, name) == LUA_TFUNCTION) {
        lua_replace(L, top + 1);
        lua_settop(L, top + 1);
        return true;
    }
    lua_settop(L, top);
    return false;
}

void bind_library_words(lua_State *L, const char *class, GPtrArray *words)
{
    int top = lua_gettop(L);

    push_library(L);
    if (lua_getfield(L, -1, class) == LUA_TTABLE)
        for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
            g_ptr_array_add(words, (char *)lua_tostring(L, -2));
    lua_settop(L, top);
}

#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/bind/bind.h"
#include "scenarios/bind/words.h"

const char bind_key_words = 0;

/* The line is noted now: an error for want of memory brings none. */
static void *refuse(struct bind *bind)
{
    if (bind->running)
        bind_where_to(bind->running, bind->refused, sizeof bind->refused);
    return NULL;
}

static void *allocate(void *data, void *old, size_t old_size, size_t size)
{
    struct bind *bind = data;

    if (!old)
        old_size = 0; /* it says the type of object then */
    if (size > old_size && bind->memory + (size - old_size) > bind->limits.memory)
        return refuse(bind);
    void *memory = NULL;
    if (size > 0 && !(memory = realloc(old, size)))
        return refuse(bind);
    if (size == 0)
        free(old);
    bind->memory += size - old_size;
    return memory;
}

static void open_library(lua_State *L, const char *name, lua_CFunction open)
{
    lua_pushcfunction(L, open);
    lua_pushstring(L, name);
    lua_call(L, 1, 1);
    lua_setfield(L, -2, name);
}

/* luaopen_base fills the globals, which are the table of words; the script's own globals become
 * an empty table in front of it (sandbox.c). */
static int open_all(lua_State *L)
{
    lua_pushglobaltable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &bind_key_words);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &bind_key_objects);
    open_library(L, "_G", luaopen_base);
    open_library(L, "string", luaopen_string);
    open_library(L, "table", luaopen_table);
    open_library(L, "math", luaopen_math);
    open_library(L, "coroutine", luaopen_coroutine);
    open_library(L, "utf8", luaopen_utf8);
    bind_limit_open(L);
    bind_order_open(L);
    bind_sort_open(L);
    bind_text_open(L);
    bind_words_open(L);
    bind_sandbox(L);
    return 0;
}

static int panic(lua_State *L)
{
    g_error("Lua: %s", lua_tostring(L, -1));
    return 0;
}

lua_State *bind_state_new(struct bind *bind)
{
    bind_limit_init(bind);
    lua_State *L = lua_newstate(allocate, bind);

    if (!L)
        return NULL;
    lua_atpanic(L, panic);
    *(struct bind **)lua_getextraspace(L) = bind;
    bind->L = bind->running = L;
    lua_pushcfunction(L, open_all);
    lua_call(L, 0, 0);
    bind_limit_watch(L);
    return L;
}

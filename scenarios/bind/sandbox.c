/* What a script sees of Lua.
 *
 * Everything whose result could differ from run to run is gone, or gives the same always: clocks,
 * files, addresses, the garbage collector.  The message for each says what there is instead.
 *
 * Globals are strict: a script's global table is empty and locked, with the words of the language
 * behind it, so that a name misspelt, read or written, is an error. */
#include <string.h>

#include "scenarios/bind/bind.h"

/* ---- Absent parts of Lua ------------------------------------------------------------------- */

static const struct absent {
    const char *name, *instead;
} absent[] = {
    { "os", "a scenario sees neither clock nor system; now() is the simulated time" },
    { "io", "results are written with weft.table, weft.result, weft.plot and print" },
    { "debug", "errors carry file and line of themselves" },
    { "package", "require \"name\" reads name.lua beside the scenario" },
    { "loadfile", "dofile(\"name.lua\") runs a file beside the scenario" },
};

static int absent_index(lua_State *L)
{
    bind_fail(L, "%s.%s is not available: %s", lua_tostring(L, lua_upvalueindex(1)),
              bind_tostring(L, 2), lua_tostring(L, lua_upvalueindex(2)));
}

static int absent_call(lua_State *L)
{
    bind_fail(L, "%s is not available: %s", lua_tostring(L, lua_upvalueindex(1)),
              lua_tostring(L, lua_upvalueindex(2)));
}

static void set_absent_hook(lua_State *L, const struct absent *a, const char *event,
                            lua_CFunction function)
{
    lua_pushstring(L, a->name);
    lua_pushstring(L, a->instead);
    lua_pushcclosure(L, function, 2);
    lua_setfield(L, -2, event);
}

static void put_absent(lua_State *L, const struct absent *a)
{
    lua_newtable(L);
    lua_createtable(L, 0, 4);
    set_absent_hook(L, a, "__index", absent_index);
    set_absent_hook(L, a, "__newindex", absent_index);
    set_absent_hook(L, a, "__call", absent_call);
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, a->name);
}

/* ---- The garbage collector ----------------------------------------------------------------- */

/* Collects if asked to, and says nothing of what it found. */
static int collectgarbage(lua_State *L)
{
    static const char *const options[] = { "collect",      "count",     "step",
                                           "stop",         "restart",   "incremental",
                                           "generational", "isrunning", NULL };
    if (luaL_checkoption(L, 1, "collect", options) == 0)
        lua_gc(L, LUA_GCCOLLECT);
    lua_pushinteger(L, 0);
    return 1;
}

static void refuse_field(lua_State *L, const char *field, const char *why)
{
    lua_pushstring(L, field);
    if (lua_rawget(L, 2) != LUA_TNIL)
        bind_fail(L, "setmetatable: %s is not available: %s depends on when memory is collected",
                  field, why);
    lua_pop(L, 1);
}

static int setmetatable(lua_State *L)
{
    if (lua_type(L, 2) == LUA_TTABLE) {
        refuse_field(L, "__gc", "when a finaliser runs");
        refuse_field(L, "__mode", "what a weak table holds");
    }
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

/* ---- Other files --------------------------------------------------------------------------- */

/* As lua(1) it passes over a byte order mark, and over a first line that starts with #, of which
 * the end stays, to be counted. */
static size_t prologue(const char *text)
{
    size_t from = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    return text[from] == '#' ? from + strcspn(text + from, "\n") : from;
}

bool bind_load_text(lua_State *L, const char *path, const char *text, size_t size)
{
    size_t from = prologue(text);

    if (text[from] == LUA_SIGNATURE[0]) {
        lua_pushfstring(L, "%s: this is compiled Lua; give the text of the scenario", path);
        return false;
    }
    char *chunk = g_strconcat("@", path, NULL);
    bool ok = luaL_loadbufferx(L, text + from, size - from, chunk, "t") == LUA_OK;
    g_free(chunk);
    return ok;
}

static bool load_file(lua_State *L, const char *path)
{
    char *problem = NULL;
    gsize size;
    char *text = bind_read_file(path, &size, &problem);
    bool ok = text && bind_load_text(L, path, text, size);

    if (!text)
        lua_pushstring(L, problem);
    g_free(problem);
    g_free(text);
    return ok;
}

static void run_file(lua_State *L, const char *word, const char *path)
{
    if (!load_file(L, path))
        bind_fail(L, "%s: %s", word, lua_tostring(L, -1));
    lua_call(L, 0, 1);
}

static int dofile(lua_State *L)
{
    bind_push_path(L, luaL_checkstring(L, 1), "");
    run_file(L, "dofile", lua_tostring(L, -1));
    return 1;
}

/* The second time a module is asked for, it is there already: the upvalue holds the modules. */
static int require(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    if (lua_getfield(L, lua_upvalueindex(1), lua_tostring(L, 1)) != LUA_TNIL)
        return 1;
    bind_push_path(L, lua_tostring(L, 1), ".lua");
    run_file(L, "require", lua_tostring(L, -1));
    if (lua_isnil(L, -1))
        lua_pushboolean(L, true);
    lua_pushvalue(L, -1);
    lua_setfield(L, lua_upvalueindex(1), lua_tostring(L, 1));
    return 1;
}

/* Text only: a compiled chunk could break out of the sandbox. */
static int load(lua_State *L)
{
    lua_settop(L, 4);
    bool has_environment = !lua_isnil(L, 4);
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_settop(L, has_environment ? 5 : 4);
    lua_call(L, has_environment ? 4 : 3, LUA_MULTRET);
    bind_limit_through(L);
    return lua_gettop(L);
}

/* ---- Globals ------------------------------------------------------------------------------- */

static GPtrArray *global_words(lua_State *L, int words)
{
    GPtrArray *names = g_ptr_array_new();

    for (lua_pushnil(L); lua_next(L, words); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            g_ptr_array_add(names, (char *)lua_tostring(L, -2));
    return names;
}

/* A list of all words is no help; only a near one is told. */
static int unknown_global(lua_State *L)
{
    const char *name = bind_tostring(L, 2);
    GPtrArray *words = global_words(L, 1);
    char *near = bind_near(name, words);

    g_ptr_array_free(words, TRUE);
    lua_pushstring(L, near ? near : "");
    g_free(near);
    near = (char *)lua_tostring(L, -1);
    bind_fail(L, *near ? "unknown global `%s`; did you mean `%s`?" : "unknown global `%s`", name,
              near);
}

static int new_global(lua_State *L)
{
    const char *name = bind_tostring(L, 2);

    lua_rawgetp(L, LUA_REGISTRYINDEX, &bind_key_words);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL)
        bind_fail(L,
                  "`%s` belongs to the language and cannot be set; give your variable another "
                  "name",
                  name);
    bind_fail(L, "unknown global `%s`; declare it: local %s%s", name,
              lua_isfunction(L, 3) ? "function " : "", name);
}

/* The table of words is on top. */
static void make_globals_strict(lua_State *L)
{
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, unknown_global);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);

    lua_newtable(L); /* the script's globals */
    lua_createtable(L, 0, 3);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, new_global);
    lua_setfield(L, -2, "__newindex");
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "_G");
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

static void wrap(lua_State *L, const char *name, lua_CFunction function)
{
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

static void remove_field(lua_State *L, const char *library, const char *field)
{
    lua_getfield(L, -1, library);
    lua_pushnil(L);
    lua_setfield(L, -2, field);
    lua_pop(L, 1);
}

void bind_sandbox(lua_State *L)
{
    static const char *const libraries[] = { "string", "table", "math", "coroutine", "utf8" };

    lua_pushcfunction(L, collectgarbage);
    lua_setfield(L, -2, "collectgarbage");
    lua_pushcfunction(L, dofile);
    lua_setfield(L, -2, "dofile");
    lua_newtable(L);
    lua_pushcclosure(L, require, 1);
    lua_setfield(L, -2, "require");
    wrap(L, "setmetatable", setmetatable);
    wrap(L, "load", load);
    remove_field(L, "string", "dump");
    for (size_t i = 0; i < G_N_ELEMENTS(absent); i++)
        put_absent(L, &absent[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(libraries); i++) {
        lua_getfield(L, -1, libraries[i]);
        bind_strict(L, libraries[i]);
        lua_pop(L, 1);
    }
    make_globals_strict(L);
}

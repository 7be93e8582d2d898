/* Endless loops.
 *
 * Lua calls a hook every STEP instructions, which counts down what is left for the script or the
 * callback that runs.  When nothing is left the error must not be caught, or `while true do
 * pcall(f) end` would go on: pcall, xpcall, load, coroutine.resume and coroutine.close raise it
 * again, and xpcall calls no handler for it, in which the hook would be off.  New coroutines
 * inherit the hook. */
#include <string.h>

#include "scenarios/bind/bind.h"

enum { STEP = 10000 };

#define SCRIPT_LIMIT   UINT64_C(1000000000)
#define CALLBACK_LIMIT UINT64_C(50000000)
#define MEMORY_LIMIT   (UINT64_C(4) << 30)

static void on_step(lua_State *L, lua_Debug *frame)
{
    struct bind *bind = bind_of(L);
    struct bind_limits *limits = &bind->limits;

    limits->left -= STEP;
    if (limits->left > 0)
        return;
    bind->fatal = true;
    bind_fail(L,
              "%s ran %" G_GUINT64_FORMAT " instructions of Lua without an end: an endless loop? "
              "weft.limits { %s = N } allows more",
              limits->what, limits->allowed, limits->option);
}

static void limits_start(struct bind_limits *limits, const char *what, const char *option,
                         uint64_t allowed)
{
    limits->what = what;
    limits->option = option;
    limits->allowed = allowed;
    limits->left = (int64_t)allowed;
}

void bind_limit_init(struct bind *bind)
{
    bind->limits = (struct bind_limits){
        .script = SCRIPT_LIMIT,
        .callback = CALLBACK_LIMIT,
        .memory = MEMORY_LIMIT,
    };
}

void bind_limit_watch(lua_State *L)
{
    lua_sethook(L, on_step, LUA_MASKCOUNT, STEP);
}

/* ---- Calling ------------------------------------------------------------------------------- */

/* The length of "file.lua:" in "file.lua:12: ". */
static size_t file_length(const char *where)
{
    int colons = 0;

    for (size_t n = strlen(where); n > 0; n--)
        if (where[n - 1] == ':' && ++colons == 2)
            return n;
    return 0;
}

/* A call that fails returns nil, and scripts that do not look at it go on with that. */
static const char *nil_hint(lua_State *L, int index)
{
    struct bind *bind = bind_of(L);
    const char *failed = bind->failed;

    if (!failed || !strstr(lua_tostring(L, index), "attempt to index a nil value"))
        return lua_pushliteral(L, "");
    bind->failed = NULL; /* an error of a process is described again where it ends the run */
    return lua_pushfstring(L,
                           "; the last call of a socket that failed: %snil and \"%s\"; with "
                           "assert(...) around it the run stops there",
                           bind->failed_at, failed);
}

/* "; called at a.lua:6, a.lua:7": the functions of scripts that called the one where the error is,
 * as far as no function of C lies between. */
static const char *push_callers(lua_State *L)
{
    enum { SHOWN = 4 };
    GString *text = g_string_new(NULL);
    lua_Debug frame;
    int scripts = 0, line = 0;

    for (int level = 0; scripts <= SHOWN && lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline < 0 && scripts > 0)
            break;
        if (!bind_is_script(&frame) || frame.currentline == line)
            continue;
        if (scripts++ > 0)
            g_string_append_printf(text, "%s%s:%d", text->len ? ", " : "; called at ",
                                   frame.short_src, frame.currentline);
        line = frame.currentline;
    }
    lua_pushstring(L, text->str);
    g_string_free(text, TRUE);
    return lua_tostring(L, -1);
}

/* Whatever was raised becomes a text with a position; what Lua's own functions raise (ipairs of a
 * number) has none. */
static void push_description(lua_State *L, int index)
{
    const char *where = bind_where(L);

    if (lua_type(L, index) != LUA_TSTRING)
        lua_pushfstring(L, "%san error that is no text: %s", where, bind_tostring(L, index));
    else if (strncmp(lua_tostring(L, index), where, file_length(where)) != 0)
        lua_pushfstring(L, "%s%s%s", where, lua_tostring(L, index), push_callers(L));
    else if (strncmp(lua_tostring(L, index), where, strlen(where)) == 0)
        lua_pushfstring(L, "%s%s%s", lua_tostring(L, index), nil_hint(L, index), push_callers(L));
    else /* it was described where it arose, in a callback or a process */
        lua_pushfstring(L, "%s%s", lua_tostring(L, index), nil_hint(L, index));
}

static int describe(lua_State *L)
{
    push_description(L, 1);
    return 1;
}

/* In place of the text on top. */
static void tell_memory(struct bind *bind, lua_State *L)
{
    char *limit = unit_show_size(bind->limits.memory);

    lua_pop(L, 1);
    lua_pushfstring(L,
                    "%sthe script's data do not fit into %s; weft.limits { memory = SIZE } "
                    "allows more",
                    bind->refused, limit);
    g_free(limit);
}

static bool protected_call(struct bind *bind, lua_State *L, int nargs, int nresults)
{
    int at = lua_gettop(L) - nargs;

    lua_pushcfunction(L, describe);
    lua_insert(L, at);
    int status = lua_pcall(L, nargs, nresults, at);
    lua_remove(L, at);
    if (status == LUA_ERRMEM)
        tell_memory(bind, L);
    return status == LUA_OK;
}

bool bind_call_script(struct bind *bind, int nargs, int nresults)
{
    limits_start(&bind->limits, "the script", "script", bind->limits.script);
    return protected_call(bind, bind->L, nargs, nresults);
}

/* What was counted before goes on; new limits may have been set meanwhile. */
static void limits_restore(struct bind_limits *limits, struct bind_limits before)
{
    before.script = limits->script;
    before.callback = limits->callback;
    before.memory = limits->memory;
    *limits = before;
}

bool bind_call_back(struct bind *bind, const char *what, int nargs, int nresults)
{
    struct bind_limits before = bind->limits;

    limits_start(&bind->limits, what, "callback", before.callback);
    bool ok = protected_call(bind, bind->running, nargs, nresults);
    limits_restore(&bind->limits, before);
    return ok;
}

int bind_resume(struct bind *bind, lua_State *thread, const char *what, int nargs)
{
    struct bind_limits before = bind->limits;
    lua_State *running = bind->running;
    int results;

    limits_start(&bind->limits, what, "callback", before.callback);
    bind->running = thread;
    int status = lua_resume(thread, running, nargs, &results);
    bind->running = running;
    limits_restore(&bind->limits, before);
    if (status == LUA_OK || status == LUA_YIELD)
        lua_pop(thread, results);
    else if (status == LUA_ERRMEM)
        tell_memory(bind, thread);
    else
        push_description(thread, lua_gettop(thread));
    return status;
}

/* ---- Functions that catch ------------------------------------------------------------------ */

void bind_limit_through(lua_State *L)
{
    if (bind_of(L)->fatal)
        lua_error(L); /* the message is on top */
}

/* The results of a protected call, behind `skip` values that stay below. */
static int finish_pcall(lua_State *L, int status, lua_KContext skip)
{
    if (status != LUA_OK && status != LUA_YIELD) {
        bind_limit_through(L);
        lua_pushboolean(L, false);
        lua_pushvalue(L, -2);
        return 2;
    }
    return lua_gettop(L) - (int)skip;
}

static int pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, true);
    lua_insert(L, 1);
    return finish_pcall(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall), 0);
}

static int handle(lua_State *L)
{
    if (bind_of(L)->fatal)
        return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int xpcall(lua_State *L)
{
    int n = lua_gettop(L);

    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, true);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2); /* f, handler, true, f, arguments */
    return finish_pcall(L, lua_pcallk(L, n - 2, LUA_MULTRET, 2, 2, finish_pcall), 2);
}

/* coroutine.resume and coroutine.close */
static int resume(lua_State *L)
{
    int n = lua_gettop(L);

    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, n, LUA_MULTRET);
    bind_limit_through(L);
    return lua_gettop(L);
}

void bind_limit_open(lua_State *L)
{
    lua_pushcfunction(L, pcall);
    lua_setfield(L, -2, "pcall");
    lua_pushcfunction(L, xpcall);
    lua_setfield(L, -2, "xpcall");
    lua_getfield(L, -1, "coroutine");
    static const char *const resuming[] = { "resume", "close" };
    for (size_t i = 0; i < G_N_ELEMENTS(resuming); i++) {
        lua_getfield(L, -1, resuming[i]);
        lua_pushcclosure(L, resume, 1);
        lua_setfield(L, -2, resuming[i]);
    }
    lua_pop(L, 1);
}

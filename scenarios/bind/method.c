/* Functions of the language are made from tables, so that what `weft help` and the manual show is
 * what is checked. */
#include <string.h>

#include "scenarios/bind/class.h"

/* "net:link(a, b, {...})" is called as net:link. */
static int called(const char *usage)
{
    return (int)strcspn(usage, "({ ");
}

static int refuse_count(lua_State *L, const struct bind_method *m, int n)
{
    bind_fail(L, "%.*s: %s arguments (%d given); it is called as %s", called(m->usage), m->usage,
              n < m->min ? "not enough" : "too many", n, m->usage);
}

/* net.link(a, b) instead of net:link(a, b). */
static struct bind_object *take_self(lua_State *L, const struct bind_class *class,
                                     const struct bind_method *m)
{
    struct bind_object *self = bind_to_object(L, 1);

    if (!self || !bind_is_a(self, class, m))
        bind_fail(L, "%.*s: not called on a %s; write %s, with a colon", called(m->usage), m->usage,
                  class->name, m->usage);
    return self;
}

static int call_method(lua_State *L)
{
    const struct bind_method *m = lua_touserdata(L, lua_upvalueindex(1));
    const struct bind_class *class = lua_touserdata(L, lua_upvalueindex(2));
    struct bind_object *self = class ? take_self(L, class, m) : NULL;
    int n = lua_gettop(L) - (class != NULL);

    if (n < m->min || n > m->max)
        refuse_count(L, m, n);
    lua_settop(L, m->max + (class != NULL));
    if (class)
        lua_rotate(L, 1, -1); /* above the arguments it stays alive */
    return m->call(L, self);
}

void bind_push_method(lua_State *L, const struct bind_class *class, const struct bind_method *m)
{
    lua_pushlightuserdata(L, (void *)m);
    lua_pushlightuserdata(L, (void *)class);
    lua_pushcclosure(L, call_method, 2);
}

void bind_add_methods(lua_State *L, const struct bind_class *class, const struct bind_method *table)
{
    for (const struct bind_method *m = table; m->name; m++) {
        bind_push_method(L, class, m);
        lua_setfield(L, -2, m->name);
    }
}

static int strict_index(lua_State *L)
{
    const char *what = lua_tostring(L, lua_upvalueindex(1));
    GPtrArray *words = g_ptr_array_new();

    if (lua_type(L, 2) != LUA_TSTRING) {
        g_ptr_array_free(words, TRUE);
        lua_pushnil(L);
        return 1;
    }
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            g_ptr_array_add(words, (char *)lua_tostring(L, -2));
    bind_unknown(L, what, "field", lua_tostring(L, 2), words);
}

static int strict_newindex(lua_State *L)
{
    bind_fail(L, "%s.%s cannot be set; %s belongs to the language",
              lua_tostring(L, lua_upvalueindex(1)), bind_tostring(L, 2),
              lua_tostring(L, lua_upvalueindex(1)));
}

void bind_strict(lua_State *L, const char *what)
{
    lua_createtable(L, 0, 3);
    lua_pushstring(L, what);
    lua_pushcclosure(L, strict_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, what);
    lua_pushcclosure(L, strict_newindex, 1);
    lua_setfield(L, -2, "__newindex");
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

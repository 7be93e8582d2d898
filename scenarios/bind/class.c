/* A class becomes a metatable at its first object.  Its __index has a table of members as upvalue:
 * a function is a method, a light userdata a property; figures and other names are asked for after
 * that. */
#include "scenarios/bind/class.h"

#include <string.h>

#include "scenarios/bind/figure.h"
#include "scenarios/bind/missing.h"

const char bind_key_objects = 0;

struct bind_object *bind_to_object(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index))
        return NULL;
    /* Each userdata of this state is one of ours, or has a metatable without this field. */
    bool ours = lua_getfield(L, -1, "weft") == LUA_TBOOLEAN;
    lua_pop(L, 2);
    return ours ? lua_touserdata(L, index) : NULL;
}

bool bind_is_a(const struct bind_object *object, const struct bind_class *class,
               const struct bind_method *m)
{
    for (const struct bind_class *c = object->class; c; c = c->base)
        if (c == class)
            return true;
    return false;
}

const char *bind_title(lua_State *L, struct bind_object *object)
{
    const char *title = object->class->title ? object->class->title(object) : NULL;

    return title ? lua_pushfstring(L, "%s %s", object->class->name, title)
                 : lua_pushstring(L, object->class->name);
}

struct bind_object *bind_check(lua_State *L, int index, const struct bind_class *class,
                               const char *what)
{
    struct bind_object *object = bind_to_object(L, index);

    if (object && bind_is_a(object, class, NULL))
        return object;
    const char *got = object ? bind_title(L, object) : luaL_typename(L, index);
    bind_fail(L, "%s must be a %s, not %s%s", what, class->name,
              lua_isnoneornil(L, index) || object ? "" : "a ", got);
}

/* ---- Members ------------------------------------------------------------------------------- */

static void collect_words(lua_State *L, struct bind_object *self, GPtrArray *words)
{
    for (const struct bind_class *c = self->class; c; c = c->base) {
        for (const struct bind_method *m = c->methods; m && m->name; m++)
            g_ptr_array_add(words, (char *)m->name);
        for (const struct bind_property *p = c->properties; p && p->name; p++)
            g_ptr_array_add(words, (char *)p->name);
        if (c->words)
            c->words(self, words);
    }
    bind_figure_words(self, words);
}

static int refuse_name(lua_State *L, struct bind_object *self)
{
    const char *title = bind_title(L, self);

    for (const struct bind_class *c = self->class; c; c = c->base)
        bind_missing_refuse(L, c->name, bind_tostring(L, 2));
    GPtrArray *words = g_ptr_array_new();
    collect_words(L, self, words);
    bind_unknown(L, title, "field", bind_tostring(L, 2), words);
}

static bool look_up(lua_State *L, struct bind_object *self, const char *name)
{
    if (bind_figure_push(L, self, name))
        return true;
    for (const struct bind_class *c = self->class; c; c = c->base)
        if (c->lookup && c->lookup(L, self, name))
            return true;
    return false;
}

static int object_index(lua_State *L)
{
    struct bind_object *self = lua_touserdata(L, 1);

    lua_pushvalue(L, 2);
    switch (lua_rawget(L, lua_upvalueindex(1))) {
    case LUA_TFUNCTION:
        return 1;
    case LUA_TLIGHTUSERDATA: {
        const struct bind_property *property = lua_touserdata(L, -1);
        property->get(L, self);
        return 1;
    }
    default:
        if (lua_type(L, 2) == LUA_TSTRING && look_up(L, self, lua_tostring(L, 2)))
            return 1;
        return refuse_name(L, self);
    }
}

static int object_newindex(lua_State *L)
{
    struct bind_object *self = lua_touserdata(L, 1);

    lua_pushvalue(L, 2);
    int type = lua_rawget(L, lua_upvalueindex(1));
    const struct bind_property *property =
        type == LUA_TLIGHTUSERDATA ? lua_touserdata(L, -1) : NULL;
    if (property && property->set) {
        property->set(L, self, 3);
        return 0;
    }
    if (type != LUA_TNIL ||
        (lua_type(L, 2) == LUA_TSTRING && bind_figure_exists(self, lua_tostring(L, 2))))
        bind_fail(L, "%s: %s can only be read", bind_title(L, self), bind_tostring(L, 2));
    return refuse_name(L, self);
}

static int object_tostring(lua_State *L)
{
    bind_title(L, lua_touserdata(L, 1));
    return 1;
}

static int object_gc(lua_State *L)
{
    struct bind_object *self = lua_touserdata(L, 1);

    if (self->class->release)
        self->class->release(self);
    return 0;
}

/* ---- The metatable ------------------------------------------------------------------------- */

static void add_members(lua_State *L, const struct bind_class *class)
{
    if (class->base)
        add_members(L, class->base);
    for (const struct bind_property *p = class->properties; p && p->name; p++) {
        lua_pushlightuserdata(L, (void *)p);
        lua_setfield(L, -2, p->name);
    }
    if (class->methods)
        bind_add_methods(L, class, class->methods);
}

static void set_function(lua_State *L, const char *name, lua_CFunction function)
{
    lua_pushcfunction(L, function);
    lua_setfield(L, -2, name);
}

static void make_metatable(lua_State *L, const struct bind_class *class)
{
    lua_createtable(L, 0, 8);
    lua_newtable(L);
    add_members(L, class);
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, object_index, 1);
    lua_setfield(L, -3, "__index");
    lua_pushcclosure(L, object_newindex, 1);
    lua_setfield(L, -2, "__newindex");
    set_function(L, "__tostring", object_tostring);
    if (class->release)
        set_function(L, "__gc", object_gc);
    lua_pushstring(L, class->name);
    lua_setfield(L, -2, "__name");
    lua_pushstring(L, class->name);
    lua_setfield(L, -2, "__metatable");
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "weft");
}

static void push_metatable(lua_State *L, const struct bind_class *class)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, class) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    make_metatable(L, class);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, class);
}

/* ---- Objects ------------------------------------------------------------------------------- */

struct bind_object *bind_push_new(lua_State *L, const struct bind_class *class, size_t size,
                                  struct bind_net *net)
{
    struct bind_object *object = lua_newuserdatauv(L, sizeof *object + size, 0);

    memset(object, 0, sizeof *object + size);
    *object = (struct bind_object){ .class = class, .model = object + 1, .net = net };
    push_metatable(L, class);
    lua_setmetatable(L, -2);
    return object;
}

struct bind_object *bind_push(lua_State *L, const struct bind_class *class, void *model,
                              struct bind_net *net)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &bind_key_objects);
    if (lua_rawgetp(L, -1, model) != LUA_TUSERDATA) {
        lua_pop(L, 1);
        bind_push_new(L, class, 0, net)->model = model;
        lua_pushvalue(L, -1);
        lua_rawsetp(L, -3, model);
    }
    lua_remove(L, -2);
    return lua_touserdata(L, -1);
}

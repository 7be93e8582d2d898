#include "scenarios/bind/options.h"

#include <string.h>

#include "scenarios/bind/cdf.h"
#include "scenarios/bind/class.h"
#include "scenarios/bind/value.h"

/* ---- Memory for parameters ----------------------------------------------------------------- */

struct params {
    const struct param *table;
    _Alignas(16) unsigned char base[];
};

static void release_params(struct bind_object *object)
{
    struct params *params = object->model;

    param_release(params->table, params->base);
}

static const struct bind_class params_class = { .name = "options", .release = release_params };

void *bind_new_params(lua_State *L, const struct param *params, size_t size)
{
    /* The object's own head is not a multiple of 16 bytes long; rows need 8. */
    struct params *new = bind_push_new(L, &params_class, sizeof(struct params) + size, NULL)->model;

    new->table = params;
    param_defaults(params, new->base);
    return new->base;
}

/* ---- One value ----------------------------------------------------------------------------- */

/* { "exponential", "20ms" } is the text "exponential 20ms". */
static const char *join_list(lua_State *L, int index, const char *what, const char *name)
{
    luaL_Buffer buffer;
    lua_Integer n = (lua_Integer)lua_rawlen(L, index);

    if (n == 0)
        bind_fail(L, "%s %s: the table has no values; write { \"exponential\", 1000 }", what, name);
    luaL_buffinit(L, &buffer);
    for (lua_Integer i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&buffer, ' ');
        int type = lua_rawgeti(L, index, i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER)
            bind_fail(L, "%s %s: value %d of the list must be a number or a text, not a %s", what,
                      name, (int)i, lua_typename(L, type));
        luaL_addvalue(&buffer);
    }
    luaL_pushresult(&buffer);
    return lua_tostring(L, -1);
}

static bool is_cdf(lua_State *L, int index)
{
    bool cdf = lua_rawgeti(L, index, 1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "cdf") == 0;

    lua_pop(L, 1);
    return cdf;
}

void bind_set_param(lua_State *L, int index, const char *what, const struct param *param,
                    void *base)
{
    GError *error = NULL;
    bool ok;

    index = lua_absindex(L, index);
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        ok = param_set_number(param, base, lua_tonumber(L, index), &error);
        break;
    case LUA_TSTRING:
        ok = param_set_text(param, base, lua_tostring(L, index), &error);
        break;
    case LUA_TBOOLEAN:
        ok = param_set_text(param, base, lua_toboolean(L, index) ? "yes" : "no", &error);
        break;
    case LUA_TTABLE:
        if (param_is_dist(param) && is_cdf(L, index)) {
            bind_read_cdf(L, index, what, (struct dist *)((char *)base + param->offset));
            return;
        }
        ok = param_set_text(param, base, join_list(L, index, what, param->name), &error);
        lua_pop(L, 1);
        break;
    default:
        lua_pushfstring(L, "%s %s", what, param->name);
        bind_refuse(L, index, lua_tostring(L, -1), "a number or a text");
    }
    if (!ok)
        bind_throw(L, what, error);
}

/* ---- Fields -------------------------------------------------------------------------------- */

/* Of a group in dots the table's name. */
static void add_words(lua_State *L, const struct bind_options *o, GPtrArray *words)
{
    for (const struct param *p = o->params; p && p->name; p++)
        g_ptr_array_add(words, (char *)lua_pushlstring(L, p->name, strcspn(p->name, ".")));
    for (const struct bind_option *p = o->options; p && p->name; p++)
        g_ptr_array_add(words, (char *)p->name);
    if (o->also)
        add_words(L, o->also, words);
}

static bool is_known(const GPtrArray *words, const char *name)
{
    for (guint i = 0; i < words->len; i++)
        if (strcmp(words->pdata[i], name) == 0)
            return true;
    return false;
}

/* The first key, in the order of pairs, that is no option. */
static int refuse_keys(lua_State *L, int index, const struct bind_options *o, int list)
{
    const char *wrong = NULL, *what = NULL;
    GPtrArray *words = g_ptr_array_new();

    luaL_checkstack(L, 100, NULL);
    add_words(L, o, words); /* which leaves them on the stack */
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= list)
            continue;
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
        if (!key)
            what = lua_typename(L, lua_type(L, -1));
        else if (!is_known(words, key) && (!wrong || strcmp(key, wrong) < 0))
            wrong = key;
    }
    if (wrong)
        bind_unknown(L, o->what, "option", wrong, words);
    g_ptr_array_free(words, TRUE);
    bind_fail(L, "%s: options are written name = value; what is the %s without a name?", o->what,
              what ? what : "value");
}

/* Pushes the field, or pushes nothing and returns false. */
static bool get_option(lua_State *L, int index, const char *name)
{
    lua_pushstring(L, name);
    if (lua_rawget(L, index) != LUA_TNIL)
        return true;
    lua_pop(L, 1);
    return false;
}

static size_t count_keys(lua_State *L, int index)
{
    size_t n = 0;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        n++;
    return n;
}

/* Replaces { ab = x, ba = y } on top by the value for the direction; pops it and returns false if
 * it says nothing of this one. */
static bool pick_direction(lua_State *L, const struct bind_options *o, const char *name)
{
    int pair = lua_gettop(L);

    if (!o->direction || !lua_istable(L, pair))
        return true;
    bool ab = get_option(L, pair, "ab"), ba = get_option(L, pair, "ba");
    lua_settop(L, pair);
    if (!ab && !ba)
        return true;
    if (count_keys(L, pair) != (size_t)ab + ba)
        bind_fail(L, "%s %s: a value for each direction is written { ab = ..., ba = ... }", o->what,
                  name);
    bool given = get_option(L, pair, o->direction);
    lua_remove(L, pair);
    return given;
}

/* ---- Groups: the rows "sockopt.TCP_NODELAY" are the fields of a table sockopt --------------- */

/* Length of the group's name; 0 for a row on its own. */
static size_t group_length(const struct param *param)
{
    const char *dot = strchr(param->name, '.');

    return dot ? (size_t)(dot - param->name) : 0;
}

static bool same_group(const struct param *a, const struct param *b, size_t length)
{
    return strncmp(a->name, b->name, length + 1) == 0;
}

static bool begins_group(const struct param *table, const struct param *row, size_t length)
{
    for (const struct param *p = table; p != row; p++)
        if (same_group(p, row, length))
            return false;
    return true;
}

/* Pushes a table of the group's rows under their own names. */
static const struct param *push_group(lua_State *L, const struct param *table,
                                      const struct param *first, size_t length)
{
    size_t n = 1, i = 0;

    for (const struct param *p = table; p->name; p++)
        n += same_group(p, first, length);
    struct param *rows = lua_newuserdatauv(L, n * sizeof *rows, 0);
    for (const struct param *p = table; p->name; p++)
        if (same_group(p, first, length)) {
            rows[i] = *p;
            rows[i++].name += length + 1;
        }
    rows[i] = (struct param)PARAM_END;
    return rows;
}

/* Reads the group that begins at `first`, if it is given. */
static size_t read_group(lua_State *L, int index, const struct bind_options *o,
                         const struct param *first, size_t length)
{
    int top = lua_gettop(L);
    struct bind_options group = { .base = o->base };
    const char *name = lua_pushlstring(L, first->name, length);

    if (!begins_group(o->params, first, length))
        return lua_settop(L, top), 0;
    group.what = lua_pushfstring(L, "%s %s", o->what, name);
    group.params = push_group(L, o->params, first, length);
    bool given = get_option(L, index, name);
    if (given)
        bind_read_options(L, lua_gettop(L), &group, 0);
    lua_settop(L, top);
    return given;
}

/* ---- The table ----------------------------------------------------------------------------- */

static size_t read_row(lua_State *L, int index, const struct bind_options *o,
                       const struct param *param)
{
    size_t length = group_length(param);

    if (length)
        return read_group(L, index, o, param, length);
    if (!get_option(L, index, param->name))
        return 0;
    if (pick_direction(L, o, param->name)) {
        bind_set_param(L, -1, o->what, param, o->base);
        lua_pop(L, 1);
    }
    return 1;
}

/* Returns how many of the options were given. */
static size_t read_rows(lua_State *L, int index, const struct bind_options *o)
{
    size_t n = 0;

    for (const struct param *p = o->params; p && p->name; p++)
        n += read_row(L, index, o, p);
    for (const struct bind_option *p = o->options; p && p->name; p++)
        if (get_option(L, index, p->name) && ++n && pick_direction(L, o, p->name)) {
            p->set(L, lua_gettop(L), o->data);
            lua_pop(L, 1);
        }
    return n;
}

static size_t count_known(lua_State *L, int index, const struct bind_options *o)
{
    size_t n = 0;

    for (const struct param *p = o->params; p && p->name; p++)
        if (get_option(L, index, p->name) && ++n)
            lua_pop(L, 1);
    for (const struct bind_option *p = o->options; p && p->name; p++)
        if (get_option(L, index, p->name) && ++n)
            lua_pop(L, 1);
    return n + (o->also ? count_known(L, index, o->also) : 0);
}

void bind_check_options(lua_State *L, int index, const struct bind_options *o)
{
    if (count_known(L, index, o) != count_keys(L, index))
        refuse_keys(L, index, o, 0);
}

void bind_read_options(lua_State *L, int index, const struct bind_options *o, int list)
{
    if (lua_isnoneornil(L, index))
        return;
    index = lua_absindex(L, index);
    if (lua_type(L, index) != LUA_TTABLE)
        bind_refuse(L, index, o->what, "given a table of options, { name = value, ... }");
    size_t known = MIN((size_t)lua_rawlen(L, index), (size_t)list);
    known += read_rows(L, index, o);
    if (o->also)
        known += count_known(L, index, o->also);
    if (known != count_keys(L, index))
        refuse_keys(L, index, o, list);
}

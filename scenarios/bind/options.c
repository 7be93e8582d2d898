#include "scenarios/bind/options.h"

#include <assert.h>
#include <string.h>

#include "scenarios/bind/cdf.h"
#include "scenarios/bind/class.h"
#include "scenarios/bind/socket.h"
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

/* A list has nothing but values 1, 2, ..., n. */
static void check_list(lua_State *L, int index, const char *what, const char *name)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, index), entries = 0;

    if (n == 0)
        bind_fail(L, "%s %s: the table has no values; write { \"exponential\", 1000 }", what, name);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        entries++;
    if (entries != n)
        bind_fail(
            L,
            "%s %s: the table is a list, and takes no name = value; write { \"a\", \"b\", 1 } or "
            "\"a b 1\"",
            what, name);
}

/* { "exponential", "20ms" } is the text "exponential 20ms". */
static const char *join_list(lua_State *L, int index, const char *what, const char *name)
{
    luaL_Buffer buffer;
    lua_Integer n = (lua_Integer)lua_rawlen(L, index);

    check_list(L, index, what, name);
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

/* Distributions have several values, and texts that something else takes apart. */
static bool may_be_list(const struct param *param)
{
    return param_is_dist(param) || param->type == PARAM_STRING;
}

static const char *one_value(const struct param *param)
{
    switch (param->type) {
    case PARAM_BOOL:
        return "true or false";
    case PARAM_INT:
    case PARAM_U32:
    case PARAM_COUNT:
        return "a whole number";
    case PARAM_ENUM:
        return "a text";
    default:
        return "a number or a text with a unit";
    }
}

void bind_set_param(lua_State *L, int index, const char *what, const struct param *param,
                    void *base)
{
    GError *error = NULL;
    double number;
    bool ok;

    index = lua_absindex(L, index);
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        ok = param_set_number(param, base, lua_tonumber(L, index), &error);
        break;
    case LUA_TSTRING:
        if (param->type == PARAM_U32 && bind_sockopt_number(L, index, param->name, &number))
            ok = param_set_number(param, base, number, &error);
        else
            ok = param_set_text(param, base, lua_tostring(L, index), &error);
        break;
    case LUA_TBOOLEAN:
        ok = param_set_text(param, base, lua_toboolean(L, index) ? "yes" : "no", &error);
        break;
    case LUA_TTABLE:
        if (!may_be_list(param)) {
            lua_pushfstring(L, "%s %s", what, param->name);
            bind_refuse(L, index, lua_tostring(L, -1), one_value(param));
        }
        if (param_is_dist(param) && is_cdf(L, index)) {
            bind_read_cdf(L, index, what, (struct dist *)((char *)base + param->offset));
            return;
        }
        ok = param_set_text(param, base, join_list(L, index, what, param->name), &error);
        lua_pop(L, 1);
        break;
    default:
        lua_pushfstring(L, "%s %s", what, param->name);
        bind_refuse(L, index, lua_tostring(L, -1),
                    param->type == PARAM_STRING ? "a number or a text" : one_value(param));
    }
    if (!ok)
        bind_throw(L, what, error);
}

/* ---- Rows ---------------------------------------------------------------------------------- */

enum { NO_ROW = -1, ROWS = 64 };

/* Rows "sockopt.TCP_NODELAY" are fields of the table sockopt: its length, or the whole name's. */
static size_t field_length(const struct param *param)
{
    return strcspn(param->name, ".");
}

static bool is_group(const struct param *param)
{
    return param->name[field_length(param)] == '.';
}

static bool is_field(const struct param *param, const char *key)
{
    size_t length = field_length(param);

    return strncmp(param->name, key, length) == 0 && key[length] == '\0';
}

/* Rows are numbered through, parameters first; of a group it is the first row. */
static int find_row(const struct bind_options *o, const char *key)
{
    int row = 0;

    for (const struct param *p = o->params; p && p->name; p++, row++)
        if (is_field(p, key))
            return row;
    for (const struct bind_option *p = o->options; p && p->name; p++, row++)
        if (strcmp(p->name, key) == 0)
            return row;
    return NO_ROW;
}

static bool is_known(const struct bind_options *o, const char *key)
{
    return find_row(o, key) != NO_ROW || (o->also && is_known(o->also, key));
}

/* ---- Unknown names ------------------------------------------------------------------------- */

/* Leaves the names of groups on the stack. */
static void add_words(lua_State *L, const struct bind_options *o, GPtrArray *words)
{
    for (const struct param *p = o->params; p && p->name; p++)
        g_ptr_array_add(words, (char *)lua_pushlstring(L, p->name, field_length(p)));
    for (const struct bind_option *p = o->options; p && p->name; p++)
        g_ptr_array_add(words, (char *)p->name);
    if (o->also)
        add_words(L, o->also, words);
}

static bool is_listed(lua_State *L, int key, int list)
{
    return lua_isinteger(L, key) && lua_tointeger(L, key) >= 1 && lua_tointeger(L, key) <= list;
}

/* Tells the first name, in the order of pairs, that is no option. */
static int refuse_keys(lua_State *L, int index, const struct bind_options *o, int list)
{
    const char *wrong = NULL, *what = NULL;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
        if (!key && !is_listed(L, -2, list))
            what = luaL_typename(L, -1);
        else if (key && !is_known(o, key) && (!wrong || strcmp(key, wrong) < 0))
            wrong = key;
    }
    if (!wrong)
        bind_fail(L, "%s: options are written name = value; what is the %s without a name?",
                  o->what, what);
    GPtrArray *words = g_ptr_array_new();
    luaL_checkstack(L, 2 * ROWS, NULL);
    add_words(L, o, words);
    bind_unknown(L, o->what, "option", wrong, words);
}

/* The rows that the table has, a bit for each. */
static uint64_t find_given(lua_State *L, int index, const struct bind_options *o, int list)
{
    uint64_t given = 0;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        if (is_listed(L, -2, list))
            continue;
        const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
        int row = key ? find_row(o, key) : NO_ROW;
        if (row != NO_ROW)
            given |= UINT64_C(1) << row;
        else if (!key || !o->also || !is_known(o->also, key))
            refuse_keys(L, index, o, list);
    }
    return given;
}

void bind_check_options(lua_State *L, int index, const struct bind_options *o)
{
    find_given(L, lua_absindex(L, index), o, 0);
}

/* ---- Values -------------------------------------------------------------------------------- */

static bool get_field(lua_State *L, int index, const char *name)
{
    lua_pushstring(L, name);
    return lua_rawget(L, index) != LUA_TNIL;
}

static size_t count_keys(lua_State *L, int index)
{
    size_t n = 0;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        n++;
    return n;
}

/* Replaces { ab = x, ba = y } on top by the value for the direction; false if it says nothing of
 * this one. */
static bool pick_direction(lua_State *L, const struct bind_options *o, const char *name)
{
    int pair = lua_gettop(L);

    if (!o->direction || !lua_istable(L, pair))
        return true;
    bool ab = get_field(L, pair, "ab"), ba = get_field(L, pair, "ba");
    lua_settop(L, pair);
    if (!ab && !ba)
        return true;
    if (count_keys(L, pair) != (size_t)ab + ba)
        bind_fail(L, "%s %s: a value for each direction is written { ab = ..., ba = ... }", o->what,
                  name);
    bool given = get_field(L, pair, o->direction);
    lua_replace(L, pair);
    return given;
}

/* Pushes a table of the group's rows under their own names. */
static const struct param *push_group(lua_State *L, const struct param *table, const char *group)
{
    size_t n = 1, i = 0;

    for (const struct param *p = table; p->name; p++)
        n += is_field(p, group);
    struct param *rows = lua_newuserdatauv(L, n * sizeof *rows, 0);
    for (const struct param *p = table; p->name; p++)
        if (is_field(p, group)) {
            rows[i] = *p;
            rows[i++].name += strlen(group) + 1;
        }
    rows[i] = (struct param)PARAM_END;
    return rows;
}

/* Reads the table of a group, at `index`. */
static void read_group(lua_State *L, int index, const struct bind_options *o,
                       const struct param *first)
{
    const char *name = lua_pushlstring(L, first->name, field_length(first));
    struct bind_options group = {
        .what = lua_pushfstring(L, "%s %s", o->what, name),
        .params = push_group(L, o->params, name),
        .base = o->base,
    };

    bind_read_options(L, index, &group, 0);
}

static void read_param(lua_State *L, int index, const struct bind_options *o,
                       const struct param *param)
{
    int top = lua_gettop(L);

    lua_pushlstring(L, param->name, field_length(param));
    lua_rawget(L, index);
    if (is_group(param))
        read_group(L, top + 1, o, param);
    else if (pick_direction(L, o, param->name))
        bind_set_param(L, top + 1, o->what, param, o->base);
    lua_settop(L, top);
}

static void read_option(lua_State *L, int index, const struct bind_options *o,
                        const struct bind_option *option)
{
    int top = lua_gettop(L);

    get_field(L, index, option->name);
    if (pick_direction(L, o, option->name))
        option->set(L, top + 1, o->data);
    lua_settop(L, top);
}

void bind_read_options(lua_State *L, int index, const struct bind_options *o, int list)
{
    int row = 0;

    if (lua_isnoneornil(L, index))
        return;
    index = lua_absindex(L, index);
    if (lua_type(L, index) != LUA_TTABLE)
        bind_refuse(L, index, o->what, "given a table of options, { name = value, ... }");
    uint64_t given = find_given(L, index, o, list);
    for (const struct param *p = o->params; p && p->name; p++, row++)
        if (given >> row & 1)
            read_param(L, index, o, p);
    for (const struct bind_option *p = o->options; p && p->name; p++, row++)
        if (given >> row & 1)
            read_option(L, index, o, p);
    assert(row <= ROWS);
}

#include "scenarios/bind/value.h"

#include <math.h>
#include <string.h>

#include "scenarios/bind/class.h"

int bind_refuse(lua_State *L, int index, const char *what, const char *wanted)
{
    struct bind_object *object = bind_to_object(L, index);

    if (lua_isnoneornil(L, index))
        bind_fail(L, "%s must be %s; it is missing", what, wanted);
    bind_fail(L, "%s must be %s, not %s%s", what, wanted, object ? "the " : "a ",
              object ? bind_title(L, object) : luaL_typename(L, index));
}

/* Reads through a parameter row, which gives messages and rounding. */
static void read_row(lua_State *L, int index, const struct param *row, void *out)
{
    GError *error = NULL;
    bool ok;

    if (lua_type(L, index) == LUA_TNUMBER)
        ok = param_set_number(row, out, lua_tonumber(L, index), &error);
    else if (lua_type(L, index) == LUA_TSTRING)
        ok = param_set_text(row, out, lua_tostring(L, index), &error);
    else
        bind_refuse(L, index, row->name, "a number or a text with a unit");
    if (!ok)
        bind_throw(L, "", error);
}

static void read_as(lua_State *L, int index, const char *what, enum param_type type, void *out)
{
    const struct param row = { .name = what, .type = type };

    read_row(L, index, &row, out);
}

sim_time bind_time(lua_State *L, int index, const char *what)
{
    sim_time time = 0;

    read_as(L, index, what, PARAM_TIME, &time);
    return time;
}

sim_time bind_time_or_never(lua_State *L, int index, const char *what)
{
    const struct param row = { .name = what, .type = PARAM_TIME, .def = "never" };
    sim_time time = 0;

    read_row(L, index, &row, &time);
    return time;
}

uint64_t bind_rate(lua_State *L, int index, const char *what)
{
    uint64_t rate = 0;

    read_as(L, index, what, PARAM_RATE, &rate);
    return rate;
}

uint64_t bind_size(lua_State *L, int index, const char *what)
{
    uint64_t size = 0;

    read_as(L, index, what, PARAM_SIZE, &size);
    return size;
}

double bind_fraction(lua_State *L, int index, const char *what)
{
    double fraction = 0;

    read_as(L, index, what, PARAM_FRACTION, &fraction);
    return fraction;
}

double bind_any(lua_State *L, int index, const char *what)
{
    double value = 0;
    GError *error = NULL;

    if (lua_type(L, index) == LUA_TNUMBER)
        return lua_tonumber(L, index);
    if (lua_type(L, index) != LUA_TSTRING)
        bind_refuse(L, index, what, "a number or a text with a unit");
    if (!unit_read_any(what, lua_tostring(L, index), &value, &error))
        bind_throw(L, "", error);
    return value;
}

int64_t bind_whole(lua_State *L, int index, const char *what, int64_t min, int64_t max)
{
    const struct param row = {
        .name = what, .type = PARAM_INT, .min = (double)min, .max = (double)max
    };
    int64_t value = 0;

    if (lua_type(L, index) != LUA_TNUMBER && lua_type(L, index) != LUA_TSTRING)
        bind_refuse(L, index, what, "a whole number");
    read_row(L, index, &row, &value);
    return value;
}

const char *bind_string(lua_State *L, int index, const char *what)
{
    if (lua_type(L, index) != LUA_TSTRING)
        bind_refuse(L, index, what, "a text");
    const char *text = lua_tostring(L, index);
    if (strlen(text) != lua_rawlen(L, index))
        bind_fail(L, "%s \"%s\": there is a zero byte behind it", what, text);
    return text;
}

bool bind_bool(lua_State *L, int index, const char *what)
{
    bool value = false;

    if (lua_type(L, index) == LUA_TBOOLEAN)
        return lua_toboolean(L, index);
    if (lua_type(L, index) != LUA_TSTRING && lua_type(L, index) != LUA_TNUMBER)
        bind_refuse(L, index, what, "true or false");
    read_as(L, index, what, PARAM_BOOL, &value);
    return value;
}

int bind_word(lua_State *L, int index, const char *what, const char *const *words)
{
    const struct param row = { .name = what, .type = PARAM_ENUM, .words = words };
    GError *error = NULL;
    int value = 0;

    if (!param_set_text(&row, &value, bind_string(L, index, what), &error))
        bind_throw(L, "", error);
    return value;
}

struct metric_span bind_span(lua_State *L, int index, const char *what)
{
    struct metric_span span = { 0, SIM_NEVER };

    if (lua_isnoneornil(L, index))
        return span;
    if (lua_type(L, index) != LUA_TTABLE || lua_rawlen(L, index) != 2)
        bind_refuse(L, index, what, "a window { from, to }");
    lua_rawgeti(L, index, 1);
    lua_rawgeti(L, index, 2);
    span.from = bind_time(L, -2, what);
    span.to = bind_time_or_never(L, -1, what);
    lua_pop(L, 2);
    if (span.to <= span.from)
        bind_fail(L, "%s: the window ends before it begins; write { from, to }", what);
    return span;
}

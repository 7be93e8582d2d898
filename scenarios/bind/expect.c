/* The judgement: expect and its kin.  Each prints actual and wanted values if it fails; failures
 * are collected and end nothing. */
#include <math.h>
#include <string.h>

#include "scenarios/bind/expect.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"
#include "sim/decimal.h"

/* ---- Saying it ----------------------------------------------------------------------------- */

/* "12.5Mbps" is 12.5 and "Mbps". */
static const char *unit_of(const char *text)
{
    struct decimal number;

    text += strspn(text, " ");
    const char *rest = decimal_parse(text, &number);
    return rest ? rest + strspn(rest, " ") : "";
}

/* Pushes `value` in the unit in which the user wrote the value at `like`. */
static const char *push_like(lua_State *L, double value, int like)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    const char *unit = lua_type(L, like) == LUA_TSTRING ? unit_of(lua_tostring(L, like)) : "";
    double factor = 1;

    if (*unit) {
        char *one = g_strconcat("1", unit, NULL);
        unit_read_any("", one, &factor, NULL);
        g_free(one);
    }
    g_ascii_formatd(text, sizeof text, "%.6g", value / factor);
    return lua_pushfstring(L, "%s%s", text, unit);
}

/* Pushes the value at `index` as the user sees it, numbers in the unit of `like`. */
static const char *push_actual(lua_State *L, int index, int like)
{
    double value;

    if (lua_isnil(L, index))
        return lua_pushliteral(L, "no value");
    if (lua_type(L, index) == LUA_TNUMBER) {
        value = lua_tonumber(L, index);
        return isnan(value) ? lua_pushliteral(L, "no value") : push_like(L, value, like);
    }
    return lua_pushfstring(L, "%s", bind_tostring(L, index));
}

/* The line of the script, for expectations without a message; pushed. */
static const char *push_source(lua_State *L)
{
    lua_Debug frame;

    for (int level = 0; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (frame.currentline > 0 && frame.source[0] == '@')
            return bind_push_line(L, frame.source + 1, frame.currentline);
    }
    return lua_pushliteral(L, "");
}

void bind_judge(lua_State *L, bool passed, const char *where, const char *message,
                const char *actual, const char *wanted)
{
    report_expect(bind_of(L)->report, passed, where, message, actual, wanted);
}

const char *bind_push_place(lua_State *L)
{
    const char *where = bind_where(L);

    return lua_pushlstring(L, where, strlen(where) - (*where ? 2 : 0)); /* without ": " */
}

const char *bind_push_message(lua_State *L, int index, const char *what)
{
    if (lua_isnoneornil(L, index))
        return push_source(L);
    return bind_string(L, index, what);
}

static int judge(lua_State *L, bool passed, int message, const char *actual, const char *wanted)
{
    bind_judge(L, passed, bind_push_place(L), bind_push_message(L, message, "expect: the message"),
               actual, wanted);
    lua_pushboolean(L, passed);
    return 1;
}

/* ---- Judging ------------------------------------------------------------------------------- */

/* A call as condition may return more than one value, as text:find does: where it found, and no
 * message. */
int bind_expect_call(lua_State *L)
{
    int n = lua_gettop(L) - 1; /* the first argument is expect itself */

    if (n < 1)
        bind_fail(L, "expect: it is called as expect(condition [, message])");
    if (lua_type(L, 3) == LUA_TNUMBER)
        lua_settop(L, 2);
    else if (n > 2)
        bind_fail(L, "expect: it is called as expect(condition [, message])");
    lua_settop(L, 3);
    return judge(L, lua_toboolean(L, 2), 3, NULL, NULL);
}

/* The number at `index`; NAN if there is none. */
static double number_at(lua_State *L, int index, const char *what)
{
    return lua_isnil(L, index) ? NAN : bind_any(L, index, what);
}

static double wanted_at(lua_State *L, int index, const char *what)
{
    double value = bind_any(L, index, what);

    if (isnan(value))
        bind_fail(L, "%s is not a number", what);
    return value;
}

/* A tolerance in percent is a share of the wanted value. */
static double tolerance_at(lua_State *L, int index, double want)
{
    double value = wanted_at(L, index, "expect.near: the tolerance");

    if (value < 0)
        bind_fail(L, "expect.near: the tolerance must not be negative");
    if (lua_type(L, index) == LUA_TSTRING && strcmp(unit_of(lua_tostring(L, index)), "%") == 0)
        return value * fabs(want);
    return value;
}

static int expect_near(lua_State *L, struct bind_object *self)
{
    double x = number_at(L, 1, "expect.near: the value");
    double want = wanted_at(L, 2, "expect.near: the wanted value");
    double tolerance = tolerance_at(L, 3, want);
    const char *wanted =
        lua_pushfstring(L, "%s within %s", push_like(L, want, 2), bind_tostring(L, 3));

    /* 101 ms is within 1 ms of 100 ms, whatever binary fractions make of it. */
    bool passed = fabs(x - want) <= tolerance * (1 + 1e-9);
    return judge(L, passed, 4, push_actual(L, 1, 2), wanted);
}

static int expect_above(lua_State *L, struct bind_object *self)
{
    double x = number_at(L, 1, "expect.above: the value");
    double limit = wanted_at(L, 2, "expect.above: the limit");
    const char *wanted = lua_pushfstring(L, "above %s", push_like(L, limit, 2));

    return judge(L, x > limit, 3, push_actual(L, 1, 2), wanted);
}

static int expect_below(lua_State *L, struct bind_object *self)
{
    double x = number_at(L, 1, "expect.below: the value");
    double limit = wanted_at(L, 2, "expect.below: the limit");
    const char *wanted = lua_pushfstring(L, "below %s", push_like(L, limit, 2));

    return judge(L, x < limit, 3, push_actual(L, 1, 2), wanted);
}

static int expect_between(lua_State *L, struct bind_object *self)
{
    double x = number_at(L, 1, "expect.between: the value");
    double low = wanted_at(L, 2, "expect.between: the lower limit");
    double high = wanted_at(L, 3, "expect.between: the upper limit");

    if (low > high)
        bind_fail(L, "expect.between: the lower limit is above the upper one");
    const char *wanted =
        lua_pushfstring(L, "between %s and %s", push_like(L, low, 2), push_like(L, high, 3));
    return judge(L, x >= low && x <= high, 4, push_actual(L, 1, 2), wanted);
}

/* A number equals a text with a unit of the same value. */
static bool is_equal(lua_State *L)
{
    double value;

    if (lua_compare(L, 1, 2, LUA_OPEQ))
        return true;
    return lua_type(L, 1) == LUA_TNUMBER && lua_type(L, 2) == LUA_TSTRING &&
           unit_read_any("", lua_tostring(L, 2), &value, NULL) && value == lua_tonumber(L, 1);
}

static int expect_equal(lua_State *L, struct bind_object *self)
{
    bool passed = is_equal(L);
    const char *wanted = lua_isnil(L, 2) ? "no value" : bind_tostring(L, 2);

    return judge(L, passed, 3, push_actual(L, 1, 2), wanted);
}

const struct bind_method bind_expect[] = {
    { "near", expect_near, 3, 4, "expect.near(x, want, tolerance [, message])",
      "x is within the tolerance, an amount or a share (\"5%\") of want" },
    { "above", expect_above, 2, 3, "expect.above(x, limit [, message])", "x > limit" },
    { "below", expect_below, 2, 3, "expect.below(x, limit [, message])", "x < limit" },
    { "between", expect_between, 3, 4, "expect.between(x, low, high [, message])",
      "low <= x <= high" },
    { "equal", expect_equal, 2, 3, "expect.equal(x, want [, message])",
      "x is want: a number, a text, true or false, an object" },
    BIND_METHODS_END,
};

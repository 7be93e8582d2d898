/* Words of weft that work on numbers and results: bdp, result, table, series, plot, limits. */
#include <math.h>
#include <string.h>

#include "scenarios/bind/drawing.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/series.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"

static int weft_bdp(lua_State *L, struct bind_object *self)
{
    uint64_t rate = bind_rate(L, 1, "weft.bdp: the rate");
    sim_time rtt = bind_time(L, 2, "weft.bdp: the round-trip time");

    lua_pushinteger(L, (lua_Integer)(simtime_bits_in(rtt, rate) / 8));
    return 1;
}

static int weft_result(lua_State *L, struct bind_object *self)
{
    const char *name = bind_string(L, 1, "weft.result: the name");
    double value = lua_isnil(L, 2) ? NAN : bind_any(L, 2, "weft.result: the value");
    if (!*name || strpbrk(name, "\r\n"))
        bind_fail(L, "weft.result: the name \"%s\" must be one line of text", name);
    const char *unit = lua_isnil(L, 3) ? "" : bind_string(L, 3, "weft.result: the unit");

    report_result(bind_of(L)->report, name, value, unit);
    return 0;
}

/* ---- Tables -------------------------------------------------------------------------------- */

struct table_options {
    const char *name;
    int columns, units; /* stack indices; 0: not given */
};

static void set_name(lua_State *L, int index, void *data)
{
    ((struct table_options *)data)->name = bind_string(L, index, "weft.table name");
}

static void check_list(lua_State *L, int index, const char *what)
{
    if (!lua_istable(L, index))
        bind_refuse(L, index, what, "a list of texts");
}

static void set_columns(lua_State *L, int index, void *data)
{
    check_list(L, index, "weft.table columns");
}

static void set_units(lua_State *L, int index, void *data)
{
    check_list(L, index, "weft.table units");
}

static const struct bind_option table_extra[] = {
    { "name", "text", "\"table 1\", ...", "its title", set_name },
    { "columns", "list of texts", "", "the names of the columns", set_columns },
    { "units", "list of texts", "none",
      "the units of the columns: \"bit/s\", \"s\", \"B\", \"1\" (shown in percent), \"\"",
      set_units },
    BIND_OPTIONS_END,
};

const struct bind_options bind_table_options = { .what = "weft.table", .options = table_extra };

/* Columns of numbers have a unit, "" at least; a column is text if its first cell is. */
static void add_column(lua_State *L, struct table *table, lua_Integer column)
{
    const char *unit = NULL;
    int top = lua_gettop(L);

    lua_getfield(L, 1, "columns");
    lua_rawgeti(L, -1, column);
    const char *name = bind_string(L, -1, "weft.table: the name of a column");
    if (lua_getfield(L, 1, "units") == LUA_TTABLE && lua_rawgeti(L, -1, column) == LUA_TSTRING)
        unit = lua_tostring(L, -1);
    if (lua_rawgeti(L, 1, 1) == LUA_TTABLE && !unit && lua_rawgeti(L, -1, column) == LUA_TNUMBER)
        unit = "";
    table_column(table, name, unit);
    lua_settop(L, top);
}

/* All is checked before the table is made, which no Lua error may leave behind. */
static void check_rows(lua_State *L, lua_Integer columns)
{
    for (lua_Integer row = 1; row <= (lua_Integer)lua_rawlen(L, 1); row++) {
        if (lua_rawgeti(L, 1, row) != LUA_TTABLE || (lua_Integer)lua_rawlen(L, -1) > columns)
            bind_fail(L, "weft.table: row %d must be a list of at most %d values", (int)row,
                      (int)columns);
        lua_pop(L, 1);
    }
    lua_getfield(L, 1, "columns");
    for (lua_Integer i = 1; i <= columns; i++) {
        lua_rawgeti(L, -1, i);
        bind_string(L, -1, "weft.table: the name of a column");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void add_row(lua_State *L, struct table *table, lua_Integer columns)
{
    for (lua_Integer i = 1; i <= columns; i++) {
        int type = lua_rawgeti(L, -1, i);
        if (type == LUA_TNUMBER)
            table_number(table, lua_tonumber(L, -1));
        else
            table_text(table, type == LUA_TNIL ? NULL : bind_tostring(L, -1));
        lua_settop(L, 3);
    }
}

/* weft.table{ columns = { "n", "goodput" }, units = { "", "bit/s" }, { 1, 2e6 }, ... } */
static int weft_table(lua_State *L, struct bind_object *self)
{
    struct bind *bind = bind_of(L);
    struct table_options o = { 0 };
    struct bind_options options = bind_table_options;

    if (!lua_istable(L, 1))
        bind_refuse(L, 1, "weft.table: its argument", "a table");
    options.data = &o;
    bind_read_options(L, 1, &options, INT32_MAX);
    if (lua_getfield(L, 1, "columns") != LUA_TTABLE)
        bind_fail(L, "weft.table: give the columns their names, columns = { \"n\", \"goodput\" }");
    lua_Integer columns = (lua_Integer)lua_rawlen(L, -1);
    lua_pop(L, 1);
    check_rows(L, columns);
    const char *name = o.name ? o.name : lua_pushfstring(L, "table %d", (int)++bind->tables);
    lua_settop(L, 2);
    struct table *table = table_new(name);
    for (lua_Integer i = 1; i <= columns; i++)
        add_column(L, table, i);
    for (lua_Integer row = 1; row <= (lua_Integer)lua_rawlen(L, 1); row++) {
        lua_rawgeti(L, 1, row);
        add_row(L, table, columns);
        lua_settop(L, 2);
    }
    report_table(bind->report, table);
    return 0;
}

const struct bind_method bind_weft_data[] = {
    { "bdp", weft_bdp, 2, 2, "weft.bdp(rate, rtt)", "the bandwidth-delay product in bytes" },
    { "series", bind_weft_series, 2, 2, "weft.series(list, name)",
      "the figure of this name of each flow or link of a list, for a plot" },
    { "result", weft_result, 2, 3, "weft.result(name, value [, unit])",
      "puts a computed figure into the results" },
    { "table", weft_table, 1, 1, "weft.table{ columns = {...}, {row}, ... }",
      "puts a table into the results" },
    { "plot", bind_weft_plot, 1, 1, "weft.plot{ series, ..., style =, name = }",
      "plots series of any kind" },
    BIND_METHODS_END,
};

/* ---- Limits -------------------------------------------------------------------------------- */

static const struct param limits_params[] = {
    { "script", PARAM_COUNT, offsetof(struct bind_limits, script), "1000000000", 1e4, 9e18,
      "instructions of Lua that the script may run, callbacks aside", NULL },
    { "callback", PARAM_COUNT, offsetof(struct bind_limits, callback), "50000000", 1e4, 9e18,
      "instructions of Lua that one call of a callback may run", NULL },
    { "memory", PARAM_SIZE, offsetof(struct bind_limits, memory), "4GiB", 1e6, 1e15,
      "bytes that the script's data may take", NULL },
    PARAM_END,
};

const struct bind_options bind_limits_options = {
    .what = "weft.limits",
    .params = limits_params,
};

static int weft_limits(lua_State *L, struct bind_object *self)
{
    struct bind_limits *limits = &bind_of(L)->limits;
    struct bind_options options = bind_limits_options;
    uint64_t before = limits->script;

    options.base = limits;
    bind_read_options(L, 1, &options, 0);
    if (limits->script != before && g_str_equal(limits->option, "script")) {
        limits->left += (int64_t)(limits->script - before);
        limits->allowed = limits->script;
    }
    return 0;
}

const struct bind_method bind_weft_limits[] = {
    { "limits", weft_limits, 1, 1, "weft.limits{ script =, callback =, memory = }",
      "how many instructions of Lua may run before they count as an endless loop, and how much "
      "memory its data may take" },
    BIND_METHODS_END,
};

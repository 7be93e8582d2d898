/* Arguments of a scenario: weft.arg declares them, --set gives them values. */
#include <math.h>
#include <string.h>

#include "scenarios/bind/arg.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"

static void free_arg(gpointer data)
{
    struct scenario_arg *arg = data;

    g_free(arg->name);
    g_free(arg->value);
    g_free(arg->type);
    g_free(arg->doc);
    g_free(arg);
}

GPtrArray *bind_args_new(void)
{
    return g_ptr_array_new_with_free_func(free_arg);
}

/* The text after "name=" of --set, or NULL.  The last of several holds. */
static const char *given_value(const struct bind *bind, const char *name)
{
    const char *const *sets = bind->options->sets;
    size_t length = strlen(name);
    const char *value = NULL;

    for (; sets && *sets; sets++)
        if (strncmp(*sets, name, length) == 0 && (*sets)[length] == '=')
            value = *sets + length + 1;
    return value;
}

/* ---- Types --------------------------------------------------------------------------------- */

static const char *type_of(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        return lua_isinteger(L, index) ? "whole number" : "number";
    case LUA_TBOOLEAN:
        return "yes or no";
    case LUA_TSTRING:
        return "text";
    default:
        bind_refuse(L, index, "weft.arg: the default, which says the type,",
                    "a number, a text, true or false");
    }
}

static void push_number(lua_State *L, const char *what, const char *text, bool whole)
{
    GError *error = NULL;
    double value;

    if (!unit_read_any(what, text, &value, &error))
        bind_throw(L, "", error);
    if (whole && (value != floor(value) || fabs(value) > 0x1p53))
        bind_fail(L, "%s \"%s\": must be a whole number, as its default is", what, text);
    if (whole)
        lua_pushinteger(L, (lua_Integer)value);
    else
        lua_pushnumber(L, value);
}

/* Pushes the value that `text` means for an argument whose default is at 2. */
static void push_given(lua_State *L, const char *name, const char *text)
{
    const char *what = lua_pushfstring(L, "argument %s", name);

    lua_pushstring(L, text);
    switch (lua_type(L, 2)) {
    case LUA_TNUMBER:
        push_number(L, what, text, lua_isinteger(L, 2));
        break;
    case LUA_TBOOLEAN:
        lua_pushboolean(L, bind_bool(L, -1, what));
        break;
    default:
        break;
    }
}

/* ---- The word ------------------------------------------------------------------------------ */

static bool is_name(const char *name)
{
    if (!g_ascii_isalpha(*name))
        return false;
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] ==
           '\0';
}

static bool is_declared(const struct bind *bind, const char *name)
{
    for (guint i = 0; i < bind->args->len; i++)
        if (strcmp(((struct scenario_arg *)bind->args->pdata[i])->name, name) == 0)
            return true;
    return false;
}

static void declare(lua_State *L, const char *name, const char *type, const char *doc)
{
    struct bind *bind = bind_of(L);

    if (is_declared(bind, name))
        return;
    struct scenario_arg *arg = g_new0(struct scenario_arg, 1);
    arg->name = g_strdup(name);
    arg->value = g_strdup(bind_tostring(L, 2));
    arg->type = g_strdup(type);
    arg->doc = g_strdup(doc ? doc : "");
    g_ptr_array_add(bind->args, arg);
}

static int weft_arg(lua_State *L, struct bind_object *self)
{
    struct bind *bind = bind_of(L);
    const char *name = bind_string(L, 1, "weft.arg: the name");
    const char *type = type_of(L, 2);
    const char *doc = lua_isnil(L, 3) ? NULL : bind_string(L, 3, "weft.arg: the explanation");

    if (!is_name(name))
        bind_fail(L, "weft.arg: the name \"%s\": use letters, digits, _ and -", name);
    declare(L, name, type, doc);
    const char *text = given_value(bind, name);
    if (text)
        push_given(L, name, text);
    else
        lua_pushvalue(L, 2);
    int value = lua_gettop(L);
    report_argument(bind->report, name, bind_tostring(L, value));
    lua_pushvalue(L, value);
    return 1;
}

const struct bind_method bind_weft_arg[] = {
    { "arg", weft_arg, 2, 3, "weft.arg(name, default, doc)",
      "an argument of the scenario, of the default's type; weft run FILE --set name=value sets "
      "it" },
    BIND_METHODS_END,
};

/* ---- Those that nobody declared ------------------------------------------------------------ */

static bool is_in_script(const struct bind *bind, const char *name)
{
    char *quoted[2] = { g_strdup_printf("\"%s\"", name), g_strdup_printf("'%s'", name) };
    bool found = strstr(bind->script, quoted[0]) || strstr(bind->script, quoted[1]);

    g_free(quoted[0]);
    g_free(quoted[1]);
    return found;
}

static void refuse(const struct bind *bind, const char *name, GError **error)
{
    GPtrArray *words = g_ptr_array_new();

    for (guint i = 0; i < bind->args->len; i++)
        g_ptr_array_add(words, ((struct scenario_arg *)bind->args->pdata[i])->name);
    char *hint = bind_remedy(name, words);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                "--set %s: %s declares no argument `%s` with weft.arg%s", name, bind->options->path,
                name, hint);
    g_free(hint);
    g_ptr_array_free(words, TRUE);
}

bool bind_args_check(const struct bind *bind, bool at_end, GError **error)
{
    bool ok = true;

    for (const char *const *set = bind->options->sets; ok && set && *set; set++) {
        char *name = g_strndup(*set, strcspn(*set, "="));
        if (!is_declared(bind, name) && (at_end || !is_in_script(bind, name))) {
            refuse(bind, name, error);
            ok = false;
        }
        g_free(name);
    }
    return ok;
}

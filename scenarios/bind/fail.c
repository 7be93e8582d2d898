#include <string.h>

#include "scenarios/bind/bind.h"
#include "sim/word.h"

/* Functions of the embedded library and of C stand between the mistake and its author. */
bool bind_is_script(const lua_Debug *frame)
{
    return frame->currentline > 0 && frame->source[0] == '@';
}

void bind_where_to(lua_State *L, char *out, size_t size)
{
    lua_Debug frame;

    *out = '\0';
    for (int level = 0; lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sl", &frame);
        if (bind_is_script(&frame)) {
            g_snprintf(out, size, "%s:%d: ", frame.short_src, frame.currentline);
            return;
        }
    }
}

const char *bind_where(lua_State *L)
{
    char where[LUA_IDSIZE + 16];

    bind_where_to(L, where, sizeof where);
    return lua_pushstring(L, where);
}

static void push_owned(lua_State *L, char *text)
{
    lua_pushstring(L, text);
    g_free(text);
}

int bind_fail(lua_State *L, const char *format, ...)
{
    va_list args;

    bind_where(L);
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    push_owned(L, text);
    lua_concat(L, 2);
    lua_error(L);
    __builtin_unreachable();
}

int bind_throw(lua_State *L, const char *what, GError *error)
{
    bind_where(L);
    lua_pushstring(L, what);
    lua_pushstring(L, *what ? " " : "");
    push_owned(L, g_strdup(error->message));
    g_error_free(error);
    lua_concat(L, 4);
    lua_error(L);
    __builtin_unreachable();
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once; of "rtt.p99" it is the field rtt that a user writes. */
static char **fields_of(GPtrArray *words)
{
    char **fields = g_new0(char *, words->len + 1);
    size_t n = 0;

    g_ptr_array_sort(words, by_name);
    for (guint i = 0; i < words->len; i++) {
        const char *word = words->pdata[i];
        size_t length = strcspn(word, ".");
        if (n > 0 && strncmp(fields[n - 1], word, length) == 0 && fields[n - 1][length] == '\0')
            continue;
        fields[n++] = g_strndup(word, length);
    }
    return fields;
}

char *bind_near(const char *name, GPtrArray *words)
{
    char **fields = fields_of(words);
    char *near = g_strdup(word_nearest(name, (const char *const *)fields));

    g_strfreev(fields);
    return near;
}

/* "; did you mean `rate`?" */
static char *remedy_of(const char *name, char **fields)
{
    const char *near = word_nearest(name, (const char *const *)fields);

    if (near)
        return g_strdup_printf("; did you mean `%s`?", near);
    if (!fields[0])
        return g_strdup("; there are none here");
    char *all = g_strjoinv(", ", fields);
    char *text = g_strdup_printf("; there are: %s", all);
    g_free(all);
    return text;
}

char *bind_remedy(const char *name, GPtrArray *words)
{
    char **fields = fields_of(words);
    char *text = remedy_of(name, fields);

    g_strfreev(fields);
    return text;
}

int bind_unknown(lua_State *L, const char *what, const char *kind, const char *name,
                 GPtrArray *words)
{
    char *hint = bind_remedy(name, words);

    g_ptr_array_free(words, TRUE);
    push_owned(L, hint);
    bind_fail(L, "%s%sunknown %s `%s`%s", what, *what ? ": " : "", kind, name, lua_tostring(L, -1));
}

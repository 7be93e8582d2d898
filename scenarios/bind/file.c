#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scenarios/bind/expect.h"

/* Beyond it a file, or a device that never ends, is no script and no table. */
enum { SIZE_MAX_READ = 256 << 20 };

static char *read_all(FILE *file, gsize *size)
{
    GString *text = g_string_new(NULL);
    char buffer[65536];
    size_t n;

    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0 && text->len <= SIZE_MAX_READ)
        g_string_append_len(text, buffer, (gssize)n);
    *size = text->len;
    if (n > 0)
        errno = EFBIG;
    return g_string_free(text, n > 0 || ferror(file) != 0);
}

char *bind_read_file(const char *path, gsize *size, char **problem)
{
    FILE *file = fopen(path, "rb");
    char *text = file ? read_all(file, size) : NULL;

    if (!text)
        *problem = g_strdup_printf("cannot read the file \"%s\": %s", path, g_strerror(errno));
    if (file)
        fclose(file);
    return text;
}

void bind_push_path(lua_State *L, const char *name, const char *ending)
{
    const char *folder = bind_of(L)->folder;

    if (g_path_is_absolute(name) || strcmp(folder, ".") == 0)
        lua_pushfstring(L, "%s%s", name, ending);
    else
        lua_pushfstring(L, "%s/%s%s", folder, name, ending);
}

/* The line `number` of `text`, from 1 on; its length is *length. */
static const char *find_line(const char *text, int number, size_t *length)
{
    while (--number > 0 && (text = strchr(text, '\n')))
        text++;
    if (!text)
        return NULL;
    text += strspn(text, " \t");
    *length = strcspn(text, "\r\n");
    return text;
}

const char *bind_push_line(lua_State *L, const char *path, int number)
{
    struct bind *bind = bind_of(L);
    char *problem = NULL, *other = NULL;
    gsize size;
    size_t length = 0;

    if (strcmp(path, bind->options->path) != 0)
        other = bind_read_file(path, &size, &problem);
    const char *text = other || problem ? other : bind->script;
    const char *line = text ? find_line(text, number, &length) : NULL;
    lua_pushlstring(L, line ? line : "", length);
    g_free(other);
    g_free(problem);
    return lua_tostring(L, -1);
}

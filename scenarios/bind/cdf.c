/* A file has a point a line: a value and the share of values up to it, as fractions or in percent;
 * # begins a comment.  The points are put into one userdata, x first, so that an error leaves
 * nothing behind. */
#include "scenarios/bind/cdf.h"

#include <math.h>
#include <string.h>

#include "scenarios/bind/value.h"

struct points {
    size_t count, room;
    double *x, *p;
};

static struct points new_points(lua_State *L, size_t room)
{
    double *memory = lua_newuserdatauv(L, (2 * room + 1) * sizeof *memory, 0);

    return (struct points){ .room = room, .x = memory, .p = memory + room };
}

static void add_point(struct points *points, double x, double p)
{
    points->x[points->count] = x;
    points->p[points->count++] = p;
}

static int complain(lua_State *L, const char *what, const char *path, int line)
{
    bind_fail(L, "%s: %s:%d: write a value and the share of values up to it, like 1500 0.25", what,
              path, line);
}

static void read_line(lua_State *L, const char *what, const char *path, int number,
                      const char *line, struct points *points)
{
    char *end;

    line += strspn(line, " \t\r");
    if (*line == '\0' || *line == '#')
        return;
    double x = g_ascii_strtod(line, &end);
    if (end == line)
        complain(L, what, path, number);
    line = end + strspn(end, " \t,");
    double p = g_ascii_strtod(line, &end);
    end += strspn(end, " \t\r");
    if (end == line || (*end && *end != '#') || !isfinite(x) || !isfinite(p))
        complain(L, what, path, number);
    add_point(points, x, p);
}

static size_t count_lines(const char *text)
{
    size_t n = 1;

    for (; (text = strchr(text, '\n')); text++)
        n++;
    return n;
}

/* `text` is a copy of the file that Lua holds; its line ends become ends of texts. */
static void read_file(lua_State *L, const char *what, const char *path, char *text,
                      struct points *points)
{
    *points = new_points(L, count_lines(text));
    for (int number = 1; text; number++) {
        char *end = strchr(text, '\n');
        if (end)
            *end = '\0';
        read_line(L, what, path, number, text, points);
        text = end ? end + 1 : NULL;
    }
}

static char *push_file(lua_State *L, const char *what, const char *path)
{
    char *problem = NULL;
    gsize size = 0;
    char *text = bind_read_file(path, &size, &problem);

    if (!text) {
        lua_pushstring(L, problem);
        g_free(problem);
        bind_fail(L, "%s: %s", what, lua_tostring(L, -1));
    }
    char *copy = lua_newuserdatauv(L, size + 1, 0);
    memcpy(copy, text, size);
    copy[size] = '\0';
    g_free(text);
    return copy;
}

static void read_list(lua_State *L, int index, const char *what, struct points *points)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, index);

    *points = new_points(L, (size_t)n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, index, i);
        if (!lua_istable(L, -1))
            bind_refuse(L, lua_gettop(L), what, "a list of points { value, share }");
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        add_point(points, bind_any(L, -2, what), bind_any(L, -1, what));
        lua_pop(L, 3);
    }
}

static void scale_percent(struct points *points)
{
    if (points->count == 0 || points->p[points->count - 1] != 100)
        return;
    for (size_t i = 0; i < points->count; i++)
        points->p[i] /= 100;
}

void bind_read_cdf(lua_State *L, int index, const char *what, struct dist *dist)
{
    struct points points;
    GError *error = NULL;
    int top = lua_gettop(L);

    index = lua_absindex(L, index);
    if (lua_rawgeti(L, index, 2) == LUA_TSTRING) {
        bind_push_path(L, lua_tostring(L, -1), "");
        const char *path = lua_tostring(L, -1);
        read_file(L, what, path, push_file(L, what, path), &points);
    } else if (lua_istable(L, -1)) {
        read_list(L, lua_gettop(L), what, &points);
    } else {
        bind_refuse(L, lua_gettop(L), what, "{ \"cdf\", file } or { \"cdf\", { {x, p}, ... } }");
    }
    scale_percent(&points);
    if (!dist_set_cdf(dist, points.x, points.p, points.count, &error))
        bind_throw(L, what, error);
    lua_settop(L, top);
}

/* table.sort as a merge sort: stable, and the same in each run, while Lua's own takes its pivots
 * from the clock when it meets an unlucky order.  The values wait in a table of their own; what is
 * sorted are their indices. */
#include <string.h>

#include "scenarios/bind/bind.h"

enum { LIST = 1, LESS = 2, VALUES = 3 };

static bool is_less(lua_State *L, uint32_t a, uint32_t b)
{
    bool less;

    if (lua_isnil(L, LESS)) {
        lua_rawgeti(L, VALUES, a);
        lua_rawgeti(L, VALUES, b);
        less = lua_compare(L, -2, -1, LUA_OPLT);
        lua_pop(L, 2);
        return less;
    }
    lua_pushvalue(L, LESS);
    lua_rawgeti(L, VALUES, a);
    lua_rawgeti(L, VALUES, b);
    lua_call(L, 2, 1);
    less = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return less;
}

/* Merges from[low, middle) and from[middle, high) into to[low, high). */
static void merge(lua_State *L, const uint32_t *from, uint32_t *to, size_t low, size_t middle,
                  size_t high)
{
    size_t a = low, b = middle;

    for (size_t i = low; i < high; i++)
        if (a < middle && (b >= high || !is_less(L, from[b], from[a])))
            to[i] = from[a++];
        else
            to[i] = from[b++];
}

/* Sorts the n indices at `order`; `spare` has the same room.  Returns the sorted one of the two. */
static uint32_t *merge_sort(lua_State *L, uint32_t *order, uint32_t *spare, size_t n)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t low = 0; low < n; low += 2 * width)
            merge(L, order, spare, low, MIN(low + width, n), MIN(low + 2 * width, n));
        uint32_t *sorted = spare;
        spare = order;
        order = sorted;
    }
    return order;
}

static int sort(lua_State *L)
{
    luaL_checktype(L, LIST, LUA_TTABLE);
    if (!lua_isnoneornil(L, LESS))
        luaL_checktype(L, LESS, LUA_TFUNCTION);
    lua_settop(L, LESS);
    lua_Integer n = luaL_len(L, LIST);
    luaL_argcheck(L, n < INT32_MAX, LIST, "the list is too long");
    if (n < 2)
        return 0;
    lua_createtable(L, (int)n, 0);
    uint32_t *order = lua_newuserdatauv(L, 2 * (size_t)n * sizeof *order, 0);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_geti(L, LIST, i);
        lua_rawseti(L, VALUES, i);
        order[i - 1] = (uint32_t)i;
    }
    order = merge_sort(L, order, order + n, (size_t)n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, VALUES, order[i - 1]);
        lua_seti(L, LIST, i);
    }
    return 0;
}

void bind_sort_open(lua_State *L)
{
    lua_getfield(L, -1, "table");
    lua_pushcfunction(L, sort);
    lua_setfield(L, -2, "sort");
    lua_pop(L, 1);
}

/* pairs and next in an order that is the same in each run: numbers first, then strings, each
 * sorted.  Lua's own order depends on addresses.  Keys of other kinds have no such order and are
 * refused.
 *
 * pairs takes a snapshot of the keys, which costs n log n once; keys that are removed while it goes
 * on are passed over, values are read when their turn comes.  next has no memory of its own, so its
 * snapshots are kept in a table beside (weak, keyed by the table they belong to): next(t, k) of the
 * key that it gave last is one step, and of any other key a search.  next(t) alone, which often
 * only asks whether a table is empty, makes no snapshot. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/bind/bind.h"

enum key_kind { KEY_INTEGER, KEY_FLOAT, KEY_STRING };

struct key {
    enum key_kind kind;
    union {
        lua_Integer integer;
        lua_Number real;
        struct {
            const char *text; /* Lua's; alive as long as the key is in the snapshot */
            size_t length;
        };
    };
};

/* A userdata; the strings of its keys are anchored in its user value, a list. */
struct snapshot {
    size_t count, next;
    struct key keys[];
};

/* A float that is a key is no whole number, or out of the range of integers. */
static int compare_mixed(lua_Integer integer, lua_Number real)
{
    if (real >= 0x1p63)
        return -1;
    if (real < -0x1p63)
        return 1;
    return integer <= (lua_Integer)floor(real) ? -1 : 1;
}

static int compare_strings(const struct key *a, const struct key *b)
{
    int order = memcmp(a->text, b->text, MIN(a->length, b->length));

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

static int compare(const struct key *a, const struct key *b)
{
    if (a->kind == KEY_STRING || b->kind == KEY_STRING)
        return a->kind == b->kind ? compare_strings(a, b) : (int)a->kind - (int)b->kind;
    if (a->kind == KEY_INTEGER && b->kind == KEY_INTEGER)
        return (a->integer > b->integer) - (a->integer < b->integer);
    if (a->kind == KEY_FLOAT && b->kind == KEY_FLOAT)
        return (a->real > b->real) - (a->real < b->real);
    return a->kind == KEY_INTEGER ? compare_mixed(a->integer, b->real)
                                  : -compare_mixed(b->integer, a->real);
}

static int compare_void(const void *a, const void *b)
{
    return compare(a, b);
}

static struct key read_key(lua_State *L, int index, const char *word)
{
    struct key key = { 0 };

    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        key.kind = lua_isinteger(L, index) ? KEY_INTEGER : KEY_FLOAT;
        if (key.kind == KEY_INTEGER)
            key.integer = lua_tointeger(L, index);
        else
            key.real = lua_tonumber(L, index);
        return key;
    case LUA_TSTRING:
        key.kind = KEY_STRING;
        key.text = lua_tolstring(L, index, &key.length);
        return key;
    default:
        bind_fail(L,
                  "%s: the table has a %s as key, and such keys have no order that is the same in "
                  "each run; use numbers or strings, of an object its name",
                  word, luaL_typename(L, index));
    }
}

static void push_key(lua_State *L, const struct key *key)
{
    if (key->kind == KEY_INTEGER)
        lua_pushinteger(L, key->integer);
    else if (key->kind == KEY_FLOAT)
        lua_pushnumber(L, key->real);
    else
        lua_pushlstring(L, key->text, key->length);
}

/* Pushes a snapshot of the table at `table`. */
static struct snapshot *take_snapshot(lua_State *L, int table, const char *word)
{
    size_t n = 0, i = 0;
    bool sorted = true;

    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        n++;
    struct snapshot *snapshot =
        lua_newuserdatauv(L, sizeof *snapshot + n * sizeof snapshot->keys[0], 1);
    snapshot->count = n;
    snapshot->next = 0;
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
        struct key *key = &snapshot->keys[i++];
        *key = read_key(L, -2, word);
        if (key->kind == KEY_STRING) {
            lua_pushvalue(L, -2);
            lua_rawseti(L, -4, (lua_Integer)i);
        }
        sorted = sorted && (i == 1 || compare(key - 1, key) < 0);
    }
    lua_setiuservalue(L, -2, 1);
    if (!sorted)
        qsort(snapshot->keys, n, sizeof snapshot->keys[0], compare_void);
    return snapshot;
}

/* Pushes the next key that is still there and its value; false at the end. */
static bool step(lua_State *L, struct snapshot *snapshot, int table)
{
    while (snapshot->next < snapshot->count) {
        push_key(L, &snapshot->keys[snapshot->next++]);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, table) != LUA_TNIL)
            return true;
        lua_pop(L, 2);
    }
    return false;
}

static int pairs_step(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (step(L, lua_touserdata(L, lua_upvalueindex(1)), 1))
        return 2;
    lua_pushnil(L);
    return 1;
}

static int pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    take_snapshot(L, 1, "pairs");
    lua_pushcclosure(L, pairs_step, 1);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/* ---- next ---------------------------------------------------------------------------------- */

static int next_first(lua_State *L)
{
    struct key least, key;
    bool found = false;

    lua_settop(L, 1);
    lua_pushnil(L); /* 2: the least key, which keeps its text alive */
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        key = read_key(L, -2, "next");
        if (found && compare(&key, &least) > 0)
            continue;
        least = key;
        found = true;
        lua_pushvalue(L, -2);
        lua_replace(L, 2);
    }
    if (!found)
        return 1;
    lua_pushvalue(L, 2);
    lua_rawget(L, 1);
    return 2;
}

/* Index of the first key greater than `key`. */
static size_t find_after(const struct snapshot *snapshot, const struct key *key)
{
    size_t low = 0, high = snapshot->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare(&snapshot->keys[middle], key) > 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The snapshot of table 1 in which `key` was the last step; makes one if need be. */
static struct snapshot *find_snapshot(lua_State *L, const struct key *key)
{
    lua_pushvalue(L, 1);
    struct snapshot *snapshot = NULL;
    if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TUSERDATA)
        snapshot = lua_touserdata(L, -1);
    if (snapshot && snapshot->next > 0 && compare(&snapshot->keys[snapshot->next - 1], key) == 0)
        return snapshot;
    snapshot = take_snapshot(L, 1, "next");
    snapshot->next = find_after(snapshot, key);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, lua_upvalueindex(1));
    return snapshot;
}

static int next(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    if (lua_isnil(L, 2))
        return next_first(L);
    struct key key = read_key(L, 2, "next");
    if (step(L, find_snapshot(L, &key), 1))
        return 2;
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    lua_rawset(L, lua_upvalueindex(1));
    lua_pushnil(L);
    return 1;
}

void bind_order_open(lua_State *L)
{
    lua_pushcfunction(L, pairs);
    lua_setfield(L, -2, "pairs");
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "k");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_pushcclosure(L, next, 1);
    lua_setfield(L, -2, "next");
}

#include "scenarios/bind/missing.h"

#include <string.h>

const struct bind_missing bind_missing_words[] = {
    { "network", "quic", "net:quic", "QUIC is", "net:tcp and net:udp" },
    { "network", "http", "net:http", "HTTP is", "net:rpc and net:tcp" },
    { "node", "crash", "node:crash", "crashes of nodes are", "iface:down() and link:down()" },
    { "node", "boot", "node:boot", "crashes of nodes are", "iface:up() and link:up()" },
    { "interface", "nic", "iface:nic", "rings and offloads of network cards are",
      "the queue of a link" },
    { "weft", "sweep", "weft.sweep", "sweeps over arguments are",
      "weft.arg with --set, and several networks in a loop" },
    { .name = NULL },
};

static int refuse(lua_State *L, const struct bind_missing *m)
{
    bind_fail(L, "%s: %s not modelled yet; there is %s", m->call, m->what, m->instead);
}

void bind_missing_refuse(lua_State *L, const char *where, const char *name)
{
    for (const struct bind_missing *m = bind_missing_words; m->name; m++)
        if (strcmp(m->where, where) == 0 && strcmp(m->name, name) == 0)
            refuse(L, m);
}

static int missing(lua_State *L)
{
    return refuse(L, lua_touserdata(L, lua_upvalueindex(1)));
}

static void push_missing(lua_State *L, const struct bind_missing *m)
{
    lua_newtable(L);
    lua_createtable(L, 0, 3);
    static const char *const events[] = { "__index", "__newindex", "__call" };
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        lua_pushlightuserdata(L, (void *)m);
        lua_pushcclosure(L, missing, 1);
        lua_setfield(L, -2, events[i]);
    }
    lua_setmetatable(L, -2);
}

void bind_missing_open(lua_State *L)
{
    for (const struct bind_missing *m = bind_missing_words; m->name; m++) {
        if (strcmp(m->where, "weft") == 0) {
            lua_getfield(L, -1, "weft");
            lua_pushstring(L, m->name);
            push_missing(L, m);
            lua_rawset(L, -3);
            lua_pop(L, 1);
        } else if (!m->where[0]) {
            push_missing(L, m);
            lua_setfield(L, -2, m->name);
        }
    }
}

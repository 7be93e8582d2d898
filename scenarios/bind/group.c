#include "scenarios/bind/group.h"

#include <string.h>

#include "protocols/ip/igmp.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/packet.h"
#include "scenarios/bind/value.h"

static ip4 read_group(lua_State *L, int index, const char *what)
{
    const char *text = bind_string(L, index, what);
    GError *error = NULL;
    ip4 group;

    if (!ip4_parse(text, &group, &error))
        bind_throw(L, what, error);
    if (!ip4_is_group(group))
        bind_fail(L, "%s: %s is no multicast group; they are 224.0.0.0 to 239.255.255.255", what,
                  text);
    return group;
}

/* ---- Options of sockets -------------------------------------------------------------------- */

static void read_iface(lua_State *L, int index, struct node *node, const char *what,
                       struct socket_group *out)
{
    ip4 addr;

    if (lua_type(L, index) == LUA_TSTRING && ip4_parse(lua_tostring(L, index), &addr, NULL))
        out->local = put_be32(addr);
    else
        out->ifindex = bind_find_iface(L, index, node, what)->ip.ifindex;
}

/* { "239.1.1.1", dev = "eth2" } */
static void read_table(lua_State *L, int index, struct node *node, const char *what,
                       struct socket_group *out)
{
    lua_rawgeti(L, index, 1);
    out->group = put_be32(read_group(L, lua_gettop(L), what));
    if (lua_getfield(L, index, "dev") != LUA_TNIL)
        read_iface(L, lua_gettop(L), node, what, out);
    lua_pop(L, 2);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        if (!(lua_isinteger(L, -2) && lua_tointeger(L, -2) == 1) &&
            !(lua_type(L, -2) == LUA_TSTRING && strcmp(lua_tostring(L, -2), "dev") == 0))
            bind_fail(L, "%s: it is a group or { \"239.1.1.1\", dev = \"eth2\" }; what is %s?",
                      what, bind_tostring(L, -2));
}

struct socket_group bind_group(lua_State *L, int index, struct node *node,
                               const struct socket_option *option)
{
    struct socket_group group = { 0 };

    index = lua_absindex(L, index);
    if (option->value == SOCKET_VALUE_IFACE)
        read_iface(L, index, node, option->name, &group);
    else if (lua_istable(L, index))
        read_table(L, index, node, option->name, &group);
    else
        group.group = put_be32(read_group(L, index, option->name));
    return group;
}

/* ---- node:join, node:leave ----------------------------------------------------------------- */

static struct iface *read_where(lua_State *L, struct bind_object *self, const char *what)
{
    struct node *node = self->model;

    bind_check_not_looking(L, self->net, what);
    if (!lua_isnil(L, 2))
        return bind_find_iface(L, 2, node, what);
    if (!node_only_iface(node) || node->ops->bridges)
        bind_fail(L, "%s: %s has %d interfaces; say at which, %s(\"239.1.1.1\", \"eth1\")", what,
                  node->name, (int)node->n_ifaces, what);
    return node_only_iface(node);
}

int bind_node_join(lua_State *L, struct bind_object *self)
{
    struct iface *iface = read_where(L, self, "node:join");

    ip_iface_join(&iface->ip, read_group(L, 1, "node:join"));
    return 0;
}

int bind_node_leave(lua_State *L, struct bind_object *self)
{
    struct iface *iface = read_where(L, self, "node:leave");

    if (!ip_iface_leave(&iface->ip, read_group(L, 1, "node:leave")))
        bind_fail(L, "node:leave: %s has not joined %s", iface->drops.name, bind_tostring(L, 1));
    return 0;
}

/* What a socket tells of itself: its addresses and ports, its state, and which calls would not
 * wait. */
#include "scenarios/bind/node.h"
#include "scenarios/bind/socket_internal.h"
#include "scenarios/bind/value.h"

static const struct ip_addr any_address;

/* ---- Addresses and ports ------------------------------------------------------------------- */

/* Zeros for a closed one. */
static void names_of(struct bind_object *self, struct socket_addr *local, struct socket_addr *peer)
{
    struct bind_socket *s = bind_socket_of(self);

    *local = *peer = (struct socket_addr){ .port = 0 };
    if (!s->socket)
        return;
    socket_name(s->socket, local);
    socket_peer(s->socket, peer);
}

const char *bind_socket_title(struct bind_object *self)
{
    struct bind *bind = self->net->bind;
    struct socket_addr local, peer;
    char here[IP_ADDR_TEXT], there[IP_ADDR_TEXT];

    names_of(self, &local, &peer);
    if (!local.port)
        return NULL;
    ip_addr_format(&local.addr, here);
    if (peer.port)
        g_snprintf(bind->title, sizeof bind->title, "%s:%u to %s:%u", here, local.port,
                   ip_addr_format(&peer.addr, there), peer.port);
    else
        g_snprintf(bind->title, sizeof bind->title, "port %u", local.port);
    return bind->title;
}

static int push_address(lua_State *L, const struct socket_addr *addr)
{
    char text[IP_ADDR_TEXT];

    if (ip_addr_equal(&addr->addr, &any_address))
        lua_pushliteral(L, "0.0.0.0");
    else
        lua_pushstring(L, ip_addr_format(&addr->addr, text));
    return 1;
}

static void push_port(lua_State *L, uint16_t port)
{
    if (port)
        lua_pushinteger(L, port);
    else
        lua_pushnil(L);
}

static void get_address(lua_State *L, struct bind_object *self)
{
    struct socket_addr local, peer;

    names_of(self, &local, &peer);
    push_address(L, &local);
}

static void get_port(lua_State *L, struct bind_object *self)
{
    struct socket_addr local, peer;

    names_of(self, &local, &peer);
    push_port(L, local.port);
}

static void get_peer_address(lua_State *L, struct bind_object *self)
{
    struct socket_addr local, peer;

    names_of(self, &local, &peer);
    if (peer.port)
        push_address(L, &peer);
    else
        lua_pushnil(L);
}

static void get_peer_port(lua_State *L, struct bind_object *self)
{
    struct socket_addr local, peer;

    names_of(self, &local, &peer);
    push_port(L, peer.port);
}

/* ---- State --------------------------------------------------------------------------------- */

static void get_state(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_of(self);

    lua_pushstring(L, tcp_state_name(s->socket ? socket_state(s->socket) : TCP_CLOSED));
}

static void push_ready(lua_State *L, struct bind_object *self, unsigned events)
{
    struct bind_socket *s = bind_socket_of(self);

    lua_pushboolean(L, s->socket && socket_poll(s->socket) & events);
}

static void get_waiting(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_of(self);

    lua_pushinteger(L, s->socket ? socket_waiting(s->socket) : 0);
}

static void get_half_open(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_of(self);

    lua_pushinteger(L, s->socket ? socket_half_open(s->socket) : 0);
}

static void get_readable(lua_State *L, struct bind_object *self)
{
    push_ready(L, self, SOCKET_IN);
}

static void get_urgent(lua_State *L, struct bind_object *self)
{
    push_ready(L, self, SOCKET_PRI);
}

static void get_writable(lua_State *L, struct bind_object *self)
{
    push_ready(L, self, SOCKET_OUT);
}

static void get_hangup(lua_State *L, struct bind_object *self)
{
    push_ready(L, self, SOCKET_HUP);
}

static void get_open(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, bind_socket_of(self)->socket != NULL);
}

static void get_nonblock(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, bind_socket_of(self)->nonblock);
}

static void set_nonblock_property(lua_State *L, struct bind_object *self, int index)
{
    bind_socket_of(self)->nonblock = bind_bool(L, index, "nonblock");
}

static void get_node(lua_State *L, struct bind_object *self)
{
    bind_push_node(L, self->net, bind_socket_of(self)->node);
}

/* ---- The table ----------------------------------------------------------------------------- */

const struct bind_property bind_socket_properties[] = {
    { "address", get_address, NULL, "its local address" },
    { "port", get_port, NULL, "its local port; nil while it has none" },
    { "peer_address", get_peer_address, NULL, "the peer's address; nil if not connected" },
    { "peer_port", get_peer_port, NULL, "the peer's port" },
    { "state", get_state, NULL, "\"ESTABLISHED\", as ss(8) says it" },
    { "waiting", get_waiting, NULL, "of a listener: connections that wait for s:accept()" },
    { "half_open", get_half_open, NULL, "of a listener: handshakes under way, the SYN queue" },
    { "readable", get_readable, NULL, "POLLIN of poll(2): recv or accept would not wait" },
    { "urgent", get_urgent, NULL, "POLLPRI: urgent data has come" },
    { "writable", get_writable, NULL, "POLLOUT: send would not wait" },
    { "hangup", get_hangup, NULL, "POLLHUP: both directions are closed" },
    { "open", get_open, NULL, "false after s:close()" },
    { "nonblock", get_nonblock, set_nonblock_property,
      "calls return nil, \"EAGAIN\" rather than wait" },
    { "node", get_node, NULL, "where it is" },
    BIND_PROPERTIES_END,
};

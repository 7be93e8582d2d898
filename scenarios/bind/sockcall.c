/* The calls that end a connection or ask what is queued: s:disconnect, s:shutdown, s:close and
 * s:ioctl; and the table of all methods. */
#include <errno.h>

#include "scenarios/bind/socket_internal.h"
#include "scenarios/bind/value.h"

static int socket_disconnect_method(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:disconnect");

    return s->socket ? bind_socket_status(L, socket_disconnect(s->socket))
                     : bind_socket_error(L, -EBADF);
}

static int socket_shutdown_method(lua_State *L, struct bind_object *self)
{
    static const char *const words[] = { "read", "write", "both", NULL };
    struct bind_socket *s = bind_socket_use(L, self, "s:shutdown");
    int how = lua_isnil(L, 1) ? SOCKET_SHUT_WR : bind_word(L, 1, "s:shutdown", words);

    if (!s->socket)
        return bind_socket_error(L, -EBADF);
    return bind_socket_status(L, socket_shutdown(s->socket, (enum socket_how)how));
}

/* SO_LINGER: the time is up, or everything is acknowledged. */
static int close_step(lua_State *L, int status, lua_KContext context)
{
    bind_socket_close_now(bind_socket_top(L, 1));
    lua_pushboolean(L, true);
    return 1;
}

static int socket_close_method(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:close");
    struct bind_process *process = bind_process_current(L);

    if (!s->socket)
        return bind_socket_error(L, -EBADF);
    sim_time span = s->nonblock || !process ? 0 : socket_linger(s->socket);
    if (span == 0)
        return close_step(L, LUA_OK, 0);
    bind_process_begin(process, span);
    bind_process_add(process, s->socket, 0);
    return bind_process_wait(L, process, 1, close_step);
}

static int socket_ioctl_method(lua_State *L, struct bind_object *self)
{
    static const char *const words[] = { "SIOCINQ", "SIOCOUTQ", "SIOCOUTQNSD", "SIOCATMARK", NULL };
    struct bind_socket *s = bind_socket_use(L, self, "s:ioctl");
    int which = bind_word(L, 1, "s:ioctl", words);

    if (!s->socket)
        return bind_socket_error(L, -EBADF);
    if (which == 3 && socket_kind(s->socket) != SOCKET_STREAM)
        return bind_socket_error(L, -ENOTTY);
    int64_t value = which == 0   ? socket_inq(s->socket)
                    : which == 1 ? socket_outq(s->socket)
                    : which == 3 ? socket_at_mark(s->socket)
                                 : socket_outq_unsent(s->socket);
    if (value < 0)
        return bind_socket_error(L, value);
    lua_pushinteger(L, value);
    return 1;
}

/* ---- All methods --------------------------------------------------------------------------- */

const struct bind_method bind_socket_methods[] = {
    { "bind", bind_socket_bind, 1, 2, "s:bind(port [, address])", "bind(2)" },
    { "listen", bind_socket_listen, 0, 1, "s:listen([backlog])", "listen(2)" },
    { "connect", bind_socket_connect, 1, 2, "s:connect(to [, port])",
      "connect(2): waits until the connection is open, and returns the socket" },
    { "disconnect", socket_disconnect_method, 0, 0, "s:disconnect()",
      "connect(2) with AF_UNSPEC: gives the connection up with a RST, or a datagram socket's peer; "
      "the socket may be used again" },
    { "accept", bind_socket_accept, 0, 0, "s:accept()",
      "accept(2): waits for a connection, and returns its socket" },
    { "send", bind_socket_send, 1, 2,
      "s:send(data [, { more =, eor =, oob =, nowait =, to =, port =, fastopen = }])",
      "sends all of the text, waiting for room if need be; returns how many bytes" },
    { "recv", bind_socket_recv, 0, 2, "s:recv([n] [, { all =, peek =, oob =, trunc =, nowait = }])",
      "waits for data, and returns at most n bytes as a text, nil at the end of the stream; of a "
      "datagram also where it came from: address and port" },
    { "shutdown", socket_shutdown_method, 0, 1, "s:shutdown([\"write\" | \"read\" | \"both\"])",
      "shutdown(2); without an argument \"write\": no more data, reading goes on" },
    { "close", socket_close_method, 0, 0, "s:close()",
      "close(2); with SO_LINGER it waits for what was sent" },
    { "sockopt", bind_socket_option, 1, 2, "s:sockopt(name [, value])",
      "getsockopt(2) and setsockopt(2), by Linux's names" },
    { "ioctl", socket_ioctl_method, 1, 1,
      "s:ioctl(\"SIOCINQ\" | \"SIOCOUTQ\" | \"SIOCOUTQNSD\" | \"SIOCATMARK\")",
      "bytes to read; not acknowledged; not sent; 1 if the next byte is the urgent one" },
    BIND_METHODS_END,
};

/* How a socket comes to be open: in one step by node:listen and node:connect, or as in C, by
 * node:socket and then s:bind, s:listen and s:connect; or from a listener, by s:accept. */
#include <errno.h>

#include "models/node/topology.h"
#include "scenarios/bind/endpoint.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/socket_internal.h"
#include "scenarios/bind/value.h"

static const struct ip_addr any_address;

/* ---- Addresses ----------------------------------------------------------------------------- */

/* A port, unless the endpoint has one itself. */
static struct socket_addr read_remote(lua_State *L, int to, int port, struct bind_net *net,
                                      const char *what)
{
    struct endpoint end = bind_endpoint(L, to, net, lua_pushfstring(L, "%s: where to", what));
    struct socket_addr remote = { end.addr, end.port };

    topology_address(net->net);
    if (ip_addr_equal(&end.addr, &any_address) && !endpoint_resolve(&end, &remote.addr))
        bind_fail(L, "%s: %s has no address", what, bind_endpoint_name(L, &end));
    if (!lua_isnil(L, port) || remote.port == 0)
        remote.port =
            (uint16_t)bind_whole(L, port, lua_pushfstring(L, "%s: the port", what), 1, 65535);
    return remote;
}

/* ---- Options of opening -------------------------------------------------------------------- */

struct open_options {
    enum socket_kind kind;
    struct bind_net *net;
    struct socket_addr local;
    uint32_t backlog;
    bool nonblock;
    int sockopt; /* index of the table; 0: none */
};

static void set_proto(lua_State *L, int index, void *data)
{
    static const char *const words[] = { "tcp", "udp", NULL };

    ((struct open_options *)data)->kind =
        bind_word(L, index, "proto", words) == 0 ? SOCKET_STREAM : SOCKET_DGRAM;
}

static void set_address(lua_State *L, int index, void *data)
{
    struct open_options *o = data;
    struct endpoint end = bind_endpoint(L, index, o->net, "address");

    topology_address(o->net->net);
    if (ip_addr_equal(&end.addr, &any_address) && !endpoint_resolve(&end, &o->local.addr))
        bind_fail(L, "address: %s has none", bind_endpoint_name(L, &end));
    if (!ip_addr_equal(&end.addr, &any_address))
        o->local.addr = end.addr;
}

static void set_sport(lua_State *L, int index, void *data)
{
    ((struct open_options *)data)->local.port = (uint16_t)bind_whole(L, index, "sport", 0, 65535);
}

static void set_nonblock(lua_State *L, int index, void *data)
{
    ((struct open_options *)data)->nonblock = bind_bool(L, index, "nonblock");
}

/* Remembered by its place: option tables are read before there is a socket. */
static void set_sockopt(lua_State *L, int index, void *data)
{
    if (!lua_istable(L, index))
        bind_refuse(L, index, "sockopt", "a table, { TCP_NODELAY = 1 }");
    ((struct open_options *)data)->sockopt = 1;
}

#define OPTION_PROTO                                                    \
    {                                                                   \
        "proto", "\"tcp\" or \"udp\"", "tcp", "the protocol", set_proto \
    }
#define OPTION_SOCKOPT                                                                            \
    {                                                                                             \
        "sockopt", "table", "none", "options by their names, { TCP_NODELAY = 1 }; see s:sockopt", \
            set_sockopt                                                                           \
    }
#define OPTION_NONBLOCK                                                                 \
    {                                                                                   \
        "nonblock", "yes or no", "no", "calls return nil, \"EAGAIN\" rather than wait", \
            set_nonblock                                                                \
    }

static const struct param listen_params[] = {
    { "backlog", PARAM_U32, offsetof(struct open_options, backlog), "4096", 0, 0x7fffffff,
      "connections that may wait to be accepted, at most net.core.somaxconn", NULL },
    PARAM_END,
};

/* clang-format off */
static const struct bind_option listen_extra[] = {
    OPTION_PROTO,
    { "address", "address or interface", "any", "the local address", set_address },
    OPTION_SOCKOPT,
    OPTION_NONBLOCK,
    BIND_OPTIONS_END,
};

static const struct bind_option connect_extra[] = {
    OPTION_PROTO,
    { "address", "address or interface", "by the route", "the local address", set_address },
    { "sport", "number", "an ephemeral one", "the local port", set_sport },
    OPTION_SOCKOPT,
    OPTION_NONBLOCK,
    BIND_OPTIONS_END,
};
/* clang-format on */

const struct bind_options bind_listen_options = { .what = "node:listen",
                                                  .params = listen_params,
                                                  .options = listen_extra };

const struct bind_options bind_connect_options = { .what = "node:connect",
                                                   .options = connect_extra };

static void read_open(lua_State *L, int index, const struct bind_options *kind,
                      struct open_options *o)
{
    struct bind_options options = *kind;

    options.base = options.data = o;
    bind_read_options(L, index, &options, 0);
}

/* Pushes a socket that has the options. */
static struct bind_socket *open_socket(lua_State *L, struct bind_object *self, int index,
                                       const struct open_options *o)
{
    struct node *node = self->model;
    struct bind_socket *s =
        bind_socket_push(L, self->net, node, socket_new(node_sockets(node), o->kind));

    s->nonblock = o->nonblock;
    if (o->sockopt) {
        lua_getfield(L, index, "sockopt");
        bind_sockopt_table(L, lua_gettop(L), s);
        lua_pop(L, 1);
    }
    return s;
}

static void check_place(lua_State *L, struct bind_object *self, const char *what)
{
    const struct bind_process *process = bind_process_current(L);

    if (process && process->node != self->model)
        bind_fail(L, "%s: the process runs on %s, not on %s", what, process->node->name,
                  ((struct node *)self->model)->name);
}

/* ---- node:socket, node:listen, node:connect ------------------------------------------------ */

int bind_node_socket(lua_State *L, struct bind_object *self)
{
    struct open_options o = { .kind = SOCKET_STREAM };

    check_place(L, self, "node:socket");
    if (!lua_isnil(L, 1))
        set_proto(L, 1, &o);
    open_socket(L, self, 0, &o);
    return 1;
}

/* What was opened in vain is closed again. */
static int give_up(lua_State *L, struct bind_socket *s, int64_t status)
{
    bind_socket_close_now(s);
    return bind_socket_error(L, status);
}

int bind_node_listen(lua_State *L, struct bind_object *self)
{
    struct open_options o = { .kind = SOCKET_STREAM, .net = self->net, .backlog = 4096 };

    check_place(L, self, "node:listen");
    o.local.port = (uint16_t)bind_whole(L, 1, "node:listen: the port", 0, 65535);
    read_open(L, 2, &bind_listen_options, &o);
    topology_address(self->net->net);
    struct bind_socket *s = open_socket(L, self, 2, &o);
    int error = socket_bind(s->socket, &o.local);
    if (!error && o.kind == SOCKET_STREAM)
        error = socket_listen(s->socket, (int)o.backlog);
    return error ? give_up(L, s, error) : 1;
}

/* What becomes of the socket if it cannot be connected: node:connect closes it again. */
enum { CONNECT_OR_CLOSE = 1, CONNECT_OR_KEEP = 2 };

static int not_connected(lua_State *L, struct bind_socket *s, lua_KContext context, int64_t status)
{
    return context == CONNECT_OR_CLOSE ? give_up(L, s, status) : bind_socket_error(L, status);
}

/* The socket is on top, and stays there while it waits. */
static int connect_step(lua_State *L, int status, lua_KContext context)
{
    int top = lua_gettop(L);
    struct bind_socket *s = bind_socket_top(L, top);
    struct socket_addr same = { .port = 0 };

    if (!s->socket)
        return bind_socket_error(L, -EBADF);
    int error = socket_connect(s->socket, &same);
    if (error == 0)
        return 1;
    if (error != -EALREADY && error != -EINPROGRESS)
        return not_connected(L, s, context, error);
    if (s->nonblock)
        return 1;
    struct bind_process *process = bind_process_check(L, "connect");
    if (bind_process_late(process)) /* SO_SNDTIMEO */
        return not_connected(L, s, context, -EINPROGRESS);
    bind_process_add(process, s->socket, SOCKET_OUT);
    return bind_process_wait(L, process, context, connect_step);
}

/* The first attempt, with the socket on top. */
static int connect_start(lua_State *L, struct bind_socket *s, const struct socket_addr *remote)
{
    int error = socket_connect(s->socket, remote);

    if (error == 0)
        return 1;
    if (error != -EINPROGRESS)
        return give_up(L, s, error);
    if (s->nonblock)
        return 1;
    bind_process_begin(bind_process_check(L, "connect"), socket_timeout(s->socket, true));
    return connect_step(L, LUA_YIELD, CONNECT_OR_CLOSE);
}

int bind_node_connect(lua_State *L, struct bind_object *self)
{
    struct open_options o = { .kind = SOCKET_STREAM, .net = self->net };

    check_place(L, self, "node:connect");
    read_open(L, 3, &bind_connect_options, &o);
    struct socket_addr remote = read_remote(L, 1, 2, self->net, "node:connect");
    if (o.kind == SOCKET_STREAM && !o.nonblock)
        bind_process_check(L, "node:connect");
    struct bind_socket *s = open_socket(L, self, 3, &o);
    if (o.local.port || !ip_addr_equal(&o.local.addr, &any_address)) {
        int error = socket_bind(s->socket, &o.local);
        if (error)
            return give_up(L, s, error);
    }
    return connect_start(L, s, &remote);
}

/* ---- s:bind, s:listen, s:connect, s:accept ------------------------------------------------- */

int bind_socket_bind(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:bind");
    struct open_options o = { .net = s->net };

    o.local.port = (uint16_t)bind_whole(L, 1, "s:bind: the port", 0, 65535);
    topology_address(s->net->net);
    if (!lua_isnil(L, 2))
        set_address(L, 2, &o);
    return s->socket ? bind_socket_status(L, socket_bind(s->socket, &o.local))
                     : bind_socket_error(L, -EBADF);
}

int bind_socket_listen(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:listen");
    int64_t backlog =
        lua_isnil(L, 1) ? 4096 : bind_whole(L, 1, "s:listen: the backlog", 0, INT32_MAX);

    return s->socket ? bind_socket_status(L, socket_listen(s->socket, (int)backlog))
                     : bind_socket_error(L, -EBADF);
}

int bind_socket_connect(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:connect");
    struct socket_addr remote = read_remote(L, 1, 2, s->net, "s:connect");

    if (!s->socket)
        return bind_socket_error(L, -EBADF);
    lua_settop(L, 3); /* self is on top */
    int error = socket_connect(s->socket, &remote);
    if (s->nonblock || (error && error != -EINPROGRESS))
        return bind_socket_status(L, error);
    if (error == 0)
        return 1;
    bind_process_begin(bind_process_check(L, "s:connect"), socket_timeout(s->socket, true));
    return connect_step(L, LUA_YIELD, CONNECT_OR_KEEP);
}

static int accept_step(lua_State *L, int status, lua_KContext context)
{
    struct bind_socket *s = bind_socket_top(L, 1), *accepted;
    struct socket *socket;

    if (!s->socket)
        return bind_socket_error(L, -EBADF);
    int error = socket_accept(s->socket, &socket);
    if (error == -EAGAIN)
        return bind_socket_block(L, s, "s:accept", SOCKET_IN, context, accept_step);
    if (error)
        return bind_socket_error(L, error);
    accepted = bind_socket_push(L, s->net, s->node, socket);
    accepted->nonblock = false; /* accept(2): not inherited */
    return 1;
}

int bind_socket_accept(lua_State *L, struct bind_object *self)
{
    bind_socket_use(L, self, "s:accept");
    return accept_step(L, LUA_OK, 0);
}

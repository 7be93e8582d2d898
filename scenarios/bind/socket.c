#include "scenarios/bind/socket.h"

#include <errno.h>

#include "models/node/topology.h"
#include "scenarios/bind/endpoint.h"
#include "scenarios/bind/node.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/traffic.h"
#include "scenarios/bind/value.h"

static const struct ip_addr any_address;

/* ---- Life ---------------------------------------------------------------------------------- */

static void free_if_unused(struct bind_socket *s)
{
    if (s->socket || s->seen)
        return;
    list_remove(&s->link);
    g_free(s);
}

static void close_now(struct bind_socket *s)
{
    if (s->socket)
        socket_close(s->socket);
    s->socket = NULL;
}

static void release(struct bind_object *self)
{
    struct bind_socket *s = *(struct bind_socket **)self->model;

    s->seen = false;
    free_if_unused(s);
}

static struct bind_socket *of_object(struct bind_object *self)
{
    return *(struct bind_socket **)self->model;
}

/* Pushes a new object for the socket, which is the running process's. */
static struct bind_socket *push_socket(lua_State *L, struct bind_net *net, struct node *node,
                                       struct socket *socket)
{
    struct bind_process *process = bind_process_current(L);
    struct bind_socket *s = g_new0(struct bind_socket, 1);

    list_push_back(process ? &process->sockets : &net->sockets, &s->link);
    s->net = net;
    s->node = node;
    s->socket = socket;
    struct bind_object *object = bind_push_new(L, &bind_socket_class, sizeof s, net);
    *(struct bind_socket **)object->model = s;
    s->seen = true;
    return s;
}

static void move_to(struct bind_socket *s, struct bind_process *process)
{
    list_remove(&s->link);
    list_push_back(&process->sockets, &s->link);
}

void bind_socket_hand_over(lua_State *L, int index, struct bind_process *process)
{
    struct bind_object *object = bind_to_object(L, index);

    if (object && bind_is_a(object, &bind_socket_class, NULL) &&
        of_object(object)->node == process->node)
        move_to(of_object(object), process);
}

struct bind_socket *bind_socket_use(lua_State *L, struct bind_object *self, const char *what)
{
    struct bind_socket *s = of_object(self);
    struct bind_process *process = bind_process_current(L);

    if (process && process->node != s->node)
        bind_fail(L, "%s: the socket is one of %s, and the process runs on %s", what, s->node->name,
                  process->node->name);
    /* Several processes may accept from one listener, which the end of none of them closes. */
    if (process && !(s->socket && socket_state(s->socket) == TCP_LISTEN))
        move_to(s, process);
    return s;
}

void bind_sockets_close(struct bind_process *process)
{
    while (!list_empty(&process->sockets)) {
        struct bind_socket *s = container_of(process->sockets.next, struct bind_socket, link);
        close_now(s);
        list_remove(&s->link);
        list_push_back(&process->net->sockets, &s->link);
        free_if_unused(s);
    }
}

void bind_sockets_disown(struct bind_process *process)
{
    while (!list_empty(&process->sockets)) {
        struct list *link = process->sockets.next;
        list_remove(link);
        list_push_back(&process->net->sockets, link);
    }
}

/* The sockets themselves go with their nodes. */
void bind_sockets_fini(struct bind_net *net)
{
    while (!list_empty(&net->sockets)) {
        struct bind_socket *s = container_of(net->sockets.next, struct bind_socket, link);
        list_remove(&s->link);
        g_free(s);
    }
}

/* ---- Results and waiting ------------------------------------------------------------------- */

/* For the message, if nobody looks at the result and its nil comes to harm. */
static void note_failure(lua_State *L, int error)
{
    struct bind *bind = bind_of(L);

    if (error == EAGAIN || error == EINPROGRESS) /* is no failure, and comes often */
        return;
    bind->failed = bind_errno_name(error);
    bind_where_to(L, bind->failed_at, sizeof bind->failed_at);
}

int bind_socket_error(lua_State *L, int64_t status)
{
    note_failure(L, (int)-status);
    lua_pushnil(L);
    lua_pushstring(L, bind_errno_name((int)-status));
    return 2;
}

struct bind_socket *bind_socket_top(lua_State *L, int index)
{
    return of_object(lua_touserdata(L, index));
}

int bind_socket_block(lua_State *L, struct bind_socket *s, const char *what, unsigned events,
                      lua_KContext context, lua_KFunction k)
{
    if (s->nonblock)
        return bind_socket_error(L, -EAGAIN);
    struct bind_process *process = bind_process_check(L, what);
    if (context == 0)
        bind_process_begin(process, socket_timeout(s->socket, events == SOCKET_OUT));
    if (bind_process_late(process))
        return bind_socket_error(L, -EAGAIN);
    bind_process_add(process, s->socket, events);
    return bind_process_wait(L, process, 1, k);
}

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

static int push_address(lua_State *L, const struct socket_addr *addr)
{
    char text[IP_ADDR_TEXT];

    if (ip_addr_equal(&addr->addr, &any_address))
        lua_pushliteral(L, "0.0.0.0");
    else
        lua_pushstring(L, ip_addr_format(&addr->addr, text));
    return 1;
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
        push_socket(L, self->net, node, socket_new(node_sockets(node), o->kind));

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
    close_now(s);
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

/* ---- Methods ------------------------------------------------------------------------------- */

static int status_of(lua_State *L, int status)
{
    if (status < 0)
        return bind_socket_error(L, status);
    lua_pushboolean(L, true);
    return 1;
}

static int socket_bind_method(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:bind");
    struct open_options o = { .net = s->net };

    o.local.port = (uint16_t)bind_whole(L, 1, "s:bind: the port", 0, 65535);
    topology_address(s->net->net);
    if (!lua_isnil(L, 2))
        set_address(L, 2, &o);
    return s->socket ? status_of(L, socket_bind(s->socket, &o.local))
                     : bind_socket_error(L, -EBADF);
}

static int socket_listen_method(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:listen");
    int64_t backlog =
        lua_isnil(L, 1) ? 4096 : bind_whole(L, 1, "s:listen: the backlog", 0, INT32_MAX);

    return s->socket ? status_of(L, socket_listen(s->socket, (int)backlog))
                     : bind_socket_error(L, -EBADF);
}

static int socket_connect_method(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:connect");
    struct socket_addr remote = read_remote(L, 1, 2, s->net, "s:connect");

    if (!s->socket)
        return bind_socket_error(L, -EBADF);
    lua_settop(L, 3); /* self is on top */
    int error = socket_connect(s->socket, &remote);
    if (s->nonblock || (error && error != -EINPROGRESS))
        return status_of(L, error);
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
    accepted = push_socket(L, s->net, s->node, socket);
    accepted->nonblock = false; /* accept(2): not inherited */
    return 1;
}

static int socket_accept_method(lua_State *L, struct bind_object *self)
{
    bind_socket_use(L, self, "s:accept");
    return accept_step(L, LUA_OK, 0);
}

static int socket_disconnect_method(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:disconnect");

    return s->socket ? status_of(L, socket_disconnect(s->socket)) : bind_socket_error(L, -EBADF);
}

static int socket_shutdown_method(lua_State *L, struct bind_object *self)
{
    static const char *const words[] = { "read", "write", "both", NULL };
    struct bind_socket *s = bind_socket_use(L, self, "s:shutdown");
    int how = lua_isnil(L, 1) ? SOCKET_SHUT_WR : bind_word(L, 1, "s:shutdown", words);

    if (!s->socket)
        return bind_socket_error(L, -EBADF);
    return status_of(L, socket_shutdown(s->socket, (enum socket_how)how));
}

/* SO_LINGER: the time is up, or everything is acknowledged. */
static int close_step(lua_State *L, int status, lua_KContext context)
{
    close_now(bind_socket_top(L, 1));
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

static const struct bind_method methods[] = {
    { "bind", socket_bind_method, 1, 2, "s:bind(port [, address])", "bind(2)" },
    { "listen", socket_listen_method, 0, 1, "s:listen([backlog])", "listen(2)" },
    { "connect", socket_connect_method, 1, 2, "s:connect(to [, port])",
      "connect(2): waits until the connection is open, and returns the socket" },
    { "disconnect", socket_disconnect_method, 0, 0, "s:disconnect()",
      "connect(2) with AF_UNSPEC: gives the connection up with a RST, or a datagram socket's peer; "
      "the socket may be used again" },
    { "accept", socket_accept_method, 0, 0, "s:accept()",
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

/* ---- Properties ---------------------------------------------------------------------------- */

/* Zeros for a closed one. */
static void names_of(struct bind_object *self, struct socket_addr *local, struct socket_addr *peer)
{
    struct bind_socket *s = of_object(self);

    *local = *peer = (struct socket_addr){ .port = 0 };
    if (!s->socket)
        return;
    socket_name(s->socket, local);
    socket_peer(s->socket, peer);
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

static void get_state(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = of_object(self);

    lua_pushstring(L, tcp_state_name(s->socket ? socket_state(s->socket) : TCP_CLOSED));
}

static void push_ready(lua_State *L, struct bind_object *self, unsigned events)
{
    struct bind_socket *s = of_object(self);

    lua_pushboolean(L, s->socket && socket_poll(s->socket) & events);
}

static void get_waiting(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = of_object(self);

    lua_pushinteger(L, s->socket ? socket_waiting(s->socket) : 0);
}

static void get_half_open(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = of_object(self);

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
    lua_pushboolean(L, of_object(self)->socket != NULL);
}

static void get_nonblock(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, of_object(self)->nonblock);
}

static void set_nonblock_property(lua_State *L, struct bind_object *self, int index)
{
    of_object(self)->nonblock = bind_bool(L, index, "nonblock");
}

static void get_node(lua_State *L, struct bind_object *self)
{
    bind_push_node(L, self->net, of_object(self)->node);
}

static const struct bind_property properties[] = {
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

/* "10.0.0.1:40000 to 10.0.0.2:80"; nothing if it has no port. */
static const char *title(struct bind_object *self)
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

const struct bind_class bind_socket_class = {
    .name = "socket",
    .doc = "of a process: from node:connect, node:listen, s:accept and node:socket",
    .methods = methods,
    .properties = properties,
    .title = title,
    .release = release,
};

/* s:send and s:recv. */
#include <errno.h>

#include "models/node/topology.h"
#include "scenarios/bind/endpoint.h"
#include "scenarios/bind/options.h"
#include "scenarios/bind/socket.h"
#include "scenarios/bind/value.h"

enum { RECV_MOST = 1 << 20 }; /* bytes that recv gives if nothing is said */

/* ---- Options ------------------------------------------------------------------------------- */

struct transfer {
    bool more, eor, fastopen, nowait, all, peek, oob, trunc;
    uint32_t port;
    struct bind_net *net;
    struct socket_addr to;
    bool has_to;
    struct blob *blob;
    uint32_t done, length;
};

static void set_to(lua_State *L, int index, void *data)
{
    struct transfer *t = data;
    struct endpoint end = bind_endpoint(L, index, t->net, "s:send: to");

    topology_address(t->net->net);
    t->to = (struct socket_addr){ end.addr, end.port };
    t->has_to = true;
    if (end.node && !endpoint_resolve(&end, &t->to.addr))
        bind_fail(L, "s:send: %s has no address", bind_endpoint_name(L, &end));
}

#define FIELD(member) offsetof(struct transfer, member)

static const struct param send_params[] = {
    { "more", PARAM_BOOL, FIELD(more), "no", 0, 0, "MSG_MORE: more follows, do not send a part",
      NULL },
    { "oob", PARAM_BOOL, FIELD(oob), "no", 0, 0, "MSG_OOB: the last byte is urgent", NULL },
    { "eor", PARAM_BOOL, FIELD(eor), "no", 0, 0, "MSG_EOR: what follows begins a segment", NULL },
    { "fastopen", PARAM_BOOL, FIELD(fastopen), "no", 0, 0,
      "MSG_FASTOPEN: connects a new socket, with data in the SYN if the server allows", NULL },
    { "nowait", PARAM_BOOL, FIELD(nowait), "no", 0, 0, "MSG_DONTWAIT", NULL },
    { "port", PARAM_U32, FIELD(port), "0", 0, 65535, "of `to`", NULL },
    PARAM_END,
};

static const struct bind_option send_extra[] = {
    { "to", "node, interface or address", "the peer", "where this datagram goes", set_to },
    BIND_OPTIONS_END,
};

static const struct param recv_params[] = {
    { "all", PARAM_BOOL, FIELD(all), "no", 0, 0, "MSG_WAITALL: wait for all n bytes", NULL },
    { "oob", PARAM_BOOL, FIELD(oob), "no", 0, 0, "MSG_OOB: the urgent byte; never waits", NULL },
    { "peek", PARAM_BOOL, FIELD(peek), "no", 0, 0, "MSG_PEEK: leave them to be read again", NULL },
    { "trunc", PARAM_BOOL, FIELD(trunc), "no", 0, 0,
      "MSG_TRUNC: a stream's bytes are thrown away, and their number is returned; of a datagram "
      "also "
      "its whole length",
      NULL },
    { "nowait", PARAM_BOOL, FIELD(nowait), "no", 0, 0, "MSG_DONTWAIT", NULL },
    PARAM_END,
};

const struct bind_options bind_send_options = { .what = "s:send",
                                                .params = send_params,
                                                .options = send_extra };
const struct bind_options bind_recv_options = { .what = "s:recv", .params = recv_params };

static void release(struct bind_object *self)
{
    blob_unref(((struct transfer *)self->model)->blob);
}

/* What is under way while a process waits; collected some time after. */
static const struct bind_class transfer_class = { .name = "transfer", .release = release };

static struct transfer *push_transfer(lua_State *L, struct bind_socket *s, int index,
                                      const struct bind_options *kind)
{
    struct bind_options options = *kind;
    struct transfer *t = bind_push_new(L, &transfer_class, sizeof *t, s->net)->model;

    t->net = s->net;
    options.base = options.data = t;
    bind_read_options(L, index, &options, 0);
    return t;
}

static struct transfer *transfer_top(lua_State *L, int index)
{
    return ((struct bind_object *)lua_touserdata(L, index))->model;
}

/* ---- s:send -------------------------------------------------------------------------------- */

enum { SEND_SELF = 3, SEND_TRANSFER = 4 }; /* on the stack, behind the arguments */

static int send_done(lua_State *L, const struct transfer *t)
{
    lua_pushinteger(L, t->done);
    return 1;
}

/* Only the first attempt connects. */
static unsigned message_flags(const struct transfer *t, lua_KContext context)
{
    return (t->more ? SOCKET_MSG_MORE : 0u) | (t->eor ? SOCKET_MSG_EOR : 0u) |
           (t->oob ? SOCKET_MSG_OOB : 0u) |
           (t->fastopen && context == 0 ? SOCKET_MSG_FASTOPEN : 0u);
}

static int send_step(lua_State *L, int status, lua_KContext context)
{
    struct bind_socket *s = bind_socket_top(L, SEND_SELF);
    struct transfer *t = transfer_top(L, SEND_TRANSFER);
    int64_t n = -EBADF;

    lua_settop(L, SEND_TRANSFER);
    if (s->socket)
        n = socket_send_blob(s->socket, t->blob, t->done, t->length - t->done,
                             message_flags(t, context), t->has_to ? &t->to : NULL);
    if (n > 0)
        t->done += (uint32_t)n;
    if (n >= 0 && t->done == t->length)
        return send_done(L, t);
    if (n == -EINPROGRESS && !s->nonblock && !t->nowait)
        n = -EAGAIN; /* the SYN is on its way without data */
    if (n < 0 && n != -EAGAIN)
        return t->done > 0 ? send_done(L, t) : bind_socket_error(L, n);
    if (s->nonblock || t->nowait)
        return t->done > 0 ? send_done(L, t) : bind_socket_error(L, -EAGAIN);
    struct bind_process *process = bind_process_check(L, "s:send");
    if (context == 0)
        bind_process_begin(process, socket_timeout(s->socket, true));
    if (bind_process_late(process))
        return t->done > 0 ? send_done(L, t) : bind_socket_error(L, -EAGAIN);
    socket_poll(s->socket); /* has it tell when there is room */
    bind_process_add(process, s->socket, SOCKET_OUT);
    return bind_process_wait(L, process, 1, send_step);
}

int bind_socket_send(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:send");
    size_t length;

    if (lua_type(L, 1) != LUA_TSTRING)
        bind_refuse(L, 1, "s:send: the data", "a text");
    const char *bytes = lua_tolstring(L, 1, &length);
    struct transfer *t = push_transfer(L, s, 2, &bind_send_options);
    if (t->has_to && t->port)
        t->to.port = (uint16_t)t->port;
    if (!t->has_to && t->port)
        bind_fail(L, "s:send: a port needs an address, { to = , port = }");
    t->length = (uint32_t)length;
    t->blob = blob_copy(bytes, t->length);
    return send_step(L, LUA_OK, 0);
}

/* ---- s:recv -------------------------------------------------------------------------------- */

enum { RECV_SELF = 3, RECV_TRANSFER = 4, RECV_SO_FAR = 5 };

static bool is_stream(const struct bind_socket *s)
{
    return socket_kind(s->socket) == SOCKET_STREAM;
}

/* Pushes what there is, up to `max` bytes; returns what socket_recv says. */
static int64_t take(lua_State *L, struct bind_socket *s, const struct transfer *t, uint32_t max,
                    struct socket_addr *from)
{
    int64_t waiting = socket_inq(s->socket);
    if (waiting == 0 && socket_at_mark(s->socket))
        waiting = RECV_MOST; /* what is behind the urgent byte */
    uint32_t size = waiting < max ? (uint32_t)MAX(waiting, 0) : max;
    char *buffer = lua_newuserdatauv(L, size + 1, 0);
    /* Nothing to take: ask for a byte, to hear why. */
    unsigned flags = (t->peek ? SOCKET_MSG_PEEK : 0u) | (t->trunc ? SOCKET_MSG_TRUNC : 0u);
    int64_t n = socket_recv(s->socket, buffer, is_stream(s) && size == 0 ? 1 : size, flags, from);

    if (n >= 0 && t->trunc && is_stream(s))
        lua_pushinteger(L, n); /* nothing was written */
    else if (n >= 0)
        lua_pushlstring(L, buffer, MIN((size_t)n, size + (is_stream(s) && size == 0)));
    if (n >= 0)
        lua_remove(L, -2);
    return n;
}

static int recv_done(lua_State *L, const struct bind_socket *s, const struct transfer *t,
                     const struct socket_addr *from, int64_t length)
{
    char text[IP_ADDR_TEXT];

    if (is_stream(s))
        return 1;
    lua_pushstring(L, ip_addr_format(&from->addr, text));
    lua_pushinteger(L, from->port);
    if (!t->trunc)
        return 3;
    lua_pushinteger(L, length);
    return 4;
}

/* What was gathered, if anything. */
static int recv_end(lua_State *L, int64_t status)
{
    if (lua_rawlen(L, RECV_SO_FAR) > 0) {
        lua_settop(L, RECV_SO_FAR);
        return 1;
    }
    if (status < 0)
        return bind_socket_error(L, status);
    lua_pushnil(L);
    return 1;
}

static int recv_step(lua_State *L, int status, lua_KContext context);

static int recv_wait(lua_State *L, struct bind_socket *s, const struct transfer *t,
                     lua_KContext context)
{
    if (s->nonblock || t->nowait)
        return recv_end(L, -EAGAIN);
    struct bind_process *process = bind_process_check(L, "s:recv");
    if (context == 0)
        bind_process_begin(process, socket_timeout(s->socket, false));
    if (bind_process_late(process))
        return recv_end(L, -EAGAIN);
    bind_process_add(process, s->socket, SOCKET_IN);
    return bind_process_wait(L, process, 1, recv_step);
}

/* Fewer bytes than SO_RCVLOWAT, and more may come. */
static bool below_mark(const struct bind_socket *s, const struct transfer *t)
{
    return is_stream(s) && !s->nonblock && !t->nowait && !(socket_poll(s->socket) & SOCKET_IN) &&
           socket_inq(s->socket) < t->length;
}

static int recv_step(lua_State *L, int status, lua_KContext context)
{
    struct bind_socket *s = bind_socket_top(L, RECV_SELF);
    struct transfer *t = transfer_top(L, RECV_TRANSFER);
    struct socket_addr from;

    lua_settop(L, RECV_SO_FAR);
    if (!s->socket)
        return recv_end(L, -EBADF);
    if (socket_inq(s->socket) > 0 && below_mark(s, t))
        return recv_wait(L, s, t, context);
    int64_t n = take(L, s, t, t->length - t->done, &from);
    if (n == -EAGAIN && !s->nonblock && !t->nowait && socket_poll(s->socket) & SOCKET_RDHUP)
        return recv_end(L, 0); /* a datagram socket that was shut down: it waits for nothing */
    if (n == -EAGAIN)
        return recv_wait(L, s, t, context);
    if (n < 0 || (n == 0 && is_stream(s) && t->length > 0))
        return recv_end(L, n);
    if (!t->all || t->peek || !is_stream(s))
        return recv_done(L, s, t, &from, n);
    t->done += (uint32_t)n;
    lua_concat(L, 2);
    return t->done == t->length ? 1 : recv_step(L, LUA_OK, context);
}

/* The urgent byte; unlike other data it is not waited for. */
static int recv_urgent(lua_State *L, const struct bind_socket *s, const struct transfer *t)
{
    char byte;
    int64_t n = s->socket ? socket_recv(s->socket, &byte, 1,
                                        SOCKET_MSG_OOB | (t->peek ? SOCKET_MSG_PEEK : 0u), NULL)
                          : -EBADF;

    if (n < 0)
        return bind_socket_error(L, n);
    if (n > 0)
        lua_pushlstring(L, &byte, 1);
    else
        lua_pushnil(L);
    return 1;
}

int bind_socket_recv(lua_State *L, struct bind_object *self)
{
    struct bind_socket *s = bind_socket_use(L, self, "s:recv");
    bool given = !lua_isnil(L, 1) && !lua_istable(L, 1);
    uint64_t most = given ? bind_size(L, 1, "s:recv: how many bytes") : RECV_MOST;

    if (lua_istable(L, 1)) { /* s:recv { peek = true } */
        if (!lua_isnil(L, 2))
            bind_fail(L, "s:recv: the number of bytes comes first, then the options");
        lua_copy(L, 1, 2);
    }
    struct transfer *t = push_transfer(L, s, 2, &bind_recv_options);
    if (t->oob)
        return recv_urgent(L, s, t);
    if (most > UINT32_MAX)
        bind_fail(L, "s:recv: at most 4 GiB at once");
    if (t->all && !given)
        bind_fail(L, "s:recv: say how many bytes `all` is, s:recv(100, { all = true })");
    if (t->all && t->trunc)
        bind_fail(L, "s:recv: either `all` or `trunc`");
    t->length = (uint32_t)most;
    lua_pushliteral(L, "");
    return recv_step(L, LUA_OK, 0);
}

/* Stream sockets over TCP: Linux's inet_stream_* and tcp_poll, tcp_sendmsg, tcp_recvmsg as far as
 * they judge what a call may do; the rest is TCP's. */
#include <glib.h>

#include "models/socket/internal.h"
#include "protocols/tcp/sysctl.h"

enum { ALL_EVENTS = SOCKET_IN | SOCKET_OUT | SOCKET_RDHUP };

static enum tcp_state stream_state(const struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->listener)
        return TCP_LISTEN;
    if (s->deferred)
        return TCP_SYN_SENT;
    return s->conn ? tcp_conn_state(s->conn) : TCP_CLOSED;
}

/* What was accepted with data in its SYN is open, though its handshake is not complete. */
static bool in_handshake(const struct stream *s)
{
    enum tcp_state state = stream_state(&s->base);
    return state == TCP_SYN_SENT || (state == TCP_SYN_RECV && s->base.phase != SOCKET_CONNECTED);
}

/* SHUT_RD, or nothing will come any more. */
static unsigned shutdown_of(const struct stream *s)
{
    unsigned shut = s->base.shutdown;

    if (s->conn && tcp_fin_received(s->conn))
        shut |= SOCKET_RCV_SHUTDOWN;
    if (s->conn && tcp_conn_ended(s->conn, NULL))
        shut = SOCKET_RCV_SHUTDOWN | SOCKET_SEND_SHUTDOWN;
    return shut;
}

struct tcp_conn *socket_conn(const struct socket *socket)
{
    return socket->kind == SOCKET_STREAM ? stream_of(socket)->conn : NULL;
}

/* ---- Names ---------------------------------------------------------------------------------- */

/* A port that nobody asked for does not outlive the connection, or listening; getsockname goes on
 * to show it. */
static void give_port_back(struct stream *s)
{
    if (!s->own_port)
        tcp_unbind(&s->bind);
}

/* There is no connection any more, or it did not come about. */
static void forget_address(struct stream *s)
{
    static const struct ip_addr any;

    if (!s->own_address)
        s->name.addr = s->bind.local = any;
}

/* What comes next begins beyond the numbers of what was (Linux's tcp_disconnect). */
static void renumber(struct stream *s)
{
    s->isn = s->conn ? tcp_conn_next_isn(s->conn) : s->isn + 2;
    if (s->isn == 0)
        s->isn = 1;
}

static void stream_name(const struct socket *socket, struct socket_addr *local)
{
    *local = stream_of(socket)->name;
}

static int stream_peer(const struct socket *socket, struct socket_addr *remote)
{
    const struct stream *s = stream_of(socket);
    enum tcp_state state = stream_state(socket);

    if (!s->conn || state == TCP_CLOSED || state == TCP_SYN_SENT)
        return -ENOTCONN;
    tcp_conn_addresses(s->conn, NULL, NULL, &remote->addr, &remote->port);
    return 0;
}

/* ---- What TCP tells ------------------------------------------------------------------------- */

static void on_established(struct tcp_conn *conn)
{
    socket_notify(tcp_conn_user(conn), SOCKET_OUT);
}

static void on_readable(struct tcp_conn *conn)
{
    struct stream *s = tcp_conn_user(conn);

    if (tcp_readable(conn, s->rcvlowat))
        socket_notify(&s->base, SOCKET_IN);
}

static void on_urgent(struct tcp_conn *conn)
{
    socket_notify(tcp_conn_user(conn), SOCKET_PRI);
}

static void on_writable(struct tcp_conn *conn)
{
    socket_notify(tcp_conn_user(conn), SOCKET_OUT);
}

static void on_peer_fin(struct tcp_conn *conn)
{
    struct socket *socket = tcp_conn_user(conn);

    socket_notify(socket, SOCKET_IN | SOCKET_RDHUP |
                              (socket->shutdown & SOCKET_SEND_SHUTDOWN ? SOCKET_HUP : 0u));
}

static void on_trouble(struct tcp_conn *conn, int error)
{
    struct socket *socket = tcp_conn_user(conn);

    socket->error = (uint8_t)error;
    socket_notify(socket, SOCKET_ERR);
}

static void on_closed(struct tcp_conn *conn, int error)
{
    struct socket *socket = tcp_conn_user(conn);

    if (stream_of(socket)->end_told)
        return;
    if (error)
        socket->error = (uint8_t)error;
    give_port_back(stream_of(socket));
    socket_notify(socket, ALL_EVENTS | SOCKET_HUP | (error ? SOCKET_ERR : 0u));
}

static const struct tcp_user_ops user_ops = {
    .established = on_established,
    .readable = on_readable,
    .writable = on_writable,
    .peer_fin = on_peer_fin,
    .urgent = on_urgent,
    .trouble = on_trouble,
    .closed = on_closed,
};

static void on_acceptable(struct tcp_listener *listener)
{
    socket_notify(tcp_listener_user(listener), SOCKET_IN);
}

static const struct tcp_listener_ops listener_ops = { .acceptable = on_acceptable };

/* ---- Options -------------------------------------------------------------------------------- */

const struct tcp_config *stream_config(const struct stream *s)
{
    if (s->listener)
        return tcp_listener_config(s->listener);
    return s->conn ? tcp_conn_config(s->conn) : &s->config;
}

void stream_configure(struct stream *s, const struct tcp_config *config)
{
    if (s->listener)
        tcp_listener_configure(s->listener, config);
    else if (s->conn)
        tcp_conn_configure(s->conn, config);
    else
        s->config = *config;
}

/* ---- Opening -------------------------------------------------------------------------------- */

struct socket *stream_new(void)
{
    struct stream *s = g_new0(struct stream, 1);

    s->rcvlowat = 1;
    s->quickack = -1;
    return &s->base;
}

static int take_port(struct stream *s, uint16_t port)
{
    int error =
        -tcp_bind(s->base.sockets->tcp, &s->bind, &s->name.addr, port, stream_config(s)->ports);
    if (!error)
        s->name.port = s->bind.port;
    return error;
}

static int stream_bind(struct socket *socket, const struct socket_addr *local)
{
    static const struct ip_addr any;
    struct stream *s = stream_of(socket);
    int error = 0;

    if (s->bind.stack || stream_state(socket) != TCP_CLOSED)
        return -EINVAL;
    if (!socket_may_bind(socket->sockets, &local->addr))
        return -EADDRNOTAVAIL;
    s->name.addr = local->addr;
    if (local->port == 0 && s->bind_no_port)
        s->name.port = 0; /* connect or listen will choose one */
    else
        error = take_port(s, local->port);
    if (error) {
        s->name.addr = any;
        return error;
    }
    s->own_address |= !ip_addr_equal(&local->addr, &any);
    s->own_port |= local->port != 0;
    return 0;
}

static int start_listening(struct stream *s, uint32_t backlog)
{
    struct tcp_stack *tcp = s->base.sockets->tcp;
    int error = s->bind.stack ? -tcp_bind_listen(&s->bind) : take_port(s, 0);

    if (!error)
        error = -tcp_listen(tcp, &s->bind.local, s->bind.port, backlog, &s->config, &listener_ops,
                            s, &s->listener);
    s->bind.listens = s->listener != NULL;
    if (error)
        give_port_back(s);
    return error;
}

static int stream_listen(struct socket *socket, int backlog)
{
    struct stream *s = stream_of(socket);
    uint32_t most = (uint32_t)backlog; /* a negative one is as large as can be */

    if (s->listener) {
        tcp_listener_set_backlog(s->listener, most);
        return 0;
    }
    if (socket->phase != SOCKET_UNCONNECTED)
        return -EINVAL;
    int error = start_listening(s, most);
    if (!error)
        socket->phase = SOCKET_LISTENING;
    return error;
}

static int stream_accept(struct socket *socket, struct socket **out)
{
    struct stream *listener = stream_of(socket), *s;
    int error;

    if (!listener->listener)
        return -EINVAL;
    if (tcp_listener_waiting(listener->listener) == 0)
        return -EAGAIN;
    *out = socket_new(socket->sockets, SOCKET_STREAM);
    s = stream_of(*out);
    s->rcvlowat = listener->rcvlowat;
    s->base.reuse = s->bind.reuse = socket->reuse;
    s->bind.reuseport = listener->bind.reuseport;
    s->base.mtu_discover = socket->mtu_discover;
    s->base.phase = SOCKET_CONNECTED;
    s->own_address = listener->own_address;
    s->conn = tcp_accept(listener->listener, &user_ops, s);
    tcp_conn_addresses(s->conn, &s->name.addr, &s->name.port, NULL, NULL);
    if (s->rcvlowat > 1)
        tcp_conn_rcvlowat(s->conn, s->rcvlowat);
    s->end_told = tcp_conn_ended(s->conn, &error);
    if (s->end_told)
        s->base.error = (uint8_t)error;
    return 0;
}

/* The connection is no more; the socket may be used for another. */
static void drop_conn(struct stream *s, void (*end)(struct tcp_conn *conn))
{
    s->config = *tcp_conn_config(s->conn);
    if (s->lingers)
        tcp_unobserve(s->conn, &s->watch);
    s->lingers = s->end_told = false;
    end(s->conn);
    s->conn = NULL;
    s->base.phase = SOCKET_UNCONNECTED;
    s->base.shutdown = 0;
    forget_address(s);
}

/* What a SYN may carry. */
struct syn_data {
    struct blob *blob;
    uint64_t offset;
    uint32_t length, taken;
};

static bool fastopen_enabled(const struct stream *s)
{
    return s->base.sockets->tcp->sysctl->fastopen & 1; /* of clients */
}

/* It has not come to a SYN.  Without a route, of which TCP knows nothing, all is as it was. */
static int not_started(struct stream *s, const struct socket_addr *remote, int error)
{
    int refused = ip_route_error(s->base.sockets->ip, &remote->addr);
    struct socket_addr name = s->name;
    uint8_t shutdown = s->base.shutdown;

    drop_conn(s, tcp_close);
    s->base.shutdown = shutdown;
    if (error == ENETUNREACH)
        s->name = name;
    else
        give_port_back(s);
    return error == ENETUNREACH && refused ? -refused : -error;
}

/* `data` NULL: without Fast Open. */
static int start_connecting(struct stream *s, const struct socket_addr *remote,
                            struct syn_data *data)
{
    uint16_t port = s->bind.stack ? s->bind.port : 0;
    int error;

    s->conn = tcp_conn_new(s->base.sockets->tcp, &s->config, &user_ops, s);
    tcp_conn_set_isn(s->conn, s->isn);
    if (s->quickack >= 0)
        tcp_conn_quickack(s->conn, s->quickack > 0);
    if (data)
        error = tcp_connect_fastopen(s->conn, &s->name.addr, port, &remote->addr, remote->port,
                                     data->blob, data->offset, data->length, &data->taken);
    else
        error = tcp_connect(s->conn, &s->name.addr, port, &remote->addr, remote->port);
    if (error)
        return not_started(s, remote, error);
    tcp_conn_addresses(s->conn, &s->name.addr, &s->name.port, NULL, NULL);
    s->bind.local = s->name.addr;
    s->base.error = 0; /* what was before is forgotten */
    s->base.phase = SOCKET_CONNECTING;
    return 0;
}

/* How far it has come; `pending` if nothing is decided. */
static int connect_status(struct stream *s, int pending)
{
    if (in_handshake(s))
        return pending;
    if (tcp_conn_ended(s->conn, NULL)) {
        int error = socket_take_error(&s->base);
        renumber(s);
        drop_conn(s, tcp_close);
        return error ? error : -ECONNABORTED;
    }
    s->base.phase = SOCKET_CONNECTED;
    return 0;
}

/* TCP_FASTOPEN_CONNECT: with a cookie the SYN waits for the first data, else it asks for one. */
static int start_fast(struct stream *s, const struct socket_addr *remote)
{
    struct syn_data none = { &blob_pattern, 0, 0, 0 };

    if (!tcp_fastopen_has_cookie(s->base.sockets->tcp, &remote->addr))
        return start_connecting(s, remote, &none);
    s->deferred = true;
    s->remote = *remote;
    s->base.phase = SOCKET_CONNECTING;
    return 0;
}

static int stream_connect(struct socket *socket, const struct socket_addr *remote)
{
    struct stream *s = stream_of(socket);
    int error;

    switch (socket->phase) {
    case SOCKET_UNCONNECTED:
        error = s->fastopen_connect && fastopen_enabled(s) ? start_fast(s, remote)
                                                           : start_connecting(s, remote, NULL);
        return error || s->deferred ? error : connect_status(s, -EINPROGRESS);
    case SOCKET_CONNECTING:
        return s->deferred ? -EISCONN : connect_status(s, -EALREADY);
    case SOCKET_DISCONNECTING:
        return -EINVAL;
    default:
        return -EISCONN;
    }
}

/* ---- Data ----------------------------------------------------------------------------------- */

static int64_t error_or(struct socket *socket, int error)
{
    int waiting = socket_take_error(socket);
    return waiting ? waiting : error;
}

/* MSG_FASTOPEN where a SYN has gone already: as another connect; 0: the data may go, this once. */
static int send_fast_again(struct stream *s)
{
    return s->base.phase == SOCKET_CONNECTING ? connect_status(s, -EALREADY) : -EISCONN;
}

/* The first data of a connection goes with its SYN. */
static int64_t send_syn(struct stream *s, struct syn_data *data, const struct socket_addr *to)
{
    struct socket_addr remote = s->deferred ? s->remote : to ? *to : (struct socket_addr){ 0 };

    if (!fastopen_enabled(s))
        return -EOPNOTSUPP;
    if (remote.port == 0)
        return -EINVAL;
    s->deferred = false;
    int error = start_connecting(s, &remote, data);
    if (error)
        return error;
    return data->taken ? (int64_t)data->taken : -EINPROGRESS;
}

static unsigned send_flags(unsigned flags)
{
    return (flags & SOCKET_MSG_MORE ? TCP_SEND_MORE : 0u) |
           (flags & SOCKET_MSG_EOR ? TCP_SEND_EOR : 0u) |
           (flags & SOCKET_MSG_OOB ? TCP_SEND_URGENT : 0u);
}

static int64_t stream_send(struct socket *socket, struct blob *blob, uint64_t offset,
                           uint32_t length, unsigned flags, const struct socket_addr *to)
{
    struct stream *s = stream_of(socket);

    if (s->deferred || (flags & SOCKET_MSG_FASTOPEN && socket->phase == SOCKET_UNCONNECTED))
        return send_syn(s, &(struct syn_data){ blob, offset, length, 0 }, to);
    if (flags & SOCKET_MSG_FASTOPEN) {
        int error = fastopen_enabled(s) ? send_fast_again(s) : -EOPNOTSUPP;
        if (error)
            return error;
    }
    if (in_handshake(s))
        return error_or(socket, -EAGAIN);
    if (!s->conn || socket->error || shutdown_of(s) & SOCKET_SEND_SHUTDOWN)
        return error_or(socket, -EPIPE);
    int64_t taken = tcp_send(s->conn, blob, offset, length, send_flags(flags));
    return taken == 0 && length > 0 ? -EAGAIN : taken;
}

/* There is nothing to read: why? */
static int64_t nothing_to_read(struct stream *s)
{
    if (s->conn && tcp_fin_received(s->conn))
        return 0;
    if (s->base.error)
        return socket_take_error(&s->base);
    if (shutdown_of(s) & SOCKET_RCV_SHUTDOWN)
        return 0;
    return stream_state(&s->base) == TCP_CLOSED ? -ENOTCONN : -EAGAIN;
}

static int64_t recv_urgent(struct stream *s, void *out, uint32_t max, unsigned flags)
{
    uint8_t byte;
    int n = s->conn ? tcp_recv_urgent(s->conn, &byte, flags & SOCKET_MSG_PEEK) : -EINVAL;

    if (n <= 0 || max == 0)
        return MIN(n, 0);
    if (!(flags & SOCKET_MSG_TRUNC))
        *(uint8_t *)out = byte;
    return 1;
}

static int64_t recv_data(struct stream *s, void *out, uint32_t max, unsigned flags)
{
    int64_t n;

    if (flags & SOCKET_MSG_PEEK)
        n = flags & SOCKET_MSG_TRUNC ? MIN(max, tcp_recv_ready(s->conn))
                                     : tcp_peek_bytes(s->conn, out, max);
    else
        n = tcp_recv_bytes(s->conn, flags & SOCKET_MSG_TRUNC ? NULL : out, max);
    return n > 0 ? n : nothing_to_read(s);
}

static int64_t stream_recv(struct socket *socket, void *out, uint32_t max, unsigned flags,
                           struct socket_addr *from)
{
    struct stream *s = stream_of(socket);

    if (s->listener)
        return -ENOTCONN;
    if (from)
        *from = (struct socket_addr){ .port = 0 };
    if (flags & SOCKET_MSG_OOB)
        return recv_urgent(s, out, max, flags);
    if (!s->conn || tcp_recv_ready(s->conn) == 0)
        return nothing_to_read(s);
    if (max == 0)
        return 0;
    return recv_data(s, out, max, flags);
}

bool socket_at_mark(const struct socket *socket)
{
    return socket->kind == SOCKET_STREAM && stream_of(socket)->conn &&
           tcp_at_mark(stream_of(socket)->conn);
}

static const struct tcp_listener *listener_of(const struct socket *socket)
{
    return socket->proto == &stream_proto ? stream_of(socket)->listener : NULL;
}

uint32_t socket_waiting(const struct socket *socket)
{
    const struct tcp_listener *listener = listener_of(socket);
    return listener ? tcp_listener_waiting(listener) : 0;
}

uint32_t socket_half_open(const struct socket *socket)
{
    const struct tcp_listener *listener = listener_of(socket);
    return listener ? tcp_listener_half_open(listener) : 0;
}

static int64_t stream_inq(const struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->listener)
        return -EINVAL;
    return s->conn && !in_handshake(s) ? tcp_inq(s->conn) : 0;
}

static int64_t stream_outq(const struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->listener)
        return -EINVAL;
    return s->conn ? (int64_t)tcp_unacked_bytes(s->conn) : 0;
}

static int64_t stream_outq_unsent(const struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->listener)
        return -EINVAL;
    return s->conn ? (int64_t)tcp_unsent_bytes(s->conn) : 0;
}

/* ---- Closing -------------------------------------------------------------------------------- */

static void stop_listening(struct stream *s)
{
    s->config = *tcp_listener_config(s->listener);
    tcp_listener_close(s->listener);
    s->listener = NULL;
    s->bind.listens = false;
    s->base.phase = SOCKET_UNCONNECTED;
    s->base.shutdown = 0;
    renumber(s);
    give_port_back(s);
    forget_address(s);
}

static void shut_conn(struct stream *s, unsigned bits)
{
    s->base.shutdown |= (uint8_t)bits;
    if (bits & SOCKET_RCV_SHUTDOWN)
        tcp_shutdown_recv(s->conn);
    if (bits & SOCKET_SEND_SHUTDOWN)
        tcp_shutdown(s->conn);
}

static int stream_shutdown(struct socket *socket, enum socket_how how)
{
    struct stream *s = stream_of(socket);
    unsigned bits = (unsigned)how + 1;
    int error = 0;

    if (bits > 3)
        return -EINVAL;
    if (socket->phase == SOCKET_CONNECTING)
        socket->phase = in_handshake(s) || stream_state(socket) == TCP_CLOSED ? SOCKET_DISCONNECTING
                                                                              : SOCKET_CONNECTED;
    switch (stream_state(socket)) {
    case TCP_CLOSED:
        error = -ENOTCONN; /* and yet it will count for a connection to come */
        socket->shutdown |= (uint8_t)bits;
        break;
    case TCP_LISTEN:
        if (bits & SOCKET_RCV_SHUTDOWN)
            stop_listening(s);
        break;
    case TCP_SYN_SENT:
        renumber(s);
        if (s->conn) {
            drop_conn(s, tcp_abort);
            give_port_back(s);
            socket->error = ECONNRESET;
        }
        s->deferred = false;
        socket->phase = SOCKET_UNCONNECTED;
        break;
    default:
        shut_conn(s, bits);
        break;
    }
    socket_notify(socket, ALL_EVENTS);
    return error;
}

/* An end that the owner brought about is an error all the same. */
static bool ends_by_reset(enum tcp_state state)
{
    return state != TCP_CLOSED && state != TCP_LISTEN && state != TCP_TIME_WAIT &&
           state != TCP_CLOSING && state != TCP_LAST_ACK;
}

static int stream_disconnect(struct socket *socket)
{
    struct stream *s = stream_of(socket);
    enum tcp_state state = stream_state(socket);
    bool reset = ends_by_reset(state);

    if (s->listener)
        stop_listening(s);
    else
        renumber(s);
    if (s->conn)
        drop_conn(s, tcp_abort);
    if (state != TCP_CLOSED)
        give_port_back(s);
    forget_address(s);
    s->deferred = false;
    socket->phase = SOCKET_UNCONNECTED;
    socket->shutdown = 0;
    if (reset)
        socket->error = ECONNRESET;
    socket_notify(socket, ALL_EVENTS | SOCKET_ERR | SOCKET_HUP);
    return 0;
}

static void stream_close(struct socket *socket)
{
    struct stream *s = stream_of(socket);

    if (s->listener)
        stop_listening(s);
    if (s->conn)
        drop_conn(s, tcp_close);
    tcp_unbind(&s->bind);
}

/* TCP itself forgets what it has. */
static void stream_forget(struct socket *socket)
{
    tcp_unbind(&stream_of(socket)->bind);
}

/* ---- A close that waits --------------------------------------------------------------------- */

static bool is_closing(enum tcp_state state)
{
    return state == TCP_FIN_WAIT1 || state == TCP_CLOSING || state == TCP_LAST_ACK;
}

static void linger_event(struct tcp_observer *observer, struct tcp_conn *conn, enum tcp_event event,
                         uint32_t a, uint32_t b)
{
    struct stream *s = container_of(observer, struct stream, watch);

    if (!is_closing(b))
        socket_notify(&s->base, SOCKET_HUP);
}

sim_time socket_linger(struct socket *socket)
{
    struct stream *s = stream_of(socket);

    if (socket->kind != SOCKET_STREAM || !s->conn || s->lingers)
        return 0;
    const struct tcp_config *config = tcp_conn_config(s->conn);
    if (!config->linger_on || config->linger == 0 || tcp_recv_ready(s->conn) > 0 ||
        in_handshake(s) || tcp_conn_ended(s->conn, NULL))
        return 0;
    shut_conn(s, SOCKET_RCV_SHUTDOWN | SOCKET_SEND_SHUTDOWN);
    if (!is_closing(stream_state(socket)))
        return 0;
    s->watch = (struct tcp_observer){ .events = 1u << TCP_EVENT_STATE, .event = linger_event };
    tcp_observe(s->conn, &s->watch);
    s->lingers = true;
    return config->linger * SIM_S;
}

/* ---- Readiness ------------------------------------------------------------------------------ */

static unsigned poll_data(struct stream *s, unsigned shut)
{
    unsigned mask = 0;

    if (s->conn && tcp_readable(s->conn, s->rcvlowat))
        mask |= SOCKET_IN;
    if (s->conn && tcp_urgent_ready(s->conn))
        mask |= SOCKET_PRI;
    if (shut & SOCKET_SEND_SHUTDOWN || !s->conn || tcp_writable(s->conn))
        mask |= SOCKET_OUT;
    return mask;
}

static unsigned stream_poll(struct socket *socket)
{
    struct stream *s = stream_of(socket);
    enum tcp_state state = stream_state(socket);
    unsigned shut = shutdown_of(s), mask = 0;

    if (s->listener)
        return tcp_listener_waiting(s->listener) > 0 ? SOCKET_IN : 0;
    if (shut == (SOCKET_RCV_SHUTDOWN | SOCKET_SEND_SHUTDOWN) || state == TCP_CLOSED)
        mask |= SOCKET_HUP;
    if (shut & SOCKET_RCV_SHUTDOWN)
        mask |= SOCKET_IN | SOCKET_RDHUP;
    if (!in_handshake(s))
        mask |= poll_data(s, shut);
    else if (s->deferred)
        mask |= SOCKET_OUT;
    return mask | (socket->error ? SOCKET_ERR : 0u);
}

const struct socket_proto stream_proto = {
    .bind = stream_bind,
    .listen = stream_listen,
    .accept = stream_accept,
    .connect = stream_connect,
    .disconnect = stream_disconnect,
    .send = stream_send,
    .recv = stream_recv,
    .inq = stream_inq,
    .outq = stream_outq,
    .outq_unsent = stream_outq_unsent,
    .shutdown = stream_shutdown,
    .close = stream_close,
    .forget = stream_forget,
    .poll = stream_poll,
    .name = stream_name,
    .peer = stream_peer,
    .state = stream_state,
};

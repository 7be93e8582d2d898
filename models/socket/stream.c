/* Stream sockets over TCP: what state one is in, and what TCP tells it.
 *
 * A stream has either a connection, or a listener, or nothing yet; with Fast Open it may be
 * connected as far as its owner can tell, while the SYN waits for data (deferred).  stream_open.c
 * leads to one of these, stream_data.c reads and writes, stream_close.c ends them.  They are
 * Linux's inet_stream_*, tcp_poll, tcp_sendmsg and tcp_recvmsg as far as these judge what a call
 * may do; the rest is TCP's.
 */
#include <glib.h>

#include "models/socket/stream.h"

struct socket *stream_new(void)
{
    struct stream *s = g_new0(struct stream, 1);

    s->rcvlowat = 1;
    s->quickack = -1;
    return &s->base;
}

enum tcp_state stream_state(const struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->listener)
        return TCP_LISTEN;
    if (s->deferred)
        return TCP_SYN_SENT;
    return s->conn ? tcp_conn_state(s->conn) : TCP_CLOSED;
}

/* What was accepted with data in its SYN is open, though its handshake is not complete. */
bool stream_in_handshake(const struct stream *s)
{
    enum tcp_state state = stream_state(&s->base);
    return state == TCP_SYN_SENT || (state == TCP_SYN_RECV && s->base.phase != SOCKET_CONNECTED);
}

/* SHUT_RD, or nothing will come any more. */
unsigned stream_shut(const struct stream *s)
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

/* ---- Its options ---------------------------------------------------------------------------- */

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
    stream_give_port_back(stream_of(socket));
    socket_notify(socket, STREAM_EVENTS | SOCKET_HUP | (error ? SOCKET_ERR : 0u));
}

const struct tcp_user_ops stream_user_ops = {
    .established = on_established,
    .readable = on_readable,
    .writable = on_writable,
    .peer_fin = on_peer_fin,
    .urgent = on_urgent,
    .trouble = on_trouble,
    .closed = on_closed,
};

/* ---- Names ---------------------------------------------------------------------------------- */

/* A port that nobody asked for does not outlive the connection, or listening; getsockname goes on
 * to show it. */
void stream_give_port_back(struct stream *s)
{
    if (!s->own_port)
        tcp_unbind(&s->bind);
}

/* There is no connection any more, or it did not come about. */
void stream_forget_address(struct stream *s)
{
    static const struct ip_addr any;

    if (!s->own_address)
        s->name.addr = s->bind.local = any;
}

/* What comes next begins beyond the numbers of what was (Linux's tcp_disconnect). */
void stream_renumber(struct stream *s)
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
    unsigned shut = stream_shut(s), mask = 0;

    if (s->listener)
        return tcp_listener_waiting(s->listener) > 0 ? SOCKET_IN : 0;
    if (shut == (SOCKET_RCV_SHUTDOWN | SOCKET_SEND_SHUTDOWN) || state == TCP_CLOSED)
        mask |= SOCKET_HUP;
    if (shut & SOCKET_RCV_SHUTDOWN)
        mask |= SOCKET_IN | SOCKET_RDHUP;
    if (!stream_in_handshake(s))
        mask |= poll_data(s, shut);
    else if (s->deferred)
        mask |= SOCKET_OUT;
    return mask | (socket->error ? SOCKET_ERR : 0u);
}

/* ---- The table ------------------------------------------------------------------------------ */

const struct socket_proto stream_proto = {
    .bind = stream_bind,
    .listen = stream_listen,
    .accept = stream_accept,
    .connect = stream_connect,
    .disconnect = stream_disconnect,
    .send = stream_sendmsg,
    .recv = stream_recvmsg,
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

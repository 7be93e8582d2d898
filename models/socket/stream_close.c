/* Streams end: shutdown, disconnect, close, and a close that waits (SO_LINGER). */
#include <glib.h>

#include "models/socket/stream.h"

/* The connection is no more; the socket may be used for another. */
void stream_drop_conn(struct stream *s, void (*end)(struct tcp_conn *conn))
{
    s->config = *tcp_conn_config(s->conn);
    if (s->lingers)
        tcp_unobserve(s->conn, &s->watch);
    s->lingers = s->end_told = false;
    end(s->conn);
    s->conn = NULL;
    s->base.phase = SOCKET_UNCONNECTED;
    s->base.shutdown = 0;
    stream_forget_address(s);
}

static void stop_listening(struct stream *s)
{
    s->config = *tcp_listener_config(s->listener);
    tcp_listener_close(s->listener);
    s->listener = NULL;
    s->bind.listens = false;
    s->base.phase = SOCKET_UNCONNECTED;
    s->base.shutdown = 0;
    stream_renumber(s);
    stream_give_port_back(s);
    stream_forget_address(s);
}

static void shut_conn(struct stream *s, unsigned bits)
{
    s->base.shutdown |= (uint8_t)bits;
    if (bits & SOCKET_RCV_SHUTDOWN)
        tcp_shutdown_recv(s->conn);
    if (bits & SOCKET_SEND_SHUTDOWN)
        tcp_shutdown(s->conn);
}

int stream_shutdown(struct socket *socket, enum socket_how how)
{
    struct stream *s = stream_of(socket);
    unsigned bits = (unsigned)how + 1;
    int error = 0;

    if (bits > 3)
        return -EINVAL;
    if (socket->phase == SOCKET_CONNECTING)
        socket->phase = stream_in_handshake(s) || stream_state(socket) == TCP_CLOSED
                            ? SOCKET_DISCONNECTING
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
        stream_renumber(s);
        if (s->conn) {
            stream_drop_conn(s, tcp_abort);
            stream_give_port_back(s);
        }
        socket->error = ECONNRESET;
        s->deferred = false;
        socket->phase = SOCKET_UNCONNECTED;
        break;
    default:
        shut_conn(s, bits);
        break;
    }
    socket_notify(socket, STREAM_EVENTS);
    return error;
}

/* An end that the owner brought about is an error all the same. */
static bool ends_by_reset(enum tcp_state state)
{
    return state != TCP_CLOSED && state != TCP_LISTEN && state != TCP_TIME_WAIT &&
           state != TCP_CLOSING && state != TCP_LAST_ACK;
}

int stream_disconnect(struct socket *socket)
{
    struct stream *s = stream_of(socket);
    enum tcp_state state = stream_state(socket);
    bool reset = ends_by_reset(state);

    if (s->listener)
        stop_listening(s);
    else
        stream_renumber(s);
    if (s->conn)
        stream_drop_conn(s, tcp_abort);
    if (state != TCP_CLOSED)
        stream_give_port_back(s);
    stream_forget_address(s);
    s->deferred = false;
    socket->phase = SOCKET_UNCONNECTED;
    socket->shutdown = 0;
    if (reset)
        socket->error = ECONNRESET;
    socket_notify(socket, STREAM_EVENTS | SOCKET_ERR | SOCKET_HUP);
    return 0;
}

void stream_close(struct socket *socket)
{
    struct stream *s = stream_of(socket);

    if (s->listener)
        stop_listening(s);
    if (s->conn)
        stream_drop_conn(s, tcp_close);
    tcp_unbind(&s->bind);
}

/* TCP itself forgets what it has. */
void stream_forget(struct socket *socket)
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
        stream_in_handshake(s) || tcp_conn_ended(s->conn, NULL))
        return 0;
    shut_conn(s, SOCKET_RCV_SHUTDOWN | SOCKET_SEND_SHUTDOWN);
    if (!is_closing(stream_state(socket)))
        return 0;
    s->watch = (struct tcp_observer){ .events = 1u << TCP_EVENT_STATE, .event = linger_event };
    tcp_observe(s->conn, &s->watch);
    s->lingers = true;
    return config->linger * SIM_S;
}

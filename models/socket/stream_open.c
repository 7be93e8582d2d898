/* Streams begin: bind, listen, accept, connect, and Fast Open, with which the first data connects.
 */
#include <glib.h>

#include "models/socket/stream.h"
#include "protocols/tcp/sysctl.h"

/* ---- bind ----------------------------------------------------------------------------------- */

static int take_port(struct stream *s, uint16_t port)
{
    int error =
        -tcp_bind(s->base.sockets->tcp, &s->bind, &s->name.addr, port, stream_config(s)->ports);
    if (!error)
        s->name.port = s->bind.port;
    return error;
}

int stream_bind(struct socket *socket, const struct socket_addr *local)
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

/* ---- listen, accept ------------------------------------------------------------------------- */

static void on_acceptable(struct tcp_listener *listener)
{
    socket_notify(tcp_listener_user(listener), SOCKET_IN);
}

static const struct tcp_listener_ops listener_ops = { .acceptable = on_acceptable };

static int start_listening(struct stream *s, uint32_t backlog)
{
    struct tcp_stack *tcp = s->base.sockets->tcp;
    int error = s->bind.stack ? -tcp_bind_listen(&s->bind) : take_port(s, 0);

    if (!error)
        error = -tcp_listen(tcp, &s->bind.local, s->bind.port, backlog, &s->config, &listener_ops,
                            s, &s->listener);
    s->bind.listens = s->listener != NULL;
    if (error)
        stream_give_port_back(s);
    return error;
}

int stream_listen(struct socket *socket, int backlog)
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

int stream_accept(struct socket *socket, struct socket **out)
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
    s->conn = tcp_accept(listener->listener, &stream_user_ops, s);
    tcp_conn_addresses(s->conn, &s->name.addr, &s->name.port, NULL, NULL);
    if (s->rcvlowat > 1)
        tcp_conn_rcvlowat(s->conn, s->rcvlowat);
    s->end_told = tcp_conn_ended(s->conn, &error);
    if (s->end_told)
        s->base.error = (uint8_t)error;
    return 0;
}

/* ---- connect -------------------------------------------------------------------------------- */

bool stream_fastopen_enabled(const struct stream *s)
{
    return s->base.sockets->tcp->sysctl->fastopen & 1; /* of clients */
}

/* It has not come to a SYN.  Without a route, of which TCP knows nothing, all is as it was. */
static int not_started(struct stream *s, const struct socket_addr *remote, int error)
{
    int refused = ip_route_error(s->base.sockets->ip, &remote->addr);
    struct socket_addr name = s->name;
    uint8_t shutdown = s->base.shutdown;

    stream_drop_conn(s, tcp_close);
    s->base.shutdown = shutdown;
    if (error == ENETUNREACH)
        s->name = name;
    else
        stream_give_port_back(s);
    return error == ENETUNREACH && refused ? -refused : -error;
}

/* `data` NULL: without Fast Open. */
static int start_connecting(struct stream *s, const struct socket_addr *remote,
                            struct tcp_syn_data *data)
{
    uint16_t port = s->bind.stack ? s->bind.port : 0;

    s->conn = tcp_conn_new(s->base.sockets->tcp, &s->config, &stream_user_ops, s);
    tcp_conn_set_isn(s->conn, s->isn);
    if (s->quickack >= 0)
        tcp_conn_quickack(s->conn, s->quickack > 0);
    int error =
        tcp_connect_fastopen(s->conn, &s->name.addr, port, &remote->addr, remote->port, data);
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
    if (stream_in_handshake(s))
        return pending;
    if (tcp_conn_ended(s->conn, NULL)) {
        int error = socket_take_error(&s->base);
        stream_renumber(s);
        stream_drop_conn(s, tcp_close);
        return error ? error : -ECONNABORTED;
    }
    s->base.phase = SOCKET_CONNECTED;
    return 0;
}

/* TCP_FASTOPEN_CONNECT: with a cookie the SYN waits for the first data, else it asks for one. */
static int start_fast(struct stream *s, const struct socket_addr *remote)
{
    struct tcp_syn_data none = { &blob_pattern, 0, 0, 0 };

    if (!tcp_fastopen_has_cookie(s->base.sockets->tcp, &s->config, &remote->addr))
        return start_connecting(s, remote, &none);
    int refused = ip_route_error(s->base.sockets->ip, &remote->addr);
    if (refused)
        return -refused;
    s->deferred = true;
    s->remote = *remote;
    s->base.phase = SOCKET_CONNECTING;
    return 0;
}

int stream_connect(struct socket *socket, const struct socket_addr *remote)
{
    struct stream *s = stream_of(socket);
    int error;

    switch (socket->phase) {
    case SOCKET_UNCONNECTED:
        error = s->fastopen_connect && stream_fastopen_enabled(s)
                    ? start_fast(s, remote)
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

/* ---- Fast Open ------------------------------------------------------------------------------ */

/* MSG_FASTOPEN where a SYN has gone already: as another connect; 0: the data may go, this once. */
int stream_syn_sent(struct stream *s)
{
    return s->base.phase == SOCKET_CONNECTING ? connect_status(s, -EALREADY) : -EISCONN;
}

/* The first data of a connection goes with its SYN. */
int64_t stream_send_syn(struct stream *s, struct tcp_syn_data *data, const struct socket_addr *to)
{
    struct socket_addr remote = s->deferred ? s->remote : to ? *to : (struct socket_addr){ 0 };

    if (!stream_fastopen_enabled(s))
        return -EOPNOTSUPP;
    if (remote.port == 0)
        return -EINVAL;
    s->deferred = false;
    int error = start_connecting(s, &remote, data);
    if (error)
        return error;
    return data->taken ? (int64_t)data->taken : -EINPROGRESS;
}

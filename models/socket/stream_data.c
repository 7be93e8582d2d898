/* Streams carry data: send, recv, and what waits on either side. */
#include <glib.h>

#include "models/socket/stream.h"

/* ---- Writing -------------------------------------------------------------------------------- */

static int64_t error_or(struct socket *socket, int error)
{
    int waiting = socket_take_error(socket);
    return waiting ? waiting : error;
}

static unsigned send_flags(unsigned flags)
{
    return (flags & SOCKET_MSG_MORE ? TCP_SEND_MORE : 0u) |
           (flags & SOCKET_MSG_EOR ? TCP_SEND_EOR : 0u) |
           (flags & SOCKET_MSG_OOB ? TCP_SEND_URGENT : 0u);
}

int64_t stream_sendmsg(struct socket *socket, struct blob *blob, uint64_t offset, uint32_t length,
                       unsigned flags, const struct socket_addr *to)
{
    struct stream *s = stream_of(socket);

    if (s->deferred || (flags & SOCKET_MSG_FASTOPEN && socket->phase == SOCKET_UNCONNECTED))
        return stream_send_syn(s, &(struct tcp_syn_data){ blob, offset, length, 0 }, to);
    if (flags & SOCKET_MSG_FASTOPEN) {
        int error = stream_fastopen_enabled(s) ? stream_syn_sent(s) : -EOPNOTSUPP;
        if (error)
            return error;
    }
    if (stream_in_handshake(s))
        return error_or(socket, -EAGAIN);
    if (!s->conn || socket->error || stream_shut(s) & SOCKET_SEND_SHUTDOWN)
        return error_or(socket, -EPIPE);
    int64_t taken = tcp_send(s->conn, blob, offset, length, send_flags(flags));
    return taken == 0 && length > 0 ? -EAGAIN : taken;
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* There is nothing to read: why? */
static int64_t nothing_to_read(struct stream *s)
{
    if (s->conn && tcp_fin_received(s->conn))
        return 0;
    if (s->base.error)
        return socket_take_error(&s->base);
    if (stream_shut(s) & SOCKET_RCV_SHUTDOWN)
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

int64_t stream_recvmsg(struct socket *socket, void *out, uint32_t max, unsigned flags,
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

/* ---- What waits ----------------------------------------------------------------------------- */

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

int64_t stream_inq(const struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->listener)
        return -EINVAL;
    return s->conn && !stream_in_handshake(s) ? tcp_inq(s->conn) : 0;
}

int64_t stream_outq(const struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->listener)
        return -EINVAL;
    return s->conn ? (int64_t)tcp_unacked_bytes(s->conn) : 0;
}

int64_t stream_outq_unsent(const struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->listener)
        return -EINVAL;
    return s->conn ? (int64_t)tcp_unsent_bytes(s->conn) : 0;
}

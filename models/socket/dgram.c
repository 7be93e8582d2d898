/* Datagram sockets over UDP: Linux's udp_sendmsg, udp_recvmsg, datagram_poll and what
 * __udp4_lib_err tells to whom. */
#include <glib.h>

#include "models/socket/internal.h"
#include "protocols/ip/icmp.h"
#include "protocols/ip/state.h"
#include "protocols/tcp/sysctl.h"

/* IP_MTU_DISCOVER: DONT. */
enum { PMTUDISC_DONT = 0 };

/* ---- What UDP tells ------------------------------------------------------------------------- */

static void on_readable(struct udp_socket *udp)
{
    socket_notify(udp->user, SOCKET_IN);
}

/* Only a connected socket is told, and only of errors that are final (RFC 1122 4.1.3.3), unless it
 * wants all of them (IP_RECVERR). */
static void on_error(struct udp_socket *udp, const struct udp_error *error)
{
    struct socket *socket = udp->user;
    bool hard = error->hard;

    if (error->error == EMSGSIZE)
        hard = socket->mtu_discover != PMTUDISC_DONT;
    if (!udp->recverr && (!udp->connected || !hard))
        return;
    socket->error = (uint8_t)error->error;
    socket_notify(socket, SOCKET_IN | SOCKET_OUT | SOCKET_ERR);
}

static const struct udp_ops udp_ops = { .readable = on_readable, .error = on_error };

struct socket *dgram_new(struct sockets *sockets)
{
    struct dgram *d = g_new0(struct dgram, 1);

    udp_socket_init(&d->udp, &udp_ops, d);
    d->udp.df = sockets->tcp->sysctl->no_pmtu_disc ? IP_DF_CLEAR : IP_DF_WANT;
    d->udp.rcvbuf = sockets->sysctl->rmem_default;
    d->sndbuf = sockets->sysctl->wmem_default;
    d->rcvlowat = 1;
    return &d->base;
}

/* ---- Opening -------------------------------------------------------------------------------- */

static int dgram_bind(struct socket *socket, const struct socket_addr *local)
{
    struct dgram *d = dgram_of(socket);

    if (udp_is_bound(&d->udp))
        return -EINVAL;
    if (!socket_may_bind(socket->sockets, &local->addr))
        return -EADDRNOTAVAIL;
    d->udp.reuse = socket->reuse;
    return -udp_bind(socket->sockets->udp, &d->udp, &local->addr, local->port);
}

/* The first datagram, or connect, takes an ephemeral port. */
static int autobind(struct dgram *d)
{
    if (udp_is_bound(&d->udp))
        return 0;
    return udp_bind(d->base.sockets->udp, &d->udp, d->udp.own_address ? &d->udp.local : NULL, 0);
}

static int dgram_connect(struct socket *socket, const struct socket_addr *remote)
{
    struct dgram *d = dgram_of(socket);

    if (autobind(d) != 0)
        return -EAGAIN;
    int error = udp_connect(socket->sockets->udp, &d->udp, &remote->addr, remote->port);

    if (error)
        return -error;
    socket->phase = SOCKET_CONNECTED;
    return 0;
}

static int dgram_disconnect(struct socket *socket)
{
    udp_disconnect(&dgram_of(socket)->udp);
    socket->phase = SOCKET_UNCONNECTED;
    return 0;
}

static void dgram_name(const struct socket *socket, struct socket_addr *local)
{
    const struct dgram *d = dgram_of(socket);

    *local = (struct socket_addr){ d->udp.local, d->udp.local_port };
}

static int dgram_peer(const struct socket *socket, struct socket_addr *remote)
{
    const struct dgram *d = dgram_of(socket);

    if (!d->udp.connected)
        return -ENOTCONN;
    *remote = (struct socket_addr){ d->udp.remote, d->udp.remote_port };
    return 0;
}

/* ---- Data ----------------------------------------------------------------------------------- */

static int64_t dgram_send(struct socket *socket, struct blob *blob, uint64_t offset,
                          uint32_t length, unsigned flags, const struct socket_addr *to)
{
    struct dgram *d = dgram_of(socket);

    if (autobind(d) != 0) /* even if nothing can be sent */
        return -EAGAIN;
    if (length > UDP_DATA_MAX)
        return -EMSGSIZE;
    if (flags & SOCKET_MSG_MORE)
        return -EOPNOTSUPP;
    if (!to && !d->udp.connected)
        return -EDESTADDRREQ;
    if (to && to->port == 0)
        return -EINVAL;
    if (socket->error)
        return socket_take_error(socket);
    if (socket->shutdown & SOCKET_SEND_SHUTDOWN)
        return -EPIPE;
    int error = to ? udp_send_to(&d->udp, blob, offset, length, &to->addr, to->port)
                   : udp_send(&d->udp, blob, offset, length);
    return error ? -error : (int64_t)length;
}

static int64_t dgram_recv(struct socket *socket, void *out, uint32_t max, unsigned flags,
                          struct socket_addr *from)
{
    struct dgram *d = dgram_of(socket);
    struct udp_rx rx;

    if (socket->error)
        return socket_take_error(socket);
    const struct packet *packet = udp_peek(&d->udp, &rx);
    if (!packet)
        return -EAGAIN;
    uint32_t length = packet_len(packet), taken = MIN(length, max);
    if (taken > 0)
        packet_read(packet, 0, out, taken);
    if (from)
        *from = (struct socket_addr){ rx.src, rx.src_port };
    if (!(flags & SOCKET_MSG_PEEK))
        packet_delivered(udp_recv(&d->udp, &rx));
    return flags & SOCKET_MSG_TRUNC ? length : taken;
}

/* The size of the next datagram. */
static int64_t dgram_inq(const struct socket *socket)
{
    struct udp_rx rx;
    const struct packet *first = udp_peek(&dgram_of(socket)->udp, &rx);
    return first ? packet_len(first) : 0;
}

/* What was sent is the queues' below. */
static int64_t dgram_outq(const struct socket *socket)
{
    return 0;
}

static int64_t dgram_outq_unsent(const struct socket *socket)
{
    return -ENOTTY;
}

/* ---- Closing -------------------------------------------------------------------------------- */

static int dgram_shutdown(struct socket *socket, enum socket_how how)
{
    unsigned bits = (unsigned)how + 1;

    if (bits > 3)
        return -EINVAL;
    socket->shutdown |= (uint8_t)bits;
    socket_notify(socket, SOCKET_IN | SOCKET_OUT | SOCKET_RDHUP);
    return dgram_of(socket)->udp.connected ? 0 : -ENOTCONN;
}

static void dgram_close(struct socket *socket)
{
    multicast_close(dgram_of(socket), true);
    udp_close(&dgram_of(socket)->udp);
}

/* ---- Readiness ------------------------------------------------------------------------------ */

static unsigned dgram_poll(struct socket *socket)
{
    const struct dgram *d = dgram_of(socket);
    unsigned mask = SOCKET_OUT; /* what does not fit below is dropped there */

    if (socket->error)
        mask |= SOCKET_ERR;
    if (socket->shutdown & SOCKET_RCV_SHUTDOWN)
        mask |= SOCKET_IN | SOCKET_RDHUP;
    if (socket->shutdown == (SOCKET_RCV_SHUTDOWN | SOCKET_SEND_SHUTDOWN))
        mask |= SOCKET_HUP;
    return d->udp.queue.first ? mask | SOCKET_IN : mask;
}

static void dgram_forget(struct socket *socket)
{
    multicast_close(dgram_of(socket), false);
    udp_close(&dgram_of(socket)->udp);
}

static enum tcp_state dgram_state(const struct socket *socket)
{
    return dgram_of(socket)->udp.connected ? TCP_ESTABLISHED : TCP_CLOSED;
}

const struct socket_proto dgram_proto = {
    .bind = dgram_bind,
    .connect = dgram_connect,
    .disconnect = dgram_disconnect,
    .send = dgram_send,
    .recv = dgram_recv,
    .inq = dgram_inq,
    .outq = dgram_outq,
    .outq_unsent = dgram_outq_unsent,
    .shutdown = dgram_shutdown,
    .close = dgram_close,
    .forget = dgram_forget,
    .poll = dgram_poll,
    .name = dgram_name,
    .peer = dgram_peer,
    .state = dgram_state,
};

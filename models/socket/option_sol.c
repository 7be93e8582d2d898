/* Options of SOL_SOCKET, as Linux's sk_setsockopt and sk_getsockopt have them. */
#include <glib.h>

#include "models/socket/option.h"
#include "protocols/tcp/sysctl.h"

enum { BUFFER_MIN_SEND = 4608, BUFFER_MIN_RECV = 2304 }; /* SOCK_MIN_SNDBUF, SOCK_MIN_RCVBUF */

static int set_reuseaddr(struct socket *socket, int value)
{
    socket->reuse = value != 0;
    if (!option_is_stream(socket)) {
        dgram_of(socket)->udp.reuse = socket->reuse;
        return 0;
    }
    stream_of(socket)->bind.reuse = socket->reuse;
    CONFIG_SET(reuseaddr, bool, value != 0);
    return 0;
}

static int get_reuseaddr(struct socket *socket)
{
    return socket->reuse;
}

static int set_reuseport(struct socket *socket, int value)
{
    stream_of(socket)->bind.reuseport = value != 0;
    CONFIG_SET(reuseport, bool, value != 0);
    return 0;
}

static int get_reuseport(struct socket *socket)
{
    return stream_of(socket)->bind.reuseport;
}

static int get_type(struct socket *socket)
{
    return socket->kind;
}

static int get_error(struct socket *socket)
{
    int error = -socket_take_error(socket);

    return error == 0 && socket_conn(socket) ? tcp_take_soft_error(socket_conn(socket)) : error;
}

/* What SO_RCVBUF or SO_SNDBUF asks for, within the limit that the administrator sets; Linux doubles
 * it, for its own overhead. */
static uint32_t asked(int value, uint32_t most)
{
    uint32_t wanted = value < 0 ? most : (uint32_t)value;
    wanted = MIN(wanted, most);
    return MAX(wanted, 1); /* 0 stands for automatic; either way it becomes the least there is */
}

static int set_sndbuf(struct socket *socket, int value)
{
    uint32_t wanted = asked(value, socket->sockets->tcp->sysctl->core_wmem_max);

    if (option_is_stream(socket))
        CONFIG_SET(sndbuf, uint32_t, wanted);
    else
        dgram_of(socket)->sndbuf = MAX(2 * wanted, BUFFER_MIN_SEND);
    option_wake_writer(socket);
    return 0;
}

static int set_rcvbuf(struct socket *socket, int value)
{
    uint32_t wanted = asked(value, socket->sockets->tcp->sysctl->core_rmem_max);

    if (option_is_stream(socket))
        CONFIG_SET(rcvbuf, uint32_t, wanted);
    else
        dgram_of(socket)->udp.rcvbuf = MAX(2 * wanted, BUFFER_MIN_RECV);
    return 0;
}

static uint32_t stored(uint32_t wanted, uint32_t most, uint32_t least, uint32_t automatic)
{
    return wanted ? MAX(2 * MIN(wanted, most), least) : automatic;
}

static int get_sndbuf(struct socket *socket)
{
    const struct tcp_sysctl *sysctl = socket->sockets->tcp->sysctl;
    struct tcp_info info;

    if (!option_is_stream(socket))
        return (int)dgram_of(socket)->sndbuf;
    if (!socket_conn(socket))
        return (int)stored(option_config(socket)->sndbuf, sysctl->core_wmem_max, BUFFER_MIN_SEND,
                           sysctl->wmem[1]);
    tcp_info_get(socket_conn(socket), &info);
    return (int)info.sndbuf;
}

static int get_rcvbuf(struct socket *socket)
{
    const struct tcp_sysctl *sysctl = socket->sockets->tcp->sysctl;
    struct tcp_info info;

    if (!option_is_stream(socket))
        return (int)dgram_of(socket)->udp.rcvbuf;
    if (!socket_conn(socket))
        return (int)stored(option_config(socket)->rcvbuf, sysctl->core_rmem_max, BUFFER_MIN_RECV,
                           sysctl->rmem[1]);
    tcp_info_get(socket_conn(socket), &info);
    return (int)info.rcvbuf;
}

BOTH_SWITCH(keepalive, dgram_of(socket)->keepalive)

static int set_broadcast(struct socket *socket, int value)
{
    if (option_is_stream(socket))
        stream_of(socket)->broadcast = value != 0;
    else
        dgram_of(socket)->udp.broadcast = value != 0;
    return 0;
}

static int get_broadcast(struct socket *socket)
{
    return option_is_stream(socket) ? stream_of(socket)->broadcast
                                    : dgram_of(socket)->udp.broadcast;
}

/* Of a stream not more than half of what the buffer may become; of datagrams it is only kept. */
static int set_rcvlowat(struct socket *socket, int value)
{
    uint32_t wanted = value < 0 ? INT32_MAX : MAX((uint32_t)value, 1);

    if (!option_is_stream(socket)) {
        dgram_of(socket)->rcvlowat = wanted;
        return 0;
    }
    struct stream *s = stream_of(socket);
    const struct tcp_sysctl *sysctl = socket->sockets->tcp->sysctl;
    uint32_t most = option_config(socket)->rcvbuf ? (uint32_t)get_rcvbuf(socket) : sysctl->rmem[2];
    s->rcvlowat = MAX(MIN(wanted, most >> 1), 1);
    if (!s->conn)
        return 0;
    if (tcp_readable(s->conn, s->rcvlowat)) /* as Linux: before the buffer grows */
        socket_notify(socket, SOCKET_IN);
    tcp_conn_rcvlowat(s->conn, s->rcvlowat);
    return 0;
}

static int get_rcvlowat(struct socket *socket)
{
    return (int)(option_is_stream(socket) ? stream_of(socket)->rcvlowat
                                          : dgram_of(socket)->rcvlowat);
}

BOTH_SWITCH(oobinline, dgram_of(socket)->oobinline)

static int get_acceptconn(struct socket *socket)
{
    return socket_state(socket) == TCP_LISTEN;
}

static int get_sndlowat(struct socket *socket)
{
    return 1;
}

static int get_domain(struct socket *socket)
{
    return 2; /* AF_INET */
}

static int get_protocol(struct socket *socket)
{
    return option_is_stream(socket) ? IP_PROTO_TCP : IP_PROTO_UDP;
}

/* clang-format off */
const struct socket_option socket_options_sol[] = {
    { "SO_REUSEADDR", SOL_SOCKET_, 2, BOOL, BOTH, set_reuseaddr, get_reuseaddr,
      "share a port with others who say so, unless one listens; ignore TIME_WAIT" },
    { "SO_TYPE", SOL_SOCKET_, 3, INT, BOTH, NULL, get_type, "1: stream, 2: datagrams" },
    { "SO_ERROR", SOL_SOCKET_, 4, INT, BOTH, NULL, get_error,
      "the error that waits, \"ECONNREFUSED\", and is then forgotten; 0: none" },
    { "SO_BROADCAST", SOL_SOCKET_, 6, BOOL, BOTH, set_broadcast, get_broadcast,
      "may send to broadcast addresses" },
    { "SO_SNDBUF", SOL_SOCKET_, 7, SIZE, BOTH, set_sndbuf, get_sndbuf,
      "bytes of the send buffer; doubled, at most net.core.wmem_max" },
    { "SO_RCVBUF", SOL_SOCKET_, 8, SIZE, BOTH, set_rcvbuf, get_rcvbuf,
      "bytes of the receive buffer; doubled, at most net.core.rmem_max" },
    { "SO_KEEPALIVE", SOL_SOCKET_, 9, BOOL, BOTH, set_keepalive, get_keepalive,
      "probe a silent peer" },
    { "SO_OOBINLINE", SOL_SOCKET_, 10, BOOL, BOTH, set_oobinline, get_oobinline,
      "urgent data is read with all the other" },
    { "SO_LINGER", SOL_SOCKET_, 13, SOCKET_VALUE_LINGER, BOTH, NULL, NULL,
      "seconds that close waits for what was sent; 0: it resets the connection" },
    { "SO_REUSEPORT", SOL_SOCKET_, 15, BOOL, STREAM, set_reuseport, get_reuseport,
      "listen on a port together with others who say so; each gets a part of the connections" },
    { "SO_RCVLOWAT", SOL_SOCKET_, 18, SIZE, BOTH, set_rcvlowat, get_rcvlowat,
      "bytes that make a stream readable" },
    { "SO_SNDLOWAT", SOL_SOCKET_, 19, SIZE, BOTH, NULL, get_sndlowat,
      "always 1, as in Linux; TCP_NOTSENT_LOWAT is what it was meant for" },
    { "SO_RCVTIMEO", SOL_SOCKET_, 20, SOCKET_VALUE_TIME, BOTH, NULL, NULL,
      "how long to wait in recv and accept; 0: for ever" },
    { "SO_SNDTIMEO", SOL_SOCKET_, 21, SOCKET_VALUE_TIME, BOTH, NULL, NULL,
      "how long to wait in send and connect; 0: for ever" },
    { "SO_ACCEPTCONN", SOL_SOCKET_, 30, BOOL, BOTH, NULL, get_acceptconn, "it listens" },
    { "SO_PROTOCOL", SOL_SOCKET_, 38, INT, BOTH, NULL, get_protocol, "6: TCP, 17: UDP" },
    { "SO_DOMAIN", SOL_SOCKET_, 39, INT, BOTH, NULL, get_domain, "2: IPv4 (AF_INET)" },
    { "SO_MAX_PACING_RATE", SOL_SOCKET_, 47, SOCKET_VALUE_RATE, BOTH, NULL, NULL,
      "sends no faster, and paces; bytes per second in C; of datagrams it changes nothing" },
    { .name = NULL },
};
/* clang-format on */

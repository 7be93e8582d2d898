/* Options of sockets: each is a row with Linux's name and numbers.  What TCP keeps is a struct
 * tcp_config; setting an option there is changing a copy of it.  Ranges and side effects are those
 * of Linux's sk_setsockopt, do_tcp_setsockopt and do_ip_setsockopt. */
#include <glib.h>
#include <string.h>

#include "models/socket/internal.h"
#include "protocols/ip/stack.h"
#include "protocols/tcp/sysctl.h"

enum { BUFFER_MIN_SEND = 4608, BUFFER_MIN_RECV = 2304 }; /* SOCK_MIN_SNDBUF, SOCK_MIN_RCVBUF */
enum { FIN_TIMEOUT_MAX = 120 };                          /* seconds */

static bool is_stream(const struct socket *socket)
{
    return socket->kind == SOCKET_STREAM;
}

static const struct tcp_config *config_of(const struct socket *socket)
{
    return stream_config(stream_of(socket));
}

static bool is_idle(const struct socket *socket)
{
    enum tcp_state state = socket_state(socket);
    return state == TCP_CLOSED || state == TCP_LISTEN;
}

/* An option that is one member of the configuration. */
#define CONFIG_SET(member, type, value)                     \
    do {                                                    \
        struct tcp_config config_copy = *config_of(socket); \
        config_copy.member = (type)(value);                 \
        stream_configure(stream_of(socket), &config_copy);  \
    } while (0)

/* ... and is on or off. */
#define CONFIG_SWITCH(member)                                 \
    static int set_##member(struct socket *socket, int value) \
    {                                                         \
        CONFIG_SET(member, bool, value != 0);                 \
        return 0;                                             \
    }                                                         \
    static int get_##member(struct socket *socket)            \
    {                                                         \
        return config_of(socket)->member;                     \
    }

/* The same of sockets of both kinds: of datagrams it is kept beside. */
#define BOTH_SWITCH(member)                                   \
    static int set_##member(struct socket *socket, int value) \
    {                                                         \
        if (is_stream(socket))                                \
            CONFIG_SET(member, bool, value != 0);             \
        else                                                  \
            dgram_of(socket)->member = value != 0;            \
        return 0;                                             \
    }                                                         \
    static int get_##member(struct socket *socket)            \
    {                                                         \
        if (is_stream(socket))                                \
            return config_of(socket)->member;                 \
        return dgram_of(socket)->member;                      \
    }

/* ---- SOL_SOCKET ----------------------------------------------------------------------------- */

static int set_reuseaddr(struct socket *socket, int value)
{
    socket->reuse = value != 0;
    if (!is_stream(socket)) {
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

/* With another limit there may be room; Linux tells so even if there was room before. */
static void wake_writer(struct socket *socket)
{
    if (socket_conn(socket))
        tcp_conn_write_space(socket_conn(socket));
}

static int set_sndbuf(struct socket *socket, int value)
{
    uint32_t wanted = asked(value, socket->sockets->tcp->sysctl->core_wmem_max);

    if (is_stream(socket))
        CONFIG_SET(sndbuf, uint32_t, wanted);
    else
        dgram_of(socket)->sndbuf = MAX(2 * wanted, BUFFER_MIN_SEND);
    wake_writer(socket);
    return 0;
}

static int set_rcvbuf(struct socket *socket, int value)
{
    uint32_t wanted = asked(value, socket->sockets->tcp->sysctl->core_rmem_max);

    if (is_stream(socket))
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

    if (!is_stream(socket))
        return (int)dgram_of(socket)->sndbuf;
    if (!socket_conn(socket))
        return (int)stored(config_of(socket)->sndbuf, sysctl->core_wmem_max, BUFFER_MIN_SEND,
                           sysctl->wmem[1]);
    tcp_info_get(socket_conn(socket), &info);
    return (int)info.sndbuf;
}

static int get_rcvbuf(struct socket *socket)
{
    const struct tcp_sysctl *sysctl = socket->sockets->tcp->sysctl;
    struct tcp_info info;

    if (!is_stream(socket))
        return (int)dgram_of(socket)->udp.rcvbuf;
    if (!socket_conn(socket))
        return (int)stored(config_of(socket)->rcvbuf, sysctl->core_rmem_max, BUFFER_MIN_RECV,
                           sysctl->rmem[1]);
    tcp_info_get(socket_conn(socket), &info);
    return (int)info.rcvbuf;
}

BOTH_SWITCH(keepalive)

static int set_broadcast(struct socket *socket, int value)
{
    if (is_stream(socket))
        stream_of(socket)->broadcast = value != 0;
    else
        dgram_of(socket)->udp.broadcast = value != 0;
    return 0;
}

static int get_broadcast(struct socket *socket)
{
    return is_stream(socket) ? stream_of(socket)->broadcast : dgram_of(socket)->udp.broadcast;
}

/* Of a stream not more than half of what the buffer may become; of datagrams it is only kept. */
static int set_rcvlowat(struct socket *socket, int value)
{
    uint32_t wanted = value < 0 ? INT32_MAX : MAX((uint32_t)value, 1);

    if (!is_stream(socket)) {
        dgram_of(socket)->rcvlowat = wanted;
        return 0;
    }
    struct stream *s = stream_of(socket);
    const struct tcp_sysctl *sysctl = socket->sockets->tcp->sysctl;
    uint32_t most = config_of(socket)->rcvbuf ? (uint32_t)get_rcvbuf(socket) : sysctl->rmem[2];
    s->rcvlowat = MAX(MIN(wanted, most >> 1), 1);
    if (s->conn)
        tcp_conn_rcvlowat(s->conn, s->rcvlowat);
    socket_notify(socket, socket_poll(socket));
    return 0;
}

static int get_rcvlowat(struct socket *socket)
{
    return (int)(is_stream(socket) ? stream_of(socket)->rcvlowat : dgram_of(socket)->rcvlowat);
}

BOTH_SWITCH(oobinline)

static int set_recverr(struct socket *socket, int value)
{
    if (!is_stream(socket))
        dgram_of(socket)->udp.recverr = value != 0;
    else
        CONFIG_SET(recverr, bool, value != 0);
    return 0;
}

static int get_recverr(struct socket *socket)
{
    return is_stream(socket) ? config_of(socket)->recverr : dgram_of(socket)->udp.recverr;
}

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
    return is_stream(socket) ? IP_PROTO_TCP : IP_PROTO_UDP;
}

/* ---- IPPROTO_TCP ---------------------------------------------------------------------------- */

CONFIG_SWITCH(nodelay)

CONFIG_SWITCH(cork)

static int set_maxseg(struct socket *socket, int value)
{
    if (value && (value < 88 || value > 32767))
        return -EINVAL;
    CONFIG_SET(mss, uint16_t, value);
    return 0;
}

static int get_maxseg(struct socket *socket)
{
    struct tcp_info info;
    uint16_t own = config_of(socket)->mss;

    if (!socket_conn(socket) || (is_idle(socket) && own))
        return own ? own : 536;
    tcp_info_get(socket_conn(socket), &info);
    return (int)info.mss;
}

static int set_keepidle(struct socket *socket, int value)
{
    if (value < 1 || value > 32767)
        return -EINVAL;
    CONFIG_SET(keepidle, uint32_t, value);
    return 0;
}

static int get_keepidle(struct socket *socket)
{
    uint32_t own = config_of(socket)->keepidle;
    return (int)(own ? own : socket->sockets->tcp->sysctl->keepalive_time);
}

static int set_keepintvl(struct socket *socket, int value)
{
    if (value < 1 || value > 32767)
        return -EINVAL;
    CONFIG_SET(keepintvl, uint32_t, value);
    return 0;
}

static int get_keepintvl(struct socket *socket)
{
    uint32_t own = config_of(socket)->keepintvl;
    return (int)(own ? own : socket->sockets->tcp->sysctl->keepalive_intvl);
}

static int set_keepcnt(struct socket *socket, int value)
{
    if (value < 1 || value > 127)
        return -EINVAL;
    CONFIG_SET(keepcnt, uint8_t, value);
    return 0;
}

static int get_keepcnt(struct socket *socket)
{
    uint32_t own = config_of(socket)->keepcnt;
    return (int)(own ? own : socket->sockets->tcp->sysctl->keepalive_probes);
}

static int set_syncnt(struct socket *socket, int value)
{
    if (value < 1 || value > 127)
        return -EINVAL;
    CONFIG_SET(syncnt, uint8_t, value);
    return 0;
}

static int get_syncnt(struct socket *socket)
{
    uint32_t own = config_of(socket)->syncnt;
    return (int)(own ? own : socket->sockets->tcp->sysctl->syn_retries);
}

static int set_linger2(struct socket *socket, int value)
{
    CONFIG_SET(linger2, int16_t, value < 0 ? -1 : MIN(value, FIN_TIMEOUT_MAX));
    return 0;
}

static int get_linger2(struct socket *socket)
{
    int own = config_of(socket)->linger2;
    return own ? own : (int)socket->sockets->tcp->sysctl->fin_timeout;
}

/* Seconds as a number of time-outs of 1, 2, 4, ... s, and back. */
static int retries_of(int seconds, uint32_t rto_max_s)
{
    uint32_t timeout = 1, period = 1;
    int retries = seconds > 0;

    while (seconds > (int)period && retries < 255) {
        timeout = MIN(timeout * 2, rto_max_s);
        period += timeout;
        retries++;
    }
    return retries;
}

static int seconds_of(int retries, uint32_t rto_max_s)
{
    uint32_t timeout = 1, period = retries > 0;

    for (int i = 1; i < retries; i++) {
        timeout = MIN(timeout * 2, rto_max_s);
        period += timeout;
    }
    return (int)period;
}

static uint32_t rto_max_s(const struct socket *socket)
{
    return socket->sockets->tcp->sysctl->rto_max_ms / 1000;
}

static int set_defer_accept(struct socket *socket, int value)
{
    CONFIG_SET(defer_accept, uint8_t, retries_of(value, rto_max_s(socket)));
    return 0;
}

static int get_defer_accept(struct socket *socket)
{
    return seconds_of(config_of(socket)->defer_accept, rto_max_s(socket));
}

static int set_window_clamp(struct socket *socket, int value)
{
    if (value == 0 && socket_state(socket) != TCP_CLOSED)
        return -EINVAL;
    CONFIG_SET(window_clamp, uint32_t, value ? MAX(value, BUFFER_MIN_RECV / 2) : 0);
    return 0;
}

static int get_window_clamp(struct socket *socket)
{
    struct tcp_info info;

    if (!socket_conn(socket))
        return (int)config_of(socket)->window_clamp;
    tcp_info_get(socket_conn(socket), &info);
    return (int)info.window_clamp;
}

static int set_quickack(struct socket *socket, int value)
{
    struct stream *s = stream_of(socket);

    if (s->conn)
        tcp_conn_quickack(s->conn, value);
    else
        s->quickack = value != 0;
    return 0;
}

static int get_quickack(struct socket *socket)
{
    const struct stream *s = stream_of(socket);

    if (s->conn)
        return !tcp_conn_pingpong(s->conn);
    return s->quickack != 0;
}

static int set_user_timeout(struct socket *socket, int value)
{
    if (value < 0)
        return -EINVAL;
    CONFIG_SET(user_timeout_ms, uint32_t, value);
    return 0;
}

static int get_user_timeout(struct socket *socket)
{
    return (int)config_of(socket)->user_timeout_ms;
}

static int set_fastopen(struct socket *socket, int value)
{
    if (value < 0 || !is_idle(socket))
        return -EINVAL;
    CONFIG_SET(fastopen, uint32_t, MIN((uint32_t)value, socket->sockets->tcp->sysctl->somaxconn));
    return 0;
}

static int get_fastopen(struct socket *socket)
{
    return (int)config_of(socket)->fastopen;
}

static int set_fastopen_connect(struct socket *socket, int value)
{
    if (value < 0 || value > 1 || socket_state(socket) != TCP_CLOSED)
        return -EINVAL;
    if (!(socket->sockets->tcp->sysctl->fastopen & 1))
        return -EOPNOTSUPP;
    stream_of(socket)->fastopen_connect = value != 0;
    return 0;
}

static int get_fastopen_connect(struct socket *socket)
{
    return stream_of(socket)->fastopen_connect;
}

static int set_notsent_lowat(struct socket *socket, int value)
{
    CONFIG_SET(notsent_lowat, uint32_t, value);
    wake_writer(socket);
    return 0;
}

static int get_notsent_lowat(struct socket *socket)
{
    return (int)config_of(socket)->notsent_lowat;
}

/* What Linux keeps in jiffies, of a millisecond here. */
static int set_rto_max(struct socket *socket, int value)
{
    if (value < 1000 || value > 120000)
        return -EINVAL;
    CONFIG_SET(rto_max_ms, uint32_t, value);
    return 0;
}

static int get_rto_max(struct socket *socket)
{
    uint32_t own = config_of(socket)->rto_max_ms;
    return (int)(own ? own : socket->sockets->tcp->sysctl->rto_max_ms);
}

/* From the least time that a timer takes, two jiffies, to 200 ms; rounded up.  0: out of range. */
static uint16_t short_time(int us)
{
    int ms = us / 1000 + (us % 1000 > 0);
    return us <= 0 || ms < 2 || ms > 200 ? 0 : (uint16_t)ms;
}

static int set_rto_min(struct socket *socket, int value)
{
    uint16_t ms = short_time(value);

    if (ms == 0)
        return -EINVAL;
    CONFIG_SET(rto_min_ms, uint16_t, ms);
    return 0;
}

static int get_rto_min(struct socket *socket)
{
    uint32_t own = config_of(socket)->rto_min_ms;
    return (int)(own ? own * 1000 : socket->sockets->tcp->sysctl->rto_min_us);
}

static int set_delack_max(struct socket *socket, int value)
{
    uint16_t ms = short_time(value);

    if (ms == 0)
        return -EINVAL;
    CONFIG_SET(delack_max_ms, uint16_t, ms);
    return 0;
}

static int get_delack_max(struct socket *socket)
{
    uint32_t own = config_of(socket)->delack_max_ms;
    return (int)(own ? own : 200) * 1000;
}

static int set_thin_lto(struct socket *socket, int value)
{
    if (value < 0 || value > 1)
        return -EINVAL;
    CONFIG_SET(thin_lto, bool, value);
    return 0;
}

static int get_thin_lto(struct socket *socket)
{
    return config_of(socket)->thin_lto;
}

/* Linux takes it and does nothing. */
static int set_thin_dupack(struct socket *socket, int value)
{
    return value < 0 || value > 1 ? -EINVAL : 0;
}

static int get_thin_dupack(struct socket *socket)
{
    return 0;
}

/* ---- IPPROTO_IP ----------------------------------------------------------------------------- */

/* The ECN bits of a stream are TCP's. */
static int set_tos(struct socket *socket, int value)
{
    if (!is_stream(socket)) {
        dgram_of(socket)->udp.tos = (uint8_t)value;
        return 0;
    }
    CONFIG_SET(tos, uint8_t, (value & ~3) | (config_of(socket)->tos & 3));
    return 0;
}

static int get_tos(struct socket *socket)
{
    return is_stream(socket) ? config_of(socket)->tos : dgram_of(socket)->udp.tos;
}

static int set_ttl(struct socket *socket, int value)
{
    if (value != -1 && (value < 1 || value > 255))
        return -EINVAL;
    uint8_t ttl = value == -1 ? 0 : (uint8_t)value;
    if (is_stream(socket))
        CONFIG_SET(ttl, uint8_t, ttl);
    else
        dgram_of(socket)->udp.ttl = ttl;
    return 0;
}

static int get_ttl(struct socket *socket)
{
    int own = is_stream(socket) ? config_of(socket)->ttl : dgram_of(socket)->udp.ttl;
    return own ? own : (int)socket->sockets->ip->sysctl->default_ttl;
}

enum {
    PMTUDISC_DONT,
    PMTUDISC_WANT,
    PMTUDISC_DO,
    PMTUDISC_PROBE,
    PMTUDISC_INTERFACE,
    PMTUDISC_OMIT
};

static uint8_t df_of(int discover)
{
    switch (discover) {
    case PMTUDISC_WANT:
        return IP_DF_WANT;
    case PMTUDISC_DO:
    case PMTUDISC_PROBE:
        return IP_DF_SET;
    default:
        return IP_DF_CLEAR;
    }
}

static int set_mtu_discover(struct socket *socket, int value)
{
    if (value < PMTUDISC_DONT || value > PMTUDISC_OMIT)
        return -EINVAL;
    socket->mtu_discover = (uint8_t)value;
    if (is_stream(socket))
        CONFIG_SET(no_pmtu_disc, bool, value != PMTUDISC_WANT && value != PMTUDISC_DO);
    else
        dgram_of(socket)->udp.df = df_of(value);
    return 0;
}

static int get_mtu_discover(struct socket *socket)
{
    return socket->mtu_discover;
}

static int get_mtu(struct socket *socket)
{
    struct socket_addr peer;
    struct ip_addr src;
    uint32_t mtu;

    if (socket_peer(socket, &peer) != 0 ||
        !ip_route_query(socket->sockets->ip, &peer.addr, &src, &mtu))
        return -ENOTCONN;
    return (int)mtu;
}

/* ---- The rows ------------------------------------------------------------------------------- */

#define BOTH    (SOCKET_STREAM | SOCKET_DGRAM)
#define INT     SOCKET_VALUE_INT
#define BOOL    SOCKET_VALUE_BOOL
#define STREAM  SOCKET_STREAM
#define SIZE    SOCKET_VALUE_SIZE
#define SECONDS SOCKET_VALUE_SECONDS
#define MS      SOCKET_VALUE_MS
#define US      SOCKET_VALUE_US

/* clang-format off */
const struct socket_option socket_options[] = {
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
    { "TCP_NODELAY", SOL_TCP_, 1, BOOL, STREAM, set_nodelay, get_nodelay,
      "small segments do not wait (no Nagle)" },
    { "TCP_MAXSEG", SOL_TCP_, 2, SIZE, STREAM, set_maxseg, get_maxseg,
      "bytes of the largest segment, from 88 to 32767" },
    { "TCP_CORK", SOL_TCP_, 3, BOOL, STREAM, set_cork, get_cork,
      "only full segments leave" },
    { "TCP_KEEPIDLE", SOL_TCP_, 4, SECONDS, STREAM, set_keepidle, get_keepidle,
      "seconds of silence before the first probe" },
    { "TCP_KEEPINTVL", SOL_TCP_, 5, SECONDS, STREAM, set_keepintvl, get_keepintvl,
      "seconds between probes" },
    { "TCP_KEEPCNT", SOL_TCP_, 6, INT, STREAM, set_keepcnt, get_keepcnt,
      "probes without an answer that end the connection" },
    { "TCP_SYNCNT", SOL_TCP_, 7, INT, STREAM, set_syncnt, get_syncnt,
      "retransmissions of a SYN" },
    { "TCP_LINGER2", SOL_TCP_, 8, SECONDS, STREAM, set_linger2, get_linger2,
      "seconds an orphan stays in FIN_WAIT2; -1: not at all" },
    { "TCP_DEFER_ACCEPT", SOL_TCP_, 9, SECONDS, STREAM, set_defer_accept, get_defer_accept,
      "seconds to wait for data before a connection can be accepted" },
    { "TCP_WINDOW_CLAMP", SOL_TCP_, 10, SIZE, STREAM, set_window_clamp, get_window_clamp,
      "bytes of the largest window to offer" },
    { "TCP_INFO", SOL_TCP_, 11, SOCKET_VALUE_TCP_INFO, STREAM, NULL, NULL,
      "everything about the connection: struct tcp_info" },
    { "TCP_QUICKACK", SOL_TCP_, 12, BOOL, STREAM, set_quickack, get_quickack,
      "acknowledge at once, for a while" },
    { "TCP_CONGESTION", SOL_TCP_, 13, SOCKET_VALUE_NAME, STREAM, NULL, NULL,
      "the congestion control" },
    { "TCP_THIN_LINEAR_TIMEOUTS", SOL_TCP_, 16, BOOL, STREAM, set_thin_lto, get_thin_lto,
      "with fewer than four packets in flight time-outs are not doubled, six times" },
    { "TCP_THIN_DUPACK", SOL_TCP_, 17, BOOL, STREAM, set_thin_dupack, get_thin_dupack,
      "changes nothing, as in Linux since RACK" },
    { "TCP_USER_TIMEOUT", SOL_TCP_, 18, MS, STREAM, set_user_timeout, get_user_timeout,
      "milliseconds that data may stay unacknowledged" },
    { "TCP_FASTOPEN", SOL_TCP_, 23, INT, STREAM, set_fastopen, get_fastopen,
      "connections opened with data that may wait for the end of their handshake" },
    { "TCP_NOTSENT_LOWAT", SOL_TCP_, 25, SIZE, STREAM, set_notsent_lowat, get_notsent_lowat,
      "bytes not sent yet above which it is not writable" },
    { "TCP_FASTOPEN_CONNECT", SOL_TCP_, 30, BOOL, STREAM, set_fastopen_connect,
      get_fastopen_connect, "connect sends nothing yet: the SYN goes with the first data" },
    { "TCP_CC_INFO", SOL_TCP_, 26, SOCKET_VALUE_BYTES, STREAM, NULL, NULL,
      "what the congestion control tells of itself: Linux's union tcp_cc_info" },
    { "TCP_FASTOPEN_KEY", SOL_TCP_, 33, SOCKET_VALUE_BYTES, STREAM, NULL, NULL,
      "16 bytes that cookies are made with, or 32: also the key before" },
    { "TCP_RTO_MAX_MS", SOL_TCP_, 44, MS, STREAM, set_rto_max, get_rto_max,
      "milliseconds of the longest time-out, from 1000 to 120000" },
    { "TCP_RTO_MIN_US", SOL_TCP_, 45, US, STREAM, set_rto_min, get_rto_min,
      "microseconds of the shortest time-out beyond the round trip, from 2000 to 200000" },
    { "TCP_DELACK_MAX_US", SOL_TCP_, 46, US, STREAM, set_delack_max, get_delack_max,
      "microseconds that an ACK waits at most, from 2000 to 200000" },
    { "IP_TOS", SOL_IP_, 1, INT, BOTH, set_tos, get_tos, "DSCP and ECN of its packets" },
    { "IP_TTL", SOL_IP_, 2, INT, BOTH, set_ttl, get_ttl, "their time to live; -1: the sysctl" },
    { "IP_MTU_DISCOVER", SOL_IP_, 10, INT, BOTH, set_mtu_discover, get_mtu_discover,
      "0 don't, 1 want, 2 do, 3 probe, 4 interface, 5 omit" },
    { "IP_RECVERR", SOL_IP_, 11, BOOL, BOTH, set_recverr, get_recverr,
      "ICMP errors are told at once, also those that are not final, and without a peer" },
    { "IP_MTU", SOL_IP_, 14, INT, BOTH, NULL, get_mtu, "the path MTU to the peer" },
    { "IP_BIND_ADDRESS_NO_PORT", SOL_IP_, 24, BOOL, STREAM, stream_set_bind_no_port,
      stream_get_bind_no_port, "bind without a port leaves its choice to connect" },
    { "IP_MULTICAST_IF", SOL_IP_, 32, SOCKET_VALUE_IFACE, SOCKET_DGRAM, NULL, NULL,
      "the interface by which multicasts leave; \"0.0.0.0\": by the routes" },
    { "IP_MULTICAST_TTL", SOL_IP_, 33, INT, SOCKET_DGRAM, multicast_set_ttl, multicast_get_ttl,
      "time to live of multicasts; 0: they stay on the host" },
    { "IP_MULTICAST_LOOP", SOL_IP_, 34, BOOL, SOCKET_DGRAM, multicast_set_loop,
      multicast_get_loop, "members on this host get its multicasts, too" },
    { "IP_ADD_MEMBERSHIP", SOL_IP_, 35, SOCKET_VALUE_GROUP, SOCKET_DGRAM, NULL, NULL,
      "joins a multicast group" },
    { "IP_DROP_MEMBERSHIP", SOL_IP_, 36, SOCKET_VALUE_GROUP, SOCKET_DGRAM, NULL, NULL,
      "leaves it, as closing the socket does" },
    { "IP_LOCAL_PORT_RANGE", SOL_IP_, 51, SOCKET_VALUE_PORTS, STREAM, stream_set_port_range,
      stream_get_port_range, "ephemeral ports, { first, last }; read as the first, plus 65536 times the last" },
    { .name = NULL },
};
/* clang-format on */

const struct socket_option *socket_option_named(const char *name)
{
    for (const struct socket_option *o = socket_options; o->name; o++)
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

const struct socket_option *socket_option_numbered(int level, int number)
{
    for (const struct socket_option *o = socket_options; o->name; o++)
        if (o->level == level && o->number == number)
            return o;
    return NULL;
}

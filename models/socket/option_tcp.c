/* Options of IPPROTO_TCP, as Linux's do_tcp_setsockopt and do_tcp_getsockopt have them.  Most are a
 * number of struct tcp_config in a range, which is all there is to say of them. */
#include <glib.h>

#include "models/socket/option.h"
#include "protocols/tcp/sysctl.h"

enum { FIN_TIMEOUT_MAX = 120 };   /* seconds */
enum { WINDOW_CLAMP_MIN = 1152 }; /* half of SOCK_MIN_RCVBUF */

static bool is_idle(const struct socket *socket)
{
    enum tcp_state state = socket_state(socket);
    return state == TCP_CLOSED || state == TCP_LISTEN;
}

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
    uint16_t own = option_config(socket)->mss;

    if (!socket_conn(socket) || (is_idle(socket) && own))
        return own ? own : 536;
    tcp_info_get(socket_conn(socket), &info);
    return (int)info.mss;
}

static int set_linger2(struct socket *socket, int value)
{
    CONFIG_SET(linger2, int16_t, value < 0 ? -1 : MIN(value, FIN_TIMEOUT_MAX));
    return 0;
}

static int get_linger2(struct socket *socket)
{
    int own = option_config(socket)->linger2;
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
    return seconds_of(option_config(socket)->defer_accept, rto_max_s(socket));
}

static int set_window_clamp(struct socket *socket, int value)
{
    if (value == 0 && socket_state(socket) != TCP_CLOSED)
        return -EINVAL;
    CONFIG_SET(window_clamp, uint32_t, value ? MAX(value, WINDOW_CLAMP_MIN) : 0);
    return 0;
}

static int get_window_clamp(struct socket *socket)
{
    struct tcp_info info;

    if (!socket_conn(socket))
        return (int)option_config(socket)->window_clamp;
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

static int set_fastopen(struct socket *socket, int value)
{
    if (value < 0 || !is_idle(socket))
        return -EINVAL;
    CONFIG_SET(fastopen, uint32_t, MIN((uint32_t)value, socket->sockets->tcp->sysctl->somaxconn));
    return 0;
}

static int set_fastopen_no_cookie(struct socket *socket, int value)
{
    if (value < 0 || value > 1 || !is_idle(socket))
        return -EINVAL;
    CONFIG_SET(fastopen_no_cookie, bool, value);
    return 0;
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
    option_wake_writer(socket);
    return 0;
}

/* Rounded up to ms, from the least time that a timer takes, two jiffies, to 200 ms; else refused.
 */
static int set_short_time(struct socket *socket, int us, struct tcp_config *config,
                          uint16_t *member)
{
    int ms = us / 1000 + (us % 1000 > 0);

    if (us <= 0 || ms < 2 || ms > 200)
        return -EINVAL;
    *member = (uint16_t)ms;
    stream_configure(stream_of(socket), config);
    return 0;
}

static int set_rto_min(struct socket *socket, int value)
{
    struct tcp_config config = *option_config(socket);

    return set_short_time(socket, value, &config, &config.rto_min_ms);
}

static int get_rto_min(struct socket *socket)
{
    uint32_t own = option_config(socket)->rto_min_ms;
    return (int)(own ? own * 1000 : socket->sockets->tcp->sysctl->rto_min_us);
}

static int set_delack_max(struct socket *socket, int value)
{
    struct tcp_config config = *option_config(socket);

    return set_short_time(socket, value, &config, &config.delack_max_ms);
}

static int get_delack_max(struct socket *socket)
{
    uint32_t own = option_config(socket)->delack_max_ms;
    return (int)(own ? own : 200) * 1000;
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

/* clang-format off */
const struct socket_option socket_options_tcp[] = {
    { "TCP_NODELAY", SOL_TCP_, 1, BOOL, STREAM, NULL, NULL,
      "small segments do not wait (no Nagle)",
      MEMBER(nodelay, INT_MIN, INT_MAX) },
    { "TCP_MAXSEG", SOL_TCP_, 2, SIZE, STREAM, set_maxseg, get_maxseg,
      "bytes of the largest segment, from 88 to 32767" },
    { "TCP_CORK", SOL_TCP_, 3, BOOL, STREAM, NULL, NULL,
      "only full segments leave",
      MEMBER(cork, INT_MIN, INT_MAX) },
    { "TCP_KEEPIDLE", SOL_TCP_, 4, SECONDS, STREAM, NULL, NULL,
      "seconds of silence before the first probe",
      MEMBER_OR(keepidle, 1, 32767, keepalive_time) },
    { "TCP_KEEPINTVL", SOL_TCP_, 5, SECONDS, STREAM, NULL, NULL,
      "seconds between probes",
      MEMBER_OR(keepintvl, 1, 32767, keepalive_intvl) },
    { "TCP_KEEPCNT", SOL_TCP_, 6, INT, STREAM, NULL, NULL,
      "probes without an answer that end the connection",
      MEMBER_OR(keepcnt, 1, 127, keepalive_probes) },
    { "TCP_SYNCNT", SOL_TCP_, 7, INT, STREAM, NULL, NULL,
      "retransmissions of a SYN",
      MEMBER_OR(syncnt, 1, 127, syn_retries) },
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
    { "TCP_THIN_LINEAR_TIMEOUTS", SOL_TCP_, 16, BOOL, STREAM, NULL, NULL,
      "with fewer than four packets in flight time-outs are not doubled, six times",
      MEMBER(thin_lto, 0, 1) },
    { "TCP_THIN_DUPACK", SOL_TCP_, 17, BOOL, STREAM, set_thin_dupack, get_thin_dupack,
      "changes nothing, as in Linux since RACK" },
    { "TCP_USER_TIMEOUT", SOL_TCP_, 18, MS, STREAM, NULL, NULL,
      "milliseconds that data may stay unacknowledged",
      MEMBER(user_timeout_ms, 0, INT_MAX) },
    { "TCP_FASTOPEN", SOL_TCP_, 23, INT, STREAM, set_fastopen, NULL,
      "connections opened with data that may wait for the end of their handshake",
      MEMBER(fastopen, 0, INT_MAX) },
    { "TCP_NOTSENT_LOWAT", SOL_TCP_, 25, SIZE, STREAM, set_notsent_lowat, NULL,
      "bytes not sent yet above which it is not writable",
      MEMBER(notsent_lowat, 0, INT_MAX) },
    { "TCP_FASTOPEN_CONNECT", SOL_TCP_, 30, BOOL, STREAM, set_fastopen_connect,
      get_fastopen_connect, "connect sends nothing yet: the SYN goes with the first data" },
    { "TCP_CC_INFO", SOL_TCP_, 26, SOCKET_VALUE_BYTES, STREAM, NULL, NULL,
      "what the congestion control tells of itself: Linux's union tcp_cc_info" },
    { "TCP_FASTOPEN_KEY", SOL_TCP_, 33, SOCKET_VALUE_BYTES, STREAM, NULL, NULL,
      "16 bytes that cookies are made with, or 32: also the key before" },
    { "TCP_FASTOPEN_NO_COOKIE", SOL_TCP_, 34, BOOL, STREAM, set_fastopen_no_cookie, NULL,
      "data goes with a SYN, or is taken from one, without a cookie",
      MEMBER(fastopen_no_cookie, 0, 1) },
    { "TCP_RTO_MAX_MS", SOL_TCP_, 44, MS, STREAM, NULL, NULL,
      "milliseconds of the longest time-out, from 1000 to 120000",
      MEMBER_OR(rto_max_ms, 1000, 120000, rto_max_ms) },
    { "TCP_RTO_MIN_US", SOL_TCP_, 45, US, STREAM, set_rto_min, get_rto_min,
      "microseconds of the shortest time-out beyond the round trip, from 2000 to 200000" },
    { "TCP_DELACK_MAX_US", SOL_TCP_, 46, US, STREAM, set_delack_max, get_delack_max,
      "microseconds that an ACK waits at most, from 2000 to 200000" },
    { .name = NULL },
};
/* clang-format on */

/* The send buffer: how large it is, and whether there is room in it for more. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/sending.h"

/* ---- Its size ------------------------------------------------------------------------------- */

/* What Linux allocates around the data of one MSS.  Room for headers (MAX_TCP_HEADER) depends on
 * how a kernel was configured: 192 bytes as here, and in PACKET_OVERHEAD, without tunnels and
 * wireless; 320 with both, where an MSS of 1,460 bytes takes the next power of two and a send
 * buffer begins with 87,040 bytes instead of 46,080. */
enum { HEADER_ROOM = 192, SHARED_INFO = 320, SK_BUFF = 256 };

void tcp_sndbuf_expand(struct tcp_conn *conn)
{
    /* As Linux: twice the window, or more, in sk_buffs of one MSS each, with their overhead. */
    uint32_t mss = max_u32(conn->opt.mss_clamp, conn->mss_cache), per_mss = 1;
    uint32_t segs = max_u32(max_u32(TCP_INIT_CWND, conn->cc.cwnd), conn->reordering + 1);

    while (per_mss < mss + HEADER_ROOM + SHARED_INFO)
        per_mss *= 2;
    uint32_t factor = conn->cc.ops->sndbuf_factor ? conn->cc.ops->sndbuf_factor : 2;
    uint64_t wanted = factor * (uint64_t)segs * (per_mss + SK_BUFF);
    uint32_t most = conn->entry.stack->sysctl->wmem[2];
    if (wanted > conn->sndbuf)
        conn->sndbuf = wanted < most ? (uint32_t)wanted : max_u32(most, conn->sndbuf);
}

/* ---- Room ----------------------------------------------------------------------------------- */

static uint32_t notsent_lowat(const struct tcp_conn *conn)
{
    return tcp_or(conn->config->notsent_lowat, conn->entry.stack->sysctl->notsent_lowat);
}

bool tcp_sndbuf_admits(const struct tcp_conn *conn)
{
    return conn->write_queued < conn->sndbuf &&
           conn->write_seq - conn->snd_nxt < notsent_lowat(conn);
}

bool tcp_has_room(const struct tcp_conn *conn)
{
    return conn->write_queued < conn->sndbuf &&
           conn->sndbuf - conn->write_queued >= conn->write_queued >> 1 &&
           (conn->write_seq - conn->snd_nxt) << 1 < notsent_lowat(conn);
}

void tcp_write_space(struct tcp_conn *conn)
{
    if (!tcp_has_room(conn))
        return;
    conn->sndbuf_full = false;
    conn->notify |= NOTIFY_WRITABLE;
    if (conn->limit == TCP_LIMIT_SNDBUF)
        tcp_limit_set(conn, TCP_LIMIT_APP);
}

void tcp_check_space(struct tcp_conn *conn)
{
    if (!conn->sndbuf_locked && !tcp_under_pressure(conn) && tcp_mem_plenty(conn) &&
        tcp_inflight(conn) < conn->cc.cwnd) {
        tcp_sndbuf_expand(conn);
        conn->cwnd_stamp_ms = tcp_now_ms(conn);
    }
    tcp_write_space(conn);
}

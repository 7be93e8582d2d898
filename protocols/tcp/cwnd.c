/* The congestion window that is not used: how it is found out, and how the window decays (RFC 7661
 * in spirit: a window that was not used says nothing about the network). */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/sending.h"

/* For a time-out less was sent than the window allows: it goes half the way to what was used. */
static void application_limited(struct tcp_conn *conn)
{
    if (conn->cc.state == CC_OPEN && !conn->sndbuf_full) {
        uint32_t used = max_u32(conn->cwnd_used, tcp_initial_cwnd(conn));
        if (used < conn->cc.cwnd) {
            conn->cc.ssthresh = tcp_current_ssthresh(conn);
            conn->cc.cwnd = (conn->cc.cwnd + used) >> 1;
        }
        conn->cwnd_used = 0;
    }
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
}

void tcp_cwnd_validate(struct tcp_conn *conn, bool cwnd_limited)
{
    uint32_t now = tcp_now_ms(conn);

    if (!before(conn->snd_una, conn->cwnd_usage_seq) || cwnd_limited ||
        (!conn->cc.cwnd_limited && conn->packets_out > conn->cc.max_inflight)) {
        conn->cc.cwnd_limited = cwnd_limited;
        conn->cc.max_inflight = conn->packets_out;
        conn->cwnd_usage_seq = conn->snd_nxt;
    }
    if (cc_window_limited(&conn->cc)) {
        conn->cwnd_used = 0;
        conn->cwnd_stamp_ms = now;
        return;
    }
    conn->cwnd_used = max_u32(conn->cwnd_used, conn->packets_out);
    if (conn->entry.stack->sysctl->slow_start_after_idle &&
        now - conn->cwnd_stamp_ms >= conn->rto_us / 1000 && !conn->cc.ops->control)
        application_limited(conn);
    if (!tcp_send_head(conn) && conn->sndbuf_full)
        tcp_limit_set(conn, TCP_LIMIT_SNDBUF);
}

/* The window fell out of use: after idling longer than a time-out, halve it for each time-out
 * that passed, down to the initial one (RFC 5681 4.1). */
static void restart(struct tcp_conn *conn, uint32_t idle_ms)
{
    uint32_t least = min_u32(tcp_initial_cwnd(conn), conn->cc.cwnd), cwnd = conn->cc.cwnd;
    int64_t left = idle_ms, rto_ms = max_u32(conn->rto_us / 1000, 1);

    tcp_cc_event(conn, CC_CWND_RESTART);
    conn->cc.ssthresh = tcp_current_ssthresh(conn);
    while ((left -= rto_ms) > 0 && cwnd > least)
        cwnd >>= 1;
    conn->cc.cwnd = max_u32(cwnd, least);
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
    conn->cwnd_used = 0;
}

void tcp_slow_start_after_idle(struct tcp_conn *conn)
{
    uint32_t idle = tcp_now_ms(conn) - conn->lsndtime_ms;

    if (conn->entry.stack->sysctl->slow_start_after_idle && conn->packets_out == 0 &&
        !conn->cc.ops->control && idle > conn->rto_us / 1000)
        restart(conn, idle);
}

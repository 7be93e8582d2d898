/* Probing a closed window (RFC 9293 3.8.6.1): data waits, nothing is in flight, and no ACK will
 * come by itself.  The probe is what the window has room for, else a number acknowledged long ago,
 * to which a receiver must answer; keepalive asks in the same way. */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

/* ---- When ----------------------------------------------------------------------------------- */

static uint32_t probe_base_us(const struct tcp_conn *conn)
{
    return max_u32(conn->rto_us, 200000);
}

/* Of a time, not beyond what TCP_USER_TIMEOUT leaves to probes that nobody answers. */
static uint64_t until_user_timeout_us(const struct tcp_conn *conn, uint64_t when)
{
    uint32_t limit = conn->config->user_timeout_ms;
    uint32_t since = tcp_trouble_seen(conn)->probes_stamp_ms;

    if (!limit || !since)
        return when;
    uint32_t elapsed = tcp_now_ms(conn) - since;
    uint64_t left = elapsed < limit ? (uint64_t)(limit - elapsed) * 1000 : 0;
    if (left < when)
        when = left > TCP_TIMEOUT_MIN_US ? left : TCP_TIMEOUT_MIN_US;
    return when;
}

static uint64_t when_us(const struct tcp_conn *conn)
{
    uint64_t most = tcp_rto_max_us(conn);
    uint64_t when = (uint64_t)probe_base_us(conn) << (conn->backoff < 10 ? conn->backoff : 10);

    return until_user_timeout_us(conn, when < most ? when : most);
}

void tcp_check_probe_timer(struct tcp_conn *conn)
{
    if (conn->packets_out == 0 && conn->pending == TCP_PENDING_NONE)
        tcp_reset_rtx_timer(conn, TCP_PENDING_PROBE0, probe_base_us(conn));
}

void tcp_ack_probe(struct tcp_conn *conn, const struct tcp_seg *head)
{
    if (after(head->end_seq, tcp_wnd_end(conn))) {
        tcp_reset_rtx_timer(conn, TCP_PENDING_PROBE0, when_us(conn));
        return;
    }
    conn->backoff = 0;
    tcp_trouble(conn)->probes_stamp_ms = 0;
    tcp_stop_rtx_timer(conn);
}

/* ---- The probe ------------------------------------------------------------------------------ */

/* Sends as much of the first waiting segment as the window admits, at least the question. */
static int send_head_now(struct tcp_conn *conn, struct tcp_seg *head)
{
    uint32_t mss = tcp_current_mss(conn), room = tcp_wnd_end(conn) - head->seq;

    if (before(conn->pushed_seq, head->end_seq))
        conn->pushed_seq = head->end_seq;
    if (room < head->end_seq - head->seq || tcp_seg_length(head) > mss) {
        struct tcp_seg *rest = tcp_seg_split(conn, head, min_u32(room, mss), mss);
        list_insert_before(head->link.next, &rest->link);
    }
    tcp_seg_init_pcount(head, mss);
    head->flags |= TH_PSH;
    int error = tcp_send_new(conn, head);
    if (error)
        return error;
    if (conn->packets_out == head->pcount || conn->pending == TCP_PENDING_LOSS_PROBE)
        tcp_rearm_rto(conn);
    return 0;
}

int tcp_write_wakeup(struct tcp_conn *conn, uint64_t *counter)
{
    struct tcp_seg *head = tcp_send_head(conn);

    if (head && before(head->seq, tcp_wnd_end(conn)))
        return send_head_now(conn, head);
    if (tcp_urgent_probes(conn)) {
        ++*counter;
        tcp_send_probe_segment(conn, true);
    }
    ++*counter;
    return tcp_send_probe_segment(conn, false);
}

static void send_probe0(struct tcp_conn *conn)
{
    bool left = tcp_write_wakeup(conn, &conn->entry.stack->counters->TCPWinProbe) != XMIT_DROPPED;

    if (conn->packets_out || !tcp_send_head(conn)) { /* it went as data */
        conn->probes_out = 0;
        conn->backoff = 0;
        tcp_trouble(conn)->probes_stamp_ms = 0;
        return;
    }
    if (conn->probes_out < UINT8_MAX)
        conn->probes_out++;
    if (left && conn->backoff < conn->entry.stack->sysctl->retries2)
        conn->backoff++;
    /* What did not leave the host says nothing of the path: try again soon. */
    tcp_reset_rtx_timer(conn, TCP_PENDING_PROBE0,
                        left ? when_us(conn) : until_user_timeout_us(conn, TCP_RESOURCE_PROBE_US));
}

/* ---- The timer has expired ------------------------------------------------------------------ */

static bool probes_exhausted(struct tcp_conn *conn)
{
    uint32_t limit = conn->config->user_timeout_ms, most = conn->entry.stack->sysctl->retries2;
    uint32_t *since = &tcp_trouble(conn)->probes_stamp_ms;

    if (*since == 0)
        *since = tcp_now_ms(conn);
    else if (limit && tcp_now_ms(conn) - *since >= limit)
        return true;
    if (conn->orphan) {
        bool alive = when_us(conn) < tcp_rto_max_us(conn);
        most = tcp_orphan_retries(conn, alive);
        if (!alive && conn->backoff >= most)
            return true;
    }
    return conn->probes_out >= most;
}

void tcp_probe_timer(struct tcp_conn *conn)
{
    if (conn->packets_out || !tcp_send_head(conn)) {
        conn->probes_out = 0;
        tcp_trouble(conn)->probes_stamp_ms = 0;
        return;
    }
    if (probes_exhausted(conn))
        tcp_write_error(conn);
    else if (!conn->orphan || !tcp_orphan_given_up(conn, true))
        send_probe0(conn);
}

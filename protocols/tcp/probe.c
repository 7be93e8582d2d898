/* Probing: a closed window (RFC 9293 3.8.6.1), a silent peer. */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

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

int tcp_write_wakeup(struct tcp_conn *conn)
{
    struct tcp_seg *head = tcp_send_head(conn);

    if (head && before(head->seq, tcp_wnd_end(conn)))
        return send_head_now(conn, head);
    conn->entry.stack->counters->TCPWinProbe++;
    if (tcp_urgent_probes(conn))
        tcp_send_probe_segment(conn, true);
    return tcp_send_probe_segment(conn, false);
}

void tcp_send_probe0(struct tcp_conn *conn)
{
    bool left = tcp_write_wakeup(conn) != XMIT_DROPPED;

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
                        left ? tcp_probe0_when_us(conn)
                             : tcp_until_user_timeout_us(conn, TCP_RESOURCE_PROBE_US));
}

/* RACK-TLP (RFC 8985): losses by time instead of by counting.
 *
 * A segment is lost when another one that was sent later has been delivered, and so much time has
 * passed since it was sent that it cannot be merely reordered.  Segments in flight are kept in the
 * order of sending, so that the search ends at the first one that was sent late enough.  If nothing
 * is delivered any more, a probe at the tail makes the receiver speak before the RTO. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

enum { RECOVERY_THRESH = 16, RACK_STATIC_REO_WND = 2, RACK_NO_DUPTHRESH = 4 };

static bool sent_after(uint64_t t1, uint32_t seq1, uint64_t t2, uint32_t seq2)
{
    return t1 > t2 || (t1 == t2 && after(seq1, seq2));
}

void tcp_rack_advance(struct tcp_conn *conn, const struct tcp_seg *seg)
{
    uint32_t rtt_us = (uint32_t)(conn->mstamp - seg->sent_us);

    /* The ACK came too soon to be for the retransmission: it is for an earlier copy, which says
     * nothing about when (RFC 8985 6.2 step 2). */
    if (rtt_us < tcp_min_rtt(conn) && seg->sacked & (SEG_RETRANS | SEG_EVER_RETRANS))
        return;
    conn->rack.advanced = true;
    conn->rack.rtt_us = rtt_us;
    if (sent_after(seg->sent_us, seg->end_seq, conn->rack.mstamp, conn->rack.end_seq)) {
        conn->rack.mstamp = seg->sent_us;
        conn->rack.end_seq = seg->end_seq;
    }
}

/* How long a segment may be late, us (step 4): none at all while no reordering was seen and there
 * are duplicate ACKs enough; else a quarter of the least RTT for each step. */
static uint32_t reo_wnd(const struct tcp_conn *conn)
{
    if (!tcp_trouble_seen(conn)->reord_seen) {
        if (conn->cc.state >= CC_RECOVERY)
            return 0;
        if (conn->sacked_out >= conn->reordering &&
            !(conn->entry.stack->sysctl->recovery & RACK_NO_DUPTHRESH))
            return 0;
    }
    return min_u32((tcp_min_rtt(conn) >> 2) * conn->rack.reo_wnd_steps, conn->srtt_us >> 3);
}

/* Time until `seg` must be taken for lost, us. */
int64_t tcp_rack_timeout_us(const struct tcp_conn *conn, const struct tcp_seg *seg,
                            uint32_t window_us)
{
    return (int64_t)conn->rack.rtt_us + window_us - (int64_t)(conn->mstamp - seg->sent_us);
}

/* Marks what is lost; returns the time after which more may be, 0: nothing is in doubt. */
static uint32_t detect_loss(struct tcp_conn *conn)
{
    uint32_t window = reo_wnd(conn), timeout = 0;

    list_for_each_safe (it, next, &conn->sent_order) {
        struct tcp_seg *seg = container_of(it, struct tcp_seg, link);
        if (seg->sacked & SEG_LOST && !(seg->sacked & SEG_RETRANS))
            continue; /* will be sent again anyway */
        if (!sent_after(conn->rack.mstamp, conn->rack.end_seq, seg->sent_us, seg->end_seq))
            break;
        int64_t remaining = tcp_rack_timeout_us(conn, seg, window);
        if (remaining <= 0) {
            tcp_mark_lost(conn, seg);
            list_remove(&seg->link);
        } else {
            timeout = max_u32(timeout, (uint32_t)remaining);
        }
    }
    return timeout;
}

bool tcp_rack_mark_lost(struct tcp_conn *conn)
{
    if (!conn->rack.advanced)
        return false;
    conn->rack.advanced = false;
    uint32_t timeout = detect_loss(conn);
    if (timeout)
        tcp_reset_rtx_timer(conn, TCP_PENDING_REO, timeout + TCP_TIMEOUT_MIN_US);
    return timeout != 0;
}

void tcp_rack_reo_timeout(struct tcp_conn *conn)
{
    uint32_t inflight = tcp_inflight(conn), lost = conn->cc.lost;

    detect_loss(conn);
    tcp_observe_loss(conn, lost);
    if (inflight != tcp_inflight(conn)) {
        if (conn->cc.state != CC_RECOVERY) {
            tcp_enter_recovery(conn, false);
            if (!conn->cc.ops->control)
                tcp_cwnd_reduction(conn, 1, conn->cc.lost - lost, 0);
        }
        tcp_xmit_retransmit_queue(conn);
    }
    if (conn->pending != TCP_PENDING_RETRANS)
        tcp_rearm_rto(conn);
}

/* D-SACKs said that something had not been lost: wait longer, for some recoveries (step 4). */
void tcp_rack_update_reo_wnd(struct tcp_conn *conn, const struct tcp_ack_work *work)
{
    struct tcp_rack *rack = &conn->rack;

    if (conn->entry.stack->sysctl->recovery & RACK_STATIC_REO_WND || !work->rated)
        return;
    if (before(work->prior_delivered, rack->last_delivered))
        rack->dsack_seen = false; /* once a round trip */
    if (rack->dsack_seen) {
        if (rack->reo_wnd_steps < UINT8_MAX)
            rack->reo_wnd_steps++;
        rack->dsack_seen = false;
        rack->last_delivered = (uint32_t)conn->cc.delivered;
        rack->reo_wnd_persist = RECOVERY_THRESH;
    } else if (rack->reo_wnd_persist == 0) {
        rack->reo_wnd_steps = 1;
    }
}

void tcp_rack_persist_more(struct tcp_conn *conn)
{
    if (conn->rack.reo_wnd_persist < RECOVERY_THRESH)
        conn->rack.reo_wnd_persist++;
}

/* ---- Tail loss probe (RFC 8985 7) ----------------------------------------------------------- */

bool tcp_schedule_loss_probe(struct tcp_conn *conn, bool advancing_rto)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint64_t timeout = TCP_RTO_INIT_US;

    if (conn->fastopen || sysctl->early_retrans < 3 || conn->packets_out == 0 ||
        !conn->opt.sack_ok || (conn->cc.state != CC_OPEN && conn->cc.state != CC_CWR))
        return false;
    if (conn->srtt_us) {
        /* Two round trips; a lone segment may wait for a delayed ACK in addition. */
        timeout = conn->srtt_us >> 2;
        timeout += conn->packets_out == 1 ? tcp_rto_min_us(conn) : TCP_TIMEOUT_MIN_US;
    }
    int64_t rto = advancing_rto ? conn->rto_us : tcp_rto_delta_us(conn);
    if (rto > 0 && (uint64_t)rto < timeout)
        timeout = (uint64_t)rto;
    tcp_reset_rtx_timer(conn, TCP_PENDING_LOSS_PROBE, timeout);
    return true;
}

/* Sends the last segment again. */
static bool probe_with_tail(struct tcp_conn *conn, uint32_t mss)
{
    uint32_t tail = conn->rtxq.last - 1;
    struct tcp_seg *seg = rtxq_at(&conn->rtxq, tail);

    if (rtxq_empty(&conn->rtxq) || tcp_tsq_has(conn, seg))
        return false;
    if (seg->pcount > 1 && tcp_seg_length(seg) > (seg->pcount - 1u) * mss) {
        tcp_rtx_split(conn, tail, (seg->pcount - 1u) * mss, mss);
        tail++;
    }
    if (tcp_retransmit_uncounted(conn, tail, 1))
        return false;
    conn->tlp_retrans = true;
    return true;
}

void tcp_send_loss_probe(struct tcp_conn *conn)
{
    uint32_t mss = tcp_current_mss(conn), packets = conn->packets_out;
    bool sent = false;

    if (!conn->tlp_pending) { /* at most one probe at a time */
        struct tcp_seg *head = tcp_send_head(conn);
        conn->tlp_retrans = false;
        if (head && tcp_window_allows(conn, head, mss)) {
            tcp_write_xmit(conn, mss, NAGLE_OFF, PUSH_PROBE);
            sent = conn->packets_out > packets;
        } else {
            sent = probe_with_tail(conn, mss);
        }
    }
    if (sent) {
        conn->tlp_high_seq = conn->snd_nxt;
        conn->tlp_pending = true;
        conn->entry.stack->counters->TCPLossProbes++;
        conn->pending = TCP_PENDING_NONE; /* the RTO starts anew */
    }
    tcp_rearm_rto(conn);
}

/* An ACK arrived while a probe was outstanding: was there a loss that the probe repaired? */
void tcp_process_tlp_ack(struct tcp_conn *conn, uint32_t ack, uint32_t flags)
{
    if (before(ack, conn->tlp_high_seq))
        return;
    if (!conn->tlp_retrans || flags & ACKF_DSACK_TLP) {
        conn->tlp_pending = false; /* new data, or both copies arrived */
    } else if (after(ack, conn->tlp_high_seq)) {
        /* No D-SACK: the original had been lost, which owes a reduction of the window. */
        tcp_init_cwnd_reduction(conn);
        tcp_set_ca_state(conn, CC_CWR);
        tcp_end_cwnd_reduction(conn);
        tcp_try_keep_open(conn);
        conn->entry.stack->counters->TCPLossProbeRecovery++;
    } else if (!(flags & (ACKF_SND_UNA_ADVANCED | ACKF_NOT_DUP | ACKF_DATA_SACKED))) {
        conn->tlp_pending = false; /* a duplicate ACK: both copies arrived */
    }
}

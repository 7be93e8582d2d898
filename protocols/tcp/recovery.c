/* Loss recovery: the states Open, Disorder, CWR, Recovery and Loss, and what the window may be in
 * them (RFC 5681, 6675, 8985; the reduction is proportional, RFC 6937 and 9937).
 *
 *   Open      nothing unusual
 *   Disorder  there are SACKs or duplicate ACKs, but no loss so far
 *   CWR       the window goes down for a reason other than loss: a loss probe, local congestion
 *   Recovery  something is lost and retransmitted
 *   Loss      the retransmission timer expired
 *
 * CWR, Recovery and Loss end when everything is acknowledged that had been sent when they began
 * (high_seq), or when the reduction turns out to have been a mistake (undo.c). */
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

void tcp_set_ca_state(struct tcp_conn *conn, enum cc_state next)
{
    enum cc_state old = conn->cc.state;

    if (conn->cc.ops->set_state) {
        tcp_cc_sync(conn);
        conn->cc.ops->set_state(&conn->cc, next);
    }
    conn->cc.state = (uint8_t)next;
    if (conn->observers && old != next)
        tcp_observe_event(conn, TCP_EVENT_CA_STATE, old, next);
}

bool tcp_any_retrans_done(const struct tcp_conn *conn)
{
    return conn->retrans_out > 0 ||
           (!rtxq_empty(&conn->rtxq) && rtxq_head(&conn->rtxq)->sacked & SEG_EVER_RETRANS);
}

void tcp_try_keep_open(struct tcp_conn *conn)
{
    enum cc_state state = CC_OPEN;

    if (conn->sacked_out || conn->lost_out || tcp_any_retrans_done(conn))
        state = CC_DISORDER;
    if (conn->cc.state != state) {
        tcp_set_ca_state(conn, state);
        conn->high_seq = conn->snd_nxt;
    }
}

static void try_to_open(struct tcp_conn *conn, uint32_t flags)
{
    if (!tcp_any_retrans_done(conn))
        conn->retrans_stamp_ms = 0;
    if (flags & ACKF_ECE)
        tcp_enter_cwr(conn);
    if (conn->cc.state != CC_CWR)
        tcp_try_keep_open(conn);
}

/* ---- Proportional rate reduction ------------------------------------------------------------ */

uint32_t tcp_current_ssthresh(const struct tcp_conn *conn)
{
    if (tcp_in_cwnd_reduction(conn))
        return conn->cc.ssthresh;
    return max_u32(conn->cc.ssthresh, (conn->cc.cwnd >> 1) + (conn->cc.cwnd >> 2));
}

void tcp_init_cwnd_reduction(struct tcp_conn *conn)
{
    conn->high_seq = conn->snd_nxt;
    conn->tlp_high_seq = 0;
    conn->tlp_pending = false;
    conn->cc.cwnd_cnt = 0;
    conn->cc.prior_cwnd = conn->cc.cwnd;
    tcp_trouble(conn)->prr_delivered = tcp_trouble(conn)->prr_out = 0;
    conn->cc.ssthresh = tcp_cc_ssthresh(conn);
    tcp_ecn_queue_cwr(conn);
}

/* RFC 6937 3, with RFC 9937's heuristic: while more than ssthresh is in flight, send in proportion
 * to what is delivered; below it, slow start back up to it, more than one for one only while ACKs
 * advance without new loss. */
void tcp_cwnd_reduction(struct tcp_conn *conn, uint32_t acked_sacked, uint32_t lost, uint32_t flags)
{
    struct tcp_trouble *trouble = tcp_trouble(conn);
    uint32_t inflight = tcp_inflight(conn);
    int32_t delta = (int32_t)(conn->cc.ssthresh - inflight), count;

    if (acked_sacked == 0)
        return;
    assert(conn->cc.prior_cwnd > 0);
    trouble->prr_delivered += acked_sacked;
    if (delta < 0) {
        uint64_t scaled = (uint64_t)conn->cc.ssthresh * trouble->prr_delivered;
        scaled = (scaled + conn->cc.prior_cwnd - 1) / conn->cc.prior_cwnd;
        count = (int32_t)((uint32_t)scaled - trouble->prr_out);
    } else {
        count = (int32_t)(trouble->prr_delivered - trouble->prr_out);
        if (count < (int32_t)acked_sacked)
            count = (int32_t)acked_sacked;
        if (flags & ACKF_SND_UNA_ADVANCED && lost == 0)
            count++;
        if (count > delta)
            count = delta;
    }
    if (trouble->prr_out == 0 && count < 1)
        count = 1; /* the fast retransmit itself */
    if (count < 0)
        count = 0;
    conn->cc.cwnd = inflight + (uint32_t)count;
}

void tcp_end_cwnd_reduction(struct tcp_conn *conn)
{
    if (conn->cc.ops->control)
        return;
    if (conn->cc.ssthresh < CC_INFINITE && (conn->cc.state == CC_CWR || conn->undo_marker)) {
        conn->cc.cwnd = conn->cc.ssthresh;
        conn->cwnd_stamp_ms = tcp_now_ms(conn);
    }
    tcp_cc_event(conn, CC_COMPLETE_CWR);
}

void tcp_enter_cwr(struct tcp_conn *conn)
{
    tcp_trouble(conn)->prior_ssthresh = 0;
    if (conn->cc.state < CC_CWR) {
        conn->undo_marker = 0;
        tcp_init_cwnd_reduction(conn);
        tcp_set_ca_state(conn, CC_CWR);
    }
}

void tcp_enter_recovery(struct tcp_conn *conn, bool ece)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    struct tcp_trouble *trouble = tcp_trouble(conn);

    if (!tcp_any_retrans_done(conn))
        conn->retrans_stamp_ms = 0;
    if (conn->opt.sack_ok)
        counters->TCPSackRecovery++;
    else
        counters->TCPRenoRecovery++;
    trouble->recoveries++;
    trouble->prior_ssthresh = 0;
    tcp_init_undo(conn);
    if (!tcp_in_cwnd_reduction(conn)) {
        if (!ece)
            trouble->prior_ssthresh = tcp_current_ssthresh(conn);
        tcp_init_cwnd_reduction(conn);
    }
    tcp_set_ca_state(conn, CC_RECOVERY);
}

/* ---- What is lost --------------------------------------------------------------------------- */

/* Without SACK, `reordering` duplicate ACKs, and in recovery each partial ACK, say that the oldest
 * segment is lost (RFC 6582 3.2). */
static void newreno_mark_lost(struct tcp_conn *conn, bool una_advanced)
{
    enum cc_state state = conn->cc.state;
    struct tcp_seg *head = rtxq_head(&conn->rtxq);

    if (!((state < CC_RECOVERY && conn->sacked_out >= conn->reordering) ||
          (state == CC_RECOVERY && una_advanced)) ||
        head->sacked & SEG_LOST)
        return;
    if (head->pcount > 1 && tcp_seg_length(head) > head->mss)
        tcp_rtx_split(conn, conn->rtxq.first, head->mss, head->mss);
    tcp_mark_lost(conn, head);
}

static void identify_loss(struct tcp_conn *conn, struct tcp_ack_work *work)
{
    uint32_t retrans = conn->retrans_out;

    if (rtxq_empty(&conn->rtxq))
        return;
    if (!conn->opt.sack_ok) {
        newreno_mark_lost(conn, (work->flags & ACKF_SND_UNA_ADVANCED) != 0);
        return;
    }
    if (tcp_rack_mark_lost(conn))
        work->flags &= ~(uint32_t)ACKF_SET_XMIT_TIMER; /* the reordering timer runs instead */
    if (retrans > conn->retrans_out)
        work->flags |= ACKF_LOST_RETRANS;
}

/* The receiver SACKed something and then acknowledged up to just before it without including it:
 * it threw it away (RFC 2018 8).  Wait a little, then treat it as a time-out. */
static bool check_reneging(struct tcp_conn *conn, struct tcp_ack_work *work)
{
    uint32_t both = ACKF_SACK_RENEGING | ACKF_SND_UNA_ADVANCED;

    if ((work->flags & both) != both)
        return false;
    tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, max_u32(conn->srtt_us >> 4, 10000));
    work->flags &= ~(uint32_t)ACKF_SET_XMIT_TIMER;
    return true;
}

/* ---- Losses that are no congestion ---------------------------------------------------------- */

/* What is marked lost goes again; the window stays as it is. */
void tcp_retransmit_without_congestion(struct tcp_conn *conn)
{
    if (conn->cc.state != CC_LOSS) {
        conn->high_seq = conn->snd_nxt;
        conn->cc.ssthresh = tcp_current_ssthresh(conn);
        tcp_trouble(conn)->prior_ssthresh = 0;
        conn->undo_marker = 0;
        tcp_set_ca_state(conn, CC_LOSS);
    }
    tcp_xmit_retransmit_queue(conn);
}

/* Segments that are too large now are lost, which is no sign of congestion. */
void tcp_simple_retransmit(struct tcp_conn *conn)
{
    uint32_t mss = tcp_current_mss(conn);

    /* A SYN with data was too large, not the data. */
    if (conn->entry.state == TCP_SYN_SENT && conn->extra && conn->extra->fastopen.syn_data)
        mss = 0;
    for (uint32_t at = conn->rtxq.first; at != conn->rtxq.last; at++) {
        struct tcp_seg *seg = rtxq_at(&conn->rtxq, at);
        uint32_t piece = seg->pcount > 1 ? seg->mss : tcp_seg_length(seg);
        if (piece > mss || mss == 0)
            tcp_mark_lost(conn, seg);
    }
    conn->retransmit_hint_set = false;
    if (conn->lost_out == 0)
        return;
    if (!conn->opt.sack_ok)
        tcp_limit_reno_sacked(conn);
    tcp_retransmit_without_congestion(conn);
}

/* ---- One dubious ACK ------------------------------------------------------------------------ */

/* Everything is acknowledged that was out when the state began.  True: stop here. */
static bool leave_state(struct tcp_conn *conn)
{
    if (conn->cc.state == CC_OPEN) {
        conn->retrans_stamp_ms = 0;
    } else if (before(conn->snd_una, conn->high_seq)) {
        return false;
    } else if (conn->cc.state == CC_CWR) {
        if (conn->snd_una != conn->high_seq) {
            tcp_end_cwnd_reduction(conn);
            tcp_set_ca_state(conn, CC_OPEN);
        }
    } else if (conn->cc.state == CC_RECOVERY) {
        if (!conn->opt.sack_ok)
            conn->sacked_out = 0;
        if (tcp_try_undo_recovery(conn))
            return true;
        tcp_end_cwnd_reduction(conn);
    }
    return false;
}

/* True: stop here. */
static bool in_recovery(struct tcp_conn *conn, uint32_t prior_una, uint32_t dupacks,
                        struct tcp_ack_work *work)
{
    if (!(work->flags & ACKF_SND_UNA_ADVANCED)) {
        if (!conn->opt.sack_ok)
            tcp_add_reno_sack(conn, dupacks, work);
    } else if (tcp_try_undo_partial(conn, prior_una)) {
        return true;
    }
    if (tcp_try_undo_dsack(conn))
        try_to_open(conn, work->flags);
    identify_loss(conn, work);
    if (conn->cc.state != CC_RECOVERY) {
        if (conn->lost_out == 0)
            return true;
        tcp_enter_recovery(conn, (work->flags & ACKF_ECE) != 0);
    }
    return false;
}

/* Open, Disorder, CWR.  True: stop here. */
static bool before_recovery(struct tcp_conn *conn, uint32_t dupacks, struct tcp_ack_work *work)
{
    if (!conn->opt.sack_ok) {
        if (work->flags & ACKF_SND_UNA_ADVANCED)
            conn->sacked_out = 0;
        tcp_add_reno_sack(conn, dupacks, work);
    }
    if (conn->cc.state <= CC_DISORDER)
        tcp_try_undo_dsack(conn);
    identify_loss(conn, work);
    if (conn->lost_out == 0) {
        try_to_open(conn, work->flags);
        return true;
    }
    if (conn->mtu_probing && tcp_mtuprobe_lost(conn))
        return true;
    tcp_enter_recovery(conn, (work->flags & ACKF_ECE) != 0);
    return false;
}

/* For TCP_INFO's total_rto_time. */
void tcp_loss_is_over(struct tcp_conn *conn)
{
    struct tcp_trouble *trouble = tcp_trouble(conn);

    if (trouble->rto_stamp_ms)
        trouble->rto_time_ms += tcp_now_ms(conn) - trouble->rto_stamp_ms;
    trouble->rto_stamp_ms = 0;
}

void tcp_fastretrans_alert(struct tcp_conn *conn, uint32_t prior_una, uint32_t dupacks,
                           struct tcp_ack_work *work)
{
    bool done;

    if (conn->packets_out == 0)
        conn->sacked_out = 0;
    if (work->flags & ACKF_ECE)
        tcp_trouble(conn)->prior_ssthresh = 0; /* a reduction for ECN is not undone */
    if (check_reneging(conn, work) || leave_state(conn))
        return;
    if (conn->cc.state == CC_RECOVERY) {
        done = in_recovery(conn, prior_una, dupacks, work);
    } else if (conn->cc.state == CC_LOSS) {
        tcp_process_loss(conn, dupacks, work);
        if (conn->cc.state != CC_LOSS)
            tcp_loss_is_over(conn);
        identify_loss(conn, work);
        if (!(conn->cc.state == CC_OPEN || work->flags & ACKF_LOST_RETRANS))
            return;
        done = before_recovery(conn, dupacks, work);
    } else {
        done = before_recovery(conn, dupacks, work);
    }
    if (!done)
        work->rexmit = REXMIT_LOST;
}

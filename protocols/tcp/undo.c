/* Time-outs, and second thoughts: entering Loss, telling a spurious time-out by F-RTO (RFC 5682,
 * the SACK-enhanced form), and undoing a reduction when it turns out that nothing was lost, by
 * timestamps (Eifel, RFC 3522, 4015) or by D-SACKs of everything retransmitted (RFC 3708). */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"

void tcp_init_undo(struct tcp_conn *conn)
{
    struct tcp_trouble *trouble = tcp_trouble(conn);

    conn->undo_marker = conn->snd_una ? conn->snd_una : 1; /* 0 says that there is none */
    /* What is in flight twice may be D-SACKed later. */
    trouble->undo_retrans = (int32_t)conn->retrans_out;
    if (conn->tlp_pending && conn->tlp_retrans)
        trouble->undo_retrans++;
    if (trouble->undo_retrans == 0)
        trouble->undo_retrans = -1; /* 0 would say: all of it was */
}

/* ---- Was it spurious? ----------------------------------------------------------------------- */

/* The timestamp echoed is of before `when_ms`. */
static bool echo_before(const struct tcp_conn *conn, uint32_t when_ms)
{
    return conn->opt.saw_tstamp && conn->opt.rcv_tsecr && before(conn->opt.rcv_tsecr, when_ms);
}

bool tcp_spurious_retrans(const struct tcp_conn *conn, const struct tcp_seg *seg)
{
    return seg->sacked & (SEG_RETRANS | SEG_EVER_RETRANS) &&
           echo_before(conn, (uint32_t)(seg->sent_us / 1000));
}

/* The ACK is for the original, which was late and not lost. */
static bool packet_delayed(const struct tcp_conn *conn)
{
    if (conn->retrans_stamp_ms)
        return echo_before(conn, conn->retrans_stamp_ms);
    /* Nothing was retransmitted so far, except where the stamp is cleared early. */
    if (!conn->opt.sack_ok && !before(conn->snd_una, conn->high_seq))
        return false;
    return conn->entry.state != TCP_SYN_SENT;
}

static bool may_undo(const struct tcp_conn *conn)
{
    return conn->undo_marker && (tcp_trouble_seen(conn)->undo_retrans == 0 || packet_delayed(conn));
}

/* ---- Undoing -------------------------------------------------------------------------------- */

static void unmark_lost(struct tcp_conn *conn)
{
    for (uint32_t at = conn->rtxq.first; at != conn->rtxq.last; at++)
        rtxq_at(&conn->rtxq, at)->sacked &= (uint8_t)~SEG_LOST;
    conn->lost_out = 0;
    conn->retransmit_hint_set = false;
}

static void undo_reduction(struct tcp_conn *conn, bool unmark)
{
    struct tcp_trouble *trouble = tcp_trouble(conn);

    if (unmark)
        unmark_lost(conn);
    if (trouble->prior_ssthresh) {
        tcp_cc_sync(conn);
        conn->cc.cwnd = conn->cc.ops->undo(&conn->cc);
        if (trouble->prior_ssthresh > conn->cc.ssthresh) {
            conn->cc.ssthresh = trouble->prior_ssthresh;
            tcp_ecn_withdraw_cwr(conn);
        }
    }
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
    conn->undo_marker = 0;
    conn->rack.advanced = true; /* look again at what may be lost */
    trouble->undos++;
    if (conn->observers)
        tcp_observe_event(conn, TCP_EVENT_UNDO, conn->cc.cwnd, conn->cc.ssthresh);
}

/* Without SACK the state stays until something above high_seq is acknowledged: duplicate ACKs that
 * the old retransmissions cause must not start a new recovery (RFC 6582 4.1). */
static bool reno_holds_state(struct tcp_conn *conn)
{
    if (conn->snd_una != conn->high_seq || conn->opt.sack_ok)
        return false;
    if (!tcp_any_retrans_done(conn))
        conn->retrans_stamp_ms = 0;
    return true;
}

bool tcp_try_undo_recovery(struct tcp_conn *conn)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (may_undo(conn)) {
        undo_reduction(conn, false);
        if (conn->cc.state == CC_LOSS)
            counters->TCPLossUndo++;
        else
            counters->TCPFullUndo++;
    } else if (conn->rack.reo_wnd_persist) {
        conn->rack.reo_wnd_persist--;
    }
    if (reno_holds_state(conn))
        return true;
    tcp_set_ca_state(conn, CC_OPEN);
    conn->is_sack_reneg = false;
    return false;
}

bool tcp_try_undo_dsack(struct tcp_conn *conn)
{
    if (conn->undo_marker == 0 || tcp_trouble_seen(conn)->undo_retrans != 0)
        return false;
    tcp_rack_persist_more(conn);
    conn->entry.stack->counters->TCPDSACKUndo++;
    undo_reduction(conn, false);
    return true;
}

/* A partial ACK in recovery for something delayed, not for a retransmission.  True: there are
 * retransmissions out, so only new data is sent, and nothing marked. */
bool tcp_try_undo_partial(struct tcp_conn *conn, uint32_t prior_una)
{
    if (conn->undo_marker == 0 || !packet_delayed(conn))
        return false;
    tcp_check_sack_reordering(conn, prior_una, true);
    if (conn->retrans_out)
        return true;
    if (!tcp_any_retrans_done(conn))
        conn->retrans_stamp_ms = 0;
    undo_reduction(conn, true);
    conn->entry.stack->counters->TCPPartialUndo++;
    tcp_try_keep_open(conn);
    return false;
}

static bool try_undo_loss(struct tcp_conn *conn, bool frto)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (!frto && !may_undo(conn))
        return false;
    undo_reduction(conn, true);
    counters->TCPLossUndo++;
    if (frto)
        counters->TCPSpuriousRTOs++;
    conn->retransmits = 0;
    if (reno_holds_state(conn))
        return true;
    if (frto || conn->opt.sack_ok) {
        tcp_set_ca_state(conn, CC_OPEN);
        conn->is_sack_reneg = false;
    }
    return true;
}

/* ---- Time-out ------------------------------------------------------------------------------- */

static void timeout_mark_lost(struct tcp_conn *conn)
{
    struct tcp_seg *head = rtxq_empty(&conn->rtxq) ? NULL : rtxq_head(&conn->rtxq);
    bool reneging = head && head->sacked & SEG_SACKED;

    if (reneging) {
        conn->entry.stack->counters->TCPSACKReneging++;
        conn->sacked_out = 0;
        conn->is_sack_reneg = true;
    } else if (!conn->opt.sack_ok) {
        conn->sacked_out = 0;
    }
    for (uint32_t at = conn->rtxq.first; at != conn->rtxq.last; at++) {
        struct tcp_seg *seg = rtxq_at(&conn->rtxq, at);
        if (reneging)
            seg->sacked &= (uint8_t)~SEG_SACKED;
        else if (seg != head && tcp_rack_timeout_us(conn, seg, 0) > 0)
            continue; /* sent too recently to be lost */
        tcp_mark_lost(conn, seg);
    }
    conn->retransmit_hint_set = false;
}

void tcp_enter_loss(struct tcp_conn *conn)
{
    bool fresh = conn->cc.state < CC_RECOVERY;
    uint32_t reordering = conn->entry.stack->sysctl->reordering, lost = conn->cc.lost;

    timeout_mark_lost(conn);
    tcp_observe_loss(conn, lost);
    /* Once for each window of data (RFC 5681 3.1). */
    if (conn->cc.state <= CC_DISORDER || !after(conn->high_seq, conn->snd_una) ||
        (conn->cc.state == CC_LOSS && conn->retransmits == 0)) {
        tcp_trouble(conn)->prior_ssthresh = tcp_current_ssthresh(conn);
        conn->cc.prior_cwnd = conn->cc.cwnd;
        conn->cc.ssthresh = tcp_cc_ssthresh(conn);
        tcp_cc_event(conn, CC_LOSS_TIMEOUT);
        tcp_init_undo(conn);
    }
    conn->cc.cwnd = tcp_inflight(conn) + 1;
    conn->cc.cwnd_cnt = 0;
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
    /* A time-out in spite of many duplicate ACKs: reordering was overestimated. */
    if (conn->cc.state <= CC_DISORDER && conn->sacked_out >= reordering)
        conn->reordering = min_u32(conn->reordering, reordering);
    tcp_set_ca_state(conn, CC_LOSS);
    conn->high_seq = conn->snd_nxt;
    conn->tlp_pending = false;
    tcp_ecn_queue_cwr(conn);
    conn->frto = conn->entry.stack->sysctl->frto && (fresh || conn->retransmits);
}

/* RFC 5682 3.1: did the ACKs after the time-out come from the originals?  True: decided. */
static bool frto_step(struct tcp_conn *conn, uint32_t dupacks, bool recovered,
                      struct tcp_ack_work *work)
{
    if (work->flags & ACKF_ORIG_SACK_ACKED && try_undo_loss(conn, true))
        return true; /* step 3.b */
    if (after(conn->snd_nxt, conn->high_seq)) {
        if (work->flags & ACKF_DATA_SACKED || dupacks)
            conn->frto = false; /* step 3.a: the loss was real */
    } else if (work->flags & ACKF_SND_UNA_ADVANCED && !recovered) {
        conn->high_seq = conn->snd_nxt;
        /* Step 2.b: try new data instead of the next retransmission. */
        if (tcp_send_head(conn) && after(tcp_wnd_end(conn), conn->snd_nxt)) {
            work->rexmit = REXMIT_NEW;
            return true;
        }
        conn->frto = false;
    }
    return false;
}

void tcp_process_loss(struct tcp_conn *conn, uint32_t dupacks, struct tcp_ack_work *work)
{
    bool recovered = !before(conn->snd_una, conn->high_seq);

    if (work->flags & ACKF_SND_UNA_ADVANCED && try_undo_loss(conn, false))
        return;
    if (conn->frto && frto_step(conn, dupacks, recovered, work))
        return;
    if (recovered) {
        tcp_try_undo_recovery(conn);
        return;
    }
    if (!conn->opt.sack_ok) {
        /* A duplicate ACK after F-RTO's new data says that it was delivered. */
        if (after(conn->snd_nxt, conn->high_seq) && dupacks)
            tcp_add_reno_sack(conn, dupacks, work);
        else if (work->flags & ACKF_SND_UNA_ADVANCED)
            conn->sacked_out = 0;
    }
    work->rexmit = REXMIT_LOST;
}

/* Sending again: splitting and joining segments of the queue, and walking the lost ones. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

/* ---- Splitting and joining ------------------------------------------------------------------ */

/* `decrease` packets fewer are in `seg` than had been counted. */
static void adjust_pcount(struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t decrease)
{
    conn->packets_out -= decrease;
    if (seg->sacked & SEG_SACKED)
        conn->sacked_out -= decrease;
    if (seg->sacked & SEG_RETRANS)
        conn->retrans_out -= decrease;
    if (seg->sacked & SEG_LOST)
        conn->lost_out -= decrease;
    if (!conn->opt.sack_ok && conn->sacked_out > 0 && (int32_t)decrease > 0)
        conn->sacked_out -= min_u32(conn->sacked_out, decrease);
}

static void recount(struct tcp_seg *seg, uint32_t mss)
{
    seg->pcount = 0;
    tcp_seg_init_pcount(seg, mss);
}

struct tcp_seg *tcp_seg_split(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t length,
                              uint32_t mss)
{
    struct tcp_seg *rest = tcp_seg_new(conn, seg->seq + length, seg->end_seq, seg->flags);
    uint32_t old = seg->pcount;
    bool counted = !before(conn->snd_nxt, seg->end_seq);

    tcp_seg_account(conn, -(int32_t)(seg->end_seq - rest->seq));
    rest->chunk = tcp_chunk_at(conn, seg->chunk, rest->seq);
    rest->sent_us = seg->sent_us;
    rest->first_tx_us = seg->first_tx_us;
    rest->delivered_us = seg->delivered_us;
    rest->delivered = seg->delivered;
    rest->tx_inflight = seg->tx_inflight;
    rest->lost = seg->lost;
    rest->sacked = seg->sacked;
    rest->sent_count = seg->sent_count;
    rest->bits = seg->bits;
    seg->end_seq = rest->seq;
    seg->bits &= (uint8_t)~SEGB_EOR;
    seg->flags &= (uint8_t) ~(TH_FIN | TH_PSH); /* they belong to the end */
    recount(seg, mss);
    recount(rest, mss);
    if (counted)
        adjust_pcount(conn, seg, old - seg->pcount - rest->pcount);
    return rest;
}

void tcp_rtx_split(struct tcp_conn *conn, uint32_t position, uint32_t length, uint32_t mss)
{
    struct tcp_seg *seg = rtxq_at(&conn->rtxq, position);
    struct tcp_seg *rest = tcp_seg_split(conn, seg, length, mss);

    rtxq_insert_after(&conn->rtxq, position, rest);
    if (!list_empty(&seg->link))
        list_insert_before(seg->link.next, &rest->link);
}

uint32_t tcp_trim_head(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t length)
{
    uint32_t old = seg->pcount;

    seg->chunk = tcp_chunk_at(conn, seg->chunk, seg->seq + length);
    seg->seq += length;
    tcp_seg_account(conn, -(int32_t)length);
    if (old > 1)
        recount(seg, seg->mss);
    return old - seg->pcount;
}

/* Joins small neighbours, and the FIN, to a segment that is about to be sent again, as far as
 * `space` goes. */
static void try_collapse(struct tcp_conn *conn, uint32_t position, uint32_t space)
{
    struct tcp_seg *seg = rtxq_at(&conn->rtxq, position);

    if (!conn->entry.stack->sysctl->retrans_collapse || seg->pcount > 1 || seg->flags & TH_SYN)
        return;
    space -= tcp_seg_length(seg);
    while (position + 1 != conn->rtxq.last) {
        struct tcp_seg *next = rtxq_at(&conn->rtxq, position + 1);
        if (seg->bits & SEGB_EOR || next->pcount > 1 || next->sacked & SEG_SACKED ||
            tcp_seg_length(next) > space || after(next->end_seq, tcp_wnd_end(conn)))
            return;
        space -= tcp_seg_length(next);
        tcp_seg_account(conn, (int32_t)(next->end_seq - next->seq));
        seg->end_seq = next->end_seq;
        seg->flags |= next->flags;
        seg->bits |= next->bits & SEGB_EOR;
        seg->sacked |= next->sacked & SEG_EVER_RETRANS;
        adjust_pcount(conn, next, next->pcount);
        rtxq_remove(&conn->rtxq, position + 1);
        tcp_seg_free(conn, next);
    }
}

/* ---- One segment ---------------------------------------------------------------------------- */

/* Brings the segment to a size that may be sent; false if the window forbids all of it. */
static bool fit(struct tcp_conn *conn, uint32_t position, uint32_t segs)
{
    struct tcp_seg *seg = rtxq_at(&conn->rtxq, position);
    uint32_t mss = tcp_current_mss(conn), old = seg->pcount;
    int32_t room = (int32_t)(tcp_wnd_end(conn) - seg->seq);

    if (room <= 0) {
        if (seg->seq != conn->snd_una)
            return false;
        room = (int32_t)mss; /* serves as a window probe */
    }
    uint32_t most = mss * segs;
    if (most > (uint32_t)room)
        most = (uint32_t)room >= mss ? (uint32_t)room / mss * mss : (uint32_t)room;
    if (tcp_seg_length(seg) > most) {
        tcp_rtx_split(conn, position, most, mss);
        return true;
    }
    recount(seg, mss);
    if (old != seg->pcount)
        adjust_pcount(conn, seg, old - seg->pcount);
    if (tcp_seg_length(seg) < min_u32((uint32_t)room, mss))
        try_collapse(conn, position, min_u32((uint32_t)room, mss));
    return true;
}

int tcp_retransmit_uncounted(struct tcp_conn *conn, uint32_t position, uint32_t segs)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    struct tcp_seg *seg = rtxq_at(&conn->rtxq, position);

    if (conn->mtu_probing)
        tcp_mtuprobe_inconclusive(conn);
    if (tcp_tsq_has(conn, seg))
        return EBUSY;
    if (before(seg->seq, conn->snd_una) && !(seg->flags & TH_SYN))
        adjust_pcount(conn, seg, tcp_trim_head(conn, seg, conn->snd_una - seg->seq));
    if (!(seg->flags & TH_SYN) && !fit(conn, position, segs))
        return EAGAIN;
    uint32_t length = tcp_seg_length(seg);
    counters->RetransSegs += seg->pcount;
    if (seg->flags & TH_SYN)
        counters->TCPSynRetrans++;
    tcp_trouble(conn)->total_retrans += seg->pcount;
    tcp_trouble(conn)->bytes_retrans += length;
    int error = tcp_transmit_seg(conn, seg);
    if (error)
        counters->TCPRetransFail += seg->pcount;
    else
        tcp_rate_sent(conn, seg);
    seg->sacked |= SEG_EVER_RETRANS;
    if (conn->observers)
        tcp_observe_event(conn, TCP_EVENT_RETRANSMIT, seg->seq, seg->pcount);
    return error;
}

int tcp_retransmit(struct tcp_conn *conn, uint32_t position, uint32_t segs)
{
    struct tcp_seg *seg = rtxq_at(&conn->rtxq, position);
    int error = tcp_retransmit_uncounted(conn, position, segs);

    if (error == 0) {
        /* An undo may have left a copy in the network; that one counts no more. */
        if (!(seg->sacked & SEG_RETRANS))
            conn->retrans_out += seg->pcount;
        seg->sacked |= SEG_RETRANS | SEG_EVER_RETRANS;
        list_remove(&seg->link);
        list_push_back(&conn->sent_order, &seg->link);
    }
    if (conn->retrans_stamp_ms == 0)
        conn->retrans_stamp_ms = tcp_now_ms(conn);
    struct tcp_trouble *trouble = tcp_trouble(conn);
    trouble->undo_retrans = (trouble->undo_retrans < 0 ? 0 : trouble->undo_retrans) + seg->pcount;
    return error;
}

/* ---- The lost ones -------------------------------------------------------------------------- */

/* Packets that may be retransmitted now. */
static uint32_t retransmit_quota(const struct tcp_conn *conn)
{
    uint32_t inflight = tcp_inflight(conn);
    return conn->cc.cwnd > inflight ? conn->cc.cwnd - inflight : 0;
}

void tcp_xmit_retransmit_queue(struct tcp_conn *conn)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    uint32_t max_segs = tcp_tso_segs(conn, tcp_current_mss(conn));
    struct tcp_trouble *trouble = tcp_trouble(conn);
    bool hole = false, rearm = false;

    if (conn->packets_out == 0)
        return;
    uint32_t at = conn->retransmit_hint_set ? rtxq_find(&conn->rtxq, trouble->retransmit_hint)
                                            : conn->rtxq.first;
    for (; at != conn->rtxq.last; at++) {
        struct tcp_seg *seg = rtxq_at(&conn->rtxq, at);
        uint32_t quota = retransmit_quota(conn);

        if (tcp_pacing_holds(conn))
            break;
        if (!hole) {
            trouble->retransmit_hint = seg->seq;
            conn->retransmit_hint_set = true;
        }
        if (quota == 0 || conn->retrans_out >= conn->lost_out)
            break;
        if (!(seg->sacked & SEG_LOST)) {
            hole = hole || !(seg->sacked & (SEG_RETRANS | SEG_SACKED));
            continue;
        }
        if (seg->sacked & (SEG_SACKED | SEG_RETRANS))
            continue;
        if (tcp_tsq_holds(conn, seg, true))
            break;
        if (tcp_retransmit(conn, at, min_u32(quota, max_segs)))
            break;
        if (conn->cc.state == CC_LOSS)
            counters->TCPSlowStartRetrans += seg->pcount;
        else
            counters->TCPFastRetrans += seg->pcount;
        if (tcp_paced(conn))
            tcp_pacing_sent(conn, tcp_seg_length(seg));
        if (tcp_in_cwnd_reduction(conn))
            trouble->prr_out += seg->pcount;
        if (at == conn->rtxq.first && conn->pending != TCP_PENDING_REO)
            rearm = true;
    }
    if (rearm)
        tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, conn->rto_us);
}

/* The queue is searched from the first lost one on. */
static void note_lost(struct tcp_conn *conn, const struct tcp_seg *seg)
{
    struct tcp_trouble *trouble = tcp_trouble(conn);

    if ((!conn->retransmit_hint_set && conn->retrans_out >= conn->lost_out) ||
        (conn->retransmit_hint_set && before(seg->seq, trouble->retransmit_hint))) {
        trouble->retransmit_hint = seg->seq;
        conn->retransmit_hint_set = true;
    }
}

void tcp_mark_lost(struct tcp_conn *conn, struct tcp_seg *seg)
{
    if (seg->sacked & SEG_SACKED)
        return;
    note_lost(conn, seg);
    if (seg->sacked & SEG_LOST) {
        if (!(seg->sacked & SEG_RETRANS))
            return;
        /* The retransmission was lost, too. */
        seg->sacked &= (uint8_t)~SEG_RETRANS;
        conn->retrans_out -= seg->pcount;
        conn->entry.stack->counters->TCPLostRetransmit += seg->pcount;
    } else {
        conn->lost_out += seg->pcount;
        seg->sacked |= SEG_LOST;
    }
    conn->cc.lost += seg->pcount;
    if (conn->cc.ops->lost)
        tcp_cc_lost(conn, seg);
}

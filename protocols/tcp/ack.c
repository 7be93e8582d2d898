/* Acknowledgements: what they free, what they measure, and whom they tell. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

void tcp_count_delivered(struct tcp_conn *conn, uint32_t packets, const struct tcp_ack_work *work)
{
    conn->cc.delivered += packets;
    if (work->flags & ACKF_ECE)
        conn->delivered_ce += packets;
}

/* ---- RFC 7323 ------------------------------------------------------------------------------- */

static void store_ts_recent(struct tcp_conn *conn)
{
    conn->opt.ts_recent = conn->opt.rcv_tsval;
    conn->opt.ts_recent_stamp = tcp_now_s(conn);
}

/* Keeps the peer's timestamp to echo, if this segment covers the next expected byte (4.3). */
static bool replace_ts_recent(struct tcp_conn *conn, uint32_t seq)
{
    /* The timestamp is not older than the one we have; a second of slack as Linux. */
    if (!conn->opt.saw_tstamp || after(seq, conn->rcv_wup) || !tcp_paws_check(conn, 0))
        return false;
    bool newer = conn->opt.rcv_tsval != conn->opt.ts_recent;
    store_ts_recent(conn);
    return newer;
}

/* ---- Windows -------------------------------------------------------------------------------- */

static void una_update(struct tcp_conn *conn, uint32_t ack)
{
    conn->snd_una = ack;
    if (conn->urgent_out)
        tcp_urgent_acked(conn);
}

/* RFC 9293 3.10.7.4: the window of the newest segment counts. */
static bool may_update_window(const struct tcp_conn *conn, uint32_t ack, uint32_t seq,
                              uint32_t window)
{
    return after(ack, conn->snd_una) || after(seq, conn->snd_wl1) ||
           (seq == conn->snd_wl1 && (window > conn->snd_wnd || window == 0));
}

static uint32_t update_window(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t window = rx->window, flag = 0;

    if (!(rx->flags & TH_SYN))
        window <<= conn->opt.snd_wscale;
    if (may_update_window(conn, rx->ack, rx->seq, window)) {
        flag = ACKF_WIN_UPDATE;
        conn->snd_wl1 = rx->seq;
        if (conn->snd_wnd != window) {
            conn->snd_wnd = window;
            conn->unpredicted = true;
            tcp_fast_path_check(conn);
            if (tcp_send_head(conn))
                tcp_slow_start_after_idle(conn);
            if (window > conn->max_window) {
                conn->max_window = window;
                tcp_sync_mss(conn, conn->pmtu);
            }
        }
    }
    una_update(conn, rx->ack);
    return flag;
}

/* ---- Taking acknowledged segments off ------------------------------------------------------- */

struct cleaning {
    uint32_t acked, reord, prior_sacked, prior_una;
    uint64_t first_ackt, last_ackt; /* us; 0: none */
    bool last_whole;                /* the last segment was acknowledged wholly */
};

/* Packets of the oldest segment that the ACK covers; 0: none. */
static uint32_t covered(struct tcp_conn *conn, struct tcp_seg *seg, struct cleaning *c)
{
    uint32_t old = seg->pcount;

    c->last_whole = !after(seg->end_seq, conn->snd_una);
    if (c->last_whole)
        return old;
    if (old == 1 || !after(conn->snd_una, seg->seq))
        return 0;
    return tcp_trim_head(conn, seg, conn->snd_una - seg->seq);
}

/* It had been SACKed, lost or sent again. */
static void clean_tagged(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t packets,
                         struct tcp_ack_work *work)
{
    if (seg->sacked & SEG_RETRANS)
        conn->retrans_out -= packets;
    if (seg->sacked & (SEG_RETRANS | SEG_EVER_RETRANS))
        work->flags |= ACKF_RETRANS_DATA_ACKED;
    if (seg->sacked & SEG_SACKED)
        conn->sacked_out -= packets;
    if (seg->sacked & SEG_LOST)
        conn->lost_out -= packets;
}

/* Its sending is known, so that it measures the round trip. */
static void clean_untouched(struct tcp_conn *conn, struct tcp_seg *seg, struct cleaning *c,
                            struct tcp_ack_work *work)
{
    c->last_ackt = seg->sent_us;
    if (c->first_ackt == 0)
        c->first_ackt = c->last_ackt;
    if (before(seg->seq, c->reord))
        c->reord = seg->seq;
    if (!after(seg->end_seq, conn->high_seq))
        work->flags |= ACKF_ORIG_SACK_ACKED;
}

static void clean_one(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t packets,
                      struct cleaning *c, struct tcp_ack_work *work)
{
    if (seg->sacked)
        clean_tagged(conn, seg, packets, work);
    if (!(seg->sacked & (SEG_RETRANS | SEG_EVER_RETRANS | SEG_SACKED)))
        clean_untouched(conn, seg, c, work);
    if (!(seg->sacked & SEG_SACKED))
        work->delivered_bytes += packets * seg->mss;
    if (!(seg->sacked & SEG_SACKED) && conn->opt.sack_ok) {
        tcp_count_delivered(conn, packets, work);
        if (!seg->sacked || !tcp_spurious_retrans(conn, seg))
            tcp_rack_advance(conn, seg);
    }
}

static void clean_segments(struct tcp_conn *conn, struct cleaning *c, struct tcp_ack_work *work)
{
    while (!rtxq_empty(&conn->rtxq)) {
        struct tcp_seg *seg = rtxq_head(&conn->rtxq);
        uint32_t packets = covered(conn, seg, c);

        if (packets == 0)
            break;
        clean_one(conn, seg, packets, c, work);
        conn->packets_out -= packets;
        c->acked += packets;
        tcp_rate_delivered(conn, seg, work);
        if (seg->flags & TH_SYN) {
            work->flags |= ACKF_SYN_ACKED;
            conn->retrans_stamp_ms = 0;
        } else {
            work->flags |= ACKF_DATA_ACKED;
        }
        if (!c->last_whole)
            break;
        rtxq_pop(&conn->rtxq);
        tcp_seg_free(conn, seg);
    }
    if (rtxq_empty(&conn->rtxq)) {
        conn->retransmit_hint_set = false;
        rtxq_free(&conn->rtxq);
        tcp_forget_sacks(conn);
    }
}

/* The position in the stream follows snd_una; SYN and FIN occupy numbers but no bytes. */
static void advance_position(struct tcp_conn *conn, uint32_t prior_una, uint32_t flags)
{
    uint32_t bytes = conn->snd_una - prior_una;

    if (bytes > 0 && flags & ACKF_SYN_ACKED) {
        conn->syn_acked = true;
        bytes--;
    }
    if (bytes > 0 && conn->fin_cut && conn->snd_una == conn->write_seq && !conn->fin_acked) {
        conn->fin_acked = true;
        bytes--;
    }
    conn->una_pos += bytes;
    tcp_chunks_acked(conn);
}

/* A lone small segment, acknowledged alone: probably by a delayed ACK. */
static bool maybe_delayed(const struct tcp_conn *conn, const struct cleaning *c,
                          const struct tcp_ack_work *work)
{
    return c->acked == 1 && c->last_whole && c->prior_sacked == 0 &&
           conn->snd_una - c->prior_una < conn->mss_cache &&
           work->prior_delivered + 1 == (uint32_t)conn->cc.delivered &&
           !(work->flags & (ACKF_CA_ALERT | ACKF_SYN_ACKED));
}

static void measure(struct tcp_conn *conn, struct cleaning *c, struct tcp_ack_work *work)
{
    int64_t seq_rtt = -1, sack_rtt = -1, ca_rtt = -1;

    if (c->first_ackt && !(work->flags & ACKF_RETRANS_DATA_ACKED)) {
        seq_rtt = (int64_t)(conn->mstamp - c->first_ackt);
        ca_rtt = (int64_t)(conn->mstamp - c->last_ackt);
        if (maybe_delayed(conn, c, work))
            work->flags |= ACKF_MAYBE_DELAYED;
    }
    if (work->first_sackt) {
        sack_rtt = (int64_t)(conn->mstamp - work->first_sackt);
        ca_rtt = (int64_t)(conn->mstamp - work->last_sackt);
    }
    bool updated = tcp_update_rtt(conn, work, seq_rtt, sack_rtt, ca_rtt);
    if (work->flags & ACKF_ACKED) {
        work->flags |= ACKF_SET_XMIT_TIMER;
    } else if (!rtxq_empty(&conn->rtxq) && updated && sack_rtt >= 0 &&
               sack_rtt > (int64_t)(conn->mstamp - rtxq_head(&conn->rtxq)->sent_us)) {
        /* A SACK of something sent after the oldest segment: only then may the RTO move, or it
         * would recede for ever during recovery. */
        work->flags |= ACKF_SET_XMIT_TIMER;
    }
}

static void clean_rtx_queue(struct tcp_conn *conn, uint32_t prior_fack, uint32_t prior_una,
                            struct tcp_ack_work *work)
{
    struct cleaning c = { .reord = conn->snd_nxt,
                          .prior_sacked = conn->sacked_out,
                          .prior_una = prior_una };

    clean_segments(conn, &c, work);
    advance_position(conn, prior_una, work->flags);
    if (!rtxq_empty(&conn->rtxq) && rtxq_head(&conn->rtxq)->sacked & SEG_SACKED &&
        conn->opt.sack_ok)
        work->flags |= ACKF_SACK_RENEGING;
    work->sample.acked = c.acked;
    measure(conn, &c, work);
    if (work->flags & ACKF_ACKED) {
        if (conn->mtu_probing)
            tcp_mtuprobe_acked(conn);
        if (!conn->opt.sack_ok) {
            tcp_remove_reno_sacks(conn, c.acked, work);
            if (work->flags & ACKF_RETRANS_DATA_ACKED)
                work->flags &= ~(uint32_t)ACKF_ORIG_SACK_ACKED;
        } else if (before(c.reord, prior_fack)) {
            /* A hole was filled that had not been retransmitted: reordering. */
            tcp_check_sack_reordering(conn, c.reord, false);
        }
    }
    tcp_cc_acked(conn, work);
}

/* ---- Telling the congestion control --------------------------------------------------------- */

static bool may_raise_cwnd(const struct tcp_conn *conn, uint32_t flags)
{
    /* With much reordering, SACKs count as progress; else wait for the hole to be filled. */
    if (conn->reordering > conn->entry.stack->sysctl->reordering)
        return (flags & ACKF_FORWARD_PROGRESS) != 0;
    return (flags & ACKF_DATA_ACKED) != 0;
}

static void congestion_control(struct tcp_conn *conn, struct tcp_ack_work *work)
{
    struct cc_ack *sample = &work->sample;
    const struct cc_ops *ops = conn->cc.ops;

    tcp_cc_sync(conn);
    if (ops->control) {
        sample->pacing_wait_us = (uint32_t)tcp_pacing_delay_us(conn);
        ops->control(&conn->cc, sample);
        if (conn->cc.self_limited)
            tcp_rate_app_limited(conn);
    } else if (tcp_in_cwnd_reduction(conn)) {
        tcp_cwnd_reduction(conn, sample->acked_sacked, sample->losses, work->flags);
    } else if (may_raise_cwnd(conn, work->flags)) {
        ops->avoid(&conn->cc, sample, sample->acked_sacked);
        conn->cwnd_stamp_ms = tcp_now_ms(conn);
    }
    tcp_update_pacing_rate(conn);
    tcp_tso_update(conn);
}

/* ---- One ACK -------------------------------------------------------------------------------- */

static bool dubious(const struct tcp_conn *conn, uint32_t flags)
{
    return !(flags & ACKF_NOT_DUP) || flags & ACKF_CA_ALERT || conn->cc.state != CC_OPEN;
}

static void sample_begin(struct tcp_conn *conn, struct tcp_ack_work *work)
{
    work->sample.rtt_us = -1;
    work->sample.prior_inflight = tcp_inflight(conn);
    work->prior_cc_delivered = conn->cc.delivered;
    work->prior_lost = conn->cc.lost;
    if (conn->opt.saw_tstamp) {
        work->sample.tsval = conn->opt.rcv_tsval;
        work->sample.tsecr = conn->opt.rcv_tsecr;
    }
}

static void count_newly_delivered(struct tcp_conn *conn, const struct tcp_ack_work *work)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    uint64_t delivered = conn->cc.delivered - work->prior_cc_delivered;

    counters->TCPDelivered += delivered;
    if (work->flags & ACKF_ECE)
        counters->TCPDeliveredCE += conn->ecn & ECN_ACCURATE ? work->marked : delivered;
}

static void sample_end(struct tcp_conn *conn, struct tcp_ack_work *work)
{
    struct cc_ack *sample = &work->sample;

    sample->acked_sacked = (uint32_t)(conn->cc.delivered - work->prior_cc_delivered);
    sample->losses = conn->cc.lost - work->prior_lost;
    sample->inflight = tcp_inflight(conn);
    sample->ack_delayed = (work->flags & ACKF_MAYBE_DELAYED) != 0;
    conn->last_rtt_us = sample->rtt_us;
    conn->confirm |= (work->flags & ACKF_FORWARD_PROGRESS) != 0;
    count_newly_delivered(conn, work);
    tcp_rate_sample(conn, work);
}

/* With nothing outstanding an ACK may still open a zero window. */
static void ack_without_data(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t prior_una,
                             struct tcp_ack_work *work)
{
    struct tcp_seg *head = tcp_send_head(conn);

    if (conn->ecn & ECN_ACCURATE)
        tcp_accecn_ack(conn, rx, work);
    tcp_cc_in_ack(conn, work);
    if (work->flags & ACKF_DSACKING_ACK) {
        tcp_fastretrans_alert(conn, prior_una, 0, work);
        count_newly_delivered(conn, work);
    }
    if (head)
        tcp_ack_probe(conn, head);
    if (conn->tlp_pending)
        tcp_process_tlp_ack(conn, conn->snd_una, work->flags);
}

static void xmit_recovery(struct tcp_conn *conn, enum tcp_rexmit rexmit)
{
    if (rexmit == REXMIT_NONE || conn->entry.state == TCP_SYN_SENT)
        return;
    if (rexmit == REXMIT_NEW) { /* F-RTO's probe with new data */
        tcp_push_pending(conn, NAGLE_OFF);
        if (after(conn->snd_nxt, conn->high_seq))
            return;
        conn->frto = false;
    }
    tcp_xmit_retransmit_queue(conn);
}

/* An ACK of something acknowledged before. */
static void old_ack(struct tcp_conn *conn, const struct tcp_rx *rx, struct tcp_ack_work *work)
{
    if (rx->sack_count == 0)
        return;
    uint32_t prior_una = conn->snd_una;
    tcp_sacktag(conn, rx, prior_una, work);
    tcp_fastretrans_alert(conn, prior_una, 0, work);
    count_newly_delivered(conn, work);
    xmit_recovery(conn, work->rexmit);
}

static void ack_of_data(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t prior_fack,
                        uint32_t prior_una, struct tcp_ack_work *work)
{
    uint32_t lost = conn->cc.lost;

    clean_rtx_queue(conn, prior_fack, prior_una, work);
    tcp_rack_update_reo_wnd(conn, work);
    if (conn->ecn & ECN_ACCURATE)
        tcp_accecn_ack(conn, rx, work);
    tcp_cc_in_ack(conn, work);
    if (conn->tlp_pending)
        tcp_process_tlp_ack(conn, rx->ack, work->flags);
    if (dubious(conn, work->flags)) {
        bool dupack = !(work->flags & (ACKF_SND_UNA_ADVANCED | ACKF_NOT_DUP | ACKF_DSACKING_ACK));
        tcp_fastretrans_alert(conn, prior_una, dupack, work);
    }
    if (work->flags & ACKF_SET_XMIT_TIMER && !tcp_schedule_loss_probe(conn, true))
        tcp_rearm_rto(conn);
    sample_end(conn, work);
    tcp_observe_loss(conn, lost);
    congestion_control(conn, work);
    xmit_recovery(conn, work->rexmit);
}

/* RFC 5961 5.2: older than one window, so that it is an injection. */
static bool too_old(const struct tcp_conn *conn, uint32_t ack)
{
    uint64_t most = tcp_numbers_acked(conn);

    return before(ack,
                  conn->snd_una - (most < conn->max_window ? (uint32_t)most : conn->max_window));
}

/* Nothing but an advance of snd_una: the window and the options are as before. */
static inline void fast_fields(struct tcp_conn *conn, const struct tcp_rx *rx,
                               struct tcp_ack_work *work)
{
    conn->snd_wl1 = rx->seq;
    una_update(conn, rx->ack);
    work->flags |= ACKF_WIN_UPDATE;
    conn->entry.stack->counters->TCPHPAcks++;
}

static void slow_fields(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t prior_una,
                        struct tcp_ack_work *work)
{
    if (rx->seq != rx->end_seq)
        work->flags |= ACKF_DATA;
    else
        conn->entry.stack->counters->TCPPureAcks++;
    work->flags |= update_window(conn, rx);
    if (rx->sack_count)
        tcp_sacktag(conn, rx, prior_una, work);
    if (rx->flags & TH_ECE && conn->ecn & ECN_CLASSIC && !(rx->flags & TH_SYN))
        work->flags |= ACKF_ECE;
    tcp_count_delivered(conn, work->sack_delivered, work);
    if (conn->ecn) /* before what this ACK releases, which may tell of it */
        tcp_ecn_cwr(conn, rx);
}

enum tcp_ack_verdict tcp_ack(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t flags)
{
    uint32_t prior_una = conn->snd_una, packets = conn->packets_out;
    struct tcp_ack_work work = { .flags = flags };

    conn->last_rtt_us = -1;
    sample_begin(conn, &work);
    if (before(rx->ack, prior_una)) {
        if (too_old(conn, rx->ack))
            return TCP_ACK_TOO_OLD;
        old_ack(conn, rx, &work);
        return TCP_ACK_OLD;
    }
    if (after(rx->ack, conn->snd_nxt))
        return TCP_ACK_UNSENT;
    if (after(rx->ack, prior_una)) {
        work.flags |= ACKF_SND_UNA_ADVANCED;
        conn->retransmits = 0;
    }
    uint32_t prior_fack = tcp_highest_sack_seq(conn);
    if (work.flags & ACKF_UPDATE_TS_RECENT)
        work.flags |= replace_ts_recent(conn, rx->seq) ? ACKF_TS_PROGRESS : 0;
    if ((work.flags & (ACKF_SLOWPATH | ACKF_SND_UNA_ADVANCED)) == ACKF_SND_UNA_ADVANCED)
        fast_fields(conn, rx, &work);
    else
        slow_fields(conn, rx, prior_una, &work);
    conn->soft_error = 0;
    conn->probes_out = 0;
    conn->rcv_tstamp_ms = tcp_now_ms(conn);
    if (packets == 0)
        ack_without_data(conn, rx, prior_una, &work);
    else
        ack_of_data(conn, rx, prior_fack, prior_una, &work);
    if (conn->observers)
        tcp_observe_event(conn, TCP_EVENT_ACK, work.sample.acked_sacked, 0);
    return TCP_ACK_GOOD;
}

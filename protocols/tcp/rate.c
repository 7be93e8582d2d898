/* Delivery rate: how fast the network delivers, from one segment's round trip
 * (draft-cheng-iccrg-delivery-rate-estimation).
 *
 * Each segment carries away the state of the connection's delivery count when it is sent.  When it
 * is acknowledged, the growth of the count since then, over the longer of the time in which it was
 * sent and the time in which it was acknowledged, is a sample.  A sample taken while the
 * application had nothing to send says so. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/internal.h"

void tcp_rate_sent(struct tcp_conn *conn, struct tcp_seg *seg)
{
    if (conn->packets_out == 0) { /* a flight begins */
        conn->first_tx_us = (uint32_t)seg->sent_us;
        conn->delivered_us = (uint32_t)seg->sent_us;
    }
    seg->first_tx_us = conn->first_tx_us;
    seg->delivered_us = conn->delivered_us;
    seg->delivered = (uint32_t)conn->cc.delivered;
    seg->tx_inflight = (uint16_t)min_u32(tcp_inflight(conn) + seg->pcount, UINT16_MAX);
    seg->lost = (uint16_t)conn->cc.lost;
    seg->bits = (uint8_t)((seg->bits & SEGB_EOR) | (conn->app_limited ? SEGB_APP_LIMITED : 0));
}

/* `seg` was delivered: it supplies the sample if it was sent last of those that were. */
void tcp_rate_delivered(struct tcp_conn *conn, struct tcp_seg *seg, struct tcp_ack_work *work)
{
    if (seg->bits & SEGB_RATED)
        return;
    seg->bits |= SEGB_RATED;
    if (work->rated &&
        !(seg->sent_us > work->last_sent_us ||
          (seg->sent_us == work->last_sent_us && after(seg->end_seq, work->last_end_seq))))
        return;
    work->rated = true;
    work->last_sent_us = seg->sent_us;
    work->last_end_seq = seg->end_seq;
    work->prior_delivered = seg->delivered;
    work->prior_us = seg->delivered_us;
    work->send_interval_us = (uint32_t)seg->sent_us - seg->first_tx_us;
    work->sample.tx_inflight = seg->tx_inflight;
    work->sample.lost = seg->lost;
    work->sample.app_limited = (seg->bits & SEGB_APP_LIMITED) != 0;
    work->sample.retransmit = (seg->sacked & SEG_RETRANS) != 0;
    conn->first_tx_us = (uint32_t)seg->sent_us;
}

static void keep_best(struct tcp_conn *conn, uint32_t delivered, uint32_t interval_us,
                      bool app_limited)
{
    /* An application-limited sample counts only if it beats the last one. */
    if (!app_limited || (uint64_t)delivered * conn->rate_interval_us >=
                            (uint64_t)conn->rate_delivered * interval_us) {
        conn->rate_delivered = delivered;
        conn->rate_interval_us = interval_us;
        conn->rate_app_limited = app_limited;
    }
}

void tcp_rate_sample(struct tcp_conn *conn, struct tcp_ack_work *work)
{
    struct cc_ack *sample = &work->sample;

    if (conn->app_limited && after((uint32_t)conn->cc.delivered, conn->app_limited))
        conn->app_limited = 0;
    if (sample->acked_sacked > 0)
        conn->delivered_us = (uint32_t)conn->mstamp;
    sample->interval_us = -1;
    sample->delivered_ce = conn->delivered_ce;
    if (!work->rated || conn->is_sack_reneg)
        return;
    sample->lost = (uint16_t)(conn->cc.lost - sample->lost);

    /* 32 bits of a microsecond clock are enough: a segment lives less than 71 minutes. */
    uint32_t ack_us = (uint32_t)conn->mstamp - work->prior_us;
    uint32_t interval_us = max_u32(work->send_interval_us, ack_us);
    sample->rate_delivered = (uint32_t)conn->cc.delivered - work->prior_delivered;
    sample->prior_delivered = conn->cc.delivered - sample->rate_delivered;
    sample->prior_us = conn->mstamp - ack_us;
    sample->send_interval_us = work->send_interval_us;
    sample->ack_interval_us = ack_us;
    /* Shorter than the shortest round trip: the ACK was for an earlier copy.  No sample. */
    if (interval_us < tcp_min_rtt(conn))
        return;
    sample->interval_us = (int32_t)interval_us;
    keep_best(conn, sample->rate_delivered, interval_us, sample->app_limited);
}

void tcp_rate_check_app_limited(struct tcp_conn *conn)
{
    if (!conn->chunk_next && conn->write_seq - conn->snd_nxt < conn->mss_cache &&
        tcp_inflight(conn) < conn->cc.cwnd && conn->lost_out <= conn->retrans_out)
        tcp_rate_app_limited(conn);
}

void tcp_rate_app_limited(struct tcp_conn *conn)
{
    uint32_t until = (uint32_t)conn->cc.delivered + tcp_inflight(conn);
    conn->app_limited = until ? until : 1;
}

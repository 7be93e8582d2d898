/* When to acknowledge (RFC 1122 4.2.3.2, RFC 5681 4.2, in Linux's form).
 *
 * A young connection acknowledges each segment at once (quick), so that the peer's slow start gets
 * going.  Then every second full segment is acknowledged, and a lone one after the time-out ato,
 * which follows the gaps between segments.  A connection that answers soon after it has received
 * (ping-pong) waits longer, as the ACK may ride on the answer.  Out-of-order segments are
 * acknowledged at once, except that many in a row of them share an ACK. */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

static void increase_quick(struct tcp_conn *conn, uint32_t most)
{
    uint32_t quick = conn->rcv_wnd / (2u * conn->rcv_mss);

    quick = min_u32(quick ? quick : 2, most);
    if (quick > conn->quick)
        conn->quick = (uint8_t)quick;
}

void tcp_enter_quickack(struct tcp_conn *conn, uint32_t most)
{
    increase_quick(conn, most);
    conn->pingpong = 0;
    conn->ato_ms = TCP_ATO_MIN_MS;
}

bool tcp_in_pingpong(const struct tcp_conn *conn)
{
    return conn->pingpong >= conn->entry.stack->sysctl->pingpong_thresh;
}

void tcp_enter_pingpong(struct tcp_conn *conn)
{
    conn->pingpong = (uint8_t)min_u32(conn->entry.stack->sysctl->pingpong_thresh, UINT8_MAX);
}

/* ---- What the peer's segments look like ----------------------------------------------------- */

void tcp_initialize_rcv_mss(struct tcp_conn *conn)
{
    uint32_t hint = min_u32(conn->advmss, conn->mss_cache);

    hint = min_u32(min_u32(hint, conn->rcv_wnd / 2), TCP_DEFAULT_MSS);
    conn->rcv_mss = (uint16_t)max_u32(hint, TCP_MIN_MSS);
}

/* The share of received memory that is data; the window follows it. */
static void measure_ratio(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t ratio = (rx->length << 8) / tcp_truesize(rx);
    uint8_t old = conn->scaling_ratio;

    conn->scaling_ratio = (uint8_t)(ratio ? ratio : 1);
    if (old != conn->scaling_ratio) {
        tcp_set_window_clamp(conn, tcp_win_from_space(conn, conn->rcvbuf));
        conn->rcvq_space = min_u32(conn->rcvq_space, conn->window_clamp);
    }
}

/* Learns the peer's segment size from its segments; sub-MSS ones count only if they repeat. */
void tcp_measure_rcv_mss(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t last = conn->last_seg_size;
    uint32_t length = rx->packet->gso_size ? rx->packet->gso_size : rx->length;

    conn->last_seg_size = 0;
    if (length >= conn->rcv_mss) {
        if (length != conn->rcv_mss)
            measure_ratio(conn, rx);
        conn->rcv_mss = (uint16_t)min_u32(length, conn->advmss);
        if (rx->flags & TH_PSH)
            conn->ack_pending |= ACK_PUSHED;
        return;
    }
    uint32_t whole = length + rx->doff;
    if (whole >= TCP_DEFAULT_MSS + TCP_HEADER ||
        (whole >= TCP_MIN_MSS + TCP_HEADER && !(rx->flags & (TH_FIN | TH_URG | TH_SYN | TH_PSH)))) {
        uint32_t size = whole - conn->header_len;
        conn->last_seg_size = (uint16_t)size;
        if (size == last) {
            conn->rcv_mss = (uint16_t)size;
            return;
        }
    }
    if (conn->ack_pending & ACK_PUSHED)
        conn->ack_pending |= ACK_PUSHED2;
    conn->ack_pending |= ACK_PUSHED;
}

void tcp_event_data_recv(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t now = tcp_now_ms(conn), gap = now - conn->lrcvtime_ms, rto_ms = conn->rto_us / 1000;

    conn->ack_pending |= ACK_SCHED;
    conn->window_stale = true;
    tcp_measure_rcv_mss(conn, rx);
    tcp_rcv_rtt_measure(conn);
    if (conn->ato_ms == 0) { /* the first data: be quick */
        increase_quick(conn, TCP_MAX_QUICKACKS);
        conn->ato_ms = TCP_ATO_MIN_MS;
    } else if (gap <= TCP_ATO_MIN_MS / 2) {
        conn->ato_ms = (uint16_t)((conn->ato_ms >> 1) + TCP_ATO_MIN_MS / 2);
    } else if (gap < conn->ato_ms) {
        conn->ato_ms = (uint16_t)min_u32((conn->ato_ms >> 1) + gap, rto_ms);
    } else if (gap > rto_ms) { /* the sender restarts its window */
        increase_quick(conn, TCP_MAX_QUICKACKS);
    }
    conn->lrcvtime_ms = now;
    if (rx->length >= 128)
        tcp_grow_window(conn, rx->length, tcp_truesize(rx));
}

/* ---- When to send --------------------------------------------------------------------------- */

/* No ACK waits as long as the shortest time-out, if the peer has the same one (tcp_delack_max). */
static uint32_t most_delay(const struct tcp_conn *conn)
{
    uint32_t rto_min = tcp_rto_min_us(conn) / 1000;

    return min_u32(tcp_or(conn->config->delack_max_ms, TCP_DELACK_MAX_MS), max_u32(rto_min, 2) - 1);
}

static void delay_ack(struct tcp_conn *conn)
{
    uint32_t ato = conn->ato_ms;

    if (ato > TCP_DELACK_MIN_MS) {
        uint32_t most = 500;
        if (tcp_in_pingpong(conn) || conn->ack_pending & ACK_PUSHED)
            most = TCP_DELACK_MAX_MS;
        if (conn->srtt_us) /* not much longer than a round trip */
            most = min_u32(most, max_u32((conn->srtt_us >> 3) / 1000, TCP_DELACK_MIN_MS));
        ato = min_u32(ato, most);
    }
    ato = min_u32(ato, most_delay(conn));
    sim_time now = conn->entry.stack->sim->now, at = now + ato * SIM_MS;
    if (conn->ack_pending & ACK_TIMER) {
        if (conn->ack_deadline <= now + (ato >> 2) * SIM_MS) {
            tcp_send_ack(conn); /* it would go any moment */
            return;
        }
        if (conn->ack_deadline < at)
            at = conn->ack_deadline;
    }
    conn->ack_pending |= ACK_SCHED | ACK_TIMER;
    tcp_set_ack_timer(conn, at);
}

/* The delay is over. */
void tcp_delayed_ack(struct tcp_conn *conn)
{
    conn->ack_pending &= (uint8_t)~ACK_TIMER;
    if (!(conn->ack_pending & ACK_SCHED))
        return;
    if (!tcp_in_pingpong(conn)) { /* the second segment did not come: be more patient */
        conn->ato_ms = (uint16_t)min_u32(conn->ato_ms * 2u, conn->rto_us / 1000);
    } else { /* no data came to carry it: not interactive after all */
        conn->pingpong = 0;
        conn->ato_ms = TCP_ATO_MIN_MS;
    }
    tcp_send_ack(conn);
    conn->entry.stack->counters->DelayedACKs++;
}

void tcp_send_compressed_ack(struct tcp_conn *conn)
{
    if (conn->compressed_ack == 0)
        return;
    conn->entry.stack->counters->TCPAckCompressed += conn->compressed_ack - 1;
    conn->compressed_ack = 0;
    tcp_send_ack(conn);
}

/* Duplicate ACKs beyond the three that start a fast retransmit may be merged for a while. */
static void compress_ack(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint32_t rtt_us = conn->rcv_rtt_us;

    if (!conn->opt.sack_ok || conn->compressed_ack >= sysctl->comp_sack_nr) {
        tcp_send_ack(conn);
        return;
    }
    if (conn->ofo->compress_rcv_nxt != conn->rcv_nxt) {
        conn->ofo->compress_rcv_nxt = conn->rcv_nxt;
        conn->ofo->dup_acks = 0;
    }
    if (conn->ofo->dup_acks < TCP_FASTRETRANS_THRESH) {
        conn->ofo->dup_acks++;
        tcp_send_ack(conn);
        return;
    }
    if (conn->compressed_ack++ > 0)
        return; /* the timer runs */
    if (conn->srtt_us && conn->srtt_us < rtt_us)
        rtt_us = conn->srtt_us;
    /* 5 % of the round trip. */
    uint64_t delay_ns = (uint64_t)rtt_us * (1000 / 8) / 20;
    if (delay_ns > sysctl->comp_sack_delay_ns)
        delay_ns = sysctl->comp_sack_delay_ns;
    /* A timer that may be late so much, to share an interrupt, is as late if there is no other. */
    delay_ns += sysctl->comp_sack_slack_ns;
    conn->ack_pending &= (uint8_t)~ACK_TIMER;
    tcp_set_ack_timer(conn, conn->entry.stack->sim->now + (sim_time)delay_ns * SIM_NS);
}

/* More than one full segment is unacknowledged, and the window can move on as far. */
static bool two_segments(struct tcp_conn *conn)
{
    if (conn->rcv_nxt - conn->rcv_wup <= conn->rcv_mss)
        return false;
    uint32_t unread = conn->rcv_nxt - conn->copied_seq;
    if (unread == 0 || (conn->extra && unread < conn->extra->rcvlowat))
        return true; /* the owner will not read before there is more */
    tcp_calm_down(conn);
    return tcp_offered_window(conn) >= conn->rcv_wnd;
}

void tcp_ack_snd_check_now(struct tcp_conn *conn, bool ofo_possible)
{
    if (two_segments(conn) || (conn->quick && !tcp_in_pingpong(conn)) ||
        conn->ack_pending & ACK_NOW)
        tcp_send_ack(conn);
    else if (ofo_possible && conn->ofo)
        compress_ack(conn);
    else
        delay_ack(conn);
}

void tcp_ack_snd_check(struct tcp_conn *conn)
{
    if (conn->ack_pending & ACK_SCHED)
        tcp_ack_snd_check_now(conn, true);
}

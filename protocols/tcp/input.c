/* A segment for a connection: may it come in, and what does it do in this state
 * (RFC 9293 3.10.7, RFC 5961, RFC 7323). */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"

/* ---- Rate limits ---------------------------------------------------------------------------- */

/* Answers to what is out of window are limited for each connection, so that two confused peers do
 * not send ACKs to each other for ever (net.ipv4.tcp_invalid_ratelimit). */
bool tcp_oow_limited(struct tcp_stack *stack, uint32_t *last_ms, uint64_t *counter)
{
    uint32_t now = tcp_clock_ms(stack->sim);

    if (*last_ms && now - *last_ms < stack->sysctl->invalid_ratelimit) {
        ++*counter;
        return true;
    }
    *last_ms = now ? now : 1;
    return false;
}

/* As above, except that data is always answered. */
bool tcp_segment_limited(struct tcp_stack *stack, const struct tcp_rx *rx, uint32_t *last_ms,
                         uint64_t *counter)
{
    if (rx->seq != rx->end_seq && !(rx->flags & TH_SYN))
        return false;
    return tcp_oow_limited(stack, last_ms, counter);
}

static bool segment_limited(struct tcp_conn *conn, const struct tcp_rx *rx, uint64_t *counter)
{
    return tcp_segment_limited(conn->entry.stack, rx, &conn->last_oow_ms, counter);
}

/* RFC 5961 7: an ACK that a blind attacker cannot use; limited for the whole node, too. */
void tcp_send_challenge_ack(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;
    uint32_t limit = stack->sysctl->challenge_ack_limit, now = tcp_clock_s(stack->sim);

    if (tcp_oow_limited(stack, &conn->last_oow_ms, &stack->counters->TCPACKSkippedChallenge))
        return;
    if (limit != INT32_MAX) {
        if (stack->challenge_second != now) {
            stack->challenge_second = now;
            stack->challenge_count = 0;
        }
        if (stack->challenge_count >= limit)
            return;
        stack->challenge_count++;
    }
    stack->counters->TCPChallengeACK++;
    tcp_send_ack(conn);
}

/* ---- Acceptable? ---------------------------------------------------------------------------- */

/* PAWS (RFC 7323 5): the timestamp is not older than the last one, give or take `slack` ms. */
bool tcp_paws_check(const struct tcp_conn *conn, uint32_t slack)
{
    const struct tcp_options *opt = &conn->opt;

    if ((int32_t)(opt->ts_recent - opt->rcv_tsval) <= (int32_t)slack)
        return true;
    if (tcp_now_s(conn) - opt->ts_recent_stamp >= TCP_PAWS_WRAP_S)
        return true; /* the clock may have wrapped meanwhile (5.5) */
    return opt->ts_recent == 0;
}

/* A pure duplicate ACK that was overtaken is harmless, and not worth an answer. */
static bool disordered_ack(const struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t window = (uint32_t)rx->window << conn->opt.snd_wscale;
    bool updates = after(rx->seq, conn->snd_wl1) ||
                   (rx->seq == conn->snd_wl1 && (window > conn->snd_wnd || window == 0));
    uint32_t replay_ms = (uint32_t)((uint64_t)conn->rto_us * 1200 / 1000000);

    return rx->flags & TH_ACK && rx->seq == rx->end_seq && rx->seq == conn->rcv_nxt &&
           rx->ack == conn->snd_una && !updates &&
           (int32_t)(conn->opt.ts_recent - conn->opt.rcv_tsval) <= (int32_t)replay_ms;
}

/* An ACK that newer segments have overtaken asks for no answer. */
static bool old_ack(const struct tcp_conn *conn, const struct tcp_rx *rx)
{
    return rx->flags & TH_ACK && rx->seq == rx->end_seq && before(rx->seq, conn->rcv_nxt);
}

/* The answer to a segment that is not acceptable (RFC 9293 3.10.7.4). */
static void send_dupack(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (rx->end_seq != rx->seq && before(rx->seq, conn->rcv_nxt)) {
        conn->entry.stack->counters->DelayedACKLost++;
        tcp_enter_quickack(conn, TCP_MAX_QUICKACKS);
        if (conn->ecn & ECN_ACCURATE)
            tcp_accecn_duplicate(conn, rx->seq);
        tcp_dsack_set(conn, rx->seq,
                      after(rx->end_seq, conn->rcv_nxt) ? conn->rcv_nxt : rx->end_seq);
    }
    tcp_send_ack(conn);
}

enum sequence { SEQ_GOOD, SEQ_OLD, SEQ_BEYOND };

static enum sequence check_sequence(const struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t limit = conn->rcv_nxt + tcp_receive_window(conn);

    if (before(rx->end_seq, conn->rcv_wup))
        return SEQ_OLD;
    if (after(tcp_data_end(rx), limit)) {
        if (after(rx->seq, limit))
            return SEQ_BEYOND;
        /* A little too much is taken only if nothing is waiting to be read. */
        if (conn->received.first)
            return SEQ_BEYOND;
    }
    return SEQ_GOOD;
}

/* After a FIN the RST of some stacks carries the number before it. */
static bool reset_after_fin(const struct tcp_conn *conn, const struct tcp_rx *rx)
{
    enum tcp_state state = conn->entry.state;

    return rx->seq == conn->rcv_nxt - 1 &&
           (state == TCP_CLOSE_WAIT || state == TCP_LAST_ACK || state == TCP_CLOSING);
}

/* RFC 5961 3.2: a RST is believed only at exactly the expected number (or at the end of what is
 * SACKed, which the sender may think to be it). */
static bool reset_exact(const struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (rx->seq == conn->rcv_nxt || reset_after_fin(conn, rx))
        return true;
    if (conn->sack_count == 0)
        return false;
    uint32_t most = conn->ofo->selective_acks[0].end_seq;
    for (uint32_t i = 1; i < conn->sack_count; i++)
        if (after(conn->ofo->selective_acks[i].end_seq, most))
            most = conn->ofo->selective_acks[i].end_seq;
    return rx->seq == most;
}

void tcp_got_reset(struct tcp_conn *conn)
{
    int error = ECONNRESET;

    if (conn->entry.state == TCP_SYN_SENT)
        error = ECONNREFUSED;
    else if (conn->entry.state == TCP_CLOSE_WAIT)
        error = EPIPE;
    tcp_done(conn, error);
}

static void syn_challenge(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (conn->entry.state == TCP_ESTABLISHED)
        conn->entry.stack->counters->InErrs++;
    conn->entry.stack->counters->TCPSYNChallenge++;
    if (conn->ecn & ECN_ACCURATE) { /* as to the first SYN-ACK (RFC 9768 3.1.5) */
        conn->extra->accecn.syn_ect = tcp_rx_ecn(rx);
        conn->extra->accecn.reflecting = true;
    }
    tcp_send_challenge_ack(conn);
    if (conn->ecn & ECN_ACCURATE)
        conn->extra->accecn.reflecting = false;
}

/* The second SYN-ACK of a simultaneous open: its SYN is old, its ACK is needed. */
static bool crossed_syn_ack(const struct tcp_conn *conn, const struct tcp_rx *rx)
{
    return conn->entry.state == TCP_SYN_RECV && rx->flags & TH_ACK && rx->seq + 1 == rx->end_seq &&
           rx->seq + 1 == conn->rcv_nxt && rx->ack == conn->snd_nxt;
}

static void refuse_sequence(struct tcp_conn *conn, const struct tcp_rx *rx, enum sequence verdict)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (rx->flags & TH_RST) {
        if (reset_after_fin(conn, rx))
            tcp_got_reset(conn);
        return;
    }
    if (rx->flags & TH_SYN) {
        syn_challenge(conn, rx);
        return;
    }
    if (verdict == SEQ_BEYOND)
        counters->BeyondWindow++;
    if (!segment_limited(conn, rx, &counters->TCPACKSkippedSeq))
        send_dupack(conn, rx);
}

/* The checks of RFC 9293 3.10.7.4 before the ACK field.  False: the segment is dealt with. */
static bool validate(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (conn->opt.saw_tstamp && !(rx->flags & TH_RST) && !tcp_paws_check(conn, 1) &&
        !disordered_ack(conn, rx)) {
        if (rx->flags & TH_SYN) {
            syn_challenge(conn, rx);
            return false;
        }
        if (old_ack(conn, rx)) {
            counters->PAWSOldAck++;
            return false;
        }
        counters->PAWSEstab++;
        if (!segment_limited(conn, rx, &counters->TCPACKSkippedPAWS))
            send_dupack(conn, rx);
        return false;
    }
    enum sequence verdict = check_sequence(conn, rx);
    if (verdict != SEQ_GOOD) {
        refuse_sequence(conn, rx, verdict);
        return false;
    }
    if (rx->flags & TH_RST) {
        if (reset_exact(conn, rx))
            tcp_got_reset(conn);
        else
            tcp_send_challenge_ack(conn);
        return false;
    }
    if (rx->flags & TH_SYN && !crossed_syn_ack(conn, rx)) {
        syn_challenge(conn, rx);
        return false;
    }
    if (conn->ecn & ECN_ACCURATE)
        tcp_accecn_received(conn, rx);
    return true;
}

/* ---- ESTABLISHED: the fast path ------------------------------------------------------------- */

/* Nothing unusual: the next data or a pure ACK, be it an old one, the window as before. */
static bool predicted(const struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if ((rx->flags & ~(unsigned)TH_PSH) != TH_ACK || rx->seq != conn->rcv_nxt ||
        rx->doff != conn->header_len || after(rx->ack, conn->snd_nxt) ||
        (uint32_t)rx->window << conn->opt.snd_wscale != conn->snd_wnd ||
        rx->length > tcp_receive_window(conn) || conn->ecn & ECN_ACCURATE || conn->unpredicted)
        return false;
    return !conn->opt.tstamp_ok ||
           (conn->opt.saw_tstamp && (int32_t)(conn->opt.rcv_tsval - conn->opt.ts_recent) >= 0);
}

static void store_timestamp(struct tcp_conn *conn)
{
    if (conn->opt.tstamp_ok && conn->rcv_nxt == conn->rcv_wup) {
        conn->opt.ts_recent = conn->opt.rcv_tsval;
        conn->opt.ts_recent_stamp = tcp_now_s(conn);
    }
}

/* A connection's memory is taken by the page.  What does not fit into the rest of the last one
 * Linux sends along the slow path, so that its ACK field is looked at even if it says nothing new.
 * If that could not matter, and there is room, it may as well go the fast way. */
static bool data_is_fast(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    int32_t truesize = (int32_t)tcp_truesize(rx);

    if (truesize <= conn->forward_alloc) {
        conn->entry.stack->counters->TCPHPHits++;
        return true;
    }
    conn->probes_out = 0;
    if (rx->ack != conn->snd_una || conn->packets_out > 0 || tcp_send_head(conn) ||
        conn->rmem_alloc > conn->rcvbuf)
        return false;
    if (!conn->config->sink && !tcp_mem_take(conn, (uint32_t)truesize, TCP_MEM_RECEIVED))
        return false;
    conn->dsack_set = false;
    return true;
}

static void fast_data(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    store_timestamp(conn);
    tcp_rcv_rtt_measure_ts(conn, rx);
    tcp_queue_fast(conn, rx);
    if (rx->ack != conn->snd_una) {
        tcp_ack(conn, rx, ACKF_DATA);
        tcp_data_snd_check(conn);
        if (!(conn->ack_pending & ACK_SCHED))
            return;
    } else {
        conn->snd_wl1 = rx->seq;
    }
    tcp_ack_snd_check_now(conn, false);
}

static void fast_ack(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    store_timestamp(conn);
    if (tcp_ack(conn, rx, 0) == TCP_ACK_TOO_OLD)
        tcp_send_challenge_ack(conn);
    tcp_data_snd_check(conn);
    conn->rcv_rtt_last_tsecr = conn->opt.rcv_tsecr;
}

static void rcv_established(struct tcp_conn *conn, struct tcp_rx *rx)
{
    bool fast = predicted(conn, rx);

    if (fast && rx->length > 0 && data_is_fast(conn, rx)) {
        fast_data(conn, rx);
        return;
    }
    if (fast && rx->length == 0) {
        fast_ack(conn, rx);
        return;
    }
    if (!(rx->flags & (TH_ACK | TH_RST | TH_SYN)) || !validate(conn, rx))
        return;
    switch (tcp_ack(conn, rx, ACKF_SLOWPATH | ACKF_UPDATE_TS_RECENT)) {
    case TCP_ACK_TOO_OLD:
    case TCP_ACK_UNSENT:
        tcp_send_challenge_ack(conn);
        return;
    default:
        break;
    }
    tcp_rcv_rtt_measure_ts(conn, rx);
    tcp_urgent(conn, rx);
    tcp_data_queue(conn, rx);
    if (conn->entry.state == TCP_CLOSED)
        return;
    tcp_data_snd_check(conn);
    tcp_ack_snd_check(conn);
}

/* ---- The other states ----------------------------------------------------------------------- */

static bool brings_data(const struct tcp_conn *conn, const struct tcp_rx *rx)
{
    return rx->end_seq != rx->seq && after(tcp_data_end(rx), conn->rcv_nxt);
}

static void abort_on_data(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    conn->entry.stack->counters->TCPAbortOnData++;
    tcp_reset_for(conn->entry.stack, rx);
    tcp_got_reset(conn);
}

/* What nobody will ever read ends the connection (RFC 1122 4.2.2.13). */
static void late_data(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (conn->shutdown & SHUT_RCV && brings_data(conn, rx))
        abort_on_data(conn, rx);
    else
        tcp_data_queue(conn, rx);
}

static void enter_fin_wait2(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    fsm_event(conn, FSM_FIN_ACKED);
    conn->shutdown |= SHUT_SND;
    if (!conn->orphan)
        return;
    if (conn->config->linger2 < 0 || brings_data(conn, rx)) {
        if (conn->config->linger2 >= 0 && rx->flags & TH_FIN && conn->extra &&
            conn->extra->fastopen.asked) /* out of order, and all that comes */
            tcp_fastopen_pause(conn);
        abort_on_data(conn, rx);
        return;
    }
    tcp_orphan_fin_wait2(conn, (rx->flags & TH_FIN) != 0);
}

/* The ACK field has been digested: does it end a state?  False: the connection ended. */
static bool state_after_ack(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    bool fin_acked = conn->fin_cut && conn->snd_una == conn->write_seq;

    switch (conn->entry.state) {
    case TCP_SYN_RECV:
        tcp_finish_passive(conn, rx);
        break;
    case TCP_FIN_WAIT1:
        if (conn->fastopen)
            tcp_finish_fastopen(conn);
        if (fin_acked)
            enter_fin_wait2(conn, rx);
        break;
    case TCP_CLOSING:
        if (fin_acked) {
            tcp_time_wait(conn, FSM_FIN_ACKED, TCP_TIMEWAIT_LEN);
            return false;
        }
        break;
    case TCP_LAST_ACK:
        if (fin_acked) {
            tcp_metrics_save(conn);
            fsm_event(conn, FSM_FIN_ACKED);
            tcp_done(conn, 0);
            return false;
        }
        break;
    default:
        break;
    }
    return conn->entry.state != TCP_CLOSED;
}

/* False: stop here. */
static bool check_ack(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    enum tcp_ack_verdict verdict = tcp_ack(conn, rx, ACKF_SLOWPATH | ACKF_UPDATE_TS_RECENT);

    if (conn->entry.state == TCP_SYN_RECV && verdict != TCP_ACK_GOOD) {
        if (verdict != TCP_ACK_OLD) /* RFC 9293 3.10.7.4: one RST */
            tcp_reset_for(conn->entry.stack, rx);
        return false;
    }
    if (verdict == TCP_ACK_TOO_OLD || verdict == TCP_ACK_UNSENT) {
        tcp_send_challenge_ack(conn);
        return false;
    }
    return true;
}

static void rcv_state_process(struct tcp_conn *conn, struct tcp_rx *rx)
{
    if (conn->fastopen && !tcp_fastopen_input(conn, rx))
        return;
    if (!(rx->flags & (TH_ACK | TH_RST | TH_SYN)) || !validate(conn, rx))
        return;
    if (!(rx->flags & TH_ACK) || !check_ack(conn, rx) || !state_after_ack(conn, rx))
        return;
    tcp_urgent(conn, rx);
    switch (conn->entry.state) {
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
        if (!before(rx->seq, conn->rcv_nxt))
            break; /* else it is an old retransmission, or data behind the FIN */
        late_data(conn, rx);
        break;
    case TCP_FIN_WAIT1:
    case TCP_FIN_WAIT2:
        late_data(conn, rx);
        break;
    case TCP_ESTABLISHED:
        tcp_data_queue(conn, rx);
        break;
    default:
        break;
    }
    if (conn->entry.state == TCP_CLOSED)
        return;
    tcp_data_snd_check(conn);
    tcp_ack_snd_check(conn);
}

void tcp_conn_input(struct tcp_conn *conn, struct tcp_rx *rx)
{
    uint32_t copied = conn->copied_seq;

    conn->stats.segs_in++;
    conn->stats.data_segs_in += rx->length > 0;
    if (conn->entry.state == TCP_SYN_SENT) {
        tcp_rcv_syn_sent(conn, rx);
        return;
    }
    tcp_options_established(rx, &conn->opt);
    if (conn->opt.saw_tstamp && conn->opt.rcv_tsecr)
        conn->opt.rcv_tsecr -= conn->tsoffset;
    if (conn->entry.state == TCP_ESTABLISHED)
        rcv_established(conn, rx);
    else if (conn->entry.state != TCP_CLOSED)
        rcv_state_process(conn, rx);
    if (conn->config->sink && copied != conn->copied_seq)
        tcp_sink_read(conn, conn->copied_seq - copied);
}

/* ---- FIN ------------------------------------------------------------------------------------ */

/* The peer's FIN is the next in order. */
void tcp_fin(struct tcp_conn *conn)
{
    conn->rcv_nxt++;
    if (conn->config->sink)
        conn->copied_seq++;
    conn->fin_received = true;
    conn->shutdown |= SHUT_RCV;
    conn->ack_pending |= ACK_SCHED;
    conn->notify |= NOTIFY_PEER_FIN;
    switch (conn->entry.state) {
    case TCP_SYN_RECV:
    case TCP_ESTABLISHED:
        fsm_event(conn, FSM_GOT_FIN);
        tcp_enter_pingpong(conn);
        break;
    case TCP_FIN_WAIT1:
        tcp_send_ack(conn);
        fsm_event(conn, FSM_GOT_FIN);
        break;
    case TCP_FIN_WAIT2:
        tcp_send_ack(conn);
        tcp_time_wait(conn, FSM_GOT_FIN, TCP_TIMEWAIT_LEN);
        break;
    default:
        break;
    }
    tcp_purge_ofo(
        conn); /* whatever is behind it; as in Linux, an ACK from here still tells of it */
    conn->dsack_set = false; /* the last segment was new, at its end */
}

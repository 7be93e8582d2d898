/* Fast Open's passive side: a connection that begins with a SYN's data, before its handshake is
 * complete.  Until it is, segments are judged as those for a request are. */
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"
#include "protocols/tcp/timers.h"

uint32_t tcp_fastopen_limit(const struct tcp_stack *stack, uint32_t own, uint32_t backlog)
{
    enum { BITS = TFO_SERVER | TFO_ALL_LISTENERS };

    return own == 0 && (stack->sysctl->fastopen & BITS) == BITS ? backlog : own;
}

/* Connections of this listener that wait for the end of their handshake, and those that would if
 * they had not been reset. */
static uint32_t pending(const struct tcp_listener *l)
{
    uint32_t n = l->fastopen_resets ? l->fastopen_resets->len : 0;

    list_for_each (it, &l->stack->table->conns) {
        const struct tcp_conn *conn = container_of(it, struct tcp_conn, all);
        n += conn->fastopen && !conn->ended && conn->entry.key.local_port == l->port;
    }
    return n;
}

/* One that the owner had already and that was reset may have been forged (RFC 7413 5.1): its place
 * stays taken for a minute. */
static void keep_place(const struct tcp_conn *conn)
{
    const struct tcp_key *key = &conn->entry.key;
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_listener *l = table_listener(stack, key);
    sim_time until = stack->sim->now + 60 * SIM_S;

    if (!l || conn->queued)
        return;
    if (!l->fastopen_resets)
        l->fastopen_resets = g_array_new(FALSE, FALSE, sizeof until);
    g_array_append_val(l->fastopen_resets, until);
}

/* Whether one more may wait; a full queue gives up its oldest forged one. */
static bool has_place(struct tcp_listener *l, uint32_t most)
{
    GArray *resets = l->fastopen_resets;

    if (pending(l) < most)
        return true;
    if (!resets || resets->len == 0 || g_array_index(resets, sim_time, 0) > l->stack->sim->now)
        return false;
    g_array_remove_index(resets, 0);
    return true;
}

/* Whether the SYN's data may be taken, Fast Open being on.  `cookie` as below. */
static bool take_cookie(const struct tcp_listener *l, const struct tcp_key *key,
                        struct tcp_cookie *cookie)
{
    struct tcp_counters *counters = l->stack->counters;
    struct tcp_cookie answer;
    enum tcp_cookie_judgement judgement = tcp_cookie_judge(l, key, cookie, &answer);

    if (l->stack->sysctl->fastopen & TFO_SERVER_NO_COOKIE || l->config->fastopen_no_cookie ||
        judgement == COOKIE_GOOD) {
        cookie->len = -1;
        return true;
    }
    if (judgement == COOKIE_OF_OLD_KEY)
        counters->TCPFastOpenPassiveAltKey++; /* still good, but here is the new one */
    else if (cookie->len > 0)
        counters->TCPFastOpenPassiveFail++;
    if (cookie->len >= 0)
        *cookie = answer;
    return judgement == COOKIE_OF_OLD_KEY;
}

/* Whether the SYN's data may be taken.  `cookie` is the SYN's option, and then the answer's. */
bool tcp_fastopen_accepts(struct tcp_request *req, const struct tcp_rx *rx,
                          struct tcp_cookie *cookie)
{
    struct tcp_listener *l = req->listener;
    struct tcp_counters *counters = l->stack->counters;
    bool wanted = rx->length > 0 || cookie->len >= 0;
    uint32_t most = l->config->fastopen;

    if (cookie->len == 0)
        counters->TCPFastOpenCookieReqd++;
    if (wanted && l->stack->sysctl->fastopen & TFO_SERVER && most > 0) {
        if (has_place(l, most))
            return take_cookie(l, &req->entry.key, cookie);
        counters->TCPFastOpenListenOverflow++;
    }
    cookie->len = -1;
    return false;
}

/* The SYN-ACK of a connection that began with data, for the first time and again. */
static void send_syn_ack(struct tcp_conn *conn)
{
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;

    if (f->sent++ > 0)
        conn->synack_sent_us = 0; /* Karn */
    tcp_send_syn_ack(conn, f->sent);
}

void tcp_fastopen_open_child(struct tcp_conn *conn, const struct tcp_rx *rx,
                             const struct tcp_cookie *answer)
{
    struct tcp_rx data = *rx;

    conn->fastopen = true;
    conn->entry.stack->counters->TCPFastOpenPassive++;
    data.seq++;
    data.flags &= (uint16_t)~TH_SYN;
    conn->stats.data_segs_in += rx->length > 0;
    tcp_queue_syn_data(conn, &data);
    conn->rcv_wup = conn->rcv_nxt;
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;
    f->child = true;
    f->irs = rx->seq;
    f->rcv_nxt = conn->rcv_nxt;
    f->rcv_wnd = (uint16_t)min_u32(conn->rcv_wnd, 65535);
    f->ts_recent = conn->opt.ts_recent;
    f->cookie = *answer;
    conn->synack_sent_us = max_u32((uint32_t)conn->mstamp, 1);
    send_syn_ack(conn);
    tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, TCP_RTO_INIT_US);
}

/* The time-out of the SYN-ACK; nothing else is sent again before it is acknowledged. */
void tcp_fastopen_timeout(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;
    uint32_t most = tcp_or(conn->config->syncnt, stack->sysctl->synack_retries + 1);

    stack->counters->TCPTimeouts++;
    if (f->timeouts >= most) {
        tcp_write_error(conn);
        return;
    }
    if (conn->retransmits == 1)
        tcp_enter_loss(conn);
    stack->counters->RetransSegs++;
    stack->counters->TCPSynRetrans++;
    tcp_trouble(conn)->total_retrans++;
    tcp_count_timeout(conn);
    f->timeouts++;
    if (conn->retrans_stamp_ms == 0)
        conn->retrans_stamp_ms = tcp_now_ms(conn);
    send_syn_ack(conn);
    tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, (uint64_t)TCP_RTO_INIT_US << f->timeouts);
}

/* What a request would send. */
static void send_request_ack(struct tcp_conn *conn)
{
    const struct tcp_fastopen *f = &conn->extra->fastopen;
    struct tcp_tx tx = { .seq = conn->snd_nxt,
                         .ack = f->rcv_nxt,
                         .flags = TH_ACK,
                         .window = (uint16_t)(f->rcv_wnd >> conn->opt.rcv_wscale),
                         .timestamps = conn->opt.tstamp_ok,
                         .tsval = tcp_timestamp(conn),
                         .tsecr = f->ts_recent };

    tcp_send_alone(&conn->entry, &tx, conn->config->tos, conn->config->flow);
}

/* Out of window or out of time: answered as by a request, which knows what the SYN said only. */
static void unacceptable(struct tcp_conn *conn, const struct tcp_rx *rx, bool old)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (!(rx->flags & TH_RST) &&
        !tcp_segment_limited(conn->entry.stack, rx, &conn->extra->fastopen.last_oow_ms,
                             &counters->TCPACKSkippedSynRecv))
        send_request_ack(conn);
    counters->PAWSEstab += old;
}

static void syn_again(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (tcp_oow_limited(stack, &conn->extra->fastopen.last_oow_ms,
                        &stack->counters->TCPACKSkippedSynRecv))
        return;
    stack->counters->RetransSegs++;
    stack->counters->TCPSynRetrans++;
    tcp_trouble(conn)->total_retrans++;
    send_syn_ack(conn);
}

/* RFC 5961 3.2 */
static void reset_arrived(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (rx->seq == conn->extra->fastopen.rcv_nxt) {
        counters->AttemptFails++;
        keep_place(conn);
        tcp_got_reset(conn);
    } else if (!tcp_oow_limited(conn->entry.stack, &conn->extra->fastopen.last_oow_ms,
                                &counters->TCPACKSkippedChallenge)) {
        counters->TCPChallengeACK++;
        send_request_ack(conn);
    }
}

/* A segment for a connection whose SYN-ACK is not acknowledged: it is looked at as one for a
 * request first (Linux's tcp_check_req).  A wrong SYN is reset, but does no harm.  False: it is
 * dealt with.
 */
bool tcp_fastopen_input(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    const struct tcp_fastopen *f = &conn->extra->fastopen;
    unsigned flags = rx->flags & (TH_SYN | TH_ACK | TH_RST);
    bool old =
        conn->opt.saw_tstamp && f->ts_recent && (int32_t)(f->ts_recent - conn->opt.rcv_tsval) > 0;

    if (rx->seq == f->irs && flags == TH_SYN && !old) {
        syn_again(conn);
        return false;
    }
    if (old || !tcp_in_window(rx, f->rcv_nxt, f->rcv_nxt + f->rcv_wnd)) {
        unacceptable(conn, rx, old);
        return false;
    }
    if (flags & TH_RST) {
        reset_arrived(conn, rx);
        return false;
    }
    if (flags & TH_SYN && rx->seq != f->irs) {
        conn->entry.stack->counters->AttemptFails++;
        tcp_reset_for(conn->entry.stack, rx);
        return false;
    }
    return (flags & TH_ACK) != 0;
}

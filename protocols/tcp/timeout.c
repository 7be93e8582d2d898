/* The retransmission time-out (RFC 6298): sending again, backing off, giving up.
 *
 * How often is too often depends on who waits: a handshake has its own limits, an owner may have
 * set TCP_USER_TIMEOUT, and orphans, which nobody waits for, are given up earlier, earlier still
 * when there are many. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

/* ---- Giving up ------------------------------------------------------------------------------ */

static bool in_handshake(const struct tcp_conn *conn)
{
    return conn->entry.state == TCP_SYN_SENT || conn->entry.state == TCP_SYN_RECV;
}

/* How long `boundary` back-offs from `base_us` would take, ms (RFC 1122 4.2.3.5 asks for a time;
 * Linux computes the one that so many retries with the least RTO would take). */
static uint64_t model_timeout_ms(const struct tcp_conn *conn, uint32_t boundary, uint32_t base_us)
{
    uint64_t most = tcp_rto_max_us(conn), linear = 0;

    while ((uint64_t)base_us << (linear + 1) <= most)
        linear++;
    uint64_t us = boundary <= linear
                      ? ((2ull << boundary) - 1) * base_us
                      : ((2ull << linear) - 1) * base_us + (boundary - linear) * most;
    return us / 1000;
}

/* It has been tried for as long as `boundary` doublings take, or for `timeout_ms`. */
static bool retransmits_timed_out(const struct tcp_conn *conn, uint32_t boundary,
                                  uint64_t timeout_ms)
{
    if (conn->retransmits == 0)
        return false;
    if (timeout_ms == 0)
        timeout_ms =
            model_timeout_ms(conn, boundary, in_handshake(conn) ? TCP_RTO_INIT_US : 200000);
    return tcp_now_ms(conn) - conn->retrans_stamp_ms >= timeout_ms;
}

uint32_t tcp_orphan_retries(const struct tcp_conn *conn, bool alive)
{
    uint32_t retries = conn->entry.stack->sysctl->orphan_retries;

    if (conn->soft_error && !alive)
        return 0; /* an ICMP error said that something is wrong */
    return retries == 0 && alive ? 8 : retries;
}

/* Too many orphans, or no memory for them: those that have had no answer for long, or of which an
 * ICMP error spoke, count twice or four times (Linux's tcp_out_of_resources).  `reset`: the peer
 * may still be there. */
bool tcp_orphan_given_up(struct tcp_conn *conn, bool reset)
{
    struct tcp_stack *stack = conn->entry.stack;
    uint32_t idle_ms = tcp_now_ms(conn) - conn->lsndtime_ms;
    bool doubtful = !reset || idle_ms > 2 * (tcp_rto_max_us(conn) / 1000);
    int shift = doubtful + (conn->soft_error != 0);

    if ((uint64_t)stack->orphans << shift <= stack->sysctl->max_orphans && !tcp_out_of_memory(conn))
        return false;
    if (reset || idle_ms <= TCP_TIMEWAIT_LEN / SIM_MS ||
        (conn->snd_wnd == 0 && conn->packets_out == 0))
        tcp_send_active_reset(conn);
    stack->counters->TCPAbortOnMemory++;
    tcp_done(conn, 0);
    return true;
}

void tcp_write_error(struct tcp_conn *conn)
{
    conn->entry.stack->counters->TCPAbortOnTimeout++;
    tcp_done(conn, conn->soft_error ? conn->soft_error : ETIMEDOUT);
}

/* Retransmissions of a handshake; linear ones (of a SYN alone) are not counted among them. */
static uint32_t handshake_retries(const struct tcp_conn *conn, bool *expired)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint32_t retries = tcp_or(conn->config->syncnt, sysctl->syn_retries);
    uint32_t linear = conn->entry.state == TCP_SYN_SENT ? sysctl->syn_linear_timeouts : 0;

    *expired = conn->retransmits >= retries + linear;
    return retries;
}

/* Gives up if too many retransmissions had no answer. */
static bool write_timeout(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint32_t retries = sysctl->retries2;
    bool expired = false;

    if (in_handshake(conn)) {
        retries = handshake_retries(conn, &expired);
    } else {
        if (retransmits_timed_out(conn, sysctl->retries1, 0))
            tcp_mtuprobe_black_hole(conn);
        if (conn->orphan) {
            bool alive = conn->rto_us < tcp_rto_max_us(conn);
            retries = tcp_orphan_retries(conn, alive);
            if (tcp_orphan_given_up(conn, alive || !retransmits_timed_out(conn, retries, 0)))
                return true;
        }
    }
    /* SYNs, too: linear ones are no more than fit into the time of those that double. */
    if (!expired)
        expired = retransmits_timed_out(conn, retries, conn->config->user_timeout_ms);
    tcp_fastopen_timed_out(conn, expired);
    if (expired)
        tcp_write_error(conn);
    return expired;
}

/* ---- Backing off ---------------------------------------------------------------------------- */

/* Of an RTO, not beyond what TCP_USER_TIMEOUT leaves. */
static uint32_t clamp_to_user_timeout(const struct tcp_conn *conn)
{
    uint32_t limit = conn->config->user_timeout_ms, elapsed;

    if (limit == 0)
        return conn->rto_us;
    elapsed = tcp_now_ms(conn) - conn->retrans_stamp_ms;
    return elapsed >= limit ? 1 : min_u32(conn->rto_us, (limit - elapsed) * 1000);
}

/* Too few packets to find a loss by duplicate ACKs; the first slow start will make them more. */
static bool stream_is_thin(const struct tcp_conn *conn)
{
    return conn->packets_out < 4 && conn->cc.ssthresh < CC_INFINITE;
}

static void back_off(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;

    if (conn->entry.state == TCP_ESTABLISHED &&
        (sysctl->thin_linear_timeouts || conn->config->thin_lto) && stream_is_thin(conn) &&
        conn->retransmits <= 6) {
        conn->backoff = 0;
        tcp_set_rto(conn);
    } else if (conn->entry.state != TCP_SYN_SENT ||
               tcp_trouble(conn)->timeouts > sysctl->syn_linear_timeouts) {
        conn->backoff++;
        conn->rto_us = min_u32(conn->rto_us * 2, tcp_rto_max_us(conn));
    }
    tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, clamp_to_user_timeout(conn));
}

/* ---- A closed window ------------------------------------------------------------------------ */

/* The peer took its window back to zero with data outstanding: retransmissions serve as window
 * probes, and the connection lives as long as they are answered. */
static bool probing_closed_window(const struct tcp_conn *conn)
{
    return conn->snd_wnd == 0 && !conn->orphan && !in_handshake(conn);
}

static bool closed_window_timed_out(const struct tcp_conn *conn)
{
    uint32_t now = tcp_now_ms(conn), limit = conn->config->user_timeout_ms;
    uint32_t timeout = 2 * (tcp_rto_max_us(conn) / 1000);
    uint32_t since = conn->retrans_stamp_ms ? conn->retrans_stamp_ms
                                            : (uint32_t)(rtxq_head(&conn->rtxq)->sent_us / 1000);

    if (limit && now - since > limit)
        return true;
    if (limit)
        timeout = min_u32(timeout, limit);
    return now - conn->rcv_tstamp_ms > timeout && now - since > timeout;
}

static void probe_by_retransmission(struct tcp_conn *conn)
{
    if (closed_window_timed_out(conn)) {
        tcp_write_error(conn);
        return;
    }
    tcp_enter_loss(conn);
    tcp_retransmit(conn, conn->rtxq.first, 1);
    back_off(conn);
}

/* ---- The timer has expired ------------------------------------------------------------------ */

/* The first time-out in a row ends a recovery, which was of no use. */
static void count_failed_recovery(struct tcp_conn *conn)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    bool sack = conn->opt.sack_ok;

    if (conn->retransmits > 0)
        return;
    if (conn->cc.state == CC_RECOVERY)
        ++*(sack ? &counters->TCPSackRecoveryFail : &counters->TCPRenoRecoveryFail);
    else if (conn->cc.state == CC_LOSS)
        counters->TCPLossFailures++;
    else if (conn->cc.state == CC_DISORDER || conn->sacked_out)
        ++*(sack ? &counters->TCPSackFailures : &counters->TCPRenoFailures);
}

void tcp_count_timeout(struct tcp_conn *conn)
{
    struct tcp_trouble *trouble = tcp_trouble(conn);

    if (conn->retransmits == 0) {
        trouble->rto_recoveries++;
        trouble->rto_stamp_ms = max_u32(tcp_now_ms(conn), 1);
    }
    if (conn->retransmits < UINT8_MAX)
        conn->retransmits++;
    trouble->timeouts++;
}

static void retransmit_oldest(struct tcp_conn *conn)
{
    count_failed_recovery(conn);
    tcp_enter_loss(conn);
    tcp_count_timeout(conn);
    tcp_trouble(conn)->rehash++; /* Linux changes the flow label, too */
    conn->entry.stack->counters->TcpTimeoutRehash++;
    if (conn->observers)
        tcp_observe_event(conn, TCP_EVENT_TIMEOUT, conn->retransmits, 0);
    if (tcp_retransmit(conn, conn->rtxq.first, 1) == XMIT_DROPPED) /* it did not leave the host */
        tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, TCP_RESOURCE_PROBE_US);
    else
        back_off(conn);
}

void tcp_retransmit_timer(struct tcp_conn *conn)
{
    if (conn->fastopen) {
        tcp_fastopen_timeout(conn);
        return;
    }
    if (conn->packets_out == 0)
        return;
    if (probing_closed_window(conn)) {
        probe_by_retransmission(conn);
        return;
    }
    conn->entry.stack->counters->TCPTimeouts++;
    if (!write_timeout(conn))
        retransmit_oldest(conn);
}

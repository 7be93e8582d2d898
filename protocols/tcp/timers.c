/* What happens when a timer of a connection expires. */
#include "protocols/tcp/timers.h"
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"

static sim_time in_us(const struct tcp_conn *conn, uint64_t us)
{
    return conn->entry.stack->sim->now + (sim_time)us * SIM_US;
}

/* ---- One event for all ---------------------------------------------------------------------- */

/* Sees to it that the connection wakes up at `at` or before.  Deadlines that move away, as most do
 * most of the time, cost one store: the event fires in vain now and then, and finds the next. */
static inline void wake_by(struct tcp_conn *conn, sim_time at)
{
    if (at < conn->wakeup.time || !event_pending(&conn->wakeup))
        event_schedule(conn->entry.stack->sim, &conn->wakeup, at, conn->entry.stack->actor);
}

/* ---- The retransmission timer and what shares it ------------------------------------------- */

void tcp_reset_rtx_timer(struct tcp_conn *conn, enum tcp_pending what, uint64_t us)
{
    uint32_t most = tcp_rto_max_us(conn);

    us += tcp_pacing_delay_us(conn);
    conn->pending = (uint8_t)what;
    conn->rtx_deadline = in_us(conn, us < most ? us : most);
    wake_by(conn, conn->rtx_deadline);
}

void tcp_stop_rtx_timer(struct tcp_conn *conn)
{
    conn->pending = TCP_PENDING_NONE;
    conn->rtx_deadline = SIM_NEVER;
}

/* Time until the oldest segment's RTO, us; negative when it is over. */
int64_t tcp_rto_delta_us(const struct tcp_conn *conn)
{
    return (int64_t)(rtxq_head(&conn->rtxq)->sent_us + conn->rto_us) - (int64_t)conn->mstamp;
}

void tcp_rearm_rto(struct tcp_conn *conn)
{
    int64_t rto = conn->rto_us;

    if (conn->fastopen) /* it is the SYN-ACK's */
        return;
    if (conn->packets_out == 0) {
        if (conn->pending == TCP_PENDING_RETRANS || conn->pending == TCP_PENDING_LOSS_PROBE ||
            conn->pending == TCP_PENDING_REO)
            tcp_stop_rtx_timer(conn);
        return;
    }
    if (conn->pending == TCP_PENDING_REO || conn->pending == TCP_PENDING_LOSS_PROBE) {
        rto = tcp_rto_delta_us(conn); /* the RTO counts from the sending, not from now */
        if (rto < 1)
            rto = 1;
    }
    tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, (uint64_t)rto);
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

bool tcp_retransmits_timed_out(const struct tcp_conn *conn, uint32_t boundary, uint64_t timeout_ms)
{
    bool handshake = conn->entry.state == TCP_SYN_SENT || conn->entry.state == TCP_SYN_RECV;

    if (conn->retransmits == 0)
        return false;
    if (timeout_ms == 0)
        timeout_ms = model_timeout_ms(conn, boundary, handshake ? TCP_RTO_INIT_US : 200000);
    return tcp_now_ms(conn) - conn->retrans_stamp_ms >= timeout_ms;
}

static uint32_t orphan_retries(const struct tcp_conn *conn, bool alive)
{
    uint32_t retries = conn->entry.stack->sysctl->orphan_retries;

    if (conn->soft_error && !alive)
        return 0; /* an ICMP error said that something is wrong */
    return retries == 0 && alive ? 8 : retries;
}

/* Too many orphans: those that have had no answer for long, or of which an ICMP error spoke, count
 * twice or four times (Linux's tcp_out_of_resources).  `reset`: the peer may still be there. */
static bool orphan_given_up(struct tcp_conn *conn, bool reset)
{
    struct tcp_stack *stack = conn->entry.stack;
    uint32_t idle_ms = tcp_now_ms(conn) - conn->lsndtime_ms;
    bool doubtful = !reset || idle_ms > 2 * (tcp_rto_max_us(conn) / 1000);
    int shift = doubtful + (conn->soft_error != 0);

    if ((uint64_t)stack->orphans << shift <= stack->sysctl->max_orphans)
        return false;
    if (reset || idle_ms <= TCP_TIMEWAIT_LEN / SIM_MS ||
        (conn->snd_wnd == 0 && conn->packets_out == 0))
        tcp_send_active_reset(conn);
    stack->counters->TCPAbortOnMemory++;
    tcp_done(conn, 0);
    return true;
}

/* Gives up if too many retransmissions had no answer. */
static bool write_timeout(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint32_t retries = sysctl->retries2;
    bool expired = false;

    if (conn->entry.state == TCP_SYN_SENT || conn->entry.state == TCP_SYN_RECV) {
        bool linear = conn->entry.state == TCP_SYN_SENT;
        retries = tcp_or(conn->config->syncnt, sysctl->syn_retries);
        expired = conn->retransmits >= retries + (linear ? sysctl->syn_linear_timeouts : 0);
    } else {
        if (tcp_retransmits_timed_out(conn, sysctl->retries1, 0))
            tcp_mtuprobe_black_hole(conn);
        if (conn->orphan) {
            bool alive = conn->rto_us < tcp_rto_max_us(conn);
            retries = orphan_retries(conn, alive);
            if (orphan_given_up(conn, alive || !tcp_retransmits_timed_out(conn, retries, 0)))
                return true;
        }
    }
    /* SYNs, too: linear ones are no more than fit into the time of those that double. */
    if (!expired)
        expired = tcp_retransmits_timed_out(conn, retries, conn->config->user_timeout_ms);
    if (expired)
        tcp_write_error(conn);
    return expired;
}

void tcp_write_error(struct tcp_conn *conn)
{
    conn->entry.stack->counters->TCPAbortOnTimeout++;
    tcp_done(conn, conn->soft_error ? conn->soft_error : ETIMEDOUT);
}

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

static void count_timeout(struct tcp_conn *conn)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (conn->retransmits > 0)
        return;
    if (conn->cc.state == CC_RECOVERY && conn->opt.sack_ok)
        counters->TCPSackRecoveryFail++;
    else if (conn->cc.state == CC_RECOVERY)
        counters->TCPRenoRecoveryFail++;
    else if (conn->cc.state == CC_LOSS)
        counters->TCPLossFailures++;
    else if (conn->cc.state == CC_DISORDER || conn->sacked_out) {
        if (conn->opt.sack_ok)
            counters->TCPSackFailures++;
        else
            counters->TCPRenoFailures++;
    }
}

/* The peer took its window back to zero with data outstanding: retransmissions serve as window
 * probes, and the connection lives as long as they are answered. */
static bool probing_closed_window(const struct tcp_conn *conn)
{
    return conn->snd_wnd == 0 && !conn->orphan && conn->entry.state != TCP_SYN_SENT &&
           conn->entry.state != TCP_SYN_RECV;
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

void tcp_retransmit_timer(struct tcp_conn *conn)
{
    if (conn->fastopen) {
        tcp_fastopen_timeout(conn);
        return;
    }
    if (conn->packets_out == 0)
        return;
    if (probing_closed_window(conn)) {
        if (closed_window_timed_out(conn)) {
            tcp_write_error(conn);
            return;
        }
        tcp_enter_loss(conn);
        tcp_retransmit(conn, conn->rtxq.first, 1);
        back_off(conn);
        return;
    }
    conn->entry.stack->counters->TCPTimeouts++;
    if (write_timeout(conn))
        return;
    count_timeout(conn);
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

/* ---- Zero window ---------------------------------------------------------------------------- */

static uint32_t probe_base_us(const struct tcp_conn *conn)
{
    return max_u32(conn->rto_us, 200000);
}

/* Of a time, not beyond what TCP_USER_TIMEOUT leaves to probes that nobody answers. */
uint64_t tcp_until_user_timeout_us(const struct tcp_conn *conn, uint64_t when)
{
    uint32_t limit = conn->config->user_timeout_ms;
    uint32_t since = tcp_trouble_seen(conn)->probes_stamp_ms;

    if (!limit || !since)
        return when;
    uint32_t elapsed = tcp_now_ms(conn) - since;
    uint64_t left = elapsed < limit ? (uint64_t)(limit - elapsed) * 1000 : 0;
    if (left < when)
        when = left > TCP_TIMEOUT_MIN_US ? left : TCP_TIMEOUT_MIN_US;
    return when;
}

uint64_t tcp_probe0_when_us(const struct tcp_conn *conn)
{
    uint64_t most = tcp_rto_max_us(conn);
    uint64_t when = (uint64_t)probe_base_us(conn) << (conn->backoff < 10 ? conn->backoff : 10);

    return tcp_until_user_timeout_us(conn, when < most ? when : most);
}

void tcp_check_probe_timer(struct tcp_conn *conn)
{
    if (conn->packets_out == 0 && conn->pending == TCP_PENDING_NONE)
        tcp_reset_rtx_timer(conn, TCP_PENDING_PROBE0, probe_base_us(conn));
}

static bool probes_exhausted(struct tcp_conn *conn)
{
    uint32_t limit = conn->config->user_timeout_ms, most = conn->entry.stack->sysctl->retries2;
    uint32_t *since = &tcp_trouble(conn)->probes_stamp_ms;

    if (*since == 0)
        *since = tcp_now_ms(conn);
    else if (limit && tcp_now_ms(conn) - *since >= limit)
        return true;
    if (conn->orphan) {
        bool alive = tcp_probe0_when_us(conn) < tcp_rto_max_us(conn);
        most = orphan_retries(conn, alive);
        if (!alive && conn->backoff >= most)
            return true;
    }
    return conn->probes_out >= most;
}

static void probe_timer(struct tcp_conn *conn)
{
    if (conn->packets_out || !tcp_send_head(conn)) {
        conn->probes_out = 0;
        tcp_trouble(conn)->probes_stamp_ms = 0;
        return;
    }
    if (probes_exhausted(conn))
        tcp_write_error(conn);
    else if (!conn->orphan || !orphan_given_up(conn, true))
        tcp_send_probe0(conn);
}

static void write_timer(struct tcp_conn *conn)
{
    switch (conn->pending) {
    case TCP_PENDING_RETRANS:
        conn->pending = TCP_PENDING_NONE;
        tcp_retransmit_timer(conn);
        break;
    case TCP_PENDING_PROBE0:
        conn->pending = TCP_PENDING_NONE;
        probe_timer(conn);
        break;
    case TCP_PENDING_LOSS_PROBE:
        tcp_send_loss_probe(conn);
        break;
    case TCP_PENDING_REO:
        tcp_rack_reo_timeout(conn);
        break;
    }
}

/* ---- Acknowledgements ----------------------------------------------------------------------- */

void tcp_set_ack_timer(struct tcp_conn *conn, sim_time at)
{
    conn->ack_deadline = at;
    wake_by(conn, at);
}

static void delayed_ack_due(struct tcp_conn *conn)
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

static void ack_timer(struct tcp_conn *conn)
{
    if (conn->compressed_ack)
        tcp_send_compressed_ack(conn);
    else if (conn->ack_pending & ACK_TIMER)
        delayed_ack_due(conn);
}

/* ---- Keepalive, and orphans in FIN_WAIT2 ---------------------------------------------------- */

void tcp_set_keepalive_timer(struct tcp_conn *conn, uint64_t ms)
{
    conn->keepalive_deadline = in_us(conn, ms * 1000);
    wake_by(conn, conn->keepalive_deadline);
}

static void keepalive_timer(struct tcp_conn *conn)
{
    if (conn->entry.state == TCP_FIN_WAIT2 && conn->orphan)
        tcp_fin_wait2_expired(conn);
    else if (conn->config->keepalive && conn->entry.state != TCP_CLOSED &&
             conn->entry.state != TCP_SYN_SENT)
        tcp_keepalive(conn);
}

/* ---- Waking up ------------------------------------------------------------------------------ */

void tcp_wake_for_pacing(struct tcp_conn *conn)
{
    conn->pacing_waits = true;
    wake_by(conn, conn->pacing_next);
}

/* Not from here, but at once: we are called from below. */
void tcp_wake_for_room(struct tcp_conn *conn)
{
    conn->throttled = false;
    conn->room_below = true;
    wake_by(conn, conn->entry.stack->sim->now);
}

/* Whether `deadline` is due; then it is not set any more. */
static bool take(sim_time *deadline, sim_time now)
{
    if (*deadline > now)
        return false;
    *deadline = SIM_NEVER;
    return true;
}

static void wake_for_the_rest(struct tcp_conn *conn)
{
    sim_time next = conn->rtx_deadline;

    if (conn->ack_deadline < next)
        next = conn->ack_deadline;
    if (conn->keepalive_deadline < next)
        next = conn->keepalive_deadline;
    if (conn->pacing_waits && conn->pacing_next < next)
        next = conn->pacing_next;
    if (next != SIM_NEVER)
        wake_by(conn, next);
}

static void wakeup(struct sim *sim, struct event *event)
{
    struct tcp_conn *conn = container_of(event, struct tcp_conn, wakeup);

    tcp_enter(conn);
    if (take(&conn->ack_deadline, sim->now))
        ack_timer(conn);
    if (take(&conn->rtx_deadline, sim->now))
        write_timer(conn);
    if (take(&conn->keepalive_deadline, sim->now))
        keepalive_timer(conn);
    bool paced = conn->pacing_waits && conn->pacing_next <= sim->now;
    if (paced || conn->room_below) {
        conn->pacing_waits &= !paced;
        conn->room_below = false;
        tcp_pacing_resume(conn);
    }
    wake_for_the_rest(conn);
    tcp_leave(conn);
}

void tcp_timers_init(struct tcp_conn *conn)
{
    event_init(&conn->wakeup, wakeup);
    conn->rtx_deadline = conn->ack_deadline = conn->keepalive_deadline = SIM_NEVER;
}

void tcp_timers_cancel(struct tcp_conn *conn)
{
    event_cancel(conn->entry.stack->sim, &conn->wakeup);
    conn->rtx_deadline = conn->ack_deadline = conn->keepalive_deadline = SIM_NEVER;
    conn->pacing_waits = false;
    conn->pending = TCP_PENDING_NONE;
}

/* The timers of a connection: when each is due, and whom it calls.
 *
 * There is one event for all of them, set for the earliest deadline or before.  Deadlines that move
 * away, as most do most of the time, cost one store: the event fires in vain now and then, and
 * finds the next. */
#include "protocols/tcp/timers.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"

static sim_time in_us(const struct tcp_conn *conn, uint64_t us)
{
    return conn->entry.stack->sim->now + (sim_time)us * SIM_US;
}

/* Sees to it that the connection wakes up at `at` or before. */
static inline void wake_by(struct tcp_conn *conn, sim_time at)
{
    if (at < conn->wakeup.time || !event_pending(&conn->wakeup))
        event_schedule(conn->entry.stack->sim, &conn->wakeup, at, conn->entry.stack->actor);
}

/* ---- The retransmission timer and what shares it -------------------------------------------- */

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

/* What the timer waited for has come. */
static void write_timer(struct tcp_conn *conn)
{
    switch (conn->pending) {
    case TCP_PENDING_RETRANS:
        conn->pending = TCP_PENDING_NONE;
        tcp_retransmit_timer(conn);
        break;
    case TCP_PENDING_PROBE0:
        conn->pending = TCP_PENDING_NONE;
        tcp_probe_timer(conn);
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

static void ack_timer(struct tcp_conn *conn)
{
    if (conn->compressed_ack)
        tcp_send_compressed_ack(conn);
    else if (conn->ack_pending & ACK_TIMER)
        tcp_delayed_ack(conn);
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

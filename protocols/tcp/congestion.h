/* How fast, and how much: pacing, the congestion control, and what limits the sender. */
#ifndef WEFT_PROTOCOLS_TCP_CONGESTION_H
#define WEFT_PROTOCOLS_TCP_CONGESTION_H

#include "protocols/tcp/conn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/timers.h"

struct tcp_ack_work;

/* ---- pacer.c -------------------------------------------------------------------------------- */

/* Whether there is a pacing rate. */
static inline bool tcp_paced(const struct tcp_conn *conn)
{
    return conn->cc.pacing_rate != UINT64_MAX;
}

/* Whether it is too early to send; then the connection will wake up. */
static inline bool tcp_pacing_holds(struct tcp_conn *conn)
{
    if (!tcp_paced(conn) || conn->pacing_next <= conn->entry.stack->sim->now)
        return false;
    tcp_wake_for_pacing(conn);
    return true;
}

/* Until pacing allows the next segment. */
static inline uint64_t tcp_pacing_delay_us(const struct tcp_conn *conn)
{
    sim_time now = conn->entry.stack->sim->now;

    if (!tcp_paced(conn) || conn->pacing_next <= now)
        return 0;
    return (uint64_t)((conn->pacing_next - now) / SIM_US);
}

/* While tcp_paced. */
void tcp_pacing_sent(struct tcp_conn *conn, uint32_t bytes);

/* The wait for pacing, or for room below, is over. */
void tcp_pacing_resume(struct tcp_conn *conn);

/* Bytes per second of one window per round trip, and the pacing rate that follows from it. */
uint64_t tcp_window_rate(const struct tcp_conn *conn);
void tcp_update_pacing_rate(struct tcp_conn *conn);
void tcp_pacing_limit_changed(struct tcp_conn *conn);

/* ---- congestion.c --------------------------------------------------------------------------- */

/* What the congestion control sees of the connection. */
static inline void tcp_cc_sync(struct tcp_conn *conn)
{
    conn->cc.now = conn->entry.stack->sim->now;
    conn->cc.inflight = tcp_inflight(conn);
    conn->cc.una = conn->snd_una;
    conn->cc.nxt = conn->snd_nxt;
    conn->cc.app_limited = conn->app_limited != 0;
}

/* Hooks of the congestion control, each behind tcp_cc_sync. */
void tcp_cc_acked(struct tcp_conn *conn, const struct tcp_ack_work *work);
void tcp_cc_in_ack(struct tcp_conn *conn, struct tcp_ack_work *work);
void tcp_cc_lost(struct tcp_conn *conn, const struct tcp_seg *seg);
void tcp_cc_event(struct tcp_conn *conn, enum cc_event event);
uint32_t tcp_cc_ssthresh(struct tcp_conn *conn);

/* Gives the connection a congestion control, starts it, and takes it away. */
void tcp_cc_assign(struct tcp_conn *conn, const struct cc_ops *ops, const void *params);
void tcp_cc_init(struct tcp_conn *conn);
void tcp_cc_release(struct tcp_conn *conn);

/* From now on `limit` is what keeps the sender from sending. */
void tcp_limit_change(struct tcp_conn *conn, unsigned limit);

/* enum tcp_limit, or IDLE */
static inline void tcp_limit_set(struct tcp_conn *conn, unsigned limit)
{
    if (conn->limit != limit)
        tcp_limit_change(conn, limit);
}

#endif

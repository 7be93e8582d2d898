/* What a connection waits for. */
#ifndef WEFT_PROTOCOLS_TCP_TIMERS_H
#define WEFT_PROTOCOLS_TCP_TIMERS_H

#include "protocols/tcp/internal.h"

/* ---- timers.c ------------------------------------------------------------------------------- */

/* Nothing is waited for. */
void tcp_timers_init(struct tcp_conn *conn);
void tcp_timers_cancel(struct tcp_conn *conn);

/* Bounds of the time-out: the socket's option, or the sysctl. */
static inline uint32_t tcp_rto_max_us(const struct tcp_conn *conn)
{
    return tcp_or(conn->config->rto_max_ms, conn->entry.stack->sysctl->rto_max_ms) * 1000;
}

static inline uint32_t tcp_rto_min_us(const struct tcp_conn *conn)
{
    uint32_t own = conn->config->rto_min_ms;
    return own ? own * 1000 : conn->entry.stack->sysctl->rto_min_us;
}

/* The one timer of retransmission, zero window, loss probe and reordering: waits for `what`. */
void tcp_reset_rtx_timer(struct tcp_conn *conn, enum tcp_pending what, uint64_t us);
void tcp_stop_rtx_timer(struct tcp_conn *conn);

/* Until the time-out of the oldest segment; (re)starts waiting for it. */
int64_t tcp_rto_delta_us(const struct tcp_conn *conn);
void tcp_rearm_rto(struct tcp_conn *conn);

/* The other deadlines. */
void tcp_set_ack_timer(struct tcp_conn *conn, sim_time at);
void tcp_set_keepalive_timer(struct tcp_conn *conn, uint64_t ms);
void tcp_wake_for_pacing(struct tcp_conn *conn);
void tcp_wake_for_room(struct tcp_conn *conn);

/* ---- timeout.c ------------------------------------------------------------------------------ */

/* A retransmission time-out: sends again, and backs off. */
void tcp_retransmit_timer(struct tcp_conn *conn);

/* One more time-out in a row. */
void tcp_count_timeout(struct tcp_conn *conn);

/* The end for want of an answer. */
void tcp_write_error(struct tcp_conn *conn);

/* Orphans have fewer tries; `alive`: their time-out is not yet at its longest.  When there are too
 * many of them, one in trouble is given up; `reset`: its peer may still be there.  True: it was. */
uint32_t tcp_orphan_retries(const struct tcp_conn *conn, bool alive);
bool tcp_orphan_given_up(struct tcp_conn *conn, bool reset);

/* ---- probe.c -------------------------------------------------------------------------------- */

/* Data waits and nothing is in flight: probing begins if it does not yet. */
void tcp_check_probe_timer(struct tcp_conn *conn);
void tcp_probe_timer(struct tcp_conn *conn);

/* An ACK came while nothing was in flight, and `head` waits. */
void tcp_ack_probe(struct tcp_conn *conn, const struct tcp_seg *head);

/* Asks the peer for an ACK, with data if the window has room for some; what goes without data is
 * counted in `counter`.  0, XMIT_DROPPED if the host's own queue refused what was sent, or an
 * errno. */
int tcp_write_wakeup(struct tcp_conn *conn, uint64_t *counter);

/* ---- keepalive.c ---------------------------------------------------------------------------- */

/* Keepalive: begins, begins anew with another idle time, is due. */
void tcp_start_keepalive(struct tcp_conn *conn);
void tcp_restart_keepalive(struct tcp_conn *conn);
void tcp_keepalive(struct tcp_conn *conn);

#endif

/* What a connection waits for. */
#ifndef WEFT_PROTOCOLS_TCP_TIMERS_H
#define WEFT_PROTOCOLS_TCP_TIMERS_H

#include "protocols/tcp/conn.h"

/* ---- timers.c -------------------------------------------------------------------------------- */

/* Nothing is waited for. */
void tcp_timers_init(struct tcp_conn *conn);
void tcp_timers_cancel(struct tcp_conn *conn);

/* The one timer of retransmission, zero window, loss probe and reordering: waits for `what`. */
void tcp_reset_rtx_timer(struct tcp_conn *conn, enum tcp_pending what, uint64_t us);
void tcp_stop_rtx_timer(struct tcp_conn *conn);

/* Until the time-out of the oldest segment; (re)starts waiting for it. */
int64_t tcp_rto_delta_us(const struct tcp_conn *conn);
void tcp_rearm_rto(struct tcp_conn *conn);

/* A retransmission time-out: sends again, and backs off. */
void tcp_retransmit_timer(struct tcp_conn *conn);

/* One more time-out in a row. */
void tcp_count_timeout(struct tcp_conn *conn);

/* Gives up: has it tried for as long as `boundary` doublings take, or `timeout_ms`?  Then ends. */
bool tcp_retransmits_timed_out(const struct tcp_conn *conn, uint32_t boundary, uint64_t timeout_ms);
void tcp_write_error(struct tcp_conn *conn);

/* Zero-window probes: the wait for the next one, and the first. */
uint64_t tcp_until_user_timeout_us(const struct tcp_conn *conn, uint64_t when);
uint64_t tcp_probe0_when_us(const struct tcp_conn *conn);
void tcp_check_probe_timer(struct tcp_conn *conn);

/* The other deadlines. */
void tcp_set_ack_timer(struct tcp_conn *conn, sim_time at);
void tcp_wake_for_pacing(struct tcp_conn *conn);
void tcp_wake_for_room(struct tcp_conn *conn);
void tcp_set_keepalive_timer(struct tcp_conn *conn, uint64_t ms);

/* ---- keepalive.c ----------------------------------------------------------------------------- */

/* Keepalive: begins, begins anew with another idle time, is due. */
void tcp_start_keepalive(struct tcp_conn *conn);
void tcp_restart_keepalive(struct tcp_conn *conn);
void tcp_keepalive(struct tcp_conn *conn);

#endif

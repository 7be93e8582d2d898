/* Loss recovery: finding out what is lost, and the states that follow from it. */
#ifndef WEFT_PROTOCOLS_TCP_RECOVERY_H
#define WEFT_PROTOCOLS_TCP_RECOVERY_H

#include "protocols/tcp/conn.h"

struct tcp_ack_work;

/* ---- rack.c --------------------------------------------------------------------------------- */

/* Of the delivered segments the one sent last (RFC 8985 6.2 step 2). */
void tcp_rack_advance(struct tcp_conn *conn, const struct tcp_seg *seg);

/* Marks lost what was sent long enough before that one.  True: more may
 * follow, and the timer runs. */
bool tcp_rack_mark_lost(struct tcp_conn *conn);

/* That timer has expired. */
void tcp_rack_reo_timeout(struct tcp_conn *conn);

/* The reordering window: what an ACK says of it, that it stays wide, when it ends for `seg`. */
void tcp_rack_update_reo_wnd(struct tcp_conn *conn, const struct tcp_ack_work *work);
void tcp_rack_persist_more(struct tcp_conn *conn);
int64_t tcp_rack_timeout_us(const struct tcp_conn *conn, const struct tcp_seg *seg,
                            uint32_t window_us);

/* Tail loss probes (RFC 8985 7).  True: the timer is set for one; it has expired. */
bool tcp_schedule_loss_probe(struct tcp_conn *conn, bool advancing_rto);
void tcp_send_loss_probe(struct tcp_conn *conn);
/* While conn->tlp_pending. */
void tcp_process_tlp_ack(struct tcp_conn *conn, uint32_t ack, uint32_t flags);

/* ---- recovery.c ----------------------------------------------------------------------------- */

/* The one place where cc.state changes. */
void tcp_set_ca_state(struct tcp_conn *conn, enum cc_state next);

/* Something that was sent again is not acknowledged yet. */
bool tcp_any_retrans_done(const struct tcp_conn *conn);

/* Open, or Disorder if something is missing. */
void tcp_try_keep_open(struct tcp_conn *conn);

/* The window is on its way down to ssthresh. */
static inline bool tcp_in_cwnd_reduction(const struct tcp_conn *conn)
{
    return conn->cc.state == CC_CWR || conn->cc.state == CC_RECOVERY;
}

/* Where slow start would end if the window was left now. */
uint32_t tcp_current_ssthresh(const struct tcp_conn *conn);

/* Proportional rate reduction: its begin, one ACK, its end. */
void tcp_init_cwnd_reduction(struct tcp_conn *conn);
void tcp_cwnd_reduction(struct tcp_conn *conn, uint32_t acked_sacked, uint32_t lost,
                        uint32_t flags);
void tcp_end_cwnd_reduction(struct tcp_conn *conn);

/* Into CWR; into Recovery; out of Loss. */
void tcp_enter_cwr(struct tcp_conn *conn);
void tcp_enter_recovery(struct tcp_conn *conn, bool ece);
void tcp_loss_is_over(struct tcp_conn *conn);

/* An ACK that is not plain progress: what is lost, and in which state does that put us? */
void tcp_fastretrans_alert(struct tcp_conn *conn, uint32_t prior_una, uint32_t dupacks,
                           struct tcp_ack_work *work);

/* Sends again what is too large now; what is marked lost.  Neither is a sign of congestion. */
void tcp_simple_retransmit(struct tcp_conn *conn);
void tcp_retransmit_without_congestion(struct tcp_conn *conn);

/* ---- undo.c --------------------------------------------------------------------------------- */

/* From here on the reduction can be undone, if everything sent again turns out to have arrived. */
void tcp_init_undo(struct tcp_conn *conn);

/* The ACK of `seg` is for its first transmission (RFC 3522 3.2, Eifel). */
bool tcp_spurious_retrans(const struct tcp_conn *conn, const struct tcp_seg *seg);

/* Each is true if the window was given back: at the end of Recovery, by D-SACKs, by a partial
 * ACK. */
bool tcp_try_undo_recovery(struct tcp_conn *conn);
bool tcp_try_undo_dsack(struct tcp_conn *conn);
bool tcp_try_undo_partial(struct tcp_conn *conn, uint32_t prior_una);

/* A time-out: everything is lost. */
void tcp_enter_loss(struct tcp_conn *conn);

/* An ACK after that: was the time-out spurious (RFC 5682, F-RTO)? */
void tcp_process_loss(struct tcp_conn *conn, uint32_t dupacks, struct tcp_ack_work *work);

#endif

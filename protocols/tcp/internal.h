/* What all files of TCP know of a connection: its clock, its life, its states.  What concerns only
 * some of them stands in a header by subject:
 *
 *   options.h     building and reading headers     ecn.h, fastopen.h   what the handshake agrees on
 *   acking.h      digesting an ACK                 recovery.h          what is lost, and the window
 *   receiving.h   what comes in, when to tell      sending.h           what goes out
 *   congestion.h  pace, and congestion control     timers.h            what is waited for
 *   listen.h      the passive side */
#ifndef WEFT_PROTOCOLS_TCP_INTERNAL_H
#define WEFT_PROTOCOLS_TCP_INTERNAL_H

#include "protocols/tcp/conn.h"

/* ---- Small things --------------------------------------------------------------------------- */

/* The clock of TCP, in microseconds as Linux's.  It starts at one second, so that a time of 0 can
 * mean never. */
static inline uint64_t tcp_clock(const struct sim *sim)
{
    return (uint64_t)(sim->now + SIM_S) / SIM_US;
}

static inline uint32_t tcp_clock_ms(const struct sim *sim)
{
    return (uint32_t)(tcp_clock(sim) / 1000);
}

static inline uint32_t tcp_clock_s(const struct sim *sim)
{
    return (uint32_t)(tcp_clock(sim) / 1000000);
}

static inline uint32_t tcp_now_ms(const struct tcp_conn *conn)
{
    return (uint32_t)(conn->mstamp / 1000);
}

static inline uint32_t tcp_now_s(const struct tcp_conn *conn)
{
    return (uint32_t)(conn->mstamp / 1000000);
}

/* What goes into the timestamp option (RFC 7323 5.4: 1 ms). */
static inline uint32_t tcp_timestamp(const struct tcp_conn *conn)
{
    return tcp_now_ms(conn) + conn->tsoffset;
}

/* Packets in the network, as far as we know. */
static inline uint32_t tcp_inflight(const struct tcp_conn *conn)
{
    return conn->packets_out - (conn->sacked_out + conn->lost_out) + conn->retrans_out;
}

static inline uint32_t tcp_min_rtt(const struct tcp_conn *conn)
{
    return conn->rtt_min.value[0];
}

/* The end of what the receiver allows. */
static inline uint32_t tcp_wnd_end(const struct tcp_conn *conn)
{
    return conn->snd_una + conn->snd_wnd;
}

/* Bytes of data in a segment. */
static inline uint32_t tcp_seg_length(const struct tcp_seg *seg)
{
    return seg->end_seq - seg->seq - ((seg->flags & (TH_SYN | TH_FIN)) != 0);
}

/* A segment touches the window [low, high) (RFC 9293 3.10.7.4); at its end it may be without data.
 */
static inline bool tcp_in_window(const struct tcp_rx *rx, uint32_t low, uint32_t high)
{
    return rx->seq == low || (after(rx->end_seq, low) && before(rx->seq, high)) ||
           (rx->seq == high && rx->seq == rx->end_seq);
}

/* The end of a segment's data: a FIN has a number, but is none. */
static inline uint32_t tcp_data_end(const struct tcp_rx *rx)
{
    return rx->end_seq - ((rx->flags & TH_FIN) != 0);
}

/* What a socket's option says, or while it is 0 its sysctl. */
static inline uint32_t tcp_or(uint32_t own, uint32_t sysctl)
{
    return own ? own : sysctl;
}

/* ---- conn.c --------------------------------------------------------------------------------- */

void tcp_leave_slow(struct tcp_conn *conn);

/* Everything that touches a connection happens between these two: the first reads the clock, the
 * outermost tcp_leave makes the upcalls and frees the connection if it is dead. */
static inline void tcp_enter(struct tcp_conn *conn)
{
    if (conn->depth++ == 0)
        conn->mstamp = tcp_clock(conn->entry.stack->sim);
}

static inline void tcp_leave(struct tcp_conn *conn)
{
    if (conn->depth > 1 || (!conn->notify && !conn->dead))
        conn->depth--;
    else
        tcp_leave_slow(conn);
}

/* A closed connection without an owner; takes the reference over. */
struct tcp_conn *tcp_conn_make(struct tcp_stack *stack, const struct tcp_config *config);

/* The end: CLOSED, `error` 0 if it was orderly. */
void tcp_done(struct tcp_conn *conn, int error);
void tcp_shutdown_send(struct tcp_conn *conn);
void tcp_conn_forget(struct tcp_conn *conn);

/* The connection's rarely used state, made at the first call. */
struct tcp_extra *tcp_make_extra(struct tcp_conn *conn);

static inline struct tcp_extra *tcp_extra(struct tcp_conn *conn)
{
    return conn->extra ? conn->extra : tcp_make_extra(conn);
}

static inline struct tcp_trouble *tcp_trouble(struct tcp_conn *conn)
{
    return &tcp_extra(conn)->trouble;
}

/* For reading: zeros while there was none. */
const struct tcp_trouble *tcp_trouble_seen(const struct tcp_conn *conn);

/* ---- observe.c ------------------------------------------------------------------------------ */

void tcp_observe_event(struct tcp_conn *conn, enum tcp_event event, uint32_t a, uint32_t b);

/* More is held lost than there was: TCP_EVENT_LOSS. */
static inline void tcp_observe_loss(struct tcp_conn *conn, uint32_t before)
{
    if (conn->observers && conn->cc.lost != before)
        tcp_observe_event(conn, TCP_EVENT_LOSS, conn->cc.lost - before, 0);
}

/* ---- config.c ------------------------------------------------------------------------------- */

/* Configurations are shared and counted; a new one has one reference.  NULL: the defaults. */
const struct tcp_config *tcp_config_new(struct tcp_memory *memory, const struct tcp_config *config);
const struct tcp_config *tcp_config_ref(const struct tcp_config *config);
void tcp_config_unref(const struct tcp_config *config);

/* Of a received segment's memory, in 256ths, before one was seen: what Linux takes for data. */
enum { TCP_SCALING_RATIO = 128 };

/* Buffers cannot be made smaller (Linux, bytes). */
enum { TCP_RCVBUF_LEAST = 2304, TCP_SNDBUF_LEAST = 4608 };

uint32_t tcp_initial_space(const struct tcp_stack *stack, const struct tcp_config *config);
void tcp_apply_config(struct tcp_conn *conn);

/* ---- fsm.c ---------------------------------------------------------------------------------- */

enum fsm_event {
    FSM_OPEN,    /* connect */
    FSM_ACCEPT,  /* a request becomes a connection */
    FSM_GOT_SYN, /* without ACK, in SYN_SENT */
    FSM_GOT_SYN_ACK,
    FSM_SYN_ACKED, /* in SYN_RECV */
    FSM_CLOSE,     /* the owner has no more to send */
    FSM_GOT_FIN,
    FSM_FIN_ACKED,
    FSM_ORPHANED, /* FIN_WAIT2 goes on without the connection */
    FSM_END,
};

/* Changes the state; the event must be one of the present state. */
void fsm_event(struct tcp_conn *conn, enum fsm_event event);
bool fsm_accepts(const struct tcp_conn *conn, enum fsm_event event);

/* ---- stack.c, error.c ----------------------------------------------------------------------- */

void tcp_stack_wake(struct tcp_stack *stack);
void tcp_reset_for(struct tcp_stack *stack, const struct tcp_rx *rx);
struct ip_addr tcp_outside(const struct tcp_stack *stack, const struct ip_addr *addr);
uint16_t tcp_default_mss(const struct tcp_stack *stack, const struct ip_addr *remote);
struct tcp_tx;
void tcp_send_alone(const struct tcp_entry *entry, const struct tcp_tx *tx, uint8_t tos,
                    uint32_t flow);
bool tcp_memory_empty(const struct tcp_memory *memory);
const void *tcp_cc_defaults(struct tcp_memory *memory, const struct cc_ops *ops);
const struct cc_ops *tcp_default_cc(const struct tcp_stack *stack);
bool tcp_has_sent(struct tcp_stack *stack, const uint8_t *quote, uint32_t quote_len,
                  const struct ip_rx *rx);
/* False: there is no such connection. */
bool tcp_icmp_error(struct tcp_stack *stack, uint8_t type, uint8_t code, uint32_t info,
                    const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx);

/* ---- open.c --------------------------------------------------------------------------------- */

uint32_t tcp_mtu_to_mss(const struct tcp_conn *conn, uint32_t mtu);
void tcp_sync_mss(struct tcp_conn *conn, uint32_t pmtu);
/* The route has changed: perhaps the path MTU, too. */
void tcp_check_path(struct tcp_conn *conn);
uint32_t tcp_choose_seq(const struct tcp_stack *stack, const struct tcp_key *key);
uint32_t tcp_timestamp_offset(const struct tcp_stack *stack, const struct tcp_key *key);
void tcp_init_transfer(struct tcp_conn *conn);

/* The initial window: the route's, or ten packets (RFC 6928). */
uint32_t tcp_initial_cwnd(const struct tcp_conn *conn);
void tcp_finish_fastopen(struct tcp_conn *conn);
void tcp_finish_passive(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_rcv_syn_sent(struct tcp_conn *conn, struct tcp_rx *rx);

/* ---- timewait.c ----------------------------------------------------------------------------- */

/* The connection becomes a TIME_WAIT by `event`. */
void tcp_time_wait(struct tcp_conn *conn, enum fsm_event event, sim_time length);
void tcp_orphan_fin_wait2(struct tcp_conn *conn, bool fin_follows);
void tcp_fin_wait2_expired(struct tcp_conn *conn);
void tcp_tw_input(struct tcp_tw *tw, struct tcp_rx *rx);
void tcp_tw_free_all(struct tcp_stack *stack);
bool tcp_is_loopback(const struct tcp_key *key);
bool tcp_tw_reuse_allowed(const struct tcp_stack *stack, const struct tcp_key *key);
bool tcp_tw_reusable(const struct tcp_tw *tw, bool bound);
void tcp_tw_replace(struct tcp_conn *conn);

/* ---- input.c -------------------------------------------------------------------------------- */

void tcp_conn_input(struct tcp_conn *conn, struct tcp_rx *rx);
bool tcp_oow_limited(struct tcp_stack *stack, uint32_t *last_ms, uint64_t *counter);
bool tcp_segment_limited(struct tcp_stack *stack, const struct tcp_rx *rx, uint32_t *last_ms,
                         uint64_t *counter);
void tcp_send_challenge_ack(struct tcp_conn *conn);
bool tcp_paws_check(const struct tcp_conn *conn, uint32_t slack);
void tcp_got_reset(struct tcp_conn *conn);
void tcp_fin(struct tcp_conn *conn);

/* ---- metrics.c ------------------------------------------------------------------------------ */

/* The connection has come to an orderly end; its transfer begins. */
void tcp_metrics_save(struct tcp_conn *conn);
void tcp_metrics_use(struct tcp_conn *conn);

/* A former connection has measured a round-trip time: the address is no forged one. */
bool tcp_metrics_known(struct tcp_stack *stack, const struct ip_addr *local,
                       const struct ip_addr *remote);
uint32_t tcp_metrics_count(const struct tcp_stack *stack);
void tcp_metrics_free(struct tcp_stack *stack);

#endif

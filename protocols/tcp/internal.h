/* What the files of TCP call of each other, by file. */
#ifndef WEFT_PROTOCOLS_TCP_INTERNAL_H
#define WEFT_PROTOCOLS_TCP_INTERNAL_H

#include "protocols/tcp/conn.h"

struct tcp_request;

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

/* ---- options.c ------------------------------------------------------------------------------ */

/* A segment to be built. */
struct tcp_tx {
    uint32_t seq, ack, tsval, tsecr;
    uint16_t window, mss, urgent;
    uint16_t flags;
    uint8_t wscale, sack_count;
    uint8_t ecn; /* ECN field of the IP header */
    uint8_t accecn_fields;
    uint32_t e1b, ceb, e0b;
    const struct tcp_cookie *cookie; /* Fast Open's option, of a SYN; NULL: none */
    bool timestamps, sack_permitted, wscale_ok;
    struct tcp_sack_block sack[TCP_SACK_BLOCKS];
};

void tcp_rx_flatten(const struct tcp_rx *rx);
void tcp_options_syn(struct tcp_rx *rx, const struct tcp_sysctl *sysctl, struct tcp_options *opt);
void tcp_options_established(struct tcp_rx *rx, struct tcp_options *opt);
void tcp_put_header(struct packet *packet, const struct tcp_key *key, const struct tcp_tx *tx);

/* ---- ecn.c, accecn.c ------------------------------------------------------------------------ */

/* The ECN field of the IP header (RFC 3168 5); 0: not ECN-capable. */
enum tcp_ecn_field { ECT_1 = 1, ECT_0 = 2, ECN_CE = 3, ECN_MASK = 3 };

static inline uint8_t tcp_rx_ecn(const struct tcp_rx *rx)
{
    return rx->ip->tos & ECN_MASK;
}

/* ... and the rest of that byte. */
static inline uint8_t tcp_rx_dscp(const struct tcp_rx *rx)
{
    return rx->ip->tos & 0xff & ~ECN_MASK;
}

/* The ACE field (RFC 9768 3.1): AE, CWR, ECE. */
static inline unsigned tcp_rx_ace(const struct tcp_rx *rx)
{
    return (unsigned)rx->flags >> 6 & 7;
}

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

void tcp_ecn_connect(struct tcp_conn *conn);
uint16_t tcp_ecn_syn_flags(const struct tcp_conn *conn, uint8_t n);
void tcp_ecn_got_syn_ack(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_ecn_got_syn(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_ecn_request(struct tcp_request *req, const struct tcp_rx *rx);
void tcp_ecn_request_again(struct tcp_request *req, const struct tcp_rx *rx);
void tcp_ecn_syn_ack(const struct tcp_request *req, struct tcp_tx *tx);
void tcp_ecn_open_child(struct tcp_conn *conn, const struct tcp_request *req,
                        const struct tcp_rx *rx);
void tcp_ecn_send(struct tcp_conn *conn, struct tcp_tx *tx, bool new_data);
void tcp_ecn_queue_cwr(struct tcp_conn *conn);
void tcp_ecn_withdraw_cwr(struct tcp_conn *conn);
uint8_t tcp_ecn_last_field(struct tcp_conn *conn);
void tcp_ecn_cwr(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_ecn_data(struct tcp_conn *conn, const struct tcp_rx *rx);

uint16_t tcp_accecn_reflect(unsigned field);
void tcp_accecn_open(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_accecn_open_child(struct tcp_conn *conn, const struct tcp_request *req,
                           const struct tcp_rx *rx);
void tcp_accecn_send(struct tcp_conn *conn, struct tcp_tx *tx);
uint32_t tcp_accecn_bytes(uint32_t fields, bool sacks);
uint32_t tcp_accecn_fit(const struct tcp_conn *conn, uint8_t *sacks, uint8_t *fields);
void tcp_accecn_put(struct tcp_conn *conn, struct tcp_tx *tx);
void tcp_accecn_received(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_accecn_duplicate(struct tcp_conn *conn, uint32_t seq);

/* ---- fastopen.c ----------------------------------------------------------------------------- */

uint64_t tcp_siphash(const uint8_t key[16], const uint8_t *bytes, uint32_t length);
void tcp_fastopen_option(const struct tcp_rx *rx, struct tcp_cookie *cookie);
uint32_t tcp_cookie_bytes(const struct tcp_cookie *cookie);
void tcp_cookie_put(const struct tcp_cookie *cookie, uint8_t *p);
bool tcp_fastopen_accepts(struct tcp_request *req, const struct tcp_rx *rx,
                          struct tcp_cookie *cookie);
void tcp_fastopen_open_child(struct tcp_conn *conn, const struct tcp_rx *rx,
                             const struct tcp_cookie *answer);
void tcp_fastopen_timeout(struct tcp_conn *conn);
bool tcp_fastopen_input(struct tcp_conn *conn, const struct tcp_rx *rx);
uint32_t tcp_fastopen_connect(struct tcp_conn *conn, struct blob *blob, uint64_t offset,
                              uint32_t length);
void tcp_fastopen_withdraw(struct tcp_conn *conn);
bool tcp_fastopen_got_syn_ack(struct tcp_conn *conn, const struct tcp_rx *rx, uint16_t mss);

/* Data can be sent: the handshake is complete, or Fast Open does not wait for it. */
static inline bool tcp_may_transfer(const struct tcp_conn *conn)
{
    return conn->entry.state >= TCP_ESTABLISHED || conn->fastopen;
}

/* ---- open.c, timewait.c --------------------------------------------------------------------- */

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

/* The connection becomes a TIME_WAIT by `event`. */
void tcp_time_wait(struct tcp_conn *conn, enum fsm_event event, sim_time length);
void tcp_orphan_fin_wait2(struct tcp_conn *conn, bool fin_follows);
void tcp_fin_wait2_expired(struct tcp_conn *conn);
void tcp_tw_input(struct tcp_tw *tw, struct tcp_rx *rx);
void tcp_tw_free_all(struct tcp_stack *stack);
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

/* ---- ack.c ---------------------------------------------------------------------------------- */

enum tcp_ack_flag {
    ACKF_DATA = 0x01, /* the segment carries data */
    ACKF_WIN_UPDATE = 0x02,
    ACKF_DATA_ACKED = 0x04,
    ACKF_RETRANS_DATA_ACKED = 0x08, /* some of it had been retransmitted */
    ACKF_SYN_ACKED = 0x10,
    ACKF_DATA_SACKED = 0x20, /* new SACKs */
    ACKF_ECE = 0x40,
    ACKF_LOST_RETRANS = 0x80, /* a retransmission was lost */
    ACKF_SLOWPATH = 0x100,
    ACKF_ORIG_SACK_ACKED = 0x200, /* never retransmitted data below high_seq arrived */
    ACKF_SND_UNA_ADVANCED = 0x400,
    ACKF_DSACKING_ACK = 0x800,
    ACKF_SET_XMIT_TIMER = 0x1000,
    ACKF_SACK_RENEGING = 0x2000,
    ACKF_UPDATE_TS_RECENT = 0x4000,
    ACKF_MAYBE_DELAYED = 0x8000,
    ACKF_DSACK_TLP = 0x10000,   /* the D-SACK is for a loss probe */
    ACKF_TS_PROGRESS = 0x20000, /* the timestamp is newer */
    ACKF_ACKED = ACKF_DATA_ACKED | ACKF_SYN_ACKED,
    ACKF_NOT_DUP = ACKF_DATA | ACKF_WIN_UPDATE | ACKF_ACKED,
    ACKF_CA_ALERT = ACKF_DATA_SACKED | ACKF_ECE | ACKF_DSACKING_ACK,
    ACKF_FORWARD_PROGRESS = ACKF_ACKED | ACKF_DATA_SACKED,
};

enum tcp_rexmit { REXMIT_NONE, REXMIT_LOST, REXMIT_NEW };
enum tcp_ack_verdict { TCP_ACK_GOOD, TCP_ACK_OLD, TCP_ACK_TOO_OLD, TCP_ACK_UNSENT };

/* What is found out while one ACK is digested. */
struct tcp_ack_work {
    uint32_t flags; /* enum tcp_ack_flag */
    uint32_t reord; /* lowest number that arrived late without having been retransmitted */
    uint64_t first_sackt, last_sackt; /* when newly SACKed segments were sent, us; 0: none */
    uint64_t prior_cc_delivered;
    uint32_t prior_lost;
    uint32_t delivered_bytes;
    uint32_t sack_delivered; /* packets that SACKs and D-SACKs report */
    enum tcp_rexmit rexmit;
    /* The segment that supplies the rate sample. */
    bool rated;
    uint64_t last_sent_us;
    uint32_t last_end_seq, prior_delivered, prior_us, send_interval_us;
    struct cc_ack sample;
};

enum tcp_ack_verdict tcp_ack(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t flags);
void tcp_accecn_ack(struct tcp_conn *conn, const struct tcp_rx *rx, struct tcp_ack_work *work);
uint64_t tcp_numbers_acked(const struct tcp_conn *conn);
void tcp_count_delivered(struct tcp_conn *conn, uint32_t packets, const struct tcp_ack_work *work);

/* ---- sack.c --------------------------------------------------------------------------------- */

void tcp_sacktag(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t prior_una,
                 struct tcp_ack_work *work);
void tcp_forget_sacks(struct tcp_conn *conn);
static inline uint32_t tcp_highest_sack_seq(const struct tcp_conn *conn)
{
    return conn->sacked_out ? conn->highest_sack : conn->snd_una;
}
void tcp_check_sack_reordering(struct tcp_conn *conn, uint32_t low, bool by_timestamp);
void tcp_add_reno_sack(struct tcp_conn *conn, uint32_t dupacks, struct tcp_ack_work *work);
void tcp_remove_reno_sacks(struct tcp_conn *conn, uint32_t acked, struct tcp_ack_work *work);
void tcp_limit_reno_sacked(struct tcp_conn *conn);

/* ---- rack.c --------------------------------------------------------------------------------- */

void tcp_rack_advance(struct tcp_conn *conn, const struct tcp_seg *seg);
bool tcp_rack_mark_lost(struct tcp_conn *conn);
void tcp_rack_reo_timeout(struct tcp_conn *conn);
void tcp_rack_update_reo_wnd(struct tcp_conn *conn, const struct tcp_ack_work *work);
void tcp_rack_persist_more(struct tcp_conn *conn);
int64_t tcp_rack_timeout_us(const struct tcp_conn *conn, const struct tcp_seg *seg,
                            uint32_t window_us);
bool tcp_schedule_loss_probe(struct tcp_conn *conn, bool advancing_rto);
void tcp_send_loss_probe(struct tcp_conn *conn);
/* While conn->tlp_pending. */
void tcp_process_tlp_ack(struct tcp_conn *conn, uint32_t ack, uint32_t flags);

/* ---- recovery.c, undo.c --------------------------------------------------------------------- */

void tcp_set_ca_state(struct tcp_conn *conn, enum cc_state next);
bool tcp_any_retrans_done(const struct tcp_conn *conn);
void tcp_try_keep_open(struct tcp_conn *conn);

static inline bool tcp_in_cwnd_reduction(const struct tcp_conn *conn)
{
    return conn->cc.state == CC_CWR || conn->cc.state == CC_RECOVERY;
}

uint32_t tcp_current_ssthresh(const struct tcp_conn *conn);
void tcp_init_cwnd_reduction(struct tcp_conn *conn);
void tcp_cwnd_reduction(struct tcp_conn *conn, uint32_t acked_sacked, uint32_t lost,
                        uint32_t flags);
void tcp_end_cwnd_reduction(struct tcp_conn *conn);
void tcp_enter_cwr(struct tcp_conn *conn);
void tcp_enter_recovery(struct tcp_conn *conn, bool ece);
void tcp_loss_is_over(struct tcp_conn *conn);
void tcp_fastretrans_alert(struct tcp_conn *conn, uint32_t prior_una, uint32_t dupacks,
                           struct tcp_ack_work *work);
void tcp_simple_retransmit(struct tcp_conn *conn);
void tcp_retransmit_without_congestion(struct tcp_conn *conn);

void tcp_init_undo(struct tcp_conn *conn);
bool tcp_spurious_retrans(const struct tcp_conn *conn, const struct tcp_seg *seg);
bool tcp_try_undo_recovery(struct tcp_conn *conn);
bool tcp_try_undo_dsack(struct tcp_conn *conn);
bool tcp_try_undo_partial(struct tcp_conn *conn, uint32_t prior_una);
void tcp_enter_loss(struct tcp_conn *conn);
void tcp_process_loss(struct tcp_conn *conn, uint32_t dupacks, struct tcp_ack_work *work);

/* ---- data.c, delack.c, window.c, recv.c ----------------------------------------------------- */

uint32_t tcp_truesize(const struct tcp_rx *rx);
void tcp_data_queue(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_queue_fast(struct tcp_conn *conn, const struct tcp_rx *rx);
/* Bytes that came with a SYN; rcv_nxt is rx->seq. */
void tcp_queue_syn_data(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_dsack_set(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq);
void tcp_purge_ofo(struct tcp_conn *conn);
void tcp_purge_received(struct tcp_conn *conn);
void tcp_purge_receive(struct tcp_conn *conn);

void tcp_enter_quickack(struct tcp_conn *conn, uint32_t most);
bool tcp_in_pingpong(const struct tcp_conn *conn);
void tcp_enter_pingpong(struct tcp_conn *conn);
void tcp_initialize_rcv_mss(struct tcp_conn *conn);
void tcp_measure_rcv_mss(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_event_data_recv(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_send_compressed_ack(struct tcp_conn *conn);
void tcp_ack_snd_check_now(struct tcp_conn *conn, bool ofo_possible);
void tcp_ack_snd_check(struct tcp_conn *conn);

struct tcp_initial_window {
    uint32_t window;
    uint32_t clamp; /* in: 0 for none; out: the largest window there may be */
    uint8_t wscale;
};

uint32_t tcp_win_from_space(const struct tcp_conn *conn, uint32_t space);
uint32_t tcp_offered_window(const struct tcp_conn *conn);

static inline uint32_t tcp_receive_window(const struct tcp_conn *conn)
{
    int32_t window = (int32_t)(conn->rcv_wup + conn->rcv_wnd - conn->rcv_nxt);
    return window > 0 ? (uint32_t)window : 0;
}

uint16_t tcp_select_window(struct tcp_conn *conn);
void tcp_calm_down(struct tcp_conn *conn);
void tcp_select_initial_window(const struct tcp_sysctl *sysctl, uint32_t space, uint32_t mss,
                               bool wscale_ok, struct tcp_initial_window *w);
void tcp_init_buffer_space(struct tcp_conn *conn);
void tcp_set_window_clamp(struct tcp_conn *conn, uint32_t value);
void tcp_grow_window(struct tcp_conn *conn, uint32_t length, uint32_t truesize);
void tcp_rcv_rtt_measure(struct tcp_conn *conn);
void tcp_rcv_rtt_measure_ts(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_rcvbuf_grow(struct tcp_conn *conn, uint32_t copied);
void tcp_rcv_space_adjust(struct tcp_conn *conn);

/* What follows from the owner's having read, or looked at, so many bytes. */
void tcp_after_reading(struct tcp_conn *conn, uint32_t copied);
void tcp_cleanup_rbuf(struct tcp_conn *conn, uint32_t copied);
/* The first byte that waits is passed over. */
void tcp_recv_skip(struct tcp_conn *conn);
void tcp_sink_read(struct tcp_conn *conn, uint32_t copied);

/* ---- send.c --------------------------------------------------------------------------------- */

uint64_t tcp_uncut(const struct tcp_conn *conn);
uint64_t tcp_stream_pos(const struct tcp_conn *conn, uint32_t seq);
void tcp_chunks_acked(struct tcp_conn *conn);
struct tcp_chunk *tcp_chunk_at(const struct tcp_conn *conn, struct tcp_chunk *chunk, uint32_t seq);
void tcp_payload(const struct tcp_conn *conn, struct tcp_chunk *chunk, uint32_t seq,
                 uint32_t length, struct packet *packet);
struct tcp_seg *tcp_seg_new(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq, uint8_t flags);
void tcp_seg_free(struct tcp_conn *conn, struct tcp_seg *seg);
void tcp_seg_account(struct tcp_conn *conn, int32_t bytes);

/* The first unsent segment; bulk data is cut for it.  NULL: there is nothing to send (yet). */
struct tcp_seg *tcp_cut_head(struct tcp_conn *conn);

static inline struct tcp_seg *tcp_send_head(struct tcp_conn *conn)
{
    if (!list_empty(&conn->write_queue))
        return container_of(conn->write_queue.next, struct tcp_seg, link);
    return conn->chunk_next ? tcp_cut_head(conn) : NULL;
}

/* Appends up to `bytes` bytes that are not cut yet to the last segment. */
void tcp_cut_more(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t bytes);
/* Adds bytes to the stream that are cut later; those of a SYN are cut by tcp_cut_syn_data. */
void tcp_append_uncut(struct tcp_conn *conn, struct blob *blob, uint64_t offset, uint32_t length);
struct tcp_seg *tcp_cut_syn_data(struct tcp_conn *conn);
void tcp_queue_fin(struct tcp_conn *conn);
/* Whether it is worth telling the owner that it may write (sk_stream_is_writeable): a third of the
 * buffer is free, and not half of TCP_NOTSENT_LOWAT waits. */
bool tcp_has_room(const struct tcp_conn *conn);
void tcp_sndbuf_expand(struct tcp_conn *conn);
/* Tells the owner that it may write, if so. */
void tcp_write_space(struct tcp_conn *conn);
/* While conn->sndbuf_full: is there room again, perhaps in a larger buffer? */
void tcp_check_space(struct tcp_conn *conn);
void tcp_purge_send(struct tcp_conn *conn);

/* ---- output.c ------------------------------------------------------------------------------- */

enum tcp_push {
    PUSH_ALL,
    PUSH_ONE,
    PUSH_PROBE, /* one, even if the congestion window is full */
};

/* Nagle: a segment that is `partial` must wait. */
bool tcp_nagle_holds(const struct tcp_conn *conn, bool partial, unsigned nonagle);
int tcp_ip_send(struct tcp_stack *stack, struct packet *packet, const struct tcp_key *key,
                const struct tcp_config *config, uint8_t ecn, struct ip_route_cache *route,
                bool confirm);
/* 0 if the segment left, XMIT_DROPPED if the host's own queue refused it, or an errno. */
int tcp_transmit_seg(struct tcp_conn *conn, struct tcp_seg *seg);
void tcp_send_ack(struct tcp_conn *conn);
void tcp_send_syn_ack(struct tcp_conn *conn, uint8_t n);

/* The SYN with `data` (which stays in the queue by itself) in it; as tcp_transmit_seg. */
int tcp_transmit_syn_data(struct tcp_conn *conn, struct tcp_seg *syn, struct tcp_seg *data);
int tcp_send_probe_segment(struct tcp_conn *conn, bool urgent);
void tcp_send_active_reset(struct tcp_conn *conn);
uint32_t tcp_seg_init_pcount(struct tcp_seg *seg, uint32_t mss);
uint32_t tcp_current_mss_slow(struct tcp_conn *conn);

/* What a segment may carry now, beside its options. */
static inline uint32_t tcp_current_mss(struct tcp_conn *conn)
{
    if (*conn->entry.stack->route_generation != conn->route.generation || conn->sack_count ||
        conn->dsack_set || conn->ecn & ECN_ACCURATE)
        return tcp_current_mss_slow(conn);
    return conn->mss_cache;
}

bool tcp_window_allows(const struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t mss);
/* 0; XMIT_DROPPED if the host's own queue refused it, or an errno: then nothing has happened. */
int tcp_send_new(struct tcp_conn *conn, struct tcp_seg *seg);
bool tcp_write_xmit(struct tcp_conn *conn, uint32_t mss, unsigned nonagle, enum tcp_push push);
void tcp_push_pending(struct tcp_conn *conn, unsigned nonagle);
void tcp_data_snd_check(struct tcp_conn *conn);
void tcp_cwnd_restart(struct tcp_conn *conn, uint32_t idle_ms);
void tcp_cwnd_application_limited(struct tcp_conn *conn);
void tcp_slow_start_after_idle(struct tcp_conn *conn);

/* ---- tso.c ---------------------------------------------------------------------------------- */

void tcp_tso_update(struct tcp_conn *conn);
uint32_t tcp_tso_segs(const struct tcp_conn *conn, uint32_t mss);
void tcp_tso_grow(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t bytes);
bool tcp_tso_defer(const struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t max_segs,
                   enum tcp_limit *limit);

/* ---- retransmit.c, probe.c ------------------------------------------------------------------ */

struct tcp_seg *tcp_seg_split(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t length,
                              uint32_t mss);
void tcp_rtx_split(struct tcp_conn *conn, uint32_t position, uint32_t length, uint32_t mss);

/* The first `length` bytes are acknowledged; returns by how many packets the segment shrinks. */
uint32_t tcp_trim_head(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t length);
int tcp_retransmit_uncounted(struct tcp_conn *conn, uint32_t position, uint32_t segs);
int tcp_retransmit(struct tcp_conn *conn, uint32_t position, uint32_t segs);
void tcp_xmit_retransmit_queue(struct tcp_conn *conn);
void tcp_mark_lost(struct tcp_conn *conn, struct tcp_seg *seg);

/* 0, XMIT_DROPPED if the host's own queue refused what was sent, or an errno. */
int tcp_write_wakeup(struct tcp_conn *conn);
void tcp_send_probe0(struct tcp_conn *conn);

/* ---- metrics.c ------------------------------------------------------------------------------ */

/* The connection has come to an orderly end; its transfer begins. */
void tcp_metrics_save(struct tcp_conn *conn);
void tcp_metrics_use(struct tcp_conn *conn);

/* A former connection has measured a round-trip time: the address is no forged one. */
bool tcp_metrics_known(struct tcp_stack *stack, const struct ip_addr *local,
                       const struct ip_addr *remote);
uint32_t tcp_metrics_count(const struct tcp_stack *stack);
void tcp_metrics_free(struct tcp_stack *stack);

/* ---- urgent.c ------------------------------------------------------------------------------- */

/* What was written last is urgent. */
void tcp_urgent_mark(struct tcp_conn *conn);

/* While conn->urgent_out: completes a segment; snd_una has advanced. */
void tcp_urgent_put(const struct tcp_conn *conn, struct tcp_tx *tx);
void tcp_urgent_acked(struct tcp_conn *conn);
bool tcp_urgent_probes(const struct tcp_conn *conn);

void tcp_urgent(struct tcp_conn *conn, const struct tcp_rx *rx);

/* The next byte is urgent, and not to be read with the others. */
bool tcp_urgent_stops(const struct tcp_conn *conn);

/* While conn->urgent_in: how much of `n` bytes may be read at once; copied_seq has advanced. */
uint32_t tcp_urgent_limit(const struct tcp_conn *conn, uint32_t n);
void tcp_urgent_passed(struct tcp_conn *conn);

/* ---- tsq.c ---------------------------------------------------------------------------------- */

/* Puts the packet, which is about to be handed down, on the account. */
void tcp_tsq_charge(struct tcp_conn *conn, struct packet *packet);
void tcp_tsq_refused(struct tcp_conn *conn);

/* The connection ends. */
void tcp_tsq_forget(struct tcp_conn *conn);

/* Whether `seg` has to wait because too much waits below; retransmissions (`again`) may have twice
 * as much there. */
bool tcp_tsq_holds(struct tcp_conn *conn, const struct tcp_seg *seg, bool again);

/* Whether `seg` itself still waits below, so that it makes no sense to send it again; then what is
 * lost goes when it has left. */
bool tcp_tsq_has(struct tcp_conn *conn, const struct tcp_seg *seg);

/* Whether the last segment, less than `goal` bytes long, should wait for company. */
bool tcp_autocork(struct tcp_conn *conn, const struct tcp_seg *tail, uint32_t goal);

/* ---- mtuprobe.c ----------------------------------------------------------------------------- */

enum tcp_mtuprobe_result {
    MTUPROBE_NONE, /* send as usual */
    MTUPROBE_WAIT, /* send nothing: a probe may go soon */
    MTUPROBE_SENT,
};

void tcp_mtuprobe_init(struct tcp_conn *conn);
void tcp_mtuprobe_black_hole(struct tcp_conn *conn);

/* While conn->mtu_probing. */

/* The path MTU is `pmtu`, according to ICMP and routes; returns the segment size to use. */
uint32_t tcp_mtuprobe_limit(struct tcp_conn *conn, uint32_t pmtu);
enum tcp_mtuprobe_result tcp_mtuprobe_send(struct tcp_conn *conn);

/* snd_una has advanced. */
void tcp_mtuprobe_acked(struct tcp_conn *conn);

/* Something is lost: was it the probe?  Then all is done. */
bool tcp_mtuprobe_lost(struct tcp_conn *conn);
void tcp_mtuprobe_inconclusive(struct tcp_conn *conn);

/* ---- timers.c ------------------------------------------------------------------------------- */

void tcp_timers_init(struct tcp_conn *conn);
void tcp_timers_cancel(struct tcp_conn *conn);
void tcp_reset_rtx_timer(struct tcp_conn *conn, enum tcp_pending what, uint64_t us);
void tcp_stop_rtx_timer(struct tcp_conn *conn);
int64_t tcp_rto_delta_us(const struct tcp_conn *conn);
void tcp_rearm_rto(struct tcp_conn *conn);
void tcp_retransmit_timer(struct tcp_conn *conn);
void tcp_count_timeout(struct tcp_conn *conn);
bool tcp_retransmits_timed_out(const struct tcp_conn *conn, uint32_t boundary, uint64_t timeout_ms);
void tcp_write_error(struct tcp_conn *conn);
uint64_t tcp_until_user_timeout_us(const struct tcp_conn *conn, uint64_t when);
uint64_t tcp_probe0_when_us(const struct tcp_conn *conn);
void tcp_check_probe_timer(struct tcp_conn *conn);
void tcp_set_ack_timer(struct tcp_conn *conn, sim_time at);
void tcp_wake_for_pacing(struct tcp_conn *conn);
void tcp_wake_for_room(struct tcp_conn *conn);
void tcp_set_keepalive_timer(struct tcp_conn *conn, uint64_t ms);

/* ---- keepalive.c ---------------------------------------------------------------------------- */

void tcp_start_keepalive(struct tcp_conn *conn);
void tcp_restart_keepalive(struct tcp_conn *conn);
void tcp_keepalive(struct tcp_conn *conn);

/* ---- rtt.c, rate.c, pacer.c, congestion.c --------------------------------------------------- */

void tcp_rtt_estimate(struct tcp_conn *conn, uint32_t rtt_us);
void tcp_set_rto(struct tcp_conn *conn);

static inline uint32_t tcp_rto_max_us(const struct tcp_conn *conn)
{
    return tcp_or(conn->config->rto_max_ms, conn->entry.stack->sysctl->rto_max_ms) * 1000;
}

static inline uint32_t tcp_rto_min_us(const struct tcp_conn *conn)
{
    uint32_t own = conn->config->rto_min_ms;
    return own ? own * 1000 : conn->entry.stack->sysctl->rto_min_us;
}

/* Samples in microseconds, negative: none.  True if the estimate changed. */
bool tcp_update_rtt(struct tcp_conn *conn, struct tcp_ack_work *work, int64_t seq_rtt_us,
                    int64_t sack_rtt_us, int64_t ca_rtt_us);

void tcp_rate_sent(struct tcp_conn *conn, struct tcp_seg *seg);
void tcp_rate_delivered(struct tcp_conn *conn, struct tcp_seg *seg, struct tcp_ack_work *work);
void tcp_rate_sample(struct tcp_conn *conn, struct tcp_ack_work *work);
void tcp_rate_check_app_limited(struct tcp_conn *conn);
void tcp_rate_app_limited(struct tcp_conn *conn);

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

static inline uint64_t tcp_pacing_delay_us(const struct tcp_conn *conn)
{
    sim_time now = conn->entry.stack->sim->now;

    if (!tcp_paced(conn) || conn->pacing_next <= now)
        return 0;
    return (uint64_t)((conn->pacing_next - now) / SIM_US);
}

/* While tcp_paced. */
void tcp_pacing_sent(struct tcp_conn *conn, uint32_t bytes);
void tcp_pacing_resume(struct tcp_conn *conn);
uint64_t tcp_window_rate(const struct tcp_conn *conn);
void tcp_update_pacing_rate(struct tcp_conn *conn);
void tcp_pacing_limit_changed(struct tcp_conn *conn);

/* What the congestion control sees of the connection. */
static inline void tcp_cc_sync(struct tcp_conn *conn)
{
    conn->cc.now = conn->entry.stack->sim->now;
    conn->cc.inflight = tcp_inflight(conn);
    conn->cc.una = conn->snd_una;
    conn->cc.nxt = conn->snd_nxt;
    conn->cc.app_limited = conn->app_limited != 0;
}

void tcp_cc_in_ack(struct tcp_conn *conn, struct tcp_ack_work *work);
void tcp_cc_lost(struct tcp_conn *conn, const struct tcp_seg *seg);
void tcp_cc_event(struct tcp_conn *conn, enum cc_event event);
uint32_t tcp_cc_ssthresh(struct tcp_conn *conn);
void tcp_cc_assign(struct tcp_conn *conn, const struct cc_ops *ops, const void *params);
void tcp_cc_init(struct tcp_conn *conn);
void tcp_cc_release(struct tcp_conn *conn);
void tcp_limit_change(struct tcp_conn *conn, unsigned limit);

/* enum tcp_limit, or IDLE */
static inline void tcp_limit_set(struct tcp_conn *conn, unsigned limit)
{
    if (conn->limit != limit)
        tcp_limit_change(conn, limit);
}

#endif

/* The receiving side: data, the acknowledgements it gets, and the window that is offered. */
#ifndef WEFT_PROTOCOLS_TCP_RECEIVING_H
#define WEFT_PROTOCOLS_TCP_RECEIVING_H

#include "protocols/tcp/conn.h"

struct tcp_tx;

/* ---- data.c --------------------------------------------------------------------------------- */

/* The data of an acceptable segment; the same if it is what was expected, in the fast path. */
void tcp_data_queue(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_queue_fast(struct tcp_conn *conn, const struct tcp_rx *rx);

/* Bytes that came with a SYN; rcv_nxt is rx->seq. */
void tcp_queue_syn_data(struct tcp_conn *conn, const struct tcp_rx *rx);

/* A segment that waited is the next; its pieces are taken over. */
void tcp_accept_range(struct tcp_conn *conn, struct range *range);

/* Throws away what waits to be read; that and what waits for a hole. */
void tcp_purge_received(struct tcp_conn *conn);
void tcp_purge_receive(struct tcp_conn *conn);

/* ---- ofo.c ---------------------------------------------------------------------------------- */

/* Data behind a hole. */
void tcp_queue_out_of_order(struct tcp_conn *conn, const struct tcp_rx *rx);

/* There is some: what has come to be in order goes to the owner. */
void tcp_ofo_deliver(struct tcp_conn *conn);

/* Throws a segment away; all of them. */
void tcp_ofo_drop(struct tcp_conn *conn, uint32_t index);
void tcp_purge_ofo(struct tcp_conn *conn);

/* ---- rmem.c --------------------------------------------------------------------------------- */

/* Memory that Linux takes for such a segment; bytes that still fit behind its own. */
uint32_t tcp_truesize(const struct tcp_rx *rx);
uint16_t tcp_tailroom(const struct tcp_rx *rx);

/* What is queued takes, and no longer takes, that much of the reserve. */
void tcp_rmem_charge(struct tcp_conn *conn, uint32_t bytes);
void tcp_rmem_uncharge(struct tcp_conn *conn, uint32_t bytes);

/* Takes memory for a segment, at the expense of the data farthest from being in order if need be.
 * False: there is no room for it. */
bool tcp_make_room(struct tcp_conn *conn, const struct tcp_rx *rx);

/* ---- sackblocks.c --------------------------------------------------------------------------- */

/* [seq, end_seq) has come out of order; rcv_nxt has advanced. */
void tcp_sack_report(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq);
void tcp_sack_trim(struct tcp_conn *conn);

/* [seq, end_seq) has come twice; the second adds to what is to be told already, if it can. */
void tcp_dsack_set(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq);
void tcp_dsack_extend(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq);

/* Puts what there is to tell into a segment. */
void tcp_put_sacks(struct tcp_conn *conn, struct tcp_tx *tx);

/* ---- delack.c ------------------------------------------------------------------------------- */

/* The next ACKs, `most` of them, go at once. */
void tcp_enter_quickack(struct tcp_conn *conn, uint32_t most);

/* The owner answers soon: ACKs may wait for its answer. */
bool tcp_in_pingpong(const struct tcp_conn *conn);
void tcp_enter_pingpong(struct tcp_conn *conn);

/* The size of the peer's segments, as guessed and as learnt. */
void tcp_initialize_rcv_mss(struct tcp_conn *conn);
void tcp_measure_rcv_mss(struct tcp_conn *conn, const struct tcp_rx *rx);

/* Data was taken: something is to be acknowledged. */
void tcp_event_data_recv(struct tcp_conn *conn, const struct tcp_rx *rx);

/* The delay is over; what was held back goes, if anything was. */
void tcp_delayed_ack(struct tcp_conn *conn);
void tcp_send_compressed_ack(struct tcp_conn *conn);

/* There is something to acknowledge: now or later?  If there is something at all. */
void tcp_ack_snd_check_now(struct tcp_conn *conn, bool ofo_possible);
void tcp_ack_snd_check(struct tcp_conn *conn);

/* ---- window.c ------------------------------------------------------------------------------- */

/* The window of a SYN or SYN-ACK. */
struct tcp_initial_window {
    uint32_t window;
    uint32_t clamp; /* in: 0 for none; out: the largest window there may be */
    uint8_t wscale;
};

/* The share of so much memory that will be data; what could be offered now. */
uint32_t tcp_win_from_space(const struct tcp_conn *conn, uint32_t space);
uint32_t tcp_offered_window(const struct tcp_conn *conn);

/* What the peer may still send. */
static inline uint32_t tcp_receive_window(const struct tcp_conn *conn)
{
    int32_t window = (int32_t)(conn->rcv_wup + conn->rcv_wnd - conn->rcv_nxt);
    return window > 0 ? (uint32_t)window : 0;
}

/* The window field of the next segment, which is then what was offered. */
uint16_t tcp_select_window(struct tcp_conn *conn);

/* A buffer that is half full ends the ACKs at once. */
void tcp_calm_down(struct tcp_conn *conn);

/* While the node's memory is short (pressure.c), no more than four segments are asked for. */
void tcp_window_under_pressure(struct tcp_conn *conn);

/* Chooses the window of a handshake, for so much buffer. */
void tcp_select_initial_window(const struct tcp_sysctl *sysctl, uint32_t space, uint32_t mss,
                               bool wscale_ok, struct tcp_initial_window *w);

/* Buffers and windows of a connection that is open now. */
void tcp_init_buffer_space(struct tcp_conn *conn);

/* The largest window there may be. */
void tcp_set_window_clamp(struct tcp_conn *conn, uint32_t value);

/* Data came: the window may open further (Linux's rcv_ssthresh). */
void tcp_grow_window(struct tcp_conn *conn, uint32_t length, uint32_t truesize);

/* The round trip as the receiver sees it: by a window's worth of data, by timestamps. */
void tcp_rcv_rtt_measure(struct tcp_conn *conn);
void tcp_rcv_rtt_measure_ts(struct tcp_conn *conn, const struct tcp_rx *rx);

/* The buffer follows what the owner reads in a round trip (dynamic right-sizing). */
void tcp_rcvbuf_grow(struct tcp_conn *conn, uint32_t copied);
void tcp_rcv_space_adjust(struct tcp_conn *conn);

/* The fast path is open (again) if nothing is unusual. */
static inline void tcp_fast_path_check(struct tcp_conn *conn)
{
    if (!conn->ofo && conn->rcv_wnd && conn->rmem_alloc < conn->rcvbuf && !conn->urgent_in)
        conn->unpredicted = false;
}

/* ---- recv.c --------------------------------------------------------------------------------- */

/* What follows from the owner's having read, or looked at, so many bytes. */
void tcp_after_reading(struct tcp_conn *conn, uint32_t copied);
void tcp_cleanup_rbuf(struct tcp_conn *conn, uint32_t copied);
/* The first byte that waits is passed over. */
void tcp_recv_skip(struct tcp_conn *conn);
void tcp_sink_read(struct tcp_conn *conn, uint32_t copied);

/* ---- urgent.c ------------------------------------------------------------------------------- */

/* What was written last is urgent. */
void tcp_urgent_mark(struct tcp_conn *conn);

/* While conn->urgent_out: completes a segment; snd_una has advanced. */
void tcp_urgent_put(const struct tcp_conn *conn, struct tcp_tx *tx);
void tcp_urgent_acked(struct tcp_conn *conn);
bool tcp_urgent_probes(const struct tcp_conn *conn);

/* The urgent pointer of a segment, and the byte it may carry. */
void tcp_urgent(struct tcp_conn *conn, const struct tcp_rx *rx);

/* The next byte is urgent, and not to be read with the others. */
bool tcp_urgent_stops(const struct tcp_conn *conn);

/* While conn->urgent_in: how much of `n` bytes may be read at once; copied_seq has advanced. */
uint32_t tcp_urgent_limit(const struct tcp_conn *conn, uint32_t n);
void tcp_urgent_passed(struct tcp_conn *conn);

#endif

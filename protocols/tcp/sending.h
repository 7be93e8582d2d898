/* The sending side: from what the owner writes to the segments that leave. */
#ifndef WEFT_PROTOCOLS_TCP_SENDING_H
#define WEFT_PROTOCOLS_TCP_SENDING_H

#include "protocols/tcp/conn.h"

struct tcp_tx;

/* ---- chunk.c -------------------------------------------------------------------------------- */

/* The end of what was written, and bytes of it that are not in segments yet; endless bulk has no
 * end. */
uint64_t tcp_stream_end(const struct tcp_conn *conn);
uint64_t tcp_uncut(const struct tcp_conn *conn);

/* Where in the stream the byte with this sequence number is. */
uint64_t tcp_stream_pos(const struct tcp_conn *conn, uint32_t seq);

/* Adds bytes [offset, offset + length) of `blob` to the stream. */
void tcp_chunk_append(struct tcp_conn *conn, struct blob *blob, uint64_t offset, uint64_t length);

/* Gives up what is acknowledged, now that snd_una has advanced; what is not cut yet; everything. */
void tcp_chunks_acked(struct tcp_conn *conn);
void tcp_chunks_truncate(struct tcp_conn *conn);
void tcp_chunks_free(struct tcp_conn *conn);

/* The chunk of a byte, from `chunk` on; its bytes as payload of a packet. */
struct tcp_chunk *tcp_chunk_at(const struct tcp_conn *conn, struct tcp_chunk *chunk, uint32_t seq);
void tcp_payload(const struct tcp_conn *conn, struct tcp_chunk *chunk, uint32_t seq,
                 uint32_t length, struct packet *packet);

/* ---- send.c --------------------------------------------------------------------------------- */

/* Makes and frees segments, with their share of the send buffer; a segment has grown. */
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

/* The bytes that a SYN carries: those that are not cut yet. */
struct tcp_seg *tcp_cut_syn_data(struct tcp_conn *conn);

/* The owner has no more to send. */
void tcp_queue_fin(struct tcp_conn *conn);

/* Nothing is to be sent any more, nor to be sent again. */
void tcp_purge_send(struct tcp_conn *conn);

/* ---- sndbuf.c ------------------------------------------------------------------------------- */

/* It follows the congestion window, up to tcp_wmem. */
void tcp_sndbuf_expand(struct tcp_conn *conn);

/* Another segment may be queued (sk_stream_memory_free). */
bool tcp_sndbuf_admits(const struct tcp_conn *conn);

/* Whether it is worth telling the owner that it may write (sk_stream_is_writeable): a third of the
 * buffer is free, and not half of TCP_NOTSENT_LOWAT waits.  Tells it, if so. */
bool tcp_has_room(const struct tcp_conn *conn);
void tcp_write_space(struct tcp_conn *conn);

/* While conn->sndbuf_full: is there room again, perhaps in a larger buffer? */
void tcp_check_space(struct tcp_conn *conn);

/* ---- transmit.c ----------------------------------------------------------------------------- */

/* 0 if the segment left, XMIT_DROPPED if the host's own queue refused it, or an errno. */
int tcp_transmit_seg(struct tcp_conn *conn, struct tcp_seg *seg);

/* The SYN with `data` (which stays in the queue by itself) in it; as tcp_transmit_seg. */
int tcp_transmit_syn_data(struct tcp_conn *conn, struct tcp_seg *syn, struct tcp_seg *data);

/* Segments without data. */
void tcp_send_ack(struct tcp_conn *conn);
void tcp_send_syn_ack(struct tcp_conn *conn, uint8_t n);
int tcp_send_probe_segment(struct tcp_conn *conn, bool urgent);
void tcp_send_active_reset(struct tcp_conn *conn);

/* Puts the header on `packet` and hands it down: a segment that is no connection's; `route` may be
 * NULL. */
int tcp_send_packet(const struct tcp_entry *entry, struct packet *packet, const struct tcp_tx *tx,
                    const struct tcp_config *config, struct ip_route_cache *route);

/* ---- output.c ------------------------------------------------------------------------------- */

enum tcp_push {
    PUSH_ALL,
    PUSH_ONE,
    PUSH_PROBE, /* one, even if the congestion window is full */
};

/* Nagle: a segment that is `partial` must wait. */
bool tcp_nagle_holds(const struct tcp_conn *conn, bool partial, unsigned nonagle);

/* Packets of `seg` at this segment size. */
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

/* The receiver's window has room for the first packet of `seg`. */
bool tcp_window_allows(const struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t mss);

/* 0; XMIT_DROPPED if the host's own queue refused it, or an errno: then nothing has happened. */
int tcp_send_new(struct tcp_conn *conn, struct tcp_seg *seg);

/* Sends what may go.  True: something waits that no ACK will set going. */
bool tcp_write_xmit(struct tcp_conn *conn, uint32_t mss, unsigned nonagle, enum tcp_push push);
void tcp_push_pending(struct tcp_conn *conn, unsigned nonagle);
void tcp_data_snd_check(struct tcp_conn *conn);

/* ---- cwnd.c --------------------------------------------------------------------------------- */

/* Something was sent, or the window forbade it: keeps track of whether the window is in use. */
void tcp_cwnd_validate(struct tcp_conn *conn, bool cwnd_limited);

/* Data goes again: a window that was idle for longer than a time-out begins anew. */
void tcp_slow_start_after_idle(struct tcp_conn *conn);

/* ---- tso.c ---------------------------------------------------------------------------------- */

/* Super-segments: the pace of an ACK limits them; packets there may be in one; adds to the last; is
 * it better to wait for more? */
void tcp_tso_update(struct tcp_conn *conn);
uint32_t tcp_tso_segs(const struct tcp_conn *conn, uint32_t mss);
void tcp_tso_grow(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t bytes);
bool tcp_tso_defer(const struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t max_segs,
                   enum tcp_limit *limit);

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

/* ---- retransmit.c --------------------------------------------------------------------------- */

/* Cuts the segment behind `length` bytes and returns the rest; the same of one that was sent. */
struct tcp_seg *tcp_seg_split(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t length,
                              uint32_t mss);
void tcp_rtx_split(struct tcp_conn *conn, uint32_t position, uint32_t length, uint32_t mss);

/* The first `length` bytes are acknowledged; returns by how many packets the segment shrinks. */
uint32_t tcp_trim_head(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t length);
int tcp_retransmit_uncounted(struct tcp_conn *conn, uint32_t position, uint32_t segs);
int tcp_retransmit(struct tcp_conn *conn, uint32_t position, uint32_t segs);
void tcp_xmit_retransmit_queue(struct tcp_conn *conn);
void tcp_mark_lost(struct tcp_conn *conn, struct tcp_seg *seg);

/* ---- mtuprobe.c ----------------------------------------------------------------------------- */

enum tcp_mtuprobe_result {
    MTUPROBE_NONE, /* send as usual */
    MTUPROBE_WAIT, /* send nothing: a probe may go soon */
    MTUPROBE_SENT,
};

/* The search begins; it begins anew, lower, after many time-outs. */
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

#endif

/* The owner writes: bytes become chunks (chunk.c), chunks become segments.
 *
 * Segments are cut when the owner writes, as Linux's tcp_sendmsg fills one sk_buff after the other
 * up to the size goal, so that later segment boundaries and PSH flags are Linux's.  Those of bulk
 * data are cut only when they can be sent, as if by an application that keeps the send buffer full.
 */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"

/* ---- Segments ------------------------------------------------------------------------------- */

struct tcp_seg *tcp_seg_new(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq, uint8_t flags)
{
    struct tcp_seg *seg = pool_take(&conn->entry.stack->memory->segs);

    list_init(&seg->link);
    seg->chunk = NULL;
    seg->seq = seq;
    seg->end_seq = end_seq;
    seg->sent_us = 0;
    seg->pcount = 0;
    seg->sacked = 0;
    seg->flags = flags;
    seg->sent_count = 0;
    seg->bits = 0;
    tcp_seg_account(conn, (int32_t)(PACKET_OVERHEAD + (end_seq - seq)));
    return seg;
}

void tcp_seg_free(struct tcp_conn *conn, struct tcp_seg *seg)
{
    tcp_seg_account(conn, -(int32_t)(PACKET_OVERHEAD + (seg->end_seq - seg->seq)));
    list_remove(&seg->link);
    pool_give(&conn->entry.stack->memory->segs, seg);
}

void tcp_seg_account(struct tcp_conn *conn, int32_t bytes)
{
    if (bytes > 0) {
        tcp_mem_force(conn, (uint32_t)bytes);
        conn->forward_alloc -= bytes;
    } else {
        tcp_mem_returned(conn, (uint32_t)-bytes);
    }
    conn->write_queued += (uint32_t)bytes;
}

static struct tcp_seg *write_tail(const struct tcp_conn *conn)
{
    return list_empty(&conn->write_queue)
               ? NULL
               : container_of(conn->write_queue.prev, struct tcp_seg, link);
}

/* Bytes up to which a segment is filled: one MSS, or as many as a super-segment may have, but not
 * more than half of the largest window the receiver ever offered (all of a tiny one).  Urgent data
 * goes into none that has an MSS already. */
static uint32_t size_goal(struct tcp_conn *conn, uint32_t mss, unsigned flags)
{
    uint32_t segs = conn->entry.stack->gso_max_segs,
             most = conn->max_window > 536 ? conn->max_window >> 1 : conn->max_window;

    if (segs <= 1 || flags & TCP_SEND_URGENT)
        return mss;
    uint32_t goal = segs * mss < 65535 - 320 ? segs * mss : 65535 - 320;
    if (most > 0 && goal > most)
        goal = max_u32(most, 68 - conn->header_len);
    return max_u32(goal / mss * mss, mss);
}

/* Moves `length` not yet cut bytes into the tail of the write queue. */
static void cut(struct tcp_conn *conn, struct tcp_seg *tail, uint32_t length)
{
    if (tail) {
        tail->end_seq += length;
        tcp_seg_account(conn, (int32_t)length);
        tail->pcount = 0;
    } else {
        tail = tcp_seg_new(conn, conn->write_seq, conn->write_seq + length, TH_ACK);
        tail->chunk = conn->chunk_next;
        list_push_back(&conn->write_queue, &tail->link);
    }
    conn->write_seq += length;
    conn->cut_pos += length;
    while (conn->chunk_next && conn->chunk_next->end <= conn->cut_pos)
        conn->chunk_next = conn->chunk_next->next;
}

static void mark_push(struct tcp_conn *conn, struct tcp_seg *seg)
{
    seg->flags |= TH_PSH;
    conn->pushed_seq = conn->write_seq;
}

/* Half a window was written since the last PSH: the receiver should not wait any longer. */
static bool forced_push(const struct tcp_conn *conn)
{
    return after(conn->write_seq, conn->pushed_seq + (conn->max_window >> 1));
}

/* Where the FIN goes: into what was not sent yet; or, as memory is short, into what was, as if it
 * had been there, so that it leaves with a retransmission (Linux's tcp_send_fin). */
static struct tcp_seg *fin_carrier(struct tcp_conn *conn)
{
    struct tcp_seg *tail = write_tail(conn);

    if (!tail && tcp_under_pressure(conn) && !rtxq_empty(&conn->rtxq)) {
        tail = rtxq_tail(&conn->rtxq);
        conn->snd_nxt++;
    }
    return tail;
}

static void append_fin(struct tcp_conn *conn)
{
    struct tcp_seg *tail = fin_carrier(conn);

    if (tail) {
        tail->flags |= TH_FIN;
        tail->end_seq++;
        tcp_seg_account(conn, 1);
    } else {
        tail = tcp_seg_new(conn, conn->write_seq, conn->write_seq + 1, TH_ACK | TH_FIN);
        list_push_back(&conn->write_queue, &tail->link);
    }
    conn->write_seq++;
    conn->fin_cut = true;
}

/* Lazily cut data was cut: the end of what was written is pushed, a FIN may follow it. */
static void cut_was_lazy(struct tcp_conn *conn)
{
    bool all = conn->chunk_next == NULL;

    if (all || forced_push(conn))
        mark_push(conn, write_tail(conn));
    if (all && conn->fin_queued)
        append_fin(conn);
}

/* The next segment of lazily cut data: as much as may leave at once. */
static void cut_lazily(struct tcp_conn *conn)
{
    uint64_t left = tcp_uncut(conn);
    uint32_t mss = tcp_current_mss(conn), goal = tcp_tso_segs(conn, mss) * mss;

    goal = min_u32(goal, size_goal(conn, mss, 0));
    if (conn->packets_out == 0)
        tcp_slow_start_after_idle(conn);
    cut(conn, NULL, left < goal ? (uint32_t)left : goal);
    cut_was_lazy(conn);
}

void tcp_cut_more(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t bytes)
{
    uint64_t left = tcp_uncut(conn);

    assert(seg == write_tail(conn));
    cut(conn, seg, left < bytes ? (uint32_t)left : bytes);
    cut_was_lazy(conn);
}

struct tcp_seg *tcp_cut_head(struct tcp_conn *conn)
{
    if (!tcp_may_transfer(conn))
        return NULL;
    cut_lazily(conn);
    return container_of(conn->write_queue.next, struct tcp_seg, link);
}

struct tcp_seg *tcp_cut_syn_data(struct tcp_conn *conn)
{
    cut(conn, NULL, (uint32_t)tcp_uncut(conn));
    mark_push(conn, write_tail(conn));
    return write_tail(conn);
}

void tcp_queue_fin(struct tcp_conn *conn)
{
    conn->fin_queued = true;
    if (conn->chunk_next == NULL)
        append_fin(conn);
}

/* ---- The owner writes ----------------------------------------------------------------------- */

static int may_write(const struct tcp_conn *conn)
{
    if (conn->shutdown & SHUT_SND)
        return EPIPE;
    switch (conn->entry.state) {
    case TCP_SYN_SENT:
    case TCP_SYN_RECV:
    case TCP_ESTABLISHED:
    case TCP_CLOSE_WAIT:
        return 0;
    case TCP_CLOSED:
        return conn->ended ? EPIPE : ENOTCONN;
    default:
        return EPIPE;
    }
}

/* Before the segment size is known, data waits uncut, as much as the send buffer holds. */
static uint32_t room_before_handshake(const struct tcp_conn *conn)
{
    uint64_t waiting = tcp_uncut(conn);
    return waiting < conn->sndbuf ? conn->sndbuf - (uint32_t)waiting : 0;
}

/* A segment became full in the middle of a write. */
static void push_full(struct tcp_conn *conn)
{
    if (forced_push(conn)) {
        mark_push(conn, write_tail(conn));
        tcp_push_pending(conn, NAGLE_PUSH);
    } else if (write_tail(conn) == tcp_send_head(conn)) {
        tcp_write_xmit(conn, tcp_current_mss(conn), NAGLE_PUSH, PUSH_ONE);
    }
}

/* Charges the frame of a new segment; the first of all is granted. */
static bool take_frame(struct tcp_conn *conn)
{
    if (list_empty(&conn->write_queue) && rtxq_empty(&conn->rtxq))
        tcp_mem_force(conn, PACKET_OVERHEAD);
    else if (!tcp_mem_take(conn, PACKET_OVERHEAD, TCP_MEM_TO_SEND))
        return false;
    conn->write_queued += PACKET_OVERHEAD;
    conn->forward_alloc -= PACKET_OVERHEAD;
    return true;
}

/* For how many of `bytes` there is memory: as many as the least of a buffer may hold are granted
 * (Linux's tcp_wmem_schedule). */
static uint32_t take_room(struct tcp_conn *conn, uint32_t bytes)
{
    uint32_t least = conn->entry.stack->sysctl->wmem[0];

    if (tcp_mem_take(conn, bytes, TCP_MEM_TO_SEND))
        return bytes;
    if (least > conn->write_queued)
        tcp_mem_force(conn, min_u32(least - conn->write_queued, bytes));
    return min_u32(bytes, (uint32_t)conn->forward_alloc);
}

/* Likewise, behind the tail or in a new segment, which is charged when there is one. */
static uint32_t take_memory(struct tcp_conn *conn, uint32_t bytes, bool segment)
{
    if (!segment)
        return take_room(conn, bytes);
    if (!take_frame(conn))
        return 0;
    uint32_t taken = take_room(conn, bytes);
    conn->write_queued -= PACKET_OVERHEAD;
    conn->forward_alloc += PACKET_OVERHEAD;
    if (taken == 0)
        tcp_mem_returned(conn, 0);
    return taken;
}

/* Fills segments with up to `length` bytes that are already in chunks, as long as there is memory;
 * returns how many. */
static uint32_t fill(struct tcp_conn *conn, struct blob *blob, uint64_t offset, uint32_t length,
                     unsigned flags)
{
    uint32_t goal = size_goal(conn, tcp_current_mss(conn), flags), done = 0;
    bool lazy = conn->chunk_next != NULL || !tcp_may_transfer(conn);

    if (lazy) {
        done = length;
        if (!tcp_may_transfer(conn) && conn->cut_pos == conn->una_pos)
            done = min_u32(length, room_before_handshake(conn));
        if (done > 0)
            tcp_chunk_append(conn, blob, offset, done);
        return done;
    }
    while (done < length) {
        struct tcp_seg *tail = write_tail(conn);
        uint32_t room =
            tail && !(tail->bits & SEGB_EOR) ? goal - min_u32(goal, tcp_seg_length(tail)) : 0;
        uint32_t wanted = min_u32(room ? room : goal, length - done), n;

        if (room == 0 && !tcp_sndbuf_admits(conn))
            break; /* as Linux: what is being filled may become full */
        n = take_memory(conn, wanted, room == 0);
        if (n == 0)
            break;
        if (conn->packets_out == 0 && !tail)
            tcp_slow_start_after_idle(conn);
        tcp_chunk_append(conn, blob, offset + done, n);
        if (room && done == 0) /* what is pushed half-way stays so */
            tail->flags &= (uint8_t)~TH_PSH;
        done += n;
        cut(conn, room ? tail : NULL, n);
        if (done < length && n == wanted && !(flags & TCP_SEND_URGENT))
            push_full(conn);
    }
    return done;
}

/* Sends what may go (Linux's tcp_push). */
static void push(struct tcp_conn *conn, unsigned flags, unsigned nonagle)
{
    struct tcp_seg *tail = write_tail(conn);

    if (tail && !conn->chunk_next && (!(flags & TCP_SEND_MORE) || forced_push(conn)))
        mark_push(conn, tail);
    if (flags & TCP_SEND_URGENT)
        tcp_urgent_mark(conn);
    if (!tail || conn->chunk_next ||
        !tcp_autocork(conn, tail, size_goal(conn, tcp_current_mss(conn), flags)))
        tcp_push_pending(conn, flags & TCP_SEND_MORE ? NAGLE_CORK : nonagle);
}

/* `all`: everything that was written was taken. */
static void push_written(struct tcp_conn *conn, unsigned flags, bool all)
{
    struct tcp_seg *tail = write_tail(conn);

    if (!all) /* what is short of room must not wait for more */
        push(conn, flags & ~(unsigned)TCP_SEND_MORE, NAGLE_PUSH);
    else if (tail && flags & TCP_SEND_EOR)
        tail->bits |= SEGB_EOR;
    push(conn, flags, conn->nonagle);
}

int64_t tcp_send(struct tcp_conn *conn, struct blob *blob, uint64_t offset, uint32_t length,
                 unsigned flags)
{
    int error = may_write(conn);

    if (error)
        return -error;
    if (length == 0)
        return 0;
    tcp_enter(conn);
    tcp_rate_check_app_limited(conn);
    uint32_t taken = fill(conn, blob, offset, length, flags);
    if (taken < length)
        conn->sndbuf_full = true;
    if (taken > 0)
        push_written(conn, flags, taken == length);
    tcp_leave(conn);
    return taken;
}

int64_t tcp_send_bytes(struct tcp_conn *conn, const void *bytes, uint32_t length, unsigned flags)
{
    uint64_t space = tcp_send_space(conn);

    if (length > space && space > 0)
        length = (uint32_t)space;
    struct blob *blob = blob_copy(bytes, length);
    int64_t taken = tcp_send(conn, blob, 0, length, flags);
    blob_unref(blob);
    return taken;
}

int tcp_send_bulk(struct tcp_conn *conn, uint64_t bytes)
{
    int error = may_write(conn);

    if (error || bytes == 0)
        return error;
    tcp_enter(conn);
    tcp_rate_check_app_limited(conn);
    tcp_chunk_append(conn, &blob_pattern, tcp_stream_end(conn), bytes);
    tcp_push_pending(conn, conn->nonagle);
    tcp_leave(conn);
    return 0;
}

void tcp_send_bulk_stop(struct tcp_conn *conn)
{
    tcp_enter(conn);
    if (conn->chunk_next) {
        tcp_chunks_truncate(conn);
        if (conn->fin_queued && !conn->fin_cut) {
            append_fin(conn);
            tcp_push_pending(conn, NAGLE_OFF);
        }
    }
    tcp_leave(conn);
}

uint64_t tcp_send_space(const struct tcp_conn *conn)
{
    if (may_write(conn) || !tcp_sndbuf_admits(conn))
        return 0;
    return conn->sndbuf - conn->write_queued;
}

/* ---- The end -------------------------------------------------------------------------------- */

void tcp_purge_send(struct tcp_conn *conn)
{
    while (!list_empty(&conn->write_queue))
        tcp_seg_free(conn, container_of(conn->write_queue.next, struct tcp_seg, link));
    for (; !rtxq_empty(&conn->rtxq); rtxq_pop(&conn->rtxq))
        tcp_seg_free(conn, rtxq_head(&conn->rtxq));
    rtxq_free(&conn->rtxq);
    tcp_forget_sacks(conn);
    tcp_chunks_free(conn);
    conn->packets_out = conn->sacked_out = conn->lost_out = conn->retrans_out = 0;
}

/* Received data: in order it goes to the owner, out of order it waits; SACK blocks tell the sender
 * what waits (RFC 2018), and a D-SACK what came twice (RFC 2883). */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"

static struct pool *pieces(struct tcp_conn *conn)
{
    return &conn->entry.stack->memory->pieces;
}

enum {
    TRUESIZE_PAGE = 4096,
    TRUESIZE_AROUND = 64 + 20 + 320, /* headroom, IP header, shared info */
    TRUESIZE_SHARED_INFO = 320,
    TRUESIZE_SMALL = 576,
    TRUESIZE_SK_BUFF = 256,
};

/* Memory that Linux accounts for a received segment: the buffer that holds headroom, headers, data
 * and the shared info (a power of two, except for the smallest), and the sk_buff.  What does not
 * fit into a page goes into further pages.  As Linux 6.18 does for what comes by TUN. */
uint32_t tcp_truesize(const struct tcp_rx *rx)
{
    uint32_t need = TRUESIZE_AROUND + rx->doff + rx->length, buffer = 1024;

    if (need <= TRUESIZE_SMALL)
        return TRUESIZE_SMALL + TRUESIZE_SK_BUFF;
    if (need > TRUESIZE_PAGE)
        return TRUESIZE_SK_BUFF + TRUESIZE_PAGE + (need - 1) / TRUESIZE_PAGE * TRUESIZE_PAGE;
    while (buffer < need)
        buffer *= 2;
    return buffer + TRUESIZE_SK_BUFF;
}

/* ---- SACK blocks to send -------------------------------------------------------------------- */

static bool block_extend(struct tcp_sack_block *b, uint32_t seq, uint32_t end_seq)
{
    if (after(seq, b->end_seq) || after(b->start_seq, end_seq))
        return false;
    if (before(seq, b->start_seq))
        b->start_seq = seq;
    if (after(end_seq, b->end_seq))
        b->end_seq = end_seq;
    return true;
}

static void remove_block(struct tcp_conn *conn, uint32_t i)
{
    conn->sack_count--;
    memmove(&conn->ofo->selective_acks[i], &conn->ofo->selective_acks[i + 1],
            (conn->sack_count - i) * sizeof conn->ofo->selective_acks[0]);
}

/* The first block grew: it may have swallowed others. */
static void coalesce_blocks(struct tcp_conn *conn)
{
    struct tcp_sack_block *first = &conn->ofo->selective_acks[0];

    for (uint32_t i = 1; i < conn->sack_count;) {
        struct tcp_sack_block b = conn->ofo->selective_acks[i];
        if (block_extend(first, b.start_seq, b.end_seq))
            remove_block(conn, i);
        else
            i++;
    }
}

static void move_to_front(struct tcp_conn *conn, uint32_t i)
{
    struct tcp_sack_block b = conn->ofo->selective_acks[i];

    memmove(&conn->ofo->selective_acks[1], &conn->ofo->selective_acks[0], i * sizeof b);
    conn->ofo->selective_acks[0] = b;
}

/* The most recent block comes first (RFC 2018 4). */
static void new_block(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq)
{
    uint32_t i = 0;

    while (i < conn->sack_count && !block_extend(&conn->ofo->selective_acks[i], seq, end_seq))
        i++;
    /* Blocks would fall off the end of the option: tell the sender at once. */
    if (i >= 2)
        tcp_send_compressed_ack(conn);
    if (i < conn->sack_count) {
        move_to_front(conn, i);
        coalesce_blocks(conn);
        return;
    }
    if (conn->sack_count < TCP_SACK_BLOCKS)
        conn->sack_count++;
    move_to_front(conn, conn->sack_count - 1u);
    conn->ofo->selective_acks[0] = (struct tcp_sack_block){ seq, end_seq };
}

/* Blocks that the cumulative ACK has reached are of no use any more. */
static void drop_old_blocks(struct tcp_conn *conn)
{
    for (uint32_t i = 0; i < conn->sack_count;) {
        if (!before(conn->rcv_nxt, conn->ofo->selective_acks[i].start_seq))
            remove_block(conn, i);
        else
            i++;
    }
}

void tcp_dsack_set(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (!conn->opt.sack_ok || !conn->entry.stack->sysctl->dsack)
        return;
    if (before(seq, conn->rcv_nxt))
        counters->TCPDSACKOldSent++;
    else
        counters->TCPDSACKOfoSent++;
    conn->dsack_set = true;
    tcp_trouble(conn)->duplicate_sack = (struct tcp_sack_block){ seq, end_seq };
}

/* Another stretch that came twice: a D-SACK that is to be sent may grow, but makes no room. */
static void dsack_extend(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq)
{
    if (conn->dsack_set)
        block_extend(&tcp_trouble(conn)->duplicate_sack, seq, end_seq);
    else
        tcp_dsack_set(conn, seq, end_seq);
}

static void forget_ofo_if_empty(struct tcp_conn *conn)
{
    if (!rangeset_empty(&conn->ofo->set))
        return;
    pool_give(&conn->entry.stack->memory->ofos, conn->ofo);
    conn->ofo = NULL;
    conn->sack_count = 0;
}

static struct rangeset *ofo_set(struct tcp_conn *conn)
{
    if (!conn->ofo) {
        conn->ofo = pool_take(&conn->entry.stack->memory->ofos);
        *conn->ofo = (struct tcp_ofo){ 0 };
    }
    return &conn->ofo->set;
}

/* ---- Memory --------------------------------------------------------------------------------- */

/* The buffer that Linux allocates for so many bytes of a collapsed queue. */
static uint32_t collapsed_truesize(uint32_t length)
{
    uint32_t need = length + TRUESIZE_SHARED_INFO, buffer = 1024;

    if (need <= TRUESIZE_SMALL)
        return TRUESIZE_SMALL + TRUESIZE_SK_BUFF;
    while (buffer < need)
        buffer *= 2;
    return buffer + TRUESIZE_SK_BUFF;
}

/* Linux copies the queue into full pages, from the first segment on whose memory the window does
 * not allow for. */
static void collapse(struct tcp_conn *conn)
{
    enum { PAGE_ROOM = TRUESIZE_PAGE - TRUESIZE_SHARED_INFO };
    struct tcp_piece *p = conn->received.first;
    uint32_t page = 0; /* bytes in the page that is being filled */

    while (p && tcp_win_from_space(conn, p->truesize) <= p->end_seq - p->seq)
        p = p->next;
    for (; p; p = p->next) {
        uint32_t truesize = 0;
        if (p->truesize)
            conn->entry.stack->counters->TCPRcvCollapsed++;
        page += p->end_seq - p->seq;
        for (; page >= PAGE_ROOM; page -= PAGE_ROOM)
            truesize += collapsed_truesize(PAGE_ROOM);
        if (!p->next && page)
            truesize += collapsed_truesize(page);
        conn->rmem_alloc += truesize - p->truesize;
        p->truesize = truesize;
    }
    conn->rcv_tailroom = 0;
}

/* Data came faster than it is read: the buffer may become as large as what is in it already, and
 * the window no wider than two segments until that is over. */
static void clamp_window(struct tcp_conn *conn)
{
    uint32_t most = conn->entry.stack->sysctl->rmem[2];

    conn->quick = 0;
    if (conn->rcvbuf < most && !conn->rcvbuf_locked)
        conn->rcvbuf = min_u32(conn->rmem_alloc, most);
    if (conn->rmem_alloc > conn->rcvbuf)
        conn->rcv_ssthresh = min_u32(conn->window_clamp, 2u * conn->advmss);
}

/* The last range goes; with the last of all the whole record. */
static void prune_ofo(struct tcp_conn *conn)
{
    conn->rmem_alloc -= rangeset_last(&conn->ofo->set)->truesize;
    rangeset_prune(&conn->ofo->set, pieces(conn));
    conn->ofo->fin = false;
    conn->ofo->tailroom = 0;
    forget_ofo_if_empty(conn);
}

/* Makes room for one more segment, at the expense of the data farthest from being in order. */
static bool make_room(struct tcp_conn *conn)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    conn->window_stale = true;
    if (conn->rmem_alloc <= conn->rcvbuf)
        return true;
    counters->PruneCalled++;
    clamp_window(conn);
    if (conn->rmem_alloc <= conn->rcvbuf)
        return true;
    collapse(conn);
    if (conn->rmem_alloc > conn->rcvbuf && conn->ofo)
        counters->OfoPruned++;
    while (conn->rmem_alloc > conn->rcvbuf && conn->ofo) {
        conn->sack_count = 0; /* reneging: the sender must be able to cope (RFC 2018 8) */
        prune_ofo(conn);
    }
    if (conn->rmem_alloc <= conn->rcvbuf)
        return true;
    counters->RcvPruned++;
    return false;
}

void tcp_purge_ofo(struct tcp_conn *conn)
{
    while (conn->ofo)
        prune_ofo(conn);
}

/* What nobody will read goes; what waits for a hole stays, and is reported. */
void tcp_purge_received(struct tcp_conn *conn)
{
    piece_list_clear(&conn->received, pieces(conn));
    conn->copied_seq = conn->rcv_nxt;
    conn->window_stale = true;
    conn->rmem_alloc = 0;
    for (uint32_t i = 0; conn->ofo && i < conn->ofo->set.count; i++)
        conn->rmem_alloc += conn->ofo->set.ranges[conn->ofo->set.first + i].truesize;
}

void tcp_purge_receive(struct tcp_conn *conn)
{
    tcp_purge_ofo(conn);
    tcp_purge_received(conn);
}

/* Bytes that still fit behind the segment's, into what was rounded up. */
static uint16_t tailroom_of(const struct tcp_rx *rx)
{
    uint32_t need = TRUESIZE_AROUND + rx->doff + rx->length;

    if (need > TRUESIZE_PAGE) /* those in pages have none */
        return 0;
    return (uint16_t)(tcp_truesize(rx) - TRUESIZE_SK_BUFF - need);
}

/* What a segment adds to the receive queue: nothing if its bytes fit behind those of the segment
 * before it. */
static uint32_t queued_truesize(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (conn->received.first && rx->length <= conn->rcv_tailroom) {
        conn->rcv_tailroom -= (uint16_t)rx->length;
        return 0;
    }
    conn->rcv_tailroom = tailroom_of(rx);
    return tcp_truesize(rx);
}

/* Likewise out of order. */
static uint32_t ofo_truesize(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_ofo *ofo = conn->ofo;
    bool fits = ofo && rx->seq == ofo->tail_seq && rx->length <= ofo->tailroom;

    ofo_set(conn);
    conn->ofo->tailroom = fits ? (uint16_t)(ofo->tailroom - rx->length) : tailroom_of(rx);
    conn->ofo->tail_seq = rx->seq + rx->length;
    return fits ? 0 : tcp_truesize(rx);
}

/* ---- In order ------------------------------------------------------------------------------- */

static void received(struct tcp_conn *conn, uint32_t end_seq)
{
    conn->stats.bytes_received += end_seq - conn->rcv_nxt;
    conn->rcv_nxt = end_seq;
}

/* Bytes [rcv_nxt, end_seq) are there: gives them to the owner or its sink. */
static void accept_bytes(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t end_seq)
{
    uint32_t skip = conn->rcv_nxt - rx->seq, length = end_seq - conn->rcv_nxt;
    struct packet *packet = rx->packet;

    if (conn->config->sink) {
        received(conn, end_seq);
        conn->copied_seq = end_seq;
    } else {
        uint32_t truesize = queued_truesize(conn, rx);
        tcp_rx_flatten(rx);
        piece_list_append(&conn->received, pieces(conn), packet->blob, packet->offset + skip,
                          conn->rcv_nxt, end_seq, truesize);
        conn->rmem_alloc += truesize;
        received(conn, end_seq);
        conn->notify |= NOTIFY_READABLE;
    }
    if (conn->observers)
        tcp_observe_event(conn, TCP_EVENT_DELIVER, length, 0);
}

/* The first range is not out of order any more. */
static void drain_range(struct tcp_conn *conn)
{
    struct range *range = rangeset_first(&conn->ofo->set);
    uint32_t end = range->end;

    conn->rcv_tailroom = 0;
    bool fin = conn->ofo->fin && conn->ofo->fin_seq + 1 == end;

    assert(range->start == conn->rcv_nxt);
    if (conn->config->sink) {
        piece_list_clear(&range->pieces, pieces(conn));
        conn->rmem_alloc -= range->truesize;
    } else {
        piece_list_join(&conn->received, &range->pieces);
        conn->notify |= NOTIFY_READABLE;
    }
    rangeset_pop(&conn->ofo->set);
    forget_ofo_if_empty(conn);
    if (fin)
        end--;
    if (conn->observers && end != conn->rcv_nxt)
        tcp_observe_event(conn, TCP_EVENT_DELIVER, end - conn->rcv_nxt, 0);
    received(conn, end);
    if (conn->config->sink)
        conn->copied_seq = end;
    if (fin)
        tcp_fin(conn);
}

static void drain_ofo(struct tcp_conn *conn)
{
    while (conn->ofo && !after(rangeset_first(&conn->ofo->set)->start, conn->rcv_nxt))
        drain_range(conn);
}

/* Takes the new bytes of a segment that begins at or before rcv_nxt, around those that had come
 * out of order. */
static void accept_around_ofo(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t end)
{
    while (after(end, conn->rcv_nxt)) {
        uint32_t part = end;
        if (conn->ofo && before(rangeset_first(&conn->ofo->set)->start, end)) {
            const struct range *first = rangeset_first(&conn->ofo->set);
            part = first->start;
            dsack_extend(conn, part, before(end, first->end) ? end : first->end);
        }
        if (after(part, conn->rcv_nxt))
            accept_bytes(conn, rx, part);
        drain_ofo(conn);
    }
}

static void queue_in_order(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    bool fin = (rx->flags & TH_FIN) != 0, waiting = conn->ofo != NULL;
    uint32_t end = rx->end_seq - fin;

    if (!make_room(conn)) {
        conn->ack_pending |= ACK_NO_MEMORY | ACK_NOW | ACK_SCHED;
        if (conn->received.first && rx->length > 0) { /* a lone segment is taken all the same */
            conn->entry.stack->counters->TCPRcvQDrop++;
            return;
        }
    }
    if (after(end, conn->rcv_nxt)) {
        accept_around_ofo(conn, rx, end);
        conn->unpredicted = false;
        tcp_event_data_recv(conn, rx);
        tcp_ecn_data(conn, rx);
    }
    if (fin && conn->rcv_nxt == end)
        tcp_fin(conn);
    if (waiting && !conn->ofo && !fin) /* the gap is filled (RFC 5681 4.2) */
        conn->ack_pending |= ACK_NOW;
    if (conn->sack_count)
        drop_old_blocks(conn);
}

void tcp_queue_syn_data(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    bool fin = (rx->flags & TH_FIN) != 0;

    if ((rx->length == 0 && !fin) || rx->seq != conn->rcv_nxt)
        return;
    tcp_extra(conn)->fastopen.acked = true;
    if (rx->length > 0)
        accept_bytes(conn, rx, rx->seq + rx->length);
    conn->window_stale = true;
    if (fin)
        tcp_fin(conn);
}

/* The fast path of input.c: in order, nothing waits, no FIN. */
void tcp_queue_fast(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    accept_bytes(conn, rx, rx->end_seq);
    tcp_event_data_recv(conn, rx);
    tcp_ecn_data(conn, rx);
}

/* ---- Out of order --------------------------------------------------------------------------- */

static void remember_fin(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct range_data fin = { .seq = rx->end_seq - 1, .end_seq = rx->end_seq };

    if (!(rx->flags & TH_FIN))
        return;
    rangeset_insert(ofo_set(conn), pieces(conn), &fin);
    conn->ofo->fin = true;
    conn->ofo->fin_seq = rx->end_seq - 1;
}

static struct range_overlap insert_out_of_order(struct tcp_conn *conn, const struct tcp_rx *rx,
                                                struct range_data *data)
{
    data->truesize = ofo_truesize(conn, rx);
    return rangeset_insert(ofo_set(conn), pieces(conn), data);
}

static void queue_out_of_order(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    struct range_data data = { rx->seq, rx->end_seq, tcp_truesize(rx), NULL, 0 };

    tcp_ecn_data(conn, rx);
    if (!make_room(conn)) {
        counters->TCPOFODrop++;
        return;
    }
    if (rx->flags & TH_FIN)
        data.end_seq--;
    tcp_measure_rcv_mss(conn, rx);
    conn->ack_pending |= ACK_SCHED;
    tcp_trouble(conn)->rcv_ooopack++;
    counters->TCPOFOQueue++;
    if (!conn->config->sink && rx->length > 0) {
        tcp_rx_flatten(rx);
        data.blob = rx->packet->blob;
        data.offset = rx->packet->offset;
    }
    struct range_overlap overlap = { RANGE_NEW, 0, 0 };
    if (data.seq != data.end_seq)
        overlap = insert_out_of_order(conn, rx, &data);
    remember_fin(conn, rx);
    if (overlap.kind != RANGE_NEW) {
        counters->TCPOFOMerge++;
        tcp_dsack_set(conn, overlap.start, overlap.end);
    }
    if (conn->opt.sack_ok) {
        new_block(conn, rx->seq, rx->end_seq);
        if (overlap.kind != RANGE_DUPLICATE)
            tcp_grow_window(conn, rx->length, tcp_truesize(rx));
    }
    if (overlap.kind != RANGE_DUPLICATE) /* as Linux: not before */
        conn->rmem_alloc += data.truesize;
    /* What waits for the hole must not use up the buffer; nobody reads orphans. */
    if (!conn->queued && !conn->orphan)
        tcp_rcvbuf_grow(conn, conn->rcvq_space);
}

/* ---- One segment ---------------------------------------------------------------------------- */

/* Nothing of it may be kept: acknowledge at once. */
static void out_of_window(struct tcp_conn *conn)
{
    tcp_enter_quickack(conn, TCP_MAX_QUICKACKS);
    conn->ack_pending |= ACK_SCHED;
}

void tcp_data_queue(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (rx->seq == rx->end_seq)
        return;
    conn->dsack_set = false;
    if (conn->ecn)
        tcp_ecn_cwr(conn, rx);
    if (!after(rx->end_seq, conn->rcv_nxt)) {
        counters->DelayedACKLost++; /* a retransmission that was not needed */
        if (conn->ecn & ECN_ACCURATE)
            tcp_accecn_duplicate(conn, rx->seq);
        tcp_dsack_set(conn, rx->seq, rx->end_seq);
        out_of_window(conn);
    } else if (!before(rx->seq, conn->rcv_nxt + tcp_receive_window(conn)) &&
               !(rx->seq == conn->rcv_nxt && rx->length == 0)) {
        if (rx->seq == conn->rcv_nxt)
            counters->TCPZeroWindowDrop++;
        out_of_window(conn);
    } else if (after(rx->seq, conn->rcv_nxt)) {
        queue_out_of_order(conn, rx);
    } else {
        if (before(rx->seq, conn->rcv_nxt))
            tcp_dsack_set(conn, rx->seq, conn->rcv_nxt);
        queue_in_order(conn, rx);
    }
}

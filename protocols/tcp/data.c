/* Received data: in order it goes to the owner, out of order it waits for the hole to be filled. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"

static struct pool *pieces(struct tcp_conn *conn)
{
    return &conn->entry.stack->memory->pieces;
}

static struct rangeset *ofo_set(struct tcp_conn *conn)
{
    if (!conn->ofo) {
        conn->ofo = pool_take(&conn->entry.stack->memory->ofos);
        *conn->ofo = (struct tcp_ofo){ 0 };
    }
    return &conn->ofo->set;
}

void tcp_ofo_settle(struct tcp_conn *conn)
{
    if (!rangeset_empty(&conn->ofo->set))
        return;
    pool_give(&conn->entry.stack->memory->ofos, conn->ofo);
    conn->ofo = NULL;
    conn->sack_count = 0;
}

/* What a segment adds to the receive queue: nothing if its bytes fit behind those of the segment
 * before it. */
static uint32_t queued_truesize(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (conn->received.first && rx->length <= conn->rcv_tailroom) {
        conn->rcv_tailroom -= (uint16_t)rx->length;
        return 0;
    }
    conn->rcv_tailroom = tcp_tailroom(rx);
    return tcp_truesize(rx);
}

/* Likewise out of order. */
static uint32_t ofo_truesize(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_ofo *ofo = conn->ofo;
    bool fits = ofo && rx->seq == ofo->tail_seq && rx->length <= ofo->tailroom;

    ofo_set(conn);
    conn->ofo->tailroom = fits ? (uint16_t)(ofo->tailroom - rx->length) : tcp_tailroom(rx);
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
    tcp_ofo_settle(conn);
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
            tcp_dsack_extend(conn, part, before(end, first->end) ? end : first->end);
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

    if (!tcp_make_room(conn)) {
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
        tcp_sack_trim(conn);
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
    if (!tcp_make_room(conn)) {
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
        tcp_sack_report(conn, rx->seq, rx->end_seq);
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

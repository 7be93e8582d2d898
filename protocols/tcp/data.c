/* Received data: what is in order goes to the owner, the rest waits (ofo.c). */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/receiving.h"

static struct pool *pieces(const struct tcp_conn *conn)
{
    return &conn->entry.stack->memory->pieces;
}

/* What nobody will read goes; what waits for a hole stays, and is reported. */
void tcp_purge_received(struct tcp_conn *conn)
{
    for (const struct tcp_piece *p = conn->received.first; p; p = p->next)
        tcp_rmem_uncharge(conn, p->truesize);
    piece_list_clear(&conn->received, pieces(conn));
    conn->copied_seq = conn->rcv_nxt;
    conn->window_stale = true;
}

void tcp_purge_receive(struct tcp_conn *conn)
{
    tcp_purge_ofo(conn);
    tcp_purge_received(conn);
}

/* ---- In order ------------------------------------------------------------------------------- */

/* Bytes [rcv_nxt, end_seq) were given to the owner or its sink. */
static void received(struct tcp_conn *conn, uint32_t end_seq)
{
    uint32_t length = end_seq - conn->rcv_nxt;

    conn->stats.bytes_received += length;
    conn->rcv_nxt = end_seq;
    if (conn->config->sink)
        conn->copied_seq = end_seq;
    else
        conn->notify |= NOTIFY_READABLE;
    if (conn->observers)
        tcp_observe_event(conn, TCP_EVENT_DELIVER, length, 0);
}

/* Queues the segment's new bytes.  They take no memory if they fit behind those of the segment
 * before it. */
static void queue_bytes(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t end_seq)
{
    uint32_t skip = conn->rcv_nxt - rx->seq, truesize = tcp_truesize(rx);

    if (skip == 0 && conn->received.first && rx->length <= conn->rcv_tailroom) {
        conn->rcv_tailroom -= (uint16_t)rx->length;
        truesize = 0;
    } else {
        conn->rcv_tailroom = tcp_tailroom(rx);
        tcp_rmem_charge(conn, truesize);
    }
    tcp_rx_flatten(rx);
    piece_list_append(&conn->received, pieces(conn), rx->packet->blob, rx->packet->offset + skip,
                      conn->rcv_nxt, end_seq, truesize);
    if (skip > 0)
        conn->received.last->cut = true;
}

static void accept_bytes(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t end_seq)
{
    if (conn->config->sink)
        tcp_mem_returned(conn, 0);
    else
        queue_bytes(conn, rx, end_seq);
    received(conn, end_seq);
}

/* Likewise a segment that waited, some of which may be old; its pieces are taken over. */
void tcp_accept_range(struct tcp_conn *conn, struct range *range)
{
    uint32_t end = range->end - range->fin;

    if (conn->config->sink) {
        tcp_rmem_uncharge(conn, range->truesize);
    } else if (range->start == conn->rcv_nxt && conn->received.first &&
               end - range->start <= conn->rcv_tailroom) {
        conn->rcv_tailroom -= (uint16_t)(end - range->start);
        tcp_rmem_uncharge(conn, range->truesize);
        piece_list_set_truesize(&range->pieces, conn->received.last->truesize);
        conn->received.last->truesize = 0;
    } else {
        struct piece_list old = { NULL, NULL };
        piece_list_cut(&range->pieces, pieces(conn), conn->rcv_nxt, &old);
        range->pieces.first->cut = old.first != NULL;
        piece_list_clear(&old, pieces(conn));
        conn->rcv_tailroom = range->tailroom;
    }
    piece_list_join(&conn->received, &range->pieces);
    received(conn, end);
}

static void queue_in_order(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    bool fin = (rx->flags & TH_FIN) != 0;
    uint32_t end = rx->end_seq - fin;

    if (!tcp_make_room(conn, rx)) {
        conn->ack_pending |= ACK_NO_MEMORY | ACK_NOW | ACK_SCHED;
        conn->notify |= NOTIFY_READABLE;
        if (conn->received.first && rx->length > 0) { /* a lone segment is taken all the same */
            conn->entry.stack->counters->TCPRcvQDrop++;
            return;
        }
        tcp_mem_force(conn, tcp_truesize(rx));
    }
    if (after(end, conn->rcv_nxt))
        accept_bytes(conn, rx, end);
    if (rx->length > 0) {
        tcp_event_data_recv(conn, rx);
        tcp_ecn_data(conn, rx);
    }
    if (fin && conn->rcv_nxt == end)
        tcp_fin(conn);
    if (conn->ofo) {
        tcp_ofo_deliver(conn);
        if (!conn->ofo) /* the gap is filled (RFC 5681 4.2) */
            conn->ack_pending |= ACK_NOW;
    }
    if (conn->sack_count)
        tcp_sack_trim(conn);
    tcp_fast_path_check(conn);
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
        tcp_queue_out_of_order(conn, rx);
    } else {
        if (before(rx->seq, conn->rcv_nxt)) {
            tcp_dsack_set(conn, rx->seq, conn->rcv_nxt);
            if (tcp_receive_window(conn) == 0) {
                counters->TCPZeroWindowDrop++;
                out_of_window(conn);
                return;
            }
        }
        queue_in_order(conn, rx);
    }
}

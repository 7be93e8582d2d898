/* Segments that wait for what is missing before them. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"

static struct pool *pieces(const struct tcp_conn *conn)
{
    return &conn->entry.stack->memory->pieces;
}

static void forget_if_empty(struct tcp_conn *conn)
{
    if (!rangeset_empty(&conn->ofo->set))
        return;
    pool_give(&conn->entry.stack->memory->ofos, conn->ofo);
    conn->ofo = NULL;
    conn->sack_count = 0;
}

static struct rangeset *queue(struct tcp_conn *conn)
{
    if (!conn->ofo) {
        conn->ofo = pool_take(&conn->entry.stack->memory->ofos);
        *conn->ofo = (struct tcp_ofo){ 0 };
    }
    return &conn->ofo->set;
}

void tcp_ofo_drop(struct tcp_conn *conn, uint32_t index)
{
    tcp_rmem_uncharge(conn, rangeset_at(&conn->ofo->set, index)->truesize);
    rangeset_remove(&conn->ofo->set, pieces(conn), index);
    forget_if_empty(conn);
}

void tcp_purge_ofo(struct tcp_conn *conn)
{
    while (conn->ofo)
        tcp_ofo_drop(conn, conn->ofo->set.count - 1);
}

static void add_piece(struct tcp_conn *conn, struct range *range, const struct tcp_rx *rx,
                      uint32_t truesize)
{
    if (conn->config->sink || rx->length == 0)
        return;
    tcp_rx_flatten(rx);
    piece_list_append(&range->pieces, pieces(conn), rx->packet->blob, rx->packet->offset, rx->seq,
                      rx->seq + rx->length, truesize);
}

/* The segment comes right behind the range, and fits into its buffer. */
static bool coalesce(struct tcp_conn *conn, struct range *range, const struct tcp_rx *rx)
{
    if (range->end != rx->seq || range->fin || rx->length > range->tailroom)
        return false;
    add_piece(conn, range, rx, 0);
    range->tailroom -= (uint16_t)rx->length;
    range->end = rx->end_seq;
    range->fin = (rx->flags & TH_FIN) != 0;
    return true;
}

enum arrival { ARRIVAL_DUPLICATE, ARRIVAL_COALESCED, ARRIVAL_QUEUED };

/* What the range before the segment's place makes of it; it may be replaced by it. */
static enum arrival meet_previous(struct tcp_conn *conn, uint32_t *at, const struct tcp_rx *rx)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    struct range *previous = rangeset_at(&conn->ofo->set, *at - 1);

    if (!before(rx->seq, previous->end))
        return coalesce(conn, previous, rx) ? ARRIVAL_COALESCED : ARRIVAL_QUEUED;
    if (!after(rx->end_seq, previous->end)) {
        counters->TCPOFOMerge++;
        tcp_dsack_set(conn, rx->seq, rx->end_seq);
        return ARRIVAL_DUPLICATE;
    }
    if (after(rx->seq, previous->start)) {
        tcp_dsack_set(conn, rx->seq, previous->end);
        return ARRIVAL_QUEUED;
    }
    tcp_dsack_extend(conn, previous->start, previous->end);
    counters->TCPOFOMerge++;
    tcp_rmem_uncharge(conn, previous->truesize);
    rangeset_remove(&conn->ofo->set, pieces(conn), --*at);
    return ARRIVAL_QUEUED;
}

/* Those behind its place that it covers are not needed any more. */
static void remove_covered(struct tcp_conn *conn, uint32_t at, const struct tcp_rx *rx)
{
    while (conn->ofo && at < conn->ofo->set.count) {
        struct range *next = rangeset_at(&conn->ofo->set, at);
        if (!after(rx->end_seq, next->start))
            return;
        if (before(rx->end_seq, next->end)) {
            tcp_dsack_extend(conn, next->start, rx->end_seq);
            return;
        }
        tcp_dsack_extend(conn, next->start, next->end);
        conn->entry.stack->counters->TCPOFOMerge++;
        tcp_rmem_uncharge(conn, next->truesize);
        rangeset_remove(&conn->ofo->set, pieces(conn), at);
    }
}

static enum arrival arrange(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct rangeset *set = queue(conn);
    uint32_t at = rangeset_find(set, rx->seq);

    if (at > 0) {
        enum arrival arrival = meet_previous(conn, &at, rx);
        if (arrival != ARRIVAL_QUEUED)
            return arrival;
    }
    remove_covered(conn, at, rx);
    struct range fresh = { .start = rx->seq,
                           .end = rx->end_seq,
                           .truesize = tcp_truesize(rx),
                           .tailroom = tcp_tailroom(rx),
                           .fin = (rx->flags & TH_FIN) != 0 };
    add_piece(conn, &fresh, rx, fresh.truesize);
    rangeset_insert(set, at, &fresh);
    return ARRIVAL_QUEUED;
}

void tcp_queue_out_of_order(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    tcp_ecn_data(conn, rx);
    if (!tcp_make_room(conn, rx)) {
        counters->TCPOFODrop++;
        conn->notify |= NOTIFY_READABLE;
        return;
    }
    tcp_measure_rcv_mss(conn, rx);
    conn->unpredicted = true;
    conn->ack_pending |= ACK_SCHED;
    tcp_trouble(conn)->rcv_ooopack++;
    counters->TCPOFOQueue++;
    enum arrival arrival = arrange(conn, rx);
    if (conn->opt.sack_ok) {
        tcp_sack_report(conn, rx->seq, rx->end_seq);
        if (arrival != ARRIVAL_DUPLICATE)
            tcp_grow_window(conn, rx->length, tcp_truesize(rx));
    }
    if (arrival == ARRIVAL_QUEUED) /* as Linux: not before */
        tcp_rmem_charge(conn, tcp_truesize(rx));
    /* What waits for the hole must not use up the buffer; nobody reads orphans. */
    if (!conn->queued && !conn->orphan)
        tcp_rcvbuf_grow(conn, conn->rcvq_space);
}

/* ---- The hole is filled --------------------------------------------------------------------- */

/* The first range, not all of which is old, goes to the owner or its sink. */
static void deliver_first(struct tcp_conn *conn)
{
    struct range *first = rangeset_first(&conn->ofo->set), range = *first;
    uint32_t end = range.end - range.fin, length = end - conn->rcv_nxt;

    first->pieces = (struct piece_list){ NULL, NULL };
    first->truesize = 0;
    if (length > 0)
        tcp_accept_range(conn, &range);
    else
        tcp_rmem_uncharge(conn, range.truesize); /* a FIN alone */
    if (range.fin)
        tcp_fin(conn);
    else
        tcp_ofo_drop(conn, 0);
}

void tcp_ofo_deliver(struct tcp_conn *conn)
{
    uint32_t high = conn->rcv_nxt;

    while (conn->ofo && !after(rangeset_first(&conn->ofo->set)->start, conn->rcv_nxt)) {
        const struct range *first = rangeset_first(&conn->ofo->set);
        if (before(first->start, high))
            tcp_dsack_extend(conn, first->start, before(first->end, high) ? first->end : high);
        if (after(first->end, conn->rcv_nxt))
            deliver_first(conn);
        else
            tcp_ofo_drop(conn, 0);
    }
}

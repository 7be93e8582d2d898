/* The memory of received data, as Linux accounts for it.
 *
 * A segment costs what its buffer takes (truesize), which for small ones is many times their bytes.
 * What is queued is the connection's rmem_alloc; it is taken from a reserve (forward_alloc) that
 * pressure.c fills.  When there is no room for a segment, what is queued is
 * copied into full pages (collapsing); if that does not help, segments that wait for a hole are
 * thrown away, the farthest first (pruning; RFC 2018 8 allows it); and in the end the segment is
 * not taken. */
#include "protocols/ip/truesize.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/receiving.h"

/* Bytes that a collapsed buffer holds. */
enum { PAGE_ROOM = TRUESIZE_PAGE - TRUESIZE_SHARED_INFO };

static struct pool *pieces(const struct tcp_conn *conn)
{
    return &conn->entry.stack->memory->pieces;
}

/* ---- What a buffer takes -------------------------------------------------------------------- */

uint32_t tcp_truesize(const struct tcp_rx *rx)
{
    return truesize_of(rx->doff + rx->length);
}

/* Bytes that still fit behind the segment's, into what was rounded up; those in pages have none. */
uint16_t tcp_tailroom(const struct tcp_rx *rx)
{
    uint32_t need = TRUESIZE_AROUND + rx->doff + rx->length;

    return need > TRUESIZE_PAGE ? 0 : (uint16_t)(truesize_buffer(need) - need);
}

/* ---- Accounts ------------------------------------------------------------------------------- */

void tcp_rmem_charge(struct tcp_conn *conn, uint32_t bytes)
{
    conn->rmem_alloc += bytes;
    conn->forward_alloc -= (int32_t)bytes;
}

void tcp_rmem_uncharge(struct tcp_conn *conn, uint32_t bytes)
{
    conn->rmem_alloc -= bytes;
    tcp_mem_returned(conn, bytes);
}

/* ---- Collapsing ----------------------------------------------------------------------------- */

/* The window does not allow for the memory of so few bytes. */
static bool bloated(const struct tcp_conn *conn, uint32_t truesize, uint32_t length)
{
    return tcp_win_from_space(conn, truesize) > length;
}

/* One full page, or the rest, of `length` bytes: charges its buffer. */
static uint32_t new_buffer(struct tcp_conn *conn, uint32_t length, uint16_t *tailroom)
{
    uint32_t need = min_u32(length, PAGE_ROOM) + TRUESIZE_SHARED_INFO,
             buffer = truesize_buffer(need);

    *tailroom = (uint16_t)(buffer - need);
    tcp_rmem_charge(conn, buffer + TRUESIZE_SK_BUFF);
    return buffer + TRUESIZE_SK_BUFF;
}

static void buffer_gone(struct tcp_conn *conn, uint32_t truesize)
{
    conn->entry.stack->counters->TCPRcvCollapsed++;
    tcp_rmem_uncharge(conn, truesize);
}

/* What is before the first segment that is worth it goes to `kept`. */
static void keep_good_ones(struct tcp_conn *conn, struct piece_list *kept)
{
    struct piece_list *list = &conn->received;
    bool begun = conn->received_begun;

    while (list->first && !begun) {
        const struct tcp_piece *last = list->first;
        while (last->truesize == 0)
            last = last->next;
        if (bloated(conn, last->truesize, last->end_seq - list->first->seq) ||
            (last->next && last->next->cut))
            return;
        piece_list_cut(list, pieces(conn), last->end_seq, kept);
    }
}

static void collapse_received(struct tcp_conn *conn)
{
    struct piece_list done = { NULL, NULL }, buffer;
    struct pool *pool = pieces(conn);

    keep_good_ones(conn, &done);
    if (!conn->received.first)
        conn->received = done;
    if (!conn->received.first || conn->received.first == done.first)
        return;
    struct piece_list old = conn->received;
    for (uint32_t seq = old.first->seq, end = old.last->end_seq; seq != end;) {
        uint32_t take = min_u32(end - seq, PAGE_ROOM);
        uint32_t truesize = new_buffer(conn, take, &conn->rcv_tailroom);
        seq += take;
        buffer = (struct piece_list){ NULL, NULL };
        piece_list_cut(&old, pool, seq, &buffer);
        for (const struct tcp_piece *p = buffer.first; p; p = p->next)
            if (p->truesize)
                buffer_gone(conn, p->truesize);
        piece_list_set_truesize(&buffer, truesize);
        piece_list_join(&done, &buffer);
    }
    conn->received = done;
    conn->received_begun = false;
}

/* Ranges [from, to) of the queue touch: puts them, from the first on that is worth it, into full
 * pages, up to a FIN.  Returns the index behind what they became. */
static uint32_t collapse_run(struct tcp_conn *conn, uint32_t from, uint32_t to)
{
    struct rangeset *set = &conn->ofo->set;
    struct piece_list all = { NULL, NULL };
    struct range *r = rangeset_at(set, from);

    for (; from < to && !r->fin && !bloated(conn, r->truesize, r->end - r->start); from++, r++)
        if (from + 1 < to && r->end != r[1].start)
            break;
    if (from == to || r->fin)
        return to;
    uint32_t seq = r->start, end = seq;
    for (; from < to && !rangeset_at(set, from)->fin; to--) {
        r = rangeset_at(set, from);
        struct piece_list old = { NULL, NULL };
        piece_list_cut(&r->pieces, pieces(conn), end, &old); /* came twice */
        piece_list_clear(&old, pieces(conn));
        piece_list_join(&all, &r->pieces);
        end = r->end;
        buffer_gone(conn, r->truesize);
        rangeset_remove(set, pieces(conn), from);
    }
    for (; seq != end; from++, to++) {
        struct range fresh = { .start = seq };
        fresh.end = seq += min_u32(end - seq, PAGE_ROOM);
        fresh.truesize = new_buffer(conn, fresh.end - fresh.start, &fresh.tailroom);
        piece_list_cut(&all, pieces(conn), fresh.end, &fresh.pieces);
        piece_list_set_truesize(&fresh.pieces, fresh.truesize);
        rangeset_insert(set, from, &fresh);
    }
    return to;
}

/* Each stretch without a gap by itself; lone small segments only as long as they are few. */
static void collapse_ofo(struct tcp_conn *conn)
{
    uint32_t tiny = 0;

    for (uint32_t from = 0, to; conn->ofo && from < conn->ofo->set.count; from = to) {
        const struct range *r = rangeset_at(&conn->ofo->set, from);
        uint32_t truesize = r->truesize;
        to = from + 1;
        while (to < conn->ofo->set.count && !after(rangeset_at(&conn->ofo->set, to)->start,
                                                   rangeset_at(&conn->ofo->set, to - 1)->end))
            truesize += rangeset_at(&conn->ofo->set, to++)->truesize;
        if (to > from + 1 || r->end - r->start >= PAGE_ROOM) {
            to = collapse_run(conn, from, to);
            continue;
        }
        tiny += truesize;
        if (tiny > conn->rcvbuf >> 3)
            return;
    }
}

/* ---- Room for a segment --------------------------------------------------------------------- */

static bool has_room(const struct tcp_conn *conn)
{
    return conn->rmem_alloc <= conn->rcvbuf;
}

/* Data came faster than it is read: the buffer may become as large as what is in it already, and
 * the window no wider than two segments until that is over. */
static void clamp_window(struct tcp_conn *conn)
{
    uint32_t most = conn->entry.stack->sysctl->rmem[2];

    conn->quick = 0;
    if (conn->rcvbuf < most && !conn->rcvbuf_locked && !tcp_under_pressure(conn) &&
        tcp_mem_plenty(conn))
        conn->rcvbuf = min_u32(conn->rmem_alloc, most);
    if (conn->rmem_alloc > conn->rcvbuf)
        conn->rcv_ssthresh = min_u32(conn->window_clamp, 2u * conn->advmss);
}

/* The last ones go, an eighth of the buffer at a time, but not what is before the new segment.
 * False: there was none. */
static bool prune_ofo(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t goal = conn->rcvbuf >> 3, freed = 0;
    bool pruned = false;

    while (conn->ofo && !after(rx->seq, rangeset_last(&conn->ofo->set)->start)) {
        pruned = true;
        freed += rangeset_last(&conn->ofo->set)->truesize;
        tcp_ofo_drop(conn, conn->ofo->set.count - 1);
        if (conn->ofo && freed < goal)
            continue;
        if (has_room(conn) && !tcp_under_pressure(conn))
            break;
        freed = 0;
    }
    if (!pruned)
        return false;
    conn->entry.stack->counters->OfoPruned++;
    conn->sack_count = 0; /* the sender must be able to cope */
    conn->dsack_set = false;
    return true;
}

/* Tries one thing after the other until the buffer has room. */
static bool prune(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (conn->rmem_alloc == 0)
        return false;
    counters->PruneCalled++;
    if (!has_room(conn))
        clamp_window(conn);
    else
        tcp_window_under_pressure(conn);
    if (!has_room(conn)) {
        collapse_ofo(conn);
        collapse_received(conn);
    }
    if (!has_room(conn))
        prune_ofo(conn, rx);
    if (has_room(conn))
        return true;
    counters->RcvPruned++;
    conn->unpredicted = true;
    return false;
}

bool tcp_make_room(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t truesize = tcp_truesize(rx);

    conn->window_stale = true;
    if (has_room(conn) && tcp_mem_take(conn, truesize, TCP_MEM_RECEIVED))
        return true;
    if (!prune(conn, rx))
        return false;
    while (!tcp_mem_take(conn, truesize, TCP_MEM_RECEIVED))
        if (!prune_ofo(conn, rx))
            return false;
    return true;
}

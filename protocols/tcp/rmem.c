/* Memory of received data, as Linux counts it, and what gives way when there is too much: first the
 * window, then the room that small segments waste, last the data that is farthest from being in
 * order.  Here nothing is copied; what is counted is what Linux would have allocated. */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"

/* ---- What a segment takes ------------------------------------------------------------------- */

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

/* Bytes that still fit behind the segment's, into what was rounded up. */
uint16_t tcp_tailroom(const struct tcp_rx *rx)
{
    uint32_t need = TRUESIZE_AROUND + rx->doff + rx->length;

    if (need > TRUESIZE_PAGE) /* those in pages have none */
        return 0;
    return (uint16_t)(tcp_truesize(rx) - TRUESIZE_SK_BUFF - need);
}

/* ---- Too much ------------------------------------------------------------------------------- */

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
    rangeset_prune(&conn->ofo->set, &conn->entry.stack->memory->pieces);
    conn->ofo->fin = false;
    conn->ofo->tailroom = 0;
    tcp_ofo_settle(conn);
}

/* Makes room for one more segment, at the expense of the data farthest from being in order. */
bool tcp_make_room(struct tcp_conn *conn)
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
    piece_list_clear(&conn->received, &conn->entry.stack->memory->pieces);
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

/* Super-segments: how many packets leave together.
 *
 * What TCP hands down at once is as large as what the flow sends in about a millisecond, or larger
 * if its round trip is short, but never beyond 64 KiB (net.ipv4.tcp_min_tso_segs, tcp_tso_rtt_log).
 * While more is likely to be allowed soon, a small one may wait for company
 * (net.ipv4.tcp_tso_win_divisor).  The last packet of each carries PSH, so the sizes can be read
 * off the wire. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"

enum { GSO_MAX_SIZE = 65536 - 320 - 1, PACING_SHIFT = 10 };

static uint32_t least_burst(const struct tcp_conn *conn)
{
    const struct cc_ops *ops = conn->cc.ops;

    return ops->least_burst ? ops->least_burst(&conn->cc) : conn->entry.stack->sysctl->min_tso_segs;
}

/* Called when an ACK was digested, which is when the pacing rate follows the window. */
void tcp_tso_update(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint32_t halvings = tcp_min_rtt(conn) >> min_u32(sysctl->tso_rtt_log, 31);
    uint64_t bytes = halvings < 32 ? GSO_MAX_SIZE >> halvings : 0;

    if (conn->entry.stack->gso_max_segs <= 1)
        return;
    uint64_t rate =
        conn->cc.pacing_rate != UINT64_MAX ? conn->cc.pacing_rate : tcp_window_rate(conn);
    bytes += rate >> PACING_SHIFT;
    if (bytes > GSO_MAX_SIZE)
        bytes = GSO_MAX_SIZE;
    conn->tso_bytes = (uint16_t)(bytes ? bytes : 1);
}

/* Packets of `mss` bytes that may leave as one. */
uint32_t tcp_tso_segs(const struct tcp_conn *conn, uint32_t mss)
{
    uint32_t most = conn->entry.stack->gso_max_segs;

    if (most <= 1)
        return 1;
    if (conn->tso_bytes == 0) /* nothing is known of the path */
        return min_u32(most, max_u32(GSO_MAX_SIZE / mss, 1));
    return min_u32(most, max_u32(conn->tso_bytes / mss, least_burst(conn)));
}

/* The segment's packets are fewer than may go: takes bytes over from the one that follows it, or
 * from what is not cut yet. */
void tcp_tso_grow(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t bytes)
{
    if (seg->bits & SEGB_EOR)
        return;
    if (seg->link.next != &conn->write_queue) {
        struct tcp_seg *next = container_of(seg->link.next, struct tcp_seg, link);
        uint32_t length = tcp_seg_length(next), n = min_u32(bytes, length);
        seg->end_seq += n;
        next->seq += n;
        seg->pcount = next->pcount = 0;
        if (n < length) {
            next->chunk = tcp_chunk_at(conn, next->chunk, next->seq);
            return;
        }
        uint32_t fin = next->end_seq - next->seq;
        seg->end_seq += fin;
        seg->flags |= next->flags;
        seg->bits |= next->bits & SEGB_EOR;
        tcp_seg_account(conn, (int32_t)fin);
        tcp_seg_free(conn, next);
    } else if (conn->chunk_next) {
        tcp_cut_more(conn, seg, bytes);
    }
}

/* Nothing waits behind it. */
static bool is_tail(const struct tcp_conn *conn, const struct tcp_seg *seg)
{
    return seg->link.next == &conn->write_queue && conn->chunk_next == NULL;
}

/* The next ACK is not expected within half a round trip, and a millisecond. */
static bool ack_is_far(const struct tcp_conn *conn)
{
    uint32_t srtt = conn->srtt_us >> 3, most = min_u32(srtt / 2, 1000);
    uint64_t expected = rtxq_head(&conn->rtxq)->sent_us + srtt;

    return (int64_t)(expected - conn->mstamp) > (int64_t)most;
}

/* Whether it is better to wait for the next ACK, which will allow a larger one.  `limit` is set to
 * what would be to blame. */
bool tcp_tso_defer(const struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t max_segs,
                   enum tcp_limit *limit)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint32_t mss = conn->mss_cache, length = tcp_seg_length(seg);
    uint32_t window = tcp_wnd_end(conn) - seg->seq;
    uint32_t allowed = (conn->cc.cwnd - tcp_inflight(conn)) * mss;
    uint32_t least = min_u32(window, allowed);

    if (conn->cc.state >= CC_RECOVERY || (uint32_t)conn->mstamp - conn->sent_us > 1000)
        return false; /* only what was sent within a millisecond makes a burst */
    if (least >= max_segs * mss || (!is_tail(conn, seg) && least >= length))
        return false;
    if (sysctl->tso_win_divisor) {
        if (least >= min_u32(conn->snd_wnd, conn->cc.cwnd * mss) / sysctl->tso_win_divisor)
            return false;
    } else if (least > 3 * mss) {
        return false;
    }
    if (rtxq_empty(&conn->rtxq) || ack_is_far(conn))
        return false;
    if (allowed < window && allowed <= length) {
        *limit = TCP_LIMIT_CWND;
        return true;
    }
    if (allowed >= window && window <= length) {
        *limit = TCP_LIMIT_RWND;
        return true;
    }
    *limit = TCP_LIMIT_APP;
    return !(seg->flags & TH_FIN) && !(seg->bits & SEGB_EOR);
}

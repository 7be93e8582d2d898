/* What leaves: deciding how many of the segments that wait may go.
 *
 * tcp_write_xmit is the one place where new data is sent.  In turn it asks pacing, the congestion
 * window, the receiver's window and Nagle's algorithm, and whoever says no is what limits the
 * connection from then on. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

/* ---- How much may go ------------------------------------------------------------------------ */

/* Packets of `seg` at this segment size. */
uint32_t tcp_seg_init_pcount(struct tcp_seg *seg, uint32_t mss)
{
    if (seg->pcount == 0 || seg->mss != mss) {
        uint32_t length = tcp_seg_length(seg);
        seg->pcount = length <= mss ? 1 : (uint16_t)((length + mss - 1) / mss);
        seg->mss = (uint16_t)mss;
    }
    return seg->pcount;
}

/* The route has changed, or there are more options than usual. */
uint32_t tcp_current_mss_slow(struct tcp_conn *conn)
{
    if (*conn->entry.stack->route_generation != conn->route.generation)
        tcp_check_path(conn);
    uint32_t mss = conn->mss_cache, blocks = conn->sack_count + (conn->dsack_set ? 1u : 0u);
    uint8_t sacks = (uint8_t)min_u32(blocks, conn->opt.tstamp_ok ? 3 : 4);

    if (conn->ecn & ECN_ACCURATE)
        mss -= tcp_accecn_fit(conn, &sacks);
    return sacks ? mss - 4 - 8u * sacks : mss;
}

/* Nagle's algorithm with Minshall's improvement: a small segment waits while another small segment
 * is unacknowledged (RFC 1122 4.2.3.4, draft-minshall-nagle-01). */
bool tcp_nagle_holds(const struct tcp_conn *conn, bool partial, unsigned nonagle)
{
    if (!partial)
        return false;
    if (nonagle & NAGLE_CORK)
        return true;
    bool small_unacked =
        after(conn->snd_sml, conn->snd_una) && !after(conn->snd_sml, conn->snd_nxt);
    return !nonagle && conn->packets_out > 0 && small_unacked;
}

static bool nagle_allows(const struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t mss,
                         unsigned nonagle)
{
    return nonagle & NAGLE_PUSH || seg->flags & TH_FIN || conn->urgent_out ||
           !tcp_nagle_holds(conn, tcp_seg_length(seg) < mss, nonagle);
}

bool tcp_window_allows(const struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t mss)
{
    uint32_t end = seg->end_seq;

    if (tcp_seg_length(seg) > mss)
        end = seg->seq + mss;
    return !after(end, tcp_wnd_end(conn));
}

/* Packets that the congestion window still allows. */
static uint32_t window_quota(const struct tcp_conn *conn)
{
    uint32_t inflight = tcp_inflight(conn), cwnd = conn->cc.cwnd;

    if (inflight >= cwnd)
        return 0;
    return min_u32(max_u32(cwnd >> 1, 1), cwnd - inflight);
}

static bool last_in_queue(const struct tcp_conn *conn, const struct tcp_seg *seg)
{
    return seg->link.next == &conn->write_queue && conn->chunk_next == NULL;
}

/* Bytes of a super-segment that may go at once: whole packets, and a smaller one at the end if
 * Nagle has nothing against it. */
static uint32_t split_point(const struct tcp_conn *conn, const struct tcp_seg *seg, uint32_t mss,
                            uint32_t quota, unsigned nonagle)
{
    uint32_t window = tcp_wnd_end(conn) - seg->seq, most = mss * quota;

    if (most <= window && !last_in_queue(conn, seg))
        return most;
    uint32_t length = min_u32(tcp_seg_length(seg), window);
    if (most <= length)
        return most;
    uint32_t partial = length % mss;
    return tcp_nagle_holds(conn, partial != 0, nonagle) ? length - partial : length;
}

/* Cuts what may not go off the segment. */
static void trim_to_limit(struct tcp_conn *conn, struct tcp_seg *seg, uint32_t mss, uint32_t quota,
                          unsigned nonagle)
{
    bool whole = seg->pcount > 1 && !conn->urgent_out;
    uint32_t limit = whole ? split_point(conn, seg, mss, quota, nonagle) : mss;

    if (tcp_seg_length(seg) <= limit)
        return;
    struct tcp_seg *rest = tcp_seg_split(conn, seg, limit, mss);
    list_insert_before(seg->link.next, &rest->link);
}

/* ---- Sending what waits --------------------------------------------------------------------- */

static void new_data_sent(struct tcp_conn *conn, struct tcp_seg *seg)
{
    uint32_t first = conn->snd_nxt;

    conn->snd_nxt = seg->end_seq;
    list_remove(&seg->link);
    list_push_back(&conn->sent_order, &seg->link);
    rtxq_push(&conn->rtxq, seg);
    conn->packets_out += seg->pcount;
    conn->entry.stack->counters->TCPOrigDataSent += seg->pcount;
    if (conn->observers)
        tcp_observe_event(conn, TCP_EVENT_SEND, first, seg->pcount);
    if (conn->sndbuf_full) /* what is not sent yet has become less (TCP_NOTSENT_LOWAT) */
        tcp_check_space(conn);
}

int tcp_send_new(struct tcp_conn *conn, struct tcp_seg *seg)
{
    int error = tcp_transmit_seg(conn, seg);

    if (__builtin_expect(error != 0, 0)) { /* as if it had not been tried */
        seg->sent_count--;
        return error;
    }
    tcp_rate_sent(conn, seg);
    if (tcp_paced(conn))
        tcp_pacing_sent(conn, tcp_seg_length(seg));
    new_data_sent(conn, seg);
    return 0;
}

/* One call of tcp_write_xmit. */
struct sending {
    uint32_t mss, max_segs;
    unsigned nonagle;
    enum tcp_push push;
    uint32_t sent;        /* packets, so far */
    enum tcp_limit limit; /* what forbids more; APP: Nagle, a cork, or that there is no more */
};

static inline bool forbid(struct sending *x, enum tcp_limit limit)
{
    x->limit = limit;
    return false;
}

/* Whether `seg` may go now, of which what may not go is cut off. */
static bool may_send(struct tcp_conn *conn, struct tcp_seg *seg, struct sending *x, uint32_t quota)
{
    uint32_t mss = x->mss;

    if (tcp_pacing_holds(conn))
        return forbid(x, TCP_LIMIT_PACING);
    if (quota == 0)
        return forbid(x, TCP_LIMIT_CWND);
    quota = min_u32(quota, x->max_segs);
    if (quota * mss > tcp_seg_length(seg) && (quota > 1 || seg->link.next != &conn->write_queue))
        tcp_tso_grow(conn, seg, quota * mss - tcp_seg_length(seg));
    tcp_seg_init_pcount(seg, mss);
    if (!tcp_window_allows(conn, seg, mss))
        return forbid(x, TCP_LIMIT_RWND);
    x->limit = TCP_LIMIT_APP;
    if (seg->pcount > 1) {
        if (x->push == PUSH_ALL && tcp_tso_defer(conn, seg, x->max_segs, &x->limit))
            return false;
    } else if (!nagle_allows(conn, seg, mss,
                             last_in_queue(conn, seg) ? x->nonagle : x->nonagle | NAGLE_PUSH)) {
        return false;
    }
    trim_to_limit(conn, seg, mss, quota, x->nonagle);
    if (tcp_tsq_holds(conn, seg, false))
        return forbid(x, TCP_LIMIT_PACING);
    return true;
}

/* Sends until something forbids more.  True: nothing waits any longer. */
static inline bool send_allowed(struct tcp_conn *conn, struct sending *x)
{
    struct tcp_seg *seg;

    while ((seg = tcp_send_head(conn))) {
        uint32_t quota = window_quota(conn);
        if (quota == 0 && x->push == PUSH_PROBE)
            quota = 1; /* a loss probe may exceed the window by one */
        if (!may_send(conn, seg, x, quota) || tcp_send_new(conn, seg) != 0)
            return false;
        if (tcp_seg_length(seg) < x->mss * seg->pcount)
            conn->snd_sml = seg->end_seq; /* one that a timer sends does not count for Nagle */
        x->sent += seg->pcount;
        if (x->push != PUSH_ALL)
            return false;
    }
    return true;
}

/* Notes what keeps the sender from sending, and whether the window was used. */
static inline void note_limit(struct tcp_conn *conn, const struct sending *x, bool all)
{
    /* A send buffer that is too small stays to blame until the owner may write again. */
    bool starved = conn->limit == TCP_LIMIT_SNDBUF && conn->sndbuf_full;
    bool cwnd_limited = x->limit == TCP_LIMIT_CWND || tcp_inflight(conn) >= conn->cc.cwnd;

    if ((x->push == PUSH_ALL || all) && !starved)
        tcp_limit_set(conn, x->limit);
    if (x->sent || cwnd_limited)
        tcp_cwnd_validate(conn, cwnd_limited);
}

bool tcp_write_xmit(struct tcp_conn *conn, uint32_t mss, unsigned nonagle, enum tcp_push push)
{
    struct sending x = { mss, tcp_tso_segs(conn, mss), nonagle, push, 0, TCP_LIMIT_APP };
    bool rearm = conn->packets_out == 0 || conn->pending == TCP_PENDING_LOSS_PROBE;

    if (conn->mtu_probing && push == PUSH_ALL) {
        enum tcp_mtuprobe_result probe = tcp_mtuprobe_send(conn);
        if (probe == MTUPROBE_WAIT)
            return false;
        x.sent = probe == MTUPROBE_SENT;
    }
    bool all = send_allowed(conn, &x);
    note_limit(conn, &x, all);
    if (x.sent == 0)
        return conn->packets_out == 0 && tcp_send_head(conn) != NULL;
    if (tcp_in_cwnd_reduction(conn))
        tcp_trouble(conn)->prr_out += x.sent;
    if ((push == PUSH_PROBE || !tcp_schedule_loss_probe(conn, false)) && rearm)
        tcp_rearm_rto(conn);
    return false;
}

void tcp_push_pending(struct tcp_conn *conn, unsigned nonagle)
{
    /* Before the handshake is complete data only waits. */
    if (!tcp_may_transfer(conn) || !tcp_send_head(conn))
        return;
    if (tcp_write_xmit(conn, tcp_current_mss(conn), nonagle, PUSH_ALL))
        tcp_check_probe_timer(conn);
}

void tcp_data_snd_check(struct tcp_conn *conn)
{
    if (tcp_send_head(conn))
        tcp_push_pending(conn, conn->nonagle);
    else if (conn->packets_out == 0)
        tcp_limit_set(conn, TCP_LIMIT_IDLE);
    if (conn->sndbuf_full)
        tcp_check_space(conn);
}

/* Path MTU discovery without ICMP: packetization layer path MTU discovery (RFC 4821), in Linux's
 * form (net.ipv4.tcp_mtu_probing).
 *
 * Structures.  A connection that probes knows an interval [low, high] of sizes of datagrams: `low`
 * goes through, above `high` nothing does.  Segments are of size `low`.  All of this hangs off
 * tcp_extra, as connections probe only if their host says so: with 2 each begins at
 * net.ipv4.tcp_base_mss, with 1 those do that seem to be in a black hole.
 *
 * Heartbeat.  Before tcp_write_xmit sends, tcp_mtuprobe_send looks whether a probe may go: one
 * segment of real data, of the size in the middle of the interval.  It goes only when it costs
 * nothing to lose it: nothing else is missing, the window is large enough that duplicate ACKs tell
 * of the loss (11 packets, and as much data behind it as reordering needs), pacing allows it.  As
 * it carries about two segments' worth, the congestion window is a packet smaller meanwhile.
 *
 * If it is acknowledged, its size is the new `low`, and the window becomes as many packets less as
 * they are larger now.  If fast retransmit finds it lost while everything before it has arrived,
 * its size is too large: `high` is just below it, the data goes again in smaller pieces, and the
 * congestion window stays, as this was no congestion (RFC 4821 7.6.3).  Whatever else is sent again
 * makes the probe inconclusive.  Once the interval is narrower than net.ipv4.tcp_probe_threshold
 * the search ends, until net.ipv4.tcp_probe_interval later the path may have become better.
 *
 * Black holes.  When retransmissions have had no answer for as long as net.ipv4.tcp_retries1
 * time-outs take, the path may be dropping large datagrams without a word: the connection begins to
 * probe, which means that its segments are small from then on; if that does not help, they are
 * halved with each time-out, down to net.ipv4.tcp_mtu_probe_floor.
 *
 * Left out: probing by padding (RFC 8899), the verification that a raised size goes on working
 * (RFC 4821 7.6.4), which Linux leaves to the black-hole detection.
 *
 * RFCs: 4821, 2923 (black holes), 8899 for the terms. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/sending.h"
#include "protocols/wire/ipv4.h"

enum { CWND_LEAST = 11 };

static struct tcp_mtuprobe *probing(const struct tcp_conn *conn)
{
    return &conn->extra->mtuprobe;
}

static uint32_t mss_to_mtu(const struct tcp_conn *conn, uint32_t mss)
{
    return mss + conn->header_len + IPV4_LEN;
}

/* As large as the peer takes. */
static uint32_t highest(const struct tcp_conn *conn)
{
    return conn->opt.mss_clamp + TCP_HEADER + IPV4_LEN;
}

static void begin(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;

    conn->mtu_probing = true;
    tcp_extra(conn)->mtuprobe = (struct tcp_mtuprobe){
        .low = mss_to_mtu(conn, sysctl->base_mss),
        .high = highest(conn),
        .stamp_ms = tcp_now_ms(conn),
    };
}

void tcp_mtuprobe_init(struct tcp_conn *conn)
{
    conn->mtu_probing = false;
    if (conn->entry.stack->sysctl->mtu_probing > 1)
        begin(conn);
}

/* ---- The search ----------------------------------------------------------------------------- */

uint32_t tcp_mtuprobe_limit(struct tcp_conn *conn, uint32_t pmtu)
{
    struct tcp_mtuprobe *probe = probing(conn);

    probe->high = min_u32(probe->high, pmtu);
    return tcp_mtu_to_mss(conn, probe->low);
}

/* The search has ended; the path may have become better since it began. */
static void search_again(struct tcp_conn *conn)
{
    struct tcp_mtuprobe *probe = probing(conn);
    uint64_t interval = conn->entry.stack->sysctl->probe_interval * 1000ull;

    if (tcp_now_ms(conn) - probe->stamp_ms < interval)
        return;
    probe->size = 0;
    probe->low = mss_to_mtu(conn, tcp_current_mss(conn));
    probe->high = highest(conn);
    probe->stamp_ms = tcp_now_ms(conn);
}

/* No probe is under way, and losing one would be noticed. */
static bool may_probe(const struct tcp_conn *conn)
{
    return probing(conn)->size == 0 && conn->cc.state == CC_OPEN && conn->cc.cwnd >= CWND_LEAST &&
           conn->sack_count == 0 && !conn->dsack_set;
}

static uint64_t unsent(const struct tcp_conn *conn)
{
    uint64_t uncut = tcp_uncut(conn);
    return uncut == TCP_ENDLESS ? TCP_ENDLESS : uncut + (conn->write_seq - conn->snd_nxt);
}

/* Whether the first `size` bytes that wait may be joined: no record ends among them. */
static bool joinable(const struct tcp_conn *conn, uint32_t size)
{
    for (struct list *at = conn->write_queue.next; at != &conn->write_queue; at = at->next) {
        const struct tcp_seg *seg = container_of(at, struct tcp_seg, link);
        uint32_t length = tcp_seg_length(seg);
        if (length >= size)
            break;
        if (seg->bits & SEGB_EOR)
            return false;
        size -= length;
    }
    return true;
}

/* The size to try now; 0: the search is at its end. */
static uint32_t next_size(struct tcp_conn *conn)
{
    struct tcp_mtuprobe *probe = probing(conn);
    uint32_t size = tcp_mtu_to_mss(conn, (probe->high + probe->low) >> 1);
    int64_t interval = (int64_t)probe->high - probe->low;

    if (size <= tcp_mtu_to_mss(conn, probe->high) &&
        interval >= conn->entry.stack->sysctl->probe_threshold)
        return size;
    search_again(conn);
    return 0;
}

/* Whether data, windows and pacing allow a probe of `size` bytes at once. */
static enum tcp_mtuprobe_result allowed(struct tcp_conn *conn, uint32_t size)
{
    uint32_t needed = size + (conn->reordering + 1u) * conn->mss_cache;
    uint32_t inflight = tcp_inflight(conn);

    if (unsent(conn) < needed || conn->snd_wnd < needed)
        return MTUPROBE_NONE;
    if (after(conn->snd_nxt + needed, tcp_wnd_end(conn)))
        return MTUPROBE_WAIT;
    if (inflight + 2 > conn->cc.cwnd)
        return inflight ? MTUPROBE_WAIT : MTUPROBE_NONE;
    if (!joinable(conn, size) || tcp_pacing_holds(conn))
        return MTUPROBE_NONE;
    return MTUPROBE_SENT;
}

/* The first `size` bytes that wait, as one packet. */
static struct tcp_seg *build(struct tcp_conn *conn, uint32_t size)
{
    uint32_t mss = tcp_current_mss(conn);
    struct tcp_seg *seg = tcp_send_head(conn);

    if (tcp_seg_length(seg) < size)
        tcp_tso_grow(conn, seg, size - tcp_seg_length(seg));
    if (tcp_seg_length(seg) > size) {
        struct tcp_seg *rest = tcp_seg_split(conn, seg, size, mss);
        list_insert_before(seg->link.next, &rest->link);
    }
    seg->pcount = 0;
    tcp_seg_init_pcount(seg, size);
    return seg;
}

enum tcp_mtuprobe_result tcp_mtuprobe_send(struct tcp_conn *conn)
{
    struct tcp_mtuprobe *probe = probing(conn);
    uint32_t size = may_probe(conn) ? next_size(conn) : 0;

    if (size == 0)
        return MTUPROBE_NONE;
    enum tcp_mtuprobe_result result = allowed(conn, size);
    if (result != MTUPROBE_SENT)
        return result;
    struct tcp_seg *seg = build(conn, size);
    if (tcp_send_new(conn, seg) != 0)
        return MTUPROBE_WAIT;
    conn->cc.cwnd--;
    probe->size = mss_to_mtu(conn, size);
    probe->start_seq = seg->seq;
    probe->end_seq = seg->end_seq;
    return MTUPROBE_SENT;
}

/* ---- Its end -------------------------------------------------------------------------------- */

void tcp_mtuprobe_acked(struct tcp_conn *conn)
{
    struct tcp_mtuprobe *probe = probing(conn);

    if (probe->size == 0 || after(probe->end_seq, conn->snd_una))
        return;
    /* As many bytes as before, in fewer packets. */
    uint64_t cwnd = (uint64_t)conn->cc.cwnd * mss_to_mtu(conn, conn->mss_cache) / probe->size;
    conn->cc.cwnd = cwnd ? (uint32_t)cwnd : 1;
    conn->cc.cwnd_cnt = 0;
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
    conn->cc.ssthresh = tcp_current_ssthresh(conn);
    probe->low = probe->size;
    probe->size = 0;
    tcp_sync_mss(conn, conn->pmtu);
    conn->entry.stack->counters->TCPMTUPSuccess++;
}

bool tcp_mtuprobe_lost(struct tcp_conn *conn)
{
    struct tcp_mtuprobe *probe = probing(conn);

    if (conn->cc.state >= CC_CWR || probe->size == 0 || conn->snd_una != probe->start_seq)
        return false;
    probe->high = probe->size - 1;
    probe->size = 0;
    conn->cc.cwnd++;
    conn->entry.stack->counters->TCPMTUPFail++;
    tcp_simple_retransmit(conn);
    return true;
}

void tcp_mtuprobe_inconclusive(struct tcp_conn *conn)
{
    probing(conn)->size = 0;
}

/* ---- Black holes ---------------------------------------------------------------------------- */

void tcp_mtuprobe_black_hole(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;

    if (!sysctl->mtu_probing)
        return;
    if (!conn->mtu_probing) {
        begin(conn);
    } else {
        uint32_t mss = tcp_mtu_to_mss(conn, probing(conn)->low) >> 1;
        mss = max_u32(min_u32(sysctl->base_mss, mss), sysctl->mtu_probe_floor);
        probing(conn)->low = mss_to_mtu(conn, max_u32(mss, sysctl->min_snd_mss));
    }
    tcp_sync_mss(conn, conn->pmtu);
}

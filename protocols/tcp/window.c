/* The receive window: how much to offer, and how large the buffer behind it may grow.
 *
 * Linux accounts for memory, not bytes: the window is the share `scaling_ratio` / 256 of the free
 * buffer, never more than rcv_ssthresh, which opens as data comes in (so that small segments with
 * large overhead do not exhaust the buffer).  The right edge never moves back (RFC 9293 3.8.6),
 * unless net.ipv4.tcp_shrink_window allows it or data had to be dropped for want of memory, nor
 * does it move by less than a segment (silly window avoidance, RFC 1122 4.2.3.3).  The buffer grows
 * to twice what the owner reads in a round trip (dynamic right-sizing). */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"

uint32_t tcp_win_from_space(const struct tcp_conn *conn, uint32_t space)
{
    return (uint32_t)((uint64_t)space * conn->scaling_ratio >> 8);
}

static uint32_t space_from_win(const struct tcp_conn *conn, uint64_t window)
{
    uint64_t space = (window << 8) / conn->scaling_ratio;
    return space < INT32_MAX ? (uint32_t)space : INT32_MAX;
}

static uint32_t free_space(const struct tcp_conn *conn)
{
    return conn->rcvbuf > conn->rmem_alloc
               ? tcp_win_from_space(conn, conn->rcvbuf - conn->rmem_alloc)
               : 0;
}

static uint32_t full_space(const struct tcp_conn *conn)
{
    return tcp_win_from_space(conn, conn->rcvbuf);
}

static inline uint32_t align_up(uint32_t x, uint32_t shift)
{
    uint32_t unit = 1u << shift;
    return (x + unit - 1) & ~(unit - 1);
}

/* ---- What to offer -------------------------------------------------------------------------- */

/* Without scaling the window moves in whole segments. */
static uint32_t unscaled(const struct tcp_conn *conn, uint32_t space, uint32_t mss, uint32_t full)
{
    uint32_t window = conn->rcv_wnd;

    if ((int32_t)window <= (int32_t)(space - mss) || window > space)
        return space / mss * mss;
    if (mss == full && space > window + (full >> 1))
        return space;
    return window;
}

/* net.ipv4.tcp_shrink_window: memory counts for more than what was offered, but only where the
 * window is scaled. */
static bool may_shrink(const struct tcp_conn *conn)
{
    return conn->entry.stack->sysctl->shrink_window && conn->opt.rcv_wscale;
}

/* Then the window is what there is room for, in whole units. */
static uint32_t shrinking_window(const struct tcp_conn *conn, uint32_t space, uint32_t allowed,
                                 uint32_t full, uint32_t mss)
{
    uint32_t shift = conn->opt.rcv_wscale;

    space = space >> shift << shift;
    if (space < full >> 1 && (space < allowed >> 4 || space < mss || space < 1u << shift))
        return 0;
    if (space > conn->rcv_ssthresh)
        return align_up(conn->rcv_ssthresh, shift);
    return space;
}

uint32_t tcp_offered_window(const struct tcp_conn *conn)
{
    uint32_t space = free_space(conn), allowed = full_space(conn);
    uint32_t full = min_u32(conn->window_clamp, allowed), mss = min_u32(conn->rcv_mss, full);

    if (mss == 0)
        return 0;
    if (may_shrink(conn))
        return shrinking_window(conn, space, allowed, full, mss);
    if (space < full >> 1) {
        space = space >> conn->opt.rcv_wscale << conn->opt.rcv_wscale;
        /* Close the window rather than offer crumbs. */
        if (space < allowed >> 4 || space < mss)
            return 0;
    }
    space = min_u32(space, conn->rcv_ssthresh);
    if (conn->opt.rcv_wscale)
        return align_up(space, conn->opt.rcv_wscale);
    return unscaled(conn, space, mss, full);
}

void tcp_window_under_pressure(struct tcp_conn *conn)
{
    if (tcp_under_pressure(conn))
        conn->rcv_ssthresh = min_u32(conn->rcv_ssthresh, 4u * conn->advmss);
}

/* With half of the buffer in use the sender is not hurried any more. */
void tcp_calm_down(struct tcp_conn *conn)
{
    if (!conn->quick && !tcp_under_pressure(conn))
        return;
    if (free_space(conn) < min_u32(conn->window_clamp, full_space(conn)) >> 1) {
        conn->quick = 0;
        tcp_window_under_pressure(conn);
    }
}

uint16_t tcp_select_window(struct tcp_conn *conn)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    uint32_t old = conn->rcv_wnd;

    if (conn->ack_pending & ACK_NO_MEMORY) { /* data had to be thrown away */
        conn->rcv_wnd = 0;
        conn->rcv_wup = conn->rcv_nxt;
        conn->window_stale = true;
        conn->unpredicted = true;
        return 0;
    }
    tcp_calm_down(conn);
    if (!conn->window_stale && conn->rcv_nxt == conn->rcv_wup)
        return (uint16_t)min_u32(old >> conn->opt.rcv_wscale, 65535);
    conn->window_stale = false;
    uint32_t present = tcp_receive_window(conn), window = tcp_offered_window(conn);

    if (window < present && !may_shrink(conn)) { /* never shrink */
        if (window == 0)
            counters->TCPWantZeroWindowAdv++;
        conn->window_stale = true; /* what will be wanted depends on what was told */
        window = align_up(present, conn->opt.rcv_wscale);
    }
    conn->rcv_wnd = window;
    conn->rcv_wup = conn->rcv_nxt;
    window = min_u32(window, conn->opt.rcv_wscale == 0 &&
                                     conn->entry.stack->sysctl->workaround_signed_windows
                                 ? 32767
                                 : 65535u << conn->opt.rcv_wscale);
    window >>= conn->opt.rcv_wscale;
    if (window == 0)
        conn->unpredicted = true;
    if (window == 0 && old)
        counters->TCPToZeroWindowAdv++;
    else if (window && old == 0)
        counters->TCPFromZeroWindowAdv++;
    return (uint16_t)window;
}

/* ---- How it begins -------------------------------------------------------------------------- */

void tcp_select_initial_window(const struct tcp_sysctl *sysctl, uint32_t space, uint32_t mss,
                               bool wscale_ok, struct tcp_initial_window *w)
{
    if (w->clamp == 0)
        w->clamp = 65535u << TCP_MAX_WSCALE;
    space = min_u32(space, w->clamp);
    if (space > mss)
        space = space / mss * mss;
    w->window = sysctl->workaround_signed_windows ? min_u32(space, 32767) : space;
    w->wscale = 0;
    if (wscale_ok) { /* for the largest buffer there may ever be */
        uint32_t most = max_u32(max_u32(space, sysctl->rmem[2]), sysctl->core_rmem_max);
        most = min_u32(most, w->clamp);
        while (w->wscale < TCP_MAX_WSCALE && most >> w->wscale > 65535)
            w->wscale++;
    }
    w->clamp = min_u32(w->clamp, 65535u << w->wscale);
}

/* When the connection is established: the clamp leaves room for the application (tcp_app_win). */
void tcp_init_buffer_space(struct tcp_conn *conn)
{
    uint32_t app = conn->entry.stack->sysctl->app_win, most = full_space(conn);

    if (!conn->sndbuf_locked)
        tcp_sndbuf_expand(conn);
    conn->rcvq_time_us = (uint32_t)conn->mstamp;
    conn->rcvq_seq = conn->copied_seq;
    if (conn->window_clamp >= most) {
        conn->window_clamp = most;
        if (app && most > 4u * conn->advmss)
            conn->window_clamp = max_u32(most - (most >> app), 4u * conn->advmss);
    }
    if (app && conn->window_clamp > 2u * conn->advmss && conn->window_clamp + conn->advmss > most)
        conn->window_clamp = max_u32(2u * conn->advmss, most - conn->advmss);
    conn->rcv_ssthresh = min_u32(conn->rcv_ssthresh, conn->window_clamp);
    conn->rcvq_space =
        min_u32(min_u32(conn->rcv_ssthresh, conn->rcv_wnd), (uint32_t)TCP_INIT_CWND * conn->advmss);
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
}

void tcp_set_window_clamp(struct tcp_conn *conn, uint32_t value)
{
    uint32_t old = conn->window_clamp;

    conn->window_stale = true;
    conn->window_clamp = max_u32(value, TCP_RCVBUF_LEAST / 2);
    if (conn->window_clamp < old)
        conn->rcv_ssthresh = min_u32(conn->rcv_ssthresh, conn->window_clamp);
    else
        conn->rcv_ssthresh =
            max_u32(min_u32(conn->rcv_wnd, conn->window_clamp), conn->rcv_ssthresh);
}

/* ---- Growth --------------------------------------------------------------------------------- */

/* How much a segment with more overhead than its share may open the window. */
static uint32_t careful_increase(const struct tcp_conn *conn, uint32_t length, uint32_t truesize)
{
    uint32_t window = tcp_win_from_space(conn, conn->entry.stack->sysctl->rmem[2]) >> 1;

    for (truesize = tcp_win_from_space(conn, truesize) >> 1; conn->rcv_ssthresh <= window;
         window >>= 1, truesize >>= 1)
        if (truesize <= length)
            return 2u * conn->rcv_mss;
    return 0;
}

void tcp_grow_window(struct tcp_conn *conn, uint32_t length, uint32_t truesize)
{
    int32_t room = (int32_t)(min_u32(conn->window_clamp, free_space(conn)) - conn->rcv_ssthresh);
    uint32_t increase;

    if (room <= 0)
        return;
    if (tcp_under_pressure(conn)) {
        tcp_window_under_pressure(conn);
        return;
    }
    if (tcp_win_from_space(conn, truesize) <= length)
        increase = 2u * conn->advmss;
    else
        increase = careful_increase(conn, length, truesize);
    if (increase) {
        increase = max_u32(increase, 2 * length);
        conn->rcv_ssthresh += min_u32((uint32_t)room, increase);
        conn->quick |= 1;
    }
}

/* ---- The receiver's round-trip time, and right-sizing --------------------------------------- */

/* Kept as rtt << 3; the least one counts at once, longer ones only if they are real samples. */
static void rcv_rtt_update(struct tcp_conn *conn, uint32_t sample_us, bool window_dependent)
{
    uint32_t old = conn->rcv_rtt_us;

    if (old == 0 || sample_us << 3 < old)
        conn->rcv_rtt_us = sample_us << 3;
    else if (!window_dependent)
        conn->rcv_rtt_us = old - (old >> 3) + sample_us;
}

/* Without timestamps: a window's worth of data takes at least a round trip. */
void tcp_rcv_rtt_measure(struct tcp_conn *conn)
{
    if (conn->rcv_rtt_time_us) {
        if (before(conn->rcv_nxt, conn->rcv_rtt_seq))
            return;
        uint32_t delta = (uint32_t)conn->mstamp - conn->rcv_rtt_time_us;
        rcv_rtt_update(conn, delta ? delta : 1, true);
    }
    conn->rcv_rtt_seq = conn->rcv_nxt + conn->rcv_wnd;
    conn->rcv_rtt_time_us = max_u32((uint32_t)conn->mstamp, 1);
}

void tcp_rcv_rtt_measure_ts(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (!conn->opt.saw_tstamp || conn->opt.rcv_tsecr == conn->rcv_rtt_last_tsecr)
        return;
    conn->rcv_rtt_last_tsecr = conn->opt.rcv_tsecr;
    uint32_t delta_ms = tcp_now_ms(conn) - conn->opt.rcv_tsecr;
    if (rx->end_seq - rx->seq >= conn->rcv_mss && conn->opt.rcv_tsecr && delta_ms > 0 &&
        delta_ms < INT32_MAX / 1000)
        rcv_rtt_update(conn, delta_ms * 1000, false);
}

/* The owner read `copied` bytes in a round trip, more than ever before: make room for twice that,
 * and while it grows for as much again as it grew. */
void tcp_rcvbuf_grow(struct tcp_conn *conn, uint32_t copied)
{
    uint32_t old = conn->rcvq_space, most = conn->entry.stack->sysctl->rmem[2];
    uint64_t window = (uint64_t)copied * 2;

    conn->rcvq_space = copied;
    if (!conn->entry.stack->sysctl->moderate_rcvbuf || conn->rcvbuf_locked)
        return;
    if (old)
        window += window * (copied - old) / old * 2;
    if (conn->ofo)
        window += rangeset_last(&conn->ofo->set)->end - conn->rcv_nxt;
    uint32_t rcvbuf = min_u32(space_from_win(conn, window), most);
    if (rcvbuf > conn->rcvbuf) {
        conn->window_stale = true;
        conn->rcvbuf = rcvbuf;
        conn->window_clamp = tcp_win_from_space(conn, rcvbuf);
    }
}

void tcp_rcv_space_adjust(struct tcp_conn *conn)
{
    uint32_t elapsed = (uint32_t)conn->mstamp - conn->rcvq_time_us;

    if (conn->rcv_rtt_us == 0 || elapsed < conn->rcv_rtt_us >> 3)
        return;
    uint32_t copied = conn->copied_seq - conn->rcvq_seq, unread = conn->rcv_nxt - conn->copied_seq;
    if (copied > unread && copied - unread > conn->rcvq_space)
        tcp_rcvbuf_grow(conn, copied - unread);
    conn->rcvq_seq = conn->copied_seq;
    conn->rcvq_time_us = (uint32_t)conn->mstamp;
}

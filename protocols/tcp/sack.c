/* The sender's scoreboard: what SACK blocks say about the segments in flight (RFC 2018, 2883).
 *
 * An ACK repeats what earlier ones said.  The blocks of the last ACK are kept, and only what is new
 * is looked at: the beginning of a new stretch is found by bisection, its segments are marked one
 * by one.  So a segment is touched once when it is marked, however many ACKs mention it. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"

static uint32_t max_reordering(const struct tcp_conn *conn)
{
    return min_u32(conn->entry.stack->sysctl->max_reordering, UINT16_MAX);
}

/* Data arrived out of the order of sending without having been retransmitted: `low` came after
 * what the receiver had up to the highest SACK. */
void tcp_check_sack_reordering(struct tcp_conn *conn, uint32_t low, bool by_timestamp)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    uint32_t fack = tcp_highest_sack_seq(conn), mss = conn->mss_cache, metric = fack - low;

    if (!before(low, fack))
        return;
    if (metric > conn->reordering * mss)
        conn->reordering = (uint16_t)min_u32((metric + mss - 1) / mss, max_reordering(conn));
    tcp_trouble(conn)->reord_seen++;
    if (by_timestamp)
        counters->TCPTSReorder++;
    else
        counters->TCPSACKReorder++;
}

/* ---- Which blocks to believe ---------------------------------------------------------------- */

static bool block_valid(const struct tcp_conn *conn, bool dsack, struct tcp_sack_block b)
{
    if (after(b.end_seq, conn->snd_nxt) || !before(b.start_seq, b.end_seq) ||
        !before(b.start_seq, conn->snd_nxt))
        return false;
    if (after(b.start_seq, conn->snd_una))
        return true;
    /* Old data: only a duplicate report within the present recovery is of interest. */
    if (!dsack || conn->undo_marker == 0 || after(b.end_seq, conn->snd_una))
        return false;
    if (!before(b.start_seq, conn->undo_marker))
        return true;
    return after(b.end_seq, conn->undo_marker) &&
           !before(b.start_seq, b.end_seq - conn->max_window);
}

/* `segs` retransmissions, up to `end_seq`, were in vain; if all were, there is nothing to recover.
 */
static void not_needed(struct tcp_conn *conn, uint32_t end_seq, uint32_t segs)
{
    struct tcp_trouble *trouble = tcp_trouble(conn);

    if (!conn->undo_marker || trouble->undo_retrans <= 0 || !after(end_seq, conn->undo_marker))
        return;
    trouble->undo_retrans -= (int32_t)min_u32(segs, (uint32_t)trouble->undo_retrans);
}

/* Notes a D-SACK; returns the packets it reports, 0 if it is not credible. */
static uint32_t dsack_seen(struct tcp_conn *conn, struct tcp_sack_block b,
                           struct tcp_ack_work *work)
{
    uint32_t length = b.end_seq - b.start_seq, segs = 1;

    if (!before(b.start_seq, b.end_seq) || length > conn->max_window)
        return 0;
    if (length > conn->mss_cache)
        segs = (length + conn->mss_cache - 1) / conn->mss_cache;
    else if (conn->tlp_pending && conn->tlp_high_seq == b.end_seq)
        work->flags |= ACKF_DSACK_TLP;
    struct tcp_trouble *trouble = tcp_trouble(conn);
    trouble->dsack_dups += segs;
    if (trouble->dsack_dups > trouble->total_retrans)
        return 0; /* the network duplicated, not we */
    /* RACK widens its window in rounds with D-SACKs, as its losses may have been reordering; loss
     * probes say nothing about that. */
    if (trouble->reord_seen && !(work->flags & ACKF_DSACK_TLP))
        conn->rack.dsack_seen = true;
    work->flags |= ACKF_DSACKING_ACK;
    work->sack_delivered += segs; /* a retransmission was not needed, but arrived */
    return segs;
}

/* Whether the first block is a D-SACK (RFC 2883 4): below the ACK, or inside the second block. */
static bool check_dsack(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t prior_una,
                        struct tcp_ack_work *work)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    struct tcp_sack_block first = rx->sacks[0];

    if (before(first.start_seq, rx->ack)) {
        counters->TCPDSACKRecv++;
    } else {
        if (rx->sack_count < 2)
            return false;
        struct tcp_sack_block second = rx->sacks[1];
        if (after(first.end_seq, second.end_seq) || before(first.start_seq, second.start_seq))
            return false;
        counters->TCPDSACKOfoRecv++;
    }
    uint32_t segs = dsack_seen(conn, first, work);
    if (segs == 0) {
        counters->TCPDSACKIgnoredDubious++;
        return false;
    }
    counters->TCPDSACKRecvSegs += segs;
    if (!after(first.end_seq, prior_una))
        not_needed(conn, first.end_seq, segs);
    return true;
}

/* ---- Marking -------------------------------------------------------------------------------- */

static void clear_lost(struct tcp_conn *conn, struct tcp_seg *seg)
{
    seg->sacked &= (uint8_t)~SEG_LOST;
    conn->lost_out -= seg->pcount;
}

/* The receiver has `seg`; it had not been SACKed before. */
static void mark_sacked(struct tcp_conn *conn, struct tcp_seg *seg, struct tcp_ack_work *work)
{
    tcp_rack_advance(conn, seg);
    if (seg->sacked & SEG_RETRANS) {
        /* If the retransmission is what arrived, the original is out of the network, too. */
        if (seg->sacked & SEG_LOST) {
            clear_lost(conn, seg);
            seg->sacked &= (uint8_t)~SEG_RETRANS;
            conn->retrans_out -= seg->pcount;
        }
    } else {
        if (!(seg->sacked & SEG_EVER_RETRANS)) {
            if (before(seg->seq, tcp_highest_sack_seq(conn)) && before(seg->seq, work->reord))
                work->reord = seg->seq;
            if (!after(seg->end_seq, conn->high_seq))
                work->flags |= ACKF_ORIG_SACK_ACKED;
            if (work->first_sackt == 0)
                work->first_sackt = seg->sent_us;
            work->last_sackt = seg->sent_us;
        }
        if (seg->sacked & SEG_LOST)
            clear_lost(conn, seg);
    }
    seg->sacked |= SEG_SACKED;
    work->flags |= ACKF_DATA_SACKED;
    if (conn->sacked_out == 0 || after(seg->end_seq, conn->highest_sack))
        conn->highest_sack = seg->end_seq;
    conn->sacked_out += seg->pcount;
    work->delivered_bytes += tcp_seg_length(seg);
    work->sack_delivered += seg->pcount;
    tcp_rate_delivered(conn, seg, work);
    list_remove(&seg->link);
}

/* A D-SACK covers a segment that is still here: a retransmission of it was not needed. */
static void count_duplicate(struct tcp_conn *conn, struct tcp_seg *seg, struct tcp_ack_work *work)
{
    if (!(seg->sacked & (SEG_RETRANS | SEG_EVER_RETRANS)))
        return;
    not_needed(conn, seg->end_seq, seg->pcount);
    if (seg->sacked & SEG_SACKED && before(seg->seq, work->reord))
        work->reord = seg->seq;
}

/* Both copies arrived, so none is in the network any more. */
static void clear_retrans(struct tcp_conn *conn, struct tcp_seg *seg)
{
    if (seg->sacked & SEG_RETRANS) {
        seg->sacked &= (uint8_t)~SEG_RETRANS;
        conn->retrans_out -= seg->pcount;
    }
}

/* Splits a super-segment that a block covers in part, at a packet boundary.  True if the segment
 * at `position` is (now) wholly inside the block. */
static bool match(struct tcp_conn *conn, uint32_t position, struct tcp_sack_block b)
{
    struct tcp_seg *seg = rtxq_at(&conn->rtxq, position);
    bool from_start = !after(b.start_seq, seg->seq);
    uint32_t mss = seg->mss, length;

    if (from_start && !before(b.end_seq, seg->end_seq))
        return true;
    if (seg->pcount <= 1 || !after(seg->end_seq, b.start_seq))
        return false;
    if (from_start) {
        length = (b.end_seq - seg->seq) / mss * mss;
        if (length == 0)
            return false;
    } else {
        length = (b.start_seq - seg->seq + mss - 1) / mss * mss;
    }
    if (length < tcp_seg_length(seg))
        tcp_rtx_split(conn, position, length, mss);
    return from_start;
}

/* Marks the segments that touch [from, to) and lie wholly inside [start, to). */
static void mark_range(struct tcp_conn *conn, uint32_t start, uint32_t from, uint32_t to, bool dup,
                       struct tcp_ack_work *work)
{
    struct tcp_sack_block b = { start, to };

    for (uint32_t at = rtxq_find(&conn->rtxq, from); at != conn->rtxq.last; at++) {
        if (!before(rtxq_at(&conn->rtxq, at)->seq, to))
            break;
        if (!match(conn, at, b))
            continue;
        struct tcp_seg *seg = rtxq_at(&conn->rtxq, at);
        if (dup)
            count_duplicate(conn, seg, work);
        if (!after(seg->end_seq, conn->snd_una))
            continue; /* this ACK acknowledges it, too */
        if (!(seg->sacked & SEG_SACKED))
            mark_sacked(conn, seg, work);
        if (dup)
            clear_retrans(conn, seg);
    }
}

/* Marks what of block `b` the last ACK did not say.  As in Linux, a segment that lies on the edge
 * between new and old, which only both together cover, stays unmarked. */
static void mark_new(struct tcp_conn *conn, struct tcp_sack_block b, struct tcp_ack_work *work)
{
    const struct tcp_trouble *trouble = tcp_trouble(conn);
    uint32_t from = b.start_seq;

    for (int i = 0; i < trouble->sack_cache_count; i++) {
        struct tcp_sack_block known = trouble->sack_cache[i];
        if (!before(from, known.end_seq))
            continue;
        if (!before(known.start_seq, b.end_seq))
            break;
        if (before(from, known.start_seq))
            mark_range(conn, b.start_seq, from, known.start_seq, false, work);
        if (!before(known.end_seq, b.end_seq))
            return;
        from = known.end_seq;
    }
    mark_range(conn, b.start_seq, from, b.end_seq, false, work);
}

/* ---- One ACK -------------------------------------------------------------------------------- */

static void sort_blocks(struct tcp_sack_block *blocks, int n)
{
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && before(blocks[j].start_seq, blocks[j - 1].start_seq); j--) {
            struct tcp_sack_block swap = blocks[j];
            blocks[j] = blocks[j - 1];
            blocks[j - 1] = swap;
        }
}

/* Copies the credible blocks, sorted, without the D-SACK; returns how many. */
static int credible_blocks(struct tcp_conn *conn, const struct tcp_rx *rx, bool dsack,
                           struct tcp_sack_block *out)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    int n = 0;

    for (int i = 0; i < rx->sack_count && i < TCP_SACK_BLOCKS; i++) {
        struct tcp_sack_block b = rx->sacks[i];
        bool dup = dsack && i == 0;
        if (!block_valid(conn, dup, b)) {
            if (dup && conn->undo_marker)
                counters->TCPDSACKIgnoredOld++;
            else if (dup)
                counters->TCPDSACKIgnoredNoUndo++;
            else if (rx->ack != conn->snd_una && !after(b.end_seq, conn->snd_una))
                continue; /* of an ACK that was overtaken: not worth counting */
            else
                counters->TCPSACKDiscard++;
            continue;
        }
        if (!dup && after(b.end_seq, rx->ack))
            out[n++] = b;
    }
    sort_blocks(out, n);
    return n;
}

static void remember(struct tcp_conn *conn, const struct tcp_sack_block *blocks, int n)
{
    struct tcp_trouble *trouble = tcp_trouble(conn);

    memcpy(trouble->sack_cache, blocks, sizeof *blocks * (size_t)n);
    trouble->sack_cache_count = (uint8_t)n;
}

void tcp_forget_sacks(struct tcp_conn *conn)
{
    if (conn->extra)
        conn->extra->trouble.sack_cache_count = 0;
}

void tcp_sacktag(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t prior_una,
                 struct tcp_ack_work *work)
{
    struct tcp_sack_block blocks[TCP_SACK_BLOCKS];
    bool dsack = check_dsack(conn, rx, prior_una, work);

    /* Too old to say anything (as an old ACK that was reordered). */
    if (before(rx->ack, prior_una - conn->max_window) || conn->packets_out == 0)
        return;
    work->reord = conn->snd_nxt;
    if (conn->sacked_out == 0)
        tcp_trouble(conn)->sack_cache_count = 0;
    int n = credible_blocks(conn, rx, dsack, blocks);
    if (dsack) {
        struct tcp_sack_block first = rx->sacks[0];
        if (block_valid(conn, true, first) && after(first.end_seq, prior_una))
            mark_range(conn, first.start_seq, first.start_seq, first.end_seq, true, work);
    }
    for (int i = 0; i < n; i++)
        mark_new(conn, blocks[i], work);
    remember(conn, blocks, n);
    if (conn->cc.state != CC_LOSS || conn->undo_marker)
        tcp_check_sack_reordering(conn, work->reord, false);
}

/* ---- Without SACK: duplicate ACKs count as if they were (RFC 5681 3.2) ---------------------- */

void tcp_limit_reno_sacked(struct tcp_conn *conn)
{
    uint32_t holes = min_u32(max_u32(conn->lost_out, 1), conn->packets_out);

    if (conn->sacked_out + holes > conn->packets_out)
        conn->sacked_out = conn->packets_out - holes;
}

static void check_reno_reordering(struct tcp_conn *conn, uint32_t addend)
{
    uint32_t counted = conn->sacked_out;

    tcp_limit_reno_sacked(conn);
    if (conn->sacked_out == counted)
        return; /* no more duplicates than there can be */
    conn->reordering = (uint16_t)min_u32(conn->packets_out + addend, max_reordering(conn));
    tcp_trouble(conn)->reord_seen++;
    conn->entry.stack->counters->TCPRenoReorder++;
}

void tcp_add_reno_sack(struct tcp_conn *conn, uint32_t dupacks, struct tcp_ack_work *work)
{
    uint32_t prior = conn->sacked_out;

    if (dupacks == 0)
        return;
    conn->sacked_out += dupacks;
    check_reno_reordering(conn, 0);
    if (conn->sacked_out > prior)
        tcp_count_delivered(conn, conn->sacked_out - prior, work);
}

void tcp_remove_reno_sacks(struct tcp_conn *conn, uint32_t acked, struct tcp_ack_work *work)
{
    if (acked > 0) {
        /* One packet filled the hole, the others had been counted by duplicate ACKs. */
        tcp_count_delivered(conn, acked > conn->sacked_out ? acked - conn->sacked_out : 1, work);
        conn->sacked_out = acked - 1 >= conn->sacked_out ? 0 : conn->sacked_out - (acked - 1);
    }
    check_reno_reordering(conn, acked);
}

/* What leaves: building segments, and deciding how many of those that wait may go.
 *
 * tcp_write_xmit is the one place where new data is sent.  In turn it asks pacing, the congestion
 * window, the receiver's window and Nagle's algorithm, and whoever says no is what limits the
 * connection from then on. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

/* ---- One segment ---------------------------------------------------------------------------- */

/* The SACK blocks that fit beside timestamps, the duplicate one first (RFC 2883 4). */
static uint32_t put_sacks(struct tcp_conn *conn, struct tcp_tx *tx)
{
    uint32_t room = tx->timestamps ? 3 : 4, n = 0;

    if (conn->dsack_set)
        tx->sack[n++] = conn->extra->trouble.duplicate_sack;
    for (uint32_t i = 0; i < conn->sack_count && n < room; i++)
        tx->sack[n++] = conn->ofo->selective_acks[i];
    tx->sack_count = (uint8_t)n;
    conn->dsack_set = false;
    return n;
}

static void describe(struct tcp_conn *conn, struct tcp_tx *tx, uint32_t seq, uint8_t flags)
{
    tx->seq = seq;
    tx->ack = flags & TH_ACK ? conn->rcv_nxt : 0;
    tx->flags = flags;
    tx->urgent = 0;
    tx->sack_count = 0;
    tx->ecn = 0;
    tx->accecn_fields = 0;
    tx->cookie = NULL;
    tx->timestamps = conn->opt.tstamp_ok;
    if (tx->timestamps) {
        tx->tsval = tcp_timestamp(conn);
        tx->tsecr = conn->opt.ts_recent;
    }
}

static void describe_syn(struct tcp_conn *conn, struct tcp_tx *tx)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;

    tx->window = (uint16_t)min_u32(conn->rcv_wnd, 65535); /* never scaled (RFC 7323 2.2) */
    tx->mss = conn->advmss;
    /* The SYN-ACK of a simultaneous open is the SYN once more, as in Linux. */
    tx->timestamps = sysctl->timestamps != 0;
    tx->sack_permitted = sysctl->sack != 0;
    tx->wscale_ok = sysctl->window_scaling != 0;
    tx->wscale = conn->opt.rcv_wscale;
    if (conn->fastopen) { /* ... and Fast Open's answers what the peer's SYN offered */
        tx->timestamps = conn->opt.tstamp_ok;
        tx->sack_permitted = conn->opt.sack_ok;
        tx->wscale_ok = conn->opt.wscale_ok;
    }
    if (tx->timestamps) {
        tx->tsval = tcp_timestamp(conn);
        tx->tsecr = conn->opt.ts_recent;
    }
}

static bool wants_df(const struct tcp_stack *stack, const struct tcp_config *config)
{
    return !stack->sysctl->no_pmtu_disc && !config->no_pmtu_disc;
}

static inline int hand_down(struct tcp_stack *stack, struct packet *packet,
                            const struct tcp_key *key, const struct tcp_config *config, uint8_t ecn,
                            struct ip_route_cache *route, bool confirm)
{
    struct ip_tx tx = {
        .src = key->local,
        .dst = key->remote,
        .proto = IP_PROTO_TCP,
        .tos = config->tos | ecn,
        .ttl = config->ttl,
        .df = wants_df(stack, config) ? IP_DF_PATH : IP_DF_CLEAR,
        .confirm = confirm,
    };

    if (!(packet->flags & PACKET_RETRANSMIT)) /* RFC 4022: not those sent before */
        stack->counters->OutSegs += packet_segments(packet);
    return stack->net->send(stack->net_data, packet, &tx, route);
}

int tcp_ip_send(struct tcp_stack *stack, struct packet *packet, const struct tcp_key *key,
                const struct tcp_config *config, uint8_t ecn, struct ip_route_cache *route,
                bool confirm)
{
    return hand_down(stack, packet, key, config, ecn, route, confirm);
}

/* Everything that follows from having told the peer rcv_nxt. */
static void ack_sent(struct tcp_conn *conn)
{
    if (conn->compressed_ack) {
        conn->entry.stack->counters->TCPAckCompressed += conn->compressed_ack;
        conn->compressed_ack = 0;
    }
    if (conn->quick) { /* one of the ACKs that young connections send at once */
        uint8_t n = conn->ack_pending & ACK_SCHED ? 1 : 0;
        if (n >= conn->quick) {
            conn->quick = 0;
            conn->ato_ms = TCP_ATO_MIN_MS;
        } else {
            conn->quick -= n;
        }
    }
    conn->ack_pending = 0;
    conn->ack_deadline = SIM_NEVER;
}

static void data_sent(struct tcp_conn *conn, uint32_t length)
{
    uint32_t now = tcp_now_ms(conn);

    if (tcp_inflight(conn) == 0 && conn->cc.ops->event)
        tcp_cc_event(conn, CC_TX_START);
    conn->lsndtime_ms = now;
    /* A reply soon after data: the connection is interactive, ACKs may ride on data. */
    if (now - conn->lrcvtime_ms < conn->ato_ms && conn->pingpong < UINT8_MAX)
        conn->pingpong++;
    conn->stats.data_segs_out++;
}

static inline int send_packet(struct tcp_conn *conn, struct packet *packet, struct tcp_tx *tx)
{
    struct tcp_entry *entry = &conn->entry;

    packet->flow = conn->config->flow;
    packet->flow_hash = entry->hash;
    tcp_put_header(packet, &entry->key, tx);
    conn->stats.segs_out += packet_segments(packet);
    bool confirm = conn->confirm;
    conn->confirm = false;
    return hand_down(entry->stack, packet, &entry->key, conn->config, tx->ecn, &conn->route,
                     confirm);
}

/* Bytes to send: [seq, seq + length) of the stream; `chunk` holds the first of them. */
struct stretch {
    struct tcp_chunk *chunk;
    uint32_t seq, length;
    uint32_t mss; /* of each packet */
    uint8_t flags, sent_count;
};

/* Always inlined: it is the last step of nearly all that is sent. */
static inline __attribute__((always_inline)) int send_whole(struct tcp_conn *conn,
                                                            const struct stretch *s,
                                                            struct tcp_tx *tx)
{
    struct packet *packet = packet_new(conn->entry.stack->sim);

    if (s->length > 0)
        tcp_payload(conn, s->chunk, s->seq + ((s->flags & TH_SYN) != 0), s->length, packet);
    if (s->length > s->mss) {
        packet->gso_size = (uint16_t)s->mss;
        if (conn->ecn & ECN_ACCURATE)
            packet->flags |= PACKET_KEEP_CWR;
    }
    if (s->length > 0)
        tcp_tsq_charge(conn, packet);
    packet->transmission = s->sent_count;
    if (s->sent_count > 1)
        packet->flags |= PACKET_RETRANSMIT;
    return send_packet(conn, packet, tx);
}

static int send_piece(struct tcp_conn *conn, const struct stretch *s, struct tcp_tx *tx)
{
    return send_whole(conn, s, tx);
}

/* Cuts a super-segment into packets: PSH and FIN belong to the last of them.  The first failure is
 * told. */
__attribute__((noinline)) static int send_pieces(struct tcp_conn *conn, struct stretch *s,
                                                 struct tcp_tx *tx)
{
    uint32_t end = s->seq + s->length;
    uint16_t flags = tx->flags;
    int error = 0, next;

    s->length = s->mss;
    tx->flags &= (uint16_t) ~(TH_FIN | TH_PSH);
    if (!(conn->ecn & ECN_ACCURATE))
        flags &= (uint16_t)~TH_CWR; /* which the first one carries */
    while (end - s->seq > s->mss) {
        next = send_piece(conn, s, tx);
        error = error ? error : next;
        s->seq += s->mss;
        s->chunk = tcp_chunk_at(conn, s->chunk, s->seq);
        tx->seq = s->seq;
        tx->flags &= flags;
    }
    s->length = end - s->seq;
    tx->flags = flags;
    next = send_piece(conn, s, tx);
    return error ? error : next;
}

static void put_ecn(struct tcp_conn *conn, struct tcp_tx *tx, const struct stretch *s)
{
    tcp_ecn_send(conn, tx, s->length > 0 && s->sent_count == 1);
    if (conn->ecn & ECN_ACCURATE)
        tcp_accecn_put(conn, tx);
}

/* What may be fragmented on the way has to be datagrams when it gets there. */
static bool goes_whole(const struct tcp_conn *conn)
{
    const struct tcp_stack *stack = conn->entry.stack;
    return stack->gso_whole && wants_df(stack, conn->config);
}

__attribute__((noinline)) static void describe_handshake(struct tcp_conn *conn, struct tcp_tx *tx,
                                                         const struct stretch *s)
{
    describe_syn(conn, tx);
    if (conn->ecn && !(s->flags & TH_ACK))
        tx->flags |= tcp_ecn_syn_flags(conn, s->sent_count);
    else if (conn->ecn & ECN_CLASSIC)
        tx->flags |= TH_ECE;
    if (conn->extra && s->sent_count == 1 &&
        (s->flags & TH_ACK ? conn->fastopen : conn->extra->fastopen.asked))
        tx->cookie = &conn->extra->fastopen.cookie;
}

/* The host's own queue refused the segment, or dropped another one for it (net_xmit_eval). */
__attribute__((noinline)) static int congested(struct tcp_conn *conn, int verdict)
{
    tcp_enter_cwr(conn);
    if (verdict == XMIT_CN)
        return 0;
    tcp_tsq_refused(conn);
    return verdict;
}

/* 0 if it left, else why not: XMIT_DROPPED, or an errno. */
static int transmit(struct tcp_conn *conn, struct stretch *s)
{
    struct tcp_tx tx;

    describe(conn, &tx, s->seq, s->flags);
    if (s->flags & TH_SYN) {
        describe_handshake(conn, &tx, s);
    } else {
        if (conn->sack_count || conn->dsack_set)
            put_sacks(conn, &tx);
        if (conn->ecn)
            put_ecn(conn, &tx, s);
        if (conn->urgent_out)
            tcp_urgent_put(conn, &tx);
        tx.window = tcp_select_window(conn);
    }
    if (s->flags & TH_ACK)
        ack_sent(conn);
    if (s->length > 0)
        data_sent(conn, s->length);
    conn->sent_us = (uint32_t)conn->mstamp;
    int error = s->length > s->mss && !goes_whole(conn) ? send_pieces(conn, s, &tx)
                                                        : send_whole(conn, s, &tx);
    return __builtin_expect(error < 0, 0) ? congested(conn, error) : error;
}

int tcp_transmit_seg(struct tcp_conn *conn, struct tcp_seg *seg)
{
    struct stretch s = { seg->chunk, seg->seq, tcp_seg_length(seg), seg->mss, 0, 0 };

    seg->sent_us = conn->mstamp;
    if (seg->sent_count < UINT8_MAX)
        seg->sent_count++;
    s.flags = seg->flags;
    if (seg->pcount > 1) {
        s.flags |= TH_PSH; /* so that receivers do not wait for more of it */
        conn->stats.data_segs_out += seg->pcount - 1u;
    } else {
        s.mss = s.length;
    }
    s.sent_count = seg->sent_count;
    return transmit(conn, &s);
}

static int send_bare(struct tcp_conn *conn, uint32_t seq, uint8_t flags)
{
    return transmit(conn, &(struct stretch){ .seq = seq, .flags = flags });
}

/* The sequence number of a segment without data: the next one, unless the peer took its window
 * back beyond it. */
static uint32_t acceptable_seq(const struct tcp_conn *conn)
{
    uint32_t end = tcp_wnd_end(conn);

    if (!before(end, conn->snd_nxt) ||
        (conn->opt.wscale_ok && conn->snd_nxt - end < 1u << conn->opt.rcv_wscale))
        return conn->snd_nxt;
    return end;
}

void tcp_send_ack(struct tcp_conn *conn)
{
    if (conn->entry.state != TCP_CLOSED)
        send_bare(conn, acceptable_seq(conn), TH_ACK);
}

void tcp_send_syn_ack(struct tcp_conn *conn, uint8_t n)
{
    conn->route.no_id = true; /* as of a request's */
    transmit(conn, &(struct stretch){
                       .seq = conn->entry.iss, .flags = TH_SYN | TH_ACK, .sent_count = n });
    conn->route.no_id = false;
    conn->stats.segs_out--; /* nor is it counted among the connection's */
    if (n > 1)              /* it is made anew each time */
        conn->entry.stack->counters->OutSegs++;
}

int tcp_transmit_syn_data(struct tcp_conn *conn, struct tcp_seg *syn, struct tcp_seg *data)
{
    uint32_t length = tcp_seg_length(data);

    syn->sent_us = data->sent_us = conn->mstamp;
    syn->sent_count = data->sent_count = 1;
    return transmit(conn, &(struct stretch){ .chunk = data->chunk,
                                             .seq = syn->seq,
                                             .length = length,
                                             .mss = length,
                                             .flags = TH_SYN,
                                             .sent_count = 1 });
}

int tcp_send_probe_segment(struct tcp_conn *conn, bool urgent)
{
    /* An old sequence number: the receiver must answer with an ACK (RFC 9293 3.8.6.1). */
    return send_bare(conn, conn->snd_una - !urgent, TH_ACK);
}

void tcp_send_active_reset(struct tcp_conn *conn)
{
    conn->entry.stack->counters->OutRsts++;
    send_bare(conn, acceptable_seq(conn), TH_ACK | TH_RST);
}

/* ---- How much may go ------------------------------------------------------------------------ */

/* Packets of `seg` at this segment size. */
uint32_t tcp_seg_init_pcount(struct tcp_seg *seg, uint32_t mss)
{
    if (seg->pcount == 0 || (seg->pcount > 1 && seg->mss != mss)) {
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
    uint8_t sacks = (uint8_t)min_u32(blocks, conn->opt.tstamp_ok ? 3 : 4), fields;

    if (conn->ecn & ECN_ACCURATE)
        mss -= tcp_accecn_fit(conn, &sacks, &fields);
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

/* Keeps track of whether the congestion window is in use, and lets it decay if not (RFC 7661 in
 * spirit: a window that was not used says nothing about the network). */
static void validate_window(struct tcp_conn *conn, bool cwnd_limited)
{
    uint32_t now = tcp_now_ms(conn);

    if (!before(conn->snd_una, conn->cwnd_usage_seq) || cwnd_limited ||
        (!conn->cc.cwnd_limited && conn->packets_out > conn->cc.max_inflight)) {
        conn->cc.cwnd_limited = cwnd_limited;
        conn->cc.max_inflight = conn->packets_out;
        conn->cwnd_usage_seq = conn->snd_nxt;
    }
    if (cc_window_limited(&conn->cc)) {
        conn->cwnd_used = 0;
        conn->cwnd_stamp_ms = now;
        return;
    }
    conn->cwnd_used = max_u32(conn->cwnd_used, conn->packets_out);
    if (conn->entry.stack->sysctl->slow_start_after_idle &&
        now - conn->cwnd_stamp_ms >= conn->rto_us / 1000 && !conn->cc.ops->control)
        tcp_cwnd_application_limited(conn);
    if (!tcp_send_head(conn) && conn->sndbuf_full)
        tcp_limit_set(conn, TCP_LIMIT_SNDBUF);
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

/* What was asked of tcp_write_xmit. */
struct sending {
    uint32_t mss, max_segs;
    unsigned nonagle;
    enum tcp_push push;
};

/* Whether `seg` may go now; else what forbids it.  TCP_LIMIT_APP: Nagle, or a cork. */
static bool may_send(struct tcp_conn *conn, struct tcp_seg *seg, const struct sending *x,
                     uint32_t quota, enum tcp_limit *limit)
{
    uint32_t mss = x->mss;

    if (tcp_pacing_holds(conn)) {
        *limit = TCP_LIMIT_PACING;
        return false;
    }
    if (quota == 0) {
        *limit = TCP_LIMIT_CWND;
        return false;
    }
    quota = min_u32(quota, x->max_segs);
    if (quota * mss > tcp_seg_length(seg) && (quota > 1 || seg->link.next != &conn->write_queue))
        tcp_tso_grow(conn, seg, quota * mss - tcp_seg_length(seg));
    tcp_seg_init_pcount(seg, mss);
    if (!tcp_window_allows(conn, seg, mss)) {
        *limit = TCP_LIMIT_RWND;
        return false;
    }
    *limit = TCP_LIMIT_APP;
    if (seg->pcount > 1) {
        if (x->push == PUSH_ALL && tcp_tso_defer(conn, seg, x->max_segs, limit))
            return false;
    } else if (!nagle_allows(conn, seg, mss,
                             last_in_queue(conn, seg) ? x->nonagle : x->nonagle | NAGLE_PUSH)) {
        return false;
    }
    trim_to_limit(conn, seg, mss, quota, x->nonagle);
    if (tcp_tsq_holds(conn, seg, false)) {
        *limit = TCP_LIMIT_PACING;
        return false;
    }
    return true;
}

bool tcp_write_xmit(struct tcp_conn *conn, uint32_t mss, unsigned nonagle, enum tcp_push push)
{
    const struct sending x = { mss, tcp_tso_segs(conn, mss), nonagle, push };
    enum tcp_limit limit = TCP_LIMIT_APP;
    bool rearm = conn->packets_out == 0 || conn->pending == TCP_PENDING_LOSS_PROBE;
    uint32_t sent = 0;
    struct tcp_seg *seg;

    if (conn->mtu_probing && push == PUSH_ALL) {
        enum tcp_mtuprobe_result probe = tcp_mtuprobe_send(conn);
        if (probe == MTUPROBE_WAIT)
            return false;
        sent = probe == MTUPROBE_SENT;
    }
    while ((seg = tcp_send_head(conn))) {
        uint32_t quota = window_quota(conn);
        if (quota == 0 && push == PUSH_PROBE)
            quota = 1; /* a loss probe may exceed the window by one */
        if (!may_send(conn, seg, &x, quota, &limit) || tcp_send_new(conn, seg) != 0)
            break;
        if (tcp_seg_length(seg) < mss * seg->pcount)
            conn->snd_sml = seg->end_seq; /* one that a timer sends does not count for Nagle */
        sent += seg->pcount;
        if (push != PUSH_ALL)
            break;
    }
    /* A send buffer that is too small stays to blame until the owner may write again. */
    bool starved = conn->limit == TCP_LIMIT_SNDBUF && conn->sndbuf_full;
    if ((push == PUSH_ALL || !seg) && !starved)
        tcp_limit_set(conn, limit);
    bool cwnd_limited = limit == TCP_LIMIT_CWND || tcp_inflight(conn) >= conn->cc.cwnd;
    if (sent || cwnd_limited)
        validate_window(conn, cwnd_limited);
    if (sent) {
        if (tcp_in_cwnd_reduction(conn))
            tcp_trouble(conn)->prr_out += sent;
        if ((push == PUSH_PROBE || !tcp_schedule_loss_probe(conn, false)) && rearm)
            tcp_rearm_rto(conn);
        return false;
    }
    return conn->packets_out == 0 && tcp_send_head(conn) != NULL;
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

/* The window fell out of use: after idling longer than a time-out, halve it for each time-out
 * that passed, down to the initial one (RFC 5681 4.1). */
void tcp_cwnd_restart(struct tcp_conn *conn, uint32_t idle_ms)
{
    uint32_t restart = min_u32(tcp_initial_cwnd(conn), conn->cc.cwnd), cwnd = conn->cc.cwnd;
    int64_t left = idle_ms, rto_ms = max_u32(conn->rto_us / 1000, 1);

    tcp_cc_event(conn, CC_CWND_RESTART);
    conn->cc.ssthresh = tcp_current_ssthresh(conn);
    while ((left -= rto_ms) > 0 && cwnd > restart)
        cwnd >>= 1;
    conn->cc.cwnd = max_u32(cwnd, restart);
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
    conn->cwnd_used = 0;
}

void tcp_cwnd_application_limited(struct tcp_conn *conn)
{
    if (conn->cc.state == CC_OPEN && !conn->sndbuf_full) {
        uint32_t used = max_u32(conn->cwnd_used, tcp_initial_cwnd(conn));
        if (used < conn->cc.cwnd) {
            conn->cc.ssthresh = tcp_current_ssthresh(conn);
            conn->cc.cwnd = (conn->cc.cwnd + used) >> 1;
        }
        conn->cwnd_used = 0;
    }
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
}

void tcp_slow_start_after_idle(struct tcp_conn *conn)
{
    uint32_t idle = tcp_now_ms(conn) - conn->lsndtime_ms;

    if (conn->entry.stack->sysctl->slow_start_after_idle && conn->packets_out == 0 &&
        !conn->cc.ops->control && idle > conn->rto_us / 1000)
        tcp_cwnd_restart(conn, idle);
}

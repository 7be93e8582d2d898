/* One segment: from what is to be said to the packet that leaves.
 *
 * A segment is a stretch of the stream and some flags; describe and its helpers add what only the
 * connection knows (acknowledgement, window, timestamps, SACK blocks, ECN), options.c writes the
 * header, the network layer takes the packet.  A super-segment leaves whole where the link cuts it
 * (gso.h), and is cut here elsewhere.  Whatever was told to the peer with it is noted here, too:
 * that data is acknowledged, that the connection is in use. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/sending.h"

/* ---- What it says --------------------------------------------------------------------------- */

static void describe(struct tcp_conn *conn, struct tcp_tx *tx, uint32_t seq, uint8_t flags)
{
    tx->seq = seq;
    tx->ack = flags & TH_ACK ? conn->rcv_nxt : 0;
    tx->flags = flags;
    tx->urgent = 0;
    tx->sack_count = 0;
    tx->ecn = 0;
    tx->accecn_fields = 0;
    tx->accecn_option = false;
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

static enum ip_df df_of(const struct tcp_stack *stack, const struct tcp_config *config)
{
    if (config->pmtu == TCP_PMTU_DO)
        return IP_DF_SET;
    return config->pmtu == TCP_PMTU_WANT && !stack->sysctl->no_pmtu_disc ? IP_DF_PATH : IP_DF_CLEAR;
}

/* Gives a described segment to the network layer. */
static inline int hand_down(const struct tcp_entry *entry, struct packet *packet,
                            const struct tcp_tx *tx, const struct tcp_config *config,
                            struct ip_route_cache *route, bool confirm)
{
    struct tcp_stack *stack = entry->stack;
    struct ip_tx ip = {
        .src = entry->key.local,
        .dst = entry->key.remote,
        .proto = IP_PROTO_TCP,
        .tos = config->tos | tx->ecn,
        .ttl = config->ttl,
        .df = route ? df_of(stack, config) : IP_DF_SET, /* resets, and what is as small */
        .confirm = confirm,
    };

    packet->flow = config->flow;
    packet->flow_hash = entry->hash;
    tcp_put_header(packet, &entry->key, tx);
    if (!(packet->flags & PACKET_RETRANSMIT)) /* RFC 4022: not those sent before */
        stack->counters->OutSegs += packet_segments(packet);
    return stack->net->send(stack->net_data, packet, &ip, route);
}

int tcp_send_packet(const struct tcp_entry *entry, struct packet *packet, const struct tcp_tx *tx,
                    const struct tcp_config *config, struct ip_route_cache *route)
{
    return hand_down(entry, packet, tx, config, route, false);
}

/* ---- What follows from it ------------------------------------------------------------------- */

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

static void data_sent(struct tcp_conn *conn)
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

/* ---- One packet, or several ----------------------------------------------------------------- */

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
    conn->stats.segs_out += packet_segments(packet);
    bool confirm = conn->confirm;
    conn->confirm = false;
    return hand_down(&conn->entry, packet, tx, conn->config, &conn->route, confirm);
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
    return stack->gso_whole && df_of(stack, conn->config) != IP_DF_CLEAR;
}

__attribute__((noinline)) static void describe_handshake(struct tcp_conn *conn, struct tcp_tx *tx,
                                                         const struct stretch *s)
{
    describe_syn(conn, tx);
    if (s->flags & TH_ACK)
        tcp_ecn_own_syn_ack(conn, tx, s->sent_count);
    else if (conn->ecn)
        tcp_ecn_syn(conn, tx, s->sent_count);
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

/* ---- One segment ---------------------------------------------------------------------------- */

/* 0 if it left, else why not: XMIT_DROPPED, or an errno. */
static int transmit(struct tcp_conn *conn, struct stretch *s)
{
    struct tcp_tx tx;

    describe(conn, &tx, s->seq, s->flags);
    if (s->flags & TH_SYN) {
        describe_handshake(conn, &tx, s);
    } else {
        if (conn->sack_count || conn->dsack_set)
            tcp_put_sacks(conn, &tx);
        if (conn->ecn)
            put_ecn(conn, &tx, s);
        if (conn->urgent_out)
            tcp_urgent_put(conn, &tx);
        tx.window = tcp_select_window(conn);
    }
    if (s->flags & TH_ACK)
        ack_sent(conn);
    if (s->length > 0)
        data_sent(conn);
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

/* It may be the first to use a route that has changed, of which data must not find out later. */
static int send_bare(struct tcp_conn *conn, uint32_t seq, uint8_t flags)
{
    if (*conn->entry.stack->route_generation != conn->route.generation)
        tcp_check_path(conn);
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

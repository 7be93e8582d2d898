/* One TCP stack and a peer that is played by the test: each segment of the peer is put in by hand,
 * each of the stack is expected.  Sequence numbers are relative: 0 is the SYN, data begins at 1. */
#ifndef WEFT_TESTS_SUPPORT_TCP_SCRIPT_H
#define WEFT_TESTS_SUPPORT_TCP_SCRIPT_H

#include "tests/support/tcp_pair.h"

#define PEER_ISS  0x10000000u
#define PEER_PORT 5001

struct script {
    struct pair *pair;
    struct tcp_stack *stack; /* under test */
    struct owner owner;
    uint32_t next; /* of the log: the first segment that nobody has looked at */
    uint32_t iss, peer_iss;
    uint16_t port;        /* of the stack */
    uint32_t tsval_first; /* timestamp of the stack's SYN */
    uint32_t peer_tsval;  /* the next injected segments carry it; 0: no timestamps */
    uint16_t window;      /* the next injected segments carry it */
};

/* A segment of the peer. */
struct peer_seg {
    unsigned flags;
    uint32_t seq, ack, length;
    struct tcphdr_options o; /* timestamps are added if the script has some */
    uint32_t tsecr;          /* relative to the stack's SYN */
    uint16_t urgent;
    uint8_t tos;
    bool absolute_ack;
};

static inline struct script *script_new(void)
{
    struct script *s = g_new0(struct script, 1);

    s->pair = pair_new(1, 0);
    s->pair->end[1].scripted = true;
    s->stack = &s->pair->end[0].stack;
    s->stack->gso_max_segs = 1; /* each segment by itself; script_gso otherwise */
    s->peer_iss = PEER_ISS;
    s->window = 65535;
    return s;
}

/* Super-segments as a host has them; each one's last packet carries PSH. */
static inline void script_gso(struct script *s)
{
    s->stack->gso_max_segs = UINT16_MAX;
}

static inline void script_free(struct script *s)
{
    owners_free(&s->owner, NULL);
    pair_free(s->pair);
    g_free(s);
}

static inline sim_time script_now(const struct script *s)
{
    return s->pair->sim->now;
}

static inline void script_run(struct script *s, sim_time span)
{
    pair_run_for(s->pair, span);
}

/* ---- The peer speaks ------------------------------------------------------------------------ */

static inline void script_inject(struct script *s, const struct peer_seg *seg)
{
    struct packet *packet = packet_new(s->pair->sim);
    struct tcphdr_options o = seg->o;
    struct ip_rx rx = { .src = s->pair->end[1].addr,
                        .dst = s->pair->end[0].addr,
                        .proto = IP_PROTO_TCP,
                        .tos = seg->tos };

    if (s->peer_tsval && !(o.present & TCPHAS_TS)) {
        o.present |= TCPHAS_TS;
        o.tsval = s->peer_tsval;
        o.tsecr = seg->tsecr + s->tsval_first;
    }
    uint32_t length = 20 + tcphdr_options_length(&o);
    struct tcphdr h = { .src_port = PEER_PORT,
                        .dst_port = s->port,
                        .seq = s->peer_iss + seg->seq,
                        .ack = seg->flags & TH_ACK ? s->iss + seg->ack : 0,
                        .urgent = seg->urgent,
                        .flags = (uint16_t)seg->flags,
                        .window = s->window,
                        .length = (uint8_t)length };
    uint8_t *at = packet_push(packet, length);
    tcphdr_emit(at, &h);
    tcphdr_options_emit(at + 20, &o);
    packet->flags |= PACKET_CSUM_PENDING;
    if (seg->length > 0)
        packet_set_payload(packet, &blob_pattern, seg->seq - 1, seg->length);
    tcp_input(s->stack, packet, &rx);
}

static inline void script_data(struct script *s, uint32_t seq, uint32_t length, uint32_t ack)
{
    script_inject(s, &(struct peer_seg){
                         .flags = TH_ACK | TH_PSH, .seq = seq, .length = length, .ack = ack });
}

static inline void script_ack(struct script *s, uint32_t seq, uint32_t ack)
{
    script_inject(s, &(struct peer_seg){ .flags = TH_ACK, .seq = seq, .ack = ack });
}

/* An ACK with up to four SACK blocks: n pairs of relative numbers. */
static inline void script_sack(struct script *s, uint32_t seq, uint32_t ack, int n,
                               const uint32_t *edges)
{
    struct peer_seg seg = { .flags = TH_ACK, .seq = seq, .ack = ack };

    seg.o.present = TCPHAS_SACK;
    seg.o.n_sacks = (uint8_t)n;
    for (int i = 0; i < n; i++)
        seg.o.sacks[i] = (struct tcphdr_sack){ s->iss + edges[2 * i], s->iss + edges[2 * i + 1] };
    script_inject(s, &seg);
}

/* ---- The stack answers ---------------------------------------------------------------------- */

/* The next segment of the stack, which must be there. */
static inline const struct seen *script_take(struct script *s)
{
    ck_assert_msg(s->next < s->pair->log->len, "no segment was sent");
    return seen_at(s->pair, s->next++);
}

static inline const struct seen *script_expect(struct script *s, unsigned flags, uint32_t seq,
                                               uint32_t length, uint32_t ack)
{
    const struct seen *seen = script_take(s);

    ck_assert_msg(seen->h.flags == flags && seen->h.seq - s->iss == seq && seen->length == length &&
                      (!(flags & TH_ACK) || seen->h.ack - s->peer_iss == ack),
                  "expected flags %#x %u(%u) ack %u; sent flags %#x %u(%u) ack %u at %.6f s", flags,
                  seq, length, ack, seen->h.flags, seen->h.seq - s->iss, seen->length,
                  seen->h.ack - s->peer_iss, simtime_seconds(seen->at));
    return seen;
}

static inline void script_expect_nothing(struct script *s)
{
    if (s->next < s->pair->log->len) {
        const struct seen *seen = seen_at(s->pair, s->next);
        ck_abort_msg("nothing was expected; sent flags %#x %u(%u) ack %u at %.6f s", seen->h.flags,
                     seen->h.seq - s->iss, seen->length, seen->h.ack - s->peer_iss,
                     simtime_seconds(seen->at));
    }
}

/* Skips what was sent so far. */
static inline void script_skip(struct script *s)
{
    s->next = s->pair->log->len;
}

/* ---- Opening -------------------------------------------------------------------------------- */

/* What the peer's SYN or SYN-ACK offers: MSS 1000, SACK, window scale 7, as packetdrill's tests. */
static inline struct tcphdr_options script_offer(bool sack, int wscale)
{
    struct tcphdr_options o = { .present = TCPHAS_MSS, .mss = 1000 };

    if (sack)
        o.present |= TCPHAS_SACK_OK;
    if (wscale >= 0) {
        o.present |= TCPHAS_WSCALE;
        o.wscale = (uint8_t)wscale;
    }
    return o;
}

static inline void script_note_syn(struct script *s, const struct seen *syn)
{
    s->iss = syn->h.seq;
    s->port = syn->h.src_port;
    s->tsval_first = syn->o.tsval;
}

/* The stack connects; the SYN-ACK comes after `rtt`. */
static inline void script_connect(struct script *s, const struct tcp_config *config,
                                  const struct tcphdr_options *offer, sim_time rtt)
{
    s->owner.conn = tcp_conn_new(s->stack, config, &owner_ops, &s->owner);
    ck_assert_int_eq(tcp_connect(s->owner.conn, NULL, 0, &s->pair->end[1].addr, PEER_PORT), 0);
    const struct seen *syn = script_take(s);
    ck_assert_uint_eq(syn->h.flags, TH_SYN);
    script_note_syn(s, syn);
    script_run(s, rtt);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN | TH_ACK, .ack = 1, .o = *offer });
    script_expect(s, TH_ACK, 1, 0, 1);
    ck_assert_int_eq(tcp_conn_state(s->owner.conn), TCP_ESTABLISHED);
}

static inline void script_listen(struct script *s, const struct tcp_config *config)
{
    s->port = SERVER_PORT;
    ck_assert_int_eq(tcp_listen(s->stack, NULL, SERVER_PORT, 16, config, &owner_listener_ops,
                                &s->owner, &s->owner.listener),
                     0);
}

/* The peer connects to the stack; its ACK comes after `rtt`. */
static inline void script_accept(struct script *s, const struct tcp_config *config,
                                 const struct tcphdr_options *offer, sim_time rtt)
{
    script_listen(s, config);
    script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = *offer });
    const struct seen *syn_ack = script_take(s);
    ck_assert_uint_eq(syn_ack->h.flags, TH_SYN | TH_ACK);
    ck_assert_uint_eq(syn_ack->h.ack, s->peer_iss + 1);
    s->iss = syn_ack->h.seq;
    s->tsval_first = syn_ack->o.tsval;
    script_run(s, rtt);
    script_ack(s, 1, 1);
    ck_assert_ptr_nonnull(s->owner.conn);
    ck_assert_int_eq(tcp_conn_state(s->owner.conn), TCP_ESTABLISHED);
}

static inline void script_write(struct script *s, uint32_t length)
{
    struct blob *blob = blob_new(length);

    memset(blob->bytes, 'x', length);
    ck_assert_int_eq(tcp_send(s->owner.conn, blob, 0, length, 0), length);
    blob_unref(blob);
}

static inline struct tcp_info script_info(const struct script *s)
{
    struct tcp_info info;

    tcp_info_get(s->owner.conn, &info);
    return info;
}

#endif

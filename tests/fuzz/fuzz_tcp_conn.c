/* A live connection in each state gets segments: flags of any kind, numbers around those that it
 * expects, options of random bytes, SACK blocks that overlap or lie in the future, windows that
 * shrink.  In between its owner writes, reads and closes, and time passes. */
#include "protocols/tcp/internal.h"
#include "protocols/wire/tcphdr.h"
#include "tests/fuzz/fuzz.h"

enum { PORT = 80, PEER_PORT = 5001, STEPS = 64, PEER_ISS = 0xfffff000 };

/* The modules under test; the program's own list is of a higher floor. */
extern const struct cc_ops *const reno_module[], *const cubic_module[], *const bbr_module[],
                                                                            *const dctcp_module[];
const struct cc_ops *const *const cc_registry[] = { reno_module, cubic_module, bbr_module,
                                                    dctcp_module, NULL };
static const char *const algorithms[] = { "cubic", "reno", "bbr", "dctcp" };

struct host {
    struct sim *sim;
    struct tcp_memory *memory;
    struct tcp_stack stack;
    struct actor actor;
    struct drops drops;
    struct ip_addr addr, peer;
    struct tcp_listener *listener;
    struct tcp_conn *conn;
    uint16_t port;          /* of the connection */
    uint32_t iss, top;      /* what it sent: the SYN, the highest number */
    uint32_t wanted, echo;  /* what it acknowledged last; its last timestamp */
    bool timestamps, heard; /* it has sent a segment */
};

/* ---- The wire -------------------------------------------------------------------------------- */

static int wire_send(void *data, struct packet *packet, const struct ip_tx *tx,
                     struct ip_route_cache *cache)
{
    struct host *h = data;
    uint8_t header[TCPHDR_MAX];
    struct tcphdr_options o;
    struct tcphdr tcp;

    uint32_t doff = tcphdr_check(packet_data(packet), packet_header_len(packet));
    assert(doff >= TCPHDR_LEN);
    packet_read(packet, 0, header, doff);
    tcphdr_parse(header, &tcp);
    tcphdr_options_parse(header + TCPHDR_LEN, doff - TCPHDR_LEN, &o);
    assert(!(o.present & TCPHAS_MALFORMED));
    uint32_t end = tcp.seq + packet_len(packet) - doff + ((tcp.flags & (TH_SYN | TH_FIN)) != 0);
    if (tcp.flags & TH_SYN && !h->heard) {
        h->iss = h->top = tcp.seq;
        h->heard = true;
    }
    if (!(tcp.flags & TH_RST) && (int32_t)(end - h->top) > 0)
        h->top = end;
    if (tcp.flags & TH_ACK && !(tcp.flags & TH_RST))
        h->wanted = tcp.ack;
    if (o.present & TCPHAS_TS)
        h->echo = o.tsval;
    h->port = tcp.src_port;
    packet_consumed(packet);
    return 0;
}

static bool wire_route(void *data, const struct ip_addr *dst, struct ip_addr *src, uint32_t *mtu)
{
    *src = ((struct host *)data)->addr;
    *mtu = 1500;
    return true;
}

static const struct tcp_net wire = { wire_send, wire_route, NULL };

/* A segment of the peer; `options` are `n` bytes, a multiple of four. */
static void inject(struct host *h, struct tcphdr tcp, const uint8_t *options, uint32_t n,
                   uint32_t length, uint8_t tos)
{
    struct packet *packet = packet_new(h->sim);
    struct ip_rx rx = { .src = h->peer, .dst = h->addr, .proto = IP_PROTO_TCP, .tos = tos };

    tcp.src_port = PEER_PORT;
    tcp.dst_port = h->port;
    tcp.length = (uint8_t)(TCPHDR_LEN + n);
    uint8_t *at = packet_push(packet, TCPHDR_LEN + n);
    tcphdr_emit(at, &tcp);
    memcpy(at + TCPHDR_LEN, options, n);
    packet->flags |= PACKET_CSUM_PENDING;
    if (length > 0)
        packet_set_payload(packet, &blob_pattern, tcp.seq & 0xffff, length);
    tcp_input(&h->stack, packet, &rx);
}

static void answer(struct host *h, uint16_t flags, uint32_t seq, uint32_t ack,
                   const struct tcphdr_options *offer)
{
    struct tcphdr_options o = offer ? *offer : (struct tcphdr_options){ 0 };
    uint8_t bytes[TCPHDR_OPTIONS_MAX];

    if (h->timestamps) {
        o.present |= TCPHAS_TS;
        o.tsval = 1000;
        o.tsecr = h->echo;
    }
    tcphdr_options_emit(bytes, &o);
    inject(h, (struct tcphdr){ .flags = flags, .seq = PEER_ISS + seq, .ack = ack, .window = 1000 },
           bytes, tcphdr_options_length(&o), 0, 0);
}

/* ---- The owner ------------------------------------------------------------------------------- */

static void forget(struct tcp_conn *conn, int error)
{
    (void)error;
    (void)conn;
}

static const struct tcp_user_ops user_ops = { .closed = forget };

static void take(struct tcp_listener *listener)
{
    struct host *h = tcp_listener_user(listener);
    struct tcp_conn *conn = tcp_accept(listener, &user_ops, h);

    if (conn && h->conn)
        tcp_close(conn);
    else
        h->conn = conn;
}

static const struct tcp_listener_ops listener_ops = { take, NULL };

static void let_go(struct host *h, bool abort)
{
    if (h->conn)
        (abort ? tcp_abort : tcp_close)(h->conn);
    h->conn = NULL;
}

static void act(struct host *h, uint8_t what, uint32_t amount)
{
    uint8_t bytes[4096];

    if (!h->conn)
        return;
    switch (what % 6) {
    case 0:
        tcp_send(h->conn, &blob_pattern, 0, amount, what & 8 ? TCP_SEND_MORE : 0);
        break;
    case 1:
        tcp_recv_bytes(h->conn, bytes, amount % sizeof bytes);
        break;
    case 2:
        tcp_shutdown(h->conn);
        break;
    case 3:
        tcp_send(h->conn, &blob_pattern, 0, amount & 255, TCP_SEND_URGENT);
        break;
    case 4:
        let_go(h, (what & 8) != 0);
        break;
    default:
        tcp_shutdown_recv(h->conn);
        break;
    }
}

/* ---- States ---------------------------------------------------------------------------------- */

static void host_init(struct host *h, uint8_t features)
{
    struct tcp_config config = { .cc = cc_find(algorithms[features >> 6]) };

    memset(h, 0, sizeof *h);
    h->sim = sim_new(features);
    h->memory = tcp_memory_new(h->sim);
    h->drops.name = "h";
    actor_init(&h->actor, h->sim, "h");
    h->addr = ip_addr_of_v4(0xc0a80001);
    h->peer = ip_addr_of_v4(0xc0000201);
    tcp_stack_init(&h->stack, h->sim, h->memory, "h", &h->actor, &h->drops, &wire, h);
    h->stack.sysctl = &tcp_sysctl_defaults;
    h->port = PORT;
    config.rcvbuf = features & 16 ? 4096 : 0;
    tcp_listen(&h->stack, NULL, PORT, 4, &config, &listener_ops, h, &h->listener);
    if (features & 32) {
        h->conn = tcp_conn_new(&h->stack, &config, &user_ops, h);
        tcp_connect(h->conn, NULL, 0, &h->peer, PEER_PORT);
    }
}

/* Open, then as far towards the end as `state` says. */
static void enter(struct host *h, uint8_t state, uint8_t features)
{
    struct tcphdr_options offer = { .present = TCPHAS_MSS, .mss = 1000, .wscale = 7 };
    uint16_t ecn = features & 8 ? TH_ECE | TH_CWR : 0;

    offer.present |= features & 1 ? TCPHAS_SACK_OK : 0;
    offer.present |= features & 4 ? TCPHAS_WSCALE : 0;
    h->timestamps = (features & 2) != 0;
    if (state == 0)
        return; /* SYN-SENT, or LISTEN */
    if (features & 32)
        answer(h, TH_SYN | TH_ACK | (ecn & TH_ECE), 0, h->iss + 1, &offer);
    else
        answer(h, TH_SYN | ecn, 0, 0, &offer);
    if (state == 1)
        return; /* SYN-RECEIVED, if it was passive */
    if (!(features & 32))
        answer(h, TH_ACK, 1, h->top, NULL);
    if (state == 3) /* with data in flight */
        act(h, 0, 20000);
    if (state == 4 || state == 7) /* CLOSE-WAIT, LAST-ACK */
        answer(h, TH_FIN | TH_ACK, 1, h->top, NULL);
    if (state >= 5) /* FIN-WAIT-1 */
        act(h, 2, 0);
    if (state == 6 || state == 9) /* FIN-WAIT-2 */
        answer(h, TH_ACK, 1, h->top, NULL);
    if (state >= 8) /* CLOSING, TIME-WAIT */
        answer(h, TH_FIN | TH_ACK, 1, h->top - (state == 8), NULL);
}

/* What Linux verifies of its counts (tcp_verify_left_out). */
static void check(const struct host *h)
{
    const struct tcp_conn *conn = h->conn;

    if (!conn)
        return;
    assert(conn->sacked_out + conn->lost_out <= conn->packets_out);
    assert(conn->retrans_out <= conn->packets_out);
    assert(conn->cc.cwnd >= 1);
}

/* ---- Steps ----------------------------------------------------------------------------------- */

struct step {
    uint8_t kind; /* 0 to 4: a segment, 5: SACK blocks, 6: the owner, 7: time; 8, 16: far off */
    uint8_t flags, seq[2], ack[2], window[2], length, options;
};

static uint32_t delta(const uint8_t *bytes, bool far)
{
    int16_t value = (int16_t)(bytes[0] << 8 | bytes[1]);
    return far ? (uint32_t)value << 16 : (uint32_t)value;
}

/* Blocks near what is in flight, from the bytes; returns how many bytes they are. */
static uint32_t sack_blocks(const struct host *h, uint8_t *options, const uint8_t *data, uint32_t n)
{
    uint32_t blocks = n / 8 < 4 ? n / 8 : 4;

    options[0] = options[1] = TCPOPT_NOP;
    options[2] = TCPOPT_SACK;
    options[3] = (uint8_t)(2 + 8 * blocks);
    for (uint32_t i = 0; i < 2 * blocks; i++) {
        uint32_t number = h->top + delta(data + 4 * i, (data[4 * i + 2] & 3) == 3);
        for (int j = 0; j < 4; j++)
            options[4 + 4 * i + (uint32_t)j] = (uint8_t)(number >> (24 - 8 * j));
    }
    return 4 + 8 * blocks;
}

static void segment(struct host *h, const struct step *s, const uint8_t *data, uint32_t n)
{
    uint8_t options[TCPHDR_OPTIONS_MAX + 4] = { 0 };
    struct tcphdr tcp = { .flags = s->flags,
                          .seq = h->wanted + delta(s->seq, s->kind & 8),
                          .ack = h->top + delta(s->ack, s->kind & 16),
                          .window = (uint16_t)(s->window[0] << 8 | s->window[1]),
                          .urgent = s->window[1] };
    uint32_t length = n & ~3u;

    if ((s->kind & 7) == 5)
        length = sack_blocks(h, options, data, n);
    else
        memcpy(options, data, length);
    if (length == 0 && h->timestamps) {
        struct tcphdr_options o = { .present = TCPHAS_TS,
                                    .tsval = 1000u + s->length,
                                    .tsecr = h->echo };
        length = tcphdr_options_length(&o);
        tcphdr_options_emit(options, &o);
    }
    inject(h, tcp, options, length, s->length * 8u, s->kind >> 6);
}

static void play(struct host *h, const struct step *s, const uint8_t *data, uint32_t n)
{
    if ((s->kind & 7) == 6)
        act(h, s->flags, (uint32_t)(s->seq[0] << 8 | s->seq[1]));
    else if ((s->kind & 7) == 7)
        sim_run(h->sim, h->sim->now + (s->seq[0] + 1) * (s->kind & 8 ? SIM_S : SIM_MS));
    else
        segment(h, s, data, n);
    sim_run(h->sim, h->sim->now);
    check(h);
}

static void host_fini(struct host *h)
{
    const struct packet_pool *pool = &h->sim->packets;

    let_go(h, false);
    tcp_stack_fini(&h->stack);
    drops_fini(&h->drops);
    assert(tcp_memory_empty(h->memory));
    char *leaks = sim_leaks(h->sim);
    assert(!leaks);
    assert(pool->created == pool->delivered + pool->dropped + pool->consumed);
    tcp_memory_free(h->memory);
    sim_free(h->sim);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct host host;
    struct step step;

    if (size < 2)
        return 0;
    host_init(&host, data[1]);
    enter(&host, data[0] % 10, data[1]);
    data += 2;
    size -= 2;
    for (int i = 0; i < STEPS && size >= sizeof step; i++) {
        memcpy(&step, data, sizeof step);
        data += sizeof step;
        size -= sizeof step;
        uint32_t n = step.options % (TCPHDR_OPTIONS_MAX - 3);
        n = n < size ? n : (uint32_t)size;
        play(&host, &step, data, n);
        data += n;
        size -= n;
    }
    host_fini(&host);
    return 0;
}

/* A node's TCP: finding whom a segment is for, and answering when there is nobody. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"
#include "protocols/wire/checksum.h"
#include "sim/hash.h"

DROP_REASON(tcp_short, "TCP header cut short or malformed");
DROP_REASON(tcp_checksum, "wrong TCP checksum");
DROP_REASON(tcp_signed, "signed (RFC 2385), and there is no key");

#define SNMP(name) "Tcp" #name,
#define EXT(name)  "TcpExt" #name,
const char *const tcp_counter_names[] = { TCP_SNMP_COUNTERS(SNMP) TCP_EXT_COUNTERS(EXT) NULL };
#undef SNMP
#undef EXT

const struct tcp_counters *tcp_counters(const struct tcp_stack *stack)
{
    static const struct tcp_counters zeros;
    return stack->counters ? stack->counters : &zeros;
}

/* ---- Memory --------------------------------------------------------------------------------- */

struct tcp_memory *tcp_memory_new(struct sim *sim)
{
    struct tcp_memory *memory = g_new0(struct tcp_memory, 1);

    memory->sim = sim;
    pool_init(&memory->conns, sizeof(struct tcp_conn), 8);
    pool_init(&memory->requests, sizeof(struct tcp_request), 8);
    pool_init(&memory->tws, sizeof(struct tcp_tw), 8);
    pool_init(&memory->segs, sizeof(struct tcp_seg), 64);
    pool_init(&memory->chunks, sizeof(struct tcp_chunk), 8);
    pool_init(&memory->pieces, sizeof(struct tcp_piece), 8);
    pool_init(&memory->ofos, sizeof(struct tcp_ofo), 8);
    pool_init(&memory->extras, sizeof(struct tcp_extra), 8);
    pool_init(&memory->outs, sizeof(struct tcp_out), 8);
    memory->ccs = g_ptr_array_new();
    g_ptr_array_add(memory->ccs, NULL);
    memory->defaults = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    return memory;
}

void tcp_memory_free(struct tcp_memory *memory)
{
    pool_fini(&memory->conns);
    pool_fini(&memory->requests);
    pool_fini(&memory->tws);
    pool_fini(&memory->segs);
    pool_fini(&memory->chunks);
    pool_fini(&memory->pieces);
    pool_fini(&memory->ofos);
    pool_fini(&memory->extras);
    pool_fini(&memory->outs);
    tcp_config_unref(memory->last_config ? &memory->last_config->config : NULL);
    g_ptr_array_free(memory->ccs, TRUE);
    g_hash_table_destroy(memory->defaults);
    g_free(memory);
}

bool tcp_memory_empty(const struct tcp_memory *memory)
{
    return memory->conns.live == 0 && memory->requests.live == 0 && memory->tws.live == 0 &&
           memory->segs.live == 0 && memory->chunks.live == 0 && memory->pieces.live == 0 &&
           memory->ofos.live == 0 && memory->extras.live == 0 && memory->outs.live == 0;
}

const struct cc_ops *const *tcp_memory_ccs(const struct tcp_memory *memory)
{
    return (const struct cc_ops *const *)memory->ccs->pdata;
}

bool tcp_memory_add_cc(struct tcp_memory *memory, const struct cc_ops *ops, GError **error)
{
    if (!cc_check(ops, error))
        return false;
    if (cc_find_among(tcp_memory_ccs(memory), ops->name)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                    "there is a congestion control \"%s\" already; take another name", ops->name);
        return false;
    }
    g_ptr_array_insert(memory->ccs, (int)memory->ccs->len - 1, (void *)(uintptr_t)ops);
    return true;
}

void tcp_memory_set_params(struct tcp_memory *memory, const struct cc_ops *ops, void *params)
{
    g_hash_table_insert(memory->defaults, (void *)(uintptr_t)ops, params);
}

const void *tcp_cc_defaults(struct tcp_memory *memory, const struct cc_ops *ops)
{
    void *values = g_hash_table_lookup(memory->defaults, ops);

    if (!values) {
        values = g_malloc0(ops->params_size);
        param_defaults(ops->params, values);
        g_hash_table_insert(memory->defaults, (void *)(uintptr_t)ops, values);
    }
    return values;
}

const struct cc_ops *tcp_default_cc(const struct tcp_stack *stack)
{
    const struct cc_ops *ops =
        cc_find_among(tcp_memory_ccs(stack->memory), stack->sysctl->congestion_control);
    return ops ? ops : cc_find("reno");
}

/* ---- The stack ------------------------------------------------------------------------------ */

static void l4_input(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    tcp_input(container_of(l4, struct tcp_stack, l4), packet, rx);
}

static bool l4_error(struct ip_l4 *l4, uint8_t type, uint8_t code, uint32_t info,
                     const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx)
{
    return tcp_icmp_error(container_of(l4, struct tcp_stack, l4), type, code, info, quote,
                          quote_len, rx);
}

static bool l4_sent(struct ip_l4 *l4, const uint8_t *quote, uint32_t quote_len,
                    const struct ip_rx *rx)
{
    return tcp_has_sent(container_of(l4, struct tcp_stack, l4), quote, quote_len, rx);
}

void tcp_stack_init(struct tcp_stack *stack, struct sim *sim, struct tcp_memory *memory,
                    const char *name, struct actor *actor, struct drops *drops,
                    const struct tcp_net *net, void *net_data)
{
    static const uint32_t never;

    *stack = (struct tcp_stack){
        .l4 = { .input = l4_input, .error = l4_error, .sent = l4_sent },
        .sim = sim,
        .actor = actor,
        .memory = memory,
        .net = net,
        .net_data = net_data,
        .route_generation = &never,
        .drops = drops,
        .sysctl = &tcp_sysctl_defaults,
        .key = hash_string(name, sim->seed ^ 0x746370),
        .gso_max_segs = UINT16_MAX,
    };
}

void tcp_stack_wake(struct tcp_stack *stack)
{
    if (stack->table)
        return;
    stack->table = tcp_table_new();
    stack->counters = g_new0(struct tcp_counters, 1);
}

void tcp_stack_fini(struct tcp_stack *stack)
{
    if (stack->table) {
        table_close_listeners(stack->table);
        while (!list_empty(&stack->table->conns))
            tcp_conn_forget(container_of(stack->table->conns.next, struct tcp_conn, all));
        tcp_tw_free_all(stack);
        tcp_table_free(stack->table);
        g_free(stack->counters);
    }
    tcp_metrics_free(stack);
    if (stack->sysctl != &tcp_sysctl_defaults) {
        g_free((void *)(uintptr_t)stack->sysctl->reserved_ports);
        g_free((void *)(uintptr_t)stack->sysctl);
    }
    stack->table = NULL;
    stack->counters = NULL;
    stack->sysctl = &tcp_sysctl_defaults;
}

/* ---- A segment's header ---------------------------------------------------------------------- */

/* Reads the fixed header; false if the segment is malformed. */
static bool rx_parse(struct tcp_rx *rx, struct packet *packet, const struct ip_rx *ip)
{
    uint32_t total = packet_len(packet), have = packet_header_len(packet);

    if (have < TCP_HEADER && !packet_need(packet, TCP_HEADER))
        return false;
    uint32_t doff = tcphdr_check(packet_data(packet), total);
    if (doff == 0 || (have < doff && !packet_need(packet, doff)))
        return false;
    const struct tcphdr_wire *h = (const struct tcphdr_wire *)(const void *)packet_data(packet);
    uint32_t length = total - doff, flags = h->flags | (h->offset & 1u) << 8;
    rx->packet = packet;
    rx->header = (const uint8_t *)h;
    rx->seq = get_be32(h->seq);
    rx->end_seq = rx->seq + length + (flags >> 1 & 1) + (flags & 1); /* SYN and FIN count */
    rx->ack = get_be32(h->ack);
    rx->length = length;
    rx->window = get_be16(h->window);
    rx->urgent = get_be16(h->urgent);
    rx->flags = (uint16_t)flags;
    rx->doff = (uint8_t)doff;
    rx->ip = ip;
    rx->sack_count = 0;
    rx->accecn_fields = 0;
    rx->accecn_option = false;
    return true;
}

static void rx_key(const struct tcp_rx *rx, struct tcp_key *key)
{
    const struct tcphdr_wire *h = (const struct tcphdr_wire *)(const void *)rx->header;

    key->local = rx->ip->dst;
    key->remote = rx->ip->src;
    key->local_port = get_be16(h->dst_port);
    key->remote_port = get_be16(h->src_port);
}

/* ---- Nobody is there ------------------------------------------------------------------------ */

/* RFC 9293 3.10.7.1: a RST that the sender of `rx` will believe. */
void tcp_reset_for(struct tcp_stack *stack, const struct tcp_rx *rx)
{
    struct tcp_entry nobody = { .stack = stack };
    struct tcp_tx tx = { .flags = TH_RST };

    if (rx->flags & TH_RST)
        return;
    rx_key(rx, &nobody.key);
    if (rx->flags & TH_ACK) {
        tx.seq = rx->ack;
    } else {
        tx.flags |= TH_ACK;
        tx.ack = rx->end_seq;
    }
    stack->counters->OutRsts++;
    tcp_send_alone(&nobody, &tx, tcp_rx_dscp(rx), rx->packet->flow);
}

/* A bare segment in the name of `entry` that no connection's state has a part in. */
void tcp_send_alone(const struct tcp_entry *entry, const struct tcp_tx *tx, uint8_t tos,
                    uint32_t flow)
{
    struct tcp_config config = { .tos = tos, .flow = flow };

    tcp_send_packet(entry, packet_new(entry->stack->sim), tx, &config, NULL);
}

/* ---- Signatures ----------------------------------------------------------------------------- */

enum { MD5_LENGTH = 18 };

/* How many there are. */
static unsigned signatures(const struct tcp_rx *rx)
{
    struct tcphdr_item item;
    uint32_t at = 0;
    unsigned n = 0;

    while (
        tcphdr_option_next(rx->header + TCP_HEADER, rx->doff - (uint32_t)TCP_HEADER, &at, &item) &&
        item.kind != TCPOPT_EOL)
        n += item.kind == TCPOPT_MD5 && item.length == MD5_LENGTH;
    return n;
}

/* No socket here has a key: what is signed is for nobody, and gets no answer, not even from a port
 * where nobody is (tcp_inbound_hash).  A TIME_WAIT does not look at it. */
__attribute__((noinline)) static bool refuse_signed(struct tcp_stack *stack,
                                                    const struct tcp_rx *rx)
{
    unsigned n = signatures(rx);
    struct tcp_key key;

    if (n == 0)
        return false;
    rx_key(rx, &key);
    const struct tcp_entry *entry = table_find(stack->table, &key, table_hash(stack, &key));
    if (entry && entry->kind == TCP_KIND_TW)
        return false;
    if (n == 1 && (entry || table_listener(stack, &key)))
        stack->counters->TCPMD5Unexpected++; /* one with two is malformed, and not counted */
    packet_drop(rx->packet, stack->drops, &drop_tcp_signed);
    return true;
}

/* What peers know the address by. */
struct ip_addr tcp_outside(const struct tcp_stack *stack, const struct ip_addr *addr)
{
    return stack->net->outside ? stack->net->outside(stack->net_data, addr) : *addr;
}

/* The segment size of a peer that says none (RFC 9293 3.7.1). */
uint16_t tcp_default_mss(const struct tcp_stack *stack, const struct ip_addr *remote)
{
    struct ip_addr outside = tcp_outside(stack, remote);

    return ip_addr_is_v4(&outside) ? TCP_DEFAULT_MSS : TCP_DEFAULT_MSS_V6;
}

/* ---- Input --------------------------------------------------------------------------------- */

static void dispatch(struct tcp_stack *stack, struct tcp_rx *rx, const struct tcp_key *key)
{
    struct tcp_entry *entry = table_find(stack->table, key, table_hash(stack, key));
    struct tcp_listener *listener;

    if (!entry) {
        listener = table_listener(stack, key);
        if (listener)
            tcp_listen_input(listener, rx, key, 0);
        else
            tcp_reset_for(stack, rx);
        return;
    }
    switch (entry->kind) {
    case TCP_KIND_CONN: {
        struct tcp_conn *conn = container_of(entry, struct tcp_conn, entry);
        tcp_enter(conn);
        tcp_conn_input(conn, rx);
        tcp_leave(conn);
        break;
    }
    case TCP_KIND_REQUEST:
        tcp_request_input(container_of(entry, struct tcp_request, entry), rx);
        break;
    case TCP_KIND_TW:
        tcp_tw_input(container_of(entry, struct tcp_tw, entry), rx);
        break;
    }
}

static bool checksum_good(const struct packet *packet, const struct ip_rx *ip)
{
    return packet_verify(packet, ip_addr_v4(&ip->src), ip_addr_v4(&ip->dst), IP_PROTO_TCP);
}

/* As tcp_v4_rcv: what is cut off is no error, only a length that no header can have. */
static void refuse_short(struct tcp_stack *stack, struct packet *packet)
{
    if (packet_need(packet, TCP_HEADER) && packet_data(packet)[12] >> 4 < TCP_HEADER / 4)
        stack->counters->InErrs++;
    packet_drop(packet, stack->drops, &drop_tcp_short);
}

void tcp_input(struct tcp_stack *stack, struct packet *packet, const struct ip_rx *ip)
{
    struct tcp_rx rx;
    struct tcp_key key;

    tcp_stack_wake(stack);
    stack->counters->InSegs++;
    if (!rx_parse(&rx, packet, ip)) {
        refuse_short(stack, packet);
        return;
    }
    if (packet->flags & PACKET_UNTRUSTED && !checksum_good(packet, ip)) {
        stack->counters->InErrs++;
        stack->counters->InCsumErrors++;
        packet_drop(packet, stack->drops, &drop_tcp_checksum);
        return;
    }
    if (__builtin_expect(rx.doff >= TCP_HEADER + MD5_LENGTH, 0) && refuse_signed(stack, &rx))
        return;
    rx_key(&rx, &key);
    dispatch(stack, &rx, &key);
    packet_delivered(packet);
}

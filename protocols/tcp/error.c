/* ICMP errors about our segments (RFC 1122 4.2.3.9, RFC 5927, RFC 1191).
 *
 * An error is believed only if the quoted sequence number is in flight.  During the handshake it
 * ends the connection; later it is remembered, and becomes the reason if the connection times out;
 * SO_ERROR asks for it, and IP_RECVERR has it told at once.
 * "Fragmentation needed" makes segments smaller at once.  An unreachable network while
 * retransmissions back off says that the route and not the congestion is the problem: back off less
 * (RFC 6069). */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/table.h"
#include "protocols/tcp/timers.h"
#include "protocols/wire/icmp.h"

static int error_of_code(uint8_t code)
{
    static const int errors[] = {
        [ICMP_NET_UNREACH] = ENETUNREACH,      [ICMP_HOST_UNREACH] = EHOSTUNREACH,
        [ICMP_PROTO_UNREACH] = ENOPROTOOPT,    [ICMP_PORT_UNREACH] = ECONNREFUSED,
        [ICMP_FRAG_NEEDED] = EMSGSIZE,         [ICMP_SOURCE_ROUTE_FAILED] = EOPNOTSUPP,
        [ICMP_NET_UNKNOWN] = ENETUNREACH,      [ICMP_HOST_UNKNOWN] = EHOSTDOWN,
        [ICMP_HOST_ISOLATED] = ENONET,         [ICMP_NET_PROHIBITED] = ENETUNREACH,
        [ICMP_HOST_PROHIBITED] = EHOSTUNREACH, [ICMP_NET_TOS] = ENETUNREACH,
        [ICMP_HOST_TOS] = EHOSTUNREACH,        [ICMP_FILTERED] = EHOSTUNREACH,
        [ICMP_PRECEDENCE] = EHOSTUNREACH,      [ICMP_PRECEDENCE_CUTOFF] = EHOSTUNREACH,
    };
    return code < G_N_ELEMENTS(errors) ? errors[code] : 0;
}

/* 0: the message is of no concern. */
static int error_of(uint8_t type, uint8_t code)
{
    switch (type) {
    case ICMP_DEST_UNREACH:
        return error_of_code(code);
    case ICMP_TIME_EXCEEDED:
        return EHOSTUNREACH;
    case ICMP_PARAMETER_PROBLEM:
        return EPROTO;
    default:
        return 0;
    }
}

/* RFC 6069: the time-out shrinks by one back-off, and counts from the last transmission. */
static void revert_backoff(struct tcp_conn *conn, uint32_t seq)
{
    if (seq != conn->snd_una || conn->fastopen || conn->retransmits == 0 || conn->backoff == 0 ||
        rtxq_empty(&conn->rtxq))
        return;
    conn->backoff--;
    if (conn->srtt_us)
        tcp_set_rto(conn);
    else
        conn->rto_us = TCP_RTO_INIT_US;
    uint64_t rto = (uint64_t)conn->rto_us << conn->backoff;
    conn->rto_us = rto < tcp_rto_max_us(conn) ? (uint32_t)rto : tcp_rto_max_us(conn);
    int64_t left = tcp_rto_delta_us(conn);
    if (left > 0)
        tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, (uint64_t)left);
    else
        tcp_retransmit_timer(conn);
}

static bool heeds_pmtu(const struct tcp_conn *conn)
{
    enum tcp_pmtu pmtu = conn->config->pmtu;

    return pmtu == TCP_PMTU_WANT ? !conn->entry.stack->sysctl->no_pmtu_disc : pmtu != TCP_PMTU_DONT;
}

static void path_mtu_shrank(struct tcp_conn *conn, uint32_t mtu)
{
    struct tcp_stack *stack = conn->entry.stack;
    struct ip_addr src;
    uint32_t known;

    /* The IP layer has judged the message, too, and remembers the result. */
    if (stack->net->route(stack->net_data, &conn->entry.key.remote, &src, &known)) {
        if (mtu < known && conn->config->pmtu == TCP_PMTU_DO)
            conn->soft_error = EMSGSIZE; /* segments stay too large, and are not fragmented */
        if (known < conn->pmtu)
            mtu = known;
    }
    if (!heeds_pmtu(conn))
        return;
    if (mtu < 68 || mtu >= conn->pmtu)
        return;
    if (conn->entry.state == TCP_SYN_SENT) /* the next SYN offers what fits into the path */
        conn->advmss = (uint16_t)min_u32(conn->advmss, mtu - TCP_HEADER - 20);
    tcp_sync_mss(conn, mtu);
    tcp_simple_retransmit(conn);
}

static void tell_of_trouble(struct tcp_conn *conn, int error)
{
    if (conn->ended)
        return;
    conn->error = (uint8_t)error;
    conn->notify |= NOTIFY_TROUBLE;
}

static void conn_error(struct tcp_conn *conn, const struct tcp_report *report, uint32_t seq)
{
    uint32_t una = conn->snd_una - conn->fastopen; /* its SYN-ACK may be what could not arrive */

    if (!between(seq, una, conn->snd_nxt)) {
        conn->entry.stack->counters->OutOfWindowIcmps++;
        return;
    }
    if (report->error == 0)
        return;
    if (report->error == EMSGSIZE) {
        if (conn->entry.state != TCP_CLOSED)
            path_mtu_shrank(conn, report->mtu);
        return;
    }
    if (report->no_route)
        revert_backoff(conn, seq);
    /* Fast Open: what is accepted is as good as open. */
    bool accepted = conn->fastopen && !conn->queued;
    if (conn->entry.state == TCP_SYN_SENT || (conn->entry.state == TCP_SYN_RECV && !accepted))
        tcp_done(conn, report->error);
    else if (conn->config->recverr)
        tell_of_trouble(conn, report->error);
    else
        conn->soft_error = (uint8_t)report->error;
}

int tcp_take_soft_error(struct tcp_conn *conn)
{
    int error = conn->soft_error;

    conn->soft_error = 0;
    return error;
}

/* Whose segment is quoted; NULL: nobody's. */
static struct tcp_entry *find_quoted(struct tcp_stack *stack, const uint8_t *quote,
                                     uint32_t quote_len, const struct ip_rx *rx, uint32_t *seq)
{
    if (!stack->table || quote_len < 8)
        return NULL;
    const struct tcphdr_wire *header = (const struct tcphdr_wire *)(const void *)quote;
    struct tcp_key key = { .local = rx->src,
                           .remote = rx->dst,
                           .local_port = get_be16(header->src_port),
                           .remote_port = get_be16(header->dst_port) };
    *seq = get_be32(header->seq);
    return table_find(stack->table, &key, table_hash(stack, &key));
}

bool tcp_has_sent(struct tcp_stack *stack, const uint8_t *quote, uint32_t quote_len,
                  const struct ip_rx *rx)
{
    uint32_t seq;
    struct tcp_entry *entry = find_quoted(stack, quote, quote_len, rx, &seq);

    if (!entry || entry->kind != TCP_KIND_CONN)
        return false;
    const struct tcp_conn *conn = container_of(entry, struct tcp_conn, entry);
    return between(seq, conn->snd_una, conn->snd_nxt);
}

bool tcp_take_report(struct tcp_stack *stack, const struct tcp_report *report, const uint8_t *quote,
                     uint32_t quote_len, const struct ip_rx *rx)
{
    uint32_t seq;
    struct tcp_entry *entry = find_quoted(stack, quote, quote_len, rx, &seq);

    if (!entry)
        return false;
    if (entry->kind == TCP_KIND_REQUEST) {
        tcp_request_error(container_of(entry, struct tcp_request, entry), seq,
                          report->ends_request);
    } else if (entry->kind == TCP_KIND_CONN) {
        struct tcp_conn *conn = container_of(entry, struct tcp_conn, entry);
        uint64_t before = conn->mstamp;
        tcp_enter(conn);
        if (report->error == EMSGSIZE)
            conn->mstamp = before; /* as in Linux, where no clock is looked at on this way */
        conn_error(conn, report, seq);
        tcp_leave(conn);
    }
    return true;
}

bool tcp_icmp_error(struct tcp_stack *stack, uint8_t type, uint8_t code, uint32_t info,
                    const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx)
{
    bool unreachable =
        type == ICMP_DEST_UNREACH && (code == ICMP_NET_UNREACH || code == ICMP_HOST_UNREACH);
    struct tcp_report report = { .error = error_of(type, code),
                                 .mtu = info,
                                 .no_route = unreachable,
                                 .ends_request = unreachable || type == ICMP_PARAMETER_PROBLEM ||
                                                 type == ICMP_TIME_EXCEEDED };

    return tcp_take_report(stack, &report, quote, quote_len, rx);
}

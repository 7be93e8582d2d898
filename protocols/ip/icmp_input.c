/* ICMP messages that arrive for this node. */
#include <errno.h>

#include "protocols/ip/icmp.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"
#include "protocols/wire/checksum.h"

DROP_REASON(icmp_checksum, "the ICMP checksum is wrong");
DROP_REASON(icmp_malformed, "an ICMP message that cannot be");
DROP_REASON(icmp_ignored, "an ICMP message that this node does not answer");

enum { QUOTE_MAX = 128 }; /* as much of a quote as anybody looks at */

/* ---- Counting ------------------------------------------------------------------------------ */

_Static_assert(offsetof(struct ip_counters, IcmpInAddrMaskReps) ==
                       offsetof(struct ip_counters, IcmpInDestUnreachs) + 10 * sizeof(uint64_t) &&
                   offsetof(struct ip_counters, IcmpOutAddrMaskReps) ==
                       offsetof(struct ip_counters, IcmpOutDestUnreachs) + 10 * sizeof(uint64_t),
               "a counter for each type");

/* The counter of a type in the group that begins with `first`: RFC 2011's order. */
static uint64_t *counter_of(uint64_t *first, uint8_t type)
{
    static const uint8_t types[] = { ICMP_DEST_UNREACH,
                                     ICMP_TIME_EXCEEDED,
                                     ICMP_PARAMETER_PROBLEM,
                                     ICMP_SOURCE_QUENCH,
                                     ICMP_REDIRECT,
                                     ICMP_ECHO,
                                     ICMP_ECHO_REPLY,
                                     ICMP_TIMESTAMP,
                                     ICMP_TIMESTAMP_REPLY,
                                     17,
                                     18 };
    for (size_t i = 0; i < sizeof types; i++)
        if (types[i] == type)
            return first + i;
    return NULL;
}

void icmp_count_in(struct ip_stack *ip, uint8_t type)
{
    uint64_t *counter = counter_of(&ip_state(ip)->counters.IcmpInDestUnreachs, type);
    if (counter)
        ++*counter;
}

void icmp_count_out(struct ip_stack *ip, uint8_t type)
{
    uint64_t *counter = counter_of(&ip_state(ip)->counters.IcmpOutDestUnreachs, type);
    if (counter)
        ++*counter;
}

/* ---- Errors about our datagrams ------------------------------------------------------------ */

int icmp_errno(uint8_t type, uint8_t code, bool *fatal)
{
    /* Linux's icmp_err_convert. */
    static const struct {
        uint8_t error, fatal;
    } unreach[] = { { ENETUNREACH, 0 },  { EHOSTUNREACH, 0 }, { ENOPROTOOPT, 1 },
                    { ECONNREFUSED, 1 }, { EMSGSIZE, 0 },     { EOPNOTSUPP, 0 },
                    { ENETUNREACH, 1 },  { EHOSTDOWN, 1 },    { ENONET, 1 },
                    { ENETUNREACH, 1 },  { EHOSTUNREACH, 1 }, { ENETUNREACH, 0 },
                    { EHOSTUNREACH, 0 }, { EHOSTUNREACH, 1 }, { EHOSTUNREACH, 1 },
                    { EHOSTUNREACH, 1 } };
    int error = 0;
    bool end = false;

    if (type == ICMP_DEST_UNREACH && code < sizeof unreach / sizeof unreach[0]) {
        error = unreach[code].error;
        end = unreach[code].fatal;
    } else if (type == ICMP_TIME_EXCEEDED) {
        error = EHOSTUNREACH;
    } else if (type == ICMP_PARAMETER_PROBLEM) {
        error = EPROTO;
        end = true;
    }
    if (fatal)
        *fatal = end;
    return error;
}

/* A datagram of ours that an error quotes. */
struct quoted {
    struct ipv4 ip;
    uint8_t bytes[QUOTE_MAX]; /* from the IP header on */
    uint32_t length;
};

/* False if there is not a header and 8 bytes more (RFC 792), or the datagram was not ours. */
static bool quote_read(struct ip_stack *ip, struct packet *packet, struct quoted *q)
{
    q->length = MIN(packet_len(packet), QUOTE_MAX);
    packet_read(packet, 0, q->bytes, q->length);
    if (q->length < IPV4_LEN || q->bytes[0] >> 4 != 4 || ipv4_header_len(q->bytes) < IPV4_LEN ||
        q->length < ipv4_header_len(q->bytes) + 8)
        return false;
    ipv4_parse(q->bytes, &q->ip);
    return ip_is_local(ip, q->ip.src);
}

/* What an ICMP error is about, as a transport protocol sees it. */
struct quoted_l4 {
    struct ip_rx rx;
    struct ip_l4 *l4; /* NULL: nobody's */
    const uint8_t *bytes;
    uint32_t length;
};

static struct quoted_l4 quoted_l4(struct ip_stack *ip, const struct quoted *q,
                                  const struct ip_rx *rx)
{
    return (struct quoted_l4){ .rx = { .src = ip_addr_of_v4(q->ip.src),
                                       .dst = ip_addr_of_v4(q->ip.dst),
                                       .proto = q->ip.proto,
                                       .tos = q->ip.tos,
                                       .ttl = q->ip.ttl,
                                       .iface = rx->iface,
                                       .reporter = rx->src },
                               .l4 = ip_l4_find(ip, q->ip.proto),
                               .bytes = q->bytes + q->ip.header_len,
                               .length = q->length - q->ip.header_len };
}

static void tell_protocol(struct ip_stack *ip, const struct quoted_l4 *q, const struct icmp *h,
                          uint32_t info)
{
    if (q->rx.proto == IP_PROTO_ICMP)
        ping_error(ip, h->type, h->code, info, q->bytes, q->length, &q->rx);
    else if (q->l4 && q->l4->error &&
             !q->l4->error(q->l4, h->type, h->code, info, q->bytes, q->length, &q->rx))
        ip_count(ip, IcmpInErrors);
}

/* With sysctl ip_no_pmtu_disc 2 nobody is believed that a datagram was too big, with 3 only who
 * quotes what shows that he has seen it: TCP's sequence numbers. */
static bool too_big_believed(const struct ip_stack *ip, const struct quoted_l4 *q)
{
    uint32_t mode = ip->sysctl->no_pmtu_disc;

    return mode != 2 && (mode != 3 || q->rx.proto == IP_PROTO_TCP);
}

/* RFC 1191 section 6.3; with sysctl ip_no_pmtu_disc on the path takes the least there is. */
static uint32_t learn_mtu(struct ip_stack *ip, const struct quoted_l4 *q, const struct icmp *h)
{
    uint32_t mode = ip->sysctl->no_pmtu_disc, mtu = mode == 0 || mode == 3 ? h->rest & 0xffff : 0;

    if (!q->l4 || !q->l4->sent || q->l4->sent(q->l4, q->bytes, q->length, &q->rx))
        except_learn_mtu(ip, ip_addr_v4(&q->rx.dst), mtu);
    return mtu;
}

static bool input_error(struct ip_stack *ip, struct packet *packet, const struct icmp *h,
                        const struct ip_rx *rx)
{
    struct quoted q;
    uint32_t info = 0;

    if (!quote_read(ip, packet, &q))
        return false;
    struct quoted_l4 about = quoted_l4(ip, &q, rx);
    if (h->type == ICMP_DEST_UNREACH) {
        if (h->code > ICMP_PRECEDENCE_CUTOFF)
            return false;
        if (h->code == ICMP_FRAG_NEEDED && !too_big_believed(ip, &about))
            return true;
        if (h->code == ICMP_FRAG_NEEDED)
            info = learn_mtu(ip, &about, h);
    } else if (h->type == ICMP_PARAMETER_PROBLEM) {
        info = h->rest >> 24;
    } else if (h->type == ICMP_TIME_EXCEEDED && h->code == ICMP_REASSEMBLY_EXCEEDED) {
        return true; /* which may happen to any sender of large datagrams: nobody is told */
    }
    tell_protocol(ip, &about, h, info);
    return true;
}

/* ---- Redirects (RFC 1122 3.2.2.2, 3.3.1.2) -------------------------------------------------- */

/* Whether some default route names the gateway: secure_redirects believes in no other. */
static bool is_default_gateway(const struct ip_stack *ip, ip4 gateway)
{
    const struct ip_route *route = fib_exact(&ip->fib, 0, 0);

    for (; route; route = route->next)
        for (unsigned i = 0; i < route->n_hops; i++)
            if (route->hops[i].gateway == gateway)
                return true;
    return false;
}

/* Several subnets may share the medium (the default): then any gateway that is somebody else may be
 * on the link. */
static bool gateway_ok(struct ip_stack *ip, const struct ip_iface *iface, ip4 gateway)
{
    if (ip4_is_zeronet(gateway) || ip4_is_multicast(gateway) || ip4_is_loopback(gateway) ||
        ip_iface_broadcasts(iface, gateway))
        return false;
    if (ip->sysctl->shared_media)
        return ip_dst_get(ip, gateway)->kind == IP_KIND_UNICAST;
    return ip_iface_onlink(iface, gateway) && !ip_is_local(ip, gateway) &&
           !(ip->sysctl->secure_redirects && !is_default_gateway(ip, gateway));
}

/* Only the gateway in use may redirect. */
static bool redirect_ok(struct ip_stack *ip, const struct quoted *q, ip4 gateway,
                        const struct ip_rx *rx)
{
    if (!ip->sysctl->accept_redirects || ip->forwarding || !rx->iface ||
        !gateway_ok(ip, rx->iface, gateway))
        return false;
    const struct ip_dst *entry = ip_dst_get(ip, q->ip.dst);
    if (entry->kind != IP_KIND_UNICAST)
        return false;
    const struct neigh *neigh = ip_dst_neigh(ip, entry, q->ip.src, q->ip.proto, NULL, 0);
    return neigh && neigh->iface == rx->iface && neigh->addr == ip_addr_v4(&rx->src) &&
           neigh->addr != gateway;
}

static bool input_redirect(struct ip_stack *ip, struct packet *packet, const struct icmp *h,
                           const struct ip_rx *rx)
{
    struct quoted q;

    if (!quote_read(ip, packet, &q) || h->code > 3)
        return false;
    if (redirect_ok(ip, &q, h->rest, rx))
        except_learn_gateway(ip, q.ip.dst, rx->iface, h->rest);
    return true;
}

/* ---- Queries ------------------------------------------------------------------------------- */

/* RFC 1122 3.2.2.6: the same data goes back, from the address that was asked. */
static void answer_echo(struct ip_stack *ip, struct packet *packet, const struct icmp *h,
                        const struct ip_rx *rx)
{
    ip4 dst = ip_addr_v4(&rx->dst);
    bool to_one = ip_is_local(ip, dst);
    struct ip_tx tx = { .dst = rx->src, .proto = IP_PROTO_ICMP, .tos = rx->tos };

    if (ip->sysctl->icmp_echo_ignore_all || (!to_one && ip->sysctl->icmp_echo_ignore_broadcasts)) {
        ip_drop(ip, packet, &drop_icmp_ignored);
        return;
    }
    if (to_one)
        tx.src = rx->dst;
    struct packet *reply = packet_slice(packet, 0, packet_len(packet));
    reply->ifindex = 0;
    reply->flags = 0;
    icmp_push_header(reply, ICMP_ECHO_REPLY, 0, h->rest);
    ip_count(ip, IcmpOutMsgs);
    icmp_count_out(ip, ICMP_ECHO_REPLY);
    packet_consumed(packet);
    ip_send(ip, reply, &tx, NULL);
}

/* ---- Input --------------------------------------------------------------------------------- */

static void input_bad(struct ip_stack *ip, struct packet *packet, const struct drop_reason *reason)
{
    if (reason == &drop_icmp_checksum)
        ip_count(ip, IcmpInCsumErrors);
    ip_count(ip, IcmpInErrors);
    ip_drop(ip, packet, reason);
}

static void end(struct ip_stack *ip, struct packet *packet, bool good)
{
    if (good)
        packet_delivered(packet);
    else
        input_bad(ip, packet, &drop_icmp_malformed);
}

void icmp_input(struct ip_stack *ip, struct packet *packet, const struct ip_rx *rx)
{
    struct icmp h;

    ip_count(ip, IcmpInMsgs);
    if (packet->flags & PACKET_UNTRUSTED && !packet_verify(packet, 0, 0, IP_PROTO_ICMP)) {
        input_bad(ip, packet, &drop_icmp_checksum);
        return;
    }
    if (!packet_need(packet, ICMP_LEN)) {
        input_bad(ip, packet, &drop_icmp_malformed);
        return;
    }
    icmp_parse(packet_data(packet), &h);
    packet_pull(packet, ICMP_LEN);
    icmp_count_in(ip, h.type);
    switch (h.type) {
    case ICMP_ECHO:
        answer_echo(ip, packet, &h, rx);
        return;
    case ICMP_ECHO_REPLY:
        if (!ping_input(ip, packet, icmp_echo_id(&h), icmp_echo_seq(&h), rx))
            ip_drop(ip, packet, &drop_icmp_ignored);
        return;
    case ICMP_DEST_UNREACH:
    case ICMP_TIME_EXCEEDED:
    case ICMP_PARAMETER_PROBLEM:
    case ICMP_SOURCE_QUENCH:
        end(ip, packet, input_error(ip, packet, &h, rx));
        return;
    case ICMP_REDIRECT:
        end(ip, packet, input_redirect(ip, packet, &h, rx));
        return;
    default:
        ip_drop(ip, packet, &drop_icmp_ignored);
    }
}

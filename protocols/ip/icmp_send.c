/* ICMP errors that this node sends. */
#include "protocols/ip/icmp.h"
#include "protocols/ip/state.h"
#include "protocols/wire/checksum.h"

enum {
    ICMP_ERROR_MAX = 576,            /* the whole datagram (RFC 1812 4.3.2.3) */
    TOS_INTERNETWORK_CONTROL = 0xc0, /* RFC 1812 4.3.2.5 */
    TOS_MASK = 0x1e,
};

/* RFC 1122 3.2.2, RFC 1812 4.3.2.7: what no error may be about. */
static bool deserves_error(struct ip_stack *ip, const struct packet *packet, const struct ipv4 *h,
                           const struct ip_iface *in)
{
    const struct ip_dst *dst = ip_dst_get(ip, h->dst);
    uint8_t type;

    if (h->frag & IPV4_OFFSET || dst->kind == IP_KIND_BROADCAST || dst->kind == IP_KIND_MULTICAST)
        return false;
    if (ip4_is_zeronet(h->src) || ip4_is_multicast(h->src) || h->src == IP4_LIMITED_BROADCAST ||
        (in && (ip_iface_broadcasts(in, h->src) || ip_iface_broadcasts(in, h->dst))))
        return false;
    if (h->proto != IP_PROTO_ICMP || packet_len(packet) <= h->header_len)
        return true;
    packet_read(packet, h->header_len, &type, 1);
    return !icmp_is_error(type);
}

/* As much of the datagram in error as the message may hold, copied. */
static struct packet *quote(const struct packet *packet, uint32_t most)
{
    struct packet *message = packet_new(packet->sim);
    uint32_t n = MIN(packet_len(packet), most);
    struct blob *blob = blob_new(n);

    packet_read(packet, 0, blob->bytes, n);
    packet_set_payload(message, blob, 0, n);
    message->flow = packet->flow;
    return message;
}

void icmp_push_header(struct packet *packet, uint8_t type, uint8_t code, uint32_t rest)
{
    struct icmp h = { .type = type, .code = code, .rest = rest };
    uint8_t *buf = packet_push(packet, ICMP_LEN);

    icmp_emit(buf, &h);
    h.checksum = (uint16_t)~checksum_fold(checksum_packet(packet, 0, packet_len(packet)));
    icmp_emit(buf, &h);
}

/* RFC 1812 4.3.2.4: errors come from the address that the datagram was for if it is ours, else from
 * that of the interface they leave by; the sysctl prefers the interface by which it came. */
static ip4 error_source(const struct ip_stack *ip, const struct ipv4 *h, const struct ip_iface *in)
{
    if (ip_is_local(ip, h->dst))
        return h->dst;
    if (in && ip->sysctl->icmp_inbound_ifaddr)
        return ip_iface_source(in, h->src);
    return 0;
}

/* The same with packet_data() at the IP header. */
static void error_about(struct ip_stack *ip, struct packet *packet, const struct ip_iface *in,
                        uint8_t type, uint8_t code, uint32_t info)
{
    struct ipv4 h;
    struct ip_addr src;
    uint32_t mtu;

    ipv4_parse(packet_data(packet), &h);
    if (!deserves_error(ip, packet, &h, in) || !icmp_allowed(ip, h.src, type, code))
        return;
    struct ip_tx tx = { .src = ip_addr_of_v4(error_source(ip, &h, in)),
                        .dst = ip_addr_of_v4(h.src),
                        .proto = IP_PROTO_ICMP,
                        .tos = (uint8_t)((h.tos & TOS_MASK) | TOS_INTERNETWORK_CONTROL) };
    if (!ip_route_query(ip, &tx.dst, &src, &mtu))
        return;
    packet_finish_checksums(packet);
    struct packet *message = quote(packet, MIN(mtu, ICMP_ERROR_MAX) - IPV4_LEN - ICMP_LEN);
    icmp_push_header(message, type, code, info);
    ip_count(ip, IcmpOutMsgs);
    icmp_count_out(ip, type);
    ip_send(ip, message, &tx, NULL);
}

void icmp_error(struct ip_stack *ip, struct packet *packet, struct ip_iface *in, uint8_t type,
                uint8_t code, uint32_t info)
{
    uint16_t head = packet->head;

    assert(packet->l3 != 0 && packet->l3 <= head);
    packet->head = packet->l3;
    error_about(ip, packet, in, type, code, info);
    packet->head = head;
}

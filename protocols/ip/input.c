/* What arrives.
 *
 * ip_iface_input tries the fast path first: a plain IPv4 frame to this station, whose destination
 * is in the cache, is forwarded or delivered with a handful of comparisons.  Whatever is unusual
 * about a frame takes the long way below, which looks at everything in the order of Linux's
 * ip_rcv and ip_route_input_slow and changes nothing before it is sure; so both ways agree. */
#include <errno.h>

#include "protocols/ip/icmp.h"
#include "protocols/ip/igmp.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"

DROP_REASON(ip_malformed, "the IPv4 header cannot be");
DROP_REASON(ip_truncated, "shorter than the IPv4 header says");
DROP_REASON(ip_checksum, "the IPv4 header's checksum is wrong");
DROP_REASON(ip_source_route, "source routes are refused");
DROP_REASON(martian_source, "nobody out there can have the source address");
DROP_REASON(martian_destination, "nobody can have the destination address");
DROP_REASON(not_for_us, "for another node, and this one does not forward");
DROP_REASON(no_protocol, "nobody here speaks the datagram's protocol");
DROP_REASON(not_joined, "a multicast group that nobody here has joined");

/* ---- Delivery ------------------------------------------------------------------------------ */

struct ip_l4 *ip_l4_find(const struct ip_stack *ip, uint8_t proto)
{
    struct ip_l4 *l4 = ip->l4;

    while (l4 && l4->proto != proto)
        l4 = l4->next;
    return l4;
}

/* RFC 1122 3.2.2.2: the sender of a datagram to one host learns that its protocol is unknown. */
static void refuse_protocol(struct ip_stack *ip, struct packet *packet, struct ip_iface *iface)
{
    ip_count(ip, IpInUnknownProtos);
    icmp_error(ip, packet, iface, ICMP_DEST_UNREACH, ICMP_PROTO_UNREACH, 0);
    ip_drop(ip, packet, &drop_no_protocol);
}

/* For ourselves, for a protocol that nobody has asked for so far, or for nobody. */
__attribute__((noinline)) static void deliver_other(struct ip_stack *ip, struct packet *packet,
                                                    const struct ip_rx *rx)
{
    struct ip_l4 *l4 = NULL;

    if (rx->proto == IP_PROTO_ICMP) {
        ip->in_delivers++;
        icmp_input(ip, packet, rx);
    } else if (rx->proto == IP_PROTO_IGMP) {
        ip->in_delivers++;
        igmp_input(ip, packet, rx);
    } else if (ip->l4_wanted && (l4 = ip->l4_wanted(ip, rx->proto))) {
        ip->in_delivers++;
        l4->input(l4, packet, rx);
    } else {
        refuse_protocol(ip, packet, rx->iface);
    }
}

/* A whole datagram, its header of `header_len` bytes at packet_data(). */
__attribute__((noinline)) static void deliver_whole(struct ip_stack *ip, struct packet *packet,
                                                    uint32_t header_len, struct ip_iface *iface)
{
    const struct ipv4_wire *h = ipv4_at(packet_data(packet));
    struct ip_l4 *l4 = ip_l4_find(ip, h->proto);
    struct ip_rx rx;

    rx.src = ip_addr_of_v4(get_be32(h->src));
    rx.dst = ip_addr_of_v4(get_be32(h->dst));
    rx.proto = h->proto;
    rx.tos = h->tos;
    rx.ttl = h->ttl;
    rx.iface = iface;
    packet->l3 = (uint8_t)packet->head;
    packet->l4 = (uint8_t)(packet->head + header_len);
    packet_pull(packet, header_len);
    if (__builtin_expect(l4 == NULL, 0)) {
        deliver_other(ip, packet, &rx);
        return;
    }
    ip->in_delivers++;
    l4->input(l4, packet, &rx);
}

void ip_deliver(struct ip_stack *ip, struct packet *packet, const struct ipv4 *h,
                struct ip_iface *iface)
{
    if (h->frag & (IPV4_MF | IPV4_OFFSET)) {
        packet = reasm_input(ip, packet, h, iface);
        if (!packet)
            return;
        deliver_whole(ip, packet, ipv4_header_len(packet_data(packet)), iface);
    } else {
        deliver_whole(ip, packet, h->header_len, iface);
    }
}

/* ---- The long way: where to ---------------------------------------------------------------- */

/* Strict reverse path: the way back to `src` goes out by this interface; loose: there is a way
 * (RFC 3704 2.2, 2.4). */
static bool reverse_path_ok(struct ip_stack *ip, const struct ip_iface *iface, ip4 src)
{
    const struct ip_route *route = ip_route_lookup(ip, src);

    if (!route || route->type != IP_ROUTE_UNICAST)
        return false;
    if (ip->sysctl->rp_filter != 1) /* Linux: 1 is strict, any other is loose */
        return true;
    for (unsigned i = 0; i < route->n_hops; i++)
        if (route->hops[i].iface == iface)
            return true;
    return false;
}

const struct drop_reason *ip_source_fault(struct ip_stack *ip, struct ip_iface *iface, ip4 src,
                                          ip4 dst)
{
    if (ip4_is_multicast(src) || src == IP4_LIMITED_BROADCAST || ip4_is_loopback(src))
        return &drop_martian_source;
    if (ip4_is_zeronet(src)) /* who has no address yet may only shout (RFC 1122 3.2.1.3) */
        return src == 0 && (dst == IP4_LIMITED_BROADCAST || dst == 0 || ip4_is_multicast(dst))
                   ? NULL
                   : &drop_martian_source;
    if (ip_is_local(ip, src))
        return &drop_martian_source;
    if (ip->sysctl->rp_filter && !reverse_path_ok(ip, iface, src))
        return &drop_martian_source;
    return NULL;
}

static void refuse_route(struct ip_stack *ip, struct packet *packet, struct ip_iface *iface,
                         const struct ip_dst *entry)
{
    struct ip_refusal refusal = ip_dst_refusal(entry);

    if (!ip->forwarding) {
        ip_count(ip, IpInAddrErrors);
        ip_drop(ip, packet, &drop_not_for_us);
        return;
    }
    if (refusal.icmp_code == ICMP_NET_UNREACH)
        ip_count(ip, IpExtInNoRoutes);
    if (refusal.icmp_code >= 0)
        icmp_error(ip, packet, iface, ICMP_DEST_UNREACH, (uint8_t)refusal.icmp_code, 0);
    ip_drop(ip, packet, refusal.reason);
}

static void input_multicast(struct ip_stack *ip, struct packet *packet, const struct ipv4 *h,
                            struct ip_iface *iface)
{
    if (ip_iface_joined(iface, h->dst))
        ip_deliver(ip, packet, h, iface);
    else
        ip_drop(ip, packet, &drop_not_joined);
}

static void input_route(struct ip_stack *ip, struct packet *packet, const struct ipv4 *h,
                        struct ip_iface *iface, bool to_group)
{
    const struct drop_reason *fault = ip_source_fault(ip, iface, h->src, h->dst);
    const struct ip_dst *entry = ip_dst_get(ip, h->dst);

    if (fault) {
        ip_drop(ip, packet, fault);
    } else if (h->dst == 0 && h->src == 0) { /* a broadcast of old (RFC 1122 3.2.1.3) */
        ip_deliver(ip, packet, h, iface);
    } else if (ip4_is_zeronet(h->dst) || ip4_is_loopback(h->dst)) {
        ip_drop(ip, packet, &drop_martian_destination);
    } else if (entry->kind == IP_KIND_MULTICAST) {
        input_multicast(ip, packet, h, iface);
    } else if (entry->kind == IP_KIND_LOCAL || entry->kind == IP_KIND_BROADCAST) {
        ip_deliver(ip, packet, h, iface);
    } else if (entry->kind != IP_KIND_UNICAST) {
        refuse_route(ip, packet, iface, entry);
    } else if (!ip->forwarding || to_group) {
        ip_count(ip, IpInAddrErrors);
        ip_drop(ip, packet, &drop_not_for_us);
    } else {
        ip_forward(ip, packet, h, iface, entry);
    }
}

/* ---- The long way: is it a datagram? ------------------------------------------------------- */

/* Takes the header in, whatever part of it is in the payload, and cuts off padding.  NULL if all is
 * well, else why not. */
static const struct drop_reason *check_header(struct ip_stack *ip, struct packet *packet)
{
    uint32_t len = packet_len(packet);

    if (!packet_need(packet, IPV4_LEN) ||
        !packet_need(packet, ipv4_header_len(packet_data(packet))))
        return &drop_ip_malformed;
    const uint8_t *header = packet_data(packet);
    switch (ipv4_check(header, packet_header_len(packet), len)) {
    case IPV4_OK:
        break;
    case IPV4_SHORT:
        return &drop_ip_truncated;
    default:
        return &drop_ip_malformed;
    }
    if (packet->flags & PACKET_UNTRUSTED && !ipv4_checksum_ok(header))
        return &drop_ip_checksum;
    packet_trim(packet, get_be16(ipv4_at(packet_data(packet))->length));
    return NULL;
}

/* Counted as by ip_rcv_core. */
static void input_bad(struct ip_stack *ip, struct packet *packet, const struct drop_reason *fault)
{
    if (fault == &drop_ip_checksum)
        ip_count(ip, IpExtInCsumErrors);
    if (fault == &drop_ip_truncated)
        ip_count(ip, IpExtInTruncatedPkts);
    else
        ip_count(ip, IpInHdrErrors);
    ip_drop(ip, packet, fault);
}

/* False if the options end the datagram here. */
static bool options_ok(struct ip_stack *ip, struct packet *packet, struct ip_iface *iface)
{
    struct ipv4_options options;

    ipv4_options_parse(packet_data(packet), &options);
    if (options.bad) {
        ip_count(ip, IpInHdrErrors);
        icmp_error(ip, packet, iface, ICMP_PARAMETER_PROBLEM, 0, (uint32_t)options.bad << 24);
        ip_drop(ip, packet, &drop_ip_malformed);
        return false;
    }
    if (options.source_route) {
        ip_drop(ip, packet, &drop_ip_source_route);
        return false;
    }
    return true;
}

static void input_ipv4(struct ip_stack *ip, struct packet *packet, struct ip_iface *iface,
                       bool to_group)
{
    const struct drop_reason *fault;
    struct ipv4 h;

    ip->in_receives++;
    fault = check_header(ip, packet);
    if (fault) {
        input_bad(ip, packet, fault);
        return;
    }
    ipv4_parse(packet_data(packet), &h);
    packet->l3 = (uint8_t)packet->head;
    packet->l4 = (uint8_t)(packet->head + h.header_len);
    packet->ifindex = iface->ifindex;
    if (h.header_len > IPV4_LEN && !options_ok(ip, packet, iface))
        return;
    input_route(ip, packet, &h, iface, to_group);
}

/* VLAN tags, and what else the node may know. */
static void input_other(struct ip_iface *iface, struct packet *packet, uint16_t type)
{
    packet_push(packet, ETH_LEN);
    if (!iface->ops->other || !iface->ops->other(iface, packet, type))
        packet_drop(packet, iface->drops, &drop_eth_type);
}

/* Kept apart so that the fast path saves few registers. */
__attribute__((noinline)) static void input_slow(struct ip_iface *iface, struct packet *packet)
{
    struct eth eth;

    if (!iface->up) {
        packet_drop(packet, iface->drops, &drop_iface_down);
        return;
    }
    if (!packet_need(packet, ETH_LEN)) {
        packet_drop(packet, iface->drops, &drop_eth_short);
        return;
    }
    eth_parse(packet_data(packet), &eth);
    packet_pull(packet, ETH_LEN);
    if (!eth_addr_equal(&eth.dst, &iface->mac) && !eth_is_group(&eth.dst))
        packet_drop(packet, iface->drops, &drop_eth_address);
    else if (eth.type == ETH_TYPE_IPV4)
        input_ipv4(iface->ip, packet, iface, eth_is_group(&eth.dst));
    else if (eth.type == ETH_TYPE_ARP)
        arp_input(iface, packet, &eth);
    else
        input_other(iface, packet, eth.type);
}

/* ---- The fast path ------------------------------------------------------------------------- */

/* Whatever needs a function to find out is a tail call here, so that the usual way saves no
 * registers. */

/* A source that nobody out there has, by its first byte. */
static inline bool source_is_martian(ip4 src)
{
    uint32_t top = src >> 24;
    return top - 1 >= 223 || top == 127;
}

/* A frame to this station with an IPv4 datagram whose header is 20 bytes, all there, that fills the
 * frame, and whose bytes are believed. */
static inline bool is_plain(const struct ip_iface *iface, const struct packet *packet,
                            const uint8_t *frame)
{
    const struct eth_wire *eth = (const struct eth_wire *)frame;
    const struct ipv4_wire *h = (const struct ipv4_wire *)(frame + ETH_LEN);

    return packet_header_len(packet) >= ETH_LEN + IPV4_LEN && iface->up &&
           eth_addr_equal(&eth->dst, &iface->mac) && get_be16(eth->type) == ETH_TYPE_IPV4 &&
           h->version_ihl == (4 << 4 | IPV4_LEN / 4) && !(packet->flags & PACKET_UNTRUSTED) &&
           get_be16(h->length) == packet_len(packet) - ETH_LEN;
}

/* RFC 1624 for the upper byte of a word: the checksum grows as the TTL shrinks. */
static inline void ttl_decrement(struct ipv4_wire *h)
{
    uint32_t sum = get_be16(h->checksum) + 0x100u;
    h->checksum = put_be16((uint16_t)(sum + (sum >= 0xffff)));
    h->ttl--;
}

static inline bool may_pass(const struct ip_iface *iface, const struct ipv4_wire *h,
                            const struct neigh *neigh)
{
    return iface->ip->forwarding && h->ttl > 1 && neigh->iface != iface &&
           get_be16(h->length) <= neigh->iface->mtu && iface->ip->sim->now < neigh->fresh_until;
}

/* On to the neighbour, if nothing is in the way. */
static inline void pass(struct ip_iface *iface, struct packet *packet, struct ipv4_wire *h,
                        const struct neigh *neigh)
{
    struct ip_stack *ip = iface->ip;

    if (!may_pass(iface, h, neigh)) {
        input_slow(iface, packet);
        return;
    }
    ttl_decrement(h);
    ip->in_receives++;
    ip->forw_datagrams++;
    ip->out_transmits++;
    packet->ifindex = iface->ifindex;
    memcpy(packet_data(packet), &neigh->header, ETH_LEN);
    neigh->iface->ops->transmit(neigh->iface, packet);
}

/* Of several next hops one is the flow's. */
__attribute__((noinline)) static void pass_by_flow(struct ip_iface *iface, struct packet *packet,
                                                   struct ipv4_wire *h, const struct ip_dst *entry)
{
    struct neigh *neigh = NULL;

    if (!(get_be16(h->frag) & (IPV4_MF | IPV4_OFFSET)))
        neigh =
            ip_dst_neigh(iface->ip, entry, get_be32(h->src), h->proto, packet, ETH_LEN + IPV4_LEN);
    if (neigh)
        pass(iface, packet, h, neigh);
    else
        input_slow(iface, packet);
}

static inline bool is_whole_for_us(const struct ip_dst *entry, const struct ipv4_wire *h)
{
    return entry->kind == IP_KIND_LOCAL && !ip4_is_loopback(entry->dst) &&
           !(get_be16(h->frag) & (IPV4_MF | IPV4_OFFSET));
}

/* Where the entry of its destination says. */
static inline void input_by(struct ip_iface *iface, struct packet *packet, struct ipv4_wire *h,
                            const struct ip_dst *entry)
{
    if (entry->kind == IP_KIND_UNICAST) {
        if (__builtin_expect(entry->neigh != NULL, 1))
            pass(iface, packet, h, entry->neigh);
        else
            pass_by_flow(iface, packet, h, entry);
    } else if (is_whole_for_us(entry, h)) {
        iface->ip->in_receives++;
        packet->ifindex = iface->ifindex;
        packet_pull(packet, ETH_LEN);
        deliver_whole(iface->ip, packet, IPV4_LEN, iface);
    } else {
        input_slow(iface, packet);
    }
}

/* The filter of own addresses leaves open whose the source is, or sources are held against routes;
 * or the destination is not in the cache. */
__attribute__((noinline)) static void input_looked_up(struct ip_iface *iface, struct packet *packet,
                                                      struct ipv4_wire *h)
{
    struct ip_stack *ip = iface->ip;
    ip4 src = get_be32(h->src);

    if (ip_may_be_local(ip, src) &&
        (ip->sysctl->rp_filter || ip_dst_get(ip, src)->kind == IP_KIND_LOCAL))
        input_slow(iface, packet);
    else
        input_by(iface, packet, h, ip_dst_get(ip, get_be32(h->dst)));
}

void ip_iface_input(struct ip_iface *iface, struct packet *packet)
{
    uint8_t *frame = packet_data(packet);
    struct ipv4_wire *h = (struct ipv4_wire *)(frame + ETH_LEN);

    if (__builtin_expect(!is_plain(iface, packet, frame), 0) ||
        source_is_martian(get_be32(h->src))) {
        input_slow(iface, packet);
        return;
    }
    const struct ip_dst *entry = ip_dst_peek(iface->ip, get_be32(h->dst));
    if (__builtin_expect(!entry || ip_may_be_local(iface->ip, get_be32(h->src)), 0))
        input_looked_up(iface, packet, h);
    else
        input_by(iface, packet, h, entry);
}

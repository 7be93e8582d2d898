/* Forwarding (RFC 1812 5.2, 5.3), for what the fast path of input.c does not do. */
#include "protocols/ip/icmp.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"
#include "protocols/wire/checksum.h"

DROP_REASON(ttl_expired, "the time to live has run out");
DROP_REASON(mtu_exceeded, "larger than the next link's MTU, and may not be fragmented");

/* Whether the sender, on the link where the datagram goes back to, should know the next hop itself
 * (RFC 1812 5.2.7.2). */
static bool needs_redirect(const struct ip_stack *ip, const struct ip_iface *in,
                           const struct neigh *neigh, ip4 src)
{
    return ip->sysctl->send_redirects && neigh->iface == in && ip_iface_onlink(in, src);
}

static uint32_t forward_mtu(const struct ip_stack *ip, const struct neigh *neigh, ip4 dst)
{
    uint32_t mtu = neigh->iface->mtu;

    if (ip->sysctl->forward_use_pmtu) {
        uint32_t learnt = except_mtu(ip, dst);
        return learnt < mtu ? learnt : mtu;
    }
    return mtu;
}

static void ttl_decrement(struct packet *packet)
{
    struct ipv4_wire *h = ipv4_at(packet_data(packet));
    uint16_t was = (uint16_t)(h->ttl << 8 | h->proto);

    h->ttl--;
    h->checksum =
        put_be16(checksum_update(get_be16(h->checksum), was, (uint16_t)(h->ttl << 8 | h->proto)));
}

void ip_forward(struct ip_stack *ip, struct packet *packet, const struct ipv4 *h,
                struct ip_iface *iface, const struct ip_dst *entry)
{
    if (h->ttl <= 1) {
        ip_count(ip, IpInHdrErrors);
        icmp_error(ip, packet, iface, ICMP_TIME_EXCEEDED, ICMP_TTL_EXCEEDED, 0);
        ip_drop(ip, packet, &drop_ttl_expired);
        return;
    }
    ip->forw_datagrams++; /* also what turns out to be too large */
    bool fragment = h->frag & (IPV4_MF | IPV4_OFFSET);
    struct neigh *neigh =
        ip_dst_neigh(ip, entry, h->src, h->proto, fragment ? NULL : packet, h->header_len);
    if (!neigh) {
        ip_drop(ip, packet, &drop_neigh_table_full);
        return;
    }
    uint32_t mtu = forward_mtu(ip, neigh, h->dst);
    if (h->length > mtu && h->frag & IPV4_DF) {
        ip_count(ip, IpFragFails);
        icmp_error(ip, packet, iface, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu);
        ip_drop(ip, packet, &drop_mtu_exceeded);
        return;
    }
    ttl_decrement(packet);
    if (needs_redirect(ip, iface, neigh, h->src))
        icmp_redirect(ip, packet, iface, neigh->addr);
    if (h->length > mtu) {
        ip_fragment(ip, packet, neigh, mtu);
        return;
    }
    ip->out_transmits++;
    neigh_output(neigh, packet, ip->sim->now);
}

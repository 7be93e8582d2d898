/* Packets from IPv6 to IPv4 and back (translate.h says to what end). */
#include "tools/packetdrill/translate.h"

#include "protocols/wire/checksum.h"
#include "sim/hash.h"

enum { VERSION_6 = 6, TCP_CHECKSUM = 16, UDP_CHECKSUM = 6, LABEL_MASK = 0xfffff };

/* ---- Checksums of TCP and UDP ---------------------------------------------------------------- */

uint64_t drill_pseudo_v6(const struct ipv6_wire *ip, uint8_t proto, size_t length)
{
    return checksum_bytes(&ip->src, sizeof ip->src + sizeof ip->dst) + proto + length;
}

static uint64_t pseudo_v4(const struct ipv4 *ip, size_t length)
{
    return checksum_pseudo(ip->src, ip->dst, ip->proto, (uint32_t)length);
}

/* The pseudo-header was `was` and is `is` now (RFC 1624, equation 3): what was wrong stays wrong.
 */
static void renew_checksum(uint8_t proto, uint8_t *l4, size_t have, uint64_t was, uint64_t is)
{
    size_t at = proto == IP_PROTO_TCP ? TCP_CHECKSUM : UDP_CHECKSUM;
    be16 field;

    if (have < at + sizeof field)
        return; /* a quote may end before */
    memcpy(&field, l4 + at, sizeof field);
    uint64_t rest = (uint64_t)(uint16_t)~get_be16(field) + (uint16_t)~checksum_fold(was);
    uint16_t checksum = (uint16_t)~checksum_fold(rest + is);
    if (checksum == 0 && proto == IP_PROTO_UDP)
        checksum = UINT16_MAX; /* RFC 768: 0 means that there is none */
    field = put_be16(checksum);
    memcpy(l4 + at, &field, sizeof field);
}

static bool has_pseudo_header(uint8_t proto)
{
    return proto == IP_PROTO_TCP || proto == IP_PROTO_UDP;
}

/* ---- To IPv4 (RFC 7915 5.1) ------------------------------------------------------------------ */

/* Datagrams of IPv6 are not fragmented on their way. */
static struct ipv4 header_to_v4(struct drill *drill, const struct ipv6_wire *ip, bool quoted)
{
    uint32_t class_label = get_be32(ip->class_label);
    struct ip_addr src = quoted ? drill_alias_own(drill, &ip->src) : drill_alias(drill, &ip->src);
    struct ip_addr dst = quoted ? drill_alias(drill, &ip->dst) : drill_alias_own(drill, &ip->dst);

    return (struct ipv4){ .header_len = IPV4_LEN,
                          .tos = (uint8_t)(class_label >> 20),
                          .ttl = ip->hops,
                          .proto = ip->next == IP_PROTO_ICMPV6 ? IP_PROTO_ICMP : ip->next,
                          .frag = IPV4_DF,
                          .src = ip_addr_v4(&src),
                          .dst = ip_addr_v4(&dst) };
}

static void write_v4(uint8_t *out, struct ipv4 *h, size_t payload)
{
    h->length = (uint16_t)(IPV4_LEN + payload);
    ipv4_emit(out, h);
    ipv4_finish(out);
}

static bool fits_v4(const struct ipv6_wire *ip)
{
    return get_be32(ip->class_label) >> 28 == VERSION_6 &&
           get_be16(ip->payload) <= IPV4_DATAGRAM_MAX - IPV4_LEN &&
           (has_pseudo_header(ip->next) || ip->next == IP_PROTO_ICMPV6);
}

static size_t body_to_v4(struct drill *drill, const uint8_t *in, size_t have, bool quoted,
                         uint8_t *out)
{
    const struct ipv6_wire *ip = (const struct ipv6_wire *)(const void *)in;
    struct ipv4 h = header_to_v4(drill, ip, quoted);
    size_t whole = get_be16(ip->payload), bytes = have;

    if (ip->next == IP_PROTO_ICMPV6 && !quoted) {
        whole = bytes = drill_icmp_to_v4(drill, ip, in + IPV6_LEN, have, out + IPV4_LEN);
        if (bytes == 0)
            return 0;
    } else {
        memcpy(out + IPV4_LEN, in + IPV6_LEN, have);
        if (has_pseudo_header(ip->next))
            renew_checksum(ip->next, out + IPV4_LEN, have, drill_pseudo_v6(ip, ip->next, whole),
                           pseudo_v4(&h, whole));
    }
    write_v4(out, &h, whole);
    return IPV4_LEN + bytes;
}

size_t drill_to_v4(struct drill *drill, const uint8_t *in, size_t length, uint8_t *out)
{
    const struct ipv6_wire *ip = (const struct ipv6_wire *)(const void *)in;

    if (length < IPV6_LEN || !fits_v4(ip) || get_be16(ip->payload) > length - IPV6_LEN ||
        ip->dst.b[0] == 0xff /* multicast (RFC 4291 2.7) */)
        return 0;
    return body_to_v4(drill, in, get_be16(ip->payload), false, out);
}

size_t drill_quote_to_v4(struct drill *drill, const uint8_t *in, size_t length, uint8_t *out)
{
    const struct ipv6_wire *ip = (const struct ipv6_wire *)(const void *)in;

    if (length < IPV6_LEN || !fits_v4(ip))
        return 0;
    return body_to_v4(drill, in, MIN(length - IPV6_LEN, get_be16(ip->payload)), true, out);
}

/* ---- To IPv6 (RFC 7915 4.1) ------------------------------------------------------------------ */

/* RFC 6437: the same for all packets of a flow, and not 0.  Linux labels those of sockets so. */
static uint32_t flow_label(const struct ipv4 *h, const uint8_t *l4, size_t have)
{
    uint64_t hash = hash_combine(hash_combine(h->src, h->dst), h->proto);

    if (has_pseudo_header(h->proto) && have >= 4)
        hash = hash_bytes(l4, 4, hash); /* the ports */
    return MAX((uint32_t)hash & LABEL_MASK, 1);
}

static struct ipv6_wire header_to_v6(const struct drill *drill, const struct ipv4 *h,
                                     uint32_t label)
{
    struct ip_addr src = ip_addr_of_v4(h->src), dst = ip_addr_of_v4(h->dst);
    uint32_t first = (uint32_t)VERSION_6 << 28 | (uint32_t)h->tos << 20 | label;

    return (struct ipv6_wire){ .class_label = put_be32(first),
                               .next = h->proto == IP_PROTO_ICMP ? IP_PROTO_ICMPV6 : h->proto,
                               .hops = h->ttl,
                               .src = drill_outside(drill, &src),
                               .dst = drill_outside(drill, &dst) };
}

static bool is_outside(const struct drill *drill, ip4 addr)
{
    struct ip_addr alias = ip_addr_of_v4(addr), outside = drill_outside(drill, &alias);

    return !ip_addr_is_v4(&outside);
}

bool drill_leaves_as_v6(const struct drill *drill, const uint8_t *in)
{
    struct ipv4 h;

    ipv4_parse(in, &h);
    return is_outside(drill, h.dst);
}

static bool fits_v6(const struct drill *drill, const struct ipv4 *h)
{
    return (h->frag & (IPV4_MF | IPV4_OFFSET)) == 0 && is_outside(drill, h->src) &&
           is_outside(drill, h->dst) && (has_pseudo_header(h->proto) || h->proto == IP_PROTO_ICMP);
}

static size_t body_to_v6(struct drill *drill, const uint8_t *in, const struct ipv4 *h, size_t have,
                         bool quoted, uint8_t *out)
{
    const uint8_t *l4 = in + h->header_len;
    struct ipv6_wire ip = header_to_v6(drill, h, quoted ? 0 : flow_label(h, l4, have));
    size_t whole = h->length - (size_t)h->header_len, bytes = have;

    if (h->proto == IP_PROTO_ICMP && !quoted) {
        whole = bytes = drill_icmp_to_v6(drill, &ip, l4, have, out + IPV6_LEN);
        if (bytes == 0)
            return 0;
    } else {
        memcpy(out + IPV6_LEN, l4, have);
        if (has_pseudo_header(h->proto))
            renew_checksum(h->proto, out + IPV6_LEN, have, pseudo_v4(h, whole),
                           drill_pseudo_v6(&ip, ip.next, whole));
    }
    ip.payload = put_be16((uint16_t)whole);
    memcpy(out, &ip, sizeof ip);
    return IPV6_LEN + bytes;
}

size_t drill_to_v6(struct drill *drill, const uint8_t *in, size_t length, uint8_t *out)
{
    struct ipv4 h;

    ipv4_parse(in, &h);
    if (!fits_v6(drill, &h))
        return 0;
    return body_to_v6(drill, in, &h, length - h.header_len, false, out);
}

size_t drill_quote_to_v6(struct drill *drill, const uint8_t *in, size_t length, uint8_t *out)
{
    struct ipv4 h;

    if (length < IPV4_LEN || ipv4_header_len(in) > length)
        return 0;
    ipv4_parse(in, &h);
    if (!fits_v6(drill, &h))
        return 0;
    return body_to_v6(drill, in, &h, length - h.header_len, true, out);
}

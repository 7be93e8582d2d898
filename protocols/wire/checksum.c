#include "protocols/wire/checksum.h"

#include "protocols/wire/ipv4.h"

uint64_t checksum_bytes(const void *bytes, uint32_t length)
{
    const uint8_t *p = bytes;
    uint64_t sum = 0;
    uint32_t i = 0;

    for (; i + 4 <= length; i += 4)
        sum += (uint32_t)p[i] << 24 | (uint32_t)p[i + 1] << 16 | (uint32_t)p[i + 2] << 8 | p[i + 3];
    if (i + 2 <= length) {
        sum += (uint32_t)p[i] << 8 | p[i + 1];
        i += 2;
    }
    if (i < length)
        sum += (uint32_t)p[i] << 8;
    return sum;
}

/* The sum of bytes that start at an odd offset: each word has its bytes the other way round
 * (RFC 1071 section 2 (B)). */
static uint64_t sum_swapped(uint64_t sum)
{
    uint16_t folded = checksum_fold(sum);
    return (uint64_t)(uint16_t)(folded << 8 | folded >> 8);
}

/* Longer slices of the pattern than one span (a GSO segment with its headers) go in two steps. */
static uint64_t sum_payload(const struct packet *packet, uint32_t from, uint32_t length)
{
    uint64_t sum = 0;

    for (uint32_t n; length > 0; from += n, length -= n) {
        n = length < BLOB_SPAN_MAX ? length : BLOB_SPAN_MAX;
        sum += blob_sum(packet->blob, packet->offset + from, n);
    }
    return sum;
}

/* The sum of `length` bytes that start at buf[at] and go on in the payload. */
static uint64_t sum_from(const struct packet *packet, uint32_t at, uint32_t length)
{
    if (at >= packet->tail)
        return sum_payload(packet, at - packet->tail, length);
    uint32_t inside = packet->tail - at < length ? packet->tail - at : length;
    uint64_t sum = checksum_bytes(packet->buf + at, inside);
    if (inside == length)
        return sum;
    uint64_t rest = sum_payload(packet, 0, length - inside);
    return sum + (inside & 1 ? sum_swapped(rest) : rest);
}

uint64_t checksum_packet(const struct packet *packet, uint32_t from, uint32_t length)
{
    assert(from + length <= packet_len(packet));
    return sum_from(packet, packet->head + from, length);
}

/* Where in its header a protocol has its checksum; -1 if it has none that we know. */
static int checksum_offset(uint8_t proto)
{
    switch (proto) {
    case IP_PROTO_TCP:
        return 16;
    case IP_PROTO_UDP:
        return 6;
    case IP_PROTO_ICMP:
        return 2;
    default:
        return -1;
    }
}

void packet_finish_checksums(struct packet *packet)
{
    if (!(packet->flags & PACKET_CSUM_PENDING))
        return;
    assert(packet->l3 != 0 && packet->l4 > packet->l3);
    const struct ipv4_wire *ip = ipv4_at(packet->buf + packet->l3);
    uint8_t *field = packet->buf + packet->l4 + checksum_offset(ip->proto);
    uint32_t length = (uint32_t)(packet->tail - packet->l4) + packet->payload_len;

    assert(ip->proto == IP_PROTO_TCP || ip->proto == IP_PROTO_UDP);
    field[0] = field[1] = 0;
    uint64_t sum = checksum_pseudo(get_be32(ip->src), get_be32(ip->dst), ip->proto, length);
    uint16_t checksum = (uint16_t)~checksum_fold(sum + sum_from(packet, packet->l4, length));
    if (checksum == 0 && ip->proto == IP_PROTO_UDP)
        checksum = 0xffff; /* RFC 768: zero means none */
    field[0] = (uint8_t)(checksum >> 8);
    field[1] = (uint8_t)checksum;
    packet->flags &= (uint8_t)~PACKET_CSUM_PENDING;
}

bool packet_verify(const struct packet *packet, ip4 src, ip4 dst, uint8_t proto)
{
    uint32_t length = packet_len(packet);
    int offset = checksum_offset(proto);

    if (packet->flags & PACKET_CSUM_PENDING || offset < 0)
        return true;
    if (length < (uint32_t)offset + 2)
        return false;
    if (proto == IP_PROTO_UDP) {
        uint8_t field[2];
        packet_read(packet, (uint32_t)offset, field, 2);
        if (field[0] == 0 && field[1] == 0)
            return true;
    }
    uint64_t sum = checksum_packet(packet, 0, length);
    if (proto != IP_PROTO_ICMP)
        sum += checksum_pseudo(src, dst, proto, length);
    return checksum_fold(sum) == 0xffff;
}

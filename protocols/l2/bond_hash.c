#include "protocols/l2/bond_hash.h"

#include "protocols/wire/icmp.h"
#include "protocols/wire/ipv4.h"
#include "protocols/wire/vlan.h"
#include "sim/hash.h"

/* What the policies look at; addresses and ports as they stand in a little-endian memory. */
struct dissected {
    bool ip;
    uint8_t proto;
    uint16_t type, vid;
    uint32_t src, dst;
    uint32_t ports;
    uint32_t icmp; /* type, code and identifier of a message that has one; 0: it is none such */
};

enum { PORTS_LEN = 4, ICMP_LEAST = 8 };

static uint32_t le32(const uint8_t *b)
{
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* The header's length; 0 if the frame has no IP header there. */
static uint32_t take_ip(struct packet *frame, uint32_t at, struct dissected *d)
{
    if (!packet_need(frame, at + IPV4_LEN))
        return 0;
    const uint8_t *h = packet_data(frame) + at;
    if (h[0] >> 4 != 4 || (h[0] & 15) < 5)
        return 0;
    d->ip = true;
    d->proto = (h[6] & 0x3f) || h[7] ? 0 : h[9]; /* of a fragment nothing is said */
    d->src = le32(h + 12);
    d->dst = le32(h + 16);
    return 4u * (h[0] & 15);
}

static void take_ports(struct packet *frame, uint32_t at, struct dissected *d)
{
    static const uint8_t with_ports[] = { 6, 17, 33, 50, 132, 136 }; /* TCP, UDP, ... */

    if (!memchr(with_ports, d->proto, sizeof with_ports) || !packet_need(frame, at + PORTS_LEN))
        return;
    d->ports = le32(packet_data(frame) + at);
}

static bool is_error(uint8_t type)
{
    return (type >= 3 && type <= 5) || type == 11 || type == 12;
}

static bool has_id(uint8_t type)
{
    return type == 0 || type == 8 || type == 13 || type == 14;
}

/* An error goes the way of the flow that it is about; an echo by its identifier, 0 being taken for
 * 1. */
static void take_icmp(struct packet *frame, uint32_t at, struct dissected *d)
{
    if (!packet_need(frame, at + ICMP_LEAST))
        return;
    const uint8_t *h = packet_data(frame) + at;
    if (has_id(h[0])) {
        uint32_t id = (uint32_t)h[4] << 8 | h[5];
        d->icmp = h[0] | (uint32_t)h[1] << 8 | (id ? id : 1) << 16;
    } else if (is_error(h[0])) {
        uint32_t length = take_ip(frame, at + ICMP_LEAST, d);
        if (length)
            take_ports(frame, at + ICMP_LEAST + length, d);
    }
}

static uint32_t behind_tags(struct packet *frame, struct dissected *d)
{
    uint32_t at = 2 * ETH_ADDR_LEN;

    for (int tags = 0; packet_need(frame, at + 2); at += VLAN_TAG_LEN) {
        const uint8_t *h = packet_data(frame) + at;
        d->type = (uint16_t)(h[0] << 8 | h[1]);
        if (!vlan_is_tpid(d->type) || tags++ == 2 || !packet_need(frame, at + VLAN_TAG_LEN))
            break;
        h = packet_data(frame) + at;
        if (tags == 1)
            d->vid = vlan_vid((uint16_t)(h[2] << 8 | h[3]));
    }
    return at + 2;
}

static struct dissected dissect(struct packet *frame)
{
    struct dissected d = { 0 };
    uint32_t at = behind_tags(frame, &d), length;

    if (d.type != ETH_TYPE_IPV4 || !(length = take_ip(frame, at, &d)))
        return d;
    if (d.proto == 1)
        take_icmp(frame, at + length, &d);
    else
        take_ports(frame, at + length, &d);
    return d;
}

static uint32_t hash_eth(struct packet *frame, uint16_t type)
{
    const uint8_t *h = packet_data(frame);

    return h[5] ^ h[11] ^ (uint32_t)type;
}

uint32_t bond_hash(enum bond_hash policy, struct packet *frame)
{
    struct dissected d = dissect(frame);
    uint32_t hash = hash_eth(frame, d.type);

    if (policy == BOND_HASH_L2 || !d.ip)
        return hash;
    if (policy == BOND_HASH_L34)
        hash = d.icmp ? d.icmp : d.ports;
    hash ^= d.src ^ d.dst;
    hash ^= hash >> 16;
    hash ^= hash >> 8;
    return policy == BOND_HASH_L34 ? hash >> 1 : hash; /* ports are often even */
}

uint32_t bond_hash_source(struct packet *frame)
{
    struct dissected d = { 0 };

    behind_tags(frame, &d);
    return (uint32_t)hash_bytes(packet_data(frame) + ETH_ADDR_LEN, ETH_ADDR_LEN, d.vid);
}

uint32_t bond_hash_flow(struct packet *frame)
{
    struct dissected d = dissect(frame);
    uint64_t hash = hash_bytes(packet_data(frame), 2 * ETH_ADDR_LEN, d.type);

    if (d.ip)
        hash = hash_combine(hash_combine((uint64_t)d.src << 32 | d.dst, d.ports), d.icmp);
    return (uint32_t)hash;
}

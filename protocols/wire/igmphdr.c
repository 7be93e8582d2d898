#include "protocols/wire/igmphdr.h"

#include "protocols/wire/checksum.h"
#include "protocols/wire/ipv4.h"

struct igmp_wire {
    uint8_t type, max_resp;
    be16 checksum;
    be32 group;
};

_Static_assert(sizeof(struct igmp_wire) == IGMP_LEN, "RFC 2236 2");

enum { HEADER = IPV4_LEN + 4, TOS_CONTROL = 0xc0 };

bool igmp_read(const struct packet *packet, uint32_t at, uint32_t length, struct igmp *message)
{
    struct igmp_wire w;

    if (length < IGMP_LEN || checksum_fold(checksum_packet(packet, at, length)) != 0xffff)
        return false;
    packet_read(packet, at, &w, sizeof w);
    *message = (struct igmp){ w.type, w.max_resp, get_be32(w.group) };
    return true;
}

static void push_message(struct packet *packet, const struct igmp *message)
{
    struct igmp_wire *w = (struct igmp_wire *)packet_push(packet, IGMP_LEN);

    *w = (struct igmp_wire){ .type = message->type,
                             .max_resp = message->max_resp,
                             .group = put_be32(message->group) };
    w->checksum = put_be16((uint16_t)~checksum_fold(checksum_bytes(w, IGMP_LEN)));
}

struct packet *igmp_datagram(struct sim *sim, ip4 src, ip4 dst, const struct igmp *message)
{
    static const uint8_t router_alert[] = { IPV4_OPT_RA, 4, 0, 0 };
    struct packet *packet = packet_new(sim);
    struct ipv4 h = { .header_len = HEADER,
                      .tos = TOS_CONTROL,
                      .ttl = 1,
                      .proto = IP_PROTO_IGMP,
                      .length = HEADER + IGMP_LEN,
                      .frag = IPV4_DF,
                      .src = src,
                      .dst = dst };

    push_message(packet, message);
    packet->l4 = (uint8_t)packet->head;
    uint8_t *header = packet_push(packet, HEADER);
    packet->l3 = (uint8_t)packet->head;
    ipv4_emit(header, &h);
    memcpy(header + IPV4_LEN, router_alert, sizeof router_alert);
    ipv4_finish(header);
    return packet;
}

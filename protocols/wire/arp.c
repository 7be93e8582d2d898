#include "protocols/wire/arp.h"

uint32_t arp_check(const uint8_t *buf, uint32_t len)
{
    const struct arp_wire *w = (const struct arp_wire *)buf;

    if (len < ARP_LEN || get_be16(w->hardware) != ARP_HARDWARE_ETHERNET ||
        get_be16(w->protocol) != ETH_TYPE_IPV4 || w->hardware_len != ETH_ADDR_LEN ||
        w->protocol_len != 4)
        return 0;
    return ARP_LEN;
}

void arp_parse(const uint8_t *buf, struct arp *h)
{
    const struct arp_wire *w = (const struct arp_wire *)buf;

    h->opcode = get_be16(w->opcode);
    h->sender_mac = w->sender_mac;
    h->sender_ip = get_be32(w->sender_ip);
    h->target_mac = w->target_mac;
    h->target_ip = get_be32(w->target_ip);
}

void arp_emit(uint8_t *buf, const struct arp *h)
{
    struct arp_wire *w = (struct arp_wire *)buf;

    w->hardware = put_be16(ARP_HARDWARE_ETHERNET);
    w->protocol = put_be16(ETH_TYPE_IPV4);
    w->hardware_len = ETH_ADDR_LEN;
    w->protocol_len = 4;
    w->opcode = put_be16(h->opcode);
    w->sender_mac = h->sender_mac;
    w->sender_ip = put_be32(h->sender_ip);
    w->target_mac = h->target_mac;
    w->target_ip = put_be32(h->target_ip);
}

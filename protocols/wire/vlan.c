#include "protocols/wire/vlan.h"

enum { ADDRESSES = 2 * ETH_ADDR_LEN };

void vlan_push(struct packet *frame, uint16_t tpid, uint16_t tci)
{
    uint8_t *to = packet_push(frame, VLAN_TAG_LEN);
    struct vlan_wire *tag = vlan_tag(frame);

    memmove(to, to + VLAN_TAG_LEN, ADDRESSES);
    tag->tpid = put_be16(tpid);
    tag->tci = put_be16(tci);
}

void vlan_pop(struct packet *frame)
{
    uint8_t *from = packet_data(frame);

    memmove(from + VLAN_TAG_LEN, from, ADDRESSES);
    packet_pull(frame, VLAN_TAG_LEN);
}

unsigned vlan_tags(struct packet *frame)
{
    unsigned n = 0;

    for (uint32_t need = ETH_LEN; n < 2 && packet_need(frame, need); need += VLAN_TAG_LEN, n++)
        if (!vlan_is_tpid(get_be16(vlan_tag(frame)[n].tpid)))
            break;
    return n;
}

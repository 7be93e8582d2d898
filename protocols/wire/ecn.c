#include "protocols/wire/ecn.h"

#include "protocols/wire/checksum.h"
#include "protocols/wire/eth.h"
#include "protocols/wire/ipv4.h"

enum { VLAN_TAG = 4, TAGS_MOST = 2 };

/* Where the IPv4 header begins, behind VLAN tags; NULL if there is none. */
static uint8_t *find_ipv4(struct packet *packet)
{
    uint8_t *bytes = packet_data(packet);
    uint32_t have = packet_header_len(packet), at = ETH_LEN;

    for (int tags = 0; at + IPV4_LEN <= have; tags++) {
        uint16_t type = (uint16_t)(bytes[at - 2] << 8 | bytes[at - 1]);
        if (type == ETH_TYPE_IPV4)
            return bytes + at;
        if (type != ETH_TYPE_VLAN || tags == TAGS_MOST)
            return NULL;
        at += VLAN_TAG;
    }
    return NULL;
}

bool ecn_mark_frame(struct packet *packet)
{
    uint8_t *bytes = find_ipv4(packet);

    if (!bytes)
        return false;
    struct ipv4_wire *ip = ipv4_at(bytes);
    unsigned field = ip->tos & ECN_MASK;
    if (field == ECN_NOT_ECT || field == ECN_CE)
        return false;
    uint16_t was = (uint16_t)(ip->version_ihl << 8 | ip->tos);
    ip->tos |= ECN_CE;
    uint16_t is = (uint16_t)(ip->version_ihl << 8 | ip->tos);
    ip->checksum = put_be16(checksum_update(get_be16(ip->checksum), was, is));
    return true;
}

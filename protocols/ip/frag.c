/* Fragmentation (RFC 791 3.2): one datagram leaves as several.  Pieces are slices of the same
 * payload; no byte of it is copied. */
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"
#include "protocols/wire/checksum.h"

DROP_REASON(frag_rest, "the host's own queue refused a fragment: the others are not sent");

/* The piece [from, from + length) of the datagram's data, with a header of its own. */
static struct packet *piece_make(const struct packet *packet, const struct ipv4 *whole,
                                 uint32_t from, uint32_t length, bool last)
{
    struct packet *piece = packet_slice(packet, whole->header_len + from, length);
    uint8_t *header = packet_push(piece, whole->header_len);
    uint16_t offset = (uint16_t)((whole->frag & IPV4_OFFSET) + from / 8);
    uint16_t more = last ? whole->frag & IPV4_MF : IPV4_MF;

    memcpy(header, packet->buf + packet->head, whole->header_len);
    if (from > 0)
        ipv4_options_keep_copied(header);
    ipv4_at(header)->length = put_be16((uint16_t)(whole->header_len + length));
    ipv4_at(header)->frag = put_be16((uint16_t)((whole->frag & IPV4_DF) | more | offset));
    ipv4_finish(header);
    piece->l3 = (uint8_t)piece->head;
    piece->l4 = (uint8_t)(piece->head + whole->header_len);
    return piece;
}

enum xmit ip_fragment(struct ip_stack *ip, struct packet *packet, struct neigh *neigh, uint32_t mtu)
{
    struct ipv4 whole;
    enum xmit verdict = XMIT_SENT;

    packet_finish_checksums(packet);
    ipv4_parse(packet_data(packet), &whole);
    uint32_t data = whole.length - whole.header_len;
    uint32_t most = (mtu - whole.header_len) & ~7u;
    for (uint32_t at = 0, n; at < data && verdict == XMIT_SENT; at += n) {
        bool last = data - at <= mtu - whole.header_len;
        n = last ? data - at : most;
        struct packet *piece = piece_make(packet, &whole, at, n, last);
        ip->out_transmits++;
        verdict = neigh_output(neigh, piece, ip->sim->now);
        if (verdict == XMIT_SENT)
            ip_count(ip, IpFragCreates);
    }
    if (verdict == XMIT_SENT) {
        ip_count(ip, IpFragOKs);
        packet_consumed(packet);
    } else { /* as ip_do_fragment: what is not complete is of no use to anybody */
        ip_count(ip, IpFragFails);
        ip_drop(ip, packet, &drop_frag_rest);
    }
    return verdict;
}

#include "protocols/tcp/gso.h"

#include "protocols/wire/checksum.h"
#include "protocols/wire/ipv4.h"
#include "protocols/wire/tcphdr.h"

/* The 13th byte of the header; the flags of enum tcphdr_flag that lie in it. */
enum { FLAGS = 13 };

/* Changes a word of the IP header. */
static inline void set_word(struct ipv4_wire *ip, be16 *word, uint16_t value)
{
    ip->checksum = put_be16(checksum_update(get_be16(ip->checksum), get_be16(*word), value));
    *word = put_be16(value);
}

static inline void set_length(struct packet *piece)
{
    struct ipv4_wire *ip = ipv4_at(piece->buf + piece->l3);

    set_word(ip, &ip->length, (uint16_t)(piece->tail - piece->l3 + piece->payload_len));
    piece->flags |= PACKET_CSUM_PENDING; /* the whole's may be complete, for a tap */
}

/* What is left begins `mss` bytes later.  A reduction of the window is told once, unless the flag
 * is part of a counter (RFC 9768). */
static void advance(struct packet *whole, uint32_t mss)
{
    struct ipv4_wire *ip = ipv4_at(whole->buf + whole->l3);
    uint8_t *tcp = whole->buf + whole->l4;
    be32 *seq = (be32 *)(tcp + 4);

    set_word(ip, &ip->id, (uint16_t)(get_be16(ip->id) + 1));
    *seq = put_be32(get_be32(*seq) + mss);
    if (!(whole->flags & PACKET_KEEP_CWR))
        tcp[FLAGS] &= (uint8_t)~TH_CWR;
    whole->offset += mss;
    whole->payload_len -= mss;
}

static struct packet *first_piece(struct packet *whole)
{
    struct packet *piece = packet_clone(whole);

    piece->payload_len = whole->gso_size;
    piece->gso_size = 0;
    piece->buf[piece->l4 + FLAGS] &= (uint8_t) ~(TH_FIN | TH_PSH);
    set_length(piece);
    advance(whole, whole->gso_size);
    if (whole->flags & PACKET_OWNED) { /* the share of the piece becomes its own */
        whole->owner->bytes -= whole->gso_size;
        packet_own(piece, whole->owner);
    }
    return piece;
}

/* What is left is the last segment. */
static struct packet *last_piece(struct packet *whole)
{
    packet_replaced(whole);
    whole->gso_size = 0;
    set_length(whole);
    return whole;
}

struct packet *tcp_gso_next(struct packet **super)
{
    struct packet *whole = *super, *piece;

    assert(whole->l3 >= whole->head && whole->l4 > whole->l3);
    if (whole->payload_len > whole->gso_size) {
        piece = first_piece(whole);
    } else {
        piece = last_piece(whole);
        *super = NULL;
    }
    piece->flags &= (uint8_t)~PACKET_KEEP_CWR;
    return piece;
}

/* What the bytes of a frame say, all layers parsed, and its fields by Wireshark's names. */
#ifndef WEFT_PROTOCOLS_WIRE_VIEW_H
#define WEFT_PROTOCOLS_WIRE_VIEW_H

#include "protocols/wire/arp.h"
#include "protocols/wire/icmp.h"
#include "protocols/wire/ipv4.h"
#include "protocols/wire/tcphdr.h"
#include "protocols/wire/udphdr.h"
#include "protocols/wire/vlan.h"
#include "sim/packet.h"

/* Layers that a frame has, whole and well-formed. */
enum view_layer {
    VIEW_FRAME = 1 << 0, /* always */
    VIEW_ETH = 1 << 1,
    VIEW_ARP = 1 << 2,
    VIEW_IP = 1 << 3,
    VIEW_ICMP = 1 << 4,
    VIEW_UDP = 1 << 5,
    VIEW_TCP = 1 << 6,
    VIEW_TCP_MSS = 1 << 7, /* and TCP options */
    VIEW_TCP_WSCALE = 1 << 8,
    VIEW_TCP_TS = 1 << 9,
    VIEW_ICMP_ECHO = 1 << 10,
    VIEW_ICMP_MTU = 1 << 11,
    VIEW_ICMP_GATEWAY = 1 << 12,
    VIEW_VLAN = 1 << 13,  /* a customer's tag */
    VIEW_SVLAN = 1 << 14, /* a provider's tag */
};

enum { VIEW_TAGS = 2, VIEW_BYTES = ETH_LEN + VIEW_TAGS * VLAN_TAG_LEN + IPV4_MAX + TCPHDR_MAX };

struct view {
    uint32_t layers;   /* enum view_layer */
    uint32_t len;      /* of the frame, without FCS */
    uint32_t data_len; /* behind the last header that was parsed */
    uint32_t transmission;
    struct eth eth;
    uint16_t vlan, svlan; /* the outermost tags of each kind */
    uint16_t type;        /* what is behind the tags */
    struct arp arp;
    struct ipv4 ip;
    struct icmp icmp;
    struct udphdr udp;
    struct tcphdr tcp;
    struct tcphdr_options options; /* of TCP */
    uint8_t sack_ok;
    uint32_t l3_at;   /* behind the Ethernet header and tags */
    uint32_t l4_at;   /* where the transport header starts */
    uint32_t n_bytes; /* of the next: as much of the frame as headers can be */
    uint8_t bytes[VIEW_BYTES];
};

/* Parses a frame.  Any bytes do; a layer that is cut short or malformed is not in `layers`. */
void view_parse(const struct packet *frame, struct view *view);

static inline bool view_is_fragment(const struct view *view)
{
    return view->layers & VIEW_IP && view->ip.frag & (IPV4_MF | IPV4_OFFSET);
}

enum view_type { VIEW_UINT, VIEW_BOOL, VIEW_IP4, VIEW_MAC };

/* A field: where in struct view it is. */
struct view_field {
    const char *name; /* Wireshark's: "tcp.flags.syn" */
    const char *doc;  /* one line */
    uint8_t type;     /* enum view_type */
    uint8_t size;     /* bytes in the struct: 1, 2 or 4; 6 for VIEW_MAC */
    uint8_t shift;
    uint16_t offset;
    uint32_t layer; /* enum view_layer: without it the field is not there */
    uint32_t mask;  /* after shifting */
};

/* Sorted by name, ended by a NULL name. Sequence numbers are raw: relative ones need a memory of
 * the connection. */
extern const struct view_field view_fields[];

/* The field of this name, or NULL. */
const struct view_field *view_field_find(const char *name);

/* The value of a number, a bool (0 or 1) or an address (host order); false if the frame has no such
 * field, or it is a MAC. */
bool view_number(const struct view *view, const struct view_field *field, uint32_t *out);

/* The value of a MAC; NULL if the frame has no such field. */
const struct eth_addr *view_mac(const struct view *view, const struct view_field *field);

#endif

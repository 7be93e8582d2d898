#include "protocols/wire/view.h"

/* ---- Parsing ------------------------------------------------------------------------------- */

static void parse_tcp(struct view *v, uint32_t at)
{
    uint32_t length = tcphdr_check(v->bytes + at, v->n_bytes - at);

    if (!length || length > v->data_len)
        return;
    tcphdr_parse(v->bytes + at, &v->tcp);
    tcphdr_options_parse(v->bytes + at + TCPHDR_LEN, length - TCPHDR_LEN, &v->options);
    v->data_len -= length;
    v->layers |= VIEW_TCP;
    if (v->options.present & TCPHAS_MSS)
        v->layers |= VIEW_TCP_MSS;
    if (v->options.present & TCPHAS_WSCALE)
        v->layers |= VIEW_TCP_WSCALE;
    if (v->options.present & TCPHAS_TS)
        v->layers |= VIEW_TCP_TS;
    v->sack_ok = (v->options.present & TCPHAS_SACK_OK) != 0;
}

static void parse_udp(struct view *v, uint32_t at)
{
    if (v->data_len < UDPHDR_LEN)
        return;
    udphdr_parse(v->bytes + at, &v->udp);
    if (v->udp.length < UDPHDR_LEN)
        return;
    v->data_len -= UDPHDR_LEN;
    v->layers |= VIEW_UDP;
}

static void parse_icmp(struct view *v, uint32_t at)
{
    if (!icmp_check(v->bytes + at, v->n_bytes - at) || v->data_len < ICMP_LEN)
        return;
    icmp_parse(v->bytes + at, &v->icmp);
    v->data_len -= ICMP_LEN;
    v->layers |= VIEW_ICMP;
    if (v->icmp.type == ICMP_ECHO || v->icmp.type == ICMP_ECHO_REPLY)
        v->layers |= VIEW_ICMP_ECHO;
    else if (v->icmp.type == ICMP_DEST_UNREACH && v->icmp.code == ICMP_FRAG_NEEDED)
        v->layers |= VIEW_ICMP_MTU;
    else if (v->icmp.type == ICMP_REDIRECT)
        v->layers |= VIEW_ICMP_GATEWAY;
}

static void parse_ip(struct view *v)
{
    const uint8_t *header = v->bytes + v->l3_at;

    if (ipv4_check(header, v->n_bytes - v->l3_at, v->len - v->l3_at) != IPV4_OK)
        return;
    ipv4_parse(header, &v->ip);
    v->layers |= VIEW_IP;
    v->data_len = (uint32_t)v->ip.length - v->ip.header_len;
    v->l4_at = v->l3_at + v->ip.header_len;
    if (v->ip.frag & IPV4_OFFSET)
        return;
    if (v->ip.proto == IP_PROTO_TCP)
        parse_tcp(v, v->l4_at);
    else if (v->ip.proto == IP_PROTO_UDP)
        parse_udp(v, v->l4_at);
    else if (v->ip.proto == IP_PROTO_ICMP)
        parse_icmp(v, v->l4_at);
}

static void parse_arp(struct view *v)
{
    if (!arp_check(v->bytes + v->l3_at, v->n_bytes - v->l3_at))
        return;
    arp_parse(v->bytes + v->l3_at, &v->arp);
    v->layers |= VIEW_ARP;
    v->data_len -= ARP_LEN;
}

/* Up to two tags; of each kind the first one counts. */
static void parse_tags(struct view *v)
{
    for (int i = 0; i < VIEW_TAGS && vlan_is_tpid(v->type); i++) {
        if (v->n_bytes < v->l3_at + VLAN_TAG_LEN)
            return;
        const struct vlan_wire *tag = (const struct vlan_wire *)(v->bytes + v->l3_at - 2);
        uint32_t layer = v->type == VLAN_TPID_S ? VIEW_SVLAN : VIEW_VLAN;
        uint16_t *tci = layer == VIEW_SVLAN ? &v->svlan : &v->vlan;
        if (!(v->layers & layer))
            *tci = get_be16(tag->tci);
        v->layers |= layer;
        v->type = get_be16(tag[1].tpid);
        v->l3_at += VLAN_TAG_LEN;
        v->data_len -= VLAN_TAG_LEN;
    }
}

void view_parse(const struct packet *frame, struct view *v)
{
    memset(v, 0, offsetof(struct view, bytes));
    v->layers = VIEW_FRAME;
    v->len = v->data_len = packet_len(frame);
    v->transmission = frame->transmission ? frame->transmission : 1;
    v->n_bytes = v->len < VIEW_BYTES ? v->len : VIEW_BYTES;
    packet_read(frame, 0, v->bytes, v->n_bytes);
    if (!eth_check(v->bytes, v->n_bytes))
        return;
    eth_parse(v->bytes, &v->eth);
    v->layers |= VIEW_ETH;
    v->data_len -= ETH_LEN;
    v->l3_at = ETH_LEN;
    v->type = v->eth.type;
    parse_tags(v);
    if (v->type == ETH_TYPE_IPV4)
        parse_ip(v);
    else if (v->type == ETH_TYPE_ARP)
        parse_arp(v);
}

/* ---- Fields -------------------------------------------------------------------------------- */

#define MEMBER(member)      sizeof(((struct view *)0)->member), 0, offsetof(struct view, member)
#define PART(member, shift) sizeof(((struct view *)0)->member), shift, offsetof(struct view, member)
#define ALL                 UINT32_MAX

/* clang-format off */
const struct view_field view_fields[] = {
    { "arp.dst.hw_mac", "target MAC address", VIEW_MAC, MEMBER(arp.target_mac), VIEW_ARP, 0 },
    { "arp.dst.proto_ipv4", "target IP address", VIEW_IP4, MEMBER(arp.target_ip), VIEW_ARP, ALL },
    { "arp.opcode", "1 request, 2 reply", VIEW_UINT, MEMBER(arp.opcode), VIEW_ARP, ALL },
    { "arp.src.hw_mac", "sender MAC address", VIEW_MAC, MEMBER(arp.sender_mac), VIEW_ARP, 0 },
    { "arp.src.proto_ipv4", "sender IP address", VIEW_IP4, MEMBER(arp.sender_ip), VIEW_ARP, ALL },
    { "eth.dst", "destination MAC address", VIEW_MAC, MEMBER(eth.dst), VIEW_ETH, 0 },
    { "eth.src", "source MAC address", VIEW_MAC, MEMBER(eth.src), VIEW_ETH, 0 },
    { "eth.type", "EtherType", VIEW_UINT, MEMBER(eth.type), VIEW_ETH, ALL },
    { "frame.len", "bytes of the frame, without FCS", VIEW_UINT, MEMBER(len), VIEW_FRAME, ALL },
    { "icmp.checksum", "ICMP checksum", VIEW_UINT, MEMBER(icmp.checksum), VIEW_ICMP, ALL },
    { "icmp.code", "ICMP code", VIEW_UINT, MEMBER(icmp.code), VIEW_ICMP, ALL },
    { "icmp.ident", "identifier of an echo", VIEW_UINT, PART(icmp.rest, 16), VIEW_ICMP_ECHO, 0xffff },
    { "icmp.mtu", "next-hop MTU", VIEW_UINT, MEMBER(icmp.rest), VIEW_ICMP_MTU, 0xffff },
    { "icmp.redir_gw", "gateway of a redirect", VIEW_IP4, MEMBER(icmp.rest), VIEW_ICMP_GATEWAY, ALL },
    { "icmp.seq", "sequence number of an echo", VIEW_UINT, MEMBER(icmp.rest), VIEW_ICMP_ECHO, 0xffff },
    { "icmp.type", "ICMP type", VIEW_UINT, MEMBER(icmp.type), VIEW_ICMP, ALL },
    { "ieee8021ad.id", "VLAN of a provider's tag", VIEW_UINT, MEMBER(svlan), VIEW_SVLAN, 0xfff },
    { "ieee8021ad.priority", "priority of a provider's tag", VIEW_UINT, PART(svlan, 13), VIEW_SVLAN, 7 },
    { "ip.checksum", "header checksum", VIEW_UINT, MEMBER(ip.checksum), VIEW_IP, ALL },
    { "ip.dsfield", "DSCP and ECN", VIEW_UINT, MEMBER(ip.tos), VIEW_IP, ALL },
    { "ip.dsfield.dscp", "differentiated services codepoint", VIEW_UINT, PART(ip.tos, 2), VIEW_IP, 0x3f },
    { "ip.dsfield.ecn", "explicit congestion notification", VIEW_UINT, MEMBER(ip.tos), VIEW_IP, 3 },
    { "ip.dst", "destination address", VIEW_IP4, MEMBER(ip.dst), VIEW_IP, ALL },
    { "ip.flags", "the three flags", VIEW_UINT, PART(ip.frag, 13), VIEW_IP, 7 },
    { "ip.flags.df", "don't fragment", VIEW_BOOL, PART(ip.frag, 14), VIEW_IP, 1 },
    { "ip.flags.mf", "more fragments", VIEW_BOOL, PART(ip.frag, 13), VIEW_IP, 1 },
    { "ip.flags.rb", "reserved bit", VIEW_BOOL, PART(ip.frag, 15), VIEW_IP, 1 },
    { "ip.frag_offset", "fragment offset, in units of 8 bytes", VIEW_UINT, MEMBER(ip.frag), VIEW_IP, 0x1fff },
    { "ip.hdr_len", "header length, bytes", VIEW_UINT, MEMBER(ip.header_len), VIEW_IP, ALL },
    { "ip.id", "identification", VIEW_UINT, MEMBER(ip.id), VIEW_IP, ALL },
    { "ip.len", "total length, bytes", VIEW_UINT, MEMBER(ip.length), VIEW_IP, ALL },
    { "ip.proto", "protocol", VIEW_UINT, MEMBER(ip.proto), VIEW_IP, ALL },
    { "ip.src", "source address", VIEW_IP4, MEMBER(ip.src), VIEW_IP, ALL },
    { "ip.ttl", "time to live", VIEW_UINT, MEMBER(ip.ttl), VIEW_IP, ALL },
    { "len", "bytes of the frame, without FCS", VIEW_UINT, MEMBER(len), VIEW_FRAME, ALL },
    { "tcp.ack_raw", "acknowledgment number", VIEW_UINT, MEMBER(tcp.ack), VIEW_TCP, ALL },
    { "tcp.checksum", "TCP checksum", VIEW_UINT, MEMBER(tcp.checksum), VIEW_TCP, ALL },
    { "tcp.dstport", "destination port", VIEW_UINT, MEMBER(tcp.dst_port), VIEW_TCP, ALL },
    { "tcp.flags", "the nine flags", VIEW_UINT, MEMBER(tcp.flags), VIEW_TCP, 0x1ff },
    { "tcp.flags.ack", "ACK", VIEW_BOOL, PART(tcp.flags, 4), VIEW_TCP, 1 },
    { "tcp.flags.ae", "accurate ECN", VIEW_BOOL, PART(tcp.flags, 8), VIEW_TCP, 1 },
    { "tcp.flags.cwr", "congestion window reduced", VIEW_BOOL, PART(tcp.flags, 7), VIEW_TCP, 1 },
    { "tcp.flags.ece", "ECN echo", VIEW_BOOL, PART(tcp.flags, 6), VIEW_TCP, 1 },
    { "tcp.flags.fin", "FIN", VIEW_BOOL, MEMBER(tcp.flags), VIEW_TCP, 1 },
    { "tcp.flags.push", "PSH", VIEW_BOOL, PART(tcp.flags, 3), VIEW_TCP, 1 },
    { "tcp.flags.reset", "RST", VIEW_BOOL, PART(tcp.flags, 2), VIEW_TCP, 1 },
    { "tcp.flags.syn", "SYN", VIEW_BOOL, PART(tcp.flags, 1), VIEW_TCP, 1 },
    { "tcp.flags.urg", "URG", VIEW_BOOL, PART(tcp.flags, 5), VIEW_TCP, 1 },
    { "tcp.hdr_len", "header length, bytes", VIEW_UINT, MEMBER(tcp.length), VIEW_TCP, ALL },
    { "tcp.len", "bytes of data", VIEW_UINT, MEMBER(data_len), VIEW_TCP, ALL },
    { "tcp.options.mss_val", "maximum segment size", VIEW_UINT, MEMBER(options.mss), VIEW_TCP_MSS, ALL },
    { "tcp.options.sack.count", "SACK blocks", VIEW_UINT, MEMBER(options.n_sacks), VIEW_TCP, ALL },
    { "tcp.options.sack_perm", "SACK permitted", VIEW_BOOL, MEMBER(sack_ok), VIEW_TCP, 1 },
    { "tcp.options.timestamp.tsecr", "timestamp echoed", VIEW_UINT, MEMBER(options.tsecr), VIEW_TCP_TS, ALL },
    { "tcp.options.timestamp.tsval", "timestamp", VIEW_UINT, MEMBER(options.tsval), VIEW_TCP_TS, ALL },
    { "tcp.options.wscale.shift", "window scale", VIEW_UINT, MEMBER(options.wscale), VIEW_TCP_WSCALE, ALL },
    { "tcp.seq_raw", "sequence number", VIEW_UINT, MEMBER(tcp.seq), VIEW_TCP, ALL },
    { "tcp.srcport", "source port", VIEW_UINT, MEMBER(tcp.src_port), VIEW_TCP, ALL },
    { "tcp.urgent_pointer", "urgent pointer", VIEW_UINT, MEMBER(tcp.urgent), VIEW_TCP, ALL },
    { "tcp.window_size_value", "window, not scaled", VIEW_UINT, MEMBER(tcp.window), VIEW_TCP, ALL },
    { "transmission", "1: the data's first sending", VIEW_UINT, MEMBER(transmission), VIEW_FRAME, ALL },
    { "udp.checksum", "UDP checksum", VIEW_UINT, MEMBER(udp.checksum), VIEW_UDP, ALL },
    { "udp.dstport", "destination port", VIEW_UINT, MEMBER(udp.dst_port), VIEW_UDP, ALL },
    { "udp.length", "header and data, bytes", VIEW_UINT, MEMBER(udp.length), VIEW_UDP, ALL },
    { "udp.srcport", "source port", VIEW_UINT, MEMBER(udp.src_port), VIEW_UDP, ALL },
    { "vlan.id", "VLAN of the tag", VIEW_UINT, MEMBER(vlan), VIEW_VLAN, 0xfff },
    { "vlan.priority", "priority of the tag", VIEW_UINT, PART(vlan, 13), VIEW_VLAN, 7 },
    { .name = NULL },
};
/* clang-format on */

const struct view_field *view_field_find(const char *name)
{
    size_t low = 0, high = sizeof view_fields / sizeof view_fields[0] - 1;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, view_fields[middle].name);
        if (order == 0)
            return &view_fields[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool view_number(const struct view *view, const struct view_field *field, uint32_t *out)
{
    const void *at = (const char *)view + field->offset;
    uint32_t value;

    if (!(view->layers & field->layer) || field->type == VIEW_MAC)
        return false;
    if (field->size == 1)
        value = *(const uint8_t *)at;
    else if (field->size == 2)
        value = *(const uint16_t *)at;
    else
        value = *(const uint32_t *)at;
    *out = value >> field->shift & field->mask;
    return true;
}

const struct eth_addr *view_mac(const struct view *view, const struct view_field *field)
{
    if (!(view->layers & field->layer) || field->type != VIEW_MAC)
        return NULL;
    return (const struct eth_addr *)((const char *)view + field->offset);
}

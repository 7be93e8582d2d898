#include "protocols/wire/format.h"

#include "protocols/ip/addr.h"
#include "protocols/l2/stp.h"

static const char *ip_text(ip4 addr, char *buf)
{
    return ip4_format(addr, buf);
}

/* "10.0.0.1 > 10.0.0.2", with ports if they are known. */
static void format_ends(GString *out, const struct view *v)
{
    char src[IP_ADDR_TEXT], dst[IP_ADDR_TEXT];
    bool tcp = v->layers & VIEW_TCP, udp = v->layers & VIEW_UDP;

    ip_text(v->ip.src, src);
    ip_text(v->ip.dst, dst);
    if (tcp || udp)
        g_string_append_printf(out, "IP %s.%u > %s.%u: ", src,
                               tcp ? v->tcp.src_port : v->udp.src_port, dst,
                               tcp ? v->tcp.dst_port : v->udp.dst_port);
    else
        g_string_append_printf(out, "IP %s > %s: ", src, dst);
}

/* ---- TCP ----------------------------------------------------------------------------------- */

static void format_flags(GString *out, uint16_t flags)
{
    static const struct {
        uint16_t flag;
        char letter;
    } letters[] = { { TH_FIN, 'F' }, { TH_SYN, 'S' }, { TH_RST, 'R' },
                    { TH_PSH, 'P' }, { TH_ACK, '.' }, { TH_URG, 'U' },
                    { TH_ECE, 'E' }, { TH_CWR, 'W' }, { TH_AE, 'e' } };

    g_string_append(out, "Flags [");
    if (flags == 0)
        g_string_append(out, "none");
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (flags & letters[i].flag)
            g_string_append_c(out, letters[i].letter);
    g_string_append_c(out, ']');
}

static uint32_t read32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void format_hex(GString *out, const uint8_t *bytes, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        g_string_append_printf(out, "%02x", bytes[i]);
}

static void format_sacks(GString *out, const struct tcphdr_item *item, uint32_t base)
{
    uint32_t n = (item->length - 2u) / 8;

    g_string_append_printf(out, "sack %u ", n);
    for (uint32_t i = 0; i < n; i++)
        g_string_append_printf(out, "{%u:%u}", read32(item->value + 8 * i) - base,
                               read32(item->value + 8 * i + 4) - base);
}

static void format_unknown(GString *out, const struct tcphdr_item *item)
{
    g_string_append_printf(out, "unknown-%u", item->kind);
    if (item->length > 2)
        g_string_append(out, " 0x");
    format_hex(out, item->value, item->length > 2 ? item->length - 2u : 0);
}

static void format_cookie(GString *out, const struct tcphdr_item *item)
{
    if (item->length == 2) {
        g_string_append(out, "tfo cookiereq");
        return;
    }
    g_string_append(out, "tfo cookie ");
    format_hex(out, item->value, item->length - 2u);
}

/* One whose length is right for its kind; `base` is what SACK blocks are relative to. */
static void format_option(GString *out, const struct tcphdr_item *item, uint32_t base)
{
    const uint8_t *value = item->value;

    switch (item->kind << 8 | item->length) {
    case TCPOPT_EOL << 8 | 1:
        g_string_append(out, "eol");
        return;
    case TCPOPT_NOP << 8 | 1:
        g_string_append(out, "nop");
        return;
    case TCPOPT_MSS << 8 | 4:
        g_string_append_printf(out, "mss %u", (unsigned)(value[0] << 8 | value[1]));
        return;
    case TCPOPT_WSCALE << 8 | 3:
        g_string_append_printf(out, "wscale %u", value[0]);
        return;
    case TCPOPT_SACK_OK << 8 | 2:
        g_string_append(out, "sackOK");
        return;
    case TCPOPT_TS << 8 | 10:
        g_string_append_printf(out, "TS val %u ecr %u", read32(value), read32(value + 4));
        return;
    default:
        break;
    }
    if (item->kind == TCPOPT_SACK && item->length > 2 && item->length % 8 == 2)
        format_sacks(out, item, base);
    else if (item->kind == TCPOPT_TFO)
        format_cookie(out, item);
    else
        format_unknown(out, item);
}

static void format_options(GString *out, const struct view *v, uint32_t base)
{
    const uint8_t *options = v->bytes + v->l4_at + TCPHDR_LEN;
    uint32_t at = 0, length = v->tcp.length - TCPHDR_LEN;
    struct tcphdr_item item;
    const char *separator = ", options [";

    if (length == 0)
        return;
    while (tcphdr_option_next(options, length, &at, &item)) {
        g_string_append(out, separator);
        format_option(out, &item, base);
        separator = ",";
        if (item.kind == TCPOPT_EOL) {
            at = length;
            break;
        }
    }
    if (at < length)
        g_string_append_printf(out, "%s[bad opt]", separator);
    g_string_append_c(out, ']');
}

static void format_tcp(GString *out, const struct view *v, const struct format_base *base)
{
    const struct tcphdr *h = &v->tcp;
    uint32_t seq = h->seq - (base ? base->seq : 0), first_ack = base ? base->ack : 0;

    format_flags(out, h->flags);
    if (v->data_len > 0)
        g_string_append_printf(out, ", seq %u:%u", seq, seq + v->data_len);
    else if (h->flags & (TH_SYN | TH_FIN | TH_RST))
        g_string_append_printf(out, ", seq %u", seq);
    if (h->flags & TH_ACK)
        g_string_append_printf(out, ", ack %u", h->ack - first_ack);
    g_string_append_printf(out, ", win %u", h->window);
    if (h->flags & TH_URG)
        g_string_append_printf(out, ", urg %u", h->urgent);
    format_options(out, v, first_ack);
    g_string_append_printf(out, ", length %u", v->data_len);
}

/* ---- ICMP ---------------------------------------------------------------------------------- */

/* The datagram that an error quotes. */
struct quoted {
    struct ipv4 ip;
    uint16_t dst_port;
    bool ports;
};

static bool quote_parse(const struct view *v, struct quoted *q)
{
    uint32_t at = v->l4_at + ICMP_LEN;
    const uint8_t *header = v->bytes + at;

    if (v->n_bytes < at + IPV4_LEN || v->data_len < IPV4_LEN)
        return false;
    ipv4_parse(header, &q->ip);
    if (q->ip.header_len < IPV4_LEN)
        return false;
    q->ports = (q->ip.proto == IP_PROTO_TCP || q->ip.proto == IP_PROTO_UDP) &&
               v->n_bytes >= at + q->ip.header_len + 4;
    if (q->ports)
        q->dst_port = (uint16_t)(header[q->ip.header_len + 2] << 8 | header[q->ip.header_len + 3]);
    return true;
}

static void format_unreach(GString *out, const struct view *v, const struct quoted *q)
{
    char dst[IP_ADDR_TEXT];

    ip_text(q->ip.dst, dst);
    switch (v->icmp.code) {
    case ICMP_NET_UNREACH:
        g_string_append_printf(out, "net %s unreachable", dst);
        return;
    case ICMP_HOST_UNREACH:
        g_string_append_printf(out, "host %s unreachable", dst);
        return;
    case ICMP_PROTO_UNREACH:
        g_string_append_printf(out, "%s protocol %u unreachable", dst, q->ip.proto);
        return;
    case ICMP_PORT_UNREACH:
        if (q->ports)
            g_string_append_printf(out, "%s %s port %u unreachable", dst,
                                   q->ip.proto == IP_PROTO_TCP ? "tcp" : "udp", q->dst_port);
        else
            g_string_append_printf(out, "%s port unreachable", dst);
        return;
    case ICMP_FRAG_NEEDED:
        g_string_append_printf(out, "%s unreachable - need to frag (mtu %u)", dst,
                               v->icmp.rest & 0xffff);
        return;
    case ICMP_FILTERED:
        g_string_append_printf(out, "host %s unreachable - admin prohibited filter", dst);
        return;
    default:
        g_string_append_printf(out, "%s unreachable - code %u", dst, v->icmp.code);
    }
}

static void format_redirect(GString *out, const struct view *v, const struct quoted *q)
{
    char dst[IP_ADDR_TEXT], gateway[IP_ADDR_TEXT];

    g_string_append_printf(out, "redirect %s to %s %s", ip_text(q->ip.dst, dst),
                           v->icmp.code == ICMP_REDIRECT_NET ? "net" : "host",
                           ip_text(v->icmp.rest, gateway));
}

static void format_icmp_error(GString *out, const struct view *v)
{
    struct quoted q;

    if (v->icmp.type == ICMP_TIME_EXCEEDED && v->icmp.code == ICMP_TTL_EXCEEDED)
        g_string_append(out, "time exceeded in-transit");
    else if (v->icmp.type == ICMP_TIME_EXCEEDED)
        g_string_append(out, "ip reassembly time exceeded");
    else if (v->icmp.type == ICMP_PARAMETER_PROBLEM)
        g_string_append_printf(out, "parameter problem - octet %u", v->icmp.rest >> 24);
    else if (!quote_parse(v, &q))
        g_string_append_printf(out, "type-%u code-%u", v->icmp.type, v->icmp.code);
    else if (v->icmp.type == ICMP_DEST_UNREACH)
        format_unreach(out, v, &q);
    else if (v->icmp.type == ICMP_REDIRECT)
        format_redirect(out, v, &q);
    else
        g_string_append_printf(out, "type-%u code-%u", v->icmp.type, v->icmp.code);
}

static void format_icmp(GString *out, const struct view *v)
{
    const char *kind = v->icmp.type == ICMP_ECHO ? "request" : "reply";

    g_string_append(out, "ICMP ");
    if (v->layers & VIEW_ICMP_ECHO)
        g_string_append_printf(out, "echo %s, id %u, seq %u", kind, icmp_echo_id(&v->icmp),
                               icmp_echo_seq(&v->icmp));
    else
        format_icmp_error(out, v);
    g_string_append_printf(out, ", length %u", v->data_len + ICMP_LEN);
}

/* ---- The rest ------------------------------------------------------------------------------ */

static void format_other(GString *out, const struct view *v)
{
    static const char *const cut[] = {
        [IP_PROTO_ICMP] = "icmp", [IP_PROTO_TCP] = "tcp", [IP_PROTO_UDP] = "udp"
    };
    const char *name = v->ip.proto < sizeof cut / sizeof cut[0] ? cut[v->ip.proto] : NULL;

    if (v->ip.frag & IPV4_OFFSET && name)
        g_string_append(out, name);
    else if (name)
        g_string_append_printf(out, "[|%s]", name);
    else
        g_string_append_printf(out, "ip-proto-%u, length %u", v->ip.proto, v->data_len);
}

static void format_ip(GString *out, const struct view *v, const struct format_base *base)
{
    format_ends(out, v);
    if (v->layers & VIEW_TCP)
        format_tcp(out, v, base);
    else if (v->layers & VIEW_UDP)
        g_string_append_printf(out, "UDP, length %u", v->udp.length - UDPHDR_LEN);
    else if (v->layers & VIEW_ICMP)
        format_icmp(out, v);
    else
        format_other(out, v);
    if (view_is_fragment(v))
        g_string_append_printf(out, " (frag %u:%u@%u%s)", v->ip.id,
                               (unsigned)(v->ip.length - v->ip.header_len),
                               (v->ip.frag & IPV4_OFFSET) * 8u, v->ip.frag & IPV4_MF ? "+" : "");
}

static void format_arp(GString *out, const struct view *v)
{
    char sender[IP_ADDR_TEXT], target[IP_ADDR_TEXT], mac[ETH_ADDR_TEXT];

    ip_text(v->arp.sender_ip, sender);
    ip_text(v->arp.target_ip, target);
    if (v->arp.opcode == ARP_REQUEST)
        g_string_append_printf(out, "ARP, Request who-has %s tell %s", target, sender);
    else if (v->arp.opcode == ARP_REPLY)
        g_string_append_printf(out, "ARP, Reply %s is-at %s", sender,
                               eth_addr_format(&v->arp.sender_mac, mac));
    else
        g_string_append_printf(out, "ARP, opcode %u", v->arp.opcode);
    g_string_append_printf(out, ", length %u", v->data_len + ARP_LEN);
}

/* ---- Spanning tree ------------------------------------------------------------------------- */

static void format_bpdu_flags(GString *out, const struct bpdu *b)
{
    static const struct {
        uint8_t flag;
        const char *name;
    } flags[] = { { BPDU_TC, "Topology change" },  { BPDU_PROPOSAL, "Proposal" },
                  { BPDU_LEARNING, "Learn" },      { BPDU_FORWARDING, "Forward" },
                  { BPDU_AGREEMENT, "Agreement" }, { BPDU_TC_ACK, "Topology change ACK" } };
    const char *separator = "";

    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
        if (b->flags & flags[i].flag) {
            g_string_append_printf(out, "%s%s", separator, flags[i].name);
            separator = ", ";
        }
    if (!*separator)
        g_string_append(out, "none");
}

/* False if the frame is none to bridges, or cut short. */
static bool format_bpdu(GString *out, const struct view *v)
{
    const uint8_t *llc = v->bytes + ETH_LEN, *start = llc + BPDU_LLC_LEN;
    uint32_t length = v->eth.type - (uint32_t)BPDU_LLC_LEN;
    char id[STP_ID_TEXT];
    struct bpdu b;

    if (v->eth.type < BPDU_LLC_LEN + BPDU_TCN_LEN || v->eth.type >= ETH_TYPE_MIN ||
        v->n_bytes < ETH_LEN + BPDU_LLC_LEN + MIN(length, (uint32_t)BPDU_RST_LEN) ||
        memcmp(llc, "\x42\x42\x03", BPDU_LLC_LEN) != 0 || bpdu_check(start, length) != BPDU_OK)
        return false;
    bpdu_parse(start, &b);
    if (b.type == BPDU_TCN) {
        g_string_append(out, "STP 802.1d, Topology Change");
        return true;
    }
    g_string_append(out, b.type == BPDU_RST ? "STP 802.1w, Rapid STP, Flags ["
                                            : "STP 802.1d, Config, Flags [");
    format_bpdu_flags(out, &b);
    g_string_append_printf(out, "], bridge-id %s.%04x, length %u",
                           stp_id_format(b.vector.bridge, id), b.vector.port, length);
    return true;
}

void format_view(GString *out, const struct view *v, const struct format_base *base)
{
    if (v->layers & VIEW_SVLAN)
        g_string_append_printf(out, "vlan %u (0x88a8), ", vlan_vid(v->svlan));
    if (v->layers & VIEW_VLAN)
        g_string_append_printf(out, "vlan %u, ", vlan_vid(v->vlan));
    if (v->layers & VIEW_IP)
        format_ip(out, v, base);
    else if (v->layers & VIEW_ARP)
        format_arp(out, v);
    else if (!(v->layers & VIEW_ETH))
        g_string_append(out, "[|ether]");
    else if (v->type == ETH_TYPE_IPV4 || v->type == ETH_TYPE_ARP)
        g_string_append(out, v->type == ETH_TYPE_IPV4 ? "[|ip]" : "[|arp]");
    else if (!format_bpdu(out, v))
        g_string_append_printf(out, "ethertype 0x%04x, length %u", v->type, v->len);
}

void format_frame(GString *out, const struct packet *frame, const struct format_base *base)
{
    struct view view;

    view_parse(frame, &view);
    format_view(out, &view, base);
}

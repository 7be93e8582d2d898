/* The packet's sender knows the first sequence number: the connection at the source address is
 * asked, and its answer is kept for packets that outlive it. */
#include "scenarios/results/relseq.h"

#include "protocols/wire/eth.h"
#include "protocols/wire/ipv4.h"
#include "protocols/wire/tcphdr.h"
#include "sim/hash.h"

enum { ICMP_ECHO_LEN = 8 };

struct relseq {
    struct network *net;
    GHashTable *first; /* struct direction -> itself */
};

struct direction {
    uint32_t src, dst;
    uint16_t src_port, dst_port;
    uint32_t first; /* sequence number of the SYN */
};

static guint direction_hash(gconstpointer key)
{
    return (guint)hash_bytes(key, offsetof(struct direction, first), 0);
}

static gboolean direction_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, offsetof(struct direction, first)) == 0;
}

struct relseq *relseq_new(struct network *net)
{
    struct relseq *relseq = g_new(struct relseq, 1);

    relseq->net = net;
    relseq->first = g_hash_table_new_full(direction_hash, direction_equal, g_free, NULL);
    return relseq;
}

void relseq_free(struct relseq *relseq)
{
    g_hash_table_destroy(relseq->first);
    g_free(relseq);
}

/* ---- Headers --------------------------------------------------------------------------------- */

/* The IPv4 header, and how many header bytes there are from it on; NULL if it has none. */
static const uint8_t *ipv4_of(const struct packet *packet, uint32_t *have)
{
    uint32_t at = packet->l3;

    if (at == 0) {
        const uint8_t *eth = packet->buf + packet->head;
        if (packet_header_len(packet) < ETH_LEN || eth[12] != 8 || eth[13] != 0)
            return NULL;
        at = packet->head + ETH_LEN;
    }
    if (at + IPV4_LEN > packet->tail)
        return NULL;
    *have = packet->tail - at;
    return packet->buf + at;
}

/* The transport header of the first fragment; NULL if there is none. */
static const uint8_t *transport_of(const uint8_t *ip, struct ipv4 *h, uint32_t *have)
{
    ipv4_parse(ip, h);
    if ((h->frag & IPV4_OFFSET) != 0 || h->header_len < IPV4_LEN || h->header_len > *have)
        return NULL;
    *have -= h->header_len;
    return ip + h->header_len;
}

/* ---- TCP ------------------------------------------------------------------------------------- */

static bool ask_sender(const struct relseq *relseq, struct direction *d)
{
    struct ip_addr src = ip_addr_of_v4(d->src), dst = ip_addr_of_v4(d->dst);
    struct iface *iface = network_iface_of(relseq->net, &src);

    return iface && iface->node->tcp &&
           tcp_initial_seq(iface->node->tcp, &src, d->src_port, &dst, d->dst_port, &d->first);
}

/* A SYN is the first of its direction, whatever was there before. */
static bool find_first(struct relseq *relseq, const uint32_t *syn, struct direction *d)
{
    const struct direction *known = g_hash_table_lookup(relseq->first, d);

    if (syn)
        d->first = *syn;
    else if (!ask_sender(relseq, d)) {
        if (known)
            d->first = known->first;
        return known != NULL;
    }
    if (!known || known->first != d->first) {
        struct direction *copy = g_memdup2(d, sizeof *d);
        g_hash_table_replace(relseq->first, copy, copy);
    }
    return true;
}

static bool tcp_first(struct relseq *relseq, const struct ipv4 *ip, const struct tcphdr *tcp,
                      uint32_t *first)
{
    struct direction d = { ip->src, ip->dst, tcp->src_port, tcp->dst_port, 0 };
    bool found = find_first(relseq, tcp->flags & TH_SYN ? &tcp->seq : NULL, &d);

    *first = d.first;
    return found;
}

/* Of the segments that come the other way. */
static bool tcp_first_back(struct relseq *relseq, const struct ipv4 *ip, const struct tcphdr *tcp,
                           uint32_t *first)
{
    struct direction d = { ip->dst, ip->src, tcp->dst_port, tcp->src_port, 0 };
    bool found = find_first(relseq, NULL, &d);

    *first = d.first;
    return found;
}

static bool is_echo(const uint8_t *icmp, uint32_t have)
{
    return have >= ICMP_ECHO_LEN && (icmp[0] == 0 || icmp[0] == 8);
}

/* The TCP header of the packet; false if it has none. */
static bool tcp_of(const struct packet *packet, struct ipv4 *ip, struct tcphdr *tcp)
{
    uint32_t have;
    const uint8_t *header = ipv4_of(packet, &have);

    header = header ? transport_of(header, ip, &have) : NULL;
    if (!header || ip->proto != IP_PROTO_TCP || have < TCPHDR_LEN)
        return false;
    tcphdr_parse(header, tcp);
    return true;
}

bool relseq_firsts(struct relseq *relseq, const struct packet *packet, uint32_t *seq, uint32_t *ack)
{
    struct ipv4 ip;
    struct tcphdr tcp;

    *ack = 0;
    if (!tcp_of(packet, &ip, &tcp) || !tcp_first(relseq, &ip, &tcp, seq))
        return false;
    if (tcp.flags & TH_ACK)
        tcp_first_back(relseq, &ip, &tcp, ack);
    return true;
}

static bool echo_seq(const struct packet *packet, uint32_t *seq)
{
    struct ipv4 ip;
    uint32_t have;
    const uint8_t *header = ipv4_of(packet, &have);

    header = header ? transport_of(header, &ip, &have) : NULL;
    if (!header || ip.proto != IP_PROTO_ICMP || !is_echo(header, have))
        return false;
    *seq = (uint32_t)(header[6] << 8 | header[7]);
    return true;
}

bool relseq_of(struct relseq *relseq, const struct packet *packet, uint32_t *seq)
{
    struct ipv4 ip;
    struct tcphdr tcp;
    uint32_t first;

    if (!tcp_of(packet, &ip, &tcp))
        return echo_seq(packet, seq);
    if (!tcp_first(relseq, &ip, &tcp, &first))
        return false;
    *seq = tcp.seq - first;
    return true;
}

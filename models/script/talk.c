#include "models/script/talk.h"

#include "protocols/wire/checksum.h"
#include "protocols/wire/icmp.h"
#include "sim/blob.h"

/* Nothing takes time between host and peer, or hardly anything. */
#define TALK_RATE 1000000000000u

/* The line with this port of the peer's, or NULL. */
static struct line *find_line(const struct talk *talk, uint16_t peer_port)
{
    for (guint i = 0; i < talk->lines->len; i++) {
        struct line *line = talk->lines->pdata[i];
        if (line->peer_port == peer_port)
            return line;
    }
    return NULL;
}

static void line_free(gpointer data)
{
    struct line *line = data;

    g_array_free(line->heard, TRUE);
    g_free(line);
}

void talk_switch(struct talk *talk, uint16_t peer_port)
{
    talk->line = find_line(talk, peer_port);
    if (talk->line)
        return;
    talk->line = g_new0(struct line, 1);
    talk->line->heard = g_array_new(FALSE, FALSE, sizeof(struct heard));
    talk->line->host_port = TALK_PORT;
    talk->line->peer_port = peer_port;
    talk->line->map.remote_iss = 0x20000000;
    g_ptr_array_add(talk->lines, talk->line);
}

/* The host's own SYN begins a conversation at the present line. */
static struct line *line_of(const struct talk *talk, const struct tcphdr *h)
{
    struct line *line = find_line(talk, h->dst_port);

    if (!line)
        line = talk->line;
    if (h->flags & TH_SYN) {
        line->map.local_iss = h->seq;
        line->host_port = h->src_port;
        line->peer_port = h->dst_port;
    }
    return line;
}

static void hear(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    struct talk *talk = container_of(l4, struct talk, l4);
    struct heard heard = { .at = talk->net->sim->now };
    uint32_t doff = 0;

    if (packet_need(packet, TCPHDR_LEN))
        doff = tcphdr_check(packet_data(packet), packet_len(packet));
    if (doff && packet_need(packet, doff)) {
        struct segment *s = &heard.segment;
        struct tcphdr h;
        tcphdr_parse(packet_data(packet), &h);
        s->flags = h.flags;
        s->seq = h.seq;
        s->ack = h.ack;
        s->length = packet_len(packet) - doff;
        s->window = h.window;
        s->urgent = h.urgent;
        s->ecn = rx->tos & 3;
        s->options_len = (uint8_t)(doff - TCPHDR_LEN);
        memcpy(s->options, packet_data(packet) + TCPHDR_LEN, s->options_len);
        heard.ident = get_be16(ipv4_at(packet->buf + packet->l3)->id);
        heard.src_port = h.src_port;
        heard.dst_port = h.dst_port;
        g_array_append_val(line_of(talk, &h)->heard, heard);
        sim_stop(talk->net->sim);
    }
    packet_delivered(packet);
}

static bool hear_error(struct ip_l4 *l4, uint8_t type, uint8_t code, uint32_t info,
                       const uint8_t *quote, uint32_t quote_len, const struct ip_rx *rx)
{
    return true;
}

struct talk *talk_new(struct network *net, struct node *host, GError **error)
{
    struct node *peer = network_add_node(net, "peer", NODE_HOST, error);
    struct link *link = peer ? network_add_link(net, host, peer, NULL, error) : NULL;

    if (!link)
        return NULL;
    node_tcp(host)->small_queues = false; /* what is sent is off the host at once, as with TUN */
    link_set_rate(&link->a->tx, TALK_RATE);
    link_set_rate(&link->b->tx, TALK_RATE);
    struct talk *talk = g_new0(struct talk, 1);
    talk->net = net;
    talk->host = host;
    talk->link = link;
    talk->peer = peer;
    talk->l4 = (struct ip_l4){ .input = hear, .error = hear_error };
    talk->lines = g_ptr_array_new_with_free_func(line_free);
    talk_switch(talk, TALK_PEER_PORT);
    ip_register(&peer->ip, IP_PROTO_TCP, &talk->l4);
    return talk;
}

void talk_free(struct talk *talk)
{
    g_ptr_array_free(talk->lines, TRUE);
    g_free(talk);
}

void talk_limit(struct talk *talk, uint64_t rate_bps)
{
    link_set_rate(&talk->link->a->tx, rate_bps);
    node_tcp(talk->host)->small_queues = true;
}

static void addresses(const struct talk *talk, struct ip_tx *tx)
{
    node_address(talk->peer, &tx->src);
    node_address(talk->host, &tx->dst);
}

void talk_send(struct talk *talk, const struct segment *s)
{
    struct packet *packet = packet_new(talk->net->sim);
    const struct line *line = talk->line;
    uint32_t length = TCPHDR_LEN + s->options_len;
    struct tcphdr h = { .src_port = line->peer_port,
                        .dst_port = line->host_port,
                        .seq = line->map.remote_iss + s->seq,
                        .ack = s->flags & TH_ACK ? line->map.local_iss + s->ack : 0,
                        .flags = s->flags,
                        .window = (uint16_t)(s->window < 0 ? 0 : s->window),
                        .urgent = s->urgent,
                        .length = (uint8_t)length };
    struct ip_tx tx = { .proto = IP_PROTO_TCP, .df = IP_DF_SET };
    uint8_t *at = packet_push(packet, length);

    tcphdr_emit(at, &h);
    memcpy(at + TCPHDR_LEN, s->options, s->options_len);
    packet->l4 = (uint8_t)packet->head;
    packet->flags |= PACKET_CSUM_PENDING;
    if (s->length > 0)
        packet_set_payload(packet, &blob_pattern, s->seq + s->length, s->length);
    tx.tos = s->ecn > 0 ? (uint8_t)s->ecn : 0;
    addresses(talk, &tx);
    ip_send(&talk->peer->ip, packet, &tx, NULL);
}

/* The header of the host's segment at `seq`, as far as errors quote it. */
static void quote_segment(const struct talk *talk, uint32_t seq, struct packet *packet)
{
    struct tcphdr h = { .src_port = talk->line->host_port,
                        .dst_port = talk->line->peer_port,
                        .seq = talk->line->map.local_iss + seq,
                        .flags = TH_ACK,
                        .length = TCPHDR_LEN };
    struct ipv4 ip = {
        .header_len = IPV4_LEN, .length = IPV4_LEN + TCPHDR_LEN, .ttl = 64, .proto = IP_PROTO_TCP
    };
    struct ip_tx tx;

    addresses(talk, &tx);
    ip.src = ip_addr_v4(&tx.dst);
    ip.dst = ip_addr_v4(&tx.src);
    tcphdr_emit(packet_push(packet, TCPHDR_LEN), &h);
    ipv4_emit(packet_push(packet, IPV4_LEN), &ip);
    ipv4_finish(packet_data(packet));
}

void talk_icmp(struct talk *talk, uint8_t type, uint8_t code, uint32_t info, uint32_t seq)
{
    struct packet *packet = packet_new(talk->net->sim);
    struct icmp h = { .type = type, .code = code, .rest = info };
    struct ip_tx tx = { .proto = IP_PROTO_ICMP };

    quote_segment(talk, seq, packet);
    uint8_t *at = packet_push(packet, ICMP_LEN);
    icmp_emit(at, &h);
    h.checksum = (uint16_t)~checksum_fold(checksum_packet(packet, 0, packet_len(packet)));
    icmp_emit(at, &h);
    addresses(talk, &tx);
    ip_send(&talk->peer->ip, packet, &tx, NULL);
}

const struct heard *talk_next(struct talk *talk)
{
    const struct line *line = talk->line;

    return line->next < line->heard->len ? &g_array_index(line->heard, struct heard, line->next)
                                         : NULL;
}

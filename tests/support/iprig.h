/* IP stacks without hosts or links: each interface either keeps the frames it transmits for the
 * test to look at, or is wired to another one, where they arrive after a delay. */
#ifndef WEFT_TESTS_SUPPORT_IPRIG_H
#define WEFT_TESTS_SUPPORT_IPRIG_H

#include <check.h>

#include "protocols/ip/icmp.h"
#include "protocols/ip/neigh.h"
#include "protocols/ip/state.h"
#include "protocols/wire/arp.h"
#include "protocols/wire/checksum.h"
#include "protocols/wire/udphdr.h"
#include "tests/support/leaks.h"

enum { RIG_NODES = 4, RIG_IFACES = 4, RIG_FRAMES = 512 };

struct rig_iface {
    struct ip_iface ip;
    struct rig_iface *peer; /* NULL: frames are kept */
    sim_time delay;
    struct packet_fifo wire;
    struct event arrival;
    struct packet *kept[RIG_FRAMES];
    sim_time kept_at[RIG_FRAMES];
    unsigned n_kept;
    bool silent; /* loses all frames */
};

struct rig_node {
    struct ip_stack ip;
    struct actor actor;
    struct drops drops;
    char name[8];
    struct rig_iface ifaces[RIG_IFACES];
    unsigned n_ifaces;
    void *user; /* the test's */
};

struct rig {
    struct sim *sim;
    struct rig_node nodes[RIG_NODES];
    unsigned n_nodes;
};

#define IP4(a, b, c, d) ((ip4)(a) << 24 | (ip4)(b) << 16 | (ip4)(c) << 8 | (ip4)(d))

static inline void rig_arrive(struct sim *sim, struct event *ev)
{
    struct rig_iface *to = container_of(ev, struct rig_iface, arrival);
    struct packet *frame = packet_fifo_pop(&to->wire);

    if (to->wire.first)
        event_schedule(sim, ev, to->wire.first->when, to->ip.ip->actor);
    ip_iface_input(&to->ip, frame);
}

static inline enum xmit rig_transmit(struct ip_iface *iface, struct packet *frame)
{
    struct rig_iface *from = container_of(iface, struct rig_iface, ip);
    struct sim *sim = iface->ip->sim;

    if (from->silent) {
        packet_consumed(frame);
    } else if (from->peer) {
        frame->when = sim->now + from->delay;
        packet_fifo_push(&from->peer->wire, frame);
        if (!event_pending(&from->peer->arrival))
            event_schedule(sim, &from->peer->arrival, frame->when, iface->ip->actor);
    } else {
        ck_assert_uint_lt(from->n_kept, RIG_FRAMES);
        from->kept_at[from->n_kept] = sim->now;
        from->kept[from->n_kept++] = frame;
    }
    return XMIT_SENT;
}

static const struct ip_iface_ops rig_ops = { .transmit = rig_transmit };

static inline void rig_init(struct rig *rig, uint64_t seed)
{
    memset(rig, 0, sizeof *rig);
    rig->sim = sim_new(seed);
}

static inline struct rig_node *rig_node(struct rig *rig)
{
    struct rig_node *node = &rig->nodes[rig->n_nodes];

    g_snprintf(node->name, sizeof node->name, "n%u", ++rig->n_nodes);
    node->drops.name = node->name;
    actor_init(&node->actor, rig->sim, node->name);
    ip_stack_init(&node->ip, rig->sim, node->name, &node->actor, &node->drops);
    return node;
}

/* MACs are 02:00:00:00:<node>:<interface>. */
static inline struct eth_addr rig_mac(unsigned node, unsigned iface)
{
    return (struct eth_addr){ { 2, 0, 0, 0, (uint8_t)node, (uint8_t)iface } };
}

static inline struct rig_iface *rig_iface(struct rig *rig, struct rig_node *node, ip4 addr,
                                          int length)
{
    struct rig_iface *iface = &node->ifaces[node->n_ifaces++];
    char name[8];

    g_snprintf(name, sizeof name, "eth%u", node->n_ifaces);
    ip_iface_init(&iface->ip, &node->ip, name,
                  rig_mac((unsigned)(node - rig->nodes) + 1, node->n_ifaces), &rig_ops,
                  &node->drops);
    packet_fifo_init(&iface->wire);
    event_init(&iface->arrival, rig_arrive);
    if (addr)
        ck_assert_int_eq(ip_iface_add_address(&iface->ip, addr, length), 0);
    return iface;
}

static inline void rig_wire(struct rig_iface *a, struct rig_iface *b, sim_time delay)
{
    a->peer = b;
    b->peer = a;
    a->delay = b->delay = delay;
}

/* Forgets the frames an interface kept. */
static inline void rig_clear(struct rig_iface *iface)
{
    while (iface->n_kept > 0)
        packet_consumed(iface->kept[--iface->n_kept]);
}

static inline void rig_fini(struct rig *rig)
{
    for (unsigned i = 0; i < rig->n_nodes; i++) {
        struct rig_node *node = &rig->nodes[i];
        for (unsigned j = 0; j < node->n_ifaces; j++) {
            struct packet *frame;
            rig_clear(&node->ifaces[j]);
            event_cancel(rig->sim, &node->ifaces[j].arrival);
            while ((frame = packet_fifo_pop(&node->ifaces[j].wire)))
                packet_consumed(frame);
            ip_iface_fini(&node->ifaces[j].ip);
        }
        ip_stack_fini(&node->ip);
        drops_fini(&node->drops);
    }
    assert_no_leaks(rig->sim);
    const struct packet_pool *pool = &rig->sim->packets;
    ck_assert_uint_eq(pool->created, pool->delivered + pool->dropped + pool->consumed);
    sim_free(rig->sim);
}

/* A route to prefix/length through `via`. */
static inline void rig_route(struct rig_node *node, ip4 prefix, int length, ip4 via)
{
    struct ip_via hop = { .gateway = via };
    struct ip_route_spec spec = {
        .prefix = prefix, .length = (uint8_t)length, .n_vias = 1, .vias = &hop
    };
    ck_assert_int_eq(ip_route_add(&node->ip, &spec), 0);
}

/* A frame to the interface with an IPv4 datagram: `data` bytes of the pattern from `offset` on. */
static inline struct packet *rig_datagram(struct rig_iface *to, const struct ipv4 *h,
                                          uint64_t offset, uint32_t data)
{
    struct packet *packet = packet_new(to->ip.ip->sim);
    struct ipv4 whole = *h;
    struct eth eth = { to->ip.mac, rig_mac(9, 9), ETH_TYPE_IPV4 };

    if (data > 0)
        packet_set_payload(packet, blob_ref(&blob_pattern), offset, data);
    whole.header_len = h->header_len ? h->header_len : IPV4_LEN;
    whole.length = (uint16_t)(whole.header_len + data);
    whole.ttl = h->ttl ? h->ttl : 64;
    memset(packet_push(packet, whole.header_len), 0, whole.header_len);
    packet->l3 = (uint8_t)packet->head;
    packet->l4 = (uint8_t)(packet->head + whole.header_len);
    ipv4_emit(packet_data(packet), &whole);
    ipv4_finish(packet_data(packet));
    eth_emit(packet_push(packet, ETH_LEN), &eth);
    return packet;
}

/* The IPv4 header of a kept frame. */
static inline struct ipv4 rig_ipv4(const struct rig_iface *iface, unsigned i)
{
    struct packet *frame = iface->kept[i];
    struct ipv4 h;

    ck_assert_uint_lt(i, iface->n_kept);
    ck_assert_uint_ge(packet_header_len(frame), ETH_LEN + IPV4_LEN);
    ck_assert_uint_eq(frame->buf[frame->head + 12] << 8 | frame->buf[frame->head + 13],
                      ETH_TYPE_IPV4);
    ck_assert(ipv4_checksum_ok(frame->buf + frame->head + ETH_LEN));
    ipv4_parse(frame->buf + frame->head + ETH_LEN, &h);
    ck_assert_uint_eq(h.length + ETH_LEN, packet_len(frame));
    return h;
}

/* The ICMP header of a kept frame, whose checksum must be right; *quote (NULL if not wanted) is the
 * IPv4 header it quotes. */
static inline struct icmp rig_icmp(const struct rig_iface *iface, unsigned i, struct ipv4 *quote)
{
    struct ipv4 h = rig_ipv4(iface, i);
    const struct packet *frame = iface->kept[i];
    uint8_t bytes[ICMP_LEN + IPV4_LEN];
    struct icmp icmp;
    uint32_t at = ETH_LEN + h.header_len;

    ck_assert_uint_eq(h.proto, IP_PROTO_ICMP);
    ck_assert_uint_eq(checksum_fold(checksum_packet(frame, at, packet_len(frame) - at)), 0xffff);
    packet_read(frame, at, bytes, quote ? sizeof bytes : ICMP_LEN);
    icmp_parse(bytes, &icmp);
    if (quote)
        ipv4_parse(bytes + ICMP_LEN, quote);
    return icmp;
}

/* The ARP message of a kept frame. */
static inline struct arp rig_arp(const struct rig_iface *iface, unsigned i)
{
    uint8_t bytes[ETH_LEN + ARP_LEN];
    struct arp arp;

    ck_assert_uint_lt(i, iface->n_kept);
    packet_read(iface->kept[i], 0, bytes, sizeof bytes);
    ck_assert_uint_eq(bytes[12] << 8 | bytes[13], ETH_TYPE_ARP);
    ck_assert_uint_eq(arp_check(bytes + ETH_LEN, ARP_LEN), ARP_LEN);
    arp_parse(bytes + ETH_LEN, &arp);
    return arp;
}

static inline void rig_counters(const struct rig_node *node, struct ip_counters *out)
{
    ip_counters_get(&node->ip, out);
}

/* Dropped at the node for this reason (NULL: any). */
static inline uint64_t rig_drops(const struct rig_node *node, const struct drop_reason *reason)
{
    return drops_packets(&node->drops, reason);
}

#endif

/* What arrives: header checks, martians, options, delivery (RFC 791, 1122 3.2.1, 1812 5.2). */
#include <errno.h>

#include "sim/rng.h"
#include "tests/support/iprig.h"
#include "tests/support/suite.h"

/* A transport that counts what it gets. */
struct counter {
    struct ip_l4 l4;
    unsigned n, errors;
    struct ip_rx rx;
    uint32_t length;
    uint8_t first;
};

static void count_input(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    struct counter *c = container_of(l4, struct counter, l4);

    c->n++;
    c->rx = *rx;
    c->length = packet_len(packet);
    ck_assert_uint_eq(packet->head, packet->l4);
    packet_delivered(packet);
}

enum { PROTO = 200 };

/* A router, 10.0.0.1/24 and 10.0.1.1/24 with a known neighbour on each, and protocol 200. */
struct fixture {
    struct rig rig;
    struct rig_node *node;
    struct rig_iface *in, *out;
    struct counter counter;
};

static void fixture_init(struct fixture *f, bool forwarding)
{
    struct eth_addr mac = rig_mac(7, 7);

    rig_init(&f->rig, 1);
    f->node = rig_node(&f->rig);
    f->node->ip.forwarding = forwarding;
    f->in = rig_iface(&f->rig, f->node, IP4(10, 0, 0, 1), 24);
    f->out = rig_iface(&f->rig, f->node, IP4(10, 0, 1, 1), 24);
    neigh_set_permanent(&f->in->ip, IP4(10, 0, 0, 9), &mac);
    neigh_set_permanent(&f->out->ip, IP4(10, 0, 1, 9), &mac);
    f->counter = (struct counter){ .l4 = { .input = count_input } };
    ip_register(&f->node->ip, PROTO, &f->counter.l4);
}

static struct ipv4 to(ip4 dst)
{
    return (struct ipv4){ .src = IP4(10, 0, 0, 9), .dst = dst, .proto = PROTO };
}

static void input(struct fixture *f, struct ipv4 h, uint32_t data)
{
    ip_iface_input(&f->in->ip, rig_datagram(f->in, &h, 0, data));
}

START_TEST(delivers_to_the_protocol)
{
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f, false);
    struct ipv4 h = to(IP4(10, 0, 0, 1));
    h.tos = 0x28;
    h.ttl = 3;
    input(&f, h, 100);
    ck_assert_uint_eq(f.counter.n, 1);
    ck_assert_uint_eq(f.counter.length, 100);
    ck_assert_uint_eq(ip_addr_v4(&f.counter.rx.src), IP4(10, 0, 0, 9));
    ck_assert_uint_eq(ip_addr_v4(&f.counter.rx.dst), IP4(10, 0, 0, 1));
    ck_assert_uint_eq(f.counter.rx.proto, PROTO);
    ck_assert_uint_eq(f.counter.rx.tos, 0x28);
    ck_assert_uint_eq(f.counter.rx.ttl, 3);
    ck_assert_ptr_eq(f.counter.rx.iface, &f.in->ip);
    /* The address of another interface is ours, too (RFC 1122 3.3.4.2, weak model). */
    input(&f, to(IP4(10, 0, 1, 1)), 0);
    ck_assert_uint_eq(f.counter.n, 2);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IpInReceives, 2);
    ck_assert_uint_eq(c.IpInDelivers, 2);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(padding_is_cut_off)
{
    struct fixture f;
    struct ipv4 h = to(IP4(10, 0, 0, 1));

    fixture_init(&f, false);
    struct packet *frame = rig_datagram(f.in, &h, 0, 6);
    frame->payload_len += 20; /* an Ethernet frame has at least 46 bytes of payload */
    ip_iface_input(&f.in->ip, frame);
    ck_assert_uint_eq(f.counter.n, 1);
    ck_assert_uint_eq(f.counter.length, 6);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(frames_for_others)
{
    struct fixture f;
    struct ipv4 h = to(IP4(10, 0, 0, 1));

    fixture_init(&f, false);
    struct packet *frame = rig_datagram(f.in, &h, 0, 6);
    packet_data(frame)[5]++;
    ip_iface_input(&f.in->ip, frame);
    frame = rig_datagram(f.in, &h, 0, 6);
    packet_data(frame)[12] = 0x86; /* a type that nobody speaks */
    packet_data(frame)[13] = 0xdd;
    ip_iface_input(&f.in->ip, frame);
    frame = packet_new(f.rig.sim);
    packet_push(frame, 13);
    ip_iface_input(&f.in->ip, frame);
    ip_iface_set_up(&f.in->ip, false);
    input(&f, h, 6);
    ck_assert_uint_eq(rig_drops(f.node, &drop_eth_address), 1);
    ck_assert_uint_eq(rig_drops(f.node, &drop_eth_type), 1);
    ck_assert_uint_eq(rig_drops(f.node, &drop_eth_short), 1);
    ck_assert_uint_eq(rig_drops(f.node, &drop_iface_down), 1);
    ck_assert_uint_eq(f.counter.n, 0);
    rig_fini(&f.rig);
}
END_TEST

/* Every truncation of a frame that is handled with its headers inline or in the payload. */
START_TEST(truncations)
{
    struct fixture f;
    uint8_t bytes[14 + 24 + 8];
    struct ipv4 h = to(IP4(10, 0, 0, 1));
    struct ip_counters c;

    fixture_init(&f, false);
    h.header_len = 24;
    struct packet *whole = rig_datagram(f.in, &h, 0, 8);
    packet_read(whole, 0, bytes, sizeof bytes);
    packet_consumed(whole);
    for (uint32_t inside = 0; inside <= sizeof bytes; inside++)
        for (uint32_t len = inside; len < sizeof bytes; len++) {
            struct packet *frame = packet_new(f.rig.sim);
            memcpy(packet_push(frame, inside), bytes, inside);
            if (len > inside)
                packet_set_payload(frame, blob_copy(bytes + inside, len - inside), 0, len - inside);
            frame->flags = len & 1 ? PACKET_UNTRUSTED : 0;
            ip_iface_input(&f.in->ip, frame);
        }
    ck_assert_uint_eq(f.counter.n, 0);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(rig_drops(f.node, &drop_ip_malformed), c.IpInHdrErrors);
    ck_assert_uint_eq(rig_drops(f.node, &drop_ip_truncated), c.IpExtInTruncatedPkts);
    ck_assert_uint_gt(c.IpInHdrErrors, 0);
    ck_assert_uint_gt(c.IpExtInTruncatedPkts, 0);
    /* All of it in the payload works. */
    struct packet *frame = packet_new(f.rig.sim);
    packet_set_payload(frame, blob_copy(bytes, sizeof bytes), 0, sizeof bytes);
    frame->flags = PACKET_UNTRUSTED;
    ip_iface_input(&f.in->ip, frame);
    ck_assert_uint_eq(f.counter.n, 1);
    ck_assert_uint_eq(f.counter.length, 8);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1122 3.2.1.2: a wrong checksum is dropped in silence; on the fast path it is believed. */
START_TEST(header_checksum)
{
    struct fixture f;
    struct ipv4 h = to(IP4(10, 0, 0, 1));
    struct ip_counters c;

    fixture_init(&f, false);
    for (unsigned bit = 0; bit < 160; bit++) {
        struct packet *frame = rig_datagram(f.in, &h, 0, 8);
        packet_data(frame)[ETH_LEN + bit / 8] ^= (uint8_t)(1 << bit % 8);
        frame->flags = PACKET_UNTRUSTED;
        ip_iface_input(&f.in->ip, frame);
    }
    ck_assert_uint_eq(f.counter.n, 0);
    ck_assert_uint_eq(f.in->n_kept, 0);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IpInReceives, 160);
    struct packet *frame = rig_datagram(f.in, &h, 0, 8);
    frame->flags = PACKET_UNTRUSTED;
    ip_iface_input(&f.in->ip, frame);
    ck_assert_uint_eq(f.counter.n, 1);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1812 5.3.7: sources that nobody can have; RFC 1122 3.2.1.3. */
START_TEST(martian_sources)
{
    static const ip4 martians[] = { IP4(0, 0, 0, 0),         IP4(0, 1, 2, 3),
                                    IP4(127, 0, 0, 1),       IP4(224, 0, 0, 1),
                                    IP4(239, 255, 255, 255), IP4(255, 255, 255, 255),
                                    IP4(10, 0, 0, 1),        IP4(10, 0, 1, 1) };
    struct fixture f;

    fixture_init(&f, true);
    for (size_t i = 0; i < sizeof martians / sizeof martians[0]; i++) {
        struct ipv4 local = to(IP4(10, 0, 0, 1)), through = to(IP4(10, 0, 1, 9));
        local.src = through.src = martians[i];
        input(&f, local, 8);
        input(&f, through, 8);
        ck_assert_uint_eq(rig_drops(f.node, &drop_martian_source), 2 * (i + 1));
    }
    ck_assert_uint_eq(f.counter.n + f.out->n_kept + f.in->n_kept, 0);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(martian_destinations)
{
    static const ip4 martians[] = { IP4(0, 1, 2, 3), IP4(0, 0, 0, 0), IP4(127, 0, 0, 1) };
    struct fixture f;

    fixture_init(&f, true);
    rig_route(f.node, 0, 0, IP4(10, 0, 1, 9));
    for (size_t i = 0; i < sizeof martians / sizeof martians[0]; i++)
        input(&f, to(martians[i]), 8);
    ck_assert_uint_eq(rig_drops(f.node, &drop_martian_destination), 3);
    ck_assert_uint_eq(f.counter.n + f.out->n_kept, 0);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(broadcasts_are_delivered_and_not_forwarded)
{
    struct fixture f;
    struct ipv4 boot = to(0xffffffff);

    fixture_init(&f, true);
    input(&f, to(0xffffffff), 8);
    input(&f, to(IP4(10, 0, 0, 255)), 8);
    boot.src = 0; /* RFC 1122 3.2.1.3 (a): who has no address yet */
    input(&f, boot, 8);
    ck_assert_uint_eq(f.counter.n, 3);
    input(&f, to(IP4(10, 0, 1, 255)), 8); /* another subnet's: bc_forwarding is 0 */
    ck_assert_uint_eq(f.counter.n, 4);
    ck_assert_uint_eq(f.out->n_kept, 0);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(multicasts_need_membership)
{
    struct fixture f;

    fixture_init(&f, true);
    input(&f, to(IP4(224, 0, 0, 5)), 8);
    ck_assert_uint_eq(rig_drops(f.node, &drop_not_joined), 1);
    input(&f, to(IP4(224, 0, 0, 1)), 8);
    ip_iface_join(&f.in->ip, IP4(224, 0, 0, 5));
    input(&f, to(IP4(224, 0, 0, 5)), 8);
    ck_assert_uint_eq(f.counter.n, 2);
    rig_fini(&f.rig);
}
END_TEST

/* A host drops what is for others, and says nothing (RFC 1122 3.3.4.2 and 3.2.1.3). */
START_TEST(hosts_do_not_forward)
{
    struct fixture f;
    struct ip_counters c;

    fixture_init(&f, false);
    input(&f, to(IP4(10, 0, 1, 9)), 8);
    input(&f, to(IP4(99, 0, 0, 1)), 8);
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IpInAddrErrors, 2);
    ck_assert_uint_eq(rig_drops(f.node, &drop_not_for_us), 2);
    ck_assert_uint_eq(f.in->n_kept + f.out->n_kept, 0);
    rig_fini(&f.rig);
}
END_TEST

/* A unicast datagram in a broadcast frame is not forwarded (RFC 1812 5.3.4). */
START_TEST(link_broadcasts_are_not_forwarded)
{
    struct fixture f;
    struct ipv4 h = to(IP4(10, 0, 1, 9));

    fixture_init(&f, true);
    struct packet *frame = rig_datagram(f.in, &h, 0, 8);
    memset(packet_data(frame), 0xff, 6);
    ip_iface_input(&f.in->ip, frame);
    ck_assert_uint_eq(f.out->n_kept, 0);
    ck_assert_uint_eq(rig_drops(f.node, &drop_not_for_us), 1);
    rig_fini(&f.rig);
}
END_TEST

static void input_options(struct fixture *f, ip4 dst, const uint8_t options[4])
{
    struct ipv4 h = to(dst);

    h.header_len = 24;
    struct packet *frame = rig_datagram(f->in, &h, 0, 8);
    uint8_t *header = packet_data(frame) + ETH_LEN;
    memcpy(header + 20, options, 4);
    ipv4_finish(header);
    ip_iface_input(&f->in->ip, frame);
}

START_TEST(options)
{
    struct fixture f;
    struct ipv4 quote;
    struct ip_counters c;

    fixture_init(&f, true);
    input_options(&f, IP4(10, 0, 0, 1), (uint8_t[]){ 148, 4, 0, 0 });
    input_options(&f, IP4(10, 0, 1, 9), (uint8_t[]){ 1, 1, 1, 0 });
    ck_assert_uint_eq(f.counter.n, 1);
    ck_assert_uint_eq(f.counter.length, 8);
    ck_assert_uint_eq(rig_ipv4(f.out, 0).header_len, 24);
    input_options(&f, IP4(10, 0, 0, 1), (uint8_t[]){ 131, 3, 4, 0 }); /* a loose source route */
    input_options(&f, IP4(10, 0, 1, 9), (uint8_t[]){ 137, 3, 4, 0 }); /* a strict one */
    ck_assert_uint_eq(rig_drops(f.node, &drop_ip_source_route), 2);
    ck_assert_uint_eq(f.in->n_kept, 0);
    /* RFC 792: a parameter problem points at the octet. */
    input_options(&f, IP4(10, 0, 0, 1), (uint8_t[]){ 1, 7, 9, 4 });
    ck_assert_uint_eq(f.in->n_kept, 1);
    struct icmp icmp = rig_icmp(f.in, 0, &quote);
    ck_assert_uint_eq(icmp.type, ICMP_PARAMETER_PROBLEM);
    ck_assert_uint_eq(icmp.code, 0);
    ck_assert_uint_eq(icmp.rest >> 24, 22);
    ck_assert_uint_eq(quote.dst, IP4(10, 0, 0, 1));
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IpInHdrErrors, 1);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 1122 3.2.2.1 */
START_TEST(unknown_protocols_are_refused)
{
    struct fixture f;
    struct ip_counters c;
    struct ipv4 h = to(IP4(10, 0, 0, 1));

    fixture_init(&f, false);
    h.proto = 201;
    input(&f, h, 8);
    ck_assert_uint_eq(f.in->n_kept, 1);
    struct icmp icmp = rig_icmp(f.in, 0, NULL);
    ck_assert_uint_eq(icmp.type, ICMP_DEST_UNREACH);
    ck_assert_uint_eq(icmp.code, ICMP_PROTO_UNREACH);
    ck_assert_uint_eq(rig_ipv4(f.in, 0).src, IP4(10, 0, 0, 1));
    rig_counters(f.node, &c);
    ck_assert_uint_eq(c.IpInUnknownProtos, 1);
    ck_assert_uint_eq(c.IpInDelivers, 0);
    h.dst = IP4(10, 0, 0, 255); /* never about a broadcast */
    input(&f, h, 8);
    ck_assert_uint_eq(f.in->n_kept, 1);
    ip_register(&f.node->ip, PROTO, NULL);
    input(&f, to(IP4(10, 0, 0, 1)), 8);
    ck_assert_uint_eq(f.counter.n, 0);
    ck_assert_uint_eq(f.in->n_kept, 2);
    rig_fini(&f.rig);
}
END_TEST

static struct ip_l4 *wanted(struct ip_stack *ip, uint8_t proto)
{
    struct counter *c = container_of(ip, struct rig_node, ip)->user;

    if (proto != PROTO)
        return NULL;
    ip_register(ip, PROTO, &c->l4);
    return &c->l4;
}

/* A protocol that the node starts when it is first spoken to. */
START_TEST(protocols_can_be_woken)
{
    struct fixture f;
    struct ipv4 other = to(IP4(10, 0, 0, 1));

    fixture_init(&f, false);
    ip_register(&f.node->ip, PROTO, NULL);
    f.node->user = &f.counter;
    f.node->ip.l4_wanted = wanted;
    input(&f, to(IP4(10, 0, 0, 1)), 8);
    ck_assert_uint_eq(f.counter.n, 1);
    ck_assert_uint_eq(f.in->n_kept, 0);
    other.proto = 201;
    input(&f, other, 8);
    ck_assert_uint_eq(rig_icmp(f.in, 0, NULL).code, ICMP_PROTO_UNREACH);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 3704: strict wants the way back to be the way in, loose wants a way back. */
START_TEST(reverse_path_filter)
{
    static const char name[] = "net.ipv4.conf.default.rp_filter";
    struct fixture f;
    struct ipv4 elsewhere = to(IP4(10, 0, 0, 1)), nowhere = elsewhere;

    fixture_init(&f, true);
    elsewhere.src = IP4(10, 0, 1, 9);
    nowhere.src = IP4(99, 0, 0, 1);
    input(&f, elsewhere, 8);
    input(&f, nowhere, 8);
    ck_assert_uint_eq(f.counter.n, 2);
    ck_assert(ip_sysctl_set(&f.node->ip, name, "2", NULL));
    input(&f, elsewhere, 8);
    input(&f, nowhere, 8);
    ck_assert_uint_eq(f.counter.n, 3);
    ck_assert(ip_sysctl_set(&f.node->ip, name, "1", NULL));
    input(&f, elsewhere, 8);
    input(&f, nowhere, 8);
    ck_assert_uint_eq(f.counter.n, 3);
    input(&f, to(IP4(10, 0, 0, 1)), 8);
    ck_assert_uint_eq(f.counter.n, 4);
    rig_fini(&f.rig);
}
END_TEST

/* ---- The fast path and the long way are the same ---- */

static struct ipv4 random_header(struct rng *rng)
{
    static const ip4 dsts[] = { IP4(10, 0, 0, 1),  IP4(10, 0, 1, 1),   IP4(10, 0, 1, 9),
                                IP4(10, 0, 0, 9),  IP4(20, 0, 0, 1),   IP4(99, 0, 0, 1),
                                IP4(224, 0, 0, 1), IP4(10, 0, 1, 255), IP4(255, 255, 255, 255),
                                IP4(127, 0, 0, 1), IP4(0, 0, 0, 0),    IP4(10, 0, 1, 77) };
    static const ip4 srcs[] = { IP4(10, 0, 0, 9), IP4(10, 0, 0, 9), IP4(10, 0, 0, 9),
                                IP4(30, 0, 0, 1), IP4(10, 0, 0, 1), IP4(0, 0, 0, 0),
                                IP4(127, 0, 0, 1) };
    struct ipv4 h = { .src = srcs[rng_below(rng, 7)],
                      .dst = dsts[rng_below(rng, 12)],
                      .proto = (uint8_t)(rng_below(rng, 4) ? PROTO : 201),
                      .ttl = (uint8_t)(1 + rng_below(rng, 3)),
                      .frag = (uint16_t)(rng_below(rng, 2) ? IPV4_DF : 0),
                      .id = (uint16_t)rng_u64(rng) };
    if (rng_below(rng, 8) == 0)
        h.frag = (uint16_t)rng_below(rng, 4) | IPV4_MF;
    return h;
}

static void same_frames(const struct rig_iface *a, const struct rig_iface *b)
{
    uint8_t x[2000], y[2000];

    ck_assert_uint_eq(a->n_kept, b->n_kept);
    for (unsigned i = 0; i < a->n_kept; i++) {
        uint32_t len = packet_len(a->kept[i]);
        ck_assert_uint_eq(len, packet_len(b->kept[i]));
        packet_read(a->kept[i], 0, x, len);
        packet_read(b->kept[i], 0, y, len);
        ck_assert_mem_eq(x, y, len);
    }
}

START_TEST(both_ways_agree)
{
    struct fixture a, b;
    struct rng rng;
    struct ip_counters ca, cb;

    rng_init(&rng, 1, "frames", "test");
    for (int round = 0; round < 60; round++) {
        fixture_init(&a, round % 2);
        fixture_init(&b, round % 2);
        rig_route(a.node, IP4(20, 0, 0, 0), 8, IP4(10, 0, 1, 9));
        rig_route(b.node, IP4(20, 0, 0, 0), 8, IP4(10, 0, 1, 9));
        for (int i = 0; i < 100; i++) {
            struct ipv4 h = random_header(&rng);
            uint32_t data = (uint32_t)rng_below(&rng, 3) * 8 + 1480 * (rng_below(&rng, 10) == 0);
            struct packet *frame = rig_datagram(b.in, &h, 0, data);
            frame->flags = PACKET_UNTRUSTED; /* the long way */
            ip_iface_input(&a.in->ip, rig_datagram(a.in, &h, 0, data));
            ip_iface_input(&b.in->ip, frame);
        }
        ck_assert_uint_eq(a.counter.n, b.counter.n);
        same_frames(a.in, b.in);
        same_frames(a.out, b.out);
        rig_counters(a.node, &ca);
        rig_counters(b.node, &cb);
        ck_assert_mem_eq(&ca, &cb, sizeof ca);
        rig_fini(&a.rig);
        rig_fini(&b.rig);
    }
}
END_TEST

SUITE("protocols/ip_input", delivers_to_the_protocol, padding_is_cut_off, frames_for_others,
      truncations, header_checksum, martian_sources, martian_destinations,
      broadcasts_are_delivered_and_not_forwarded, multicasts_need_membership, hosts_do_not_forward,
      link_broadcasts_are_not_forwarded, options, unknown_protocols_are_refused,
      protocols_can_be_woken, reverse_path_filter, both_ways_agree)

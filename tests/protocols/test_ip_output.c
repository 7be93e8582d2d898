/* Sending: headers, identifications, loopback, groups, forced interfaces, echo from end to end. */
#include <errno.h>

#include "tests/support/iprig.h"
#include "tests/support/pinger.h"
#include "tests/support/suite.h"

/* n1 -- n2 (router) -- n3, 1 ms each way. */
static void chain(struct rig *rig, uint64_t seed)
{
    rig_init(rig, seed);
    struct rig_node *a = rig_node(rig), *r = rig_node(rig), *b = rig_node(rig);
    r->ip.forwarding = true;
    rig_wire(rig_iface(rig, a, IP4(10, 0, 0, 1), 24), rig_iface(rig, r, IP4(10, 0, 0, 2), 24),
             SIM_MS);
    rig_wire(rig_iface(rig, r, IP4(10, 0, 1, 1), 24), rig_iface(rig, b, IP4(10, 0, 1, 2), 24),
             SIM_MS);
    rig_route(a, 0, 0, IP4(10, 0, 0, 2));
    rig_route(b, 0, 0, IP4(10, 0, 1, 1));
}

START_TEST(echo_through_a_router)
{
    struct rig rig;
    struct pinger p;

    chain(&rig, 1);
    pinger_open(&p, &rig.nodes[0]);
    ck_assert_int_eq(pinger_send(&p, IP4(10, 0, 1, 2), 7, 56, (struct ip_tx){ .df = true }), 0);
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(p.replies, 1);
    ck_assert_uint_eq(p.seq, 7);
    ck_assert_uint_eq(p.length, 56);
    ck_assert_uint_eq(p.from, IP4(10, 0, 1, 2));
    /* ARP there and back on both links is 4 ms, the datagram there and back 4 ms more; the way back
     * needs no ARP, for who asks is known. */
    ck_assert_int_eq(p.at, 8 * SIM_MS);
    ping_close(&rig.nodes[0].ip, &p.ping);
    rig_fini(&rig);
}
END_TEST

/* A datagram of 5,140 bytes and its echo cross two links with fragments. */
START_TEST(large_echo_through_a_router)
{
    struct rig rig;
    struct pinger p;
    struct ip_counters c;

    chain(&rig, 1);
    pinger_open(&p, &rig.nodes[0]);
    pinger_send(&p, IP4(10, 0, 1, 2), 1, 5140 - 28, (struct ip_tx){ 0 });
    sim_run(rig.sim, SIM_S);
    ck_assert_uint_eq(p.replies, 1);
    ck_assert_uint_eq(p.length, 5140 - 28);
    rig_counters(&rig.nodes[2], &c);
    ck_assert_uint_eq(c.IpReasmReqds, 4);
    ck_assert_uint_eq(c.IpReasmOKs, 1);
    ck_assert_uint_eq(c.IpFragCreates, 4);
    ck_assert_uint_eq(c.IpFragOKs, 1);
    ping_close(&rig.nodes[0].ip, &p.ping);
    rig_fini(&rig);
}
END_TEST

/* ---- One interface that keeps what is sent; the gateway is known ---- */

struct fixture {
    struct rig rig;
    struct rig_node *node;
    struct rig_iface *out;
};

static void fixture_init(struct fixture *f, uint64_t seed)
{
    struct eth_addr mac = rig_mac(7, 7);

    rig_init(&f->rig, seed);
    f->node = rig_node(&f->rig);
    f->out = rig_iface(&f->rig, f->node, IP4(10, 0, 0, 1), 24);
    neigh_set_permanent(&f->out->ip, IP4(10, 0, 0, 9), &mac);
    rig_route(f->node, 0, 0, IP4(10, 0, 0, 9));
}

static int send_with(struct fixture *f, ip4 dst, uint32_t size, struct ip_tx tx,
                     struct ip_route_cache *cache)
{
    struct packet *packet = packet_new(f->rig.sim);

    tx.dst = ip_addr_of_v4(dst);
    tx.proto = tx.proto ? tx.proto : 200;
    if (size)
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, size);
    return ip_send(&f->node->ip, packet, &tx, cache);
}

START_TEST(the_header)
{
    struct fixture f;

    fixture_init(&f, 1);
    ck_assert_int_eq(
        send_with(&f, IP4(20, 0, 0, 1), 100, (struct ip_tx){ .tos = 0xb8, .df = 1 }, NULL), 0);
    struct ipv4 h = rig_ipv4(f.out, 0);
    ck_assert_uint_eq(h.header_len, 20);
    ck_assert_uint_eq(h.tos, 0xb8);
    ck_assert_uint_eq(h.length, 120);
    ck_assert_uint_eq(h.frag, IPV4_DF);
    ck_assert_uint_eq(h.id, 0);
    ck_assert_uint_eq(h.ttl, 64);
    ck_assert_uint_eq(h.proto, 200);
    ck_assert_uint_eq(h.src, IP4(10, 0, 0, 1));
    ck_assert_uint_eq(h.dst, IP4(20, 0, 0, 1));
    send_with(&f, IP4(20, 0, 0, 1), 0,
              (struct ip_tx){ .ttl = 5, .src = ip_addr_of_v4(IP4(1, 2, 3, 4)) }, NULL);
    ck_assert_uint_eq(rig_ipv4(f.out, 1).ttl, 5);
    ck_assert_uint_eq(rig_ipv4(f.out, 1).src, IP4(1, 2, 3, 4));
    ck_assert_uint_eq(rig_ipv4(f.out, 1).frag, 0);
    ck_assert(ip_sysctl_set(&f.node->ip, "net.ipv4.ip_default_ttl", "128", NULL));
    send_with(&f, IP4(20, 0, 0, 1), 0, (struct ip_tx){ 0 }, NULL);
    ck_assert_uint_eq(rig_ipv4(f.out, 2).ttl, 128);
    ck_assert_uint_eq(f.node->ip.out_requests, 3);
    rig_fini(&f.rig);
}
END_TEST

/* Every header that goes out has the right checksum, whatever is in it. */
START_TEST(checksums_of_all_headers)
{
    struct fixture f;
    struct ip_route_cache cache = { 0 };

    fixture_init(&f, 1);
    for (unsigned i = 0; i < 65536; i += 3) {
        struct ip_tx tx = { .tos = (uint8_t)i, .ttl = (uint8_t)(i >> 8 | 1), .df = i & 1 };
        send_with(&f, IP4(20, 0, 0, 0) + (i * 40503 & 0xffffff), i % 1480, tx,
                  i & 2 ? &cache : NULL);
        rig_ipv4(f.out, 0);
        rig_clear(f.out);
        cache.generation = 0;
    }
    rig_fini(&f.rig);
}
END_TEST

/* RFC 6864: with DF the field means nothing; connections count from a random start. */
START_TEST(identifications_with_df)
{
    struct fixture f, other;
    struct ip_route_cache cache = { 0 };

    fixture_init(&f, 1);
    fixture_init(&other, 2);
    for (unsigned i = 0; i < 3; i++) {
        send_with(&f, IP4(20, 0, 0, 1), 8, (struct ip_tx){ .df = true }, &cache);
        ck_assert_uint_eq(rig_ipv4(f.out, i).id, (uint16_t)(rig_ipv4(f.out, 0).id + i));
    }
    cache = (struct ip_route_cache){ 0 };
    send_with(&other, IP4(20, 0, 0, 1), 8, (struct ip_tx){ .df = true }, &cache);
    ck_assert_uint_ne(rig_ipv4(other.out, 0).id, rig_ipv4(f.out, 0).id);
    rig_fini(&f.rig);
    rig_fini(&other.rig);
}
END_TEST

/* A SYN-ACK is not of a socket yet: Linux (ip_build_and_send_pkt) sends it with 0, and the
 * connection counts from a random start afterwards. */
START_TEST(no_identification_before_the_socket)
{
    struct fixture f;
    struct ip_route_cache cache = { .no_id = true };

    fixture_init(&f, 1);
    for (unsigned i = 0; i < 2; i++) {
        send_with(&f, IP4(20, 0, 0, 1), 8, (struct ip_tx){ .df = true }, &cache);
        ck_assert_uint_eq(rig_ipv4(f.out, i).id, 0);
    }
    cache.no_id = false;
    for (unsigned i = 2; i < 4; i++)
        send_with(&f, IP4(20, 0, 0, 1), 8, (struct ip_tx){ .df = true }, &cache);
    ck_assert_uint_ne(rig_ipv4(f.out, 2).id, 0);
    ck_assert_uint_eq(rig_ipv4(f.out, 3).id, (uint16_t)(rig_ipv4(f.out, 2).id + 1));
    rig_fini(&f.rig);
}
END_TEST

/* Linux 6.18 does not fragment SYN-ACKs that every link carries whole (68 bytes, RFC 791 3.2), even
 * if the listener's IP_MTU_DISCOVER says that it may: seen on the kernel, where one of 52 bytes has
 * DF and no identification. */
START_TEST(small_syn_ack_has_df_all_the_same)
{
    struct fixture f;
    struct ip_route_cache cache = { .no_id = true };

    fixture_init(&f, 1);
    send_with(&f, IP4(20, 0, 0, 1), 48, (struct ip_tx){ .df = IP_DF_CLEAR }, &cache);
    send_with(&f, IP4(20, 0, 0, 1), 49, (struct ip_tx){ .df = IP_DF_CLEAR }, &cache);
    ck_assert_uint_eq(rig_ipv4(f.out, 0).frag, IPV4_DF);
    ck_assert_uint_eq(rig_ipv4(f.out, 0).id, 0);
    ck_assert_uint_eq(rig_ipv4(f.out, 1).frag, 0);
    rig_fini(&f.rig);
}
END_TEST

/* RFC 791 3.2: not used twice between two hosts while a fragment may be about. */
START_TEST(identifications_without_df)
{
    struct fixture f;
    bool seen[65536] = { false };
    unsigned others = 0;

    fixture_init(&f, 1);
    for (unsigned i = 0; i < 400; i++) {
        send_with(&f, IP4(20, 0, 0, 1), 8, (struct ip_tx){ 0 }, NULL);
        uint16_t id = rig_ipv4(f.out, i).id;
        ck_assert(!seen[id]);
        seen[id] = true;
    }
    for (unsigned i = 0; i < 100; i++) { /* another destination counts elsewhere */
        send_with(&f, IP4(21, 0, 0, 1), 8, (struct ip_tx){ 0 }, NULL);
        others += !seen[rig_ipv4(f.out, 400 + i).id];
    }
    ck_assert_uint_gt(others, 90);
    rig_fini(&f.rig);
}
END_TEST

/* ... but a sender with a memory goes on counting (Linux 6.18, observed after a path's MTU fell
 * below net.ipv4.route.min_pmtu, which takes DF away). */
START_TEST(identification_goes_on_without_df)
{
    struct fixture f;
    struct ip_route_cache cache = { 0 };

    fixture_init(&f, 1);
    for (unsigned i = 0; i < 4; i++) {
        send_with(&f, IP4(20, 0, 0, 1), 8, (struct ip_tx){ .df = i < 2 }, &cache);
        ck_assert_uint_eq(rig_ipv4(f.out, i).id, (uint16_t)(rig_ipv4(f.out, 0).id + i));
    }
    rig_fini(&f.rig);
}
END_TEST

START_TEST(too_long)
{
    struct fixture f;

    fixture_init(&f, 1);
    ck_assert_int_eq(send_with(&f, IP4(20, 0, 0, 1), 65516, (struct ip_tx){ 0 }, NULL), EMSGSIZE);
    ck_assert_int_eq(send_with(&f, IP4(20, 0, 0, 1), 1481, (struct ip_tx){ .df = IP_DF_SET }, NULL),
                     EMSGSIZE);
    ck_assert_uint_eq(f.out->n_kept, 0);
    ck_assert_int_eq(
        send_with(&f, IP4(20, 0, 0, 1), 1480, (struct ip_tx){ .df = IP_DF_WANT }, NULL), 0);
    ck_assert_uint_eq(rig_ipv4(f.out, 0).frag, IPV4_DF);
    ck_assert_int_eq(
        send_with(&f, IP4(20, 0, 0, 1), 1481, (struct ip_tx){ .df = IP_DF_WANT }, NULL), 0);
    ck_assert_uint_eq(f.out->n_kept, 3);
    ck_assert_uint_eq(rig_ipv4(f.out, 1).frag, IPV4_MF);
    rig_fini(&f.rig);
}
END_TEST

/* A super-segment passes whole; the interface below splits it. */
START_TEST(super_segments_are_not_fragmented)
{
    struct fixture f;
    struct ip_route_cache cache = { 0 };
    struct ip_tx tx = { .dst = ip_addr_of_v4(IP4(20, 0, 0, 1)), .proto = IP_PROTO_TCP, .df = true };
    struct packet *packet;

    fixture_init(&f, 1);
    for (int i = 0; i < 2; i++) {
        packet = packet_new(f.rig.sim);
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, 14480);
        memset(packet_push(packet, 20), 0, 20);
        packet->gso_size = 1448;
        ck_assert_int_eq(ip_send(&f.node->ip, packet, &tx, &cache), 0);
    }
    ck_assert_uint_eq(f.out->n_kept, 2);
    ck_assert_uint_eq(rig_ipv4(f.out, 0).length, 14520);
    ck_assert_uint_eq(rig_ipv4(f.out, 1).id, (uint16_t)(rig_ipv4(f.out, 0).id + 10));
    rig_fini(&f.rig);
}
END_TEST

/* A cached route is looked up again when something changed. */
START_TEST(route_cache)
{
    struct fixture f;
    struct ip_route_cache cache = { 0 };
    struct eth_addr mac = rig_mac(8, 8);
    struct ip_via via = { .gateway = IP4(10, 0, 0, 8) };
    struct ip_route_spec spec = {
        .prefix = IP4(20, 0, 0, 0), .length = 8, .n_vias = 1, .vias = &via
    };
    struct eth eth;

    fixture_init(&f, 1);
    send_with(&f, IP4(20, 0, 0, 1), 0, (struct ip_tx){ 0 }, &cache);
    ck_assert_uint_eq(cache.neigh->addr, IP4(10, 0, 0, 9));
    ck_assert_uint_eq(cache.generation, f.node->ip.generation);
    neigh_set_permanent(&f.out->ip, IP4(10, 0, 0, 8), &mac);
    ip_route_add(&f.node->ip, &spec);
    send_with(&f, IP4(20, 0, 0, 1), 0, (struct ip_tx){ 0 }, &cache);
    eth_parse(packet_data(f.out->kept[1]), &eth);
    ck_assert(eth_addr_equal(&eth.dst, &mac));
    rig_fini(&f.rig);
}
END_TEST

/* ---- To ourselves ---- */

/* Answers a datagram with another from inside its upcall, so often. */
struct bouncer {
    struct ip_l4 l4;
    struct fixture *f;
    unsigned n, left, depth;
};

static void bounce(struct ip_l4 *l4, struct packet *packet, const struct ip_rx *rx)
{
    struct bouncer *b = container_of(l4, struct bouncer, l4);

    ck_assert_uint_eq(b->depth++, 0); /* not from inside the sender */
    ck_assert_ptr_null(rx->iface);
    b->n++;
    packet_delivered(packet);
    if (b->left > 0) {
        b->left--;
        send_with(b->f, ip_addr_v4(&rx->src), 8, (struct ip_tx){ 0 }, NULL);
    }
    b->depth--;
}

START_TEST(loopback_is_an_event)
{
    struct fixture f;
    struct bouncer b = { .l4 = { .input = bounce }, .f = &f, .left = 9 };
    struct ip_addr src, dst = ip_addr_of_v4(IP4(127, 0, 0, 5));
    uint32_t mtu;

    fixture_init(&f, 1);
    ip_register(&f.node->ip, 200, &b.l4);
    sim_run(f.rig.sim, SIM_MS);
    ck_assert_int_eq(send_with(&f, IP4(10, 0, 0, 1), 8, (struct ip_tx){ 0 }, NULL), 0);
    ck_assert_uint_eq(b.n, 0);
    sim_run(f.rig.sim, SIM_MS); /* without any delay */
    ck_assert_uint_eq(b.n, 10);
    send_with(&f, IP4(127, 0, 0, 1), 60000, (struct ip_tx){ .df = true }, NULL); /* in one piece */
    sim_run(f.rig.sim, SIM_MS);
    ck_assert_uint_eq(b.n, 11);
    ck_assert_uint_eq(f.out->n_kept, 0);
    ck_assert(ip_route_query(&f.node->ip, &dst, &src, &mtu));
    ck_assert_uint_eq(ip_addr_v4(&src), IP4(127, 0, 0, 1));
    ck_assert_uint_eq(mtu, 65535);
    /* What is under way when the node ends is dropped and counted. */
    send_with(&f, IP4(127, 0, 0, 1), 8, (struct ip_tx){ 0 }, NULL);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(pinging_oneself)
{
    struct fixture f;
    struct pinger p;

    fixture_init(&f, 1);
    pinger_open(&p, f.node);
    pinger_send(&p, IP4(10, 0, 0, 1), 1, 56, (struct ip_tx){ 0 });
    sim_run(f.rig.sim, SIM_S);
    ck_assert_uint_eq(p.replies, 1);
    ck_assert_int_eq(p.at, 0);
    ping_close(&f.node->ip, &p.ping);
    rig_fini(&f.rig);
}
END_TEST

/* ---- Groups and forced interfaces ---- */

static struct eth_addr mac_of(const struct rig_iface *iface, unsigned i)
{
    struct eth eth;
    eth_parse(packet_data(iface->kept[i]), &eth);
    return eth.dst;
}

START_TEST(groups_need_no_arp)
{
    struct fixture f;

    fixture_init(&f, 1);
    struct rig_iface *second = rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
    struct eth_addr group = eth_addr_of_group(IP4(224, 0, 0, 9)), mac;
    struct ip_tx by_second = { .iface = &second->ip };

    send_with(&f, IP4(10, 0, 1, 255), 0, (struct ip_tx){ 0 }, NULL);
    mac = mac_of(second, 0);
    ck_assert(eth_is_broadcast(&mac));
    send_with(&f, 0xffffffff, 0, by_second, NULL);
    mac = mac_of(second, 1);
    ck_assert(eth_is_broadcast(&mac));
    ck_assert_uint_eq(rig_ipv4(second, 1).src, IP4(10, 0, 1, 1));
    send_with(&f, IP4(224, 0, 0, 9), 0, by_second, NULL);
    mac = mac_of(second, 2);
    ck_assert(eth_addr_equal(&mac, &group));
    send_with(&f, IP4(224, 0, 0, 9), 0, (struct ip_tx){ 0 }, NULL); /* by the default route */
    mac = mac_of(f.out, 0);
    ck_assert(eth_addr_equal(&mac, &group));
    ip_route_remove(&f.node->ip, 0, 0, 0);
    /* Without a route by the first interface; to all, as in Linux, not at all. */
    ck_assert_int_eq(send_with(&f, IP4(224, 0, 0, 9), 0, (struct ip_tx){ 0 }, NULL), 0);
    ck_assert_uint_eq(f.out->n_kept, 2);
    ck_assert_int_eq(send_with(&f, 0xffffffff, 0, (struct ip_tx){ 0 }, NULL), ENETUNREACH);
    rig_fini(&f.rig);
}
END_TEST

START_TEST(a_forced_interface)
{
    struct fixture f;

    fixture_init(&f, 1);
    struct rig_iface *second = rig_iface(&f.rig, f.node, IP4(10, 0, 1, 1), 24);
    struct ip_tx by_second = { .iface = &second->ip };

    /* No route of that interface: the destination itself is looked for on the link. */
    send_with(&f, IP4(20, 0, 0, 1), 0, by_second, NULL);
    ck_assert_uint_eq(rig_arp(second, 0).target_ip, IP4(20, 0, 0, 1));
    ck_assert_uint_eq(rig_arp(second, 0).sender_ip, IP4(10, 0, 1, 1));
    by_second.iface = &f.out->ip;
    send_with(&f, IP4(20, 0, 0, 1), 0, by_second, NULL);
    ck_assert_uint_eq(f.out->n_kept, 1); /* to the gateway, which is known */
    rig_fini(&f.rig);
}
END_TEST

SUITE("protocols/ip_output", echo_through_a_router, large_echo_through_a_router, the_header,
      checksums_of_all_headers, identifications_with_df, no_identification_before_the_socket,
      small_syn_ack_has_df_all_the_same, identifications_without_df,
      identification_goes_on_without_df, too_long, super_segments_are_not_fragmented, route_cache,
      loopback_is_an_event, pinging_oneself, groups_need_no_arp, a_forced_interface)

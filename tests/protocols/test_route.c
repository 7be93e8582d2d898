/* Routes: metrics, next hops, interfaces that go down, the destination cache. */
#include "protocols/ip/route.h"

#include <errno.h>

#include "tests/support/iprig.h"
#include "tests/support/suite.h"

/* A router with three interfaces, 10.0.<i>.1/24. */
static struct rig_node *router(struct rig *rig)
{
    rig_init(rig, 1);
    struct rig_node *node = rig_node(rig);
    node->ip.forwarding = true;
    for (unsigned i = 0; i < 3; i++)
        rig_iface(rig, node, IP4(10, 0, i, 1), 24);
    return node;
}

static int add_metric(struct rig_node *node, ip4 prefix, int length, ip4 via, uint32_t metric)
{
    struct ip_via hop = { .gateway = via };
    struct ip_route_spec spec = {
        .prefix = prefix, .length = (uint8_t)length, .metric = metric, .n_vias = 1, .vias = &hop
    };
    return ip_route_add(&node->ip, &spec);
}

static ip4 gateway_to(const struct rig_node *node, ip4 dst)
{
    const struct ip_route *route = ip_route_lookup(&node->ip, dst);
    return route ? route->hops[0].gateway : 0;
}

START_TEST(addresses_make_routes)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    const struct ip_route *r = ip_route_lookup(&node->ip, IP4(10, 0, 1, 77));

    ck_assert_ptr_nonnull(r);
    ck_assert_uint_eq(r->length, 24);
    ck_assert_uint_eq(r->flags, IP_ROUTE_CONNECTED);
    ck_assert_ptr_eq(r->hops[0].iface, &node->ifaces[1].ip);
    ck_assert_uint_eq(r->hops[0].gateway, 0);
    r = ip_route_lookup(&node->ip, IP4(10, 0, 1, 1));
    ck_assert_uint_eq(r->type, IP_ROUTE_LOCAL);
    ck_assert_int_eq(ip_iface_remove_address(&node->ifaces[1].ip, IP4(10, 0, 1, 1)), 0);
    ck_assert_ptr_null(ip_route_lookup(&node->ip, IP4(10, 0, 1, 77)));
    ck_assert_ptr_null(ip_route_lookup(&node->ip, IP4(10, 0, 1, 1)));
    rig_fini(&rig);
}
END_TEST

START_TEST(least_metric_wins)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    ip4 dst = IP4(20, 0, 0, 1);

    ck_assert_int_eq(add_metric(node, IP4(20, 0, 0, 0), 24, IP4(10, 0, 0, 2), 20), 0);
    ck_assert_int_eq(add_metric(node, IP4(20, 0, 0, 0), 24, IP4(10, 0, 1, 2), 10), 0);
    ck_assert_int_eq(add_metric(node, IP4(20, 0, 0, 0), 24, IP4(10, 0, 2, 2), 30), 0);
    ck_assert_int_eq(add_metric(node, IP4(20, 0, 0, 0), 24, IP4(10, 0, 2, 2), 10), EEXIST);
    ck_assert_uint_eq(gateway_to(node, dst), IP4(10, 0, 1, 2));
    ck_assert_int_eq(ip_route_remove(&node->ip, IP4(20, 0, 0, 0), 24, 10), 0);
    ck_assert_uint_eq(gateway_to(node, dst), IP4(10, 0, 0, 2));
    ck_assert_int_eq(ip_route_remove(&node->ip, IP4(20, 0, 0, 0), 24, 30), 0);
    ck_assert_int_eq(ip_route_remove(&node->ip, IP4(20, 0, 0, 0), 24, 30), ESRCH);
    ck_assert_int_eq(ip_route_remove(&node->ip, IP4(20, 0, 0, 0), 24, 20), 0);
    ck_assert_ptr_null(ip_route_lookup(&node->ip, dst));
    rig_fini(&rig);
}
END_TEST

/* A route whose interface is down is passed over: first for another metric, then for a shorter
 * prefix. */
START_TEST(down_interfaces_are_passed_over)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    ip4 dst = IP4(20, 0, 0, 1);

    rig_route(node, 0, 0, IP4(10, 0, 2, 2));
    add_metric(node, IP4(20, 0, 0, 0), 24, IP4(10, 0, 0, 2), 1);
    add_metric(node, IP4(20, 0, 0, 0), 24, IP4(10, 0, 1, 2), 2);
    ip_iface_set_up(&node->ifaces[0].ip, false);
    ck_assert_uint_eq(gateway_to(node, dst), IP4(10, 0, 1, 2));
    ip_iface_set_up(&node->ifaces[1].ip, false);
    ck_assert_uint_eq(gateway_to(node, dst), IP4(10, 0, 2, 2));
    ip_iface_set_up(&node->ifaces[2].ip, false);
    ck_assert_ptr_null(ip_route_lookup(&node->ip, dst));
    ip_iface_set_up(&node->ifaces[0].ip, true);
    ck_assert_uint_eq(gateway_to(node, dst), IP4(10, 0, 0, 2));
    rig_fini(&rig);
}
END_TEST

START_TEST(gateways_must_be_reachable)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    struct ip_via elsewhere = { .iface = &node->ifaces[0].ip, .gateway = IP4(10, 0, 1, 2) };
    struct ip_route_spec spec = { .length = 0, .n_vias = 1, .vias = &elsewhere };

    ck_assert_int_eq(add_metric(node, 0, 0, IP4(11, 0, 0, 1), 0), ENETUNREACH);
    ck_assert_int_eq(ip_route_add(&node->ip, &spec), ENETUNREACH);
    ck_assert_int_eq(add_metric(node, 0, 0, IP4(10, 0, 0, 1), 0), EINVAL); /* ourselves */
    spec.n_vias = 0;
    ck_assert_int_eq(ip_route_add(&node->ip, &spec), EINVAL);
    spec.type = IP_ROUTE_BLACKHOLE;
    ck_assert_int_eq(ip_route_add(&node->ip, &spec), 0);
    ck_assert(fib_check(&node->ip.fib));
    rig_fini(&rig);
}
END_TEST

/* ---- Several next hops (RFC 2992) ---- */

static void multipath(struct rig_node *node, uint16_t w0, uint16_t w1, uint16_t w2)
{
    struct ip_via hops[3] = { { .gateway = IP4(10, 0, 0, 2), .weight = w0 },
                              { .gateway = IP4(10, 0, 1, 2), .weight = w1 },
                              { .gateway = IP4(10, 0, 2, 2), .weight = w2 } };
    struct ip_route_spec spec = {
        .prefix = IP4(20, 0, 0, 0), .length = 8, .n_vias = 3, .vias = hops
    };

    ck_assert_int_eq(ip_route_add(&node->ip, &spec), 0);
}

static int hop_of(struct rig_node *node, ip4 src, ip4 dst)
{
    const struct ip_dst *entry = ip_dst_get(&node->ip, dst);
    const struct neigh *neigh = ip_dst_neigh(&node->ip, entry, src, IP_PROTO_UDP, NULL, 0);

    for (int i = 0; i < 3; i++)
        if (neigh->iface == &node->ifaces[i].ip)
            return i;
    return -1;
}

START_TEST(flows_spread_by_weight_and_stay)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    enum { FLOWS = 30000 };
    int count[3] = { 0 };

    multipath(node, 1, 2, 3);
    for (unsigned i = 0; i < FLOWS; i++) {
        ip4 src = IP4(10, 0, 0, 3) + i, dst = IP4(20, 0, 0, 0) + i % 100;
        int hop = hop_of(node, src, dst);
        count[hop]++;
        ck_assert_int_eq(hop_of(node, src, dst), hop);
    }
    /* Binomial: 4 standard deviations are below 350. */
    ck_assert_int_le(abs(count[0] - FLOWS / 6), 350);
    ck_assert_int_le(abs(count[1] - FLOWS / 3), 350);
    ck_assert_int_le(abs(count[2] - FLOWS / 2), 350);
    rig_fini(&rig);
}
END_TEST

/* Hash-threshold: when a hop goes, the flows of the others move only as far as the regions shift;
 * none stays on the dead one, and all come back. */
START_TEST(dead_hops_get_no_flows)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    int before[500];

    multipath(node, 1, 1, 1);
    for (unsigned i = 0; i < 500; i++)
        before[i] = hop_of(node, IP4(10, 0, 0, 3) + i, IP4(20, 0, 0, 1));
    ip_iface_set_up(&node->ifaces[1].ip, false);
    for (unsigned i = 0; i < 500; i++)
        ck_assert_int_ne(hop_of(node, IP4(10, 0, 0, 3) + i, IP4(20, 0, 0, 1)), 1);
    ip_iface_set_up(&node->ifaces[1].ip, true);
    for (unsigned i = 0; i < 500; i++)
        ck_assert_int_eq(hop_of(node, IP4(10, 0, 0, 3) + i, IP4(20, 0, 0, 1)), before[i]);
    rig_fini(&rig);
}
END_TEST

START_TEST(hops_can_be_appended)
{
    struct rig rig;
    struct rig_node *node = router(&rig);

    for (int twice = 0; twice < 2; twice++)
        for (unsigned i = 0; i < 3; i++) {
            struct ip_via via = { .iface = &node->ifaces[i].ip, .gateway = IP4(10, 0, i, 2) };
            ip_route_add_auto(&node->ip, IP4(20, 0, 0, 0), 8, &via, 1);
        }
    const struct ip_route *route = ip_route_lookup(&node->ip, IP4(20, 1, 1, 1));
    ck_assert_uint_eq(route->n_hops, 3);
    ck_assert_uint_eq(route->flags, IP_ROUTE_AUTO);
    ip_iface_fini(&node->ifaces[2].ip);
    node->n_ifaces = 2;
    route = ip_route_lookup(&node->ip, IP4(20, 1, 1, 1));
    ck_assert_uint_eq(route->n_hops, 2);
    /* A route set by hand comes before. */
    rig_route(node, IP4(20, 0, 0, 0), 8, IP4(10, 0, 1, 9));
    ck_assert_uint_eq(gateway_to(node, IP4(20, 1, 1, 1)), IP4(10, 0, 1, 9));
    ip_route_flush_auto(&node->ip);
    ck_assert_uint_eq(gateway_to(node, IP4(20, 1, 1, 1)), IP4(10, 0, 1, 9));
    ck_assert_int_eq(ip_route_remove(&node->ip, IP4(20, 0, 0, 0), 8, 0), 0);
    ck_assert_ptr_null(ip_route_lookup(&node->ip, IP4(20, 1, 1, 1)));
    rig_fini(&rig);
}
END_TEST

/* With policy 1 the ports tell flows apart; both directions of a flow have one hash. */
START_TEST(hash_policies)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    int count[3] = { 0 };

    multipath(node, 1, 1, 1);
    for (unsigned policy = 0; policy < 2; policy++) {
        memset(count, 0, sizeof count);
        for (unsigned port = 1; port <= 300; port++) {
            struct packet *packet = packet_new(rig.sim);
            struct udphdr h = { (uint16_t)port, 53, 8, 0 };
            udphdr_emit(packet_push(packet, 8), &h);
            const struct ip_dst *entry = ip_dst_get(&node->ip, IP4(20, 0, 0, 1));
            const struct neigh *n =
                ip_dst_neigh(&node->ip, entry, IP4(10, 0, 0, 9), IP_PROTO_UDP, packet, 0);
            for (int i = 0; i < 3; i++)
                count[i] += n->iface == &node->ifaces[i].ip;
            packet_consumed(packet);
        }
        if (policy == 0) {
            ck_assert_int_eq(MAX(MAX(count[0], count[1]), count[2]), 300);
            ck_assert(ip_sysctl_set(&node->ip, "net.ipv4.fib_multipath_hash_policy", "1", NULL));
        } else {
            for (int i = 0; i < 3; i++)
                ck_assert_int_ge(count[i], 60);
        }
    }
    rig_fini(&rig);
}
END_TEST

/* Policy 3 takes the fields of fib_multipath_hash_fields (ip-sysctl.rst): the destination port
 * alone here, then the source address alone. */
START_TEST(hash_fields)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    int hop[2] = { -1, -1 }, moved = 0;

    multipath(node, 1, 1, 1);
    ck_assert(ip_sysctl_set(&node->ip, "net.ipv4.fib_multipath_hash_policy", "3", NULL));
    ck_assert(ip_sysctl_set(&node->ip, "net.ipv4.fib_multipath_hash_fields", "0x20", NULL));
    for (unsigned i = 0; i < 300; i++) {
        struct packet *packet = packet_new(rig.sim);
        struct udphdr h = { (uint16_t)(1 + i), i % 2 ? 53 : 5353, 8, 0 };
        udphdr_emit(packet_push(packet, 8), &h);
        const struct ip_dst *entry = ip_dst_get(&node->ip, IP4(20, 0, 0, 1) + i);
        const struct neigh *n =
            ip_dst_neigh(&node->ip, entry, IP4(10, 0, 0, 9) + i, IP_PROTO_UDP, packet, 0);
        for (int k = 0; k < 3; k++)
            if (n->iface == &node->ifaces[k].ip) {
                moved += hop[i % 2] >= 0 && hop[i % 2] != k;
                hop[i % 2] = k;
            }
        packet_consumed(packet);
    }
    ck_assert_int_eq(moved, 0);
    ck_assert(ip_sysctl_set(&node->ip, "net.ipv4.fib_multipath_hash_fields", "1", NULL));
    for (unsigned i = 0; i < 300; i++) {
        ck_assert_int_eq(hop_of(node, IP4(10, 0, 0, 9), IP4(20, 0, 0, 1) + i),
                         hop_of(node, IP4(10, 0, 0, 9), IP4(20, 0, 0, 1)));
        moved += hop_of(node, IP4(10, 0, 0, 9) + i, IP4(20, 0, 0, 1)) !=
                 hop_of(node, IP4(10, 0, 0, 9), IP4(20, 0, 0, 1));
    }
    ck_assert_int_ge(moved, 100);
    rig_fini(&rig);
}
END_TEST

/* fib_multipath_use_neigh: a gateway that ARP has not found is passed over (Linux's fib_good_nh).
 */
START_TEST(silent_gateways_are_passed_over)
{
    struct rig rig;
    struct rig_node *node = router(&rig);
    int count[3] = { 0 };

    multipath(node, 1, 1, 1);
    ck_assert(ip_sysctl_set(&node->ip, "net.ipv4.fib_multipath_use_neigh", "1", NULL));
    neigh_get(&node->ifaces[1].ip, IP4(10, 0, 1, 2))->state = NEIGH_FAILED;
    for (unsigned i = 0; i < 300; i++)
        count[hop_of(node, IP4(10, 0, 0, 9) + i, IP4(20, 0, 0, 1))]++;
    ck_assert_int_ge(count[0], 60);
    ck_assert_int_eq(count[1], 0);
    ck_assert_int_ge(count[2], 60);
    rig_fini(&rig);
}
END_TEST

/* ---- The destination cache ---- */

START_TEST(cache_agrees_with_the_table)
{
    struct rig rig;
    struct rig_node *node = router(&rig);

    for (unsigned i = 0; i < 3000; i++) {
        rig_route(node, IP4(20, 0, 0, 0) + (i << 8), 24, IP4(10, 0, i % 3, 2));
        ip4 dst = IP4(20, 0, 0, 1) + ((i * 7919) % (i + 1) << 8);
        const struct ip_route *route = ip_route_lookup(&node->ip, dst);
        for (int twice = 0; twice < 2; twice++) {
            const struct ip_dst *entry = ip_dst_get(&node->ip, dst);
            ck_assert_uint_eq(entry->kind, IP_KIND_UNICAST);
            ck_assert_ptr_eq(entry->route, route);
            ck_assert_uint_eq(entry->neigh->addr, route->hops[0].gateway);
        }
    }
    rig_fini(&rig);
}
END_TEST

START_TEST(cache_grows_under_pressure)
{
    struct rig rig;
    struct rig_node *node = router(&rig);

    rig_route(node, 0, 0, IP4(10, 0, 0, 2));
    ck_assert_uint_eq(node->ip.cache_shift, 32);
    for (int round = 0; round < 100; round++)
        for (unsigned i = 0; i < 4; i++)
            ip_dst_get(&node->ip, IP4(20, 0, 0, 1) + i);
    ck_assert_uint_eq(node->ip.cache_shift, 29);
    for (int round = 0; round < 1000; round++)
        for (unsigned i = 0; i < 100; i++)
            ip_dst_get(&node->ip, IP4(20, 0, 0, 1) + (i << 8));
    ck_assert_uint_le(node->ip.cache_shift, 26);
    rig_fini(&rig);
}
END_TEST

START_TEST(refusing_routes)
{
    static const struct {
        uint8_t type;
        int error;
    } cases[] = { { IP_ROUTE_BLACKHOLE, EINVAL },
                  { IP_ROUTE_UNREACHABLE, EHOSTUNREACH },
                  { IP_ROUTE_PROHIBIT, EACCES } };
    struct rig rig;
    struct rig_node *node = router(&rig);
    struct ip_counters c;

    rig_route(node, 0, 0, IP4(10, 0, 0, 2));
    for (unsigned i = 0; i < 3; i++) {
        struct ip_route_spec spec = { .prefix = IP4(20, i, 0, 0),
                                      .length = 16,
                                      .type = cases[i].type };
        struct ip_tx tx = { .dst = ip_addr_of_v4(IP4(20, i, 0, 1)), .proto = 200 };
        ck_assert_int_eq(ip_route_add(&node->ip, &spec), 0);
        ck_assert_int_eq(ip_send(&node->ip, packet_new(rig.sim), &tx, NULL), cases[i].error);
    }
    ip_route_remove(&node->ip, 0, 0, 0);
    struct ip_tx nowhere = { .dst = ip_addr_of_v4(IP4(30, 0, 0, 1)), .proto = 200 };
    ck_assert_int_eq(ip_send(&node->ip, packet_new(rig.sim), &nowhere, NULL), ENETUNREACH);
    rig_counters(node, &c);
    ck_assert_uint_eq(c.IpOutNoRoutes, 1);
    ck_assert_uint_eq(rig_drops(node, &drop_blackhole), 1);
    ck_assert_uint_eq(rig_drops(node, &drop_unreachable), 1);
    ck_assert_uint_eq(rig_drops(node, &drop_prohibited), 1);
    ck_assert_uint_eq(rig_drops(node, &drop_no_route), 1);
    rig_fini(&rig);
}
END_TEST

/* An address may have a /32 of its own; a route to the same /32 does not hide it. */
START_TEST(local_routes_come_first)
{
    struct rig rig;
    struct rig_node *node = router(&rig);

    ck_assert_int_eq(ip_iface_add_address(&node->ifaces[0].ip, IP4(1, 1, 1, 1), 32), 0);
    ck_assert_int_eq(add_metric(node, IP4(1, 1, 1, 1), 32, IP4(10, 0, 1, 2), 0), 0);
    ck_assert_uint_eq(ip_dst_get(&node->ip, IP4(1, 1, 1, 1))->kind, IP_KIND_LOCAL);
    ck_assert_int_eq(ip_iface_remove_address(&node->ifaces[0].ip, IP4(1, 1, 1, 1)), 0);
    ck_assert_uint_eq(gateway_to(node, IP4(1, 1, 1, 1)), IP4(10, 0, 1, 2));
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/route", addresses_make_routes, least_metric_wins, down_interfaces_are_passed_over,
      gateways_must_be_reachable, flows_spread_by_weight_and_stay, dead_hops_get_no_flows,
      hops_can_be_appended, hash_policies, hash_fields, silent_gateways_are_passed_over,
      cache_agrees_with_the_table, cache_grows_under_pressure, refusing_routes,
      local_routes_come_first)

/* Interfaces: addresses, subnets, groups, sources. */
#include "protocols/ip/iface.h"

#include <errno.h>

#include "tests/support/iprig.h"
#include "tests/support/suite.h"

START_TEST(several_addresses)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);
    struct ip_iface *iface = &rig_iface(&rig, node, 0, 0)->ip;
    ip4 addr;
    int length;

    ck_assert(!ip_iface_address(iface, &addr));
    for (unsigned i = 1; i <= 4; i++)
        ck_assert_int_eq(ip_iface_add_address(iface, IP4(10, 0, i, 1), 24), 0);
    ck_assert_int_eq(ip_iface_add_address(iface, IP4(10, 0, 2, 1), 24), EEXIST);
    ck_assert(ip_iface_address(iface, &addr));
    ck_assert_uint_eq(addr, IP4(10, 0, 1, 1));
    ck_assert(ip_iface_address_at(iface, 3, &addr, &length));
    ck_assert_uint_eq(addr, IP4(10, 0, 4, 1));
    ck_assert_int_eq(length, 24);
    ck_assert(!ip_iface_address_at(iface, 4, &addr, &length));
    ck_assert(!ip_iface_address_at(iface, -1, &addr, &length));
    ck_assert_int_eq(ip_iface_remove_address(iface, IP4(10, 0, 9, 1)), EADDRNOTAVAIL);
    for (unsigned i = 1; i <= 4; i++) {
        ck_assert(ip_is_local(&node->ip, IP4(10, 0, i, 1)));
        ck_assert_int_eq(ip_iface_remove_address(iface, IP4(10, 0, i, 1)), 0);
        ck_assert(!ip_is_local(&node->ip, IP4(10, 0, i, 1)));
    }
    ck_assert_uint_eq(iface->n_addrs, 0);
    rig_fini(&rig);
}
END_TEST

/* RFC 1122 3.2.1.3 */
START_TEST(impossible_addresses)
{
    static const ip4 bad[] = { 0, 0x00000001, 0xe0000001, 0xffffffff };
    struct rig rig;
    rig_init(&rig, 1);
    struct ip_iface *iface = &rig_iface(&rig, rig_node(&rig), 0, 0)->ip;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(ip_iface_add_address(iface, bad[i], 24), EINVAL);
    ck_assert_int_eq(ip_iface_add_address(iface, IP4(10, 0, 0, 1), 33), EINVAL);
    ck_assert_int_eq(ip_iface_add_address(iface, IP4(10, 0, 0, 1), -1), EINVAL);
    rig_fini(&rig);
}
END_TEST

START_TEST(two_addresses_of_a_subnet_share_its_route)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);
    struct ip_iface *a = &rig_iface(&rig, node, IP4(10, 0, 0, 1), 24)->ip;
    struct ip_iface *b = &rig_iface(&rig, node, 0, 0)->ip;

    ip_iface_add_address(a, IP4(10, 0, 0, 2), 24);
    ip_iface_add_address(b, IP4(10, 0, 0, 3), 24); /* a second card in the same subnet */
    ck_assert_ptr_eq(ip_route_lookup(&node->ip, IP4(10, 0, 0, 9))->hops[0].iface, a);
    ip_iface_remove_address(a, IP4(10, 0, 0, 1));
    ck_assert_ptr_eq(ip_route_lookup(&node->ip, IP4(10, 0, 0, 9))->hops[0].iface, a);
    ip_iface_remove_address(a, IP4(10, 0, 0, 2));
    ck_assert_ptr_eq(ip_route_lookup(&node->ip, IP4(10, 0, 0, 9))->hops[0].iface, b);
    rig_fini(&rig);
}
END_TEST

START_TEST(removing_an_address_removes_its_gateways)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);
    struct ip_iface *iface = &rig_iface(&rig, node, IP4(10, 0, 0, 1), 24)->ip;

    ip_iface_add_address(iface, IP4(10, 0, 1, 1), 24);
    rig_route(node, 0, 0, IP4(10, 0, 0, 9));
    rig_route(node, IP4(20, 0, 0, 0), 8, IP4(10, 0, 1, 9));
    ip_iface_remove_address(iface, IP4(10, 0, 0, 1));
    ck_assert_ptr_null(ip_route_lookup(&node->ip, IP4(30, 0, 0, 1)));
    ck_assert_ptr_nonnull(ip_route_lookup(&node->ip, IP4(20, 0, 0, 1)));
    rig_fini(&rig);
}
END_TEST

/* The source towards a neighbour is the address of its subnet (RFC 1122 3.3.4.3). */
START_TEST(sources)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);
    struct ip_iface *a = &rig_iface(&rig, node, IP4(10, 0, 0, 1), 24)->ip;
    struct ip_iface *b = &rig_iface(&rig, node, 0, 0)->ip;
    struct ip_addr dst = ip_addr_of_v4(IP4(10, 0, 1, 9)), src;
    uint32_t mtu;

    ip_iface_add_address(a, IP4(10, 0, 1, 1), 24);
    ck_assert_uint_eq(ip_iface_source(a, IP4(10, 0, 1, 7)), IP4(10, 0, 1, 1));
    ck_assert_uint_eq(ip_iface_source(a, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 1));
    ck_assert_uint_eq(ip_iface_source(b, IP4(20, 0, 0, 1)), IP4(10, 0, 0, 1)); /* unnumbered */
    ck_assert(ip_route_query(&node->ip, &dst, &src, &mtu));
    ck_assert_uint_eq(ip_addr_v4(&src), IP4(10, 0, 1, 1));
    ck_assert_uint_eq(mtu, 1500);
    ip_iface_set_mtu(a, 9000);
    ck_assert(ip_route_query(&node->ip, &dst, &src, &mtu));
    ck_assert_uint_eq(mtu, 9000);
    ip_iface_set_mtu(a, 10); /* RFC 791 3.2: every link carries 68 bytes */
    ck_assert_uint_eq(a->mtu, 68);
    dst = ip_addr_of_v4(IP4(30, 0, 0, 1));
    ck_assert(!ip_route_query(&node->ip, &dst, &src, &mtu));
    rig_fini(&rig);
}
END_TEST

START_TEST(broadcast_addresses)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);
    struct ip_iface *iface = &rig_iface(&rig, node, IP4(10, 0, 0, 1), 24)->ip;

    ip_iface_add_address(iface, IP4(10, 9, 0, 0), 31); /* RFC 3021: no broadcast */
    ck_assert(ip_iface_broadcasts(iface, IP4(10, 0, 0, 255)));
    ck_assert(ip_iface_broadcasts(iface, 0xffffffff));
    ck_assert(!ip_iface_broadcasts(iface, IP4(10, 9, 0, 1)));
    ck_assert(!ip_iface_broadcasts(iface, IP4(10, 0, 1, 255)));
    ck_assert_uint_eq(ip_dst_get(&node->ip, IP4(10, 0, 0, 255))->kind, IP_KIND_BROADCAST);
    ck_assert_uint_eq(ip_dst_get(&node->ip, IP4(10, 9, 0, 1))->kind, IP_KIND_UNICAST);
    rig_fini(&rig);
}
END_TEST

START_TEST(groups)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct ip_iface *iface = &rig_iface(&rig, rig_node(&rig), IP4(10, 0, 0, 1), 24)->ip;

    ck_assert(ip_iface_joined(iface, 0xe0000001)); /* all hosts: RFC 1112 4 */
    ck_assert(!ip_iface_joined(iface, 0xe0000005));
    ip_iface_join(iface, 0xe0000005);
    ip_iface_join(iface, 0xe0000005);
    ip_iface_join(iface, 0xe0000006);
    ck_assert(ip_iface_leave(iface, 0xe0000005));
    ck_assert(ip_iface_joined(iface, 0xe0000005)); /* by the other user */
    ck_assert(ip_iface_leave(iface, 0xe0000005));
    ck_assert(!ip_iface_leave(iface, 0xe0000005));
    ck_assert(!ip_iface_joined(iface, 0xe0000005));
    ck_assert(ip_iface_joined(iface, 0xe0000006));
    rig_fini(&rig);
}
END_TEST

/* What an idle host costs: stack, interface, trie and three routes. */
START_TEST(an_idle_host_is_small)
{
    struct rig rig;
    rig_init(&rig, 1);
    struct rig_node *node = rig_node(&rig);

    rig_iface(&rig, node, IP4(10, 0, 0, 1), 30);
    rig_route(node, 0, 0, IP4(10, 0, 0, 2));
    ck_assert_ptr_null(node->ip.state);
    ck_assert_uint_eq(node->ip.cache_shift, 32);
    size_t bytes = sizeof node->ip + sizeof(struct ip_iface) +
                   node->ip.fib.capacity * sizeof(struct fib_node) + 3 * sizeof(struct ip_route) +
                   2 * sizeof(struct ip_hop);
    ck_assert_uint_le(bytes, 512);
    rig_fini(&rig);
}
END_TEST

SUITE("protocols/iface", several_addresses, impossible_addresses,
      two_addresses_of_a_subnet_share_its_route, removing_an_address_removes_its_gateways, sources,
      broadcast_addresses, groups, an_idle_host_is_small)

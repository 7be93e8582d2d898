/* Automatic addresses and routes. */
#include "models/node/topology.h"

#include "models/node/switch.h"
#include "protocols/ip/route.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

static struct node *host(struct network *net, const char *name)
{
    return network_add_node(net, name, NODE_HOST, NULL);
}

static struct node *router(struct network *net, const char *name)
{
    return network_add_node(net, name, NODE_ROUTER, NULL);
}

static struct link *cable(struct network *net, struct node *a, struct node *b)
{
    struct link *link = network_add_link(net, a, b, NULL, NULL);
    ck_assert_ptr_nonnull(link);
    return link;
}

static ip4 address_of(const struct iface *iface)
{
    ip4 v4 = 0;
    ck_assert(ip_iface_address(&iface->ip, &v4));
    return v4;
}

static void finish(struct network *net)
{
    network_free(net);
}

/* Follows the routes from `from` to the address; the number of links crossed, or -1. */
static int hops_to(struct network *net, const struct node *from, ip4 to)
{
    for (int hops = 0; hops < 100; hops++) {
        const struct ip_route *route = ip_route_lookup(&from->ip, to);
        if (!route)
            return -1;
        if (route->type == IP_ROUTE_LOCAL)
            return hops;
        const struct iface *out = container_of(route->hops[0].iface, struct iface, ip);
        from = out->peer->node;
    }
    return -1;
}

START_TEST(chain_is_reachable_end_to_end)
{
    struct network *net = network_new("t", 1);
    struct node *a = host(net, "a"), *b = host(net, "b");
    struct node *r[5];
    char name[8];

    for (int i = 0; i < 5; i++) {
        g_snprintf(name, sizeof name, "r%d", i);
        r[i] = router(net, name);
        if (i > 0)
            cable(net, r[i - 1], r[i]);
    }
    struct link *first = cable(net, a, r[0]), *last = cable(net, r[4], b);
    network_prepare(net);
    ck_assert_int_eq(hops_to(net, a, address_of(last->b)), 6);
    ck_assert_int_eq(hops_to(net, b, address_of(first->a)), 6);
    ck_assert_int_eq(hops_to(net, r[2], address_of(first->a)), 3);
    ck_assert_int_eq(hops_to(net, r[2], address_of(r[3]->ifaces[0])), 1);
    finish(net);
}
END_TEST

START_TEST(ring_takes_the_shorter_way)
{
    struct network *net = network_new("t", 1);
    struct node *r[6];
    char name[8];

    for (int i = 0; i < 6; i++) {
        g_snprintf(name, sizeof name, "r%d", i);
        r[i] = router(net, name);
    }
    for (int i = 0; i < 6; i++)
        cable(net, r[i], r[(i + 1) % 6]);
    struct node *h = host(net, "h");
    struct link *stub = cable(net, r[2], h);
    network_prepare(net);
    ck_assert_int_eq(hops_to(net, r[0], address_of(stub->b)), 3);
    ck_assert_int_eq(hops_to(net, r[3], address_of(stub->b)), 2);
    /* Opposite of r2 is r5: both ways are as long. */
    const struct ip_route *route = ip_route_lookup(&r[5]->ip, address_of(stub->b));
    ck_assert_uint_eq(route->n_hops, 2);
    finish(net);
}
END_TEST

START_TEST(no_path_leads_through_a_host)
{
    struct network *net = network_new("t", 1);
    struct node *r1 = router(net, "r1"), *r2 = router(net, "r2"), *h = host(net, "h");

    cable(net, r1, h);
    struct link *far = cable(net, h, r2);
    struct node *d = host(net, "d");
    struct link *stub = cable(net, r2, d);
    network_prepare(net);
    ck_assert_int_eq(hops_to(net, r1, address_of(stub->b)), -1);
    ck_assert_int_eq(hops_to(net, h, address_of(stub->b)), 2);
    ck_assert_int_eq(hops_to(net, h, address_of(far->b)), 1);
    finish(net);
}
END_TEST

START_TEST(addresses_follow_names)
{
    struct network *one = network_new("t", 1), *two = network_new("t", 1);
    struct link *ab1 = cable(one, host(one, "a"), host(one, "b"));
    struct link *cd1 = cable(one, host(one, "c"), host(one, "d"));
    /* The other way round, and with more around them. */
    struct node *x = host(two, "x"), *y = host(two, "y");
    struct link *cd2 = cable(two, host(two, "c"), host(two, "d"));
    cable(two, x, y);
    struct link *ab2 = cable(two, host(two, "a"), host(two, "b"));

    network_prepare(one);
    network_prepare(two);
    ck_assert_uint_eq(address_of(ab1->a), address_of(ab2->a));
    ck_assert_uint_eq(address_of(ab1->b), address_of(ab2->b));
    ck_assert_uint_eq(address_of(cd1->a), address_of(cd2->a));
    ck_assert_uint_ne(address_of(ab1->a), address_of(cd1->a));
    ck_assert_mem_eq(&ab1->a->ip.mac, &ab2->a->ip.mac, 6);
    ck_assert_mem_ne(&ab1->a->ip.mac, &cd1->a->ip.mac, 6);
    ck_assert_uint_eq(address_of(ab1->a) >> 24, 10);
    finish(one);
    finish(two);
}
END_TEST

static struct node *lan(struct network *net, const char *name)
{
    return network_add_node(net, name, NODE_SWITCH, NULL);
}

static ip4 prefix_of(const struct iface *iface)
{
    ip4 addr;
    int length;

    ck_assert(ip_iface_address_at(&iface->ip, 0, &addr, &length));
    ck_assert_int_eq(length, 24);
    return addr & ip4_mask(length);
}

/* Hosts on two switches, and a router to elsewhere. */
START_TEST(a_switched_segment_is_one_subnet)
{
    struct network *net = network_new("t", 1);
    struct node *s1 = lan(net, "s1"), *s2 = lan(net, "s2"), *r = router(net, "r");
    struct node *h[3] = { host(net, "h1"), host(net, "h2"), host(net, "h3") };
    struct node *far = host(net, "far");

    cable(net, s1, s2);
    cable(net, h[0], s1);
    cable(net, h[1], s2);
    cable(net, s2, h[2]);
    cable(net, r, s1);
    struct link *stub = cable(net, r, far);
    network_prepare(net);
    ip4 prefix = prefix_of(h[0]->ifaces[0]);
    ck_assert_uint_eq(prefix >> 20, 172 << 4 | 1); /* 172.16.0.0/12 */
    ck_assert_uint_eq(prefix_of(h[1]->ifaces[0]), prefix);
    ck_assert_uint_eq(prefix_of(h[2]->ifaces[0]), prefix);
    ck_assert_uint_eq(prefix_of(r->ifaces[0]), prefix);
    ck_assert_uint_ne(address_of(h[0]->ifaces[0]), address_of(h[1]->ifaces[0]));
    ip4 none;
    ck_assert(!ip_iface_address(&s1->ifaces[0]->ip, &none));
    /* h1 sends to its router; far finds the way back by its own. */
    const struct ip_route *route = ip_route_lookup(&h[0]->ip, address_of(stub->b));
    ck_assert_uint_eq(route->hops[0].gateway, address_of(r->ifaces[0]));
    ck_assert_ptr_nonnull(ip_route_lookup(&far->ip, address_of(h[2]->ifaces[0])));
    finish(net);
}
END_TEST

/* One more host, made first, renumbers nobody. */
START_TEST(addresses_in_a_segment_follow_names)
{
    struct network *one = network_new("t", 1), *two = network_new("t", 1);
    struct node *s1 = lan(one, "s"), *x = host(two, "x"), *s2 = lan(two, "s");

    cable(two, x, s2);
    struct link *a1 = cable(one, host(one, "a"), s1), *b1 = cable(one, host(one, "b"), s1);
    struct link *b2 = cable(two, host(two, "b"), s2), *a2 = cable(two, host(two, "a"), s2);
    network_prepare(one);
    network_prepare(two);
    ck_assert_uint_eq(address_of(a1->a), address_of(a2->a));
    ck_assert_uint_eq(address_of(b1->a), address_of(b2->a));
    finish(one);
    finish(two);
}
END_TEST

START_TEST(open_addresses_join_those_that_are_set)
{
    struct network *net = network_new("t", 1);
    struct node *s = lan(net, "s");
    struct link *a = cable(net, host(net, "a"), s), *b = cable(net, host(net, "b"), s);

    ip_iface_add_address(&a->a->ip, 0xc0a80101, 24); /* 192.168.1.1 */
    network_prepare(net);
    ck_assert_uint_eq(prefix_of(b->a), 0xc0a80100);
    ck_assert_uint_ne(address_of(b->a), 0xc0a80101);
    finish(net);
}
END_TEST

START_TEST(two_routers_in_a_segment_are_both_gateways)
{
    struct network *net = network_new("t", 1);
    struct node *s = lan(net, "s"), *r1 = router(net, "r1"), *r2 = router(net, "r2");
    struct node *h = host(net, "h"), *both = host(net, "both"), *one = host(net, "one");

    cable(net, h, s);
    cable(net, r1, s);
    cable(net, r2, s);
    struct link *l1 = cable(net, r1, both), *only = cable(net, r2, one);
    cable(net, r2, both);
    network_prepare(net);
    const struct ip_route *route = ip_route_lookup(&h->ip, address_of(only->b));
    ck_assert_uint_eq(route->n_hops, 1);
    ck_assert_uint_eq(route->hops[0].gateway, address_of(r2->ifaces[0]));
    route = ip_route_lookup(&h->ip, address_of(l1->b));
    ck_assert_uint_eq(route->hops[0].gateway, address_of(r1->ifaces[0]));
    ck_assert_int_eq(ip_route_lookup(&r1->ip, address_of(only->b))->n_hops, 1);
    finish(net);
}
END_TEST

START_TEST(vlans_are_segments_apart)
{
    struct network *net = network_new("t", 1);
    struct node *s1 = lan(net, "s1"), *s2 = lan(net, "s2");
    struct link *h[4] = { cable(net, host(net, "a"), s1), cable(net, host(net, "b"), s1),
                          cable(net, host(net, "c"), s2), cable(net, host(net, "d"), s2) };
    struct link *trunk = cable(net, s1, s2);
    struct vlan_set vids = { { 0 } };
    struct vlan_port rules;

    for (int i = 0; i < 4; i++) {
        vlan_port_access(&rules, i & 1 ? 20 : 10);
        switch_set_vlan(switch_port_of(h[i]->b), &rules);
    }
    vlan_set_add(&vids, 10);
    vlan_port_trunk(&rules, &vids, VLAN_NONE);
    switch_set_vlan(switch_port_of(trunk->a), &rules);
    switch_set_vlan(switch_port_of(trunk->b), &rules);
    network_prepare(net);
    ck_assert_uint_eq(prefix_of(h[0]->a), prefix_of(h[2]->a)); /* a, c: VLAN 10 on the trunk */
    ip4 none;
    ck_assert(!ip_iface_address(&h[1]->a->ip, &none)); /* b, d: alone in theirs */
    ck_assert(!ip_iface_address(&h[3]->a->ip, &none));
    vlan_set_add(&vids, 20);
    vlan_port_trunk(&rules, &vids, VLAN_NONE);
    switch_set_vlan(switch_port_of(trunk->a), &rules);
    switch_set_vlan(switch_port_of(trunk->b), &rules);
    network_prepare(net);
    ck_assert_uint_eq(prefix_of(h[1]->a), prefix_of(h[3]->a));
    ck_assert_uint_ne(prefix_of(h[0]->a), prefix_of(h[1]->a));
    finish(net);
}
END_TEST

START_TEST(all_addresses_are_different)
{
    enum { N = 3000 };
    struct network *net = network_new("t", 1);
    struct node *hub = router(net, "hub");
    GHashTable *seen = g_hash_table_new(NULL, NULL);
    char name[16];

    for (int i = 0; i < N; i++) {
        g_snprintf(name, sizeof name, "h%d", i);
        cable(net, host(net, name), hub);
    }
    network_prepare(net);
    for (guint i = 0; i < net->links->len; i++) {
        struct link *link = net->links->pdata[i];
        g_hash_table_add(seen, GUINT_TO_POINTER(address_of(link->a)));
        g_hash_table_add(seen, GUINT_TO_POINTER(address_of(link->b)));
        ck_assert_ptr_eq(g_hash_table_lookup(net->by_addr, GUINT_TO_POINTER(address_of(link->a))),
                         link->a);
    }
    ck_assert_uint_eq(g_hash_table_size(seen), 2 * N);
    g_hash_table_destroy(seen);
    finish(net);
}
END_TEST

START_TEST(given_addresses_are_respected)
{
    struct network *net = network_new("t", 1);
    struct node *a = host(net, "a"), *b = host(net, "b"), *r = router(net, "r");
    struct link *l1 = cable(net, a, r), *l2 = cable(net, r, b);

    ip_iface_add_address(&l1->a->ip, 0xc0a80102, 24); /* 192.168.1.2 */
    ip_iface_add_address(&l1->b->ip, 0xc0a80101, 24);
    network_prepare(net);
    ck_assert_uint_eq(address_of(l1->a), 0xc0a80102);
    ck_assert_int_eq(hops_to(net, b, 0xc0a80102), 2);
    ck_assert_int_eq(hops_to(net, a, address_of(l2->b)), 2);
    finish(net);
}
END_TEST

/* A way of the scenario's own making leads where it says: automatic routes are more specific. */
START_TEST(a_node_with_a_static_route_has_no_automatic_ones)
{
    struct network *net = network_new("t", 1);
    struct node *a = host(net, "a"), *r = router(net, "r"), *s = router(net, "s");
    struct node *b = host(net, "b");
    struct link *ar = cable(net, a, r), *rb = cable(net, r, b), *rs = cable(net, r, s);
    struct link *sb = cable(net, s, b);
    struct link *far = cable(net, s, host(net, "far"));

    topology_address(net);
    struct ip_via via = { .gateway = address_of(rb->b) };
    ck_assert_int_eq(ip_route_add(&r->ip, &(struct ip_route_spec){ .n_vias = 1, .vias = &via }), 0);
    network_prepare(net);
    const struct ip_route *route = ip_route_lookup(&r->ip, address_of(far->b));
    ck_assert_int_eq(route->length, 0);
    ck_assert_ptr_eq(route->hops[0].iface, &rb->a->ip);
    ck_assert_int_eq(hops_to(net, r, address_of(rs->b)), 1); /* connected */
    ck_assert_int_eq(hops_to(net, a, address_of(ar->b)), 1);
    ck_assert_int_eq(hops_to(net, s, address_of(ar->a)), 2); /* others keep theirs */
    ck_assert_int_eq(hops_to(net, s, address_of(sb->b)), 1);
    finish(net);
}
END_TEST

/* A ring of four with a host at r0: what happens at `cut` of the link r0-r1, seen from r1. */
static int hops_around(struct network *net, enum autoroute mode, enum link_state cut, bool mend)
{
    struct node *r[4], *h = host(net, "h");
    char name[8];

    net->autoroute = mode;
    for (int i = 0; i < 4; i++) {
        g_snprintf(name, sizeof name, "r%d", i);
        r[i] = router(net, name);
    }
    struct link *stub = cable(net, r[0], h), *first = cable(net, r[0], r[1]);
    for (int i = 1; i < 4; i++)
        cable(net, r[i], r[(i + 1) % 4]);
    network_run(net, SIM_S);
    ck_assert_int_eq(hops_to(net, r[1], address_of(stub->b)), 2);
    iface_set_link(first->a, cut);
    network_run(net, 2 * SIM_S);
    if (mend)
        iface_set_link(first->a, LINK_UP);
    network_run(net, 3 * SIM_S);
    return hops_to(net, r[1], address_of(stub->b));
}

START_TEST(live_routes_go_round_what_is_down)
{
    static const struct {
        enum autoroute mode;
        enum link_state cut;
        bool mend;
        int hops;
    } cases[] = {
        { AUTOROUTE_LIVE, LINK_DOWN, false, 4 },    /* r1 r2 r3 r0 h */
        { AUTOROUTE_LIVE, LINK_DOWN, true, 2 },     /* and back */
        { AUTOROUTE_LIVE, LINK_SILENT, false, 2 },  /* nobody noticed */
        { AUTOROUTE_INITIAL, LINK_DOWN, false, 2 }, /* they stay as they were */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct network *net = network_new("t", 1);
        ck_assert_int_eq(hops_around(net, cases[i].mode, cases[i].cut, cases[i].mend),
                         cases[i].hops);
        ck_assert(!event_pending(&net->reroute));
        finish(net);
    }
}
END_TEST

/* Two cables side by side: the subnets of both have the same routers, but one is cut off. */
START_TEST(live_routes_know_parallel_cables_apart)
{
    struct network *net = network_new("t", 1);
    struct node *a = router(net, "a"), *b = router(net, "b"), *c = router(net, "c");

    net->autoroute = AUTOROUTE_LIVE;
    struct link *ab = cable(net, a, b), *spare = cable(net, a, b);
    cable(net, b, c);
    network_run(net, SIM_S);
    iface_set_link(ab->a, LINK_DOWN);
    network_run(net, 2 * SIM_S);
    const struct ip_route *route = ip_route_lookup(&c->ip, address_of(spare->a));
    ck_assert_ptr_nonnull(route);
    ck_assert_ptr_null(ip_route_lookup(&c->ip, address_of(ab->a)));
    /* A host's own cable counts, and so does one that was switched off. */
    iface_set_up(spare->b, false);
    network_run(net, 3 * SIM_S);
    ck_assert_ptr_null(ip_route_lookup(&c->ip, address_of(spare->a)));
    iface_set_up(spare->b, true);
    iface_set_link(ab->a, LINK_UP);
    network_run(net, 4 * SIM_S);
    ck_assert_int_eq(hops_to(net, c, address_of(ab->a)), 2);
    finish(net);
}
END_TEST

START_TEST(mistakes_are_refused)
{
    struct network *net = network_new("t", 1), *other = network_new("u", 1);
    struct node *a = host(net, "a"), *b = host(net, "b"), *stranger = host(other, "s");
    GError *error = NULL;

    ck_assert_ptr_null(network_add_node(net, "a", NODE_HOST, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "\"a\" is used already"));
    g_clear_error(&error);
    ck_assert_ptr_null(network_add_link(net, a, stranger, NULL, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "another network"));
    g_clear_error(&error);
    ck_assert_str_eq(cable(net, a, b)->name, "a-b");
    ck_assert_str_eq(cable(net, a, b)->name, "a-b-2");
    finish(net);
    finish(other);
}
END_TEST

SUITE("models/topology", chain_is_reachable_end_to_end, ring_takes_the_shorter_way,
      no_path_leads_through_a_host, addresses_follow_names, a_switched_segment_is_one_subnet,
      addresses_in_a_segment_follow_names, open_addresses_join_those_that_are_set,
      two_routers_in_a_segment_are_both_gateways, vlans_are_segments_apart,
      all_addresses_are_different, given_addresses_are_respected,
      a_node_with_a_static_route_has_no_automatic_ones, live_routes_go_round_what_is_down,
      live_routes_know_parallel_cables_apart, mistakes_are_refused)

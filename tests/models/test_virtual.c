/* Interfaces without a cable: VLANs on hosts and routers, and a switch's own. */
#include "models/node/virtual.h"

#include "models/node/segment.h"
#include "tests/support/lan.h"
#include "tests/support/suite.h"

static const uint8_t tagged_10[] = { 0x81, 0x00, 0x00, 0x0a }; /* 802.1Q: TPID 8100, VLAN 10 */

static struct iface *vlan_on(struct iface *lower, uint16_t vid)
{
    struct iface *iface = virtual_add(lower->node, lower, vid, NULL);

    ck_assert_ptr_nonnull(iface);
    return iface;
}

/* A frame of `from`'s host to the other end, with a tag if `vid` is not VLAN_NONE. */
static void send_tagged(struct network *net, struct iface *from, uint16_t vid)
{
    struct packet *frame = lan_make(net, &from->ip.mac, &from->peer->ip.mac, 60);

    if (vid != VLAN_NONE)
        vlan_push(frame, VLAN_TPID_C, vlan_tci(0, vid));
    link_send(&from->tx, frame);
    net_run(net, net->sim->now + SIM_MS);
}

/* 802.1Q 9.3: a tag of four bytes behind the addresses; the address and the MTU are those of the
 * interface below (Linux's vlan devices). */
START_TEST(frames_bear_the_tag)
{
    struct network *net = network_new("t", 1);
    struct node *a = net_host(net, "a"), *b = net_host(net, "b");
    struct link *link = net_link(net, a, b, 1000000000, SIM_US);
    struct lan_station b_port = {
        .iface = link->b, .tap = { .frame = lan_frame, .directions = TAP_IN, .to = SIM_NEVER }
    };

    struct iface *va = vlan_on(link->a, 10), *vb = vlan_on(link->b, 10);
    ck_assert_str_eq(va->ip.name, "eth1.10");
    ck_assert_mem_eq(va->ip.mac.b, link->a->ip.mac.b, 6);
    ck_assert_uint_eq(va->ip.mtu, link->a->ip.mtu);
    ip_iface_add_address(&va->ip, 0x0a000a01, 24);
    ip_iface_add_address(&vb->ip, 0x0a000a02, 24);
    iface_tap(link->b, &b_port.tap);
    struct app *ping = net_app(net, "ping", a, b);
    ping->to = (struct endpoint){ .node = b, .iface = vb };
    net_set(ping, "count", "3");
    net_arm(ping);
    net_run(net, 4 * SIM_S); /* the last frame is a request: neighbours are asked after 5 s */
    ck_assert_double_eq(net_result(ping, "received"), 3);
    ck_assert_mem_eq(b_port.bytes + 12, tagged_10, sizeof tagged_10);
    ck_assert_uint_eq(b_port.length, 14 + 4 + 20 + 8 + 56);
    ck_assert_uint_eq(vb->rx_packets, b_port.received);
    net_end(net);
}
END_TEST

/* A frame without a tag, with that of another VLAN, or with VLAN 0 (priority alone, which is the
 * interface's own) does not come in by it. */
START_TEST(other_frames_stay_out)
{
    static const struct {
        uint16_t vid;
        unsigned in_vlan;
    } cases[] = { { 10, 1 }, { 11, 0 }, { VLAN_PRIORITY, 0 }, { VLAN_NONE, 0 } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct network *net = network_new("t", 1);
        struct link *link =
            net_link(net, net_host(net, "a"), net_host(net, "b"), 1000000000, SIM_US);
        struct iface *vb = vlan_on(link->b, 10);
        send_tagged(net, link->a, cases[i].vid);
        ck_assert_uint_eq(link->b->rx_packets, 1);
        ck_assert_uint_eq(vb->rx_packets, cases[i].in_vlan);
        net_end(net);
    }
}
END_TEST

/* Each length at which a tagged frame may be cut off. */
START_TEST(truncated_frames_are_counted_drops)
{
    struct network *net = network_new("t", 1);
    struct link *link = net_link(net, net_host(net, "a"), net_host(net, "b"), 1000000000, SIM_US);

    vlan_on(link->b, 10);
    for (uint32_t length = ETH_LEN; length < ETH_LEN + VLAN_TAG_LEN; length++) {
        struct packet *frame = lan_make(net, &link->a->ip.mac, &link->b->ip.mac, length);
        uint8_t *header = packet_data(frame);
        memcpy(header + 12, tagged_10, 2);
        uint64_t before = drops_total(&link->b->drops)->value;
        link_send(&link->a->tx, frame);
        net_run(net, net->sim->now + SIM_MS);
        ck_assert_uint_eq(drops_total(&link->b->drops)->value, before + 1);
    }
    net_end(net);
}
END_TEST

/* Two of one number on one interface are a mistake; on two interfaces they are two VLANs. */
START_TEST(one_of_a_number)
{
    struct network *net = network_new("t", 1);
    struct node *r = net_router(net, "r");
    struct link *first = net_link(net, r, net_host(net, "a"), 1000000000, SIM_US);
    struct link *second = net_link(net, r, net_host(net, "b"), 1000000000, SIM_US);
    GError *error = NULL;

    struct iface *v = vlan_on(first->a, 10);
    vlan_on(second->a, 10);
    ck_assert_ptr_null(virtual_add(r, first->a, 10, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "eth1.10 already"));
    g_error_free(error);
    ck_assert_ptr_eq(virtual_lower(v), first->a);
    net_end(net);
}
END_TEST

/* It goes up and down with what it stands on. */
START_TEST(state_follows_the_interface_below)
{
    struct network *net = network_new("t", 1);
    struct link *link = net_link(net, net_host(net, "a"), net_host(net, "b"), 1000000000, SIM_US);
    struct iface *v = vlan_on(link->a, 10);

    ck_assert(iface_running(v));
    iface_set_link(link->a, LINK_DOWN);
    ck_assert(!iface_running(v));
    iface_set_link(link->a, LINK_UP);
    ck_assert(iface_running(v));
    iface_set_up(link->a, false);
    ck_assert(!v->ip.up && !iface_running(v));
    iface_set_up(link->a, true);
    ck_assert(v->ip.up && iface_running(v));
    net_end(net);
}
END_TEST

/* A switch that is in two VLANs itself routes between them. */
START_TEST(a_switch_in_two_vlans_forwards)
{
    struct network *net = network_new("t", 1);
    struct node *sw = lan_switch(net, "sw");
    struct lan_station s[2];

    for (int i = 0; i < 2; i++) {
        struct vlan_port rules;
        lan_join(&s[i], net, sw, i == 0 ? "a" : "b");
        vlan_port_access(&rules, (uint16_t)(10 + i));
        switch_set_vlan(lan_port(&s[i]), &rules);
        ck_assert(sw->ip.forwarding == false);
        ck_assert_ptr_nonnull(virtual_add(sw, NULL, (uint16_t)(10 + i), NULL));
    }
    ck_assert(sw->ip.forwarding);
    ck_assert_ptr_nonnull(virtual_in(sw, 11));
    ck_assert_ptr_null(virtual_in(sw, 12));
    struct app *ping = net_app(net, "ping", s[0].iface->node, s[1].iface->node);
    net_set(ping, "count", "3");
    net_arm(ping);
    net_run(net, 10 * SIM_S);
    ck_assert_double_eq(net_result(ping, "received"), 3);
    ck_assert_double_eq(net_result(ping, "ttl"), 63);
    net_end(net);
}
END_TEST

SUITE("models/node/virtual", frames_bear_the_tag, other_frames_stay_out,
      truncated_frames_are_counted_drops, one_of_a_number, state_follows_the_interface_below,
      a_switch_in_two_vlans_forwards)

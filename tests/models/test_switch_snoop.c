/* Snooping on a switch: frames with and without tags, of every length. */
#include "models/node/switch_snoop.h"
#include "tests/support/lan.h"
#include "tests/support/suite.h"

#define GROUP 0xef010101u

enum { N = 4 };

struct rig {
    struct network *net;
    struct node *sw;
    struct lan_station s[N]; /* a, b, c, d */
};

static void rig_init(struct rig *rig)
{
    static const char *const names[N] = { "a", "b", "c", "d" };
    struct snoop_config config = { 0 };

    rig->net = network_new("t", 1);
    rig->net->autoroute = AUTOROUTE_OFF;
    rig->sw = lan_switch(rig->net, "s1");
    for (int i = 0; i < N; i++)
        lan_join(&rig->s[i], rig->net, rig->sw, names[i]);
    param_defaults(snoop_params, &config);
    switch_snoop_start(switch_of(rig->sw), &config);
}

static struct packet *message(struct rig *rig, unsigned from, uint8_t type, ip4 group)
{
    struct igmp igmp = { type, 100, group };
    ip4 dst = group ? group : IGMP_ALL_HOSTS;
    struct packet *frame = igmp_datagram(rig->net->sim, 0x0a000001 + from, dst, &igmp);
    struct eth eth = { eth_addr_of_group(dst), rig->s[from].iface->ip.mac, ETH_TYPE_IPV4 };

    eth_emit(packet_push(frame, ETH_LEN), &eth);
    return frame;
}

/* What looks like a datagram to the group, of another protocol than IGMP. */
static struct packet *datagram(struct rig *rig, unsigned from, ip4 group)
{
    struct packet *frame = message(rig, from, IGMP_V2_REPORT, group);
    uint8_t *ip = packet_data(frame) + ETH_LEN;

    ipv4_at(ip)->proto = IP_PROTO_UDP;
    ipv4_finish(ip);
    return frame;
}

static void say(struct rig *rig, unsigned from, struct packet *frame)
{
    link_send(&rig->s[from].iface->tx, frame);
    net_run(rig->net, rig->net->sim->now + SIM_MS);
}

START_TEST(members_hear_and_others_do_not)
{
    struct rig rig;

    rig_init(&rig);
    say(&rig, 0, datagram(&rig, 0, GROUP));
    lan_expect(rig.s, N, "b:1 c:1 d:1"); /* nobody asks: as without snooping */
    say(&rig, 3, message(&rig, 3, IGMP_QUERY, 0));
    lan_expect(rig.s, N, "a:1 b:1 c:1");
    say(&rig, 1, message(&rig, 1, IGMP_V2_REPORT, GROUP));
    lan_expect(rig.s, N, "d:1");
    say(&rig, 0, datagram(&rig, 0, GROUP));
    lan_expect(rig.s, N, "b:1 d:1");
    say(&rig, 0, datagram(&rig, 0, 0xe00000fb));
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    say(&rig, 3, datagram(&rig, 3, GROUP + 1)); /* to the routers: from the only one */
    lan_expect(rig.s, N, "");
    ck_assert_uint_eq(drops_packets(&rig.s[3].iface->peer->drops, &drop_switch_pruned), 1);
    say(&rig, 3, message(&rig, 3, IGMP_V2_REPORT, GROUP)); /* heard, and used up */
    ck_assert_uint_eq(drops_packets(&rig.s[3].iface->peer->drops, &drop_switch_pruned), 1);
    lan_send(rig.net, &rig.s[0], &ETH_BROADCAST);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    net_end(rig.net);
}
END_TEST

/* A link that goes down takes its members along. */
START_TEST(links_go_down)
{
    struct rig rig;

    rig_init(&rig);
    say(&rig, 1, message(&rig, 1, IGMP_V2_REPORT, GROUP));
    ck_assert_uint_eq(switch_snooped(switch_of(rig.sw))->groups->len, 1);
    iface_set_link(rig.s[1].iface, LINK_DOWN);
    net_run(rig.net, rig.net->sim->now + SIM_MS);
    iface_set_link(rig.s[1].iface, LINK_UP);
    net_run(rig.net, rig.net->sim->now + SIM_MS);
    say(&rig, 0, datagram(&rig, 0, GROUP));
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    net_end(rig.net);
}
END_TEST

/* Learnt per VLAN, whether or not a frame bears the tag. */
START_TEST(vlans)
{
    struct vlan_set both = { { 0 } };
    struct vlan_port rules;
    struct packet *frame;
    struct rig rig;

    rig_init(&rig);
    vlan_set_add(&both, 10);
    vlan_set_add(&both, 20);
    vlan_port_trunk(&rules, &both, VLAN_NONE);
    switch_set_vlan(lan_port(&rig.s[0]), &rules);
    for (unsigned i = 1; i < N; i++) {
        vlan_port_access(&rules, i < 3 ? 10 : 20);
        switch_set_vlan(lan_port(&rig.s[i]), &rules);
    }
    frame = message(&rig, 0, IGMP_QUERY, 0); /* in VLAN 10 */
    vlan_push(frame, VLAN_TPID_C, vlan_tci(0, 10));
    say(&rig, 0, frame);
    lan_expect(rig.s, N, "b:1 c:1");
    say(&rig, 2, message(&rig, 2, IGMP_V2_REPORT, GROUP));
    lan_expect(rig.s, N, "a:1");
    for (uint16_t vid = 10; vid <= 20; vid = (uint16_t)(vid + 10)) {
        frame = datagram(&rig, 0, GROUP);
        vlan_push(frame, VLAN_TPID_C, vlan_tci(0, vid));
        say(&rig, 0, frame);
        lan_expect(rig.s, N, vid == 10 ? "c:1" : "d:1"); /* nobody asks in VLAN 20 */
    }
    net_end(rig.net);
}
END_TEST

/* Every length below the whole and each bit wrong in turn: either the frame is a report to the
 * group still, or nothing is learnt of the group. */
START_TEST(bad_reports)
{
    static const uint32_t whole = ETH_LEN + 24 + IGMP_LEN;
    struct snoop *snoop;
    struct rig rig;

    rig_init(&rig);
    snoop = switch_snooped(switch_of(rig.sw));
    for (uint32_t length = 0; length < whole; length++) {
        struct packet *frame = message(&rig, 1, IGMP_V2_REPORT, GROUP);
        packet_trim(frame, length);
        say(&rig, 1, frame);
        ck_assert_uint_eq(snoop->groups->len, 0);
    }
    for (uint32_t bit = 8 * (ETH_LEN + 24); bit < 8 * whole; bit++) {
        struct packet *frame = message(&rig, 1, IGMP_V2_REPORT, GROUP);
        packet_data(frame)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        say(&rig, 1, frame);
        ck_assert_uint_eq(snoop->groups->len, 0); /* the checksum is wrong */
    }
    struct packet *padded = message(&rig, 1, IGMP_V2_REPORT, GROUP);
    packet_set_payload(padded, blob_ref(&blob_pattern), 0, 60 - whole);
    say(&rig, 1, padded);
    ck_assert_uint_eq(snoop->groups->len, 1);
    net_end(rig.net);
}
END_TEST

SUITE("models/switch_snoop", members_hear_and_others_do_not, links_go_down, vlans, bad_reports)

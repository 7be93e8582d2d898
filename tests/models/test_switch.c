/* The learning switch (IEEE 802.1Q clause 8): who gets which frame. */
#include "models/node/switch_watch.h"

#include "tests/support/lan.h"
#include "tests/support/suite.h"

enum { N = 4 };

struct rig {
    struct network *net;
    struct node *sw;
    struct lan_station s[N]; /* a, b, c, d */
};

static void rig_init(struct rig *rig)
{
    static const char *const names[N] = { "a", "b", "c", "d" };

    rig->net = network_new("t", 1);
    rig->net->autoroute = AUTOROUTE_OFF;
    rig->sw = lan_switch(rig->net, "s1");
    for (int i = 0; i < N; i++)
        lan_join(&rig->s[i], rig->net, rig->sw, names[i]);
}

static uint64_t dropped(const struct lan_station *at, const struct drop_reason *reason)
{
    return drops_packets(&at->iface->peer->drops, reason);
}

START_TEST(floods_what_it_does_not_know_and_learns)
{
    struct rig rig;

    rig_init(&rig);
    lan_send_to(rig.net, &rig.s[0], &rig.s[1]);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    lan_send_to(rig.net, &rig.s[1], &rig.s[0]); /* a is known by now */
    lan_expect(rig.s, N, "a:1");
    lan_send_to(rig.net, &rig.s[0], &rig.s[1]);
    lan_expect(rig.s, N, "b:1");
    net_run(rig.net, 301 * SIM_S); /* 802.1Q table 8-6: 300 s */
    lan_send_to(rig.net, &rig.s[0], &rig.s[1]);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    net_end(rig.net);
}
END_TEST

START_TEST(groups_go_everywhere)
{
    static const struct eth_addr group = { { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 } };
    struct rig rig;

    rig_init(&rig);
    lan_send(rig.net, &rig.s[2], &ETH_BROADCAST);
    lan_expect(rig.s, N, "a:1 b:1 d:1");
    lan_send(rig.net, &rig.s[2], &group);
    lan_expect(rig.s, N, "a:1 b:1 d:1");
    net_end(rig.net);
}
END_TEST

START_TEST(reserved_groups_go_nowhere)
{
    struct eth_addr group = { { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x00 } };
    struct rig rig;

    rig_init(&rig);
    for (int i = 0; i < 16; i++) {
        group.b[5] = (uint8_t)i;
        lan_send(rig.net, &rig.s[0], &group);
    }
    lan_expect(rig.s, N, "");
    ck_assert_uint_eq(dropped(&rig.s[0], &drop_switch_reserved), 16);
    ck_assert_uint_eq(switch_of(rig.sw)->fdb.used, 0);
    group.b[5] = 0x10; /* 802.1Q table 8-1 ends at 0f */
    lan_send(rig.net, &rig.s[0], &group);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    net_end(rig.net);
}
END_TEST

START_TEST(a_destination_on_the_same_side_is_filtered)
{
    struct eth_addr other = { { 2, 0, 0, 0, 0, 1 } };
    struct rig rig;

    rig_init(&rig);
    link_send(&rig.s[0].iface->tx, lan_make(rig.net, &other, &ETH_BROADCAST, 60));
    lan_send(rig.net, &rig.s[0], &other); /* both behind the first port */
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    ck_assert_uint_eq(dropped(&rig.s[0], &drop_switch_same_port), 1);
    net_end(rig.net);
}
END_TEST

START_TEST(bad_frames_are_dropped_with_a_reason)
{
    struct eth_addr group_source = { { 0x03, 0, 0, 0, 0, 1 } };
    struct packet *runt;
    struct rig rig;

    rig_init(&rig);
    struct link_tx *tx = &rig.s[0].iface->tx;
    runt = packet_new(rig.net->sim);
    memset(packet_push(runt, 13), 0xff, 13);
    link_send(tx, runt);
    link_send(tx, lan_make(rig.net, &rig.s[0].iface->ip.mac, &ETH_BROADCAST, 1515));
    link_send(tx, lan_make(rig.net, &group_source, &ETH_BROADCAST, 60));
    net_run(rig.net, SIM_MS);
    lan_expect(rig.s, N, "");
    ck_assert_uint_eq(dropped(&rig.s[0], &drop_switch_runt), 1);
    ck_assert_uint_eq(dropped(&rig.s[0], &drop_switch_giant), 1);
    ck_assert_uint_eq(dropped(&rig.s[0], &drop_switch_source), 1);
    link_send(tx, lan_make(rig.net, &rig.s[0].iface->ip.mac, &ETH_BROADCAST, 1514));
    net_run(rig.net, 2 * SIM_MS);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    net_end(rig.net);
}
END_TEST

/* A switch cannot fragment: what the outgoing link does not take is lost, both where the way is
 * known and where it is not. */
START_TEST(a_smaller_mtu_behind_is_a_black_hole)
{
    struct rig rig;

    rig_init(&rig);
    ip_iface_set_mtu(&lan_port(&rig.s[1])->iface.ip, 1000);
    lan_send_to(rig.net, &rig.s[1], &rig.s[0]);
    lan_expect(rig.s, N, "a:1 c:1 d:1");
    link_send(&rig.s[0].iface->tx,
              lan_make(rig.net, &rig.s[0].iface->ip.mac, &rig.s[1].iface->ip.mac, 1015));
    net_run(rig.net, rig.net->sim->now + SIM_MS);
    lan_expect(rig.s, N, "");
    ck_assert_uint_eq(dropped(&rig.s[1], &drop_switch_giant), 1);
    link_send(&rig.s[0].iface->tx,
              lan_make(rig.net, &rig.s[0].iface->ip.mac, &rig.s[1].iface->ip.mac, 1014));
    net_run(rig.net, rig.net->sim->now + SIM_MS);
    lan_expect(rig.s, N, "b:1");
    net_end(rig.net);
}
END_TEST

START_TEST(states_of_ports)
{
    struct rig rig;

    rig_init(&rig);
    for (int state = SWITCH_DISABLED; state <= SWITCH_LEARNING; state++) {
        switch_set_state(lan_port(&rig.s[0]), (enum switch_port_state)state);
        switch_flush(lan_port(&rig.s[0]));
        lan_send_to(rig.net, &rig.s[0], &rig.s[1]); /* in by it */
        lan_expect(rig.s, N, "");
        ck_assert_uint_eq(switch_of(rig.sw)->fdb.used, state == SWITCH_LEARNING);
        switch_flush(lan_port(&rig.s[0]));
        lan_send(rig.net, &rig.s[2], &ETH_BROADCAST); /* out by it */
        lan_expect(rig.s, N, "b:1 d:1");
        switch_flush(lan_port(&rig.s[2]));
    }
    switch_set_state(lan_port(&rig.s[0]), SWITCH_FORWARDING);
    lan_send_to(rig.net, &rig.s[0], &rig.s[1]);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    net_end(rig.net);
}
END_TEST

START_TEST(a_link_that_goes_down_is_forgotten)
{
    struct rig rig;

    rig_init(&rig);
    lan_send(rig.net, &rig.s[0], &ETH_BROADCAST);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    ck_assert_uint_eq(switch_of(rig.sw)->fdb.used, 1);
    iface_set_link(rig.s[0].iface, LINK_SILENT); /* nobody notices */
    ck_assert_uint_eq(switch_of(rig.sw)->fdb.used, 1);
    iface_set_link(rig.s[0].iface, LINK_DOWN);
    ck_assert_uint_eq(switch_of(rig.sw)->fdb.used, 0);
    lan_send(rig.net, &rig.s[1], &ETH_BROADCAST);
    lan_expect(rig.s, N, "c:1 d:1");
    net_end(rig.net);
}
END_TEST

/* ---- Mirror and limits --------------------------------------------------------------------- */

START_TEST(a_mirror_shows_what_passes)
{
    struct rig rig;

    rig_init(&rig);
    lan_send(rig.net, &rig.s[0], &ETH_BROADCAST); /* all are known */
    lan_send(rig.net, &rig.s[1], &ETH_BROADCAST);
    lan_send(rig.net, &rig.s[2], &ETH_BROADCAST);
    lan_expect(rig.s, N, "a:2 b:2 c:2 d:3");
    switch_mirror(lan_port(&rig.s[1]), lan_port(&rig.s[3]), TAP_BOTH);
    lan_send_to(rig.net, &rig.s[0], &rig.s[1]);
    lan_expect(rig.s, N, "b:1 d:1");
    lan_send_to(rig.net, &rig.s[1], &rig.s[0]);
    lan_expect(rig.s, N, "a:1 d:1");
    lan_send_to(rig.net, &rig.s[0], &rig.s[2]); /* not at the mirrored port */
    lan_expect(rig.s, N, "c:1");
    lan_send(rig.net, &rig.s[0], &ETH_BROADCAST); /* d gets it once, from the mirror */
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    lan_send(rig.net, &rig.s[3], &ETH_BROADCAST);
    lan_expect(rig.s, N, "");
    ck_assert_uint_eq(dropped(&rig.s[3], &drop_switch_observer), 1);
    switch_mirror(lan_port(&rig.s[1]), lan_port(&rig.s[3]), TAP_IN);
    lan_send_to(rig.net, &rig.s[0], &rig.s[1]);
    lan_expect(rig.s, N, "b:1");
    switch_mirror(lan_port(&rig.s[1]), NULL, TAP_BOTH);
    lan_send(rig.net, &rig.s[3], &ETH_BROADCAST);
    lan_expect(rig.s, N, "a:1 b:1 c:1");
    net_end(rig.net);
}
END_TEST

/* A frame of 60 bytes is 84 on the wire, 672 bits: at 672 kbit/s one each millisecond, and ten more
 * within the slack of 10 ms. */
START_TEST(storm_control_limits_what_is_flooded)
{
    struct rig rig;

    rig_init(&rig);
    switch_limit(lan_port(&rig.s[0]), FLOOD_BROADCAST, 672000);
    for (int i = 0; i < 1000; i++) { /* 5 a millisecond */
        link_send(&rig.s[0].iface->tx,
                  lan_make(rig.net, &rig.s[0].iface->ip.mac, &ETH_BROADCAST, 60));
        net_run(rig.net, rig.net->sim->now + 200 * SIM_US);
    }
    ck_assert_uint_ge(rig.s[1].received, 209);
    ck_assert_uint_le(rig.s[1].received, 212);
    ck_assert_uint_eq(dropped(&rig.s[0], &drop_switch_storm), 1000 - rig.s[1].received);
    lan_send(rig.net, &rig.s[1], &ETH_BROADCAST); /* another port has no limit */
    g_free(lan_heard(rig.s, N));
    lan_send_to(rig.net, &rig.s[0], &rig.s[1]); /* nor has what is known */
    lan_send_to(rig.net, &rig.s[0], &rig.s[2]); /* nor what is unknown, here */
    lan_expect(rig.s, N, "b:2 c:1 d:1");
    net_end(rig.net);
}
END_TEST

/* ---- Cut-through --------------------------------------------------------------------------- */

/* At 1 Gbit/s a byte takes 8 ns.  A frame of 1000 bytes is 1024 on the wire with preamble, FCS and
 * gap; preamble and the first 18 bytes are 26. */
START_TEST(cut_through_saves_most_of_a_frame)
{
    enum { WIRE = 1024, HEAD = 26, BYTE_NS = 8 };
    struct rig rig;

    rig_init(&rig);
    for (int cut = 0; cut < 2; cut++) {
        if (cut)
            switch_cut_through(lan_port(&rig.s[0]));
        lan_send(rig.net, &rig.s[1], &ETH_BROADCAST);
        g_free(lan_heard(rig.s, N));
        sim_time start = rig.net->sim->now;
        sim_time want = 2 * SIM_US + (WIRE + (cut ? HEAD : WIRE)) * BYTE_NS * SIM_NS;
        link_send(&rig.s[0].iface->tx,
                  lan_make(rig.net, &rig.s[0].iface->ip.mac, &rig.s[1].iface->ip.mac, 1000));
        net_run(rig.net, start + want - 1);
        lan_expect(rig.s, N, "");
        net_run(rig.net, start + want);
        lan_expect(rig.s, N, "b:1");
    }
    net_end(rig.net);
}
END_TEST

/* What is flooded, or goes out faster than it comes in, is stored. */
START_TEST(cut_through_stores_what_it_must)
{
    enum { WIRE = 1024, BYTE_NS = 8 };
    struct rig rig;

    rig_init(&rig);
    switch_cut_through(lan_port(&rig.s[0]));
    sim_time want = 2 * SIM_US + 2 * WIRE * BYTE_NS * SIM_NS;
    link_send(&rig.s[0].iface->tx,
              lan_make(rig.net, &rig.s[0].iface->ip.mac, &ETH_BROADCAST, 1000));
    net_run(rig.net, want - 1);
    lan_expect(rig.s, N, "");
    net_run(rig.net, want);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    lan_send(rig.net, &rig.s[1], &ETH_BROADCAST);
    g_free(lan_heard(rig.s, N));
    link_set_rate(&lan_port(&rig.s[1])->iface.tx, 10000000000);
    sim_time start = rig.net->sim->now;
    want = 2 * SIM_US + WIRE * BYTE_NS * SIM_NS + WIRE * BYTE_NS * SIM_NS / 10;
    for (int i = 0; i < 3; i++)
        link_send(&rig.s[0].iface->tx,
                  lan_make(rig.net, &rig.s[0].iface->ip.mac, &rig.s[1].iface->ip.mac, 1000));
    net_run(rig.net, start + want - 1);
    lan_expect(rig.s, N, "");
    net_run(rig.net, start + want);
    lan_expect(rig.s, N, "b:1");
    net_run(rig.net, start + SIM_MS);
    lan_expect(rig.s, N, "b:2");
    net_end(rig.net);
}
END_TEST

/* ---- VLANs --------------------------------------------------------------------------------- */

/* a is an access port of 10, b and c trunks of 10 and 20 (c with 20 as native), d a tunnel of 10.
 */
static void rig_vlans(struct rig *rig)
{
    struct vlan_set vids = { { 0 } };
    struct vlan_port rules;

    rig_init(rig);
    vlan_set_add(&vids, 10);
    vlan_set_add(&vids, 20);
    vlan_port_access(&rules, 10);
    switch_set_vlan(lan_port(&rig->s[0]), &rules);
    vlan_port_trunk(&rules, &vids, VLAN_NONE);
    switch_set_vlan(lan_port(&rig->s[1]), &rules);
    vlan_port_trunk(&rules, &vids, 20);
    switch_set_vlan(lan_port(&rig->s[2]), &rules);
    vlan_port_tunnel(&rules, 10);
    switch_set_vlan(lan_port(&rig->s[3]), &rules);
}

static void send_tagged(struct rig *rig, int from, uint8_t pcp, uint16_t vid)
{
    struct packet *frame = lan_make(rig->net, &rig->s[from].iface->ip.mac, &ETH_BROADCAST, 60);

    vlan_push(frame, VLAN_TPID_C, vlan_tci(pcp, vid));
    link_send(&rig->s[from].iface->tx, frame);
    net_run(rig->net, rig->net->sim->now + SIM_MS);
}

START_TEST(tags_come_and_go)
{
    struct rig rig;

    rig_vlans(&rig);
    lan_send(rig.net, &rig.s[0], &ETH_BROADCAST);
    lan_expect(rig.s, N, "b:1 c:1 d:1");
    ck_assert_mem_eq(rig.s[1].bytes + 12, "\x81\x00\x00\x0a\x88\xb5", 6);
    ck_assert_mem_eq(rig.s[2].bytes + 12, "\x81\x00\x00\x0a\x88\xb5", 6);
    ck_assert_mem_eq(rig.s[3].bytes + 12, "\x88\xb5", 2);
    ck_assert_uint_eq(rig.s[1].length, 64);
    ck_assert_uint_eq(rig.s[3].length, 60);
    send_tagged(&rig, 1, 5, 20); /* c's native VLAN */
    lan_expect(rig.s, N, "c:1");
    ck_assert_mem_eq(rig.s[2].bytes + 12, "\x88\xb5", 2);
    ck_assert_uint_eq(rig.s[2].priority, 5); /* the tag is gone, its priority is not */
    send_tagged(&rig, 1, 3, 10);             /* passes a trunk with priority and all */
    lan_expect(rig.s, N, "a:1 c:1 d:1");
    ck_assert_mem_eq(rig.s[2].bytes + 12, "\x81\x00\x60\x0a", 4);
    send_tagged(&rig, 1, 0, 30);
    lan_expect(rig.s, N, "");
    lan_send(rig.net, &rig.s[1], &ETH_BROADCAST); /* no native VLAN there */
    lan_expect(rig.s, N, "");
    ck_assert_uint_eq(dropped(&rig.s[1], &drop_switch_vlan), 2);
    send_tagged(&rig, 3, 0, 20); /* what is in the tunnel is nobody's business */
    lan_expect(rig.s, N, "a:1 b:1 c:1");
    ck_assert_mem_eq(rig.s[0].bytes + 12, "\x81\x00\x00\x14\x88\xb5", 6);
    ck_assert_mem_eq(rig.s[1].bytes + 12, "\x81\x00\x00\x0a\x81\x00\x00\x14", 8);
    net_end(rig.net);
}
END_TEST

/* Frames of every length, cut off within tags and before them, at ports of every kind. */
START_TEST(frames_of_every_length)
{
    static const uint8_t bytes[] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0,    0,    0,    0,    9,
        0x81, 0x00, 0x00, 0x0a, 0x81, 0x00, 0x00, 0x14, 0x08, 0x00, 0x45, 0x00,
    };
    struct rig rig;

    rig_vlans(&rig);
    for (int port = 0; port < N; port++)
        for (uint32_t n = 0; n <= sizeof bytes; n++) {
            struct packet *frame = packet_new(rig.net->sim);
            memcpy(packet_push(frame, n), bytes, n);
            link_send(&rig.s[port].iface->tx, frame);
            net_run(rig.net, rig.net->sim->now + SIM_MS);
        }
    net_end(rig.net);
}
END_TEST

/* ---- Agents -------------------------------------------------------------------------------- */

struct agent {
    struct switch_agent base;
    unsigned frames, attached, downs, ups;
    uint8_t bytes[64];
    uint32_t length;
    bool *released;
};

static void agent_input(struct switch_agent *base, struct switch_port *port, struct packet *frame)
{
    struct agent *agent = container_of(base, struct agent, base);

    agent->frames++;
    agent->length = packet_len(frame);
    packet_read(frame, 0, agent->bytes, MIN(agent->length, (uint32_t)sizeof agent->bytes));
    packet_consumed(frame);
}

static void agent_attached(struct switch_agent *base, struct switch_port *port)
{
    container_of(base, struct agent, base)->attached++;
}

static void agent_carrier(struct switch_agent *base, struct switch_port *port, bool up)
{
    struct agent *agent = container_of(base, struct agent, base);

    agent->ups += up;
    agent->downs += !up;
}

static void agent_release(struct switch_agent *base)
{
    *container_of(base, struct agent, base)->released = true;
}

static const struct switch_agent_ops agent_ops = { "test", agent_input, agent_attached,
                                                   agent_carrier, agent_release };

/* Two switches whose agents talk in frames that go no further, by ports that forward nothing. */
START_TEST(agents_get_their_frames)
{
    static const struct eth_addr group = { { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x00 } };
    static const uint8_t bpdu[] = { 0x42, 0x42, 0x03, 0, 0, 0, 0 };
    bool released = false;
    struct agent agent = { .base = { &agent_ops }, .released = &released };
    struct rig rig;

    rig_init(&rig);
    struct node *other = lan_switch(rig.net, "s2");
    switch_set_agent(switch_of(rig.sw), SWITCH_GROUP_STP, &agent.base);
    ck_assert_uint_eq(agent.attached, N);
    struct link *link = net_link(rig.net, rig.sw, other, 1000000000, SIM_US);
    ck_assert_uint_eq(agent.attached, N + 1);
    switch_set_state(switch_port_of(link->a), SWITCH_BLOCKING);
    switch_set_state(switch_port_of(link->b), SWITCH_BLOCKING);
    switch_send_llc(switch_port_of(link->b), &group, bpdu, sizeof bpdu);
    net_run(rig.net, SIM_MS);
    ck_assert_uint_eq(agent.frames, 1);
    ck_assert_uint_eq(agent.length, 60); /* 64 with FCS */
    ck_assert_mem_eq(agent.bytes, &group, 6);
    ck_assert_mem_eq(agent.bytes + 6, &link->b->ip.mac, 6);
    ck_assert_mem_eq(agent.bytes + 12, "\0\007\x42\x42\003\0\0\0\0\0\0", 11);
    lan_expect(rig.s, N, "");
    iface_set_link(link->a, LINK_DOWN);
    iface_set_link(link->a, LINK_DOWN);
    iface_set_link(link->a, LINK_UP);
    ck_assert_uint_eq(agent.downs, 1);
    ck_assert_uint_eq(agent.ups, 1);
    switch_set_state(switch_port_of(link->a), SWITCH_DISABLED);
    switch_send_llc(switch_port_of(link->b), &group, bpdu, sizeof bpdu);
    net_run(rig.net, 2 * SIM_MS);
    ck_assert_uint_eq(agent.frames, 1);
    net_end(rig.net);
    ck_assert(released);
}
END_TEST

/* ---- Loops --------------------------------------------------------------------------------- */

static struct network *loop_of_two(struct lan_station *s, unsigned cables)
{
    struct network *net = network_new("t", 1);
    struct node *s1 = lan_switch(net, "s1"), *s2 = lan_switch(net, "s2");

    net->autoroute = AUTOROUTE_OFF;
    lan_join(&s[0], net, s1, "a");
    lan_join(&s[1], net, s2, "b");
    for (unsigned i = 0; i < cables; i++)
        net_link(net, s1, s2, 100000000, 5 * SIM_US);
    return net;
}

START_TEST(a_storm_is_named)
{
    struct lan_station s[2];
    struct network *net = loop_of_two(s, 3);

    link_send(&s[0].iface->tx, lan_make(net, &s[0].iface->ip.mac, &ETH_BROADCAST, 60));
    ck_assert_int_eq(network_run(net, 10 * SIM_S), SIM_STOPPED);
    ck_assert(net->loop.tripped);
    ck_assert(net->sim->now < 2 * SIM_S);
    char *report = loop_report(net);
    ck_assert_ptr_nonnull(strstr(report, " → s"));
    ck_assert(g_str_has_prefix(report, "storm: s1 → s2 → s1, ") ||
              g_str_has_prefix(report, "storm: s2 → s1 → s2, "));
    ck_assert_ptr_nonnull(strstr(report, "no spanning tree on s"));
    g_free(report);
    network_free(net);
}
END_TEST

/* Without a loop no frame passes a switch twice, however many there are and however much they
 * carry. */
START_TEST(no_storm_without_a_loop)
{
    enum { SWITCHES = 30, FRAMES = 2000 };
    struct network *net = network_new("t", 1);
    struct node *before = NULL;
    struct lan_station ends[2];
    char name[8];

    net->autoroute = AUTOROUTE_OFF;
    for (int i = 0; i < SWITCHES; i++) {
        g_snprintf(name, sizeof name, "s%d", i);
        struct node *sw = lan_switch(net, name);
        if (i == 0 || i == SWITCHES - 1)
            lan_join(&ends[i > 0], net, sw, i ? "b" : "a");
        if (before)
            net_link(net, before, sw, 1000000000, SIM_US);
        before = sw;
    }
    for (int i = 0; i < FRAMES; i++)
        lan_send(net, &ends[i & 1], &ETH_BROADCAST);
    ck_assert_uint_eq(ends[0].received, FRAMES / 2);
    ck_assert_uint_eq(net->loop.frames, 0);
    net_end(net);
}
END_TEST

SUITE("switch", floods_what_it_does_not_know_and_learns, groups_go_everywhere,
      reserved_groups_go_nowhere, a_destination_on_the_same_side_is_filtered,
      bad_frames_are_dropped_with_a_reason, a_smaller_mtu_behind_is_a_black_hole, states_of_ports,
      a_link_that_goes_down_is_forgotten, a_mirror_shows_what_passes,
      storm_control_limits_what_is_flooded, tags_come_and_go, frames_of_every_length,
      cut_through_saves_most_of_a_frame, cut_through_stores_what_it_must, agents_get_their_frames,
      a_storm_is_named, no_storm_without_a_loop)

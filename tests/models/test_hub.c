/* CSMA/CD on a shared wire.  Times are worked out by hand in bit times of 10 Mbit/s (100 ns): a
 * frame of 60 bytes is 8 + 64 bytes on the wire, 576 bits; gap 96, slot 512, jam 32 (802.3 4.4.2).
 */
#include "models/node/hub.h"

#include "tests/support/lan.h"
#include "tests/support/suite.h"

#define BIT (100 * SIM_NS)

enum { N = 3 };

struct rig {
    struct network *net;
    struct node *hub;
    struct lan_station s[N];
};

static void join(struct rig *rig, int i, struct node *hub, const char *name, sim_time delay)
{
    struct link *link = net_link(rig->net, net_host(rig->net, name), hub, 10000000, delay);

    rig->s[i] = (struct lan_station){
        .iface = link->a,
        .tap = { .frame = lan_frame, .directions = TAP_IN, .to = SIM_NEVER },
    };
    iface_tap(rig->s[i].iface, &rig->s[i].tap);
}

static void rig_init(struct rig *rig, sim_time delay)
{
    static const char *const names[N] = { "a", "b", "c" };

    *rig = (struct rig){ .net = network_new("t", 1) };
    rig->net->autoroute = AUTOROUTE_OFF;
    rig->hub = network_add_node(rig->net, "hub", NODE_HUB, NULL);
    for (int i = 0; i < N; i++)
        join(rig, i, rig->hub, names[i], delay);
}

static void put(struct rig *rig, int from, int n)
{
    for (int i = 0; i < n; i++)
        link_send(&rig->s[from].iface->tx,
                  lan_make(rig->net, &rig->s[from].iface->ip.mac, &ETH_BROADCAST, 60));
}

static struct csma *csma_of(const struct rig *rig, int i)
{
    return &hub_port_of(rig->s[i].iface->peer)->csma;
}

/* Two cables and the hub's own delay lie between two stations. */
START_TEST(everybody_hears_a_frame)
{
    struct rig rig;
    sim_time arrival = 576 * BIT + 2 * SIM_US + HUB_DELAY * BIT;

    rig_init(&rig, SIM_US);
    put(&rig, 0, 1);
    net_run(rig.net, arrival - 1);
    lan_expect(rig.s, N, "");
    net_run(rig.net, arrival);
    lan_expect(rig.s, N, "b:1 c:1");
    ck_assert_uint_eq(csma_of(&rig, 0)->collisions, 0);
    net_end(rig.net);
}
END_TEST

START_TEST(frames_follow_at_the_gap)
{
    struct rig rig;
    sim_time last = (3 * 576 + 2 * CSMA_GAP) * BIT + 2 * SIM_US + HUB_DELAY * BIT;

    rig_init(&rig, SIM_US);
    put(&rig, 0, 3);
    net_run(rig.net, last - 1);
    lan_expect(rig.s, N, "b:2 c:2");
    net_run(rig.net, last);
    lan_expect(rig.s, N, "b:1 c:1");
    net_end(rig.net);
}
END_TEST

/* b wants to send while a's frame is heard: it starts a gap after its end, and nothing collides. */
START_TEST(a_station_that_hears_carrier_waits)
{
    struct rig rig;
    sim_time reach = 2 * SIM_US + HUB_DELAY * BIT;
    sim_time end_at_b = 576 * BIT + reach;

    rig_init(&rig, SIM_US);
    put(&rig, 0, 1);
    net_run(rig.net, 100 * BIT);
    put(&rig, 1, 1);
    net_run(rig.net, end_at_b + (CSMA_GAP + 576) * BIT + reach - 1);
    lan_expect(rig.s, N, "b:1 c:1");
    net_run(rig.net, rig.net->sim->now + 1);
    lan_expect(rig.s, N, "a:1 c:1");
    ck_assert_uint_eq(csma_of(&rig, 1)->collisions, 0);
    net_end(rig.net);
}
END_TEST

START_TEST(two_that_start_together_collide_and_try_again)
{
    struct rig rig;

    rig_init(&rig, SIM_US);
    put(&rig, 0, 1);
    put(&rig, 1, 1);
    net_run(rig.net, 2 * SIM_US + (HUB_DELAY + 1) * BIT);
    ck_assert_uint_eq(csma_of(&rig, 0)->collisions, 1);
    ck_assert_uint_eq(csma_of(&rig, 1)->collisions, 1);
    ck_assert_uint_eq(csma_of(&rig, 0)->state, CSMA_JAMMING);
    net_run(rig.net, SIM_S);
    lan_expect(rig.s, N, "a:1 b:1 c:2");
    ck_assert_uint_eq(csma_of(&rig, 0)->late + csma_of(&rig, 1)->late, 0);
    net_end(rig.net);
}
END_TEST

/* The way there is longer than a slot: collisions are noticed late, and a frame that ended before
 * the other one came is lost without its sender's knowing. */
START_TEST(a_wire_that_is_too_long)
{
    struct rig rig;

    rig_init(&rig, 40 * SIM_US); /* 80 us and more between two; a frame takes 57.6 */
    put(&rig, 0, 1);
    put(&rig, 1, 1);
    net_run(rig.net, SIM_S);
    ck_assert_uint_eq(csma_of(&rig, 0)->collisions, 0);
    ck_assert_uint_eq(drops_packets(&rig.s[2].iface->drops, &drop_collision), 2);
    lan_expect(rig.s, N, "a:1 b:1"); /* each hears the other when it has ended itself */
    link_send(&rig.s[0].iface->tx,
              lan_make(rig.net, &rig.s[0].iface->ip.mac, &ETH_BROADCAST, 1000));
    link_send(&rig.s[1].iface->tx,
              lan_make(rig.net, &rig.s[1].iface->ip.mac, &ETH_BROADCAST, 1000));
    net_run(rig.net, 2 * SIM_S);
    ck_assert_uint_ge(csma_of(&rig, 0)->late, 1);
    net_end(rig.net);
}
END_TEST

/* Saturated, the wire carries nearly its rate, and no frame is lost without a reason. */
START_TEST(three_that_always_want_to_send)
{
    enum { FRAMES = 900 };
    struct rig rig;
    uint64_t lost = 0;

    rig_init(&rig, 500 * SIM_NS);
    for (int i = 0; i < N; i++)
        put(&rig, i, FRAMES);
    net_run(rig.net, SIM_S);
    for (int i = 0; i < N; i++) {
        lost += csma_of(&rig, i)->given_up;
        ck_assert_uint_gt(csma_of(&rig, i)->collisions, 10);
        ck_assert_uint_eq(drops_packets(&rig.s[i].iface->drops, &drop_collision), 0);
    }
    unsigned heard = rig.s[0].received + rig.s[1].received + rig.s[2].received;
    ck_assert_uint_eq(heard, 2 * (N * FRAMES - lost));
    net_end(rig.net);
}
END_TEST

/* Two hubs are one wire; a switch behind one has a half-duplex port. */
START_TEST(hubs_and_a_switch)
{
    struct rig rig;
    struct lan_station far;

    rig_init(&rig, SIM_US);
    struct node *second = network_add_node(rig.net, "hub2", NODE_HUB, NULL);
    struct node *sw = lan_switch(rig.net, "sw");
    net_link(rig.net, rig.hub, second, 10000000, SIM_US);
    net_link(rig.net, second, sw, 10000000, SIM_US);
    lan_join(&far, rig.net, sw, "far");
    put(&rig, 0, 1);
    net_run(rig.net, 10 * SIM_MS);
    lan_expect(rig.s, N, "b:1 c:1");
    ck_assert_uint_eq(far.received, 1);
    lan_send_to(rig.net, &far, &rig.s[0]);
    lan_expect(rig.s, N, "a:1 b:1 c:1");
    ck_assert_uint_eq(rig.net->loop.frames, 0);
    net_end(rig.net);
}
END_TEST

/* The end of a run finds frames on the wire and in back-off. */
START_TEST(ends_in_the_middle)
{
    struct rig rig;

    rig_init(&rig, SIM_US);
    put(&rig, 0, 5);
    put(&rig, 1, 5);
    net_run(rig.net, 300 * BIT);
    net_run(rig.net, 700 * BIT);
    network_free(rig.net);
}
END_TEST

SUITE("hub", everybody_hears_a_frame, frames_follow_at_the_gap, a_station_that_hears_carrier_waits,
      two_that_start_together_collide_and_try_again, a_wire_that_is_too_long,
      three_that_always_want_to_send, hubs_and_a_switch, ends_in_the_middle)

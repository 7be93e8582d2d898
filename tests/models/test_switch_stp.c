/* Spanning tree on switches with hosts and real links. */
#include "models/node/switch_stp.h"

#include "tests/support/lan.h"
#include "tests/support/suite.h"

enum { N = 4 };

/* Switches in a ring, each with a station; wires[i] joins switch i and the next. */
struct ring {
    struct network *net;
    struct node *sw[N];
    struct link *wires[N];
    struct lan_station s[N];
};

static void ring_init(struct ring *r, enum stp_mode mode, sim_time ageing)
{
    struct stp_config config = { 0 };

    r->net = network_new("t", 1);
    r->net->autoroute = AUTOROUTE_OFF;
    param_defaults(stp_params, &config);
    config.mode = (int)mode;
    for (unsigned i = 0; i < N; i++) {
        char name[8], host[8];
        g_snprintf(name, sizeof name, "s%u", i + 1);
        g_snprintf(host, sizeof host, "h%u", i + 1);
        config.priority = 4096 * (i + 1);
        r->sw[i] = lan_switch(r->net, name);
        fdb_set_ageing(&switch_of(r->sw[i])->fdb, ageing, 0);
        switch_stp_start(switch_of(r->sw[i]), &config);
        lan_join(&r->s[i], r->net, r->sw[i], host);
    }
    for (unsigned i = 0; i < N; i++)
        r->wires[i] = net_link(r->net, r->sw[i], r->sw[(i + 1) % N], 1000000000, 10 * SIM_US);
}

static void ring_end(struct ring *r)
{
    for (unsigned i = 0; i < N; i++)
        switch_stp_stop(switch_of(r->sw[i]));
    for (unsigned i = 0; i < N; i++) /* else what comes next would go round */
        net_set_state(r->wires[i], LINK_DOWN);
    net_end(r->net);
}

static struct stp_port *port_of(struct iface *iface)
{
    return switch_stp_port(switch_port_of(iface));
}

#define ck_assert_port(iface, want_role, want_state)                                    \
    do {                                                                                \
        ck_assert_str_eq(stp_role_name(port_of(iface)->role), want_role);               \
        ck_assert_str_eq(switch_state_words[switch_port_of(iface)->state], want_state); \
    } while (0)

/* Forgets what the stations heard. */
static void quiet(struct ring *r)
{
    for (unsigned i = 0; i < N; i++)
        r->s[i].received = 0;
}

/* RSTP: a station's port is an edge port after 3 s (802.1D-2004 17.25); the ring is a tree, so that
 * each station gets each frame once. */
START_TEST(ring_is_a_tree)
{
    struct ring r;

    ring_init(&r, STP_RAPID, 300 * SIM_S);
    net_run(r.net, 4500 * SIM_MS);
    ck_assert_port(r.wires[0]->a, "designated", "forwarding");
    ck_assert_port(r.wires[0]->b, "root", "forwarding");
    ck_assert_port(r.wires[2]->a, "alternate", "blocking");
    ck_assert_port(r.s[0].iface->peer, "designated", "forwarding");
    ck_assert_uint_eq(port_of(r.wires[0]->a)->cost, 20000);
    for (unsigned i = 0; i < N; i++) {
        quiet(&r);
        lan_send(r.net, &r.s[i], &ETH_BROADCAST);
        for (unsigned j = 0; j < N; j++)
            ck_assert_uint_eq(r.s[j].received, i != j);
    }
    /* Stations are known now: nobody else hears. */
    quiet(&r);
    lan_send_to(r.net, &r.s[0], &r.s[2]);
    ck_assert_uint_eq(r.s[2].received, 1);
    ck_assert_uint_eq(r.s[1].received + r.s[3].received, 0);
    ring_end(&r);
}
END_TEST

/* The addresses that were learnt lead the wrong way after a failure, and are forgotten. */
START_TEST(failure_flushes)
{
    struct ring r;

    ring_init(&r, STP_RAPID, 300 * SIM_S);
    net_run(r.net, 4500 * SIM_MS);
    lan_send(r.net, &r.s[2], &ETH_BROADCAST);
    lan_send_to(r.net, &r.s[0], &r.s[2]);
    /* s3's root port. */
    iface_set_link(r.wires[1]->a, LINK_DOWN);
    net_run(r.net, r.net->sim->now + 100 * SIM_MS);
    ck_assert_port(r.wires[2]->a, "root", "forwarding");
    ck_assert_port(r.wires[1]->b, "disabled", "disabled");
    quiet(&r);
    lan_send_to(r.net, &r.s[0], &r.s[2]);
    ck_assert_uint_eq(r.s[2].received, 1);
    iface_set_link(r.wires[1]->a, LINK_UP);
    net_run(r.net, r.net->sim->now + SIM_S);
    ck_assert_port(r.wires[2]->a, "alternate", "blocking");
    quiet(&r);
    lan_send_to(r.net, &r.s[0], &r.s[2]);
    ck_assert_uint_eq(r.s[2].received, 1);
    ring_end(&r);
}
END_TEST

/* STP: 30 s to forward; a topology change shortens the ageing to 15 s, but never beyond what was
 * set. */
START_TEST(classic_and_ageing)
{
    struct ring r;

    ring_init(&r, STP_CLASSIC, 300 * SIM_S);
    net_run(r.net, 29500 * SIM_MS);
    quiet(&r);
    lan_send(r.net, &r.s[0], &ETH_BROADCAST);
    ck_assert_uint_eq(r.s[1].received, 0);
    net_run(r.net, 40500 * SIM_MS);
    ck_assert_port(r.wires[2]->a, "alternate", "blocking");
    ck_assert_int_eq(switch_of(r.sw[3])->fdb.ageing, 15 * SIM_S);
    quiet(&r);
    lan_send(r.net, &r.s[0], &ETH_BROADCAST);
    ck_assert_uint_eq(r.s[1].received, 1);
    ck_assert_uint_eq(r.s[3].received, 1);
    net_run(r.net, 120 * SIM_S);
    ck_assert_int_eq(switch_of(r.sw[3])->fdb.ageing, 300 * SIM_S);
    ring_end(&r);

    ring_init(&r, STP_CLASSIC, 10 * SIM_S);
    net_run(r.net, 40500 * SIM_MS);
    ck_assert_int_eq(switch_of(r.sw[3])->fdb.ageing, 10 * SIM_S);
    ring_end(&r);
}
END_TEST

/* A port plugged in during the run comes up at once; a link that is down at the start does not. */
START_TEST(ports_come_and_go)
{
    struct ring r;
    struct lan_station late;

    ring_init(&r, STP_RAPID, 300 * SIM_S);
    iface_set_link(r.wires[0]->a, LINK_DOWN);
    net_run(r.net, 5 * SIM_S);
    ck_assert_port(r.wires[0]->a, "disabled", "disabled");
    ck_assert_port(r.wires[2]->a, "root", "forwarding");
    lan_join(&late, r.net, r.sw[1], "late");
    net_run(r.net, 9 * SIM_S);
    ck_assert_port(late.iface->peer, "designated", "forwarding");
    iface_set_link(r.wires[0]->a, LINK_UP);
    net_run(r.net, 12 * SIM_S);
    ck_assert_port(r.wires[0]->b, "root", "forwarding");
    ring_end(&r);
}
END_TEST

/* States and roles over time are recorded where they change. */
START_TEST(records)
{
    struct ring r;
    struct series *state = series_new("stp_state", "", SERIES_STEPS);
    struct series *role = series_new("stp_role", "", SERIES_STEPS);

    ring_init(&r, STP_RAPID, 300 * SIM_S);
    iface_record(r.wires[2]->a, IFACE_STP_STATE, state);
    iface_record(r.wires[2]->a, IFACE_STP_ROLE, role);
    net_run(r.net, 10 * SIM_S);
    iface_set_link(r.wires[1]->a, LINK_DOWN);
    net_run(r.net, 20 * SIM_S);
    ck_assert_double_eq(series_at(state, 9 * SIM_S), STP_BLOCKING);
    ck_assert_double_eq(series_at(role, 9 * SIM_S), STP_ROLE_ALTERNATE);
    ck_assert_double_eq(series_at(state, 10 * SIM_S), STP_FORWARDING);
    ck_assert_double_eq(series_at(role, 10 * SIM_S), STP_ROLE_ROOT);
    iface_record(r.wires[2]->a, IFACE_STP_STATE, NULL);
    iface_record(r.wires[2]->a, IFACE_STP_ROLE, NULL);
    series_free(state);
    series_free(role);
    ring_end(&r);
}
END_TEST

/* On a hub's shared wire a bridge may hear itself: of its two ports one is a backup.  There is no
 * agreement, so the designated port waits max age and a hello time, 22 s (802.1D-2004 17.29.1,
 * 17.20.5). */
START_TEST(on_a_hub)
{
    struct stp_config config = { 0 };
    struct network *net = network_new("t", 1);
    struct node *hub = network_add_node(net, "hub", NODE_HUB, NULL), *sw[2];
    struct link *links[3];

    net->autoroute = AUTOROUTE_OFF;
    param_defaults(stp_params, &config);
    config.mode = STP_RAPID;
    for (unsigned i = 0; i < 2; i++) {
        config.priority = 4096 * i;
        sw[i] = lan_switch(net, i ? "s2" : "s1");
        switch_stp_start(switch_of(sw[i]), &config);
    }
    for (unsigned i = 0; i < 3; i++)
        links[i] = net_link(net, sw[i / 2], hub, 10000000, SIM_US);
    net_run(net, 19 * SIM_S);
    ck_assert_port(links[0]->a, "designated", "blocking");
    net_run(net, 21 * SIM_S);
    ck_assert_port(links[0]->a, "designated", "learning");
    net_run(net, 23 * SIM_S);
    ck_assert_port(links[0]->a, "designated", "forwarding");
    ck_assert_port(links[1]->a, "backup", "blocking");
    ck_assert_port(links[2]->a, "root", "forwarding");
    ck_assert_uint_eq(port_of(links[2]->a)->cost, 2000000);
    for (unsigned i = 0; i < 2; i++)
        switch_stp_stop(switch_of(sw[i]));
    for (unsigned i = 0; i < 3; i++)
        iface_set_link(links[i]->a, LINK_DOWN);
    net_end(net);
}
END_TEST

SUITE("models/switch_stp", on_a_hub, ring_is_a_tree, failure_flushes, classic_and_ageing,
      ports_come_and_go, records)

/* LACP: expected values from IEEE 802.1AX-2008 clause 5, above all the constants of 5.4.4: fast
 * periodic time 1 s, slow 30 s, short timeout 3 s, long timeout 90 s, aggregate wait time 2 s. */
#include "tests/support/aggregates.h"
#include "tests/support/suite.h"

struct pair {
    struct sim *sim;
    struct lacp_config config;
    struct ag_system a, b;
};

static void pair_init(struct pair *p, int rate_a, int rate_b)
{
    struct lacp_config config = { 0 };

    p->sim = sim_new(1);
    param_defaults(lacp_params, &config);
    p->config = config;
    config.rate = rate_a;
    ag_system(&p->a, p->sim, 1, &config);
    config.rate = rate_b;
    ag_system(&p->b, p->sim, 2, &config);
}

static void pair_wire(struct pair *p, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        ag_wire(&p->a.ports[i], &p->b.ports[i]);
}

static void pair_end(struct pair *p)
{
    ag_fini(&p->a);
    ag_fini(&p->b);
    assert_no_leaks(p->sim);
    sim_free(p->sim);
}

/* The first LACPDU goes a fast periodic time after the link came up (5.4.13), both ends then know
 * each other and wait 2 s for other ports (5.4.15); all come up together. */
START_TEST(comes_up)
{
    struct pair p;

    pair_init(&p, LACP_FAST, LACP_FAST);
    pair_wire(&p, 2);
    ag_run(p.sim, SIM_S - SIM_US);
    ck_assert_uint_eq(p.a.ports[0].sent, 0);
    ag_run(p.sim, SIM_S);
    ck_assert_uint_eq(p.a.ports[0].sent, 1);
    ck_assert_uint_eq(p.a.ports[0].last.actor.state, LACP_ACTIVITY | LACP_TIMEOUT |
                                                         LACP_AGGREGATION | LACP_DEFAULTED |
                                                         LACP_EXPIRED);
    ag_run(p.sim, 3 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.a), "");
    ag_run(p.sim, 3 * SIM_S + SIM_MS);
    ck_assert_str_eq(ag_carrying(&p.a), "1 2");
    ck_assert_str_eq(ag_carrying(&p.b), "1 2");
    ck_assert_int_ge(p.a.ports[0].changed, SIM_S + LACP_AGGREGATE_WAIT);
    ck_assert_ptr_eq(p.a.lacp.active, &p.a.ports[0].lacp);
    ck_assert_uint_eq(lacp_aggregated(&p.a.ports[1].lacp), 2);
    ag_run(p.sim, 10 * SIM_S);
    /* A S G S C D, nothing else. */
    ck_assert_uint_eq(p.a.ports[0].last.actor.state, 0x3f);
    ck_assert_uint_eq(p.a.ports[0].last.partner.state, 0x3f);
    ck_assert_mem_eq(&p.a.ports[0].last.partner.system, &p.b.lacp.system, ETH_ADDR_LEN);
    pair_end(&p);
}
END_TEST

/* Each end says how often it wants to be spoken to; the other one keeps to it (5.4.13). */
START_TEST(periods)
{
    struct pair p;
    unsigned a, b;

    pair_init(&p, LACP_FAST, LACP_SLOW);
    pair_wire(&p, 1);
    ag_run(p.sim, 10 * SIM_S);
    a = p.a.ports[0].sent;
    b = p.b.ports[0].sent;
    ag_run(p.sim, 310 * SIM_S);
    ck_assert_uint_eq(p.a.ports[0].sent - a, 10);
    ck_assert_uint_eq(p.b.ports[0].sent - b, 300);
    ck_assert_uint_eq(p.a.ports[0].lacp.periodic, LACP_SLOW_TX);
    ck_assert_uint_eq(p.b.ports[0].lacp.periodic, LACP_FAST_TX);
    pair_end(&p);
}
END_TEST

/* A partner that falls silent has expired after three of its periods: 3 s or 90 s (5.4.4); traffic
 * stops then, and 3 s later the port has no partner. */
static void silence(int rate, sim_time timeout)
{
    struct pair p;

    pair_init(&p, rate, rate);
    pair_wire(&p, 2);
    ag_run(p.sim, 200 * SIM_S + SIM_S / 2);
    p.b.ports[0].silent = true;
    sim_time last = p.b.ports[0].sent_at + AG_DELAY;
    ag_run(p.sim, last + timeout - SIM_US);
    ck_assert_str_eq(ag_carrying(&p.a), "1 2");
    ag_run(p.sim, last + timeout);
    ck_assert_str_eq(ag_carrying(&p.a), "2");
    ck_assert_uint_eq(p.a.ports[0].lacp.receive, LACP_EXPIRED_STATE);
    ck_assert(p.a.ports[0].lacp.actor.state & LACP_EXPIRED);
    ag_run(p.sim, last + timeout + LACP_SHORT_TIMEOUT);
    ck_assert_uint_eq(p.a.ports[0].lacp.receive, LACP_DEFAULTED_STATE);
    ck_assert(!lacp_has_partner(&p.a.ports[0].lacp));
    ck_assert_uint_eq(p.a.ports[0].lacp.selected, LACP_STANDBY);
    /* b, which still hears a, is told now that a is out of step. */
    ck_assert_str_eq(ag_carrying(&p.b), "1 2");
    ag_run(p.sim, p.sim->now + SIM_MS);
    ck_assert_str_eq(ag_carrying(&p.b), "2");
    pair_end(&p);
}

START_TEST(short_timeout)
{
    silence(LACP_FAST, 3 * SIM_S);
}
END_TEST

START_TEST(long_timeout)
{
    silence(LACP_SLOW, 90 * SIM_S);
}
END_TEST

/* A link that goes down is out at once, and back after a period and the aggregate wait time; the
 * other links of the aggregator carry on, also if the leading one goes. */
START_TEST(link_goes_and_comes)
{
    struct pair p;

    pair_init(&p, LACP_FAST, LACP_FAST);
    pair_wire(&p, 3);
    ag_run(p.sim, 10 * SIM_S);
    sim_time since = p.a.ports[1].changed;
    ag_cut(&p.a.ports[0]);
    ck_assert_str_eq(ag_carrying(&p.a), "2 3");
    ck_assert_ptr_eq(p.a.lacp.active, &p.a.ports[1].lacp);
    ag_run(p.sim, 20 * SIM_S);
    ag_wire(&p.a.ports[0], &p.b.ports[0]);
    ag_run(p.sim, 21 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.a), "2 3");
    ag_run(p.sim, 24 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.a), "1 2 3");
    ck_assert_str_eq(ag_carrying(&p.b), "1 2 3");
    ck_assert_int_eq(p.a.ports[1].changed, since);
    pair_end(&p);
}
END_TEST

/* Links to two partners: two aggregators, of which one is active; the other's links wait in
 * standby, out of step, so that the partner does not send by them either. */
static void two_partners(int select, const char *before, const char *after)
{
    struct lacp_config config = { 0 };
    struct sim *sim = sim_new(1);
    struct ag_system a, b, c;

    param_defaults(lacp_params, &config);
    config.rate = LACP_FAST;
    ag_system(&b, sim, 2, &config);
    ag_system(&c, sim, 3, &config);
    config.select = select;
    ag_system(&a, sim, 1, &config);
    ag_wire(&a.ports[0], &b.ports[0]);
    ag_wire(&a.ports[1], &b.ports[1]);
    ag_wire(&a.ports[2], &c.ports[0]);
    ag_run(sim, 10 * SIM_S);
    ck_assert_str_eq(ag_carrying(&a), "1 2");
    ck_assert_str_eq(ag_carrying(&c), "");
    ck_assert_uint_eq(a.ports[2].lacp.selected, LACP_STANDBY);
    ck_assert(!(a.ports[2].last.actor.state & LACP_SYNCHRONIZATION));
    ag_wire(&a.ports[3], &c.ports[1]);
    ag_run(sim, 20 * SIM_S);
    ag_cut(&a.ports[0]);
    ag_run(sim, 30 * SIM_S);
    ck_assert_str_eq(ag_carrying(&a), before);
    ag_cut(&a.ports[1]);
    ag_run(sim, 40 * SIM_S);
    ck_assert_str_eq(ag_carrying(&a), after);
    ag_fini(&a);
    ag_fini(&b);
    ag_fini(&c);
    assert_no_leaks(sim);
    sim_free(sim);
}

/* bonding.rst, ad_select: "stable" reselects when all links of the active aggregator are down,
 * "bandwidth" and "count" whenever another one has more. */
START_TEST(selects_an_aggregator)
{
    two_partners(LACP_STABLE, "2", "3 4");
    two_partners(LACP_BANDWIDTH, "3 4", "3 4");
    two_partners(LACP_COUNT, "3 4", "3 4");
}
END_TEST

/* 5.6.1: of more links than can be used those with the best priorities are, by the word of the
 * system with the lesser identifier, here a; the others stand by and take over at once.  One that
 * returns takes its place back within a round trip. */
START_TEST(more_links_than_wanted)
{
    struct pair p;

    pair_init(&p, LACP_FAST, LACP_FAST);
    p.b.lacp.config.max_links = 2;
    lacp_port_set_priority(&p.a.ports[2].lacp, 10);
    lacp_port_set_priority(&p.b.ports[3].lacp, 1);
    pair_wire(&p, AG_PORTS);
    ag_run(p.sim, 10 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.b), "1 3");
    ck_assert_str_eq(ag_carrying(&p.a), "1 3");
    ag_cut(&p.a.ports[2]);
    ck_assert_str_eq(ag_carrying(&p.b), "1 2");
    ag_run(p.sim, 10 * SIM_S + SIM_MS);
    ck_assert_str_eq(ag_carrying(&p.a), "1 2");
    ag_run(p.sim, 20 * SIM_S);
    ag_wire(&p.a.ports[2], &p.b.ports[2]);
    ag_run(p.sim, 30 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.b), "1 3");
    ck_assert_int_le(p.b.ports[2].changed - p.b.ports[1].changed, 2 * AG_DELAY);
    /* In silence, too. */
    p.a.ports[0].silent = true;
    ag_run(p.sim, 34 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.b), "2 3");
    pair_end(&p);
}
END_TEST

/* 5.4.4: with nobody at the other end each port is a link by itself after 3 s; one is used. */
START_TEST(no_partner)
{
    struct pair p;

    pair_init(&p, LACP_FAST, LACP_FAST);
    lacp_port_up(&p.a.ports[0].lacp, AG_KEY, AG_RATE);
    lacp_port_up(&p.a.ports[1].lacp, AG_KEY, AG_RATE);
    ag_run(p.sim, 3 * SIM_S - SIM_US);
    ck_assert_str_eq(ag_carrying(&p.a), "");
    ag_run(p.sim, 3 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.a), "1");
    /* A partner that comes is preferred. */
    ag_wire(&p.a.ports[1], &p.b.ports[1]);
    ag_run(p.sim, 10 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.a), "2");
    pair_end(&p);
}
END_TEST

/* Passive ends do not begin (5.4.13); one active end suffices. */
START_TEST(passive)
{
    struct pair p;

    pair_init(&p, LACP_FAST, LACP_FAST);
    for (unsigned i = 0; i < AG_PORTS; i++) {
        p.a.ports[i].lacp.actor.state &= (uint8_t)~LACP_ACTIVITY;
        p.b.ports[i].lacp.actor.state &= (uint8_t)~LACP_ACTIVITY;
    }
    pair_wire(&p, 1);
    ag_run(p.sim, 60 * SIM_S);
    ck_assert_uint_eq(p.a.ports[0].sent + p.b.ports[0].sent, 0);
    ag_cut(&p.a.ports[0]);
    p.b.ports[0].lacp.actor.state |= LACP_ACTIVITY;
    pair_wire(&p, 2);
    ag_run(p.sim, 70 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.a), "1");
    ck_assert(lacp_has_partner(&p.a.ports[0].lacp));
    pair_end(&p);
}
END_TEST

/* Links of different speeds have different keys and are not aggregated; keys are made as Linux
 * makes them: user's key, 5 bits of speed, duplex. */
START_TEST(keys)
{
    struct pair p;

    ck_assert_uint_eq(lacp_key(0, 1000000000), 4 << 1 | 1);
    ck_assert_uint_eq(lacp_key(0, 10000000000), 7 << 1 | 1);
    ck_assert_uint_eq(lacp_key(5, 100000000), 5 << 6 | 3 << 1 | 1);
    ck_assert_uint_eq(lacp_key(0, 999999999), 3 << 1 | 1);
    pair_init(&p, LACP_FAST, LACP_FAST);
    pair_wire(&p, 2);
    lacp_port_up(&p.a.ports[1].lacp, lacp_key(0, 100000000), 100000000);
    ag_run(p.sim, 10 * SIM_S);
    ck_assert_str_eq(ag_carrying(&p.a), "1");
    ck_assert_uint_eq(p.a.ports[1].lacp.selected, LACP_STANDBY);
    pair_end(&p);
}
END_TEST

static struct packet *slow_packet(struct sim *sim, const uint8_t *pdu, uint32_t length)
{
    uint8_t frame[ETH_LEN + LACPDU_LEN];
    struct packet *packet = packet_new(sim);
    struct eth eth = { SLOW_GROUP, { { 2, 0, 0, 0, 9, 9 } }, ETH_TYPE_SLOW };

    eth_emit(frame, &eth);
    memcpy(frame + ETH_LEN, pdu, length);
    packet_set_payload(packet, blob_copy(frame, ETH_LEN + length), 0, ETH_LEN + length);
    return packet;
}

/* 5.4.16: not more than three LACPDUs in a fast periodic time, however much there is to say. */
START_TEST(rate_limit)
{
    struct pair p;
    uint8_t bytes[LACPDU_LEN];
    struct lacpdu wrong;

    pair_init(&p, LACP_FAST, LACP_FAST);
    pair_wire(&p, 1);
    ag_run(p.sim, 10 * SIM_S + SIM_S / 2);
    unsigned before = p.a.ports[0].sent;
    wrong = p.b.ports[0].last;
    wrong.partner.key++; /* b is wrong about a: a tells it (update_NTT) */
    lacpdu_emit(bytes, &wrong);
    for (unsigned i = 0; i < 200; i++) {
        lacp_receive(&p.a.ports[0].lacp, slow_packet(p.sim, bytes, LACPDU_LEN));
        ag_run(p.sim, p.sim->now + 10 * SIM_MS);
    }
    ck_assert_uint_ge(p.a.ports[0].sent - before, 6);
    ck_assert_uint_le(p.a.ports[0].sent - before, 3 * 3);
    pair_end(&p);
}
END_TEST

/* 5.4.9 update_NTT: a partner that is wrong about this end is told at once.  A timeout that it has
 * wrong stops no traffic. */
START_TEST(corrects_its_partner)
{
    struct pair p;
    uint8_t bytes[LACPDU_LEN];

    pair_init(&p, LACP_FAST, LACP_FAST);
    pair_wire(&p, 1);
    ag_run(p.sim, 10 * SIM_S + SIM_S / 2);
    struct lacpdu wrong = p.b.ports[0].last;
    unsigned before = p.a.ports[0].sent;
    lacpdu_emit(bytes, &wrong);
    lacp_receive(&p.a.ports[0].lacp, slow_packet(p.sim, bytes, LACPDU_LEN));
    ck_assert_uint_eq(p.a.ports[0].sent, before);
    wrong.partner.state ^= LACP_TIMEOUT;
    lacpdu_emit(bytes, &wrong);
    lacp_receive(&p.a.ports[0].lacp, slow_packet(p.sim, bytes, LACPDU_LEN));
    ck_assert_uint_eq(p.a.ports[0].sent, before + 1);
    ck_assert_str_eq(ag_carrying(&p.a), "1");
    pair_end(&p);
}
END_TEST

struct echo {
    struct lacp_port port;
    struct lacp lacp;
    uint8_t answer[ETH_LEN + LACPDU_LEN];
    unsigned answers;
};

static void echo_transmit(struct lacp_port *port, struct packet *frame)
{
    struct echo *echo = container_of(port, struct echo, port);

    ck_assert_uint_eq(packet_len(frame), sizeof echo->answer);
    packet_read(frame, 0, echo->answer, sizeof echo->answer);
    echo->answers++;
    packet_consumed(frame);
}

static void echo_changed(struct lacp_port *port)
{
}

/* 5.5.4.1: a marker is answered, with the same contents; what is no PDU is counted and dropped. */
START_TEST(markers_and_rubbish)
{
    static const struct lacp_ops ops = { echo_transmit, echo_changed };
    static const struct eth_addr mac = { { 2, 0, 0, 0, 0, 1 } };
    static const uint8_t marker[LACPDU_LEN] = { 2, 1, 1, 16, 0, 7, 2, 0, 0, 0, 0, 2, 1, 2, 3, 4 };
    uint8_t bytes[LACPDU_LEN];
    struct drops drops = { .name = "x" };
    struct lacp_config config = { 0 };
    struct sim *sim = sim_new(1);
    struct echo echo = { .answers = 0 };
    struct actor actor;

    param_defaults(lacp_params, &config);
    actor_init(&actor, sim, "x");
    lacp_init(&echo.lacp, sim, &actor, &drops, &ops, &mac, &config);
    lacp_port_add(&echo.lacp, &echo.port, &mac, 1);
    lacp_receive(&echo.port, slow_packet(sim, marker, LACPDU_LEN));
    ck_assert_uint_eq(drops_packets(&drops, &drop_lacp_port_disabled), 1);
    lacp_port_up(&echo.port, 1, AG_RATE);
    lacp_receive(&echo.port, slow_packet(sim, marker, LACPDU_LEN));
    ck_assert_uint_eq(echo.answers, 1);
    ck_assert_mem_eq(echo.answer, "\x01\x80\xc2\x00\x00\x02\x02\x00\x00\x00\x00\x01\x88\x09", 14);
    memcpy(bytes, marker, sizeof bytes);
    bytes[2] = MARKER_RESPONSE;
    ck_assert_mem_eq(echo.answer + ETH_LEN, bytes, sizeof bytes);
    /* A response is not answered; nor is what is too short. */
    lacp_receive(&echo.port, slow_packet(sim, bytes, LACPDU_LEN));
    ck_assert_uint_eq(drops_packets(&drops, &drop_slow_unknown), 1);
    for (uint32_t n = 0; n < LACPDU_LEN; n++)
        lacp_receive(&echo.port, slow_packet(sim, marker, n));
    ck_assert_uint_eq(drops_packets(&drops, &drop_lacpdu_malformed), LACPDU_LEN);
    ck_assert_uint_eq(echo.answers, 1);
    lacp_fini(&echo.lacp);
    drops_fini(&drops);
    assert_no_leaks(sim);
    sim_free(sim);
}
END_TEST

/* Does the wire carry frames both ways? */
static bool works(const struct ag_port *a)
{
    return a->lacp.enabled && a->peer && !a->silent && !a->peer->silent;
}

static void disturb(struct pair *p, struct rng *rng)
{
    struct ag_port *a = &p->a.ports[rng_below(rng, AG_PORTS)];

    switch (rng_below(rng, 5)) {
    case 0:
        ag_cut(a);
        break;
    case 1:
        a->silent = !a->silent;
        break;
    case 2:
        a->peer->silent = !a->peer->silent;
        break;
    case 3:
        a->silent = a->peer->silent = false;
        break;
    default:
        ag_wire(a, a->peer);
    }
}

/* However links failed and came back, in the end both systems carry traffic by exactly those that
 * work, if there is one. */
START_TEST(random_failures)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct pair p;
        struct rng rng;
        char wanted[2 * AG_PORTS + 1] = "";

        pair_init(&p, LACP_FAST, seed & 1 ? LACP_FAST : LACP_SLOW);
        rng_init(&rng, seed, "test_lacp", "failures");
        pair_wire(&p, AG_PORTS);
        for (unsigned i = 0; i < 60; i++) {
            ag_run(p.sim, p.sim->now + (sim_time)rng_below(&rng, 4000) * SIM_MS);
            disturb(&p, &rng);
        }
        ag_run(p.sim, p.sim->now + 200 * SIM_S);
        for (unsigned i = 0; i < AG_PORTS; i++)
            if (works(&p.a.ports[i]))
                g_snprintf(wanted + strlen(wanted), 3, "%s%u", *wanted ? " " : "", i + 1);
        if (*wanted) {
            ck_assert_msg(strcmp(ag_carrying(&p.a), wanted) == 0, "seed %u: a %s, not %s",
                          (unsigned)seed, ag_carrying(&p.a), wanted);
            ck_assert_msg(strcmp(ag_carrying(&p.b), wanted) == 0, "seed %u: b %s, not %s",
                          (unsigned)seed, ag_carrying(&p.b), wanted);
        }
        pair_end(&p);
    }
}
END_TEST

START_TEST(words)
{
    char text[LACP_STATE_TEXT];

    ck_assert_str_eq(lacp_state_format(0x3f, text), "ASGSCD--");
    ck_assert_str_eq(lacp_state_format(0x05, text), "ALG-----");
    ck_assert_str_eq(lacp_state_format(0xc0, text), "-L----FE");
    ck_assert_str_eq(lacp_mux_words[LACP_COLLECTING_DISTRIBUTING], "collecting distributing");
    ck_assert_str_eq(lacp_receive_words[LACP_CURRENT], "current");
    ck_assert_str_eq(lacp_selected_words[LACP_STANDBY], "standby");
}
END_TEST

SUITE("protocols/lacp", comes_up, periods, short_timeout, long_timeout, link_goes_and_comes,
      selects_an_aggregator, more_links_than_wanted, no_partner, passive, keys, rate_limit,
      corrects_its_partner, markers_and_rubbish, random_failures, words)

/* Snooping: RFC 4541 section 2.1, with the times of RFC 2236 section 8. */
#include "protocols/l2/snoop.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

enum { PORTS = 4, ROUTER = 0x0a000001 };

#define A (0xef010101u)
#define B (0xef810101u) /* the same Ethernet address as A */

struct rig {
    struct sim *sim;
    struct actor actor;
    struct snoop snoop;
    unsigned sent;
};

static void sent(struct snoop *snoop, uint16_t vid, ip4 src, ip4 dst, const struct igmp *message)
{
    container_of(snoop, struct rig, snoop)->sent++;
}

static struct snoop_config *init(struct rig *r)
{
    struct snoop_config config = { 0 };

    memset(r, 0, sizeof *r);
    param_defaults(snoop_params, &config);
    r->sim = sim_new(1);
    actor_init(&r->actor, r->sim, "snoop");
    snoop_init(&r->snoop, r->sim, &r->actor, &config, sent);
    return &r->snoop.config;
}

static void end(struct rig *r)
{
    snoop_fini(&r->snoop);
    assert_no_leaks(r->sim);
    sim_free(r->sim);
}

/* The ports of a way, "023". */
static const char *ports(const struct rig *r, struct snoop_way way)
{
    static char text[PORTS + 1];
    unsigned n = 0;

    for (uint32_t port = 0; port < PORTS; port++)
        if (snoop_wants(&r->snoop, &way, port))
            text[n++] = (char)('0' + port);
    text[n] = '\0';
    return text;
}

#define expect(r, way, text) ck_assert_str_eq(ports(r, way), text)

static struct snoop_way hear(struct rig *r, uint32_t port, uint8_t type, uint8_t max_resp,
                             ip4 group)
{
    struct igmp message = { type, max_resp, group };

    return snoop_message(&r->snoop, 1, port, ROUTER, &message);
}

static struct snoop_way report(struct rig *r, uint32_t port, ip4 group)
{
    return hear(r, port, IGMP_V2_REPORT, 0, group);
}

static struct snoop_way data(const struct rig *r, ip4 group)
{
    return snoop_data(&r->snoop, 1, group);
}

/* 2.1.1 (1): reports go to routers' ports alone; queries to all. */
START_TEST(messages_and_their_ways)
{
    struct rig r;

    init(&r);
    expect(&r, report(&r, 1, A), "");
    expect(&r, hear(&r, 3, IGMP_QUERY, 100, 0), "0123");
    expect(&r, report(&r, 1, A), "3");
    expect(&r, hear(&r, 1, IGMP_V1_REPORT, 0, A), "3");
    expect(&r, hear(&r, 1, IGMP_V3_REPORT, 0, 0), "3");
    expect(&r, hear(&r, 1, IGMP_LEAVE, 0, A), "3");
    expect(&r, hear(&r, 3, IGMP_QUERY, 10, A), "0123");
    expect(&r, hear(&r, 1, 0x13, 0, 0), "0123"); /* DVMRP: not ours to judge */
    expect(&r, snoop_message(&r.snoop, 2, 1, ROUTER, &(struct igmp){ IGMP_V2_REPORT, 0, A }), "");
    end(&r);
}
END_TEST

/* 2.1.1 (b): a query from 0.0.0.0 tells of no router. */
START_TEST(queries_from_nobody)
{
    struct igmp query = { IGMP_QUERY, 100, 0 };
    struct rig r;

    init(&r);
    snoop_message(&r.snoop, 1, 3, 0, &query);
    expect(&r, report(&r, 1, A), "");
    end(&r);
}
END_TEST

/* 2.1.2 (1), (2): 224.0.0.x everywhere; the rest to members and routers, told apart by IP address.
 */
START_TEST(data_and_its_ways)
{
    struct rig r;

    init(&r);
    hear(&r, 3, IGMP_QUERY, 100, 0);
    report(&r, 2, A);
    report(&r, 0, A);
    report(&r, 1, B);
    report(&r, 1, 0xe0000005);
    report(&r, 1, 0x0a000001); /* no group */
    expect(&r, data(&r, A), "023");
    expect(&r, data(&r, B), "13");
    expect(&r, data(&r, 0xe0000005), "0123");
    expect(&r, data(&r, 0xef010102), "3");
    expect(&r, snoop_data(&r.snoop, 2, A), "0123"); /* nobody asks in VLAN 2 */
    ck_assert_uint_eq(r.snoop.groups->len, 2);
    snoop_forget(&r.snoop, 0);
    expect(&r, data(&r, A), "23");
    snoop_forget(&r.snoop, 3);
    expect(&r, data(&r, A), "2");
    end(&r);
}
END_TEST

/* 2.1.2 (3): the three policies, with and without somebody who asks. */
START_TEST(unregistered_groups)
{
    static const char *const want[][2] = { { "0123", "3" }, { "0123", "0123" }, { "", "3" } };

    for (int policy = 0; policy < 3; policy++) {
        struct rig r;
        init(&r)->policy = policy;
        expect(&r, data(&r, A), want[policy][0]);
        hear(&r, 3, IGMP_QUERY, 100, 0);
        expect(&r, data(&r, A), want[policy][1]);
        end(&r);
    }
}
END_TEST

/* RFC 2236 8.4: a report counts for 260 s; 8.5: a query for 255 s. */
START_TEST(ageing)
{
    struct rig r;

    init(&r)->policy = SNOOP_ROUTERS;
    hear(&r, 3, IGMP_QUERY, 100, 0);
    report(&r, 1, A);
    sim_run(r.sim, 100 * SIM_S);
    report(&r, 2, A);
    sim_run(r.sim, 255 * SIM_S - 1);
    expect(&r, data(&r, A), "123");
    sim_run(r.sim, 255 * SIM_S);
    expect(&r, data(&r, A), "12");
    sim_run(r.sim, 260 * SIM_S);
    expect(&r, data(&r, A), "2");
    sim_run(r.sim, 360 * SIM_S);
    expect(&r, data(&r, A), "");
    end(&r);
}
END_TEST

/* With a router that asks: its question shortens all ports of the group to twice its time, and who
 * answers stays (RFC 2236 section 3). */
START_TEST(leaving_with_a_router)
{
    struct rig r;

    init(&r);
    hear(&r, 3, IGMP_QUERY, 100, 0);
    report(&r, 1, A);
    report(&r, 2, A);
    hear(&r, 1, IGMP_LEAVE, 0, A);
    expect(&r, data(&r, A), "123");
    hear(&r, 3, IGMP_QUERY, 10, A);
    sim_run(r.sim, SIM_S);
    report(&r, 2, A);
    sim_run(r.sim, 2 * SIM_S - 1);
    expect(&r, data(&r, A), "123");
    sim_run(r.sim, 2 * SIM_S);
    expect(&r, data(&r, A), "23");
    end(&r);
}
END_TEST

/* With a querier of its own, the switch asks and waits for the port of the leave alone. */
START_TEST(leaving_with_a_querier)
{
    struct igmp_querier_config config;
    struct rig r;

    param_defaults(igmp_querier_params, &config);
    init(&r);
    ck_assert(snoop_ask(&r.snoop, 1, 0x0a0000fe, &config));
    ck_assert(!snoop_ask(&r.snoop, 1, 0x0a0000fd, &config));
    sim_run(r.sim, 40 * SIM_S);
    ck_assert_uint_eq(r.sent, 2);
    report(&r, 1, A);
    report(&r, 2, A);
    hear(&r, 1, IGMP_LEAVE, 0, A);
    sim_run(r.sim, 42 * SIM_S - 1);
    expect(&r, data(&r, A), "12");
    ck_assert_uint_eq(r.sent, 4);
    sim_run(r.sim, 42 * SIM_S);
    expect(&r, data(&r, A), "2");
    expect(&r, data(&r, B), "");     /* somebody asks: the switch */
    hear(&r, 3, IGMP_QUERY, 100, 0); /* from 10.0.0.1, which is lower */
    sim_run(r.sim, 200 * SIM_S);
    ck_assert_uint_eq(r.sent, 4);
    end(&r);
}
END_TEST

START_TEST(fast_leave)
{
    struct rig r;

    init(&r)->fast_leave = true;
    hear(&r, 3, IGMP_QUERY, 100, 0);
    report(&r, 1, A);
    hear(&r, 1, IGMP_LEAVE, 0, A);
    expect(&r, data(&r, A), "3");
    end(&r);
}
END_TEST

/* A full table takes no more groups until members go. */
START_TEST(capacity)
{
    struct rig r;

    init(&r)->capacity = 10;
    hear(&r, 3, IGMP_QUERY, 100, 0);
    for (unsigned i = 0; i < 12; i++)
        report(&r, 1, A + i);
    ck_assert_uint_eq(r.snoop.groups->len, 10);
    ck_assert_uint_eq(r.snoop.overflows, 2);
    expect(&r, data(&r, A + 11), "3");
    expect(&r, data(&r, A + 9), "13");
    sim_run(r.sim, 300 * SIM_S);
    report(&r, 1, A + 11);
    ck_assert_uint_eq(r.snoop.groups->len, 1);
    expect(&r, data(&r, A + 11), "1");
    end(&r);
}
END_TEST

SUITE("protocols/snoop", messages_and_their_ways, queries_from_nobody, data_and_its_ways,
      unregistered_groups, ageing, leaving_with_a_router, leaving_with_a_querier, fast_leave,
      capacity)

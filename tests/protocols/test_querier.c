/* The querier: RFC 2236 sections 3 and 8. */
#include "protocols/ip/querier.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

enum { MOST = 64 };

struct rig {
    struct sim *sim;
    struct actor actor;
    struct igmp_querier q;
    unsigned n;
    sim_time at[MOST];
    struct igmp last;
    ip4 dst;
};

static void sent(struct igmp_querier *q, ip4 dst, const struct igmp *message)
{
    struct rig *r = container_of(q, struct rig, q);

    ck_assert_uint_lt(r->n, MOST);
    r->at[r->n++] = r->sim->now;
    r->last = *message;
    r->dst = dst;
}

static void init(struct rig *r)
{
    struct igmp_querier_config config;

    memset(r, 0, sizeof *r);
    param_defaults(igmp_querier_params, &config);
    r->sim = sim_new(1);
    actor_init(&r->actor, r->sim, "querier");
    igmp_querier_init(&r->q, r->sim, &r->actor, 0x0a000005, &config, sent);
}

static void end(struct rig *r)
{
    igmp_querier_fini(&r->q);
    assert_no_leaks(r->sim);
    sim_free(r->sim);
}

static void hear(struct rig *r, uint8_t type, ip4 src, ip4 group)
{
    struct igmp message = { type, 100, group };

    igmp_querier_heard(&r->q, src, &message);
}

/* 8.6, 8.7: two queries a quarter of the interval apart, then one each 125 s; Max Resp Time 100. */
START_TEST(general_queries)
{
    struct rig r;

    init(&r);
    sim_run(r.sim, 290 * SIM_S);
    ck_assert_uint_eq(r.n, 4);
    ck_assert_int_eq(r.at[0], 0);
    ck_assert_int_eq(r.at[1], 3125 * SIM_S / 100);
    ck_assert_int_eq(r.at[2], 15625 * SIM_S / 100);
    ck_assert_int_eq(r.at[3], 28125 * SIM_S / 100);
    ck_assert_uint_eq(r.last.type, IGMP_QUERY);
    ck_assert_uint_eq(r.last.max_resp, 100);
    ck_assert_uint_eq(r.last.group, 0);
    ck_assert_uint_eq(r.dst, 0xe0000001);
    end(&r);
}
END_TEST

/* 8.4: 2 x 125 + 10; 8.5: 2 x 125 + 10 / 2; 8.8 and 8.9: 2 x 1. */
START_TEST(intervals)
{
    struct igmp_querier_config config;

    param_defaults(igmp_querier_params, &config);
    ck_assert_int_eq(igmp_membership_interval(&config), 260 * SIM_S);
    ck_assert_int_eq(igmp_present_interval(&config), 255 * SIM_S);
    ck_assert_int_eq(igmp_last_member_time(&config), 2 * SIM_S);
}
END_TEST

/* Section 3: the lowest address asks; after 255 s without it the next one does. */
START_TEST(election)
{
    struct rig r;

    init(&r);
    sim_run(r.sim, 10 * SIM_S);
    hear(&r, IGMP_QUERY, 0x0a000009, 0); /* higher */
    hear(&r, IGMP_QUERY, 0, 0);          /* a switch on behalf of somebody */
    hear(&r, IGMP_V2_REPORT, 0x0a000001, 0xef010101);
    ck_assert(igmp_querier_elected(&r.q));
    hear(&r, IGMP_QUERY, 0x0a000001, 0);
    ck_assert(!igmp_querier_elected(&r.q));
    ck_assert_uint_eq(r.q.elected, 0x0a000001);
    sim_run(r.sim, 200 * SIM_S);
    hear(&r, IGMP_QUERY, 0x0a000001, 0);
    hear(&r, IGMP_LEAVE, 0x0a000007, 0xef010101); /* not ours to ask about */
    sim_run(r.sim, 455 * SIM_S - 1);
    ck_assert_uint_eq(r.n, 1);
    sim_run(r.sim, 456 * SIM_S);
    ck_assert(igmp_querier_elected(&r.q));
    ck_assert_uint_eq(r.n, 2);
    ck_assert_int_eq(r.at[1], 455 * SIM_S);
    end(&r);
}
END_TEST

/* Section 3, 8.8, 8.9: two queries to the group, a second apart, Max Resp Time 10; a second leave
 * meanwhile starts no more. */
START_TEST(leaves)
{
    struct rig r;

    init(&r);
    sim_run(r.sim, 40 * SIM_S);
    hear(&r, IGMP_LEAVE, 0x0a000007, 0xef010101);
    hear(&r, IGMP_LEAVE, 0x0a000007, 0x0a000001); /* no group */
    sim_run(r.sim, 40 * SIM_S + SIM_S / 2);
    hear(&r, IGMP_LEAVE, 0x0a000008, 0xef010101);
    hear(&r, IGMP_LEAVE, 0x0a000008, 0xef010102);
    sim_run(r.sim, 60 * SIM_S);
    ck_assert_uint_eq(r.n, 2 + 4);
    ck_assert_int_eq(r.at[2], 40 * SIM_S);
    ck_assert_int_eq(r.at[3], 40 * SIM_S + SIM_S / 2);
    ck_assert_int_eq(r.at[4], 41 * SIM_S);
    ck_assert_int_eq(r.at[5], 41 * SIM_S + SIM_S / 2);
    ck_assert_uint_eq(r.last.max_resp, 10);
    ck_assert_uint_eq(r.last.group, 0xef010102);
    ck_assert_uint_eq(r.dst, 0xef010102);
    end(&r);
}
END_TEST

SUITE("protocols/querier", general_queries, intervals, election, leaves)

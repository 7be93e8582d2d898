/* LLDP: the times of IEEE 802.1AB-2016 9.2.5: 30 s, hold 4, four quick ones 1 s apart; TTL 121 s.
 */
#include "protocols/l2/lldp.h"
#include "sim/drop.h"
#include "tests/support/leaks.h"
#include "tests/support/suite.h"

enum { MOST = 128 };

struct rig {
    struct sim *sim;
    struct actor actor;
    struct drops drops;
    struct lldp_port port;
    unsigned n;
    sim_time at[MOST];
    struct lldpdu last;
};

static void describe(struct lldp_port *port, struct lldpdu *pdu)
{
    pdu->chassis = lldp_id_of_mac(LLDP_CHASSIS_MAC, &port->mac);
    pdu->port = lldp_id_of_text(LLDP_PORT_NAME, "eth1");
}

static void transmit(struct lldp_port *port, struct packet *frame)
{
    struct rig *r = port->user;
    uint8_t bytes[LLDPDU_MAX];
    struct eth eth;

    ck_assert_uint_lt(r->n, MOST);
    packet_read(frame, 0, bytes, packet_len(frame));
    eth_parse(bytes, &eth);
    ck_assert(eth_addr_equal(&eth.dst, &LLDP_GROUP));
    ck_assert_uint_eq(eth.type, 0x88cc);
    ck_assert_int_eq(lldpdu_parse(bytes + ETH_LEN, packet_len(frame) - ETH_LEN, &r->last),
                     LLDPDU_OK);
    r->at[r->n++] = r->sim->now;
    packet_consumed(frame);
}

static const struct lldp_ops ops = { .describe = describe, .transmit = transmit };

static void init(struct rig *r)
{
    struct eth_addr mac = { { 2, 0, 0, 0, 0, 1 } };
    struct lldp_config config;

    memset(r, 0, sizeof *r);
    param_defaults(lldp_params, &config);
    r->sim = sim_new(1);
    actor_init(&r->actor, r->sim, "lldp");
    r->port.user = r;
    lldp_port_init(&r->port, r->sim, &r->actor, &r->drops, &mac, &ops, &config);
}

static void end(struct rig *r)
{
    lldp_port_fini(&r->port);
    drops_fini(&r->drops);
    assert_no_leaks(r->sim);
    sim_free(r->sim);
}

static void hear(struct rig *r, uint8_t who, uint16_t ttl, uint32_t cut)
{
    struct eth eth = { LLDP_GROUP, { { 2, 0, 0, 0, 0, who } }, ETH_TYPE_LLDP };
    struct lldpdu pdu = { .ttl = ttl };
    struct packet *frame = packet_new(r->sim);
    struct blob *blob = blob_new(LLDPDU_MAX);

    pdu.chassis = lldp_id_of_mac(LLDP_CHASSIS_MAC, &eth.src);
    pdu.port = lldp_id_of_text(LLDP_PORT_NAME, "eth9");
    packet_set_payload(frame, blob, 0, lldpdu_emit(blob->bytes, &pdu));
    eth_emit(packet_push(frame, ETH_LEN), &eth);
    packet_trim(frame, packet_len(frame) - cut);
    lldp_receive(&r->port, frame);
}

static unsigned neighbours(const struct rig *r)
{
    unsigned n = 0;

    for (const struct lldp_neighbour *at = r->port.neighbours; at; at = at->next)
        n++;
    return n;
}

START_TEST(what_is_sent)
{
    struct rig r;

    init(&r);
    sim_run(r.sim, 10 * SIM_S);
    ck_assert_uint_eq(r.n, 0);
    lldp_port_up(&r.port);
    sim_run(r.sim, 80 * SIM_S);
    ck_assert_uint_eq(r.n, 6);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(r.at[i], (10 + i) * SIM_S);
    ck_assert_int_eq(r.at[4], 43 * SIM_S);
    ck_assert_int_eq(r.at[5], 73 * SIM_S);
    ck_assert_uint_eq(r.last.ttl, 121);
    lldp_port_down(&r.port);
    sim_run(r.sim, 200 * SIM_S);
    ck_assert_uint_eq(r.n, 6);
    end(&r);
}
END_TEST

/* A new neighbour is told at once, and three times more; one that is known is not. */
START_TEST(fast_start)
{
    struct rig r;

    init(&r);
    lldp_port_up(&r.port);
    sim_run(r.sim, 50 * SIM_S);
    ck_assert_uint_eq(r.n, 5);
    hear(&r, 2, 121, 0);
    sim_run(r.sim, 60 * SIM_S);
    ck_assert_uint_eq(r.n, 9);
    ck_assert_int_eq(r.at[5], 50 * SIM_S);
    ck_assert_int_eq(r.at[8], 53 * SIM_S);
    hear(&r, 2, 121, 0);
    sim_run(r.sim, 80 * SIM_S);
    ck_assert_uint_eq(r.n, 9);
    end(&r);
}
END_TEST

/* Kept for its time to live, from the last time it was said; a time of 0 takes it back; a link that
 * goes down takes all along. */
START_TEST(neighbours_age)
{
    struct rig r;

    init(&r);
    lldp_port_up(&r.port);
    hear(&r, 2, 121, 0);
    sim_run(r.sim, 30 * SIM_S);
    hear(&r, 2, 121, 0);
    hear(&r, 3, 10, 0);
    ck_assert_uint_eq(neighbours(&r), 2);
    sim_run(r.sim, 40 * SIM_S);
    ck_assert_uint_eq(neighbours(&r), 1);
    sim_run(r.sim, 151 * SIM_S - 1);
    ck_assert_uint_eq(neighbours(&r), 1);
    sim_run(r.sim, 151 * SIM_S);
    ck_assert_uint_eq(neighbours(&r), 0);
    ck_assert_uint_eq(r.port.counters.aged, 2);
    hear(&r, 2, 65535, 0);
    hear(&r, 2, 0, 0);
    hear(&r, 4, 0, 0); /* who was not known */
    ck_assert_uint_eq(neighbours(&r), 0);
    hear(&r, 2, 65535, 0);
    lldp_port_down(&r.port);
    ck_assert_uint_eq(neighbours(&r), 0);
    hear(&r, 2, 65535, 0); /* too late */
    ck_assert_uint_eq(neighbours(&r), 0);
    ck_assert_uint_eq(drops_packets(&r.drops, &drop_lldp_off), 1);
    end(&r);
}
END_TEST

/* There is room for 16 neighbours at a port; those that are known are still heard. */
START_TEST(too_many)
{
    struct rig r;

    init(&r);
    lldp_port_up(&r.port);
    for (uint8_t who = 2; who < 22; who++)
        hear(&r, who, 121, 0);
    ck_assert_uint_eq(neighbours(&r), 16);
    ck_assert_uint_eq(r.port.counters.too_many, 4);
    hear(&r, 2, 0, 0);
    hear(&r, 30, 121, 0);
    ck_assert_uint_eq(neighbours(&r), 16);
    end(&r);
}
END_TEST

/* Frames of every length: dropped and counted. */
START_TEST(bad_frames)
{
    struct rig r;

    init(&r);
    lldp_port_up(&r.port);
    for (uint32_t cut = 1; cut <= 36; cut++)
        hear(&r, 2, 121, cut);
    ck_assert_uint_eq(neighbours(&r), 0);
    ck_assert_uint_eq(r.port.counters.malformed, 36);
    ck_assert_uint_eq(drops_packets(&r.drops, &drop_lldp_malformed), 36);
    end(&r);
}
END_TEST

SUITE("protocols/lldp", what_is_sent, fast_start, neighbours_age, too_many, bad_frames)

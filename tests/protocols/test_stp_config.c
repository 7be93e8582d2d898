/* Options, path costs and names of the spanning tree protocols. */
#include "protocols/l2/stp.h"
#include "tests/support/bridges.h"
#include "tests/support/suite.h"

START_TEST(tables_are_in_order)
{
    GError *error = NULL;

    ck_assert_msg(param_check(stp_params, &error), "%s", error ? error->message : "");
    ck_assert_msg(param_check(stp_port_params, &error), "%s", error ? error->message : "");
}
END_TEST

/* 802.1D-1998 tables 8-3 and 8-4: hello 2 s, max age 20 s, forward delay 15 s, bridge priority
 * 32768, port priority 128; 802.1D-2004 table 17-1: transmit hold count 6. */
START_TEST(defaults_of_the_standards)
{
    struct stp_config c = yard_config(STP_CLASSIC);
    struct stp_port_config p = { 0 };

    param_defaults(stp_port_params, &p);
    ck_assert_int_eq(c.hello, 2 * SIM_S);
    ck_assert_int_eq(c.max_age, 20 * SIM_S);
    ck_assert_int_eq(c.forward_delay, 15 * SIM_S);
    ck_assert_uint_eq(c.priority, 32768);
    ck_assert_uint_eq(c.tx_hold, 6);
    ck_assert_uint_eq(p.priority, 128);
    ck_assert_int_eq(p.edge, STP_AUTO);
    ck_assert(stp_config_check(&c, NULL) && stp_port_config_check(&p, NULL));
}
END_TEST

static void refused(const struct stp_config *config, const char *message)
{
    GError *error = NULL;

    ck_assert(!stp_config_check(config, &error));
    ck_assert_str_eq(error->message, message);
    g_error_free(error);
}

START_TEST(mistakes)
{
    struct stp_config c = yard_config(STP_CLASSIC);
    struct stp_port_config p = { .priority = 100 };
    GError *error = NULL;

    c.priority = 5000;
    refused(&c, "priority 5000: must be a multiple of 4096; use 4096 or 8192");
    c.priority = 61000;
    refused(&c, "priority 61000: must be a multiple of 4096; use 57344 or 61440");
    c.priority = 4096;
    c.forward_delay = 10 * SIM_S;
    refused(&c, "forward_delay 10s: too short for max_age 20s; use at least 11s");
    c.forward_delay = 15 * SIM_S;
    c.hello = 10 * SIM_S;
    refused(&c, "max_age 20s: too short for hello_time 10s; use at least 22s");
    ck_assert(!stp_port_config_check(&p, &error));
    ck_assert_str_eq(error->message, "port priority 100: must be a multiple of 16; use 96 or 112");
    g_error_free(error);
}
END_TEST

/* 802.1D-1998 table 8-5, 802.1D-2004 table 17-3. */
START_TEST(path_costs)
{
    static const struct {
        uint64_t rate;
        uint32_t brief, full;
    } rows[] = {
        { 100000, 10000, 200000000 }, { 4000000, 250, 5000000 }, { 10000000, 100, 2000000 },
        { 16000000, 62, 1250000 },    { 45000000, 39, 444444 },  { 100000000, 19, 200000 },
        { 155000000, 14, 129032 },    { 622000000, 6, 32154 },   { 1000000000, 4, 20000 },
        { 10000000000, 2, 2000 },     { 100000000000, 1, 200 },  { 1000000000000, 1, 20 },
        { 10000000000000, 1, 2 },     { 1, 65535, 200000000 },   { 0, 1, 1 },
        { 40000000000000, 1, 1 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_uint_eq(stp_cost_short(rows[i].rate), rows[i].brief);
        ck_assert_uint_eq(stp_cost_long(rows[i].rate), rows[i].full);
    }
}
END_TEST

START_TEST(names)
{
    char text[STP_ID_TEXT];

    ck_assert_str_eq(stp_id_format(0x9001020000000a0b, text), "9001.02:00:00:00:0a:0b");
    ck_assert_str_eq(stp_state_name(STP_CLASSIC, STP_BLOCKING), "blocking");
    ck_assert_str_eq(stp_state_name(STP_RAPID, STP_BLOCKING), "discarding");
    ck_assert_str_eq(stp_role_name(STP_ROLE_BACKUP), "backup");
}
END_TEST

/* 802.1D-2004 9.2.5, 9.2.7: 4 bits of priority, 12 of system id or port number. */
START_TEST(identifiers)
{
    struct yard yard;
    struct stp_config config = yard_config(STP_RAPID);

    yard_init(&yard, 1);
    config.priority = 4096;
    config.system_id = 10;
    struct yard_bridge *b = yard_bridge_with(&yard, &config);
    struct yard_port *p = yard_port(b), *q = yard_port(b);
    ck_assert_uint_eq(b->stp.id, 0x100a020000000001);
    ck_assert_uint_eq(p->stp.id, 0x8001);
    ck_assert_uint_eq(q->stp.id, 0x8002);
    stp_set_priority(&b->stp, 61440);
    ck_assert_uint_eq(b->stp.id, 0xf00a020000000001);
    ck_assert_uint_eq(b->stp.root.root, b->stp.id);
    yard_end(&yard);
}
END_TEST

SUITE("protocols/l2/stp_config", tables_are_in_order, defaults_of_the_standards, mistakes,
      path_costs, names, identifiers)

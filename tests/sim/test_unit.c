#include "sim/unit.h"

#include <string.h>

#include "tests/support/suite.h"

static void check_error(GError **error, const char *message)
{
    ck_assert_ptr_nonnull(*error);
    ck_assert_str_eq((*error)->message, message);
    g_clear_error(error);
}

START_TEST(times_are_exact)
{
    static const struct {
        const char *text;
        sim_time want;
    } rows[] = {
        { "20ms", 20 * SIM_MS },
        { "0.1ms", 100000000 },
        { "0.1us", 100000 },
        { "1.5s", 1500 * SIM_MS },
        { "1min", 60 * SIM_S },
        { "2h", 7200 * SIM_S },
        { "3ns", 3000 },
        { "7ps", 7 },
        { "5 ms", 5 * SIM_MS },
        { "2.5", 2500 * SIM_MS },
        { "1e-3s", SIM_MS },
        { "-5ms", -5 * SIM_MS },
        { "0.4ps", 0 },
        { "0.5ps", 1 },
        { " 1s ", SIM_S },
        { "10\xc2\xb5s", 10 * SIM_US },
        { "0.123456789012s", 123456789012 },
        { "4611686.018427387903s", SIM_TIME_MAX },
        { "never", SIM_NEVER },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        sim_time t = -1;
        ck_assert_msg(unit_parse_time(rows[i].text, &t, NULL), "%s", rows[i].text);
        ck_assert_msg(t == rows[i].want, "%s", rows[i].text);
    }
}
END_TEST

START_TEST(rates_in_bits_and_bytes)
{
    static const struct {
        const char *text;
        uint64_t want;
    } rows[] = {
        { "9600bps", 9600 },
        { "56kbps", 56000 },
        { "10Mbps", 10000000 },
        { "1Gbps", 1000000000 },
        { "1.6Tbps", 1600000000000 },
        { "300bit", 300 },
        { "64kbit", 64000 },
        { "10Mbit", 10000000 },
        { "100mbit", 100000000 },
        { "40Gbit", 40000000000 },
        { "1Bps", 8 },
        { "2kBps", 16000 },
        { "1MBps", 8000000 },
        { "1.25GBps", 10000000000 },
        { "1e7", 10000000 },
        { "1.544Mbps", 1544000 },
        { "0.1bps", 0 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        uint64_t bps = 1;
        ck_assert_msg(unit_parse_rate(rows[i].text, &bps, NULL), "%s", rows[i].text);
        ck_assert_msg(bps == rows[i].want, "%s", rows[i].text);
    }
}
END_TEST

START_TEST(sizes_decimal_and_binary)
{
    static const struct {
        const char *text;
        uint64_t want;
    } rows[] = {
        { "1500", 1500 },      { "1500B", 1500 },      { "64kB", 64000 },
        { "64KiB", 65536 },    { "1MB", 1000000 },     { "1MiB", 1048576 },
        { "2GB", 2000000000 }, { "2GiB", 2147483648 }, { "1.5KiB", 1536 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        uint64_t bytes = 1;
        ck_assert_msg(unit_parse_size(rows[i].text, &bytes, NULL), "%s", rows[i].text);
        ck_assert_msg(bytes == rows[i].want, "%s", rows[i].text);
    }
}
END_TEST

START_TEST(fractions_are_the_nearest_double)
{
    static const struct {
        const char *text;
        double want;
    } rows[] = { { "0.1%", 0.001 }, { "0.3%", 0.003 }, { "1%", 0.01 },    { "100%", 1 },
                 { "0", 0 },        { "0.25", 0.25 },  { "1e-3", 0.001 }, { "0.07", 0.07 } };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        double f = -1;
        ck_assert_msg(unit_parse_fraction(rows[i].text, &f, NULL), "%s", rows[i].text);
        ck_assert_msg(f == rows[i].want, "%s", rows[i].text);
    }
}
END_TEST

START_TEST(mistakes_name_the_remedy)
{
    GError *error = NULL;
    sim_time t = 5;
    uint64_t n = 6;
    double f = 7;

    ck_assert(!unit_parse_rate("10Mbs", &n, &error));
    ck_assert(error->domain == WEFT_ERROR && error->code == WEFT_ERROR_UNIT);
    check_error(&error, "rate \"10Mbs\": unknown unit \"Mbs\"; use bps, kbps, Mbps, Gbps");
    ck_assert(!unit_read_rate("link rate", "10mbps", &n, &error));
    check_error(&error, "link rate \"10mbps\": unknown unit \"mbps\"; use bps, kbps, Mbps, Gbps");
    ck_assert(!unit_parse_rate("fast", &n, &error));
    check_error(&error, "rate \"fast\": no number; write \"10Mbps\"");
    ck_assert(!unit_parse_rate("-1Mbps", &n, &error));
    check_error(&error, "rate \"-1Mbps\": must not be negative");
    ck_assert(!unit_parse_rate("99999999999Gbps", &n, &error));
    check_error(&error, "rate \"99999999999Gbps\": too large");
    ck_assert(!unit_parse_size("64KB", &n, &error));
    check_error(&error,
                "size \"64KB\": unknown unit \"KB\"; use B, kB (1000), KiB (1024), MB, MiB, "
                "GB, GiB");
    ck_assert(!unit_parse_time("5m", &t, &error));
    check_error(&error, "time \"5m\": unknown unit \"m\"; use s, ms, us, ns, ps, min, h");
    ck_assert(!unit_parse_time("1282h", &t, &error));
    check_error(&error, "time \"1282h\": too long; a time is at most 53 days (1281 h)");
    ck_assert(!unit_parse_fraction("120%", &f, &error));
    check_error(&error, "fraction \"120%\": must be between 0% and 100%");
    ck_assert(t == 5 && n == 6 && f == 7); /* nothing was written */
}
END_TEST

START_TEST(tc_lower_case_rates_are_refused)
{
    GError *error = NULL;
    uint64_t bps = 0;

    ck_assert(unit_read_tc_rate("rate", "100kbit", &bps, NULL) && bps == 100000);
    ck_assert(unit_read_tc_rate("rate", "1Mbps", &bps, NULL) && bps == 1000000);
    ck_assert(!unit_read_tc_rate("rate", "100kbps", &bps, &error));
    check_error(&error, "rate \"100kbps\": \"kbps\" is kilobytes per second to tc and bits per "
                        "second elsewhere; use kbit or kBps");
    ck_assert(!unit_read_tc_rate("rate", "1mbps", &bps, NULL));
    ck_assert(!unit_read_tc_rate("rate", "5bps", &bps, NULL));
    ck_assert(!unit_read_tc_rate("rate", "x", &bps, NULL));
}
END_TEST

START_TEST(any_unit_becomes_si)
{
    static const struct {
        const char *text;
        double want;
    } rows[] = { { "5Mbps", 5e6 }, { "7s", 7 },      { "20ms", 0.02 }, { "1kB", 1000 },
                 { "2%", 0.02 },   { "1MBps", 8e6 }, { "42", 42 },     { "-3ms", -0.003 },
                 { "1KiB", 1024 }, { "1h", 3600 } };
    double v = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ck_assert(unit_read_any("value", rows[i].text, &v, NULL));
        ck_assert_msg(v == rows[i].want, "%s", rows[i].text);
    }
    ck_assert(!unit_read_any("value", "5furlongs", &v, NULL));
    ck_assert(!unit_read_any("value", "", &v, NULL));
}
END_TEST

static void check_shown(char *shown, const char *want)
{
    ck_assert_str_eq(shown, want);
    g_free(shown);
}

START_TEST(values_are_shown_as_one_would_write_them)
{
    check_shown(unit_show_time(20 * SIM_MS), "20ms");
    check_shown(unit_show_time(0), "0s");
    check_shown(unit_show_time(90 * SIM_S), "90s");
    check_shown(unit_show_time(1500 * SIM_MS), "1.5s");
    check_shown(unit_show_time(-250 * SIM_US), "-250us");
    check_shown(unit_show_time(SIM_NEVER), "never");
    check_shown(unit_show_rate(10000000), "10Mbps");
    check_shown(unit_show_rate(1544000), "1.544Mbps");
    check_shown(unit_show_rate(0), "0bps");
    check_shown(unit_show_rate(999), "999bps");
    check_shown(unit_show_rate(1000), "1kbps");
    check_shown(unit_show_size(1500), "1500B");
    check_shown(unit_show_size(65536), "64KiB");
    check_shown(unit_show_size(64000), "64kB");
    check_shown(unit_show_size(0), "0B");
    check_shown(unit_show_fraction(0.001), "0.1%");
    check_shown(unit_show_fraction(0), "0%");
    check_shown(unit_show_fraction(1), "100%");
    check_shown(unit_show_fraction(1e-7), "0.0000001");
    check_shown(unit_show_number(-2.5), "-2.5");
}
END_TEST

START_TEST(shown_values_read_back)
{
    uint64_t x = 3;
    for (int i = 0; i < 20000; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        uint64_t n = x >> (i % 64), back = 0;
        double f = (double)(x >> 11) * 0x1p-53 / (1 + i % 1000), f_back = -1;
        sim_time t = (sim_time)(n >> 2), t_back = -1;
        char *shown[] = { unit_show_time(i % 2 ? t : -t), unit_show_rate(n >> 1),
                          unit_show_size(n >> 1), unit_show_fraction(f) };
        ck_assert(unit_parse_time(shown[0], &t_back, NULL) && t_back == (i % 2 ? t : -t));
        ck_assert(unit_parse_rate(shown[1], &back, NULL) && back == n >> 1);
        ck_assert(unit_parse_size(shown[2], &back, NULL) && back == n >> 1);
        ck_assert(unit_parse_fraction(shown[3], &f_back, NULL) && f_back == f);
        for (int j = 0; j < 4; j++)
            g_free(shown[j]);
    }
}
END_TEST

SUITE("sim/unit", times_are_exact, rates_in_bits_and_bytes, sizes_decimal_and_binary,
      fractions_are_the_nearest_double, mistakes_name_the_remedy, tc_lower_case_rates_are_refused,
      any_unit_becomes_si, values_are_shown_as_one_would_write_them, shown_values_read_back)

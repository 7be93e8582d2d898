#include "scenarios/results/number.h"

#include <locale.h>
#include <math.h>

#include "tests/support/suite.h"

static void check_text(GString *got, const char *want)
{
    ck_assert_str_eq(got->str, want);
    g_string_truncate(got, 0);
}

START_TEST(shortest)
{
    static const struct {
        double value;
        const char *want;
    } rows[] = {
        { 0, "0" },
        { -0.0, "0" },
        { 0.1, "0.1" },
        { 1.0 / 3, "0.3333333333333333" },
        { 9007199254740993.0, "9007199254740992" },
        { 123456789, "123456789" },
        { -2.5, "-2.5" },
        { 0.1 + 0.2, "0.30000000000000004" },
        { 5e-324, "5e-324" },
        { 1e22, "10000000000000000000000" },
        { NAN, "" },
        { INFINITY, "" },
    };
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        number_append(text, rows[i].value);
        check_text(text, rows[i].want);
    }
    g_string_free(text, TRUE);
}
END_TEST

/* All bit patterns of finite doubles read back as themselves. */
START_TEST(round_trip)
{
    GString *text = g_string_new(NULL);
    uint64_t bits = 0x123456789abcdef;

    for (int i = 0; i < 20000; i++) {
        double value;
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        g_string_truncate(text, 0);
        number_append(text, value);
        double back = g_ascii_strtod(text->str, NULL);
        ck_assert_msg(back == value, "%s is not %.17g", text->str, value);
    }
    g_string_free(text, TRUE);
}
END_TEST

START_TEST(seconds_are_exact)
{
    static const struct {
        sim_time time;
        const char *want;
    } rows[] = {
        { 0, "0" },
        { 1, "0.000000000001" },
        { SIM_S, "1" },
        { 60 * SIM_S, "60" },
        { 1500 * SIM_MS, "1.5" },
        { SIM_S + 1230 * SIM_NS, "1.00000123" },
        { -SIM_MS, "-0.001" },
        { SIM_NEVER, "9223372.036854775807" },
    };
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        number_append_seconds(text, rows[i].time);
        check_text(text, rows[i].want);
    }
    g_string_free(text, TRUE);
}
END_TEST

START_TEST(scaled)
{
    static const struct {
        double value;
        const char *unit, *want;
    } rows[] = {
        { 19123456, "bit/s", "19.12 Mbit/s" },
        { 999, "bit/s", "999 bit/s" },
        { 1000, "bit/s", "1 kbit/s" },
        { 2.5e12, "bit/s", "2.500 Tbit/s" },
        { 0.0421337, "s", "42.13 ms" },
        { 12, "s", "12 s" },
        { 0, "s", "0 s" },
        { 5e-6, "s", "5 \302\265s" },
        { 3e-13, "s", "0.3000 ps" },
        { 0.9712, "1", "97.12 %" },
        { 0.00005, "1", "0.005000 %" },
        { 1536, "B", "1.536 kB" },
        { 17, "packets", "17 packets" },
        { 3.14159, "", "3.142" },
        { -0.0421337, "s", "-42.13 ms" },
        { NAN, "s", "\342\200\223" },
    };
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        number_append_scaled(text, rows[i].value, rows[i].unit);
        check_text(text, rows[i].want);
    }
    g_string_free(text, TRUE);
}
END_TEST

START_TEST(fixed)
{
    GString *text = g_string_new(NULL);

    number_append_fixed(text, -0.0004, 2);
    check_text(text, "0.00");
    number_append_fixed(text, -0.006, 2);
    check_text(text, "-0.01");
    number_append_fixed(text, 2, 0);
    check_text(text, "2");
    g_string_free(text, TRUE);
}
END_TEST

/* A locale with a decimal comma changes nothing; skipped silently where none is installed. */
START_TEST(locale)
{
    static const char *const names[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", NULL };
    GString *text = g_string_new(NULL);

    for (int i = 0; names[i] && !setlocale(LC_ALL, names[i]); i++)
        ;
    number_append(text, 0.25);
    number_append_fixed(text, 0.25, 2);
    check_text(text, "0.250.25");
    setlocale(LC_ALL, "C");
    g_string_free(text, TRUE);
}
END_TEST

SUITE("scenarios/results/number", shortest, round_trip, seconds_are_exact, scaled, fixed, locale)

#include "sim/decimal.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/suite.h"

static struct decimal parse(const char *text)
{
    struct decimal d;
    const char *rest = decimal_parse(text, &d);
    ck_assert_msg(rest && !*rest, "%s is not wholly a number", text);
    return d;
}

START_TEST(stops_behind_the_number)
{
    static const struct {
        const char *text, *rest;
    } rows[] = {
        { "10Mbps", "Mbps" }, { "0.5 s", " s" }, { ".25x", "x" },   { "5.", "" },
        { "1e3s", "s" },      { "1e", "e" },     { "1e+", "e+" },   { "-7min", "min" },
        { "1.2.3", ".3" },    { "2E-2%", "%" },  { "0x10", "x10" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decimal d;
        ck_assert_str_eq(decimal_parse(rows[i].text, &d), rows[i].rest);
    }
}
END_TEST

START_TEST(refuses_what_is_no_number)
{
    static const char *const rows[] = { "", "s", ".", "-", "+.", "e5", " 1", "inf", "nan" };
    struct decimal d;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_ptr_null(decimal_parse(rows[i], &d));
}
END_TEST

START_TEST(scales_exactly_and_rounds_halves_up)
{
    static const struct {
        const char *text;
        uint64_t factor, want;
    } rows[] = {
        { "0.1", 1000000000, 100000000 },
        { "0.1", 10, 1 },
        { "0.05", 10, 1 },
        { "0.049999999999999999", 10, 0 },
        { "1.5", 1, 2 },
        { "1.4999", 1, 1 },
        { "18446744073709551615e0", 1, 18446744073709551610u }, /* the twentieth digit is lost */
        { "9223372.036854775807", 1000000000000, 9223372036854775807u },
        { "1e19", 1, 10000000000000000000u },
        { "0.000000000000000000000000001e27", 1, 1 },
        { "100000000000000000000000000e-26", 1, 1 },
        { "1e-9999999999", 1, 0 },
        { "0e9999999999", 1, 0 },
        { "-3", 5, 15 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t out = 77;
        ck_assert(decimal_scale(parse(rows[i].text), rows[i].factor, &out));
        ck_assert_msg(out == rows[i].want, "%s", rows[i].text);
    }
}
END_TEST

START_TEST(refuses_what_does_not_fit)
{
    static const char *const rows[] = { "2e19", "18446744073709551620", "1e9999999", "1e300" };
    uint64_t out;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(!decimal_scale(parse(rows[i]), 1, &out), "%s", rows[i]);
    ck_assert(!decimal_scale(parse("9999999999999999999"), UINT64_MAX, &out));
}
END_TEST

START_TEST(knows_whole_numbers)
{
    ck_assert(decimal_is_whole(parse("12")));
    ck_assert(decimal_is_whole(parse("12.00")));
    ck_assert(decimal_is_whole(parse("1.25e2")));
    ck_assert(decimal_is_whole(parse("0.0e-5")));
    ck_assert(!decimal_is_whole(parse("12.5")));
    ck_assert(!decimal_is_whole(parse("1e-1")));
}
END_TEST

START_TEST(formats_plainly)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "0", "0" },
        { "-0", "0" },
        { "1500", "1500" },
        { "1.50", "1.5" },
        { "-.25", "-0.25" },
        { "0.00125", "0.00125" },
        { "1e3", "1000" },
        { "1e23", "100000000000000000000000" },
        { "1e30", "1e30" },
        { "1.5e-40", "1.5e-40" },
        { "-9999999999999999999e-19", "-0.9999999999999999999" },
    };
    char buf[DECIMAL_TEXT];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str_eq(decimal_format(parse(rows[i].text), buf), rows[i].want);
}
END_TEST

/* Of all doubles: shortest form, read back, is the same bits. */
START_TEST(doubles_round_trip)
{
    uint64_t x = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        double v, back;
        char buf[DECIMAL_TEXT];
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        memcpy(&v, &x, sizeof v);
        if (v != v || v - v != 0)
            continue;
        struct decimal d = decimal_of_double(v);
        back = decimal_to_double(d, 1, 0);
        ck_assert(memcmp(&v, &back, sizeof v) == 0);
        back = strtod(decimal_format(d, buf), NULL);
        ck_assert(v == back);
    }
    ck_assert_uint_eq(decimal_of_double(0.1).digits, 1);
    ck_assert_int_eq(decimal_of_double(0.1).exponent, -1);
}
END_TEST

START_TEST(double_of_a_product_is_rounded_once)
{
    /* 0.1 % is the double nearest to 0.001, which 0.1 / 100 need not be. */
    ck_assert(decimal_to_double(parse("0.1"), 1, -2) == 0.001);
    ck_assert(decimal_to_double(parse("0.3"), 1, -2) == 0.003);
    ck_assert(decimal_to_double(parse("-2.5"), 1000000, 0) == -2.5e6);
}
END_TEST

SUITE("sim/decimal", stops_behind_the_number, refuses_what_is_no_number,
      scales_exactly_and_rounds_halves_up, refuses_what_does_not_fit, knows_whole_numbers,
      formats_plainly, doubles_round_trip, double_of_a_product_is_rounded_once)

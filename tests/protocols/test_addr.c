/* Addresses as text. */
#include "protocols/ip/addr.h"

#include "sim/error.h"
#include "tests/support/suite.h"

START_TEST(good_addresses)
{
    static const struct {
        const char *text;
        ip4 addr;
    } cases[] = { { "0.0.0.0", 0 },
                  { "10.0.0.1", 0x0a000001 },
                  { "255.255.255.255", 0xffffffff },
                  { "192.168.100.200", 0xc0a864c8 } };
    char buf[IP_ADDR_TEXT];
    ip4 addr;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert(ip4_parse(cases[i].text, &addr, NULL));
        ck_assert_uint_eq(addr, cases[i].addr);
        ck_assert_str_eq(ip4_format(addr, buf), cases[i].text);
    }
}
END_TEST

START_TEST(bad_addresses_say_what_is_wanted)
{
    static const char *const bad[] = { "",        "10",         "10.0.0",    "10.0.0.1.2",
                                       "10.0.0.", "10.0.0.256", "10.0.0.1x", " 10.0.0.1",
                                       "a.b.c.d", "10..0.1",    "10.0.0.-1", "0001.0.0.1" };
    ip4 addr = 7;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        GError *error = NULL;
        ck_assert(!ip4_parse(bad[i], &addr, &error));
        ck_assert_int_eq(error->domain == WEFT_ERROR, 1);
        ck_assert_ptr_nonnull(strstr(error->message, "such as \"10.0.0.1\""));
        g_error_free(error);
    }
    ck_assert_uint_eq(addr, 7);
}
END_TEST

START_TEST(ipv6_gets_its_own_message)
{
    GError *error = NULL;
    ip4 addr;
    int length;

    ck_assert(!ip4_parse("2001:db8::1", &addr, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "IPv6 is not modelled yet"));
    g_clear_error(&error);
    ck_assert(!ip4_parse_prefix("::/0", &addr, &length, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "IPv6 is not modelled yet"));
    g_clear_error(&error);
}
END_TEST

START_TEST(prefixes)
{
    static const struct {
        const char *text;
        ip4 addr;
        int length;
    } good[] = { { "0/0", 0, 0 },
                 { "10/8", 0x0a000000, 8 },
                 { "10.1/16", 0x0a010000, 16 },
                 { "10.0.0.0/24", 0x0a000000, 24 },
                 { "10.0.0.1/24", 0x0a000001, 24 },
                 { "10.0.0.1/32", 0x0a000001, 32 },
                 { "10.0.0.1", 0x0a000001, 32 } };
    static const char *const bad[] = { "",           "10",          "10.0.0.0/",   "10.0.0.0/33",
                                       "/8",         "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.0/008/",
                                       "300.0.0.0/8" };
    ip4 addr;
    int length;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        ck_assert(ip4_parse_prefix(good[i].text, &addr, &length, NULL));
        ck_assert_uint_eq(addr, good[i].addr);
        ck_assert_int_eq(length, good[i].length);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!ip4_parse_prefix(bad[i], &addr, &length, NULL), "%s", bad[i]);
}
END_TEST

START_TEST(masks)
{
    ck_assert_uint_eq(ip4_mask(0), 0);
    ck_assert_uint_eq(ip4_mask(1), 0x80000000);
    ck_assert_uint_eq(ip4_mask(24), 0xffffff00);
    ck_assert_uint_eq(ip4_mask(32), 0xffffffff);
}
END_TEST

/* RFC 4291 2.5.5.2 */
START_TEST(mapped_addresses)
{
    struct ip_addr a = ip_addr_of_v4(0x0a000001), six = { { 0x20, 0x01, 0x0d, 0xb8 } };
    static const uint8_t bytes[16] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1 };
    char buf[IP_ADDR_TEXT];

    ck_assert_mem_eq(a.b, bytes, 16);
    ck_assert(ip_addr_is_v4(&a) && !ip_addr_is_v4(&six));
    ck_assert_uint_eq(ip_addr_v4(&a), 0x0a000001);
    ck_assert_str_eq(ip_addr_format(&a, buf), "10.0.0.1");
    ck_assert_str_eq(ip_addr_format(&six, buf), "2001:db8:0:0:0:0:0:0");
}
END_TEST

SUITE("protocols/addr", good_addresses, bad_addresses_say_what_is_wanted, ipv6_gets_its_own_message,
      prefixes, masks, mapped_addresses)

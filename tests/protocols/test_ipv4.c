/* The IPv4 header and its options. */
#include "protocols/wire/ipv4.h"

#include "tests/support/suite.h"

/* IP 192.168.0.1 > 192.168.0.199: ttl 64, proto UDP, DF, id 0, length 115, checksum 0xb861 */
static const uint8_t golden[20] = { 0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                                    0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7 };

START_TEST(parses)
{
    struct ipv4 h;

    ck_assert_int_eq(ipv4_check(golden, 20, 115), IPV4_OK);
    ck_assert(ipv4_checksum_ok(golden));
    ipv4_parse(golden, &h);
    ck_assert_uint_eq(h.header_len, 20);
    ck_assert_uint_eq(h.tos, 0);
    ck_assert_uint_eq(h.length, 115);
    ck_assert_uint_eq(h.id, 0);
    ck_assert_uint_eq(h.frag, IPV4_DF);
    ck_assert_uint_eq(h.ttl, 64);
    ck_assert_uint_eq(h.proto, IP_PROTO_UDP);
    ck_assert_uint_eq(h.checksum, 0xb861);
    ck_assert_uint_eq(h.src, 0xc0a80001);
    ck_assert_uint_eq(h.dst, 0xc0a800c7);
}
END_TEST

START_TEST(round_trips)
{
    uint8_t out[20];
    struct ipv4 h;

    ipv4_parse(golden, &h);
    ipv4_emit(out, &h);
    ck_assert_mem_eq(out, golden, 20);
    out[10] = out[11] = 0;
    ipv4_finish(out);
    ck_assert_mem_eq(out, golden, 20);
}
END_TEST

START_TEST(each_truncation_is_seen)
{
    uint8_t bytes[60] = { 0x4f, 0, 0, 80 };

    for (uint32_t len = 0; len < 115; len++)
        ck_assert_int_eq(ipv4_check(golden, len < 20 ? len : 20, len), IPV4_SHORT);
    for (uint32_t have = 0; have < 60; have++)
        ck_assert_int_eq(ipv4_check(bytes, have, 80), IPV4_SHORT);
    ck_assert_int_eq(ipv4_check(bytes, 60, 79), IPV4_SHORT);
    ck_assert_int_eq(ipv4_check(bytes, 60, 80), IPV4_OK);
    ck_assert_int_eq(ipv4_check(bytes, 60, 200), IPV4_OK); /* padding behind it */
}
END_TEST

START_TEST(impossible_headers)
{
    uint8_t bytes[20];

    for (unsigned version = 0; version < 16; version++) {
        memcpy(bytes, golden, 20);
        bytes[0] = (uint8_t)(version << 4 | 5);
        ck_assert_int_eq(ipv4_check(bytes, 20, 115), version == 4 ? IPV4_OK : IPV4_BAD_VERSION);
    }
    for (unsigned words = 0; words < 5; words++) {
        memcpy(bytes, golden, 20);
        bytes[0] = (uint8_t)(4 << 4 | words);
        ck_assert_int_eq(ipv4_check(bytes, 20, 115), IPV4_BAD_LENGTH);
    }
    memcpy(bytes, golden, 20);
    bytes[3] = 19;
    ck_assert_int_eq(ipv4_check(bytes, 20, 115), IPV4_BAD_LENGTH);
}
END_TEST

START_TEST(each_flipped_bit_spoils_the_checksum)
{
    for (unsigned bit = 0; bit < 160; bit++) {
        uint8_t bytes[20];
        memcpy(bytes, golden, 20);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (bytes[0] == golden[0])
            ck_assert(!ipv4_checksum_ok(bytes));
    }
}
END_TEST

/* ---- Options (RFC 791 3.1, RFC 2113) ---- */

static struct ipv4_options options_of(const uint8_t *options, uint32_t n)
{
    uint8_t bytes[60] = { 0 };
    struct ipv4_options o;

    bytes[0] = (uint8_t)(4 << 4 | (20 + n) / 4);
    memcpy(bytes + 20, options, n);
    ipv4_options_parse(bytes, &o);
    return o;
}

START_TEST(options_are_found)
{
    struct ipv4_options o;

    o = options_of((uint8_t[]){ 1, 1, 1, 0 }, 4);
    ck_assert(!o.source_route && !o.router_alert && o.bad == 0);
    o = options_of((uint8_t[]){ 148, 4, 0, 0 }, 4);
    ck_assert(!o.source_route && o.router_alert && o.bad == 0);
    o = options_of((uint8_t[]){ 1, 131, 7, 4, 10, 0, 0, 1 }, 8);
    ck_assert(o.source_route && o.bad == 0);
    o = options_of((uint8_t[]){ 137, 7, 4, 10, 0, 0, 1, 0 }, 8);
    ck_assert(o.source_route && o.bad == 0);
    o = options_of((uint8_t[]){ 0, 131, 7, 4, 10, 0, 0, 1 }, 8); /* behind the end */
    ck_assert(!o.source_route && o.bad == 0);
}
END_TEST

START_TEST(bad_options_are_pointed_at)
{
    ck_assert_uint_eq(options_of((uint8_t[]){ 1, 7, 0, 4 }, 4).bad, 22);
    ck_assert_uint_eq(options_of((uint8_t[]){ 7, 1, 4, 0 }, 4).bad, 21);
    ck_assert_uint_eq(options_of((uint8_t[]){ 7, 5, 4, 0 }, 4).bad, 21);
    ck_assert_uint_eq(options_of((uint8_t[]){ 1, 1, 1, 7 }, 4).bad, 23); /* no room for a length */
}
END_TEST

/* RFC 791 3.2 on fragmentation: "some options are copied, but others remain with the first fragment
 * only", by the copied flag. */
START_TEST(copied_options_stay)
{
    uint8_t bytes[36] = { 0x49 };
    static const uint8_t before[16] = { 7, 7, 4, 0, 0, 0, 0, 1, 148, 4, 0, 0, 68, 4, 5, 0 };
    static const uint8_t after[16] = { 1, 1, 1, 1, 1, 1, 1, 1, 148, 4, 0, 0, 1, 1, 1, 1 };

    memcpy(bytes + 20, before, 16);
    ipv4_options_keep_copied(bytes);
    ck_assert_mem_eq(bytes + 20, after, 16);
}
END_TEST

SUITE("protocols/ipv4", parses, round_trips, each_truncation_is_seen, impossible_headers,
      each_flipped_bit_spoils_the_checksum, options_are_found, bad_options_are_pointed_at,
      copied_options_stay)

#include "sim/bytes.h"

#include <arpa/inet.h>
#include <string.h>

#include "tests/support/suite.h"

/* Against the system's own conversion, and by hand. */
START_TEST(network_order)
{
    be16 a = put_be16(0x1234);
    be32 b = put_be32(0x12345678);
    be64 c = put_be64(0x123456789abcdef0u);
    uint16_t a16 = htons(0x1234);
    uint32_t b32 = htonl(0x12345678);

    ck_assert_mem_eq(&a, &a16, 2);
    ck_assert_mem_eq(&b, &b32, 4);
    ck_assert_mem_eq(&c, "\x12\x34\x56\x78\x9a\xbc\xde\xf0", 8);
}
END_TEST

START_TEST(round_trips)
{
    uint64_t x = 1;
    for (int i = 0; i < 10000; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        ck_assert_uint_eq(get_be16(put_be16((uint16_t)x)), (uint16_t)x);
        ck_assert_uint_eq(get_be32(put_be32((uint32_t)x)), (uint32_t)x);
        ck_assert_uint_eq(get_be64(put_be64(x)), x);
    }
    ck_assert_uint_eq(get_be32(put_be32(0xffffffffu)), 0xffffffffu);
    ck_assert_uint_eq(get_be16(put_be16(0xff00)), 0xff00);
}
END_TEST

/* A header struct may begin at any address. */
START_TEST(any_alignment)
{
    _Alignas(8) unsigned char buf[16] = { 0 };
    for (size_t at = 0; at < 8; at++) {
        be32 v = put_be32(0xdeadbeef);
        memcpy(buf + at, &v, 4);
        ck_assert_uint_eq(get_be32(*(const be32 *)(buf + at)), 0xdeadbeefu);
    }
    ck_assert_uint_eq(_Alignof(be64), 1);
}
END_TEST

SUITE("sim/bytes", network_order, round_trips, any_alignment)

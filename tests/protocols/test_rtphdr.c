/* The RTP header (RFC 3550 5.1): bytes by hand, round trip, every truncation length. */
#include <string.h>

#include "protocols/wire/rtphdr.h"
#include "tests/support/suite.h"

/* Version 2, marker, PCMU, sequence number 0x1234, timestamp 0x89abcdef, SSRC 0x01020304. */
static const uint8_t plain[] = { 0x80, 0x80, 0x12, 0x34, 0x89, 0xab,
                                 0xcd, 0xef, 0x01, 0x02, 0x03, 0x04 };

START_TEST(fields_and_bytes)
{
    struct rtphdr h;
    uint8_t out[RTPHDR_LEN];

    ck_assert_uint_eq(rtphdr_check(plain, sizeof plain), 12);
    rtphdr_parse(plain, &h);
    ck_assert(h.marker && !h.padding && !h.extension);
    ck_assert_uint_eq(h.csrcs, 0);
    ck_assert_uint_eq(h.type, 0);
    ck_assert_uint_eq(h.seq, 0x1234);
    ck_assert_uint_eq(h.timestamp, 0x89abcdef);
    ck_assert_uint_eq(h.ssrc, 0x01020304);
    rtphdr_emit(out, &h);
    ck_assert_mem_eq(out, plain, sizeof plain);
}
END_TEST

START_TEST(every_flag_round_trip)
{
    for (unsigned flags = 0; flags < 64; flags++)
        for (unsigned type = 0; type < 256; type++) {
            uint8_t in[RTPHDR_LEN] = { (uint8_t)(0x80 | flags), (uint8_t)type }, out[RTPHDR_LEN];
            struct rtphdr h;
            rtphdr_parse(in, &h);
            rtphdr_emit(out, &h);
            ck_assert_mem_eq(in, out, sizeof in);
        }
}
END_TEST

START_TEST(truncation)
{
    /* Two CSRCs, and an extension of two words: 12 + 8 + 4 + 8. */
    uint8_t full[32] = { 0x92, 0x00, [20] = 0xbe, 0xde, 0x00, 0x02 };

    for (uint32_t n = 0; n < sizeof plain; n++)
        ck_assert_uint_eq(rtphdr_check(plain, n), 0);
    for (uint32_t n = 0; n < sizeof full; n++)
        ck_assert_uint_eq(rtphdr_check(full, n), 0);
    ck_assert_uint_eq(rtphdr_check(full, sizeof full), 32);
    full[0] = 0x52; /* version 1 */
    ck_assert_uint_eq(rtphdr_check(full, sizeof full), 0);
}
END_TEST

SUITE("protocols/wire/rtphdr", fields_and_bytes, every_flag_round_trip, truncation)

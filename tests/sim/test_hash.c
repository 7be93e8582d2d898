#include "sim/hash.h"

#include <string.h>

#include "tests/support/suite.h"

/* That the values are the same on every machine and in every version: random streams, addresses and
 * identities hang on them, so a change here changes every result.  splitmix64's known outputs are
 * in test_rng.c; these two follow from the definition in hash.h and hash.c with n = 0. */
START_TEST(defined_by_the_finaliser)
{
    ck_assert_uint_eq(hash_bytes("", 0, 0), hash_mix(0x9e3779b97f4a7c15u));
    ck_assert_uint_eq(hash_string("", 5), hash_mix(5 + 0x9e3779b97f4a7c15u));
    ck_assert_uint_eq(hash_combine(1, 2), hash_mix(1 + 0x9e3779b97f4a7c15u + hash_mix(2)));
}
END_TEST

START_TEST(every_byte_and_the_length_count)
{
    unsigned char bytes[40] = { 0 };
    for (size_t n = 0; n < 40; n++) {
        uint64_t h = hash_bytes(bytes, n, 7);
        ck_assert_uint_ne(h, hash_bytes(bytes, n + (n < 39), 7) + (n == 39));
        ck_assert_uint_ne(h, hash_bytes(bytes, n, 8));
        for (size_t i = 0; i < n; i++) {
            bytes[i] = 1;
            ck_assert_uint_ne(h, hash_bytes(bytes, n, 7));
            bytes[i] = 0;
        }
    }
}
END_TEST

START_TEST(alignment_does_not_count)
{
    _Alignas(8) char buf[64];
    for (size_t at = 0; at < 8; at++) {
        memcpy(buf + at, "the quick brown fox", 19);
        ck_assert_uint_eq(hash_bytes(buf + at, 19, 1), hash_string("the quick brown fox", 1));
    }
}
END_TEST

/* Each input bit changes about half of the output bits. */
START_TEST(bits_avalanche)
{
    for (int bit = 0; bit < 64; bit++) {
        int changed = 0;
        for (uint64_t x = 1; x <= 200; x++)
            changed += __builtin_popcountll(hash_mix(x * 0x9e3779b97f4a7c15u) ^
                                            hash_mix(x * 0x9e3779b97f4a7c15u ^ (uint64_t)1 << bit));
        ck_assert_int_ge(changed, 200 * 32 - 500);
        ck_assert_int_le(changed, 200 * 32 + 500);
    }
}
END_TEST

SUITE("sim/hash", defined_by_the_finaliser, every_byte_and_the_length_count,
      alignment_does_not_count, bits_avalanche)

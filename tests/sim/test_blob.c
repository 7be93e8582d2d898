#include "sim/blob.h"

#include <string.h>

#include "tests/support/suite.h"

enum { PERIOD = 65521 }; /* the largest prime below 2^16 */

static uint64_t state = 1;

static uint64_t random_below(uint64_t n)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state % n;
}

/* RFC 1071 1: the sum of 16-bit words, an odd byte padded with zero. */
static uint64_t naive_sum(const uint8_t *p, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += i % 2 ? p[i] : (uint64_t)p[i] << 8;
    return sum;
}

START_TEST(references_are_counted)
{
    struct blob *blob = blob_copy("hello", 5);
    ck_assert_uint_eq(blob->refs, 1);
    ck_assert_ptr_eq(blob_ref(blob), blob);
    ck_assert_uint_eq(blob->refs, 2);
    blob_unref(blob);
    ck_assert_mem_eq(blob_span(blob, 1, 4), "ello", 4);
    blob_unref(blob); /* AddressSanitizer sees whether it is freed */
    blob_unref(NULL);
    ck_assert_ptr_null(blob_ref(NULL));
    blob_unref(blob_ref(&blob_pattern));
    blob_unref(&blob_pattern); /* lives for ever */
    ck_assert_ptr_nonnull(blob_span(&blob_pattern, 0, 1));
}
END_TEST

START_TEST(empty_blobs)
{
    struct blob *blob = blob_copy(NULL, 0);
    ck_assert_uint_eq(blob->length, 0);
    blob_span(blob, 0, 0);
    ck_assert_uint_eq(blob_sum(blob, 0, 0), 0);
    blob_unref(blob);
}
END_TEST

/* Each byte of the pattern follows from its offset alone, however it is asked for. */
START_TEST(the_pattern_follows_from_the_offset)
{
    for (int i = 0; i < 5000; i++) {
        uint64_t offset = random_below((uint64_t)1 << 40);
        uint32_t length = (uint32_t)random_below(BLOB_SPAN_MAX) + 1;
        uint32_t inside = (uint32_t)random_below(length);
        const uint8_t *span = blob_span(&blob_pattern, offset, length);
        ck_assert_uint_eq(span[inside], *blob_span(&blob_pattern, offset + inside, 1));
        ck_assert_uint_eq(span[inside], *blob_span(&blob_pattern, (offset + inside) % PERIOD, 1));
    }
    blob_span(&blob_pattern, PERIOD - 1, BLOB_SPAN_MAX);
    blob_span(&blob_pattern, UINT64_MAX - BLOB_SPAN_MAX, BLOB_SPAN_MAX);
}
END_TEST

/* A segment in the wrong place shows: no shift of the period gives the same bytes, so whatever is
 * misplaced by less than the period, or by any multiple of a segment size, differs. */
START_TEST(no_shift_gives_the_same_bytes)
{
    const uint8_t *first = blob_span(&blob_pattern, 0, 512);
    for (uint64_t shift = 1; shift < PERIOD; shift++)
        ck_assert(memcmp(first, blob_span(&blob_pattern, shift, 512), 512) != 0);
    for (uint64_t k = 1; k < 1000; k++)
        ck_assert(memcmp(first, blob_span(&blob_pattern, k * 1448, 512), 512) != 0);
    for (int d = 2; d * d <= PERIOD; d++)
        ck_assert_int_ne(PERIOD % d, 0);
}
END_TEST

START_TEST(sums_of_the_pattern)
{
    for (int i = 0; i < 3000; i++) {
        uint64_t offset = random_below((uint64_t)1 << 50);
        uint32_t length = (uint32_t)random_below(i % 2 ? 2000 : BLOB_SPAN_MAX + 1);
        ck_assert_uint_eq(blob_sum(&blob_pattern, offset, length),
                          naive_sum(blob_span(&blob_pattern, offset, length), length));
    }
    for (uint64_t offset = PERIOD - 3; offset < PERIOD + 3; offset++)
        for (uint32_t length = 0; length < 9; length++)
            ck_assert_uint_eq(blob_sum(&blob_pattern, offset, length),
                              naive_sum(blob_span(&blob_pattern, offset, length), length));
}
END_TEST

START_TEST(sums_of_bytes)
{
    struct blob *blob = blob_new(3000);
    for (int i = 0; i < 3000; i++)
        blob->bytes[i] = (uint8_t)random_below(256);
    for (uint32_t offset = 0; offset < 40; offset++)
        for (uint32_t length = 0; length < 3000 - offset; length += 1 + length / 7)
            ck_assert_uint_eq(blob_sum(blob, offset, length),
                              naive_sum(blob->bytes + offset, length));
    blob_unref(blob);
    blob = blob_copy("\x00\x01\xf2\x03\xf4\xf5\xf6\xf7", 8); /* RFC 1071 3: 2ddf0 */
    ck_assert_uint_eq(blob_sum(blob, 0, 8), 0x2ddf0);
    blob_unref(blob);
}
END_TEST

SUITE("sim/blob", references_are_counted, empty_blobs, the_pattern_follows_from_the_offset,
      no_shift_gives_the_same_bytes, sums_of_the_pattern, sums_of_bytes)

/* Numbers that arrive in any order, against a plain set. */
#include <glib.h>

#include "models/app/sequence.h"
#include "sim/rng.h"
#include "tests/support/suite.h"

START_TEST(in_order_needs_no_memory)
{
    struct sequence s = { 0 };

    for (uint64_t n = 0; n < 100000; n++)
        ck_assert_int_eq(sequence_add(&s, n), SEQUENCE_NEW);
    ck_assert_uint_eq(s.next, 100000);
    ck_assert_uint_eq(sequence_arrived(&s), 100000);
    ck_assert_ptr_null(s.gaps);
    ck_assert_int_eq(sequence_add(&s, 5), SEQUENCE_AGAIN);
    ck_assert(!sequence_is_missing(&s, 5));
    sequence_fini(&s);
}
END_TEST

START_TEST(late_and_again)
{
    struct sequence s = { 0 };

    ck_assert_int_eq(sequence_add(&s, 3), SEQUENCE_NEW);
    ck_assert_uint_eq(s.missing, 3);
    ck_assert(sequence_is_missing(&s, 0) && sequence_is_missing(&s, 2));
    ck_assert(!sequence_is_missing(&s, 3));
    ck_assert_int_eq(sequence_add(&s, 1), SEQUENCE_LATE);
    ck_assert_int_eq(sequence_add(&s, 1), SEQUENCE_AGAIN);
    ck_assert_int_eq(sequence_add(&s, 3), SEQUENCE_AGAIN);
    ck_assert_uint_eq(sequence_arrived(&s), 2);
    ck_assert_int_eq(sequence_add(&s, 4), SEQUENCE_NEW);
    ck_assert_uint_eq(s.missing, 2);
    sequence_fini(&s);
    ck_assert_uint_eq(s.next, 0);
}
END_TEST

START_TEST(against_a_set)
{
    enum { COUNT = 300000 };
    struct sequence s = { 0 };
    uint8_t *seen = g_new0(uint8_t, COUNT);
    uint64_t next = 0, arrived = 0;
    struct rng rng;

    /* Mostly forward, sometimes by leaps, sometimes back, always within the window. */
    rng_init(&rng, 1, "test", "sequence");
    while (next < COUNT - 100) {
        uint64_t back = MIN(next, SEQUENCE_WINDOW - 1);
        uint64_t n = rng_bernoulli(&rng, 0.7) || !next ? next + rng_below(&rng, 3) / 2
                     : rng_bernoulli(&rng, 0.1)        ? next + rng_below(&rng, 90)
                                                       : next - 1 - rng_below(&rng, back);
        enum sequence_arrival want = n >= next ? SEQUENCE_NEW
                                     : seen[n] ? SEQUENCE_AGAIN
                                               : SEQUENCE_LATE;
        ck_assert_int_eq(sequence_add(&s, n), want);
        arrived += !seen[n];
        seen[n] = 1;
        next = MAX(next, n + 1);
        ck_assert_uint_eq(s.next, next);
        ck_assert_uint_eq(sequence_arrived(&s), arrived);
    }
    for (uint64_t n = next - SEQUENCE_WINDOW; n < next; n++)
        ck_assert_int_eq(sequence_is_missing(&s, n), !seen[n]);
    sequence_fini(&s);
    g_free(seen);
}
END_TEST

START_TEST(leaps_beyond_the_window)
{
    struct sequence s = { 0 };

    ck_assert_int_eq(sequence_add(&s, 0), SEQUENCE_NEW);
    ck_assert_int_eq(sequence_add(&s, 10 * SEQUENCE_WINDOW), SEQUENCE_NEW);
    ck_assert_uint_eq(s.missing, 10 * SEQUENCE_WINDOW - 1);
    /* Nobody knows of those so old. */
    ck_assert_int_eq(sequence_add(&s, 7), SEQUENCE_AGAIN);
    ck_assert_uint_eq(s.missing, 10 * SEQUENCE_WINDOW - 1);
    ck_assert_int_eq(sequence_add(&s, 9 * SEQUENCE_WINDOW + 1), SEQUENCE_LATE);
    sequence_fini(&s);
}
END_TEST

SUITE("models/app/sequence", in_order_needs_no_memory, late_and_again, against_a_set,
      leaps_beyond_the_window)

#include "sim/pool.h"

#include <stdbool.h>
#include <string.h>

#include "tests/support/suite.h"

START_TEST(objects_are_aligned_and_disjoint)
{
    static const size_t sizes[] = { 1, 8, 24, 100, 256, 70000 };
    static const size_t aligns[] = { 1, 8, 16, 64 };

    for (size_t s = 0; s < 6; s++)
        for (size_t a = 0; a < 4; a++) {
            enum { N = 300 };
            struct pool pool;
            unsigned char *objects[N];
            pool_init(&pool, sizes[s], aligns[a]);
            for (int i = 0; i < N; i++) {
                objects[i] = pool_take(&pool);
                ck_assert_uint_eq((uintptr_t)objects[i] % aligns[a], 0);
                memset(objects[i], i, sizes[s]);
            }
            ck_assert_uint_eq(pool.live, N);
            for (int i = 0; i < N; i++) { /* nobody wrote into another's bytes */
                ck_assert_uint_eq(objects[i][0], (unsigned char)i);
                ck_assert_uint_eq(objects[i][sizes[s] - 1], (unsigned char)i);
            }
            pool_fini(&pool);
        }
}
END_TEST

START_TEST(the_last_given_is_the_next_taken)
{
    struct pool pool;

    pool_init(&pool, 64, 8);
    void *a = pool_take(&pool), *b = pool_take(&pool);
    pool_give(&pool, a);
    pool_give(&pool, b);
    ck_assert_uint_eq(pool.live, 0);
    ck_assert_ptr_eq(pool_take(&pool), b);
    ck_assert_ptr_eq(pool_take(&pool), a);
    ck_assert_uint_eq(pool.live, 2);
    pool_fini(&pool);
}
END_TEST

/* Recycling does not ask for memory. */
START_TEST(memory_is_reused)
{
    struct pool pool;
    void *objects[1000];

    pool_init(&pool, 48, 16);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 1000; i++)
            objects[i] = pool_take(&pool);
        for (int i = 0; i < 1000; i++)
            pool_give(&pool, objects[i]);
    }
    size_t slabs = 0;
    for (void *slab = pool.slabs; slab; slab = *(void **)slab)
        slabs++;
    ck_assert_uint_eq(slabs, (1000 + pool.per_slab - 1) / pool.per_slab);
    pool_fini(&pool);
}
END_TEST

START_TEST(an_ended_pool_can_begin_again)
{
    struct pool pool;

    pool_init(&pool, 32, 8);
    pool_take(&pool);
    pool_fini(&pool);
    ck_assert_uint_eq(pool.live, 0);
    ck_assert_ptr_nonnull(pool_take(&pool));
    pool_fini(&pool);
}
END_TEST

SUITE("sim/pool", objects_are_aligned_and_disjoint, the_last_given_is_the_next_taken,
      memory_is_reused, an_ended_pool_can_begin_again)

/* The set of ranges against a bitmap. */
#include "protocols/tcp/rangeset.h"

#include "sim/rng.h"
#include "tests/support/suite.h"

enum { SPACE = 400 };

struct model {
    struct rangeset set;
    struct pool pool;
    bool have[SPACE];
    uint32_t base;
};

static void model_init(struct model *m, uint32_t base)
{
    *m = (struct model){ .base = base };
    pool_init(&m->pool, sizeof(struct tcp_piece), 8);
}

static void model_fini(struct model *m)
{
    rangeset_clear(&m->set, &m->pool);
    ck_assert_uint_eq(m->pool.live, 0);
    pool_fini(&m->pool);
}

static void expect_overlap(const struct model *m, struct range_overlap o, uint32_t from,
                           uint32_t to)
{
    uint32_t n = 0, first = to;

    for (uint32_t i = from; i < to; i++) {
        n += m->have[i];
        if (m->have[i] && first == to)
            first = i;
    }
    if (n == 0) {
        ck_assert_int_eq(o.kind, RANGE_NEW);
        return;
    }
    ck_assert_int_eq(o.kind, n == to - from ? RANGE_DUPLICATE : RANGE_PARTLY);
    ck_assert_uint_eq(o.start - m->base, first);
    uint32_t end = first;
    while (end < to && m->have[end])
        end++;
    ck_assert_uint_eq(o.end - m->base, end);
}

static void model_add(struct model *m, uint32_t from, uint32_t to)
{
    struct range_data data = { m->base + from, m->base + to, 100, &blob_pattern, from };
    struct range_overlap o = rangeset_insert(&m->set, &m->pool, &data);

    expect_overlap(m, o, from, to);
    for (uint32_t i = from; i < to; i++)
        m->have[i] = true;
}

/* Ranges and pieces say the same as the bitmap, and each byte comes from its own offset. */
static void model_check(const struct model *m)
{
    bool seen[SPACE] = { false };

    ck_assert(rangeset_check(&m->set));
    for (uint32_t i = 0; i < m->set.count; i++) {
        const struct range *r = &m->set.ranges[m->set.first + i];
        uint32_t cursor = r->start;
        for (const struct tcp_piece *p = r->pieces.first; p; p = p->next) {
            ck_assert_uint_eq(p->seq, cursor);
            ck_assert_uint_eq(p->offset, p->seq - m->base);
            cursor = p->end_seq;
        }
        ck_assert_uint_eq(cursor, r->end);
        for (uint32_t k = r->start; k != r->end; k++)
            seen[k - m->base] = true;
    }
    ck_assert_int_eq(memcmp(seen, m->have, sizeof seen), 0);
}

static void pop(struct model *m)
{
    struct range *r = rangeset_first(&m->set);

    for (uint32_t k = r->start; k != r->end; k++)
        m->have[k - m->base] = false;
    piece_list_clear(&r->pieces, &m->pool);
    rangeset_pop(&m->set);
}

START_TEST(against_bitmap)
{
    static const uint32_t bases[] = { 0, 12345, 0u - SPACE / 2, 0x80000000u - SPACE / 2 };
    struct rng rng;

    rng_init(&rng, 1, "set", "test");
    for (int round = 0; round < 400; round++) {
        struct model m;
        model_init(&m, bases[round % 4]);
        for (int i = 0; i < 60; i++) {
            uint32_t from = (uint32_t)rng_below(&rng, SPACE - 1);
            uint32_t most = round % 3 ? 20 : 120;
            uint32_t length = 1 + (uint32_t)rng_below(&rng, most);
            model_add(&m, from, from + length < SPACE ? from + length : SPACE);
            if (rng_below(&rng, 10) == 0)
                pop(&m);
            model_check(&m);
        }
        model_fini(&m);
    }
}
END_TEST

START_TEST(neighbours_merge)
{
    struct model m;

    model_init(&m, 1000);
    model_add(&m, 10, 20);
    model_add(&m, 30, 40);
    ck_assert_uint_eq(m.set.count, 2);
    model_add(&m, 20, 30);
    ck_assert_uint_eq(m.set.count, 1);
    ck_assert_uint_eq(rangeset_first(&m.set)->truesize, 300);
    model_check(&m);
    model_fini(&m);
}
END_TEST

START_TEST(prune_takes_the_last)
{
    struct model m;

    model_init(&m, 0);
    model_add(&m, 10, 20);
    model_add(&m, 30, 40);
    rangeset_prune(&m.set, &m.pool);
    ck_assert_uint_eq(m.set.count, 1);
    ck_assert_uint_eq(rangeset_last(&m.set)->end, 20);
    rangeset_prune(&m.set, &m.pool);
    ck_assert(rangeset_empty(&m.set));
    model_fini(&m);
}
END_TEST

SUITE("protocols/tcp_rangeset", against_bitmap, neighbours_merge, prune_takes_the_last)

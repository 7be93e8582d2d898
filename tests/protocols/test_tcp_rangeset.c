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

/* Adds a segment as far as it is not within another, and takes out those within it. */
static void model_add(struct model *m, uint32_t from, uint32_t to)
{
    struct range range = { .start = m->base + from, .end = m->base + to, .truesize = 100 };
    uint32_t at = rangeset_find(&m->set, range.start);

    if (at > 0 && (int32_t)(rangeset_at(&m->set, at - 1)->end - range.end) >= 0)
        return;
    if (at > 0 && rangeset_at(&m->set, at - 1)->start == range.start)
        rangeset_remove(&m->set, &m->pool, --at);
    while (at < m->set.count && (int32_t)(range.end - rangeset_at(&m->set, at)->end) >= 0)
        rangeset_remove(&m->set, &m->pool, at);
    piece_list_append(&range.pieces, &m->pool, &blob_pattern, from, range.start, range.end, 100);
    rangeset_insert(&m->set, at, &range);
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

/* Takes the first segment out; what only it had is gone. */
static void pop(struct model *m)
{
    const struct range *r = rangeset_first(&m->set);
    uint32_t end = m->set.count > 1 ? r[1].start : r->end;

    for (uint32_t k = r->start; k != r->end && k != end; k++)
        m->have[k - m->base] = false;
    rangeset_remove(&m->set, &m->pool, 0);
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

START_TEST(found_behind_those_that_begin_there)
{
    struct model m;

    model_init(&m, 1000);
    model_add(&m, 10, 20);
    model_add(&m, 30, 40);
    model_add(&m, 15, 35);
    ck_assert_uint_eq(m.set.count, 3);
    ck_assert_uint_eq(rangeset_find(&m.set, 1009), 0);
    ck_assert_uint_eq(rangeset_find(&m.set, 1010), 1);
    ck_assert_uint_eq(rangeset_find(&m.set, 1029), 2);
    ck_assert_uint_eq(rangeset_find(&m.set, 1050), 3);
    model_fini(&m);
}
END_TEST

/* A list of three pieces, the memory of one segment. */
static struct piece_list three_pieces(struct pool *pool)
{
    struct piece_list list = { NULL, NULL };

    piece_list_append(&list, pool, &blob_pattern, 0, 100, 110, 500);
    piece_list_append(&list, pool, &blob_pattern, 50, 110, 120, 0);
    piece_list_append(&list, pool, &blob_pattern, 90, 120, 130, 0);
    return list;
}

START_TEST(cut_in_a_piece)
{
    struct model m;

    model_init(&m, 0);
    struct piece_list list = three_pieces(&m.pool), head = { NULL, NULL };
    piece_list_cut(&list, &m.pool, 115, &head);
    ck_assert_uint_eq(head.last->end_seq, 115);
    ck_assert_uint_eq(head.last->truesize, 0);
    ck_assert_uint_eq(list.first->seq, 115);
    ck_assert_uint_eq(list.first->offset, 55);
    ck_assert_uint_eq(list.last->truesize, 500);
    piece_list_set_truesize(&head, 70);
    ck_assert_uint_eq(head.first->truesize, 0);
    ck_assert_uint_eq(head.last->truesize, 70);
    piece_list_clear(&head, &m.pool);
    piece_list_clear(&list, &m.pool);
    model_fini(&m);
}
END_TEST

START_TEST(cut_all_or_nothing)
{
    struct model m;

    model_init(&m, 0);
    struct piece_list list = three_pieces(&m.pool), head = { NULL, NULL };
    piece_list_cut(&list, &m.pool, 100, &head);
    ck_assert_ptr_null(head.first);
    piece_list_cut(&list, &m.pool, 130, &head);
    ck_assert_ptr_null(list.first);
    ck_assert_ptr_null(list.last);
    ck_assert_uint_eq(head.last->truesize, 500);
    piece_list_clear(&head, &m.pool);
    model_fini(&m);
}
END_TEST

SUITE("protocols/tcp_rangeset", against_bitmap, found_behind_those_that_begin_there, cut_in_a_piece,
      cut_all_or_nothing)

/* The far wheel alone, under its own contract: far_take gives, in order of slots, all that was
 * pushed. */
#include <glib.h>

#include "sim/queue_parts.h"
#include "sim/rng.h"
#include "tests/support/suite.h"

enum { N = 400 };

struct rig {
    struct far_wheel *far;
    struct queue_node nodes[N];
    bool inside[N];
    uint64_t border; /* nothing before it will come */
    struct rng rng;
};

static struct rig *rig_new(uint64_t seed)
{
    struct rig *rig = g_new0(struct rig, 1);
    rig->far = far_new();
    rng_init(&rig->rng, seed, "test", "far");
    return rig;
}

static void rig_free(struct rig *rig)
{
    g_free(rig->far);
    g_free(rig);
}

static uint64_t count(const struct rig *rig)
{
    uint64_t n = 0;
    for (int i = 0; i < N; i++)
        n += rig->inside[i];
    return n;
}

static uint64_t earliest(const struct rig *rig)
{
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < N; i++)
        if (rig->inside[i])
            least = MIN(least, (uint64_t)rig->nodes[i].entry.time);
    return least;
}

/* Behind the border and the base, at any scale of distance. */
static void push(struct rig *rig, int i)
{
    uint64_t from = MAX(rig->border, rig->far->base);
    uint64_t room = (uint64_t)SIM_NEVER - from;
    uint64_t distance = 1 + (rng_u64(&rig->rng) >> (1 + rng_below(&rig->rng, 62)));

    if (distance >= room)
        return;
    rig->nodes[i].entry.time = (sim_time)(from + distance);
    rig->inside[i] = true;
    far_push(rig->far, &rig->nodes[i], rig->border);
}

/* The first slot holds the earliest node, and nothing that stays is in front of its end. */
static void take(struct rig *rig)
{
    uint64_t first = earliest(rig), next = rig->far->next, last = 0;
    bool seen = false;

    ck_assert_uint_le(next, first);
    for (struct queue_node *n = far_take(rig->far), *after; n; n = after) {
        uint64_t time = (uint64_t)n->entry.time;
        after = n->next;
        ck_assert(rig->inside[n - rig->nodes]);
        rig->inside[n - rig->nodes] = false;
        seen |= time == first;
        last = MAX(last, time);
    }
    ck_assert(seen);
    ck_assert(earliest(rig) > last);
    rig->border = MAX(rig->border, next);
}

static void random_life(uint64_t seed)
{
    struct rig *rig = rig_new(seed);

    for (int step = 0; step < 3000; step++) {
        int i = (int)rng_below(&rig->rng, N);
        if (rng_below(&rig->rng, 100) < 55 && !rig->inside[i])
            push(rig, i);
        else if (rig->far->count > 0)
            take(rig);
        if (rng_below(&rig->rng, 10) == 0) { /* time goes on by itself, too */
            uint64_t limit = MIN(earliest(rig), (uint64_t)SIM_NEVER);
            if (limit > rig->border)
                rig->border += rng_below(&rig->rng, limit - rig->border);
        }
        ck_assert_uint_eq(rig->far->count, count(rig));
        ck_assert(rig->far->next <= earliest(rig));
        ck_assert((rig->far->next == UINT64_MAX) == (rig->far->count == 0));
    }
    while (rig->far->count > 0)
        take(rig);
    rig_free(rig);
}

START_TEST(slots_come_in_order)
{
    for (uint64_t seed = 0; seed < 60; seed++)
        random_life(seed);
}
END_TEST

/* Taken nodes that are pushed back land in narrower slots, so that a node is handled at most once
 * per level before its slot is a single picosecond wide. */
START_TEST(nodes_sink_level_by_level)
{
    struct rig *rig = rig_new(1);
    int takes = 0;

    rig->nodes[0].entry.time = (sim_time)0x7123456789abcdef;
    far_push(rig->far, &rig->nodes[0], 0);
    while (rig->far->next != 0x7123456789abcdef) {
        struct queue_node *node = far_take(rig->far);
        ck_assert_ptr_eq(node, &rig->nodes[0]);
        far_push(rig->far, node, rig->far->base);
        ck_assert_int_lt(++takes, FAR_LEVELS);
    }
    rig_free(rig);
}
END_TEST

/* The border may lie behind the base (the calendar's slots and the wheel's do not align). */
START_TEST(an_old_border_does_no_harm)
{
    struct rig *rig = rig_new(1);

    rig->nodes[0].entry.time = 1 << 20;
    rig->nodes[1].entry.time = (1 << 20) + 5000;
    far_push(rig->far, &rig->nodes[0], 1000);
    ck_assert_ptr_eq(far_take(rig->far), &rig->nodes[0]);
    ck_assert_uint_eq(rig->far->base, 1 << 20);
    far_push(rig->far, &rig->nodes[1], 1000); /* the border has not moved */
    rig->nodes[2].entry.time = (1 << 20) + 3;
    far_push(rig->far, &rig->nodes[2], 1000);
    ck_assert_uint_eq(rig->far->next, (1 << 20) + 3);
    ck_assert_ptr_eq(far_take(rig->far), &rig->nodes[2]);
    ck_assert_ptr_eq(far_take(rig->far), &rig->nodes[1]);
    ck_assert_uint_eq(rig->far->next, UINT64_MAX);
    rig_free(rig);
}
END_TEST

SUITE("sim/queue_far", slots_come_in_order, nodes_sink_level_by_level, an_old_border_does_no_harm)

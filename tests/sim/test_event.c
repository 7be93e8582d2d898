#include "sim/event.h"

#include <string.h>

#include "sim/list.h"
#include "sim/sim.h"
#include "tests/support/suite.h"

/* An event that writes its letter into a log. */
struct note {
    struct event event;
    char letter;
};

static char fired[64];

static void on_note(struct sim *sim, struct event *ev)
{
    struct note *note = container_of(ev, struct note, event);
    ck_assert(!event_pending(ev));
    ck_assert_int_eq(sim->now, ev->time);
    fired[strlen(fired)] = note->letter;
}

static struct note note(char letter)
{
    struct note n = { .letter = letter };
    event_init(&n.event, on_note);
    return n;
}

static void check_fired(struct sim *sim, const char *want)
{
    ck_assert_int_eq(sim_run(sim, SIM_NEVER), SIM_REACHED);
    ck_assert_str_eq(fired, want);
    memset(fired, 0, sizeof fired);
    ck_assert_ptr_null(sim_leaks(sim));
}

START_TEST(time_comes_first)
{
    struct sim *sim = sim_new(1);
    struct actor actor;
    struct note a = note('a'), b = note('b'), c = note('c');

    actor_init(&actor, sim, "x");
    event_schedule(sim, &c.event, 3, &actor);
    event_schedule(sim, &a.event, 1, &actor);
    event_schedule(sim, &b.event, 2, &actor);
    check_fired(sim, "abc");
    sim_free(sim);
}
END_TEST

START_TEST(then_the_actors_own_order)
{
    struct sim *sim = sim_new(1);
    struct actor actor;
    struct note a = note('a'), b = note('b'), c = note('c');

    actor_init(&actor, sim, "x");
    event_schedule(sim, &b.event, SIM_S, &actor);
    event_schedule(sim, &c.event, SIM_S, &actor);
    event_schedule(sim, &a.event, SIM_S, &actor);
    check_fired(sim, "bca");
    sim_free(sim);
}
END_TEST

/* Two actors at one instant: whoever comes first does so in every order of creation and of
 * scheduling. */
START_TEST(actors_have_an_order_of_their_own)
{
    char first[64] = "";

    for (int variant = 0; variant < 4; variant++) {
        struct sim *sim = sim_new(1);
        struct actor left, right;
        struct note a = note('a'), b = note('b');

        actor_init(variant & 1 ? &left : &right, sim, variant & 1 ? "left" : "right");
        actor_init(variant & 1 ? &right : &left, sim, variant & 1 ? "right" : "left");
        if (variant & 2)
            event_schedule(sim, &a.event, SIM_S, &left);
        event_schedule(sim, &b.event, SIM_S, &right);
        if (!(variant & 2))
            event_schedule(sim, &a.event, SIM_S, &left);
        sim_run(sim, SIM_S);
        if (variant == 0)
            strcpy(first, fired);
        ck_assert_str_eq(fired, first);
        memset(fired, 0, sizeof fired);
        sim_free(sim);
    }
}
END_TEST

START_TEST(an_identity_follows_from_the_name)
{
    struct sim *one = sim_new(1), *two = sim_new(2);
    struct actor a, b, extra;

    actor_init(&a, one, "left-eth1");
    actor_init(&extra, two, "somebody else");
    actor_init(&b, two, "left-eth1");
    ck_assert_uint_eq(a.next, b.next);
    ck_assert_uint_ne(extra.next, b.next);
    ck_assert_str_eq(actor_name(one, a.next), "left-eth1");
    ck_assert_str_eq(actor_name(two, extra.next + 1000), "somebody else");
    ck_assert_str_eq(actor_name(one, extra.next), "(unknown)");
    sim_free(one);
    sim_free(two);
}
END_TEST

/* Among 30000 names some share 26 bits of hash (about seven pairs are expected); all identities are
 * different nevertheless. */
START_TEST(identities_are_unique)
{
    enum { N = 30000 };
    struct sim *sim = sim_new(1);
    GHashTable *seen = g_hash_table_new(NULL, NULL);

    for (int i = 0; i < N; i++) {
        struct actor actor;
        char name[16];
        g_snprintf(name, sizeof name, "h%d", i);
        actor_init(&actor, sim, name);
        ck_assert_uint_ne(actor.next, 0);
        ck_assert_uint_eq(actor.next & (((uint64_t)1 << ACTOR_SEQ_BITS) - 1), 0);
        ck_assert(g_hash_table_add(seen, GSIZE_TO_POINTER(actor.next >> ACTOR_SEQ_BITS)));
        ck_assert_str_eq(actor_name(sim, actor.next), name);
    }
    g_hash_table_destroy(seen);
    sim_free(sim);
}
END_TEST

START_TEST(a_pending_event_is_moved)
{
    struct sim *sim = sim_new(1);
    struct actor actor;
    struct note a = note('a'), b = note('b');

    actor_init(&actor, sim, "x");
    event_schedule(sim, &a.event, 1, &actor);
    event_schedule(sim, &b.event, 2, &actor);
    event_schedule(sim, &a.event, 3, &actor);
    check_fired(sim, "ba");
    event_schedule(sim, &a.event, 9, &actor);
    event_schedule(sim, &b.event, 8, &actor);
    event_schedule(sim, &a.event, 7, &actor);
    check_fired(sim, "ab");
    sim_free(sim);
}
END_TEST

START_TEST(a_cancelled_event_does_not_fire)
{
    struct sim *sim = sim_new(1);
    struct actor actor;
    struct note a = note('a'), b = note('b');

    actor_init(&actor, sim, "x");
    event_schedule(sim, &a.event, 1, &actor);
    event_schedule(sim, &b.event, 1, &actor);
    event_cancel(sim, &a.event);
    ck_assert(!event_pending(&a.event));
    event_cancel(sim, &a.event); /* harmless */
    check_fired(sim, "b");
    event_schedule(sim, &a.event, 5, &actor); /* and can be scheduled again */
    event_cancel(sim, &a.event);
    event_schedule(sim, &a.event, 5, &actor);
    check_fired(sim, "a");
    sim_free(sim);
}
END_TEST

/* An order word taken earlier keeps its place. */
START_TEST(an_order_can_be_taken_in_advance)
{
    struct sim *sim = sim_new(1);
    struct actor actor;
    struct note a = note('a'), b = note('b');

    actor_init(&actor, sim, "x");
    uint64_t early = actor_take(&actor);
    event_schedule(sim, &b.event, SIM_S, &actor);
    event_schedule_ordered(sim, &a.event, SIM_S, early);
    check_fired(sim, "ab");
    sim_free(sim);
}
END_TEST

struct chain {
    struct event event;
    struct actor actor;
    int left;
};

static void on_chain(struct sim *sim, struct event *ev)
{
    struct chain *chain = container_of(ev, struct chain, event);
    fired[strlen(fired)] = (char)('0' + chain->left);
    if (--chain->left > 0)
        event_schedule(sim, ev, sim->now, &chain->actor);
}

/* What is scheduled for the present fires in the present, after what was there before. */
START_TEST(scheduling_while_firing)
{
    struct sim *sim = sim_new(1);
    struct chain chain = { .left = 3 };
    struct note a = note('a');

    actor_init(&chain.actor, sim, "x");
    event_init(&chain.event, on_chain);
    event_schedule(sim, &chain.event, SIM_S, &chain.actor);
    event_schedule(sim, &a.event, SIM_S, &chain.actor);
    check_fired(sim, "3a21");
    ck_assert_int_eq(sim->now, SIM_S);
    sim_free(sim);
}
END_TEST

SUITE("sim/event", time_comes_first, then_the_actors_own_order, actors_have_an_order_of_their_own,
      an_identity_follows_from_the_name, identities_are_unique, a_pending_event_is_moved,
      a_cancelled_event_does_not_fire, an_order_can_be_taken_in_advance, scheduling_while_firing)

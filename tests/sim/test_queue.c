/* The queue against a sorted reference, over random operations of many kinds of load. */
#include "sim/queue.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "sim/event.h"
#include "sim/rng.h"
#include "tests/support/suite.h"

static struct rng rng;

/* The reference: an array of what is pending, sorted when somebody asks. */
struct model {
    struct event_queue queue;
    struct event *events;
    size_t n, pending;
    uint64_t order;
    sim_time now;
};

static void model_init(struct model *m, size_t n)
{
    *m = (struct model){ .n = n, .events = g_new0(struct event, n) };
    queue_init(&m->queue);
    rng_init(&rng, n, "test", "queue");
}

static void model_fini(struct model *m)
{
    queue_fini(&m->queue);
    g_free(m->events);
}

/* Schedules or moves event i.  Orders of different actors do not grow with time, so they are drawn:
 * unique, because the low bits count. */
static void schedule(struct model *m, size_t i, sim_time at)
{
    struct event *ev = &m->events[i];

    if (ev->order != EVENT_IDLE) {
        ev->order = EVENT_IDLE;
        queue_forget(&m->queue);
        m->pending--;
    }
    ev->time = at;
    ev->order = rng_below(&rng, 1000) << 40 | ++m->order;
    queue_push(&m->queue, ev);
    m->pending++;
}

static void cancel(struct model *m, size_t i)
{
    if (m->events[i].order == EVENT_IDLE)
        return;
    m->events[i].order = EVENT_IDLE;
    queue_forget(&m->queue);
    m->pending--;
}

static bool sooner(const struct event *a, const struct event *b)
{
    return a->time != b->time ? a->time < b->time : a->order < b->order;
}

static struct event *least(const struct model *m)
{
    struct event *best = NULL;
    for (size_t i = 0; i < m->n; i++) {
        struct event *ev = &m->events[i];
        if (ev->order != EVENT_IDLE && (!best || sooner(ev, best)))
            best = ev;
    }
    return best;
}

static struct event *pop_checked(struct model *m, sim_time until)
{
    struct event *want = least(m), *got = queue_pop(&m->queue, until);

    if (want && want->time > until)
        want = NULL;
    ck_assert_ptr_eq(got, want);
    if (got) {
        got->order = EVENT_IDLE;
        m->now = got->time;
        m->pending--;
    }
    ck_assert_uint_eq(queue_live(&m->queue), m->pending);
    return got;
}

/* Delays of one kind of load. */
enum load { UNIFORM, EXPONENTIAL, NETWORK, SAME, INSTANTS, CLUSTERS, ALL_SCALES, TINY, LOADS };

static sim_time delay_of(enum load load, sim_time now)
{
    switch (load) {
    case UNIFORM:
        return (sim_time)rng_below(&rng, SIM_MS);
    case EXPONENTIAL:
        return (sim_time)rng_exponential(&rng, (double)SIM_US);
    case NETWORK:
        return rng_bernoulli(&rng, 0.3) ? 200 * SIM_MS + (sim_time)rng_below(&rng, 60 * SIM_S)
                                        : (sim_time)(1 + rng_below(&rng, 4)) * 1230400;
    case SAME:
        return rng_bernoulli(&rng, 0.99) ? 0 : SIM_MS;
    case INSTANTS:
        return (SIM_MS - now % SIM_MS) + (sim_time)rng_below(&rng, 3) * SIM_MS;
    case CLUSTERS:
        return (sim_time)rng_below(&rng, 2) * SIM_S + (sim_time)rng_below(&rng, SIM_NS);
    case ALL_SCALES:
        return (sim_time)(rng_u64(&rng) >> (rng_below(&rng, 50) + 12));
    default:
        return (sim_time)rng_below(&rng, 3);
    }
}

static sim_time later(const struct model *m, sim_time delay)
{
    sim_time at = simtime_add(m->now, delay);
    return at >= SIM_NEVER ? SIM_NEVER - 1 : at;
}

/* One random operation. */
static void step(struct model *m, enum load load)
{
    size_t i = rng_below(&rng, m->n);

    switch (rng_below(&rng, 12)) {
    case 0:
        cancel(m, i);
        break;
    case 1:
    case 2:
        schedule(m, i, later(m, delay_of(load, m->now))); /* moves it, if pending */
        break;
    case 3:
        pop_checked(m, later(m, delay_of(load, m->now)));
        break;
    case 4: {
        struct event *want = least(m);
        ck_assert_int_eq(queue_next_time(&m->queue), want ? want->time : SIM_NEVER);
        break;
    }
    default: {
        struct event *ev = pop_checked(m, SIM_NEVER);
        if (ev && rng_bernoulli(&rng, 0.9))
            schedule(m, (size_t)(ev - m->events), later(m, delay_of(load, m->now)));
        if (rng_bernoulli(&rng, 0.1))
            schedule(m, i, later(m, delay_of(load, m->now)));
    }
    }
}

static void run_load(size_t n, enum load load, int steps)
{
    struct model m;

    model_init(&m, n);
    for (size_t i = 0; i < n; i++)
        schedule(&m, i, delay_of(load, 0));
    for (int s = 0; s < steps; s++) {
        step(&m, load);
        if (s % 97 == 0)
            ck_assert_msg(queue_check(&m.queue), "load %d, %zu events, step %d", load, n, s);
    }
    while (pop_checked(&m, SIM_NEVER))
        continue;
    ck_assert(queue_check(&m.queue));
    ck_assert_int_eq(queue_next_time(&m.queue), SIM_NEVER);
    model_fini(&m);
}

START_TEST(few_events)
{
    for (enum load load = 0; load < LOADS; load++)
        for (size_t n = 1; n <= 20; n += n < 4 ? 1 : 5)
            run_load(n, load, 10000);
}
END_TEST

START_TEST(some_events)
{
    for (enum load load = 0; load < LOADS; load++)
        run_load(200, load, 10000);
}
END_TEST

START_TEST(many_events)
{
    for (enum load load = 0; load < LOADS; load++)
        run_load(3000, load, 2000);
}
END_TEST

/* The load changes its time scale by many orders of magnitude, so the slots must be refitted. */
START_TEST(changing_loads)
{
    struct model m;

    model_init(&m, 100);
    for (int round = 0; round < 60; round++) {
        enum load load = (enum load)rng_below(&rng, LOADS);
        if (m.now > SIM_NEVER / 2)
            break;
        for (int s = 0; s < 1500; s++)
            step(&m, load == ALL_SCALES ? NETWORK : load);
        ck_assert(queue_check(&m.queue));
    }
    while (pop_checked(&m, SIM_NEVER))
        continue;
    model_fini(&m);
}
END_TEST

static int compare_events(const void *a, const void *b)
{
    const struct event *x = *(struct event *const *)a, *y = *(struct event *const *)b;
    return sooner(x, y) ? -1 : sooner(y, x);
}

/* All in, all out, in the order of a sort: large numbers, which the reference above is too slow
 * for. */
static void fill_and_drain(size_t n, enum load load, sim_time around)
{
    struct event_queue queue;
    struct event *events = g_new0(struct event, n), **sorted = g_new(struct event *, n);

    queue_init(&queue);
    rng_init(&rng, n, "test", "bulk");
    for (size_t i = 0; i < n; i++) {
        sim_time t = simtime_add(around, delay_of(load, 0));
        events[i].time = t < SIM_NEVER ? t : SIM_NEVER - 1;
        events[i].order = rng_below(&rng, 1 << 20) << 32 | (i + 1);
        queue_push(&queue, sorted[i] = &events[i]);
    }
    ck_assert(queue_check(&queue));
    qsort(sorted, n, sizeof *sorted, compare_events);
    for (size_t i = 0; i < n; i++)
        ck_assert_ptr_eq(queue_pop(&queue, SIM_NEVER - 1), sorted[i]);
    ck_assert_ptr_null(queue_pop(&queue, SIM_NEVER));
    queue_fini(&queue);
    g_free(events);
    g_free(sorted);
}

START_TEST(bulk)
{
    for (enum load load = 0; load < LOADS; load++) {
        fill_and_drain(50000, load, 0);
        fill_and_drain(50000, load, 12345 * SIM_S);
    }
}
END_TEST

START_TEST(the_end_of_time)
{
    for (enum load load = 0; load < LOADS; load++)
        fill_and_drain(1000, load, SIM_NEVER - 2000);
    fill_and_drain(3, TINY, SIM_NEVER - 2);
}
END_TEST

/* A burst of events at one instant, each scheduling another there while the burst is worked off. */
START_TEST(burst_at_one_instant)
{
    enum { N = 20000 };
    struct event_queue queue;
    struct event *events = g_new0(struct event, 2 * N);
    uint64_t last = 0, order = 0;

    queue_init(&queue);
    for (size_t i = 0; i < N; i++) {
        events[i].time = SIM_S;
        events[i].order = ++order;
        queue_push(&queue, &events[i]);
    }
    for (size_t i = 0; i < 2 * N; i++) {
        struct event *ev = queue_pop(&queue, SIM_S);
        ck_assert_ptr_nonnull(ev);
        ck_assert(ev->order > last);
        last = ev->order;
        if (i < N) {
            events[N + i].time = SIM_S;
            events[N + i].order = ++order;
            queue_push(&queue, &events[N + i]);
        }
    }
    ck_assert_ptr_null(queue_pop(&queue, SIM_NEVER));
    queue_fini(&queue);
    g_free(events);
}
END_TEST

/* A timer that is moved a million times leaves no more than a bounded number of stale entries. */
START_TEST(stale_entries_are_bounded)
{
    enum { N = 50 };
    struct model m;

    model_init(&m, N);
    for (size_t i = 0; i < N; i++)
        schedule(&m, i, SIM_S);
    for (int k = 0; k < 200000; k++) {
        schedule(&m, rng_below(&rng, N), SIM_S + (sim_time)rng_below(&rng, 60 * SIM_S));
        ck_assert_uint_le(m.queue.stale, N + 2 * 64 + 2);
    }
    ck_assert(queue_check(&m.queue));
    for (size_t i = 0; i < N; i++)
        cancel(&m, i);
    ck_assert_uint_eq(queue_live(&m.queue), 0);
    ck_assert_ptr_null(queue_pop(&m.queue, SIM_NEVER));
    model_fini(&m);
}
END_TEST

/* Nothing is taken before its time, and asking changes nothing. */
START_TEST(until_is_respected)
{
    struct model m;

    model_init(&m, 3);
    schedule(&m, 0, 10 * SIM_MS);
    schedule(&m, 1, 5 * SIM_S);
    for (sim_time t = 0; t < 10 * SIM_MS; t += SIM_US)
        ck_assert_ptr_null(queue_pop(&m.queue, t));
    ck_assert_ptr_eq(queue_pop(&m.queue, 10 * SIM_MS), &m.events[0]);
    m.events[0].order = EVENT_IDLE;
    ck_assert_ptr_null(queue_pop(&m.queue, 4 * SIM_S));
    ck_assert_ptr_eq(m.queue.top, m.queue.run); /* or all that comes earlier would be a latecomer */
    schedule(&m, 2, 4 * SIM_S);
    ck_assert_ptr_eq(queue_pop(&m.queue, 4 * SIM_S), &m.events[2]);
    m.events[2].order = EVENT_IDLE;
    ck_assert_int_eq(queue_next_time(&m.queue), 5 * SIM_S);
    ck_assert_ptr_eq(queue_pop(&m.queue, SIM_NEVER), &m.events[1]);
    model_fini(&m);
}
END_TEST

static void count_visit(void *data, const struct queue_entry *entry)
{
    ck_assert_uint_eq(entry->event->order, entry->order);
    ++*(size_t *)data;
}

START_TEST(visits_meet_each_live_entry)
{
    struct model m;
    size_t seen = 0;

    model_init(&m, 500);
    for (size_t i = 0; i < 500; i++)
        schedule(&m, i, delay_of(NETWORK, 0));
    for (int i = 0; i < 100; i++)
        pop_checked(&m, SIM_NEVER);
    for (size_t i = 0; i < 500; i += 3)
        cancel(&m, i);
    queue_visit(&m.queue, count_visit, &seen);
    ck_assert_uint_eq(seen, m.pending);
    model_fini(&m);
}
END_TEST

/* queue_check can fail: a queue with a damaged entry is found out. */
START_TEST(damage_is_noticed)
{
    struct model m;

    model_init(&m, 40);
    for (size_t i = 0; i < 40; i++)
        schedule(&m, i, (sim_time)i * SIM_US);
    pop_checked(&m, SIM_NEVER);
    ck_assert(queue_check(&m.queue));
    m.events[30].order = EVENT_IDLE; /* cancelled behind the queue's back */
    ck_assert(!queue_check(&m.queue));
    m.queue.stale++;
    ck_assert(queue_check(&m.queue));
    m.queue.tick++; /* the window no longer fits the ring */
    ck_assert(!queue_check(&m.queue));
    model_fini(&m);
}
END_TEST

SUITE("sim/queue", few_events, some_events, many_events, changing_loads, bulk, the_end_of_time,
      burst_at_one_instant, stale_entries_are_bounded, until_is_respected,
      visits_meet_each_live_entry, damage_is_noticed)

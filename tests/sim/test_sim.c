#include "sim/sim.h"

#include <string.h>

#include "sim/drop.h"
#include "sim/list.h"
#include "tests/support/suite.h"

/* An event that repeats. */
struct beat {
    struct event event;
    struct actor actor;
    sim_time interval;
    uint64_t count, last; /* last: do not repeat after so many; 0: for ever */
    bool stops;           /* calls sim_stop each time */
};

static void on_beat(struct sim *sim, struct event *ev)
{
    struct beat *beat = container_of(ev, struct beat, event);

    if (++beat->count != beat->last)
        event_schedule(sim, ev, sim->now + beat->interval, &beat->actor);
    if (beat->stops)
        sim_stop(sim);
}

static void beat_start(struct sim *sim, struct beat *beat, const char *name, sim_time at)
{
    actor_init(&beat->actor, sim, name);
    event_init(&beat->event, on_beat);
    event_schedule(sim, &beat->event, at, &beat->actor);
}

START_TEST(runs_up_to_and_including_the_end)
{
    struct sim *sim = sim_new(1);
    struct beat beat = { .interval = SIM_S };

    beat_start(sim, &beat, "b", SIM_S);
    ck_assert_int_eq(sim_run(sim, 3 * SIM_S), SIM_REACHED);
    ck_assert_uint_eq(beat.count, 3);
    ck_assert_int_eq(sim->now, 3 * SIM_S);
    ck_assert_int_eq(sim_run(sim, 3 * SIM_S), SIM_REACHED);
    ck_assert_uint_eq(beat.count, 3);
    ck_assert_int_eq(sim_run(sim, 3500 * SIM_MS), SIM_REACHED);
    ck_assert_int_eq(sim->now, 3500 * SIM_MS);
    ck_assert_uint_eq(beat.count, 3);
    ck_assert_uint_eq(sim->events_fired, 3);
    event_cancel(sim, &beat.event);
    sim_free(sim);
}
END_TEST

START_TEST(runs_until_nothing_is_left)
{
    struct sim *sim = sim_new(1);
    struct beat beat = { .interval = SIM_MS, .last = 7 };

    beat_start(sim, &beat, "b", SIM_S);
    ck_assert_int_eq(sim_run(sim, SIM_NEVER), SIM_REACHED);
    ck_assert_int_eq(sim->now, SIM_S + 6 * SIM_MS);
    ck_assert_uint_eq(beat.count, 7);
    ck_assert_int_eq(sim_run(sim, SIM_NEVER), SIM_REACHED);
    ck_assert_int_eq(sim->now, SIM_S + 6 * SIM_MS);
    sim_free(sim);
}
END_TEST

START_TEST(steps_are_the_same_as_one_run)
{
    struct sim *one = sim_new(1), *many = sim_new(1);
    struct beat a = { .interval = 777 * SIM_US }, b = a;

    beat_start(one, &a, "b", 5);
    beat_start(many, &b, "b", 5);
    sim_run(one, 10 * SIM_S);
    for (sim_time t = 0; t <= 10 * SIM_S; t += SIM_MS)
        sim_run(many, t);
    ck_assert_uint_eq(a.count, b.count);
    ck_assert_uint_eq(one->events_fired, many->events_fired);
    ck_assert_int_eq(one->now, many->now);
    sim_free(one);
    sim_free(many);
}
END_TEST

START_TEST(stopping_keeps_the_rest)
{
    struct sim *sim = sim_new(1);
    struct beat beat = { .interval = SIM_S, .stops = true };

    beat_start(sim, &beat, "b", SIM_S);
    for (int i = 1; i <= 4; i++) {
        ck_assert_int_eq(sim_run(sim, 100 * SIM_S), SIM_STOPPED);
        ck_assert_uint_eq(beat.count, (uint64_t)i);
        ck_assert_int_eq(sim->now, i * SIM_S);
    }
    beat.stops = false;
    ck_assert_int_eq(sim_run(sim, 100 * SIM_S), SIM_REACHED);
    ck_assert_uint_eq(beat.count, 100);
    sim_free(sim);
}
END_TEST

START_TEST(a_stop_between_runs_is_forgotten)
{
    struct sim *sim = sim_new(1);
    struct beat beat = { .interval = SIM_S };

    beat_start(sim, &beat, "b", SIM_S);
    sim_stop(sim);
    ck_assert_int_eq(sim_run(sim, 5 * SIM_S), SIM_REACHED);
    ck_assert_uint_eq(beat.count, 5);
    sim_free(sim);
}
END_TEST

static void on_tick(void *data, struct sim *sim)
{
    uint64_t *ticks = data;
    if (++*ticks == 3)
        sim_stop(sim);
}

START_TEST(ticks_are_counted_in_events)
{
    struct sim *sim = sim_new(1);
    struct beat beat = { .interval = SIM_US };
    uint64_t ticks = 0;

    beat_start(sim, &beat, "b", 0);
    sim->on_tick = on_tick;
    sim->on_tick_data = &ticks;
    ck_assert_int_eq(sim_run(sim, SIM_NEVER), SIM_STOPPED);
    ck_assert_uint_eq(ticks, 3);
    ck_assert_uint_eq(sim->events_fired, 3 * SIM_TICK_EVENTS);
    sim_free(sim);
}
END_TEST

START_TEST(a_storm_is_stopped_and_named)
{
    struct sim *sim = sim_new(1);
    struct beat guilty = { .interval = 0 }, innocent = { .interval = SIM_S };

    beat_start(sim, &guilty, "h1-app", 2 * SIM_S);
    beat_start(sim, &innocent, "h2-app", SIM_S);
    sim->storm_limit = 100000;
    ck_assert_int_eq(sim_run(sim, 100 * SIM_S), SIM_STORM);
    ck_assert_int_eq(sim->now, 2 * SIM_S);
    ck_assert_uint_eq(innocent.count, 2);
    ck_assert_uint_ge(guilty.count, 100000);
    ck_assert_uint_le(guilty.count, 300000);
    char *report = sim_storm_report(sim);
    ck_assert_str_eq(report, "event storm: the clock stands at 2 s, where more than 100000 events "
                             "happened; scheduled by h1-app (100 %); give whatever repeats there "
                             "an interval or a delay above zero");
    g_free(report);
    ck_assert(event_pending(&guilty.event));
    event_cancel(sim, &guilty.event); /* the run can be continued without it */
    ck_assert_int_eq(sim_run(sim, 10 * SIM_S), SIM_REACHED);
    ck_assert_uint_eq(innocent.count, 10);
    sim_free(sim);
}
END_TEST

/* One of a ring of events, each of which starts the next without delay. */
struct ring {
    struct event event;
    struct actor *actor;
    struct ring *next;
};

static void on_ring(struct sim *sim, struct event *ev)
{
    struct ring *ring = container_of(ev, struct ring, event);
    event_schedule(sim, &ring->next->event, sim->now, ring->actor);
}

START_TEST(a_storm_of_several_names_the_busiest)
{
    enum { N = 8 };
    struct sim *sim = sim_new(1);
    struct actor actors[N - 1];
    struct ring ring[N];

    for (int i = 0; i < N; i++) {
        char name[8] = { 'h', (char)('0' + i) };
        if (i < N - 1)
            actor_init(&actors[i], sim, name);
        ring[i].actor = &actors[i < N - 1 ? i : 3]; /* h3 has two */
        ring[i].next = &ring[(i + 1) % N];
        event_init(&ring[i].event, on_ring);
    }
    event_schedule(sim, &ring[0].event, SIM_MS, ring[0].actor);
    sim->storm_limit = 1000;
    ck_assert_int_eq(sim_run(sim, SIM_S), SIM_STORM);
    char *report = sim_storm_report(sim);
    ck_assert_str_eq(report,
                     "event storm: the clock stands at 0.001 s, where more than 1000 events "
                     "happened; scheduled by h3 (25 %), h0 (12 %), h1 (12 %), h2 (12 %), "
                     "h4 (12 %) and 2 others; give whatever repeats there an interval or a "
                     "delay above zero");
    g_free(report);
    sim_free(sim);
}
END_TEST

/* Many events at one instant are no storm as long as they end. */
START_TEST(a_long_burst_is_no_storm)
{
    struct sim *sim = sim_new(1);
    struct beat beat = { .interval = 0, .last = 90000 };

    beat_start(sim, &beat, "b", SIM_S);
    sim->storm_limit = 100000;
    ck_assert_int_eq(sim_run(sim, 2 * SIM_S), SIM_REACHED);
    ck_assert_uint_eq(beat.count, 90000);
    char *report = sim_storm_report(sim);
    ck_assert_str_eq(report, "there was no event storm");
    g_free(report);
    sim_free(sim);
}
END_TEST

/* More than the limit, but spread over time. */
START_TEST(a_busy_run_is_no_storm)
{
    struct sim *sim = sim_new(1);
    struct beat beat = { .interval = 1 };

    beat_start(sim, &beat, "b", 0);
    sim->storm_limit = 1000;
    ck_assert_int_eq(sim_run(sim, 200000), SIM_REACHED);
    ck_assert_uint_eq(beat.count, 200001);
    sim_free(sim);
}
END_TEST

START_TEST(leaks_are_told)
{
    struct sim *sim = sim_new(1);
    struct beat beats[3] = { { .interval = 1 }, { .interval = 1 }, { .interval = 1 } };

    ck_assert_ptr_null(sim_leaks(sim));
    struct packet *packet = packet_new(sim);
    char *leaks = sim_leaks(sim);
    ck_assert_str_eq(leaks, "1 packets are alive");
    g_free(leaks);
    beat_start(sim, &beats[0], "h2", 1);
    beat_start(sim, &beats[1], "h1", 1);
    event_init(&beats[2].event, on_beat);
    event_schedule(sim, &beats[2].event, 9, &beats[0].actor);
    leaks = sim_leaks(sim);
    ck_assert_str_eq(leaks, "1 packets are alive; 3 events are pending: h1 (1), h2 (2)");
    g_free(leaks);
    for (int i = 0; i < 3; i++)
        event_cancel(sim, &beats[i].event);
    packet_release(packet); /* ended without being counted */
    leaks = sim_leaks(sim);
    ck_assert_str_eq(leaks, "1 packets vanished uncounted");
    g_free(leaks);
    sim_free(sim);
}
END_TEST

START_TEST(names_are_kept_once)
{
    struct sim *sim = sim_new(1);
    char text[] = "eth1";

    const char *name = sim_intern(sim, text);
    ck_assert_ptr_ne(name, text);
    ck_assert_ptr_eq(sim_intern(sim, "eth1"), name);
    ck_assert_ptr_ne(sim_intern(sim, "eth2"), name);
    text[0] = 'x';
    ck_assert_str_eq(name, "eth1");
    sim_free(sim);
}
END_TEST

START_TEST(two_simulations_do_not_know_of_each_other)
{
    struct sim *a = sim_new(1), *b = sim_new(1);
    struct beat in_a = { .interval = SIM_S }, in_b = { .interval = SIM_S };

    beat_start(a, &in_a, "b", SIM_S);
    beat_start(b, &in_b, "b", SIM_S);
    sim_run(a, 10 * SIM_S);
    ck_assert_int_eq(b->now, 0);
    ck_assert_uint_eq(in_b.count, 0);
    sim_run(b, 5 * SIM_S);
    ck_assert_uint_eq(in_b.count, 5);
    sim_free(a);
    sim_free(b);
}
END_TEST

SUITE("sim/sim", runs_up_to_and_including_the_end, runs_until_nothing_is_left,
      steps_are_the_same_as_one_run, stopping_keeps_the_rest, a_stop_between_runs_is_forgotten,
      ticks_are_counted_in_events, a_storm_is_stopped_and_named,
      a_storm_of_several_names_the_busiest, a_long_burst_is_no_storm, a_busy_run_is_no_storm,
      leaks_are_told, names_are_kept_once, two_simulations_do_not_know_of_each_other)

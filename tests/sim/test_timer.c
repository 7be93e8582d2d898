#include "sim/timer.h"

#include "sim/list.h"
#include "sim/sim.h"
#include "tests/support/suite.h"

struct owner {
    struct sim *sim;
    struct actor actor;
    struct timer timer;
    int expired;
    sim_time at;       /* of the last expiry */
    sim_time interval; /* > 0: start again */
};

static void on_expire(struct sim *sim, struct timer *timer)
{
    struct owner *o = container_of(timer, struct owner, timer);
    ck_assert(!timer_running(timer));
    o->expired++;
    o->at = sim->now;
    if (o->interval > 0)
        timer_set(sim, timer, sim->now + o->interval);
}

static void owner_init(struct owner *o)
{
    *o = (struct owner){ .sim = sim_new(1) };
    actor_init(&o->actor, o->sim, "owner");
    timer_init(&o->timer, &o->actor, on_expire);
}

static void owner_fini(struct owner *o)
{
    timer_cancel(o->sim, &o->timer);
    ck_assert_ptr_null(sim_leaks(o->sim));
    sim_free(o->sim);
}

START_TEST(expires_once_at_its_deadline)
{
    struct owner o;
    owner_init(&o);
    ck_assert(!timer_running(&o.timer));
    timer_set(o.sim, &o.timer, SIM_S);
    ck_assert(timer_running(&o.timer));
    sim_run(o.sim, SIM_S - 1);
    ck_assert_int_eq(o.expired, 0);
    sim_run(o.sim, 10 * SIM_S);
    ck_assert_int_eq(o.expired, 1);
    ck_assert_int_eq(o.at, SIM_S);
    ck_assert(!timer_running(&o.timer));
    owner_fini(&o);
}
END_TEST

/* A retransmission timer pushed later by each of 100000 acknowledgements: the queue is not touched
 * but by the one early event, which fires once and queues itself for the last deadline. */
START_TEST(pushing_later_does_not_touch_the_queue)
{
    struct owner o;
    owner_init(&o);
    timer_set(o.sim, &o.timer, SIM_S);
    uint64_t pushed = o.sim->queue.pushed;
    for (int i = 1; i <= 100000; i++)
        timer_set(o.sim, &o.timer, SIM_S + i * SIM_US);
    ck_assert_uint_eq(o.sim->queue.pushed, pushed);
    sim_run(o.sim, 10 * SIM_S);
    ck_assert_int_eq(o.expired, 1);
    ck_assert_int_eq(o.at, SIM_S + 100000 * SIM_US);
    ck_assert_uint_eq(o.sim->events_fired, 2);
    owner_fini(&o);
}
END_TEST

START_TEST(moving_earlier_takes_effect)
{
    struct owner o;
    owner_init(&o);
    timer_set(o.sim, &o.timer, 5 * SIM_S);
    timer_set(o.sim, &o.timer, 2 * SIM_S);
    sim_run(o.sim, 10 * SIM_S);
    ck_assert_int_eq(o.expired, 1);
    ck_assert_int_eq(o.at, 2 * SIM_S);
    owner_fini(&o);
}
END_TEST

/* Later, then earlier again but not before the early event. */
START_TEST(moving_back_and_forth)
{
    struct owner o;
    owner_init(&o);
    timer_set(o.sim, &o.timer, 1 * SIM_S);
    timer_set(o.sim, &o.timer, 5 * SIM_S);
    timer_set(o.sim, &o.timer, 3 * SIM_S);
    sim_run(o.sim, 2 * SIM_S); /* the early event has fired in vain */
    ck_assert_int_eq(o.expired, 0);
    timer_set(o.sim, &o.timer, 2500 * SIM_MS);
    sim_run(o.sim, 10 * SIM_S);
    ck_assert_int_eq(o.expired, 1);
    ck_assert_int_eq(o.at, 2500 * SIM_MS);
    owner_fini(&o);
}
END_TEST

START_TEST(a_stopped_timer_does_not_expire)
{
    struct owner o;
    owner_init(&o);
    timer_set(o.sim, &o.timer, SIM_S);
    timer_stop(&o.timer);
    ck_assert(!timer_running(&o.timer));
    sim_run(o.sim, 2 * SIM_S);
    ck_assert_int_eq(o.expired, 0);
    ck_assert_ptr_null(sim_leaks(o.sim)); /* the event fired in vain and is gone */
    timer_set(o.sim, &o.timer, 3 * SIM_S);
    sim_run(o.sim, 4 * SIM_S);
    ck_assert_int_eq(o.expired, 1);
    owner_fini(&o);
}
END_TEST

START_TEST(a_stopped_timer_can_be_started_at_once)
{
    struct owner o;
    owner_init(&o);
    timer_set(o.sim, &o.timer, SIM_S);
    timer_stop(&o.timer);
    timer_set(o.sim, &o.timer, 3 * SIM_S);
    sim_run(o.sim, 10 * SIM_S);
    ck_assert_int_eq(o.expired, 1);
    ck_assert_int_eq(o.at, 3 * SIM_S);
    timer_set(o.sim, &o.timer, 20 * SIM_S);
    timer_stop(&o.timer);
    timer_set(o.sim, &o.timer, 15 * SIM_S);
    sim_run(o.sim, 30 * SIM_S);
    ck_assert_int_eq(o.at, 15 * SIM_S);
    owner_fini(&o);
}
END_TEST

START_TEST(setting_to_never_is_stopping)
{
    struct owner o;
    owner_init(&o);
    timer_set(o.sim, &o.timer, SIM_S);
    timer_set(o.sim, &o.timer, SIM_NEVER);
    ck_assert(!timer_running(&o.timer));
    sim_run(o.sim, 2 * SIM_S);
    ck_assert_int_eq(o.expired, 0);
    owner_fini(&o);
}
END_TEST

START_TEST(cancelling_leaves_no_event)
{
    struct owner o;
    owner_init(&o);
    timer_set(o.sim, &o.timer, SIM_S);
    char *leaks = sim_leaks(o.sim);
    ck_assert_str_eq(leaks, "1 events are pending: owner (1)");
    g_free(leaks);
    timer_cancel(o.sim, &o.timer);
    ck_assert_ptr_null(sim_leaks(o.sim));
    timer_cancel(o.sim, &o.timer); /* harmless */
    owner_fini(&o);
}
END_TEST

START_TEST(an_expiry_may_start_the_timer_again)
{
    struct owner o;
    owner_init(&o);
    o.interval = 100 * SIM_MS;
    timer_set(o.sim, &o.timer, o.interval);
    sim_run(o.sim, SIM_S);
    ck_assert_int_eq(o.expired, 10);
    ck_assert_int_eq(o.at, SIM_S);
    owner_fini(&o);
}
END_TEST

SUITE("sim/timer", expires_once_at_its_deadline, pushing_later_does_not_touch_the_queue,
      moving_earlier_takes_effect, moving_back_and_forth, a_stopped_timer_does_not_expire,
      a_stopped_timer_can_be_started_at_once, setting_to_never_is_stopping,
      cancelling_leaves_no_event, an_expiry_may_start_the_timer_again)

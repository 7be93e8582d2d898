/* Meters: exact on the grid, interpolated between, in bounded memory. */
#include "sim/meter.h"
#include "sim/rng.h"
#include "tests/support/suite.h"

START_TEST(exact_on_the_grid)
{
    struct meter meter = { 0 };

    /* One more every millisecond, at its middle: by time t there are t / ms of them. */
    for (int i = 0; i < 1000; i++)
        meter_add(&meter, i * SIM_MS + SIM_MS / 2, 1);
    ck_assert_uint_eq(meter.value, 1000);
    for (int i = 0; i <= 100; i++)
        ck_assert_double_eq(meter_at(&meter, i * 10 * SIM_MS), 10.0 * i);
    ck_assert_double_eq(meter_between(&meter, 200 * SIM_MS, 700 * SIM_MS), 500);
    meter_fini(&meter);
}
END_TEST

START_TEST(silence_is_flat)
{
    struct meter meter = { 0 };

    meter_add(&meter, 5 * SIM_MS, 100);
    meter_add(&meter, 3 * SIM_S + 5 * SIM_MS, 11);
    ck_assert_double_eq(meter_at(&meter, 0), 0);
    ck_assert_double_eq(meter_at(&meter, 10 * SIM_MS), 100);
    ck_assert_double_eq(meter_at(&meter, SIM_S), 100);
    ck_assert_double_eq(meter_at(&meter, 3 * SIM_S), 100);
    ck_assert_double_eq(meter_at(&meter, 3 * SIM_S + 10 * SIM_MS), 111);
    ck_assert_double_eq(meter_at(&meter, 100 * SIM_S), 111);
    meter_fini(&meter);
}
END_TEST

START_TEST(unused_is_zero)
{
    struct meter meter = { 0 };

    ck_assert_double_eq(meter_at(&meter, SIM_S), 0);
    meter_fini(&meter);
}
END_TEST

/* A long run of random additions against the list of all of them: exact at multiples of the final
 * step, which for an hour is at most 10 ms x 2^10. */
START_TEST(long_run_stays_exact_on_its_grid)
{
    enum { N = 200000 };
    static sim_time at[N];
    struct meter meter = { 0 };
    struct rng rng;
    sim_time t = 0;

    rng_init(&rng, 1, "meter", "test");
    for (int i = 0; i < N; i++) {
        t += (sim_time)rng_below(&rng, rng_below(&rng, 100) == 0 ? 2 * SIM_S : 20 * SIM_MS);
        at[i] = t;
        meter_add(&meter, t, 1);
    }
    const sim_time step = 10 * SIM_MS << 10;
    int i = 0;
    for (sim_time g = 0; g < t; g += step) {
        while (i < N && at[i] < g)
            i++;
        ck_assert_double_eq(meter_at(&meter, g), i);
    }
    meter_fini(&meter);
}
END_TEST

SUITE("sim/meter", exact_on_the_grid, silence_is_flat, unused_is_zero,
      long_run_stays_exact_on_its_grid)

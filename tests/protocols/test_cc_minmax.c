/* The windowed filter against a plain search, with its promise: at most a little worse than the
 * true extreme of the window, and never one that has left it. */
#include "protocols/cc/minmax.h"

#include <glib.h>

#include "protocols/cc/ewma.h"
#include "tests/support/suite.h"

enum { N = 20000, WINDOW = 1000 };

static uint32_t values[N];

static void make(void)
{
    uint32_t x = 12345;

    for (int t = 0; t < N; t++) {
        x = x * 1664525u + 1013904223u;
        values[t] = 1000 + x % 4000 + (t > N / 2 ? 5000 : 0);
    }
}

static uint32_t extreme(int t, int sign)
{
    uint32_t best = values[t];

    for (int i = t < WINDOW ? 0 : t - WINDOW; i < t; i++)
        if (sign * ((int)values[i] - (int)best) > 0)
            best = values[i];
    return best;
}

START_TEST(running_max)
{
    struct minmax m;

    make();
    minmax_reset(&m, 0, values[0]);
    for (int t = 1; t < N; t++) {
        minmax_running_max(&m, WINDOW, (uint32_t)t, values[t]);
        if (t % 97 == 0) {
            ck_assert_uint_le(minmax_get(&m), extreme(t, 1));
            ck_assert_uint_ge(minmax_get(&m), extreme(t, 1) * 99 / 100);
        }
    }
}
END_TEST

START_TEST(running_min)
{
    struct minmax m;

    make();
    minmax_reset(&m, 0, values[0]);
    for (int t = 1; t < N; t++) {
        minmax_running_min(&m, WINDOW, (uint32_t)t, values[t]);
        if (t % 97 == 0) {
            ck_assert_uint_ge(minmax_get(&m), extreme(t, -1));
            ck_assert_uint_le(minmax_get(&m), extreme(t, -1) * 110 / 100);
        }
    }
}
END_TEST

/* Without samples for a window the last one counts; and time may wrap. */
START_TEST(silence)
{
    struct minmax m;

    minmax_reset(&m, UINT32_MAX - 10, 100);
    minmax_running_max(&m, 50, UINT32_MAX, 80);
    ck_assert_uint_eq(minmax_get(&m), 100);
    minmax_running_max(&m, 50, 20, 70);
    ck_assert_uint_eq(minmax_get(&m), 100);
    minmax_running_max(&m, 50, 200, 10);
    ck_assert_uint_eq(minmax_get(&m), 10);
}
END_TEST

/* A step comes through as 1 - (7/8)^n. */
START_TEST(average)
{
    uint32_t plain = 1000000, scaled = ewma_scaled(0, 1000000, 3);

    for (int n = 0; n < 8; n++) {
        plain = ewma(plain, 2000000, 3);
        scaled = ewma_scaled(scaled, 2000000, 3);
    }
    ck_assert_uint_ge(plain, 1656380); /* 1 - (7/8)^8 = 0.65639 */
    ck_assert_uint_le(plain, 1656400);
    ck_assert_uint_ge(scaled >> 3, 1656380);
    ck_assert_uint_le(scaled >> 3, 1656400);
}
END_TEST

/* Samples at these times, and the estimate after them: the best, second and third choice of a
 * window of 100 as Nichols' filter (Linux's lib/win_minmax.c) keeps them.  After a quarter of the
 * window without a better one a second choice is taken, after half a third; a choice leaves when it
 * is older than the window; one as good as a choice takes its place. */
START_TEST(choices)
{
    static const struct {
        uint32_t samples[5][2], now, want;
    } rows[] = {
        { { { 26, 90 }, { 51, 80 } }, 100, 100 },
        { { { 26, 90 }, { 51, 80 } }, 101, 90 },
        { { { 25, 90 }, { 51, 80 } }, 101, 80 },
        { { { 26, 90 }, { 51, 80 } }, 127, 80 },
        { { { 26, 90 }, { 50, 80 }, { 101, 10 } }, 127, 10 },
        { { { 26, 90 }, { 51, 80 }, { 101, 10 } }, 127, 80 },
        { { { 26, 90 }, { 51, 80 } }, 151, 80 },
        { { { 26, 90 }, { 51, 80 } }, 152, 5 },
        { { { 90, 100 } }, 150, 100 },
        { { { 26, 90 }, { 51, 80 }, { 60, 90 } }, 127, 90 },
        { { { 26, 90 }, { 51, 80 }, { 61, 80 } }, 152, 80 },
        { { { 26, 90 }, { 51, 80 }, { 70, 85 } }, 152, 85 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct minmax max, min;
        minmax_reset(&max, 0, 100);
        minmax_reset(&min, 0, 1000 - 100);
        for (size_t n = 0; rows[i].samples[n][0]; n++) {
            const uint32_t *sample = rows[i].samples[n];
            minmax_running_max(&max, 100, sample[0], sample[1]);
            minmax_running_min(&min, 100, sample[0], 1000 - sample[1]);
        }
        minmax_running_max(&max, 100, rows[i].now, 5);
        minmax_running_min(&min, 100, rows[i].now, 1000 - 5);
        ck_assert_msg(minmax_get(&max) == rows[i].want, "row %zu: %u", i, minmax_get(&max));
        ck_assert_msg(minmax_get(&min) == 1000 - rows[i].want, "row %zu: %u", i, minmax_get(&min));
    }
}
END_TEST

SUITE("protocols/cc_minmax", running_max, running_min, silence, average, choices)

#include "sim/series.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>

struct series *series_new(const char *name, const char *unit, enum series_kind kind)
{
    struct series *series = g_new0(struct series, 1);

    series->name = g_strdup(name);
    series->unit = g_strdup(unit);
    series->kind = kind;
    series->last = (struct series_point){ -SIM_NEVER, NAN };
    return series;
}

void series_free(struct series *series)
{
    if (!series)
        return;
    for (int i = 0; i < SERIES_CHUNKS; i++)
        g_free(series->chunks[i]);
    g_free(series->name);
    g_free(series->unit);
    g_free(series);
}

/* Where point i lives: chunk c begins with point SERIES_FIRST_CHUNK x (2^c - 1). */
static int chunk_of(size_t i)
{
    return 63 - __builtin_clzll(i / SERIES_FIRST_CHUNK + 1);
}

static size_t chunk_first(int chunk)
{
    return SERIES_FIRST_CHUNK * (((size_t)1 << chunk) - 1);
}

static void add_chunk(struct series *series)
{
    int chunk = chunk_of(series->count);
    size_t size = (size_t)SERIES_FIRST_CHUNK << chunk;

    assert(chunk < SERIES_CHUNKS);
    series->chunks[chunk] = g_new(struct series_point, size);
    series->next = series->chunks[chunk];
    series->chunk_end = series->next + size;
}

void series_append(struct series *series, sim_time time, double value)
{
    assert(time >= series->last.time);
    if (series->next == series->chunk_end)
        add_chunk(series);
    series->last = *series->next++ = (struct series_point){ time, value };
    series->count++;
}

struct series_point series_get(const struct series *series, size_t i)
{
    assert(i < series->count);
    int chunk = chunk_of(i);
    return series->chunks[chunk][i - chunk_first(chunk)];
}

size_t series_find(const struct series *series, sim_time time)
{
    size_t low = 0, high = series->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (series_get(series, mid).time < time)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* How many points lie at or before `time`. */
static size_t count_until(const struct series *series, sim_time time)
{
    return time == SIM_NEVER ? series->count : series_find(series, time + 1);
}

double series_at(const struct series *series, sim_time time)
{
    size_t n = count_until(series, time);
    return n > 0 ? series_get(series, n - 1).value : NAN;
}

/* A walk over the values of a window.  A step weighs the time it lasts inside, a sample 1. */
struct walk {
    const struct series *series;
    sim_time from, to;
    size_t i;
    double value, weight;
};

static struct walk walk_over(const struct series *series, sim_time from, sim_time to)
{
    struct walk walk = { .series = series, .from = from, .to = to };

    if (series->kind == SERIES_SAMPLES) {
        walk.i = series_find(series, from);
    } else {
        size_t before = count_until(series, from);
        walk.i = before > 0 ? before - 1 : 0;
    }
    return walk;
}

static bool walk_next(struct walk *walk)
{
    const struct series *series = walk->series;

    if (walk->i >= series->count || walk->from > walk->to)
        return false;
    struct series_point point = series_get(series, walk->i);
    bool in_force = series->kind == SERIES_STEPS && point.time <= walk->from;
    if (point.time >= walk->to && !in_force)
        return false;
    walk->i++;
    walk->value = point.value;
    walk->weight = 1;
    if (series->kind == SERIES_STEPS) {
        sim_time end = walk->i < series->count ? series_get(series, walk->i).time : walk->to;
        walk->weight = (double)(MIN(end, walk->to) - MAX(point.time, walk->from));
    }
    return true;
}

double series_min(const struct series *series, sim_time from, sim_time to)
{
    struct walk walk = walk_over(series, from, to);
    double least = NAN;

    while (walk_next(&walk))
        if (!(walk.value >= least))
            least = walk.value;
    return least;
}

double series_max(const struct series *series, sim_time from, sim_time to)
{
    struct walk walk = walk_over(series, from, to);
    double greatest = NAN;

    while (walk_next(&walk))
        if (!(walk.value <= greatest))
            greatest = walk.value;
    return greatest;
}

double series_mean(const struct series *series, sim_time from, sim_time to)
{
    struct walk walk = walk_over(series, from, to);
    double sum = 0, weight = 0, last = NAN;

    while (walk_next(&walk)) {
        sum += walk.weight * walk.value;
        weight += walk.weight;
        last = walk.value;
    }
    return weight > 0 ? sum / weight : last; /* a window without length has a value, too */
}

struct weighted {
    double value, weight;
};

static int compare_values(const void *a, const void *b)
{
    double x = ((const struct weighted *)a)->value, y = ((const struct weighted *)b)->value;
    return (x > y) - (x < y);
}

/* The sums are of picoseconds or of ones; what rounding they and `percent` suffered must not move
 * the rank, hence the tolerance. */
static double weighted_percentile(struct weighted *values, size_t n, double percent)
{
    double total = 0, sum = 0;

    qsort(values, n, sizeof *values, compare_values);
    for (size_t i = 0; i < n; i++)
        total += values[i].weight;
    double target = total * percent / 100 * (1 - 1e-12);
    for (size_t i = 0; i < n; i++) {
        sum += values[i].weight;
        if (sum >= target && (values[i].weight > 0 || total == 0))
            return values[i].value;
    }
    return values[n - 1].value;
}

double series_percentile(const struct series *series, sim_time from, sim_time to, double percent)
{
    struct walk walk = walk_over(series, from, to);
    GArray *values = g_array_new(FALSE, FALSE, sizeof(struct weighted));
    double result = NAN;

    assert(percent >= 0 && percent <= 100);
    while (walk_next(&walk)) {
        struct weighted w = { walk.value, walk.weight };
        g_array_append_val(values, w);
    }
    if (values->len > 0)
        result = weighted_percentile((struct weighted *)(void *)values->data, values->len, percent);
    g_array_free(values, TRUE);
    return result;
}

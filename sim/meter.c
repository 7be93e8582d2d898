#include "sim/meter.h"

#include <glib.h>

enum { NOTES_FIRST = 6, NOTES_MAX = 2048 };
#define FIRST_STEP (10 * SIM_MS)

/* A note says: nothing was added from one step after the note before it until `at`, where the
 * value was `value`. */
struct note {
    sim_time at;
    uint64_t value;
};

struct meter_log {
    sim_time step;
    uint32_t count, room;
    struct note notes[];
};

static sim_time grid_below(sim_time t, sim_time step)
{
    return t - t % step;
}

/* Doubles the step: notes off the new grid move down to it if their interval did not exist there,
 * which is so when the previous kept note lies a whole new step below. */
static void thin(struct meter_log *log)
{
    struct note *notes = log->notes;
    uint32_t kept = 0;

    log->step *= 2;
    for (uint32_t i = 0; i < log->count; i++)
        if (notes[i].at % log->step == 0)
            notes[kept++] = notes[i];
        else if (kept == 0 || notes[kept - 1].at + log->step < notes[i].at) {
            notes[i].at = grid_below(notes[i].at, log->step);
            notes[kept++] = notes[i];
        }
    log->count = kept;
}

/* The log with room for half as many notes again; a new one if it is NULL. */
__attribute__((noinline)) static struct meter_log *grow(struct meter_log *log)
{
    uint32_t room = log ? log->room + log->room / 2 : NOTES_FIRST;
    struct meter_log *grown = g_realloc(log, sizeof *log + room * sizeof log->notes[0]);

    if (!log) {
        grown->step = FIRST_STEP;
        grown->count = 0;
    }
    grown->room = room;
    return grown;
}

void meter_note(struct meter *meter, sim_time now)
{
    if (!meter->log || meter->log->count == meter->log->room)
        meter->log = grow(meter->log);
    struct meter_log *log = meter->log;
    sim_time at = grid_below(now, log->step);
    log->notes[log->count++] = (struct note){ at, meter->value };
    if (log->count >= NOTES_MAX) {
        thin(log);
        at = grid_below(now, log->step);
    }
    meter->next = at + log->step;
}

/* Index of the first note at or after `t`. */
static uint32_t first_from(const struct meter_log *log, sim_time t)
{
    uint32_t low = 0, high = log->count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (log->notes[mid].at < t)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

double meter_at(const struct meter *meter, sim_time t)
{
    const struct meter_log *log = meter->log;

    if (!log)
        return t > 0 ? (double)meter->value : 0;
    uint32_t i = first_from(log, t);
    double after = (double)(i < log->count ? log->notes[i].value : meter->value);
    if (i == 0)
        return after;
    struct note before = log->notes[i - 1];
    if (t >= before.at + log->step)
        return after;
    return (double)before.value +
           (after - (double)before.value) * ((double)(t - before.at) / (double)log->step);
}

void meter_fini(struct meter *meter)
{
    g_free(meter->log);
    meter->log = NULL;
}

#include "sim/meter.h"

#include <glib.h>

enum { NOTES_MAX = 2048 };
#define FIRST_STEP (10 * SIM_MS)

/* A note says: nothing was added from one step after the note before it until `at`, where the
 * value was `value`. */
struct note {
    sim_time at;
    uint64_t value;
};

struct meter_log {
    sim_time step;
    GArray *notes;
};

static sim_time grid_below(sim_time t, sim_time step)
{
    return t - t % step;
}

/* Doubles the step: notes off the new grid move down to it if their interval did not exist there,
 * which is so when the previous kept note lies a whole new step below. */
static void thin(struct meter_log *log)
{
    struct note *notes = (struct note *)(void *)log->notes->data;
    guint kept = 0;

    log->step *= 2;
    for (guint i = 0; i < log->notes->len; i++)
        if (notes[i].at % log->step == 0)
            notes[kept++] = notes[i];
        else if (kept == 0 || notes[kept - 1].at + log->step < notes[i].at) {
            notes[i].at = grid_below(notes[i].at, log->step);
            notes[kept++] = notes[i];
        }
    g_array_set_size(log->notes, kept);
}

void meter_note(struct meter *meter, sim_time now)
{
    if (!meter->log) {
        meter->log = g_new0(struct meter_log, 1);
        meter->log->step = FIRST_STEP;
        meter->log->notes = g_array_new(FALSE, FALSE, sizeof(struct note));
    }
    struct meter_log *log = meter->log;
    struct note note = { grid_below(now, log->step), meter->value };
    g_array_append_val(log->notes, note);
    if (log->notes->len >= NOTES_MAX)
        thin(log);
    meter->next = grid_below(now, log->step) + log->step;
}

/* Index of the first note at or after `t`. */
static guint first_from(const GArray *notes, sim_time t)
{
    guint low = 0, high = notes->len;

    while (low < high) {
        guint mid = low + (high - low) / 2;
        if (g_array_index(notes, struct note, mid).at < t)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

double meter_at(const struct meter *meter, sim_time t)
{
    const struct meter_log *log = meter->log;

    if (!log || log->notes->len == 0)
        return t > 0 ? (double)meter->value : 0;
    guint i = first_from(log->notes, t);
    double after = i < log->notes->len ? (double)g_array_index(log->notes, struct note, i).value
                                       : (double)meter->value;
    if (i == 0)
        return after;
    struct note before = g_array_index(log->notes, struct note, i - 1);
    if (t >= before.at + log->step)
        return after;
    return (double)before.value +
           (after - (double)before.value) * ((double)(t - before.at) / (double)log->step);
}

void meter_fini(struct meter *meter)
{
    if (!meter->log)
        return;
    g_array_free(meter->log->notes, TRUE);
    g_free(meter->log);
    meter->log = NULL;
}

#include "sim/storm.h"

enum { NOTED = 4096, NAMED = 5 };

struct storm {
    sim_time time;
    uint64_t noted;
    uint64_t limit;
    uint64_t orders[NOTED]; /* of the events that were watched */
};

bool storm_confirm(struct sim *sim)
{
    struct storm *storm = g_new0(struct storm, 1);

    storm->time = sim->now;
    storm->limit = sim->storm_limit;
    while (storm->noted < NOTED && !sim->stop) {
        struct event *ev = queue_pop(&sim->queue, sim->now);
        if (!ev)
            break;
        storm->orders[storm->noted++] = ev->order;
        sim_fire(sim, ev);
    }
    if (storm->noted < NOTED) {
        g_free(storm);
        return false;
    }
    storm_free(sim->storm);
    sim->storm = storm;
    return true;
}

void storm_free(struct storm *storm)
{
    g_free(storm);
}

struct share {
    const char *name;
    uint64_t events;
};

static int compare_shares(const void *a, const void *b)
{
    const struct share *x = a, *y = b;

    if (x->events != y->events)
        return x->events < y->events ? 1 : -1;
    return g_strcmp0(x->name, y->name);
}

/* Events by actor, most first, equal ones by name. */
static GArray *count_actors(const struct sim *sim, const struct storm *storm)
{
    GArray *shares = g_array_new(FALSE, FALSE, sizeof(struct share));

    for (uint64_t i = 0; i < storm->noted; i++) {
        struct share share = { actor_name(sim, storm->orders[i]), 1 };
        guint at = 0;
        while (at < shares->len && g_array_index(shares, struct share, at).name != share.name)
            at++;
        if (at < shares->len)
            g_array_index(shares, struct share, at).events++;
        else
            g_array_append_val(shares, share);
    }
    g_array_sort(shares, compare_shares);
    return shares;
}

char *sim_storm_report(const struct sim *sim)
{
    const struct storm *storm = sim->storm;
    char time[32];

    if (!storm)
        return g_strdup("there was no event storm");
    GString *text = g_string_new(NULL);
    g_string_append_printf(text,
                           "event storm: the clock stands at %s, where more than %" G_GUINT64_FORMAT
                           " events happened; scheduled by",
                           simtime_format(storm->time, time, sizeof time), storm->limit);
    GArray *shares = count_actors(sim, storm);
    for (guint i = 0; i < shares->len && i < NAMED; i++) {
        const struct share *share = &g_array_index(shares, struct share, i);
        g_string_append_printf(text, "%s %s (%.0f %%)", i ? "," : "", share->name,
                               100.0 * (double)share->events / (double)storm->noted);
    }
    if (shares->len > NAMED)
        g_string_append_printf(text, " and %u others", shares->len - NAMED);
    g_string_append(text, "; give whatever repeats there an interval or a delay above zero");
    g_array_free(shares, TRUE);
    return g_string_free(text, FALSE);
}

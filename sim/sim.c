#include "sim/sim.h"

#include "sim/storm.h"

enum { STORM_LIMIT = 10 * 1000 * 1000 };

struct sim *sim_new(uint64_t seed)
{
    struct sim *sim = g_new0(struct sim, 1);

    sim->seed = seed;
    sim->storm_limit = STORM_LIMIT;
    sim->actors = g_hash_table_new(NULL, NULL);
    sim->names = g_string_chunk_new(1024);
    queue_init(&sim->queue);
    pool_init(&sim->packets.pool, sizeof(struct packet), 64);
    return sim;
}

void sim_end(struct sim *sim)
{
    sim->queue.ended = true;
}

void sim_free(struct sim *sim)
{
    queue_fini(&sim->queue);
    pool_fini(&sim->packets.pool);
    g_hash_table_destroy(sim->actors);
    g_string_chunk_free(sim->names);
    storm_free(sim->storm);
    g_free(sim);
}

const char *sim_intern(struct sim *sim, const char *text)
{
    return g_string_chunk_insert_const(sim->names, text);
}

/* The loop compares one counter with one limit per event; stopping means to lower the limit. */
void sim_stop(struct sim *sim)
{
    sim->stop = true;
    sim->look_up = 0;
}

/* What the loop remembers between two looks. */
struct watch {
    sim_time instant;
    uint64_t since; /* events fired when the clock was first seen there */
    uint64_t tick;  /* when to call on_tick next */
};

static void set_look_up(struct sim *sim, const struct watch *watch)
{
    uint64_t storm = sim->events_fired + MAX(sim->storm_limit / 2, 1);

    if (!sim->stop)
        sim->look_up = MIN(storm, watch->tick);
}

/* Looks up from work: has somebody to be told, does the clock advance?  True if there is a storm.
 */
static bool look_up(struct sim *sim, struct watch *watch)
{
    bool storm = false;

    if (sim->events_fired >= watch->tick) {
        watch->tick = sim->events_fired + SIM_TICK_EVENTS;
        if (sim->on_tick)
            sim->on_tick(sim->on_tick_data, sim);
    }
    if (sim->now != watch->instant) {
        watch->instant = sim->now;
        watch->since = sim->events_fired;
    } else if (sim->events_fired - watch->since >= sim->storm_limit && !sim->stop) {
        storm = storm_confirm(sim);
        watch->since = sim->events_fired;
    }
    set_look_up(sim, watch);
    return storm;
}

static enum sim_result run(struct sim *sim, sim_time until)
{
    struct watch watch = { sim->now, sim->events_fired, sim->events_fired + SIM_TICK_EVENTS };
    struct event *ev;

    set_look_up(sim, &watch);
    while ((ev = queue_pop(&sim->queue, until))) {
        sim_fire(sim, ev);
        if (sim->events_fired >= sim->look_up) {
            if (look_up(sim, &watch))
                return SIM_STORM;
            if (sim->stop)
                return SIM_STOPPED;
        }
    }
    if (until != SIM_NEVER)
        sim->now = until;
    return SIM_REACHED;
}

enum sim_result sim_run(struct sim *sim, sim_time until)
{
    assert(until >= sim->now && !sim->running);
    sim->running = true;
    sim->stop = false;
    enum sim_result result = run(sim, until);
    sim->running = false;
    return result;
}

/* Leaks. */

static void note_actor(void *data, const struct queue_entry *entry)
{
    g_array_append_val((GArray *)data, entry->order);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The actors of all events that are alive, sorted, with how many are each one's: "h1 (2), h2 (1)".
 */
static void append_actors(GString *text, const struct sim *sim)
{
    GArray *orders = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    GPtrArray *names = g_ptr_array_new();

    queue_visit(&sim->queue, note_actor, orders);
    for (guint i = 0; i < orders->len; i++)
        g_ptr_array_add(names, (char *)actor_name(sim, g_array_index(orders, uint64_t, i)));
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0, n; i < names->len; i += n) {
        for (n = 1; i + n < names->len && names->pdata[i + n] == names->pdata[i];)
            n++;
        g_string_append_printf(text, "%s%s (%u)", i ? ", " : "", (char *)names->pdata[i], n);
    }
    g_ptr_array_free(names, TRUE);
    g_array_free(orders, TRUE);
}

char *sim_leaks(const struct sim *sim)
{
    const struct packet_pool *p = &sim->packets;
    uint64_t events = queue_live(&sim->queue), packets = p->pool.live;
    uint64_t missing = p->created - p->delivered - p->dropped - p->consumed - packets;

    if (packets == 0 && events == 0 && missing == 0)
        return NULL;
    GString *text = g_string_new(NULL);
    if (packets > 0)
        g_string_append_printf(text, "%" G_GUINT64_FORMAT " packets are alive; ", packets);
    if (missing > 0)
        g_string_append_printf(text, "%" G_GINT64_FORMAT " packets vanished uncounted; ",
                               (int64_t)missing);
    if (events > 0) {
        g_string_append_printf(text, "%" G_GUINT64_FORMAT " events are pending: ", events);
        append_actors(text, sim);
    } else {
        g_string_truncate(text, text->len - 2);
    }
    return g_string_free(text, FALSE);
}

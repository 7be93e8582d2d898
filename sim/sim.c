#include "sim/sim.h"

enum { STORM_LIMIT = 10 * 1000 * 1000 };

struct sim *sim_new(uint64_t seed)
{
    struct sim *sim = g_new0(struct sim, 1);

    sim->seed = seed;
    sim->storm_limit = STORM_LIMIT;
    sim->actors = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    queue_init(&sim->queue);
    pool_init(&sim->packets.pool, sizeof(struct packet), 64);
    return sim;
}

void sim_free(struct sim *sim)
{
    queue_fini(&sim->queue);
    pool_fini(&sim->packets.pool);
    g_hash_table_destroy(sim->actors);
    g_free(sim);
}

void sim_stop(struct sim *sim)
{
    sim->stop = true;
}

enum sim_result sim_run(struct sim *sim, sim_time until)
{
    struct queue_entry entry;
    uint64_t same = 0;

    sim->stop = false;
    while (queue_pop(&sim->queue, until, &entry)) {
        if (entry.time == sim->now) {
            if (++same > sim->storm_limit) {
                /* Leave the event in place: the report and a debugger want to see it. */
                queue_push(&sim->queue, entry);
                return SIM_STORM;
            }
        } else {
            same = 0;
            sim->now = entry.time;
        }
        struct event *ev = entry.event;
        ev->order = EVENT_IDLE;
        sim->events_fired++;
        ev->fire(sim, ev);
        if (sim->stop)
            return SIM_STOPPED;
    }
    if (until != SIM_NEVER && until > sim->now)
        sim->now = until;
    return SIM_REACHED;
}

char *sim_leaks(const struct sim *sim)
{
    if (sim->packets.pool.live == 0 && sim->queue.live == 0)
        return NULL;
    return g_strdup_printf("%zu packets and %zu events are alive", sim->packets.pool.live,
                           sim->queue.live);
}

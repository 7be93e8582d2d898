#include "sim/event.h"

#include "sim/hash.h"
#include "sim/sim.h"

void actor_init(struct actor *actor, struct sim *sim, const char *name)
{
    const uint32_t ids = 1u << ACTOR_ID_BITS;
    uint32_t id = (uint32_t)hash_string(name, 0) & (ids - 1);

    while (id == 0 || g_hash_table_contains(sim->actors, GUINT_TO_POINTER(id)))
        id = (id + 1) & (ids - 1);
    g_hash_table_insert(sim->actors, GUINT_TO_POINTER(id), (char *)sim_intern(sim, name));
    actor->next = (uint64_t)id << ACTOR_SEQ_BITS;
}

const char *actor_name(const struct sim *sim, uint64_t order)
{
    uint32_t id = (uint32_t)(order >> ACTOR_SEQ_BITS);
    const char *name = g_hash_table_lookup(sim->actors, GUINT_TO_POINTER(id));
    return name ? name : "(unknown)";
}

/* Its entry in the queue, if there is one, is stale from here on. */
static void event_withdraw(struct sim *sim, struct event *ev)
{
    if (event_pending(ev)) {
        ev->order = EVENT_IDLE;
        queue_forget(&sim->queue);
    }
}

/* Kept apart so that the usual case, an idle event, saves no registers. */
__attribute__((noinline)) static void event_move(struct sim *sim, struct event *ev, sim_time at,
                                                 uint64_t order)
{
    event_withdraw(sim, ev);
    event_schedule_ordered(sim, ev, at, order);
}

void event_schedule_ordered(struct sim *sim, struct event *ev, sim_time at, uint64_t order)
{
    assert(at >= sim->now && at < SIM_NEVER && order != EVENT_IDLE);
    if (__builtin_expect(event_pending(ev), 0)) {
        event_move(sim, ev, at, order);
        return;
    }
    ev->time = at;
    ev->order = order;
    queue_push(&sim->queue, ev);
}

void event_schedule(struct sim *sim, struct event *ev, sim_time at, struct actor *by)
{
    event_schedule_ordered(sim, ev, at, actor_take(by));
}

void event_cancel(struct sim *sim, struct event *ev)
{
    event_withdraw(sim, ev);
}

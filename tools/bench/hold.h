/* The hold model: a queue of constant size from which the next event is taken, and into which it
 * goes back after a random delay.  What one pop and one push cost together is the queue's price of
 * an event.
 *
 * A queue under test includes hold_run.inc at its end, which makes a hold_queue of it. */
#ifndef WEFT_TOOLS_BENCH_HOLD_H
#define WEFT_TOOLS_BENCH_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/event.h"

enum { HOLD_DELAYS = 4096 };

/* An event with the rest of its owner: each lies in a cache line of its own. */
struct hold_owner {
    struct event event;
    uint32_t timer;
    uint64_t fired;
} __attribute__((aligned(64)));

struct hold_model {
    const char *name;
    struct hold_owner *owners;
    uint32_t pending, timers; /* the first `timers` owners are time-outs */
    uint32_t move_every;      /* each so many holds a time-out is moved; 0: never */
    uint32_t until_move;
    bool spread; /* start in mid-flight, not all at once */
    uint64_t random;
    uint64_t order;
    sim_time delays[2][HOLD_DELAYS]; /* of ordinary events, of time-outs */
};

/* A queue under test. */
struct hold_queue {
    const char *name;
    void *(*make)(void);
    void (*free)(void *queue);
    void (*fill)(void *queue, struct hold_model *model);
    void (*run)(void *queue, struct hold_model *model, uint64_t holds);
};

static inline uint32_t hold_random(struct hold_model *model)
{
    model->random = model->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(model->random >> 33);
}

/* Gives the owner's event the key of its next firing. */
static inline void hold_renew(struct hold_model *model, struct hold_owner *owner, sim_time now)
{
    owner->event.time = now + model->delays[owner->timer][hold_random(model) % HOLD_DELAYS];
    owner->event.order = ++model->order;
}

/* At the start: somewhere on its way. */
static inline void hold_spread(struct hold_model *model, struct hold_owner *owner)
{
    if (model->spread)
        owner->event.time = (sim_time)((__int128)owner->event.time * hold_random(model) >> 31);
}

/* The time-out that is moved now, or NULL. */
static inline struct hold_owner *hold_moves(struct hold_model *model)
{
    if (model->move_every == 0 || --model->until_move > 0)
        return NULL;
    model->until_move = model->move_every;
    return &model->owners[hold_random(model) % model->timers];
}

#endif

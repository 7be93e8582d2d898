/* One simulation: the clock, the queue of events, the packets' memory.  Everything hangs off it;
 * two simulations live in one process without knowing of each other. */
#ifndef WEFT_SIM_SIM_H
#define WEFT_SIM_SIM_H

#include <glib.h>

#include "sim/event.h"
#include "sim/list.h"
#include "sim/packet.h"
#include "sim/queue.h"

struct drop_reason;
struct drops;

/* Told of each packet that is dropped, while the packet is still whole. */
typedef void (*drop_fn)(void *data, const struct packet *packet, const struct drops *place,
                        const struct drop_reason *reason);

/* Told now and then that the simulation is alive.  May call sim_stop. */
typedef void (*tick_fn)(void *data, struct sim *sim);

enum { SIM_TICK_EVENTS = 1 << 16 };

struct sim {
    sim_time now;
    struct event_queue queue;
    struct packet_pool packets;
    uint64_t seed;
    uint64_t events_fired;
    uint64_t look_up;     /* when so many have fired, sim_run looks up from its work */
    uint64_t storm_limit; /* events allowed without the clock advancing, roughly */
    struct storm *storm;  /* after SIM_STORM: who was it (storm.c) */
    bool running, stop;   /* stop: set by sim_stop, cleared by sim_run */
    bool random;          /* traffic or links depend on random draws: set by those who draw */
    drop_fn on_drop;      /* NULL when nobody listens */
    void *on_drop_data;
    tick_fn on_tick; /* called after each SIM_TICK_EVENTS events; NULL when nobody listens */
    void *on_tick_data;
    GHashTable *actors;  /* identity -> name */
    GStringChunk *names; /* see sim_intern */
};

enum sim_result {
    SIM_REACHED, /* the clock stands at the wanted time */
    SIM_STOPPED, /* sim_stop was called */
    SIM_STORM,   /* too many events at one instant: sim_storm_report() names the actors */
};

/* All randomness of the simulation follows from `seed`. */
struct sim *sim_new(uint64_t seed);

/* Nothing will be run any more: from now on owners may be freed in any order, events that were
 * cancelled included.  (Before, memory that was an event stays one.) */
void sim_end(struct sim *sim);

/* Frees the simulation.  Packets, events and timers that are still alive are bugs of the caller:
 * see sim_leaks(). */
void sim_free(struct sim *sim);

/* A copy of `text` that lives as long as the simulation; the same pointer for equal texts. */
const char *sim_intern(struct sim *sim, const char *text);

/* Fires all events up to and including `until` >= sim->now, then sets the clock to `until`; or
 * returns early.  Until SIM_NEVER: until no event is left, and the clock stays at the last one. May
 * be called again and again; not from within an event. */
enum sim_result sim_run(struct sim *sim, sim_time until);

/* Makes sim_run return after the event that is firing.  The clock stays there, and the next sim_run
 * goes on with the next event. */
void sim_stop(struct sim *sim);

/* After SIM_STORM: who scheduled the events that did not end, as text for the user.  The caller
 * frees it. */
char *sim_storm_report(const struct sim *sim);

/* NULL when no packet and no event is alive and the pool's counts add up; else what is, with the
 * names of the actors whose events these are, as text.  The caller frees it. */
char *sim_leaks(const struct sim *sim);

#endif

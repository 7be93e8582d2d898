/* Calls of Lua functions at simulated times. */
#ifndef WEFT_SCENARIOS_BIND_TIME_H
#define WEFT_SCENARIOS_BIND_TIME_H

#include "scenarios/bind/network.h"
#include "scenarios/bind/options.h"

struct bind_call;

/* What the simulation calls at the time; false ends a repeated call. */
typedef bool (*bind_call_fn)(struct bind_call *call);

struct bind_call {
    void *reserved; /* the pool's link while the call is free */
    struct event event;
    struct list link; /* in net->scheduled */
    uint64_t serial;  /* 0: free */
    struct bind_net *net;
    sim_time period, stop; /* period 0: once */
    bind_call_fn fire;
    int function;                            /* reference in the registry */
    void *data;                              /* of `fire` */
    void (*release)(struct bind_call *call); /* NULL, or frees `data` */
};

/* Prepares the list of calls. */
void bind_time_init(struct bind_net *net);

/* Withdraws all calls. */
void bind_time_fini(struct bind_net *net);

/* A call at the absolute time `at`, and with a period again and again until `stop`.  The function
 * is at `index`; 0: none. */
struct bind_call *bind_call_new(lua_State *L, struct bind_net *net, sim_time at, sim_time period,
                                sim_time stop, bind_call_fn fire, int index);

/* Withdraws the call and forgets it. */
void bind_call_cancel(struct bind_call *call);

/* Calls the function of `call`; for bind_call_fn. */
bool bind_call_function(struct bind_call *call);

extern const struct bind_class bind_timer_class;
extern const struct bind_options bind_every_options;

#endif

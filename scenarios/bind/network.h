/* A network as the language sees it: the model, its place in the report, and what Lua hangs on it.
 */
#ifndef WEFT_SCENARIOS_BIND_NETWORK_H
#define WEFT_SCENARIOS_BIND_NETWORK_H

#include "models/node/network.h"
#include "scenarios/bind/class.h"
#include "scenarios/bind/options.h"
#include "sim/list.h"
#include "sim/pool.h"

struct bind_net {
    struct bind *bind;
    struct network *net;
    struct report_net *report;
    struct pool calls;            /* of time.c ... */
    struct list scheduled;        /* ... and those that are alive */
    uint64_t serial;              /* of the last call or process */
    struct pool process_pool;     /* of process.c ... */
    struct list processes;        /* ... and those that are alive */
    struct list sockets;          /* struct bind_socket that no process owns */
    struct bind_process *process; /* which runs now; NULL: none */
    GHashTable *directions;       /* interface -> its impairments (link.c) */
    GHashTable *listeners;        /* flow -> its functions (listen.c) */
    GPtrArray *ccs;               /* what weft.cc defined, as this network knows it (cc.c) */
    GPtrArray *checks;            /* expectations that wait (judge.c) */
    struct packet_look *look;     /* of loss functions (packet.c); NULL until the first */
    struct relseq *relseq;        /* ditto */
    guint flows_done;             /* of those that the network lists */
    struct app *wanted;           /* whose end stops the run; NULL: nobody's */
    bool want_all;                /* the end of all flows stops the run */
    bool ran;                     /* net:run was called: there are results */
    bool running;
    bool looking; /* a loss function runs: nothing may change */
    bool met;     /* what the run waits for has happened */
    bool failed;  /* the message of a callback's error waits in the registry */
};

extern const struct bind_class bind_network_class;

/* Calls a function for the model: the function and its `nargs` arguments are on the running
 * thread's stack.  If it fails the simulation stops, net:run raises the error, and this returns
 * false. */
bool bind_net_call(struct bind_net *net, const char *what, int nargs, int nresults);

/* Starts or resumes a thread of the model, whose `nargs` arguments (and function) are on it:
 * LUA_YIELD, LUA_OK, or an error, which then waits as that of a function that bind_net_call
 * calls. */
int bind_net_resume(struct bind_net *net, lua_State *thread, const char *what, int nargs);

/* Has the text on top of the stack wait as an error, and stops the simulation. */
void bind_net_raise(struct bind_net *net, lua_State *L);

/* Raises the error that waits, if one does. */
void bind_net_rethrow(lua_State *L, struct bind_net *net);

/* Fills in the plots and checks that wait for the end; then reads the network out. */
void bind_net_close(struct bind_net *net);

/* Frees it and the network. */
void bind_net_free(struct bind_net *net);

/* The network that a word without a network means: the one whose callback runs, else the only or
 * last one; an error if there is none. */
struct bind_net *bind_net_current(lua_State *L, const char *what);

/* A name for a node or a link that can be a file's and a csv field's; raises an error otherwise. */
const char *bind_check_name(lua_State *L, int index, const char *what);

/* ---- What other files add to the methods of a network --------------------------------------- */

int bind_network_host(lua_State *L, struct bind_object *self);   /* net:host */
int bind_network_router(lua_State *L, struct bind_object *self); /* net:router */
int bind_network_switch(lua_State *L, struct bind_object *self); /* net:switch */
int bind_network_hub(lua_State *L, struct bind_object *self);    /* net:hub */
int bind_network_link(lua_State *L, struct bind_object *self);   /* net:link */
int bind_network_at(lua_State *L, struct bind_object *self);     /* net:at */
int bind_network_after(lua_State *L, struct bind_object *self);  /* net:after */
int bind_network_every(lua_State *L, struct bind_object *self);  /* net:every */
int bind_network_run(lua_State *L, struct bind_object *self);    /* net:run */
int bind_network_plot(lua_State *L, struct bind_object *self);   /* net:plot */
int bind_network_show(lua_State *L, struct bind_object *self);   /* net:show */

/* net:NAME{...} for each application. */
bool bind_traffic_lookup(lua_State *L, struct bind_object *self, const char *name);
void bind_traffic_words(struct bind_object *self, GPtrArray *words);

extern const struct bind_options bind_network_options;

#endif

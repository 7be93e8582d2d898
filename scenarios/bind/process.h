/* Processes: functions of a script that run on a node, in simulated time, and wait for things.
 *
 * A process is a Lua thread.  A word that has to wait (sleep, s:recv, ...) says for what and yields
 * with bind_process_wait; when a socket may be ready or the time is up the process is resumed, by
 * an event in the name of its node, and the word tries again.  So processes that become ready at
 * one instant run in the order in which they were woken. */
#ifndef WEFT_SCENARIOS_BIND_PROCESS_H
#define WEFT_SCENARIOS_BIND_PROCESS_H

#include "models/socket/socket.h"
#include "scenarios/bind/network.h"

struct bind_process;

/* What a process waits for: one of these per socket. */
struct bind_wait {
    struct socket_waiter waiter;
    struct bind_process *process;
};

enum bind_process_state { PROCESS_FREE, PROCESS_READY, PROCESS_RUNNING, PROCESS_WAITING };

struct bind_process {
    void *reserved;     /* the pool's link while it is free */
    struct event event; /* resumes it */
    struct list link;   /* in net->processes */
    struct bind_net *net;
    struct node *node;
    lua_State *thread;
    int ref;             /* which keeps the thread */
    int nargs;           /* on the thread, until it is started */
    uint64_t serial;     /* never used twice */
    sim_time deadline;   /* of what it waits for; SIM_NEVER: none */
    struct list sockets; /* struct bind_socket, its own */
    GPtrArray *waits;    /* struct bind_wait */
    enum bind_process_state state;
};

/* Prepares the lists of processes and sockets of a network; ends all of them at once. */
void bind_process_init(struct bind_net *net);
void bind_process_fini(struct bind_net *net);

/* The process that runs on this thread; NULL if a script or a callback does. */
struct bind_process *bind_process_current(lua_State *L);

/* The same; an error if it is none. */
struct bind_process *bind_process_check(lua_State *L, const char *what);

/* A wait begins, and lasts `span` at most (SIM_NEVER: for ever). */
void bind_process_begin(struct bind_process *process, sim_time span);

/* The time is up. */
bool bind_process_late(const struct bind_process *process);

/* One more socket to wait for: `events` as of socket_poll. */
void bind_process_add(struct bind_process *process, struct socket *socket, unsigned events);

/* Yields until something happens or the time is up; then calls `k`.  To be returned. */
int bind_process_wait(lua_State *L, struct bind_process *process, lua_KContext context,
                      lua_KFunction k);

/* Pushes a handle of it. */
void bind_process_push(lua_State *L, struct bind_process *process);

/* node:spawn */
int bind_node_spawn(lua_State *L, struct bind_object *self);

extern const struct bind_class bind_process_class;

#endif

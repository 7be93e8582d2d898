#include "scenarios/bind/process.h"

#include "scenarios/bind/socket.h"
#include "scenarios/bind/value.h"
#include "scenarios/bind/words.h"

enum { SPAWN_ARGS = 8 };

/* ---- Life ---------------------------------------------------------------------------------- */

void bind_process_init(struct bind_net *net)
{
    pool_init(&net->process_pool, sizeof(struct bind_process), _Alignof(struct bind_process));
    list_init(&net->processes);
    list_init(&net->sockets);
}

static void forget_waits(struct bind_process *process)
{
    for (guint i = 0; i < process->waits->len; i++)
        socket_unwait(&((struct bind_wait *)process->waits->pdata[i])->waiter);
    g_ptr_array_set_size(process->waits, 0);
}

/* Its sockets are the caller's to see to. */
static void process_free(struct bind_process *process)
{
    struct bind_net *net = process->net;

    event_cancel(net->net->sim, &process->event);
    forget_waits(process);
    g_ptr_array_free(process->waits, TRUE);
    if (net->bind->L)
        luaL_unref(net->bind->L, LUA_REGISTRYINDEX, process->ref);
    process->serial = 0;
    process->state = PROCESS_FREE;
    list_remove(&process->link);
    pool_give(&net->process_pool, process);
}

/* As exit(2): whatever is open is closed. */
static void process_end(struct bind_process *process)
{
    bind_sockets_close(process);
    process_free(process);
}

void bind_process_fini(struct bind_net *net)
{
    while (!list_empty(&net->processes)) {
        struct bind_process *process = container_of(net->processes.next, struct bind_process, link);
        bind_sockets_disown(process);
        process_free(process);
    }
    bind_sockets_fini(net);
    pool_fini(&net->process_pool);
}

/* ---- Running ------------------------------------------------------------------------------- */

static void refuse_yield(struct bind_process *process)
{
    lua_State *L = process->thread;

    lua_pushfstring(L,
                    "%scoroutine.yield: a process waits with sleep, recv, accept and the like; "
                    "coroutine.yield is for coroutines of its own",
                    bind_where(L));
    bind_net_raise(process->net, L);
}

static void process_resume(struct sim *sim, struct event *event)
{
    struct bind_process *process = container_of(event, struct bind_process, event);
    struct bind_net *net = process->net;
    int nargs = process->state == PROCESS_READY ? process->nargs : 0;

    forget_waits(process);
    process->state = PROCESS_RUNNING;
    net->process = process;
    int status = bind_net_resume(net, process->thread, "a process", nargs);
    net->process = NULL;
    switch (status) {
    case LUA_OK:
        process_end(process);
        break;
    case LUA_YIELD:
        if (process->state != PROCESS_WAITING)
            refuse_yield(process);
        break;
    default: /* it failed, and the run ends */
        break;
    }
}

int bind_node_spawn(lua_State *L, struct bind_object *self)
{
    struct bind_net *net = self->net;
    int nargs = 0;

    if (!lua_isfunction(L, 1))
        bind_refuse(L, 1, "node:spawn: what to run", "a function");
    while (nargs < SPAWN_ARGS && !lua_isnil(L, 2 + nargs))
        nargs++;
    struct bind_process *process = pool_take(&net->process_pool);
    *process = (struct bind_process){ .serial = ++net->serial,
                                      .net = net,
                                      .node = self->model,
                                      .deadline = SIM_NEVER,
                                      .nargs = nargs,
                                      .state = PROCESS_READY,
                                      .waits = g_ptr_array_new_with_free_func(g_free) };
    event_init(&process->event, process_resume);
    list_init(&process->sockets);
    list_push_back(&net->processes, &process->link);
    process->thread = lua_newthread(L);
    process->ref = luaL_ref(L, LUA_REGISTRYINDEX);
    for (int i = 1; i <= 1 + nargs; i++) {
        lua_pushvalue(L, i);
        bind_socket_hand_over(L, -1, process);
    }
    lua_xmove(L, process->thread, 1 + nargs);
    event_schedule(net->net->sim, &process->event, net->net->sim->now, &process->node->actor);
    bind_process_push(L, process);
    return 1;
}

/* ---- Waiting ------------------------------------------------------------------------------- */

struct bind_process *bind_process_current(lua_State *L)
{
    struct bind_net *net = bind_of(L)->current;

    return net && net->process && net->process->thread == L ? net->process : NULL;
}

struct bind_process *bind_process_check(lua_State *L, const char *what)
{
    const struct bind_net *net = bind_of(L)->current;
    struct bind_process *process = bind_process_current(L);

    if (process)
        return process;
    if (net && net->process)
        bind_fail(L, "%s: a coroutine inside a process cannot wait; node:spawn makes processes",
                  what);
    bind_fail(L, "%s: only a process can wait; node:spawn(function() ... end) makes one", what);
}

void bind_process_begin(struct bind_process *process, sim_time span)
{
    process->deadline = simtime_add(process->net->net->sim->now, span);
}

bool bind_process_late(const struct bind_process *process)
{
    return process->net->net->sim->now >= process->deadline;
}

/* In the middle of what happened to the socket: only takes note. */
static void process_wake(struct socket_waiter *waiter, struct socket *socket, unsigned events)
{
    struct bind_process *process = container_of(waiter, struct bind_wait, waiter)->process;
    struct sim *sim = process->net->net->sim;

    if (!event_pending(&process->event) || process->event.time > sim->now)
        event_schedule(sim, &process->event, sim->now, &process->node->actor);
}

void bind_process_add(struct bind_process *process, struct socket *socket, unsigned events)
{
    struct bind_wait *wait = g_new(struct bind_wait, 1);

    *wait = (struct bind_wait){ { .events = events, .wake = process_wake }, process };
    list_init(&wait->waiter.link);
    g_ptr_array_add(process->waits, wait);
    socket_wait(socket, &wait->waiter);
}

int bind_process_wait(lua_State *L, struct bind_process *process, lua_KContext context,
                      lua_KFunction k)
{
    if (!lua_isyieldable(L))
        bind_fail(
            L,
            "a process cannot wait inside of what Lua itself calls: the functions that table.sort, "
            "string.gsub and xpcall are given, metamethods; wait before or after it");
    process->state = PROCESS_WAITING;
    if (process->deadline != SIM_NEVER)
        event_schedule(process->net->net->sim, &process->event, process->deadline,
                       &process->node->actor);
    return lua_yieldk(L, 0, context, k);
}

/* ---- sleep --------------------------------------------------------------------------------- */

static int sleep_over(lua_State *L, int status, lua_KContext context)
{
    return 0;
}

static int process_sleep(lua_State *L, struct bind_object *self)
{
    sim_time span = bind_time(L, 1, "sleep: the span");
    struct bind_process *process = bind_process_check(L, "sleep");

    bind_process_begin(process, span);
    return bind_process_wait(L, process, 0, sleep_over);
}

const struct bind_method bind_process_functions[] = {
    { "sleep", process_sleep, 1, 1, "sleep(span)", "lets time pass for the process that calls it" },
    BIND_METHODS_END,
};

/* ---- Handles ------------------------------------------------------------------------------- */

/* A process may be over, and its memory another's. */
struct handle {
    struct bind_process *process;
    uint64_t serial;
};

static bool is_alive(const struct handle *handle)
{
    return handle->process->serial == handle->serial;
}

void bind_process_push(lua_State *L, struct bind_process *process)
{
    struct handle *handle =
        bind_push_new(L, &bind_process_class, sizeof *handle, process->net)->model;

    *handle = (struct handle){ process, process->serial };
}

static int handle_kill(lua_State *L, struct bind_object *self)
{
    struct handle *handle = self->model;

    if (!is_alive(handle))
        return 0;
    if (handle->process == self->net->process)
        bind_fail(L, "process:kill: a process that runs ends by returning");
    process_end(handle->process);
    return 0;
}

static void get_running(lua_State *L, struct bind_object *self)
{
    lua_pushboolean(L, is_alive(self->model));
}

static const struct bind_method process_methods[] = {
    { "kill", handle_kill, 0, 0, "process:kill()",
      "ends it where it waits; the kernel closes its sockets; harmless when it is over" },
    BIND_METHODS_END,
};

static const struct bind_property process_properties[] = {
    { "running", get_running, NULL, "false when it has returned or was killed" },
    BIND_PROPERTIES_END,
};

const struct bind_class bind_process_class = {
    .name = "process",
    .doc = "a function that runs on a node in simulated time, from node:spawn",
    .methods = process_methods,
    .properties = process_properties,
};

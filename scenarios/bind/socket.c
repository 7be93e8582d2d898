/* The life of a process's sockets: whose each of them is, when it is closed and freed, and how a
 * call on it waits or fails.  How it is opened is in sockopen.c, what can be done with it in
 * sockcall.c, sending and receiving in transfer.c, what it tells of itself in sockprop.c, its
 * options in sockopt.c. */
#include "scenarios/bind/socket.h"

#include <errno.h>

#include "scenarios/bind/socket_internal.h"
#include "scenarios/bind/traffic.h"

/* ---- Life ---------------------------------------------------------------------------------- */

static void free_if_unused(struct bind_socket *s)
{
    if (s->socket || s->seen)
        return;
    list_remove(&s->link);
    g_free(s);
}

void bind_socket_close_now(struct bind_socket *s)
{
    if (s->socket)
        socket_close(s->socket);
    s->socket = NULL;
}

static void release(struct bind_object *self)
{
    struct bind_socket *s = *(struct bind_socket **)self->model;

    s->seen = false;
    free_if_unused(s);
}

struct bind_socket *bind_socket_of(struct bind_object *self)
{
    return *(struct bind_socket **)self->model;
}

struct bind_socket *bind_socket_push(lua_State *L, struct bind_net *net, struct node *node,
                                     struct socket *socket)
{
    struct bind_process *process = bind_process_current(L);
    struct bind_socket *s = g_new0(struct bind_socket, 1);

    list_push_back(process ? &process->sockets : &net->sockets, &s->link);
    s->net = net;
    s->node = node;
    s->socket = socket;
    struct bind_object *object = bind_push_new(L, &bind_socket_class, sizeof s, net);
    *(struct bind_socket **)object->model = s;
    s->seen = true;
    return s;
}

static void move_to(struct bind_socket *s, struct bind_process *process)
{
    list_remove(&s->link);
    list_push_back(&process->sockets, &s->link);
}

void bind_socket_hand_over(lua_State *L, int index, struct bind_process *process)
{
    struct bind_object *object = bind_to_object(L, index);

    if (object && bind_is_a(object, &bind_socket_class, NULL) &&
        bind_socket_of(object)->node == process->node)
        move_to(bind_socket_of(object), process);
}

struct bind_socket *bind_socket_use(lua_State *L, struct bind_object *self, const char *what)
{
    struct bind_socket *s = bind_socket_of(self);
    struct bind_process *process = bind_process_current(L);

    if (process && process->node != s->node)
        bind_fail(L, "%s: the socket is one of %s, and the process runs on %s", what, s->node->name,
                  process->node->name);
    /* Several processes may accept from one listener, which the end of none of them closes. */
    if (process && !(s->socket && socket_state(s->socket) == TCP_LISTEN))
        move_to(s, process);
    return s;
}

void bind_sockets_close(struct bind_process *process)
{
    while (!list_empty(&process->sockets)) {
        struct bind_socket *s = container_of(process->sockets.next, struct bind_socket, link);
        bind_socket_close_now(s);
        list_remove(&s->link);
        list_push_back(&process->net->sockets, &s->link);
        free_if_unused(s);
    }
}

void bind_sockets_disown(struct bind_process *process)
{
    while (!list_empty(&process->sockets)) {
        struct list *link = process->sockets.next;
        list_remove(link);
        list_push_back(&process->net->sockets, link);
    }
}

/* The sockets themselves go with their nodes. */
void bind_sockets_fini(struct bind_net *net)
{
    while (!list_empty(&net->sockets)) {
        struct bind_socket *s = container_of(net->sockets.next, struct bind_socket, link);
        list_remove(&s->link);
        g_free(s);
    }
}

/* ---- Results and waiting ------------------------------------------------------------------- */

/* For the message, if nobody looks at the result and its nil comes to harm. */
static void note_failure(lua_State *L, int error)
{
    struct bind *bind = bind_of(L);

    if (error == EAGAIN || error == EINPROGRESS) /* is no failure, and comes often */
        return;
    bind->failed = bind_errno_name(error);
    bind_where_to(L, bind->failed_at, sizeof bind->failed_at);
}

int bind_socket_error(lua_State *L, int64_t status)
{
    note_failure(L, (int)-status);
    lua_pushnil(L);
    lua_pushstring(L, bind_errno_name((int)-status));
    return 2;
}

struct bind_socket *bind_socket_top(lua_State *L, int index)
{
    return bind_socket_of(lua_touserdata(L, index));
}

int bind_socket_block(lua_State *L, struct bind_socket *s, const char *what, unsigned events,
                      lua_KContext context, lua_KFunction k)
{
    if (s->nonblock)
        return bind_socket_error(L, -EAGAIN);
    struct bind_process *process = bind_process_check(L, what);
    if (context == 0)
        bind_process_begin(process, socket_timeout(s->socket, events == SOCKET_OUT));
    if (bind_process_late(process))
        return bind_socket_error(L, -EAGAIN);
    bind_process_add(process, s->socket, events);
    return bind_process_wait(L, process, 1, k);
}

int bind_socket_status(lua_State *L, int status)
{
    if (status < 0)
        return bind_socket_error(L, status);
    lua_pushboolean(L, true);
    return 1;
}

/* ---- The class ----------------------------------------------------------------------------- */

const struct bind_class bind_socket_class = {
    .name = "socket",
    .doc = "of a process: from node:connect, node:listen, s:accept and node:socket",
    .methods = bind_socket_methods,
    .properties = bind_socket_properties,
    .title = bind_socket_title,
    .release = release,
};

/* poll and epoll. */
#include <errno.h>
#include <stdlib.h>

#include "tools/packetdrill/drill.h"
#include "tools/packetdrill/interface.h"

enum { ALWAYS = SOCKET_ERR | SOCKET_HUP };

/* An absolute time from a time-out in ms, negative: never. */
static sim_time end_of(const struct drill *drill, int timeout_ms)
{
    return timeout_ms < 0 ? SIM_NEVER : drill->net->sim->now + timeout_ms * SIM_MS;
}

static unsigned ready_now(const struct drill_file *file)
{
    return socket_poll(file->socket) | (drill_has_notice(file) ? SOCKET_ERR : 0u);
}

/* ---- poll ------------------------------------------------------------------------------------ */

static int poll_now(struct drill *drill, struct pollfd *fds, nfds_t n)
{
    int ready = 0;

    for (nfds_t i = 0; i < n; i++) {
        struct drill_file *file = fds[i].fd < 0 ? NULL : drill_file(drill, fds[i].fd);
        fds[i].revents = 0;
        if (fds[i].fd >= 0 && !file)
            fds[i].revents = POLLNVAL;
        else if (file && file->socket)
            fds[i].revents = (short)(ready_now(file) & ((unsigned short)fds[i].events | ALWAYS));
        ready += fds[i].revents != 0;
    }
    return ready;
}

static bool poll_wait(struct drill *drill, const struct pollfd *fds, nfds_t n, sim_time until)
{
    struct socket **sockets = g_new(struct socket *, n);
    unsigned *events = g_new(unsigned, n), count = 0;

    for (nfds_t i = 0; i < n; i++) {
        struct drill_file *file = fds[i].fd < 0 ? NULL : drill_file(drill, fds[i].fd);
        if (!file || !file->socket)
            continue;
        sockets[count] = file->socket;
        events[count++] = (unsigned short)fds[i].events | ALWAYS;
    }
    bool something = drill_wait(drill, sockets, events, count, until);
    g_free(sockets);
    g_free(events);
    return something;
}

static int call_poll(void *userdata, struct pollfd *fds, nfds_t n, int timeout_ms)
{
    struct drill *drill = drill_enter(userdata);
    sim_time until = end_of(drill, timeout_ms);
    int ready = poll_now(drill, fds, n);

    while (ready == 0 && timeout_ms != 0 && poll_wait(drill, fds, n, until))
        ready = poll_now(drill, fds, n);
    return (int)drill_leave(drill, ready);
}

/* ---- epoll ----------------------------------------------------------------------------------- */

struct watch {
    struct socket_waiter waiter;
    int fd;
    struct epoll_event wanted;
    bool edge; /* something happened since it was last reported */
};

struct drill_epoll {
    GPtrArray *watches; /* struct watch *, in the order in which they were added */
};

static void note_edge(struct socket_waiter *waiter, struct socket *socket, unsigned events)
{
    container_of(waiter, struct watch, waiter)->edge = true;
}

static void free_watch(void *data)
{
    struct watch *watch = data;

    socket_unwait(&watch->waiter);
    g_free(watch);
}

static int call_epoll_create(void *userdata, int size)
{
    struct drill *drill = drill_enter(userdata);
    struct drill_epoll *epoll = g_new(struct drill_epoll, 1);

    epoll->watches = g_ptr_array_new_with_free_func(free_watch);
    int fd = drill_add_file(drill, NULL, epoll);
    if (fd < 0)
        drill_epoll_free(epoll);
    return (int)drill_leave(drill, fd < 0 ? -errno : fd);
}

void drill_epoll_free(struct drill_epoll *epoll)
{
    g_ptr_array_free(epoll->watches, TRUE);
    g_free(epoll);
}

static int find_watch(const struct drill_epoll *epoll, int fd)
{
    for (guint i = 0; i < epoll->watches->len; i++)
        if (((struct watch *)epoll->watches->pdata[i])->fd == fd)
            return (int)i;
    return -1;
}

void drill_epoll_forget(struct drill *drill, int fd)
{
    for (int i = 0; i < DRILL_FDS; i++) {
        struct drill_epoll *epoll = drill->files[i].epoll;
        int at = epoll ? find_watch(epoll, fd) : -1;
        if (at >= 0)
            g_ptr_array_remove_index(epoll->watches, (guint)at);
    }
}

static void set_watch(struct watch *watch, struct socket *socket, const struct epoll_event *event)
{
    socket_unwait(&watch->waiter);
    watch->wanted = *event;
    watch->edge = true;
    watch->waiter.events = (event->events & 0xffff) | ALWAYS;
    socket_wait(socket, &watch->waiter);
}

static int add_watch(struct drill_epoll *epoll, int fd, struct socket *socket,
                     const struct epoll_event *event)
{
    struct watch *watch = g_new0(struct watch, 1);

    watch->fd = fd;
    watch->waiter.wake = note_edge;
    list_init(&watch->waiter.link);
    g_ptr_array_add(epoll->watches, watch);
    set_watch(watch, socket, event);
    return 0;
}

static int control(struct drill *drill, int epoll_fd, int operation, int fd,
                   const struct epoll_event *event)
{
    struct drill_file *file = drill_file(drill, epoll_fd);
    struct socket *socket = drill_socket(drill, fd);

    if (!file || !socket)
        return -errno;
    if (!file->epoll)
        return -EINVAL;
    int at = find_watch(file->epoll, fd);
    if (operation == EPOLL_CTL_ADD)
        return at >= 0 ? -EEXIST : add_watch(file->epoll, fd, socket, event);
    if (at < 0)
        return -ENOENT;
    if (operation == EPOLL_CTL_MOD)
        set_watch(file->epoll->watches->pdata[at], socket, event);
    else
        g_ptr_array_remove_index(file->epoll->watches, (guint)at);
    return 0;
}

static int call_epoll_ctl(void *userdata, int epoll, int operation, int fd,
                          struct epoll_event *event)
{
    struct drill *drill = drill_enter(userdata);
    return (int)drill_leave(drill, control(drill, epoll, operation, fd, event));
}

/* What the watch has to report; 0: nothing. */
static unsigned report(struct drill *drill, struct watch *watch)
{
    unsigned ready = ready_now(&drill->files[watch->fd]) & watch->waiter.events;

    if (watch->wanted.events & EPOLLET && !watch->edge)
        return 0;
    if (ready == 0)
        return 0;
    watch->edge = false;
    if (watch->wanted.events & EPOLLONESHOT)
        watch->waiter.events = 0;
    return ready;
}

static int epoll_now(struct drill *drill, struct drill_epoll *epoll, struct epoll_event *events,
                     int max)
{
    int n = 0;

    for (guint i = 0; i < epoll->watches->len && n < max; i++) {
        struct watch *watch = epoll->watches->pdata[i];
        unsigned ready = report(drill, watch);
        if (ready) {
            events[n] = watch->wanted;
            events[n++].events = ready;
        }
    }
    return n;
}

static bool epoll_sleep(struct drill *drill, struct drill_epoll *epoll, sim_time until)
{
    guint n = epoll->watches->len;
    struct socket **sockets = g_new(struct socket *, n);
    unsigned *events = g_new(unsigned, n);

    for (guint i = 0; i < n; i++) {
        struct watch *watch = epoll->watches->pdata[i];
        sockets[i] = drill->files[watch->fd].socket;
        events[i] = watch->waiter.events;
    }
    bool something = drill_wait(drill, sockets, events, n, until);
    g_free(sockets);
    g_free(events);
    return something;
}

static int call_epoll_wait(void *userdata, int fd, struct epoll_event *events, int max,
                           int timeout_ms)
{
    struct drill *drill = drill_enter(userdata);
    struct drill_file *file = drill_file(drill, fd);
    sim_time until = end_of(drill, timeout_ms);

    if (!file || !file->epoll || max <= 0)
        return (int)drill_leave(drill, -EINVAL);
    int n = epoll_now(drill, file->epoll, events, max);
    while (n == 0 && timeout_ms != 0 && epoll_sleep(drill, file->epoll, until))
        n = epoll_now(drill, file->epoll, events, max);
    return (int)drill_leave(drill, n);
}

void drill_fill_ready(struct packetdrill_interface *table)
{
    table->poll = call_poll;
    table->epoll_create = call_epoll_create;
    table->epoll_ctl = call_epoll_ctl;
    table->epoll_wait = call_epoll_wait;
}

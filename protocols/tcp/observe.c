/* Those who look on: a connection tells its observers of its events. */
#include "protocols/tcp/internal.h"

void tcp_observe(struct tcp_conn *conn, struct tcp_observer *observer)
{
    observer->next = conn->observers;
    conn->observers = observer;
}

void tcp_unobserve(struct tcp_conn *conn, struct tcp_observer *observer)
{
    struct tcp_observer **at = &conn->observers;

    while (*at && *at != observer)
        at = &(*at)->next;
    if (*at)
        *at = observer->next;
}

static inline void observe(struct tcp_observer *observer, struct tcp_conn *conn,
                           enum tcp_event event, uint32_t a, uint32_t b)
{
    if (observer->events & 1u << event)
        observer->event(observer, conn, event, a, b);
}

/* Each may take itself off the list. */
__attribute__((noinline)) static void observe_all(struct tcp_conn *conn, enum tcp_event event,
                                                  uint32_t a, uint32_t b)
{
    for (struct tcp_observer *o = conn->observers, *next; o; o = next) {
        next = o->next;
        observe(o, conn, event, a, b);
    }
}

void tcp_observe_event(struct tcp_conn *conn, enum tcp_event event, uint32_t a, uint32_t b)
{
    struct tcp_observer *only = conn->observers;

    if (!only || only->next)
        observe_all(conn, event, a, b);
    else
        observe(only, conn, event, a, b);
}

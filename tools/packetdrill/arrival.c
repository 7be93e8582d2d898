/* When data arrived (SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMPING): a connection is watched from
 * the time on at which somebody wants to know.  What is told is the time of the segment that the
 * last byte read came in, or, if it had to wait for others, of the last of these. */
#include "models/socket/internal.h"
#include "tools/packetdrill/drill.h"

struct arrival {
    int64_t end; /* of the data, in bytes since the watch began */
    sim_time at;
};

struct drill_arrivals {
    struct tcp_observer observer;
    struct socket *socket;
    struct tcp_conn *conn;
    GQueue queue; /* struct arrival *, what of it is not read */
    int64_t total;
};

static void arrived(struct drill_arrivals *arrivals, int64_t bytes, sim_time at)
{
    struct arrival new = { .end = arrivals->total + bytes, .at = at };

    arrivals->total = new.end;
    g_queue_push_tail(&arrivals->queue, g_memdup2(&new, sizeof new));
}

static void on_event(struct tcp_observer *observer, struct tcp_conn *conn, enum tcp_event event,
                     uint32_t a, uint32_t b)
{
    struct drill_arrivals *arrivals = container_of(observer, struct drill_arrivals, observer);

    arrived(arrivals, a, arrivals->socket->sockets->sim->now);
}

/* What is there already came at the latest when the last data came. */
static void begin(struct drill_arrivals *arrivals)
{
    uint32_t ready = tcp_recv_ready(arrivals->conn);
    struct tcp_info info;

    tcp_observe(arrivals->conn, &arrivals->observer);
    if (ready == 0)
        return;
    tcp_info_get(arrivals->conn, &info);
    arrived(arrivals, ready, arrivals->socket->sockets->sim->now - info.since_data_received);
}

void drill_watch_arrivals(struct drill_file *file)
{
    struct tcp_conn *conn = socket_conn(file->socket);

    if (file->arrivals && file->arrivals->conn == conn)
        return;
    drill_forget_arrivals(file);
    if (!conn || !drill_wants_arrivals(file))
        return;
    file->arrivals = g_new0(struct drill_arrivals, 1);
    file->arrivals->socket = file->socket;
    file->arrivals->conn = conn;
    file->arrivals->observer.events = 1u << TCP_EVENT_DELIVER;
    file->arrivals->observer.event = on_event;
    g_queue_init(&file->arrivals->queue);
    begin(file->arrivals);
}

bool drill_take_arrival(struct drill_file *file, sim_time *at)
{
    struct drill_arrivals *arrivals = file->arrivals;

    if (!arrivals || arrivals->conn != socket_conn(file->socket))
        return false;
    int64_t read = arrivals->total - (int64_t)tcp_recv_ready(arrivals->conn);
    bool found = false;
    for (struct arrival *first; (first = g_queue_peek_head(&arrivals->queue)) != NULL;) {
        found = true;
        *at = first->at;
        if (first->end >= read) {
            if (first->end == read)
                g_free(g_queue_pop_head(&arrivals->queue));
            break;
        }
        g_free(g_queue_pop_head(&arrivals->queue));
    }
    return found;
}

void drill_forget_arrivals(struct drill_file *file)
{
    struct drill_arrivals *arrivals = file->arrivals;

    if (!arrivals)
        return;
    if (arrivals->conn == socket_conn(file->socket))
        tcp_unobserve(arrivals->conn, &arrivals->observer);
    g_queue_clear_full(&arrivals->queue, g_free);
    g_free(arrivals);
    file->arrivals = NULL;
}

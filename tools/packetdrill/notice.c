/* What the error queue of a socket tells about data that was sent: that the pages of a MSG_ZEROCOPY
 * send may be used again, and when data of a timestamped socket (SO_TIMESTAMPING) was sent and
 * acknowledged.
 *
 * Each send that is to be reported leaves a mark at its end in the stream.  Whenever the connection
 * has sent something or digested an ACK, marks that it has passed turn into notices.  Nothing is
 * ever sent without a copy here, and zero-copy notices say so. */
#include <errno.h>
#include <string.h>

#include "models/socket/internal.h"
#include "tools/packetdrill/drill.h"

enum { /* SO_TIMESTAMPING */
       TX_SOFTWARE = 1 << 1,
       OPT_ID = 1 << 7,
       TX_SCHED = 1 << 8,
       TX_ACK = 1 << 9,
};

struct mark {
    int64_t end; /* of the send, in bytes of the stream */
    bool zerocopy;
    uint32_t id;     /* of the zero-copy send */
    uint32_t wanted; /* TX_ bits that are still to be reported */
    uint32_t key;    /* OPT_ID: the last byte's number */
};

struct drill_notes {
    struct tcp_observer observer;
    struct socket *socket;
    struct tcp_conn *conn; /* that is observed */
    GQueue marks;          /* struct mark *, by their end */
    GQueue notices;        /* struct drill_notice * */
    int64_t written, key_base;
    uint32_t next_id;
};

/* ---- Notices -------------------------------------------------------------------------------- */

static void give_notice(struct drill_notes *notes, const struct drill_notice *notice)
{
    struct drill_notice *last = g_queue_peek_tail(&notes->notices);

    if (last && last->zerocopy && notice->zerocopy && last->last + 1 == notice->first)
        last->last = notice->last; /* one range */
    else
        g_queue_push_tail(&notes->notices, g_memdup2(notice, sizeof *notice));
    socket_notify(notes->socket, SOCKET_ERR);
}

static void stamp(struct drill_notes *notes, struct mark *mark, uint32_t bit, uint32_t type)
{
    struct drill_notice notice = { .at = notes->socket->sockets->sim->now,
                                   .type = type,
                                   .last = mark->key };

    if (mark->wanted & bit)
        give_notice(notes, &notice);
    mark->wanted &= ~bit;
}

static void release(struct drill_notes *notes, const struct mark *mark)
{
    struct drill_notice notice = { .zerocopy = true, .first = mark->id, .last = mark->id };

    if (mark->zerocopy)
        give_notice(notes, &notice);
}

/* In the order of Linux's SCM_TSTAMP_ numbers: 1 scheduled, 0 sent, 2 acknowledged. */
static void look(struct drill_notes *notes)
{
    if (socket_conn(notes->socket) != notes->conn || !notes->conn ||
        socket_state(notes->socket) < TCP_ESTABLISHED)
        return;
    /* In the midst of a send these may be negative: it is not counted as written yet. */
    int64_t sent = notes->written - (int64_t)tcp_unsent_bytes(notes->conn);
    int64_t acked = notes->written - (int64_t)tcp_unacked_bytes(notes->conn);
    for (GList *it = notes->marks.head; it; it = it->next) {
        struct mark *mark = it->data;
        if (mark->end > sent)
            break;
        stamp(notes, mark, TX_SCHED, 1);
        stamp(notes, mark, TX_SOFTWARE, 0);
    }
    for (struct mark *mark; (mark = g_queue_peek_head(&notes->marks)) && mark->end <= acked;) {
        g_queue_pop_head(&notes->marks);
        stamp(notes, mark, TX_ACK, 2);
        release(notes, mark);
        g_free(mark);
    }
}

static void on_event(struct tcp_observer *observer, struct tcp_conn *conn, enum tcp_event event,
                     uint32_t a, uint32_t b)
{
    look(container_of(observer, struct drill_notes, observer));
}

/* ---- Sends ---------------------------------------------------------------------------------- */

static struct drill_notes *notes_of(struct drill_file *file)
{
    if (!file->notes) {
        file->notes = g_new0(struct drill_notes, 1);
        file->notes->socket = file->socket;
        file->notes->observer.events = 1u << TCP_EVENT_SEND | 1u << TCP_EVENT_ACK;
        file->notes->observer.event = on_event;
        g_queue_init(&file->notes->marks);
        g_queue_init(&file->notes->notices);
    }
    return file->notes;
}

void drill_note_send(struct drill_file *file, int64_t bytes, int flags)
{
    bool zerocopy = flags & MSG_ZEROCOPY && file->zerocopy;
    struct tcp_conn *conn = socket_conn(file->socket);
    struct drill_notes *notes;

    if (bytes <= 0 || !conn || (!file->notes && !zerocopy && !file->timestamping))
        return;
    notes = notes_of(file);
    if (notes->conn != conn) {
        notes->conn = conn;
        tcp_observe(conn, &notes->observer);
    }
    notes->written += bytes;
    struct mark mark = { .end = notes->written,
                         .zerocopy = zerocopy,
                         .wanted = file->timestamping & (TX_SCHED | TX_SOFTWARE | TX_ACK) };
    if (mark.zerocopy)
        mark.id = notes->next_id++;
    if (file->timestamping & OPT_ID)
        mark.key = (uint32_t)(notes->written - notes->key_base - 1);
    if (mark.zerocopy || mark.wanted)
        g_queue_push_tail(&notes->marks, g_memdup2(&mark, sizeof mark));
    look(notes);
}

void drill_set_timestamping(struct drill_file *file, uint32_t bits)
{
    if (bits & ~file->timestamping & OPT_ID)
        notes_of(file)->key_base = notes_of(file)->written;
    file->timestamping = bits;
}

/* ---- The queue ------------------------------------------------------------------------------ */

bool drill_has_notice(const struct drill_file *file)
{
    if (file->notes && !g_queue_is_empty(&file->notes->marks))
        look(file->notes); /* the end of a handshake is no event */
    return file->notes && !g_queue_is_empty(&file->notes->notices);
}

bool drill_take_notice(struct drill_file *file, struct drill_notice *notice)
{
    struct drill_notice *first;

    if (!drill_has_notice(file))
        return false;
    first = g_queue_pop_head(&file->notes->notices);
    *notice = *first;
    g_free(first);
    return true;
}

void drill_forget_notes(struct drill_file *file)
{
    struct drill_notes *notes = file->notes;

    if (!notes)
        return;
    if (notes->conn && notes->conn == socket_conn(file->socket))
        tcp_unobserve(notes->conn, &notes->observer);
    g_queue_clear_full(&notes->marks, g_free);
    g_queue_clear_full(&notes->notices, g_free);
    g_free(notes);
    file->notes = NULL;
}

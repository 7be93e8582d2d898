/* The owner reads. */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"

/* After reading `copied` bytes: an ACK that waited for this may go, and so may a window update if
 * the window at least doubles. */
void tcp_cleanup_rbuf(struct tcp_conn *conn, uint32_t copied)
{
    bool now = false;

    if (conn->ack_pending & ACK_SCHED) {
        bool pushed = conn->ack_pending & ACK_PUSHED2 ||
                      (conn->ack_pending & ACK_PUSHED && !tcp_in_pingpong(conn));
        now = conn->rcv_nxt - conn->rcv_wup > conn->rcv_mss ||
              (copied > 0 && pushed && conn->rmem_alloc == 0);
    }
    if (copied > 0 && !now && !(conn->shutdown & SHUT_RCV)) {
        uint32_t present = tcp_receive_window(conn);
        if (2ull * present <= conn->window_clamp) {
            uint32_t fresh = tcp_offered_window(conn);
            now = fresh > 0 && fresh >= 2 * present;
        }
    }
    if (now)
        tcp_send_ack(conn);
}

void tcp_sink_read(struct tcp_conn *conn, uint32_t copied)
{
    tcp_rcv_space_adjust(conn);
    if (conn->entry.state != TCP_CLOSED)
        tcp_cleanup_rbuf(conn, copied);
}

uint32_t tcp_recv_ready(const struct tcp_conn *conn)
{
    uint32_t ready = conn->rcv_nxt - conn->copied_seq;

    return ready > 0 && conn->fin_received ? ready - 1 : ready;
}

bool tcp_recv_eof(const struct tcp_conn *conn)
{
    return tcp_recv_ready(conn) == 0 && (conn->fin_received || conn->ended);
}

/* Takes up to `n` bytes of the first piece.  True if nothing of its segment is left. */
static bool take_piece(struct tcp_conn *conn, void *out, uint32_t *n)
{
    struct tcp_piece *piece = conn->received.first;
    uint32_t length = piece->end_seq - piece->seq, truesize = piece->truesize;

    *n = min_u32(length, *n);
    if (out)
        blob_read(piece->blob, piece->offset, *n, out);
    piece->seq += *n;
    piece->offset += *n;
    conn->copied_seq += *n;
    if (*n < length)
        return false;
    tcp_rmem_uncharge(conn, truesize); /* memory is free when all of a segment was read */
    piece_list_pop(&conn->received, &conn->entry.stack->memory->pieces);
    return truesize > 0;
}

/* Takes up to `max` bytes of the first segment, to `out` if that is not NULL. */
static uint32_t take(struct tcp_conn *conn, void *out, uint32_t max)
{
    uint32_t done = 0, n;

    if (conn->urgent_in)
        max = tcp_urgent_limit(conn, max);
    do {
        n = max - done;
        conn->received_begun = !take_piece(conn, out ? (uint8_t *)out + done : NULL, &n);
        done += n;
    } while (done < max && conn->received_begun);
    conn->window_stale = true;
    if (conn->urgent_in)
        tcp_urgent_passed(conn);
    if (conn->entry.state != TCP_CLOSED)
        tcp_rcv_space_adjust(conn); /* as Linux, segment by segment */
    return done;
}

void tcp_recv_skip(struct tcp_conn *conn)
{
    if (conn->received.first)
        take(conn, NULL, 1);
}

void tcp_after_reading(struct tcp_conn *conn, uint32_t copied)
{
    if (conn->entry.state == TCP_CLOSED || copied == 0)
        return;
    tcp_cleanup_rbuf(conn, copied);
}

uint32_t tcp_recv_bytes(struct tcp_conn *conn, void *out, uint32_t max)
{
    uint32_t done = 0;

    tcp_enter(conn);
    while (done < max && conn->received.first) {
        if (tcp_at_mark(conn) && done > 0)
            break;
        if (tcp_urgent_stops(conn)) {
            tcp_recv_skip(conn);
            continue;
        }
        done += take(conn, out ? (uint8_t *)out + done : NULL, max - done);
    }
    tcp_after_reading(conn, done);
    tcp_leave(conn);
    return done;
}

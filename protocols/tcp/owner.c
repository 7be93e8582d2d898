/* What sockets ask of a connection beyond opening, data and closing: whose it is, readiness,
 * queues, and options that are no configuration.  Behaviour as Linux's tcp_poll, tcp_ioctl and
 * do_tcp_setsockopt. */
#include <glib.h>

#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"

void *tcp_conn_user(const struct tcp_conn *conn)
{
    return conn->user;
}

void tcp_conn_set_user(struct tcp_conn *conn, const struct tcp_user_ops *ops, void *user)
{
    conn->ops = ops;
    conn->user = user;
}

const struct tcp_config *tcp_conn_config(const struct tcp_conn *conn)
{
    return conn->config;
}

void tcp_conn_addresses(const struct tcp_conn *conn, struct ip_addr *local, uint16_t *local_port,
                        struct ip_addr *remote, uint16_t *remote_port)
{
    const struct tcp_key *key = &conn->entry.key;

    if (local) {
        *local = key->local;
        *local_port = key->local_port;
    }
    if (remote) {
        *remote = key->remote;
        *remote_port = key->remote_port;
    }
}

/* ---- Readiness ------------------------------------------------------------------------------ */

bool tcp_conn_ended(const struct tcp_conn *conn, int *error)
{
    if (conn->ended && error)
        *error = conn->error;
    return conn->ended;
}

bool tcp_fin_received(const struct tcp_conn *conn)
{
    return conn->fin_received;
}

bool tcp_readable(const struct tcp_conn *conn, uint32_t lowat)
{
    uint32_t ready = tcp_recv_ready(conn);

    if (tcp_urgent_stops(conn))
        lowat++; /* the urgent byte does not count */
    if (ready >= lowat)
        return true;
    /* Memory that runs out, or a window that is about to close, low-water mark or not. */
    return ready > 0 && (conn->rmem_alloc > conn->rcvbuf - (conn->rcvbuf >> 3) ||
                         tcp_receive_window(conn) <= conn->rcv_mss);
}

bool tcp_writable(struct tcp_conn *conn)
{
    if (conn->ended || tcp_has_room(conn))
        return true;
    conn->sndbuf_full = true; /* tcp_check_space tells when it is over */
    return false;
}

/* ---- Queues --------------------------------------------------------------------------------- */

static uint64_t uncut_bytes(const struct tcp_conn *conn)
{
    uint64_t uncut = tcp_uncut(conn);
    return uncut == TCP_ENDLESS ? 0 : uncut;
}

uint64_t tcp_unacked_bytes(const struct tcp_conn *conn)
{
    if (conn->entry.state < TCP_ESTABLISHED && !conn->ended)
        return 0;
    return conn->write_seq - conn->snd_una + uncut_bytes(conn);
}

uint64_t tcp_unsent_bytes(const struct tcp_conn *conn)
{
    if (conn->entry.state < TCP_ESTABLISHED)
        return 0;
    return conn->write_seq - conn->snd_nxt + uncut_bytes(conn);
}

uint32_t tcp_peek_bytes(struct tcp_conn *conn, void *out, uint32_t max)
{
    uint32_t done = 0, skip = tcp_urgent_stops(conn);

    if (conn->urgent_in)
        max = tcp_urgent_limit(conn, max);
    for (const struct tcp_piece *piece = conn->received.first; piece && done < max;
         piece = piece->next) {
        uint32_t n = min_u32(piece->end_seq - piece->seq - skip, max - done);
        blob_read(piece->blob, piece->offset + skip, n, (uint8_t *)out + done);
        done += n;
        skip = 0;
    }
    tcp_enter(conn);
    if (done > 0 && conn->entry.state != TCP_CLOSED)
        tcp_rcv_space_adjust(conn);
    tcp_after_reading(conn, done); /* Linux acknowledges for it, too */
    tcp_leave(conn);
    return done;
}

void tcp_shutdown_recv(struct tcp_conn *conn)
{
    conn->shutdown |= SHUT_RCV;
}

/* ---- Options while the connection lives ----------------------------------------------------- */

void tcp_conn_quickack(struct tcp_conn *conn, int value)
{
    tcp_enter(conn);
    if (value == 0) {
        tcp_enter_pingpong(conn);
    } else {
        conn->pingpong = 0;
        if (conn->entry.state >= TCP_ESTABLISHED && conn->ack_pending & ACK_SCHED) {
            conn->ack_pending |= ACK_PUSHED;
            tcp_cleanup_rbuf(conn, 1);
            if (!(value & 1))
                tcp_enter_pingpong(conn);
        }
    }
    tcp_leave(conn);
}

void tcp_conn_write_space(struct tcp_conn *conn)
{
    tcp_enter(conn);
    if (conn->entry.state != TCP_CLOSED)
        tcp_write_space(conn);
    tcp_leave(conn);
}

void tcp_conn_rcvlowat(struct tcp_conn *conn, uint32_t bytes)
{
    uint64_t space = ((uint64_t)bytes << 8) / conn->scaling_ratio;

    if (bytes > 1 || conn->extra)
        tcp_extra(conn)->rcvlowat = bytes;
    if (conn->rcvbuf_locked || space <= conn->rcvbuf)
        return;
    conn->rcvbuf = (uint32_t)space;
    conn->window_stale = true;
    if (bytes > conn->window_clamp)
        conn->window_clamp = bytes;
}

bool tcp_conn_pingpong(const struct tcp_conn *conn)
{
    return tcp_in_pingpong(conn);
}

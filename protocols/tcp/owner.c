/* What sockets ask of a connection beyond opening, data and closing: readiness, queues, and options
 * that change while it lives.  Behaviour as Linux's tcp_poll, tcp_ioctl and do_tcp_setsockopt. */
#include <glib.h>

#include "protocols/tcp/internal.h"

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
    /* A window that is about to close must be opened, low-water mark or not. */
    return ready >= lowat || (ready > 0 && tcp_receive_window(conn) <= conn->rcv_mss);
}

static bool has_room(const struct tcp_conn *conn)
{
    return tcp_memory_free_to_send(conn) &&
           conn->sndbuf - conn->write_queued >= conn->write_queued >> 1;
}

bool tcp_writable(struct tcp_conn *conn)
{
    if (conn->ended || has_room(conn))
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

uint32_t tcp_peek_bytes(const struct tcp_conn *conn, void *out, uint32_t max)
{
    uint32_t done = 0, skip = tcp_urgent_stops(conn);

    if (conn->urgent_in)
        max = tcp_urgent_limit(conn, max);
    for (const struct tcp_piece *piece = conn->received.first; piece && done < max;
         piece = piece->next) {
        uint32_t left = min_u32(piece->end_seq - piece->seq - skip, max - done);
        uint64_t offset = piece->offset + skip;
        skip = 0;
        for (uint32_t n; left > 0; left -= n, offset += n, done += n) {
            n = min_u32(left, BLOB_SPAN_MAX);
            memcpy((uint8_t *)out + done, blob_span(piece->blob, offset, n), n);
        }
    }
    return done;
}

void tcp_shutdown_recv(struct tcp_conn *conn)
{
    conn->shutdown |= SHUT_RCV;
}

/* ---- Options while the connection lives ----------------------------------------------------- */

static void change_algorithm(struct tcp_conn *conn, const struct tcp_config *config)
{
    const struct cc_ops *ops = config->cc ? config->cc : tcp_default_cc(conn->entry.stack);
    bool running = conn->cc_running;

    if (ops == conn->cc.ops)
        return;
    tcp_cc_assign(conn, ops, config->cc_params);
    if (running)
        tcp_cc_init(conn);
}

void tcp_config_changed(struct tcp_conn *conn, const struct tcp_config *old)
{
    const struct tcp_config *config = conn->config;

    if (config->cc != old->cc)
        change_algorithm(conn, config);
    if (config->max_pacing_rate != old->max_pacing_rate)
        tcp_pacing_limit_changed(conn);
    if (conn->entry.state == TCP_CLOSED)
        return;
    if (config->window_clamp != old->window_clamp && config->window_clamp)
        tcp_set_window_clamp(conn, config->window_clamp);
    if (config->keepalive && old->keepalive && config->keepidle != old->keepidle)
        tcp_restart_keepalive(conn);
    if (config->notsent_lowat != old->notsent_lowat && conn->sndbuf_full)
        tcp_check_space(conn);
}

void tcp_conn_rcvlowat(struct tcp_conn *conn, uint32_t bytes)
{
    uint64_t space = ((uint64_t)bytes << 8) / conn->scaling_ratio;

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

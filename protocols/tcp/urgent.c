/* Urgent data (RFC 9293 3.8.5, RFC 6093), as Linux has it: MSG_OOB, SO_OOBINLINE, SIOCATMARK.
 *
 * The sender's side is one number, snd_up: the end of what was written as urgent.  As long as it is
 * not acknowledged the connection is in urgent mode: each segment that begins before it says URG
 * and how far it is to there, be it an ACK or a window probe; segments leave one by one, and Nagle
 * does not hold them.
 *
 * The receiver's side is one byte.  A pointer that is news names its sequence number; it points
 * behind that byte, as in BSD, unless net.ipv4.tcp_stdurg says that it points to it.  The byte lies
 * in the stream like all others, but a reader stops in front of it (the mark) and then goes on
 * behind it, unless it reads urgent data in line (SO_OOBINLINE).  A copy of it can be read once,
 * at any time before the reader has passed the mark.  A later pointer makes ordinary data of a byte
 * that is not reached yet.
 *
 * RFC 6093 advises new applications against all of this; telnet and ftp use it.
 *
 * Left out: the signal SIGURG. */
#include <errno.h>

#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"

enum { URGENT_VALID = 0x100, URGENT_NOT_YET = 0x200, URGENT_READ = 0x400 };

static struct tcp_urgent *urgent(const struct tcp_conn *conn)
{
    return &conn->extra->urgent;
}

/* ---- Sending -------------------------------------------------------------------------------- */

void tcp_urgent_mark(struct tcp_conn *conn)
{
    uint64_t uncut = tcp_uncut(conn);

    tcp_extra(conn)->urgent.snd_up = conn->write_seq + (uint32_t)uncut;
    conn->urgent_out = true;
}

void tcp_urgent_put(const struct tcp_conn *conn, struct tcp_tx *tx)
{
    uint32_t ahead = urgent(conn)->snd_up - tx->seq;

    if ((int32_t)ahead <= 0)
        return;
    if (ahead > 0xffff) {
        if (!after(tx->seq + 0xffff, conn->snd_nxt))
            return;
        ahead = 0xffff;
    }
    tx->urgent = (uint16_t)ahead;
    tx->flags |= TH_URG;
}

void tcp_urgent_acked(struct tcp_conn *conn)
{
    if (!after(urgent(conn)->snd_up, conn->snd_una))
        conn->urgent_out = false;
}

/* A closed window does not hide that there is urgent data (RFC 9293 3.8.6.1). */
bool tcp_urgent_probes(const struct tcp_conn *conn)
{
    return conn->urgent_out &&
           between(urgent(conn)->snd_up, conn->snd_una + 1, conn->snd_una + 0xffff);
}

/* ---- Receiving ------------------------------------------------------------------------------ */

bool tcp_at_mark(const struct tcp_conn *conn)
{
    return conn->urgent_in && urgent(conn)->rcv_seq == conn->copied_seq;
}

bool tcp_urgent_stops(const struct tcp_conn *conn)
{
    return tcp_at_mark(conn) && !conn->config->oobinline;
}

/* The pointer of a segment: is it news? */
static void point_to(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint32_t ahead = rx->urgent;

    if (ahead && !conn->entry.stack->sysctl->stdurg)
        ahead--;
    uint32_t seq = rx->seq + ahead;
    if (after(conn->copied_seq, seq) || before(seq, conn->rcv_nxt))
        return; /* read already, or told already */
    if (conn->urgent_in && !after(seq, urgent(conn)->rcv_seq))
        return;
    if (tcp_urgent_stops(conn) && conn->copied_seq != conn->rcv_nxt)
        tcp_recv_skip(conn);
    tcp_extra(conn)->urgent.rcv_seq = seq;
    urgent(conn)->data = URGENT_NOT_YET;
    conn->urgent_in = true;
    conn->unpredicted = true;
}

void tcp_urgent(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    uint8_t byte;

    if (conn->config->sink)
        return;
    if (rx->flags & TH_URG)
        point_to(conn, rx);
    if (!conn->urgent_in || urgent(conn)->data != URGENT_NOT_YET)
        return;
    uint32_t at = urgent(conn)->rcv_seq - rx->seq;
    if (at >= rx->length)
        return;
    packet_read(rx->packet, rx->doff + at, &byte, 1);
    urgent(conn)->data = URGENT_VALID | byte;
    conn->notify |= NOTIFY_URGENT;
}

/* Of `n` bytes that could be read, those before the mark. */
uint32_t tcp_urgent_limit(const struct tcp_conn *conn, uint32_t n)
{
    uint32_t ahead = urgent(conn)->rcv_seq - conn->copied_seq;
    return ahead > 0 && ahead < n ? ahead : n;
}

void tcp_urgent_passed(struct tcp_conn *conn)
{
    if (!after(conn->copied_seq, urgent(conn)->rcv_seq))
        return;
    conn->urgent_in = false;
    tcp_fast_path_check(conn);
}

/* ---- The owner ------------------------------------------------------------------------------ */

bool tcp_urgent_ready(const struct tcp_conn *conn)
{
    return conn->urgent_in && urgent(conn)->data & URGENT_VALID;
}

int tcp_recv_urgent(struct tcp_conn *conn, uint8_t *byte, bool peek)
{
    if (conn->config->oobinline || !conn->urgent_in || urgent(conn)->data == URGENT_READ)
        return -EINVAL;
    if (conn->entry.state == TCP_CLOSED && !conn->fin_received) /* it was cut off */
        return -ENOTCONN;
    if (urgent(conn)->data & URGENT_VALID) {
        *byte = (uint8_t)urgent(conn)->data;
        if (!peek)
            urgent(conn)->data = URGENT_READ;
        return 1;
    }
    return conn->entry.state == TCP_CLOSED || conn->shutdown & SHUT_RCV ? 0 : -EAGAIN;
}

uint32_t tcp_inq(const struct tcp_conn *conn)
{
    if (conn->urgent_in && !conn->config->oobinline &&
        !before(urgent(conn)->rcv_seq, conn->copied_seq) &&
        before(urgent(conn)->rcv_seq, conn->rcv_nxt))
        return urgent(conn)->rcv_seq - conn->copied_seq;
    return tcp_recv_ready(conn);
}

/* Keepalive (RFC 1122 4.2.3.6): when nothing was heard for long, the peer is asked whether it is
 * still there, and after some questions without an answer the connection ends. */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

static uint64_t idle_ms(const struct tcp_conn *conn)
{
    return tcp_or(conn->config->keepidle, conn->entry.stack->sysctl->keepalive_time) * 1000ull;
}

void tcp_start_keepalive(struct tcp_conn *conn)
{
    if (conn->config->keepalive)
        tcp_set_keepalive_timer(conn, idle_ms(conn));
}

/* ms since something was heard. */
static uint32_t silence(const struct tcp_conn *conn)
{
    uint32_t now = tcp_now_ms(conn);
    return min_u32(now - conn->lrcvtime_ms, now - conn->rcv_tstamp_ms);
}

/* The idle time was changed: it counts from when something was heard. */
void tcp_restart_keepalive(struct tcp_conn *conn)
{
    uint64_t idle = idle_ms(conn);
    uint32_t elapsed = silence(conn);

    tcp_set_keepalive_timer(conn, idle > elapsed ? idle - elapsed : 0);
}

static bool keepalive_expired(const struct tcp_conn *conn, uint32_t elapsed)
{
    uint32_t limit = conn->config->user_timeout_ms;

    if (limit)
        return elapsed >= limit && conn->probes_out > 0;
    return conn->probes_out >=
           tcp_or(conn->config->keepcnt, conn->entry.stack->sysctl->keepalive_probes);
}

/* The timer has expired. */
void tcp_keepalive(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint64_t idle = idle_ms(conn), next = idle;

    if (conn->packets_out == 0 && !tcp_send_head(conn)) {
        uint32_t elapsed = silence(conn);
        if (elapsed < idle) {
            next = idle - elapsed;
        } else if (keepalive_expired(conn, elapsed)) {
            tcp_send_active_reset(conn);
            tcp_write_error(conn);
            return;
        } else {
            uint64_t *counter = &conn->entry.stack->counters->TCPKeepAlive;
            if (tcp_write_wakeup(conn, counter) == XMIT_DROPPED) { /* it did not leave the host */
                next = TCP_RESOURCE_PROBE_US / 1000;
            } else {
                conn->probes_out++;
                next = tcp_or(conn->config->keepintvl, sysctl->keepalive_intvl) * 1000ull;
            }
        }
    }
    tcp_set_keepalive_timer(conn, next);
}

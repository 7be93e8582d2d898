/* Pacing, for the algorithms that ask for it, and for owners that limit the rate: a segment of n
 * bytes leaves not before
 *
 *     next = max(next, now) + n / rate
 *
 * of the segment before it, where a connection that was late may catch up by half of a segment's
 * time.  The first nine segments are not paced, as the rate is not known yet. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/sending.h"

void tcp_pacing_sent(struct tcp_conn *conn, uint32_t bytes)
{
    sim_time now = conn->entry.stack->sim->now, credit = now - conn->pacing_next;

    if (credit > 0)
        conn->pacing_next = now;
    if (conn->stats.data_segs_out < TCP_INIT_CWND || conn->cc.pacing_rate == 0)
        return;
    sim_time length = simtime_of_bits((uint64_t)bytes * 8, conn->cc.pacing_rate * 8);
    if (credit > 0)
        length -= credit < length / 2 ? credit : length / 2;
    conn->pacing_next += length;
}

/* The time has come: what is lost first, then what is new. */
void tcp_pacing_resume(struct tcp_conn *conn)
{
    if (conn->entry.state < TCP_ESTABLISHED || conn->entry.state == TCP_TIME_WAIT)
        return;
    if (conn->lost_out > conn->retrans_out && conn->cc.cwnd > tcp_inflight(conn))
        tcp_xmit_retransmit_queue(conn);
    tcp_write_xmit(conn, tcp_current_mss(conn), conn->nonagle, PUSH_ALL);
}

/* The rate that spreads the window over the round trip, with a margin so that the window stays the
 * limit: twice in slow start, 1.2 times otherwise (net.ipv4.tcp_pacing_ss_ratio, ca_ratio). */
uint64_t tcp_window_rate(const struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    bool slow_start = conn->cc.cwnd < conn->cc.ssthresh / 2;
    uint64_t rate = (uint64_t)conn->mss_cache * 80000; /* 10^6 / 100, and srtt is scaled by 8 */

    rate *= slow_start ? sysctl->pacing_ss_ratio : sysctl->pacing_ca_ratio;
    rate *= max_u32(conn->cc.cwnd, conn->packets_out);
    return conn->srtt_us ? rate / conn->srtt_us : rate;
}

/* Once it does not send as fast as it may, that is: the algorithm's word, the owner's limit
 * (SO_MAX_PACING_RATE), or a queue below that paces (Linux's fq). */
static bool wants_pacing(const struct tcp_conn *conn)
{
    return conn->cc.ops->paces || conn->config->max_pacing_rate || conn->entry.stack->paces_all;
}

static void limit_rate(struct tcp_conn *conn)
{
    uint64_t most = conn->config->max_pacing_rate;

    if (most && conn->cc.pacing_rate > most)
        conn->cc.pacing_rate = most;
}

/* After each ACK, also that of the SYN if it tells the round-trip time. */
void tcp_update_pacing_rate(struct tcp_conn *conn)
{
    bool known = conn->srtt_us || conn->entry.state >= TCP_ESTABLISHED;

    if (!conn->cc.ops->control && wants_pacing(conn) && known)
        conn->cc.pacing_rate = tcp_window_rate(conn);
    limit_rate(conn);
}

/* The owner has set another limit: a lower one counts at once, a higher one after the next ACK. */
void tcp_pacing_limit_changed(struct tcp_conn *conn)
{
    if (tcp_paced(conn))
        limit_rate(conn);
    else
        tcp_update_pacing_rate(conn);
}

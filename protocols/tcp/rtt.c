/* Round-trip time and retransmission time-out: Jacobson's estimator (RFC 6298) in Linux's form,
 * where the variation is the largest mean deviation of the last window, and is never taken for
 * less than the minimum time-out.  Hence RTO = srtt + max(variation, 200 ms). */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/timers.h"

/* ---- Estimator ------------------------------------------------------------------------------ */

static void rtt_first(struct tcp_conn *conn, uint32_t m)
{
    conn->srtt_us = m << 3;
    conn->mdev_us = m << 1;
    conn->rttvar_us = max_u32(conn->mdev_us, tcp_rto_min_us(conn));
    conn->mdev_max_us = conn->rttvar_us;
    conn->rtt_seq = conn->snd_nxt;
}

/* The mean deviation follows a falling RTT eight times slower than a rising one, so that a sudden
 * improvement does not inflate the time-out. */
static void rtt_deviate(struct tcp_conn *conn, int32_t error)
{
    if (error < 0) {
        error = -error - (int32_t)(conn->mdev_us >> 2);
        if (error > 0)
            error >>= 3;
    } else {
        error -= (int32_t)(conn->mdev_us >> 2);
    }
    conn->mdev_us += (uint32_t)error;
    if (conn->mdev_us > conn->mdev_max_us) {
        conn->mdev_max_us = conn->mdev_us;
        conn->rttvar_us = max_u32(conn->rttvar_us, conn->mdev_max_us);
    }
}

void tcp_rtt_estimate(struct tcp_conn *conn, uint32_t m)
{
    if (conn->srtt_us == 0) {
        rtt_first(conn, m);
    } else {
        int32_t error = (int32_t)(m - (conn->srtt_us >> 3));
        conn->srtt_us += (uint32_t)error;
        rtt_deviate(conn, error);
        if (after(conn->snd_una, conn->rtt_seq)) { /* a window has passed */
            if (conn->mdev_max_us < conn->rttvar_us)
                conn->rttvar_us -= (conn->rttvar_us - conn->mdev_max_us) >> 2;
            conn->rtt_seq = conn->snd_nxt;
            conn->mdev_max_us = tcp_rto_min_us(conn);
        }
    }
    conn->srtt_us = max_u32(conn->srtt_us, 1);
    conn->cc.srtt_us = conn->srtt_us >> 3;
}

void tcp_set_rto(struct tcp_conn *conn)
{
    conn->rto_us = min_u32((conn->srtt_us >> 3) + conn->rttvar_us, tcp_rto_max_us(conn));
}

static void update_min(struct tcp_conn *conn, uint32_t rtt_us, bool maybe_delayed)
{
    if (maybe_delayed && rtt_us > tcp_min_rtt(conn))
        return; /* may contain the receiver's delay */
    minmax_running_min(&conn->rtt_min, conn->entry.stack->sysctl->min_rtt_wlen * 1000,
                       tcp_now_ms(conn), rtt_us ? rtt_us : 1);
    conn->cc.min_rtt_us = tcp_min_rtt(conn);
}

/* The RTT by the timestamp echoed, in the steps of the timestamp clock (1 ms); -1: none. */
static int64_t rtt_by_timestamp(const struct tcp_conn *conn)
{
    uint32_t delta_ms = tcp_now_ms(conn) - conn->opt.rcv_tsecr;

    if (!conn->opt.saw_tstamp || conn->opt.rcv_tsecr == 0 || delta_ms >= INT32_MAX / 1000)
        return -1;
    return (int64_t)(delta_ms ? delta_ms : 1) * 1000;
}

bool tcp_update_rtt(struct tcp_conn *conn, struct tcp_ack_work *work, int64_t seq_rtt_us,
                    int64_t sack_rtt_us, int64_t ca_rtt_us)
{
    /* Karn: retransmitted segments gave no seq_rtt; SACKs and timestamps may still (RFC 7323 4). */
    if (seq_rtt_us < 0)
        seq_rtt_us = sack_rtt_us;
    if (seq_rtt_us < 0 && (work->flags & ACKF_ACKED))
        seq_rtt_us = ca_rtt_us = rtt_by_timestamp(conn);
    work->sample.rtt_us = ca_rtt_us < 0 ? -1 : (int32_t)ca_rtt_us;
    if (seq_rtt_us < 0)
        return false;
    update_min(conn, (uint32_t)ca_rtt_us, work->flags & ACKF_MAYBE_DELAYED);
    tcp_rtt_estimate(conn, (uint32_t)seq_rtt_us);
    tcp_set_rto(conn);
    conn->backoff = 0;
    return true;
}

/* Between a connection and its congestion control. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/acking.h"
#include "protocols/tcp/internal.h"
#include "sim/rng.h"

/* An ACK that is not an old one, before it is digested. */
void tcp_cc_in_ack(struct tcp_conn *conn, struct tcp_ack_work *work)
{
    struct cc_ack *sample = &work->sample;

    sample->ece = (work->flags & ACKF_ECE) != 0;
    sample->slow_path = (work->flags & ACKF_SLOWPATH) != 0;
    sample->delivered_ce = conn->delivered_ce;
    if (conn->cc.ops->in_ack) {
        tcp_cc_sync(conn);
        conn->cc.ops->in_ack(&conn->cc, sample);
    }
}

/* What was acknowledged and its round trip: before the ACK changes the state, so that the one that
 * ends a recovery still counts as part of it. */
void tcp_cc_acked(struct tcp_conn *conn, const struct tcp_ack_work *work)
{
    if (conn->cc.ops->acked) {
        tcp_cc_sync(conn);
        conn->cc.ops->acked(&conn->cc, &work->sample);
    }
}

void tcp_cc_lost(struct tcp_conn *conn, const struct tcp_seg *seg)
{
    struct cc_lost lost = {
        .packets = seg->pcount,
        .tx_inflight = seg->tx_inflight,
        .lost = (uint16_t)(conn->cc.lost - seg->lost),
        .app_limited = (seg->bits & SEGB_APP_LIMITED) != 0,
    };

    tcp_cc_sync(conn);
    conn->cc.ops->lost(&conn->cc, &lost);
}

void tcp_cc_event(struct tcp_conn *conn, enum cc_event event)
{
    if (conn->cc.ops->event) {
        tcp_cc_sync(conn);
        conn->cc.idle_ms = tcp_now_ms(conn) - conn->lsndtime_ms;
        conn->cc.ops->event(&conn->cc, event);
    }
}

uint32_t tcp_cc_ssthresh(struct tcp_conn *conn)
{
    const struct cc_ops *ops = conn->cc.ops;

    tcp_cc_sync(conn);
    return ops->ssthresh ? ops->ssthresh(&conn->cc) : max_u32(conn->cc.cwnd >> 1, 2);
}

void tcp_cc_assign(struct tcp_conn *conn, const struct cc_ops *ops, const void *params)
{
    struct cc *cc = &conn->cc;

    tcp_cc_release(conn);
    cc->ops = ops;
    cc->priv = ops->priv_size <= sizeof conn->priv ? conn->priv : g_malloc(ops->priv_size);
    memset(cc->priv, 0, ops->priv_size);
    cc->params = params || !ops->params ? params : tcp_cc_defaults(conn->entry.stack->memory, ops);
    cc->pacing_rate = UINT64_MAX;
}

/* Its random numbers are its own: the stream is named by the addresses and ports. */
static void seed(struct tcp_conn *conn)
{
    const struct tcp_key *key = &conn->entry.key;
    struct sim *sim = conn->entry.stack->sim;
    char name[2 * IP_ADDR_TEXT + 16], local[IP_ADDR_TEXT], remote[IP_ADDR_TEXT];
    struct rng rng;

    g_snprintf(name, sizeof name, "%s:%u-%s:%u", ip_addr_format(&key->local, local),
               key->local_port, ip_addr_format(&key->remote, remote), key->remote_port);
    sim->random = true;
    rng_init(&rng, sim->seed, name, "cc");
    conn->cc.ops->seed(&conn->cc, rng_u64(&rng));
}

void tcp_cc_init(struct tcp_conn *conn)
{
    tcp_cc_sync(conn);
    if (conn->cc.ops->seed)
        seed(conn);
    if (conn->cc.ops->init)
        conn->cc.ops->init(&conn->cc);
    conn->cc_running = true;
    tcp_update_pacing_rate(conn);
}

void tcp_cc_release(struct tcp_conn *conn)
{
    struct cc *cc = &conn->cc;

    if (!cc->ops)
        return;
    if (conn->cc_running && cc->ops->release)
        cc->ops->release(cc);
    conn->cc_running = false;
    if (cc->priv != conn->priv)
        g_free(cc->priv);
    cc->priv = NULL;
    cc->ops = NULL;
}

/* ---- What limits the sender ----------------------------------------------------------------- */

void tcp_limit_change(struct tcp_conn *conn, unsigned limit)
{
    sim_time now = conn->entry.stack->sim->now;
    if (conn->limit != TCP_LIMIT_APP)
        conn->limited[conn->limit - 1] += now - conn->limit_since;
    conn->limit = (uint8_t)limit;
    conn->limit_since = now;
}

/* Between a connection and its congestion control. */
#include "protocols/tcp/internal.h"

/* What the algorithm may read, as of now. */
void tcp_cc_sync(struct tcp_conn *conn)
{
    struct cc *cc = &conn->cc;

    cc->now = conn->entry.stack->sim->now;
    cc->inflight = tcp_inflight(conn);
    cc->una = conn->snd_una;
    cc->nxt = conn->snd_nxt;
}

void tcp_cc_event(struct tcp_conn *conn, enum cc_event event)
{
    if (conn->cc.ops->event) {
        tcp_cc_sync(conn);
        conn->cc.idle = (sim_time)(tcp_now_ms(conn) - conn->lsndtime_ms) * SIM_MS;
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
    if (ops->priv_size <= sizeof conn->priv)
        cc->priv = conn->priv;
    else
        cc->priv = g_malloc(ops->priv_size);
    memset(cc->priv, 0, ops->priv_size);
    if (params && ops->priv_size)
        memcpy(cc->priv, params, ops->priv_size);
    else if (ops->params)
        memcpy(cc->priv, tcp_cc_defaults(conn->entry.stack->memory, ops), ops->priv_size);
    cc->pacing_rate = UINT64_MAX;
}

void tcp_cc_init(struct tcp_conn *conn)
{
    tcp_cc_sync(conn);
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

void tcp_limit_set(struct tcp_conn *conn, enum tcp_limit limit)
{
    if (conn->limit == limit)
        return;
    sim_time now = conn->entry.stack->sim->now;
    if (conn->limit_since != SIM_NEVER)
        conn->limited[conn->limit] += now - conn->limit_since;
    conn->limit = (uint8_t)limit;
    conn->limit_since = now;
}

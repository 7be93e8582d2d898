/* Between a connection and its congestion control. */
#include "protocols/tcp/internal.h"

/* What the algorithm may read, as of now. */
void tcp_cc_sync(struct tcp_conn *conn)
{
    conn->cc.now = conn->entry.stack->sim->now;
    conn->cc.inflight = tcp_inflight(conn);
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
    if (conn->limit != TCP_LIMIT_APP)
        conn->limited[conn->limit - 1] += now - conn->limit_since;
    conn->limit = (uint8_t)limit;
    conn->limit_since = now;
}

/* The life of a connection: birth, upcalls, closing, death. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"
#include "protocols/tcp/timers.h"

/* ---- Birth ---------------------------------------------------------------------------------- */

static void init_buffers(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;

    conn->scaling_ratio = TCP_SCALING_RATIO;
    conn->rcvbuf = sysctl->rmem[1];
    conn->sndbuf = sysctl->wmem[1];
    tcp_apply_config(conn);
}

struct tcp_conn *tcp_conn_new(struct tcp_stack *stack, const struct tcp_config *config,
                              const struct tcp_user_ops *ops, void *user)
{
    tcp_stack_wake(stack);
    struct tcp_conn *conn = tcp_conn_make(stack, tcp_config_new(stack->memory, config));
    conn->ops = ops;
    conn->user = user;
    return conn;
}

struct tcp_conn *tcp_conn_make(struct tcp_stack *stack, const struct tcp_config *config)
{
    struct tcp_conn *conn = pool_take(&stack->memory->conns);
    memset(conn, 0, sizeof *conn);
    conn->entry = (struct tcp_entry){ .stack = stack, .kind = TCP_KIND_CONN, .state = TCP_CLOSED };
    conn->config = config;
    list_init(&conn->write_queue);
    list_init(&conn->sent_order);
    tcp_timers_init(conn);
    conn->established_at = SIM_NEVER;
    conn->limit_since = stack->sim->now;
    conn->rto_us = TCP_RTO_INIT_US;
    conn->mdev_us = TCP_RTO_INIT_US;
    minmax_reset(&conn->rtt_min, tcp_clock_ms(stack->sim), UINT32_MAX);
    conn->cc.cwnd = TCP_INIT_CWND;
    conn->cc.ssthresh = CC_INFINITE;
    conn->cc.cwnd_clamp = UINT32_MAX;
    conn->cc.delivered = 0;
    conn->mss_cache = TCP_DEFAULT_MSS;
    conn->header_len = TCP_HEADER;
    conn->reordering = (uint16_t)stack->sysctl->reordering;
    conn->rack.reo_wnd_steps = 1;
    conn->app_limited = UINT32_MAX;
    conn->rate_app_limited = true; /* nothing better is known */
    tcp_cc_assign(conn, conn->config->cc ? conn->config->cc : tcp_default_cc(stack),
                  conn->config->cc_params);
    init_buffers(conn);
    list_push_back(&stack->table->conns, &conn->all);
    tcp_mem_sockets(stack, 1);
    return conn;
}

/* ---- Upcalls -------------------------------------------------------------------------------- */

struct tcp_extra *tcp_make_extra(struct tcp_conn *conn)
{
    conn->extra = pool_take(&conn->entry.stack->memory->extras);
    *conn->extra = (struct tcp_extra){ 0 };
    return conn->extra;
}

const struct tcp_trouble *tcp_trouble_seen(const struct tcp_conn *conn)
{
    static const struct tcp_trouble none;

    return conn->extra ? &conn->extra->trouble : &none;
}

static void conn_free(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (conn->extra)
        tcp_fastopen_over(conn);
    tcp_timers_cancel(conn);
    table_remove(stack->table, &conn->entry);
    tcp_purge_send(conn);
    tcp_purge_receive(conn);
    tcp_mem_forget(conn);
    tcp_mem_sockets(stack, -1);
    tcp_cc_release(conn);
    tcp_tsq_forget(conn);
    if (conn->extra)
        pool_give(&stack->memory->extras, conn->extra);
    tcp_config_unref(conn->config);
    list_remove(&conn->all);
    pool_give(&stack->memory->conns, conn);
}

static void upcall(struct tcp_conn *conn, void (*function)(struct tcp_conn *conn))
{
    if (function)
        function(conn);
}

static void notify_listener(struct tcp_conn *conn)
{
    struct tcp_listener *listener = conn->listener;

    if (listener->ops && listener->ops->acceptable)
        listener->ops->acceptable(listener);
}

/* Makes the first of the upcalls that are due. */
static void notify_owner(struct tcp_conn *conn)
{
    const struct tcp_user_ops *ops = conn->ops;
    unsigned first = conn->notify & -(unsigned)conn->notify;

    conn->notify &= (uint8_t)~first;
    if (!ops)
        return;
    switch (first) {
    case NOTIFY_ESTABLISHED:
        upcall(conn, ops->established);
        break;
    case NOTIFY_READABLE:
        if (conn->received.first)
            upcall(conn, ops->readable);
        break;
    case NOTIFY_WRITABLE:
        upcall(conn, ops->writable);
        break;
    case NOTIFY_PEER_FIN:
        upcall(conn, ops->peer_fin);
        break;
    case NOTIFY_URGENT:
        upcall(conn, ops->urgent);
        break;
    case NOTIFY_TROUBLE:
        if (ops->trouble && !conn->ended)
            ops->trouble(conn, conn->error);
        break;
    case NOTIFY_CLOSED:
        if (ops->closed)
            ops->closed(conn, conn->error);
        break;
    }
}

void tcp_leave_slow(struct tcp_conn *conn)
{
    if (conn->notify & NOTIFY_ACCEPT) {
        conn->notify &= (uint8_t)~NOTIFY_ACCEPT;
        if (conn->queued)
            notify_listener(conn);
    }
    /* Nobody can be told of a connection that waits to be accepted: the bits stay set. */
    while (conn->notify && !conn->queued)
        notify_owner(conn);
    conn->depth--;
    if (conn->dead)
        conn_free(conn);
}

/* ---- Death ---------------------------------------------------------------------------------- */

void tcp_done(struct tcp_conn *conn, int error)
{
    if (conn->ended)
        return;
    conn->ended = true;
    conn->error = (uint8_t)error;
    if (conn->entry.state != TCP_CLOSED)
        fsm_event(conn, FSM_END);
    tcp_limit_set(conn, TCP_LIMIT_APP);
    conn->limit_since = conn->entry.stack->sim->now;
    tcp_timers_cancel(conn);
    table_remove(conn->entry.stack->table, &conn->entry);
    tcp_purge_send(conn);
    conn->shutdown = SHUT_RCV | SHUT_SND;
    conn->notify |= NOTIFY_CLOSED;
    if (conn->orphan) {
        conn->entry.stack->orphans--;
        conn->dead = true;
    }
}

/* ---- Closing -------------------------------------------------------------------------------- */

static void send_fin(struct tcp_conn *conn)
{
    fsm_event(conn, FSM_CLOSE);
    tcp_queue_fin(conn);
    tcp_push_pending(conn, NAGLE_OFF);
}

void tcp_shutdown_send(struct tcp_conn *conn)
{
    conn->shutdown |= SHUT_SND;
    if (conn->entry.state != TCP_SYN_SENT && fsm_accepts(conn, FSM_CLOSE))
        send_fin(conn);
}

int tcp_shutdown(struct tcp_conn *conn)
{
    if (conn->entry.state == TCP_CLOSED)
        return ENOTCONN;
    if (conn->shutdown & SHUT_SND)
        return 0;
    tcp_enter(conn);
    tcp_shutdown_send(conn);
    tcp_leave(conn);
    return 0;
}

/* States in which the peer must be told of an abort (RFC 9293 3.10.5). */
static bool needs_reset(const struct tcp_conn *conn)
{
    switch (conn->entry.state) {
    case TCP_SYN_RECV:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT1:
    case TCP_FIN_WAIT2:
    case TCP_CLOSE_WAIT:
        return true;
    case TCP_CLOSING:
    case TCP_LAST_ACK:
        return conn->snd_nxt != conn->write_seq;
    default:
        return false;
    }
}

static void disown(struct tcp_conn *conn)
{
    conn->ops = NULL;
    conn->user = NULL;
    conn->observers = conn->ended ? NULL : conn->observers;
    if (conn->ended) {
        conn->dead = true;
    } else {
        conn->orphan = true;
        conn->entry.stack->orphans++;
    }
}

static void abort_with_reset(struct tcp_conn *conn)
{
    if (needs_reset(conn))
        tcp_send_active_reset(conn);
    tcp_done(conn, conn->entry.state == TCP_SYN_SENT ? 0 : ECONNRESET);
}

static void close_in_order(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (tcp_uncut(conn) == TCP_ENDLESS)
        tcp_send_bulk_stop(conn);
    if (conn->entry.state == TCP_SYN_SENT)
        tcp_done(conn, 0);
    else if (fsm_accepts(conn, FSM_CLOSE))
        tcp_shutdown_send(conn);
    conn->shutdown = SHUT_RCV | SHUT_SND;
    if (conn->entry.state == TCP_FIN_WAIT2 && conn->config->linger2 < 0) {
        stack->counters->TCPAbortOnLinger++;
        abort_with_reset(conn);
    } else if (stack->orphans >= stack->sysctl->max_orphans || tcp_out_of_memory(conn)) {
        stack->counters->TCPAbortOnMemory++;
        abort_with_reset(conn);
    }
}

void tcp_close(struct tcp_conn *conn)
{
    struct tcp_counters *counters = conn->entry.stack->counters;
    bool unread = tcp_recv_ready(conn) > 0;

    tcp_enter(conn);
    tcp_purge_received(conn);
    if (conn->ended || conn->entry.state == TCP_CLOSED) {
        tcp_done(conn, 0);
    } else if (unread) { /* data would be lost: RFC 2525 2.17 */
        counters->TCPAbortOnClose++;
        tcp_send_active_reset(conn); /* also when both FINs have been sent */
        tcp_done(conn, ECONNRESET);
    } else if (conn->config->linger_on && conn->config->linger == 0) {
        counters->TCPAbortOnData++;
        abort_with_reset(conn);
    } else {
        close_in_order(conn);
    }
    disown(conn);
    if (conn->entry.state == TCP_FIN_WAIT2)
        tcp_orphan_fin_wait2(conn, false);
    tcp_leave(conn);
}

void tcp_abort(struct tcp_conn *conn)
{
    tcp_enter(conn);
    if (!conn->ended)
        abort_with_reset(conn);
    disown(conn);
    tcp_leave(conn);
}

/* The whole node ends: no segment, no upcall. */
void tcp_conn_forget(struct tcp_conn *conn)
{
    assert(conn->depth == 0);
    conn_free(conn);
}

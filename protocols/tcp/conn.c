/* The life of a connection: birth, upcalls, closing, death. */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/table.h"

/* What Linux takes for the share of data in received memory before it has seen a segment: half
 * (since 6.7). */
enum { DEFAULT_SCALING_RATIO = 128 };

/* ---- Configurations ------------------------------------------------------------------------- */

const struct tcp_config *tcp_config_new(struct tcp_memory *memory, const struct tcp_config *config)
{
    static const struct tcp_config defaults;
    struct tcp_config_ref *last = memory->last_config;

    if (!config)
        config = &defaults;
    if (last && memcmp(&last->config, config, sizeof *config) == 0)
        return tcp_config_ref(&last->config);
    struct tcp_config_ref *ref = g_new0(struct tcp_config_ref, 1);
    memcpy(&ref->config, config, sizeof *config);
    ref->refs = 2;
    tcp_config_unref(last ? &last->config : NULL);
    memory->last_config = ref;
    return &ref->config;
}

const struct tcp_config *tcp_config_ref(const struct tcp_config *config)
{
    struct tcp_config_ref *ref = container_of(config, struct tcp_config_ref, config);

    ref->refs++;
    return config;
}

void tcp_config_unref(const struct tcp_config *config)
{
    if (!config)
        return;
    struct tcp_config_ref *ref = container_of(config, struct tcp_config_ref, config);
    if (--ref->refs == 0)
        g_free(ref);
}

/* ---- Birth ---------------------------------------------------------------------------------- */

static void init_buffers(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;

    conn->scaling_ratio = DEFAULT_SCALING_RATIO;
    conn->rcvbuf = sysctl->rmem[1];
    conn->sndbuf = sysctl->wmem[1];
    tcp_apply_config(conn);
}

static uint32_t locked_size(uint32_t wanted, uint32_t most, uint32_t least)
{
    uint32_t size = min_u32(wanted, most) * 2; /* Linux doubles what SO_RCVBUF and SO_SNDBUF say */
    return max_u32(size, least);
}

/* What a new connection with this configuration would offer, in bytes of window. */
uint32_t tcp_initial_space(const struct tcp_stack *stack, const struct tcp_config *config)
{
    uint32_t rcvbuf = config->rcvbuf
                          ? locked_size(config->rcvbuf, stack->sysctl->core_rmem_max, 2304)
                          : stack->sysctl->rmem[1];
    return (uint32_t)((uint64_t)rcvbuf * DEFAULT_SCALING_RATIO >> 8);
}

void tcp_apply_config(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    const struct tcp_config *config = conn->config;

    conn->window_stale = true;
    conn->nonagle &= (uint8_t) ~(NAGLE_OFF | NAGLE_CORK);
    conn->nonagle |= (config->nodelay ? NAGLE_OFF : 0) | (config->cork ? NAGLE_CORK : 0);
    if (config->rcvbuf) {
        conn->rcvbuf = locked_size(config->rcvbuf, sysctl->core_rmem_max, 2304);
        conn->rcvbuf_locked = true;
    }
    if (config->sndbuf) {
        conn->sndbuf = locked_size(config->sndbuf, sysctl->core_wmem_max, 4608);
        conn->sndbuf_locked = true;
    }
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

    tcp_timers_cancel(conn);
    table_remove(stack->table, &conn->entry);
    tcp_purge_send(conn);
    tcp_purge_receive(conn);
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
    tcp_done(conn, ECONNRESET);
}

static void close_in_order(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (tcp_uncut(conn) == TCP_ENDLESS)
        tcp_send_bulk_stop(conn);
    if (conn->entry.state == TCP_SYN_SENT)
        tcp_done(conn, ECONNABORTED);
    else if (fsm_accepts(conn, FSM_CLOSE))
        tcp_shutdown_send(conn);
    conn->shutdown = SHUT_RCV | SHUT_SND;
    if (conn->entry.state == TCP_FIN_WAIT2 && conn->config->linger2 < 0) {
        stack->counters->TCPAbortOnLinger++;
        abort_with_reset(conn);
    } else if (stack->orphans >= stack->sysctl->max_orphans) {
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

/* ---- The owner's view ----------------------------------------------------------------------- */

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

/* TCP_NODELAY beats even a cork, once (tcp(7)). */
static void push_by_option(struct tcp_conn *conn)
{
    tcp_push_pending(conn, conn->nonagle | (conn->config->nodelay ? NAGLE_PUSH : 0));
}

void tcp_conn_push(struct tcp_conn *conn)
{
    tcp_enter(conn);
    push_by_option(conn);
    tcp_leave(conn);
}

void tcp_conn_configure(struct tcp_conn *conn, const struct tcp_config *config)
{
    const struct tcp_config *old = conn->config;

    tcp_enter(conn);
    conn->config = tcp_config_new(conn->entry.stack->memory, config);
    tcp_apply_config(conn);
    if ((old->cork && !config->cork) || (!old->nodelay && config->nodelay))
        push_by_option(conn);
    if (!config->keepalive)
        conn->keepalive_deadline = SIM_NEVER;
    else if (!old->keepalive && conn->entry.state >= TCP_ESTABLISHED)
        tcp_start_keepalive(conn);
    tcp_config_changed(conn, old);
    tcp_config_unref(old);
    tcp_leave(conn);
}

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

void tcp_observe(struct tcp_conn *conn, struct tcp_observer *observer)
{
    observer->next = conn->observers;
    conn->observers = observer;
}

void tcp_unobserve(struct tcp_conn *conn, struct tcp_observer *observer)
{
    struct tcp_observer **at = &conn->observers;

    while (*at && *at != observer)
        at = &(*at)->next;
    if (*at)
        *at = observer->next;
}

static inline void observe(struct tcp_observer *observer, struct tcp_conn *conn,
                           enum tcp_event event, uint32_t a, uint32_t b)
{
    if (observer->events & 1u << event)
        observer->event(observer, conn, event, a, b);
}

/* Each may take itself off the list. */
__attribute__((noinline)) static void observe_all(struct tcp_conn *conn, enum tcp_event event,
                                                  uint32_t a, uint32_t b)
{
    for (struct tcp_observer *o = conn->observers, *next; o; o = next) {
        next = o->next;
        observe(o, conn, event, a, b);
    }
}

void tcp_observe_event(struct tcp_conn *conn, enum tcp_event event, uint32_t a, uint32_t b)
{
    struct tcp_observer *only = conn->observers;

    if (!only || only->next)
        observe_all(conn, event, a, b);
    else
        observe(only, conn, event, a, b);
}

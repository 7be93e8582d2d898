/* Listeners: whose SYNs are answered, and the accept queue.
 *
 * A SYN makes a struct tcp_request (request.c), which sends the SYN-ACK and repeats it; the ACK
 * that completes the handshake (handshake.c) makes the connection (establish.c).  The accept queue
 * holds established connections that the owner has not taken; while it is full new SYNs are
 * dropped, and the ACKs of requests too, which then stay requests (net.ipv4.tcp_abort_on_overflow
 * resets them instead), so that the SYN queue fills as well.
 *
 * Both queues are as long as the owner's backlog says, and hold one more.  When the SYN queue is
 * full there are SYN cookies (syncookie.c), or without them SYNs are dropped; then a quarter of
 * net.ipv4.tcp_max_syn_backlog is kept free, too, for addresses that have proved to exist: those
 * that something is known of (metrics.c).  Requests are young until their first time-out: when more
 * than half of the queue is taken, those that are not are given up earlier. */
#include "protocols/tcp/listen.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/pressure.h"
#include "protocols/tcp/table.h"

/* ---- The accept queue ----------------------------------------------------------------------- */

bool listener_full(const struct tcp_listener *l)
{
    return l->accept_count > l->backlog;
}

void listener_push(struct tcp_listener *l, struct tcp_conn *conn)
{
    conn->queued = true;
    conn->listener = l;
    conn->accept_next = NULL;
    if (l->accept_last)
        l->accept_last->accept_next = conn;
    else
        l->accept_first = conn;
    l->accept_last = conn;
    l->accept_count++;
}

struct tcp_conn *tcp_accept(struct tcp_listener *l, const struct tcp_user_ops *ops, void *user)
{
    struct tcp_conn *conn = l->accept_first;

    if (!conn)
        return NULL;
    l->accept_first = conn->accept_next;
    if (!l->accept_first)
        l->accept_last = NULL;
    l->accept_count--;
    conn->queued = false;
    tcp_conn_set_user(conn, ops, user);
    return conn;
}

void listener_overflow(struct tcp_listener *l)
{
    l->stack->counters->ListenOverflows++;
    l->stack->counters->ListenDrops++;
}

/* ---- SYNs ----------------------------------------------------------------------------------- */

/* Without cookies the last quarter of the backlog is for peers that are known. */
static bool backlog_exhausted(const struct tcp_listener *l, const struct tcp_key *key)
{
    int64_t most = l->stack->sysctl->max_syn_backlog;

    return !l->stack->sysctl->syncookies && most - l->request_count < most >> 2 &&
           !tcp_metrics_known(l->stack, &key->local, &key->remote);
}

/* Whether a SYN is answered; *cookie: and forgotten.  One that ends a TIME_WAIT is `expected`: the
 * SYN queue has room for it. */
static bool admit_syn(struct tcp_listener *l, const struct tcp_key *key, bool expected,
                      bool *cookie)
{
    struct tcp_counters *counters = l->stack->counters;
    uint32_t cookies = l->stack->sysctl->syncookies;

    *cookie = !expected && (cookies == 2 || l->request_count > l->backlog);
    if (*cookie && !cookies) {
        counters->TCPReqQFullDrop++;
        return false;
    }
    counters->TCPReqQFullDoCookies += *cookie;
    if (listener_full(l)) {
        counters->ListenOverflows++;
        return false;
    }
    return expected || !backlog_exhausted(l, key);
}

static void answer_syn(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_listener *l = req->listener;

    request_queue(req);
    tcp_fastopen_option(rx, &req->cookie);
    if (tcp_fastopen_accepts(req, rx, &req->cookie)) {
        request_open_at_once(req, rx);
        return;
    }
    request_start_timer(req);
    request_send_syn_ack(req);
    if (l->ops && l->ops->syn)
        l->ops->syn(l);
}

static void listen_syn(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key,
                       uint32_t iss)
{
    struct tcp_request *req;
    bool cookie;

    if (!admit_syn(l, key, iss != 0, &cookie)) {
        l->stack->counters->ListenDrops++;
        return;
    }
    req = request_new(l, key);
    if (!req)
        return;
    request_take_syn(req, rx, cookie);
    request_choose_window(req, req->advmss - (req->opt.tstamp_ok ? 12 : 0));
    if (cookie) {
        tcp_syncookie_answer(req);
        return;
    }
    req->entry.iss = iss ? iss : tcp_choose_seq(l->stack, key);
    answer_syn(req, rx);
}

void tcp_listen_input(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key,
                      uint32_t iss)
{
    if (rx->flags & TH_RST)
        return;
    if (rx->flags & TH_ACK) {
        if (!tcp_syncookie_ack(l, rx, key))
            tcp_reset_for(l->stack, rx);
    } else if ((rx->flags & (TH_SYN | TH_FIN)) == TH_SYN) {
        listen_syn(l, rx, key, iss);
    }
}

/* ---- The owner ------------------------------------------------------------------------------ */

int tcp_listen(struct tcp_stack *stack, const struct ip_addr *local, uint16_t port,
               uint32_t backlog, const struct tcp_config *config,
               const struct tcp_listener_ops *ops, void *user, struct tcp_listener **out)
{
    static const struct ip_addr any;
    const struct ip_addr *address = local ? local : &any;

    tcp_stack_wake(stack);
    const struct tcp_listener *other = table_listener_at(stack->table, address, port);
    if (other && !(other->config->reuseport && config && config->reuseport))
        return EADDRINUSE;
    struct tcp_listener *l = g_new0(struct tcp_listener, 1);
    l->stack = stack;
    l->local = *address;
    l->port = port;
    l->backlog = min_u32(backlog, stack->sysctl->somaxconn);
    struct tcp_config own = config ? *config : (struct tcp_config){ 0 }; /* NULL: the defaults */
    own.fastopen = tcp_fastopen_limit(stack, own.fastopen, l->backlog);
    l->config = tcp_config_new(stack->memory, &own);
    l->ops = ops;
    l->user = user;
    list_init(&l->requests);
    table_add_listener(stack->table, l);
    tcp_mem_sockets(stack, 1);
    *out = l;
    return 0;
}

/* Nobody finds it any more, and its requests are gone. */
static void shut(struct tcp_listener *l)
{
    table_remove_listener(l->stack->table, l);
    tcp_mem_sockets(l->stack, -1);
    while (!list_empty(&l->requests))
        request_free(container_of(l->requests.next, struct tcp_request, link));
}

static void listener_free(struct tcp_listener *l)
{
    if (l->fastopen_resets)
        g_array_unref(l->fastopen_resets);
    tcp_config_unref(l->config);
    g_free(l);
}

void tcp_listener_close(struct tcp_listener *l)
{
    shut(l);
    for (struct tcp_conn *conn; (conn = tcp_accept(l, NULL, NULL));)
        tcp_abort(conn);
    listener_free(l);
}

void tcp_listener_forget(struct tcp_listener *l)
{
    shut(l);
    while (tcp_accept(l, NULL, NULL))
        ;
    listener_free(l);
}

void *tcp_listener_user(const struct tcp_listener *l)
{
    return l->user;
}

struct tcp_stack *tcp_listener_stack(const struct tcp_listener *l)
{
    return l->stack;
}

uint16_t tcp_listener_port(const struct tcp_listener *l)
{
    return l->port;
}

const struct ip_addr *tcp_listener_address(const struct tcp_listener *l)
{
    return &l->local;
}

uint32_t tcp_listener_waiting(const struct tcp_listener *l)
{
    return l->accept_count;
}

uint32_t tcp_listener_half_open(const struct tcp_listener *l)
{
    return l->request_count;
}

uint32_t tcp_listener_backlog(const struct tcp_listener *l)
{
    return l->backlog;
}

void tcp_listener_set_backlog(struct tcp_listener *l, uint32_t backlog)
{
    l->backlog = min_u32(backlog, l->stack->sysctl->somaxconn);
}

const struct tcp_config *tcp_listener_config(const struct tcp_listener *l)
{
    return l->config;
}

void tcp_listener_configure(struct tcp_listener *l, const struct tcp_config *config)
{
    const struct tcp_config *old = l->config;

    l->config = tcp_config_new(l->stack->memory, config);
    tcp_config_unref(old);
}

static int by_port(const void *a, const void *b)
{
    const struct tcp_listener *const *x = a, *const *y = b;
    int ports = (*x)->port - (*y)->port;

    return ports ? ports : memcmp(&(*x)->local, &(*y)->local, sizeof(*x)->local);
}

void tcp_each_listener(struct tcp_stack *stack,
                       void (*visit)(const struct tcp_listener *listener, void *data), void *data)
{
    GPtrArray *all = g_ptr_array_new();

    for (int i = 0; stack->table && i < LISTENER_CHAINS; i++)
        for (struct tcp_listener *l = stack->table->listeners[i]; l; l = l->chain)
            g_ptr_array_add(all, l);
    g_ptr_array_sort(all, by_port);
    for (guint i = 0; i < all->len; i++)
        visit(all->pdata[i], data);
    g_ptr_array_free(all, TRUE);
}

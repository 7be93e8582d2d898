/* Passive opening: listeners, half-open requests (the SYN queue), the accept queue.
 *
 * A SYN makes a struct tcp_request, which sends the SYN-ACK and repeats it; the ACK that completes
 * the handshake makes the connection.  The accept queue holds established connections that the
 * owner has not taken; while it is full new SYNs are dropped, and the ACKs of requests too, which
 * then stay requests (net.ipv4.tcp_abort_on_overflow resets them instead). */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/table.h"

static bool accept_queue_full(const struct tcp_listener *l)
{
    return l->accept_count > l->backlog;
}

/* ---- Sending for a request ------------------------------------------------------------------ */

static void describe(struct tcp_request *req, struct tcp_tx *tx, uint16_t flags)
{
    const struct tcp_options *opt = &req->opt;

    *tx = (struct tcp_tx){ .seq = req->entry.iss,
                           .ack = req->irs + 1,
                           .flags = flags,
                           .mss = req->advmss,
                           .timestamps = opt->tstamp_ok,
                           .sack_permitted = opt->sack_ok,
                           .wscale_ok = opt->wscale_ok,
                           .wscale = opt->rcv_wscale,
                           .tsecr = opt->ts_recent };
    tx->tsval = tcp_clock_ms(req->entry.stack->sim) + req->tsoffset;
    tx->window = (uint16_t)min_u32(req->rcv_wnd, 65535);
}

/* `sent`: how often, this time included; 0 for what is not repeated. */
static void send_for(struct tcp_request *req, const struct tcp_tx *tx, unsigned sent)
{
    struct tcp_stack *stack = req->entry.stack;
    struct packet *packet = packet_new(stack->sim);

    packet->transmission = (uint8_t)min_u32(sent, UINT8_MAX);
    if (sent > 1)
        packet->flags |= PACKET_RETRANSMIT;
    packet->flow = req->listener->config->flow;
    packet->flow_hash = req->entry.hash;
    tcp_put_header(packet, &req->entry.key, tx);
    req->route.no_id = true;
    tcp_ip_send(stack, packet, &req->entry.key, req->listener->config, tx->ecn, &req->route, false);
}

static void send_syn_ack(struct tcp_request *req)
{
    struct tcp_tx tx;

    describe(req, &tx, TH_SYN | TH_ACK);
    tcp_ecn_syn_ack(req, &tx);
    if (req->num_retrans == 0)
        tx.cookie = &req->cookie;
    if (req->snt_synack_us == 0)
        req->snt_synack_us = tcp_clock(req->entry.stack->sim);
    if (req->tsval_first == 0)
        req->tsval_first = tx.tsval;
    req->tsval_last = tx.tsval;
    send_for(req, &tx, 1u + req->num_retrans);
}

static void send_ack(struct tcp_request *req)
{
    struct tcp_tx tx;

    describe(req, &tx, TH_ACK);
    tx.seq = req->entry.iss + 1;
    tx.window = (uint16_t)(req->rcv_wnd >> req->opt.rcv_wscale);
    send_for(req, &tx, 0);
}

/* ---- Requests ------------------------------------------------------------------------------- */

static void request_free(struct tcp_request *req)
{
    struct tcp_stack *stack = req->entry.stack;

    timer_cancel(stack->sim, &req->timer);
    table_remove(stack->table, &req->entry);
    list_remove(&req->link);
    req->listener->request_count--;
    pool_give(&stack->memory->requests, req);
}

static sim_time request_timeout(const struct tcp_request *req)
{
    uint64_t us = (uint64_t)TCP_RTO_INIT_US << (req->num_timeout < 7 ? req->num_timeout : 7);
    uint64_t most = req->entry.stack->sysctl->rto_max_ms * 1000ull;

    return req->entry.stack->sim->now + (sim_time)(us < most ? us : most) * SIM_US;
}

static void request_timer(struct sim *sim, struct timer *timer)
{
    struct tcp_request *req = container_of(timer, struct tcp_request, timer);
    struct tcp_stack *stack = req->entry.stack;
    uint32_t most = req->listener->config->syncnt ? req->listener->config->syncnt
                                                  : stack->sysctl->synack_retries;

    uint32_t defer = req->listener->config->defer_accept;

    stack->counters->TCPTimeouts++;
    if (req->num_timeout >= most && (!req->acked || req->num_timeout >= defer)) {
        request_free(req);
        return;
    }
    /* While data is awaited nothing is repeated, but for the last chance at the end. */
    bool repeat = !req->acked || req->num_timeout + 1u >= defer;
    req->num_timeout++;
    if (repeat) {
        req->num_retrans++;
        stack->counters->RetransSegs++;
        stack->counters->TCPSynRetrans++;
        send_syn_ack(req);
    }
    timer_set(sim, &req->timer, request_timeout(req));
}

static struct tcp_request *request_new(struct tcp_listener *l, const struct tcp_key *key,
                                       struct tcp_rx *rx, uint32_t mtu)
{
    struct tcp_stack *stack = l->stack;
    struct tcp_request *req = pool_take(&stack->memory->requests);
    struct tcp_options *opt = &req->opt;
    uint32_t mss = max_u32(mtu, 40 + TCP_MIN_MSS) - 40;

    memset(req, 0, sizeof *req);
    req->entry = (struct tcp_entry){
        .stack = stack, .key = *key, .kind = TCP_KIND_REQUEST, .state = TCP_SYN_RECV
    };
    timer_init(&req->timer, stack->actor, request_timer);
    req->listener = l;
    tcp_options_syn(rx, stack->sysctl, opt);
    opt->ts_recent = opt->saw_tstamp ? opt->rcv_tsval : 0;
    tcp_ecn_request(req, rx);
    if (l->config->mss) {
        mss = min_u32(mss, l->config->mss);
        opt->mss_clamp = (uint16_t)min_u32(opt->mss_clamp, l->config->mss);
    }
    req->advmss = (uint16_t)min_u32(mss, 65495);
    req->pmtu = mtu;
    req->irs = rx->seq;
    req->tsoffset = tcp_timestamp_offset(stack, key);
    return req;
}

static void request_window(struct tcp_request *req)
{
    const struct tcp_config *config = req->listener->config;
    const struct tcp_sysctl *sysctl = req->entry.stack->sysctl;
    struct tcp_initial_window w = { .clamp = config->window_clamp };
    uint32_t space = tcp_initial_space(req->entry.stack, config);

    if (config->rcvbuf && (w.clamp > space || w.clamp == 0))
        w.clamp = space;
    tcp_select_initial_window(sysctl, space, req->advmss - (req->opt.tstamp_ok ? 12 : 0),
                              req->opt.wscale_ok, &w);
    req->rcv_wnd = w.window;
    req->window_clamp = w.clamp;
    req->opt.rcv_wscale = w.wscale;
}

/* No room for one more SYN, which is dropped then. */
static bool queues_full(struct tcp_listener *l)
{
    struct tcp_counters *counters = l->stack->counters;

    if (accept_queue_full(l))
        counters->ListenOverflows++;
    else if (l->request_count > l->backlog)
        counters->TCPReqQFullDrop++;
    else
        return false;
    counters->ListenDrops++;
    return true;
}

/* ---- Connections ---------------------------------------------------------------------------- */

static void accept_push(struct tcp_listener *l, struct tcp_conn *conn)
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

static void copy_request(struct tcp_conn *conn, const struct tcp_request *req,
                         const struct tcp_rx *rx)
{
    conn->entry.iss = req->entry.iss;
    conn->rcv_wup = conn->copied_seq = conn->rcv_nxt = req->irs + 1;
    conn->snd_sml = conn->snd_una = conn->snd_nxt = req->entry.iss + 1;
    conn->write_seq = conn->pushed_seq = req->entry.iss + 1;
    conn->snd_wl1 = req->irs;
    conn->opt = req->opt;
    conn->header_len = TCP_HEADER + (req->opt.tstamp_ok ? 12 : 0);
    conn->opt.ts_recent_stamp = tcp_now_s(conn);
    conn->window_clamp = req->window_clamp;
    conn->rcv_ssthresh = conn->rcv_wnd = req->rcv_wnd;
    if (!req->opt.wscale_ok) {
        conn->opt.snd_wscale = conn->opt.rcv_wscale = 0;
        conn->window_clamp = min_u32(conn->window_clamp, 65535);
    }
    conn->snd_wnd = (uint32_t)rx->window << conn->opt.snd_wscale;
    conn->max_window = conn->snd_wnd;
    conn->tsoffset = req->tsoffset;
    conn->stats.segs_in = 1; /* the SYN */
    if (req->num_retrans)
        tcp_trouble(conn)->total_retrans = req->num_retrans;
    conn->lrcvtime_ms = conn->lsndtime_ms = tcp_now_ms(conn);
    if (rx->length >= TCP_DEFAULT_MSS)
        conn->last_seg_size = (uint16_t)rx->length;
    conn->advmss = req->advmss;
    conn->route = req->route;
    conn->route.no_id = false;
    tcp_sync_mss(conn, req->pmtu);
    tcp_initialize_rcv_mss(conn);
    if (req->num_timeout) {
        conn->undo_marker = req->entry.iss ? req->entry.iss : 1;
        conn->retrans_stamp_ms = (uint32_t)(req->snt_synack_us / 1000);
    } else {
        conn->synack_sent_us = max_u32((uint32_t)req->snt_synack_us, 1);
    }
}

/* The request becomes a connection in the accept queue, which is entered. */
static struct tcp_conn *make_child(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;
    struct tcp_listener *l = req->listener;
    struct tcp_conn *conn = tcp_conn_make(stack, tcp_config_ref(l->config));

    tcp_enter(conn);
    fsm_event(conn, FSM_ACCEPT);
    copy_request(conn, req, rx);
    tcp_ecn_open_child(conn, req, rx);
    table_replace(stack->table, &req->entry, &conn->entry);
    request_free(req);
    stack->counters->PassiveOpens++;
    accept_push(l, conn);
    return conn;
}

/* Fast Open: the SYN's data is taken, and the connection is there before its handshake. */
static void open_at_once(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_conn *conn = make_child(req, rx);

    conn->snd_wnd = conn->max_window = rx->window; /* not scaled in a SYN */
    tcp_sync_mss(conn, conn->pmtu);
    tcp_fastopen_open_child(conn, rx);
    tcp_init_transfer(conn);
    conn->notify |= NOTIFY_ACCEPT;
    tcp_leave(conn);
}

void tcp_listen_input(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key,
                      uint32_t iss)
{
    struct tcp_stack *stack = l->stack;
    struct ip_addr src;
    uint32_t mtu;

    if (rx->flags & TH_RST)
        return;
    if (rx->flags & TH_ACK) {
        tcp_reset_for(stack, rx);
        return;
    }
    if (!(rx->flags & TH_SYN) || rx->flags & TH_FIN)
        return;
    if (queues_full(l))
        return;
    if (!stack->net->route(stack->net_data, &key->remote, &src, &mtu))
        return;
    struct tcp_request *req = request_new(l, key, rx, mtu);
    req->entry.iss = iss ? iss : tcp_choose_seq(stack, key);
    request_window(req);
    list_push_back(&l->requests, &req->link);
    l->request_count++;
    table_add(stack->table, &req->entry);
    tcp_fastopen_option(rx, &req->cookie);
    if (tcp_fastopen_accepts(req, rx, &req->cookie)) {
        open_at_once(req, rx);
        return;
    }
    timer_set(stack->sim, &req->timer, request_timeout(req));
    send_syn_ack(req);
    if (l->ops && l->ops->syn)
        l->ops->syn(l);
}

/* ---- A segment for a request ---------------------------------------------------------------- */

/* The handshake is complete: the request becomes a connection, which gets the segment. */
static void establish(struct tcp_request *req, struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;
    struct tcp_listener *l = req->listener;

    if (accept_queue_full(l)) {
        stack->counters->ListenOverflows++;
        stack->counters->ListenDrops++;
        if (stack->sysctl->abort_on_overflow) {
            tcp_reset_for(stack, rx);
            request_free(req);
        }
        return;
    }
    struct tcp_conn *conn = make_child(req, rx);
    tcp_conn_input(conn, rx);
    tcp_leave(conn);
}

static bool in_window(uint32_t seq, uint32_t end_seq, uint32_t low, uint32_t high)
{
    if (seq == low)
        return true;
    if (after(end_seq, low) && before(seq, high))
        return true;
    return seq == high && seq == end_seq;
}

/* Timestamps of an old connection (PAWS), or an echo of what we did not send. */
static bool timestamps_wrong(struct tcp_request *req, const struct tcp_options *opt, bool reset)
{
    struct tcp_counters *counters = req->entry.stack->counters;

    if (!req->opt.tstamp_ok || !opt->saw_tstamp || reset)
        return false;
    if ((int32_t)(req->opt.ts_recent - opt->rcv_tsval) > 0) {
        counters->PAWSEstab++;
        return true;
    }
    if (opt->rcv_tsecr && !between(opt->rcv_tsecr, req->tsval_first, req->tsval_last)) {
        counters->TSEcrRejected++;
        return true;
    }
    return false;
}

static void repeat_syn_ack(struct tcp_request *req)
{
    struct tcp_stack *stack = req->entry.stack;

    if (tcp_oow_limited(stack, &req->last_oow_ms, &stack->counters->TCPACKSkippedSynRecv))
        return;
    req->num_retrans++;
    stack->counters->RetransSegs++;
    send_syn_ack(req);
    timer_set(stack->sim, &req->timer, request_timeout(req));
}

/* TCP_DEFER_ACCEPT: the listener does not want to hear of a connection without data yet. */
static bool must_wait_for_data(struct tcp_request *req, const struct tcp_rx *rx)
{
    if (req->num_timeout >= req->listener->config->defer_accept || rx->end_seq != req->irs + 1)
        return false;
    req->acked = true;
    req->entry.stack->counters->TCPDeferAcceptDrop++;
    return true;
}

void tcp_request_input(struct tcp_request *req, struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;
    struct tcp_options opt = { 0 };
    unsigned flags = rx->flags & (TH_SYN | TH_ACK | TH_RST | TH_FIN);

    opt.tstamp_ok = req->opt.tstamp_ok;
    tcp_options_established(rx, &opt);
    bool wrong = timestamps_wrong(req, &opt, (flags & TH_RST) != 0);
    if (rx->seq == req->irs && flags == TH_SYN && !wrong) {
        tcp_ecn_request_again(req, rx);
        repeat_syn_ack(req);
        return;
    }
    if (flags & TH_ACK && rx->ack != req->entry.iss + 1) {
        if (!(flags & TH_RST))
            tcp_reset_for(stack, rx);
        return;
    }
    if (wrong || !in_window(rx->seq, rx->end_seq, req->irs + 1, req->irs + 1 + req->rcv_wnd)) {
        if (!(flags & TH_RST) && !tcp_segment_limited(stack, rx, &req->last_oow_ms,
                                                      &stack->counters->TCPACKSkippedSynRecv))
            send_ack(req);
        return;
    }
    if (flags & (TH_RST | TH_SYN)) {
        stack->counters->AttemptFails++;
        if (!(flags & TH_RST))
            tcp_reset_for(stack, rx);
        request_free(req);
    } else if (flags & TH_ACK) {
        if (opt.saw_tstamp)
            req->opt.ts_recent = opt.rcv_tsval;
        if (must_wait_for_data(req, rx))
            return;
        establish(req, rx);
    }
}

/* An ICMP error about our SYN-ACK: forget the request (RFC 5927 leaves no other state to harm). */
void tcp_request_error(struct tcp_request *req, uint32_t seq)
{
    if (seq == req->entry.iss) {
        req->entry.stack->counters->ListenDrops++;
        request_free(req);
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
    struct tcp_listener *other = table_listener(stack->table, address, port);
    if (other && ip_addr_equal(&other->local, address))
        return EADDRINUSE;
    struct tcp_listener *l = g_new0(struct tcp_listener, 1);
    l->stack = stack;
    l->local = *address;
    l->port = port;
    l->backlog = min_u32(backlog, stack->sysctl->somaxconn);
    l->config = tcp_config_new(stack->memory, config);
    l->ops = ops;
    l->user = user;
    list_init(&l->requests);
    table_add_listener(stack->table, l);
    *out = l;
    return 0;
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

void tcp_listener_close(struct tcp_listener *l)
{
    table_remove_listener(l->stack->table, l);
    while (!list_empty(&l->requests))
        request_free(container_of(l->requests.next, struct tcp_request, link));
    for (struct tcp_conn *conn; (conn = tcp_accept(l, NULL, NULL));)
        tcp_abort(conn);
    tcp_config_unref(l->config);
    g_free(l);
}

void tcp_listener_forget(struct tcp_listener *l)
{
    table_remove_listener(l->stack->table, l);
    while (!list_empty(&l->requests))
        request_free(container_of(l->requests.next, struct tcp_request, link));
    for (struct tcp_conn *conn; (conn = tcp_accept(l, NULL, NULL));)
        ;
    tcp_config_unref(l->config);
    g_free(l);
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

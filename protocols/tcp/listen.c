/* Passive opening: listeners, half-open requests (the SYN queue), the accept queue.
 *
 * A SYN makes a struct tcp_request, which sends the SYN-ACK and repeats it; the ACK that completes
 * the handshake makes the connection.  The accept queue holds established connections that the
 * owner has not taken; while it is full new SYNs are dropped, and the ACKs of requests too, which
 * then stay requests (net.ipv4.tcp_abort_on_overflow resets them instead), so that the SYN queue
 * fills as well.
 *
 * Both queues are as long as the owner's backlog says, and hold one more.  When the SYN queue is
 * full there are SYN cookies (syncookie.c), or without them SYNs are dropped; then a quarter of
 * net.ipv4.tcp_max_syn_backlog is kept free, too, for addresses that have proved to exist: those
 * that something is known of (metrics.c).  Requests are young until their first time-out: when more
 * than half of the queue is taken, those that are not are given up earlier. */
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
    if (sent > 1) /* made anew each time: it counts as one that was not sent before */
        stack->counters->OutSegs++;
    struct tcp_config config = *req->listener->config;
    if (stack->sysctl->reflect_tos)
        config.tos = req->syn_tos;
    tcp_ip_send(stack, packet, &req->entry.key, &config, tx->ecn, &req->route, false);
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

static void repeat_syn_ack(struct tcp_request *req)
{
    struct tcp_counters *counters = req->entry.stack->counters;

    req->num_retrans++;
    counters->RetransSegs++;
    counters->TCPSynRetrans++;
    send_syn_ack(req);
}

/* Its timestamp, not the clock's, goes out. */
static void send_cookie(struct tcp_request *req)
{
    struct tcp_tx tx;

    describe(req, &tx, TH_SYN | TH_ACK);
    tcp_ecn_syn_ack(req, &tx);
    tx.tsval = tcp_syncookie_timestamp(req) + req->tsoffset;
    send_for(req, &tx, 1);
}

static void send_ack(struct tcp_request *req)
{
    struct tcp_tx tx;

    describe(req, &tx, TH_ACK);
    tx.seq = req->entry.iss + 1;
    tx.window = (uint16_t)(min_u32(req->rcv_wnd, 65535) >> req->opt.rcv_wscale);
    send_for(req, &tx, 0);
}

/* ---- Requests ------------------------------------------------------------------------------- */

static void syn_queue_add(struct tcp_request *req)
{
    struct tcp_listener *l = req->listener;

    table_add(l->stack->table, &req->entry);
    list_push_back(&l->requests, &req->link);
    l->request_count++;
    l->young_count++;
}

/* Harmless for one that is not in the queue. */
static void syn_queue_remove(struct tcp_request *req)
{
    struct tcp_listener *l = req->listener;

    if (!req->entry.hashed)
        return;
    table_remove(l->stack->table, &req->entry);
    list_remove(&req->link);
    l->request_count--;
    l->young_count -= req->num_timeout == 0;
}

static void request_free(struct tcp_request *req)
{
    struct tcp_stack *stack = req->entry.stack;

    timer_cancel(stack->sim, &req->timer);
    syn_queue_remove(req);
    pool_give(&stack->memory->requests, req);
}

/* The peer does not want it, or must not. */
static void request_reset(struct tcp_request *req)
{
    req->entry.stack->counters->EmbryonicRsts++;
    request_free(req);
}

static sim_time request_timeout(const struct tcp_request *req)
{
    uint64_t us = (uint64_t)TCP_RTO_INIT_US << (req->num_timeout < 7 ? req->num_timeout : 7);
    uint64_t most = req->entry.stack->sysctl->rto_max_ms * 1000ull;

    return req->entry.stack->sim->now + (sim_time)(us < most ? us : most) * SIM_US;
}

/* How often the SYN-ACK is repeated.  Half of the queue is for young requests. */
static uint32_t synack_retries(const struct tcp_request *req)
{
    const struct tcp_listener *l = req->listener;
    uint32_t most = l->config->syncnt ? l->config->syncnt : l->stack->sysctl->synack_retries;
    uint64_t young = 2 * l->young_count;

    if (2 * l->request_count > max_u32(8, l->backlog))
        for (; most > 2 && l->request_count >= young; most--)
            young *= 2;
    return most;
}

static void request_timer(struct sim *sim, struct timer *timer)
{
    struct tcp_request *req = container_of(timer, struct tcp_request, timer);
    struct tcp_counters *counters = req->entry.stack->counters;
    uint32_t most = synack_retries(req), defer = req->listener->config->defer_accept;

    counters->TCPTimeouts++;
    if (req->num_timeout >= most && (!req->acked || req->num_timeout >= defer)) {
        request_free(req);
        return;
    }
    /* While data is awaited nothing is repeated, but for the last chance at the end. */
    bool repeat = !req->acked || req->num_timeout + 1u >= defer;
    req->listener->young_count -= req->num_timeout == 0;
    req->num_timeout++;
    if (repeat)
        repeat_syn_ack(req);
    timer_set(sim, &req->timer, request_timeout(req));
}

/* Not in the queue yet.  NULL: there is no route to the peer. */
static struct tcp_request *request_new(struct tcp_listener *l, const struct tcp_key *key)
{
    struct tcp_stack *stack = l->stack;
    struct ip_addr src;
    uint32_t mtu;

    if (!stack->net->route(stack->net_data, &key->remote, &src, &mtu))
        return NULL;
    struct tcp_request *req = pool_take(&stack->memory->requests);
    uint32_t mss = max_u32(mtu, 40 + TCP_MIN_MSS) - 40;
    memset(req, 0, sizeof *req);
    req->entry = (struct tcp_entry){
        .stack = stack, .key = *key, .kind = TCP_KIND_REQUEST, .state = TCP_SYN_RECV
    };
    timer_init(&req->timer, stack->actor, request_timer);
    req->listener = l;
    if (l->config->mss)
        mss = min_u32(mss, l->config->mss);
    req->advmss = (uint16_t)min_u32(mss, 65495);
    req->pmtu = mtu;
    req->cookie.len = -1;
    return req;
}

static void request_take_syn(struct tcp_request *req, struct tcp_rx *rx, bool cookie)
{
    const struct tcp_config *config = req->listener->config;
    struct tcp_options *opt = &req->opt;

    tcp_options_syn(rx, req->entry.stack->sysctl, opt);
    if (config->mss)
        opt->mss_clamp = (uint16_t)min_u32(opt->mss_clamp, config->mss);
    if (cookie && !opt->saw_tstamp) /* which would have carried them */
        opt->wscale_ok = opt->sack_ok = false;
    opt->ts_recent = opt->saw_tstamp ? opt->rcv_tsval : 0;
    if (opt->tstamp_ok)
        req->tsoffset = tcp_timestamp_offset(req->entry.stack, &req->entry.key);
    if (!cookie || opt->tstamp_ok)
        tcp_ecn_request(req, rx);
    req->irs = rx->seq;
    req->syn_tos = rx->ip->tos & 0xfc;
}

static void request_window(struct tcp_request *req, uint32_t mss)
{
    const struct tcp_config *config = req->listener->config;
    const struct tcp_sysctl *sysctl = req->entry.stack->sysctl;
    struct tcp_initial_window w = { .clamp = config->window_clamp };
    uint32_t space = tcp_initial_space(req->entry.stack, config);

    if (config->rcvbuf && (w.clamp > space || w.clamp == 0))
        w.clamp = space;
    tcp_select_initial_window(sysctl, space, mss, req->opt.wscale_ok, &w);
    req->rcv_wnd = w.window;
    req->window_clamp = w.clamp;
    req->opt.rcv_wscale = w.wscale;
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
        struct tcp_trouble *trouble = tcp_trouble(conn);
        trouble->timeouts = req->num_timeout;
        trouble->rto_recoveries = 1;
        trouble->rto_time_ms = tcp_now_ms(conn) - conn->retrans_stamp_ms;
    } else if (req->num_retrans == 0 && req->snt_synack_us) { /* else by timestamps, if at all */
        conn->synack_sent_us = max_u32((uint32_t)req->snt_synack_us, 1);
    }
}

/* The child's own configuration: the listener's, unless TOS follows the peer's. */
static const struct tcp_config *child_config(const struct tcp_request *req)
{
    struct tcp_stack *stack = req->entry.stack;

    if (!stack->sysctl->reflect_tos)
        return tcp_config_ref(req->listener->config);
    struct tcp_config config = *req->listener->config;
    config.tos = req->syn_tos;
    return tcp_config_new(stack->memory, &config);
}

/* The request becomes a connection in the accept queue, which is entered. */
static struct tcp_conn *make_child(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;
    struct tcp_listener *l = req->listener;
    struct tcp_conn *conn = tcp_conn_make(stack, child_config(req));

    tcp_enter(conn);
    fsm_event(conn, FSM_ACCEPT);
    copy_request(conn, req, rx);
    tcp_ecn_open_child(conn, req, rx);
    conn->entry.key = req->entry.key;
    request_free(req);
    table_add(stack->table, &conn->entry);
    stack->counters->PassiveOpens++;
    accept_push(l, conn);
    return conn;
}

/* Fast Open: the SYN's data is taken, and the connection is there before its handshake. */
static void open_at_once(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_cookie answer = req->cookie;
    struct tcp_conn *conn = make_child(req, rx);

    conn->snd_wnd = conn->max_window = rx->window; /* not scaled in a SYN */
    tcp_sync_mss(conn, conn->pmtu);
    tcp_fastopen_open_child(conn, rx, &answer);
    tcp_init_transfer(conn);
    conn->notify |= NOTIFY_ACCEPT;
    tcp_leave(conn);
}

/* ---- SYN ------------------------------------------------------------------------------------ */

static bool drop_syn(struct tcp_listener *l, uint64_t *counter)
{
    ++*counter;
    l->stack->counters->ListenDrops++;
    return false;
}

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
    if (*cookie && !cookies)
        return drop_syn(l, &counters->TCPReqQFullDrop);
    counters->TCPReqQFullDoCookies += *cookie;
    if (accept_queue_full(l))
        return drop_syn(l, &counters->ListenOverflows);
    if (!expected && backlog_exhausted(l, key)) {
        counters->ListenDrops++;
        return false;
    }
    return true;
}

static void answer_by_cookie(struct tcp_request *req)
{
    tcp_syncookie_sent(req->listener);
    req->entry.iss =
        tcp_syncookie_make(req->entry.stack, &req->entry.key, req->irs, &req->opt.mss_clamp);
    send_cookie(req);
    request_free(req);
}

static void answer_syn(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_listener *l = req->listener;

    syn_queue_add(req);
    tcp_fastopen_option(rx, &req->cookie);
    if (tcp_fastopen_accepts(req, rx, &req->cookie)) {
        open_at_once(req, rx);
        return;
    }
    timer_set(l->stack->sim, &req->timer, request_timeout(req));
    send_syn_ack(req);
    if (l->ops && l->ops->syn)
        l->ops->syn(l);
}

static void listen_syn(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key,
                       uint32_t iss)
{
    struct tcp_request *req;
    bool cookie;

    if (!admit_syn(l, key, iss != 0, &cookie))
        return;
    req = request_new(l, key);
    if (!req)
        return;
    request_take_syn(req, rx, cookie);
    request_window(req, req->advmss - (req->opt.tstamp_ok ? 12 : 0));
    if (cookie) {
        answer_by_cookie(req);
        return;
    }
    req->entry.iss = iss ? iss : tcp_choose_seq(l->stack, key);
    answer_syn(req, rx);
}

/* ---- The ACK of a cookie -------------------------------------------------------------------- */

/* What was agreed to, out of the ACK; `opt` begins with nothing.  False: it is no answer to a
 * cookie. */
static bool read_cookie(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key,
                        struct tcp_options *opt, bool *ecn)
{
    struct tcp_stack *stack = l->stack;
    struct tcp_options said;

    opt->mss_clamp = tcp_syncookie_mss(stack, key, rx->seq - 1, rx->ack - 1);
    if (opt->mss_clamp == 0) {
        stack->counters->SyncookiesFailed++;
        return false;
    }
    stack->counters->SyncookiesRecv++;
    tcp_options_syn(rx, stack->sysctl, &said);
    opt->saw_tstamp = opt->tstamp_ok = said.saw_tstamp;
    opt->ts_recent = opt->rcv_tsval = said.rcv_tsval;
    if (said.rcv_tsecr)
        opt->rcv_tsecr = said.rcv_tsecr - tcp_timestamp_offset(stack, key);
    return tcp_syncookie_options(stack->sysctl, opt, ecn);
}

/* The request that was not kept becomes a connection.  Somebody may be there already, if the same
 * SYN was queued when it came again. */
static void establish_cookie(struct tcp_request *req, struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;
    struct tcp_key *key = &req->entry.key;

    if (accept_queue_full(req->listener)) {
        drop_syn(req->listener, &stack->counters->ListenOverflows);
        request_free(req);
    } else if (table_find(stack->table, key, table_hash(stack, key))) {
        request_free(req);
    } else {
        struct tcp_conn *conn = make_child(req, rx);
        tcp_conn_input(conn, rx);
        tcp_leave(conn);
    }
}

/* An ACK that nobody waits for.  False: no cookie explains it. */
static bool listen_ack(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key)
{
    struct tcp_options opt = { 0 };
    struct tcp_request *req;
    bool ecn = false;

    if (rx->flags & TH_SYN || !tcp_syncookie_expected(l) || !read_cookie(l, rx, key, &opt, &ecn))
        return false;
    req = request_new(l, key);
    if (!req)
        return true;
    req->opt = opt;
    if (opt.saw_tstamp && opt.rcv_tsecr)
        req->tsoffset = tcp_timestamp_offset(l->stack, key);
    req->irs = rx->seq - 1;
    req->syn_tos = rx->ip->tos & 0xfc;
    req->entry.iss = rx->ack - 1;
    if (ecn) /* the ACK of an accurate client reflects the SYN-ACK's field (RFC 9768 3.2.2.1) */
        req->ecn = tcp_rx_ace(rx) > 1 ? ECN_ACCURATE : ECN_CLASSIC;
    request_window(req, opt.mss_clamp);
    establish_cookie(req, rx);
    return true;
}

/* ---- A segment for a listener --------------------------------------------------------------- */

void tcp_listen_input(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key,
                      uint32_t iss)
{
    if (rx->flags & TH_RST)
        return;
    if (rx->flags & TH_ACK) {
        if (!listen_ack(l, rx, key))
            tcp_reset_for(l->stack, rx);
    } else if ((rx->flags & (TH_SYN | TH_FIN)) == TH_SYN) {
        listen_syn(l, rx, key, iss);
    }
}

/* ---- A segment for a request ---------------------------------------------------------------- */

/* The handshake is complete: the request becomes a connection, which gets the segment. */
static void establish(struct tcp_request *req, struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;

    if (accept_queue_full(req->listener)) {
        drop_syn(req->listener, &stack->counters->ListenOverflows);
        if (stack->sysctl->abort_on_overflow) {
            tcp_reset_for(stack, rx);
            request_reset(req);
        } else {
            req->acked = true;
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

enum stamp { STAMP_GOOD, STAMP_OLD, STAMP_NEVER_SENT };

/* Timestamps of an old connection (PAWS), or an echo of what we did not send. */
static enum stamp check_stamp(const struct tcp_request *req, const struct tcp_options *opt,
                              bool reset)
{
    if (!req->opt.tstamp_ok || !opt->saw_tstamp || reset)
        return STAMP_GOOD;
    if ((int32_t)(req->opt.ts_recent - opt->rcv_tsval) > 0)
        return STAMP_OLD;
    if (opt->rcv_tsecr && !between(opt->rcv_tsecr, req->tsval_first, req->tsval_last))
        return STAMP_NEVER_SENT;
    return STAMP_GOOD;
}

static void repeated_syn(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;

    tcp_ecn_request_again(req, rx);
    if (tcp_oow_limited(stack, &req->last_oow_ms, &stack->counters->TCPACKSkippedSynRecv))
        return;
    repeat_syn_ack(req);
    timer_set(stack->sim, &req->timer, request_timeout(req));
}

/* Out of window, or out of time. */
static void unacceptable(struct tcp_request *req, const struct tcp_rx *rx, enum stamp stamp)
{
    struct tcp_stack *stack = req->entry.stack;

    if (stamp == STAMP_OLD)
        stack->counters->PAWSEstab++;
    else if (stamp == STAMP_NEVER_SENT)
        stack->counters->TSEcrRejected++;
    if (!(rx->flags & TH_RST) &&
        !tcp_segment_limited(stack, rx, &req->last_oow_ms, &stack->counters->TCPACKSkippedSynRecv))
        send_ack(req);
}

/* RFC 5961 3.2: only the exact number is believed. */
static void reset_arrived(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;

    if (rx->seq == req->irs + 1) {
        stack->counters->AttemptFails++;
        request_reset(req);
    } else if (!tcp_oow_limited(stack, &req->last_oow_ms,
                                &stack->counters->TCPACKSkippedChallenge)) {
        stack->counters->TCPChallengeACK++;
        send_ack(req);
    }
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

/* An acceptable segment that is no RST. */
static void acceptable(struct tcp_request *req, struct tcp_rx *rx, const struct tcp_options *opt)
{
    struct tcp_stack *stack = req->entry.stack;

    if (rx->flags & TH_SYN && rx->seq != req->irs) {
        stack->counters->AttemptFails++;
        tcp_reset_for(stack, rx);
        request_reset(req);
    } else if (rx->flags & TH_ACK) {
        if (opt->saw_tstamp)
            req->opt.ts_recent = opt->rcv_tsval;
        if (!must_wait_for_data(req, rx))
            establish(req, rx);
    }
}

void tcp_request_input(struct tcp_request *req, struct tcp_rx *rx)
{
    struct tcp_options opt = { .tstamp_ok = req->opt.tstamp_ok };
    unsigned flags = rx->flags & (TH_SYN | TH_ACK | TH_RST | TH_FIN);

    tcp_options_established(rx, &opt);
    enum stamp stamp = check_stamp(req, &opt, (flags & TH_RST) != 0);
    if (rx->seq == req->irs && flags == TH_SYN && stamp != STAMP_OLD)
        repeated_syn(req, rx);
    else if ((flags & (TH_ACK | TH_RST)) == TH_ACK && rx->ack != req->entry.iss + 1)
        tcp_listen_input(req->listener, rx, &req->entry.key, 0);
    else if (stamp != STAMP_GOOD ||
             !in_window(rx->seq, rx->end_seq, req->irs + 1, req->irs + 1 + req->rcv_wnd))
        unacceptable(req, rx, stamp);
    else if (flags & TH_RST)
        reset_arrived(req, rx);
    else
        acceptable(req, rx, &opt);
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

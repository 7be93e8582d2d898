/* Half-open requests: the SYN queue of a listener.
 *
 * A request is in its listener's queue, and in the table of connections, from the SYN until the
 * handshake completes, is reset, or times out; the answer by SYN cookie makes one that is never
 * queued.  It repeats its SYN-ACK, the time-out doubling each time (RFC 6298 5.5). */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"

/* ---- What it sends -------------------------------------------------------------------------- */

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

static uint8_t own_tos(const struct tcp_request *req)
{
    return req->entry.stack->sysctl->reflect_tos ? req->syn_tos : req->listener->config->tos;
}

/* `sent`: how often, this time included; 0 for what is not repeated.  False if it did not leave. */
static bool send_for(struct tcp_request *req, const struct tcp_tx *tx, unsigned sent, uint8_t tos)
{
    struct tcp_stack *stack = req->entry.stack;
    struct packet *packet = packet_new(stack->sim);

    packet->transmission = (uint8_t)min_u32(sent, UINT8_MAX);
    if (sent > 1)
        packet->flags |= PACKET_RETRANSMIT;
    req->route.no_id = true;
    if (sent > 1) /* made anew each time: it counts as one that was not sent before */
        stack->counters->OutSegs++;
    struct tcp_config config = *req->listener->config;
    config.tos = tos;
    int error = tcp_send_packet(&req->entry, packet, tx, &config, &req->route);
    return error == 0 || error == XMIT_CN;
}

bool request_send_syn_ack(struct tcp_request *req)
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
    return send_for(req, &tx, 1u + req->num_retrans, own_tos(req));
}

bool request_repeat_syn_ack(struct tcp_request *req)
{
    struct tcp_counters *counters = req->entry.stack->counters;

    req->num_retrans++;
    if (!request_send_syn_ack(req)) {
        req->num_retrans--;
        return false;
    }
    counters->RetransSegs++;
    counters->TCPSynRetrans++;
    return true;
}

/* Its timestamp, not the clock's, goes out. */
void request_send_cookie(struct tcp_request *req)
{
    struct tcp_tx tx;

    describe(req, &tx, TH_SYN | TH_ACK);
    tcp_ecn_syn_ack(req, &tx);
    tx.tsval = tcp_syncookie_timestamp(req) + req->tsoffset;
    send_for(req, &tx, 1, own_tos(req));
}

void request_send_ack(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_tx tx;

    describe(req, &tx, TH_ACK);
    tx.seq = req->entry.iss + 1;
    tx.window = (uint16_t)(min_u32(req->rcv_wnd, 65535) >> req->opt.rcv_wscale);
    send_for(req, &tx, 0, tcp_rx_dscp(rx)); /* as a reset: nobody's type of service but theirs */
}

/* ---- The SYN queue -------------------------------------------------------------------------- */

void request_queue(struct tcp_request *req)
{
    struct tcp_listener *l = req->listener;

    table_add(l->stack->table, &req->entry);
    list_push_back(&l->requests, &req->link);
    l->request_count++;
    l->young_count++;
}

/* Harmless for one that is not in the queue. */
static void unqueue(struct tcp_request *req)
{
    struct tcp_listener *l = req->listener;

    if (!req->entry.hashed)
        return;
    table_remove(l->stack->table, &req->entry);
    list_remove(&req->link);
    l->request_count--;
    l->young_count -= req->num_timeout == 0;
}

void request_free(struct tcp_request *req)
{
    struct tcp_stack *stack = req->entry.stack;

    timer_cancel(stack->sim, &req->timer);
    unqueue(req);
    pool_give(&stack->memory->requests, req);
}

/* The peer does not want it, or must not. */
void request_reset(struct tcp_request *req)
{
    req->entry.stack->counters->EmbryonicRsts++;
    request_free(req);
}

void request_start_timer(struct tcp_request *req)
{
    struct sim *sim = req->entry.stack->sim;
    uint64_t us = (uint64_t)TCP_RTO_INIT_US << (req->num_timeout < 7 ? req->num_timeout : 7);
    uint64_t most =
        tcp_or(req->listener->config->rto_max_ms, req->entry.stack->sysctl->rto_max_ms) * 1000ull;

    timer_set(sim, &req->timer, sim->now + (sim_time)(us < most ? us : most) * SIM_US);
}

/* How often the SYN-ACK is repeated.  Half of the queue is for young requests. */
static uint32_t synack_retries(const struct tcp_request *req)
{
    const struct tcp_listener *l = req->listener;
    uint32_t most = tcp_or(l->config->syncnt, l->stack->sysctl->synack_retries);
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
    if (repeat && !request_repeat_syn_ack(req) && !req->acked) { /* nor will later ones leave */
        request_free(req);
        return;
    }
    req->listener->young_count -= req->num_timeout == 0;
    req->num_timeout++;
    request_start_timer(req);
}

/* ---- Making one ----------------------------------------------------------------------------- */

/* Not in the queue yet.  NULL: there is no route to the peer. */
struct tcp_request *request_new(struct tcp_listener *l, const struct tcp_key *key)
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

void request_take_syn(struct tcp_request *req, struct tcp_rx *rx, bool cookie)
{
    const struct tcp_config *config = req->listener->config;
    struct tcp_options *opt = &req->opt;

    tcp_options_syn(rx, req->entry.stack->sysctl, opt);
    if (opt->mss_clamp == 0)
        opt->mss_clamp = tcp_default_mss(req->entry.stack, &req->entry.key.remote);
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
    req->syn_tos = tcp_rx_dscp(rx);
}

void request_choose_window(struct tcp_request *req, uint32_t mss)
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

/* net:tcp: one TCP connection that carries bulk data from one node to another, endless or a number
 * of bytes.
 *
 * The destination listens, and reads as fast as data comes or at a given rate (a slow reader, whose
 * window fills).  The source closes after its last byte, the destination when it sees the end.  The
 * flow is done when everything was read; an endless one runs until `stop` or the end of the run. */
#include <errno.h>
#include <math.h>

#include "models/app/tcp_flow.h"

#define READ_TICK (10 * SIM_MS)

/* ---- Watching ------------------------------------------------------------------------------- */

/* What each ACK, and a time-out, may have changed. */
static void probe_window(struct app *app, struct tcp_conn *conn)
{
    const struct cc *cc = tcp_conn_cc(conn);

    app_probe(app, PROBE_CWND, cc->cwnd);
    app_probe(app, PROBE_SSTHRESH, cc->ssthresh == CC_INFINITE ? NAN : cc->ssthresh);
    app_probe(app, PROBE_PACING,
              cc->pacing_rate == UINT64_MAX ? NAN : 8.0 * (double)cc->pacing_rate);
}

/* What is not at hand, if it is wanted: it may change with each segment, either way. */
static void probe_info(struct app *app, struct tcp_conn *conn)
{
    struct tcp_info info;

    if (!app->probes[PROBE_RTO] && !app->probes[PROBE_RWND] && !app->probes[PROBE_INFLIGHT] &&
        !app->on_probe)
        return;
    tcp_info_get(conn, &info);
    app_probe(app, PROBE_RTO, simtime_seconds(info.rto));
    app_probe(app, PROBE_RWND, info.snd_wnd);
    app_probe(app, PROBE_INFLIGHT, info.inflight);
}

static void flow_acked(struct tcp_flow *flow, struct tcp_conn *conn)
{
    const struct cc *cc = tcp_conn_cc(conn);
    struct app *app = flow->app;
    sim_time rtt = tcp_conn_last_rtt(conn);

    if (rtt >= 0)
        histogram_add(&flow->rtt, (uint64_t)rtt);
    if (flow->slow_start_end == SIM_NEVER && !cc_in_slow_start(cc))
        flow->slow_start_end = app->sim->now;
    if (__builtin_expect(app->probes == NULL, 1))
        return;
    probe_window(app, conn);
    if (rtt >= 0)
        app_probe(app, PROBE_RTT, simtime_seconds(rtt));
    app_probe(app, PROBE_SRTT, simtime_seconds(cc->srtt_us * SIM_US));
    probe_info(app, conn);
}

static void flow_sent(struct tcp_flow *flow, struct tcp_conn *conn, uint32_t packets)
{
    struct app *app = flow->app;

    meter_add(&flow->sent, app->sim->now, packets);
    if (__builtin_expect(app->probes != NULL, 0))
        probe_info(app, conn);
}

static void sender_event(struct tcp_observer *observer, struct tcp_conn *conn, enum tcp_event event,
                         uint32_t a, uint32_t b)
{
    struct tcp_flow *flow = container_of(observer, struct tcp_flow, watch_sender);
    struct app *app = flow->app;

    switch (event) {
    case TCP_EVENT_ACK:
        flow_acked(flow, conn);
        break;
    case TCP_EVENT_TIMEOUT:
        probe_window(app, conn);
        break;
    case TCP_EVENT_SEND:
        flow_sent(flow, conn, b);
        break;
    case TCP_EVENT_RETRANSMIT:
        flow_sent(flow, conn, b);
        meter_add(&flow->retransmits, app->sim->now, b);
        app_probe(app, PROBE_RETRANSMITS, (double)flow->retransmits.value);
        break;
    case TCP_EVENT_LOSS:
        meter_add(&flow->lost, app->sim->now, a);
        app_probe(app, PROBE_LOST, (double)flow->lost.value);
        break;
    case TCP_EVENT_STATE:
        app_probe(app, PROBE_STATE, b);
        break;
    default:
        break;
    }
}

static void receiver_event(struct tcp_observer *observer, struct tcp_conn *conn,
                           enum tcp_event event, uint32_t a, uint32_t b)
{
    struct tcp_flow *flow = container_of(observer, struct tcp_flow, watch_receiver);

    if (event == TCP_EVENT_STATE) {
        app_probe(flow->app, PROBE_RECEIVER_STATE, b);
        return;
    }
    meter_add(&flow->delivered, flow->app->sim->now, a);
    app_probe(flow->app, PROBE_DELIVERED, (double)flow->delivered.value);
}

/* ---- The destination ------------------------------------------------------------------------ */

/* What remains is to close; the connection is kept, and watched, until it has. */
static void receiver_check_end(struct tcp_flow *flow)
{
    if (!flow->receiver || !tcp_recv_eof(flow->receiver))
        return;
    timer_cancel(flow->app->sim, &flow->read_timer);
    tcp_shutdown(flow->receiver);
    app_done(flow->app, 0);
}

static void receiver_fin(struct tcp_conn *conn)
{
    receiver_check_end(tcp_conn_user(conn));
}

static void receiver_closed(struct tcp_conn *conn, int error)
{
    struct tcp_flow *flow = tcp_conn_user(conn);

    tcp_unobserve(conn, &flow->watch_receiver);
    timer_cancel(flow->app->sim, &flow->read_timer);
    tcp_close(conn);
    flow->receiver = NULL;
    app_done(flow->app, error);
}

static const struct tcp_user_ops receiver_ops = { .peer_fin = receiver_fin,
                                                  .closed = receiver_closed };

/* A slow reader takes what its rate allows, every tick. */
static void receiver_read(struct sim *sim, struct timer *timer)
{
    struct tcp_flow *flow = container_of(timer, struct tcp_flow, read_timer);
    uint64_t due = flow->read_rate
                       ? simtime_bits_in(sim->now - flow->app->began, flow->read_rate) / 8
                       : UINT64_MAX;
    uint32_t n;

    do {
        n = tcp_recv_bytes(flow->receiver, NULL, (uint32_t)MIN(due - flow->read, UINT32_MAX));
        flow->read += n;
    } while (n > 0);
    timer_set(sim, timer, sim->now + READ_TICK);
    receiver_check_end(flow);
}

static void receiver_accept(struct tcp_listener *listener)
{
    struct tcp_flow *flow = tcp_listener_user(listener);
    struct sim *sim = flow->app->sim;

    flow->receiver = tcp_accept(listener, &receiver_ops, flow);
    flow->watch_receiver = (struct tcp_observer){
        .events = 1 << TCP_EVENT_DELIVER | 1 << TCP_EVENT_STATE,
        .event = receiver_event,
    };
    tcp_observe(flow->receiver, &flow->watch_receiver);
    app_probe(flow->app, PROBE_RECEIVER_STATE, tcp_conn_state(flow->receiver));
    /* If the handshake's last ACK was lost, the segment that completed it had data already. */
    uint64_t early = tcp_conn_bytes_received(flow->receiver);
    if (early > 0)
        receiver_event(&flow->watch_receiver, flow->receiver, TCP_EVENT_DELIVER, (uint32_t)early,
                       0);
    if (!flow->config.sink)
        timer_set(sim, &flow->read_timer, MAX(sim->now, flow->read_start));
    tcp_listener_close(listener);
    flow->listener = NULL;
}

static void receiver_syn(struct tcp_listener *listener)
{
    struct tcp_flow *flow = tcp_listener_user(listener);

    app_probe(flow->app, PROBE_RECEIVER_STATE, TCP_SYN_RECV);
}

static const struct tcp_listener_ops listener_ops = { .syn = receiver_syn,
                                                      .acceptable = receiver_accept };

/* ---- The source ----------------------------------------------------------------------------- */

static void sender_closed(struct tcp_conn *conn, int error)
{
    struct tcp_flow *flow = tcp_conn_user(conn);

    tcp_info_get(conn, &flow->last);
    tcp_unobserve(conn, &flow->watch_sender);
    tcp_close(conn);
    flow->sender = NULL;
    if (error)
        app_done(flow->app, error);
}

static const struct tcp_user_ops sender_ops = { .closed = sender_closed };

static bool listen_somewhere(struct tcp_flow *flow, const struct ip_addr *to)
{
    struct tcp_stack *stack = node_tcp(flow->app->to.node);

    return tcp_listen(stack, to, (uint16_t)flow->port, 1, &flow->config, &listener_ops, flow,
                      &flow->listener) == 0;
}

static int open_sender(struct tcp_flow *flow, const struct ip_addr *from, const struct ip_addr *to)
{
    struct tcp_config config = flow->config;

    config.sink = false;
    flow->sender = tcp_conn_new(node_tcp(flow->app->from.node), &config, &sender_ops, flow);
    flow->watch_sender = (struct tcp_observer){ .event = sender_event };
    flow->watch_sender.events = 1 << TCP_EVENT_ACK | 1 << TCP_EVENT_SEND |
                                1 << TCP_EVENT_RETRANSMIT | 1 << TCP_EVENT_TIMEOUT |
                                1 << TCP_EVENT_LOSS | 1 << TCP_EVENT_STATE;
    tcp_observe(flow->sender, &flow->watch_sender);
    int error = tcp_connect(flow->sender, from, (uint16_t)flow->sport, to, (uint16_t)flow->port);
    if (error)
        return error;
    return tcp_send_bulk(flow->sender, flow->bytes ? flow->bytes : TCP_ENDLESS);
}

/* What counts begins at 0, so that a record shows its first step, too. */
static void record_zeros(struct app *app)
{
    static const int counts[] = { PROBE_DELIVERED, PROBE_RETRANSMITS, PROBE_LOST };

    for (size_t i = 0; app->probes && i < G_N_ELEMENTS(counts); i++)
        if (app->probes[counts[i]])
            series_add(app->probes[counts[i]], app->sim->now, 0);
}

static void flow_start(struct app *app)
{
    static const struct ip_addr any;
    struct tcp_flow *flow = flow_of(app);
    struct ip_addr from = any, to;

    record_zeros(app);
    if (!endpoint_resolve(&app->to, &to) || !listen_somewhere(flow, &to)) {
        app_done(app, EADDRINUSE);
        return;
    }
    app_probe(app, PROBE_RECEIVER_STATE, TCP_LISTEN);
    if (app->from.iface || !ip_addr_equal(&app->from.addr, &any))
        endpoint_resolve(&app->from, &from);
    int error = open_sender(flow, &from, &to);
    if (error)
        app_done(app, error);
    else if (flow->bytes)
        tcp_shutdown(flow->sender);
}

static void flow_stop(struct app *app)
{
    struct tcp_flow *flow = flow_of(app);

    if (flow->sender) {
        tcp_send_bulk_stop(flow->sender);
        tcp_shutdown(flow->sender);
    }
}

static bool flow_init(struct app *app, GError **error)
{
    struct tcp_flow *flow = flow_of(app);

    flow->app = app;
    flow->slow_start_end = SIM_NEVER;
    if (app->to.port)
        flow->port = app->to.port;
    if (app->from.port)
        flow->sport = app->from.port;
    if (!flow->port)
        flow->port = network_free_port(app->net, app->to.node);
    timer_init(&flow->read_timer, app->actor, receiver_read);
    flow->config = (struct tcp_config){
        .rcvbuf = (uint32_t)flow->rcvbuf,
        .sndbuf = (uint32_t)flow->sndbuf,
        .window_clamp = (uint32_t)flow->window_clamp,
        .user_timeout_ms = flow->user_timeout_ms,
        .notsent_lowat = (uint32_t)flow->notsent_lowat,
        .keepidle = flow->keepidle,
        .keepintvl = flow->keepintvl,
        .keepcnt = (uint8_t)flow->keepcnt,
        .syncnt = (uint8_t)flow->syncnt,
        .ttl = (uint8_t)flow->ttl,
        .flow = app->number,
        .mss = (uint16_t)flow->mss,
        .tos = (uint8_t)(flow->dscp << 2),
        .nodelay = flow->nodelay,
        .cork = flow->cork,
        .keepalive = flow->keepalive,
        .sink = !flow->read_rate && !flow->read_start,
    };
    return app_cc(app, flow->cc, &flow->config, error);
}

static void let_go(struct app *app, struct tcp_conn *conn, struct tcp_observer *watch)
{
    if (!conn || app->net->ending)
        return;
    tcp_unobserve(conn, watch);
    tcp_close(conn);
}

/* The connections may outlive the flow, which is done when all has arrived. */
static void flow_release(struct app *app)
{
    struct tcp_flow *flow = flow_of(app);

    timer_cancel(app->sim, &flow->read_timer);
    let_go(app, flow->sender, &flow->watch_sender);
    let_go(app, flow->receiver, &flow->watch_receiver);
    if (flow->listener && !app->net->ending)
        tcp_listener_close(flow->listener);
    meter_fini(&flow->delivered);
    meter_fini(&flow->sent);
    meter_fini(&flow->retransmits);
    meter_fini(&flow->lost);
    histogram_fini(&flow->rtt);
}

#define FIELD(member) offsetof(struct tcp_flow, member)

static const struct param flow_params[] = {
    { "cc", PARAM_STRING, FIELD(cc), NULL, 0, 0,
      "congestion control of the sender, with its parameters: \"cubic hystart off\"; default: "
      "net.ipv4.tcp_congestion_control",
      NULL },
    { "bytes", PARAM_SIZE, FIELD(bytes), "0", 0, 0, "bytes to send; 0: no end", NULL },
    { "port", PARAM_U32, FIELD(port), "0", 0, 65535,
      "port of the destination; 0: a free one from 5001 on", NULL },
    { "sport", PARAM_U32, FIELD(sport), "0", 0, 65535, "port of the source; 0: an ephemeral one",
      NULL },
    { "dscp", PARAM_U32, FIELD(dscp), "0", 0, 63, "differentiated services code point", NULL },
    { "sockopt.TCP_MAXSEG", PARAM_U32, FIELD(mss), "0", 0, 65495,
      "TCP_MAXSEG, bytes; 0: by the path", NULL },
    { "sockopt.SO_RCVBUF", PARAM_SIZE, FIELD(rcvbuf), "0", 0, 1e9,
      "SO_RCVBUF of the destination (doubled, as in Linux); 0: automatic", NULL },
    { "sockopt.SO_SNDBUF", PARAM_SIZE, FIELD(sndbuf), "0", 0, 1e9,
      "SO_SNDBUF of the source (doubled, as in Linux); 0: automatic", NULL },
    { "read_rate", PARAM_RATE, FIELD(read_rate), "0", 0, 0,
      "how fast the destination reads; 0: as data comes", NULL },
    { "read_start", PARAM_TIME, FIELD(read_start), "0s", 0, 0,
      "the destination reads nothing before this time", NULL },
    { "sockopt.TCP_NODELAY", PARAM_BOOL, FIELD(nodelay), "no", 0, 0, "TCP_NODELAY: no Nagle",
      NULL },
    { "sockopt.TCP_CORK", PARAM_BOOL, FIELD(cork), "no", 0, 0, "TCP_CORK", NULL },
    { "sockopt.SO_KEEPALIVE", PARAM_BOOL, FIELD(keepalive), "no", 0, 0, "SO_KEEPALIVE", NULL },
    { "sockopt.TCP_KEEPIDLE", PARAM_U32, FIELD(keepidle), "0", 0, 32767,
      "TCP_KEEPIDLE, seconds; 0: net.ipv4.tcp_keepalive_time", NULL },
    { "sockopt.TCP_KEEPINTVL", PARAM_U32, FIELD(keepintvl), "0", 0, 32767,
      "TCP_KEEPINTVL, seconds; 0: net.ipv4.tcp_keepalive_intvl", NULL },
    { "sockopt.TCP_KEEPCNT", PARAM_U32, FIELD(keepcnt), "0", 0, 127,
      "TCP_KEEPCNT; 0: net.ipv4.tcp_keepalive_probes", NULL },
    { "sockopt.TCP_SYNCNT", PARAM_U32, FIELD(syncnt), "0", 0, 127,
      "TCP_SYNCNT; 0: net.ipv4.tcp_syn_retries", NULL },
    { "sockopt.TCP_USER_TIMEOUT", PARAM_U32, FIELD(user_timeout_ms), "0", 0, INT32_MAX,
      "TCP_USER_TIMEOUT, milliseconds; 0: by net.ipv4.tcp_retries2", NULL },
    { "sockopt.TCP_WINDOW_CLAMP", PARAM_SIZE, FIELD(window_clamp), "0", 0, INT32_MAX,
      "TCP_WINDOW_CLAMP: bounds the first window and the scale; autotuning goes on; 0: no limit",
      NULL },
    { "sockopt.TCP_NOTSENT_LOWAT", PARAM_SIZE, FIELD(notsent_lowat), "0", 0, UINT32_MAX,
      "TCP_NOTSENT_LOWAT; 0: net.ipv4.tcp_notsent_lowat", NULL },
    { "sockopt.IP_TTL", PARAM_U32, FIELD(ttl), "0", 0, 255, "IP_TTL; 0: net.ipv4.ip_default_ttl",
      NULL },
    PARAM_END,
};

static const char *const flow_shown[] = { "goodput",  "retransmits", "loss",    "fct", "rtt.min",
                                          "rtt.mean", "rtt.p99",     "limited", NULL };

static const struct app_ops tcp_ops = {
    .name = "tcp",
    .hosted = true,
    .doc = "bulk data over one TCP connection",
    .params = flow_params,
    .metrics = tcp_flow_metrics,
    .priv_size = sizeof(struct tcp_flow),
    .probes = PROBES,
    .init = flow_init,
    .start = flow_start,
    .stop = flow_stop,
    .release = flow_release,
    .shown = flow_shown,
    .remark = tcp_flow_remark,
};

const struct app_ops *const tcp_module[] = { &tcp_ops, NULL };

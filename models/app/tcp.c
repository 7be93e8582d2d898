/* net:tcp: one TCP connection that carries bulk data from one node to another, endless or a number
 * of bytes.
 *
 * The destination listens, and reads as fast as data comes or at a given rate (a slow reader, whose
 * window fills).  The source closes after its last byte, the destination when it sees the end.  The
 * flow is done when everything was read; an endless one runs until `stop` or the end of the run. */
#include <errno.h>
#include <math.h>

#include "models/app/app.h"
#include "protocols/tcp/tcp.h"
#include "sim/histogram.h"
#include "sim/meter.h"

enum tcp_probe {
    PROBE_CWND,
    PROBE_SSTHRESH,
    PROBE_RTT,
    PROBE_SRTT,
    PROBE_RTO,
    PROBE_RWND,
    PROBE_PACING,
    PROBE_INFLIGHT,
    PROBE_DELIVERED,
    PROBE_RETRANSMITS,
    PROBE_LOST,
    PROBE_STATE,
    PROBE_RECEIVER_STATE,
    PROBES
};

#define READ_TICK (10 * SIM_MS)

struct tcp_flow {
    /* Options. */
    char *cc;
    uint64_t bytes; /* 0: endless */
    uint32_t port, sport, dscp, mss;
    uint64_t rcvbuf, sndbuf, window_clamp, notsent_lowat;
    uint32_t user_timeout_ms, keepidle, keepintvl, keepcnt, syncnt, ttl;
    uint64_t read_rate;  /* 0: as it comes */
    sim_time read_start; /* the destination reads nothing before */
    bool nodelay, cork, keepalive;

    struct app *app;
    struct tcp_config config;
    struct tcp_listener *listener;
    struct tcp_conn *sender, *receiver;
    struct tcp_observer watch_sender, watch_receiver;
    struct timer read_timer;
    struct meter delivered;               /* bytes */
    struct meter sent, retransmits, lost; /* segments */
    struct histogram rtt;                 /* picoseconds */
    struct tcp_info last;                 /* of the sender, kept when it ended */
    uint64_t read;                        /* bytes, by a slow reader */
    sim_time slow_start_end;              /* SIM_NEVER: still in it */
};

static struct tcp_flow *flow_of(struct app *app)
{
    return (struct tcp_flow *)app->priv;
}

/* ---- Watching ------------------------------------------------------------------------------ */

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

/* ---- The destination ----------------------------------------------------------------------- */

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

/* ---- The source ---------------------------------------------------------------------------- */

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

/* ---- Results ------------------------------------------------------------------------------- */

static const struct tcp_info *flow_info(struct tcp_flow *flow)
{
    if (flow->sender)
        tcp_info_get(flow->sender, &flow->last);
    return &flow->last;
}

/* The part of the span in which the flow was alive, in seconds. */
static double alive(const struct app *app, const struct metric_span *span)
{
    sim_time from = MAX(span->from, app->began), to = MIN(span->to, app->ended);

    return app->began == SIM_NEVER || to <= from ? NAN : simtime_seconds(to - from);
}

static double result_goodput(void *object, const struct metric_span *span)
{
    struct app *app = object;

    return 8 * app_counted(app, &flow_of(app)->delivered, span) / alive(app, span);
}

static double result_delivered(void *object, const struct metric_span *span)
{
    return app_counted(object, &flow_of(object)->delivered, span);
}

static double result_retransmits(void *object, const struct metric_span *span)
{
    return app_counted(object, &flow_of(object)->retransmits, span);
}

static double result_lost(void *object, const struct metric_span *span)
{
    return app_counted(object, &flow_of(object)->lost, span);
}

static double result_loss(void *object, const struct metric_span *span)
{
    double sent = app_counted(object, &flow_of(object)->sent, span);

    return sent > 0 ? result_retransmits(object, span) / sent : NAN;
}

static double result_fct(void *object, const struct metric_span *span)
{
    struct app *app = object;

    return app->state == APP_DONE ? simtime_seconds(app->ended - app->began) : NAN;
}

#define RTT_RESULT(name, expression)                                              \
    static double result_rtt_##name(void *object, const struct metric_span *span) \
    {                                                                             \
        struct histogram *h = &flow_of(object)->rtt;                              \
        return (expression) / 1e12;                                               \
    }
RTT_RESULT(min, histogram_percentile(h, 0))
RTT_RESULT(mean, histogram_mean(h))
RTT_RESULT(max, histogram_percentile(h, 100))
RTT_RESULT(p50, histogram_percentile(h, 50))
RTT_RESULT(p95, histogram_percentile(h, 95))
RTT_RESULT(p99, histogram_percentile(h, 99))

#define LIMIT_RESULT(name, limit)                                                     \
    static double result_limited_##name(void *object, const struct metric_span *span) \
    {                                                                                 \
        const struct tcp_info *info = flow_info(flow_of(object));                     \
        sim_time all = 0;                                                             \
        for (int i = 0; i < TCP_LIMITS; i++)                                          \
            all += info->limited[i];                                                  \
        return all == 0 ? NAN : (double)info->limited[limit] / (double)all;           \
    }
LIMIT_RESULT(app, TCP_LIMIT_APP)
LIMIT_RESULT(cwnd, TCP_LIMIT_CWND)
LIMIT_RESULT(rwnd, TCP_LIMIT_RWND)
LIMIT_RESULT(sndbuf, TCP_LIMIT_SNDBUF)
LIMIT_RESULT(pacing, TCP_LIMIT_PACING)

static double result_timeouts(void *object, const struct metric_span *span)
{
    return flow_info(flow_of(object))->timeouts_total;
}

static double result_slow_start_end(void *object, const struct metric_span *span)
{
    sim_time end = flow_of(object)->slow_start_end;
    return end == SIM_NEVER ? NAN : simtime_seconds(end);
}

static double now_cwnd(void *object)
{
    return flow_info(flow_of(object))->cwnd;
}

static double now_ssthresh(void *object)
{
    uint32_t ssthresh = flow_info(flow_of(object))->ssthresh;
    return ssthresh == CC_INFINITE ? NAN : ssthresh;
}

static double now_last_rtt(void *object)
{
    sim_time rtt = flow_info(flow_of(object))->last_rtt;
    return rtt > 0 ? simtime_seconds(rtt) : NAN;
}

static double now_srtt(void *object)
{
    sim_time srtt = flow_info(flow_of(object))->srtt;
    return srtt > 0 ? simtime_seconds(srtt) : NAN; /* none yet */
}

static double now_rto(void *object)
{
    return simtime_seconds(flow_info(flow_of(object))->rto);
}

static double now_pacing(void *object)
{
    uint64_t rate = flow_info(flow_of(object))->pacing_rate;
    return rate == UINT64_MAX ? NAN : 8.0 * (double)rate;
}

static double now_inflight(void *object)
{
    return flow_info(flow_of(object))->inflight;
}

static double now_delivered(void *object)
{
    return (double)flow_of(object)->delivered.value;
}

static double now_retransmits(void *object)
{
    return (double)flow_of(object)->retransmits.value;
}

static double now_lost(void *object)
{
    return (double)flow_of(object)->lost.value;
}

static double now_rwnd(void *object)
{
    return flow_info(flow_of(object))->snd_wnd;
}

static double now_state(void *object)
{
    return flow_info(flow_of(object))->state;
}

static double now_receiver_state(void *object)
{
    struct tcp_flow *flow = flow_of(object);

    if (flow->receiver)
        return tcp_conn_state(flow->receiver);
    return flow->listener ? TCP_LISTEN : TCP_CLOSED;
}

static const struct metric flow_metrics[] = {
    { "goodput", "bit/s", "payload delivered in order to the destination", METRIC_RATE, -1, 8,
      result_goodput, now_delivered },
    { "delivered", "B", "payload delivered in order to the destination", METRIC_GAUGE,
      PROBE_DELIVERED, 1, result_delivered, now_delivered },
    { "retransmits", "packets", "segments sent again", METRIC_GAUGE, PROBE_RETRANSMITS, 1,
      result_retransmits, now_retransmits },
    { "lost", "packets", "segments that the sender held lost, rightly or not", METRIC_GAUGE,
      PROBE_LOST, 1, result_lost, now_lost },
    { "loss", "1", "segments sent again, of all that were sent", METRIC_RESULT, -1, 1, result_loss,
      NULL },
    { "fct", "s", "flow completion time: from the start to the last byte's delivery", METRIC_RESULT,
      -1, 1, result_fct, NULL },
    { "rtt", "s", "round-trip time of each sample", METRIC_SAMPLE, PROBE_RTT, 1, NULL,
      now_last_rtt },
    { "rtt.min", "s", "least round-trip time", METRIC_RESULT, -1, 1, result_rtt_min, NULL,
      .whole = true },
    { "rtt.mean", "s", "mean round-trip time of the samples", METRIC_RESULT, -1, 1, result_rtt_mean,
      NULL, .whole = true },
    { "rtt.max", "s", "greatest round-trip time", METRIC_RESULT, -1, 1, result_rtt_max, NULL,
      .whole = true },
    { "rtt.p50", "s", "median round-trip time", METRIC_RESULT, -1, 1, result_rtt_p50, NULL,
      .whole = true },
    { "rtt.p95", "s", "95th percentile of the round-trip time", METRIC_RESULT, -1, 1,
      result_rtt_p95, NULL, .whole = true },
    { "rtt.p99", "s", "99th percentile of the round-trip time", METRIC_RESULT, -1, 1,
      result_rtt_p99, NULL, .whole = true },
    { "limited.app", "1", "fraction of the time in which there was nothing to send", METRIC_RESULT,
      -1, 1, result_limited_app, NULL, .whole = true },
    { "limited.cwnd", "1", "fraction of the time limited by the congestion window", METRIC_RESULT,
      -1, 1, result_limited_cwnd, NULL, .whole = true },
    { "limited.rwnd", "1", "fraction of the time limited by the receive window", METRIC_RESULT, -1,
      1, result_limited_rwnd, NULL, .whole = true },
    { "limited.sndbuf", "1", "fraction of the time limited by the send buffer", METRIC_RESULT, -1,
      1, result_limited_sndbuf, NULL, .whole = true },
    { "limited.pacing", "1", "fraction of the time limited by pacing", METRIC_RESULT, -1, 1,
      result_limited_pacing, NULL, .whole = true },
    { "timeouts", "", "expirations of the retransmission timer", METRIC_RESULT, -1, 1,
      result_timeouts, NULL, .whole = true },
    { "slow_start_end", "s", "when the flow left slow start for the first time", METRIC_RESULT, -1,
      1, result_slow_start_end, NULL },
    { "cwnd", "packets", "congestion window", METRIC_GAUGE, PROBE_CWND, 1, NULL, now_cwnd },
    { "ssthresh", "packets", "slow-start threshold", METRIC_GAUGE, PROBE_SSTHRESH, 1, NULL,
      now_ssthresh },
    { "srtt", "s", "smoothed round-trip time", METRIC_GAUGE, PROBE_SRTT, 1, NULL, now_srtt },
    { "rto", "s", "retransmission timeout", METRIC_GAUGE, PROBE_RTO, 1, NULL, now_rto },
    { "pacing_rate", "bit/s", "pacing rate", METRIC_GAUGE, PROBE_PACING, 1, NULL, now_pacing },
    { "inflight", "packets", "packets in the network", METRIC_GAUGE, PROBE_INFLIGHT, 1, NULL,
      now_inflight },
    { "rwnd", "B", "the receiver's window, as the sender knows it", METRIC_GAUGE, PROBE_RWND, 1,
      NULL, now_rwnd },
    { "state", "", "state of the sender's connection", METRIC_GAUGE, PROBE_STATE, 1, NULL,
      now_state, tcp_state_names },
    { "receiver_state", "", "state of the receiver's connection", METRIC_GAUGE,
      PROBE_RECEIVER_STATE, 1, NULL, now_receiver_state, tcp_state_names },
    METRIC_END,
};

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

/* Fewer round trips than this say more about the start than about the flow. */
enum { ROUND_TRIPS_LEAST = 20 };

static bool mostly_limited_by_cwnd(const struct tcp_info *info)
{
    for (int i = 0; i < TCP_LIMITS; i++)
        if (info->limited[i] > info->limited[TCP_LIMIT_CWND])
            return false;
    return true;
}

/* Of endless flows alone: one that ends is judged by its completion time. */
static char *flow_remark(struct app *app)
{
    struct tcp_flow *flow = flow_of(app);
    double rtt = histogram_mean(&flow->rtt);

    if (flow->bytes > 0 || app->began == SIM_NEVER || isnan(rtt))
        return NULL;
    double lived = (double)(MIN(app->ended, app->sim->now) - app->began);
    if (lived < ROUND_TRIPS_LEAST * rtt)
        return g_strdup_printf("it lived for fewer than %d round trips, so its figures are those "
                               "of a start",
                               ROUND_TRIPS_LEAST);
    if (flow->slow_start_end == SIM_NEVER && mostly_limited_by_cwnd(flow_info(flow)))
        return g_strdup("it never left slow start, so its figures are those of a start");
    return NULL;
}

static const char *const flow_shown[] = { "goodput",  "retransmits", "loss",    "fct", "rtt.min",
                                          "rtt.mean", "rtt.p99",     "limited", NULL };

static const struct app_ops tcp_ops = {
    .name = "tcp",
    .hosted = true,
    .doc = "bulk data over one TCP connection",
    .params = flow_params,
    .metrics = flow_metrics,
    .priv_size = sizeof(struct tcp_flow),
    .probes = PROBES,
    .init = flow_init,
    .start = flow_start,
    .stop = flow_stop,
    .release = flow_release,
    .shown = flow_shown,
    .remark = flow_remark,
};

const struct app_ops *const tcp_module[] = { &tcp_ops, NULL };

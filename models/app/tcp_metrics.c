/* What can be seen of a flow of net:tcp: figures over a span, figures now, and a remark. */
#include <math.h>

#include "models/app/tcp_flow.h"

/* ---- Over a span ---------------------------------------------------------------------------- */

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

/* ---- Now ------------------------------------------------------------------------------------ */

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

/* ---- The table ------------------------------------------------------------------------------ */

const struct metric tcp_flow_metrics[] = {
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

/* ---- The remark ----------------------------------------------------------------------------- */

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
char *tcp_flow_remark(struct app *app)
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

/* net:udp: datagrams from one node to another, at a constant rate or with random sizes and gaps.
 *
 * Pacing, and the meaning of sizes: datagrams.h.  What is counted as lost, and how: stream.h. */
#include "models/app/datagrams.h"

struct udp_flow {
    struct datagrams datagrams;
};

static void udp_flow_start(struct app *app)
{
    struct udp_flow *flow = (struct udp_flow *)app->priv;

    if (datagrams_start(app))
        datagrams_run(&flow->datagrams, SIM_NEVER);
}

static const struct metric udp_metrics[] = { STREAM_METRICS, METRIC_END };

static const struct param udp_params[] = { DATAGRAM_PARAMS, STREAM_PARAMS, PARAM_END };

static const char *const udp_shown[] = { "goodput",    "sent",      "lost",   "loss",
                                         "delay.mean", "delay.p99", "jitter", NULL };

static const struct app_ops udp_ops = {
    .name = "udp",
    .doc = "UDP datagrams at a constant rate, or with random sizes and gaps",
    .params = udp_params,
    .metrics = udp_metrics,
    .priv_size = sizeof(struct udp_flow),
    .probes = STREAM_PROBES,
    .init = datagrams_init,
    .start = udp_flow_start,
    .stop = datagrams_stop,
    .release = datagrams_release,
    .shown = udp_shown,
    .remark = stream_remark,
};

const struct app_ops *const udp_module[] = { &udp_ops, NULL };

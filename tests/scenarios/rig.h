/* Two hosts, a link, and a source of datagrams with known times.
 *
 * a --- 1 Mbit/s, 10 ms, pfifo limit 2 --- b
 *
 * The source sends one datagram at 0 s, for ARP, and ten at once at 1 s.  A frame of 1014 bytes (14
 * Ethernet, 20 IPv4, 8 UDP, 972 data) takes 1038 bytes of wire time (4 FCS, 8 preamble, 12 gap),
 * 8.304 ms.  Of the ten, one is being sent, two wait, seven are dropped. */
#ifndef WEFT_TESTS_SCENARIOS_RIG_H
#define WEFT_TESTS_SCENARIOS_RIG_H

#include "scenarios/results/report.h"
#include "tests/support/suite.h"

enum { RIG_DATA = 972, RIG_BURST = 10, RIG_PORT = 9 };

#define RIG_FRAME_TIME (8304 * SIM_US)

struct source {
    uint64_t size;
    struct app *app;
    struct timer burst;
    struct udp_socket out, in;
    uint64_t sent, received;
};

static inline struct source *source_of(struct app *app)
{
    return (struct source *)(void *)app->priv;
}

static void source_send(struct source *source)
{
    struct ip_addr to;

    ck_assert(endpoint_resolve(&source->app->to, &to));
    udp_send_to(&source->out, &blob_pattern, 0, (uint32_t)source->size, &to, RIG_PORT);
    source->sent++;
    app_probe(source->app, 0, (double)source->sent);
}

static void source_burst(struct sim *sim, struct timer *timer)
{
    struct source *source = container_of(timer, struct source, burst);

    for (int i = 0; i < RIG_BURST; i++)
        source_send(source);
}

static void source_receive(struct udp_socket *socket, struct packet *packet,
                           const struct udp_rx *rx)
{
    ((struct source *)socket->user)->received++;
    packet_delivered(packet);
}

static const struct udp_ops source_udp = { .receive = source_receive };

static void source_start(struct app *app)
{
    struct source *source = source_of(app);

    source->app = app;
    udp_socket_init(&source->out, &source_udp, source);
    udp_socket_init(&source->in, &source_udp, source);
    source->out.flow = app->number;
    ck_assert_int_eq(udp_bind(node_udp(app->from.node), &source->out, NULL, 0), 0);
    ck_assert_int_eq(udp_bind(node_udp(app->to.node), &source->in, NULL, RIG_PORT), 0);
    timer_init(&source->burst, app->actor, source_burst);
    timer_set(app->sim, &source->burst, app->began + SIM_S);
    source_send(source);
}

static void source_release(struct app *app)
{
    struct source *source = source_of(app);

    if (!source->app)
        return;
    timer_cancel(app->sim, &source->burst);
    udp_close(&source->out);
    udp_close(&source->in);
}

static double source_sent(void *object)
{
    return (double)source_of(object)->sent;
}

static double source_result(void *object, const struct metric_span *span)
{
    return (double)source_of(object)->received;
}

static char *source_remark(struct app *app)
{
    return source_of(app)->received < source_of(app)->sent ? g_strdup("not all arrived") : NULL;
}

static const struct metric source_metrics[] = {
    { "sent", "packets", "datagrams sent", METRIC_GAUGE, 0, 1, NULL, source_sent },
    { "send_rate", "bit/s", "data sent", METRIC_RATE, -1, 8 * RIG_DATA, NULL, source_sent },
    { "received", "packets", "datagrams received", METRIC_RESULT, -1, 1, source_result, NULL },
    METRIC_END,
};

static const struct param source_params[] = {
    { "size", PARAM_SIZE, offsetof(struct source, size), "972", 0, 0, "bytes a datagram", NULL },
    PARAM_END,
};

static const struct app_ops source_ops = {
    .name = "source",
    .doc = "datagrams at known times",
    .params = source_params,
    .metrics = source_metrics,
    .priv_size = sizeof(struct source),
    .probes = 1,
    .start = source_start,
    .release = source_release,
    .remark = source_remark,
};

struct rig {
    struct network *net;
    struct link *link;
    struct app *app;
};

static inline struct rig rig_new(const char *name)
{
    struct rig rig = { .net = network_new(name, 1) };
    struct node *a = network_add_node(rig.net, "a", NODE_HOST, NULL);
    struct node *b = network_add_node(rig.net, "b", NODE_HOST, NULL);

    rig.link = network_add_link(rig.net, a, b, NULL, NULL);
    link_set_rate(&rig.link->a->tx, 1000000);
    link_set_rate(&rig.link->b->tx, 1000000);
    link_set_delay(&rig.link->a->tx, 10 * SIM_MS);
    link_set_delay(&rig.link->b->tx, 10 * SIM_MS);
    link_set_queue(&rig.link->a->tx,
                   qdisc_parse(rig.net->sim, &rig.link->a->drops, "pfifo limit 2", NULL));
    rig.app = app_new(rig.net, &source_ops, "burst");
    rig.app->from.node = a;
    rig.app->to.node = b;
    ck_assert(app_arm(rig.app, NULL));
    return rig;
}

static inline const struct metric *rig_metric(const struct metric *table, const char *name)
{
    const struct metric *metric = metric_find(table, name);

    ck_assert_ptr_nonnull(metric);
    return metric;
}

#endif

/* What the simulation of a network costs: packet-hops per CPU second, bytes of memory.
 *
 * usage: bench_net dumbbell|chain|memory [seconds]
 *
 * dumbbell  10 CUBIC bulk flows, MSS 1448, SACK, 1 Gbit/s 1 ms access, 100 Mbit/s 10 ms
 *           bottleneck, 200 packets of queue; 60 s.
 * chain     10 routers, 10 UDP flows of 80 Mbit/s, 1472-byte datagrams, 1 Gbit/s 1 ms links; 5 s.
 * memory    bytes of a packet, of an idle host with its cable and the router's end of it, of an
 *           idle TCP connection (both ends).
 *
 * A packet-hop is a frame received at the far end of a link.  Each line is key=value words. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "models/app/app.h"
#include "models/node/network.h"

static double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec * 1e-6;
}

static struct link *connect(struct network *net, struct node *a, struct node *b, uint64_t rate,
                            sim_time delay, const char *queue)
{
    struct link *link = network_add_link(net, a, b, NULL, NULL);
    struct iface *ends[] = { link->a, link->b };

    for (int i = 0; i < 2; i++) {
        link_set_rate(&ends[i]->tx, rate);
        link_set_delay(&ends[i]->tx, delay);
        if (queue)
            link_set_queue(&ends[i]->tx, qdisc_parse(net->sim, &ends[i]->drops, queue, NULL));
    }
    return link;
}

static struct node *node_named(struct network *net, enum node_kind kind, const char *prefix, int i)
{
    char name[32];
    snprintf(name, sizeof name, "%s%d", prefix, i);
    return network_add_node(net, name, kind, NULL);
}

static void set_option(struct app *app, const char *name, const char *value)
{
    GError *error = NULL;
    const struct param *param = param_find(app->ops->params, name, &error);

    if (!param || !param_set_text(param, app->priv, value, &error)) {
        fprintf(stderr, "bench_net: %s\n", error->message);
        exit(2);
    }
}

static struct app *traffic(struct network *net, const char *kind, struct node *from,
                           struct node *to, sim_time start)
{
    char *name = g_strdup_printf("%s-%s", from->name, to->name);
    struct app *app = app_new(net, app_find(kind), name);

    app->from.node = from;
    app->to.node = to;
    app->start = start;
    g_free(name);
    return app;
}

static void arm(struct app *app)
{
    GError *error = NULL;
    if (!app_arm(app, &error)) {
        fprintf(stderr, "bench_net: %s\n", error->message);
        exit(2);
    }
}

static uint64_t count_hops(const struct network *net)
{
    uint64_t hops = 0;

    for (guint i = 0; i < net->nodes->len; i++) {
        const struct node *node = net->nodes->pdata[i];
        for (uint32_t j = 0; j < node->n_ifaces; j++)
            hops += node->ifaces[j]->rx_packets;
    }
    return hops;
}

/* What the traffic achieved: a benchmark of nothing done would be fast. */
static double total_goodput(const struct network *net)
{
    const struct metric_span span = { 0, net->sim->now };
    double sum = 0;

    for (guint i = 0; i < net->apps->len; i++) {
        struct app *app = net->apps->pdata[i];
        sum += metric_find(app->ops->metrics, "goodput")->result(app, &span);
    }
    return sum;
}

static void measure(struct network *net, const char *name, double seconds)
{
    double t0 = cpu_seconds();
    network_run(net, simtime_from_seconds(seconds));
    double cpu = cpu_seconds() - t0;
    uint64_t hops = count_hops(net);

    printf("bench=%s sim_s=%g hops=%" G_GUINT64_FORMAT " events=%" G_GUINT64_FORMAT
           " goodput_mbps=%.2f cpu_s=%.3f hops_per_cpu_s=%.0f packet_bytes=%zu\n",
           name, seconds, hops, net->sim->events_fired, total_goodput(net) / 1e6, cpu,
           (double)hops / cpu, sizeof(struct packet));
}

static void dumbbell(double seconds)
{
    struct network *net = network_new("dumbbell", 1);
    struct node *left = node_named(net, NODE_ROUTER, "left", 0);
    struct node *right = node_named(net, NODE_ROUTER, "right", 0);

    connect(net, left, right, 100000000, 10 * SIM_MS, "pfifo limit 200");
    for (int i = 0; i < 10; i++) {
        struct node *s = node_named(net, NODE_HOST, "s", i),
                    *d = node_named(net, NODE_HOST, "d", i);
        connect(net, s, left, 1000000000, SIM_MS, "pfifo limit 1000");
        connect(net, right, d, 1000000000, SIM_MS, "pfifo limit 1000");
        struct app *app = traffic(net, "tcp", s, d, i * 10 * SIM_MS);
        set_option(app, "cc", "cubic");
        arm(app);
    }
    measure(net, "dumbbell", seconds);
    network_free(net);
}

static void chain(double seconds)
{
    struct network *net = network_new("chain", 1);
    struct node *routers[10];

    for (int i = 0; i < 10; i++) {
        routers[i] = node_named(net, NODE_ROUTER, "r", i);
        if (i > 0)
            connect(net, routers[i - 1], routers[i], 1000000000, SIM_MS, "pfifo limit 100");
    }
    for (int i = 0; i < 10; i++) {
        struct node *s = node_named(net, NODE_HOST, "s", i),
                    *d = node_named(net, NODE_HOST, "d", i);
        connect(net, s, routers[0], 1000000000, SIM_MS, "pfifo limit 100");
        connect(net, routers[9], d, 1000000000, SIM_MS, "pfifo limit 100");
        struct app *app = traffic(net, "udp", s, d, i * 15 * SIM_US);
        set_option(app, "rate", "78.5Mbps"); /* payload; 80 Mbit/s of IP packets */
        set_option(app, "size", "1472");
        arm(app);
    }
    measure(net, "chain", seconds);
    network_free(net);
}

/* ---- Memory -------------------------------------------------------------------------------- */

static size_t heap_bytes(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

/* With what the allocator adds. */
static size_t block_bytes(void *block)
{
    return malloc_usable_size(block) + sizeof(size_t);
}

/* Of a host, its cable and the router's end of it.  The rest are tables: routes, and the network's
 * of names and addresses. */
static size_t host_object_bytes(const struct link *link)
{
    return block_bytes(link->a->node) + block_bytes(link->a) + block_bytes(link->b) +
           block_bytes((void *)link);
}

static void idle_hosts(void)
{
    enum { HOSTS = 20000 };
    struct network *net = network_new("hosts", 1);
    struct node *hub = node_named(net, NODE_ROUTER, "r", 0);
    size_t before = heap_bytes();
    double t0 = cpu_seconds();

    for (int i = 0; i < HOSTS; i++)
        connect(net, node_named(net, NODE_HOST, "h", i), hub, 1000000000, SIM_MS, NULL);
    network_prepare(net);
    double cpu = cpu_seconds() - t0;
    size_t all = (heap_bytes() - before) / HOSTS;
    size_t objects = host_object_bytes(net->links->pdata[0]);
    printf("bench=idle_host bytes=%zu bytes_of_tables=%zu node=%zu iface=%zu link_direction=%zu "
           "packet=%zu hosts_per_cpu_s=%.0f\n",
           objects, all - objects, sizeof(struct node), sizeof(struct iface),
           sizeof(struct link_tx) + sizeof(struct link_rx), sizeof(struct packet), HOSTS / cpu);
    network_free(net);
}

static void idle_connections(void)
{
    enum { CONNECTIONS = 20000 };
    struct network *net = network_new("connections", 1);
    struct node *a = node_named(net, NODE_HOST, "a", 0), *b = node_named(net, NODE_HOST, "b", 0);
    static struct tcp_conn *conns[CONNECTIONS];
    struct tcp_config config = { 0 };
    struct tcp_listener *listener;
    struct ip_addr to;

    connect(net, a, b, 10000000000, SIM_US, "pfifo limit 100000");
    network_prepare(net);
    node_address(b, &to);
    tcp_listen(node_tcp(b), &to, 80, 4096, &config, NULL, NULL, &listener);
    node_tcp(a);
    size_t before = heap_bytes();
    for (int i = 0; i < CONNECTIONS; i++) {
        conns[i] = tcp_conn_new(node_tcp(a), &config, NULL, NULL);
        tcp_connect(conns[i], NULL, 0, &to, 80);
        if (i % 100 ==
            99) { /* few at a time: packets and half-open ones are not what is measured */
            network_run(net, net->sim->now + SIM_S);
            while (tcp_accept(listener, NULL, NULL))
                ;
        }
    }
    network_run(net, net->sim->now + 10 * SIM_S);
    printf("bench=idle_connection bytes_both_ends=%zu\n", (heap_bytes() - before) / CONNECTIONS);
    network_free(net);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    double seconds = argc > 2 ? atof(argv[2]) : 0;

    if (strcmp(what, "dumbbell") == 0) {
        dumbbell(seconds > 0 ? seconds : 60);
    } else if (strcmp(what, "chain") == 0) {
        chain(seconds > 0 ? seconds : 5);
    } else if (strcmp(what, "memory") == 0) {
        idle_hosts();
        idle_connections();
    } else {
        fprintf(stderr, "usage: bench_net dumbbell|chain|memory [seconds]\n");
        return 2;
    }
    return 0;
}

/* What the simulation of a network costs: packet-hops per CPU second, bytes of memory.
 *
 * usage: bench_net dumbbell|chain|switches|torus|fat_tree|connections|memory [seconds]
 *
 * dumbbell: 10 CUBIC bulk flows, MSS 1448, SACK, 1 Gbit/s 1 ms access, 100 Mbit/s 10 ms bottleneck,
 * 200 packets of queue; 60 s.
 *
 * chain: 10 routers, 10 UDP flows of 80 Mbit/s, 1472-byte datagrams, 1 Gbit/s 1 ms links; 5 s.
 *
 * switches: the chain with switches in place of the routers.
 *
 * torus: 1,000 routers in a torus of 25 x 40, a host at each, 1,000 UDP flows of 10 Mbit/s between
 * them, 1 Gbit/s 1 ms links; 0.2 s.
 *
 * fat_tree: k = 8, 128 hosts, each with a bulk flow (CUBIC) to another, 1 Gbit/s 10 us links, 100
 * packets of queue; 0.1 s.
 *
 * connections: 100,000 CUBIC bulk flows between 100 hosts and 100 others, which begin within the
 * first half of the time, through one bottleneck: 10 Gbit/s, 10 ms, 10,000 packets of queue; 2 s.
 * CPU time and memory for each, all that it needs included.
 *
 * memory: bytes of a packet, of an idle host with its cable and the router's end of it, of an idle
 * TCP connection (both ends).
 *
 * A packet-hop is a frame received at the far end of a link.  Each line is key=value words. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "models/app/app.h"
#include "models/node/network.h"
#include "sim/rng.h"

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
static double total_of(const struct network *net, const char *figure)
{
    const struct metric_span span = { 0, net->sim->now };
    double sum = 0;

    for (guint i = 0; i < net->apps->len; i++) {
        struct app *app = net->apps->pdata[i];
        sum += metric_find(app->ops->metrics, figure)->result(app, &span);
    }
    return sum;
}

static void measure(struct network *net, const char *name, double seconds)
{
    double t0 = cpu_seconds();
    network_prepare(net);
    double prepared = cpu_seconds();
    network_run(net, simtime_from_seconds(seconds));
    double cpu = cpu_seconds() - prepared;
    uint64_t hops = count_hops(net);

    printf("bench=%s sim_s=%g hops=%" G_GUINT64_FORMAT " events=%" G_GUINT64_FORMAT
           " goodput_mbps=%.2f routes_cpu_s=%.3f cpu_s=%.3f hops_per_cpu_s=%.0f\n",
           name, seconds, hops, net->sim->events_fired, total_of(net, "goodput") / 1e6,
           prepared - t0, cpu, (double)hops / cpu);
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

static void run_chain(const char *name, enum node_kind kind, double seconds)
{
    struct network *net = network_new(name, 1);
    struct node *routers[10];

    for (int i = 0; i < 10; i++) {
        routers[i] = node_named(net, kind, "r", i);
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
    measure(net, name, seconds);
    network_free(net);
}

static void chain(double seconds)
{
    run_chain("chain", NODE_ROUTER, seconds);
}

static void switches(double seconds)
{
    run_chain("switches", NODE_SWITCH, seconds);
}

/* Sattolo's shuffle: one cycle, so nobody sends to itself. */
static void permute(struct node **to, struct node *const *from, uint32_t n)
{
    struct rng rng;

    rng_init(&rng, 1, "bench", "permutation");
    memcpy(to, from, n * sizeof *to);
    for (uint32_t i = n - 1; i > 0; i--) {
        uint32_t j = rng_below(&rng, i);
        struct node *node = to[i];
        to[i] = to[j];
        to[j] = node;
    }
}

/* Too much for the caches: thousands of packets under way through a thousand routers. */
static void torus(double seconds)
{
    enum { ROWS = 25, COLUMNS = 40, N = ROWS * COLUMNS };
    struct network *net = network_new("torus", 1);
    static struct node *routers[N], *hosts[N], *to[N];

    for (int i = 0; i < N; i++) {
        routers[i] = node_named(net, NODE_ROUTER, "r", i);
        hosts[i] = node_named(net, NODE_HOST, "h", i);
        connect(net, hosts[i], routers[i], 1000000000, SIM_MS, NULL);
    }
    for (int i = 0; i < N; i++) {
        int row = i / COLUMNS, column = i % COLUMNS;
        connect(net, routers[i], routers[row * COLUMNS + (column + 1) % COLUMNS], 1000000000,
                SIM_MS, NULL);
        connect(net, routers[i], routers[(row + 1) % ROWS * COLUMNS + column], 1000000000, SIM_MS,
                NULL);
    }
    permute(to, hosts, N);
    for (int i = 0; i < N; i++) {
        struct app *app = traffic(net, "udp", hosts[i], to[i], i * SIM_US);
        set_option(app, "rate", "10Mbps");
        set_option(app, "size", "1472");
        arm(app);
    }
    measure(net, "torus", seconds);
    network_free(net);
}

/* Al-Fares et al., 2008: k pods of k/2 edge and k/2 aggregation switches (routers here), k^2/4 core
 * switches, k^3/4 hosts; flows are spread over the equal paths by their hash. */
static void fat_tree(double seconds)
{
    enum { K = 8, HALF = K / 2, HOSTS = K * HALF * HALF };
    struct network *net = network_new("fat_tree", 1);
    struct node *cores[HALF * HALF], *hosts[HOSTS], *to[HOSTS];

    for (int i = 0; i < HALF * HALF; i++)
        cores[i] = node_named(net, NODE_ROUTER, "core", i);
    for (int pod = 0; pod < K; pod++) {
        struct node *aggregations[HALF];
        for (int i = 0; i < HALF; i++) {
            aggregations[i] = node_named(net, NODE_ROUTER, "agg", pod * HALF + i);
            for (int j = 0; j < HALF; j++)
                connect(net, aggregations[i], cores[i * HALF + j], 1000000000, 10 * SIM_US,
                        "pfifo limit 100");
        }
        for (int i = 0; i < HALF; i++) {
            struct node *edge = node_named(net, NODE_ROUTER, "edge", pod * HALF + i);
            for (int j = 0; j < HALF; j++) {
                int h = (pod * HALF + i) * HALF + j;
                hosts[h] = node_named(net, NODE_HOST, "h", h);
                connect(net, edge, aggregations[j], 1000000000, 10 * SIM_US, "pfifo limit 100");
                connect(net, hosts[h], edge, 1000000000, 10 * SIM_US, "pfifo limit 100");
            }
        }
    }
    permute(to, hosts, HOSTS);
    for (int i = 0; i < HOSTS; i++)
        arm(traffic(net, "tcp", hosts[i], to[i], i * SIM_US));
    measure(net, "fat_tree", seconds);
    network_free(net);
}

/* ---- Memory -------------------------------------------------------------------------------- */

static size_t heap_bytes(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

static void connections(double seconds)
{
    enum { PAIRS = 100, EACH = 1000, ALL = PAIRS * EACH };
    struct network *net = network_new("connections", 1);
    struct node *left = node_named(net, NODE_ROUTER, "left", 0);
    struct node *right = node_named(net, NODE_ROUTER, "right", 0);
    size_t before = heap_bytes();
    double t0 = cpu_seconds();

    connect(net, left, right, 10000000000, 10 * SIM_MS, "pfifo limit 10000");
    for (int i = 0; i < PAIRS; i++) {
        struct node *s = node_named(net, NODE_HOST, "s", i),
                    *d = node_named(net, NODE_HOST, "d", i);
        connect(net, s, left, 1000000000, SIM_MS, NULL);
        connect(net, right, d, 1000000000, SIM_MS, NULL);
        for (int j = 0; j < EACH; j++) {
            sim_time half = simtime_from_seconds(seconds / 2);
            arm(traffic(net, "tcp", s, d, half / ALL * (j * PAIRS + i)));
        }
    }
    network_prepare(net);
    network_run(net, simtime_from_seconds(seconds));
    double cpu = cpu_seconds() - t0;
    printf("bench=connections n=%d sim_s=%g hops=%" G_GUINT64_FORMAT
           " delivered_mb=%.0f cpu_s=%.2f "
           "cpu_us_per_connection=%.1f bytes_per_connection=%zu\n",
           ALL, seconds, count_hops(net), total_of(net, "delivered") / 1e6, cpu, cpu * 1e6 / ALL,
           (heap_bytes() - before) / ALL);
    network_free(net);
}

/* With what the allocator adds. */
static size_t block_bytes(void *block)
{
    return malloc_usable_size(block) + sizeof(size_t);
}

/* Prints what a host with its interface and its cable takes; the router's end of the cable; and
 * the rest, which are tables: routes, and the network's of names, addresses and segments. */
static void print_host(const struct link *link, size_t all, double hosts_per_s)
{
    size_t host = block_bytes(link->a->node) + block_bytes(link->a) + block_bytes((void *)link);
    size_t router = block_bytes(link->b);

    printf("bench=idle_host bytes=%zu bytes_of_router_end=%zu bytes_of_tables=%zu node=%zu "
           "iface=%zu link_direction=%zu packet=%zu hosts_per_cpu_s=%.0f\n",
           host, router, all - host - router, sizeof(struct node), sizeof(struct iface),
           sizeof(struct link_tx) + sizeof(struct link_rx), sizeof(struct packet), hosts_per_s);
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
    print_host(net->links->pdata[0], (heap_bytes() - before) / HOSTS, HOSTS / cpu);
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

static const struct {
    const char *name;
    void (*run)(double seconds);
    double seconds;
} workloads[] = {
    { "dumbbell", dumbbell, 60 }, { "chain", chain, 5 },         { "switches", switches, 5 },
    { "torus", torus, 0.2 },      { "fat_tree", fat_tree, 0.1 }, { "connections", connections, 2 },
};

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    double seconds = argc > 2 ? atof(argv[2]) : 0;

    for (size_t i = 0; i < G_N_ELEMENTS(workloads); i++)
        if (strcmp(what, workloads[i].name) == 0) {
            workloads[i].run(seconds > 0 ? seconds : workloads[i].seconds);
            return 0;
        }
    if (strcmp(what, "memory") != 0) {
        fprintf(stderr, "usage: bench_net dumbbell|chain|switches|torus|fat_tree|connections|"
                        "memory [seconds]\n");
        return 2;
    }
    idle_hosts();
    idle_connections();
    return 0;
}

/* net:tcp and net:flows: the states of both ends, and connections that outlive their flow. */
#include "protocols/tcp/tcp.h"
#include "tests/support/net.h"
#include "tests/support/suite.h"

/* The names of a probe's values, in the order of their appearance. */
struct states {
    const struct metric *metric;
    GString *seen;
};

static void note_state(struct app *app, int probe, double value, void *data)
{
    struct states *s = data;

    if (probe == s->metric->probe)
        g_string_append_printf(s->seen, "%s ", s->metric->words[(int)value]);
}

static char *states_of(const char *metric)
{
    struct network *net = network_new("net", 1);
    struct node *a = net_host(net, "a"), *b = net_host(net, "b");
    struct app *flow;
    struct states states = { .seen = g_string_new(NULL) };

    net_link(net, a, b, 100000000, 10 * SIM_MS);
    flow = net_app(net, "tcp", a, b);
    states.metric = metric_find(flow->ops->metrics, metric);
    net_set(flow, "bytes", "1000");
    app_watch(flow, note_state, &states);
    net_arm(flow);
    net_run(net, 10 * SIM_S);
    ck_assert_int_eq(flow->state, APP_DONE);
    net_end(net);
    return g_string_free(states.seen, FALSE);
}

/* RFC 9293 figure 5: the source closes first, the destination when it has read everything. */
START_TEST(both_ends_go_through_their_states)
{
    char *source = states_of("state"), *destination = states_of("receiver_state");

    ck_assert_str_eq(source, "SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT ");
    ck_assert_str_eq(destination, "LISTEN SYN_RECV ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED ");
    g_free(source);
    g_free(destination);
}
END_TEST

/* A flow of net:flows is forgotten as soon as it is done, while both ends are still closing. */
START_TEST(connections_outlive_their_flow)
{
    struct network *net = network_new("net", 1);
    struct node *a = net_host(net, "a"), *b = net_host(net, "b");

    net_link(net, a, b, 10000000, 10 * SIM_MS);
    struct app *flows = net_app(net, "flows", a, b);
    net_set(flows, "count", "50");
    net_set(flows, "size", "20kB");
    net_arm(flows);
    net_run(net, 60 * SIM_S);
    ck_assert_result(flows, "done", 50);
    ck_assert_uint_eq(tcp_counters(a->tcp)->ActiveOpens, 50);
    ck_assert_uint_eq(tcp_counters(a->tcp)->EstabResets, 0);
    ck_assert_uint_eq(tcp_counters(a->tcp)->OutRsts, 0);
    ck_assert_uint_eq(tcp_counters(b->tcp)->OutRsts, 0);
    net_end(net); /* neither side has a connection left */
}
END_TEST

/* A network may end at any moment of a connection's life. */
START_TEST(networks_end_with_connections_alive)
{
    for (sim_time until = 0; until < 200 * SIM_MS; until += 7 * SIM_MS) {
        struct network *net = network_new("net", 1);
        struct node *a = net_host(net, "a"), *b = net_host(net, "b");
        net_link(net, a, b, 1000000, 10 * SIM_MS);
        struct app *flow = net_app(net, "tcp", a, b);
        net_set(flow, "bytes", "5000");
        net_arm(flow);
        net_run(net, until);
        network_free(net);
    }
}
END_TEST

SUITE("models/app/tcp", both_ends_go_through_their_states, connections_outlive_their_flow,
      networks_end_with_connections_alive)

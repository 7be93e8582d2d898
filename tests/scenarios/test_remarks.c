/* Warnings about results that mislead. */
#include "models/link/impair.h"
#include "scenarios/results/report.h"
#include "tests/support/suite.h"

/* Nodes whose names end in `suffix`, and 10 Mbit/s, 10 ms and a short queue from a to b. */
static void add_path(struct network *net, const char *suffix, struct node **a, struct node **b)
{
    char *names[] = { g_strconcat("a", suffix, NULL), g_strconcat("b", suffix, NULL) };

    *a = network_add_node(net, names[0], NODE_HOST, NULL);
    *b = network_add_node(net, names[1], NODE_HOST, NULL);
    struct link *link = network_add_link(net, *a, *b, NULL, NULL);
    link_set_rate(&link->a->tx, 10000000);
    link_set_delay(&link->a->tx, 10 * SIM_MS);
    link_set_delay(&link->b->tx, 10 * SIM_MS);
    link_set_buffer(&link->a->tx, qdisc_parse(net->sim, &link->a->drops, "pfifo limit 20", NULL));
    g_free(names[0]);
    g_free(names[1]);
}

static void add_flow(struct network *net, const char *name, const char *cc, struct node *a,
                     struct node *b, sim_time start, sim_time stop)
{
    struct app *app = app_new(net, app_find("tcp"), name);
    GError *error = NULL;

    app_set_text(app, "cc", cc);
    app->from.node = a;
    app->to.node = b;
    app->start = start;
    app->stop = stop;
    ck_assert_msg(app_arm(app, &error), "%s", error ? error->message : "");
}

/* Two flows with these congestion controls on one path; the second one starts `later` than the
 * first. */
static struct network *two_flows_apart(const char *first, const char *second, sim_time later,
                                       sim_time stop)
{
    struct network *net = network_new("net", 1);
    struct node *a, *b;

    add_path(net, "", &a, &b);
    add_flow(net, "f1", first, a, b, 0, stop);
    add_flow(net, "f2", second, a, b, later, stop == SIM_NEVER ? stop : later + stop);
    return net;
}

/* Two that are alike, on paths that nothing joins unless `bridge`. */
static struct network *two_paths(bool bridge)
{
    struct network *net = network_new("net", 1);
    struct node *a[2], *b[2];

    for (int i = 0; i < 2; i++) {
        add_path(net, i == 0 ? "1" : "2", &a[i], &b[i]);
        add_flow(net, i == 0 ? "f1" : "f2", "reno", a[i], b[i], 0, SIM_NEVER);
    }
    if (bridge)
        network_add_link(net, b[1], a[0], NULL, NULL);
    return net;
}

static struct network *two_flows(const char *first, const char *second, sim_time stop)
{
    return two_flows_apart(first, second, 0, stop);
}

/* What the report prints of a run of `seconds`; the caller frees it.  Frees the network. */
static char *printed(struct network *net, sim_time seconds)
{
    struct report *report = report_new(&(struct report_options){ .scenario = "x" }, NULL);
    GString *text = g_string_new(NULL);

    ck_assert_ptr_nonnull(report_add_network(report, net, NULL));
    network_run(net, seconds * SIM_S);
    ck_assert(report_write(report, NULL));
    report_print(report, text, 100);
    network_free(net);
    report_free(report);
    return g_string_free(text, FALSE);
}

static void check(struct network *net, sim_time seconds, const char *want)
{
    char *text = printed(net, seconds);
    const char *warning = strstr(text, "warning: ");

    if (want)
        ck_assert_msg(warning && strstr(warning, want), "%s", text);
    else
        ck_assert_msg(!warning, "%s", text);
    g_free(text);
}

static void add_loss(struct network *net)
{
    struct link *link = net->links->pdata[0];
    struct impair_config config = { .loss = 1e-9 };

    link_set_impair(&link->a->tx, impair_new(&config, 1, "a-eth1"));
}

START_TEST(phase)
{
    check(two_flows("reno", "reno", SIM_NEVER), 20, "f1 and f2 are alike");
    check(two_flows("reno", "cubic", SIM_NEVER), 20, NULL);
    /* Only flows that meet can be locked. */
    check(two_flows_apart("reno", "reno", 30 * SIM_S, 20 * SIM_S), 60, NULL);
    check(two_flows_apart("reno", "reno", 10 * SIM_S, 20 * SIM_S), 60, "f1 and f2 are alike");
    check(two_paths(false), 20, NULL);
    check(two_paths(true), 20, "f1 and f2 are alike");
    struct network *random = two_flows("reno", "reno", SIM_NEVER);
    add_loss(random);
    check(random, 20, NULL);
}
END_TEST

/* 20 ms of round trip and up to 25 ms of queue: 0.2 s are at most ten of them. */
START_TEST(few_round_trips)
{
    check(two_flows("reno", "cubic", SIM_S / 5), 10, "f1, f2: it lived for fewer than 20");
    check(two_flows("reno", "cubic", 15 * SIM_S), 30, NULL);
}
END_TEST

/* The cable is cut before ARP has its answer. */
START_TEST(failure)
{
    struct network *net = two_flows("reno", "cubic", SIM_NEVER);
    struct link *link = net->links->pdata[0];

    network_run(net, SIM_S / 1000);
    link_set_state(&link->a->tx, LINK_SILENT);
    check(net, 200, "f1, f2: it failed: No route to host");
}
END_TEST

SUITE("scenarios/results/remarks", phase, few_round_trips, failure)

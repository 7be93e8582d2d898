/* node:traceroute over chains of routers. */
#include <math.h>

#include "tests/support/net.h"
#include "tests/support/suite.h"

enum { ROUTERS = 3 };

struct chain {
    struct network *net;
    struct node *a, *b, *routers[ROUTERS];
    struct link *links[ROUTERS + 1]; /* links[i] leads to hop i + 1 */
    struct app *trace;
};

static struct chain chain_new(void)
{
    struct chain c = { .net = network_new("net", 1) };
    struct node *last;

    last = c.a = net_host(c.net, "a");
    for (int i = 0; i < ROUTERS; i++) {
        char name[] = { 'r', (char)('1' + i), 0 };
        c.routers[i] = net_router(c.net, name);
        c.links[i] = net_link(c.net, last, c.routers[i], 1000000000, SIM_MS);
        last = c.routers[i];
    }
    c.b = net_host(c.net, "b");
    c.links[ROUTERS] = net_link(c.net, last, c.b, 1000000000, SIM_MS);
    c.trace = net_app(c.net, "traceroute", c.a, c.b);
    c.trace->start = SIM_S;
    return c;
}

/* The far end of the link to hop `n`, as text. */
static char *hop_address(const struct chain *c, int n, char *text)
{
    ip4 addr;

    ck_assert(ip_iface_address(&c->links[n - 1]->b->ip, &addr));
    return ip4_format(addr, text);
}

static GVariant *items_of(struct app *app)
{
    return g_variant_ref_sink(app->ops->items->list(app));
}

static const char *text_of(GVariant *items, int n, const char *key)
{
    GVariant *item = g_variant_get_child_value(items, (gsize)n);
    const char *text = NULL;

    g_variant_lookup(item, key, "&s", &text);
    g_variant_unref(item);
    return text;
}

static double number_of(GVariant *items, int n, const char *key)
{
    GVariant *item = g_variant_get_child_value(items, (gsize)n);
    double number = NAN;

    g_variant_lookup(item, key, "d", &number);
    g_variant_unref(item);
    return number;
}

static gsize times_of(GVariant *items, int n, double *first)
{
    GVariant *item = g_variant_get_child_value(items, (gsize)n);
    GVariant *list = g_variant_lookup_value(item, "rtt", G_VARIANT_TYPE("ad"));
    gsize count = g_variant_n_children(list);

    if (count > 0)
        g_variant_get_child(list, count - 1, "d", first);
    g_variant_unref(list);
    g_variant_unref(item);
    return count;
}

static void check_path(const struct chain *c)
{
    static const char *const names[] = { "r1", "r2", "r3", "b" };
    GVariant *items = items_of(c->trace);
    char text[IP_ADDR_TEXT];

    ck_assert_uint_eq(g_variant_n_children(items), ROUTERS + 1);
    for (int i = 0; i <= ROUTERS; i++) {
        double rtt = 0;
        ck_assert_str_eq(text_of(items, i, "address"), hop_address(c, i + 1, text));
        ck_assert_str_eq(text_of(items, i, "node"), names[i]);
        ck_assert_double_eq(number_of(items, i, "ttl"), i + 1);
        ck_assert_double_eq(number_of(items, i, "lost"), 0);
        ck_assert_uint_eq(times_of(items, i, &rtt), 3);
        /* A millisecond per link and way, and microseconds of sending. */
        ck_assert_double_eq_tol(rtt, 2e-3 * (i + 1), 20e-6);
    }
    g_variant_unref(items);
}

START_TEST(each_router_answers)
{
    static const char *const protos[] = { "udp", "icmp" };

    for (int i = 0; i < 2; i++) {
        struct chain c = chain_new();
        net_set(c.trace, "proto", protos[i]);
        net_arm(c.trace);
        net_run(c.net, 10 * SIM_S);
        ck_assert_result(c.trace, "reached", 1);
        ck_assert_result(c.trace, "hop_count", 4);
        ck_assert_result(c.trace, "sent", 12);
        ck_assert_result(c.trace, "lost", 0);
        ck_assert_int_eq(c.trace->state, APP_DONE);
        check_path(&c);
        net_end(c.net);
    }
}
END_TEST

START_TEST(times_are_exact)
{
    struct chain c = chain_new();

    /* One hop.  The second probe, without ARP: 32 + 8 + 20 + 38 = 98 bytes on the wire there, 784
     * ns; back 8 + (60 quoted) + 20 + 38 = 126 bytes, 1008 ns (the quote is all of the datagram).
     */
    net_set(c.trace, "max_ttl", "1");
    net_set(c.trace, "probes", "2");
    net_arm(c.trace);
    net_run(c.net, 10 * SIM_S);
    GVariant *items = items_of(c.trace);
    double rtt = 0;
    ck_assert_uint_eq(times_of(items, 0, &rtt), 2);
    ck_assert_double_eq(rtt, simtime_seconds(2 * SIM_MS + (784 + 1008) * SIM_NS));
    g_variant_unref(items);
    ck_assert_result(c.trace, "reached", 0);
    ck_assert(isnan(net_result(c.trace, "rtt")));
    net_end(c.net);
}
END_TEST

START_TEST(routers_limit_what_they_say)
{
    struct chain c = chain_new();

    /* Linux: six at once, then one per second (icmp_ratelimit).  The seventh is not answered; the
     * eighth leaves a second later and is. */
    net_set(c.trace, "max_ttl", "1");
    net_set(c.trace, "probes", "8");
    net_arm(c.trace);
    net_run(c.net, 10 * SIM_S);
    GVariant *items = items_of(c.trace);
    double rtt;
    ck_assert_uint_eq(times_of(items, 0, &rtt), 7);
    ck_assert_double_eq(number_of(items, 0, "lost"), 1);
    g_variant_unref(items);
    ck_assert_result(c.trace, "lost", 1);
    net_end(c.net);
}
END_TEST

START_TEST(who_is_silent_is_a_star)
{
    struct chain c = chain_new();
    char text[IP_ADDR_TEXT];

    /* What goes back to r1 is lost: probes time out, hop after hop, until there are no more. */
    struct impair_config all = { .every = 1 };
    net_impair(c.links[1]->b, &all);
    net_set(c.trace, "max_ttl", "3");
    net_set(c.trace, "timeout", "500ms");
    net_arm(c.trace);
    net_run(c.net, 10 * SIM_S);
    GVariant *items = items_of(c.trace);
    ck_assert_uint_eq(g_variant_n_children(items), 3);
    ck_assert_str_eq(text_of(items, 0, "address"), hop_address(&c, 1, text));
    ck_assert_str_eq(text_of(items, 1, "address"), "*");
    ck_assert_ptr_null(text_of(items, 1, "node"));
    ck_assert_str_eq(text_of(items, 2, "address"), "*");
    g_variant_unref(items);
    ck_assert_result(c.trace, "reached", 0);
    ck_assert_result(c.trace, "lost", 6);
    ck_assert_int_eq(c.trace->state, APP_DONE);
    net_end(c.net);
}
END_TEST

START_TEST(where_there_is_no_route)
{
    struct chain c = chain_new();

    /* The routers do not know 192.168.9.9: the first one says so, and that is the end. */
    c.trace->to = (struct endpoint){ .addr = ip_addr_of_v4(0xc0a80909) };
    net_arm(c.trace);
    net_run(c.net, 10 * SIM_S);
    GVariant *items = items_of(c.trace);
    ck_assert_uint_eq(g_variant_n_children(items), 1);
    ck_assert_str_eq(text_of(items, 0, "mark"), "!N");
    ck_assert_str_eq(text_of(items, 0, "node"), "r1");
    g_variant_unref(items);
    ck_assert_result(c.trace, "reached", 0);
    net_end(c.net);
}
END_TEST

START_TEST(from_the_second_hop_on)
{
    struct chain c = chain_new();
    char text[IP_ADDR_TEXT];

    net_set(c.trace, "first_ttl", "2");
    net_set(c.trace, "probes", "1");
    net_arm(c.trace);
    net_run(c.net, 10 * SIM_S);
    GVariant *items = items_of(c.trace);
    ck_assert_uint_eq(g_variant_n_children(items), 3);
    ck_assert_str_eq(text_of(items, 0, "address"), hop_address(&c, 2, text));
    ck_assert_double_eq(number_of(items, 0, "ttl"), 2);
    g_variant_unref(items);
    net_end(c.net);
}
END_TEST

START_TEST(options_that_cannot_be_meant)
{
    struct chain c = chain_new();
    GError *error = NULL;

    net_set(c.trace, "first_ttl", "9");
    net_set(c.trace, "max_ttl", "8");
    ck_assert(!app_arm(c.trace, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "max_ttl"));
    g_clear_error(&error);
    network_free(c.net);
}
END_TEST

START_TEST(stopped_on_the_way)
{
    struct chain c = chain_new();

    c.trace->stop = SIM_S + 5 * SIM_MS;
    net_arm(c.trace);
    net_run(c.net, 10 * SIM_S);
    ck_assert_int_eq(c.trace->state, APP_DONE);
    ck_assert_result(c.trace, "reached", 0);
    net_end(c.net);
}
END_TEST

SUITE("models/app/traceroute", each_router_answers, times_are_exact, routers_limit_what_they_say,
      who_is_silent_is_a_star, where_there_is_no_route, from_the_second_hop_on,
      options_that_cannot_be_meant, stopped_on_the_way)

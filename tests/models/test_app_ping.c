/* node:ping: round-trip times by hand, outages to the interval, errors by kind. */
#include <math.h>

#include "tests/support/net.h"
#include "tests/support/suite.h"

/* a - r - b, 1 Gbit/s and 1 ms each.  A request of 56 bytes is 56 + 8 + 20 + 14 + 4 + 20 = 122
 * bytes on the wire, 976 ns; there and back it crosses four links. */
#define RTT (4 * (SIM_MS + 976 * SIM_NS))

/* ARP on both links, each two frames of 84 bytes on the wire. */
#define ARP (4 * (SIM_MS + 672 * SIM_NS))

struct path {
    struct network *net;
    struct node *a, *r, *b;
    struct link *ar, *rb;
    struct app *ping;
};

static struct path path_new(void)
{
    struct path p = { .net = network_new("net", 1) };

    p.a = net_host(p.net, "a");
    p.r = net_router(p.net, "r");
    p.b = net_host(p.net, "b");
    p.ar = net_link(p.net, p.a, p.r, 1000000000, SIM_MS);
    p.rb = net_link(p.net, p.r, p.b, 1000000000, SIM_MS);
    p.ping = net_app(p.net, "ping", p.a, p.b);
    p.ping->start = SIM_S;
    return p;
}

static double s(sim_time t)
{
    return simtime_seconds(t);
}

START_TEST(round_trip_times_are_exact)
{
    struct path p = path_new();

    net_set(p.ping, "count", "2");
    net_arm(p.ping);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.ping, "sent", 2);
    ck_assert_result(p.ping, "received", 2);
    ck_assert_result(p.ping, "lost", 0);
    ck_assert_result(p.ping, "rtt.min", s(RTT));
    ck_assert_result(p.ping, "rtt.max", s(RTT + ARP));
    ck_assert_double_eq_tol(net_result(p.ping, "rtt.mean"), s(RTT + ARP / 2), 1e-12);
    /* Of two values the standard deviation is half the difference. */
    ck_assert_double_eq_tol(net_result(p.ping, "rtt.mdev"), s(ARP / 2), 1e-12);
    ck_assert_result(p.ping, "longest_gap", s(SIM_S - ARP));
    ck_assert_result(p.ping, "ttl", 63);
    ck_assert_int_eq(p.ping->state, APP_DONE);
    ck_assert_int_eq(p.ping->ended, 2 * SIM_S + RTT);
    net_end(p.net);
}
END_TEST

START_TEST(an_outage_is_the_longest_gap)
{
    struct path p = path_new();

    /* Cut from 2 s to 5 s.  The request of 1.99 s is answered, that of 2.00 s meets the cut 1 ms
     * later, that of 4.99 s too, that of 5.00 s does not: 300 lost, and 3.01 s between answers. */
    net_set(p.ping, "interval", "10ms");
    p.ping->stop = 7 * SIM_S;
    net_arm(p.ping);
    net_run(p.net, 2 * SIM_S);
    net_set_state(p.rb, LINK_SILENT);
    net_run(p.net, 3 * SIM_S);
    ck_assert_result(p.ping, "longest_gap", s(3 * SIM_S - (1990 * SIM_MS + RTT)));
    net_run(p.net, 5 * SIM_S);
    net_set_state(p.rb, LINK_UP);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.ping, "sent", 600);
    ck_assert_result(p.ping, "lost", 300);
    ck_assert_result(p.ping, "loss", 0.5);
    ck_assert_result(p.ping, "longest_gap", 3.01);
    net_end(p.net);
}
END_TEST

START_TEST(an_outage_without_end_is_a_gap)
{
    struct path p = path_new();

    /* Requests at 1 s, ..., 5 s; the answer to that of 3 s is the last. */
    net_set(p.ping, "count", "5");
    net_arm(p.ping);
    net_run(p.net, 3500 * SIM_MS);
    net_set_state(p.rb, LINK_SILENT);
    net_run(p.net, 20 * SIM_S);
    ck_assert_result(p.ping, "received", 3);
    ck_assert_result(p.ping, "lost", 2);
    ck_assert_result(p.ping, "longest_gap", s(6 * SIM_S - (3 * SIM_S + RTT)));
    ck_assert_int_eq(p.ping->state, APP_DONE);
    net_end(p.net);
}
END_TEST

START_TEST(what_may_still_come_is_not_lost)
{
    struct path p = path_new();

    link_set_delay(&p.rb->a->tx, 400 * SIM_MS);
    net_set(p.ping, "interval", "100ms");
    net_set(p.ping, "timeout", "300ms");
    net_set(p.ping, "count", "20");
    net_arm(p.ping);
    /* At 1.75 s eight are sent and none is back: ARP alone took 0.4 s.  Those of the last 0.3 s
     * may still come: of 1.5, 1.6 and 1.7 s. */
    net_run(p.net, 1750 * SIM_MS);
    ck_assert_result(p.ping, "sent", 8);
    ck_assert_result(p.ping, "received", 0);
    ck_assert_result(p.ping, "lost", 5);
    /* Answers that come later than the timeout count all the same, and are waited for at the end
     * since the longest round trip is known. */
    net_run(p.net, 20 * SIM_S);
    ck_assert_double_eq(net_result(p.ping, "received") + net_result(p.ping, "lost"), 20);
    ck_assert_double_ge(net_result(p.ping, "received"), 16); /* ARP keeps some of the first */
    net_end(p.net);
}
END_TEST

START_TEST(answers_that_come_again)
{
    struct path p = path_new();
    struct impair_config twice = { .duplicate = 1 };

    net_impair(p.ar->a, &twice);
    net_set(p.ping, "count", "10");
    net_set(p.ping, "interval", "100ms");
    net_arm(p.ping);
    struct app *other = net_app(p.net, "ping", p.a, p.b);
    net_set(other, "count", "3");
    net_arm(other);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.ping, "received", 10);
    /* The last copy comes when the ping is over. */
    ck_assert_double_ge(net_result(p.ping, "duplicates"), 9);
    ck_assert_result(other, "received", 3);
    net_end(p.net);
}
END_TEST

START_TEST(sequence_numbers_wrap)
{
    struct path p = path_new();

    net_set(p.ping, "count", "70000");
    net_set(p.ping, "interval", "100us");
    net_arm(p.ping);
    net_run(p.net, 20 * SIM_S);
    ck_assert_result(p.ping, "sent", 70000);
    /* ARP keeps what comes in its 4 ms: about 40, all within Linux's 212,992 bytes. */
    ck_assert_result(p.ping, "received", 70000);
    ck_assert_result(p.ping, "rtt.min", s(RTT));
    net_end(p.net);
}
END_TEST

START_TEST(too_large_with_df)
{
    struct path p = path_new();

    /* The router says so once; then the host knows. */
    ip_iface_set_mtu(&p.rb->a->ip, 1400);
    net_set(p.ping, "size", "1472");
    net_set(p.ping, "df", "yes");
    net_set(p.ping, "count", "3");
    net_arm(p.ping);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.ping, "received", 0);
    ck_assert_result(p.ping, "lost", 3);
    ck_assert_result(p.ping, "errors", 3);
    ck_assert_result(p.ping, "frag_needed", 3);
    ck_assert_result(p.ping, "unreachable", 0);
    ck_assert_result(p.ping, "mtu", 1400);
    char *remark = p.ping->ops->remark(p.ping);
    ck_assert_ptr_nonnull(strstr(remark, "MTU 1400"));
    g_free(remark);
    net_end(p.net);
}
END_TEST

START_TEST(too_large_without_df)
{
    struct path p = path_new();

    ip_iface_set_mtu(&p.rb->a->ip, 1400);
    net_set(p.ping, "size", "1472");
    net_set(p.ping, "df", "no");
    net_set(p.ping, "count", "3");
    net_arm(p.ping);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.ping, "received", 3);
    ck_assert_result(p.ping, "errors", 0);
    ck_assert(isnan(net_result(p.ping, "mtu")));
    net_end(p.net);
}
END_TEST

START_TEST(errors_have_kinds)
{
    struct path p = path_new();

    net_set(p.ping, "ttl", "1");
    net_set(p.ping, "count", "4");
    net_arm(p.ping);
    struct app *nowhere = net_app(p.net, "ping", p.a, p.b);
    nowhere->to = (struct endpoint){ .addr = ip_addr_of_v4(0xc0a80909) };
    net_set(nowhere, "count", "2");
    net_arm(nowhere);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.ping, "time_exceeded", 4);
    ck_assert_result(p.ping, "received", 0);
    char *remark = p.ping->ops->remark(p.ping);
    ck_assert_ptr_nonnull(strstr(remark, "time to live exceeded"));
    g_free(remark);
    ck_assert_result(nowhere, "unreachable", 2);
    ck_assert_result(nowhere, "lost", 2);
    net_end(p.net);
}
END_TEST

/* ---- The bytes ----------------------------------------------------------------------------- */

struct look {
    struct link_watch watch;
    uint8_t bytes[98];
    unsigned seen;
};

static void look_at(struct link_watch *watch, struct packet *packet, sim_time at, bool piece)
{
    struct look *look = container_of(watch, struct look, watch);

    if (packet->flow && packet_len(packet) == sizeof look->bytes && !look->seen++)
        packet_read(packet, 0, look->bytes, sizeof look->bytes);
}

static void queue_changed(struct link_watch *watch, const struct qdisc *queue, sim_time at)
{
}

static const struct link_watch_ops look_ops = { .started = look_at, .queue = queue_changed };

START_TEST(data_are_those_of_linux)
{
    struct path p = path_new();
    struct look look = { .watch.ops = &look_ops };
    static const uint8_t timeval[16] = { 0x81, 0x43, 0x6d, 0x38, 0, 0, 0, 0, /* 946684801 s */
                                         0x50, 0xc3, 0,    0,    0, 0, 0, 0 /* 50000 us */ };

    link_set_watch(&p.ar->a->tx, &look.watch);
    p.ping->start = 1050 * SIM_MS;
    net_set(p.ping, "count", "1");
    net_arm(p.ping);
    net_run(p.net, 10 * SIM_S);
    ck_assert_uint_eq(look.seen, 1);
    ck_assert_uint_eq(look.bytes[14 + 20], 8); /* echo request, number 1 */
    ck_assert_uint_eq(look.bytes[14 + 20 + 6] << 8 | look.bytes[14 + 20 + 7], 1);
    ck_assert_mem_eq(look.bytes + 42, timeval, 16);
    for (int i = 16; i < 56; i++)
        ck_assert_uint_eq(look.bytes[42 + i], i);
    link_set_watch(&p.ar->a->tx, NULL);
    net_end(p.net);
}
END_TEST

START_TEST(any_size)
{
    struct path p = path_new();
    static const char *const sizes[] = { "0", "8", "15", "16", "17", "1472", "1473", "65507" };

    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        struct app *ping = net_app(p.net, "ping", p.a, p.b);
        ping->start = (sim_time)i * SIM_S;
        net_set(ping, "size", sizes[i]);
        net_set(ping, "count", "1");
        net_arm(ping);
    }
    net_run(p.net, 20 * SIM_S);
    for (guint i = 0; i < p.net->apps->len; i++)
        if (p.net->apps->pdata[i] != p.ping)
            ck_assert_result(p.net->apps->pdata[i], "received", 1);
    net_end(p.net);
}
END_TEST

SUITE("models/app/ping", round_trip_times_are_exact, an_outage_is_the_longest_gap,
      an_outage_without_end_is_a_gap, what_may_still_come_is_not_lost, answers_that_come_again,
      sequence_numbers_wrap, too_large_with_df, too_large_without_df, errors_have_kinds,
      data_are_those_of_linux, any_size)

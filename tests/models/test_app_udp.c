/* net:udp: times by hand from wire lengths, counts from loss patterns. */
#include <math.h>

#include "models/app/datagrams.h"
#include "tests/support/net.h"
#include "tests/support/suite.h"

struct pair {
    struct network *net;
    struct node *a, *b;
    struct link *link;
    struct app *app;
};

/* Two hosts on a link, and a flow from a to b that begins at 1 s. */
static struct pair pair_new(uint64_t rate, sim_time delay, const char *kind)
{
    struct pair p = { .net = network_new("net", 1) };

    p.a = net_host(p.net, "a");
    p.b = net_host(p.net, "b");
    p.link = net_link(p.net, p.a, p.b, rate, delay);
    p.app = net_app(p.net, kind, p.a, p.b);
    p.app->start = SIM_S;
    return p;
}

/* Notes when each frame of UDP begins to leave. */
struct departures {
    struct link_watch watch;
    GArray *times;
};

static void departed(struct link_watch *watch, struct packet *packet, sim_time at, bool piece)
{
    struct departures *d = container_of(watch, struct departures, watch);

    if (packet->flow)
        g_array_append_val(d->times, at);
}

static void queue_changed(struct link_watch *watch, const struct qdisc *queue, sim_time at)
{
}

static const struct link_watch_ops departure_ops = { .started = departed, .queue = queue_changed };

static void watch_departures(struct departures *d, struct iface *iface)
{
    d->watch.ops = &departure_ops;
    d->times = g_array_new(FALSE, FALSE, sizeof(sim_time));
    link_set_watch(&iface->tx, &d->watch);
}

static sim_time departure(const struct departures *d, guint i)
{
    ck_assert_uint_lt(i, d->times->len);
    return g_array_index(d->times, sim_time, i);
}

START_TEST(one_datagram_is_exact)
{
    struct pair p = pair_new(100000000, 10 * SIM_MS, "udp");

    /* ARP first: two frames of 84 bytes on the wire, 6.72 us each, and the way there and back.
     * Then 1472 + 8 + 20 + 14 + 4 + 20 = 1538 bytes: 123.04 us. */
    sim_time arp = 2 * (6720 * SIM_NS + 10 * SIM_MS);
    net_set(p.app, "count", "1");
    net_arm(p.app);
    net_run(p.net, 2 * SIM_S);
    ck_assert_result(p.app, "sent", 1);
    ck_assert_result(p.app, "received", 1);
    ck_assert_result(p.app, "lost", 0);
    ck_assert_result(p.app, "delay.min", simtime_seconds(arp + 123040 * SIM_NS + 10 * SIM_MS));
    ck_assert(isnan(net_result(p.app, "jitter")));
    ck_assert_int_eq(p.app->state, APP_DONE);
    ck_assert_int_eq(p.app->ended, SIM_S + arp + 123040 * SIM_NS + 10 * SIM_MS);
    net_end(p.net);
}
END_TEST

START_TEST(constant_rate_does_not_drift)
{
    struct pair p = pair_new(1000000000, 0, "udp");
    struct departures d;

    /* 7 bytes at 3 kbit/s: 56000/3 us, which no number of picoseconds is.  Datagram k leaves at
     * k x 56e9/3 ps, rounded up. */
    watch_departures(&d, p.link->a);
    net_set(p.app, "rate", "3kbps");
    net_set(p.app, "size", "7");
    net_arm(p.app);
    net_run(p.net, 101 * SIM_S);
    ck_assert_uint_eq(d.times->len, 5358); /* 100 s / 18.667 ms, and the first */
    for (guint k = 1; k < d.times->len; k++)
        ck_assert_int_eq(departure(&d, k), SIM_S + ((sim_time)k * 56 * SIM_S + 2999) / 3000);
    link_set_watch(&p.link->a->tx, NULL);
    g_array_free(d.times, TRUE);
    network_free(p.net);
}
END_TEST

START_TEST(stop_and_limits)
{
    struct pair p = pair_new(1000000000, SIM_MS, "udp");

    /* 1 Mbit/s of 1250 bytes: one each 10 ms; in [1 s, 3 s) that is 200. */
    net_set(p.app, "size", "1250");
    p.app->stop = 3 * SIM_S;
    net_arm(p.app);
    struct app *bytes = net_app(p.net, "udp", p.b, p.a);
    net_set(bytes, "bytes", "10000");
    net_set(bytes, "size", "1500");
    net_arm(bytes);
    net_run(p.net, 5 * SIM_S);
    ck_assert_result(p.app, "sent", 200);
    ck_assert_result(p.app, "received", 200);
    ck_assert_result(p.app, "rate", 1e6);
    /* The last one leaves at 2.99 s and arrives before the source ends. */
    ck_assert_result(p.app, "goodput", 1e6);
    ck_assert_double_eq_tol(net_result_in(p.app, "goodput", 3 * SIM_S / 2, 5 * SIM_S / 2), 1e6, 1);
    ck_assert_result(bytes, "sent", 7); /* six of 1500 and one of 1000 */
    ck_assert_double_eq_tol(net_result(bytes, "rate"), 1e6, 1e-3);
    ck_assert_int_eq(bytes->state, APP_DONE);
    net_end(p.net);
}
END_TEST

START_TEST(losses_are_counted)
{
    struct pair p = pair_new(1000000000, SIM_MS, "udp");
    struct impair_config every_tenth = { .every = 10 };

    /* The first frame is ARP's: frames 10, 20, ... 100 are datagrams 8, 18, ... 98 from 0. */
    net_impair(p.link->a, &every_tenth);
    net_set(p.app, "count", "100");
    net_arm(p.app);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.app, "sent", 100);
    ck_assert_result(p.app, "lost", 10);
    ck_assert_result(p.app, "received", 90);
    ck_assert_result(p.app, "loss", 0.1);
    ck_assert_result(p.app, "reordered", 0);
    ck_assert_int_eq(p.app->state, APP_DONE);
    net_end(p.net);
}
END_TEST

START_TEST(what_is_under_way_is_not_lost)
{
    struct pair p = pair_new(1000000000, 500 * SIM_MS, "udp");

    /* Each 10 ms from 1 s on; 0.5 s and 10 us under way, so those sent from 3.5 s to 4 s are: 51 of
     * 301.  ARP takes a second at first, in which more come than it keeps. */
    net_set(p.app, "size", "1250");
    net_arm(p.app);
    net_run(p.net, 4 * SIM_S);
    ck_assert_result(p.app, "sent", 301);
    ck_assert_double_gt(net_result(p.app, "received"), 0);
    ck_assert_uint_eq(stream_in_flight(stream_of(p.app)), 51);
    ck_assert_double_eq(net_result(p.app, "received") + net_result(p.app, "lost"), 250);
    /* The link is cut: what was on it is lost, and all that follows. */
    double lost = net_result(p.app, "lost");
    net_set_state(p.link, LINK_SILENT);
    net_run(p.net, 5 * SIM_S);
    ck_assert_result(p.app, "sent", 401);
    ck_assert_result(p.app, "lost", lost + 151);
    network_free(p.net);
}
END_TEST

START_TEST(late_and_repeated_ones_are_told_apart)
{
    struct pair p = pair_new(1000000000, SIM_MS, "udp");
    struct impair_config config = { .duplicate = 1 };

    net_impair(p.link->a, &config);
    net_set(p.app, "count", "50");
    net_arm(p.app);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.app, "received", 50);
    ck_assert_result(p.app, "lost", 0);
    ck_assert_result(p.app, "reordered", 0);
    ck_assert_result(p.app, "duplicates", 50);
    net_end(p.net);
}
END_TEST

START_TEST(overtaken_ones_are_reordered)
{
    struct pair p = pair_new(1000000000, SIM_MS, "udp");
    struct impair_config config = { .reorder = 0.25, .reorder_delay = 25 * SIM_MS };

    net_impair(p.link->a, &config);
    net_set(p.app, "size", "1250");
    net_set(p.app, "count", "400");
    net_arm(p.app);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.app, "received", 400);
    ck_assert_result(p.app, "lost", 0);
    /* 100 +- 4 standard deviations, those with a delayed one behind them less often overtaken. */
    ck_assert_double_ge(net_result(p.app, "reordered"), 60);
    ck_assert_double_le(net_result(p.app, "reordered"), 140);
    net_end(p.net);
}
END_TEST

START_TEST(jitter_is_that_of_rfc_3550)
{
    struct pair p = pair_new(8000000, 0, "udp");

    /* Transit times differ once: the first datagram waits for ARP, two frames of 84 us.  RFC 3550
     * 6.4.1: J = D / 16 after the second, and 15/16 of that after each one more. */
    net_set(p.app, "arrival", "10ms");
    net_set(p.app, "count", "5");
    net_arm(p.app);
    net_run(p.net, 2 * SIM_S);
    double once = 168e-6 / 16, left = 15.0 / 16 * 15 / 16 * 15 / 16;
    ck_assert_double_eq_tol(net_result(p.app, "jitter"), once * left, 1e-11);
    net_end(p.net);
}
END_TEST

START_TEST(wire_sizes_count_all_bytes)
{
    struct pair p = pair_new(8000000, 0, "udp");
    struct departures d;

    /* 1000 bytes on the wire at 8 Mbit/s are a frame per millisecond, without a gap. */
    watch_departures(&d, p.link->a);
    net_set(p.app, "wire_size", "1000");
    net_set(p.app, "rate", "8Mbps");
    net_set(p.app, "count", "1000");
    net_arm(p.app);
    net_run(p.net, 10 * SIM_S);
    for (guint k = 10; k < 1000; k++)
        ck_assert_int_eq(departure(&d, k) - departure(&d, k - 1), SIM_MS);
    ck_assert_int_eq(p.link->a->tx.busy_until - departure(&d, 999), SIM_MS);
    ck_assert_result(p.app, "lost", 0);
    link_set_watch(&p.link->a->tx, NULL);
    g_array_free(d.times, TRUE);
    net_end(p.net);
}
END_TEST

START_TEST(mm1_queue)
{
    /* Poisson arrivals, exponential sizes: M/M/1.  Load 0.5, 1000 bytes on the wire at 8 Mbit/s:
     * T = 1 ms / (1 - 0.5) = 2 ms.  A run of this length is within 5 %. */
    struct pair p = pair_new(8000000, 0, "udp");

    p.link->a->ip.mtu = p.link->b->ip.mtu = 9000;
    net_set(p.app, "wire_size", "exponential 1000");
    net_set(p.app, "arrival", "poisson 500");
    net_arm(p.app);
    ck_assert(p.net->sim->random);
    net_run(p.net, 401 * SIM_S);
    ck_assert_double_eq_tol(net_result(p.app, "delay.mean"), 2e-3, 0.1e-3);
    ck_assert_double_eq_tol(net_result_in(p.app, "delay.mean", 100 * SIM_S, 401 * SIM_S), 2e-3,
                            0.1e-3);
    ck_assert_double_eq_tol(net_result(p.app, "sent"), 200000, 4 * sqrt(200000));
    network_free(p.net);
}
END_TEST

START_TEST(nobody_listens)
{
    struct pair p = pair_new(1000000000, SIM_MS, "udp");

    /* icmp_ratelimit: six errors at once, then one per second (Linux). */
    net_set(p.app, "listen", "no");
    net_set(p.app, "count", "5");
    net_arm(p.app);
    net_run(p.net, 10 * SIM_S);
    ck_assert_result(p.app, "received", 0);
    ck_assert_result(p.app, "lost", 5);
    ck_assert_result(p.app, "loss", 1);
    ck_assert_result(p.app, "errors", 5);
    char *remark = p.app->ops->remark(p.app);
    ck_assert_msg(strstr(remark, "port unreachable") != NULL, "%s", remark);
    g_free(remark);
    ck_assert_int_eq(p.app->state, APP_DONE);
    net_end(p.net);
}
END_TEST

START_TEST(large_ones_are_fragmented_and_judged)
{
    struct pair p = pair_new(1000000000, SIM_MS, "udp");
    struct impair_config every_20th = { .every = 20 };

    /* 5112 bytes of data: fragments of 1480, 1480, 1480 and 680; frame 1 is ARP's. */
    net_impair(p.link->a, &every_20th);
    net_set(p.app, "size", "5112");
    net_set(p.app, "count", "20");
    net_arm(p.app);
    net_run(p.net, 100 * SIM_S);
    /* 81 frames, of which 20, 40, 60, 80 are lost, each of another datagram. */
    ck_assert_result(p.app, "received", 16);
    ck_assert_result(p.app, "lost", 4);
    net_end(p.net);
}
END_TEST

START_TEST(df_is_set_if_wanted)
{
    struct pair p = pair_new(1000000000, SIM_MS, "udp");

    net_set(p.app, "size", "1473");
    net_set(p.app, "df", "yes");
    net_set(p.app, "count", "3");
    net_arm(p.app);
    net_run(p.net, 3 * SIM_S);
    ck_assert_result(p.app, "received", 0);
    ck_assert_result(p.app, "errors", 3);
    char *remark = p.app->ops->remark(p.app);
    ck_assert_ptr_nonnull(strstr(remark, "MTU"));
    g_free(remark);
    net_end(p.net);
}
END_TEST

START_TEST(options_that_cannot_be_meant)
{
    struct pair p = pair_new(1000000000, SIM_MS, "udp");
    GError *error = NULL;

    net_set(p.app, "size", "70000");
    ck_assert(!app_arm(p.app, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "65507"));
    g_clear_error(&error);
    net_set(p.app, "wire_size", "40");
    ck_assert(!app_arm(p.app, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "84"));
    g_clear_error(&error);
    network_free(p.net);
}
END_TEST

START_TEST(bursts_keep_the_mean_rate)
{
    struct pair p = pair_new(1000000000, SIM_MS, "onoff");
    struct departures d;

    /* A gap is 10 ms, a burst 25 ms, a pause 75 ms: the clock of the source runs a quarter of the
     * time, so 2.5 datagrams a burst, 3 and 2 by turns: at 0, 10, 20 ms; 105, 115; 200 ... */
    watch_departures(&d, p.link->a);
    net_set(p.app, "size", "1250");
    net_set(p.app, "on", "25ms");
    net_set(p.app, "off", "75ms");
    p.app->stop = 101 * SIM_S;
    net_arm(p.app);
    net_run(p.net, 102 * SIM_S);
    ck_assert_result(p.app, "sent", 2500);
    ck_assert_result(p.app, "bursts", 1000);
    static const int ms[] = { 200, 210, 220, 305, 315, 400 };
    for (guint i = 0; i < G_N_ELEMENTS(ms); i++)
        ck_assert_int_eq(departure(&d, 5 + i), SIM_S + ms[i] * SIM_MS);
    ck_assert_double_eq_tol(net_result(p.app, "rate"), 0.25e6, 1);
    link_set_watch(&p.link->a->tx, NULL);
    g_array_free(d.times, TRUE);
    net_end(p.net);
}
END_TEST

START_TEST(random_bursts)
{
    struct pair p = pair_new(1000000000, SIM_MS, "onoff");

    /* Renewal theory: the fraction of the time that is on is 1 / (1 + 3). */
    net_set(p.app, "on", "exponential 100ms");
    net_set(p.app, "off", "exponential 300ms");
    net_set(p.app, "size", "125");
    p.app->stop = 2001 * SIM_S;
    net_arm(p.app);
    net_run(p.net, 2002 * SIM_S);
    ck_assert_double_eq_tol(net_result(p.app, "rate"), 0.25e6, 0.02e6);
    ck_assert_double_eq_tol(net_result(p.app, "bursts"), 5000, 300);
    net_end(p.net);
}
END_TEST

START_TEST(stopped_in_a_pause)
{
    struct pair p = pair_new(1000000000, SIM_MS, "onoff");

    net_set(p.app, "count", "3");
    net_set(p.app, "on", "1ms");
    p.app->stop = 10 * SIM_S;
    net_arm(p.app);
    net_run(p.net, 20 * SIM_S);
    ck_assert_result(p.app, "sent", 1); /* its clock runs 1 ms in a second: 5 ms by then */
    net_end(p.net);
}
END_TEST

SUITE("models/app/udp", one_datagram_is_exact, constant_rate_does_not_drift, stop_and_limits,
      losses_are_counted, what_is_under_way_is_not_lost, late_and_repeated_ones_are_told_apart,
      overtaken_ones_are_reordered, jitter_is_that_of_rfc_3550, wire_sizes_count_all_bytes,
      mm1_queue, nobody_listens, large_ones_are_fragmented_and_judged, df_is_set_if_wanted,
      options_that_cannot_be_meant, bursts_keep_the_mean_rate, random_bursts, stopped_in_a_pause)

/* net:voip: delays by hand, losses by pattern, quality by the formulas of G.107. */
#include <math.h>

#include "models/app/emodel.h"
#include "models/app/stream.h"
#include "protocols/wire/rtphdr.h"
#include "tests/support/net.h"
#include "tests/support/suite.h"

/* 160 bytes of speech, RTP 12, UDP 8, IP 20, and 38 on the wire: 238 bytes at 100 Mbit/s. */
#define SENDING (19040 * SIM_NS)

struct call {
    struct network *net;
    struct node *a, *b;
    struct link *link;
    struct app *voip;
};

/* Two hosts that know each other; the call is from 1 s to 21 s: 1000 packets. */
static struct call call_new(sim_time delay)
{
    struct call c = { .net = network_new("net", 1) };

    c.a = net_host(c.net, "a");
    c.b = net_host(c.net, "b");
    c.link = net_link(c.net, c.a, c.b, 100000000, delay);
    struct app *first = net_app(c.net, "udp", c.a, c.b);
    net_set(first, "count", "1");
    net_arm(first);
    c.voip = net_app(c.net, "voip", c.a, c.b);
    c.voip->start = SIM_S;
    c.voip->stop = 21 * SIM_S;
    return c;
}

static double rating(double ms, double percent, double Ie, double Bpl, double BurstR)
{
    struct emodel e = emodel_default;

    e.Ppl = percent;
    e.Ie = Ie;
    e.Bpl = Bpl;
    e.BurstR = BurstR;
    emodel_set_delay(&e, ms);
    return emodel_rating(&e);
}

START_TEST(a_good_call)
{
    struct call c = call_new(40 * SIM_MS);

    net_arm(c.voip);
    net_run(c.net, 30 * SIM_S);
    ck_assert_result(c.voip, "sent", 1000);
    ck_assert_result(c.voip, "lost", 0);
    ck_assert_result(c.voip, "late", 0);
    ck_assert_result(c.voip, "jitter", 0);
    ck_assert_result(c.voip, "delay.min", simtime_seconds(40 * SIM_MS + SENDING));
    ck_assert_result(c.voip, "delay.max", simtime_seconds(40 * SIM_MS + SENDING));
    /* 20 ms of speech, 40.01904 ms of network, 60 ms of buffer. */
    ck_assert_double_eq_tol(net_result(c.voip, "mouth_to_ear"), 0.12001904, 1e-9);
    ck_assert_double_eq_tol(net_result(c.voip, "r"), rating(120.01904, 0, 0, 1, 1), 1e-4);
    ck_assert_double_eq_tol(net_result(c.voip, "mos"), 4.345411, 1e-5);
    ck_assert_result(c.voip, "burst_ratio", 1);
    /* 172 bytes each 20 ms, of which 20.04 s pass until the last has arrived. */
    ck_assert_double_eq_tol(net_result(c.voip, "rate"), 68800, 1e-6);
    ck_assert_int_eq(c.voip->state, APP_DONE);
    net_end(c.net);
}
END_TEST

START_TEST(losses_cost_quality)
{
    struct call c = call_new(40 * SIM_MS);
    struct impair_config each_50th = { .every = 50 };

    /* 20 of 1000, one at a time; frames 1 and 2 are ARP's and the first flow's. */
    net_impair(c.link->a, &each_50th);
    net_set(c.voip, "codec", "g729");
    net_arm(c.voip);
    net_run(c.net, 30 * SIM_S);
    ck_assert_result(c.voip, "lost", 20);
    ck_assert_double_eq(net_result(c.voip, "loss"), 0.02);
    ck_assert_result(c.voip, "burst_ratio", 1);
    /* G.729: Ie 11, Bpl 19; 5 ms of look-ahead; 20 + 12 + 28 + 38 bytes take 7.84 us. */
    double ms = 20 + 5 + 40.00784 + 60;
    ck_assert_double_eq_tol(net_result(c.voip, "mouth_to_ear"), ms / 1e3, 1e-9);
    ck_assert_double_eq_tol(net_result(c.voip, "r"), rating(ms, 2, 11, 19, 1), 1e-4);
    /* The loss alone: 11 + (95 - 11) 2 / (2 + 19) = 19 off. */
    ck_assert_double_eq_tol(rating(ms, 0, 0, 1, 1) - net_result(c.voip, "r"), 19, 1e-4);
    net_end(c.net);
}
END_TEST

START_TEST(bursts_cost_more)
{
    static const uint64_t numbers[] = { 500, 501, 502, 503, 504, 505, 506, 507, 508, 509 };
    struct call c = call_new(40 * SIM_MS);
    struct impair_config run = { .numbers = numbers, .n_numbers = 10 };

    net_impair(c.link->a, &run);
    net_arm(c.voip);
    net_run(c.net, 30 * SIM_S);
    ck_assert_result(c.voip, "lost", 10);
    ck_assert_double_eq_tol(net_result(c.voip, "burst_ratio"), 9.9, 1e-9);
    ck_assert_double_eq_tol(net_result(c.voip, "r"), rating(120.01904, 1, 0, 25.1, 9.9), 1e-4);
    /* All of the losses lie within these two seconds. */
    sim_time from = 10 * SIM_S, to = 12 * SIM_S;
    ck_assert_double_eq_tol(net_result_in(c.voip, "loss", from, to), 0.1, 1e-9);
    ck_assert_double_lt(net_result_in(c.voip, "mos", from, to), net_result(c.voip, "mos"));
    ck_assert_double_gt(net_result_in(c.voip, "mos", to, 20 * SIM_S), net_result(c.voip, "mos"));
    net_end(c.net);
}
END_TEST

START_TEST(what_is_late_is_not_heard)
{
    struct call c = call_new(40 * SIM_MS);

    /* From 11 s on the way takes 80 ms longer, more than the buffer's 60: 24 packets come too late,
     * then the receiver understands. */
    net_arm(c.voip);
    net_run(c.net, 11 * SIM_S - 1);
    link_set_delay(&c.link->a->tx, 120 * SIM_MS);
    net_run(c.net, 30 * SIM_S);
    ck_assert_result(c.voip, "lost", 0);
    ck_assert_result(c.voip, "late", 24);
    ck_assert_double_eq_tol(net_result(c.voip, "burst_ratio"), 24 * (1 - 0.024), 1e-9);
    net_end(c.net);

    /* 50 ms longer is within the buffer. */
    c = call_new(40 * SIM_MS);
    net_arm(c.voip);
    net_run(c.net, 11 * SIM_S - 1);
    link_set_delay(&c.link->a->tx, 90 * SIM_MS);
    net_run(c.net, 30 * SIM_S);
    ck_assert_result(c.voip, "late", 0);
    ck_assert_double_eq_tol(net_result(c.voip, "mouth_to_ear"), 0.12001904, 1e-9);
    net_end(c.net);
}
END_TEST

START_TEST(nothing_arrives)
{
    struct call c = call_new(40 * SIM_MS);

    net_arm(c.voip);
    net_run(c.net, SIM_S / 2);
    ck_assert(isnan(net_result(c.voip, "mos")));
    net_set_state(c.link, LINK_SILENT);
    net_run(c.net, 30 * SIM_S);
    ck_assert_result(c.voip, "lost", 1000);
    ck_assert(isnan(net_result(c.voip, "mouth_to_ear")));
    /* G.711 with concealment: 95 100 / (100 + 25.1) = 75.9 off 93.2. */
    ck_assert_double_eq_tol(net_result(c.voip, "r"), 93.206208 - 9500 / 125.1, 1e-5);
    ck_assert_double_le(net_result(c.voip, "mos"), 1.5);
    net_end(c.net);
}
END_TEST

/* ---- The bytes ----------------------------------------------------------------------------- */

struct look {
    struct link_watch watch;
    GArray *headers; /* struct rtphdr */
    GArray *times;
};

static void look_at(struct link_watch *watch, struct packet *packet, sim_time at, bool piece)
{
    struct look *look = container_of(watch, struct look, watch);
    enum { BEFORE = 14 + 20 + 8 };
    uint8_t bytes[RTPHDR_LEN];
    struct rtphdr h;

    if (packet->flow != 2 || packet_len(packet) < BEFORE + RTPHDR_LEN)
        return;
    packet_read(packet, BEFORE, bytes, sizeof bytes);
    ck_assert_uint_eq(rtphdr_check(bytes, sizeof bytes), RTPHDR_LEN);
    rtphdr_parse(bytes, &h);
    g_array_append_val(look->headers, h);
    g_array_append_val(look->times, at);
}

static void queue_changed(struct link_watch *watch, const struct qdisc *queue, sim_time at)
{
}

static const struct link_watch_ops look_ops = { .started = look_at, .queue = queue_changed };

START_TEST(talkspurts)
{
    struct call c = call_new(40 * SIM_MS);
    struct look look = { .watch.ops = &look_ops,
                         .headers = g_array_new(FALSE, FALSE, sizeof(struct rtphdr)),
                         .times = g_array_new(FALSE, FALSE, sizeof(sim_time)) };

    /* 90 ms of talk are five packets; the last ends at 100 ms, then there is silence for 110 ms. */
    link_set_watch(&c.link->a->tx, &look.watch);
    net_set(c.voip, "talk", "90ms");
    net_set(c.voip, "pause", "110ms");
    net_arm(c.voip);
    net_run(c.net, 30 * SIM_S);
    ck_assert_result(c.voip, "talkspurts", 96);       /* 20 s / 210 ms, rounded up */
    ck_assert_uint_eq(look.headers->len, 96 * 5 - 2); /* the last begins at 19.95 s: three */
    ck_assert_result(c.voip, "late", 0);
    struct rtphdr first = g_array_index(look.headers, struct rtphdr, 0);
    for (guint i = 0; i < look.headers->len; i++) {
        struct rtphdr h = g_array_index(look.headers, struct rtphdr, i);
        sim_time at = g_array_index(look.times, sim_time, i) - SIM_S;
        ck_assert_int_eq(at, (i / 5) * 210 * SIM_MS + (i % 5) * 20 * SIM_MS);
        ck_assert_int_eq(h.marker, i % 5 == 0);
        ck_assert_uint_eq((uint16_t)(h.seq - first.seq), i);
        ck_assert_uint_eq(h.timestamp - first.timestamp, (uint32_t)(at / (125 * SIM_US)));
        ck_assert_uint_eq(h.ssrc, first.ssrc);
        ck_assert_uint_eq(h.type, 0);
    }
    link_set_watch(&c.link->a->tx, NULL);
    g_array_free(look.headers, TRUE);
    g_array_free(look.times, TRUE);
    net_end(c.net);
}
END_TEST

START_TEST(sequence_numbers_wrap)
{
    struct call c = call_new(SIM_MS);

    c.voip->stop = SIM_NEVER;
    net_set(c.voip, "frames", "1");
    net_arm(c.voip);
    net_run(c.net, 801 * SIM_S);
    ck_assert_result(c.voip, "sent", 80001);
    ck_assert_result(c.voip, "received", 80000);
    ck_assert_result(c.voip, "lost", 0);
    ck_assert_result(c.voip, "late", 0);
    network_free(c.net);
}
END_TEST

SUITE("models/app/voip", a_good_call, losses_cost_quality, bursts_cost_more,
      what_is_late_is_not_heard, nothing_arrives, talkspurts, sequence_numbers_wrap)

/* node:ping(to): echo requests at a steady interval, as ping(8) of Linux sends them.
 *
 * Request k leaves at start + k x interval, so its round-trip time follows from the sequence
 * number of the answer and nothing is remembered per request.  The data are Linux's: the time of
 * sending (if there is room), then bytes that count up.
 *
 * A request is lost when it has not been answered within `timeout`; an answer that comes later
 * still counts.  The longest gap is the longest time without an answer, between two of them or at
 * either end of the run: how long an outage lasted, give or take an interval.
 *
 * After the last request the ping waits for the answers that are missing, for `timeout` or twice
 * the longest round-trip time, whichever is longer. */
#include <errno.h>
#include <math.h>

#include "models/app/app.h"
#include "models/app/icmp_words.h"
#include "models/app/sequence.h"
#include "models/app/stream.h"
#include "protocols/ip/icmp.h"
#include "sim/histogram.h"

enum {
    PING_RTT,
    PING_UNREACHABLE,
    PING_FRAG_NEEDED,
    PING_TIME_EXCEEDED,
    PING_MTU,
    PING_TTL,
    PING_PROBES
};

enum { TIMEVAL = 16 /* bytes */, EPOCH = 946684800 /* 2000-01-01, as in captures */ };

struct pinger {
    /* Options. */
    uint64_t count; /* 0: no end */
    sim_time interval, timeout;
    uint32_t size, ttl, dscp;
    int df; /* enum ip_df */

    struct app *app;
    struct ping ping;
    struct ip_tx tx;
    struct blob *data; /* of each request, but for the time at its beginning */
    struct timer send_timer, end_timer;
    uint64_t sent, duplicates;
    bool finished; /* no more requests */
    struct sequence answers;
    sim_time last_answer, longest_gap;
    struct histogram rtt;            /* picoseconds */
    double rtt_mean, rtt_deviations; /* Welford's running mean and sum of squared deviations */
    uint64_t errors, unreachable, frag_needed, time_exceeded;
    uint32_t mtu;     /* of the last "fragmentation needed" */
    uint8_t last_ttl; /* of the last answer */
    uint8_t error_type, error_code;
    struct ip_addr reporter;
};

static struct pinger *pinger_of(struct app *app)
{
    return (struct pinger *)app->priv;
}

static sim_time sent_at(const struct pinger *p, uint64_t number)
{
    return p->app->began + (sim_time)number * p->interval;
}

/* ---- The end ------------------------------------------------------------------------------- */

static bool all_answered(const struct pinger *p)
{
    return sequence_arrived(&p->answers) == p->sent;
}

static void pinger_done(struct pinger *p)
{
    timer_cancel(p->app->sim, &p->end_timer);
    ping_close(&p->app->from.node->ip, &p->ping);
    app_done(p->app, 0);
}

static void wait_over(struct sim *sim, struct timer *timer)
{
    pinger_done(container_of(timer, struct pinger, end_timer));
}

static void finish(struct pinger *p)
{
    sim_time wait = p->timeout;

    if (p->finished)
        return;
    p->finished = true;
    timer_cancel(p->app->sim, &p->send_timer);
    if (p->rtt.count > 0)
        wait = MAX(wait, 2 * (sim_time)p->rtt.max);
    timer_set(p->app->sim, &p->end_timer, simtime_add(p->app->sim->now, wait));
    if (all_answered(p))
        pinger_done(p);
}

/* ---- Answers ------------------------------------------------------------------------------- */

static void note_rtt(struct pinger *p, sim_time rtt)
{
    histogram_add(&p->rtt, (uint64_t)rtt);
    double off = (double)rtt - p->rtt_mean;
    p->rtt_mean += off / (double)p->rtt.count;
    p->rtt_deviations += off * ((double)rtt - p->rtt_mean);
    app_probe(p->app, PING_RTT, simtime_seconds(rtt));
}

/* The request with this sequence number, of those sent the last; false if there was none. */
static bool number_of(const struct pinger *p, uint16_t seq, uint64_t *number)
{
    uint16_t back = (uint16_t)(p->sent - seq);

    *number = p->sent - 1 - back;
    return back < p->sent;
}

static void answered(struct pinger *p, uint64_t number, uint8_t ttl)
{
    sim_time now = p->app->sim->now;

    p->longest_gap = MAX(p->longest_gap, now - p->last_answer);
    p->last_answer = now;
    p->last_ttl = ttl;
    app_probe(p->app, PING_TTL, ttl);
    note_rtt(p, now - sent_at(p, number));
}

static void pinger_reply(struct ping *ping, uint16_t seq, struct packet *packet,
                         const struct ip_rx *rx)
{
    struct pinger *p = container_of(ping, struct pinger, ping);
    uint64_t number;
    bool ours = number_of(p, seq, &number);

    packet_delivered(packet);
    if (!ours)
        return;
    if (sequence_add(&p->answers, number) == SEQUENCE_AGAIN) {
        p->duplicates++;
        return;
    }
    answered(p, number, rx->ttl);
    if (p->finished && all_answered(p))
        pinger_done(p);
}

/* ---- Errors -------------------------------------------------------------------------------- */

static void note_mtu(struct pinger *p, uint32_t mtu)
{
    p->mtu = mtu;
    app_probe(p->app, PING_MTU, mtu);
    app_probe(p->app, PING_FRAG_NEEDED, (double)++p->frag_needed);
}

static void note_error(struct pinger *p, uint8_t type, uint8_t code, uint32_t info,
                       const struct ip_addr *reporter)
{
    p->errors++;
    p->error_type = type;
    p->error_code = code;
    p->reporter = *reporter;
    if (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
        note_mtu(p, info);
    else if (type == ICMP_DEST_UNREACH)
        app_probe(p->app, PING_UNREACHABLE, (double)++p->unreachable);
    else if (type == ICMP_TIME_EXCEEDED)
        app_probe(p->app, PING_TIME_EXCEEDED, (double)++p->time_exceeded);
}

static void pinger_error(struct ping *ping, uint16_t seq, uint8_t type, uint8_t code, uint32_t info,
                         const struct ip_rx *rx)
{
    note_error(container_of(ping, struct pinger, ping), type, code, info, &rx->reporter);
}

/* What the node itself refused to send counts as if a router had. */
static void local_error(struct pinger *p, int error)
{
    struct ip_stack *ip = &p->app->from.node->ip;
    struct ip_addr self = p->tx.src;
    uint32_t mtu = 0;

    if (error == EMSGSIZE && ip_route_query(ip, &p->tx.dst, &self, &mtu))
        note_error(p, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu, &self);
    else
        note_error(p, ICMP_DEST_UNREACH,
                   error == EHOSTUNREACH ? ICMP_HOST_UNREACH : ICMP_NET_UNREACH, 0, &self);
}

/* ---- Requests ------------------------------------------------------------------------------ */

static void put_little(uint8_t *to, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

/* A struct timeval of a 64-bit little-endian Linux. */
static void put_timeval(uint8_t *to, sim_time now)
{
    put_little(to, EPOCH + (uint64_t)(now / SIM_S));
    put_little(to + 8, (uint64_t)(now % SIM_S / SIM_US));
}

static struct packet *make_request(struct pinger *p)
{
    struct sim *sim = p->app->sim;
    struct packet *packet = packet_new(sim);
    uint32_t stamp = p->size >= TIMEVAL ? TIMEVAL : 0;

    packet->flow = p->app->number;
    if (stamp)
        put_timeval(packet_push(packet, TIMEVAL), sim->now);
    if (p->size > stamp)
        packet_set_payload(packet, blob_ref(p->data), stamp, p->size - stamp);
    return packet;
}

static void pinger_send(struct sim *sim, struct timer *timer)
{
    struct pinger *p = container_of(timer, struct pinger, send_timer);
    struct packet *packet = make_request(p);
    uint16_t seq = (uint16_t)++p->sent;

    int error = ping_send(&p->app->from.node->ip, &p->ping, seq, packet, &p->tx);
    if (error)
        local_error(p, error);
    if (p->sent == p->count)
        finish(p);
    else
        timer_set(sim, timer, sent_at(p, p->sent));
}

/* ---- Life ---------------------------------------------------------------------------------- */

static struct blob *count_up(uint32_t size)
{
    struct blob *blob = blob_new(size);

    for (uint32_t i = 0; i < size; i++)
        blob->bytes[i] = (uint8_t)i;
    return blob;
}

static bool pinger_init(struct app *app, GError **error)
{
    struct pinger *p = pinger_of(app);

    p->app = app;
    p->data = count_up(p->size);
    p->ping.reply = pinger_reply;
    p->ping.error = pinger_error;
    p->tx.tos = (uint8_t)(p->dscp << 2);
    p->tx.ttl = (uint8_t)p->ttl;
    p->tx.df = (uint8_t)p->df;
    timer_init(&p->send_timer, app->actor, pinger_send);
    timer_init(&p->end_timer, app->actor, wait_over);
    return true;
}

static void pinger_start(struct app *app)
{
    static const struct ip_addr any;
    struct pinger *p = pinger_of(app);

    if (!endpoint_resolve(&app->to, &p->tx.dst)) {
        app_done(app, EADDRNOTAVAIL);
        return;
    }
    if (app->from.iface || !ip_addr_equal(&app->from.addr, &any))
        endpoint_resolve(&app->from, &p->tx.src);
    ping_open(&app->from.node->ip, &p->ping);
    p->last_answer = app->sim->now;
    pinger_send(app->sim, &p->send_timer);
}

static void pinger_stop(struct app *app)
{
    finish(pinger_of(app));
}

static void pinger_release(struct app *app)
{
    struct pinger *p = pinger_of(app);

    if (!p->app)
        return;
    if (app->state == APP_RUNNING)
        ping_close(&app->from.node->ip, &p->ping);
    timer_cancel(app->sim, &p->send_timer);
    timer_cancel(app->sim, &p->end_timer);
    blob_unref(p->data);
    sequence_fini(&p->answers);
    histogram_fini(&p->rtt);
}

static const struct ip_addr no_address;

static char *pinger_remark(struct app *app)
{
    const struct pinger *p = pinger_of(app);
    char mtu[32] = "";

    if (p->errors == 0)
        return NULL;
    if (p->frag_needed > 0)
        g_snprintf(mtu, sizeof mtu, " (MTU %u)", p->mtu);
    bool own = ip_addr_equal(&p->reporter, &no_address); /* nothing came, the host itself knew */
    char *reporter = own ? g_strdup(app->from.node->name) : icmp_reporter(app->net, &p->reporter);
    char *text = g_strdup_printf("%" G_GUINT64_FORMAT " error%s, the last: %s%s, says %s",
                                 p->errors, p->errors == 1 ? "" : "s",
                                 icmp_words(p->error_type, p->error_code), mtu, reporter);
    g_free(reporter);
    return text;
}

/* ---- Results ------------------------------------------------------------------------------- */

/* Requests without an answer that may still get one in time. */
static uint64_t waiting(const struct pinger *p)
{
    uint64_t count = 0;

    if (p->sent == 0 || p->app->state != APP_RUNNING)
        return 0;
    sim_time now = p->app->sim->now;
    for (uint64_t n = p->sent; n > 0 && sent_at(p, n - 1) > now - p->timeout; n--)
        count += n - 1 >= p->answers.next || sequence_is_missing(&p->answers, n - 1);
    return count;
}

static double result_sent(void *object, const struct metric_span *span)
{
    return (double)pinger_of(object)->sent;
}

static double result_received(void *object, const struct metric_span *span)
{
    return (double)sequence_arrived(&pinger_of(object)->answers);
}

static double result_lost(void *object, const struct metric_span *span)
{
    const struct pinger *p = pinger_of(object);

    return (double)(p->sent - sequence_arrived(&p->answers) - waiting(p));
}

static double result_loss(void *object, const struct metric_span *span)
{
    double lost = result_lost(object, span), all = lost + result_received(object, span);

    return all > 0 ? lost / all : NAN;
}

/* What was not answered yet is a gap as well: it lasts until now, or until the next request would
 * have been due. */
static double result_longest_gap(void *object, const struct metric_span *span)
{
    const struct pinger *p = pinger_of(object);
    sim_time gap = p->longest_gap;

    if (p->sent == 0)
        return NAN;
    if (!all_answered(p)) {
        sim_time end = MIN(p->app->sim->now, sent_at(p, p->sent));
        gap = MAX(gap, end - p->last_answer);
    }
    return simtime_seconds(gap);
}

static double result_rtt_mdev(void *object, const struct metric_span *span)
{
    const struct pinger *p = pinger_of(object);

    if (p->rtt.count == 0)
        return NAN;
    return __builtin_sqrt(p->rtt_deviations / (double)p->rtt.count) / (double)SIM_S;
}

#define RTT_RESULT(name, expression)                                              \
    static double result_rtt_##name(void *object, const struct metric_span *span) \
    {                                                                             \
        const struct histogram *h = &pinger_of(object)->rtt;                      \
        return (expression) / (double)SIM_S;                                      \
    }
RTT_RESULT(min, histogram_percentile(h, 0))
RTT_RESULT(mean, histogram_mean(h))
RTT_RESULT(max, histogram_percentile(h, 100))
RTT_RESULT(p50, histogram_percentile(h, 50))
RTT_RESULT(p95, histogram_percentile(h, 95))
RTT_RESULT(p99, histogram_percentile(h, 99))

#define COUNT_RESULT(name)                                                    \
    static double result_##name(void *object, const struct metric_span *span) \
    {                                                                         \
        return (double)pinger_of(object)->name;                               \
    }                                                                         \
    static double now_##name(void *object)                                    \
    {                                                                         \
        return (double)pinger_of(object)->name;                               \
    }
COUNT_RESULT(unreachable)
COUNT_RESULT(frag_needed)
COUNT_RESULT(time_exceeded)

static double result_errors(void *object, const struct metric_span *span)
{
    return (double)pinger_of(object)->errors;
}

static double result_duplicates(void *object, const struct metric_span *span)
{
    return (double)pinger_of(object)->duplicates;
}

static double now_mtu(void *object)
{
    uint32_t mtu = pinger_of(object)->mtu;
    return mtu ? mtu : NAN;
}

static double result_mtu(void *object, const struct metric_span *span)
{
    return now_mtu(object);
}

static double now_ttl(void *object)
{
    const struct pinger *p = pinger_of(object);
    return p->rtt.count > 0 ? p->last_ttl : NAN;
}

static double result_ttl(void *object, const struct metric_span *span)
{
    return now_ttl(object);
}

static const struct metric ping_metrics[] = {
    { "sent", "packets", "echo requests sent", METRIC_RESULT, -1, 1, result_sent, NULL,
      .whole = true },
    { "received", "packets", "requests answered", METRIC_RESULT, -1, 1, result_received, NULL,
      .whole = true },
    { "lost", "packets", "requests without an answer within the timeout", METRIC_RESULT, -1, 1,
      result_lost, NULL, .whole = true },
    { "loss", "1", "lost, of those that were lost or answered", METRIC_RESULT, -1, 1, result_loss,
      NULL, .whole = true },
    { "duplicates", "packets", "answers that came again", METRIC_RESULT, -1, 1, result_duplicates,
      NULL, .whole = true },
    { "rtt", "s", "round-trip time of each answer", METRIC_SAMPLE, PING_RTT, 1, NULL, NULL },
    { "rtt.min", "s", "least round-trip time", METRIC_RESULT, -1, 1, result_rtt_min, NULL,
      .whole = true },
    { "rtt.mean", "s", "mean round-trip time", METRIC_RESULT, -1, 1, result_rtt_mean, NULL,
      .whole = true },
    { "rtt.max", "s", "greatest round-trip time", METRIC_RESULT, -1, 1, result_rtt_max, NULL,
      .whole = true },
    { "rtt.mdev", "s", "standard deviation of the round-trip time", METRIC_RESULT, -1, 1,
      result_rtt_mdev, NULL, .whole = true },
    { "rtt.p50", "s", "median round-trip time", METRIC_RESULT, -1, 1, result_rtt_p50, NULL,
      .whole = true },
    { "rtt.p95", "s", "95th percentile of the round-trip time", METRIC_RESULT, -1, 1,
      result_rtt_p95, NULL, .whole = true },
    { "rtt.p99", "s", "99th percentile of the round-trip time", METRIC_RESULT, -1, 1,
      result_rtt_p99, NULL, .whole = true },
    { "longest_gap", "s", "longest time without an answer", METRIC_RESULT, -1, 1,
      result_longest_gap, NULL, .whole = true },
    { "errors", "", "ICMP errors, and requests that could not be sent", METRIC_RESULT, -1, 1,
      result_errors, NULL, .whole = true },
    { "unreachable", "", "of these, destination unreachable", METRIC_GAUGE, PING_UNREACHABLE, 1,
      result_unreachable, now_unreachable, .whole = true },
    { "frag_needed", "", "of these, fragmentation needed", METRIC_GAUGE, PING_FRAG_NEEDED, 1,
      result_frag_needed, now_frag_needed, .whole = true },
    { "time_exceeded", "", "of these, time exceeded", METRIC_GAUGE, PING_TIME_EXCEEDED, 1,
      result_time_exceeded, now_time_exceeded, .whole = true },
    { "mtu", "B", "MTU in the last \"fragmentation needed\"", METRIC_GAUGE, PING_MTU, 1, result_mtu,
      now_mtu },
    { "ttl", "", "time to live of the last answer", METRIC_GAUGE, PING_TTL, 1, result_ttl,
      now_ttl },
    METRIC_END,
};

#define FIELD(member) offsetof(struct pinger, member)

static const struct param ping_params[] = {
    { "count", PARAM_COUNT, FIELD(count), "0", 0, 0, "requests to send; 0: no end", NULL },
    { "interval", PARAM_TIME, FIELD(interval), "1s", 1e-9, 0, "time between two requests", NULL },
    { "size", PARAM_U32, FIELD(size), "56", 0, 65507, "bytes of data of a request", NULL },
    { "df", PARAM_ENUM, FIELD(df), "want", 0, 0,
      "don't fragment: yes, no, or want: as long as the path's MTU allows, as Linux does",
      stream_df_words },
    { "ttl", PARAM_U32, FIELD(ttl), "0", 0, 255, "time to live; 0: net.ipv4.ip_default_ttl", NULL },
    { "dscp", PARAM_U32, FIELD(dscp), "0", 0, 63, "differentiated services code point", NULL },
    { "timeout", PARAM_TIME, FIELD(timeout), "1s", 1e-9, 0,
      "without an answer after this time a request is lost", NULL },
    PARAM_END,
};

static const char *const ping_shown[] = { "sent",     "received",    "loss",
                                          "rtt.min",  "rtt.mean",    "rtt.max",
                                          "rtt.mdev", "longest_gap", NULL };

static const struct app_ops ping_ops = {
    .name = "ping",
    .doc = "echo requests at a steady interval, as ping(8)",
    .params = ping_params,
    .metrics = ping_metrics,
    .priv_size = sizeof(struct pinger),
    .probes = PING_PROBES,
    .on_node = true,
    .init = pinger_init,
    .start = pinger_start,
    .stop = pinger_stop,
    .release = pinger_release,
    .shown = ping_shown,
    .remark = pinger_remark,
};

const struct app_ops *const ping_module[] = { &ping_ops, NULL };

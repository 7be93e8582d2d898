/* node:traceroute(to): which routers lie on the way.
 *
 * Probes with a time to live of 1, 2, 3, ... make the routers on the path answer with "time
 * exceeded", and the destination with "port unreachable" (UDP probes, to ports where nobody
 * listens: from 33434 on, each probe its own) or with an echo reply (ICMP probes).  One probe is
 * under way at a time, as in the classic traceroute(8) of Van Jacobson; the next one leaves when
 * the answer has come or the time is out.  It ends with the first hop at which an answer says that
 * there is nothing behind it.
 *
 * Answers that come when their time is out are not looked at. */
#include <errno.h>
#include <math.h>

#include "models/app/app.h"
#include "models/app/icmp_words.h"
#include "protocols/ip/icmp.h"

enum trace_proto { TRACE_UDP, TRACE_ICMP };

static const char *const proto_words[] = { [TRACE_UDP] = "udp", "icmp", NULL };

/* What became of a probe. */
struct trace_answer {
    bool came;
    sim_time rtt;
    struct ip_addr from;
    uint8_t type, code; /* ICMP's */
    uint32_t info;
};

struct trace {
    /* Options. */
    uint32_t first_ttl, max_ttl, probes, size, port;
    sim_time timeout;
    int proto; /* enum trace_proto */
    bool df;

    struct app *app;
    struct ip_addr to;
    struct udp_socket socket;
    struct ping ping;
    struct timer timer; /* the answer's time is out, or the next probe is due */
    uint32_t sent;      /* the last one is probe sent - 1 */
    sim_time sent_at;
    bool answered; /* the last one */
    bool end;      /* there is nothing behind the present hop */
    bool reached;
    GArray *answers; /* struct trace_answer, one per probe sent */
};

static struct trace *trace_of(struct app *app)
{
    return (struct trace *)app->priv;
}

static struct trace_answer *answer_of(const struct trace *t, uint32_t probe)
{
    return &g_array_index(t->answers, struct trace_answer, probe);
}

static uint32_t ttl_of(const struct trace *t, uint32_t probe)
{
    return t->first_ttl + probe / t->probes;
}

/* ---- Probes -------------------------------------------------------------------------------- */

static int send_udp(struct trace *t, uint32_t probe)
{
    t->socket.ttl = (uint8_t)ttl_of(t, probe);
    return udp_send_to(&t->socket, &blob_pattern, 0, t->size, &t->to, (uint16_t)(t->port + probe));
}

static int send_icmp(struct trace *t, uint32_t probe)
{
    struct packet *packet = packet_new(t->app->sim);
    struct ip_tx tx = { .dst = t->to, .ttl = (uint8_t)ttl_of(t, probe), .df = t->df };

    packet->flow = t->app->number;
    if (t->size > 0)
        packet_set_payload(packet, blob_ref(&blob_pattern), 0, t->size);
    return ping_send(&t->app->from.node->ip, &t->ping, (uint16_t)(probe + 1), packet, &tx);
}

static void trace_close(struct trace *t)
{
    timer_cancel(t->app->sim, &t->timer);
    if (t->proto == TRACE_ICMP)
        ping_close(&t->app->from.node->ip, &t->ping);
    udp_close(&t->socket);
}

static void trace_done(struct trace *t, int error)
{
    trace_close(t);
    app_done(t->app, error);
}

/* Whether all that shall be known is known. */
static bool is_complete(const struct trace *t)
{
    return t->sent % t->probes == 0 && t->sent > 0 && (t->end || ttl_of(t, t->sent) > t->max_ttl);
}

static void trace_next(struct sim *sim, struct timer *timer)
{
    struct trace *t = container_of(timer, struct trace, timer);
    struct trace_answer none = { .came = false };

    if (is_complete(t)) {
        trace_done(t, 0);
        return;
    }
    g_array_append_val(t->answers, none);
    t->answered = false;
    t->sent_at = sim->now;
    uint32_t probe = t->sent++;
    int error = t->proto == TRACE_UDP ? send_udp(t, probe) : send_icmp(t, probe);
    if (error)
        trace_done(t, error);
    else
        timer_set(sim, timer, sim->now + t->timeout);
}

/* ---- Answers ------------------------------------------------------------------------------- */

/* Whether a message says that a probe went as far as it could. */
static bool is_end(uint8_t type)
{
    return type == ICMP_DEST_UNREACH || type == ICMP_ECHO_REPLY || type == ICMP_PARAMETER_PROBLEM;
}

static void trace_answered(struct trace *t, uint32_t probe, const struct trace_answer *answer)
{
    struct sim *sim = t->app->sim;
    bool goal = answer->type == ICMP_ECHO_REPLY ||
                (answer->type == ICMP_DEST_UNREACH && answer->code == ICMP_PORT_UNREACH);

    if (probe + 1 != t->sent || t->answered)
        return;
    t->answered = true;
    *answer_of(t, probe) = *answer;
    answer_of(t, probe)->came = true;
    answer_of(t, probe)->rtt = sim->now - t->sent_at;
    t->end |= is_end(answer->type);
    t->reached |= goal;
    timer_set(sim, &t->timer, sim->now);
}

static void udp_error_came(struct udp_socket *socket, const struct udp_error *error)
{
    struct trace *t = socket->user;
    struct trace_answer answer = {
        .from = error->reporter, .type = error->type, .code = error->code, .info = error->info
    };

    trace_answered(t, (uint16_t)(error->dst_port - t->port), &answer);
}

static const struct udp_ops socket_ops = { .error = udp_error_came };

static void echo_came(struct ping *ping, uint16_t seq, struct packet *packet,
                      const struct ip_rx *rx)
{
    struct trace *t = container_of(ping, struct trace, ping);
    struct trace_answer answer = { .from = rx->src, .type = ICMP_ECHO_REPLY };

    packet_delivered(packet);
    trace_answered(t, (uint16_t)(seq - 1), &answer);
}

static void echo_error_came(struct ping *ping, uint16_t seq, uint8_t type, uint8_t code,
                            uint32_t info, const struct ip_rx *rx)
{
    struct trace *t = container_of(ping, struct trace, ping);
    struct trace_answer answer = { .from = rx->reporter, .type = type, .code = code, .info = info };

    trace_answered(t, (uint16_t)(seq - 1), &answer);
}

/* ---- Life ---------------------------------------------------------------------------------- */

static bool trace_init(struct app *app, GError **error)
{
    struct trace *t = trace_of(app);

    t->app = app;
    t->answers = g_array_new(FALSE, FALSE, sizeof(struct trace_answer));
    t->ping.reply = echo_came;
    t->ping.error = echo_error_came;
    timer_init(&t->timer, app->actor, trace_next);
    udp_socket_init(&t->socket, &socket_ops, t);
    t->socket.df = t->df ? IP_DF_SET : IP_DF_CLEAR;
    t->socket.flow = app->number;
    if (t->first_ttl <= t->max_ttl)
        return true;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                "%s: first_ttl is %u, above max_ttl, which is %u", app->name, t->first_ttl,
                t->max_ttl);
    return false;
}

static void trace_start(struct app *app)
{
    static const struct ip_addr any;
    struct trace *t = trace_of(app);
    struct ip_addr from = any;
    int error = EADDRNOTAVAIL;

    if (endpoint_resolve(&app->to, &t->to)) {
        if (app->from.iface || !ip_addr_equal(&app->from.addr, &any))
            endpoint_resolve(&app->from, &from);
        error = udp_bind(node_udp(app->from.node), &t->socket, &from, 0);
    }
    if (error) {
        app_done(app, error);
        return;
    }
    if (t->proto == TRACE_ICMP)
        ping_open(&app->from.node->ip, &t->ping);
    trace_next(app->sim, &t->timer);
}

static void trace_stop(struct app *app)
{
    trace_done(trace_of(app), 0);
}

static void trace_release(struct app *app)
{
    struct trace *t = trace_of(app);

    if (!t->app)
        return;
    if (app->state == APP_RUNNING)
        trace_close(t);
    g_array_free(t->answers, TRUE);
}

/* ---- Results ------------------------------------------------------------------------------- */

static uint32_t hop_count(const struct trace *t)
{
    return t->sent == 0 ? 0 : (t->sent + t->probes - 1) / t->probes;
}

static void put(GVariantBuilder *hop, const char *key, GVariant *value)
{
    g_variant_builder_add(hop, "{sv}", key, value);
}

static void put_first(GVariantBuilder *hop, const struct trace *t, const struct trace_answer *a)
{
    const struct iface *iface = network_iface_of(t->app->net, &a->from);
    char text[IP_ADDR_TEXT], mark[ICMP_MARK];

    put(hop, "address", g_variant_new_string(ip_addr_format(&a->from, text)));
    if (iface)
        put(hop, "node", g_variant_new_string(iface->node->name));
    icmp_mark(a->type, a->code, a->info, mark);
    if (mark[0])
        put(hop, "mark", g_variant_new_string(mark));
}

/* One hop: ttl, address and node of the first that answered ("*" if none did), the round-trip
 * times, how many probes had no answer, and traceroute's mark. */
static GVariant *hop_item(const struct trace *t, uint32_t from)
{
    uint32_t to = MIN(from + t->probes, t->sent), lost = 0;
    const struct trace_answer *first = NULL;
    GVariantBuilder hop, rtts;

    g_variant_builder_init(&hop, G_VARIANT_TYPE("a{sv}"));
    g_variant_builder_init(&rtts, G_VARIANT_TYPE("ad"));
    for (uint32_t i = from; i < to; i++) {
        const struct trace_answer *a = answer_of(t, i);
        if (a->came)
            g_variant_builder_add(&rtts, "d", simtime_seconds(a->rtt));
        lost += !a->came;
        first = first || !a->came ? first : a;
    }
    put(&hop, "ttl", g_variant_new_double(ttl_of(t, from)));
    if (first)
        put_first(&hop, t, first);
    else
        put(&hop, "address", g_variant_new_string("*"));
    put(&hop, "rtt", g_variant_builder_end(&rtts));
    put(&hop, "lost", g_variant_new_double(lost));
    return g_variant_builder_end(&hop);
}

static GVariant *trace_hops(struct app *app)
{
    const struct trace *t = trace_of(app);
    GVariantBuilder hops;

    g_variant_builder_init(&hops, G_VARIANT_TYPE("aa{sv}"));
    for (uint32_t i = 0; i < t->sent; i += t->probes)
        g_variant_builder_add_value(&hops, hop_item(t, i));
    return g_variant_builder_end(&hops);
}

static const struct app_item_field hop_fields[] = {
    { "ttl", "" },    { "node", NULL }, { "address", NULL }, { "rtt", "s" },
    { "mark", NULL }, { "lost", "" },   { NULL, NULL },
};

static const struct app_items trace_items = { "hops", hop_fields, trace_hops };

static double result_hop_count(void *object, const struct metric_span *span)
{
    return hop_count(trace_of(object));
}

static double result_reached(void *object, const struct metric_span *span)
{
    return trace_of(object)->reached;
}

static double result_sent(void *object, const struct metric_span *span)
{
    return trace_of(object)->sent;
}

static double result_lost(void *object, const struct metric_span *span)
{
    const struct trace *t = trace_of(object);
    bool waiting = t->sent > 0 && t->app->state == APP_RUNNING && !t->answered;
    uint32_t lost = 0;

    for (uint32_t i = 0; i < t->sent - waiting; i++)
        lost += !answer_of(t, i)->came;
    return lost;
}

/* The least round-trip time of the last hop. */
static double result_rtt(void *object, const struct metric_span *span)
{
    const struct trace *t = trace_of(object);
    sim_time least = SIM_NEVER;

    for (uint32_t i = t->reached ? (hop_count(t) - 1) * t->probes : t->sent; i < t->sent; i++)
        if (answer_of(t, i)->came)
            least = MIN(least, answer_of(t, i)->rtt);
    return least == SIM_NEVER ? NAN : simtime_seconds(least);
}

static const struct metric trace_metrics[] = {
    { "hop_count", "", "hops probed; the way's length if it reached the destination", METRIC_RESULT,
      -1, 1, result_hop_count, NULL, .whole = true },
    { "reached", "", "1 if the destination answered", METRIC_RESULT, -1, 1, result_reached, NULL,
      .whole = true },
    { "rtt", "s", "least round-trip time of the destination", METRIC_RESULT, -1, 1, result_rtt,
      NULL },
    { "sent", "packets", "probes sent", METRIC_RESULT, -1, 1, result_sent, NULL, .whole = true },
    { "lost", "packets", "probes without an answer", METRIC_RESULT, -1, 1, result_lost, NULL },
    METRIC_END,
};

#define FIELD(member) offsetof(struct trace, member)

static const struct param trace_params[] = {
    { "max_ttl", PARAM_U32, FIELD(max_ttl), "30", 1, 255, "the greatest time to live tried", NULL },
    { "first_ttl", PARAM_U32, FIELD(first_ttl), "1", 1, 255, "the time to live to begin with",
      NULL },
    { "probes", PARAM_U32, FIELD(probes), "3", 1, 10, "probes per hop", NULL },
    { "proto", PARAM_ENUM, FIELD(proto), "udp", 0, 0, "what the probes are: udp or icmp",
      proto_words },
    { "size", PARAM_U32, FIELD(size), "32", 0, 65507, "bytes of data of a probe", NULL },
    { "port", PARAM_U32, FIELD(port), "33434", 1, 65535, "port of the first UDP probe", NULL },
    { "df", PARAM_BOOL, FIELD(df), "no", 0, 0, "don't fragment", NULL },
    { "timeout", PARAM_TIME, FIELD(timeout), "1s", 1e-9, 0, "how long to wait for an answer",
      NULL },
    PARAM_END,
};

static const char *const trace_shown[] = { "hop_count", "reached", "rtt", "lost", NULL };

static const struct app_ops traceroute_ops = {
    .name = "traceroute",
    .doc = "finds the routers on the way, as traceroute(8)",
    .params = trace_params,
    .metrics = trace_metrics,
    .priv_size = sizeof(struct trace),
    .on_node = true,
    .init = trace_init,
    .start = trace_start,
    .stop = trace_stop,
    .release = trace_release,
    .shown = trace_shown,
    .items = &trace_items,
};

const struct app_ops *const traceroute_module[] = { &traceroute_ops, NULL };

#include "models/app/stream.h"

#include <errno.h>

#include "models/app/icmp_words.h"

/* While the last datagrams are under way, the stream looks for them in growing steps. */
#define END_STEP_MIN (10 * SIM_MS)
#define END_STEP_MAX SIM_S

const char *const stream_df_words[] = { [IP_DF_CLEAR] = "no", "yes", "want", NULL };

/* ---- The destination ----------------------------------------------------------------------- */

/* RFC 3550 A.8, in picoseconds. */
static void note_jitter(struct stream *stream, sim_time delay)
{
    if (stream->received.value > 0) {
        sim_time d = delay - stream->last_delay;
        stream->jitter += (uint64_t)(d < 0 ? -d : d) - ((stream->jitter + 8) >> 4);
    }
    stream->last_delay = delay;
}

static void note_gap(struct stream *stream, uint64_t number, enum sequence_arrival how,
                     uint64_t next, sim_time now)
{
    if (how == SEQUENCE_LATE)
        meter_add(&stream->found, now, 1);
    else if (number > next)
        meter_add(&stream->skipped, now, number - next);
    else
        return;
    app_probe(stream->app, STREAM_LOST, (double)stream->sequence.missing);
}

static void note_probes(struct stream *stream)
{
    if (__builtin_expect(stream->app->probes == NULL, 1))
        return;
    app_probe(stream->app, STREAM_DELAY, simtime_seconds(stream->last_delay));
    app_probe(stream->app, STREAM_JITTER, stream_now_jitter(stream->app));
}

static void stream_arrival(struct stream *stream, uint64_t number, const struct packet *packet)
{
    uint64_t next = stream->sequence.next;
    enum sequence_arrival how = sequence_add(&stream->sequence, number);
    sim_time now = stream->app->sim->now, delay = now - packet->born;

    if (how == SEQUENCE_AGAIN) {
        stream->duplicates++;
        return;
    }
    note_gap(stream, number, how, next, now);
    note_jitter(stream, delay);
    meter_add(&stream->received, now, 1);
    meter_add(&stream->received_bytes, now, packet_len(packet));
    meter_add(&stream->delay_ns, now, (uint64_t)delay / 1000);
    histogram_add(&stream->delay, (uint64_t)delay);
    stream->last_arrival = now;
    note_probes(stream);
    if (stream->ops->arrived)
        stream->ops->arrived(stream, number, packet);
}

static bool all_arrived(const struct stream *stream)
{
    return stream->sent_until != SIM_NEVER &&
           sequence_arrived(&stream->sequence) == stream->sent.value;
}

/* Datagrams of others to the same port are not ours to judge. */
static void sink_receive(struct udp_socket *socket, struct packet *packet, const struct udp_rx *rx)
{
    struct stream *stream = socket->user;
    uint64_t number = stream->ops->number(stream, packet);

    if (packet->flow == stream->app->number && number < stream->sent.value)
        stream_arrival(stream, number, packet);
    packet_delivered(packet);
    if (__builtin_expect(all_arrived(stream), 0))
        app_done(stream->app, 0);
}

static const struct udp_ops sink_ops = { .receive = sink_receive };

/* ---- The source ---------------------------------------------------------------------------- */

static void source_error(struct udp_socket *socket, const struct udp_error *error)
{
    struct stream *stream = socket->user;

    stream->errors++;
    stream->last_error = *error;
}

static const struct udp_ops source_ops = { .error = source_error };

static int open_source(struct stream *stream)
{
    static const struct ip_addr any;
    struct app *app = stream->app;
    struct udp_stack *udp = node_udp(app->from.node);
    struct ip_addr from = any;

    if (app->from.iface || !ip_addr_equal(&app->from.addr, &any))
        endpoint_resolve(&app->from, &from);
    return udp_bind(udp, &stream->source, &from, (uint16_t)stream->sport);
}

int stream_open(struct stream *stream)
{
    struct app *app = stream->app;
    int error = 0;

    if (!endpoint_resolve(&app->to, &stream->to))
        return EADDRNOTAVAIL;
    if (stream->listen && app->to.node)
        error =
            udp_bind(node_udp(app->to.node), &stream->sink, &stream->to, (uint16_t)stream->port);
    return error ? error : open_source(stream);
}

/* Connected when there is a route: one may come later. */
static int source_send(struct stream *stream, struct blob *blob, uint64_t offset, uint32_t length)
{
    struct udp_socket *source = &stream->source;

    if (__builtin_expect(!source->connected, 0)) {
        int error = udp_connect(source->stack, source, &stream->to, (uint16_t)stream->port);
        if (error)
            return error;
    }
    return udp_send(source, blob, offset, length);
}

void stream_send(struct stream *stream, struct blob *blob, uint64_t offset, uint32_t length)
{
    sim_time now = stream->app->sim->now;

    meter_add(&stream->sent, now, 1);
    meter_add(&stream->sent_bytes, now, length);
    int error = source_send(stream, blob, offset, length);
    if (__builtin_expect(error != 0, 0)) {
        stream->errors++;
        stream->last_error = (struct udp_error){ .error = error };
    }
}

/* What Linux's send() would have returned. */
static const char *errno_words(int error)
{
    switch (error) {
    case ENETUNREACH:
        return "no route";
    case EHOSTUNREACH:
        return "host unreachable";
    case EMSGSIZE:
        return "larger than the MTU, and df = yes";
    default:
        return g_strerror(error);
    }
}

char *stream_remark(struct app *app)
{
    const struct stream *stream = stream_of(app);
    const struct udp_error *last = &stream->last_error;

    if (stream->errors == 0)
        return NULL;
    if (last->type == 0)
        return g_strdup_printf("%" G_GUINT64_FORMAT " error%s, the last: %s", stream->errors,
                               stream->errors == 1 ? "" : "s", errno_words(last->error));
    char *reporter = icmp_reporter(app->net, &last->reporter);
    char *text = g_strdup_printf("%" G_GUINT64_FORMAT " error%s, the last: %s, says %s",
                                 stream->errors, stream->errors == 1 ? "" : "s",
                                 icmp_words(last->type, last->code), reporter);
    g_free(reporter);
    return text;
}

/* ---- What is under way --------------------------------------------------------------------- */

struct search {
    const struct stream *stream;
    GArray *numbers; /* uint64_t */
};

static void search_packet(const struct packet *packet, void *data)
{
    struct search *search = data;
    const struct stream *stream = search->stream;

    if (packet->flow != stream->app->number)
        return;
    uint64_t number = stream->ops->number(stream, packet);
    if (number < stream->sent.value && number >= stream->sequence.next)
        g_array_append_val(search->numbers, number);
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

uint64_t stream_in_flight(const struct stream *stream)
{
    if (stream->sent.value == stream->sequence.next)
        return 0;
    struct search search = { stream, g_array_new(FALSE, FALSE, sizeof(uint64_t)) };
    const uint64_t *numbers;
    uint64_t count = 0;

    packet_each(stream->app->sim, search_packet, &search);
    g_array_sort(search.numbers, compare_numbers);
    numbers = (const uint64_t *)(const void *)search.numbers->data;
    for (guint i = 0; i < search.numbers->len; i++)
        count += i == 0 || numbers[i] != numbers[i - 1];
    g_array_free(search.numbers, TRUE);
    return count;
}

/* ---- Life ---------------------------------------------------------------------------------- */

static void stream_look(struct sim *sim, struct timer *timer)
{
    struct stream *stream = container_of(timer, struct stream, end_timer);
    sim_time step = sim->now - stream->sent_until;

    if (stream_in_flight(stream) == 0)
        app_done(stream->app, 0);
    else
        timer_set(sim, timer, sim->now + CLAMP(step, END_STEP_MIN, END_STEP_MAX));
}

void stream_finish(struct stream *stream, sim_time until)
{
    struct sim *sim = stream->app->sim;

    if (stream->sent_until != SIM_NEVER)
        return;
    stream->sent_until = until;
    if (all_arrived(stream))
        app_done(stream->app, 0);
    else
        timer_set(sim, &stream->end_timer, sim->now + END_STEP_MIN);
}

/* Another stream that has the same source port of the same node while this one runs, or NULL. */
static const struct app *port_rival(struct app *app)
{
    const struct stream *stream = stream_of(app);

    for (guint i = 0; stream->sport && i < app->net->apps->len; i++) {
        struct app *other = app->net->apps->pdata[i];
        if (other != app && other->ops->remark == stream_remark &&
            stream_of(other)->sport == stream->sport && other->from.node == app->from.node &&
            other->from.iface == app->from.iface &&
            ip_addr_equal(&other->from.addr, &app->from.addr) && other->start < app->stop &&
            app->start < other->stop)
            return other;
    }
    return NULL;
}

bool stream_init(struct app *app, const struct stream_ops *ops, GError **error)
{
    struct stream *stream = stream_of(app);

    stream->app = app;
    stream->ops = ops;
    stream->sent_until = SIM_NEVER;
    if (app->to.port)
        stream->port = app->to.port;
    if (app->from.port)
        stream->sport = app->from.port;
    if (!stream->port)
        stream->port = app->to.node ? network_free_port(app->net, app->to.node) : 5001;
    udp_socket_init(&stream->source, &source_ops, stream);
    udp_socket_init(&stream->sink, &sink_ops, stream);
    stream->source.tos = (uint8_t)(stream->dscp << 2);
    stream->source.ttl = (uint8_t)stream->ttl;
    stream->source.group_ttl = stream->ttl ? (uint8_t)stream->ttl : 1;
    stream->source.df = (uint8_t)stream->df;
    stream->source.broadcast = true;
    stream->source.flow = app->number;
    timer_init(&stream->end_timer, app->actor, stream_look);
    const struct app *rival = port_rival(app);
    if (rival)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s: its source port %u of %s is that of %s, which runs at the same time; "
                    "give each another sport, or leave it out",
                    app->name, stream->sport, app->from.node->name, rival->name);
    return !rival;
}

void stream_release(struct stream *stream)
{
    if (!stream->app)
        return;
    timer_cancel(stream->app->sim, &stream->end_timer);
    udp_close(&stream->source);
    udp_close(&stream->sink);
    sequence_fini(&stream->sequence);
    histogram_fini(&stream->delay);
    struct meter *meters[] = { &stream->sent,           &stream->sent_bytes, &stream->received,
                               &stream->received_bytes, &stream->skipped,    &stream->found,
                               &stream->delay_ns };
    for (size_t i = 0; i < G_N_ELEMENTS(meters); i++)
        meter_fini(meters[i]);
}

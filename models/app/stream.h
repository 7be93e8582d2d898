/* One way of traffic: numbered UDP datagrams from one node to another.
 *
 * Whoever sends it (datagrams.h, voip.c) decides when and how large; the stream has the sockets at
 * both ends and keeps the books: what was sent, what arrived, how long it took, what was lost.
 *
 * A datagram's number, from 0 in order of sending, travels with it; the stream's ops say how it is
 * read.  Its delay is the time from the sending to the upcall at the destination.
 *
 * Lost is what was sent, has not arrived and is not under way any more.  A number that a later one
 * has overtaken counts as lost until it arrives after all; those above the highest that arrived
 * count as lost unless their packets still exist in the network, which is looked up when the
 * result is asked for.
 *
 * struct stream is the first member of the private struct of every application that uses it. */
#ifndef WEFT_MODELS_APP_STREAM_H
#define WEFT_MODELS_APP_STREAM_H

#include "models/app/app.h"
#include "models/app/sequence.h"
#include "sim/histogram.h"

struct stream;

#define STREAM_NO_NUMBER UINT64_MAX

struct stream_ops {
    /* The number of the datagram to which `packet` or its fragment belongs, STREAM_NO_NUMBER if it
     * does not tell. */
    uint64_t (*number)(const struct stream *stream, const struct packet *packet);
    /* Optional: a datagram has arrived for the first time. */
    void (*arrived)(struct stream *stream, uint64_t number, const struct packet *packet);
};

/* The first probes of an application with a stream. */
enum stream_probe { STREAM_DELAY, STREAM_JITTER, STREAM_LOST, STREAM_PROBES };

struct stream {
    const struct stream_ops *ops;
    struct app *app;

    /* Options. */
    uint32_t port, sport, dscp, ttl;
    int df; /* enum ip_df */
    bool listen;

    /* At the source. */
    struct udp_socket source;
    struct ip_addr to;
    struct meter sent, sent_bytes; /* datagrams; their data */
    sim_time sent_until;           /* it sends no more from then on; SIM_NEVER: it goes on */
    uint64_t errors;               /* ICMP errors, and datagrams that could not be sent */
    struct udp_error last_error;
    struct timer end_timer;

    /* At the destination; repeated datagrams count in `duplicates` alone. */
    struct udp_socket sink;
    struct sequence sequence;
    struct meter received, received_bytes;
    struct meter skipped, found; /* overtaken by a later one; of these, arrived after all */
    struct meter delay_ns;       /* the sum */
    struct histogram delay;      /* picoseconds */
    sim_time last_delay, last_arrival;
    uint64_t jitter; /* picoseconds / 16 */
    uint64_t duplicates;
};

/* The stream of an application that has one. */
static inline struct stream *stream_of(struct app *app)
{
    return (struct stream *)app->priv;
}

/* Prepares the stream of `app`, whose options are set; false with an error if another one that runs
 * at the same time has its source port. */
bool stream_init(struct app *app, const struct stream_ops *ops, GError **error);

/* Opens the sockets; 0, or the errno that keeps the application from running. */
int stream_open(struct stream *stream);

/* The number that the next datagram gets. */
static inline uint64_t stream_next(const struct stream *stream)
{
    return stream->sent.value;
}

/* Sends the next datagram: `length` bytes of `blob`, which takes a reference. */
void stream_send(struct stream *stream, struct blob *blob, uint64_t offset, uint32_t length);

/* The source sends no more; `until` is when its next datagram would have been due.  The
 * application is done once nothing is under way. */
void stream_finish(struct stream *stream, sim_time until);

/* Frees and closes everything. */
void stream_release(struct stream *stream);

/* How many datagrams above the highest that arrived are under way now. */
uint64_t stream_in_flight(const struct stream *stream);

/* What the table of an application's options has about its stream. */
/* clang-format off */
#define STREAM_FIELD(member) offsetof(struct stream, member)
#define STREAM_PARAMS                                                                          \
    { "port", PARAM_U32, STREAM_FIELD(port), "0", 0, 65535,                                    \
      "port of the destination; 0: a free one from 5001 on", NULL },                           \
    { "sport", PARAM_U32, STREAM_FIELD(sport), "0", 0, 65535,                                  \
      "port of the source; 0: an ephemeral one", NULL },                                       \
    { "dscp", PARAM_U32, STREAM_FIELD(dscp), "0", 0, 63, "differentiated services code point", \
      NULL },                                                                                  \
    { "ttl", PARAM_U32, STREAM_FIELD(ttl), "0", 0, 255,                                        \
      "time to live; 0: net.ipv4.ip_default_ttl", NULL },                                      \
    { "df", PARAM_ENUM, STREAM_FIELD(df), "want", 0, 0,                                        \
      "don't fragment: yes, no, or want: as long as the path's MTU allows, as Linux does",     \
      stream_df_words },                                                                       \
    { "listen", PARAM_BOOL, STREAM_FIELD(listen), "yes", 0, 0,                                 \
      "whether anybody listens at the destination; else it says \"port unreachable\"", NULL }
/* clang-format on */

/* In the order of enum ip_df. */
extern const char *const stream_df_words[];

/* ---- Results (stream_metrics.c) ------------------------------------------------------------ */

/* What struct metric wants: figures over a span, values now; `object` is the application. */
double stream_result_sent(void *object, const struct metric_span *span);
double stream_result_received(void *object, const struct metric_span *span);
double stream_result_lost(void *object, const struct metric_span *span);
double stream_result_loss(void *object, const struct metric_span *span);
double stream_result_reordered(void *object, const struct metric_span *span);
double stream_result_duplicates(void *object, const struct metric_span *span);
double stream_result_errors(void *object, const struct metric_span *span);
double stream_result_rate(void *object, const struct metric_span *span);
double stream_result_goodput(void *object, const struct metric_span *span);
double stream_result_jitter(void *object, const struct metric_span *span);
double stream_result_delay_min(void *object, const struct metric_span *span);
double stream_result_delay_mean(void *object, const struct metric_span *span);
double stream_result_delay_max(void *object, const struct metric_span *span);
double stream_result_delay_p50(void *object, const struct metric_span *span);
double stream_result_delay_p95(void *object, const struct metric_span *span);
double stream_result_delay_p99(void *object, const struct metric_span *span);
double stream_now_sent(void *object);
double stream_now_received(void *object);
double stream_now_lost(void *object);
double stream_now_sent_bytes(void *object);
double stream_now_received_bytes(void *object);
double stream_now_jitter(void *object);
double stream_now_delay(void *object);

/* What the table of an application's metrics has about its stream. */
/* clang-format off */
#define STREAM_METRICS                                                                           \
    { "goodput", "bit/s", "data that arrived, each datagram once", METRIC_RATE, -1, 8,           \
      stream_result_goodput, stream_now_received_bytes },                                        \
    { "rate", "bit/s", "data sent", METRIC_RATE, -1, 8, stream_result_rate,                      \
      stream_now_sent_bytes },                                                                   \
    { "sent", "packets", "datagrams sent", METRIC_GAUGE, -1, 1, stream_result_sent,              \
      stream_now_sent },                                                                         \
    { "received", "packets", "datagrams that arrived, each counted once", METRIC_GAUGE, -1, 1,   \
      stream_result_received, stream_now_received },                                             \
    { "lost", "packets",                                                                         \
      "datagrams that neither arrived nor are under way (recorded: those overtaken)",            \
      METRIC_GAUGE, STREAM_LOST, 1, stream_result_lost, stream_now_lost },                       \
    { "loss", "1", "lost, of those that were lost or arrived", METRIC_RESULT, -1, 1,             \
      stream_result_loss, NULL },                                                                \
    { "delay", "s", "one-way delay of each datagram", METRIC_SAMPLE, STREAM_DELAY, 1, NULL,      \
      stream_now_delay },                                                                        \
    { "delay.min", "s", "least one-way delay", METRIC_RESULT, -1, 1, stream_result_delay_min,    \
      NULL, .whole = true },                                                                     \
    { "delay.mean", "s", "mean one-way delay", METRIC_RESULT, -1, 1, stream_result_delay_mean,   \
      NULL },                                                                                    \
    { "delay.max", "s", "greatest one-way delay", METRIC_RESULT, -1, 1, stream_result_delay_max, \
      NULL, .whole = true },                                                                     \
    { "delay.p50", "s", "median one-way delay", METRIC_RESULT, -1, 1, stream_result_delay_p50,   \
      NULL, .whole = true },                                                                     \
    { "delay.p95", "s", "95th percentile of the one-way delay", METRIC_RESULT, -1, 1,            \
      stream_result_delay_p95, NULL, .whole = true },                                            \
    { "delay.p99", "s", "99th percentile of the one-way delay", METRIC_RESULT, -1, 1,            \
      stream_result_delay_p99, NULL, .whole = true },                                            \
    { "jitter", "s", "interarrival jitter at the end (RFC 3550, 6.4.1)", METRIC_GAUGE,           \
      STREAM_JITTER, 1, stream_result_jitter, stream_now_jitter, .whole = true },                \
    { "reordered", "packets", "datagrams that came after a later one", METRIC_RESULT, -1, 1,     \
      stream_result_reordered, NULL },                                                           \
    { "duplicates", "packets", "datagrams that came again", METRIC_RESULT, -1, 1,                \
      stream_result_duplicates, NULL, .whole = true },                                           \
    { "errors", "", "ICMP errors, and datagrams that could not be sent", METRIC_RESULT, -1, 1,   \
      stream_result_errors, NULL, .whole = true }
/* clang-format on */

/* A remark on the errors; NULL if there were none. */
char *stream_remark(struct app *app);

#endif

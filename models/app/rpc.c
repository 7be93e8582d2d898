/* net:rpc: requests and responses over one TCP connection, one at a time: send a request, wait for
 * the whole response, think, send the next.
 *
 * A request begins with a header that tells the server how long the request is and how long the
 * response shall be, so the server knows nothing that did not travel. */
#include <errno.h>
#include <math.h>

#include "models/app/app.h"
#include "protocols/tcp/tcp.h"
#include "sim/bytes.h"
#include "sim/histogram.h"

enum { RPC_PROBE_LATENCY, RPC_PROBES };

struct rpc_header {
    be64 request, response; /* bytes, header included */
};

/* What one side has still to write; the socket takes it as its buffer allows. */
struct rpc_writer {
    struct blob *blob; /* the header, then the pattern */
    uint64_t offset, left;
};

struct rpc {
    struct dist request, response, think;
    uint64_t count; /* requests to make; 0: no end */
    uint32_t port;
    char *cc;

    struct app *app;
    struct rng rng;
    struct tcp_config config;
    struct tcp_listener *listener;
    struct tcp_conn *client, *server;
    struct rpc_writer to_server, to_client;
    struct rpc_header header;  /* at the server: of the request that is arriving */
    uint64_t request_received; /* bytes of it */
    uint64_t response_left;    /* at the client */
    struct timer think_timer;
    sim_time asked;
    uint64_t answered;
    struct histogram latency;
    bool stopping;
};

static struct rpc *rpc_of(struct app *app)
{
    return (struct rpc *)app->priv;
}

/* ---- Writing ------------------------------------------------------------------------------- */

/* Writes what the buffer takes: first the blob, then bytes of the pattern. */
static void writer_push(struct rpc_writer *w, struct tcp_conn *conn)
{
    while (w->left > 0) {
        bool own = w->blob && w->offset < w->blob->length;
        struct blob *from = own ? w->blob : &blob_pattern;
        uint64_t piece = own ? w->blob->length - w->offset : w->left;
        int64_t n = tcp_send(conn, from, w->offset, (uint32_t)MIN(piece, 1 << 30),
                             w->left > piece ? TCP_SEND_MORE : 0);
        if (n <= 0)
            return;
        w->offset += (uint64_t)n;
        w->left -= (uint64_t)n;
    }
}

static void writer_start(struct rpc_writer *w, struct blob *head, uint64_t bytes)
{
    blob_unref(w->blob);
    w->blob = head;
    w->offset = 0;
    w->left = bytes;
}

/* ---- The client ---------------------------------------------------------------------------- */

static uint64_t draw_bytes(const struct dist *dist, struct rng *rng)
{
    double bytes = dist_draw(dist, rng);
    return bytes < 1 ? 1 : (uint64_t)bytes;
}

static void client_ask(struct rpc *rpc)
{
    uint64_t request = MAX(draw_bytes(&rpc->request, &rpc->rng), sizeof(struct rpc_header));
    uint64_t response = draw_bytes(&rpc->response, &rpc->rng);
    struct rpc_header header = { put_be64(request), put_be64(response) };

    rpc->asked = rpc->app->sim->now;
    rpc->response_left = response;
    writer_start(&rpc->to_server, blob_copy(&header, sizeof header), request);
    writer_push(&rpc->to_server, rpc->client);
}

static void rpc_finish(struct rpc *rpc, int error)
{
    struct app *app = rpc->app;

    timer_cancel(app->sim, &rpc->think_timer);
    if (rpc->client)
        tcp_close(rpc->client);
    rpc->client = NULL;
    app_done(app, error);
}

static void client_next(struct sim *sim, struct timer *timer)
{
    client_ask(container_of(timer, struct rpc, think_timer));
}

static void client_answered(struct rpc *rpc)
{
    struct app *app = rpc->app;
    sim_time latency = app->sim->now - rpc->asked;
    double think = dist_draw(&rpc->think, &rpc->rng);

    rpc->answered++;
    histogram_add(&rpc->latency, (uint64_t)latency);
    app_probe(app, RPC_PROBE_LATENCY, simtime_seconds(latency));
    if (rpc->stopping || rpc->answered == rpc->count)
        rpc_finish(rpc, 0);
    else
        timer_set(app->sim, &rpc->think_timer,
                  simtime_add(app->sim->now, simtime_from_seconds(MAX(think, 0))));
}

static void client_readable(struct tcp_conn *conn)
{
    struct rpc *rpc = tcp_conn_user(conn);
    uint32_t n;

    do {
        n = tcp_recv_bytes(conn, NULL, (uint32_t)MIN(rpc->response_left, UINT32_MAX));
        rpc->response_left -= n;
        if (n > 0 && rpc->response_left == 0)
            client_answered(rpc);
    } while (n > 0 && rpc->client);
}

static void client_established(struct tcp_conn *conn)
{
    client_ask(tcp_conn_user(conn));
}

static void client_writable(struct tcp_conn *conn)
{
    struct rpc *rpc = tcp_conn_user(conn);
    writer_push(&rpc->to_server, conn);
}

static void client_closed(struct tcp_conn *conn, int error)
{
    rpc_finish(tcp_conn_user(conn), error ? error : ECONNRESET);
}

static const struct tcp_user_ops client_ops = {
    .established = client_established,
    .readable = client_readable,
    .writable = client_writable,
    .closed = client_closed,
};

/* ---- The server ---------------------------------------------------------------------------- */

/* Takes the next bytes of a request off the connection; true when one is complete. */
static bool server_take(struct rpc *rpc, struct tcp_conn *conn)
{
    const uint64_t head = sizeof rpc->header;

    while (rpc->request_received < head) {
        uint32_t n = tcp_recv_bytes(conn, (char *)&rpc->header + rpc->request_received,
                                    (uint32_t)(head - rpc->request_received));
        if (n == 0)
            return false;
        rpc->request_received += n;
    }
    uint64_t length = get_be64(rpc->header.request);
    while (rpc->request_received < length) {
        uint64_t want = length - rpc->request_received;
        uint32_t n = tcp_recv_bytes(conn, NULL, (uint32_t)MIN(want, UINT32_MAX));
        if (n == 0)
            return false;
        rpc->request_received += n;
    }
    return true;
}

static void server_readable(struct tcp_conn *conn)
{
    struct rpc *rpc = tcp_conn_user(conn);

    while (server_take(rpc, conn)) {
        rpc->request_received = 0;
        writer_start(&rpc->to_client, NULL, get_be64(rpc->header.response));
        writer_push(&rpc->to_client, conn);
    }
}

static void server_writable(struct tcp_conn *conn)
{
    struct rpc *rpc = tcp_conn_user(conn);
    writer_push(&rpc->to_client, conn);
}

static void server_end(struct tcp_conn *conn)
{
    struct rpc *rpc = tcp_conn_user(conn);

    rpc->server = NULL;
    tcp_close(conn);
}

static void server_closed(struct tcp_conn *conn, int error)
{
    server_end(conn);
}

static const struct tcp_user_ops server_ops = {
    .readable = server_readable,
    .writable = server_writable,
    .peer_fin = server_end,
    .closed = server_closed,
};

static void server_accept(struct tcp_listener *listener)
{
    struct rpc *rpc = tcp_listener_user(listener);

    rpc->server = tcp_accept(listener, &server_ops, rpc);
    rpc->listener = NULL;
    tcp_listener_close(listener);
    server_readable(rpc->server);
}

static const struct tcp_listener_ops listener_ops = { .acceptable = server_accept };

/* ---- Life ---------------------------------------------------------------------------------- */

static bool rpc_init(struct app *app, GError **error)
{
    struct rpc *rpc = rpc_of(app);

    rpc->app = app;
    if (!app_cc(app, rpc->cc, &rpc->config, error))
        return false;
    rpc->config.flow = app->number;
    if (app->to.port)
        rpc->port = app->to.port;
    if (!rpc->port)
        rpc->port = network_free_port(app->net, app->to.node);
    rng_init(&rpc->rng, app->sim->seed, app->name, "rpc");
    timer_init(&rpc->think_timer, app->actor, client_next);
    return true;
}

static void rpc_start(struct app *app)
{
    struct rpc *rpc = rpc_of(app);
    struct ip_addr to;

    if (!endpoint_resolve(&app->to, &to) ||
        tcp_listen(node_tcp(app->to.node), &to, (uint16_t)rpc->port, 1, &rpc->config, &listener_ops,
                   rpc, &rpc->listener) != 0) {
        app_done(app, EADDRINUSE);
        return;
    }
    rpc->client = tcp_conn_new(node_tcp(app->from.node), &rpc->config, &client_ops, rpc);
    int error = tcp_connect(rpc->client, NULL, 0, &to, (uint16_t)rpc->port);
    if (error)
        rpc_finish(rpc, error);
}

/* The request under way is still answered. */
static void rpc_stop(struct app *app)
{
    struct rpc *rpc = rpc_of(app);

    rpc->stopping = true;
    if (timer_running(&rpc->think_timer))
        rpc_finish(rpc, 0);
}

static void rpc_release(struct app *app)
{
    struct rpc *rpc = rpc_of(app);

    timer_cancel(app->sim, &rpc->think_timer);
    blob_unref(rpc->to_server.blob);
    histogram_fini(&rpc->latency);
}

/* ---- Results ------------------------------------------------------------------------------- */

static double result_requests(void *object, const struct metric_span *span)
{
    return (double)rpc_of(object)->answered;
}

static double result_mean(void *object, const struct metric_span *span)
{
    return histogram_mean(&rpc_of(object)->latency) / 1e12;
}

static double result_p50(void *object, const struct metric_span *span)
{
    return histogram_percentile(&rpc_of(object)->latency, 50) / 1e12;
}

static double result_p99(void *object, const struct metric_span *span)
{
    return histogram_percentile(&rpc_of(object)->latency, 99) / 1e12;
}

static double result_max(void *object, const struct metric_span *span)
{
    return histogram_percentile(&rpc_of(object)->latency, 100) / 1e12;
}

static double now_requests(void *object)
{
    return (double)rpc_of(object)->answered;
}

static const struct metric rpc_metrics[] = {
    { "requests", "", "requests answered", METRIC_RESULT, -1, 1, result_requests, NULL,
      .whole = true },
    { "rate", "1/s", "requests answered a second", METRIC_RATE, -1, 1, NULL, now_requests },
    { "latency", "s", "time from a request to the end of its response", METRIC_SAMPLE,
      RPC_PROBE_LATENCY, 1, NULL, NULL },
    { "latency.mean", "s", "mean latency", METRIC_RESULT, -1, 1, result_mean, NULL, .whole = true },
    { "latency.p50", "s", "median latency", METRIC_RESULT, -1, 1, result_p50, NULL, .whole = true },
    { "latency.p99", "s", "99th percentile of the latency", METRIC_RESULT, -1, 1, result_p99, NULL,
      .whole = true },
    { "latency.max", "s", "greatest latency", METRIC_RESULT, -1, 1, result_max, NULL,
      .whole = true },
    METRIC_END,
};

#define FIELD(member) offsetof(struct rpc, member)

static const struct param rpc_params[] = {
    { "request", PARAM_DIST_SIZE, FIELD(request), "100", 0, 0, "bytes of a request, at least 16",
      NULL },
    { "response", PARAM_DIST_SIZE, FIELD(response), "10kB", 0, 0, "bytes of a response", NULL },
    { "think", PARAM_DIST_TIME, FIELD(think), "0s", 0, 0,
      "pause between a response and the next request", NULL },
    { "count", PARAM_COUNT, FIELD(count), "0", 0, 0, "requests to make; 0: no end", NULL },
    { "port", PARAM_U32, FIELD(port), "0", 0, 65535,
      "port of the server; 0: a free one from 5001 on", NULL },
    { "cc", PARAM_STRING, FIELD(cc), NULL, 0, 0,
      "congestion control, with its parameters: \"cubic hystart off\"; default: "
      "net.ipv4.tcp_congestion_control",
      NULL },
    PARAM_END,
};

static const struct app_ops rpc_ops = {
    .name = "rpc",
    .hosted = true,
    .doc = "requests and responses over one TCP connection",
    .params = rpc_params,
    .metrics = rpc_metrics,
    .priv_size = sizeof(struct rpc),
    .probes = RPC_PROBES,
    .init = rpc_init,
    .start = rpc_start,
    .stop = rpc_stop,
    .release = rpc_release,
};

const struct app_ops *const rpc_module[] = { &rpc_ops, NULL };

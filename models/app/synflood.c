/* net:synflood: SYNs in the name of others, which nobody will ever complete (RFC 4987 2).
 *
 * Each SYN has a source drawn from a prefix, and a port and a sequence number drawn as well; it
 * goes to one port of one host, as a flooding tool sends it: an MSS option and nothing else.  The
 * SYN-ACKs go where the routes lead that have the prefix.  If that is nowhere the router's ICMP
 * error has the server forget the request, and if it is a host that is there its RST; a flood only
 * works with addresses that swallow what they get.  A route by way of a host that does not forward
 * is such a hole.
 *
 * There is no connection and no answer: the only result is what was sent.  What it does is seen at
 * the server, in its counters (TcpExtSyncookiesSent, TcpExtListenDrops, TcpExtTCPReqQFullDrop) and
 * in `half_open` of the socket that listens. */
#include <errno.h>

#include "models/app/app.h"
#include "protocols/ip/ip.h"
#include "protocols/wire/tcphdr.h"
#include "sim/dist.h"
#include "sim/rng.h"

struct synflood {
    /* Options. */
    struct dist interval;
    uint64_t count; /* 0: no end */
    uint32_t port, mss;
    char *sources;

    struct app *app;
    struct ip_tx tx;
    ip4 prefix, hosts; /* of the sources: what is fixed, the mask of what is drawn */
    struct rng draws;
    struct timer timer;
    uint64_t sent;
};

static struct synflood *flood_of(struct app *app)
{
    return (struct synflood *)app->priv;
}

/* ---- One SYN -------------------------------------------------------------------------------- */

static void build(struct synflood *f, struct packet *packet)
{
    struct tcphdr_options options = { .present = TCPHAS_MSS, .mss = (uint16_t)f->mss };
    uint32_t length = TCPHDR_LEN + tcphdr_options_length(&options);
    uint64_t draw = rng_u64(&f->draws);
    struct tcphdr h = { .src_port = (uint16_t)(1024 + (draw >> 48) % (65536 - 1024)),
                        .dst_port = (uint16_t)f->port,
                        .seq = (uint32_t)draw,
                        .flags = TH_SYN,
                        .window = 65535,
                        .length = (uint8_t)length };
    uint8_t *at = packet_push(packet, length);

    tcphdr_emit(at, &h);
    tcphdr_options_emit(at + TCPHDR_LEN, &options);
    packet->l4 = (uint8_t)packet->head;
    packet->flags |= PACKET_CSUM_PENDING;
    packet->flow = f->app->number;
}

static void flood_send(struct sim *sim, struct timer *timer)
{
    struct synflood *f = container_of(timer, struct synflood, timer);
    struct packet *packet = packet_new(sim);

    build(f, packet);
    f->tx.src = ip_addr_of_v4(f->prefix | ((ip4)rng_u64(&f->draws) & f->hosts));
    ip_send(&f->app->from.node->ip, packet, &f->tx, NULL);
    f->sent++;
    if (f->sent == f->count) {
        app_done(f->app, 0);
        return;
    }
    sim_time gap = simtime_from_seconds(dist_draw(&f->interval, &f->draws));
    timer_set(sim, timer, simtime_add(sim->now, MAX(gap, 1)));
}

/* ---- Life ----------------------------------------------------------------------------------- */

static bool flood_init(struct app *app, GError **error)
{
    struct synflood *f = flood_of(app);
    ip4 address;
    int length;

    f->app = app;
    f->tx.proto = IP_PROTO_TCP;
    f->tx.df = IP_DF_SET;
    rng_init(&f->draws, app->sim->seed, app->name, "SYNs");
    timer_init(&f->timer, app->actor, flood_send);
    if (!ip4_parse_prefix(f->sources, &address, &length, error))
        return false;
    f->hosts = length ? ~(~(ip4)0 << (32 - length)) : ~(ip4)0;
    f->prefix = address & ~f->hosts;
    return true;
}

static void flood_start(struct app *app)
{
    struct synflood *f = flood_of(app);

    if (app->to.port)
        f->port = app->to.port;
    if (!endpoint_resolve(&app->to, &f->tx.dst))
        app_done(app, EADDRNOTAVAIL);
    else
        flood_send(app->sim, &f->timer);
}

static void flood_stop(struct app *app)
{
    timer_cancel(app->sim, &flood_of(app)->timer);
    app_done(app, 0);
}

static void flood_release(struct app *app)
{
    if (flood_of(app)->app)
        timer_cancel(app->sim, &flood_of(app)->timer);
}

/* ---- Results -------------------------------------------------------------------------------- */

static double result_sent(void *object, const struct metric_span *span)
{
    return (double)flood_of(object)->sent;
}

static const struct metric flood_metrics[] = {
    { "sent", "packets", "SYNs sent", METRIC_RESULT, -1, 1, result_sent, NULL, .whole = true },
    METRIC_END,
};

#define FIELD(member) offsetof(struct synflood, member)

static const struct param flood_params[] = {
    { "interval", PARAM_DIST_TIME, FIELD(interval), "10ms", 0, 0, "from one SYN to the next",
      NULL },
    { "count", PARAM_COUNT, FIELD(count), "0", 0, 0, "SYNs to send; 0: no end", NULL },
    { "sources", PARAM_STRING, FIELD(sources), "198.18.0.0/15", 0, 0,
      "the prefix of the addresses they claim to come from", NULL },
    { "port", PARAM_U32, FIELD(port), "80", 1, 65535, "the port that is flooded", NULL },
    { "mss", PARAM_U32, FIELD(mss), "1460", 0, 65535, "the MSS option of each", NULL },
    PARAM_END,
};

static const struct app_ops flood_ops = {
    .name = "synflood",
    .doc = "SYNs of nobody, which fill a listener's queue",
    .params = flood_params,
    .metrics = flood_metrics,
    .priv_size = sizeof(struct synflood),
    .init = flood_init,
    .start = flood_start,
    .stop = flood_stop,
    .release = flood_release,
};

const struct app_ops *const synflood_module[] = { &flood_ops, NULL };

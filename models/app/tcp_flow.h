/* A flow of net:tcp: what tcp.c makes happen, and tcp_metrics.c tells of. */
#ifndef WEFT_MODELS_APP_TCP_FLOW_H
#define WEFT_MODELS_APP_TCP_FLOW_H

#include "models/app/app.h"
#include "protocols/tcp/tcp.h"
#include "sim/histogram.h"
#include "sim/meter.h"

enum tcp_probe {
    PROBE_CWND,
    PROBE_SSTHRESH,
    PROBE_RTT,
    PROBE_SRTT,
    PROBE_RTO,
    PROBE_RWND,
    PROBE_PACING,
    PROBE_INFLIGHT,
    PROBE_DELIVERED,
    PROBE_RETRANSMITS,
    PROBE_LOST,
    PROBE_STATE,
    PROBE_RECEIVER_STATE,
    PROBES
};

struct tcp_flow {
    /* Options. */
    char *cc;
    uint64_t bytes; /* 0: endless */
    uint32_t port, sport, dscp, mss;
    uint64_t rcvbuf, sndbuf, window_clamp, notsent_lowat;
    uint32_t user_timeout_ms, keepidle, keepintvl, keepcnt, syncnt, ttl;
    uint64_t read_rate;  /* 0: as it comes */
    sim_time read_start; /* the destination reads nothing before */
    bool nodelay, cork, keepalive;

    struct app *app;
    struct tcp_config config;
    struct tcp_listener *listener;
    struct tcp_conn *sender, *receiver;
    struct tcp_observer watch_sender, watch_receiver;
    struct timer read_timer;
    struct meter delivered;               /* bytes */
    struct meter sent, retransmits, lost; /* segments */
    struct histogram rtt;                 /* picoseconds */
    struct tcp_info last;                 /* of the sender, kept when it ended */
    uint64_t read;                        /* bytes, by a slow reader */
    sim_time slow_start_end;              /* SIM_NEVER: still in it */
};

static inline struct tcp_flow *flow_of(struct app *app)
{
    return (struct tcp_flow *)app->priv;
}

/* Everything that can be seen of a flow. */
extern const struct metric tcp_flow_metrics[];

/* What a reader of its figures should know, or NULL; to be freed. */
char *tcp_flow_remark(struct app *app);

#endif

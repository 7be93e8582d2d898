/* net:tcp: one TCP connection that carries bulk data, endless or a number of bytes.
 *
 * The destination listens and reads as fast as data comes, or at a given rate (`read_rate`, a slow
 * reader, whose window fills).  The flow is done when the destination has got everything and the
 * connection is closed on both sides, or at `stop`. */
#include <errno.h>
#include <math.h>

#include "models/app/app.h"
#include "protocols/tcp/tcp.h"
#include "sim/histogram.h"
#include "sim/meter.h"

enum { PORT_BASE = 5001 };

enum tcp_probe {
    PROBE_CWND,
    PROBE_SSTHRESH,
    PROBE_RTT,
    PROBE_SRTT,
    PROBE_RTO,
    PROBE_PACING,
    PROBE_INFLIGHT,
    PROBE_DELIVERED,
    PROBE_RETRANSMITS,
    PROBE_STATE,
    PROBES
};

struct tcp_flow {
    /* Options. */
    char *cc;
    uint64_t bytes; /* 0: endless */
    uint32_t port, sport;
    uint32_t dscp;
    uint64_t read_rate; /* 0: at once */
    uint64_t rcvbuf, sndbuf;
    uint32_t mss;
    bool nodelay, cork, keepalive;

    struct app *app;
    struct tcp_config config;
    struct tcp_listener *listener;
    struct tcp_conn *sender, *receiver;
    struct tcp_observer observer;
    struct timer read_timer;
    sim_time delivered_all;
    struct meter delivered, retransmits, losses; /* bytes; segments; segments */
    struct histogram rtt;
    struct tcp_info final; /* of the sender, when it ended */
    bool ended, slow_start_left;
    sim_time slow_start_end;
};

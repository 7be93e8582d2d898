/* Congestion control: written once, over samples, for TCP and QUIC.
 *
 * An algorithm sees acknowledgements and losses, and sets the congestion window, the slow-start
 * threshold and the pacing rate.  It never sends or retransmits.  The hooks and their order are
 * those of Linux's tcp_congestion_ops, so that an algorithm from there can be compared line by
 * line: in recovery the transport reduces the window itself (PRR towards ssthresh) unless the
 * algorithm has `control`, and calls `avoid` only in the states Open and Disorder.
 *
 * The window counts packets (segments of one MSS), as Linux's does. */
#ifndef WEFT_PROTOCOLS_CC_CC_H
#define WEFT_PROTOCOLS_CC_CC_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/param.h"
#include "sim/simtime.h"

struct cc;
struct sim;

enum cc_state { CC_OPEN, CC_DISORDER, CC_CWR, CC_RECOVERY, CC_LOSS };

enum cc_event {
    CC_TX_START,     /* first transmission when nothing is in flight */
    CC_CWND_RESTART, /* window restarts after idle */
    CC_COMPLETE_CWR, /* end of congestion recovery */
    CC_LOSS_TIMEOUT, /* entering loss state after a retransmission timeout */
    CC_ECN_NO_CE,    /* a data packet without CE arrived (receiver side) */
    CC_ECN_IS_CE,    /* a data packet with CE arrived */
};

/* What one acknowledgement told, after the transport digested it.  Times are in microseconds. */
struct cc_ack {
    int32_t rtt_us;                    /* of this ACK; -1 if it gives no sample */
    uint32_t acked;                    /* packets newly acknowledged cumulatively */
    uint32_t acked_sacked;             /* packets newly delivered: cumulatively or selectively */
    uint32_t losses;                   /* packets newly marked lost */
    uint32_t inflight, prior_inflight; /* packets in flight after this ACK, and before it */
    uint32_t delivered_ce;             /* connection's count of packets marked CE, now */

    /* The rate sample: `rate_delivered` packets in `interval_us`, < 0 if there is none.  It begins
     * with the sending, at `prior_us`, of the packet acknowledged that was sent last;
     * `prior_delivered` packets had been delivered by then. */
    int32_t interval_us;
    uint32_t send_interval_us, ack_interval_us;
    uint32_t rate_delivered;
    uint64_t prior_delivered, prior_us;
    uint32_t tx_inflight; /* packets in flight just after that sending, saturating at 65535 */
    uint32_t lost;        /* packets marked lost since that sending */

    uint32_t pacing_wait_us; /* until the next packet may leave, as paced; for `control` */

    /* Clocks of the timestamp option (RFC 7323), in the peers' milliseconds; 0: there is none. */
    uint32_t tsval, tsecr;

    bool app_limited; /* it is limited by the application */
    bool retransmit;  /* it comes from a retransmitted packet */
    bool ack_delayed; /* the ACK may have waited at the receiver */
    bool ece;         /* the ACK carries ECN-Echo */
    bool slow_path;   /* the ACK does more than acknowledge new data: SACK, data, window */
};

/* One packet that was just marked lost. */
struct cc_lost {
    uint32_t packets;     /* that it counts for */
    uint32_t tx_inflight; /* packets in flight just after it was sent, saturating at 65535 */
    uint32_t lost;        /* packets marked lost since then, with it */
    bool app_limited;     /* it was sent while the application was the limit */
};

/* What TCP_CC_INFO tells of an algorithm: Linux's union tcp_cc_info.  Times in microseconds, rates
 * in bytes per second. */
union cc_info {
    struct cc_info_vegas {
        uint32_t enabled, rttcnt, rtt, minrtt;
    } vegas;
    struct cc_info_dctcp {
        uint16_t enabled, ce_state;
        uint32_t alpha, ab_ecn, ab_tot; /* alpha in 1/1024 */
    } dctcp;
    struct cc_info_bbr {
        uint32_t bw_lo, bw_hi, min_rtt, pacing_gain, cwnd_gain; /* gains in 1/256 */
    } bbr;
};

struct cc_ops {
    const char *name;           /* "cubic": what users write */
    const char *doc;            /* one line, with the paper or RFC */
    const struct param *params; /* tunables; NULL if none */
    uint32_t params_size;       /* bytes of the struct they describe */
    uint32_t priv_size;         /* bytes of state that the transport gives each connection */
    bool needs_ecn;             /* ask for ECN at the handshake */
    bool l4s;                   /* marks its packets ECT(1), and asks for accurate ECN (RFC 9331) */
    bool paces;                 /* sets pacing_rate itself */
    uint8_t sndbuf_factor;      /* send buffer, in windows; 0: two */

    /* Mandatory unless `control` is there: the threshold after a loss, in packets (>= 2). */
    uint32_t (*ssthresh)(struct cc *cc);
    /* Mandatory unless `control` is there: grow the window for `acked` packets. */
    void (*avoid)(struct cc *cc, const struct cc_ack *ack, uint32_t acked);
    /* Mandatory: the window to return to when a loss turns out to be spurious. */
    uint32_t (*undo)(struct cc *cc);

    /* Optional; NULL if not needed. */
    void (*init)(struct cc *cc);
    void (*release)(struct cc *cc);
    void (*seed)(struct cc *cc, uint64_t number); /* before init: of the connection's own stream */
    void (*set_state)(struct cc *cc, enum cc_state next); /* before the state changes */
    void (*event)(struct cc *cc, enum cc_event event);
    /* Each ACK while packets are outstanding, first of all: the state is the one before this ACK,
     * and of the sample `acked`, `rtt_us`, `prior_inflight` and the timestamps are there. */
    void (*acked)(struct cc *cc, const struct cc_ack *ack);
    void (*in_ack)(struct cc *cc, const struct cc_ack *ack); /* each ACK; the state is as before */
    void (*lost)(struct cc *cc, const struct cc_lost *lost); /* each packet marked lost */
    /* Replaces `avoid` and the transport's own reduction in recovery. */
    void (*control)(struct cc *cc, const struct cc_ack *ack);
    /* Packets that may always leave together; without it net.ipv4.tcp_min_tso_segs. */
    uint32_t (*least_burst)(const struct cc *cc);
    uint32_t (*info)(const struct cc *cc, union cc_info *out); /* returns the bytes that count */
};

/* One connection's congestion control, embedded in the transport's state. */
struct cc {
    const struct cc_ops *ops;
    void *priv;            /* ops->priv_size bytes, zero before init */
    const void *params;    /* ops->params_size bytes, shared and constant */
    uint64_t pacing_rate;  /* bytes per second; UINT64_MAX: not paced */
    sim_time now;          /* set by the transport before each hook */
    uint64_t delivered;    /* packets delivered so far */
    uint32_t cwnd;         /* packets */
    uint32_t cwnd_cnt;     /* fraction of a packet grown so far, in the algorithm's units */
    uint32_t cwnd_clamp;   /* upper limit of cwnd */
    uint32_t ssthresh;     /* packets; CC_INFINITE until the first loss */
    uint32_t prior_cwnd;   /* at the last reduction */
    uint32_t inflight;     /* packets in flight; set before each hook */
    uint32_t max_inflight; /* the most in flight since the last full use: for cwnd validation */
    uint32_t una, nxt;     /* positions, modulo 2^32: acknowledged up to, sent next */
    uint32_t lost;         /* packets ever marked lost */
    uint32_t srtt_us, min_rtt_us; /* 0 before the first sample */
    uint32_t idle_ms;             /* at CC_TX_START: time since data was last sent */
    uint16_t mss;                 /* bytes */
    uint8_t state;                /* enum cc_state */
    bool cwnd_limited : 1;        /* the window was the limit lately (cc_window_limited) */
    bool app_limited : 1;         /* the application is the limit now */
    bool self_limited : 1; /* set by `control`: it sends less than the path takes, on purpose */
};

/* What a congestion control compiled outside exports as `weft_plugin`: CC_PLUGIN(mine) for the
 * array mine_module.  `abi` says against which shape of this header. */
struct cc_plugin {
    uint32_t abi;
    const struct cc_ops *const *module;
};

#define CC_PLUGIN_ABI                                                                 \
    ((uint32_t)(1u << 24 | sizeof(struct cc_ops) << 16 | sizeof(struct cc_ack) << 8 | \
                sizeof(struct cc)))
#define CC_PLUGIN(name) const struct cc_plugin weft_plugin = { CC_PLUGIN_ABI, name##_module }

#define CC_INFINITE 0x7fffffffu

static inline bool cc_in_slow_start(const struct cc *cc)
{
    return cc->cwnd < cc->ssthresh;
}

/* Whether the window was what limited the sender lately, so that it may grow.  In slow start, where
 * it doubles every round trip, it is enough that half of it was used. */
static inline bool cc_window_limited(const struct cc *cc)
{
    return cc->cwnd_limited || (cc_in_slow_start(cc) && cc->cwnd < 2 * cc->max_inflight);
}

/* Slow start by `acked` packets up to ssthresh; returns the packets left over (RFC 5681 3.1 with
 * the byte counting of RFC 3465, in packets). */
uint32_t cc_slow_start(struct cc *cc, uint32_t acked);

/* Additive increase of one packet per `w` packets acknowledged. */
void cc_ai(struct cc *cc, uint32_t w, uint32_t acked);

/* The usual `undo`: back to the window before the reduction. */
uint32_t cc_undo(struct cc *cc);

/* Reno's `ssthresh` and `avoid` (RFC 5681), for those who do as Reno some of the time. */
uint32_t cc_reno_ssthresh(struct cc *cc);
void cc_reno_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked);

/* The threshold that a window in use deserves: at least three quarters of it, unless it is just
 * being reduced. */
uint32_t cc_current_ssthresh(const struct cc *cc);

/* The clock in milliseconds or microseconds, low 32 bits. */
static inline uint32_t cc_clock_ms(const struct cc *cc)
{
    return (uint32_t)(cc->now / SIM_MS);
}

static inline uint32_t cc_clock_us(const struct cc *cc)
{
    return (uint32_t)(cc->now / SIM_US);
}

/* Whether position (or clock) `a` is behind `b`, modulo 2^32. */
static inline bool cc_after(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) > 0;
}

/* The algorithm called `name`, or NULL. */
const struct cc_ops *cc_find(const char *name);

/* The same, and first among those of `more`, a NULL-terminated array of what a user added, or NULL.
 */
const struct cc_ops *cc_find_among(const struct cc_ops *const *more, const char *name);

/* Is the table complete, and its parameters in order?  False with the first fault. */
bool cc_check(const struct cc_ops *ops, GError **error);

/* Reads "cubic", or "cubic hystart off beta 700" with values of its tunables, which go into *params
 * (NULL: none was given) for cc_params_free; false with an error that says what there is, among
 * `more`, too. */
bool cc_parse(const struct cc_ops *const *more, const char *text, const struct cc_ops **ops,
              void **params, GError **error);
void cc_params_free(const struct cc_ops *ops, void *params);

/* The modules, NULL-terminated: each a NULL-terminated array of tables. Made by `make`. */
extern const struct cc_ops *const *const cc_registry[];

#endif

/* The inside of TCP: what a connection is made of.
 *
 * Structures.  A node's connection table (table.h) holds three kinds of entry, each as small as its
 * state: a struct tcp_request is a half-open passive connection, a struct tcp_conn the real thing,
 * a struct tcp_tw what is left in TIME_WAIT.  Data to send is a queue of chunks (slices of blobs,
 * or one chunk for any amount of bulk data); what to send together is a queue of struct tcp_seg,
 * Linux's sk_buff without its bytes.  A segment waits in the write queue, and once sent stays in
 * the retransmission queue (rtxq.h) until it is acknowledged; it carries the scoreboard's flags.
 * Received data is in order (a queue of slices) or in a rangeset.
 *
 * Heartbeat.  Three things start anything: a segment (stack.c finds the entry, input.c judges it),
 * a timer (timers.c), or the owner (conn.c, send.c, recv.c).  An ACK goes ack.c -> sack.c marks
 * what arrived -> rack.c, recovery.c decide what is lost and how far the window goes down -> the
 * congestion control says how far up -> output.c chooses, transmit.c sends.  Data goes data.c ->
 * delack.c decides when to acknowledge -> window.c what to offer.  Each entry point brackets its
 * work with tcp_enter and tcp_leave; tcp_leave makes the upcalls, and frees a connection that
 * died.
 *
 * Variables bear Linux's names: what is in the network is packets_out - sacked_out - lost_out +
 * retrans_out, all in packets (segments of one MSS, the congestion window's unit).  One timer
 * serves retransmission, zero-window probes, loss probes and reordering (only one of them runs at
 * a time, conn->pending says which), one delayed ACKs, one keepalive and orphaned FIN_WAIT2.
 *
 * Files: stack (demultiplexing, resets), error (ICMP), table (look-up, ports of connect), bind
 * (ports taken in advance), conn (life, upcalls), config, observe, owner (what sockets ask), fsm
 * (states), open, listen, request, handshake, establish, syncookie, timewait; fastopen, tfocookie,
 * siphash, tfoserver, tfoclient, tfopause; ecn, accecn; options, input, ack, sack, rack, recovery,
 * undo; data, ofo, rmem, pressure, sackblocks, delack, window, recv, urgent, rangeset; send, chunk,
 * sndbuf, rtxq, output, cwnd, transmit, tso, gso, tsq, retransmit, probe, mtuprobe; timers,
 * timeout, keepalive, rtt, metrics, rate, pacer, congestion, info, sysctl.  What they call of each
 * other is declared by subject; internal.h lists those headers.
 *
 * RFCs: 9293, 7323, 2018, 2883, 6675, 8985 (RACK-TLP), 6582, 5681, 6937 (PRR), 5682 (F-RTO), 6298,
 * 3168, 9768 (ECN), 7413 (Fast Open), 4987 (SYN cookies), 4821 (path MTU), 5961, 6528, 6691, 5927,
 * 7661 in Linux's form, 1122, 3042, 3465.
 *
 * Super-segments (tcp_seg.pcount) leave whole where a link below cuts them (gso.h), and are cut on
 * leaving TCP elsewhere. */
#ifndef WEFT_PROTOCOLS_TCP_CONN_H
#define WEFT_PROTOCOLS_TCP_CONN_H

#include <errno.h>

#include "protocols/cc/minmax.h"
#include "protocols/tcp/rangeset.h"
#include "protocols/tcp/sysctl.h"
#include "protocols/tcp/tcp.h"
#include "protocols/wire/tcphdr.h"
#include "sim/list.h"
#include "sim/sim.h"
#include "sim/timer.h"

/* Sequence numbers compare modulo 2^32 (RFC 9293 3.4). */
static inline bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static inline bool after(uint32_t a, uint32_t b)
{
    return (int32_t)(b - a) < 0;
}

/* low <= x <= high */
static inline bool between(uint32_t x, uint32_t low, uint32_t high)
{
    return high - low >= x - low;
}

static inline uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static inline uint32_t max_u32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

enum {
    TCP_MIN_MSS = 88,           /* smallest MSS a SYN is believed */
    TCP_DEFAULT_MSS = 536,      /* without an MSS option (RFC 9293 3.7.1) */
    TCP_DEFAULT_MSS_V6 = 1220,  /* ditto, if IPv6 is on the wire */
    TCP_MAX_WSCALE = 14,        /* RFC 7323 2.3 */
    TCP_MAX_QUICKACKS = 16,     /* ACKs at once when a connection is young */
    TCP_INIT_CWND = 10,         /* RFC 6928 */
    TCP_FASTRETRANS_THRESH = 3, /* duplicate ACKs */
    TCP_SACK_BLOCKS = 4,
    TCP_PRIV_INLINE = 72, /* bytes of congestion control state inside the connection */
    TCP_HEADER = TCPHDR_LEN,
};

#define TCP_RTO_INIT_US       1000000u /* RFC 6298 2.1 */
#define TCP_RTO_FALLBACK_US   3000000u /* after a retransmitted SYN (RFC 6298 5.7) */
#define TCP_RESOURCE_PROBE_US 500000u  /* until the next try when the host's own queue was full */
#define TCP_ATO_MIN_MS        40u
#define TCP_DELACK_MIN_MS     40u
#define TCP_DELACK_MAX_MS     200u
#define TCP_TIMEOUT_MIN_US    2000u /* least time-out of loss probes and reordering timers */
#define TCP_TIMEWAIT_LEN      (60 * SIM_S)
#define TCP_PAWS_WRAP_S       (24u * 24 * 3600) /* ts_recent older than this is not believed */
#define TCP_PAWS_MSL_S        60u

/* ---- Entries of the connection table ------------------------------------------------------ */

struct tcp_key {
    struct ip_addr local, remote;
    uint16_t local_port, remote_port;
};

enum tcp_kind { TCP_KIND_CONN, TCP_KIND_REQUEST, TCP_KIND_TW };

struct tcp_entry {
    struct tcp_entry *chain; /* of the hash bucket */
    struct tcp_stack *stack;
    struct tcp_key key;
    uint32_t hash;
    uint8_t kind;
    uint8_t state; /* enum tcp_state; written by tcp_set_state alone */
    bool hashed;
    uint32_t iss; /* initial sequence number of this end */
};

/* Options of the handshake, and the timestamps of the segment at hand. */
struct tcp_options {
    uint32_t ts_recent;       /* the peer's timestamp to echo (RFC 7323 4.3) */
    uint32_t ts_recent_stamp; /* seconds when it was set; 0: never */
    uint32_t rcv_tsval, rcv_tsecr;
    uint16_t mss_clamp; /* the peer's MSS option, or the default; of a SYN 0: none */
    uint8_t snd_wscale, rcv_wscale;
    bool saw_tstamp, tstamp_ok, sack_ok, wscale_ok;
};

struct tcp_sack_block {
    uint32_t start_seq, end_seq;
};

/* A segment as it came in, parsed once. */
struct tcp_rx {
    struct packet *packet;
    const uint8_t *header; /* of `doff` bytes */
    uint32_t seq, end_seq, ack;
    uint32_t length; /* bytes of data */
    uint16_t window; /* as in the header */
    uint16_t urgent;
    uint16_t flags;
    uint8_t doff;
    uint8_t sack_count;
    uint8_t accecn_fields; /* of the accurate ECN option */
    bool accecn_option;    /* it is there, be it without fields */
    bool accecn_reverse;   /* ECT(1) comes first in it */
    const struct ip_rx *ip;
    uint32_t accecn[3]; /* bytes with ECT(1), ECT(0), CE */
    struct tcp_sack_block sacks[TCP_SACK_BLOCKS];
};

/* ---- Sending side ------------------------------------------------------------------------- */

/* A stretch of the outgoing stream, [pos, end) in bytes since its beginning. */
struct tcp_chunk {
    struct tcp_chunk *next;
    struct blob *blob;
    uint64_t pos, end; /* end: UINT64_MAX for endless bulk */
    uint64_t offset;   /* in the blob, of byte `pos` */
};

enum tcp_seg_flag {
    SEG_SACKED = 1,  /* the receiver has it */
    SEG_RETRANS = 2, /* retransmitted, and that copy is in the network */
    SEG_LOST = 4,
    SEG_TAGBITS = 7,
    SEG_EVER_RETRANS = 8,
};

enum tcp_seg_bit {
    SEGB_APP_LIMITED = 1, /* sent while the application was the limit */
    SEGB_RATED = 2,       /* has given its rate sample */
    SEGB_EOR = 4,         /* nothing may be joined to its end (MSG_EOR) */
};

/* What is sent together: one packet, or several of a super-segment. */
struct tcp_seg {
    struct list link;        /* unsent: in the write queue; sent: in the order of sending */
    struct tcp_chunk *chunk; /* holds its first byte */
    uint32_t seq, end_seq;
    uint64_t sent_us;     /* last (re)transmission */
    uint32_t first_tx_us; /* low 32 bits; snapshots for the rate sample (rate.c) */
    uint32_t delivered_us;
    uint32_t delivered;
    uint16_t tx_inflight; /* saturating */
    uint16_t lost;        /* low 16 bits */
    uint16_t pcount;      /* packets; 0: not counted yet */
    uint16_t mss;         /* that they were counted with */
    uint8_t sacked;       /* enum tcp_seg_flag */
    uint8_t flags;        /* enum tcphdr_flag */
    uint8_t sent_count;   /* saturating */
    uint8_t bits;         /* enum tcp_seg_bit */
};

_Static_assert(sizeof(struct tcp_seg) <= 64, "a segment in flight is one cache line");

/* Segments in flight, in sequence order: a ring of pointers, so that the SACKed one is found by
 * bisection.  Positions count up for ever, modulo 2^32. */
struct tcp_rtxq {
    struct tcp_seg **ring;
    uint32_t first, last; /* [first, last) */
    uint32_t mask;        /* capacity - 1 */
};

/* ---- The connection ------------------------------------------------------------------------ */

/* What the one retransmission timer is waiting for. */
enum tcp_pending {
    TCP_PENDING_NONE,
    TCP_PENDING_RETRANS,    /* RTO */
    TCP_PENDING_PROBE0,     /* zero-window probe */
    TCP_PENDING_REO,        /* RACK's reordering window ends */
    TCP_PENDING_LOSS_PROBE, /* TLP */
};

enum tcp_ack_pending {
    ACK_SCHED = 1,  /* there is something to acknowledge */
    ACK_TIMER = 2,  /* the delayed-ACK timer runs */
    ACK_PUSHED = 4, /* ... and it was pushed data */
    ACK_PUSHED2 = 8,
    ACK_NOW = 16,       /* whatever the delay rules say */
    ACK_NO_MEMORY = 32, /* and the window is closed */
};

enum tcp_notify { /* in the order in which they are made */
                  NOTIFY_ACCEPT = 1,
                  NOTIFY_ESTABLISHED = 2,
                  NOTIFY_READABLE = 4,
                  NOTIFY_WRITABLE = 8,
                  NOTIFY_PEER_FIN = 16,
                  NOTIFY_CLOSED = 32,
                  NOTIFY_URGENT = 64,
                  NOTIFY_TROUBLE = 128,
};

enum tcp_shutdown { SHUT_RCV = 1, SHUT_SND = 2 };

enum tcp_nonagle {
    NAGLE_OFF = 1,
    NAGLE_CORK = 2,
    NAGLE_PUSH = 4, /* what is queued goes, cork or not */
};

/* Beside enum tcp_limit: nothing to send and nothing in flight. */
enum { TCP_LIMIT_IDLE = TCP_LIMITS };

struct tcp_rack {
    uint64_t mstamp; /* when the most recently sent of the delivered segments was sent, us */
    uint32_t rtt_us; /* of that one */
    uint32_t end_seq;
    uint32_t last_delivered; /* tp->delivered when the window was last widened */
    uint8_t reo_wnd_steps, reo_wnd_persist;
    bool dsack_seen, advanced;
};

/* What is counted for one connection. */
struct tcp_stats {
    uint64_t bytes_received;
    uint32_t segs_out, segs_in, data_segs_out, data_segs_in;
};

/* Data that came out of order; exists while there is any. */
struct tcp_ofo {
    struct rangeset set;
    struct tcp_sack_block selective_acks[TCP_SACK_BLOCKS]; /* the most recent first */
    uint8_t dup_acks; /* for compress_rcv_nxt: ACKs are compressed after three (delack.c) */
    uint32_t compress_rcv_nxt;
};

/* Data of a connection that has not left its host (tsq.c); exists while there is any. */
struct tcp_out {
    struct packet_owner owner;
    struct tcp_conn *conn; /* NULL: it has ended */
    struct tcp_memory *memory;
};

/* The configuration, shared by all who have the same. */
struct tcp_config_ref {
    struct tcp_config config;
    uint32_t refs;
};

/* What a connection that uses ECN knows of it (ecn.c). */
enum tcp_ecn_flag {
    ECN_CLASSIC = 1, /* RFC 3168 was agreed to */
    ECN_ACCURATE = 2,
    ECN_ASKED = 4, /* the SYN asks */
    ECN_ASKED_ACCURATE = 8,
    ECN_QUEUE_CWR = 16,  /* the next new data carries CWR */
    ECN_DEMAND_CWR = 32, /* ACKs carry ECE until the peer's CWR comes */
    ECN_SEEN = 64,       /* an ECN-capable segment arrived */
};

/* Counters of accurate ECN (accecn.c); arrays are by ECN field - 1. */
struct tcp_accecn {
    uint32_t received_ce; /* packets, beyond the initial 5 */
    uint32_t received_bytes[3], delivered_bytes[3];
    uint32_t option_us;  /* when the option was sent last */
    uint16_t acked_ewma; /* average packets that an ACK delivers, << 6 */
    uint8_t syn_ect;     /* ECN field of the peer's SYN or SYN-ACK */
    uint8_t last_field;  /* of the last segment */
    uint8_t minlen;      /* fields that the next option must have */
    uint8_t demand;      /* options to come although they are sent sparingly */
    uint8_t fail;
    uint8_t growing; /* ECN field of the only counter that grew in the last option, 0: none */
    bool saw_option, saw_counters, reflecting, dsack_sent;
};

struct tcp_cookie {
    int8_t len; /* -1: no option, 0: a request */
    bool exp;   /* in the experimental option */
    uint8_t value[TCPHDR_COOKIE_MAX];
};

/* Fast Open. */
struct tcp_fastopen {
    struct tcp_cookie cookie; /* of our SYN, or of our SYN-ACK to data */
    uint32_t irs;             /* of the peer's SYN */
    uint32_t rcv_nxt;         /* behind its data */
    uint32_t ts_recent;       /* its timestamp */
    uint32_t last_oow_ms;     /* when something unacceptable was answered */
    uint16_t rcv_wnd;         /* told by our SYN-ACK */
    uint8_t sent, timeouts;   /* of that */
    uint8_t client_fail;      /* enum tcp_fastopen_fail */
    bool asked;               /* our SYN had the option */
    bool alone;               /* what goes with our SYN is a segment of its own, if an empty one */
    bool syn_data;            /* it has data */
    bool was_paused;          /* it is tried again after a pause (tfopause.c) */
    sim_time syn_data_at;     /* when data left with our SYN; 0: none did */
    bool child;               /* it was opened by a SYN with data or a cookie */
    bool acked;               /* data in a SYN was taken: by the peer, or by us */
};

/* What only a connection knows that met losses, reordering or duplicates. */
struct tcp_trouble {
    uint64_t bytes_retrans;
    uint32_t total_retrans; /* packets */
    uint32_t recoveries, undos, dsack_dups, rcv_ooopack;
    uint32_t rto_time_ms;    /* spent in CC_LOSS, from the first time-out in a row on */
    uint32_t rto_stamp_ms;   /* when that began, if it is not over; 0: it is */
    uint16_t timeouts;       /* ever; Linux counts them modulo 65536, too */
    uint16_t rto_recoveries; /* rows of time-outs */
    uint16_t rehash;         /* of the timeouts, those of an established connection */
    uint32_t prr_delivered, prr_out;
    uint32_t prior_ssthresh;
    uint32_t probes_stamp_ms; /* when zero-window probes began to be unanswered; 0: not */
    int32_t undo_retrans;     /* while undo_marker is set */
    uint32_t reord_seen;
    uint32_t retransmit_hint; /* while retransmit_hint_set */
    struct tcp_sack_block duplicate_sack;
    struct tcp_sack_block sack_cache[TCP_SACK_BLOCKS]; /* the last ACK's, sorted */
    uint8_t sack_cache_count;
};

/* The search for the path MTU (mtuprobe.c), in bytes of datagrams. */
struct tcp_mtuprobe {
    uint32_t low, high;          /* goes through; the most there may be */
    uint32_t size;               /* of the probe under way; 0: none */
    uint32_t start_seq, end_seq; /* its data */
    uint32_t stamp_ms;           /* when the search began */
};

/* Urgent data (urgent.c). */
struct tcp_urgent {
    uint32_t snd_up;  /* its end, while conn->urgent_out */
    uint32_t rcv_seq; /* its byte, while conn->urgent_in */
    uint16_t data;    /* that byte, and whether it has come and was read */
};

/* State of features that most connections do not use: tcp_extra(). */
struct tcp_extra {
    struct tcp_trouble trouble;
    struct tcp_accecn accecn;
    struct tcp_fastopen fastopen;
    struct tcp_mtuprobe mtuprobe;
    struct tcp_urgent urgent;
    uint32_t rcvlowat; /* SO_RCVLOWAT; 0: 1 */
};

/* Ordered by who touches what together; the congestion control's part is last. */
struct tcp_conn {
    struct tcp_entry entry;

    /* Every segment, both ways. */
    uint64_t mstamp;                                /* the clock of the event at hand, us */
    uint32_t rcv_nxt, rcv_wup, rcv_wnd, copied_seq; /* sequence space (RFC 9293 3.3.1) */
    uint32_t snd_una, snd_nxt, snd_wnd, snd_wl1;
    uint8_t depth;       /* of tcp_enter */
    uint8_t notify;      /* enum tcp_notify: upcalls that are due */
    uint8_t ack_pending; /* enum tcp_ack_pending */
    uint8_t sack_count;  /* blocks of ofo->selective_acks in use */
    uint8_t quick, pingpong;
    uint8_t pending;       /* enum tcp_pending */
    bool dsack_set : 1;    /* the trouble's duplicate_sack is to be sent */
    bool window_stale : 1; /* what the window depends on has changed */
    bool confirm : 1;      /* tell the neighbour cache that the next hop works */
    bool cc_running : 1;
    bool rate_app_limited : 1;
    bool fin_received : 1;
    bool pacing_waits : 1; /* wake up at pacing_next */
    bool throttled : 1;    /* wants to be told when something has left the host */
    bool room_below : 1;   /* ... which it has */
    struct tcp_options opt;
    struct tcp_ofo *ofo; /* NULL: nothing is out of order */
    const struct tcp_config *config;
    struct tcp_observer *observers;
    struct tcp_stats stats;

    /* Receiving (data.c, delack.c, window.c). */
    uint16_t ato_ms, last_seg_size, rcv_mss;
    uint16_t header_len; /* of a data segment, with its options */
    uint32_t lrcvtime_ms;
    uint32_t rcv_ssthresh, window_clamp, rcvbuf;
    uint32_t rmem_alloc;   /* memory of what is queued */
    int32_t forward_alloc; /* memory that is taken, but not in use */
    uint16_t rcv_tailroom; /* bytes for which the last buffer of the receive queue has room */
    uint32_t rcvq_space, rcvq_seq, rcvq_time_us;
    uint32_t rcv_rtt_us, rcv_rtt_seq, rcv_rtt_time_us, rcv_rtt_last_tsecr;
    uint16_t advmss;
    uint8_t scaling_ratio, compressed_ack;
    uint8_t ecn;                               /* enum tcp_ecn_flag */
    bool rcvbuf_locked : 1, sndbuf_locked : 1; /* the owner set the size itself */
    bool received_begun : 1;    /* a part of the first segment of `received` was read */
    bool fastopen : 1;          /* the SYN brought data; our SYN-ACK is not acknowledged */
    struct piece_list received; /* in order, not read */

    /* In flight, in packets. */
    uint32_t packets_out, sacked_out, lost_out, retrans_out;
    struct tcp_rtxq rtxq;
    struct list write_queue; /* struct tcp_seg, unsent */
    struct list sent_order;  /* struct tcp_seg in flight, oldest transmission first */

    /* The outgoing stream, by position since its beginning. */
    struct tcp_chunk *chunk_first, *chunk_last;
    struct tcp_chunk *chunk_next; /* where the next segment is to be cut; NULL: everything is cut */
    uint64_t una_pos;             /* of snd_una */
    uint64_t cut_pos;             /* of write_seq: up to here there are segments */
    uint32_t write_seq, pushed_seq, max_window;
    uint32_t snd_sml;      /* end of the last small segment, for Nagle */
    uint32_t write_queued; /* memory of segments, as Linux's sk_wmem_queued */
    uint32_t sndbuf;
    uint16_t mss_cache;
    uint16_t tso_bytes;                /* of a super-segment, as of the last ACK; 0: no limit yet */
    uint8_t nonagle;                   /* enum tcp_nonagle */
    bool sndbuf_full : 1;              /* the owner was refused */
    bool fin_queued : 1, fin_cut : 1;  /* the FIN is wanted, is in a segment */
    bool fin_acked : 1, syn_acked : 1; /* our own SYN, of an active open */
    bool mtu_probing : 1;              /* extra->mtuprobe is in use */
    bool urgent_in : 1;                /* urgent data that the owner has not got past */
    bool urgent_out : 1;               /* urgent data that is not acknowledged */
    bool unpredicted : 1;              /* no fast path until tcp_fast_path_check */

    /* Timers (timers.c): one event, and when each of them is due. */
    struct event wakeup;
    sim_time rtx_deadline, ack_deadline, keepalive_deadline;
    sim_time pacing_next; /* earliest departure */
    uint32_t rto_us, lsndtime_ms;
    uint32_t rcv_tstamp_ms; /* of the last ACK */
    uint8_t backoff, retransmits, probes_out;
    uint8_t limit; /* enum tcp_limit */

    /* Round-trip time: srtt << 3, mdev << 2 (rtt.c); delivery rate (rate.c). */
    uint32_t srtt_us, mdev_us, mdev_max_us, rttvar_us, rtt_seq;
    int32_t last_rtt_us; /* by the last ACK; -1: none */
    struct minmax rtt_min;
    uint32_t first_tx_us, delivered_us; /* low 32 bits of the clock */
    uint32_t delivered_ce, app_limited;
    uint32_t rate_delivered, rate_interval_us;
    uint32_t synack_sent_us; /* low 32 bits; 0: no longer of interest */

    /* Recovery. */
    struct tcp_rack rack;
    uint32_t highest_sack; /* end of the highest SACKed segment, while sacked_out > 0 */
    uint32_t high_seq, undo_marker, retrans_stamp_ms;
    uint32_t tlp_high_seq;
    uint16_t reordering;
    bool retransmit_hint_set : 1, tlp_pending : 1, tlp_retrans : 1, frto : 1, is_sack_reneg : 1;

    /* Use of the congestion window, and what limits the sender. */
    uint32_t cwnd_usage_seq, cwnd_used, cwnd_stamp_ms;
    uint32_t sent_us;                          /* when the last segment left, low 32 bits */
    sim_time limit_since, limited[TCP_LIMITS]; /* CWND to IDLE; TCP_LIMIT_APP is the rest */

    /* Life. */
    uint8_t shutdown;          /* enum tcp_shutdown */
    uint8_t soft_error, error; /* errno */
    bool ended : 1;            /* it had an end: CLOSED, but not as a new one is */
    bool dead : 1;             /* to be freed by tcp_leave */
    bool orphan : 1;           /* its owner has closed it */
    bool queued : 1;           /* in an accept queue */
    uint32_t pmtu, tsoffset;
    uint32_t last_oow_ms; /* of the last answer to something out of window */
    sim_time established_at;
    struct list all;         /* of the stack's connections */
    struct tcp_extra *extra; /* what few connections need; NULL: nothing so far */
    struct tcp_out *out;     /* what waits below; NULL: nothing */
    struct ip_route_cache route;
    union {
        struct {
            const struct tcp_user_ops *ops;
            void *user;
        };
        struct { /* while `queued` */
            struct tcp_listener *listener;
            struct tcp_conn *accept_next;
        };
    };

    struct cc cc;
    uint64_t priv[TCP_PRIV_INLINE / 8]; /* of the congestion control, if it fits */
};

/* Idle, both ends of a connection take less than 2 KiB, their places in the tables included. */
_Static_assert(sizeof(struct tcp_conn) <= 960, "an end of a connection is small");

/* What is left of it in TIME_WAIT, and in a FIN_WAIT2 without an owner (timewait.c). */
struct tcp_tw {
    struct tcp_entry entry;
    struct list link; /* of the table */
    struct timer timer;
    uint32_t rcv_nxt, snd_nxt, rcv_wnd, tsoffset;
    uint32_t ts_recent, ts_recent_stamp;
    uint32_t flow, last_oow_ms, born_ms;
    uint8_t substate; /* TCP_TIME_WAIT or TCP_FIN_WAIT2 */
    uint8_t rcv_wscale, tos;
    bool timestamps;
    bool reuse, reuseport; /* SO_REUSEADDR, SO_REUSEPORT of the connection it was */
};

/* Pools that the stacks of a simulation share. */
struct tcp_memory {
    struct sim *sim;
    struct pool conns, requests, tws, segs, chunks, pieces, ofos, extras, outs;
    GPtrArray *ccs;       /* const struct cc_ops * that a user added, NULL at the end */
    GHashTable *defaults; /* struct cc_ops -> parameters, as the algorithm's table says or set */
    struct tcp_config_ref *last_config; /* made last: the next is often the same */
};

#endif

/* TCP of one node: what the layers above and below see of it.
 *
 * A struct tcp_stack is all of a node's TCP: its connections, listeners, ports, sysctls, counters.
 * It is sans I/O.  Below it is an ops table (struct tcp_net) that sends datagrams and knows routes;
 * a host implements it with ip_send and ip_route_query, a test with two queues.  Segments come in
 * through `l4` of the stack, which a host gives to ip_register.  Above it, each connection has an
 * owner who is told of what happens through struct tcp_user_ops.
 *
 * Life of a connection.  The owner makes one with tcp_conn_new and tcp_connect, or takes one out of
 * a listener's accept queue with tcp_accept.  From then on the pointer is the owner's until it
 * calls tcp_close or tcp_abort, once, whatever happened meanwhile; the connection may be in state
 * CLOSED long before that, and goes on without its owner (an orphan) if need be after it.  What
 * becomes of a TIME_WAIT is no concern of the owner.
 *
 * Upcalls are made when the stack has finished with the event at hand, never in the middle of it:
 * the owner may call any function of this header from them, tcp_close included.
 *
 * Behaviour and names of variables are those of Linux 6.18, so that the two can be compared; the
 * essay of conn.h says how the inside is built. */
#ifndef WEFT_PROTOCOLS_TCP_TCP_H
#define WEFT_PROTOCOLS_TCP_TCP_H

#include "protocols/cc/cc.h"
#include "protocols/ip/ip.h"
#include "protocols/tcp/counters.h"
#include "sim/blob.h"
#include "sim/event.h"

struct tcp_conn;
struct tcp_listener;
struct tcp_memory;
struct tcp_stack;
struct sysctl_row;
struct tcp_sysctl;

/* RFC 9293 3.3.2; NEW_SYN_RECV of Linux is a struct tcp_request and no state. */
enum tcp_state {
    TCP_CLOSED,
    TCP_LISTEN,
    TCP_SYN_SENT,
    TCP_SYN_RECV,
    TCP_ESTABLISHED,
    TCP_FIN_WAIT1,
    TCP_FIN_WAIT2,
    TCP_CLOSE_WAIT,
    TCP_CLOSING,
    TCP_LAST_ACK,
    TCP_TIME_WAIT,
    TCP_STATES
};

/* "ESTABLISHED", as ss(8) and RFC 9293 write it. */
const char *tcp_state_name(enum tcp_state state);
extern const char *const tcp_state_names[]; /* all of them, NULL-terminated */

/* What kept the sender from sending, at each instant exactly one of these. */
enum tcp_limit {
    TCP_LIMIT_APP,    /* nothing to send */
    TCP_LIMIT_CWND,   /* congestion window, loss recovery included */
    TCP_LIMIT_RWND,   /* the receiver's window */
    TCP_LIMIT_SNDBUF, /* the send buffer: the owner has more but may not write it */
    TCP_LIMIT_PACING, /* waits for its pacing time */
    TCP_LIMITS
};

/* ---- Below -------------------------------------------------------------------------------- */

/* What TCP needs of the network layer. `data` is the stack's net_data. */
struct tcp_net {
    /* As ip_send: takes the segment over; 0, the errno of an immediate failure, or below zero what
     * the host's own queue did with it (XMIT_DROPPED, XMIT_CN).  The TCP
     * checksum is pending (PACKET_CSUM_PENDING) and packet->l4 is set. */
    int (*send)(void *data, struct packet *packet, const struct ip_tx *tx,
                struct ip_route_cache *cache);

    /* As ip_route_query. */
    bool (*route)(void *data, const struct ip_addr *dst, struct ip_addr *src, uint32_t *mtu);

    /* The initial window that the route asks for, packets; 0: none.  May be NULL: never. */
    uint32_t (*init_cwnd)(void *data, const struct ip_addr *dst);

    /* Sees to it that owners of packets have been told of all that have left; with `prompt`, also
     * that they will be told of others as these leave.  May be NULL without small_queues. */
    void (*look_below)(void *data, bool prompt);

    /* What `addr` is on the wire, if somebody below translates (RFC 7915): SYN cookies, Fast
     * Open's and the default segment size go by it.  May be NULL: the same. */
    struct ip_addr (*outside)(void *data, const struct ip_addr *addr);
};

/* ---- Above -------------------------------------------------------------------------------- */

/* Upcalls to the owner of a connection; any may be NULL. */
struct tcp_user_ops {
    /* The handshake of tcp_connect is complete. */
    void (*established)(struct tcp_conn *conn);
    /* Data can be read: tcp_recv_bytes.  Not called for a sink. */
    void (*readable)(struct tcp_conn *conn);
    /* Buffer space is free again after tcp_send had taken less than offered (Linux: once a third
     * of the buffer is free). */
    void (*writable)(struct tcp_conn *conn);
    /* The peer's FIN arrived; unread data before it can still be read. */
    void (*peer_fin)(struct tcp_conn *conn);
    /* Urgent data has come: tcp_recv_urgent. */
    void (*urgent)(struct tcp_conn *conn);
    /* An ICMP error says why segments may not arrive; config.recverr asks to be told. */
    void (*trouble)(struct tcp_conn *conn, int error);
    /* The connection came to its end: 0 if both FINs were acknowledged, else ECONNREFUSED,
     * ECONNRESET, ETIMEDOUT, EHOSTUNREACH, ...  The last upcall; tcp_close is still due. */
    void (*closed)(struct tcp_conn *conn, int error);
};

struct tcp_listener_ops {
    /* The accept queue is not empty any more. */
    void (*acceptable)(struct tcp_listener *listener);
    /* Optional: a SYN was answered, a handshake is under way (SYN-RECEIVED). */
    void (*syn)(struct tcp_listener *listener);
};

/* What can be watched. */
enum tcp_event {
    TCP_EVENT_STATE,      /* a = old, b = new enum tcp_state; TIME_WAIT is the last one seen */
    TCP_EVENT_CA_STATE,   /* a = old, b = new enum cc_state */
    TCP_EVENT_ACK,        /* an ACK was digested: cwnd, ssthresh, rtt, in flight may have changed */
    TCP_EVENT_SEND,       /* new data left: a = sequence number, b = packets */
    TCP_EVENT_RETRANSMIT, /* a = sequence number, b = packets */
    TCP_EVENT_LOSS,       /* packets were marked lost: a = how many */
    TCP_EVENT_TIMEOUT,    /* the retransmission timer expired: a = how often in a row */
    TCP_EVENT_UNDO,       /* a window reduction was undone */
    TCP_EVENT_DELIVER,    /* in-order data arrived: a = bytes */
};

/* Watches one connection, or several; embedded in whatever the watcher is.  It must not call
 * functions that change the connection. */
struct tcp_observer {
    struct tcp_observer *next;
    uint32_t events; /* 1 << enum tcp_event each */
    void (*event)(struct tcp_observer *observer, struct tcp_conn *conn, enum tcp_event event,
                  uint32_t a, uint32_t b);
};

/* Ephemeral ports, both included; 0: as net.ipv4.ip_local_port_range says. */
struct tcp_ports {
    uint16_t low, high;
};
enum { TCP_FASTOPEN_KEY = 16 };

/* IP_MTU_DISCOVER, of a stream: DF clear and ICMP not believed; DF always; DF clear, but ICMP
 * believed. */
enum tcp_pmtu { TCP_PMTU_WANT, TCP_PMTU_DONT, TCP_PMTU_DO, TCP_PMTU_PROBE };

/* What the sockets call options, as an owner sets them; all zero is Linux's default. */
struct tcp_config {
    const struct cc_ops *cc;  /* NULL: net.ipv4.tcp_congestion_control */
    const void *cc_params;    /* what cc->params describes, or NULL: defaults; must outlive
                                 the listener or the connection */
    uint32_t rcvbuf, sndbuf;  /* bytes as SO_RCVBUF takes them (Linux doubles); 0: automatic */
    uint32_t window_clamp;    /* TCP_WINDOW_CLAMP, bytes; 0: none */
    uint32_t user_timeout_ms; /* TCP_USER_TIMEOUT */
    uint32_t notsent_lowat;   /* TCP_NOTSENT_LOWAT, bytes; 0: the sysctl */
    uint32_t rto_max_ms;      /* TCP_RTO_MAX_MS, TCP_RTO_MIN_US, TCP_DELACK_MAX_US, rounded up */
    uint16_t rto_min_ms, delack_max_ms; /* to milliseconds, Linux's jiffies; 0: sysctls, 200 ms */
    uint32_t keepidle, keepintvl;       /* seconds; 0: the sysctls */
    uint64_t max_pacing_rate; /* SO_MAX_PACING_RATE, bytes per second; 0: not paced for it,
                                 UINT64_MAX: paced, and no limit */
    uint32_t flow;            /* packet->flow of its segments */
    struct tcp_ports ports;   /* IP_LOCAL_PORT_RANGE */
    uint16_t mss;             /* TCP_MAXSEG; 0: by the path */
    uint16_t linger;          /* SO_LINGER seconds, if linger_on; 0: close resets */
    int16_t linger2;          /* TCP_LINGER2 seconds; 0: the sysctl, -1: none */
    uint8_t keepcnt, syncnt;  /* TCP_KEEPCNT, TCP_SYNCNT; 0: the sysctls */
    uint8_t tos, ttl;         /* IP_TOS, IP_TTL; ttl 0: the sysctl */
    uint32_t fastopen;        /* TCP_FASTOPEN: connections whose SYN brought data, at most */
    uint8_t defer_accept;     /* TCP_DEFER_ACCEPT as a number of SYN-ACK time-outs; 0: off */
    uint8_t fastopen_keys;    /* TCP_FASTOPEN_KEY: how many; 0: the sysctl's */
    uint8_t fastopen_key[2 * TCP_FASTOPEN_KEY]; /* the one in use, the one before */
    bool fastopen_no_cookie;                    /* TCP_FASTOPEN_NO_COOKIE */
    bool linger_on, nodelay, cork, keepalive, reuseaddr, reuseport;
    bool oobinline; /* SO_OOBINLINE: urgent data is read with all the other */
    uint8_t pmtu;   /* enum tcp_pmtu */
    bool recverr;   /* IP_RECVERR: ICMP errors are told, though they do not end a connection */
    bool thin_lto;  /* TCP_THIN_LINEAR_TIMEOUTS */
    bool sink;      /* data is consumed as it arrives in order, and only counted */
};

/* ---- Counters ----------------------------------------------------------------------------- */

/* The stack's counters; zeros while it has none. */
const struct tcp_counters *tcp_counters(const struct tcp_stack *stack);

/* ---- A node's TCP -------------------------------------------------------------------------- */

/* Pools that all stacks of a simulation share. */
struct tcp_memory *tcp_memory_new(struct sim *sim);
void tcp_memory_free(struct tcp_memory *memory);

/* A congestion control for these stacks alone, which outlives them; false with an error if its
 * table is not in order or its name is taken.  And all of them, for cc_find_among. */
bool tcp_memory_add_cc(struct tcp_memory *memory, const struct cc_ops *ops, GError **error);
const struct cc_ops *const *tcp_memory_ccs(const struct tcp_memory *memory);

/* What `ops` runs with where nothing is said of it; `params`, of cc_parse, are the memory's then.
 */
void tcp_memory_set_params(struct tcp_memory *memory, const struct cc_ops *ops, void *params);

/* A number of which a processor of a Linux host tells the others in batches only (pressure.c). */
struct tcp_tally {
    int64_t known;
    int32_t in_hand;
};

/* Embedded in its node.  Everything that takes memory comes with the first use. */
struct tcp_stack {
    struct ip_l4 l4; /* for ip_register(ip, IP_PROTO_TCP, &stack->l4) */
    struct sim *sim;
    struct actor *actor; /* in whose name timers are scheduled */
    struct tcp_memory *memory;
    const struct tcp_net *net;
    void *net_data;
    /* A number that is another one after each change of the routes or of what is known of paths;
     * the owner may put its own here. */
    const uint32_t *route_generation;
    struct drops *drops;             /* where segments are dropped */
    const struct tcp_sysctl *sysctl; /* shared until a value is changed */
    struct tcp_counters *counters;   /* NULL until the first use */
    struct tcp_table *table;         /* ditto: connections, listeners, ports */
    struct tcp_metrics *metrics;     /* ditto: of former connections */
    uint64_t key;                    /* of hashes, ISNs, ports, timestamps */
    uint32_t challenge_count, challenge_second;
    uint32_t orphans, time_waits;
    struct tcp_tally pages;     /* of memory that the connections have taken */
    struct tcp_tally sockets;   /* connections and listeners */
    uint32_t pressure_since_ms; /* more than tcp_mem allows; 0: no pressure */
    uint16_t gso_max_segs;      /* segments that may leave as one super-segment; 1: none */
    bool small_queues;          /* TSQ: what waits below is counted and limited (tsq.c) */
    bool paces_all;             /* whatever the congestion control: as if by Linux's fq below */
    bool gso_whole;             /* they leave uncut: below is somebody who cuts them (gso.h) */
};

/* `name` is the node's, and with the simulation's seed determines all that is random.  `net`,
 * `actor` and `drops` are the node's and outlive the stack. */
void tcp_stack_init(struct tcp_stack *stack, struct sim *sim, struct tcp_memory *memory,
                    const char *name, struct actor *actor, struct drops *drops,
                    const struct tcp_net *net, void *net_data);

/* Forgets everything at once, without a segment or an upcall: the node is gone. */
void tcp_stack_fini(struct tcp_stack *stack);

/* A segment arrived; takes it over.  The same as stack->l4.input. */
void tcp_input(struct tcp_stack *stack, struct packet *packet, const struct ip_rx *rx);

/* What an ICMP error says of the segment that it quotes. */
struct tcp_report {
    int error;         /* its errno; 0: it is of no concern */
    uint32_t mtu;      /* EMSGSIZE: what the path takes */
    bool no_route;     /* there was none: back off less (RFC 6069) */
    bool ends_request; /* a handshake that has come as far as SYN-RECEIVED is not worth going on */
};

/* An ICMP error of whatever version of IP arrived; those of IPv4 come by stack->l4.error.  `quote`
 * begins with the TCP header, `rx` has the addresses of the quoted datagram.  False: no connection
 * is concerned. */
bool tcp_take_report(struct tcp_stack *stack, const struct tcp_report *report, const uint8_t *quote,
                     uint32_t quote_len, const struct ip_rx *rx);

/* Sysctls by their full name ("net.ipv4.tcp_rmem"): as text, "4096 131072 33554432" for triples.
 * An unknown name or a value out of range is an error that says the remedy.  get returns memory
 * that the caller frees. */
bool tcp_sysctl_set(struct tcp_stack *stack, const char *name, const char *text, GError **error);
char *tcp_sysctl_get(const struct tcp_stack *stack, const char *name, GError **error);

/* The names of all of them, NULL-terminated, sorted. */
const char *const *tcp_sysctl_names(void);

/* The row of the name, with its range, or NULL. */
const struct sysctl_row *tcp_sysctl_row(const char *name);

/* ---- Opening ------------------------------------------------------------------------------- */

/* A port taken in advance (bind.c); embedded in its owner, zero-initialised. */
struct tcp_bind {
    struct tcp_bind *chain;
    struct tcp_stack *stack; /* NULL: not bound */
    struct ip_addr local;    /* may be changed while nobody else depends on it: see connect(2) */
    uint16_t port;
    bool reuse, reuseport; /* SO_REUSEADDR, SO_REUSEPORT; the owner's, at any time */
    bool listens;          /* since tcp_bind_listen, until the owner clears it */
};

/* Takes `port` (0: an ephemeral one, of `own`) of `local` (NULL or all zero: any address).  0, or
 * EADDRINUSE by the rules of Linux: see bind.c. */
int tcp_bind(struct tcp_stack *stack, struct tcp_bind *bind, const struct ip_addr *local,
             uint16_t port, struct tcp_ports own);

/* The owner is to listen: 0, or EADDRINUSE if somebody else uses the port in a way that does not
 * allow that. */
int tcp_bind_listen(struct tcp_bind *bind);

/* Gives the port back; harmless when not bound. */
void tcp_unbind(struct tcp_bind *bind);

/* Listens on `port` of `local` (all zero: any address).  `backlog` is the length of the accept
 * queue, limited by net.core.somaxconn.  Connections inherit `config`, which is copied.  Several
 * who all say SO_REUSEPORT share what comes, by its addresses and ports.  0, or EADDRINUSE. */
int tcp_listen(struct tcp_stack *stack, const struct ip_addr *local, uint16_t port,
               uint32_t backlog, const struct tcp_config *config,
               const struct tcp_listener_ops *ops, void *user, struct tcp_listener **out);

/* The next connection of the accept queue, or NULL; it gets `ops` and `user`.  Called from
 * `acceptable`, upcalls follow for what has arrived already; called later, look at tcp_recv_ready,
 * tcp_recv_eof and tcp_conn_state. */
struct tcp_conn *tcp_accept(struct tcp_listener *listener, const struct tcp_user_ops *ops,
                            void *user);

/* Ends listening; connections that nobody accepted are reset. */
void tcp_listener_close(struct tcp_listener *listener);

/* What was given to tcp_listen. */
void *tcp_listener_user(const struct tcp_listener *listener);
struct tcp_stack *tcp_listener_stack(const struct tcp_listener *listener);
uint16_t tcp_listener_port(const struct tcp_listener *listener);

/* Connections that wait to be accepted, handshakes under way, how many may be, and the
 * configuration of those to come. */
uint32_t tcp_listener_waiting(const struct tcp_listener *listener);
uint32_t tcp_listener_half_open(const struct tcp_listener *listener);
uint32_t tcp_listener_backlog(const struct tcp_listener *listener);
void tcp_listener_set_backlog(struct tcp_listener *listener, uint32_t backlog);
const struct tcp_config *tcp_listener_config(const struct tcp_listener *listener);
void tcp_listener_configure(struct tcp_listener *listener, const struct tcp_config *config);

/* A closed connection with this configuration (copied; NULL: defaults). */
struct tcp_conn *tcp_conn_new(struct tcp_stack *stack, const struct tcp_config *config,
                              const struct tcp_user_ops *ops, void *user);

/* Sends the SYN.  `local` NULL or all zero: the address the route says; local port 0: an ephemeral
 * one.  0, or EADDRNOTAVAIL (ports exhausted, 4-tuple in use), ENETUNREACH, EISCONN. */
int tcp_connect(struct tcp_conn *conn, const struct ip_addr *local, uint16_t local_port,
                const struct ip_addr *remote, uint16_t remote_port);

/* Before tcp_connect: the initial sequence number, if it is not to be a fresh one.  And the one
 * with which an owner who gives the connection up begins the next (Linux: beyond all that the peer
 * might still take for this one's); never 0. */
void tcp_conn_set_isn(struct tcp_conn *conn, uint32_t isn);
uint32_t tcp_conn_next_isn(const struct tcp_conn *conn);

/* Bytes that may go with a SYN; `taken` says how many did, and is 0 before. */
struct tcp_syn_data {
    struct blob *blob; /* stays the caller's */
    uint64_t offset;
    uint32_t length, taken;
};

/* As tcp_connect, with Fast Open (MSG_FASTOPEN) unless `data` is NULL: the SYN carries as much of
 * it as may go, if the server's cookie is known; else it asks for one and takes nothing. */
int tcp_connect_fastopen(struct tcp_conn *conn, const struct ip_addr *local, uint16_t local_port,
                         const struct ip_addr *remote, uint16_t remote_port,
                         struct tcp_syn_data *data);

/* Whether data could go with a SYN to `remote` (for TCP_FASTOPEN_CONNECT). */
bool tcp_fastopen_has_cookie(const struct tcp_stack *stack, const struct tcp_config *config,
                             const struct ip_addr *remote);

/* The keys of cookies that a listener of this configuration makes, into `out` of two keys' size;
 * returns the bytes. */
uint32_t tcp_fastopen_keys(const struct tcp_stack *stack, const struct tcp_config *config,
                           uint8_t *out);

/* ---- Data ---------------------------------------------------------------------------------- */

enum tcp_send_flag {
    TCP_SEND_MORE = 1, /* MSG_MORE: more follows at once, do not push */
    TCP_SEND_EOR = 2, /* MSG_EOR: a record ends here, the next bytes begin a segment of their own */
    TCP_SEND_URGENT = 4, /* MSG_OOB: the last of them is urgent */
};

/* Appends the bytes to the stream (before the handshake is complete, too), taking a reference on
 * `blob`.  Returns the bytes taken, less than `length` when the send buffer is full, or a negative
 * errno: -EPIPE after shutdown or the end, -ENOTCONN. */
int64_t tcp_send(struct tcp_conn *conn, struct blob *blob, uint64_t offset, uint32_t length,
                 unsigned flags);

/* As tcp_send, of bytes that are copied. */
int64_t tcp_send_bytes(struct tcp_conn *conn, const void *bytes, uint32_t length, unsigned flags);

#define TCP_ENDLESS UINT64_MAX

/* Appends `bytes` bytes of the pattern, or no end of them (tcp_close ends it then), as an
 * application that always has more to write: takes no memory per byte and ignores the send buffer's
 * size.  The byte at stream offset n is the pattern's byte n.  0, or an errno as tcp_send. */
int tcp_send_bulk(struct tcp_conn *conn, uint64_t bytes);

/* Takes back what of tcp_send_bulk has not been sent yet: the stream ends here. */
void tcp_send_bulk_stop(struct tcp_conn *conn);

/* Bytes that tcp_send would take now. */
uint64_t tcp_send_space(const struct tcp_conn *conn);

/* Bytes that can be read now. */
uint32_t tcp_recv_ready(const struct tcp_conn *conn);

/* Reads up to `max` bytes, into `out` or, if that is NULL, to throw them away; returns how many. If
 * none, tcp_recv_eof says whether there ever will be any. */
uint32_t tcp_recv_bytes(struct tcp_conn *conn, void *out, uint32_t max);

/* As tcp_recv_bytes, but leaves them there. */
uint32_t tcp_peek_bytes(struct tcp_conn *conn, void *out, uint32_t max);

/* Urgent data (urgent.c).  Reading stops in front of it, and goes on behind it.  The byte itself,
 * if it is not read in line: 1, 0 (nothing will come), -EINVAL (none, or read already) or -EAGAIN.
 */
int tcp_recv_urgent(struct tcp_conn *conn, uint8_t *byte, bool peek);
bool tcp_urgent_ready(const struct tcp_conn *conn); /* POLLPRI */
bool tcp_at_mark(const struct tcp_conn *conn);      /* SIOCATMARK: the next byte is it */

/* SIOCINQ: bytes that can be read, up to the urgent one. */
uint32_t tcp_inq(const struct tcp_conn *conn);

/* Everything before the peer's FIN was read. */
bool tcp_recv_eof(const struct tcp_conn *conn);

/* The peer's FIN arrived, whatever was read of what came before it. */
bool tcp_fin_received(const struct tcp_conn *conn);

/* At least `lowat` bytes can be read (SO_RCVLOWAT), or the window would close over fewer. */
bool tcp_readable(const struct tcp_conn *conn, uint32_t lowat);

/* There is room to write, in the sense of poll(2): a third of the buffer; if not, `writable` is
 * called when there is. */
bool tcp_writable(struct tcp_conn *conn);

/* Bytes written and not acknowledged (SIOCOUTQ), not even sent (SIOCOUTQNSD), without bulk data
 * that was not sent. */
uint64_t tcp_unacked_bytes(const struct tcp_conn *conn);
uint64_t tcp_unsent_bytes(const struct tcp_conn *conn);

/* ---- Closing ------------------------------------------------------------------------------- */

/* Sends a FIN after what was written; reading goes on.  0 or ENOTCONN. */
int tcp_shutdown(struct tcp_conn *conn);

/* The owner will not read any more: data that comes after its FIN was acknowledged is answered with
 * a RST. */
void tcp_shutdown_recv(struct tcp_conn *conn);

/* The connection came to its end, with the errno that `closed` told or would tell. */
bool tcp_conn_ended(const struct tcp_conn *conn, int *error);

/* The owner is done with the connection.  It closes in the background: FIN after the unsent data,
 * or RST if unread data would be lost, or as SO_LINGER says.  No upcall comes any more and the
 * pointer is dead. */
void tcp_close(struct tcp_conn *conn);

/* As tcp_close, with a RST. */
void tcp_abort(struct tcp_conn *conn);

/* ---- Looking ------------------------------------------------------------------------------- */

/* Why data did not go with a SYN: Linux's tcpi_fastopen_client_fail. */
enum tcp_fastopen_fail {
    FASTOPEN_NO_FAIL,
    FASTOPEN_NO_COOKIE,        /* none is known */
    FASTOPEN_DATA_NOT_ACKED,   /* the server did not take it */
    FASTOPEN_SYN_RETRANSMITTED /* the SYN with it had no answer */
};

/* A connection at a glance, with the meanings of Linux's struct tcp_info. */
struct tcp_info {
    enum tcp_state state;
    enum cc_state ca_state;
    struct ip_addr local, remote;
    uint16_t local_port, remote_port;
    bool timestamps, sack, wscale, ecn;
    bool syn_data;       /* data in the SYN was acknowledged (Fast Open) */
    bool fastopen_child; /* the SYN opened it at once */
    enum tcp_fastopen_fail fastopen_fail;
    bool ecn_seen, accecn; /* an ECT segment came; accurate ECN (RFC 9768) was agreed to */
    uint32_t received_ce;  /* packets, with accurate ECN */
    uint32_t received_ecn_bytes[3], delivered_ecn_bytes[3]; /* ECT(1), ECT(0), CE */
    uint8_t accecn_fail, accecn_option; /* Linux's tcpi_accecn_fail_mode, tcpi_accecn_opt_seen */
    uint8_t snd_wscale, rcv_wscale, backoff, probes, retransmits;
    const struct cc_ops *cc;
    sim_time rto, srtt, rttvar, min_rtt, last_rtt, rcv_rtt;
    sim_time ato; /* of delayed ACKs */
    sim_time since_data_sent, since_data_received, since_ack_received;
    uint32_t mss, rcv_mss, advmss, pmtu;
    uint32_t cwnd, ssthresh;                 /* packets; CC_INFINITE until the first loss */
    uint32_t unacked, sacked, lost, retrans; /* packets */
    uint32_t inflight;                       /* packets in the network */
    uint32_t reordering, reord_seen;
    uint32_t snd_wnd, rcv_wnd; /* bytes, from now on */
    uint32_t told_wnd;         /* as rcv_wnd, when it was told: from the number acknowledged then */
    uint32_t sndbuf, rcvbuf, rcv_space, rcv_ssthresh, window_clamp;
    uint32_t wmem_queued, rmem_alloc; /* of those buffers in use, as Linux counts (SO_MEMINFO) */
    uint64_t notsent_bytes; /* in the send queue, not sent; TCP_ENDLESS for endless bulk */
    uint32_t recv_ready;
    uint64_t pacing_rate;     /* bytes per second; UINT64_MAX: not paced */
    uint64_t max_pacing_rate; /* SO_MAX_PACING_RATE; UINT64_MAX: none */
    uint64_t window_rate;     /* what Linux shows as pacing rate of one that is not paced */
    uint64_t delivery_rate;   /* bytes per second, the last sample */
    bool delivery_app_limited;
    uint64_t bytes_sent, bytes_retrans, bytes_acked, bytes_received;
    uint64_t segs_out, segs_in, data_segs_out, data_segs_in;
    uint32_t delivered, delivered_ce; /* packets */
    uint32_t retransmits_total;       /* packets */
    uint32_t timeouts_total, fast_recoveries, undos, dsack_dups, ooo_packets;
    uint32_t rehash;             /* of the timeouts, those of an established connection */
    uint32_t timeout_recoveries; /* how often time-outs were got over, and how long it took */
    sim_time timeout_time;
    sim_time limited[TCP_LIMITS]; /* since it was established */
    sim_time busy;                /* of that, while data waited or was in flight */
    sim_time established;         /* SIM_NEVER: not yet */
};

/* Everything at once. */
void tcp_info_get(const struct tcp_conn *conn, struct tcp_info *info);

/* Single values for records, cheaper than the whole. */
enum tcp_state tcp_conn_state(const struct tcp_conn *conn);
/* Either pair may be NULL. */
void tcp_conn_addresses(const struct tcp_conn *conn, struct ip_addr *local, uint16_t *local_port,
                        struct ip_addr *remote, uint16_t *remote_port);
struct tcp_stack *tcp_conn_stack(const struct tcp_conn *conn);
const struct cc *tcp_conn_cc(const struct tcp_conn *conn);
sim_time tcp_conn_last_rtt(const struct tcp_conn *conn); /* by the last ACK; -1 if it gave none */
uint64_t tcp_conn_bytes_received(const struct tcp_conn *conn);
uint64_t tcp_conn_bytes_acked(const struct tcp_conn *conn);
void *tcp_conn_user(const struct tcp_conn *conn);
void tcp_conn_set_user(struct tcp_conn *conn, const struct tcp_user_ops *ops, void *user);

/* Options that may change while the connection lives: nodelay, cork, keepalive, timeouts, linger,
 * user_timeout, notsent_lowat, tos, ttl, sink, rcvbuf, sndbuf, window_clamp, cc.  A copy of the
 * present ones comes from tcp_conn_config. */
const struct tcp_config *tcp_conn_config(const struct tcp_conn *conn);
void tcp_conn_configure(struct tcp_conn *conn, const struct tcp_config *config);

/* Sends what Nagle's algorithm or MSG_MORE holds back: setting TCP_NODELAY or clearing TCP_CORK
 * does so even if it was set, or clear, before. */
void tcp_conn_push(struct tcp_conn *conn);

/* TCP_QUICKACK: not 0: acknowledge at once for a while; an even number: an ACK that waits, and then
 * as before.  Pingpong is the opposite state. */
void tcp_conn_quickack(struct tcp_conn *conn, int value);
bool tcp_conn_pingpong(const struct tcp_conn *conn);

/* The ICMP error that is remembered, and then forgotten: errno, or 0. */
int tcp_take_soft_error(struct tcp_conn *conn);

/* TCP_NOTSENT_LOWAT or SO_SNDBUF was set: tells the owner that it may write, if so. */
void tcp_conn_write_space(struct tcp_conn *conn);

/* SO_RCVLOWAT: grows the receive buffer until so many bytes fit. */
void tcp_conn_rcvlowat(struct tcp_conn *conn, uint32_t bytes);

/* The sequence number of the SYN that `local` sent on this connection, whatever state it is in, so
 * that tools can show relative ones; false if the stack knows of none. */
bool tcp_initial_seq(const struct tcp_stack *stack, const struct ip_addr *local,
                     uint16_t local_port, const struct ip_addr *remote, uint16_t remote_port,
                     uint32_t *seq);

/* Begins and ends watching; the observer is the caller's. */
void tcp_observe(struct tcp_conn *conn, struct tcp_observer *observer);
void tcp_unobserve(struct tcp_conn *conn, struct tcp_observer *observer);

/* What listens, in the order of ports. */
void tcp_each_listener(struct tcp_stack *stack,
                       void (*visit)(const struct tcp_listener *listener, void *data), void *data);
const struct ip_addr *tcp_listener_address(const struct tcp_listener *listener);

/* The live connections of the stack, in the order of their creation; `visit` must not change
 * them. */
void tcp_each_conn(struct tcp_stack *stack, void (*visit)(struct tcp_conn *conn, void *data),
                   void *data);

/* What the stack holds that is no connection yet, or no more: a handshake in SYN_RECV, a TIME_WAIT,
 * an orphan in FIN_WAIT2.  `until`: when its timer goes off; of the last two that is its end. */
struct tcp_remnant {
    enum tcp_state state;
    struct ip_addr local, remote;
    uint16_t local_port, remote_port;
    sim_time until;
};

/* All of them, handshakes in the order of their listeners' ports, the others in that of time. */
void tcp_each_remnant(struct tcp_stack *stack,
                      void (*visit)(const struct tcp_remnant *remnant, void *data), void *data);

#endif

/* The passive side: what its files, and those that hand it segments, know of each other.
 *
 * listen.c judges a SYN, request.c keeps what is half open, handshake.c judges what arrives for
 * that, establish.c makes the connection; syncookie.c does without the middle. */
#ifndef WEFT_PROTOCOLS_TCP_LISTEN_H
#define WEFT_PROTOCOLS_TCP_LISTEN_H

#include "protocols/tcp/conn.h"

struct tcp_listener {
    struct tcp_listener *chain; /* of the table */
    struct tcp_stack *stack;
    struct ip_addr local;
    uint16_t port;
    uint32_t backlog, accept_count;
    uint32_t request_count, young_count; /* young: without a time-out so far */
    uint32_t cookie_stamp_s;             /* when the last SYN cookie was sent; 0: never */
    GArray *fastopen_resets;             /* sim_time: until when places stay taken; NULL: none */
    struct list requests;
    struct tcp_conn *accept_first, *accept_last;
    const struct tcp_listener_ops *ops;
    void *user;
    const struct tcp_config *config;
};

/* Half open, passively. */
struct tcp_request {
    struct tcp_entry entry;
    struct list link; /* of the listener */
    struct tcp_listener *listener;
    struct timer timer;
    struct tcp_options opt;
    uint32_t irs, pmtu, tsoffset;
    uint32_t rcv_wnd, window_clamp;
    uint32_t tsval_first, tsval_last, last_oow_ms;
    uint16_t advmss;
    uint8_t num_timeout, num_retrans;
    bool acked;               /* the ACK came, but data is waited for (TCP_DEFER_ACCEPT), or room */
    uint8_t ecn, syn_ect;     /* enum tcp_ecn_flag; ECN field of the SYN */
    uint8_t syn_tos;          /* of the SYN, without that */
    bool ecn_bleached;        /* a SYN or SYN-ACK went without its flags */
    struct tcp_cookie cookie; /* of the SYN-ACK */
    uint64_t snt_synack_us;
    struct ip_route_cache route;
};

/* ---- listen.c ------------------------------------------------------------------------------- */

/* `iss`: the initial sequence number to use, 0: a fresh one. */
void tcp_listen_input(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key,
                      uint32_t iss);

/* As tcp_listener_close, but nobody is told: the stack is gone. */
void tcp_listener_forget(struct tcp_listener *l);

/* The accept queue. */
bool listener_full(const struct tcp_listener *l);
void listener_push(struct tcp_listener *l, struct tcp_conn *conn);

/* Counts what is dropped because that is full. */
void listener_overflow(struct tcp_listener *l);

/* ---- request.c ------------------------------------------------------------------------------ */

/* One that is not in the queue.  NULL: there is no route to the peer. */
struct tcp_request *request_new(struct tcp_listener *l, const struct tcp_key *key);

/* Takes what the SYN says; `cookie`: as much of it as survives in a SYN cookie. */
void request_take_syn(struct tcp_request *req, struct tcp_rx *rx, bool cookie);

/* The window to offer; `mss`: of the data to come. */
void request_choose_window(struct tcp_request *req, uint32_t mss);

/* Puts it into the SYN queue, and into the table. */
void request_queue(struct tcp_request *req);

/* Ends it, in the queue or not; and because the peer does not want it, or must not. */
void request_free(struct tcp_request *req);
void request_reset(struct tcp_request *req);

/* Until the SYN-ACK is to be repeated. */
void request_start_timer(struct tcp_request *req);

/* The SYN-ACK, once more, as a SYN cookie; or an ACK of what the SYN said.  False if it did not
 * leave the host; then it was not repeated. */
bool request_send_syn_ack(struct tcp_request *req);
bool request_repeat_syn_ack(struct tcp_request *req);
void request_send_cookie(struct tcp_request *req);
void request_send_ack(struct tcp_request *req, const struct tcp_rx *rx);

/* ---- handshake.c ---------------------------------------------------------------------------- */

/* A segment of the peer's. */
void tcp_request_input(struct tcp_request *req, struct tcp_rx *rx);

/* An ICMP error quotes what was sent with this sequence number; `ends`: it is one of those that end
 * a handshake. */
void tcp_request_error(struct tcp_request *req, uint32_t seq, bool ends);

/* ---- establish.c ---------------------------------------------------------------------------- */

/* Both end the request and put a connection into the accept queue: by the ACK of the handshake,
 * which it gets, or by a SYN whose data is taken (Fast Open). */
void request_establish(struct tcp_request *req, struct tcp_rx *rx);
void request_open_at_once(struct tcp_request *req, const struct tcp_rx *rx);

/* ---- syncookie.c ---------------------------------------------------------------------------- */

/* Answers the SYN of a request that is not queued, which ends with that. */
void tcp_syncookie_answer(struct tcp_request *req);

/* An ACK that nobody waits for: false if no cookie explains it. */
bool tcp_syncookie_ack(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key);

/* Its parts, for tests. */
uint32_t tcp_syncookie_make(const struct tcp_stack *stack, const struct tcp_key *key, uint32_t seq,
                            uint16_t *mss);
uint16_t tcp_syncookie_mss(const struct tcp_stack *stack, const struct tcp_key *key, uint32_t seq,
                           uint32_t cookie);
uint32_t tcp_syncookie_timestamp(const struct tcp_request *req);
bool tcp_syncookie_options(const struct tcp_sysctl *sysctl, struct tcp_options *opt, bool *ecn);

#endif

/* Fast Open (RFC 7413): data in the SYN, if a cookie says that the address is no forged one. */
#ifndef WEFT_PROTOCOLS_TCP_FASTOPEN_H
#define WEFT_PROTOCOLS_TCP_FASTOPEN_H

#include "protocols/tcp/conn.h"

struct tcp_request;
struct tcp_listener;

/* Bits of net.ipv4.tcp_fastopen. */
enum {
    TFO_CLIENT = 1,
    TFO_SERVER = 2,
    TFO_CLIENT_NO_COOKIE = 4, /* sends data to servers of which no cookie is known */
    TFO_SERVER_NO_COOKIE = 0x200,
    TFO_ALL_LISTENERS = 0x400, /* those that did not set TCP_FASTOPEN, too */
};

/* ---- siphash.c ------------------------------------------------------------------------------ */

/* SipHash-2-4 of `bytes`. */
uint64_t tcp_siphash(const uint8_t key[16], const uint8_t *bytes, uint32_t length);

/* ---- fastopen.c ----------------------------------------------------------------------------- */

/* The option of a SYN, read and written. */
void tcp_fastopen_option(const struct tcp_rx *rx, struct tcp_cookie *cookie);
uint32_t tcp_cookie_bytes(const struct tcp_cookie *cookie);
void tcp_cookie_put(const struct tcp_cookie *cookie, uint8_t *p);

/* ---- tfocookie.c ---------------------------------------------------------------------------- */

enum tcp_cookie_judgement { COOKIE_GOOD, COOKIE_OF_OLD_KEY, COOKIE_WRONG };

/* Judges the cookie of a SYN; `answer` becomes what the listener would give now. */
enum tcp_cookie_judgement tcp_cookie_judge(const struct tcp_listener *l, const struct tcp_key *key,
                                           const struct tcp_cookie *cookie,
                                           struct tcp_cookie *answer);

/* ---- tfoserver.c ---------------------------------------------------------------------------- */

/* Connections that may begin with data, at most, of a listener that asked for `own`. */
uint32_t tcp_fastopen_limit(const struct tcp_stack *stack, uint32_t own, uint32_t backlog);

/* May the SYN's data be taken, and with which cookie is it answered? */
bool tcp_fastopen_accepts(struct tcp_request *req, const struct tcp_rx *rx,
                          struct tcp_cookie *cookie);

/* ... Then there is a connection before its handshake is complete. */
void tcp_fastopen_open_child(struct tcp_conn *conn, const struct tcp_rx *rx,
                             const struct tcp_cookie *answer);
void tcp_fastopen_timeout(struct tcp_conn *conn);
bool tcp_fastopen_input(struct tcp_conn *conn, const struct tcp_rx *rx);

/* ---- tfoclient.c ---------------------------------------------------------------------------- */

/* A SYN with data; bytes taken. */
uint32_t tcp_fastopen_connect(struct tcp_conn *conn, struct blob *blob, uint64_t offset,
                              uint32_t length);
void tcp_fastopen_withdraw(struct tcp_conn *conn);
bool tcp_fastopen_got_syn_ack(struct tcp_conn *conn, const struct tcp_rx *rx, uint16_t mss);

/* ---- tfopause.c ------------------------------------------------------------------------------ */

/* The active side is not to try it now; it is again, though it was not for a while. */
bool tcp_fastopen_paused(const struct tcp_stack *stack);
bool tcp_fastopen_was_paused(const struct tcp_stack *stack);
void tcp_fastopen_pause(struct tcp_conn *conn);

/* The retransmission timer went off; `expired`: for the last time. */
void tcp_fastopen_timed_out(struct tcp_conn *conn, bool expired);

/* Nothing more will come of a connection that has conn->extra. */
void tcp_fastopen_over(struct tcp_conn *conn);

/* Data can be sent: the handshake is complete, or Fast Open does not wait for it. */
static inline bool tcp_may_transfer(const struct tcp_conn *conn)
{
    return conn->entry.state >= TCP_ESTABLISHED || conn->fastopen;
}

#endif

/* Explicit congestion notification: RFC 3168 (ecn.c), and accurate ECN, RFC 9768 (accecn.c). */
#ifndef WEFT_PROTOCOLS_TCP_ECN_H
#define WEFT_PROTOCOLS_TCP_ECN_H

#include "protocols/tcp/conn.h"

struct tcp_ack_work;
struct tcp_request;
struct tcp_tx;

/* ---- ecn.c ---------------------------------------------------------------------------------- */

/* The ECN field of the IP header (RFC 3168 5); 0: not ECN-capable. */
enum tcp_ecn_field { ECT_1 = 1, ECT_0 = 2, ECN_CE = 3, ECN_MASK = 3 };

static inline uint8_t tcp_rx_ecn(const struct tcp_rx *rx)
{
    return rx->ip->tos & ECN_MASK;
}

/* ... and the rest of that byte. */
static inline uint8_t tcp_rx_dscp(const struct tcp_rx *rx)
{
    return rx->ip->tos & 0xff & ~ECN_MASK;
}

/* The ACE field (RFC 9768 3.1): AE, CWR, ECE. */
static inline unsigned tcp_rx_ace(const struct tcp_rx *rx)
{
    return (unsigned)rx->flags >> 6 & 7;
}

/* The handshake: of our SYN, of the answer to it, of a SYN that crossed it. */
void tcp_ecn_connect(struct tcp_conn *conn);
void tcp_ecn_syn(const struct tcp_conn *conn, struct tcp_tx *tx, uint8_t n);
void tcp_ecn_got_syn_ack(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_ecn_got_syn(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_ecn_own_syn_ack(struct tcp_conn *conn, struct tcp_tx *tx, uint8_t n);

/* ... and of the passive side. */
void tcp_ecn_request(struct tcp_request *req, const struct tcp_rx *rx);
void tcp_ecn_request_again(struct tcp_request *req, const struct tcp_rx *rx);
void tcp_ecn_syn_ack(struct tcp_request *req, struct tcp_tx *tx);
void tcp_ecn_open_child(struct tcp_conn *conn, const struct tcp_request *req,
                        const struct tcp_rx *rx);

/* Data and ACKs, out: completes a segment; CWR is due, or not after all. */
void tcp_ecn_send(struct tcp_conn *conn, struct tcp_tx *tx, bool new_data);
void tcp_ecn_queue_cwr(struct tcp_conn *conn);
void tcp_ecn_withdraw_cwr(struct tcp_conn *conn);

/* The ECN field of the ACKs in TIME_WAIT. */
uint8_t tcp_ecn_last_field(struct tcp_conn *conn);

/* ... and in. */
void tcp_ecn_cwr(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_ecn_data_slow(struct tcp_conn *conn, unsigned field);

/* New data arrived, in order or not. */
static inline void tcp_ecn_data(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (tcp_rx_ecn(rx) || conn->ecn)
        tcp_ecn_data_slow(conn, tcp_rx_ecn(rx));
}

/* ---- accecn.c ------------------------------------------------------------------------------- */

/* The flags of a SYN-ACK that reflect the ECN field of the SYN (RFC 9768 3.1.1). */
uint16_t tcp_accecn_reflect(unsigned field);

/* Both are agreed: counting begins. */
void tcp_accecn_open(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_accecn_open_child(struct tcp_conn *conn, const struct tcp_request *req,
                           const struct tcp_rx *rx);

/* The peer may not know that it is agreed: send no ECT. */
void tcp_accecn_distrust(struct tcp_conn *conn);

/* Completes a segment: the ACE field, and the option if there is room for it. */
void tcp_accecn_send(struct tcp_conn *conn, struct tcp_tx *tx);
uint32_t tcp_accecn_bytes(uint32_t fields, bool sacks);
uint32_t tcp_accecn_fit(const struct tcp_conn *conn, uint8_t *sacks);
void tcp_accecn_put(struct tcp_conn *conn, struct tcp_tx *tx);

/* A segment has come in; it was a duplicate. */
void tcp_accecn_received(struct tcp_conn *conn, const struct tcp_rx *rx);
void tcp_accecn_duplicate(struct tcp_conn *conn, uint32_t seq);

#endif

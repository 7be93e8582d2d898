/* Digesting an ACK: what it acknowledges and SACKs, and what that measures. */
#ifndef WEFT_PROTOCOLS_TCP_ACKING_H
#define WEFT_PROTOCOLS_TCP_ACKING_H

#include "protocols/tcp/conn.h"
#include "protocols/tcp/internal.h"

/* ---- ack.c ---------------------------------------------------------------------------------- */

enum tcp_ack_flag {
    ACKF_DATA = 0x01, /* the segment carries data */
    ACKF_WIN_UPDATE = 0x02,
    ACKF_DATA_ACKED = 0x04,
    ACKF_RETRANS_DATA_ACKED = 0x08, /* some of it had been retransmitted */
    ACKF_SYN_ACKED = 0x10,
    ACKF_DATA_SACKED = 0x20, /* new SACKs */
    ACKF_ECE = 0x40,
    ACKF_LOST_RETRANS = 0x80, /* a retransmission was lost */
    ACKF_SLOWPATH = 0x100,
    ACKF_ORIG_SACK_ACKED = 0x200, /* never retransmitted data below high_seq arrived */
    ACKF_SND_UNA_ADVANCED = 0x400,
    ACKF_DSACKING_ACK = 0x800,
    ACKF_SET_XMIT_TIMER = 0x1000,
    ACKF_SACK_RENEGING = 0x2000,
    ACKF_UPDATE_TS_RECENT = 0x4000,
    ACKF_MAYBE_DELAYED = 0x8000,
    ACKF_DSACK_TLP = 0x10000,   /* the D-SACK is for a loss probe */
    ACKF_TS_PROGRESS = 0x20000, /* the timestamp is newer */
    ACKF_ACKED = ACKF_DATA_ACKED | ACKF_SYN_ACKED,
    ACKF_NOT_DUP = ACKF_DATA | ACKF_WIN_UPDATE | ACKF_ACKED,
    ACKF_CA_ALERT = ACKF_DATA_SACKED | ACKF_ECE | ACKF_DSACKING_ACK,
    ACKF_FORWARD_PROGRESS = ACKF_ACKED | ACKF_DATA_SACKED,
};

enum tcp_rexmit { REXMIT_NONE, REXMIT_LOST, REXMIT_NEW };
enum tcp_ack_verdict { TCP_ACK_GOOD, TCP_ACK_OLD, TCP_ACK_TOO_OLD, TCP_ACK_UNSENT };

/* What is found out while one ACK is digested. */
struct tcp_ack_work {
    uint32_t flags; /* enum tcp_ack_flag */
    uint32_t reord; /* lowest number that arrived late without having been retransmitted */
    uint64_t first_sackt, last_sackt; /* when newly SACKed segments were sent, us; 0: none */
    uint64_t prior_cc_delivered;
    uint32_t prior_lost;
    uint32_t delivered_bytes;
    uint32_t marked;         /* packets that accurate ECN says were marked */
    uint32_t sack_delivered; /* packets that SACKs and D-SACKs report */
    enum tcp_rexmit rexmit;
    /* The segment that supplies the rate sample. */
    bool rated;
    uint64_t last_sent_us;
    uint32_t last_end_seq, prior_delivered, prior_us, send_interval_us;
    struct cc_ack sample;
};

/* The ACK field of a segment; `flags`: what is known of it already. */
enum tcp_ack_verdict tcp_ack(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t flags);

/* What accurate ECN says of the bytes newly delivered. */
void tcp_accecn_ack(struct tcp_conn *conn, const struct tcp_rx *rx, struct tcp_ack_work *work);

/* Sequence numbers that were acknowledged since the beginning. */
uint64_t tcp_numbers_acked(const struct tcp_conn *conn);

/* Packets are known to have arrived, by ACK or by SACK. */
void tcp_count_delivered(struct tcp_conn *conn, uint32_t packets, const struct tcp_ack_work *work);

/* ---- sack.c --------------------------------------------------------------------------------- */

/* Marks what the SACK option of `rx` reports. */
void tcp_sacktag(struct tcp_conn *conn, const struct tcp_rx *rx, uint32_t prior_una,
                 struct tcp_ack_work *work);

/* Nothing is in flight: what was remembered of SACKs is of no use. */
void tcp_forget_sacks(struct tcp_conn *conn);

/* The end of what was SACKed (Linux's forward ACK).  Without SACK duplicate ACKs do not say. */
static inline uint32_t tcp_highest_sack_seq(const struct tcp_conn *conn)
{
    return conn->sacked_out && conn->opt.sack_ok ? conn->highest_sack : conn->snd_una;
}

/* A segment that was not sent again arrived late, at `low`: the network reorders as far as that. */
void tcp_check_sack_reordering(struct tcp_conn *conn, uint32_t low, bool by_timestamp);

/* Without SACK duplicate ACKs are counted as if each reported a packet. */
void tcp_add_reno_sack(struct tcp_conn *conn, uint32_t dupacks, struct tcp_ack_work *work);
void tcp_remove_reno_sacks(struct tcp_conn *conn, uint32_t acked, struct tcp_ack_work *work);
void tcp_limit_reno_sacked(struct tcp_conn *conn);

/* ---- rtt.c ---------------------------------------------------------------------------------- */

/* One sample into srtt and its variation (RFC 6298 2); then the time-out that follows. */
void tcp_rtt_estimate(struct tcp_conn *conn, uint32_t rtt_us);
void tcp_set_rto(struct tcp_conn *conn);

/* Samples in microseconds, negative: none.  True if the estimate changed. */
bool tcp_update_rtt(struct tcp_conn *conn, struct tcp_ack_work *work, int64_t seq_rtt_us,
                    int64_t sack_rtt_us, int64_t ca_rtt_us);

/* ---- rate.c --------------------------------------------------------------------------------- */

/* Delivery rate (draft-cheng-iccrg-delivery-rate-estimation): snapshots when a segment leaves, a
 * sample when it arrives; samples do not count while the application was the limit. */
void tcp_rate_sent(struct tcp_conn *conn, struct tcp_seg *seg);
void tcp_rate_delivered(struct tcp_conn *conn, struct tcp_seg *seg, struct tcp_ack_work *work);
void tcp_rate_sample(struct tcp_conn *conn, struct tcp_ack_work *work);
void tcp_rate_check_app_limited(struct tcp_conn *conn);
void tcp_rate_app_limited(struct tcp_conn *conn);

#endif

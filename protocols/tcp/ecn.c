/* Explicit congestion notification: classic (RFC 3168) and accurate (RFC 9768).
 *
 * Negotiation.  The SYN asks with ECE and CWR, for the accurate kind with AE, too.  The answer
 * tells which kind it is; an accurate one also reflects the ECN field with which the SYN arrived,
 * and the ACK of the handshake reflects that of the SYN-ACK.  net.ipv4.tcp_ecn says what to ask
 * for and what to agree to.  A SYN or SYN-ACK that is repeated in vain asks for less
 * (net.ipv4.tcp_ecn_fallback).
 *
 * Classic.  The receiver echoes CE as ECE until it sees CWR; the sender reduces its window once a
 * round trip.  Only new data is ECN-capable, unless the congestion control needs more; for such an
 * algorithm (DCTCP) the handshake is, too, and the echo follows each change of the marks (RFC 8257
 * 3.6, 3.2).
 *
 * The counters of the accurate kind are accecn.c's. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"

/* net.ipv4.tcp_ecn: whether to ask, and for what. */
enum {
    ASK_CLASSIC = 1,
    AGREE_ONLY = 2,
    ACCURATE = 3,
    ACCURATE_ASK_CLASSIC = 4,
    ACCURATE_AGREE = 5
};

enum { ACE_CLASSIC = 3 }; /* CWR and ECE: what a SYN says that asks for the classic kind */

static bool agrees_accurate(const struct tcp_stack *stack)
{
    return stack->sysctl->ecn >= ACCURATE;
}

/* Lest a queue that marks drops the SYNs instead (RFC 8257 3.6). */
static uint8_t handshake_field(const struct cc_ops *cc)
{
    return cc->needs_ecn && !cc->l4s ? ECT_0 : 0;
}

/* All but the classic form ask for the accurate kind, or one to come (RFC 9768 3.1.3). */
static bool asks_accurate(const struct tcp_rx *rx)
{
    return tcp_rx_ace(rx) != 0 && tcp_rx_ace(rx) != ACE_CLASSIC;
}

/* What a SYN-ACK says. */
static void answer_classic(const struct cc_ops *cc, struct tcp_tx *tx)
{
    tx->flags |= TH_ECE;
    tx->ecn = handshake_field(cc);
}

static void answer_accurate(const struct tcp_stack *stack, struct tcp_tx *tx, unsigned syn_field,
                            bool option)
{
    tx->flags |= tcp_accecn_reflect(syn_field);
    if (stack->sysctl->ecn_option && option) {
        tx->accecn_fields = 3;
        tx->e1b = tx->e0b = 1;
        tx->ceb = 0;
    }
}

/* ---- Active opening ------------------------------------------------------------------------- */

void tcp_ecn_connect(struct tcp_conn *conn)
{
    uint32_t mode = conn->entry.stack->sysctl->ecn;

    if (mode == ACCURATE || conn->cc.ops->l4s)
        conn->ecn = ECN_ASKED | ECN_ASKED_ACCURATE;
    else if (mode == ASK_CLASSIC || mode == ACCURATE_ASK_CLASSIC || conn->cc.ops->needs_ecn)
        conn->ecn = ECN_ASKED;
}

/* A SYN that is sent for the n-th time.  The accurate form is tried twice. */
void tcp_ecn_syn(const struct tcp_conn *conn, struct tcp_tx *tx, uint8_t n)
{
    bool accurate = (conn->ecn & ECN_ASKED_ACCURATE) != 0;

    if (!(conn->ecn & ECN_ASKED))
        return;
    tx->ecn = handshake_field(conn->cc.ops);
    if (conn->entry.stack->sysctl->ecn_fallback && n > (accurate ? 2 : 1))
        return;
    tx->flags |= accurate ? TH_ECE | TH_CWR | TH_AE : TH_ECE | TH_CWR;
}

/* The SYN-ACK, or the crossing SYN of a simultaneous open, says what the peer agrees to. */
void tcp_ecn_got_syn_ack(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    unsigned ace = tcp_rx_ace(rx), asked = conn->ecn;

    conn->ecn = 0;
    if (!(asked & ECN_ASKED) || ace == 0 || ace == 7)
        return; /* no, or a reflection of our own flags */
    bool classic = ace == 1 || (ace == 5 && !(asked & ECN_ASKED_ACCURATE));
    if (classic) /* 5 is reserved for accurate servers to come (RFC 9768 3.1.3) */
        conn->ecn = ECN_CLASSIC;
    else if (asked & ECN_ASKED_ACCURATE)
        tcp_accecn_open(conn, rx);
}

/* A SYN that crossed ours: both ends asked, and agree to the better kind that both know. */
void tcp_ecn_got_syn(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    unsigned asked = conn->ecn;

    conn->ecn = 0;
    if (asked & ECN_ASKED_ACCURATE && asks_accurate(rx))
        tcp_accecn_open(conn, rx);
    else if (asked & ECN_ASKED && rx->flags & TH_ECE && rx->flags & TH_CWR)
        conn->ecn = ECN_CLASSIC;
}

/* A connection's own SYN-ACK, sent for the n-th time: our SYN again, which acknowledges theirs, or
 * that of Fast Open, which asks for less like a request's. */
void tcp_ecn_own_syn_ack(struct tcp_conn *conn, struct tcp_tx *tx, uint8_t n)
{
    bool option = conn->fastopen ? n == 1 : conn->retransmits < 2;

    if (conn->ecn & ECN_CLASSIC)
        answer_classic(conn->cc.ops, tx);
    else if (!(conn->ecn & ECN_ACCURATE))
        return;
    else if (conn->fastopen && n > 2 && conn->extra->fastopen.timeouts > 1)
        tcp_accecn_distrust(conn);
    else
        answer_accurate(conn->entry.stack, tx, conn->extra->accecn.syn_ect, option);
}

/* ---- Passive opening ------------------------------------------------------------------------ */

static const struct cc_ops *request_cc(const struct tcp_request *req)
{
    const struct tcp_config *config = req->listener->config;

    return config->cc ? config->cc : tcp_default_cc(req->entry.stack);
}

void tcp_ecn_request(struct tcp_request *req, const struct tcp_rx *rx)
{
    const struct tcp_stack *stack = req->entry.stack;
    const struct cc_ops *cc = request_cc(req);
    unsigned field = tcp_rx_ecn(rx);

    req->syn_ect = (uint8_t)field;
    if (asks_accurate(rx) && (agrees_accurate(stack) || cc->l4s))
        req->ecn = ECN_ACCURATE;
    else if ((rx->flags & (TH_ECE | TH_CWR)) != (TH_ECE | TH_CWR))
        return;
    /* A SYN is not ECN-capable (RFC 3168 6.1.1): one that says so was meddled with. */
    else if ((stack->sysctl->ecn && (field == 0 || rx->flags & TH_AE)) || cc->needs_ecn)
        req->ecn = ECN_CLASSIC;
}

/* The same SYN again: it may have lost its marks on the way. */
void tcp_ecn_request_again(struct tcp_request *req, const struct tcp_rx *rx)
{
    if (req->ecn != ECN_ACCURATE)
        return;
    req->syn_ect = tcp_rx_ecn(rx);
    if (tcp_rx_ace(rx) == 0)
        req->ecn_bleached = true;
}

/* Makes the SYN-ACK say what was agreed to.  Repetitions leave the option out; after a time-out in
 * vain, ECN altogether (RFC 9768 3.2.3.2.2). */
void tcp_ecn_syn_ack(struct tcp_request *req, struct tcp_tx *tx)
{
    if (req->ecn == ECN_CLASSIC)
        answer_classic(request_cc(req), tx);
    else if (req->ecn == ECN_ACCURATE && req->num_retrans > 1 && req->num_timeout > 0)
        req->ecn_bleached = true; /* and the connection is not to send ECT (3.1.5) */
    else if (req->ecn == ECN_ACCURATE)
        answer_accurate(req->entry.stack, tx, req->syn_ect, req->num_retrans == 0);
}

/* The request becomes a connection by segment `rx`. */
void tcp_ecn_open_child(struct tcp_conn *conn, const struct tcp_request *req,
                        const struct tcp_rx *rx)
{
    if (req->ecn == ECN_ACCURATE)
        tcp_accecn_open_child(conn, req, rx);
    else
        conn->ecn = req->ecn;
}

/* ---- Sending -------------------------------------------------------------------------------- */

static void send_classic(struct tcp_conn *conn, struct tcp_tx *tx, bool new_data)
{
    if (new_data || conn->cc.ops->needs_ecn)
        tx->ecn = ECT_0;
    if (new_data && conn->ecn & ECN_QUEUE_CWR) {
        conn->ecn &= (uint8_t)~ECN_QUEUE_CWR;
        tx->flags |= TH_CWR;
    }
    if (conn->ecn & ECN_DEMAND_CWR)
        tx->flags |= TH_ECE;
}

/* Marks of a segment that is no SYN; `new_data`: it carries bytes that were not sent before. */
void tcp_ecn_send(struct tcp_conn *conn, struct tcp_tx *tx, bool new_data)
{
    if (conn->ecn & ECN_CLASSIC)
        send_classic(conn, tx, new_data);
    else if (conn->ecn & ECN_ACCURATE)
        tcp_accecn_send(conn, tx);
}

/* The ECN field of the ACKs that TIME_WAIT sends: with accurate ECN they are capable, too. */
uint8_t tcp_ecn_last_field(struct tcp_conn *conn)
{
    struct tcp_tx tx = { .ecn = 0 };

    if (conn->ecn & ECN_ACCURATE)
        tcp_accecn_send(conn, &tx);
    return tx.ecn;
}

/* The window goes down: the next new data says so. */
void tcp_ecn_queue_cwr(struct tcp_conn *conn)
{
    if (conn->ecn & ECN_CLASSIC)
        conn->ecn |= ECN_QUEUE_CWR;
}

void tcp_ecn_withdraw_cwr(struct tcp_conn *conn)
{
    conn->ecn &= (uint8_t)~ECN_QUEUE_CWR;
}

/* ---- Receiving data ------------------------------------------------------------------------- */

/* RFC 8257 3.2: each change of the marks is told at once, what came before it as it was. */
static void follow_marks(struct tcp_conn *conn, bool ce)
{
    if (!(conn->ecn & ECN_DEMAND_CWR) == !ce)
        return;
    if (conn->ack_pending & ACK_TIMER)
        tcp_send_ack(conn);
    conn->ack_pending |= ACK_NOW;
    conn->ecn ^= ECN_DEMAND_CWR;
}

static void got_ce(struct tcp_conn *conn)
{
    if (conn->ecn & ECN_CLASSIC && !(conn->ecn & ECN_DEMAND_CWR)) {
        tcp_enter_quickack(conn, 2); /* the sender's window may be small */
        conn->ecn |= ECN_DEMAND_CWR;
    }
}

static void check_field(struct tcp_conn *conn, unsigned field)
{
    if (conn->cc.ops->needs_ecn && conn->ecn & ECN_CLASSIC && field)
        follow_marks(conn, field == ECN_CE);
    if (field == 0) {
        /* Not ECN-capable though others were: probably a retransmission. */
        if (conn->ecn & ECN_SEEN && conn->ecn & (ECN_CLASSIC | ECN_ACCURATE))
            tcp_enter_quickack(conn, 2);
        return;
    }
    if (conn->cc.ops->needs_ecn)
        tcp_cc_event(conn, field == ECN_CE ? CC_ECN_IS_CE : CC_ECN_NO_CE);
    else if (field == ECN_CE)
        got_ce(conn);
    conn->ecn |= ECN_SEEN;
}

/* An acceptable ACK.  RFC 3168 6.1.2 has CWR on new data only; as Linux we believe a pure ACK, too,
 * as some stacks send it there. */
void tcp_ecn_cwr(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    if (!(conn->ecn & ECN_CLASSIC) || !(rx->flags & TH_CWR) || conn->cc.ops->needs_ecn)
        return;
    conn->ecn &= (uint8_t)~ECN_DEMAND_CWR;
    if (rx->seq != rx->end_seq)
        conn->ack_pending |= ACK_NOW; /* the sender's window may be one segment now */
}

/* Of new data.  As in Linux, it counts as seen whether or not ECN was agreed to. */
void tcp_ecn_data_slow(struct tcp_conn *conn, unsigned field)
{
    check_field(conn, field);
}

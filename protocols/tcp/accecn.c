/* Accurate ECN (RFC 9768): both ends count the packets that arrived with CE, and the bytes that
 * arrived with each mark, and tell each other.
 *
 * The packets' count travels in the three flags AE, CWR, ECE (the ACE field) modulo 8 and begins
 * at 5; the bytes' counts travel in an option whenever there is room, the one that changed last
 * decides how many of them must fit.  A sender takes the smallest increase that agrees with the
 * field, or the largest if ACKs cover so much that it may have wrapped.
 *
 * What goes wrong is remembered: marks or options that the path removes are not sent any more. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"

enum { ACE_INIT = 5, ACE_MASK = 7 };
enum { EWMA_SHIFT = 6, ACK_COMPRESSED = 4, OPTION_MAX = 11, FIELD = 3 };

/* struct tcp_accecn.fail */
enum {
    FAIL_ACE = 1,         /* the peer's feedback is not to be trusted: send no ECT */
    FAIL_OPTION_SENT = 2, /* options that we sent did not arrive */
    FAIL_OPTION_GOT = 4,  /* options that we got are nonsense */
};

/* The handshake's code for the ECN field with which a SYN or SYN-ACK arrived (table 2). */
static unsigned reflection(unsigned field)
{
    static const uint8_t codes[] = { [0] = 2, [ECT_1] = 3, [ECT_0] = 4, [ECN_CE] = 6 };
    return codes[field & ECN_MASK];
}

static uint16_t ace_flags(unsigned ace)
{
    return (uint16_t)((ace & 4 ? TH_AE : 0) | (ace & 2 ? TH_CWR : 0) | (ace & 1 ? TH_ECE : 0));
}

uint16_t tcp_accecn_reflect(unsigned field)
{
    return ace_flags(reflection(field));
}

static struct tcp_accecn *make(struct tcp_conn *conn)
{
    struct tcp_accecn *a = &tcp_extra(conn)->accecn;

    *a = (struct tcp_accecn){ 0 };
    conn->ecn = ECN_ACCURATE;
    return a;
}

/* The field of the option for an ECN field: in the order in which they are sent, from 1. */
static uint8_t field_place(unsigned field)
{
    static const uint8_t places[] = { [0] = 0, [ECT_1] = 1, [ECN_CE] = 2, [ECT_0] = 3 };
    return places[field & ECN_MASK];
}

static void see_option(struct tcp_accecn *a, const struct tcp_rx *rx)
{
    a->saw_option |= rx->accecn_option; /* one without fields shows, too, that they get through */
    if (rx->accecn_fields == 0 || a->saw_counters)
        return;
    a->saw_counters = true;
    /* The first counter never begins at zero: somebody wiped it. */
    if ((rx->accecn_reverse ? rx->accecn[ECT_1 - 1] : rx->accecn[ECT_0 - 1]) == 0)
        a->fail |= FAIL_OPTION_GOT;
}

/* RFC 9768 3.2.2.3: no path makes an ECN field that is ECN-capable, but for CE, of another one. */
static bool mangled(const struct tcp_conn *conn, unsigned ace, unsigned sent)
{
    if (!conn->entry.stack->sysctl->ecn_fallback || ace == reflection(sent))
        return false;
    return sent == 0 || ace != reflection(ECN_CE);
}

/* ---- Opening -------------------------------------------------------------------------------- */

/* A SYN-ACK with CE. */
static void count_syn_ack(const struct tcp_conn *conn, struct tcp_accecn *a, unsigned ace)
{
    const struct cc_ops *cc = conn->cc.ops;
    unsigned sent = cc->needs_ecn && !cc->l4s ? ECT_0 : 0; /* as the SYN was */

    if (ace != ACE_INIT && mangled(conn, ace, sent)) /* 5: nothing is known of it */
        a->fail |= FAIL_ACE;
    else
        a->received_ce = 1;
}

void tcp_accecn_open(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_accecn *a = make(conn);

    a->syn_ect = tcp_rx_ecn(rx);
    see_option(a, rx);
    if (!(rx->flags & TH_ACK)) { /* a SYN that crossed ours: its mark is reflected only */
        a->last_field = a->syn_ect;
        return;
    }
    a->demand = 2;
    if (a->syn_ect == ECN_CE)
        count_syn_ack(conn, a, tcp_rx_ace(rx));
}

/* What the ACK of the handshake says of our SYN-ACK, which was not ECN-capable. */
static void third_ack(struct tcp_conn *conn, struct tcp_accecn *a, const struct tcp_rx *rx)
{
    unsigned ace = tcp_rx_ace(rx);

    if (ace == 0) { /* bleached */
        a->fail |= FAIL_ACE;
        return;
    }
    if (ace == 1 || ace == 5 || ace == 7 || rx->seq != rx->end_seq || rx->sack_count)
        return; /* unused codes (table 4); or it is data, and counts already */
    if (mangled(conn, ace, 0))
        a->fail |= FAIL_ACE;
    else if (ace == reflection(ECN_CE))
        conn->delivered_ce++;
}

void tcp_accecn_open_child(struct tcp_conn *conn, const struct tcp_request *req,
                           const struct tcp_rx *rx)
{
    struct tcp_accecn *a = make(conn);

    a->syn_ect = a->last_field = req->syn_ect;
    a->demand = 1;
    if (req->ecn_bleached)
        a->fail |= FAIL_ACE;
    third_ack(conn, a, rx);
    see_option(a, rx);
    if (rx->flags & TH_SYN) /* of Fast Open, with data */
        tcp_accecn_received(conn, rx);
}

void tcp_accecn_distrust(struct tcp_conn *conn)
{
    conn->extra->accecn.fail |= FAIL_ACE;
}

/* ---- Sending -------------------------------------------------------------------------------- */

void tcp_accecn_send(struct tcp_conn *conn, struct tcp_tx *tx)
{
    struct tcp_accecn *a = &conn->extra->accecn;

    if (!(a->fail & FAIL_ACE))
        tx->ecn = conn->cc.ops->l4s ? ECT_1 : ECT_0; /* RFC 9331 4.1 */
    if (a->reflecting)
        tx->flags |= tcp_accecn_reflect(a->syn_ect);
    else
        tx->flags |= ace_flags(ACE_INIT + a->received_ce);
}

static bool sends_option(const struct tcp_conn *conn, const struct tcp_accecn *a)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;

    if (sysctl->ecn_option == 0 || !a->saw_option || a->fail & FAIL_OPTION_SENT)
        return false;
    if (sysctl->ecn_option >= 2 || a->demand > 0)
        return true;
    /* Sparingly: some times in a round trip. */
    return (uint64_t)((uint32_t)conn->mstamp - a->option_us) * sysctl->ecn_option_beacon >=
           conn->srtt_us >> 3;
}

/* Bytes of an option with `fields` fields; those before a SACK option may use its NOPs. */
uint32_t tcp_accecn_bytes(uint32_t fields, bool sacks)
{
    uint32_t size = 2 + FIELD * fields;
    return (size & 3) > (sacks ? 2 : 0) ? (size + 3) & ~3u : size & ~3u;
}

/* Decides how many fields go beside timestamps and *sacks blocks, of which one may have to give
 * way; none may go instead of a SACK option's NOPs.  -1: no option. */
static int choose(const struct tcp_conn *conn, const struct tcp_accecn *a, uint8_t *sacks)
{
    uint32_t room = TCPHDR_OPTIONS_MAX - (conn->opt.tstamp_ok ? 12 : 0);

    if (!sends_option(conn, a))
        return -1;
    for (uint32_t blocks = *sacks;; blocks--) {
        uint32_t left = room - (blocks ? 4 + 8 * blocks : 0);
        for (int n = 3; n >= a->minlen; n--) {
            if (tcp_accecn_bytes((uint32_t)n, blocks > 0) > left)
                continue;
            *sacks = (uint8_t)blocks;
            return n;
        }
        if (a->minlen == 0 || blocks <= 2)
            return -1;
    }
}

uint32_t tcp_accecn_fit(const struct tcp_conn *conn, uint8_t *sacks)
{
    int n = choose(conn, &conn->extra->accecn, sacks);
    return n < 0 ? 0 : tcp_accecn_bytes((uint32_t)n, *sacks > 0);
}

/* Puts the option into a segment whose SACK blocks are chosen. */
void tcp_accecn_put(struct tcp_conn *conn, struct tcp_tx *tx)
{
    struct tcp_accecn *a = &conn->extra->accecn;

    int n = choose(conn, a, &tx->sack_count);
    if (n < 0)
        return;
    tx->accecn_option = true;
    tx->accecn_fields = (uint8_t)n;
    tx->e1b = 1 + a->received_bytes[ECT_1 - 1];
    tx->ceb = a->received_bytes[ECN_CE - 1];
    tx->e0b = 1 + a->received_bytes[ECT_0 - 1];
    a->minlen = 0;
    a->demand -= a->demand > 0;
    a->option_us = (uint32_t)conn->mstamp;
}

/* ---- Counting what arrives ------------------------------------------------------------------ */

static void count(struct tcp_conn *conn, struct tcp_accecn *a, unsigned field, uint32_t length)
{
    uint32_t *bytes = &a->received_bytes[field - 1], before = *bytes;

    conn->ecn |= ECN_SEEN;
    a->received_ce += field == ECN_CE;
    if (length == 0)
        return;
    *bytes += length;
    a->minlen = MAX(a->minlen, field_place(field));
    if ((*bytes ^ before) >> 22 && a->demand == 0) /* well before the 24 bits of the option wrap */
        a->demand = 1;
}

void tcp_accecn_received(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_accecn *a = &conn->extra->accecn;
    unsigned field = tcp_rx_ecn(rx);

    if (field != 0)
        count(conn, a, field, rx->length);
    if (field != a->last_field) /* told at once (RFC 9768 3.2.2.5.1, 3.2.3.3) */
        conn->ack_pending |= ACK_NOW;
    if (field != a->last_field || field == ECN_CE)
        a->demand = 2; /* should the first of them be lost */
    a->last_field = (uint8_t)field;
}

/* The same data came again: if it did after an ACK with the option and a D-SACK, such ACKs do not
 * arrive. */
void tcp_accecn_duplicate(struct tcp_conn *conn, uint32_t seq)
{
    struct tcp_accecn *a = &conn->extra->accecn;

    if (a->dsack_sent && seq == conn->extra->trouble.duplicate_sack.start_seq)
        a->fail |= FAIL_OPTION_SENT;
    a->dsack_sent = sends_option(conn, a);
}

/* ---- What ACKs tell ------------------------------------------------------------------------- */

/* An ACK without the option: the counter that grew last is taken to have grown, as in Linux.  The
 * next option corrects it. */
static int64_t guess_bytes(struct tcp_accecn *a, uint32_t bytes)
{
    if (a->growing == 0)
        return -1;
    a->delivered_bytes[a->growing - 1] += bytes;
    return a->growing == ECN_CE ? bytes : 0;
}

/* Takes the counters of the option over; the increase of bytes with CE, or -1 if it is not known
 * reliably. */
static int64_t take_option(struct tcp_accecn *a, const struct tcp_rx *rx, uint32_t bytes)
{
    static const uint8_t order[2][3] = { { ECT_0, ECN_CE, ECT_1 }, { ECT_1, ECN_CE, ECT_0 } };
    uint32_t ce = a->delivered_bytes[ECN_CE - 1];
    unsigned grew = a->growing, others = 0;
    bool back = false;

    if (a->fail & FAIL_OPTION_GOT)
        return -1;
    if (!rx->accecn_option)
        return guess_bytes(a, bytes);
    for (int i = 0; i < rx->accecn_fields; i++) {
        unsigned field = order[rx->accecn_reverse][i];
        uint32_t value = rx->accecn[field - 1] - (field == ECN_CE ? 0 : 1);
        uint32_t delta = (value - a->delivered_bytes[field - 1]) & 0xffffff;
        if (delta & 0x800000) { /* it went back: too much was guessed */
            delta |= 0xff000000;
            back = true;
        }
        a->delivered_bytes[field - 1] += delta;
        if (delta == 0 || field == grew)
            continue;
        if (others++ == 0)
            a->growing = (uint8_t)field;
    }
    if (back || others > 1)
        a->growing = 0;
    if (grew == 0 || back || others > 1)
        return -1;
    return a->delivered_bytes[ECN_CE - 1] - ce;
}

static void average(struct tcp_accecn *a, uint32_t packets)
{
    uint32_t ewma = a->acked_ewma;

    if (packets == 0)
        return;
    ewma = ewma ? ((ewma << EWMA_SHIFT) - ewma + (packets << EWMA_SHIFT)) >> EWMA_SHIFT
                : packets << EWMA_SHIFT;
    a->acked_ewma = (uint16_t)min_u32(ewma, UINT16_MAX);
}

/* Packets newly known to have been marked; `packets` and `bytes` were newly delivered. */
static uint32_t increase(struct tcp_conn *conn, struct tcp_accecn *a, const struct tcp_rx *rx,
                         uint32_t packets, uint32_t bytes)
{
    int64_t ceb = take_option(a, rx, bytes);
    uint32_t delta = (tcp_rx_ace(rx) - ACE_INIT - conn->delivered_ce) & ACE_MASK;
    uint32_t mss = conn->mss_cache, most;

    average(a, packets);
    if (packets <= ACE_MASK || a->acked_ewma > ACK_COMPRESSED << EWMA_SHIFT)
        return delta; /* it cannot have wrapped, or ACKs are thinned on the way */
    most = packets - ((packets - delta) & ACE_MASK);
    if (ceb < 0)
        return most;
    if (ceb == 0)
        return delta;
    if (packets >= 2 * (ACE_MASK + 1) && bytes > 0) {
        if (bytes <= (uint64_t)ceb)
            return most;
        uint64_t guess = ((uint64_t)ceb * packets + bytes - 1) / bytes;
        return min_u32(most, delta + ((uint32_t)guess & ~(uint32_t)ACE_MASK));
    }
    if (ceb > (int64_t)delta * mss)
        return most;
    return ceb < (int64_t)most * mss / 2 ? delta : most;
}

void tcp_accecn_ack(struct tcp_conn *conn, const struct tcp_rx *rx, struct tcp_ack_work *work)
{
    struct tcp_accecn *a = &conn->extra->accecn;
    uint32_t packets = (uint32_t)(conn->cc.delivered - work->prior_cc_delivered);

    if (!(work->flags & (ACKF_FORWARD_PROGRESS | ACKF_TS_PROGRESS)))
        return; /* it may be an old one */
    see_option(a, rx);
    uint32_t delta =
        work->flags & ACKF_SYN_ACKED ? 0 : increase(conn, a, rx, packets, work->delivered_bytes);
    if (delta > 0) {
        conn->delivered_ce += delta;
        work->marked = delta;
        work->flags |= ACKF_ECE;
    }
}

/* SYN cookies (Bernstein, Schenk 1996; RFC 4987 3.6): a handshake of which the server remembers
 * nothing.
 *
 * A SYN costs its sender one packet and the server a struct tcp_request for a minute; whoever sends
 * SYNs in the name of others and never answers fills the SYN queue of a listener, and then nobody
 * gets in.  With cookies (net.ipv4.tcp_syncookies 1) a full queue turns no SYN away: the SYN-ACK
 * goes out and is forgotten, and what is needed to build the connection later stands in its
 * sequence number, which an honest client sends back, plus one.  2: no SYN is queued at all.
 *
 * The number is the sum, modulo 2^32, of
 *
 *     H(addresses, ports)               hides the rest
 *     the SYN's sequence number         which the ACK carries, too, minus one
 *     minute << 24                      the cookie's age, modulo 256 minutes
 *     (H'(addresses, ports, minute) + i) modulo 2^24
 *
 * where i is an index into a table of four segment sizes, one table for each version of IP: the
 * largest that is not above the client's.  An ACK is believed if its minute is this or the one
 * before and i is 0 to 3, so that one guess in 2^29 succeeds; and not at all if the listener has
 * sent no cookie in the two minutes before.  H and H' are keyed by the stack's key, which comes
 * from the simulation's seed.
 *
 * The rest of what a SYN says does not fit.  If it has a timestamp, the SYN-ACK's own timestamp is
 * moved into the past, by 63 ms at most, until its low six bits say it:
 *
 *     bits 0 to 3    the client's window scale; 15: it does not scale
 *     bit 4          SACK is permitted
 *     bit 5          ECN was agreed to
 *
 * The ACK echoes that.  A SYN without a timestamp gets a SYN-ACK without window scale, SACK and
 * ECN, so that both ends agree that there is none.
 *
 * What is lost: the SYN-ACK is never repeated, and if the ACK gets lost and it is the server who
 * speaks first, both wait for ever; Fast Open and TCP_DEFER_ACCEPT have no place; the first
 * round-trip time comes from the moved timestamp, and is up to 63 ms too long. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/table.h"
#include "sim/hash.h"

enum {
    COOKIE_BITS = 24,
    COOKIE_MASK = (1 << COOKIE_BITS) - 1,
    PERIOD_S = 60,
    PERIODS = 2, /* that a cookie lives at most */
};

enum { OPTION_BITS = 6, NO_WSCALE = 15, WSCALE_MASK = 15, SACK_BIT = 16, ECN_BIT = 32 };

enum { SIZES = 4 };

/* Linux's table for the version of IP that is on the wire.  IPv4: the default, PPPoE with options
 * or tunnels, PPPoE's own, Ethernet.  IPv6: MTUs of 1280 (its least), 1480, 1500 and 9000, without
 * 60 of headers. */
static const uint16_t *sizes_of(const struct tcp_stack *stack, const struct tcp_key *key)
{
    static const uint16_t v4[SIZES] = { TCP_DEFAULT_MSS, 1300, 1440, 1460 };
    static const uint16_t v6[SIZES] = { 1220, 1420, 1440, 8940 };
    struct ip_addr remote = tcp_outside(stack, &key->remote);

    return ip_addr_is_v4(&remote) ? v4 : v6;
}

/* ---- The sequence number -------------------------------------------------------------------- */

static uint32_t minute(const struct tcp_stack *stack)
{
    return (uint32_t)(stack->sim->now / (PERIOD_S * SIM_S));
}

static uint32_t cookie_hash(const struct tcp_stack *stack, const struct tcp_key *key,
                            uint64_t purpose, uint32_t count)
{
    uint64_t hash = hash_bytes(key, sizeof *key, stack->key ^ purpose);
    return (uint32_t)hash_combine(hash, count);
}

static uint32_t mask_of(const struct tcp_stack *stack, const struct tcp_key *key)
{
    return cookie_hash(stack, key, 0x6d61736b, 0);
}

static uint32_t seal_of(const struct tcp_stack *stack, const struct tcp_key *key, uint32_t count)
{
    return cookie_hash(stack, key, 0x7365616c, count);
}

/* The initial number of the SYN-ACK for a SYN of number `seq`; *mss becomes what the cookie says.
 */
uint32_t tcp_syncookie_make(const struct tcp_stack *stack, const struct tcp_key *key, uint32_t seq,
                            uint16_t *mss)
{
    const uint16_t *sizes = sizes_of(stack, key);
    uint32_t count = minute(stack), i = SIZES - 1;

    while (i > 0 && sizes[i] > *mss)
        i--;
    *mss = sizes[i];
    return mask_of(stack, key) + seq + (count << COOKIE_BITS) +
           ((seal_of(stack, key, count) + i) & COOKIE_MASK);
}

/* What the cookie says about the client's segment size; 0: it is none of ours, or too old. */
uint16_t tcp_syncookie_mss(const struct tcp_stack *stack, const struct tcp_key *key, uint32_t seq,
                           uint32_t cookie)
{
    uint32_t count = minute(stack);

    cookie -= mask_of(stack, key) + seq;
    uint32_t age = (count - (cookie >> COOKIE_BITS)) & 0xff;
    if (age >= PERIODS)
        return 0;
    uint32_t i = (cookie - seal_of(stack, key, count - age)) & COOKIE_MASK;
    return i < SIZES ? sizes_of(stack, key)[i] : 0;
}

/* ---- Whether there are any ------------------------------------------------------------------ */

static void count_sent(struct tcp_listener *l)
{
    l->cookie_stamp_s = tcp_clock_s(l->stack->sim);
    l->stack->counters->SyncookiesSent++;
}

/* Nobody can have a valid cookie of a listener that sent none of late. */
static bool cookie_expected(const struct tcp_listener *l)
{
    uint32_t age = tcp_clock_s(l->stack->sim) - l->cookie_stamp_s;

    return l->stack->sysctl->syncookies && l->cookie_stamp_s && age <= PERIODS * PERIOD_S;
}

/* ---- The timestamp -------------------------------------------------------------------------- */

/* The time that the SYN-ACK's timestamp tells, ms: not later than now. */
uint32_t tcp_syncookie_timestamp(const struct tcp_request *req)
{
    const struct tcp_options *opt = &req->opt;
    uint32_t now = tcp_clock_ms(req->entry.stack->sim);
    uint32_t bits = opt->wscale_ok ? opt->snd_wscale : NO_WSCALE;

    if (opt->sack_ok)
        bits |= SACK_BIT;
    if (req->ecn)
        bits |= ECN_BIT;
    uint32_t stamp = (now >> OPTION_BITS << OPTION_BITS) + bits;
    return stamp > now ? stamp - (1u << OPTION_BITS) : stamp;
}

/* Reads what was agreed to out of the echo, opt->rcv_tsecr; without a timestamp it was nothing.
 * False: it cannot be from us, as we would not have agreed to that. */
bool tcp_syncookie_options(const struct tcp_sysctl *sysctl, struct tcp_options *opt, bool *ecn)
{
    uint32_t bits = opt->rcv_tsecr;

    if (!opt->saw_tstamp)
        return true;
    opt->sack_ok = (bits & SACK_BIT) != 0;
    *ecn = bits & ECN_BIT && sysctl->ecn;
    if ((bits & WSCALE_MASK) != NO_WSCALE) {
        opt->wscale_ok = true;
        opt->snd_wscale = bits & WSCALE_MASK;
    }
    return (sysctl->sack || !opt->sack_ok) && (sysctl->window_scaling || !opt->wscale_ok);
}

/* ---- The SYN that gets one, and the ACK that brings it back --------------------------------- */

void tcp_syncookie_answer(struct tcp_request *req)
{
    count_sent(req->listener);
    req->entry.iss =
        tcp_syncookie_make(req->entry.stack, &req->entry.key, req->irs, &req->opt.mss_clamp);
    request_send_cookie(req);
    request_free(req);
}

/* What was agreed to, out of the ACK; `opt` begins with nothing.  False: it is no answer to a
 * cookie. */
static bool read_cookie(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key,
                        struct tcp_options *opt, bool *ecn)
{
    struct tcp_stack *stack = l->stack;
    struct tcp_options said;

    opt->mss_clamp = tcp_syncookie_mss(stack, key, rx->seq - 1, rx->ack - 1);
    if (opt->mss_clamp == 0) {
        stack->counters->SyncookiesFailed++;
        return false;
    }
    stack->counters->SyncookiesRecv++;
    tcp_options_syn(rx, stack->sysctl, &said);
    opt->saw_tstamp = opt->tstamp_ok = said.saw_tstamp;
    opt->ts_recent = opt->rcv_tsval = said.rcv_tsval;
    if (said.rcv_tsecr)
        opt->rcv_tsecr = said.rcv_tsecr - tcp_timestamp_offset(stack, key);
    return tcp_syncookie_options(stack->sysctl, opt, ecn);
}

/* The request that was not kept becomes a connection.  Somebody may be there already, if the same
 * SYN was queued when it came again. */
static void establish_cookie(struct tcp_request *req, struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;
    struct tcp_key *key = &req->entry.key;

    if (listener_full(req->listener)) {
        listener_overflow(req->listener);
        request_free(req);
    } else if (table_find(stack->table, key, table_hash(stack, key))) {
        stack->counters->PassiveOpens++; /* Linux makes the connection before it finds out */
        request_free(req);
    } else {
        request_establish(req, rx);
    }
}

bool tcp_syncookie_ack(struct tcp_listener *l, struct tcp_rx *rx, const struct tcp_key *key)
{
    struct tcp_options opt = { 0 };
    struct tcp_request *req;
    bool ecn = false;

    if (rx->flags & TH_SYN || !cookie_expected(l) || !read_cookie(l, rx, key, &opt, &ecn))
        return false;
    req = request_new(l, key);
    if (!req)
        return true;
    req->opt = opt;
    if (opt.saw_tstamp && opt.rcv_tsecr)
        req->tsoffset = tcp_timestamp_offset(l->stack, key);
    req->irs = rx->seq - 1;
    req->syn_tos = tcp_rx_dscp(rx);
    req->entry.iss = rx->ack - 1;
    if (ecn) /* the ACK of an accurate client reflects the SYN-ACK's field (RFC 9768 3.2.2.1) */
        req->ecn = tcp_rx_ace(rx) > 1 ? ECN_ACCURATE : ECN_CLASSIC;
    request_choose_window(req, opt.mss_clamp);
    establish_cookie(req, rx);
    return true;
}

/* TCP Fast Open (RFC 7413): data in the SYN.
 *
 * A server gives each client a cookie, a keyed hash of both addresses, in a SYN-ACK; a client that
 * shows it in a later SYN may put data there, which the server takes at once: the connection exists
 * before its handshake is complete, and answers.  A client remembers cookies, and the segment size
 * that came with them, by address.  What the server does not acknowledge of the data is sent again
 * after the handshake; a SYN that is repeated is a plain one.
 *
 * net.ipv4.tcp_fastopen: 1 client, 2 server, 4 data without cookie, 0x200 the server needs none,
 * 0x400 all listeners do it.  The experimental option (254, RFC 6994) is understood, too. */
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"
#include "protocols/tcp/timers.h"
#include "sim/hash.h"

enum { EXPERIMENT = 254, MAGIC = 0xf989, COOKIE_LEN = 8 };
enum { CLIENT = 1, SERVER = 2, CLIENT_NO_COOKIE = 4, SERVER_NO_COOKIE = 0x200, ALL = 0x400 };

/* ---- Cookies -------------------------------------------------------------------------------- */

static uint64_t rotate(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static uint64_t load_le(const uint8_t *p, int n)
{
    uint64_t v = 0;

    while (n-- > 0)
        v = v << 8 | p[n];
    return v;
}

/* SipHash-2-4 (Aumasson, Bernstein, 2012). */
uint64_t tcp_siphash(const uint8_t key[16], const uint8_t *bytes, uint32_t length)
{
    uint64_t k0 = load_le(key, 8), k1 = load_le(key + 8, 8);
    uint64_t v[4] = { k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                      k1 ^ 0x7465646279746573u };
    uint64_t last = (uint64_t)length << 56 | load_le(bytes + (length & ~7u), length & 7);

    for (uint32_t i = 0; i < (length | 7) + 1; i += 8) {
        uint64_t m = i + 8 <= length ? load_le(bytes + i, 8) : last;
        v[3] ^= m;
        sip_round(v);
        sip_round(v);
        v[0] ^= m;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The key is the listener's, or the sysctl's; while nobody wrote that, it follows from the stack's
 * name. */
uint32_t tcp_fastopen_keys(const struct tcp_stack *stack, const struct tcp_config *config,
                           uint8_t *out)
{
    const uint32_t *words = stack->sysctl->fastopen_key;
    bool set = stack->sysctl->fastopen_key_set;

    if (config->fastopen_keys) {
        memcpy(out, config->fastopen_key, config->fastopen_keys * (size_t)TCP_FASTOPEN_KEY);
        return config->fastopen_keys * (uint32_t)TCP_FASTOPEN_KEY;
    }
    for (int i = 0; i < TCP_FASTOPEN_KEY; i++) {
        uint64_t own = hash_mix(stack->key + (uint64_t)(i / 8));
        out[i] = set ? (uint8_t)(words[i / 4] >> 8 * (i % 4)) : (uint8_t)(own >> 8 * (i % 8));
    }
    return TCP_FASTOPEN_KEY;
}

/* The cookie for a client: a hash of its address and ours. */
static void make_cookie(const uint8_t *secret, const struct tcp_key *key, struct tcp_cookie *cookie)
{
    uint8_t addresses[32];
    uint32_t n = ip_addr_is_v4(&key->remote) ? 4 : 16;

    memcpy(addresses, key->remote.b + 16 - n, n);
    memcpy(addresses + n, key->local.b + 16 - n, n);
    uint64_t hash = tcp_siphash(secret, addresses, 2 * n);
    cookie->len = COOKIE_LEN;
    for (int i = 0; i < COOKIE_LEN; i++)
        cookie->value[i] = (uint8_t)(hash >> 8 * i);
}

/* The option of a SYN; len -1: there is none. */
void tcp_fastopen_option(const struct tcp_rx *rx, struct tcp_cookie *cookie)
{
    struct tcphdr_item item;
    uint32_t length = rx->doff - (uint32_t)TCP_HEADER;

    *cookie = (struct tcp_cookie){ .len = -1 };
    for (uint32_t at = 0; tcphdr_option_next(rx->header + TCP_HEADER, length, &at, &item);) {
        uint32_t skip = 0, n;
        if (item.kind == TCPOPT_EOL)
            return;
        if (item.kind == EXPERIMENT && item.length >= 4 &&
            (item.value[0] << 8 | item.value[1]) == MAGIC)
            skip = 2;
        else if (item.kind != TCPOPT_TFO)
            continue;
        n = item.length - 2u - skip;
        if (n % 2 || n > TCPHDR_COOKIE_MAX || (n > 0 && n < TCPHDR_COOKIE_MIN))
            continue;
        cookie->len = (int8_t)n;
        cookie->exp = skip > 0;
        memcpy(cookie->value, item.value + skip, n);
    }
}

/* Bytes of the option, with NOPs. */
uint32_t tcp_cookie_bytes(const struct tcp_cookie *cookie)
{
    return cookie && cookie->len >= 0 ? ((uint32_t)cookie->len + (cookie->exp ? 4 : 2) + 3) & ~3u
                                      : 0;
}

void tcp_cookie_put(const struct tcp_cookie *cookie, uint8_t *p)
{
    uint32_t head = cookie->exp ? 4 : 2, n = head + (uint32_t)cookie->len;

    p[0] = cookie->exp ? EXPERIMENT : TCPOPT_TFO;
    p[1] = (uint8_t)n;
    if (cookie->exp) {
        p[2] = MAGIC >> 8;
        p[3] = MAGIC & 0xff;
    }
    memcpy(p + head, cookie->value, (size_t)cookie->len);
    for (; n & 3; n++)
        p[n] = TCPOPT_NOP;
}

/* ---- Server --------------------------------------------------------------------------------- */

/* Connections of this listener that wait for the end of their handshake, and those that would if
 * they had not been reset. */
static uint32_t pending(const struct tcp_listener *l)
{
    uint32_t n = l->fastopen_resets ? l->fastopen_resets->len : 0;

    list_for_each (it, &l->stack->table->conns) {
        const struct tcp_conn *conn = container_of(it, struct tcp_conn, all);
        n += conn->fastopen && !conn->ended && conn->entry.key.local_port == l->port;
    }
    return n;
}

/* One that the owner had already and that was reset may have been forged (RFC 7413 5.1): its place
 * stays taken for a minute. */
static void keep_place(const struct tcp_conn *conn)
{
    const struct tcp_key *key = &conn->entry.key;
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_listener *l = table_listener(stack->table, &key->local, key->local_port);
    sim_time until = stack->sim->now + 60 * SIM_S;

    if (!l || conn->queued)
        return;
    if (!l->fastopen_resets)
        l->fastopen_resets = g_array_new(FALSE, FALSE, sizeof until);
    g_array_append_val(l->fastopen_resets, until);
}

/* Whether one more may wait; a full queue gives up its oldest forged one. */
static bool has_place(struct tcp_listener *l, uint32_t most)
{
    GArray *resets = l->fastopen_resets;

    if (pending(l) < most)
        return true;
    if (!resets || resets->len == 0 || g_array_index(resets, sim_time, 0) > l->stack->sim->now)
        return false;
    g_array_remove_index(resets, 0);
    return true;
}

static bool is_cookie(const struct tcp_cookie *cookie, const struct tcp_cookie *good)
{
    return cookie->len == good->len && memcmp(cookie->value, good->value, COOKIE_LEN) == 0;
}

/* Connections that may begin with data, at most: TCP_FASTOPEN's number, or the backlog. */
static uint32_t most_pending(const struct tcp_listener *l)
{
    if (l->config->fastopen || !(l->stack->sysctl->fastopen & ALL))
        return l->config->fastopen;
    return l->backlog;
}

enum judgement { COOKIE_GOOD, COOKIE_OF_OLD_KEY, COOKIE_WRONG };

/* Judges the cookie of a SYN; `answer` becomes what the listener would give now. */
static enum judgement judge_cookie(const struct tcp_listener *l, const struct tcp_key *key,
                                   const struct tcp_cookie *cookie, struct tcp_cookie *answer)
{
    uint8_t keys[2 * TCP_FASTOPEN_KEY];
    bool two = tcp_fastopen_keys(l->stack, l->config, keys) > TCP_FASTOPEN_KEY;
    struct tcp_cookie old;

    make_cookie(keys, key, answer);
    answer->exp = cookie->exp;
    if (is_cookie(cookie, answer))
        return COOKIE_GOOD;
    if (!two)
        return COOKIE_WRONG;
    make_cookie(keys + TCP_FASTOPEN_KEY, key, &old);
    return is_cookie(cookie, &old) ? COOKIE_OF_OLD_KEY : COOKIE_WRONG;
}

/* Whether the SYN's data may be taken, Fast Open being on.  `cookie` as below. */
static bool take_cookie(const struct tcp_listener *l, const struct tcp_key *key,
                        struct tcp_cookie *cookie)
{
    struct tcp_counters *counters = l->stack->counters;
    struct tcp_cookie answer;
    enum judgement judgement = judge_cookie(l, key, cookie, &answer);

    if (l->stack->sysctl->fastopen & SERVER_NO_COOKIE || judgement == COOKIE_GOOD) {
        cookie->len = -1;
        return true;
    }
    if (judgement == COOKIE_OF_OLD_KEY)
        counters->TCPFastOpenPassiveAltKey++; /* still good, but here is the new one */
    else if (cookie->len > 0)
        counters->TCPFastOpenPassiveFail++;
    if (cookie->len >= 0)
        *cookie = answer;
    return judgement == COOKIE_OF_OLD_KEY;
}

/* Whether the SYN's data may be taken.  `cookie` is the SYN's option, and then the answer's. */
bool tcp_fastopen_accepts(struct tcp_request *req, const struct tcp_rx *rx,
                          struct tcp_cookie *cookie)
{
    struct tcp_listener *l = req->listener;
    struct tcp_counters *counters = l->stack->counters;
    bool wanted = rx->length > 0 || cookie->len >= 0;
    uint32_t most = most_pending(l);

    if (cookie->len == 0)
        counters->TCPFastOpenCookieReqd++;
    if (wanted && l->stack->sysctl->fastopen & SERVER && most > 0) {
        if (has_place(l, most))
            return take_cookie(l, &req->entry.key, cookie);
        counters->TCPFastOpenListenOverflow++;
    }
    cookie->len = -1;
    return false;
}

/* The SYN-ACK of a connection that began with data, for the first time and again. */
static void send_syn_ack(struct tcp_conn *conn)
{
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;

    if (f->sent++ > 0)
        conn->synack_sent_us = 0; /* Karn */
    tcp_send_syn_ack(conn, f->sent);
}

void tcp_fastopen_open_child(struct tcp_conn *conn, const struct tcp_rx *rx,
                             const struct tcp_cookie *answer)
{
    struct tcp_rx data = *rx;

    conn->fastopen = true;
    conn->entry.stack->counters->TCPFastOpenPassive++;
    data.seq++;
    data.flags &= (uint16_t)~TH_SYN;
    conn->stats.data_segs_in += rx->length > 0;
    tcp_queue_syn_data(conn, &data);
    conn->rcv_wup = conn->rcv_nxt;
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;
    f->child = true;
    f->irs = rx->seq;
    f->rcv_nxt = conn->rcv_nxt;
    f->rcv_wnd = (uint16_t)min_u32(conn->rcv_wnd, 65535);
    f->ts_recent = conn->opt.ts_recent;
    f->cookie = *answer;
    conn->synack_sent_us = max_u32((uint32_t)conn->mstamp, 1);
    send_syn_ack(conn);
    tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, TCP_RTO_INIT_US);
}

/* The time-out of the SYN-ACK; nothing else is sent again before it is acknowledged. */
void tcp_fastopen_timeout(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;
    uint32_t most = tcp_or(conn->config->syncnt, stack->sysctl->synack_retries + 1);

    stack->counters->TCPTimeouts++;
    if (f->timeouts >= most) {
        tcp_write_error(conn);
        return;
    }
    if (conn->retransmits == 1)
        tcp_enter_loss(conn);
    stack->counters->RetransSegs++;
    stack->counters->TCPSynRetrans++;
    tcp_trouble(conn)->total_retrans++;
    tcp_count_timeout(conn);
    f->timeouts++;
    if (conn->retrans_stamp_ms == 0)
        conn->retrans_stamp_ms = tcp_now_ms(conn);
    send_syn_ack(conn);
    tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, (uint64_t)TCP_RTO_INIT_US << f->timeouts);
}

/* What a request would send. */
static void send_request_ack(struct tcp_conn *conn)
{
    const struct tcp_fastopen *f = &conn->extra->fastopen;
    struct tcp_tx tx = { .seq = conn->snd_nxt,
                         .ack = f->rcv_nxt,
                         .flags = TH_ACK,
                         .window = (uint16_t)(f->rcv_wnd >> conn->opt.rcv_wscale),
                         .timestamps = conn->opt.tstamp_ok,
                         .tsval = tcp_timestamp(conn),
                         .tsecr = f->ts_recent };

    tcp_send_alone(&conn->entry, &tx, conn->config->tos, conn->config->flow);
}

/* Out of window or out of time: answered as by a request, which knows what the SYN said only. */
static void unacceptable(struct tcp_conn *conn, const struct tcp_rx *rx, bool old)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (!(rx->flags & TH_RST) &&
        !tcp_segment_limited(conn->entry.stack, rx, &conn->extra->fastopen.last_oow_ms,
                             &counters->TCPACKSkippedSynRecv))
        send_request_ack(conn);
    counters->PAWSEstab += old;
}

static void syn_again(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (tcp_oow_limited(stack, &conn->extra->fastopen.last_oow_ms,
                        &stack->counters->TCPACKSkippedSynRecv))
        return;
    stack->counters->RetransSegs++;
    stack->counters->TCPSynRetrans++;
    tcp_trouble(conn)->total_retrans++;
    send_syn_ack(conn);
}

/* RFC 5961 3.2 */
static void reset_arrived(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (rx->seq == conn->extra->fastopen.rcv_nxt) {
        counters->AttemptFails++;
        keep_place(conn);
        tcp_got_reset(conn);
    } else if (!tcp_oow_limited(conn->entry.stack, &conn->extra->fastopen.last_oow_ms,
                                &counters->TCPACKSkippedChallenge)) {
        counters->TCPChallengeACK++;
        send_request_ack(conn);
    }
}

/* A segment for a connection whose SYN-ACK is not acknowledged: it is looked at as one for a
 * request first (Linux's tcp_check_req).  A wrong SYN is reset, but does no harm.  False: it is
 * dealt with.
 */
bool tcp_fastopen_input(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    const struct tcp_fastopen *f = &conn->extra->fastopen;
    unsigned flags = rx->flags & (TH_SYN | TH_ACK | TH_RST);
    bool old =
        conn->opt.saw_tstamp && f->ts_recent && (int32_t)(f->ts_recent - conn->opt.rcv_tsval) > 0;

    if (rx->seq == f->irs && flags == TH_SYN && !old) {
        syn_again(conn);
        return false;
    }
    if (old || !tcp_in_window(rx, f->rcv_nxt, f->rcv_nxt + f->rcv_wnd)) {
        unacceptable(conn, rx, old);
        return false;
    }
    if (flags & TH_RST) {
        reset_arrived(conn, rx);
        return false;
    }
    if (flags & TH_SYN && rx->seq != f->irs) {
        conn->entry.stack->counters->AttemptFails++;
        tcp_reset_for(conn->entry.stack, rx);
        return false;
    }
    return (flags & TH_ACK) != 0;
}

/* ---- Client --------------------------------------------------------------------------------- */

/* What is known of a server. */
struct tcp_known {
    struct ip_addr remote;
    struct tcp_cookie cookie;
    uint16_t mss;
    uint8_t try_exp; /* the experimental option is to be tried: 1; 2: it was, in vain */
};

static struct tcp_known *known(const struct tcp_stack *stack, const struct ip_addr *remote)
{
    GArray *all = stack->table ? stack->table->fastopen : NULL;

    for (guint i = 0; all && i < all->len; i++) {
        struct tcp_known *k = &g_array_index(all, struct tcp_known, i);
        if (ip_addr_equal(&k->remote, remote))
            return k;
    }
    return NULL;
}

static struct tcp_known *remember(struct tcp_stack *stack, const struct ip_addr *remote)
{
    struct tcp_known *k = known(stack, remote), fresh = { .remote = *remote };
    GArray **all = &stack->table->fastopen;

    if (k)
        return k;
    if (!*all)
        *all = g_array_new(FALSE, FALSE, sizeof(struct tcp_known));
    g_array_append_val(*all, fresh);
    return &g_array_index(*all, struct tcp_known, (*all)->len - 1);
}

bool tcp_fastopen_has_cookie(const struct tcp_stack *stack, const struct ip_addr *remote)
{
    const struct tcp_known *k = known(stack, remote);

    return (stack->sysctl->fastopen & (CLIENT | CLIENT_NO_COOKIE)) == (CLIENT | CLIENT_NO_COOKIE) ||
           (stack->sysctl->fastopen & CLIENT && k && k->cookie.len > 0);
}

/* The segment size that the server offered before, or else what is offered to it. */
static uint16_t known_mss(const struct tcp_conn *conn)
{
    const struct tcp_known *k = known(conn->entry.stack, &conn->entry.key.remote);
    return k && k->mss ? k->mss : conn->advmss;
}

/* Chooses the option of the SYN; the segment size for its data, 0: none may be sent. */
static uint32_t choose_cookie(struct tcp_conn *conn, struct tcp_fastopen *f)
{
    struct tcp_stack *stack = conn->entry.stack;
    const struct tcp_known *k = known(stack, &conn->entry.key.remote);
    uint32_t mss = known_mss(conn);

    f->asked = true;
    f->cookie = (struct tcp_cookie){ .len = 0 };
    if (stack->sysctl->fastopen & CLIENT_NO_COOKIE) {
        f->cookie.len = -1;
        return mss;
    }
    if (k)
        f->cookie = k->cookie;
    if (f->cookie.len > 0)
        return mss;
    f->cookie.len = 0;
    f->cookie.exp = k && k->try_exp == 1;
    return 0;
}

/* Puts the option, and as much as may go of the data, into the SYN; how much. */
uint32_t tcp_fastopen_connect(struct tcp_conn *conn, struct blob *blob, uint64_t offset,
                              uint32_t length)
{
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;
    uint32_t mss;

    if (!(conn->entry.stack->sysctl->fastopen & CLIENT))
        return 0;
    mss = choose_cookie(conn, f);
    if (mss == 0) /* a SYN-ACK without the option will mean that */
        conn->opt.mss_clamp = known_mss(conn);
    if (mss == 0 || length == 0)
        return 0;
    conn->opt.mss_clamp = (uint16_t)mss;
    if (conn->config->mss && conn->config->mss < mss)
        conn->opt.mss_clamp = conn->config->mss;
    tcp_sync_mss(conn, conn->pmtu);
    mss = conn->mss_cache + (conn->header_len - TCP_HEADER);
    length = min_u32(length, mss > TCPHDR_OPTIONS_MAX ? mss - TCPHDR_OPTIONS_MAX : 0);
    if (length > 0)
        tcp_append_uncut(conn, blob, offset, length);
    f->syn_data = length > 0;
    return length;
}

/* The data did not leave with the SYN, which goes without it. */
void tcp_fastopen_withdraw(struct tcp_conn *conn)
{
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;

    f->syn_data = false;
    if (f->cookie.len > 0)
        f->cookie.len = 0;
}

/* What the SYN-ACK says of the server is kept for the next connection. */
static void learn(struct tcp_conn *conn, const struct tcp_fastopen *f, const struct tcp_rx *rx,
                  uint16_t mss)
{
    struct tcp_known *k = remember(conn->entry.stack, &conn->entry.key.remote);
    struct tcp_cookie cookie;

    if (mss == 0 && conn->opt.mss_clamp != conn->config->mss)
        mss = conn->opt.mss_clamp;
    if (mss)
        k->mss = mss;
    if (f->cookie.len < 0)
        return; /* nobody asked for a cookie */
    tcp_fastopen_option(rx, &cookie);
    if (cookie.len > 0)
        k->cookie = cookie;
    else if (!f->syn_data && tcp_trouble_seen(conn)->total_retrans == 0)
        k->try_exp = f->cookie.exp ? 2 : 1;
}

/* The SYN-ACK came: true if data of the SYN must be sent again, which serves as its ACK.  `mss` is
 * what it offers, whatever TCP_MAXSEG makes of it here: the next connection may be without. */
bool tcp_fastopen_got_syn_ack(struct tcp_conn *conn, const struct tcp_rx *rx, uint16_t mss)
{
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_rx data = *rx;

    if (f->asked)
        learn(conn, f, rx, mss);
    if (f->syn_data && !rtxq_empty(&conn->rtxq)) {
        f->syn_data = false;
        stack->counters->TCPFastOpenActiveFail++;
        for (uint32_t at = conn->rtxq.first; at != conn->rtxq.last; at++)
            tcp_mark_lost(conn, rtxq_at(&conn->rtxq, at));
        tcp_retransmit_without_congestion(conn);
        return true;
    }
    if (f->syn_data) {
        f->acked = true;
        stack->counters->TCPFastOpenActive++;
        if (conn->cc.delivered > 1)
            conn->cc.delivered--; /* SYN and data had been counted apart */
    }
    data.seq++;
    data.flags &= (uint16_t)~TH_SYN;
    tcp_queue_syn_data(conn, &data);
    return false;
}

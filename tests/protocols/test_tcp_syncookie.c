/* SYN cookies: what a number carries, for how long, and who can make one; what a timestamp carries;
 * and the SYN queue around them.  What is expected was seen of a 6.18 kernel (over TUN), or is in
 * RFC 4987 3.6. */
#include "protocols/tcp/listen.h"
#include "sim/rng.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_pair.h"

static struct tcp_key key_of(struct pair *pair, uint16_t port)
{
    return (struct tcp_key){ pair->end[1].addr, pair->end[0].addr, SERVER_PORT, port };
}

/* A cookie for this size, made now. */
static uint32_t bake(struct pair *pair, uint16_t port, uint32_t seq, uint16_t mss)
{
    struct tcp_key key = key_of(pair, port);

    return tcp_syncookie_make(&pair->end[1].stack, &key, seq, &mss);
}

static uint16_t taste(struct pair *pair, uint16_t port, uint32_t seq, uint32_t cookie)
{
    struct tcp_key key = key_of(pair, port);

    return tcp_syncookie_mss(&pair->end[1].stack, &key, seq, cookie);
}

/* The largest of 536, 1300, 1440, 1460 that is not above the peer's, else 536. */
START_TEST(sizes)
{
    static const uint16_t cases[][2] = { { 0, 536 },     { 88, 536 },    { 535, 536 },
                                         { 536, 536 },   { 1299, 536 },  { 1300, 1300 },
                                         { 1439, 1300 }, { 1440, 1440 }, { 1459, 1440 },
                                         { 1460, 1460 }, { 8960, 1460 }, { 65535, 1460 } };
    struct pair *pair = pair_new(1, SIM_MS);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint16_t mss = cases[i][0];
        struct tcp_key key = key_of(pair, 40000);
        uint32_t cookie = tcp_syncookie_make(&pair->end[1].stack, &key, 7, &mss);
        ck_assert_uint_eq(mss, cases[i][1]);
        ck_assert_uint_eq(taste(pair, 40000, 7, cookie), cases[i][1]);
    }
    pair_free(pair);
}
END_TEST

/* Good in the minute in which it was made and the next: for more than 60 s, at most 120 s. */
START_TEST(age)
{
    for (sim_time made = 0; made < 120; made += 7) {
        struct pair *pair = pair_new(1, SIM_MS);
        sim_time end = (made / 60 + 2) * 60 * SIM_S;
        pair_run(pair, made * SIM_S);
        uint32_t cookie = bake(pair, 40000, 4000000000u, 1460);
        pair_run(pair, end - 1);
        ck_assert_uint_eq(taste(pair, 40000, 4000000000u, cookie), 1460);
        pair_run(pair, end);
        ck_assert_uint_eq(taste(pair, 40000, 4000000000u, cookie), 0);
        pair_run(pair, end + 3600 * SIM_S);
        ck_assert_uint_eq(taste(pair, 40000, 4000000000u, cookie), 0);
        pair_free(pair);
    }
}
END_TEST

/* Of another port, another peer, another server, another run: no cookie.  The counter and the
 * index leave one guess in 2^29, so none of these few may be right. */
START_TEST(keyed)
{
    struct pair *pair = pair_new(1, SIM_MS), *other = pair_new(2, SIM_MS);
    struct tcp_key key = key_of(pair, 40000);
    uint32_t cookie = bake(pair, 40000, 1000, 1460);

    ck_assert_uint_eq(taste(pair, 40000, 1000, cookie), 1460);
    for (uint16_t port = 1; port < 2000; port++)
        ck_assert_uint_eq(taste(pair, port, 1000, cookie), 0);
    ck_assert_uint_eq(taste(other, 40000, 1000, cookie), 0);
    ck_assert_uint_eq(tcp_syncookie_mss(&pair->end[0].stack, &key, 1000, cookie), 0);
    key.remote = key.local;
    ck_assert_uint_eq(tcp_syncookie_mss(&pair->end[1].stack, &key, 1000, cookie), 0);
    pair_free(other);
    pair_free(pair);
}
END_TEST

/* Guesses: 8 of 2^32 numbers are cookies (4 sizes, 2 minutes), those of one minute in a row. */
START_TEST(forged)
{
    struct pair *pair = pair_new(1, SIM_MS);
    uint32_t cookie = bake(pair, 40000, 1000, 536);
    struct rng rng;

    rng_init(&rng, 1, "test", "guesses");
    for (int i = 0; i < 1000000; i++) {
        uint32_t guess = (uint32_t)rng_u64(&rng);
        g_assert(taste(pair, 40000, 1000, guess) == 0 || guess - cookie < 4);
    }
    ck_assert_uint_eq(taste(pair, 40000, 1000, cookie - 1), 0);
    ck_assert_uint_eq(taste(pair, 40000, 1000, cookie + 1), 1300);
    ck_assert_uint_eq(taste(pair, 40000, 1000, cookie + 3), 1460);
    ck_assert_uint_eq(taste(pair, 40000, 1000, cookie + 4), 0);
    pair_free(pair);
}
END_TEST

/* The number goes with the SYN's, so that the peer's choice does not show through to others. */
START_TEST(bound_to_the_syn)
{
    struct pair *pair = pair_new(1, SIM_MS);
    uint32_t cookie = bake(pair, 40000, 1000, 1460);

    ck_assert_uint_eq(bake(pair, 40000, 1500, 1460), cookie + 500);
    ck_assert_uint_eq(taste(pair, 40000, 1500, cookie), 0);
    ck_assert_uint_eq(taste(pair, 40000, 1500, cookie + 500), 1460);
    pair_free(pair);
}
END_TEST

/* All that the timestamp can say, at each phase of the clock: exactly that, not in the future, and
 * not more than 63 ms in the past. */
START_TEST(timestamp)
{
    struct pair *pair = pair_new(1, SIM_MS);
    struct tcp_request req = { .entry = { .stack = &pair->end[1].stack } };
    struct tcp_sysctl sysctl = tcp_sysctl_defaults;

    for (int ms = 0; ms < 64; ms++) {
        pair_run_for(pair, SIM_MS);
        for (unsigned bits = 0; bits < 15 * 4; bits++) {
            uint32_t now = tcp_clock_ms(pair->sim), stamp;
            struct tcp_options said = { .saw_tstamp = true, .tstamp_ok = true };
            bool ecn = false;
            req.opt.wscale_ok = bits % 15 > 0;
            req.opt.snd_wscale = (uint8_t)(bits % 15);
            req.opt.sack_ok = bits / 15 & 1;
            req.ecn = bits / 30 ? ECN_CLASSIC : 0;
            stamp = tcp_syncookie_timestamp(&req);
            g_assert(now - stamp < 64);
            said.rcv_tsecr = stamp;
            g_assert(tcp_syncookie_options(&sysctl, &said, &ecn));
            g_assert(said.wscale_ok == req.opt.wscale_ok);
            g_assert(!said.wscale_ok || said.snd_wscale == req.opt.snd_wscale);
            g_assert(said.sack_ok == req.opt.sack_ok && ecn == (req.ecn != 0));
        }
    }
    pair_free(pair);
}
END_TEST

/* An echo says what the sysctls exclude: not ours.  ECN alone is only not done. */
START_TEST(excluded)
{
    struct tcp_sysctl sysctl = tcp_sysctl_defaults;
    struct tcp_options opt = { .saw_tstamp = true, .rcv_tsecr = 15 | 16 };
    bool ecn = false;

    ck_assert(tcp_syncookie_options(&sysctl, &opt, &ecn));
    sysctl.sack = 0;
    ck_assert(!tcp_syncookie_options(&sysctl, &opt, &ecn));
    opt = (struct tcp_options){ .saw_tstamp = true, .rcv_tsecr = 7 };
    ck_assert(tcp_syncookie_options(&sysctl, &opt, &ecn));
    sysctl.window_scaling = 0;
    ck_assert(!tcp_syncookie_options(&sysctl, &opt, &ecn));
    opt = (struct tcp_options){ .saw_tstamp = true, .rcv_tsecr = 15 | 32 };
    sysctl.ecn = 0;
    ck_assert(tcp_syncookie_options(&sysctl, &opt, &ecn));
    ck_assert(!ecn);
    opt = (struct tcp_options){ .rcv_tsecr = 7 | 16 | 32 };
    ck_assert(tcp_syncookie_options(&sysctl, &opt, &ecn));
    ck_assert(!opt.sack_ok && !opt.wscale_ok && !ecn);
}
END_TEST

/* ---- A listener ----------------------------------------------------------------------------- */

/* Ten clients, a queue for three, and all of them get in; their data arrives. */
START_TEST(all_get_in)
{
    struct pair *pair = pair_new(1, 20 * SIM_MS);
    struct owner clients[10] = { { 0 } };
    struct tcp_listener *l;
    struct tcp_counters *counters;

    ck_assert_int_eq(tcp_listen(&pair->end[1].stack, NULL, SERVER_PORT, 9, NULL, NULL, NULL, &l),
                     0);
    l->backlog = 2;
    counters = pair->end[1].stack.counters;
    for (int i = 0; i < 10; i++)
        owner_connect(pair, &clients[i], SERVER_PORT, NULL);
    pair_run_for(pair, 30 * SIM_MS);
    ck_assert_uint_eq(l->request_count, 3);
    ck_assert_uint_eq(counters->SyncookiesSent, 7);
    l->backlog = 9;
    pair_run_for(pair, 50 * SIM_MS);
    ck_assert_uint_eq(counters->SyncookiesRecv, 7);
    ck_assert_uint_eq(counters->PassiveOpens, 10);
    ck_assert_uint_eq(l->accept_count, 10);
    for (int i = 0; i < 10; i++)
        ck_assert_int_eq(tcp_send_bytes(clients[i].conn, "hello", 5, 0), 5);
    pair_run_for(pair, 100 * SIM_MS);
    for (int i = 0; i < 10; i++) {
        struct tcp_conn *conn = tcp_accept(l, NULL, NULL);
        struct tcp_info info;
        tcp_info_get(conn, &info);
        ck_assert(info.sack && info.wscale && info.timestamps); /* by the timestamp */
        ck_assert_uint_eq(tcp_recv_ready(conn), 5);
        tcp_abort(conn);
        tcp_close(clients[i].conn);
    }
    tcp_listener_close(l);
    pair_free(pair);
}
END_TEST

static struct fate server_unheard(struct pair *pair, const struct seen *s)
{
    return (struct fate){ .drop = s->from == 1 };
}

/* SYN-ACKs to this port. */
static uint32_t answers(const struct pair *pair, uint16_t port)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < pair->log->len; i++)
        n += seen_at(pair, i)->from == 1 && seen_at(pair, i)->h.dst_port == port;
    return n;
}

/* A request is young until its first time-out; half of the queue is for young ones.  18 of 20
 * places are taken by SYNs of nobody: at the third time-out, 7 s after the SYN, eight are given up
 * so that ten are left, and these stay for the usual five repetitions.  (A 6.18 kernel does the
 * same: 8 requests with three SYN-ACKs, 10 with six.) */
START_TEST(old_requests_make_room)
{
    struct pair *pair = pair_new(1, SIM_MS);
    struct tcp_conn *conns[18];
    struct tcp_listener *l;
    int three = 0, six = 0;

    pair->filter = server_unheard;
    ck_assert_int_eq(tcp_listen(&pair->end[1].stack, NULL, SERVER_PORT, 20, NULL, NULL, NULL, &l),
                     0);
    for (uint16_t i = 0; i < 18; i++) {
        conns[i] = tcp_conn_new(&pair->end[0].stack, NULL, NULL, NULL);
        ck_assert_int_eq(
            tcp_connect(conns[i], NULL, (uint16_t)(40000 + i), &pair->end[1].addr, SERVER_PORT), 0);
    }
    pair_run_for(pair, 5 * SIM_MS);
    for (int i = 0; i < 18; i++)
        tcp_abort(conns[i]);
    ck_assert_uint_eq(l->request_count, 18);
    ck_assert_uint_eq(l->young_count, 18);
    pair_run_for(pair, 2 * SIM_S);
    ck_assert_uint_eq(l->young_count, 0);
    pair_run_for(pair, 6 * SIM_S);
    ck_assert_uint_eq(l->request_count, 10);
    pair_run_for(pair, 60 * SIM_S);
    ck_assert_uint_eq(l->request_count, 0);
    for (uint16_t i = 0; i < 18; i++) {
        three += answers(pair, (uint16_t)(40000 + i)) == 3;
        six += answers(pair, (uint16_t)(40000 + i)) == 6;
    }
    ck_assert_int_eq(three, 8);
    ck_assert_int_eq(six, 10);
    tcp_listener_close(l);
    pair_free(pair);
}
END_TEST

SUITE("protocols/tcp_syncookie", sizes, age, keyed, forged, bound_to_the_syn, timestamp, excluded,
      all_get_in, old_requests_make_room)

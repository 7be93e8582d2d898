/* Wild input: sequence numbers at the wrap, and segments that make no sense in every state. */
#include "sim/hash.h"
#include "sim/rng.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_script.h"

/* ---- Sequence numbers around 2^32 ----------------------------------------------------------- */

/* A key with which the stack's initial number for `key` is within `below` of the wrap. */
static void choose_key(struct tcp_stack *stack, const struct tcp_key *key, uint32_t below)
{
    stack->key = 1;
    while (0u - tcp_choose_seq(stack, key) > below)
        stack->key = hash_mix(stack->key + 1);
}

static struct fate lose_some(struct pair *pair, const struct seen *s)
{
    return (struct fate){ .drop = rng_bernoulli(pair->data, 0.02) };
}

/* Both directions cross it, with losses, and every byte arrives. */
START_TEST(wrap)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct pair *pair = pair_new(seed, 5 * SIM_MS);
        struct owner owners[2] = { { .read = true }, { .read = true } };
        struct tcp_key keys[2] = { { pair->end[0].addr, pair->end[1].addr, 40000, SERVER_PORT },
                                   { pair->end[1].addr, pair->end[0].addr, SERVER_PORT, 40000 } };
        struct rng rng;

        rng_init(&rng, seed, "wire", "wrap");
        pair->data = &rng;
        pair->logging = false;
        for (int i = 0; i < 2; i++) {
            owners[i].received = g_byte_array_new();
            choose_key(&pair->end[i].stack, &keys[i], 60000);
        }
        owner_listen(pair, &owners[1], SERVER_PORT, NULL);
        owners[0].conn = tcp_conn_new(&pair->end[0].stack, NULL, &owner_ops, &owners[0]);
        ck_assert_int_eq(tcp_connect(owners[0].conn, NULL, 40000, &pair->end[1].addr, SERVER_PORT),
                         0);
        pair_run_for(pair, 50 * SIM_MS);
        pair->filter = lose_some;
        for (int i = 0; i < 2; i++) {
            ck_assert_uint_gt(owners[i].conn->entry.iss, 0u - 70000);
            ck_assert_int_eq(tcp_send_bulk(owners[i].conn, 200000), 0);
            ck_assert_int_eq(tcp_shutdown(owners[i].conn), 0);
        }
        pair_run_for(pair, 100 * SIM_S);
        for (int i = 0; i < 2; i++) {
            ck_assert_uint_eq(owners[i].received->len, 200000);
            for (uint32_t at = 0; at < 200000; at += 50000)
                ck_assert_int_eq(memcmp(owners[i].received->data + at,
                                        blob_span(&blob_pattern, at, 50000), 50000),
                                 0);
            ck_assert(tcp_recv_eof(owners[i].conn));
        }
        owners_free(&owners[0], &owners[1]);
        pair_free(pair);
    }
}
END_TEST

/* ---- Senseless segments --------------------------------------------------------------------- */

/* Brings the script's connection into the n-th kind of state; false if there is none. */
static bool enter_state(struct script *s, int n)
{
    struct tcphdr_options offer = script_offer(n % 2, n % 3 ? 7 : -1);

    switch (n) {
    case 0: /* SYN_SENT */
        s->owner.conn = tcp_conn_new(s->stack, NULL, &owner_ops, &s->owner);
        tcp_connect(s->owner.conn, NULL, 0, &s->pair->end[1].addr, PEER_PORT);
        script_note_syn(s, script_take(s));
        return true;
    case 1: /* a request */
        script_listen(s, NULL);
        script_inject(s, &(struct peer_seg){ .flags = TH_SYN, .o = offer });
        s->iss = script_take(s)->h.seq;
        return true;
    case 8:
        return false;
    default:
        break;
    }
    script_accept(s, NULL, &offer, 10 * SIM_MS);
    if (n == 2 || n == 3) /* ESTABLISHED, receiving; with data in flight */
        n == 2 ? (void)0 : (void)tcp_send_bulk(s->owner.conn, TCP_ENDLESS);
    if (n == 4 || n == 7) /* CLOSE_WAIT, LAST_ACK */
        script_inject(s, &(struct peer_seg){ .flags = TH_FIN | TH_ACK, .seq = 1, .ack = 1 });
    if (n >= 5) /* FIN_WAIT1, FIN_WAIT2 */
        tcp_shutdown(s->owner.conn);
    if (n == 6)
        script_ack(s, 1, 2);
    return true;
}

static uint32_t near(struct rng *rng, uint32_t point)
{
    static const uint32_t spans[] = { 3, 2000, 70000, UINT32_MAX };
    uint64_t span = spans[rng_below(rng, 4)];

    return point + (uint32_t)rng_below(rng, span) - (uint32_t)(span / 2);
}

static void random_options(struct script *s, struct rng *rng, struct tcphdr_options *o)
{
    if (rng_below(rng, 2)) {
        o->present |= TCPHAS_SACK;
        o->n_sacks = (uint8_t)(1 + rng_below(rng, 3));
        for (int i = 0; i < o->n_sacks; i++) {
            o->sacks[i].start = s->iss + near(rng, 5000);
            o->sacks[i].end = s->iss + near(rng, 8000);
        }
    }
    if (rng_below(rng, 4) == 0) {
        o->present |= TCPHAS_TS;
        o->tsval = (uint32_t)rng_u64(rng);
        o->tsecr = (uint32_t)rng_u64(rng);
    } else if (rng_below(rng, 4) == 0) {
        o->present |= TCPHAS_MSS | TCPHAS_WSCALE;
        o->mss = (uint16_t)rng_below(rng, 3000);
        o->wscale = (uint8_t)rng_below(rng, 20);
    }
}

static void random_segment(struct script *s, struct rng *rng)
{
    struct peer_seg seg = { .flags = (unsigned)rng_below(rng, 256) };

    if (rng_below(rng, 3))
        seg.flags = TH_ACK | (rng_below(rng, 8) ? 0 : TH_FIN);
    else if (rng_below(rng, 2))
        seg.flags &= ~(unsigned)TH_RST;
    seg.seq = near(rng, 1);
    seg.ack = near(rng, s->owner.conn ? s->owner.conn->snd_nxt - s->iss : 1);
    seg.length = rng_below(rng, 2) ? (uint32_t)rng_below(rng, 3000) : 0;
    random_options(s, rng, &seg.o);
    s->window = (uint16_t)(rng_below(rng, 3) ? rng_below(rng, 65536) : 0);
    if (tcphdr_options_length(&seg.o) <= 40)
        script_inject(s, &seg);
}

static void check(struct tcp_conn *conn, void *data)
{
    g_assert(conn->sacked_out + conn->lost_out <= conn->packets_out);
    g_assert(!before(conn->snd_nxt, conn->snd_una));
    g_assert(conn->cc.cwnd >= 1);
    g_assert(!conn->ofo || rangeset_check(&conn->ofo->set));
}

/* Whatever comes: no crash, sane counts, no leak, and no endless talk. */
START_TEST(senseless)
{
    for (uint64_t seed = 1; seed <= 300; seed++) {
        for (int state = 0;; state++) {
            struct script *s = script_new();
            struct rng rng;
            bool there = enter_state(s, state);

            rng_init(&rng, seed, "peer", "wild");
            for (int i = 0; there && i < 40; i++) {
                random_segment(s, &rng);
                tcp_each_conn(s->stack, check, NULL);
                script_run(s, (sim_time)rng_below(&rng, 50 * SIM_MS));
                owner_take(&s->owner, s->owner.conn ? (uint32_t)rng_below(&rng, 5000) : 0);
            }
            script_free(s);
            if (!there)
                break;
        }
    }
}
END_TEST

SUITE("protocols/tcp_wild", wrap, senseless)

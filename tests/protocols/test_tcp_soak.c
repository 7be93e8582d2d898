/* A hostile wire, and the same bytes at the other end.
 *
 * Each seed makes a pair of stacks with its own odd options (MSS, buffers, no SACK, no timestamps,
 * no window scaling, sequence numbers that wrap), a wire that drops, delays, duplicates and damages
 * segments, and two owners that write and read in random portions at random times.  Whatever
 * happens, each reads exactly what the other wrote, and in the end nothing is left. */
#include "sim/rng.h"
#include "tests/support/suite.h"
#include "tests/support/tcp_pair.h"

enum { SEEDS = 150 };

struct side {
    struct owner owner;
    GByteArray *sent; /* accepted by tcp_send */
    uint32_t to_send;
    uint8_t next;
    bool slow, done;
};

struct soak {
    struct pair *pair;
    struct side side[2];
    struct rng rng;
    double loss, late, copy, damage;
    struct timer tick;
};

static struct fate hostile(struct pair *pair, const struct seen *s)
{
    struct soak *soak = pair->data;
    struct fate fate = { 0 };

    fate.drop = rng_bernoulli(&soak->rng, soak->loss);
    fate.corrupt = rng_bernoulli(&soak->rng, soak->damage);
    fate.copies = rng_bernoulli(&soak->rng, soak->copy);
    if (rng_bernoulli(&soak->rng, soak->late))
        fate.extra = (sim_time)rng_below(&soak->rng, 30 * SIM_MS);
    return fate;
}

/* Hands out the next bytes of a stream that does not repeat within a window. */
static struct blob *make_blob(struct soak *soak, struct side *side, uint32_t length)
{
    struct blob *blob = blob_new(length);

    for (uint32_t i = 0; i < length; i++)
        blob->bytes[i] = (uint8_t)(rng_u64(&soak->rng) >> 11);
    return blob;
}

static void write_some(struct soak *soak, struct side *side)
{
    uint32_t length = 1 + (uint32_t)rng_below(&soak->rng, 6000);

    if (!side->owner.conn || side->done || side->owner.closed)
        return;
    if (length > side->to_send)
        length = side->to_send;
    if (length > 0) {
        struct blob *blob = make_blob(soak, side, length);
        int64_t taken = tcp_send(side->owner.conn, blob, 0, length, 0);
        if (taken > 0) {
            g_byte_array_append(side->sent, blob->bytes, (guint)taken);
            side->to_send -= (uint32_t)taken;
        }
        blob_unref(blob);
    }
    if (side->to_send == 0) {
        tcp_shutdown(side->owner.conn);
        side->done = true;
    }
}

static void read_some(struct soak *soak, struct side *side)
{
    if (!side->owner.conn)
        return;
    owner_take(&side->owner, side->slow ? (uint32_t)rng_below(&soak->rng, 4000) : UINT32_MAX);
}

static bool finished(const struct side *side)
{
    return side->owner.conn && side->done && tcp_recv_eof(side->owner.conn);
}

static void check_conn(struct tcp_conn *conn, void *data)
{
    uint32_t out = 0, sacked = 0, lost = 0, retrans = 0;

    for (uint32_t at = conn->rtxq.first; at != conn->rtxq.last; at++) {
        struct tcp_seg *seg = conn->rtxq.ring[at & conn->rtxq.mask];
        out += seg->pcount;
        sacked += seg->sacked & SEG_SACKED ? seg->pcount : 0;
        lost += seg->sacked & SEG_LOST ? seg->pcount : 0;
        retrans += seg->sacked & SEG_RETRANS ? seg->pcount : 0;
    }
    g_assert(out == conn->packets_out);
    if (conn->opt.sack_ok)
        g_assert(sacked == conn->sacked_out);
    g_assert(lost == conn->lost_out);
    g_assert(retrans == conn->retrans_out);
    g_assert(conn->sacked_out + conn->lost_out <= conn->packets_out);
    g_assert(conn->cc.cwnd >= 1);
    g_assert(!conn->ofo || rangeset_check(&conn->ofo->set));
}

static void tick(struct sim *sim, struct timer *timer)
{
    struct soak *soak = container_of(timer, struct soak, tick);

    for (int i = 0; i < 2; i++) {
        write_some(soak, &soak->side[i]);
        read_some(soak, &soak->side[i]);
        tcp_each_conn(&soak->pair->end[i].stack, check_conn, NULL);
    }
    if (finished(&soak->side[0]) && finished(&soak->side[1]))
        return;
    timer_set(sim, timer, sim->now + 1 + (sim_time)rng_below(&soak->rng, 40 * SIM_MS));
}

static void choose_options(struct soak *soak, struct tcp_config *config)
{
    struct pair *pair = soak->pair;
    static const char *const bits[] = { "net.ipv4.tcp_sack", "net.ipv4.tcp_timestamps",
                                        "net.ipv4.tcp_window_scaling", "net.ipv4.tcp_dsack" };

    for (int i = 0; i < 4; i++)
        if (rng_bernoulli(&soak->rng, 0.25))
            pair_sysctl(pair, (int)rng_below(&soak->rng, 2), bits[i], "0");
    if (rng_bernoulli(&soak->rng, 0.5))
        pair_sysctl(pair, -1, "net.ipv4.tcp_congestion_control", "reno");
    for (int i = 0; i < 2; i++) {
        config[i] = (struct tcp_config){ .nodelay = rng_bernoulli(&soak->rng, 0.5) };
        if (rng_bernoulli(&soak->rng, 0.5))
            config[i].mss = (uint16_t)(100 + rng_below(&soak->rng, 1300));
        if (rng_bernoulli(&soak->rng, 0.5))
            config[i].rcvbuf = 2000 + (uint32_t)rng_below(&soak->rng, 20000);
        if (rng_bernoulli(&soak->rng, 0.5))
            config[i].sndbuf = 3000 + (uint32_t)rng_below(&soak->rng, 20000);
        soak->side[i].slow = rng_bernoulli(&soak->rng, 0.3);
        soak->side[i].to_send = (uint32_t)rng_below(&soak->rng, 300000);
        soak->side[i].sent = g_byte_array_new();
        soak->side[i].owner.received = g_byte_array_new();
    }
    soak->loss = rng_below(&soak->rng, 3) * 0.03;
    soak->late = rng_below(&soak->rng, 3) * 0.05;
    soak->copy = rng_below(&soak->rng, 3) * 0.02;
    soak->damage = rng_below(&soak->rng, 3) * 0.01;
}

static void compare(const struct side *from, const struct side *to, uint64_t seed)
{
    ck_assert_msg(from->sent->len == to->owner.received->len, "seed %u: %u bytes sent, %u received",
                  (unsigned)seed, from->sent->len, to->owner.received->len);
    ck_assert_msg(memcmp(from->sent->data, to->owner.received->data, from->sent->len) == 0,
                  "seed %u: other bytes arrived", (unsigned)seed);
}

static void soak_run(uint64_t seed)
{
    struct soak soak = { .pair = pair_new(seed, (sim_time)(1 + seed % 20) * SIM_MS) };
    struct tcp_config config[2];

    rng_init(&soak.rng, seed, "wire", "soak");
    choose_options(&soak, config);
    soak.pair->data = &soak;
    soak.pair->logging = false;
    soak.pair->filter = hostile;
    timer_init(&soak.tick, &soak.pair->end[0].actor, tick);
    owner_listen(soak.pair, &soak.side[1].owner, SERVER_PORT, &config[1]);
    owner_connect(soak.pair, &soak.side[0].owner, SERVER_PORT, &config[0]);
    timer_set(soak.pair->sim, &soak.tick, SIM_MS);
    pair_run(soak.pair, 3000 * SIM_S);
    for (int i = 0; i < 2; i++)
        ck_assert_msg(finished(&soak.side[i]), "seed %u: side %d is not finished", (unsigned)seed,
                      i);
    compare(&soak.side[0], &soak.side[1], seed);
    compare(&soak.side[1], &soak.side[0], seed);
    owners_free(&soak.side[0].owner, &soak.side[1].owner);
    for (int i = 0; i < 2; i++)
        g_byte_array_free(soak.side[i].sent, TRUE);
    timer_cancel(soak.pair->sim, &soak.tick);
    pair_free(soak.pair);
}

START_TEST(same_bytes)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        soak_run(seed);
}
END_TEST

SUITE("protocols/tcp_soak", same_bytes)

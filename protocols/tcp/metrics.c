/* What former connections to the same address have learnt (Linux's tcp_metrics; the idea is that of
 * RFC 2140, now RFC 9040: temporal sharing).
 *
 * Structures.  The stack has a table of records by pair of addresses, and a list of them with the
 * one written last at its end.  The table is there once something was saved; the record that was
 * not written for the longest time makes room when there are METRICS_MOST of them.  What is older
 * than an hour counts for nothing.
 *
 * Heartbeat.  A connection saves when it comes to an orderly end: in TIME_WAIT, or when LAST_ACK is
 * over.  A new one looks when its handshake is complete.  It takes over the reordering that was
 * seen, and a round-trip time that is longer than its handshake's makes its first time-out longer,
 * since handshakes are short packets.  The slow-start threshold is kept only without
 * net.ipv4.tcp_no_ssthresh_metrics_save, which Linux sets by default: what the path of long ago
 * could carry says little.  The congestion window is kept and not used, as in Linux, where it
 * matters only to those who lock it by hand.  With net.ipv4.tcp_no_metrics_save nothing is saved,
 * but what there is still counts.
 *
 * Left out: the segment size and cookie of Fast Open, which tfoclient.c keeps, and metrics that an
 * administrator sets. */
#include <glib.h>

#include "protocols/tcp/internal.h"
#include "protocols/tcp/timers.h"
#include "sim/hash.h"

enum { METRICS_MOST = 8192, METRICS_LIFETIME_S = 3600 };

struct pair {
    struct ip_addr local, remote;
};

struct metrics {
    struct pair pair; /* the key */
    struct list link;
    uint32_t stamp_s; /* when it was written */
    uint32_t rtt;     /* us << 3 */
    uint32_t ssthresh, cwnd, reordering;
};

struct tcp_metrics {
    GHashTable *by_pair;
    struct list by_age;
};

static guint pair_hash(gconstpointer key)
{
    return (guint)hash_bytes(key, sizeof(struct pair), 0x6d657472);
}

static gboolean pair_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(struct pair)) == 0;
}

/* ---- The table ------------------------------------------------------------------------------ */

static struct tcp_metrics *table_get(struct tcp_stack *stack)
{
    if (!stack->metrics) {
        stack->metrics = g_new(struct tcp_metrics, 1);
        stack->metrics->by_pair = g_hash_table_new(pair_hash, pair_equal);
        list_init(&stack->metrics->by_age);
    }
    return stack->metrics;
}

static void forget(struct tcp_metrics *table, struct metrics *m)
{
    g_hash_table_remove(table->by_pair, &m->pair);
    list_remove(&m->link);
    g_free(m);
}

void tcp_metrics_free(struct tcp_stack *stack)
{
    struct tcp_metrics *table = stack->metrics;

    if (!table)
        return;
    while (!list_empty(&table->by_age))
        forget(table, container_of(table->by_age.next, struct metrics, link));
    g_hash_table_destroy(table->by_pair);
    g_free(table);
    stack->metrics = NULL;
}

uint32_t tcp_metrics_count(const struct tcp_stack *stack)
{
    return stack->metrics ? g_hash_table_size(stack->metrics->by_pair) : 0;
}

/* NULL if nothing is known, or what was is too old. */
static struct metrics *find(struct tcp_stack *stack, const struct ip_addr *local,
                            const struct ip_addr *remote)
{
    struct pair pair = { *local, *remote };
    struct metrics *m;

    if (!stack->metrics)
        return NULL;
    m = g_hash_table_lookup(stack->metrics->by_pair, &pair);
    if (m && tcp_clock_s(stack->sim) - m->stamp_s > METRICS_LIFETIME_S) {
        forget(stack->metrics, m);
        return NULL;
    }
    return m;
}

static struct metrics *find_or_add(struct tcp_stack *stack, const struct tcp_key *key)
{
    struct metrics *m = find(stack, &key->local, &key->remote);

    if (m)
        return m;
    struct tcp_metrics *table = table_get(stack);
    if (g_hash_table_size(table->by_pair) >= METRICS_MOST)
        forget(table, container_of(table->by_age.next, struct metrics, link));
    m = g_new0(struct metrics, 1);
    m->pair = (struct pair){ key->local, key->remote };
    list_push_back(&table->by_age, &m->link);
    g_hash_table_add(table->by_pair, &m->pair);
    return m;
}

bool tcp_metrics_known(struct tcp_stack *stack, const struct ip_addr *local,
                       const struct ip_addr *remote)
{
    const struct metrics *m = find(stack, local, remote);
    return m && m->rtt;
}

/* ---- At the end of a connection ------------------------------------------------------------- */

/* A longer round-trip time counts at once, a shorter one slowly: to overestimate does less harm. */
static void save_rtt(struct metrics *m, const struct tcp_conn *conn)
{
    int32_t error = (int32_t)(m->rtt - conn->srtt_us);

    m->rtt = error <= 0 ? conn->srtt_us : m->rtt - ((uint32_t)error >> 3);
}

static void save_window(struct metrics *m, const struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    uint32_t cwnd = conn->cc.cwnd, ssthresh = conn->cc.ssthresh, seen = 0;

    if (ssthresh >= CC_INFINITE) { /* the first slow start is not over */
        if (m->ssthresh && cwnd >> 1 > m->ssthresh)
            seen = cwnd >> 1;
        m->cwnd = max_u32(m->cwnd, cwnd);
    } else if (!cc_in_slow_start(&conn->cc) && conn->cc.state == CC_OPEN) {
        seen = max_u32(cwnd >> 1, ssthresh);
        m->cwnd = (m->cwnd + cwnd) >> 1;
    } else { /* the window says nothing, the threshold little */
        if (m->ssthresh && ssthresh > m->ssthresh)
            seen = ssthresh;
        m->cwnd = (m->cwnd + ssthresh) >> 1;
        if (m->reordering < conn->reordering && conn->reordering != sysctl->reordering)
            m->reordering = conn->reordering;
    }
    if (seen && !sysctl->no_ssthresh_metrics_save)
        m->ssthresh = seen;
}

void tcp_metrics_save(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;
    const struct tcp_key *key = &conn->entry.key;
    struct metrics *m;

    if (stack->sysctl->no_metrics_save)
        return;
    if (conn->backoff || !conn->srtt_us) { /* no answer comes any more: unlearn */
        m = find(stack, &key->local, &key->remote);
        if (m)
            m->rtt = 0;
        return;
    }
    m = find_or_add(stack, key);
    save_rtt(m, conn);
    save_window(m, conn);
    m->stamp_s = tcp_clock_s(stack->sim);
    list_remove(&m->link);
    list_push_back(&stack->metrics->by_age, &m->link);
}

/* ---- At the beginning of one ---------------------------------------------------------------- */

/* No round-trip time from the handshake, as it was retransmitted: be careful (RFC 6298 5.7). */
static void fall_back(struct tcp_conn *conn)
{
    conn->rttvar_us = TCP_RTO_FALLBACK_US;
    conn->mdev_us = conn->mdev_max_us = conn->rttvar_us;
    conn->rto_us = TCP_RTO_FALLBACK_US;
}

void tcp_metrics_use(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;
    const struct tcp_key *key = &conn->entry.key;
    const struct metrics *m = find(stack, &key->local, &key->remote);

    conn->cc.ssthresh = CC_INFINITE; /* whatever lost SYNs have made of it */
    if (m && m->ssthresh && !stack->sysctl->no_ssthresh_metrics_save)
        conn->cc.ssthresh = min_u32(m->ssthresh, conn->cc.cwnd_clamp);
    if (m && m->reordering)
        conn->reordering = (uint16_t)m->reordering;
    if (m && m->rtt > conn->srtt_us) {
        uint32_t rtt = m->rtt >> 3;
        conn->rto_us = min_u32(rtt + max_u32(2 * rtt, tcp_rto_min_us(conn)), tcp_rto_max_us(conn));
    } else if (!conn->srtt_us) {
        fall_back(conn);
    }
}

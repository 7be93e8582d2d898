/* Fast Open's active side: what is known of servers, the SYN with data, and what its answer says
 * of it. */
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"

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

/* Data goes to servers of which no cookie is known, and none is asked for. */
static bool needs_no_cookie(const struct tcp_stack *stack, const struct tcp_config *config)
{
    return config->fastopen_no_cookie || stack->sysctl->fastopen & TFO_CLIENT_NO_COOKIE;
}

bool tcp_fastopen_has_cookie(const struct tcp_stack *stack, const struct tcp_config *config,
                             const struct ip_addr *remote)
{
    const struct tcp_known *k = known(stack, remote);

    if (!(stack->sysctl->fastopen & TFO_CLIENT) || tcp_fastopen_paused(stack))
        return false;
    return needs_no_cookie(stack, config) || (k && k->cookie.len > 0);
}

/* The segment size that the server offered before, or else what is offered to it. */
static uint16_t known_mss(const struct tcp_conn *conn)
{
    const struct tcp_known *k = known(conn->entry.stack, &conn->entry.key.remote);
    return k && k->mss ? k->mss : conn->advmss;
}

/* Chooses the option of the SYN; false: no data may go with it. */
static bool choose_cookie(struct tcp_conn *conn, struct tcp_fastopen *f)
{
    struct tcp_stack *stack = conn->entry.stack;
    const struct tcp_known *k = known(stack, &conn->entry.key.remote);

    f->cookie = k ? k->cookie : (struct tcp_cookie){ .len = 0 };
    f->was_paused = tcp_fastopen_was_paused(stack);
    if (tcp_fastopen_paused(stack) || needs_no_cookie(stack, conn->config)) {
        f->cookie.len = -1;
        return !tcp_fastopen_paused(stack);
    }
    f->asked = true;
    if (f->cookie.len > 0)
        return true;
    f->cookie = (struct tcp_cookie){ .len = 0, .exp = k && k->try_exp == 1 };
    f->client_fail = FASTOPEN_NO_COOKIE;
    return false;
}

/* What of `length` bytes fits into the SYN, whose options have more room than they need: for those
 * that somebody on the way may add. */
static uint32_t room_in_syn(struct tcp_conn *conn, uint32_t length)
{
    if (conn->config->mss && conn->config->mss < conn->opt.mss_clamp)
        conn->opt.mss_clamp = conn->config->mss;
    tcp_sync_mss(conn, conn->pmtu);
    uint32_t mss = conn->mss_cache + (conn->header_len - TCP_HEADER);
    return min_u32(length, mss > TCPHDR_OPTIONS_MAX ? mss - TCPHDR_OPTIONS_MAX : 0);
}

/* Puts the option, and as much as may go of the data, into the SYN; how much. */
uint32_t tcp_fastopen_connect(struct tcp_conn *conn, struct blob *blob, uint64_t offset,
                              uint32_t length)
{
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;

    if (!(conn->entry.stack->sysctl->fastopen & TFO_CLIENT))
        return 0;
    conn->opt.mss_clamp = known_mss(conn); /* a SYN-ACK without the option will mean that */
    if (!choose_cookie(conn, f))
        return 0;
    length = room_in_syn(conn, length);
    if (length > 0)
        tcp_chunk_append(conn, blob, offset, length);
    f->alone = true;
    f->syn_data = length > 0;
    if (f->syn_data)
        f->syn_data_at = conn->entry.stack->sim->now;
    return length;
}

/* The data did not leave with the SYN, which goes without it. */
void tcp_fastopen_withdraw(struct tcp_conn *conn)
{
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;

    f->alone = f->syn_data = false;
    f->syn_data_at = 0;
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
    if (!f->asked)
        return;
    tcp_fastopen_option(rx, &cookie);
    if (cookie.len > 0)
        k->cookie = cookie;
    else if (!f->syn_data && tcp_trouble_seen(conn)->total_retrans == 0)
        k->try_exp = f->cookie.exp || k->try_exp == 2 ? 2 : 1;
}

/* The SYN-ACK came: true if data of the SYN must be sent again, which serves as its ACK.  `mss` is
 * what it offers, whatever TCP_MAXSEG makes of it here: the next connection may be without. */
bool tcp_fastopen_got_syn_ack(struct tcp_conn *conn, const struct tcp_rx *rx, uint16_t mss)
{
    struct tcp_fastopen *f = &tcp_extra(conn)->fastopen;
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_rx data = *rx;

    learn(conn, f, rx, mss);
    if (f->syn_data && !rtxq_empty(&conn->rtxq)) {
        f->client_fail = tcp_trouble_seen(conn)->total_retrans ? FASTOPEN_SYN_RETRANSMITTED
                                                               : FASTOPEN_DATA_NOT_ACKED;
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
    if (rx->length > 0 || rx->flags & TH_FIN) {
        conn->stats.segs_in = 1; /* as Linux counts: from here, and the data once more */
        conn->stats.data_segs_in += rx->length > 0;
    }
    tcp_queue_syn_data(conn, &data);
    return false;
}

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

bool tcp_fastopen_has_cookie(const struct tcp_stack *stack, const struct ip_addr *remote)
{
    const struct tcp_known *k = known(stack, remote);

    return (stack->sysctl->fastopen & (TFO_CLIENT | TFO_CLIENT_NO_COOKIE)) ==
               (TFO_CLIENT | TFO_CLIENT_NO_COOKIE) ||
           (stack->sysctl->fastopen & TFO_CLIENT && k && k->cookie.len > 0);
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
    if (stack->sysctl->fastopen & TFO_CLIENT_NO_COOKIE) {
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

    if (!(conn->entry.stack->sysctl->fastopen & TFO_CLIENT))
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
        tcp_chunk_append(conn, blob, offset, length);
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

/* What waits below: TCP small queues, and corking by what waits.
 *
 * Data that was handed down waits in the host's queue and its network card until it has left.  A
 * connection leaves there about a millisecond of its pacing rate, or two super-segments: more would
 * only make its own round trip longer.  When it may not send for that reason, it goes on when some
 * of its data has left (Linux's tcp_small_queue_check, net.ipv4.tcp_limit_output_bytes).
 *
 * Nor is a segment sent again that has not left yet (skb_still_in_host_queue).
 *
 * A small write waits likewise while earlier data of the connection is still on its way out, since
 * more may follow to fill the segment (net.ipv4.tcp_autocorking).
 *
 * The account (struct tcp_out) is a thing of its own, because packets may outlive their connection;
 * it exists while something waits. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/timers.h"

enum { PACING_SHIFT = 10 };

static void left(struct packet_owner *owner)
{
    struct tcp_out *out = container_of(owner, struct tcp_out, owner);
    struct tcp_conn *conn = out->conn;

    if (conn && conn->throttled)
        tcp_wake_for_room(conn);
    if (owner->bytes > 0)
        return;
    if (conn)
        conn->out = NULL;
    pool_give(&out->memory->outs, out);
}

void tcp_tsq_charge(struct tcp_conn *conn, struct packet *packet)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (!stack->small_queues)
        return;
    if (!conn->out) {
        conn->out = pool_take(&stack->memory->outs);
        *conn->out = (struct tcp_out){ { 0, left }, conn, stack->memory };
    }
    packet_own(packet, &conn->out->owner);
}

void tcp_tsq_forget(struct tcp_conn *conn)
{
    if (conn->out)
        conn->out->conn = NULL;
    conn->out = NULL;
}

/* What the queue has refused makes no room there: the connection goes on when something leaves. */
void tcp_tsq_refused(struct tcp_conn *conn)
{
    if (!conn->room_below || !conn->out)
        return;
    conn->room_below = false;
    conn->throttled = true;
}

/* As much is too much: Linux's account of a socket (sk_wmem_alloc) begins with one. */
static bool so_much_waits(const struct tcp_conn *conn, uint64_t bytes)
{
    return conn->out && conn->out->owner.bytes >= bytes;
}

/* Whether `bytes` or more wait below; then the connection will be told when some have left. */
static bool wait_below(struct tcp_conn *conn, uint64_t bytes)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (!so_much_waits(conn, bytes))
        return false;
    stack->net->look_below(stack->net_data, false);
    if (!so_much_waits(conn, bytes))
        return false;
    stack->net->look_below(stack->net_data, true);
    conn->throttled = true;
    return true;
}

/* What waits is the last that was sent: is it more than what was sent after `seg`? */
static bool waits_too(const struct tcp_conn *conn, const struct tcp_seg *seg)
{
    uint64_t later = 0;

    if (!conn->out)
        return false;
    for (struct list *it = conn->sent_order.prev; it != &conn->sent_order; it = it->prev) {
        const struct tcp_seg *other = container_of(it, struct tcp_seg, link);
        if (later >= conn->out->owner.bytes)
            return false;
        if (other == seg)
            return true;
        later += tcp_seg_length(other) + PACKET_OVERHEAD;
    }
    return false;
}

bool tcp_tsq_has(struct tcp_conn *conn, const struct tcp_seg *seg)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (!waits_too(conn, seg))
        return false;
    stack->net->look_below(stack->net_data, false);
    if (!waits_too(conn, seg))
        return false;
    stack->net->look_below(stack->net_data, true);
    conn->throttled = true;
    stack->counters->TCPSpuriousRtxHostQueues++;
    return true;
}

static uint64_t limit_of(const struct tcp_conn *conn, uint32_t truesize)
{
    bool paced = conn->cc.pacing_rate != UINT64_MAX;
    uint64_t rate = paced ? conn->cc.pacing_rate : tcp_window_rate(conn);
    uint64_t limit = rate >> PACING_SHIFT, most = conn->entry.stack->sysctl->limit_output_bytes;

    if (limit < 2 * (uint64_t)truesize)
        limit = 2 * (uint64_t)truesize;
    return paced || limit < most ? limit : most;
}

/* No limit is below that; it takes no division. */
static uint64_t least_limit(const struct tcp_conn *conn, uint32_t truesize)
{
    return min_u32(2 * truesize, conn->entry.stack->sysctl->limit_output_bytes);
}

bool tcp_tsq_holds(struct tcp_conn *conn, const struct tcp_seg *seg, bool again)
{
    uint32_t truesize = tcp_seg_length(seg) + PACKET_OVERHEAD;

    if (!so_much_waits(conn, least_limit(conn, truesize)))
        return false;
    /* One packet may always be under way, or ACKs might not come. */
    if (conn->rtxq.last - conn->rtxq.first <= 1)
        return false;
    return wait_below(conn, limit_of(conn, truesize) << again);
}

bool tcp_autocork(struct tcp_conn *conn, const struct tcp_seg *tail, uint32_t goal)
{
    struct tcp_stack *stack = conn->entry.stack;
    uint32_t length = tcp_seg_length(tail);

    if (!stack->sysctl->autocorking || length >= goal || rtxq_empty(&conn->rtxq) ||
        tail->bits & SEGB_EOR || !so_much_waits(conn, length + PACKET_OVERHEAD))
        return false;
    bool before_that = conn->throttled;
    if (!wait_below(conn, length + PACKET_OVERHEAD))
        return false;
    if (!before_that)
        stack->counters->TCPAutoCorking++;
    return true;
}

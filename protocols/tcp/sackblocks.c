/* What the receiver tells of data that waits for a hole: SACK blocks, the most recent first
 * (RFC 2018), and in front of them what came twice, the D-SACK (RFC 2883). */
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"

static bool block_extend(struct tcp_sack_block *b, uint32_t seq, uint32_t end_seq)
{
    if (after(seq, b->end_seq) || after(b->start_seq, end_seq))
        return false;
    if (before(seq, b->start_seq))
        b->start_seq = seq;
    if (after(end_seq, b->end_seq))
        b->end_seq = end_seq;
    return true;
}

static void remove_block(struct tcp_conn *conn, uint32_t i)
{
    conn->sack_count--;
    memmove(&conn->ofo->selective_acks[i], &conn->ofo->selective_acks[i + 1],
            (conn->sack_count - i) * sizeof conn->ofo->selective_acks[0]);
}

/* The first block grew: it may have swallowed others. */
static void coalesce_blocks(struct tcp_conn *conn)
{
    struct tcp_sack_block *first = &conn->ofo->selective_acks[0];

    for (uint32_t i = 1; i < conn->sack_count;) {
        struct tcp_sack_block b = conn->ofo->selective_acks[i];
        if (block_extend(first, b.start_seq, b.end_seq))
            remove_block(conn, i);
        else
            i++;
    }
}

static void move_to_front(struct tcp_conn *conn, uint32_t i)
{
    struct tcp_sack_block b = conn->ofo->selective_acks[i];

    memmove(&conn->ofo->selective_acks[1], &conn->ofo->selective_acks[0], i * sizeof b);
    conn->ofo->selective_acks[0] = b;
}

/* The most recent block comes first (RFC 2018 4). */
void tcp_sack_report(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq)
{
    uint32_t i = 0;

    while (i < conn->sack_count && !block_extend(&conn->ofo->selective_acks[i], seq, end_seq))
        i++;
    /* Blocks would fall off the end of the option: tell the sender at once. */
    if (i >= 2)
        tcp_send_compressed_ack(conn);
    if (i < conn->sack_count) {
        move_to_front(conn, i);
        coalesce_blocks(conn);
        return;
    }
    if (conn->sack_count < TCP_SACK_BLOCKS)
        conn->sack_count++;
    move_to_front(conn, conn->sack_count - 1u);
    conn->ofo->selective_acks[0] = (struct tcp_sack_block){ seq, end_seq };
}

/* Blocks that the cumulative ACK has reached are of no use any more. */
void tcp_sack_trim(struct tcp_conn *conn)
{
    for (uint32_t i = 0; i < conn->sack_count;) {
        if (!before(conn->rcv_nxt, conn->ofo->selective_acks[i].start_seq))
            remove_block(conn, i);
        else
            i++;
    }
}

void tcp_dsack_set(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (!conn->opt.sack_ok || !conn->entry.stack->sysctl->dsack)
        return;
    if (before(seq, conn->rcv_nxt))
        counters->TCPDSACKOldSent++;
    else
        counters->TCPDSACKOfoSent++;
    conn->dsack_set = true;
    tcp_trouble(conn)->duplicate_sack = (struct tcp_sack_block){ seq, end_seq };
}

/* Another stretch that came twice: a D-SACK that is to be sent may grow, but makes no room. */
void tcp_dsack_extend(struct tcp_conn *conn, uint32_t seq, uint32_t end_seq)
{
    if (conn->dsack_set)
        block_extend(&tcp_trouble(conn)->duplicate_sack, seq, end_seq);
    else
        tcp_dsack_set(conn, seq, end_seq);
}

/* The SACK blocks that fit beside timestamps, the duplicate one first (RFC 2883 4). */
void tcp_put_sacks(struct tcp_conn *conn, struct tcp_tx *tx)
{
    uint32_t room = tx->timestamps ? 3 : 4, n = 0;

    if (conn->dsack_set)
        tx->sack[n++] = conn->extra->trouble.duplicate_sack;
    for (uint32_t i = 0; i < conn->sack_count && n < room; i++)
        tx->sack[n++] = conn->ofo->selective_acks[i];
    tx->sack_count = (uint8_t)n;
    conn->dsack_set = false;
}

/* The memory of all connections of a node together (net.ipv4.tcp_mem), and when it is short. */
#ifndef WEFT_PROTOCOLS_TCP_PRESSURE_H
#define WEFT_PROTOCOLS_TCP_PRESSURE_H

#include "protocols/tcp/conn.h"

enum { TCP_MEM_PAGE = 4096 };

enum tcp_mem_use { TCP_MEM_RECEIVED, TCP_MEM_TO_SEND };

/* Asks the node for memory of `bytes`, by the page, unless what the connection has in reserve
 * (forward_alloc) is enough.  False: the node has too little; nothing was taken, and a send buffer
 * has become smaller. */
bool tcp_mem_take(struct tcp_conn *conn, uint32_t bytes, enum tcp_mem_use use);

/* Takes it in any case: what can not be refused. */
void tcp_mem_force(struct tcp_conn *conn, uint32_t bytes);

/* Full pages in reserve go back to the node. */
void tcp_mem_reclaim(struct tcp_conn *conn);

/* Memory that was in use is free. */
static inline void tcp_mem_returned(struct tcp_conn *conn, uint32_t bytes)
{
    conn->forward_alloc += (int32_t)bytes;
    if (conn->forward_alloc >= TCP_MEM_PAGE)
        tcp_mem_reclaim(conn);
}

/* The connection ends: so does what it has taken. */
void tcp_mem_forget(struct tcp_conn *conn);

/* The node has used more than tcp_mem's second number, and not yet less than the first again. */
static inline bool tcp_under_pressure(const struct tcp_conn *conn)
{
    return conn->entry.stack->pressure_since_ms != 0;
}

/* Not even the first number is in use: buffers may grow. */
static inline bool tcp_mem_plenty(const struct tcp_conn *conn)
{
    const struct tcp_stack *stack = conn->entry.stack;

    return stack->pages.known < (int64_t)stack->sysctl->mem[0];
}

/* A connection or a listener more (1), or fewer (-1). */
void tcp_mem_sockets(struct tcp_stack *stack, int32_t change);

/* Nothing is left, and the connection holds more than the least of a send buffer. */
bool tcp_out_of_memory(const struct tcp_conn *conn);

#endif

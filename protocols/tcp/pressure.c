/* The memory of all connections of a node together, as Linux accounts for it.
 *
 * Connections take it by the page into their reserve (forward_alloc), from which buffers are
 * charged, and give full pages back.  net.ipv4.tcp_mem has three numbers of pages.  Below the first
 * nobody cares.  Above the second the node is under pressure, until less than the first is in use:
 * windows do not open, send buffers do not grow, and who has more than its share gets no more.
 * Above the third nobody does: what comes is thrown away after all that waits for a hole, writers
 * wait, and orphans are reset.  (Linux, Documentation/networking/ip-sysctl.rst: tcp_mem.)
 *
 * The numbers are compared with what is known, and that is less exact: a processor keeps changes in
 * hand until they are net.core.mem_pcpu_rsv pages, a megabyte; likewise those of the number of
 * sockets, until they are 32.  A node here has one processor, and mem_pcpu_rsv may be less than
 * Linux allows: with 1 each page is known at once.  */
#include "protocols/tcp/pressure.h"

#include <stdlib.h>

#include "protocols/tcp/internal.h"

enum { SOCKETS_BATCH = 32 }; /* Linux's percpu_counter_batch */

/* ---- Tallies -------------------------------------------------------------------------------- */

static void tally(struct tcp_tally *t, int32_t change, uint32_t batch)
{
    t->in_hand += change;
    if ((uint32_t)abs(t->in_hand) >= batch) {
        t->known += t->in_hand;
        t->in_hand = 0;
    }
}

static void tally_pages(struct tcp_stack *stack, int32_t change)
{
    tally(&stack->pages, change, stack->sysctl->mem_pcpu_rsv);
}

void tcp_mem_sockets(struct tcp_stack *stack, int32_t change)
{
    tally(&stack->sockets, change, SOCKETS_BATCH);
}

/* ---- Pressure ------------------------------------------------------------------------------- */

static void enter(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (stack->pressure_since_ms)
        return;
    stack->pressure_since_ms = tcp_clock_ms(stack->sim);
    stack->counters->TCPMemoryPressures++;
}

static void leave(struct tcp_stack *stack)
{
    if (!stack->pressure_since_ms)
        return;
    stack->counters->TCPMemoryPressuresChrono +=
        tcp_clock_ms(stack->sim) - stack->pressure_since_ms;
    stack->pressure_since_ms = 0;
}

/* ---- Who gets more -------------------------------------------------------------------------- */

static uint64_t held(const struct tcp_conn *conn)
{
    return (uint64_t)((int64_t)conn->write_queued + conn->rmem_alloc + conn->forward_alloc);
}

/* Everybody may have the least of a buffer; and under pressure as much as each could have if all
 * had as much. */
static bool is_modest(const struct tcp_conn *conn, enum tcp_mem_use use)
{
    const struct tcp_stack *stack = conn->entry.stack;
    const struct tcp_sysctl *sysctl = stack->sysctl;
    uint64_t pages = (held(conn) + TCP_MEM_PAGE - 1) / TCP_MEM_PAGE;

    if (use == TCP_MEM_RECEIVED ? conn->rmem_alloc < sysctl->rmem[0]
                                : conn->write_queued < sysctl->wmem[0])
        return true;
    return !stack->pressure_since_ms || sysctl->mem[2] > (uint64_t)stack->sockets.known * pages;
}

/* A writer has to wait until half of what it wrote has left. */
static void moderate_sndbuf(struct tcp_conn *conn)
{
    if (!conn->sndbuf_locked)
        conn->sndbuf =
            max_u32(min_u32(conn->sndbuf, conn->write_queued >> 1), (uint32_t)TCP_SNDBUF_LEAST);
}

/* May the pages that were added stay?  (Linux's __sk_mem_raise_allocated.) */
static bool granted(struct tcp_conn *conn, uint32_t bytes, enum tcp_mem_use use)
{
    struct tcp_stack *stack = conn->entry.stack;
    const uint32_t *mem = stack->sysctl->mem;
    int64_t pages = stack->pages.known;

    if (pages <= mem[0]) {
        leave(stack);
        return true;
    }
    if (pages > mem[1])
        enter(conn);
    if (pages <= mem[2] && is_modest(conn, use))
        return true;
    if (use == TCP_MEM_RECEIVED)
        return false;
    moderate_sndbuf(conn);
    return conn->write_queued + bytes >= conn->sndbuf; /* else it would not be made to wait */
}

/* Makes the reserve larger by the pages that are missing; returns how many. */
static uint32_t enlarge(struct tcp_conn *conn, uint32_t missing)
{
    uint32_t pages = (missing + TCP_MEM_PAGE - 1) / TCP_MEM_PAGE;

    tally_pages(conn->entry.stack, (int32_t)pages);
    conn->forward_alloc += (int32_t)(pages * TCP_MEM_PAGE);
    return pages;
}

bool tcp_mem_take(struct tcp_conn *conn, uint32_t bytes, enum tcp_mem_use use)
{
    int32_t missing = (int32_t)bytes - conn->forward_alloc;

    if (missing <= 0)
        return true;
    uint32_t pages = enlarge(conn, (uint32_t)missing);
    if (granted(conn, (uint32_t)missing, use))
        return true;
    tally_pages(conn->entry.stack, -(int32_t)pages);
    conn->forward_alloc -= (int32_t)(pages * TCP_MEM_PAGE);
    return false;
}

void tcp_mem_force(struct tcp_conn *conn, uint32_t bytes)
{
    int32_t missing = (int32_t)bytes - conn->forward_alloc;

    if (missing > 0)
        enlarge(conn, (uint32_t)missing);
}

static void give_back(struct tcp_stack *stack, uint32_t pages)
{
    tally_pages(stack, -(int32_t)pages);
    assert(stack->pages.known + stack->pages.in_hand >= 0);
    if (stack->pressure_since_ms && stack->pages.known < stack->sysctl->mem[0])
        leave(stack);
}

void tcp_mem_reclaim(struct tcp_conn *conn)
{
    give_back(conn->entry.stack, (uint32_t)conn->forward_alloc / TCP_MEM_PAGE);
    conn->forward_alloc %= TCP_MEM_PAGE;
}

void tcp_mem_forget(struct tcp_conn *conn)
{
    give_back(conn->entry.stack, (uint32_t)(held(conn) / TCP_MEM_PAGE));
    conn->forward_alloc = 0;
}

bool tcp_out_of_memory(const struct tcp_conn *conn)
{
    const struct tcp_stack *stack = conn->entry.stack;

    return conn->write_queued > TCP_SNDBUF_LEAST && stack->pages.known > stack->sysctl->mem[2];
}

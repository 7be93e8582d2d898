/* When Fast Open does harm it is not tried for a while, by nobody of this host (Linux's
 * net.ipv4.tcp_fastopen_blackhole_timeout_sec; 0: never mind).
 *
 * Some middleboxes let a SYN with the option pass, and what follows it no more.  So a connection
 * that began with Fast Open, and has three time-outs in a row or is given up before, begins a
 * pause, as does one that got nothing but a FIN out of order.  Each pause in a row is twice as long
 * as the one before, up to 64 times the first; the row ends with a connection that tried Fast Open
 * after a pause and received data. */
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/table.h"

enum { DOUBLINGS = 6 };

bool tcp_fastopen_paused(const struct tcp_stack *stack)
{
    const struct tcp_table *table = stack->table;
    sim_time pause = (sim_time)stack->sysctl->fastopen_blackhole_timeout_sec * SIM_S;

    if (pause == 0 || !table || table->fastopen_pauses == 0)
        return false;
    pause <<= min_u32(table->fastopen_pauses - 1, DOUBLINGS);
    return stack->sim->now < table->fastopen_paused_at + pause;
}

bool tcp_fastopen_was_paused(const struct tcp_stack *stack)
{
    return stack->sysctl->fastopen_blackhole_timeout_sec > 0 && stack->table->fastopen_pauses > 0;
}

void tcp_fastopen_pause(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;

    if (stack->sysctl->fastopen_blackhole_timeout_sec == 0)
        return;
    stack->table->fastopen_paused_at = stack->sim->now;
    stack->table->fastopen_pauses++;
    stack->counters->TCPFastOpenBlackhole++;
}

void tcp_fastopen_timed_out(struct tcp_conn *conn, bool expired)
{
    const struct tcp_fastopen *f = conn->extra ? &conn->extra->fastopen : NULL;

    if (!f || !(f->asked || f->syn_data || f->acked))
        return;
    if (conn->retransmits == 2 || (conn->retransmits < 2 && expired)) {
        tcp_fastopen_pause(conn);
        conn->entry.stack->counters->TCPFastOpenActiveFail++;
    }
}

void tcp_fastopen_over(struct tcp_conn *conn)
{
    const struct tcp_fastopen *f = &conn->extra->fastopen;

    if (!f->asked)
        return;
    if (conn->stats.data_segs_in == 0) {
        if (conn->ofo && rangeset_last(&conn->ofo->set)->fin)
            tcp_fastopen_pause(conn);
    } else if (f->was_paused && !tcp_is_loopback(&conn->entry.key)) {
        conn->entry.stack->table->fastopen_pauses = 0;
    }
}

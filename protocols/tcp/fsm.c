/* The states of a connection (RFC 9293 3.3.2), as a sparse table: in these states, on this event,
 * go there.  What is not in the table is not an event of that state, and a bug.
 *
 * One function writes the state: set_state.  LISTEN is a struct tcp_listener, a passive
 * SYN-RECEIVED is a struct tcp_request until its handshake is complete, and TIME_WAIT is a struct
 * tcp_tw, so connections have the other states only. */
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"

#define IN(state) (1u << TCP_##state)

static const struct {
    uint16_t states;
    uint8_t event; /* enum fsm_event */
    uint8_t next;
    uint8_t seen; /* what observers are told instead, if it is not 0 */
} transitions[] = {
    { IN(CLOSED), FSM_OPEN, TCP_SYN_SENT },
    { IN(CLOSED), FSM_ACCEPT, TCP_SYN_RECV },
    { IN(SYN_SENT), FSM_GOT_SYN, TCP_SYN_RECV }, /* simultaneous open */
    { IN(SYN_SENT), FSM_GOT_SYN_ACK, TCP_ESTABLISHED },
    { IN(SYN_RECV), FSM_SYN_ACKED, TCP_ESTABLISHED },
    { IN(SYN_RECV) | IN(ESTABLISHED), FSM_CLOSE, TCP_FIN_WAIT1 },
    { IN(CLOSE_WAIT), FSM_CLOSE, TCP_LAST_ACK },
    { IN(SYN_RECV) | IN(ESTABLISHED), FSM_GOT_FIN, TCP_CLOSE_WAIT },
    { IN(FIN_WAIT1), FSM_GOT_FIN, TCP_CLOSING },
    { IN(FIN_WAIT1), FSM_FIN_ACKED, TCP_FIN_WAIT2 },
    { IN(FIN_WAIT2), FSM_GOT_FIN, TCP_CLOSED, TCP_TIME_WAIT }, /* which is a struct tcp_tw */
    { IN(CLOSING), FSM_FIN_ACKED, TCP_CLOSED, TCP_TIME_WAIT },
    { IN(LAST_ACK), FSM_FIN_ACKED, TCP_CLOSED },
    { IN(FIN_WAIT2), FSM_ORPHANED, TCP_CLOSED, TCP_FIN_WAIT2 }, /* ditto */
    { 0xffff, FSM_END, TCP_CLOSED },                            /* reset, time-out, abort */
};

const char *const tcp_state_names[TCP_STATES + 1] = {
    [TCP_CLOSED] = "CLOSED",       [TCP_LISTEN] = "LISTEN",           [TCP_SYN_SENT] = "SYN_SENT",
    [TCP_SYN_RECV] = "SYN_RECV",   [TCP_ESTABLISHED] = "ESTABLISHED", [TCP_FIN_WAIT1] = "FIN_WAIT1",
    [TCP_FIN_WAIT2] = "FIN_WAIT2", [TCP_CLOSE_WAIT] = "CLOSE_WAIT",   [TCP_CLOSING] = "CLOSING",
    [TCP_LAST_ACK] = "LAST_ACK",   [TCP_TIME_WAIT] = "TIME_WAIT",
};

const char *tcp_state_name(enum tcp_state state)
{
    return tcp_state_names[state];
}

/* Opening and ending are counted here, so that nobody can forget it.  An attempt that its owner
 * gives up, which is no error to anybody, has not failed. */
static void count_change(struct tcp_conn *conn, enum tcp_state old, enum tcp_state next)
{
    struct tcp_counters *counters = conn->entry.stack->counters;

    if (next == TCP_CLOSED && conn->error && (old == TCP_SYN_SENT || old == TCP_SYN_RECV))
        counters->AttemptFails++;
    if (next == TCP_CLOSED && conn->error && (old == TCP_ESTABLISHED || old == TCP_CLOSE_WAIT))
        counters->EstabResets++;
}

static void set_state(struct tcp_conn *conn, enum tcp_state next, enum tcp_state seen)
{
    enum tcp_state old = conn->entry.state;

    count_change(conn, old, next);
    conn->entry.state = (uint8_t)next;
    if (next == TCP_ESTABLISHED)
        conn->established_at = conn->entry.stack->sim->now;
    if (next == TCP_CLOSED)
        tcp_limit_set(conn, TCP_LIMIT_APP);
    if (conn->observers && seen != old)
        tcp_observe_event(conn, TCP_EVENT_STATE, old, seen);
}

bool fsm_accepts(const struct tcp_conn *conn, enum fsm_event event)
{
    for (size_t i = 0; i < G_N_ELEMENTS(transitions); i++)
        if (transitions[i].event == event && transitions[i].states & 1u << conn->entry.state)
            return true;
    return false;
}

void fsm_event(struct tcp_conn *conn, enum fsm_event event)
{
    for (size_t i = 0; i < G_N_ELEMENTS(transitions); i++) {
        if (transitions[i].event == event && transitions[i].states & 1u << conn->entry.state) {
            set_state(conn, transitions[i].next,
                      transitions[i].seen ? transitions[i].seen : transitions[i].next);
            return;
        }
    }
    g_assert_not_reached();
}

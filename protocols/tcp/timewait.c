/* TIME_WAIT: what is left of a connection whose both directions are closed, for 60 s (RFC 9293
 * 3.6.1, RFC 1122 4.2.2.13, RFC 6191, RFC 1337).  An orphan in FIN_WAIT2 is kept in the same small
 * form, as nothing but a FIN can come for it any more. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"
#include "protocols/tcp/timers.h"

static void tw_free(struct tcp_tw *tw)
{
    struct tcp_stack *stack = tw->entry.stack;

    timer_cancel(stack->sim, &tw->timer);
    table_remove(stack->table, &tw->entry);
    list_remove(&tw->link);
    stack->time_waits--;
    pool_give(&stack->memory->tws, tw);
}

void tcp_tw_free_all(struct tcp_stack *stack)
{
    struct list *all = &stack->table->time_waits;

    while (!list_empty(all))
        tw_free(container_of(all->next, struct tcp_tw, link));
}

static void tw_timer(struct sim *sim, struct timer *timer)
{
    struct tcp_tw *tw = container_of(timer, struct tcp_tw, timer);

    tw_free(tw);
}

static void restart(struct tcp_tw *tw)
{
    timer_set(tw->entry.stack->sim, &tw->timer, tw->entry.stack->sim->now + TCP_TIMEWAIT_LEN);
}

static struct tcp_tw *tw_new(struct tcp_conn *conn, enum tcp_state substate)
{
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_tw *tw = pool_take(&stack->memory->tws);

    memset(tw, 0, sizeof *tw);
    tw->entry =
        (struct tcp_entry){ .stack = stack, .kind = TCP_KIND_TW, .state = (uint8_t)TCP_TIME_WAIT };
    timer_init(&tw->timer, stack->actor, tw_timer);
    tw->substate = (uint8_t)substate;
    tw->rcv_nxt = conn->rcv_nxt;
    tw->snd_nxt = conn->snd_nxt;
    tw->entry.iss = conn->entry.iss;
    tw->rcv_wnd = tcp_receive_window(conn);
    tw->rcv_wscale = conn->opt.rcv_wscale;
    tw->tsoffset = conn->tsoffset;
    tw->ts_recent = conn->opt.ts_recent;
    tw->ts_recent_stamp = conn->opt.ts_recent_stamp;
    tw->timestamps = conn->opt.tstamp_ok;
    tw->reuse = conn->config->reuseaddr;
    tw->reuseport = conn->config->reuseport;
    tw->tos = conn->config->tos | tcp_ecn_last_field(conn);
    tw->flow = conn->config->flow;
    tw->born_ms = tcp_now_ms(conn);
    list_push_back(&stack->table->time_waits, &tw->link);
    stack->time_waits++;
    return tw;
}

static void leave_entry(struct tcp_conn *conn, enum tcp_state substate, sim_time length)
{
    struct tcp_stack *stack = conn->entry.stack;

    tcp_metrics_save(conn);
    if (stack->time_waits >= stack->sysctl->max_tw_buckets) {
        stack->counters->TCPTimeWaitOverflow++;
        return;
    }
    struct tcp_tw *tw = tw_new(conn, substate);
    if (length > 4 * SIM_S)
        stack->counters->TW++;
    else
        stack->counters->TWKilled++;
    table_replace(stack->table, &conn->entry, &tw->entry);
    timer_set(stack->sim, &tw->timer, stack->sim->now + length);
}

void tcp_time_wait(struct tcp_conn *conn, enum fsm_event event, sim_time length)
{
    leave_entry(conn, TCP_TIME_WAIT, length);
    fsm_event(conn, event);
    tcp_done(conn, 0);
}

/* ---- Orphans in FIN_WAIT2 ------------------------------------------------------------------- */

static uint64_t fin_time_ms(const struct tcp_conn *conn)
{
    uint64_t ms = conn->config->linger2 > 0 ? conn->config->linger2 * 1000ull
                                            : conn->entry.stack->sysctl->fin_timeout * 1000ull;
    /* At least until a retransmission of the FIN would have come. */
    uint64_t least = ((uint64_t)conn->rto_us * 4 - conn->rto_us / 2) / 1000;
    return ms > least ? ms : least;
}

static void fin_wait2_entry(struct tcp_conn *conn, uint64_t ms)
{
    leave_entry(conn, TCP_FIN_WAIT2, (sim_time)ms * SIM_MS);
    fsm_event(conn, FSM_ORPHANED);
    tcp_done(conn, 0);
}

/* `fin_follows`: the segment at hand brings the FIN, so the connection is still needed. */
void tcp_orphan_fin_wait2(struct tcp_conn *conn, bool fin_follows)
{
    uint64_t ms = fin_time_ms(conn), length = TCP_TIMEWAIT_LEN / SIM_MS;

    if (ms > length)
        tcp_set_keepalive_timer(conn, ms - length);
    else if (fin_follows)
        tcp_set_keepalive_timer(conn, ms);
    else
        fin_wait2_entry(conn, ms);
}

void tcp_fin_wait2_expired(struct tcp_conn *conn)
{
    uint64_t ms = fin_time_ms(conn), length = TCP_TIMEWAIT_LEN / SIM_MS;

    if (conn->config->linger2 >= 0 && ms > length) {
        fin_wait2_entry(conn, ms - length);
        return;
    }
    tcp_send_active_reset(conn);
    tcp_done(conn, 0);
}

/* ---- A segment for it ----------------------------------------------------------------------- */

static void send_ack(struct tcp_tw *tw)
{
    struct tcp_stack *stack = tw->entry.stack;
    struct tcp_tx tx = { .seq = tw->snd_nxt,
                         .ack = tw->rcv_nxt,
                         .flags = TH_ACK,
                         .window = (uint16_t)min_u32(tw->rcv_wnd >> tw->rcv_wscale, 65535),
                         .timestamps = tw->timestamps,
                         .tsval = tcp_clock_ms(stack->sim) + tw->tsoffset,
                         .tsecr = tw->ts_recent };

    tcp_send_alone(&tw->entry, &tx, tw->tos, tw->flow);
}

static void send_ack_limited(struct tcp_tw *tw, const struct tcp_rx *rx, uint64_t *counter)
{
    if (!tcp_segment_limited(tw->entry.stack, rx, &tw->last_oow_ms, counter))
        send_ack(tw);
}

static void store_timestamp(struct tcp_tw *tw, const struct tcp_options *opt)
{
    if (opt->saw_tstamp) {
        tw->ts_recent = opt->rcv_tsval;
        tw->ts_recent_stamp = tcp_clock_s(tw->entry.stack->sim);
    }
}

static bool paws_reject(const struct tcp_tw *tw, const struct tcp_options *opt, bool reset)
{
    uint32_t age = tcp_clock_s(tw->entry.stack->sim) - tw->ts_recent_stamp;

    if (!opt->saw_tstamp || (int32_t)(tw->ts_recent - opt->rcv_tsval) <= 0 || tw->ts_recent == 0)
        return false;
    /* A RST may come with an old timestamp after a while: it is better believed. */
    return !(reset && age >= TCP_PAWS_MSL_S);
}

static void fin_wait2_input(struct tcp_tw *tw, const struct tcp_rx *rx,
                            const struct tcp_options *opt, bool rejected)
{
    struct tcp_stack *stack = tw->entry.stack;

    if (rejected || !tcp_in_window(rx, tw->rcv_nxt, tw->rcv_nxt + tw->rcv_wnd)) {
        send_ack_limited(tw, rx, &stack->counters->TCPACKSkippedFinWait2);
    } else if (rx->flags & TH_RST) {
        tw_free(tw);
    } else if (rx->flags & TH_SYN && !before(rx->seq, tw->rcv_nxt)) {
        tcp_reset_for(stack, rx);
        tw_free(tw);
    } else if (!(rx->flags & TH_ACK) || !after(rx->end_seq, tw->rcv_nxt) ||
               rx->end_seq == rx->seq) {
        return;
    } else if (!(rx->flags & TH_FIN) || rx->end_seq != tw->rcv_nxt + 1) {
        tcp_reset_for(stack, rx); /* data that nobody will read */
        tw_free(tw);
    } else {
        tw->substate = TCP_TIME_WAIT;
        tw->rcv_nxt = rx->end_seq;
        store_timestamp(tw, opt);
        restart(tw);
        send_ack(tw);
    }
}

/* RFC 6191: a SYN that is surely new may begin the next connection. */
static bool acceptable_syn(const struct tcp_tw *tw, const struct tcp_rx *rx,
                           const struct tcp_options *opt)
{
    if ((rx->flags & (TH_SYN | TH_RST | TH_ACK)) != TH_SYN)
        return false;
    return after(rx->seq, tw->rcv_nxt) ||
           (opt->saw_tstamp && (int32_t)(tw->ts_recent - opt->rcv_tsval) < 0);
}

/* If nobody listens any more the SYN gets an ACK, as an illegal one does. */
static void new_connection(struct tcp_tw *tw, struct tcp_rx *rx)
{
    struct tcp_stack *stack = tw->entry.stack;
    struct tcp_key key = tw->entry.key;
    struct tcp_listener *l = table_listener(stack, &key);
    uint32_t iss = tw->snd_nxt + 65535 + 2;

    if (l) {
        tw_free(tw);
        tcp_listen_input(l, rx, &key, iss ? iss : 1);
    } else {
        send_ack(tw);
    }
}

void tcp_tw_input(struct tcp_tw *tw, struct tcp_rx *rx)
{
    struct tcp_stack *stack = tw->entry.stack;
    struct tcp_options opt = { .tstamp_ok = tw->timestamps };

    tcp_options_established(rx, &opt);
    bool rejected = paws_reject(tw, &opt, (rx->flags & TH_RST) != 0);
    if (tw->substate == TCP_FIN_WAIT2) {
        fin_wait2_input(tw, rx, &opt, rejected);
        return;
    }
    if (!rejected && rx->seq == tw->rcv_nxt && (rx->seq == rx->end_seq || rx->flags & TH_RST)) {
        if (!(rx->flags & TH_RST)) {
            restart(tw);
        } else if (!stack->sysctl->rfc1337) { /* TIME_WAIT assassination */
            tw_free(tw);
            return;
        }
        store_timestamp(tw, &opt);
        return;
    }
    if (!rejected && acceptable_syn(tw, rx, &opt)) {
        new_connection(tw, rx);
        return;
    }
    if (rejected)
        stack->counters->PAWSTimewait++;
    if (!(rx->flags & TH_RST)) {
        /* A repeated FIN restarts the wait; a SYN without ACK may be new and does not. */
        if (rejected || rx->flags & TH_ACK)
            restart(tw);
        send_ack_limited(tw, rx, &stack->counters->TCPACKSkippedTimeWait);
    }
}

/* ---- Reuse by connect ----------------------------------------------------------------------- */

bool tcp_is_loopback(const struct tcp_key *key)
{
    return ip_addr_is_v4(&key->local) && ip_addr_v4(&key->local) >> 24 == 127 &&
           ip_addr_v4(&key->remote) >> 24 == 127;
}

bool tcp_tw_reuse_allowed(const struct tcp_stack *stack, const struct tcp_key *key)
{
    uint32_t reuse = stack->sysctl->tw_reuse;

    return reuse == 1 || (reuse == 2 && tcp_is_loopback(key));
}

/* With timestamps nothing of the old connection can be mistaken.  Who took the port in advance
 * knows what he does; a port that is looked for is subject to net.ipv4.tcp_tw_reuse. */
bool tcp_tw_reusable(const struct tcp_tw *tw, bool bound)
{
    const struct tcp_sysctl *sysctl = tw->entry.stack->sysctl;
    uint32_t age = tcp_clock_ms(tw->entry.stack->sim) - tw->born_ms;

    if (bound || !tw->timestamps)
        return tw->timestamps;
    return tcp_tw_reuse_allowed(tw->entry.stack, &tw->entry.key) && tw->substate == TCP_TIME_WAIT &&
           age > sysctl->tw_reuse_delay;
}

void tcp_tw_replace(struct tcp_conn *conn)
{
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_entry *entry =
        table_find(stack->table, &conn->entry.key, table_hash(stack, &conn->entry.key));

    if (!entry)
        return;
    struct tcp_tw *tw = container_of(entry, struct tcp_tw, entry);
    uint32_t isn = tw->snd_nxt + 65535 + 2;
    conn->write_seq = isn ? isn : 1;
    conn->opt.ts_recent = tw->ts_recent;
    conn->opt.ts_recent_stamp = tw->ts_recent_stamp;
    stack->counters->TWRecycled++;
    tw_free(tw);
}

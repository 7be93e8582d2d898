/* A connection as others see it. */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"

static sim_time us(uint64_t value)
{
    return (sim_time)value * SIM_US;
}

static void fill_path(const struct tcp_conn *conn, struct tcp_info *info)
{
    info->rto = us(conn->rto_us);
    info->srtt = us(conn->srtt_us >> 3);
    info->rttvar = us(conn->mdev_us >> 2);
    info->min_rtt = conn->srtt_us ? us(tcp_min_rtt(conn)) : 0;
    info->last_rtt = tcp_conn_last_rtt(conn);
    info->rcv_rtt = us(conn->rcv_rtt_us >> 3);
    info->ato = us(conn->ato_ms * 1000ull);
    uint32_t now = tcp_clock_ms(conn->entry.stack->sim);
    info->since_data_sent = us((now - conn->lsndtime_ms) * 1000ull);
    info->since_data_received = us((now - conn->lrcvtime_ms) * 1000ull);
    info->since_ack_received = us((now - conn->rcv_tstamp_ms) * 1000ull);
    info->mss = conn->mss_cache;
    info->rcv_mss = conn->rcv_mss;
    info->advmss = conn->advmss;
    info->pmtu = conn->pmtu;
}

static void fill_window(const struct tcp_conn *conn, struct tcp_info *info)
{
    info->cwnd = conn->cc.cwnd;
    info->ssthresh = conn->cc.ssthresh;
    info->unacked = conn->packets_out;
    info->sacked = conn->sacked_out;
    info->lost = conn->lost_out;
    info->retrans = conn->retrans_out;
    info->inflight = tcp_inflight(conn);
    info->reordering = conn->reordering;
    info->reord_seen = tcp_trouble_seen(conn)->reord_seen;
    info->snd_wnd = conn->snd_wnd;
    info->rcv_wnd = tcp_receive_window(conn);
    info->told_wnd = conn->rcv_wnd;
    info->sndbuf = conn->sndbuf;
    info->wmem_queued = conn->write_queued;
    info->rmem_alloc = conn->rmem_alloc;
    info->rcvbuf = conn->rcvbuf;
    info->rcv_space = conn->rcvq_space;
    info->rcv_ssthresh = conn->rcv_ssthresh;
    info->window_clamp = conn->window_clamp;
    info->recv_ready = tcp_recv_ready(conn);
    info->notsent_bytes = conn->write_seq - conn->snd_nxt;
    uint64_t uncut = tcp_uncut(conn);
    info->notsent_bytes = uncut == TCP_ENDLESS ? TCP_ENDLESS : info->notsent_bytes + uncut;
}

static void fill_rates(const struct tcp_conn *conn, struct tcp_info *info)
{
    info->pacing_rate = conn->cc.pacing_rate;
    info->max_pacing_rate =
        conn->config->max_pacing_rate ? conn->config->max_pacing_rate : UINT64_MAX;
    info->window_rate = tcp_window_rate(conn);
    if (conn->rate_interval_us)
        info->delivery_rate =
            (uint64_t)conn->rate_delivered * conn->mss_cache * 1000000 / conn->rate_interval_us;
    info->delivery_app_limited = conn->rate_app_limited;
    info->delivered = (uint32_t)conn->cc.delivered;
    info->delivered_ce = conn->delivered_ce;
}

/* Bytes sent at least once; SYN and FIN have numbers but are none. */
static uint64_t sent_pos(const struct tcp_conn *conn)
{
    uint64_t pos = tcp_stream_pos(conn, conn->snd_nxt);
    return pos < conn->cut_pos ? pos : conn->cut_pos;
}

static void fill_counts(const struct tcp_conn *conn, struct tcp_info *info)
{
    const struct tcp_stats *stats = &conn->stats;
    const struct tcp_trouble *trouble = tcp_trouble_seen(conn);

    info->bytes_sent = sent_pos(conn) + trouble->bytes_retrans;
    info->bytes_retrans = trouble->bytes_retrans;
    info->bytes_acked = tcp_numbers_acked(conn);
    info->bytes_received = stats->bytes_received + tcp_fin_received(conn); /* as Linux counts */
    info->segs_out = stats->segs_out;
    info->segs_in = stats->segs_in;
    info->data_segs_out = stats->data_segs_out;
    info->data_segs_in = stats->data_segs_in;
    info->retransmits_total = trouble->total_retrans;
    info->timeouts_total = trouble->timeouts;
    info->rehash = trouble->rehash;
    info->timeout_recoveries = trouble->rto_recoveries;
    uint32_t lost_ms = trouble->rto_time_ms;
    if (trouble->rto_stamp_ms) /* it goes on */
        lost_ms += tcp_clock_ms(conn->entry.stack->sim) - trouble->rto_stamp_ms;
    info->timeout_time = us(lost_ms * 1000ull);
    info->fast_recoveries = trouble->recoveries;
    info->undos = trouble->undos;
    info->dsack_dups = trouble->dsack_dups;
    info->ooo_packets = trouble->rcv_ooopack;
}

static sim_time time_limited(const struct tcp_conn *conn, int limit, sim_time now)
{
    return conn->limited[limit - 1] + (conn->limit == limit ? now - conn->limit_since : 0);
}

/* How long data waited for the answer to the SYN it went with. */
static sim_time busy_with_syn(const struct tcp_conn *conn, sim_time now)
{
    sim_time from = conn->extra ? conn->extra->fastopen.syn_data_at : 0;

    if (from == 0)
        return 0;
    if (conn->established_at != SIM_NEVER)
        return conn->established_at - from;
    return (conn->ended ? conn->limit_since : now) - from;
}

static void fill_times(const struct tcp_conn *conn, struct tcp_info *info)
{
    sim_time now = conn->entry.stack->sim->now, total, rest;

    info->established = conn->established_at;
    info->busy = busy_with_syn(conn, now);
    if (conn->established_at == SIM_NEVER)
        return;
    rest = total = (conn->ended ? conn->limit_since : now) - conn->established_at;
    for (int i = TCP_LIMIT_CWND; i < TCP_LIMITS; i++) {
        info->limited[i] = time_limited(conn, i, now);
        rest -= info->limited[i];
    }
    info->busy += total - time_limited(conn, TCP_LIMIT_IDLE, now);
    info->limited[TCP_LIMIT_APP] = rest;
}

static void fill_accecn(const struct tcp_accecn *a, struct tcp_info *info)
{
    info->accecn = true;
    info->received_ce = a->received_ce;
    /* Linux's lowest bit is for an ACE field that was not sent, which does not happen here. */
    info->accecn_fail = (uint8_t)(a->fail << 1);
    info->accecn_option = a->saw_counters ? 2 : a->saw_option; /* 2: with counters */
    for (int i = 0; i < 3; i++) {
        info->received_ecn_bytes[i] = a->received_bytes[i];
        info->delivered_ecn_bytes[i] = a->delivered_bytes[i];
    }
}

void tcp_info_get(const struct tcp_conn *conn, struct tcp_info *info)
{
    memset(info, 0, sizeof *info);
    info->state = conn->entry.state;
    info->ca_state = conn->cc.state;
    info->local = conn->entry.key.local;
    info->remote = conn->entry.key.remote;
    info->local_port = conn->entry.key.local_port;
    info->remote_port = conn->entry.key.remote_port;
    info->timestamps = conn->opt.tstamp_ok;
    info->sack = conn->opt.sack_ok;
    info->wscale = conn->opt.wscale_ok;
    info->syn_data = conn->extra && conn->extra->fastopen.acked;
    info->fastopen_child = conn->extra && conn->extra->fastopen.child;
    info->fastopen_fail = conn->extra ? conn->extra->fastopen.client_fail : FASTOPEN_NO_FAIL;
    info->ecn = (conn->ecn & (ECN_CLASSIC | ECN_ACCURATE | ECN_ASKED)) != 0;
    info->ecn_seen = (conn->ecn & ECN_SEEN) != 0;
    if (conn->ecn & ECN_ACCURATE)
        fill_accecn(&conn->extra->accecn, info);
    info->snd_wscale = conn->opt.snd_wscale;
    info->rcv_wscale = conn->opt.rcv_wscale;
    info->backoff = conn->backoff;
    info->probes = conn->probes_out;
    info->retransmits = conn->retransmits;
    info->cc = conn->cc.ops;
    fill_path(conn, info);
    fill_window(conn, info);
    fill_rates(conn, info);
    fill_counts(conn, info);
    fill_times(conn, info);
}

enum tcp_state tcp_conn_state(const struct tcp_conn *conn)
{
    return conn->entry.state;
}

struct tcp_stack *tcp_conn_stack(const struct tcp_conn *conn)
{
    return conn->entry.stack;
}

const struct cc *tcp_conn_cc(const struct tcp_conn *conn)
{
    return &conn->cc;
}

sim_time tcp_conn_last_rtt(const struct tcp_conn *conn)
{
    return conn->last_rtt_us < 0 ? -1 : us((uint32_t)conn->last_rtt_us);
}

uint64_t tcp_conn_bytes_received(const struct tcp_conn *conn)
{
    return conn->stats.bytes_received;
}

/* As Linux counts bytes_acked: SYN and FIN occupy a number each. */
uint64_t tcp_numbers_acked(const struct tcp_conn *conn)
{
    return conn->una_pos + conn->syn_acked + conn->fin_acked;
}

uint64_t tcp_conn_bytes_acked(const struct tcp_conn *conn)
{
    return conn->una_pos;
}

bool tcp_initial_seq(const struct tcp_stack *stack, const struct ip_addr *local,
                     uint16_t local_port, const struct ip_addr *remote, uint16_t remote_port,
                     uint32_t *seq)
{
    struct tcp_key key = { *local, *remote, local_port, remote_port };
    struct tcp_entry *entry =
        stack->table ? table_find(stack->table, &key, table_hash(stack, &key)) : NULL;

    if (!entry)
        return false;
    *seq = entry->iss;
    return true;
}

void tcp_each_conn(struct tcp_stack *stack, void (*visit)(struct tcp_conn *conn, void *data),
                   void *data)
{
    if (!stack->table)
        return;
    list_for_each (it, &stack->table->conns)
        visit(container_of(it, struct tcp_conn, all), data);
}

struct remnants {
    void (*visit)(const struct tcp_remnant *remnant, void *data);
    void *data;
};

static void visit_remnant(const struct remnants *to, const struct tcp_entry *entry,
                          enum tcp_state state, const struct timer *timer)
{
    const struct tcp_key *key = &entry->key;
    struct tcp_remnant remnant = { .state = state,
                                   .local = key->local,
                                   .remote = key->remote,
                                   .local_port = key->local_port,
                                   .remote_port = key->remote_port,
                                   .until = timer->deadline };

    to->visit(&remnant, to->data);
}

static void visit_requests(const struct tcp_listener *listener, void *data)
{
    list_for_each (it, &listener->requests) {
        const struct tcp_request *req = container_of(it, struct tcp_request, link);
        visit_remnant(data, &req->entry, TCP_SYN_RECV, &req->timer);
    }
}

void tcp_each_remnant(struct tcp_stack *stack,
                      void (*visit)(const struct tcp_remnant *remnant, void *data), void *data)
{
    struct remnants to = { visit, data };

    if (!stack->table)
        return;
    tcp_each_listener(stack, visit_requests, &to);
    list_for_each (it, &stack->table->time_waits) {
        const struct tcp_tw *tw = container_of(it, struct tcp_tw, link);
        visit_remnant(&to, &tw->entry, (enum tcp_state)tw->substate, &tw->timer);
    }
}

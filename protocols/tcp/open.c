/* Active opening, and the handshake of a connection in SYN_SENT (RFC 9293 3.5, 3.10.7.3). */
#include "protocols/tcp/acking.h"
#include "protocols/tcp/congestion.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/options.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/recovery.h"
#include "protocols/tcp/rtxq.h"
#include "protocols/tcp/sending.h"
#include "protocols/tcp/table.h"
#include "protocols/tcp/timers.h"
#include "sim/hash.h"

/* ---- Segment sizes -------------------------------------------------------------------------- */

/* The largest segment for this path MTU, without the space for options in each segment. */
uint32_t tcp_mtu_to_mss(const struct tcp_conn *conn, uint32_t mtu)
{
    uint32_t mss = mtu > 40 ? mtu - 40 : 0;

    mss = min_u32(mss, conn->opt.mss_clamp);
    mss = max_u32(mss, conn->entry.stack->sysctl->min_snd_mss);
    return mss - (conn->header_len - TCP_HEADER);
}

void tcp_sync_mss(struct tcp_conn *conn, uint32_t pmtu)
{
    uint32_t mss = tcp_mtu_to_mss(conn, pmtu), half = conn->max_window;

    /* Not more than half of the peer's window, or the second segment could never go. */
    if (half > TCP_DEFAULT_MSS)
        half >>= 1;
    if (half && mss > half)
        mss = max_u32(half, 68u - conn->header_len);
    if (conn->mtu_probing)
        mss = min_u32(mss, tcp_mtuprobe_limit(conn, pmtu));
    conn->pmtu = pmtu;
    conn->mss_cache = (uint16_t)mss;
    conn->cc.mss = mss;
}

void tcp_check_path(struct tcp_conn *conn)
{
    const struct tcp_stack *stack = conn->entry.stack;
    struct ip_addr src;
    uint32_t mtu;

    if (stack->net->route(stack->net_data, &conn->entry.key.remote, &src, &mtu) &&
        mtu != conn->pmtu)
        tcp_sync_mss(conn, mtu);
}

/* ---- Numbers (RFC 6528) --------------------------------------------------------------------- */

uint32_t tcp_choose_seq(const struct tcp_stack *stack, const struct tcp_key *key)
{
    uint32_t clock = (uint32_t)(stack->sim->now / (4 * SIM_US));
    return clock + (uint32_t)hash_bytes(key, sizeof *key, stack->key ^ 0x69736e);
}

/* Each pair of addresses and ports has its own timestamp clock (RFC 7323 7.1; with addresses alone
 * the ports of others could be found out), unless net.ipv4.tcp_timestamps is 2. */
uint32_t tcp_timestamp_offset(const struct tcp_stack *stack, const struct tcp_key *key)
{
    if (stack->sysctl->timestamps != 1)
        return 0;
    return (uint32_t)hash_bytes(key, sizeof *key, stack->key ^ 0x7473);
}

/* ---- connect -------------------------------------------------------------------------------- */

static uint16_t advertised_mss(const struct tcp_conn *conn, uint32_t mtu)
{
    uint32_t mss = mtu > 40 + TCP_MIN_MSS ? min_u32(mtu - 40, 65495) : TCP_MIN_MSS;

    if (conn->config->mss && conn->config->mss < mss)
        mss = conn->config->mss;
    return (uint16_t)mss;
}

static void set_receive_window(struct tcp_conn *conn)
{
    const struct tcp_sysctl *sysctl = conn->entry.stack->sysctl;
    struct tcp_initial_window w = { .clamp = conn->config->window_clamp };
    uint32_t space = tcp_win_from_space(conn, conn->rcvbuf);

    if (conn->rcvbuf_locked && (w.clamp > space || w.clamp == 0))
        w.clamp = space;
    /* Stamps are sure to come only from whom a TIME_WAIT tells of. */
    uint32_t options = conn->opt.ts_recent_stamp ? conn->header_len - (uint32_t)TCP_HEADER : 0;
    tcp_select_initial_window(sysctl, space, conn->advmss - options, sysctl->window_scaling != 0,
                              &w);
    conn->rcv_wnd = w.window;
    conn->window_clamp = w.clamp;
    conn->opt.rcv_wscale = w.wscale;
    conn->rcv_ssthresh = conn->rcv_wnd;
}

static void connect_init(struct tcp_conn *conn, uint32_t mtu)
{
    conn->header_len = TCP_HEADER + (conn->entry.stack->sysctl->timestamps ? 12 : 0);
    conn->opt.mss_clamp = conn->config->mss
                              ? conn->config->mss
                              : tcp_default_mss(conn->entry.stack, &conn->entry.key.remote);
    conn->advmss = advertised_mss(conn, mtu);
    tcp_mtuprobe_init(conn);
    tcp_sync_mss(conn, mtu);
    tcp_initialize_rcv_mss(conn);
    set_receive_window(conn);
    conn->snd_una = conn->snd_sml = conn->snd_nxt = conn->write_seq;
    conn->entry.iss = conn->pushed_seq = conn->write_seq;
    conn->rto_us = TCP_RTO_INIT_US;
    tcp_ecn_connect(conn);
}

/* The data that goes with the SYN is in the queue by itself, in case that only the SYN arrives.
 * False if the host's own queue was full: then the data waits, and the SYN goes alone and asks for
 * a cookie (tcp_send_syn_data). */
static bool send_syn_data(struct tcp_conn *conn, struct tcp_seg *syn)
{
    struct tcp_seg *data = tcp_cut_syn_data(conn);

    tcp_seg_init_pcount(data, max_u32(tcp_seg_length(data), 1));
    data->pcount = 1;
    if (tcp_transmit_syn_data(conn, syn, data) != 0) {
        syn->sent_count = data->sent_count = 0;
        tcp_fastopen_withdraw(conn);
        return false;
    }
    conn->entry.stack->counters->TCPOrigDataSent++;
    tcp_rate_sent(conn, data);
    list_remove(&data->link);
    list_push_back(&conn->sent_order, &data->link);
    rtxq_push(&conn->rtxq, data);
    conn->packets_out++;
    conn->snd_nxt = data->end_seq;
    return true;
}

static void send_syn(struct tcp_conn *conn)
{
    struct tcp_seg *syn = tcp_seg_new(conn, conn->write_seq, conn->write_seq + 1, TH_SYN);

    conn->write_seq++;
    conn->pushed_seq = conn->write_seq;
    syn->pcount = 1;
    conn->retrans_stamp_ms = tcp_now_ms(conn);
    syn->sent_us = conn->mstamp;
    tcp_rate_sent(conn, syn);
    list_push_back(&conn->sent_order, &syn->link);
    rtxq_push(&conn->rtxq, syn);
    conn->packets_out = 1;
    if (!(conn->extra && conn->extra->fastopen.alone) || !send_syn_data(conn, syn)) {
        if (tcp_transmit_seg(conn, syn) != 0 && conn->extra)
            conn->extra->fastopen.asked = false;
        conn->snd_nxt = syn->end_seq; /* not before: what is in flight when its queue is full */
    }
    conn->entry.stack->counters->ActiveOpens++;
    tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, conn->rto_us);
}

static int choose_addresses(const struct tcp_conn *conn, struct tcp_key *key, uint32_t *mtu)
{
    static const struct ip_addr any;
    struct tcp_stack *stack = conn->entry.stack;
    struct ip_addr src;

    if (!stack->net->route(stack->net_data, &key->remote, &src, mtu))
        return ENETUNREACH;
    if (ip_addr_equal(&key->local, &any))
        key->local = src;
    if (key->local_port == 0)
        return table_choose_port(stack, key, conn->config->ports);
    return table_key_free(stack, key, true) ? 0 : EADDRNOTAVAIL;
}

int tcp_connect_fastopen(struct tcp_conn *conn, const struct ip_addr *local, uint16_t local_port,
                         const struct ip_addr *remote, uint16_t remote_port,
                         struct tcp_syn_data *data)
{
    struct tcp_stack *stack = conn->entry.stack;
    struct tcp_key key = { .remote = *remote,
                           .remote_port = remote_port,
                           .local_port = local_port };
    uint32_t mtu;

    if (conn->entry.state != TCP_CLOSED || conn->ended)
        return EISCONN;
    if (local)
        key.local = *local;
    int error = choose_addresses(conn, &key, &mtu);
    if (error)
        return error;
    tcp_enter(conn);
    conn->entry.key = key;
    if (conn->write_seq == 0)
        conn->write_seq = tcp_choose_seq(stack, &key);
    tcp_tw_replace(conn); /* a TIME_WAIT that is reused says where to go on */
    conn->tsoffset = tcp_timestamp_offset(stack, &key);
    fsm_event(conn, FSM_OPEN);
    table_add(stack->table, &conn->entry);
    connect_init(conn, mtu);
    if (data)
        data->taken = tcp_fastopen_connect(conn, data->blob, data->offset, data->length);
    send_syn(conn);
    tcp_leave(conn);
    return 0;
}

void tcp_conn_set_isn(struct tcp_conn *conn, uint32_t isn)
{
    conn->write_seq = isn;
}

uint32_t tcp_conn_next_isn(const struct tcp_conn *conn)
{
    uint32_t isn = conn->write_seq + conn->max_window + 2;
    return isn ? isn : 1;
}

int tcp_connect(struct tcp_conn *conn, const struct ip_addr *local, uint16_t local_port,
                const struct ip_addr *remote, uint16_t remote_port)
{
    return tcp_connect_fastopen(conn, local, local_port, remote, remote_port, NULL);
}

/* ---- The transfer begins -------------------------------------------------------------------- */

uint32_t tcp_initial_cwnd(const struct tcp_conn *conn)
{
    const struct tcp_stack *stack = conn->entry.stack;
    uint32_t cwnd = 0;

    if (stack->net->init_cwnd)
        cwnd = stack->net->init_cwnd(stack->net_data, &conn->entry.key.remote);
    return min_u32(cwnd ? cwnd : TCP_INIT_CWND, conn->cc.cwnd_clamp);
}

void tcp_init_transfer(struct tcp_conn *conn)
{
    tcp_mtuprobe_init(conn);
    tcp_metrics_use(conn);
    /* More than one SYN was lost, not merely late: begin with one segment (RFC 5681 3.1). */
    bool lost = conn->undo_marker && tcp_trouble_seen(conn)->total_retrans > 1;
    conn->cc.cwnd = lost ? 1 : tcp_initial_cwnd(conn);
    conn->cwnd_stamp_ms = tcp_now_ms(conn);
    tcp_cc_init(conn);
    tcp_init_buffer_space(conn);
}

/* The SYN had not been lost if the reply echoes the timestamp of its first sending. */
static void undo_spurious_syn(struct tcp_conn *conn)
{
    if (conn->undo_marker && conn->retrans_stamp_ms && conn->opt.saw_tstamp &&
        conn->retrans_stamp_ms == conn->opt.rcv_tsecr)
        conn->undo_marker = 0;
}

static void finish_connect(struct tcp_conn *conn)
{
    fsm_event(conn, FSM_GOT_SYN_ACK);
    conn->lrcvtime_ms = tcp_now_ms(conn);
    tcp_init_transfer(conn);
    conn->lsndtime_ms = tcp_now_ms(conn);
    conn->unpredicted = conn->opt.snd_wscale != 0;
    tcp_start_keepalive(conn);
    conn->notify |= NOTIFY_ESTABLISHED;
}

/* The SYN-ACK of a connection that began with data is acknowledged. */
void tcp_finish_fastopen(struct tcp_conn *conn)
{
    conn->fastopen = false;
    if (conn->retransmits)
        tcp_loss_is_over(conn);
    conn->retrans_stamp_ms = 0;
    conn->retransmits = 0;
    tcp_stop_rtx_timer(conn);
    tcp_rearm_rto(conn);
}

/* The handshake of a passive connection, or of a simultaneous open, is complete. */
void tcp_finish_passive(struct tcp_conn *conn, const struct tcp_rx *rx)
{
    conn->cc.delivered++; /* the SYN-ACK */
    if (conn->srtt_us == 0) {
        bool known = conn->synack_sent_us != 0;
        int64_t rtt = known ? (int64_t)((uint32_t)conn->mstamp - conn->synack_sent_us) : -1;
        struct tcp_ack_work work = { .flags = ACKF_SYN_ACKED };
        tcp_update_rtt(conn, &work, rtt, -1, rtt);
    }
    if (conn->opt.tstamp_ok)
        conn->advmss -= 12;
    undo_spurious_syn(conn);
    conn->retrans_stamp_ms = 0;
    fsm_event(conn, FSM_SYN_ACKED);
    if (conn->fastopen) {
        tcp_finish_fastopen(conn);
    } else {
        tcp_init_transfer(conn);
        conn->notify |= conn->queued ? NOTIFY_ACCEPT : NOTIFY_ESTABLISHED;
    }
    if (conn->shutdown & SHUT_SND)
        tcp_shutdown_send(conn);
    conn->snd_una = rx->ack;
    conn->snd_wnd = (uint32_t)rx->window << conn->opt.snd_wscale;
    conn->snd_wl1 = rx->seq;
    conn->max_window = max_u32(conn->max_window, conn->snd_wnd);
    tcp_update_pacing_rate(conn);
    tcp_tso_update(conn);
    conn->lsndtime_ms = tcp_now_ms(conn);
    tcp_initialize_rcv_mss(conn);
    tcp_start_keepalive(conn);
}

/* ---- SYN_SENT ------------------------------------------------------------------------------- */

/* Whose SYN has no MSS option leaves in force what was assumed when ours was sent. */
static void take_peer_options(struct tcp_conn *conn, const struct tcp_options *opt)
{
    uint8_t rcv_wscale = conn->opt.rcv_wscale;
    uint16_t assumed = conn->opt.mss_clamp;
    uint32_t ts_recent = conn->opt.ts_recent, stamp = conn->opt.ts_recent_stamp;

    conn->opt = *opt;
    conn->opt.ts_recent = ts_recent; /* of the TIME_WAIT before, if there was one */
    conn->opt.ts_recent_stamp = stamp;
    conn->opt.rcv_wscale = rcv_wscale;
    if (opt->mss_clamp == 0)
        conn->opt.mss_clamp = assumed;
    else if (conn->config->mss && conn->config->mss < conn->opt.mss_clamp)
        conn->opt.mss_clamp = conn->config->mss;
    if (!opt->wscale_ok)
        conn->opt.snd_wscale = 0;
    conn->header_len = TCP_HEADER + (opt->tstamp_ok ? 12 : 0);
    if (opt->tstamp_ok) {
        conn->opt.ts_recent = opt->rcv_tsval;
        conn->opt.ts_recent_stamp = tcp_now_s(conn);
    }
}

/* Before data that waits already. */
static void send_handshake_ack(struct tcp_conn *conn)
{
    if (conn->ecn & ECN_ACCURATE)
        conn->extra->accecn.reflecting = true;
    tcp_send_ack(conn);
    if (conn->ecn & ECN_ACCURATE)
        conn->extra->accecn.reflecting = false;
}

/* Whose owner said that data will follow soon (TCP_DEFER_ACCEPT, or TCP_QUICKACK off) saves the
 * ACK: it rides on the data, or goes after 200 ms. */
static void acknowledge_handshake(struct tcp_conn *conn)
{
    if (!conn->config->defer_accept && !tcp_in_pingpong(conn)) {
        send_handshake_ack(conn);
        return;
    }
    tcp_enter_quickack(conn, TCP_MAX_QUICKACKS);
    conn->ack_pending |= ACK_SCHED | ACK_TIMER;
    tcp_set_ack_timer(conn, conn->entry.stack->sim->now + TCP_DELACK_MAX_MS * SIM_MS);
}

static void established_by_syn_ack(struct tcp_conn *conn, struct tcp_rx *rx,
                                   const struct tcp_options *opt)
{
    conn->opt.saw_tstamp = opt->saw_tstamp;
    conn->opt.rcv_tsecr = opt->rcv_tsecr;
    conn->opt.rcv_tsval = opt->rcv_tsval;
    conn->snd_wl1 = rx->seq;
    undo_spurious_syn(conn);
    conn->opt.sack_ok = opt->sack_ok;
    tcp_ecn_got_syn_ack(conn, rx);
    tcp_ack(conn, rx, ACKF_SLOWPATH);
    conn->rcv_nxt = conn->rcv_wup = rx->seq + 1;
    conn->snd_wnd = rx->window; /* not scaled in a SYN */
    conn->max_window = max_u32(conn->max_window, conn->snd_wnd);
    take_peer_options(conn, opt);
    if (!opt->wscale_ok) { /* in a simultaneous open Linux sticks to what its SYN said */
        conn->opt.rcv_wscale = 0;
        conn->window_clamp = min_u32(conn->window_clamp, 65535);
    }
    if (opt->tstamp_ok)
        conn->advmss -= 12;
    tcp_sync_mss(conn, conn->pmtu);
    tcp_tso_update(conn); /* the segments are the peer's now */
    tcp_initialize_rcv_mss(conn);
    conn->copied_seq = conn->rcv_nxt;
    finish_connect(conn);
    if (!(conn->extra && (conn->extra->fastopen.asked || conn->extra->fastopen.syn_data) &&
          tcp_fastopen_got_syn_ack(conn, rx, opt->mss_clamp)))
        acknowledge_handshake(conn);
    if (conn->shutdown & SHUT_SND)
        tcp_shutdown_send(conn);
    tcp_data_snd_check(conn);
}

/* Both ends sent a SYN (RFC 9293 3.5, figure 8). */
static void simultaneous_open(struct tcp_conn *conn, const struct tcp_rx *rx,
                              const struct tcp_options *opt)
{
    struct tcp_seg *syn = rtxq_head(&conn->rtxq);

    fsm_event(conn, FSM_GOT_SYN);
    take_peer_options(conn, opt);
    tcp_ecn_got_syn(conn, rx);
    conn->rcv_nxt = conn->copied_seq = conn->rcv_wup = rx->seq + 1;
    conn->snd_wnd = conn->max_window = rx->window;
    conn->snd_wl1 = rx->seq;
    tcp_sync_mss(conn, conn->pmtu);
    tcp_initialize_rcv_mss(conn);
    syn->flags |= TH_ACK;
    tcp_transmit_seg(conn, syn);
}

static void syn_sent_with_ack(struct tcp_conn *conn, struct tcp_rx *rx,
                              const struct tcp_options *opt)
{
    bool echo_wrong = opt->saw_tstamp && opt->rcv_tsecr &&
                      !between(opt->rcv_tsecr, conn->retrans_stamp_ms, tcp_now_ms(conn));

    if (!after(rx->ack, conn->snd_una) || after(rx->ack, conn->snd_nxt)) {
        /* A half-open peer: reset it, and do not wait a second with the next SYN. */
        if (conn->retransmits == 0)
            tcp_reset_rtx_timer(conn, TCP_PENDING_RETRANS, TCP_TIMEOUT_MIN_US);
        if (!(rx->flags & TH_RST))
            tcp_reset_for(conn->entry.stack, rx);
    } else if (echo_wrong) {
        conn->entry.stack->counters->PAWSActive++;
        if (!(rx->flags & TH_RST))
            tcp_reset_for(conn->entry.stack, rx);
    } else if (rx->flags & TH_RST) {
        tcp_got_reset(conn);
    } else if (rx->flags & TH_SYN) {
        established_by_syn_ack(conn, rx, opt);
    }
}

void tcp_rcv_syn_sent(struct tcp_conn *conn, struct tcp_rx *rx)
{
    struct tcp_options opt;

    tcp_options_syn(rx, conn->entry.stack->sysctl, &opt);
    if (opt.saw_tstamp && opt.rcv_tsecr)
        opt.rcv_tsecr -= conn->tsoffset;
    if (rx->flags & TH_ACK)
        syn_sent_with_ack(conn, rx, &opt);
    else if (!(rx->flags & TH_RST) && rx->flags & TH_SYN)
        simultaneous_open(conn, rx, &opt);
}

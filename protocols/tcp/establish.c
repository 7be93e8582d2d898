/* A half-open request becomes a connection, which inherits what the handshake has found out. */
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/fastopen.h"
#include "protocols/tcp/internal.h"
#include "protocols/tcp/listen.h"
#include "protocols/tcp/receiving.h"
#include "protocols/tcp/table.h"

static void copy_numbers(struct tcp_conn *conn, const struct tcp_request *req)
{
    conn->entry.key = req->entry.key;
    conn->entry.iss = req->entry.iss;
    conn->rcv_wup = conn->copied_seq = conn->rcv_nxt = req->irs + 1;
    conn->snd_sml = conn->snd_una = conn->snd_nxt = req->entry.iss + 1;
    conn->write_seq = conn->pushed_seq = req->entry.iss + 1;
    conn->snd_wl1 = req->irs;
    conn->tsoffset = req->tsoffset;
}

static void copy_options(struct tcp_conn *conn, const struct tcp_request *req)
{
    conn->opt = req->opt;
    conn->opt.ts_recent_stamp = tcp_now_s(conn);
    conn->header_len = TCP_HEADER + (req->opt.tstamp_ok ? 12 : 0);
    conn->advmss = req->advmss;
    if (!req->opt.wscale_ok)
        conn->opt.snd_wscale = conn->opt.rcv_wscale = 0;
}

static void copy_windows(struct tcp_conn *conn, const struct tcp_request *req, uint16_t offered)
{
    conn->window_clamp = req->window_clamp;
    if (!req->opt.wscale_ok)
        conn->window_clamp = min_u32(conn->window_clamp, 65535);
    conn->rcv_ssthresh = conn->rcv_wnd = req->rcv_wnd;
    conn->snd_wnd = conn->max_window = (uint32_t)offered << conn->opt.snd_wscale;
}

/* How often the SYN-ACK was sent, and when: its time-outs count as the connection's own. */
static void copy_history(struct tcp_conn *conn, const struct tcp_request *req)
{
    if (req->num_retrans)
        tcp_trouble(conn)->total_retrans = req->num_retrans;
    if (req->num_timeout) {
        struct tcp_trouble *trouble = tcp_trouble(conn);
        conn->undo_marker = req->entry.iss ? req->entry.iss : 1;
        conn->retrans_stamp_ms = (uint32_t)(req->snt_synack_us / 1000);
        trouble->timeouts = req->num_timeout;
        trouble->rto_recoveries = 1;
        trouble->rto_time_ms = tcp_now_ms(conn) - conn->retrans_stamp_ms;
    } else if (req->num_retrans == 0 && req->snt_synack_us) { /* else by timestamps, if at all */
        conn->synack_sent_us = max_u32((uint32_t)req->snt_synack_us, 1);
    }
}

static void copy_request(struct tcp_conn *conn, const struct tcp_request *req,
                         const struct tcp_rx *rx)
{
    copy_numbers(conn, req);
    copy_options(conn, req);
    copy_windows(conn, req, rx->window);
    copy_history(conn, req);
    conn->stats.segs_in = 1; /* the SYN */
    conn->lrcvtime_ms = conn->lsndtime_ms = tcp_now_ms(conn);
    if (rx->length >= TCP_DEFAULT_MSS)
        conn->last_seg_size = (uint16_t)rx->length;
    conn->route = req->route;
    conn->route.no_id = false;
    tcp_sync_mss(conn, req->pmtu);
    tcp_initialize_rcv_mss(conn);
    tcp_ecn_open_child(conn, req, rx);
}

/* The child's own configuration: the listener's, unless TOS follows the peer's. */
static const struct tcp_config *child_config(const struct tcp_request *req)
{
    struct tcp_stack *stack = req->entry.stack;

    if (!stack->sysctl->reflect_tos)
        return tcp_config_ref(req->listener->config);
    struct tcp_config config = *req->listener->config;
    config.tos = req->syn_tos;
    return tcp_config_new(stack->memory, &config);
}

/* The request becomes a connection in the accept queue, which is entered. */
static struct tcp_conn *make_child(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_stack *stack = req->entry.stack;
    struct tcp_listener *l = req->listener;
    struct tcp_conn *conn = tcp_conn_make(stack, child_config(req));

    tcp_enter(conn);
    fsm_event(conn, FSM_ACCEPT);
    copy_request(conn, req, rx);
    request_free(req);
    table_add(stack->table, &conn->entry);
    stack->counters->PassiveOpens++;
    listener_push(l, conn);
    return conn;
}

void request_establish(struct tcp_request *req, struct tcp_rx *rx)
{
    struct tcp_conn *conn = make_child(req, rx);

    tcp_conn_input(conn, rx);
    tcp_leave(conn);
}

void request_open_at_once(struct tcp_request *req, const struct tcp_rx *rx)
{
    struct tcp_cookie answer = req->cookie;
    struct tcp_conn *conn = make_child(req, rx);

    conn->snd_wnd = conn->max_window = rx->window; /* not scaled in a SYN */
    tcp_sync_mss(conn, conn->pmtu);
    tcp_fastopen_open_child(conn, rx, &answer);
    tcp_init_transfer(conn);
    conn->notify |= NOTIFY_ACCEPT;
    tcp_leave(conn);
}

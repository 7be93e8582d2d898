#include "models/socket/tcp_info.h"

#include <string.h>

#include "models/socket/internal.h"
#include "protocols/tcp/sysctl.h"

/* Linux's numbers of the states. */
static const uint8_t state_numbers[TCP_STATES] = {
    [TCP_ESTABLISHED] = SOCKET_TCP_ESTABLISHED,
    [TCP_SYN_SENT] = 2,
    [TCP_SYN_RECV] = 3,
    [TCP_FIN_WAIT1] = 4,
    [TCP_FIN_WAIT2] = 5,
    [TCP_TIME_WAIT] = 6,
    [TCP_CLOSED] = SOCKET_TCP_CLOSE,
    [TCP_CLOSE_WAIT] = 8,
    [TCP_LAST_ACK] = 9,
    [TCP_LISTEN] = SOCKET_TCP_LISTEN,
    [TCP_CLOSING] = 11,
};

static uint32_t us32(sim_time time)
{
    return (uint32_t)(time / SIM_US);
}

static uint64_t us64(sim_time time)
{
    return (uint64_t)(time / SIM_US);
}

static void fill_state(struct socket_tcp_info *out, const struct tcp_info *in)
{
    out->state = state_numbers[in->state];
    out->ca_state = (uint8_t)in->ca_state;
    out->retransmits = in->retransmits;
    out->probes = in->probes;
    out->backoff = in->backoff;
    out->options =
        (uint8_t)((in->timestamps ? SOCKET_TCPI_TIMESTAMPS : 0) |
                  (in->sack ? SOCKET_TCPI_SACK : 0) | (in->wscale ? SOCKET_TCPI_WSCALE : 0) |
                  (in->ecn ? SOCKET_TCPI_ECN : 0) | (in->ecn_seen ? SOCKET_TCPI_ECN_SEEN : 0) |
                  (in->syn_data ? SOCKET_TCPI_SYN_DATA : 0) |
                  (in->fastopen_child ? SOCKET_TCPI_TFO_CHILD : 0));
    out->wscales = in->wscale ? (uint8_t)(in->snd_wscale | in->rcv_wscale << 4) : 0;
    out->delivery = (uint8_t)(in->delivery_app_limited | in->fastopen_fail << 1);
}

static void fill_path(struct socket_tcp_info *out, const struct tcp_info *in)
{
    out->rto = us32(in->rto);
    out->ato = us32(in->ato);
    out->snd_mss = in->mss;
    out->rcv_mss = in->rcv_mss;
    out->pmtu = in->pmtu;
    out->rtt = us32(in->srtt);
    out->rttvar = us32(in->rttvar);
    out->min_rtt = in->srtt ? us32(in->min_rtt) : UINT32_MAX;
    out->rcv_rtt = us32(in->rcv_rtt);
    out->advmss = in->advmss;
    out->last_data_sent = us32(in->since_data_sent) / 1000;
    out->last_data_recv = us32(in->since_data_received) / 1000;
    out->last_ack_recv = us32(in->since_ack_received) / 1000;
}

static void fill_windows(struct socket_tcp_info *out, const struct tcp_info *in)
{
    out->unacked = in->unacked;
    out->sacked = in->sacked;
    out->lost = in->lost;
    out->retrans = in->retrans;
    out->snd_cwnd = in->cwnd;
    out->snd_ssthresh = in->ssthresh;
    out->rcv_ssthresh = in->rcv_ssthresh;
    out->reordering = in->reordering;
    out->rcv_space = in->rcv_space;
    out->snd_wnd = in->snd_wnd;
    out->rcv_wnd = in->told_wnd;
    out->notsent_bytes = (uint32_t)in->notsent_bytes;
    out->pacing_rate = in->pacing_rate != UINT64_MAX ? in->pacing_rate : in->window_rate;
    out->max_pacing_rate = in->max_pacing_rate;
    out->delivery_rate = in->delivery_rate;
}

static void fill_counts(struct socket_tcp_info *out, const struct tcp_info *in)
{
    out->total_retrans = in->retransmits_total;
    out->bytes_acked = in->bytes_acked;
    out->bytes_received = in->bytes_received;
    out->bytes_sent = in->bytes_sent;
    out->bytes_retrans = in->bytes_retrans;
    out->segs_out = (uint32_t)in->segs_out;
    out->segs_in = (uint32_t)in->segs_in;
    out->data_segs_out = (uint32_t)in->data_segs_out;
    out->data_segs_in = (uint32_t)in->data_segs_in;
    out->delivered = in->delivered;
    out->delivered_ce = in->delivered_ce;
    out->dsack_dups = in->dsack_dups;
    out->reord_seen = in->reord_seen;
    out->rcv_ooopack = in->ooo_packets;
    out->busy_time = us64(in->busy);
    out->rwnd_limited = us64(in->limited[TCP_LIMIT_RWND]);
    out->sndbuf_limited = us64(in->limited[TCP_LIMIT_SNDBUF]);
    out->total_rto = (uint16_t)in->timeouts_total;
    out->total_rto_recoveries = (uint16_t)in->timeout_recoveries;
    out->rehash = in->rehash;
    out->total_rto_time = us32(in->timeout_time) / 1000;
}

/* Zeros without accurate ECN. */
static void fill_accecn(struct socket_tcp_info *out, const struct tcp_info *in)
{
    out->received_ce = in->received_ce;
    out->delivered_e1_bytes = in->delivered_ecn_bytes[0];
    out->delivered_e0_bytes = in->delivered_ecn_bytes[1];
    out->delivered_ce_bytes = in->delivered_ecn_bytes[2];
    out->received_e1_bytes = in->received_ecn_bytes[0];
    out->received_e0_bytes = in->received_ecn_bytes[1];
    out->received_ce_bytes = in->received_ecn_bytes[2];
    out->accecn_fail_mode = in->accecn_fail;
    out->accecn_opt_seen = in->accecn_option;
}

static void fill_idle(struct socket_tcp_info *info)
{
    info->state = SOCKET_TCP_CLOSE;
    info->snd_cwnd = 10;
    info->pacing_rate = info->max_pacing_rate = UINT64_MAX;
}

/* What a connection begins with; of a listener Linux does not tell it. */
static void fill_unused(struct socket_tcp_info *info)
{
    info->rto = 1000000;
    info->rttvar = 250000;
    info->snd_mss = 536;
    info->snd_ssthresh = INT32_MAX;
    info->min_rtt = UINT32_MAX;
}

void socket_tcp_info_get(const struct socket *socket, struct socket_tcp_info *info)
{
    const struct stream *s = stream_of(socket);
    struct tcp_info in;

    memset(info, 0, sizeof *info);
    if (s->conn) {
        tcp_info_get(s->conn, &in);
        fill_state(info, &in);
        fill_path(info, &in);
        fill_windows(info, &in);
        fill_counts(info, &in);
        fill_accecn(info, &in);
        return;
    }
    fill_idle(info);
    info->reordering = socket->sockets->tcp->sysctl->reordering;
    if (s->deferred)
        info->state = SOCKET_TCP_SYN_SENT;
    if (s->listener) {
        info->state = SOCKET_TCP_LISTEN;
        info->unacked = tcp_listener_waiting(s->listener);
        info->sacked = tcp_listener_backlog(s->listener);
    } else {
        fill_unused(info);
    }
}

/* ---- By name -------------------------------------------------------------------------------- */

#define AT(field)   offsetof(struct socket_tcp_info, field)
#define SIZE(field) sizeof(((struct socket_tcp_info *)NULL)->field)
#define WHOLE(field)                         \
    {                                        \
#field, AT(field), SIZE(field), 0, 0 \
    }

const struct socket_tcp_field socket_tcp_fields[] = {
    WHOLE(state),
    WHOLE(ca_state),
    WHOLE(retransmits),
    WHOLE(probes),
    WHOLE(backoff),
    WHOLE(options),
    { "snd_wscale", AT(wscales), 1, 0, 4 },
    { "rcv_wscale", AT(wscales), 1, 4, 4 },
    { "delivery_rate_app_limited", AT(delivery), 1, 0, 1 },
    { "fastopen_client_fail", AT(delivery), 1, 1, 2 },
    WHOLE(rto),
    WHOLE(ato),
    WHOLE(snd_mss),
    WHOLE(rcv_mss),
    WHOLE(unacked),
    WHOLE(sacked),
    WHOLE(lost),
    WHOLE(retrans),
    WHOLE(fackets),
    WHOLE(last_data_sent),
    WHOLE(last_ack_sent),
    WHOLE(last_data_recv),
    WHOLE(last_ack_recv),
    WHOLE(pmtu),
    WHOLE(rcv_ssthresh),
    WHOLE(rtt),
    WHOLE(rttvar),
    WHOLE(snd_ssthresh),
    WHOLE(snd_cwnd),
    WHOLE(advmss),
    WHOLE(reordering),
    WHOLE(rcv_rtt),
    WHOLE(rcv_space),
    WHOLE(total_retrans),
    WHOLE(pacing_rate),
    WHOLE(max_pacing_rate),
    WHOLE(bytes_acked),
    WHOLE(bytes_received),
    WHOLE(segs_out),
    WHOLE(segs_in),
    WHOLE(notsent_bytes),
    WHOLE(min_rtt),
    WHOLE(data_segs_in),
    WHOLE(data_segs_out),
    WHOLE(delivery_rate),
    WHOLE(busy_time),
    WHOLE(rwnd_limited),
    WHOLE(sndbuf_limited),
    WHOLE(delivered),
    WHOLE(delivered_ce),
    WHOLE(bytes_sent),
    WHOLE(bytes_retrans),
    WHOLE(dsack_dups),
    WHOLE(reord_seen),
    WHOLE(rcv_ooopack),
    WHOLE(snd_wnd),
    WHOLE(rcv_wnd),
    WHOLE(rehash),
    WHOLE(total_rto),
    WHOLE(total_rto_recoveries),
    WHOLE(total_rto_time),
    WHOLE(received_ce),
    WHOLE(delivered_e1_bytes),
    WHOLE(delivered_e0_bytes),
    WHOLE(delivered_ce_bytes),
    WHOLE(received_e1_bytes),
    WHOLE(received_e0_bytes),
    WHOLE(received_ce_bytes),
    WHOLE(accecn_fail_mode),
    WHOLE(accecn_opt_seen),
    { .name = NULL },
};

uint64_t socket_tcp_field_get(const struct socket_tcp_info *info,
                              const struct socket_tcp_field *field)
{
    const uint8_t *at = (const uint8_t *)info + field->offset;
    uint64_t value = 0;

    switch (field->size) {
    case 1:
        value = *at;
        break;
    case 2:
        value = *(const uint16_t *)(const void *)at;
        break;
    case 4:
        value = *(const uint32_t *)(const void *)at;
        break;
    default:
        value = *(const uint64_t *)(const void *)at;
        break;
    }
    return field->bits ? value >> field->shift & ((1u << field->bits) - 1) : value;
}

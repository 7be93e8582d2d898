/* TCP_INFO: Linux's struct tcp_info (6.18), byte for byte. */
#ifndef WEFT_MODELS_SOCKET_TCP_INFO_H
#define WEFT_MODELS_SOCKET_TCP_INFO_H

#include <stddef.h>
#include <stdint.h>

struct socket;

/* Numbers of states, which differ from enum tcp_state. */
enum socket_tcp_state {
    SOCKET_TCP_ESTABLISHED = 1,
    SOCKET_TCP_SYN_SENT = 2,
    SOCKET_TCP_CLOSE = 7,
    SOCKET_TCP_LISTEN = 10
};

enum socket_tcpi_option {
    SOCKET_TCPI_TIMESTAMPS = 1,
    SOCKET_TCPI_SACK = 2,
    SOCKET_TCPI_WSCALE = 4,
    SOCKET_TCPI_ECN = 8,
    SOCKET_TCPI_ECN_SEEN = 16,
    SOCKET_TCPI_SYN_DATA = 32,
    SOCKET_TCPI_TFO_CHILD = 128,
};

/* Fields of one byte after the first six share bytes: see socket_tcp_fields.  Times in
 * microseconds, those of the line "last" in milliseconds; sizes in packets unless the name says
 * bytes, or it is an MSS or a window; rates in bytes per second. */
struct socket_tcp_info {
    uint8_t state, ca_state, retransmits, probes, backoff, options;
    uint8_t wscales;  /* snd_wscale, rcv_wscale: 4 bits each */
    uint8_t delivery; /* delivery_rate_app_limited: 1 bit, fastopen_client_fail: 2 */
    uint32_t rto, ato, snd_mss, rcv_mss;
    uint32_t unacked, sacked, lost, retrans, fackets; /* of a listener: queue and backlog */
    uint32_t last_data_sent, last_ack_sent, last_data_recv, last_ack_recv;
    uint32_t pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh, snd_cwnd, advmss, reordering;
    uint32_t rcv_rtt, rcv_space, total_retrans;
    uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
    uint32_t segs_out, segs_in, notsent_bytes, min_rtt, data_segs_in, data_segs_out;
    uint64_t delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
    uint32_t delivered, delivered_ce;
    uint64_t bytes_sent, bytes_retrans;
    uint32_t dsack_dups, reord_seen, rcv_ooopack, snd_wnd, rcv_wnd, rehash;
    uint16_t total_rto, total_rto_recoveries;
    uint32_t total_rto_time;
    uint32_t received_ce; /* packets; what follows is of accurate ECN (RFC 9768) */
    uint32_t delivered_e1_bytes, delivered_e0_bytes, delivered_ce_bytes;
    uint32_t received_e1_bytes, received_e0_bytes, received_ce_bytes;
    uint16_t accecn_fail_mode, accecn_opt_seen;
};

_Static_assert(offsetof(struct socket_tcp_info, rto) == 8, "as Linux lays it out");
_Static_assert(offsetof(struct socket_tcp_info, pacing_rate) == 104, "as Linux lays it out");
_Static_assert(offsetof(struct socket_tcp_info, delivery_rate) == 160, "as Linux lays it out");
_Static_assert(offsetof(struct socket_tcp_info, total_rto) == 240, "as Linux lays it out");
_Static_assert(sizeof(struct socket_tcp_info) == 280, "as Linux lays it out");

/* A field by its name in Linux without "tcpi_". */
struct socket_tcp_field {
    const char *name;
    uint16_t offset;
    uint8_t size;        /* bytes */
    uint8_t shift, bits; /* of a field that shares its byte; bits 0: all of it */
};

extern const struct socket_tcp_field socket_tcp_fields[]; /* the last without a name */

/* The value of one field. */
uint64_t socket_tcp_field_get(const struct socket_tcp_info *info,
                              const struct socket_tcp_field *field);

/* Of a stream socket in any state. */
void socket_tcp_info_get(const struct socket *socket, struct socket_tcp_info *info);

#endif

/* TCP's sysctls, with the names, meanings and defaults of Linux 6.18. */
#ifndef WEFT_PROTOCOLS_TCP_SYSCTL_H
#define WEFT_PROTOCOLS_TCP_SYSCTL_H

#include <stdbool.h>
#include <stdint.h>

struct ports;

/* A member `x` is net.ipv4.tcp_x unless the comment says otherwise. */
struct tcp_sysctl {
    uint32_t rmem[3], wmem[3];             /* bytes: least, initial, most */
    uint32_t local_port_range[2];          /* net.ipv4.ip_local_port_range */
    uint32_t autobind_reuse;               /* net.ipv4.ip_autobind_reuse */
    const struct ports *reserved_ports;    /* net.ipv4.ip_local_reserved_ports; NULL: none */
    uint32_t somaxconn;                    /* net.core.somaxconn */
    uint32_t core_rmem_max, core_wmem_max; /* net.core.rmem_max, wmem_max */
    uint32_t no_pmtu_disc;                 /* net.ipv4.ip_no_pmtu_disc */
    uint32_t syn_retries, syn_linear_timeouts, synack_retries;
    uint32_t retries1, retries2, orphan_retries, max_orphans;
    uint32_t fin_timeout; /* s */
    uint32_t max_tw_buckets, tw_reuse, tw_reuse_delay /* ms */, rfc1337;
    uint32_t max_syn_backlog, syncookies, abort_on_overflow;
    uint32_t keepalive_time, keepalive_intvl, keepalive_probes; /* s, s, - */
    uint32_t sack, dsack, window_scaling, timestamps;
    uint32_t fastopen, fastopen_key[4];
    uint32_t ecn, ecn_fallback, ecn_option, ecn_option_beacon;
    uint32_t frto, recovery, early_retrans, reordering, max_reordering;
    uint32_t moderate_rcvbuf, slow_start_after_idle, notsent_lowat;
    uint32_t pacing_ss_ratio, pacing_ca_ratio;
    uint32_t min_tso_segs, tso_rtt_log, tso_win_divisor, limit_output_bytes, autocorking;
    uint32_t challenge_ack_limit, invalid_ratelimit; /* -, ms */
    uint32_t min_rtt_wlen;                           /* s */
    uint32_t mtu_probing, base_mss, mtu_probe_floor, min_snd_mss;
    uint32_t probe_interval, probe_threshold; /* s, bytes */
    uint32_t rto_min_us, rto_max_ms;
    uint32_t pingpong_thresh, app_win;
    uint32_t shrink_window, stdurg, no_metrics_save, no_ssthresh_metrics_save;
    uint32_t comp_sack_delay_ns, comp_sack_nr;
    uint32_t reflect_tos, retrans_collapse, thin_linear_timeouts, workaround_signed_windows;
    char congestion_control[16];
    bool fastopen_key_set; /* it was written, if only with zeros */
};

extern const struct tcp_sysctl tcp_sysctl_defaults;

#endif

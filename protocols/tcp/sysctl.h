/* TCP's sysctls, with the names, meanings and defaults of Linux 6.18. */
#ifndef WEFT_PROTOCOLS_TCP_SYSCTL_H
#define WEFT_PROTOCOLS_TCP_SYSCTL_H

#include <stdbool.h>
#include <stdint.h>

struct ports;

/* All of them, sorted by name; another one is another line here.
 *
 *     ONE(member, default, least, most)           net.ipv4.tcp_MEMBER
 *     NAMED(name, member, default, least, most)   a number with a name of another form
 *     OTHER(name, member, count, least, most)     several numbers, or (count 0) a text that
 *                                                 sysctl.c reads; declared below by hand
 */
/* clang-format off */
#define TCP_SYSCTLS(ONE, NAMED, OTHER) \
    NAMED("net.core.mem_pcpu_rsv", mem_pcpu_rsv, 256, 1, INT32_MAX) /* pages; 1: to the page */ \
    NAMED("net.core.rmem_max", core_rmem_max, 4194304, 2304, INT32_MAX) /* bytes */ \
    NAMED("net.core.somaxconn", somaxconn, 4096, 0, INT32_MAX) \
    NAMED("net.core.wmem_max", core_wmem_max, 4194304, 4608, INT32_MAX) /* bytes */ \
    NAMED("net.ipv4.ip_autobind_reuse", autobind_reuse, 0, 0, 1) \
    OTHER("net.ipv4.ip_local_port_range", local_port_range, 2, 1, 65535) \
    OTHER("net.ipv4.ip_local_reserved_ports", reserved_ports, 0, 0, 0) \
    NAMED("net.ipv4.ip_no_pmtu_disc", no_pmtu_disc, 0, 0, 255) \
    ONE(abort_on_overflow, 0, 0, 255) \
    ONE(app_win, 31, 0, 31) \
    ONE(autocorking, 1, 0, 1) \
    ONE(base_mss, 1024, 0, INT32_MAX) /* bytes */ \
    ONE(challenge_ack_limit, INT32_MAX, 0, INT32_MAX) \
    ONE(comp_sack_delay_ns, 1000000, 0, UINT32_MAX) \
    ONE(comp_sack_nr, 44, 0, 255) \
    ONE(comp_sack_slack_ns, 100000, 0, UINT32_MAX) \
    OTHER("net.ipv4.tcp_congestion_control", congestion_control, 0, 0, 0) \
    ONE(dsack, 1, 0, 255) \
    ONE(early_retrans, 3, 0, 4) \
    ONE(ecn, 2, 0, 5) \
    ONE(ecn_fallback, 1, 0, 1) \
    ONE(ecn_option, 2, 0, 2) \
    ONE(ecn_option_beacon, 3, 0, 3) \
    ONE(fastopen, 1, 0, INT32_MAX) \
    ONE(fastopen_blackhole_timeout_sec, 0, 0, INT32_MAX) /* s */ \
    OTHER("net.ipv4.tcp_fastopen_key", fastopen_key, 0, 0, 0) \
    ONE(fin_timeout, 60, 0, 8589934) /* s */ \
    ONE(frto, 2, 0, 255) \
    ONE(invalid_ratelimit, 500, 0, INT32_MAX) /* ms */ \
    ONE(keepalive_intvl, 75, 0, 8589934) /* s */ \
    ONE(keepalive_probes, 9, 0, 255) \
    ONE(keepalive_time, 7200, 0, 8589934) /* s */ \
    ONE(limit_output_bytes, 4194304, 0, INT32_MAX) \
    ONE(max_orphans, 32768, 0, INT32_MAX) \
    ONE(max_reordering, 300, 1, INT32_MAX) \
    ONE(max_syn_backlog, 512, 0, INT32_MAX) \
    ONE(max_tw_buckets, 32768, 0, INT32_MAX) \
    OTHER("net.ipv4.tcp_mem", mem, 3, 0, INT32_MAX) /* pages of 4,096 bytes */ \
    ONE(min_rtt_wlen, 300, 0, 86400) /* s */ \
    ONE(min_snd_mss, 48, 48, 65535) /* bytes */ \
    ONE(min_tso_segs, 2, 1, 255) \
    ONE(moderate_rcvbuf, 1, 0, 255) \
    ONE(mtu_probe_floor, 48, 48, 65535) /* bytes */ \
    ONE(mtu_probing, 0, 0, 255) \
    ONE(no_metrics_save, 0, 0, 255) \
    ONE(no_ssthresh_metrics_save, 1, 0, 1) \
    ONE(notsent_lowat, UINT32_MAX, 0, UINT32_MAX) /* bytes */ \
    ONE(orphan_retries, 0, 0, 255) \
    ONE(pacing_ca_ratio, 120, 0, 1000) \
    ONE(pacing_ss_ratio, 200, 0, 1000) \
    ONE(pingpong_thresh, 1, 1, 255) \
    ONE(probe_interval, 600, 0, 17179869) /* s */ \
    ONE(probe_threshold, 8, 0, INT32_MAX) /* bytes */ \
    ONE(recovery, 1, 0, 255) \
    ONE(reflect_tos, 0, 0, 1) \
    ONE(reordering, 3, 1, 300) \
    ONE(retrans_collapse, 1, 0, 255) \
    ONE(retries1, 3, 0, 255) \
    ONE(retries2, 15, 0, 255) \
    ONE(rfc1337, 0, 0, 255) \
    OTHER("net.ipv4.tcp_rmem", rmem, 3, 1, INT32_MAX) \
    ONE(rto_max_ms, 120000, 1000, 120000) \
    ONE(rto_min_us, 200000, 1, INT32_MAX) \
    ONE(sack, 1, 0, 255) \
    ONE(shrink_window, 0, 0, 1) \
    ONE(slow_start_after_idle, 1, 0, 255) \
    ONE(stdurg, 0, 0, 255) \
    ONE(syn_linear_timeouts, 4, 0, 127) \
    ONE(syn_retries, 6, 1, 127) \
    ONE(synack_retries, 5, 0, 255) \
    ONE(syncookies, 1, 0, 255) \
    ONE(thin_linear_timeouts, 0, 0, 255) \
    ONE(timestamps, 1, 0, 255) \
    ONE(tso_rtt_log, 9, 0, 255) /* log2 us */ \
    ONE(tso_win_divisor, 3, 0, 255) \
    ONE(tw_reuse, 2, 0, 2) \
    ONE(tw_reuse_delay, 1000, 1, 60000) /* ms */ \
    ONE(window_scaling, 1, 0, 255) \
    OTHER("net.ipv4.tcp_wmem", wmem, 3, 1, INT32_MAX) \
    ONE(workaround_signed_windows, 0, 0, 255)
/* clang-format on */

#define TCP_SYSCTL_ONE(member, def, min, max)         uint32_t member;
#define TCP_SYSCTL_NAMED(name, member, def, min, max) uint32_t member;
#define TCP_SYSCTL_OTHER(name, member, count, min, max)
struct tcp_sysctl {
    TCP_SYSCTLS(TCP_SYSCTL_ONE, TCP_SYSCTL_NAMED, TCP_SYSCTL_OTHER)
    uint32_t rmem[3], wmem[3]; /* bytes: least, initial, most */
    uint32_t mem[3];           /* pages: none of our business, pressure, no more */
    uint32_t local_port_range[2];
    const struct ports *reserved_ports; /* NULL: none */
    uint32_t fastopen_key[4];
    char congestion_control[16];
    bool fastopen_key_set; /* it was written, if only with zeros */
};
#undef TCP_SYSCTL_ONE
#undef TCP_SYSCTL_NAMED
#undef TCP_SYSCTL_OTHER

extern const struct tcp_sysctl tcp_sysctl_defaults;

#endif

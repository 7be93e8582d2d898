/* All sysctls of a node against Linux 6.18: defaults, and what may be written.
 *
 * The ranges were found by writing to /proc/sys in a network namespace of a 6.18 kernel, by
 * bisection.  Where Linux takes any int the least here is 0.  Other ranges than there have:
 * tcp_ecn, whose accurate kinds that kernel was built without; ip_unprivileged_port_start and the
 * two ipfrag_*_thresh, which Linux holds against each other; thresholds of 64 bits. */
#include <inttypes.h>

#include "models/node/network.h"
#include "models/node/node.h"
#include "sim/error.h"
#include "tests/support/suite.h"

/* clang-format off */
static const struct {
    const char *name, *def;
    int64_t min, max; /* both 0: not one number */
} table[] = {
    { "net.core.default_qdisc", "pfifo_fast", 0, 0 },
    { "net.core.dev_weight", "64", 1, INT32_MAX },
    { "net.core.dev_weight_rx_bias", "1", 1, INT32_MAX },
    { "net.core.dev_weight_tx_bias", "1", 1, INT32_MAX },
    { "net.core.gro_normal_batch", "8", 1, INT32_MAX },
    { "net.core.mem_pcpu_rsv", "256", 1, INT32_MAX },
    { "net.core.netdev_budget", "300", 0, INT32_MAX },
    { "net.core.netdev_budget_usecs", "8000", 0, INT32_MAX },
    { "net.core.netdev_max_backlog", "1000", 0, INT32_MAX },
    { "net.core.rmem_default", "212992", 2304, INT32_MAX },
    { "net.core.rmem_max", "4194304", 2304, INT32_MAX },
    { "net.core.rps_sock_flow_entries", "0", 0, 536870912 },
    { "net.core.somaxconn", "4096", 0, INT32_MAX },
    { "net.core.wmem_default", "212992", 4608, INT32_MAX },
    { "net.core.wmem_max", "4194304", 4608, INT32_MAX },
    { "net.ipv4.conf.default.accept_redirects", "1", 0, INT32_MAX },
    { "net.ipv4.conf.default.arp_accept", "0", 0, INT32_MAX },
    { "net.ipv4.conf.default.arp_announce", "0", 0, INT32_MAX },
    { "net.ipv4.conf.default.arp_evict_nocarrier", "1", 0, INT32_MAX },
    { "net.ipv4.conf.default.arp_filter", "0", 0, INT32_MAX },
    { "net.ipv4.conf.default.arp_ignore", "0", 0, INT32_MAX },
    { "net.ipv4.conf.default.arp_notify", "0", 0, INT32_MAX },
    { "net.ipv4.conf.default.forwarding", "0", 0, INT32_MAX },
    { "net.ipv4.conf.default.igmpv2_unsolicited_report_interval", "10000", 0, INT32_MAX },
    { "net.ipv4.conf.default.igmpv3_unsolicited_report_interval", "1000", 0, INT32_MAX },
    { "net.ipv4.conf.default.rp_filter", "0", 0, INT32_MAX },
    { "net.ipv4.conf.default.secure_redirects", "1", 0, INT32_MAX },
    { "net.ipv4.conf.default.send_redirects", "1", 0, INT32_MAX },
    { "net.ipv4.fib_multipath_hash_fields", "7", 1, 4095 },
    { "net.ipv4.fib_multipath_hash_policy", "0", 0, 3 },
    { "net.ipv4.fib_multipath_use_neigh", "0", 0, 1 },
    { "net.ipv4.icmp_echo_ignore_all", "0", 0, 1 },
    { "net.ipv4.icmp_echo_ignore_broadcasts", "1", 0, 1 },
    { "net.ipv4.icmp_errors_use_inbound_ifaddr", "0", 0, 1 },
    { "net.ipv4.icmp_ignore_bogus_error_responses", "1", 0, 1 },
    { "net.ipv4.icmp_msgs_burst", "50", 0, INT32_MAX },
    { "net.ipv4.icmp_msgs_per_sec", "1000", 0, INT32_MAX },
    { "net.ipv4.icmp_ratelimit", "1000", 0, INT32_MAX },
    { "net.ipv4.icmp_ratemask", "6168", 0, INT32_MAX },
    { "net.ipv4.igmp_link_local_mcast_reports", "1", 0, 255 },
    { "net.ipv4.igmp_max_memberships", "20", 0, INT32_MAX },
    { "net.ipv4.igmp_max_msf", "10", 0, INT32_MAX },
    { "net.ipv4.igmp_qrv", "2", 1, INT32_MAX },
    { "net.ipv4.ip_autobind_reuse", "0", 0, 1 },
    { "net.ipv4.ip_default_ttl", "64", 1, 255 },
    { "net.ipv4.ip_dynaddr", "0", 0, 255 },
    { "net.ipv4.ip_early_demux", "1", 0, 255 },
    { "net.ipv4.ip_forward", "0", 0, INT32_MAX },
    { "net.ipv4.ip_forward_update_priority", "1", 0, 1 },
    { "net.ipv4.ip_forward_use_pmtu", "0", 0, 255 },
    { "net.ipv4.ip_local_port_range", "32768 60999", 0, 0 },
    { "net.ipv4.ip_local_reserved_ports", "", 0, 0 },
    { "net.ipv4.ip_no_pmtu_disc", "0", 0, 255 },
    { "net.ipv4.ip_nonlocal_bind", "0", 0, 255 },
    { "net.ipv4.ip_unprivileged_port_start", "1024", 0, 65535 },
    { "net.ipv4.ipfrag_high_thresh", "4194304", 0, UINT32_MAX },
    { "net.ipv4.ipfrag_low_thresh", "3145728", 0, UINT32_MAX },
    { "net.ipv4.ipfrag_max_dist", "64", 0, INT32_MAX },
    { "net.ipv4.ipfrag_time", "30", 0, 8589934 },
    { "net.ipv4.tcp_abort_on_overflow", "0", 0, 255 },
    { "net.ipv4.tcp_adv_win_scale", "1", -31, 31 },
    { "net.ipv4.tcp_app_win", "31", 0, 31 },
    { "net.ipv4.tcp_autocorking", "1", 0, 1 },
    { "net.ipv4.tcp_backlog_ack_defer", "1", 0, 1 },
    { "net.ipv4.tcp_base_mss", "1024", 0, INT32_MAX },
    { "net.ipv4.tcp_challenge_ack_limit", "2147483647", 0, INT32_MAX },
    { "net.ipv4.tcp_comp_sack_delay_ns", "1000000", 0, UINT32_MAX },
    { "net.ipv4.tcp_comp_sack_nr", "44", 0, 255 },
    { "net.ipv4.tcp_comp_sack_slack_ns", "100000", 0, UINT32_MAX },
    { "net.ipv4.tcp_congestion_control", "cubic", 0, 0 },
    { "net.ipv4.tcp_dsack", "1", 0, 255 },
    { "net.ipv4.tcp_early_demux", "1", 0, 255 },
    { "net.ipv4.tcp_early_retrans", "3", 0, 4 },
    { "net.ipv4.tcp_ecn", "2", 0, 5 },
    { "net.ipv4.tcp_ecn_fallback", "1", 0, 1 },
    { "net.ipv4.tcp_ecn_option", "2", 0, 2 },
    { "net.ipv4.tcp_ecn_option_beacon", "3", 0, 3 },
    { "net.ipv4.tcp_fack", "0", 0, 255 },
    { "net.ipv4.tcp_fastopen", "1", 0, INT32_MAX },
    { "net.ipv4.tcp_fastopen_blackhole_timeout_sec", "0", 0, INT32_MAX },
    { "net.ipv4.tcp_fin_timeout", "60", 0, 8589934 },
    { "net.ipv4.tcp_frto", "2", 0, 255 },
    { "net.ipv4.tcp_invalid_ratelimit", "500", 0, INT32_MAX },
    { "net.ipv4.tcp_keepalive_intvl", "75", 0, 8589934 },
    { "net.ipv4.tcp_keepalive_probes", "9", 0, 255 },
    { "net.ipv4.tcp_keepalive_time", "7200", 0, 8589934 },
    { "net.ipv4.tcp_limit_output_bytes", "4194304", 0, INT32_MAX },
    { "net.ipv4.tcp_max_reordering", "300", 1, INT32_MAX },
    { "net.ipv4.tcp_min_rtt_wlen", "300", 0, 86400 },
    { "net.ipv4.tcp_min_snd_mss", "48", 48, 65535 },
    { "net.ipv4.tcp_min_tso_segs", "2", 1, 255 },
    { "net.ipv4.tcp_moderate_rcvbuf", "1", 0, 255 },
    { "net.ipv4.tcp_mtu_probe_floor", "48", 48, 65535 },
    { "net.ipv4.tcp_mtu_probing", "0", 0, 255 },
    { "net.ipv4.tcp_no_metrics_save", "0", 0, 255 },
    { "net.ipv4.tcp_no_ssthresh_metrics_save", "1", 0, 1 },
    { "net.ipv4.tcp_notsent_lowat", "4294967295", 0, UINT32_MAX },
    { "net.ipv4.tcp_orphan_retries", "0", 0, 255 },
    { "net.ipv4.tcp_pacing_ca_ratio", "120", 0, 1000 },
    { "net.ipv4.tcp_pacing_ss_ratio", "200", 0, 1000 },
    { "net.ipv4.tcp_pingpong_thresh", "1", 1, 255 },
    { "net.ipv4.tcp_plb_cong_thresh", "128", 0, 256 },
    { "net.ipv4.tcp_plb_enabled", "0", 0, 1 },
    { "net.ipv4.tcp_plb_suspend_rto_sec", "60", 0, 255 },
    { "net.ipv4.tcp_probe_interval", "600", 0, 17179869 },
    { "net.ipv4.tcp_probe_threshold", "8", 0, INT32_MAX },
    { "net.ipv4.tcp_recovery", "1", 0, 255 },
    { "net.ipv4.tcp_reflect_tos", "0", 0, 1 },
    { "net.ipv4.tcp_reordering", "3", 1, 300 },
    { "net.ipv4.tcp_retrans_collapse", "1", 0, 255 },
    { "net.ipv4.tcp_retries1", "3", 0, 255 },
    { "net.ipv4.tcp_retries2", "15", 0, 255 },
    { "net.ipv4.tcp_rfc1337", "0", 0, 255 },
    { "net.ipv4.tcp_rmem", "4096 131072 33554432", 0, 0 },
    { "net.ipv4.tcp_rto_max_ms", "120000", 1000, 120000 },
    { "net.ipv4.tcp_rto_min_us", "200000", 1, INT32_MAX },
    { "net.ipv4.tcp_sack", "1", 0, 255 },
    { "net.ipv4.tcp_shrink_window", "0", 0, 1 },
    { "net.ipv4.tcp_slow_start_after_idle", "1", 0, 255 },
    { "net.ipv4.tcp_stdurg", "0", 0, 255 },
    { "net.ipv4.tcp_syn_linear_timeouts", "4", 0, 127 },
    { "net.ipv4.tcp_syn_retries", "6", 1, 127 },
    { "net.ipv4.tcp_synack_retries", "5", 0, 255 },
    { "net.ipv4.tcp_syncookies", "1", 0, 255 },
    { "net.ipv4.tcp_thin_linear_timeouts", "0", 0, 255 },
    { "net.ipv4.tcp_timestamps", "1", 0, 255 },
    { "net.ipv4.tcp_tso_rtt_log", "9", 0, 255 },
    { "net.ipv4.tcp_tso_win_divisor", "3", 0, 255 },
    { "net.ipv4.tcp_tw_reuse", "2", 0, 2 },
    { "net.ipv4.tcp_tw_reuse_delay", "1000", 1, 60000 },
    { "net.ipv4.tcp_window_scaling", "1", 0, 255 },
    { "net.ipv4.tcp_wmem", "4096 16384 4194304", 0, 0 },
    { "net.ipv4.tcp_workaround_signed_windows", "0", 0, 255 },
    { "net.ipv4.udp_early_demux", "1", 0, 255 },
    { "net.ipv4.udp_rmem_min", "4096", 1, INT32_MAX },
    { "net.ipv4.udp_wmem_min", "4096", 1, INT32_MAX },
};
/* clang-format on */

static struct node *node_alone(struct network **net)
{
    *net = network_new("sysctl", 1);
    return network_add_node(*net, "host", NODE_HOST, NULL);
}

START_TEST(defaults)
{
    struct network *net;
    struct node *node = node_alone(&net);

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        GError *error = NULL;
        char *value = node_sysctl_get(node, table[i].name, &error);
        ck_assert_msg(value != NULL, "%s", error ? error->message : "");
        ck_assert_msg(strcmp(value, table[i].def) == 0, "%s = %s", table[i].name, value);
        g_free(value);
    }
    network_free(net);
}
END_TEST

static bool takes(struct node *node, const char *name, int64_t value)
{
    char *text = g_strdup_printf("%" PRId64, value);
    bool taken = node_sysctl_set(node, name, text, NULL);

    if (taken) {
        char *back = node_sysctl_get(node, name, NULL);
        /* A host forwards or does not. */
        if (!strstr(name, "forwarding") && strcmp(name, "net.ipv4.ip_forward") != 0)
            ck_assert_msg(strcmp(back, text) == 0, "%s: %s is read as %s", name, text, back);
        g_free(back);
    }
    g_free(text);
    return taken;
}

START_TEST(ranges)
{
    struct network *net;
    struct node *node = node_alone(&net);

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        const char *name = table[i].name;
        if (table[i].min == 0 && table[i].max == 0)
            continue;
        ck_assert_msg(!takes(node, name, table[i].min - 1), "%s: below", name);
        ck_assert_msg(takes(node, name, table[i].min), "%s: least", name);
        ck_assert_msg(takes(node, name, table[i].max), "%s: most", name);
        ck_assert_msg(!takes(node, name, table[i].max + 1), "%s: above", name);
    }
    network_free(net);
}
END_TEST

/* Those that nothing depends on say why, can be written and read, and are each node's own. */
START_TEST(without_effect)
{
    struct network *net;
    struct node *node = node_alone(&net), *other = network_add_node(net, "other", NODE_HOST, NULL);

    ck_assert_ptr_nonnull(node_sysctl_idle("net.ipv4.udp_rmem_min"));
    ck_assert_ptr_nonnull(node_sysctl_idle("net.ipv4.tcp_fack"));
    ck_assert_ptr_null(node_sysctl_idle("net.ipv4.tcp_sack"));
    ck_assert(node_sysctl_set(node, "net.ipv4.udp_rmem_min", "1", NULL));
    ck_assert(node_sysctl_set(node, "net.core.default_qdisc", "fq", NULL));
    char *mine = node_sysctl_get(node, "net.ipv4.udp_rmem_min", NULL);
    char *theirs = node_sysctl_get(other, "net.ipv4.udp_rmem_min", NULL);
    char *name = node_sysctl_get(node, "net.core.default_qdisc", NULL);
    ck_assert_str_eq(mine, "1");
    ck_assert_str_eq(theirs, "4096");
    ck_assert_str_eq(name, "fq");
    g_free(mine);
    g_free(theirs);
    g_free(name);
    network_free(net);
}
END_TEST

SUITE("models/node: sysctls", defaults, ranges, without_effect)

/* IP's sysctls, with the names, meanings and defaults of Linux 6.18. */
#ifndef WEFT_PROTOCOLS_IP_SYSCTL_H
#define WEFT_PROTOCOLS_IP_SYSCTL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct sysctl_row;
struct ip_stack;

/* Rows X(member, name, default, least, most).  What Linux has per interface is one value for the
 * node here: conf.all, conf.default and neigh.default are the same, and so are conf.*.forwarding
 * and ip_forward. */
/* clang-format off */
#define IP_SYSCTLS(X) \
    X(accept_redirects, "net.ipv4.conf.default.accept_redirects", 1, 0, INT32_MAX) \
    X(arp_accept, "net.ipv4.conf.default.arp_accept", 0, 0, INT32_MAX) \
    X(arp_announce, "net.ipv4.conf.default.arp_announce", 0, 0, INT32_MAX) \
    X(arp_evict_nocarrier, "net.ipv4.conf.default.arp_evict_nocarrier", 1, 0, INT32_MAX) \
    X(arp_filter, "net.ipv4.conf.default.arp_filter", 0, 0, INT32_MAX) \
    X(arp_ignore, "net.ipv4.conf.default.arp_ignore", 0, 0, INT32_MAX) \
    X(arp_notify, "net.ipv4.conf.default.arp_notify", 0, 0, INT32_MAX) \
    X(conf_forwarding, "net.ipv4.conf.default.forwarding", 0, 0, INT32_MAX) \
    X(igmp_v2_interval, "net.ipv4.conf.default.igmpv2_unsolicited_report_interval", 10000, 0, INT32_MAX) \
    X(rp_filter, "net.ipv4.conf.default.rp_filter", 0, 0, INT32_MAX) \
    X(secure_redirects, "net.ipv4.conf.default.secure_redirects", 1, 0, INT32_MAX) \
    X(send_redirects, "net.ipv4.conf.default.send_redirects", 1, 0, INT32_MAX) \
    X(shared_media, "net.ipv4.conf.default.shared_media", 1, 0, INT32_MAX) \
    X(multipath_hash_fields, "net.ipv4.fib_multipath_hash_fields", 7, 1, 4095) \
    X(multipath_hash_policy, "net.ipv4.fib_multipath_hash_policy", 0, 0, 3) \
    X(multipath_use_neigh, "net.ipv4.fib_multipath_use_neigh", 0, 0, 1) \
    X(icmp_echo_ignore_all, "net.ipv4.icmp_echo_ignore_all", 0, 0, 1) \
    X(icmp_echo_ignore_broadcasts, "net.ipv4.icmp_echo_ignore_broadcasts", 1, 0, 1) \
    X(icmp_inbound_ifaddr, "net.ipv4.icmp_errors_use_inbound_ifaddr", 0, 0, 1) \
    X(icmp_msgs_burst, "net.ipv4.icmp_msgs_burst", 50, 0, INT32_MAX) \
    X(icmp_msgs_per_sec, "net.ipv4.icmp_msgs_per_sec", 1000, 0, INT32_MAX) \
    X(icmp_ratelimit, "net.ipv4.icmp_ratelimit", 1000, 0, INT32_MAX) \
    X(icmp_ratemask, "net.ipv4.icmp_ratemask", 6168, 0, INT32_MAX) \
    X(igmp_link_local, "net.ipv4.igmp_link_local_mcast_reports", 1, 0, 255) \
    X(igmp_max_memberships, "net.ipv4.igmp_max_memberships", 20, 0, INT32_MAX) \
    X(igmp_qrv, "net.ipv4.igmp_qrv", 2, 1, INT32_MAX) \
    X(default_ttl, "net.ipv4.ip_default_ttl", 64, 1, 255) \
    X(forward, "net.ipv4.ip_forward", 0, 0, INT32_MAX) \
    X(forward_use_pmtu, "net.ipv4.ip_forward_use_pmtu", 0, 0, 255) \
    X(no_pmtu_disc, "net.ipv4.ip_no_pmtu_disc", 0, 0, 255) \
    X(frag_high_thresh, "net.ipv4.ipfrag_high_thresh", 4194304, 0, UINT32_MAX) \
    X(frag_max_dist, "net.ipv4.ipfrag_max_dist", 64, 0, INT32_MAX) \
    X(frag_time, "net.ipv4.ipfrag_time", 30, 0, 8589934) \
    X(base_reachable_ms, "net.ipv4.neigh.default.base_reachable_time_ms", 30000, 0, INT32_MAX) \
    X(delay_first_probe, "net.ipv4.neigh.default.delay_first_probe_time", 5, 0, 8589934) \
    X(gc_stale_time, "net.ipv4.neigh.default.gc_stale_time", 60, 0, 8589934) \
    X(gc_thresh1, "net.ipv4.neigh.default.gc_thresh1", 128, 0, INT32_MAX) \
    X(gc_thresh3, "net.ipv4.neigh.default.gc_thresh3", 1024, 0, INT32_MAX) \
    X(mcast_solicit, "net.ipv4.neigh.default.mcast_solicit", 3, 0, INT32_MAX) \
    X(retrans_ms, "net.ipv4.neigh.default.retrans_time_ms", 1000, 0, INT32_MAX) \
    X(ucast_solicit, "net.ipv4.neigh.default.ucast_solicit", 3, 0, INT32_MAX) \
    X(unres_qlen_bytes, "net.ipv4.neigh.default.unres_qlen_bytes", 212992, 0, INT32_MAX) \
    X(min_pmtu, "net.ipv4.route.min_pmtu", 552, 68, INT32_MAX) \
    X(mtu_expires, "net.ipv4.route.mtu_expires", 600, 0, 8589934)
/* clang-format on */

struct ip_sysctl {
#define X(member, name, value, least, most) uint32_t member;
    IP_SYSCTLS(X)
#undef X
};

extern const struct ip_sysctl ip_sysctl_defaults;

/* Sets a sysctl by its full name; text as sysctl(8) prints it.  An unknown name or a value out of
 * range is an error that says the remedy.  A host that sets none shares the defaults. */
bool ip_sysctl_set(struct ip_stack *ip, const char *name, const char *text, GError **error);

/* The value as text, which the caller frees; NULL with an error if the name is unknown. */
char *ip_sysctl_get(const struct ip_stack *ip, const char *name, GError **error);

/* The names of all of them, NULL-terminated, sorted. */
const char *const *ip_sysctl_names(void);

/* The row of the name, with its range, or NULL. */
const struct sysctl_row *ip_sysctl_row(const char *name);

#endif

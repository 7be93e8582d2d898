#include "protocols/tcp/sysctl.h"

#include <stdio.h>

#include "protocols/ip/ports.h"
#include "protocols/tcp/tcp.h"
#include "sim/sysctl.h"

const struct tcp_sysctl tcp_sysctl_defaults = {
    .rmem = { 4096, 131072, 33554432 },
    .wmem = { 4096, 16384, 4194304 },
    .local_port_range = { 32768, 60999 },
    .somaxconn = 4096,
    .core_rmem_max = 4194304,
    .core_wmem_max = 4194304,
    .syn_retries = 6,
    .syn_linear_timeouts = 4,
    .synack_retries = 5,
    .retries1 = 3,
    .retries2 = 15,
    .max_syn_backlog = 512,
    .syncookies = 1,
    .max_orphans = 32768,
    .fin_timeout = 60,
    .max_tw_buckets = 32768,
    .tw_reuse = 2,
    .tw_reuse_delay = 1000,
    .keepalive_time = 7200,
    .keepalive_intvl = 75,
    .keepalive_probes = 9,
    .sack = 1,
    .dsack = 1,
    .window_scaling = 1,
    .timestamps = 1,
    .fastopen = 1,
    .ecn = 2,
    .ecn_fallback = 1,
    .ecn_option = 2,
    .ecn_option_beacon = 3,
    .frto = 2,
    .recovery = 1,
    .early_retrans = 3,
    .reordering = 3,
    .max_reordering = 300,
    .moderate_rcvbuf = 1,
    .slow_start_after_idle = 1,
    .no_ssthresh_metrics_save = 1,
    .notsent_lowat = UINT32_MAX,
    .pacing_ss_ratio = 200,
    .pacing_ca_ratio = 120,
    .min_tso_segs = 2,
    .tso_rtt_log = 9,
    .tso_win_divisor = 3,
    .limit_output_bytes = 4194304,
    .autocorking = 1,
    .challenge_ack_limit = INT32_MAX,
    .invalid_ratelimit = 500,
    .min_rtt_wlen = 300,
    .base_mss = 1024,
    .mtu_probe_floor = 48,
    .min_snd_mss = 48,
    .probe_interval = 600,
    .probe_threshold = 8,
    .rto_min_us = 200000,
    .rto_max_ms = 120000,
    .pingpong_thresh = 1,
    .app_win = 31,
    .comp_sack_delay_ns = 1000000,
    .comp_sack_nr = 44,
    .retrans_collapse = 1,
    .congestion_control = "cubic",
};

#define ALL UINT32_MAX

/* Sorted by name. */
/* clang-format off */
#define ROWS(ROW, ONE) \
    ROW("net.core.rmem_max", core_rmem_max, 1, 2304, INT32_MAX) \
    ROW("net.core.somaxconn", somaxconn, 1, 0, INT32_MAX) \
    ROW("net.core.wmem_max", core_wmem_max, 1, 4608, INT32_MAX) \
    ROW("net.ipv4.ip_autobind_reuse", autobind_reuse, 1, 0, 1) \
    ROW("net.ipv4.ip_local_port_range", local_port_range, 2, 1, 65535) \
    ROW("net.ipv4.ip_local_reserved_ports", reserved_ports, 0, 0, 0) \
    ROW("net.ipv4.ip_no_pmtu_disc", no_pmtu_disc, 1, 0, 255) \
    ONE(abort_on_overflow, 0, 255) \
    ONE(app_win, 0, 31) \
    ONE(autocorking, 0, 1) \
    ONE(base_mss, 0, INT32_MAX) \
    ONE(challenge_ack_limit, 0, INT32_MAX) \
    ONE(comp_sack_delay_ns, 0, ALL) \
    ONE(comp_sack_nr, 0, 255) \
    ROW("net.ipv4.tcp_congestion_control", congestion_control, 0, 0, 0) \
    ONE(dsack, 0, 255) \
    ONE(early_retrans, 0, 4) \
    ONE(ecn, 0, 5) \
    ONE(ecn_fallback, 0, 1) \
    ONE(ecn_option, 0, 2) \
    ONE(ecn_option_beacon, 0, 3) \
    ONE(fastopen, 0, INT32_MAX) \
    ROW("net.ipv4.tcp_fastopen_key", fastopen_key, 0, 0, 0) \
    ONE(fin_timeout, 0, 8589934) \
    ONE(frto, 0, 255) \
    ONE(invalid_ratelimit, 0, INT32_MAX) \
    ONE(keepalive_intvl, 0, 8589934) \
    ONE(keepalive_probes, 0, 255) \
    ONE(keepalive_time, 0, 8589934) \
    ONE(limit_output_bytes, 0, INT32_MAX) \
    ONE(max_orphans, 0, INT32_MAX) \
    ONE(max_reordering, 1, INT32_MAX) \
    ONE(max_syn_backlog, 0, INT32_MAX) \
    ONE(max_tw_buckets, 0, INT32_MAX) \
    ONE(min_rtt_wlen, 0, 86400) \
    ONE(min_snd_mss, 48, 65535) \
    ONE(min_tso_segs, 1, 255) \
    ONE(moderate_rcvbuf, 0, 255) \
    ONE(mtu_probe_floor, 48, 65535) \
    ONE(mtu_probing, 0, 255) \
    ONE(no_metrics_save, 0, 255) \
    ONE(no_ssthresh_metrics_save, 0, 1) \
    ONE(notsent_lowat, 0, ALL) \
    ONE(orphan_retries, 0, 255) \
    ONE(pacing_ca_ratio, 0, 1000) \
    ONE(pacing_ss_ratio, 0, 1000) \
    ONE(pingpong_thresh, 1, 255) \
    ONE(probe_interval, 0, 17179869) \
    ONE(probe_threshold, 0, INT32_MAX) \
    ONE(recovery, 0, 255) \
    ONE(reflect_tos, 0, 1) \
    ONE(reordering, 1, 300) \
    ONE(retrans_collapse, 0, 255) \
    ONE(retries1, 0, 255) \
    ONE(retries2, 0, 255) \
    ONE(rfc1337, 0, 255) \
    ROW("net.ipv4.tcp_rmem", rmem, 3, 1, INT32_MAX) \
    ONE(rto_max_ms, 1000, 120000) \
    ONE(rto_min_us, 1, INT32_MAX) \
    ONE(sack, 0, 255) \
    ONE(shrink_window, 0, 1) \
    ONE(slow_start_after_idle, 0, 255) \
    ONE(stdurg, 0, 255) \
    ONE(syn_linear_timeouts, 0, 127) \
    ONE(syn_retries, 1, 127) \
    ONE(synack_retries, 0, 255) \
    ONE(syncookies, 0, 255) \
    ONE(thin_linear_timeouts, 0, 255) \
    ONE(timestamps, 0, 255) \
    ONE(tso_rtt_log, 0, 255) \
    ONE(tso_win_divisor, 0, 255) \
    ONE(tw_reuse, 0, 2) \
    ONE(tw_reuse_delay, 1, 60000) \
    ONE(window_scaling, 0, 255) \
    ROW("net.ipv4.tcp_wmem", wmem, 3, 1, INT32_MAX) \
    ONE(workaround_signed_windows, 0, 255)
/* clang-format on */

#define ROW_ROW(name, member, count, min, max) \
    { name, offsetof(struct tcp_sysctl, member), count, min, max },
#define ROW_ONE(member, min, max) ROW_ROW("net.ipv4.tcp_" #member, member, 1, min, max)
static const struct sysctl_row rows[] = { ROWS(ROW_ROW, ROW_ONE){ .name = NULL } };

#define NAME_ROW(name, member, count, min, max) name,
#define NAME_ONE(member, min, max)              "net.ipv4.tcp_" #member,
static const char *const names[] = { ROWS(NAME_ROW, NAME_ONE) NULL };

const char *const *tcp_sysctl_names(void)
{
    return names;
}

const struct sysctl_row *tcp_sysctl_row(const char *name)
{
    return sysctl_find(rows, name);
}

static const struct sysctl_row *row_find(const char *name, GError **error)
{
    const struct sysctl_row *row = sysctl_find(rows, name);

    if (!row)
        sysctl_unknown(name, names, error);
    return row;
}

static bool set_algorithm(const struct tcp_stack *stack, struct tcp_sysctl *values,
                          const char *text, GError **error)
{
    if (!cc_find_among(tcp_memory_ccs(stack->memory), text)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                    "net.ipv4.tcp_congestion_control: no congestion control \"%s\"; "
                    "`weft list cc` shows all",
                    text);
        return false;
    }
    g_strlcpy(values->congestion_control, text, sizeof values->congestion_control);
    return true;
}

/* Four words of hexadecimal digits with dashes between them. */
static bool set_key(uint32_t *out, const char *text, GError **error)
{
    int n = 0;

    if (sscanf(text, "%8x-%8x-%8x-%8x%n", &out[0], &out[1], &out[2], &out[3], &n) == 4 &&
        text[n] == '\0')
        return true;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE,
                "net.ipv4.tcp_fastopen_key = \"%s\": give four words, 00112233-44556677-...", text);
    return false;
}

static bool set_ports(const struct ports **out, const char *text, GError **error)
{
    struct ports *ports;

    if (!ports_parse(text, &ports, error)) {
        g_prefix_error(error, "net.ipv4.ip_local_reserved_ports: ");
        return false;
    }
    g_free((void *)(uintptr_t)*out);
    *out = ports;
    return true;
}

static bool is_ports(const struct sysctl_row *row)
{
    return row->offset == offsetof(struct tcp_sysctl, reserved_ports);
}

static bool is_key(const struct sysctl_row *row)
{
    return row->offset == offsetof(struct tcp_sysctl, fastopen_key);
}

static bool write_value(const struct tcp_stack *stack, const struct sysctl_row *row,
                        struct tcp_sysctl *values, const char *text, GError **error)
{
    if (is_key(row)) {
        values->fastopen_key_set = true;
        return set_key(values->fastopen_key, text, error);
    }
    if (is_ports(row))
        return set_ports(&values->reserved_ports, text, error);
    if (row->count == 0)
        return set_algorithm(stack, values, text, error);
    if (!sysctl_write(row, values, text, error))
        return false;
    if (values->local_port_range[0] <= values->local_port_range[1])
        return true;
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                "%s = \"%s\": the first port must not be above the last", row->name, text);
    return false;
}

bool tcp_sysctl_set(struct tcp_stack *stack, const char *name, const char *text, GError **error)
{
    const struct sysctl_row *row = row_find(name, error);
    struct tcp_sysctl values = *stack->sysctl;

    if (!row || !write_value(stack, row, &values, text, error))
        return false;
    if (stack->sysctl == &tcp_sysctl_defaults)
        stack->sysctl = g_memdup2(&values, sizeof values);
    else
        *(struct tcp_sysctl *)(uintptr_t)stack->sysctl = values;
    return true;
}

char *tcp_sysctl_get(const struct tcp_stack *stack, const char *name, GError **error)
{
    const struct sysctl_row *row = row_find(name, error);
    const uint32_t *key = stack->sysctl->fastopen_key;

    if (!row)
        return NULL;
    if (is_key(row))
        return g_strdup_printf("%08x-%08x-%08x-%08x", key[0], key[1], key[2], key[3]);
    if (is_ports(row))
        return ports_text(stack->sysctl->reserved_ports);
    if (row->count == 0)
        return g_strdup(stack->sysctl->congestion_control);
    return sysctl_read(row, stack->sysctl);
}

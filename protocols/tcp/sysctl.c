#include "protocols/tcp/sysctl.h"

#include <stdio.h>
#include <stdlib.h>

#include "protocols/tcp/tcp.h"
#include "sim/param.h"

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
    .mem = { 93399, 124535, 186798 },
    .adv_win_scale = 1,
    .backlog_ack_defer = 1,
    .comp_sack_slack_ns = 100000,
    .early_demux = 1,
    .plb_cong_thresh = 128,
    .plb_suspend_rto_sec = 60,
    .ip_early_demux = 1,
    .congestion_control = "cubic",
};

struct row {
    const char *name;
    uint16_t offset;
    uint16_t count; /* of uint32_t; 0: the name of a congestion control */
    uint32_t min, max;
};

#define ALL UINT32_MAX

/* Sorted by name. */
/* clang-format off */
#define ROWS(ROW, ONE) \
    ROW("net.core.rmem_max", core_rmem_max, 1, 2304, INT32_MAX) \
    ROW("net.core.somaxconn", somaxconn, 1, 0, INT32_MAX) \
    ROW("net.core.wmem_max", core_wmem_max, 1, 4608, INT32_MAX) \
    ROW("net.ipv4.ip_early_demux", ip_early_demux, 1, 0, 255) \
    ROW("net.ipv4.ip_local_port_range", local_port_range, 2, 1, 65535) \
    ROW("net.ipv4.ip_no_pmtu_disc", no_pmtu_disc, 1, 0, 3) \
    ONE(abort_on_overflow, 0, 1) \
    ONE(adv_win_scale, 0, 31) \
    ONE(app_win, 0, 31) \
    ONE(autocorking, 0, 1) \
    ONE(backlog_ack_defer, 0, 1) \
    ONE(base_mss, 0, INT32_MAX) \
    ONE(challenge_ack_limit, 0, INT32_MAX) \
    ONE(comp_sack_delay_ns, 0, ALL) \
    ONE(comp_sack_nr, 0, 255) \
    ONE(comp_sack_slack_ns, 0, ALL) \
    ROW("net.ipv4.tcp_congestion_control", congestion_control, 0, 0, 0) \
    ONE(dsack, 0, 1) \
    ONE(early_demux, 0, 255) \
    ONE(early_retrans, 0, 4) \
    ONE(ecn, 0, 5) \
    ONE(ecn_fallback, 0, 1) \
    ONE(ecn_option, 0, 2) \
    ONE(ecn_option_beacon, 0, 3) \
    ONE(fack, 0, 255) \
    ONE(fastopen, 0, 0x7fffffff) \
    ONE(fastopen_blackhole_timeout_sec, 0, INT32_MAX) \
    ROW("net.ipv4.tcp_fastopen_key", fastopen_key, 4, 0, ALL) \
    ONE(fin_timeout, 1, 120) \
    ONE(frto, 0, 2) \
    ONE(invalid_ratelimit, 0, ALL) \
    ONE(keepalive_intvl, 1, 32767) \
    ONE(keepalive_probes, 1, 127) \
    ONE(keepalive_time, 1, 32767) \
    ONE(limit_output_bytes, 0, INT32_MAX) \
    ONE(max_orphans, 0, INT32_MAX) \
    ONE(max_reordering, 1, INT32_MAX) \
    ONE(max_syn_backlog, 0, INT32_MAX) \
    ONE(max_tw_buckets, 0, INT32_MAX) \
    ROW("net.ipv4.tcp_mem", mem, 3, 0, INT32_MAX) \
    ONE(min_rtt_wlen, 0, 86400) \
    ONE(min_snd_mss, 48, 65535) \
    ONE(min_tso_segs, 1, 255) \
    ONE(moderate_rcvbuf, 0, 1) \
    ONE(mtu_probe_floor, 48, 65535) \
    ONE(mtu_probing, 0, 2) \
    ONE(no_metrics_save, 0, 1) \
    ONE(no_ssthresh_metrics_save, 0, 1) \
    ONE(notsent_lowat, 0, ALL) \
    ONE(orphan_retries, 0, 255) \
    ONE(pacing_ca_ratio, 0, 1000) \
    ONE(pacing_ss_ratio, 0, 1000) \
    ONE(pingpong_thresh, 1, 255) \
    ONE(plb_cong_thresh, 0, 256) \
    ONE(plb_enabled, 0, 1) \
    ONE(plb_suspend_rto_sec, 0, 255) \
    ONE(probe_interval, 0, 17179869) \
    ONE(probe_threshold, 0, INT32_MAX) \
    ONE(recovery, 0, 7) \
    ONE(reordering, 1, 300) \
    ONE(retrans_collapse, 0, 1) \
    ONE(retries1, 0, 255) \
    ONE(retries2, 0, 255) \
    ONE(rfc1337, 0, 1) \
    ROW("net.ipv4.tcp_rmem", rmem, 3, 1, INT32_MAX) \
    ONE(rto_max_ms, 1000, 120000) \
    ONE(rto_min_us, 1, 120000000) \
    ONE(sack, 0, 1) \
    ONE(shrink_window, 0, 1) \
    ONE(slow_start_after_idle, 0, 1) \
    ONE(stdurg, 0, 1) \
    ONE(syn_linear_timeouts, 0, 127) \
    ONE(syn_retries, 1, 127) \
    ONE(synack_retries, 0, 255) \
    ONE(syncookies, 0, 2) \
    ONE(thin_linear_timeouts, 0, 1) \
    ONE(timestamps, 0, 2) \
    ONE(tso_rtt_log, 0, 255) \
    ONE(tso_win_divisor, 0, 255) \
    ONE(tw_reuse, 0, 2) \
    ONE(tw_reuse_delay, 1, 60000) \
    ONE(window_scaling, 0, 1) \
    ROW("net.ipv4.tcp_wmem", wmem, 3, 1, INT32_MAX) \
    ONE(workaround_signed_windows, 0, 1)
/* clang-format on */

#define ROW_ROW(name, member, count, min, max) \
    { name, offsetof(struct tcp_sysctl, member), count, min, max },
#define ROW_ONE(member, min, max) ROW_ROW("net.ipv4.tcp_" #member, member, 1, min, max)
static const struct row rows[] = { ROWS(ROW_ROW, ROW_ONE) };

#define NAME_ROW(name, member, count, min, max) name,
#define NAME_ONE(member, min, max)              "net.ipv4.tcp_" #member,
static const char *const names[] = { ROWS(NAME_ROW, NAME_ONE) NULL };

const char *const *tcp_sysctl_names(void)
{
    return names;
}

/* Memory here is not short, work takes no time, and there are no labels to balance paths by. */
bool tcp_sysctl_has_effect(const char *name)
{
    static const char *const inert[] = {
        "net.ipv4.ip_early_demux",
        "net.ipv4.tcp_adv_win_scale", /* Linux does not use it any more */
        "net.ipv4.tcp_backlog_ack_defer",
        "net.ipv4.tcp_comp_sack_slack_ns",
        "net.ipv4.tcp_early_demux",
        "net.ipv4.tcp_fack", /* ditto */
        "net.ipv4.tcp_fastopen_blackhole_timeout_sec",
        "net.ipv4.tcp_mem",
        "net.ipv4.tcp_plb_cong_thresh",
        "net.ipv4.tcp_plb_enabled",
        "net.ipv4.tcp_plb_suspend_rto_sec",
        NULL,
    };
    return !g_strv_contains(inert, name);
}

static const struct row *row_find(const char *name, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    const char *near = word_nearest(name, names);
    if (near)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN,
                    "unknown sysctl \"%s\"; did you mean \"%s\"?", name, near);
    else
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown sysctl \"%s\"", name);
    return NULL;
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

static bool set_numbers(const struct row *row, uint32_t *out, const char *text, GError **error)
{
    const char *at = text;

    for (int i = 0; i < row->count; i++) {
        char *end;
        unsigned long long value = strtoull(at, &end, 10);
        if (end == at || (*end && !strchr(" \t", *end)) || *(at + strspn(at, " \t")) == '-' ||
            value < row->min || value > row->max) {
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                        "%s = \"%s\": give %d number%s from %u to %u", row->name, text, row->count,
                        row->count > 1 ? "s" : "", row->min, row->max);
            return false;
        }
        out[i] = (uint32_t)value;
        at = end;
    }
    if (at[strspn(at, " \t")] != '\0') {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "%s = \"%s\": too many values; give %d",
                    row->name, text, row->count);
        return false;
    }
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

bool tcp_sysctl_set(struct tcp_stack *stack, const char *name, const char *text, GError **error)
{
    const struct row *row = row_find(name, error);
    struct tcp_sysctl values = *stack->sysctl;

    if (!row)
        return false;
    if (row->count == 4 ? !set_key((uint32_t *)(void *)((char *)&values + row->offset), text, error)
        : row->count == 0
            ? !set_algorithm(stack, &values, text, error)
            : !set_numbers(row, (uint32_t *)(void *)((char *)&values + row->offset), text, error))
        return false;
    if (values.local_port_range[0] > values.local_port_range[1]) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s = \"%s\": the first port must not be above the last", name, text);
        return false;
    }
    values.fastopen_key_set |= row->count == 4;
    if (stack->sysctl == &tcp_sysctl_defaults)
        stack->sysctl = g_memdup2(&values, sizeof values);
    else
        *(struct tcp_sysctl *)(uintptr_t)stack->sysctl = values;
    return true;
}

char *tcp_sysctl_get(const struct tcp_stack *stack, const char *name, GError **error)
{
    const struct row *row = row_find(name, error);

    if (!row)
        return NULL;
    const void *at = (const char *)stack->sysctl + row->offset;
    if (row->count == 0)
        return g_strdup(at);
    if (row->count == 4) {
        const uint32_t *key = at;
        return g_strdup_printf("%08x-%08x-%08x-%08x", key[0], key[1], key[2], key[3]);
    }
    GString *text = g_string_new(NULL);
    for (int i = 0; i < row->count; i++)
        g_string_append_printf(text, "%s%u", i ? " " : "", ((const uint32_t *)at)[i]);
    return g_string_free(text, FALSE);
}

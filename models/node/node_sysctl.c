/* A node's sysctls: IP's, TCP's and the sockets' are tables of theirs; here are those of Linux that
 * nothing depends on, and each says why.  A scenario that was written for Linux may set them. */
#include <inttypes.h>
#include <string.h>

#include "models/node/node.h"
#include "protocols/ip/sysctl.h"
#include "protocols/tcp/sysctl.h"
#include "sim/error.h"
#include "sim/sysctl.h"

/* ---- Without effect ------------------------------------------------------------------------ */

static const char no_work[] = "it saves a processor work, which takes no time here";
static const char no_napi[] = "what arrives is taken at once, not by turns of a soft interrupt";
static const char no_memory[] = "memory of datagrams is never short here";
static const char no_label[] = "it changes flow labels, which only IPv6 has";
static const char unused[] = "Linux does not use it any more";

#define NUMBER(name, min, max) \
    {                          \
        name, 0, 1, min, max   \
    }

static const struct idle {
    struct sysctl_row row;
    const char *def, *why;
} idle[] = {
    { { .name = "net.core.default_qdisc" },
      "pfifo_fast",
      "`queue` of a link chooses the discipline" },
    { NUMBER("net.core.dev_weight", 1, INT32_MAX), "64", no_napi },
    { NUMBER("net.core.dev_weight_rx_bias", 1, INT32_MAX), "1", no_napi },
    { NUMBER("net.core.dev_weight_tx_bias", 1, INT32_MAX), "1", no_napi },
    { NUMBER("net.core.gro_normal_batch", 1, INT32_MAX), "8",
      "segments are not joined on arrival" },
    { NUMBER("net.core.netdev_budget", 0, INT32_MAX), "300", no_napi },
    { NUMBER("net.core.netdev_budget_usecs", 0, INT32_MAX), "8000", no_napi },
    { NUMBER("net.core.netdev_max_backlog", 0, INT32_MAX), "1000", no_napi },
    { NUMBER("net.core.rps_sock_flow_entries", 0, 1 << 29), "0", no_work },
    { NUMBER("net.ipv4.conf.default.igmpv3_unsolicited_report_interval", 0, INT32_MAX), "1000",
      "IGMP is version 2 here" },
    { NUMBER("net.ipv4.icmp_ignore_bogus_error_responses", 0, 1), "1", "it keeps a log quiet" },
    { NUMBER("net.ipv4.igmp_max_msf", 0, INT32_MAX), "10", "groups have no lists of sources here" },
    { NUMBER("net.ipv4.ip_dynaddr", 0, 255), "0", "it is for dial-up links" },
    { NUMBER("net.ipv4.ip_early_demux", 0, 255), "1", no_work },
    { NUMBER("net.ipv4.ip_forward_update_priority", 0, 1), "1",
      "a queue reads the TOS of each datagram itself" },
    { NUMBER("net.ipv4.ip_unprivileged_port_start", 0, 65535), "1024",
      "a process here has no user: like root's, it may bind any port" },
    { NUMBER("net.ipv4.ipfrag_low_thresh", 0, UINT32_MAX), "3145728", unused },
    { NUMBER("net.ipv4.tcp_adv_win_scale", -31, 31), "1", unused },
    { NUMBER("net.ipv4.tcp_backlog_ack_defer", 0, 1), "1",
      "no segment comes while a process holds its socket" },
    { NUMBER("net.ipv4.tcp_early_demux", 0, 255), "1", no_work },
    { NUMBER("net.ipv4.tcp_fack", 0, 255), "0", unused },
    { NUMBER("net.ipv4.tcp_plb_cong_thresh", 0, 256), "128", no_label },
    { NUMBER("net.ipv4.tcp_plb_enabled", 0, 1), "0", no_label },
    { NUMBER("net.ipv4.tcp_plb_suspend_rto_sec", 0, 255), "60", no_label },
    { NUMBER("net.ipv4.udp_early_demux", 0, 255), "1", no_work },
    { NUMBER("net.ipv4.udp_rmem_min", 1, INT32_MAX), "4096", no_memory },
    { NUMBER("net.ipv4.udp_wmem_min", 1, INT32_MAX), "4096", no_memory },
};

static const struct idle *idle_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(idle); i++)
        if (strcmp(idle[i].row.name, name) == 0)
            return &idle[i];
    return NULL;
}

const char *node_sysctl_idle(const char *name)
{
    const struct idle *row = idle_find(name);

    return row ? row->why : NULL;
}

static const char *idle_get(const struct node *node, const struct idle *row)
{
    const char *changed =
        node->idle_sysctls ? g_hash_table_lookup(node->idle_sysctls, row->row.name) : NULL;

    return changed ? changed : row->def;
}

static bool idle_set(struct node *node, const struct idle *row, const char *text, GError **error)
{
    uint32_t values[SYSCTL_VALUES_MAX];

    if (row->row.count > 0) {
        sysctl_write(&row->row, values, idle_get(node, row), NULL);
        if (!sysctl_write(&row->row, values, text, error))
            return false;
    }
    if (!node->idle_sysctls)
        node->idle_sysctls = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_hash_table_insert(node->idle_sysctls, (char *)(uintptr_t)row->row.name,
                        row->row.count > 0 ? sysctl_read(&row->row, values) : g_strdup(text));
    return true;
}

/* ---- All ----------------------------------------------------------------------------------- */

static bool is_word_of(const char *const *words, const char *name)
{
    for (; *words; words++)
        if (strcmp(*words, name) == 0)
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **node_sysctl_names(void)
{
    GPtrArray *all = g_ptr_array_new();
    const char *const *const lists[] = { ip_sysctl_names(), socket_sysctl_names(),
                                         tcp_sysctl_names() };

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        for (const char *const *w = lists[i]; *w; w++)
            g_ptr_array_add(all, (char *)(uintptr_t)*w);
    for (size_t i = 0; i < G_N_ELEMENTS(idle); i++)
        g_ptr_array_add(all, (char *)(uintptr_t)idle[i].row.name);
    g_ptr_array_sort(all, by_name);
    for (guint i = all->len; i-- > 1;)
        if (strcmp(all->pdata[i], all->pdata[i - 1]) == 0)
            g_ptr_array_remove_index(all, i);
    g_ptr_array_add(all, NULL);
    return (const char **)g_ptr_array_free(all, FALSE);
}

static const struct sysctl_row *row_of(const char *name)
{
    const struct idle *of_none = idle_find(name);
    const struct sysctl_row *row = of_none ? &of_none->row : tcp_sysctl_row(name);

    if (!row)
        row = socket_sysctl_row(name);
    return row ? row : ip_sysctl_row(name);
}

char *node_sysctl_range(const char *name)
{
    const struct sysctl_row *row = row_of(name);

    if (!row || row->count == 0)
        return g_strdup("");
    if (row->count == 1)
        return g_strdup_printf("%" PRId64 " to %" PRId64, row->min, row->max);
    return g_strdup_printf("%d numbers from %" PRId64 " to %" PRId64, row->count, row->min,
                           row->max);
}

/* IP knows only the nearest of its own names; others may have a nearer one. */
static void name_nearest(const char *name, GError **error)
{
    if (!error || !*error || (*error)->code != WEFT_ERROR_UNKNOWN)
        return;
    const char **all = node_sysctl_names();
    g_clear_error(error);
    sysctl_unknown(name, all, error);
    g_free(all);
}

/* One range for both, and one set of exceptions, kept with TCP's values. */
static void share_ports(struct node *node)
{
    const struct tcp_sysctl *sysctl = node_tcp(node)->sysctl;
    const uint32_t *range = sysctl->local_port_range;

    udp_set_port_range(node_udp(node), (uint16_t)range[0], (uint16_t)range[1]);
    udp_reserve_ports(node_udp(node), sysctl->reserved_ports);
}

bool node_sysctl_set(struct node *node, const char *name, const char *value, GError **error)
{
    const struct idle *row = idle_find(name);

    if (row)
        return idle_set(node, row, value, error);
    if (is_word_of(tcp_sysctl_names(), name)) {
        if (!tcp_sysctl_set(node_tcp(node), name, value, error))
            return false;
        if (g_str_has_prefix(name, "net.ipv4.ip_local_"))
            share_ports(node);
        /* IP reads some of them, too. */
        return !is_word_of(ip_sysctl_names(), name) || ip_sysctl_set(&node->ip, name, value, error);
    }
    if (is_word_of(socket_sysctl_names(), name))
        return socket_sysctl_set(node_sockets(node), name, value, error);
    if (ip_sysctl_set(&node->ip, name, value, error))
        return true;
    name_nearest(name, error);
    return false;
}

char *node_sysctl_get(struct node *node, const char *name, GError **error)
{
    const struct idle *row = idle_find(name);

    if (row)
        return g_strdup(idle_get(node, row));
    if (is_word_of(tcp_sysctl_names(), name))
        return tcp_sysctl_get(node_tcp(node), name, error);
    if (is_word_of(socket_sysctl_names(), name))
        return socket_sysctl_get(node_sockets(node), name, error);
    char *value = ip_sysctl_get(&node->ip, name, error);
    if (!value)
        name_nearest(name, error);
    return value;
}

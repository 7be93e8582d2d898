/* Sysctls.  Scripts set those of the kernel whenever they like, before the plug-in is loaded and
 * between two packets, so each call looks what has changed.  Where there is no /proc/sys, or for
 * what differs from the kernel's, the file that WEFT_PD_SYSCTLS names has lines
 * "net.ipv4.tcp_sack=0"; it wins. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/ip/sysctl.h"
#include "protocols/tcp/tcp.h"
#include "tools/packetdrill/drill.h"

/* A value that weft does not take (a congestion control it does not have) stays as it was. */
static void set(struct drill *drill, const char *name, const char *value)
{
    GError *error = NULL;

    if (g_strcmp0(g_hash_table_lookup(drill->sysctls, name), value) == 0)
        return;
    g_hash_table_insert(drill->sysctls, g_strdup(name), g_strdup(value));
    if (strcmp(name, DRILL_QDISC) == 0)
        return; /* device.c looks for it */
    if (!node_sysctl_set(drill->node, name, value, &error)) {
        fprintf(stderr, "weft_packetdrill: %s\n", error->message);
        g_error_free(error);
    }
}

static char *tidy(char *value)
{
    return g_strdelimit(g_strstrip(value), "\t", ' ');
}

static void read_proc(struct drill *drill, const char *const *names, GHashTable *others)
{
    for (; *names; names++) {
        char *path = g_strconcat("/proc/sys/", *names, NULL), *value;
        g_strdelimit(path, ".", '/');
        if (!g_hash_table_contains(others, *names) &&
            g_file_get_contents(path, &value, NULL, NULL)) {
            set(drill, *names, tidy(value));
            g_free(value);
        }
        g_free(path);
    }
}

/* The values of the file, by name. */
static GHashTable *read_file(const char *path)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    char *text;

    if (!path || !g_file_get_contents(path, &text, NULL, NULL))
        return values;
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *value = strchr(*line, '=');
        if (!value || g_strstrip(*line)[0] == '#')
            continue;
        *value++ = '\0';
        g_hash_table_insert(values, g_strdup(g_strstrip(*line)), g_strdup(tidy(value)));
    }
    g_strfreev(lines);
    g_free(text);
    return values;
}

static void set_entry(gpointer name, gpointer value, gpointer drill)
{
    set(drill, name, value);
}

void drill_read_sysctls(struct drill *drill)
{
    GHashTable *values = read_file(getenv("WEFT_PD_SYSCTLS"));

    read_proc(drill, tcp_sysctl_names(), values);
    read_proc(drill, ip_sysctl_names(), values);
    g_hash_table_foreach(values, set_entry, drill);
    g_hash_table_destroy(values);
}

/* Sysctls.  Scripts set those of the kernel, before and after the plug-in is loaded; they are read
 * when a socket is made.  Where there is no /proc/sys, or for what differs from the kernel's, the
 * file that WEFT_PD_SYSCTLS names has lines "net.ipv4.tcp_sack=0". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/ip/sysctl.h"
#include "protocols/tcp/tcp.h"
#include "tools/packetdrill/drill.h"

/* A value that weft does not take (a congestion control it does not have) stays the default. */
static void set(struct drill *drill, const char *name, char *value)
{
    GError *error = NULL;

    g_strdelimit(g_strstrip(value), "\t", ' ');
    if (!node_sysctl_set(drill->node, name, value, &error)) {
        fprintf(stderr, "weft_packetdrill: %s\n", error->message);
        g_error_free(error);
    }
}

static void read_proc(struct drill *drill, const char *const *names)
{
    for (; *names; names++) {
        char *path = g_strconcat("/proc/sys/", *names, NULL), *value;
        g_strdelimit(path, ".", '/');
        if (g_file_get_contents(path, &value, NULL, NULL)) {
            set(drill, *names, value);
            g_free(value);
        }
        g_free(path);
    }
}

static void read_file(struct drill *drill, const char *path)
{
    char *text;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *value = strchr(*line, '=');
        if (!value || g_strstrip(*line)[0] == '#')
            continue;
        *value++ = '\0';
        set(drill, g_strstrip(*line), value);
    }
    g_strfreev(lines);
    g_free(text);
}

void drill_read_sysctls(struct drill *drill)
{
    const char *file = getenv("WEFT_PD_SYSCTLS");

    read_proc(drill, tcp_sysctl_names());
    read_proc(drill, ip_sysctl_names());
    if (file)
        read_file(drill, file);
}

/* The sysctls that sockets themselves read; those of TCP and IP are with them. */
#include <stdlib.h>
#include <string.h>

#include "models/socket/socket.h"
#include "sim/param.h"

const struct socket_sysctl socket_sysctl_defaults = {
    .rmem_default = 212992,
    .wmem_default = 212992,
};

static const struct row {
    const char *name;
    size_t offset;
    uint32_t min, max;
} rows[] = {
    { "net.core.rmem_default", offsetof(struct socket_sysctl, rmem_default), 2304, INT32_MAX },
    { "net.core.wmem_default", offsetof(struct socket_sysctl, wmem_default), 4608, INT32_MAX },
    { "net.ipv4.ip_nonlocal_bind", offsetof(struct socket_sysctl, nonlocal_bind), 0, 1 },
};

static const char *const names[] = { "net.core.rmem_default", "net.core.wmem_default",
                                     "net.ipv4.ip_nonlocal_bind", NULL };

const char *const *socket_sysctl_names(void)
{
    return names;
}

static const struct row *row_find(const char *name, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown sysctl \"%s\"", name);
    return NULL;
}

bool socket_sysctl_set(struct sockets *sockets, const char *name, const char *text, GError **error)
{
    const struct row *row = row_find(name, error);
    char *end;

    if (!row)
        return false;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end || strchr(text, '-') || value < row->min || value > row->max) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "%s = \"%s\": give a number from %u to %u",
                    name, text, row->min, row->max);
        return false;
    }
    if (sockets->sysctl == &socket_sysctl_defaults)
        sockets->sysctl = g_memdup2(sockets->sysctl, sizeof *sockets->sysctl);
    *(uint32_t *)((char *)(uintptr_t)sockets->sysctl + row->offset) = (uint32_t)value;
    return true;
}

char *socket_sysctl_get(const struct sockets *sockets, const char *name, GError **error)
{
    const struct row *row = row_find(name, error);

    if (!row)
        return NULL;
    return g_strdup_printf("%u", *(const uint32_t *)((const char *)sockets->sysctl + row->offset));
}

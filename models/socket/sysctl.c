/* The sysctls that sockets themselves read; those of TCP and IP are with them. */
#include "sim/sysctl.h"
#include "models/socket/socket.h"

const struct socket_sysctl socket_sysctl_defaults = {
    .rmem_default = 212992,
    .wmem_default = 212992,
};

static const struct sysctl_row rows[] = {
    { "net.core.rmem_default", offsetof(struct socket_sysctl, rmem_default), 1, 2304, INT32_MAX },
    { "net.core.wmem_default", offsetof(struct socket_sysctl, wmem_default), 1, 4608, INT32_MAX },
    { "net.ipv4.ip_nonlocal_bind", offsetof(struct socket_sysctl, nonlocal_bind), 1, 0, 255 },
    { .name = NULL },
};

static const char *const names[] = { "net.core.rmem_default", "net.core.wmem_default",
                                     "net.ipv4.ip_nonlocal_bind", NULL };

const char *const *socket_sysctl_names(void)
{
    return names;
}

const struct sysctl_row *socket_sysctl_row(const char *name)
{
    return sysctl_find(rows, name);
}

bool socket_sysctl_set(struct sockets *sockets, const char *name, const char *text, GError **error)
{
    const struct sysctl_row *row = sysctl_find(rows, name);
    struct socket_sysctl values = *sockets->sysctl;

    if (!row)
        sysctl_unknown(name, names, error);
    if (!row || !sysctl_write(row, &values, text, error))
        return false;
    if (sockets->sysctl == &socket_sysctl_defaults)
        sockets->sysctl = g_memdup2(&values, sizeof values);
    else
        *(struct socket_sysctl *)(uintptr_t)sockets->sysctl = values;
    return true;
}

char *socket_sysctl_get(const struct sockets *sockets, const char *name, GError **error)
{
    const struct sysctl_row *row = sysctl_find(rows, name);

    if (!row)
        sysctl_unknown(name, names, error);
    return row ? sysctl_read(row, sockets->sysctl) : NULL;
}

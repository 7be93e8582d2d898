#include "protocols/ip/sysctl.h"

#include <stddef.h>
#include <string.h>

#include "protocols/ip/state.h"
#include "sim/sysctl.h"

const struct ip_sysctl ip_sysctl_defaults = {
#define X(member, name, value, least, most) .member = value,
    IP_SYSCTLS(X)
#undef X
};

static const struct sysctl_row rows[] = {
#define X(member, name, value, least, most) \
    { name, offsetof(struct ip_sysctl, member), 1, least, most },
    IP_SYSCTLS(X)
#undef X
        { .name = NULL }
};

static const char *const names[] = {
#define X(member, name, value, least, most) name,
    IP_SYSCTLS(X)
#undef X
        NULL
};

const char *const *ip_sysctl_names(void)
{
    return names;
}

const struct sysctl_row *ip_sysctl_row(const char *name)
{
    return sysctl_find(rows, name);
}

/* "conf.all" is "conf.default" here. */
static const struct sysctl_row *row_find(const char *name, GError **error)
{
    static const char all[] = "net.ipv4.conf.all.", def[] = "net.ipv4.conf.default.";
    char *usual = g_str_has_prefix(name, all) ? g_strconcat(def, name + sizeof all - 1, NULL)
                                              : g_strdup(name);
    const struct sysctl_row *row = sysctl_find(rows, usual);

    g_free(usual);
    if (!row)
        sysctl_unknown(name, names, error);
    return row;
}

static bool is_forwarding(const struct sysctl_row *row)
{
    return row->offset == offsetof(struct ip_sysctl, forward) ||
           row->offset == offsetof(struct ip_sysctl, conf_forwarding);
}

/* What follows from a changed value. */
static void apply(struct ip_stack *ip, const struct sysctl_row *row)
{
    if (is_forwarding(row))
        ip->forwarding = *(const uint32_t *)(const void *)((const char *)ip->sysctl + row->offset);
    else if (row->offset == offsetof(struct ip_sysctl, rp_filter))
        ip_filter_rebuild(ip);
    ip_changed(ip);
}

bool ip_sysctl_set(struct ip_stack *ip, const char *name, const char *text, GError **error)
{
    const struct sysctl_row *row = row_find(name, error);
    struct ip_sysctl values = *ip->sysctl;

    if (!row || !sysctl_write(row, &values, text, error))
        return false;
    if (ip->sysctl == &ip_sysctl_defaults)
        ip->sysctl = g_memdup2(&values, sizeof values);
    else
        *(struct ip_sysctl *)(uintptr_t)ip->sysctl = values;
    apply(ip, row);
    return true;
}

char *ip_sysctl_get(const struct ip_stack *ip, const char *name, GError **error)
{
    const struct sysctl_row *row = row_find(name, error);

    if (!row)
        return NULL;
    if (is_forwarding(row))
        return g_strdup_printf("%d", ip->forwarding);
    return sysctl_read(row, ip->sysctl);
}

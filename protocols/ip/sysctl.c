#include "protocols/ip/sysctl.h"

#include <stddef.h>
#include <string.h>

#include "protocols/ip/state.h"
#include "sim/param.h"

const struct ip_sysctl ip_sysctl_defaults = {
#define X(member, name, value, least, most) .member = value,
    IP_SYSCTLS(X)
#undef X
};

struct row {
    const char *name;
    size_t offset;
    uint32_t least, most;
};

static const struct row rows[] = {
#define X(member, name, value, least, most) \
    { name, offsetof(struct ip_sysctl, member), least, most },
    IP_SYSCTLS(X)
#undef X
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

/* "conf.all" is "conf.default" here. */
static const struct row *find(const char *name, GError **error)
{
    static const char all[] = "net.ipv4.conf.all.", def[] = "net.ipv4.conf.default.";
    bool is_all = strncmp(name, all, sizeof all - 1) == 0;
    const char *tail = is_all ? name + sizeof all - 1 : name;

    for (size_t i = 0; names[i]; i++) {
        const char *other = rows[i].name;
        if (is_all && strncmp(other, def, sizeof def - 1) != 0)
            continue;
        if (strcmp(is_all ? other + sizeof def - 1 : other, tail) == 0)
            return &rows[i];
    }
    const char *near = word_nearest(name, names);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown sysctl \"%s\"%s%s%s", name,
                near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return NULL;
}

/* A decimal number and nothing else. */
static bool parse(const char *text, uint64_t *out)
{
    int digits = 0;

    *out = 0;
    for (; *text >= '0' && *text <= '9' && digits < 12; text++, digits++)
        *out = *out * 10 + (uint64_t)(*text - '0');
    return digits > 0 && *text == '\0';
}

/* What follows from a changed value. */
static void apply(struct ip_stack *ip, const struct row *row)
{
    if (row->offset == offsetof(struct ip_sysctl, forward))
        ip->forwarding = ip->sysctl->forward;
    else if (row->offset == offsetof(struct ip_sysctl, rp_filter))
        ip_filter_rebuild(ip);
    ip_changed(ip);
}

bool ip_sysctl_set(struct ip_stack *ip, const char *name, const char *text, GError **error)
{
    const struct row *row = find(name, error);
    uint64_t value;

    if (!row)
        return false;
    if (!parse(text, &value) || value < row->least || value > row->most) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "%s: \"%s\" is not a number from %u to %u",
                    name, text, row->least, row->most);
        return false;
    }
    if (ip->sysctl == &ip_sysctl_defaults)
        ip->sysctl = g_memdup2(&ip_sysctl_defaults, sizeof ip_sysctl_defaults);
    *(uint32_t *)((char *)ip->sysctl + row->offset) = (uint32_t)value;
    apply(ip, row);
    return true;
}

char *ip_sysctl_get(const struct ip_stack *ip, const char *name, GError **error)
{
    const struct row *row = find(name, error);

    if (!row)
        return NULL;
    if (row->offset == offsetof(struct ip_sysctl, forward))
        return g_strdup_printf("%d", ip->forwarding);
    return g_strdup_printf("%u", *(const uint32_t *)((const char *)ip->sysctl + row->offset));
}

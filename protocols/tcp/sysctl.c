#include "protocols/tcp/sysctl.h"

#include <stdio.h>

#include "protocols/ip/ports.h"
#include "protocols/tcp/tcp.h"
#include "sim/sysctl.h"

#define DEFAULT_ONE(member, def, min, max)         .member = def,
#define DEFAULT_NAMED(name, member, def, min, max) .member = def,
#define NOTHING(name, member, count, min, max)
const struct tcp_sysctl tcp_sysctl_defaults = { .rmem = { 4096, 131072, 33554432 },
                                                .wmem = { 4096, 16384, 4194304 },
                                                .mem = { 93399, 124535, 186798 },
                                                .local_port_range = { 32768, 60999 },
                                                .congestion_control = "cubic",
                                                TCP_SYSCTLS(DEFAULT_ONE, DEFAULT_NAMED, NOTHING) };

#define ROW_OTHER(name, member, count, min, max) \
    { name, offsetof(struct tcp_sysctl, member), count, min, max },
#define ROW_NAMED(name, member, def, min, max) ROW_OTHER(name, member, 1, min, max)
#define ROW_ONE(member, def, min, max)         ROW_NAMED("net.ipv4.tcp_" #member, member, def, min, max)
static const struct sysctl_row rows[] = {
    TCP_SYSCTLS(ROW_ONE, ROW_NAMED, ROW_OTHER){ .name = NULL },
};

#define NAME_ONE(member, def, min, max)           "net.ipv4.tcp_" #member,
#define NAME_NAMED(name, member, def, min, max)   name,
#define NAME_OTHER(name, member, count, min, max) name,
static const char *const names[] = { TCP_SYSCTLS(NAME_ONE, NAME_NAMED, NAME_OTHER) NULL };

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

#include "sim/sysctl.h"

#include <inttypes.h>
#include <string.h>

#include "sim/error.h"
#include "sim/word.h"

#define BLANKS " \t\n"

const struct sysctl_row *sysctl_find(const struct sysctl_row *rows, const char *name)
{
    for (; rows->name; rows++)
        if (strcmp(rows->name, name) == 0)
            return rows;
    return NULL;
}

/* One number at *at, which moves behind it; false if there is none, or one too large. */
static bool number(const char **at, int64_t *out)
{
    enum { DIGITS_MAX = 20 };
    bool negative = **at == '-';
    char *end;

    *at += negative;
    if (!g_ascii_isdigit(**at))
        return false;
    uint64_t value = g_ascii_strtoull(*at, &end, 0);
    if (end - *at > DIGITS_MAX || value > INT64_MAX || (*end && !strchr(BLANKS, *end)))
        return false;
    *at = end;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

static bool refuse(const struct sysctl_row *row, const char *text, GError **error)
{
    if (row->count == 1)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s = \"%s\": give a number from %" PRId64 " to %" PRId64, row->name, text,
                    row->min, row->max);
    else
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s = \"%s\": give up to %d numbers from %" PRId64 " to %" PRId64, row->name,
                    text, row->count, row->min, row->max);
    return false;
}

bool sysctl_write(const struct sysctl_row *row, void *base, const char *text, GError **error)
{
    int64_t values[SYSCTL_VALUES_MAX];
    const char *at = text + strspn(text, BLANKS);
    int n = 0;

    for (; *at && n < row->count; n++, at += strspn(at, BLANKS))
        if (!number(&at, &values[n]) || values[n] < row->min || values[n] > row->max)
            return refuse(row, text, error);
    if (n == 0 || *at)
        return refuse(row, text, error);
    uint32_t *place = (uint32_t *)(void *)((char *)base + row->offset);
    for (int i = 0; i < n; i++)
        place[i] = (uint32_t)values[i];
    return true;
}

static int64_t value_of(const struct sysctl_row *row, const void *base, int i)
{
    uint32_t value = ((const uint32_t *)(const void *)((const char *)base + row->offset))[i];

    return row->min < 0 ? (int64_t)(int32_t)value : (int64_t)value;
}

char *sysctl_read(const struct sysctl_row *row, const void *base)
{
    GString *text = g_string_new(NULL);

    for (int i = 0; i < row->count; i++)
        g_string_append_printf(text, "%s%" PRId64, i ? " " : "", value_of(row, base, i));
    return g_string_free(text, FALSE);
}

/* Of "tcp_sack" the name that ends so: "net.ipv4.tcp_sack". */
static const char *name_in_full(const char *name, const char *const *names)
{
    size_t own = strlen(name);

    for (; *names; names++) {
        size_t length = strlen(*names);
        if (own > 0 && length > own && (*names)[length - own - 1] == '.' &&
            strcmp(*names + length - own, name) == 0)
            return *names;
    }
    return NULL;
}

void sysctl_unknown(const char *name, const char *const *names, GError **error)
{
    const char *full = name_in_full(name, names), *near = full ? full : word_nearest(name, names);

    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNKNOWN, "unknown sysctl \"%s\"%s%s%s", name,
                near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

#include "sim/unit.h"

#include <string.h>

#include "sim/decimal.h"

struct unit {
    const char *name;
    uint64_t factor; /* in the kind's own integer: picoseconds, bits per second, bytes */
};

struct unit_kind {
    const char *use;     /* the remedy when a unit is unknown */
    const char *example; /* the remedy when there is no number */
    uint64_t bare;       /* factor of a number without unit */
    int si;              /* SI value = integer x 10^si */
    struct unit units[24];
};

static const struct unit_kind time_kind = {
    .use = "s, ms, us, ns, ps, min, h",
    .example = "20ms",
    .bare = 1000000000000,
    .si = -12,
    .units = {
        { "s", 1000000000000 },
        { "ms", 1000000000 },
        { "us", 1000000 },
        { "µs", 1000000 },
        { "ns", 1000 },
        { "ps", 1 },
        { "min", 60 * (uint64_t)1000000000000 },
        { "h", 3600 * (uint64_t)1000000000000 },
    },
};

/* tc's kbit, mbit, gbit are the same in either case; bps in lower case is bits here. */
static const struct unit_kind rate_kind = {
    .use = "bps, kbps, Mbps, Gbps",
    .example = "10Mbps",
    .bare = 1,
    .units = {
        { "bps", 1 },
        { "kbps", 1000 },
        { "Mbps", 1000000 },
        { "Gbps", 1000000000 },
        { "Tbps", 1000000000000 },
        { "bit", 1 },
        { "kbit", 1000 },
        { "Kbit", 1000 },
        { "Mbit", 1000000 },
        { "mbit", 1000000 },
        { "Gbit", 1000000000 },
        { "gbit", 1000000000 },
        { "Tbit", 1000000000000 },
        { "tbit", 1000000000000 },
        { "Bps", 8 },
        { "kBps", 8000 },
        { "MBps", 8000000 },
        { "GBps", 8000000000 },
    },
};

/* "KB" is missing on purpose: half of its users mean 1000, the others 1024. */
static const struct unit_kind size_kind = {
    .use = "B, kB (1000), KiB (1024), MB, MiB, GB, GiB",
    .example = "64KiB",
    .bare = 1,
    .units = {
        { "B", 1 },
        { "kB", 1000 },
        { "KiB", 1024 },
        { "MB", 1000000 },
        { "MiB", 1024 * 1024 },
        { "GB", 1000000000 },
        { "GiB", 1024 * 1024 * 1024 },
    },
};

static const struct unit_kind fraction_kind = {
    .use = "% or no unit",
    .example = "0.1%",
    .bare = 100,
    .si = -2,
    .units = { { "%", 1 } },
};

static const struct unit *unit_find(const struct unit_kind *kind, const char *name)
{
    for (const struct unit *u = kind->units; u->name; u++)
        if (strcmp(u->name, name) == 0)
            return u;
    return NULL;
}

static bool complain(GError **error, enum weft_error code, const char *what, const char *text,
                     const char *message)
{
    g_set_error(error, WEFT_ERROR, code, "%s \"%s\": %s", what, text, message);
    return false;
}

/* Splits `text` into number and unit. The unit starts at *unit, without blanks around it. */
static bool split(const char *what, const char *text, const char *example, struct decimal *number,
                  char unit[16], GError **error)
{
    while (g_ascii_isspace(*text))
        text++;
    const char *rest = decimal_parse(text, number);
    if (!rest) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "%s \"%s\": no number; write \"%s\"", what,
                    text, example);
        return false;
    }
    while (g_ascii_isspace(*rest))
        rest++;
    g_strlcpy(unit, rest, 16);
    g_strchomp(unit);
    return true;
}

/* Number and factor of `text`, which is of this kind. */
static bool read_kind(const struct unit_kind *kind, const char *what, const char *text,
                      struct decimal *number, uint64_t *factor, GError **error)
{
    char name[16];

    if (!split(what, text, kind->example, number, name, error))
        return false;
    const struct unit *unit = unit_find(kind, name);
    if (!unit && name[0]) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNIT, "%s \"%s\": unknown unit \"%s\"; use %s",
                    what, text, name, kind->use);
        return false;
    }
    *factor = unit ? unit->factor : kind->bare;
    return true;
}

static bool read_unsigned(const struct unit_kind *kind, const char *what, const char *text,
                          uint64_t *out, GError **error)
{
    struct decimal number;
    uint64_t factor, value;

    if (!read_kind(kind, what, text, &number, &factor, error))
        return false;
    if (number.negative && number.digits > 0)
        return complain(error, WEFT_ERROR_RANGE, what, text, "must not be negative");
    if (!decimal_scale(number, factor, &value))
        return complain(error, WEFT_ERROR_RANGE, what, text, "too large");
    *out = value;
    return true;
}

bool unit_read_time(const char *what, const char *text, sim_time *out, GError **error)
{
    struct decimal number;
    uint64_t factor, span;

    if (strcmp(text, "never") == 0) {
        *out = SIM_NEVER;
        return true;
    }
    if (!read_kind(&time_kind, what, text, &number, &factor, error))
        return false;
    if (!decimal_scale(number, factor, &span) || span > (uint64_t)SIM_TIME_MAX)
        return complain(error, WEFT_ERROR_RANGE, what, text,
                        "too long; a time is at most 53 days (1281 h)");
    *out = number.negative ? -(sim_time)span : (sim_time)span;
    return true;
}

bool unit_read_rate(const char *what, const char *text, uint64_t *out, GError **error)
{
    return read_unsigned(&rate_kind, what, text, out, error);
}

bool unit_read_tc_rate(const char *what, const char *text, uint64_t *out, GError **error)
{
    static const char *const readings[][3] = {
        { "bps", "bytes per second", "bit or Bps" },
        { "kbps", "kilobytes per second", "kbit or kBps" },
        { "mbps", "megabytes per second", "Mbit or MBps" },
        { "gbps", "gigabytes per second", "Gbit or GBps" },
    };
    struct decimal number;
    char name[16];

    if (!split(what, text, rate_kind.example, &number, name, error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(readings); i++)
        if (strcmp(name, readings[i][0]) == 0) {
            g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNIT,
                        "%s \"%s\": \"%s\" is %s to tc and bits per second elsewhere; use %s", what,
                        text, name, readings[i][1], readings[i][2]);
            return false;
        }
    return unit_read_rate(what, text, out, error);
}

bool unit_read_size(const char *what, const char *text, uint64_t *out, GError **error)
{
    return read_unsigned(&size_kind, what, text, out, error);
}

bool unit_read_fraction(const char *what, const char *text, double *out, GError **error)
{
    struct decimal number;
    uint64_t factor;

    if (!read_kind(&fraction_kind, what, text, &number, &factor, error))
        return false;
    double value = decimal_to_double(number, factor, fraction_kind.si);
    if (value < 0 || value > 1)
        return complain(error, WEFT_ERROR_RANGE, what, text, "must be between 0% and 100%");
    *out = value;
    return true;
}

bool unit_read_any(const char *what, const char *text, double *out, GError **error)
{
    static const struct unit_kind *const kinds[] = { &time_kind, &rate_kind, &size_kind,
                                                     &fraction_kind };
    struct decimal number;
    char name[16];

    if (!split(what, text, "20ms", &number, name, error))
        return false;
    if (!name[0]) {
        *out = decimal_to_double(number, 1, 0);
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const struct unit *unit = unit_find(kinds[i], name);
        if (unit) {
            *out = decimal_to_double(number, unit->factor, kinds[i]->si);
            return true;
        }
    }
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_UNIT,
                "%s \"%s\": unknown unit \"%s\"; use s, ms, us, bps, kbps, Mbps, Gbps, B, kB, KiB, "
                "MB, MiB, %%",
                what, text, name);
    return false;
}

static char *show(struct decimal number, const char *unit)
{
    char text[DECIMAL_TEXT];
    return g_strconcat(decimal_format(number, text), unit, NULL);
}

/* The last of `names` whose factor, 1000^i, is not above `value`. */
static char *show_by_thousands(uint64_t value, bool negative, const char *const *names)
{
    struct decimal number = { .digits = value, .negative = negative };
    uint64_t factor = 1;

    while (names[1] && value / 1000 >= factor) {
        factor *= 1000;
        number.exponent -= 3;
        names++;
    }
    return show(number, names[0]);
}

char *unit_show_time(sim_time time)
{
    static const char *const names[] = { "ps", "ns", "us", "ms", "s", NULL };
    uint64_t span = time < 0 ? -(uint64_t)time : (uint64_t)time;

    if (time == SIM_NEVER)
        return g_strdup("never");
    return time == 0 ? g_strdup("0s") : show_by_thousands(span, time < 0, names);
}

char *unit_show_rate(uint64_t bps)
{
    static const char *const names[] = { "bps", "kbps", "Mbps", "Gbps", "Tbps", NULL };
    return show_by_thousands(bps, false, names);
}

/* Sizes are shown as whole numbers, of the largest unit in which they are whole. */
char *unit_show_size(uint64_t bytes)
{
    static const char *const by_size[] = { "GiB", "GB", "MiB", "MB", "KiB", "kB" };

    for (size_t i = 0; bytes > 0 && i < G_N_ELEMENTS(by_size); i++) {
        uint64_t factor = unit_find(&size_kind, by_size[i])->factor;
        if (bytes % factor == 0)
            return show((struct decimal){ .digits = bytes / factor }, by_size[i]);
    }
    return show((struct decimal){ .digits = bytes }, "B");
}

char *unit_show_fraction(double fraction)
{
    struct decimal number = decimal_of_double(fraction);

    if (fraction != 0 && fraction < 1e-4)
        return show(number, "");
    number.exponent += 2;
    return show(number, "%");
}

char *unit_show_number(double value)
{
    return show(decimal_of_double(value), "");
}

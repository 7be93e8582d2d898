#include "scenarios/results/number.h"

#include <math.h>
#include <string.h>

#include "sim/decimal.h"

static void append_exact(GString *out, struct decimal d)
{
    char text[DECIMAL_TEXT];

    g_string_append(out, decimal_format(d, text));
}

/* Doubles in this range are integers and every integer is one. */
#define INTEGER_MAX 9007199254740992.0

void number_append(GString *out, double value)
{
    if (!isfinite(value))
        return;
    if (fabs(value) < INTEGER_MAX && value == (double)(int64_t)value)
        g_string_append_printf(out, "%" G_GINT64_FORMAT, (int64_t)value);
    else
        append_exact(out, decimal_of_double(value));
}

void number_append_seconds(GString *out, sim_time time)
{
    uint64_t ps = time < 0 ? -(uint64_t)time : (uint64_t)time;
    uint64_t fraction = ps % (uint64_t)SIM_S;
    char digits[12];

    if (time < 0)
        g_string_append_c(out, '-');
    g_string_append_printf(out, "%" G_GUINT64_FORMAT, ps / (uint64_t)SIM_S);
    if (fraction == 0)
        return;
    int length = 0;
    for (int i = 11; i >= 0; i--, fraction /= 10) {
        digits[i] = (char)('0' + fraction % 10);
        if (length == 0 && digits[i] != '0')
            length = i + 1;
    }
    g_string_append_c(out, '.');
    g_string_append_len(out, digits, length);
}

void number_append_fixed(GString *out, double value, int decimals)
{
    char format[8] = { '%', '.', (char)('0' + decimals), 'f', 0 };
    char text[400];

    g_assert(decimals >= 0 && decimals <= 9);
    g_ascii_formatd(text, sizeof text, format, value);
    bool zero = strspn(text, "-0.") == strlen(text);
    g_string_append(out, zero && text[0] == '-' ? text + 1 : text);
}

/* ---- Scales --------------------------------------------------------------------------------- */

struct prefix {
    double divisor;
    const char *unit;
};

/* Ascending; the last one whose divisor is not above the value is taken, else the first. */
static const struct prefix rates[] = {
    { 1, "bit/s" }, { 1e3, "kbit/s" }, { 1e6, "Mbit/s" }, { 1e9, "Gbit/s" }, { 1e12, "Tbit/s" },
};
static const struct prefix byte_rates[] = {
    { 1, "B/s" },
    { 1e3, "kB/s" },
    { 1e6, "MB/s" },
    { 1e9, "GB/s" },
};
static const struct prefix sizes[] = {
    { 1, "B" }, { 1e3, "kB" }, { 1e6, "MB" }, { 1e9, "GB" }, { 1e12, "TB" },
};
static const struct prefix times[] = {
    { 1e-12, "ps" }, { 1e-9, "ns" }, { 1e-6, "\302\265s" }, { 1e-3, "ms" }, { 1, "s" },
};
static const struct prefix fractions[] = { { 1e-2, "%" } };

#define FAMILY(name, table)              \
    {                                    \
        name, table, G_N_ELEMENTS(table) \
    }

static const struct {
    const char *unit;
    const struct prefix *prefixes;
    size_t n;
} families[] = {
    FAMILY("bit/s", rates), FAMILY("bps", rates), FAMILY("B/s", byte_rates), FAMILY("B", sizes),
    FAMILY("bytes", sizes), FAMILY("s", times),   FAMILY("1", fractions),
};

struct number_scale number_scale(const char *unit, double largest)
{
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
        if (strcmp(families[i].unit, unit) != 0)
            continue;
        const struct prefix *prefix = families[i].prefixes;
        if (largest == 0 && families[i].prefixes == times)
            return (struct number_scale){ 1, "s" };
        for (size_t k = 1; k < families[i].n; k++)
            if (largest >= families[i].prefixes[k].divisor)
                prefix = &families[i].prefixes[k];
        return (struct number_scale){ prefix->divisor, prefix->unit };
    }
    return (struct number_scale){ 1, unit };
}

struct number_scale number_scale_shown(const char *unit, double largest)
{
    return number_scale(unit, strcmp(unit, "B") == 0 ? largest / 10 : largest);
}

bool number_is_whole(double value)
{
    return fabs(value - rint(value)) <= 1e-12 * fabs(value);
}

int number_decimals(double largest)
{
    int decimals = 0;

    for (double limit = 1000; decimals < 6 && largest < limit; limit /= 10)
        decimals++;
    return largest == 0 ? 0 : decimals;
}

void number_append_scaled(GString *out, double value, const char *unit)
{
    struct number_scale scale = number_scale(unit, fabs(value));
    double shown = value / scale.divisor;

    if (!isfinite(value)) {
        g_string_append(out, "\342\200\223");
        return;
    }
    number_append_fixed(out, shown, number_is_whole(shown) ? 0 : number_decimals(fabs(shown)));
    if (*scale.unit)
        g_string_append_printf(out, " %s", scale.unit);
}

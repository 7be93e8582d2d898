#include "sim/decimal.h"

#include <float.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

enum {
    DIGITS_MAX = 19,      /* 10^19 - 1 fits into 64 bits */
    EXPONENT_MAX = 10000, /* beyond every type's range */
    PLAIN_MAX = 24,       /* characters; longer numbers are written with an exponent */
};

static void take_digit(struct decimal *d, char c, int *kept, bool fraction)
{
    bool room = *kept < DIGITS_MAX;

    if (room)
        d->digits = d->digits * 10 + (uint64_t)(c - '0');
    if (d->digits > 0 && room)
        ++*kept;
    if (fraction == room && d->exponent > -EXPONENT_MAX && d->exponent < EXPONENT_MAX)
        d->exponent += room ? -1 : 1;
}

/* The exponent "e-3", or `text` itself if there is none. */
static const char *parse_exponent(const char *text, struct decimal *d)
{
    const char *at = text;
    int exponent = 0;

    if (g_ascii_tolower(*at++) != 'e')
        return text;
    bool negative = *at == '-';
    if (*at == '-' || *at == '+')
        at++;
    if (!g_ascii_isdigit(*at))
        return text;
    for (; g_ascii_isdigit(*at); at++)
        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + (*at - '0');
    d->exponent += negative ? -exponent : exponent;
    return at;
}

const char *decimal_parse(const char *text, struct decimal *out)
{
    struct decimal d = { .negative = *text == '-' };
    int kept = 0, seen = 0;

    if (*text == '-' || *text == '+')
        text++;
    for (; g_ascii_isdigit(*text); text++, seen++)
        take_digit(&d, *text, &kept, false);
    if (*text == '.')
        for (text++; g_ascii_isdigit(*text); text++, seen++)
            take_digit(&d, *text, &kept, true);
    if (seen == 0)
        return NULL;
    text = parse_exponent(text, &d);
    *out = d;
    return text;
}

static struct decimal strip_zeros(struct decimal d)
{
    while (d.digits > 0 && d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}

bool decimal_is_whole(struct decimal d)
{
    d = strip_zeros(d);
    return d.digits == 0 || d.exponent >= 0;
}

bool decimal_scale(struct decimal d, uint64_t factor, uint64_t *out)
{
    unsigned __int128 value = (unsigned __int128)d.digits * factor;
    bool half = false;

    for (int e = d.exponent; e < 0 && (value > 0 || half); e++) {
        half = value % 10 >= 5;
        value /= 10;
    }
    for (int e = d.exponent; e > 0 && value > 0; e--) {
        if (value > UINT64_MAX)
            return false;
        value *= 10;
    }
    value += half;
    if (value > UINT64_MAX)
        return false;
    *out = (uint64_t)value;
    return true;
}

/* strtod rounds correctly, so the exact number goes to it as text. */
double decimal_to_double(struct decimal d, uint64_t factor, int exponent)
{
    const uint64_t split = 10000000000000000000u; /* 10^19 */
    unsigned __int128 value = (unsigned __int128)d.digits * factor;
    char text[64];

    snprintf(text, sizeof text, "%s%" G_GUINT64_FORMAT "%019" G_GUINT64_FORMAT "e%d",
             d.negative ? "-" : "", (uint64_t)(value / split), (uint64_t)(value % split),
             d.exponent + exponent);
    return g_ascii_strtod(text, NULL);
}

/* Most values are billionths of something.  With at most fifteen digits there is no other decimal
 * as short, and the division is rounded as the conversion of the text would be. */
static bool is_billionths(double value, struct decimal *d)
{
    const double billion = 1e9, most = 1e15;
    double scaled = value * billion;

    if (!(scaled < most && scaled > -most))
        return false;
    int64_t n = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    if ((double)n / billion != value || n == 0)
        return false;
    *d =
        (struct decimal){ .digits = (uint64_t)(n < 0 ? -n : n), .exponent = -9, .negative = n < 0 };
    return true;
}

struct decimal decimal_of_double(double value)
{
    struct decimal d = { 0 };

    if (is_billionths(value, &d))
        return strip_zeros(d);
    /* Fifteen digits of a normal number are unique: a shorter decimal shows as zeros at the end. */
    bool normal = value >= DBL_MIN || value <= -DBL_MIN;

    for (int precision = normal ? 14 : 0; precision <= 16; precision++) {
        char format[16], text[64];
        snprintf(format, sizeof format, "%%.%de", precision);
        g_ascii_formatd(text, sizeof text, format, value);
        decimal_parse(text, &d);
        if (g_ascii_strtod(text, NULL) == value)
            break;
    }
    return strip_zeros(d);
}

char *decimal_format(struct decimal d, char *buf)
{
    char digits[21];
    d = strip_zeros(d);
    int n = snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, d.digits);
    int point = n + d.exponent; /* digits in front of the point */
    const char *sign = d.negative && d.digits > 0 ? "-" : "";

    if (d.digits == 0)
        snprintf(buf, DECIMAL_TEXT, "0");
    else if (point > PLAIN_MAX || n - point > PLAIN_MAX)
        snprintf(buf, DECIMAL_TEXT, "%s%c%s%se%d", sign, digits[0], n > 1 ? "." : "", digits + 1,
                 point - 1);
    else if (d.exponent >= 0)
        snprintf(buf, DECIMAL_TEXT, "%s%s%.*s", sign, digits, d.exponent,
                 "000000000000000000000000");
    else if (point > 0)
        snprintf(buf, DECIMAL_TEXT, "%s%.*s.%s", sign, point, digits, digits + point);
    else
        snprintf(buf, DECIMAL_TEXT, "%s0.%.*s%s", sign, -point, "000000000000000000000000", digits);
    return buf;
}

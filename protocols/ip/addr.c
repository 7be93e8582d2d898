#include "protocols/ip/addr.h"

#include <stdio.h>

#include "sim/error.h"

char *ip4_format(ip4 addr, char *buf)
{
    snprintf(buf, IP_ADDR_TEXT, "%u.%u.%u.%u", addr >> 24, addr >> 16 & 255, addr >> 8 & 255,
             addr & 255);
    return buf;
}

/* IPv6 as eight groups: nothing makes such addresses yet but a test. */
char *ip_addr_format(const struct ip_addr *addr, char *buf)
{
    const uint8_t *b = addr->b;

    if (ip_addr_is_v4(addr))
        return ip4_format(ip_addr_v4(addr), buf);
    for (int i = 0, n = 0; i < 8; i++)
        n += snprintf(buf + n, (size_t)(IP_ADDR_TEXT - n), "%s%x", i ? ":" : "",
                      (unsigned)(b[2 * i] << 8 | b[2 * i + 1]));
    return buf;
}

/* Reads 1 to 4 numbers with dots between them into the upper bytes of *out; returns how many, and
 * where they end.  0 if a number is missing or above 255. */
static int parse_numbers(const char *text, ip4 *out, const char **end)
{
    int n = 0;

    *out = 0;
    for (*end = text;; ++*end) {
        unsigned value = 0, digits = 0;
        for (; **end >= '0' && **end <= '9'; ++*end) {
            value = value * 10 + (unsigned)(**end - '0');
            if (++digits > 3 || value > 255)
                return 0;
        }
        if (digits == 0 || n == 4)
            return 0;
        *out |= (ip4)value << (24 - 8 * n++);
        if (**end != '.')
            return n;
    }
}

static bool refuse(const char *text, const char *want, GError **error)
{
    if (strchr(text, ':'))
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE,
                    "address \"%s\": IPv6 is not modelled yet; use an IPv4 address such as "
                    "\"10.0.0.1\"",
                    text);
    else
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "address \"%s\": %s", text, want);
    return false;
}

bool ip4_parse(const char *text, ip4 *out, GError **error)
{
    const char *end;
    ip4 addr;

    if (parse_numbers(text, &addr, &end) != 4 || *end)
        return refuse(text, "want four numbers from 0 to 255, such as \"10.0.0.1\"", error);
    *out = addr;
    return true;
}

/* The length behind the slash, at most 32; -1 if it is none. */
static int parse_length(const char *text)
{
    int value = 0, digits = 0;

    for (; *text >= '0' && *text <= '9' && digits < 3; text++, digits++)
        value = value * 10 + (*text - '0');
    return digits == 0 || *text || value > 32 ? -1 : value;
}

bool ip4_parse_prefix(const char *text, ip4 *out, int *length, GError **error)
{
    static const char want[] = "want an address and a prefix length from 0 to 32, such as "
                               "\"10.0.0.0/24\"";
    const char *end;
    ip4 addr;
    int numbers = parse_numbers(text, &addr, &end);
    int bits = 32;

    if (numbers > 0 && *end == '/')
        bits = parse_length(end + 1);
    else if (numbers != 4 || *end)
        numbers = 0;
    if (numbers == 0 || bits < 0)
        return refuse(text, want, error);
    *out = addr;
    *length = bits;
    return true;
}

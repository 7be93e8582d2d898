#include "protocols/ip/ports.h"

#include <string.h>

#include "sim/error.h"

/* A port at *at, which moves behind it. */
static bool number(const char **at, uint32_t *out)
{
    char *end;

    if (!g_ascii_isdigit(**at))
        return false;
    uint64_t value = g_ascii_strtoull(*at, &end, 10);
    *at = end;
    *out = (uint32_t)value;
    return value <= 65535;
}

static bool add_range(struct ports *ports, const char **at)
{
    uint32_t first, last;

    if (!number(at, &first))
        return false;
    last = first;
    if (**at == '-') {
        ++*at;
        if (!number(at, &last) || last < first)
            return false;
    }
    for (; first <= last; first++)
        ports->bits[first / 8] |= (uint8_t)(1 << first % 8);
    return true;
}

bool ports_parse(const char *text, struct ports **out, GError **error)
{
    struct ports *ports = NULL;
    const char *at = text;

    *out = NULL;
    if (strspn(text, "\n") == strlen(text))
        return true;
    ports = g_new0(struct ports, 1);
    bool good = add_range(ports, &at);
    while (good && *at == ',') {
        at++;
        good = add_range(ports, &at);
    }
    if (good && at[strspn(at, "\n")] == '\0') {
        *out = ports;
        return true;
    }
    g_free(ports);
    g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                "\"%s\" is no list of ports from 0 to 65535; write it as \"8080,9000-9005\"", text);
    return false;
}

char *ports_text(const struct ports *ports)
{
    GString *text = g_string_new(NULL);

    for (uint32_t first = 0, last; first < 65536; first = last + 1) {
        last = first;
        if (!ports_has(ports, (uint16_t)first))
            continue;
        while (last < 65535 && ports_has(ports, (uint16_t)(last + 1)))
            last++;
        g_string_append_printf(text, text->len ? ",%u" : "%u", first);
        if (last > first)
            g_string_append_printf(text, "-%u", last);
    }
    return g_string_free(text, FALSE);
}

#include "models/app/icmp_words.h"

#include <glib.h>

#include "protocols/wire/icmp.h"

static const struct {
    const char *words, *mark; /* mark NULL: by its number */
} unreach[] = {
    [ICMP_NET_UNREACH] = { "network unreachable", "!N" },
    [ICMP_HOST_UNREACH] = { "host unreachable", "!H" },
    [ICMP_PROTO_UNREACH] = { "protocol unreachable", "!P" },
    [ICMP_PORT_UNREACH] = { "port unreachable", "" },
    [ICMP_FRAG_NEEDED] = { "fragmentation needed", NULL },
    [ICMP_SOURCE_ROUTE_FAILED] = { "source route failed", "!S" },
    [ICMP_NET_UNKNOWN] = { "network unknown", NULL },
    [ICMP_HOST_UNKNOWN] = { "host unknown", NULL },
    [ICMP_HOST_ISOLATED] = { "source host isolated", NULL },
    [ICMP_NET_PROHIBITED] = { "network prohibited", NULL },
    [ICMP_HOST_PROHIBITED] = { "host prohibited", NULL },
    [ICMP_NET_TOS] = { "network unreachable for this type of service", NULL },
    [ICMP_HOST_TOS] = { "host unreachable for this type of service", NULL },
    [ICMP_FILTERED] = { "communication prohibited", "!X" },
    [ICMP_PRECEDENCE] = { "host precedence violation", "!V" },
    [ICMP_PRECEDENCE_CUTOFF] = { "precedence cutoff", "!C" },
};

const char *icmp_words(uint8_t type, uint8_t code)
{
    switch (type) {
    case ICMP_DEST_UNREACH:
        return code < G_N_ELEMENTS(unreach) ? unreach[code].words : "destination unreachable";
    case ICMP_SOURCE_QUENCH:
        return "source quench";
    case ICMP_REDIRECT:
        return "redirect";
    case ICMP_TIME_EXCEEDED:
        return code == ICMP_TTL_EXCEEDED ? "time to live exceeded" : "reassembly time exceeded";
    case ICMP_PARAMETER_PROBLEM:
        return "parameter problem";
    default:
        return "ICMP error";
    }
}

const char *icmp_mark(uint8_t type, uint8_t code, uint32_t info, char *buf)
{
    buf[0] = '\0';
    if (type != ICMP_DEST_UNREACH)
        return buf;
    if (code == ICMP_FRAG_NEEDED)
        g_snprintf(buf, ICMP_MARK, "!F-%u", info);
    else if (code < G_N_ELEMENTS(unreach) && unreach[code].mark)
        g_strlcpy(buf, unreach[code].mark, ICMP_MARK);
    else
        g_snprintf(buf, ICMP_MARK, "!<%u>", code);
    return buf;
}

char *icmp_reporter(const struct network *net, const struct ip_addr *from)
{
    const struct iface *iface = network_iface_of(net, from);
    char address[IP_ADDR_TEXT];

    ip_addr_format(from, address);
    return iface ? g_strdup_printf("%s (%s)", iface->node->name, address) : g_strdup(address);
}

/* ICMP messages from version 6 (RFC 4443) to version 4 (RFC 792) and back, after RFC 7915 4.2 and
 * 5.2; and what errors of version 6 say to TCP. */
#include "protocols/wire/icmp.h"

#include <errno.h>

#include "protocols/wire/checksum.h"
#include "tools/packetdrill/translate.h"

enum { UNREACHABLE = 1, TOO_BIG = 2, TIME_EXCEEDED = 3, PARAMETER = 4, ECHO = 128, REPLY = 129 };
enum { NO_ROUTE, PROHIBITED, BEYOND_SCOPE, NO_HOST, NO_PORT, SOURCE_POLICY, REJECTED };
enum { BAD_FIELD, BAD_NEXT_HEADER };
enum { NEXT_HEADER = 6 /* its place in the header */, ANY = 255 };

static const struct translation {
    uint8_t type6, code6, type4, code4;
} translations[] = {
    { ECHO, 0, ICMP_ECHO, 0 },
    { REPLY, 0, ICMP_ECHO_REPLY, 0 },
    { UNREACHABLE, NO_PORT, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH },
    { UNREACHABLE, NO_ROUTE, ICMP_DEST_UNREACH, ICMP_NET_UNREACH },
    { UNREACHABLE, NO_HOST, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH },
    { UNREACHABLE, BEYOND_SCOPE, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH },
    { UNREACHABLE, PROHIBITED, ICMP_DEST_UNREACH, ICMP_HOST_PROHIBITED },
    { UNREACHABLE, SOURCE_POLICY, ICMP_DEST_UNREACH, ICMP_HOST_PROHIBITED },
    { UNREACHABLE, REJECTED, ICMP_DEST_UNREACH, ICMP_HOST_PROHIBITED },
    { TOO_BIG, 0, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED },
    { TIME_EXCEEDED, 0, ICMP_TIME_EXCEEDED, ICMP_TTL_EXCEEDED },
    { TIME_EXCEEDED, 1, ICMP_TIME_EXCEEDED, ICMP_REASSEMBLY_EXCEEDED },
    { PARAMETER, BAD_NEXT_HEADER, ICMP_DEST_UNREACH, ICMP_PROTO_UNREACH },
    { PARAMETER, BAD_FIELD, ICMP_PARAMETER_PROBLEM, 0 },
};

static bool quotes(uint8_t type4)
{
    return type4 != ICMP_ECHO && type4 != ICMP_ECHO_REPLY;
}

/* ---- To version 4 ---------------------------------------------------------------------------- */

static const struct translation *from_v6(uint8_t type, uint8_t code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(translations); i++)
        if (translations[i].type6 == type && translations[i].code6 == code)
            return &translations[i];
    return NULL;
}

/* The MTU stays that of the wire, which TCP is told without what the header grows by.  Below 1280
 * it is not believed (RFC 8201 4). */
static bool rest_to_v4(const struct icmp *h, uint32_t *rest)
{
    *rest = h->type == ECHO || h->type == REPLY ? h->rest : 0;
    if (h->type == TOO_BIG)
        *rest = MIN(h->rest, UINT16_MAX);
    return h->type != TOO_BIG || h->rest >= IPV6_MIN_MTU;
}

size_t drill_icmp_to_v4(struct drill *drill, const struct ipv6_wire *ip, const uint8_t *in,
                        size_t length, uint8_t *out)
{
    struct icmp h = { .type = 0 };
    size_t body = length - ICMP_LEN;

    if (length < ICMP_LEN || checksum_fold(drill_pseudo_v6(ip, ip->next, length) +
                                           checksum_bytes(in, (uint32_t)length)) != UINT16_MAX)
        return 0;
    icmp_parse(in, &h);
    const struct translation *t = from_v6(h.type, h.code);
    uint32_t rest;
    if (!t || !rest_to_v4(&h, &rest))
        return 0;
    if (!quotes(t->type4))
        memcpy(out + ICMP_LEN, in + ICMP_LEN, body);
    else if ((body = drill_quote_to_v4(drill, in + ICMP_LEN, body, out + ICMP_LEN)) == 0)
        return 0;
    h = (struct icmp){ .type = t->type4, .code = t->code4, .rest = rest };
    icmp_emit(out, &h);
    h.checksum = (uint16_t)~checksum_fold(checksum_bytes(out, (uint32_t)(ICMP_LEN + body)));
    icmp_emit(out, &h);
    return ICMP_LEN + body;
}

/* ---- To version 6 ---------------------------------------------------------------------------- */

static const struct translation *from_v4(uint8_t type, uint8_t code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(translations); i++)
        if (translations[i].type4 == type && translations[i].code4 == code)
            return &translations[i];
    return NULL;
}

size_t drill_icmp_to_v6(struct drill *drill, const struct ipv6_wire *ip, const uint8_t *in,
                        size_t length, uint8_t *out)
{
    struct icmp h;
    size_t body = length - ICMP_LEN;

    if (length < ICMP_LEN)
        return 0;
    icmp_parse(in, &h);
    const struct translation *t = from_v4(h.type, h.code);
    if (!t || t->type6 == TOO_BIG)
        return 0; /* the host forwards nothing */
    uint32_t rest = quotes(h.type) ? 0 : h.rest;
    if (!quotes(h.type))
        memcpy(out + ICMP_LEN, in + ICMP_LEN, body);
    else if ((body = drill_quote_to_v6(drill, in + ICMP_LEN, body, out + ICMP_LEN)) == 0)
        return 0;
    if (t->type6 == PARAMETER)
        rest = NEXT_HEADER;
    h = (struct icmp){ .type = t->type6, .code = t->code6, .rest = rest };
    icmp_emit(out, &h);
    h.checksum = (uint16_t)~checksum_fold(drill_pseudo_v6(ip, ip->next, ICMP_LEN + body) +
                                          checksum_bytes(out, (uint32_t)(ICMP_LEN + body)));
    icmp_emit(out, &h);
    return ICMP_LEN + body;
}

/* ---- TCP is told ----------------------------------------------------------------------------- */

/* As Linux takes them: what an administrator forbade, and a port that does not exist, end a
 * handshake in SYN-RECEIVED; a missing route may come back. */
static const struct {
    uint8_t type, code;
    struct tcp_report report;
} reports[] = {
    { UNREACHABLE, NO_ROUTE, { .error = ENETUNREACH, .no_route = true } },
    { UNREACHABLE, PROHIBITED, { .error = EACCES, .ends_request = true } },
    { UNREACHABLE, BEYOND_SCOPE, { .error = EHOSTUNREACH } },
    { UNREACHABLE, NO_HOST, { .error = EHOSTUNREACH } },
    { UNREACHABLE, NO_PORT, { .error = ECONNREFUSED, .ends_request = true } },
    { UNREACHABLE, SOURCE_POLICY, { .error = EACCES, .ends_request = true } },
    { UNREACHABLE, REJECTED, { .error = EACCES, .ends_request = true } },
    { TIME_EXCEEDED, ANY, { .error = EHOSTUNREACH } },
    { PARAMETER, ANY, { .error = EPROTO, .ends_request = true } },
};

bool drill_tell_tcp(struct drill *drill, const uint8_t *in, const uint8_t *v4, size_t length)
{
    enum { QUOTE = IPV4_LEN + ICMP_LEN, QUOTED_TCP = QUOTE + IPV4_LEN };
    const struct ipv6_wire *ip = (const struct ipv6_wire *)(const void *)in;
    const uint8_t *icmp = in + IPV6_LEN;
    struct ipv4 quoted;

    if (ip->next != IP_PROTO_ICMPV6 || icmp[0] >= ECHO || length < QUOTED_TCP)
        return false;
    ipv4_parse(v4 + QUOTE, &quoted);
    struct ip_rx rx = { .src = ip_addr_of_v4(quoted.src), .dst = ip_addr_of_v4(quoted.dst) };
    for (size_t i = 0; quoted.proto == IP_PROTO_TCP && i < G_N_ELEMENTS(reports); i++) {
        if (reports[i].type != icmp[0] || (reports[i].code != icmp[1] && reports[i].code != ANY))
            continue;
        tcp_take_report(node_tcp(drill->node), &reports[i].report, v4 + QUOTED_TCP,
                        (uint32_t)(length - QUOTED_TCP), &rx);
        return true;
    }
    return false;
}

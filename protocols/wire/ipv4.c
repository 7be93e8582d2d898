#include "protocols/wire/ipv4.h"

#include "protocols/wire/checksum.h"

enum ipv4_error ipv4_check(const uint8_t *buf, uint32_t have, uint32_t len)
{
    if (have < IPV4_LEN)
        return IPV4_SHORT;
    if (buf[0] >> 4 != 4)
        return IPV4_BAD_VERSION;
    uint32_t header = ipv4_header_len(buf);
    uint32_t total = (uint32_t)buf[2] << 8 | buf[3];
    if (header < IPV4_LEN || total < header)
        return IPV4_BAD_LENGTH;
    return header > have || total > len ? IPV4_SHORT : IPV4_OK;
}

bool ipv4_checksum_ok(const uint8_t *buf)
{
    return checksum_fold(checksum_bytes(buf, ipv4_header_len(buf))) == 0xffff;
}

void ipv4_parse(const uint8_t *buf, struct ipv4 *h)
{
    const struct ipv4_wire *w = (const struct ipv4_wire *)buf;

    h->header_len = (uint8_t)ipv4_header_len(buf);
    h->tos = w->tos;
    h->ttl = w->ttl;
    h->proto = w->proto;
    h->length = get_be16(w->length);
    h->id = get_be16(w->id);
    h->frag = get_be16(w->frag);
    h->checksum = get_be16(w->checksum);
    h->src = get_be32(w->src);
    h->dst = get_be32(w->dst);
}

void ipv4_emit(uint8_t *buf, const struct ipv4 *h)
{
    struct ipv4_wire *w = ipv4_at(buf);

    w->version_ihl = (uint8_t)(4 << 4 | h->header_len / 4);
    w->tos = h->tos;
    w->length = put_be16(h->length);
    w->id = put_be16(h->id);
    w->frag = put_be16(h->frag);
    w->ttl = h->ttl;
    w->proto = h->proto;
    w->checksum = put_be16(h->checksum);
    w->src = put_be32(h->src);
    w->dst = put_be32(h->dst);
}

void ipv4_finish(uint8_t *buf)
{
    struct ipv4_wire *w = ipv4_at(buf);

    w->checksum = put_be16(0);
    w->checksum = put_be16((uint16_t)~checksum_fold(checksum_bytes(buf, ipv4_header_len(buf))));
}

/* ---- Options ------------------------------------------------------------------------------- */

/* The length of the option at `at`, 0 if it cannot be. */
static uint32_t option_length(const uint8_t *buf, uint32_t at, uint32_t end)
{
    if (buf[at] == IPV4_OPT_EOL || buf[at] == IPV4_OPT_NOP)
        return 1;
    if (end - at < 2 || buf[at + 1] < 2 || buf[at + 1] > end - at)
        return 0;
    return buf[at + 1];
}

void ipv4_options_parse(const uint8_t *buf, struct ipv4_options *o)
{
    uint32_t end = ipv4_header_len(buf);

    *o = (struct ipv4_options){ 0 };
    for (uint32_t at = IPV4_LEN, n; at < end && buf[at] != IPV4_OPT_EOL; at += n) {
        n = option_length(buf, at, end);
        if (n == 0) {
            o->bad = (uint8_t)(end - at < 2 ? at : at + 1);
            return;
        }
        if (buf[at] == IPV4_OPT_LSRR || buf[at] == IPV4_OPT_SSRR)
            o->source_route = true;
        else if (buf[at] == IPV4_OPT_RA)
            o->router_alert = true;
    }
}

void ipv4_options_keep_copied(uint8_t *buf)
{
    uint32_t end = ipv4_header_len(buf);

    for (uint32_t at = IPV4_LEN, n; at < end && buf[at] != IPV4_OPT_EOL; at += n) {
        n = option_length(buf, at, end);
        if (n == 0)
            return;
        if (!(buf[at] & IPV4_OPT_COPIED))
            memset(buf + at, IPV4_OPT_NOP, n);
    }
}

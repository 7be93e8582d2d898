#include "protocols/wire/tcphdr.h"

#include <assert.h>
#include <string.h>

/* ---- Reading ------------------------------------------------------------------------------- */

bool tcphdr_option_next(const uint8_t *options, uint32_t len, uint32_t *at,
                        struct tcphdr_item *item)
{
    if (*at >= len)
        return false;
    item->kind = options[*at];
    item->length = 1;
    item->value = NULL;
    if (item->kind != TCPOPT_EOL && item->kind != TCPOPT_NOP) {
        if (len - *at < 2 || options[*at + 1] < 2 || options[*at + 1] > len - *at)
            return false;
        item->length = options[*at + 1];
        item->value = options + *at + 2;
    }
    *at += item->length;
    return true;
}

static uint16_t read16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t read24(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static uint32_t read32(const uint8_t *p)
{
    return (uint32_t)read16(p) << 16 | read16(p + 2);
}

static uint16_t read_timestamps(const uint8_t *value, struct tcphdr_options *o)
{
    o->tsval = read32(value);
    o->tsecr = read32(value + 4);
    return TCPHAS_TS;
}

static uint16_t read_sacks(const struct tcphdr_item *item, struct tcphdr_options *o)
{
    uint32_t n = (item->length - 2u) / 8;

    if (n == 0 || n > TCPHDR_SACKS || item->length != 2 + 8 * n)
        return 0;
    for (uint32_t i = 0; i < n; i++) {
        o->sacks[i].start = read32(item->value + 8 * i);
        o->sacks[i].end = read32(item->value + 8 * i + 4);
    }
    o->n_sacks = (uint8_t)n;
    return TCPHAS_SACK;
}

/* RFC 7413 4.1.1: 4 to 16 bytes, an even number; none is a request. */
static uint16_t read_cookie(const struct tcphdr_item *item, struct tcphdr_options *o)
{
    uint32_t n = item->length - 2u;

    if (n % 2 != 0 || n > TCPHDR_COOKIE_MAX || (n > 0 && n < TCPHDR_COOKIE_MIN))
        return 0;
    if (n > 0)
        memcpy(o->cookie, item->value, n);
    o->cookie_len = (uint8_t)n;
    return TCPHAS_TFO;
}

/* RFC 9768 3.2.3: up to three 24-bit counters, in one order or the reverse. */
static uint16_t read_accecn(const struct tcphdr_item *item, struct tcphdr_options *o)
{
    bool reverse = item->kind == TCPOPT_ACCECN1;
    uint32_t *field[3] = { reverse ? &o->e1b : &o->e0b, &o->ceb, reverse ? &o->e0b : &o->e1b };
    uint32_t n = (item->length - 2u) / 3;

    if (n > 3 || item->length != 2 + 3 * n)
        return 0;
    for (uint32_t i = 0; i < n; i++)
        *field[i] = read24(item->value + 3 * i);
    o->accecn_kind = item->kind;
    o->accecn_fields = (uint8_t)n;
    return TCPHAS_ACCECN;
}

/* Returns the bit of the option, 0 if its length is wrong. */
static uint16_t read_option(const struct tcphdr_item *item, struct tcphdr_options *o)
{
    switch (item->kind) {
    case TCPOPT_MSS:
        if (item->length != 4)
            return 0;
        o->mss = read16(item->value);
        return TCPHAS_MSS;
    case TCPOPT_WSCALE:
        if (item->length != 3)
            return 0;
        o->wscale = item->value[0];
        return TCPHAS_WSCALE;
    case TCPOPT_SACK_OK:
        return item->length == 2 ? TCPHAS_SACK_OK : 0;
    case TCPOPT_SACK:
        return read_sacks(item, o);
    case TCPOPT_TS:
        return item->length == 10 ? read_timestamps(item->value, o) : 0;
    case TCPOPT_TFO:
        return read_cookie(item, o);
    case TCPOPT_ACCECN0:
    case TCPOPT_ACCECN1:
        return read_accecn(item, o);
    default:
        return TCPHAS_UNKNOWN;
    }
}

void tcphdr_options_parse(const uint8_t *options, uint32_t len, struct tcphdr_options *o)
{
    static const uint8_t aligned[4] = { TCPOPT_NOP, TCPOPT_NOP, TCPOPT_TS, 10 };
    struct tcphdr_item item;
    uint32_t at = 0;

    o->present = 0;
    if (len == 12 && memcmp(options, aligned, sizeof aligned) == 0) {
        o->present = read_timestamps(options + 4, o);
        return;
    }
    while (tcphdr_option_next(options, len, &at, &item)) {
        if (item.kind == TCPOPT_EOL)
            return;
        if (item.kind != TCPOPT_NOP)
            o->present |= read_option(&item, o);
    }
    if (at < len)
        o->present |= TCPHAS_MALFORMED;
}

/* ---- Writing ------------------------------------------------------------------------------- */

/* Lengths with the NOPs that align them to 32 bits.  SACK-permitted takes the place of the two
 * NOPs in front of a timestamp. */
static uint32_t length_of_others(const struct tcphdr_options *o)
{
    uint32_t n = 0;

    if (o->present & TCPHAS_MSS)
        n += 4;
    if (o->present & TCPHAS_TS)
        n += 12;
    else if (o->present & TCPHAS_SACK_OK)
        n += 4;
    if (o->present & TCPHAS_WSCALE)
        n += 4;
    if (o->present & TCPHAS_ACCECN)
        n += (2 + 3u * o->accecn_fields + 3) & ~3u;
    if (o->present & TCPHAS_TFO)
        n += (2u + o->cookie_len + 3) & ~3u;
    return n;
}

uint32_t tcphdr_options_length(const struct tcphdr_options *o)
{
    return length_of_others(o) + (o->present & TCPHAS_SACK ? 4 + 8u * o->n_sacks : 0);
}

uint32_t tcphdr_sack_room(const struct tcphdr_options *o)
{
    uint32_t used = length_of_others(o);

    if (used + 4 > TCPHDR_OPTIONS_MAX)
        return 0;
    uint32_t room = (TCPHDR_OPTIONS_MAX - used - 4) / 8;
    return room < TCPHDR_SACKS ? room : TCPHDR_SACKS;
}

static uint8_t *write16(uint8_t *p, uint16_t v)
{
    *p++ = (uint8_t)(v >> 8);
    *p++ = (uint8_t)v;
    return p;
}

static uint8_t *write32(uint8_t *p, uint32_t v)
{
    return write16(write16(p, (uint16_t)(v >> 16)), (uint16_t)v);
}

static uint8_t *write_head(uint8_t *p, uint8_t kind, uint32_t length)
{
    *p++ = kind;
    *p++ = (uint8_t)length;
    return p;
}

static uint8_t *write_nops(uint8_t *p, uint32_t n)
{
    while (n-- > 0)
        *p++ = TCPOPT_NOP;
    return p;
}

static uint8_t *write_timestamps(uint8_t *p, const struct tcphdr_options *o)
{
    p = o->present & TCPHAS_SACK_OK ? write_head(p, TCPOPT_SACK_OK, 2) : write_nops(p, 2);
    p = write_head(p, TCPOPT_TS, 10);
    return write32(write32(p, o->tsval), o->tsecr);
}

static uint8_t *write_accecn(uint8_t *p, const struct tcphdr_options *o)
{
    bool reverse = o->accecn_kind == TCPOPT_ACCECN1;
    uint32_t field[3] = { reverse ? o->e1b : o->e0b, o->ceb, reverse ? o->e0b : o->e1b };
    uint32_t length = 2 + 3u * o->accecn_fields;

    p = write_head(p, o->accecn_kind, length);
    for (uint32_t i = 0; i < o->accecn_fields; i++) {
        *p++ = (uint8_t)(field[i] >> 16);
        p = write16(p, (uint16_t)field[i]);
    }
    return write_nops(p, -length & 3);
}

static uint8_t *write_sacks(uint8_t *p, const struct tcphdr_options *o)
{
    p = write_head(write_nops(p, 2), TCPOPT_SACK, 2 + 8u * o->n_sacks);
    for (uint32_t i = 0; i < o->n_sacks; i++)
        p = write32(write32(p, o->sacks[i].start), o->sacks[i].end);
    return p;
}

static uint8_t *write_cookie(uint8_t *p, const struct tcphdr_options *o)
{
    uint32_t length = 2u + o->cookie_len;

    p = write_head(p, TCPOPT_TFO, length);
    memcpy(p, o->cookie, o->cookie_len);
    return write_nops(p + o->cookie_len, -length & 3);
}

uint32_t tcphdr_options_emit(uint8_t *options, const struct tcphdr_options *o)
{
    uint8_t *p = options;

    assert(tcphdr_options_length(o) <= TCPHDR_OPTIONS_MAX);
    assert(o->n_sacks <= TCPHDR_SACKS || !(o->present & TCPHAS_SACK));
    if (o->present & TCPHAS_MSS)
        p = write16(write_head(p, TCPOPT_MSS, 4), o->mss);
    if (o->present & TCPHAS_TS)
        p = write_timestamps(p, o);
    if (o->present & TCPHAS_ACCECN)
        p = write_accecn(p, o);
    if (o->present & TCPHAS_SACK_OK && !(o->present & TCPHAS_TS))
        p = write_head(write_nops(p, 2), TCPOPT_SACK_OK, 2);
    if (o->present & TCPHAS_WSCALE) {
        p = write_head(write_nops(p, 1), TCPOPT_WSCALE, 3);
        *p++ = o->wscale;
    }
    if (o->present & TCPHAS_SACK)
        p = write_sacks(p, o);
    if (o->present & TCPHAS_TFO)
        p = write_cookie(p, o);
    return (uint32_t)(p - options);
}

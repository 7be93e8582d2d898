#include "models/script/segment.h"

#include <string.h>

#include "sim/error.h"

enum { EXPERIMENT = 254, TFO_MAGIC = 0xf989, MAX_PIECES = 10000 };

/* ---- Reading -------------------------------------------------------------------------------- */

struct reader {
    const char *text, *at;
    const struct segment_map *map;
    bool inbound;
    struct segment *segment;
    GError **error;
};

/* Who asked for a part knows better than the part what is missing: the last word is kept. */
static bool complain(struct reader *r, const char *what)
{
    g_clear_error(r->error);
    if (*r->at)
        g_set_error(r->error, WEFT_ERROR, WEFT_ERROR_TYPE, "\"%s\": %s at \"%s\"", r->text, what,
                    r->at);
    else
        g_set_error(r->error, WEFT_ERROR, WEFT_ERROR_TYPE, "\"%s\": %s at the end", r->text, what);
    return false;
}

static void skip_blanks(struct reader *r)
{
    r->at += strspn(r->at, " \t\n");
}

static bool take(struct reader *r, const char *word)
{
    size_t n = strlen(word);

    skip_blanks(r);
    if (strncmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static bool take_number(struct reader *r, uint32_t *out)
{
    char *end;

    skip_blanks(r);
    if (!g_ascii_isdigit(*r->at))
        return complain(r, "a number is missing");
    *out = (uint32_t)g_ascii_strtoull(r->at, &end, 10);
    r->at = end;
    return true;
}

static bool read_ecn(struct reader *r)
{
    static const char *const words[] = { "[noecn]", "[ect1]", "[ect0]", "[ce]" };

    r->segment->ecn = -1;
    for (int i = 0; i < 4; i++)
        if (take(r, words[i]))
            r->segment->ecn = (int8_t)i;
    return true;
}

static uint16_t flag_of(char c)
{
    static const struct {
        char letter;
        uint16_t flag;
    } flags[] = {
        { 'S', TH_SYN }, { 'F', TH_FIN }, { 'R', TH_RST }, { 'P', TH_PSH }, { 'U', TH_URG },
        { '.', TH_ACK }, { 'E', TH_ECE }, { 'W', TH_CWR }, { 'A', TH_AE },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
        if (flags[i].letter == c)
            return flags[i].flag;
    if (c >= '0' && c <= '7')
        return (uint16_t)((c - '0') << 6);
    return 0;
}

static bool read_flags(struct reader *r)
{
    skip_blanks(r);
    if (*r->at == '-') { /* none */
        r->at++;
        return true;
    }
    for (; *r->at && *r->at != ' '; r->at++) {
        if (flag_of(*r->at) == 0 && *r->at != '0')
            return complain(r, "flags are of S F R P U . E W A");
        r->segment->flags |= flag_of(*r->at);
    }
    return true;
}

/* "1000", or of a burst "4*1000", "2*2*1000". */
static bool read_length(struct reader *r)
{
    uint32_t factors[3] = { 1, 1, 1 };
    struct segment *s = r->segment;
    int n = 0;

    do {
        if (n == 3)
            return complain(r, "a burst is groups*number*length");
        if (!take_number(r, &factors[n++]))
            return false;
    } while (take(r, "*"));
    uint64_t pieces = n == 1 ? 1 : (uint64_t)factors[0] * (n == 2 ? 1 : factors[1]);
    if (pieces == 0 || pieces > MAX_PIECES)
        return complain(r, "a burst has 1 to 10000 segments");
    s->pieces = (uint32_t)pieces;
    s->group = n == 1 ? 1 : factors[n - 2];
    s->length = factors[n - 1];
    return true;
}

static bool read_numbers(struct reader *r)
{
    struct segment *s = r->segment;
    uint32_t end, value;

    if (!take_number(r, &s->seq))
        return false;
    if (!take(r, ":") || !take_number(r, &end) || !take(r, "("))
        return complain(r, "sequence numbers are first:last(length)");
    if (!read_length(r))
        return false;
    if (!take(r, ")"))
        return complain(r, "sequence numbers are first:last(length)");
    if (end != s->seq + s->pieces * s->length)
        return complain(r, "the length does not agree with the numbers");
    if (take(r, "ack") && !take_number(r, &s->ack))
        return false;
    s->window = -1;
    if (take(r, "win")) {
        if (!take_number(r, &value))
            return false;
        if (value > UINT16_MAX)
            return complain(r, "the window is that of the header, at most 65535,");
        s->window = value;
    }
    if (take(r, "urg")) {
        if (!take_number(r, &value))
            return false;
        s->urgent = (uint16_t)value;
    }
    return true;
}

/* ---- Options -------------------------------------------------------------------------------- */

static bool put(struct reader *r, uint32_t value, int bytes)
{
    struct segment *s = r->segment;

    if (s->options_len + bytes > TCPHDR_OPTIONS_MAX)
        return complain(r, "more than 40 bytes of options");
    while (bytes-- > 0)
        s->options[s->options_len++] = (uint8_t)(value >> 8 * bytes);
    return true;
}

static bool put_head(struct reader *r, uint8_t kind, uint32_t length)
{
    return put(r, kind, 1) && put(r, length, 1);
}

static bool read_timestamps(struct reader *r)
{
    uint32_t val, ecr, offset = r->map->ts_known ? r->map->ts_offset : 0;

    if (!take(r, "val") || !take_number(r, &val) || !take(r, "ecr") || !take_number(r, &ecr))
        return complain(r, "timestamps are TS val N ecr N");
    if (r->inbound && ecr)
        ecr += offset;
    return put_head(r, TCPOPT_TS, 10) && put(r, val, 4) && put(r, ecr, 4);
}

static bool read_sacks(struct reader *r)
{
    uint8_t *length;
    uint32_t base = r->inbound ? r->map->local_iss : 0, a, b;

    if (!put_head(r, TCPOPT_SACK, 2))
        return false;
    length = &r->segment->options[r->segment->options_len - 1];
    for (skip_blanks(r); g_ascii_isdigit(*r->at); skip_blanks(r)) {
        if (!take_number(r, &a) || !take(r, ":") || !take_number(r, &b))
            return complain(r, "SACK blocks are first:last");
        if (!put(r, base + a, 4) || !put(r, base + b, 4))
            return false;
        *length = (uint8_t)(*length + 8);
    }
    return true;
}

/* FO, or FO and the cookie in hexadecimal digits. */
static bool read_cookie(struct reader *r, bool experimental)
{
    uint8_t bytes[TCPHDR_COOKIE_MAX];
    uint32_t n = 0;

    for (skip_blanks(r); g_ascii_isxdigit(r->at[0]) && g_ascii_isxdigit(r->at[1]); r->at += 2) {
        if (n == sizeof bytes)
            return complain(r, "a cookie has at most 16 bytes");
        bytes[n++] =
            (uint8_t)(g_ascii_xdigit_value(r->at[0]) << 4 | g_ascii_xdigit_value(r->at[1]));
    }
    if (experimental ? !(put_head(r, EXPERIMENT, 4 + n) && put(r, TFO_MAGIC, 2))
                     : !put_head(r, TCPOPT_TFO, 2 + n))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!put(r, bytes[i], 1))
            return false;
    return true;
}

static bool read_accecn(struct reader *r)
{
    static const char *const names[] = { "e0b", "ceb", "e1b" };
    uint32_t values[3], n = 0;
    bool reverse = false;

    for (bool more = true; more && n < 3;) {
        more = false;
        for (int i = 0; i < 3; i++) {
            if (!take(r, names[i]))
                continue;
            if (n == 0)
                reverse = i == 2;
            if (!take_number(r, &values[n++]))
                return false;
            more = true;
        }
    }
    if (!put_head(r, reverse ? TCPOPT_ACCECN1 : TCPOPT_ACCECN0, 2 + 3 * n))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!put(r, values[i], 3))
            return false;
    return true;
}

/* With a digest that is right for no key. */
static bool read_md5(struct reader *r)
{
    bool ok = put_head(r, TCPOPT_MD5, 18);

    for (int i = 0; ok && i < 16; i++)
        ok = put(r, 0, 1);
    return ok;
}

static bool read_option(struct reader *r)
{
    uint32_t n;

    if (take(r, "nop"))
        return put(r, TCPOPT_NOP, 1);
    if (take(r, "eol"))
        return put(r, TCPOPT_EOL, 1);
    if (take(r, "mss"))
        return take_number(r, &n) && put_head(r, TCPOPT_MSS, 4) && put(r, n, 2);
    if (take(r, "sackOK"))
        return put_head(r, TCPOPT_SACK_OK, 2);
    if (take(r, "sack"))
        return read_sacks(r);
    if (take(r, "wscale"))
        return take_number(r, &n) && put_head(r, TCPOPT_WSCALE, 3) && put(r, n, 1);
    if (take(r, "TS"))
        return read_timestamps(r);
    if (take(r, "FOEXP"))
        return read_cookie(r, true);
    if (take(r, "FO"))
        return read_cookie(r, false);
    if (take(r, "ECN"))
        return read_accecn(r);
    if (take(r, "md5"))
        return read_md5(r);
    return complain(r, "options are mss, nop, eol, sackOK, wscale, TS, sack, FO, FOEXP, ECN, md5");
}

static bool read_options(struct reader *r)
{
    if (!take(r, "<"))
        return true;
    if (take(r, "...")) {
        r->segment->any_options = true;
        return take(r, ">") || complain(r, "\">\" is missing");
    }
    do {
        if (!read_option(r))
            return false;
    } while (take(r, ","));
    if (!take(r, ">"))
        return complain(r, "\",\" or \">\" is missing");
    while (r->inbound && r->segment->options_len % 4)
        put(r, TCPOPT_EOL, 1);
    return true;
}

bool segment_parse(const char *text, bool inbound, const struct segment_map *map,
                   struct segment *segment, GError **error)
{
    struct reader r = { text, text, map, inbound, segment, error };

    memset(segment, 0, sizeof *segment);
    if (!read_ecn(&r) || !read_flags(&r) || !read_numbers(&r) || !read_options(&r))
        return false;
    skip_blanks(&r);
    return *r.at == '\0' || complain(&r, "nothing more is understood");
}

void segment_piece(const struct segment *burst, uint32_t i, struct segment *piece)
{
    *piece = *burst;
    piece->pieces = piece->group = 1;
    piece->seq += i * burst->length;
    if ((i + 1) % burst->group)
        piece->flags &= (uint16_t) ~(TH_PSH | TH_FIN);
}

/* ---- Printing ------------------------------------------------------------------------------- */

static uint32_t get(const uint8_t *p, int bytes)
{
    uint32_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | *p++;
    return v;
}

bool segment_tsval(const struct segment *s, uint32_t *tsval)
{
    struct tcphdr_item item;

    for (uint32_t at = 0; tcphdr_option_next(s->options, s->options_len, &at, &item);) {
        if (item.kind == TCPOPT_TS && item.length == 10) {
            *tsval = get(item.value, 4);
            return true;
        }
    }
    return false;
}

static void print_flags(GString *out, uint16_t flags)
{
    static const char letters[] = "SFRPUEWA.";

    if (flags == 0)
        g_string_append_c(out, '-');
    for (const char *c = letters; *c; c++)
        if (flags & flag_of(*c))
            g_string_append_c(out, *c);
}

static void print_hex(GString *out, const char *name, const uint8_t *bytes, uint32_t n)
{
    g_string_append(out, name);
    for (uint32_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%02x", i ? "" : " ", bytes[i]);
}

static void print_accecn(GString *out, const struct tcphdr_item *item)
{
    static const char *const names[] = { "e0b", "ceb", "e1b" };
    int n = MIN((item->length - 2) / 3, (int)G_N_ELEMENTS(names));

    g_string_append(out, "ECN");
    for (int i = 0; i < n; i++)
        g_string_append_printf(out, " %s %u", names[item->kind == TCPOPT_ACCECN1 ? 2 - i : i],
                               get(item->value + 3 * i, 3));
}

static void print_sacks(GString *out, const struct tcphdr_item *item, const struct segment_map *map)
{
    g_string_append(out, "sack");
    for (int i = 0; i + 8 <= item->length - 2; i += 8)
        g_string_append_printf(out, " %u:%u", get(item->value + i, 4) - map->remote_iss,
                               get(item->value + i + 4, 4) - map->remote_iss);
}

static void print_option(GString *out, const struct tcphdr_item *item,
                         const struct segment_map *map)
{
    switch (item->kind) {
    case TCPOPT_NOP:
        g_string_append(out, "nop");
        break;
    case TCPOPT_EOL:
        g_string_append(out, "eol");
        break;
    case TCPOPT_MD5:
        g_string_append(out, "md5");
        break;
    case TCPOPT_MSS:
        g_string_append_printf(out, "mss %u", get(item->value, 2));
        break;
    case TCPOPT_WSCALE:
        g_string_append_printf(out, "wscale %u", get(item->value, 1));
        break;
    case TCPOPT_SACK_OK:
        g_string_append(out, "sackOK");
        break;
    case TCPOPT_SACK:
        print_sacks(out, item, map);
        break;
    case TCPOPT_TS:
        g_string_append_printf(out, "TS val %u ecr %u",
                               get(item->value, 4) - (map->ts_known ? map->ts_offset : 0),
                               get(item->value + 4, 4));
        break;
    case TCPOPT_TFO:
        print_hex(out, "FO", item->value, item->length - 2u);
        break;
    case EXPERIMENT:
        print_hex(out, "FOEXP", item->value + 2, item->length - 4u);
        break;
    case TCPOPT_ACCECN0:
    case TCPOPT_ACCECN1:
        print_accecn(out, item);
        break;
    default:
        g_string_append_printf(out, "option %u", item->kind);
    }
}

static void print_options(GString *out, const struct segment *s, const struct segment_map *map)
{
    struct tcphdr_item item;
    const char *before = " <";

    for (uint32_t at = 0; tcphdr_option_next(s->options, s->options_len, &at, &item);) {
        g_string_append(out, before);
        print_option(out, &item, map);
        before = ",";
    }
    if (*before == ',')
        g_string_append_c(out, '>');
}

char *segment_print(const struct segment *s, const struct segment_map *map,
                    const struct segment *like)
{
    static const char *const fields[] = { "[noecn] ", "[ect1] ", "[ect0] ", "[ce] " };
    GString *out = g_string_new(s->ecn >= 0 && (!like || like->ecn >= 0) ? fields[s->ecn] : NULL);

    print_flags(out, s->flags);
    g_string_append_printf(out, " %u:%u(%u)", s->seq - map->local_iss,
                           s->seq - map->local_iss + s->length, s->length);
    if (s->flags & TH_ACK)
        g_string_append_printf(out, " ack %u", s->ack - map->remote_iss);
    if (s->window >= 0 && (!like || like->window >= 0))
        g_string_append_printf(out, " win %u", (unsigned)s->window);
    if (s->flags & TH_URG)
        g_string_append_printf(out, " urg %u", s->urgent);
    if (like && like->any_options)
        g_string_append(out, " <...>");
    else
        print_options(out, s, map);
    return g_string_free(out, FALSE);
}

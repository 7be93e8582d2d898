/* The TCP header and its options, read and written in place: what every data segment carries by
 * hand, the rest through the wire format's general functions. */
#include "protocols/tcp/options.h"
#include "protocols/tcp/ecn.h"
#include "protocols/tcp/fastopen.h"

/* NOP, NOP, timestamps: the layout that everybody sends (RFC 7323 appendix A). */
enum { TS_LAYOUT = 0x0101080a, TS_SPACE = 12 };

static inline uint32_t load32(const uint8_t *p)
{
    be32 v;
    memcpy(&v, p, sizeof v);
    return get_be32(v);
}

static inline void store16(uint8_t *p, uint16_t x)
{
    be16 v = put_be16(x);
    memcpy(p, &v, sizeof v);
}

static inline void store32(uint8_t *p, uint32_t x)
{
    be32 v = put_be32(x);
    memcpy(p, &v, sizeof v);
}

/* ---- Reading -------------------------------------------------------------------------------- */

/* Data bytes that travelled in the header part (a packet that came from outside) move to a blob. */
void tcp_rx_flatten(const struct tcp_rx *rx)
{
    struct packet *packet = rx->packet;

    if (packet_header_len(packet) == rx->doff)
        return;
    struct blob *blob = blob_new(rx->length);
    packet_read(packet, rx->doff, blob->bytes, rx->length);
    packet_set_payload(packet, blob, 0, rx->length);
    packet->tail = (uint16_t)(packet->head + rx->doff);
}

static void parse(const struct tcp_rx *rx, struct tcphdr_options *o)
{
    tcphdr_options_parse(rx->header + TCP_HEADER, rx->doff - (uint32_t)TCP_HEADER, o);
}

static void take_timestamps(struct tcp_options *opt, const struct tcphdr_options *o)
{
    opt->saw_tstamp = true;
    opt->rcv_tsval = o->tsval;
    opt->rcv_tsecr = o->tsecr;
}

/* The counters in ECN field order: ECT(1), ECT(0), CE. */
static void take_accecn(struct tcp_rx *rx, const struct tcphdr_options *o)
{
    if (!(o->present & TCPHAS_ACCECN))
        return;
    rx->accecn_option = true;
    rx->accecn_fields = o->accecn_fields;
    rx->accecn_reverse = o->accecn_kind == TCPOPT_ACCECN1;
    rx->accecn[0] = o->e1b;
    rx->accecn[1] = o->e0b;
    rx->accecn[2] = o->ceb;
}

void tcp_options_syn(struct tcp_rx *rx, const struct tcp_sysctl *sysctl, struct tcp_options *opt)
{
    struct tcphdr_options o;

    *opt = (struct tcp_options){ 0 };
    parse(rx, &o);
    if (o.present & TCPHAS_MSS && o.mss > 0)
        opt->mss_clamp = o.mss;
    if (o.present & TCPHAS_WSCALE && sysctl->window_scaling) {
        opt->wscale_ok = true;
        opt->snd_wscale = (uint8_t)min_u32(o.wscale, TCP_MAX_WSCALE); /* RFC 7323 2.3 */
    }
    opt->sack_ok = o.present & TCPHAS_SACK_OK && sysctl->sack;
    if (o.present & TCPHAS_TS && sysctl->timestamps)
        take_timestamps(opt, &o);
    opt->tstamp_ok = opt->saw_tstamp;
    take_accecn(rx, &o);
}

void tcp_options_established(struct tcp_rx *rx, struct tcp_options *opt)
{
    const uint8_t *p = rx->header + TCP_HEADER;
    struct tcphdr_options o;

    opt->saw_tstamp = false;
    if (rx->doff == TCP_HEADER)
        return;
    if (opt->tstamp_ok && rx->doff == TCP_HEADER + TS_SPACE && load32(p) == TS_LAYOUT) {
        opt->saw_tstamp = true;
        opt->rcv_tsval = load32(p + 4);
        opt->rcv_tsecr = load32(p + 8);
        return;
    }
    parse(rx, &o);
    if (o.present & TCPHAS_TS && opt->tstamp_ok)
        take_timestamps(opt, &o);
    if (o.present & TCPHAS_SACK && opt->sack_ok) {
        rx->sack_count = o.n_sacks;
        for (int i = 0; i < o.n_sacks; i++)
            rx->sacks[i] = (struct tcp_sack_block){ o.sacks[i].start, o.sacks[i].end };
    }
    take_accecn(rx, &o);
}

/* ---- Writing -------------------------------------------------------------------------------- */

static void describe_syn_options(const struct tcp_tx *tx, struct tcphdr_options *o)
{
    *o = (struct tcphdr_options){ .present = TCPHAS_MSS,
                                  .mss = tx->mss,
                                  .wscale = tx->wscale,
                                  .tsval = tx->tsval,
                                  .tsecr = tx->tsecr };
    o->present |=
        (uint16_t)((tx->timestamps ? TCPHAS_TS : 0) | (tx->sack_permitted ? TCPHAS_SACK_OK : 0) |
                   (tx->wscale_ok ? TCPHAS_WSCALE : 0));
    if (tx->accecn_fields) {
        o->present |= TCPHAS_ACCECN;
        o->accecn_kind = TCPOPT_ACCECN1;
        o->accecn_fields = tx->accecn_fields;
        o->e1b = tx->e1b;
        o->ceb = tx->ceb;
        o->e0b = tx->e0b;
    }
}

/* Accurate ECN's option; it may end inside the NOPs of a SACK option, of which `lead` are left. */
static uint8_t *put_accecn(uint8_t *p, const struct tcp_tx *tx, uint32_t *lead)
{
    const uint32_t fields[] = { tx->e1b, tx->ceb, tx->e0b };
    uint32_t size = 2 + 3u * tx->accecn_fields, over = size & 3;

    p[0] = TCPOPT_ACCECN1;
    p[1] = (uint8_t)size;
    for (int i = 0; i < tx->accecn_fields; i++) {
        p[2 + 3 * i] = (uint8_t)(fields[i] >> 16);
        store16(p + 3 + 3 * i, (uint16_t)fields[i]);
    }
    p += size;
    if (tx->sack_count && over <= 2) {
        *lead = 2 - over;
        return p;
    }
    for (; over & 3; over++)
        *p++ = TCPOPT_NOP;
    return p;
}

/* Of a segment that is no SYN. */
static void put_options(uint8_t *p, const struct tcp_tx *tx)
{
    if (tx->timestamps) {
        store32(p, TS_LAYOUT);
        store32(p + 4, tx->tsval);
        store32(p + 8, tx->tsecr);
        p += TS_SPACE;
    }
    uint32_t lead = 2;
    if (tx->accecn_option)
        p = put_accecn(p, tx, &lead);
    if (tx->sack_count) {
        while (lead-- > 0)
            *p++ = TCPOPT_NOP;
        p[0] = TCPOPT_SACK;
        p[1] = (uint8_t)(2 + 8 * tx->sack_count);
        p += 2;
        for (int i = 0; i < tx->sack_count; i++, p += 8) {
            store32(p, tx->sack[i].start_seq);
            store32(p + 4, tx->sack[i].end_seq);
        }
    }
}

static inline uint8_t *put_fixed(struct packet *packet, const struct tcp_key *key,
                                 const struct tcp_tx *tx, uint32_t length)
{
    uint8_t *h = packet_push(packet, length);

    store16(h, key->local_port);
    store16(h + 2, key->remote_port);
    store32(h + 4, tx->seq);
    store32(h + 8, tx->ack);
    h[12] = (uint8_t)(length / 4 << 4 | tx->flags >> 8);
    h[13] = (uint8_t)tx->flags;
    store16(h + 14, tx->window);
    store32(h + 16, tx->urgent); /* and the checksum: pending */
    packet->l4 = (uint8_t)packet->head;
    packet->flags |= PACKET_CSUM_PENDING;
    return h + TCP_HEADER;
}

static void put_syn(struct packet *packet, const struct tcp_key *key, const struct tcp_tx *tx)
{
    struct tcphdr_options o;

    describe_syn_options(tx, &o);
    uint32_t length = tcphdr_options_length(&o), cookie = tcp_cookie_bytes(tx->cookie);
    if (length + cookie > TCPHDR_OPTIONS_MAX)
        cookie = 0;
    uint8_t *at = put_fixed(packet, key, tx, TCP_HEADER + length + cookie);
    tcphdr_options_emit(at, &o);
    if (cookie)
        tcp_cookie_put(tx->cookie, at + length);
}

void tcp_put_header(struct packet *packet, const struct tcp_key *key, const struct tcp_tx *tx)
{
    uint32_t length = TCP_HEADER;

    if (tx->flags & TH_SYN) {
        put_syn(packet, key, tx);
        return;
    }
    if (tx->timestamps)
        length += TS_SPACE;
    if (tx->sack_count)
        length += 4 + 8u * tx->sack_count;
    if (tx->accecn_option)
        length += tcp_accecn_bytes(tx->accecn_fields, tx->sack_count > 0);
    put_options(put_fixed(packet, key, tx, length), tx);
}

/* TCP headers and options: what was read and is written again reads the same. */
#include "protocols/wire/tcphdr.h"
#include "tests/fuzz/fuzz.h"

static void check_options(const uint8_t *options, uint32_t length)
{
    enum {
        KNOWN = TCPHAS_MSS | TCPHAS_WSCALE | TCPHAS_SACK_OK | TCPHAS_TS | TCPHAS_TFO | TCPHAS_SACK |
                TCPHAS_ACCECN
    };
    uint8_t out[TCPHDR_OPTIONS_MAX];
    struct tcphdr_options o, again;

    memset(&o, 0, sizeof o);
    memset(&again, 0, sizeof again);
    tcphdr_options_parse(options, length, &o);
    o.present &= KNOWN;
    if (tcphdr_options_length(&o) > TCPHDR_OPTIONS_MAX)
        return; /* ours are padded */
    uint32_t n = tcphdr_options_emit(out, &o);
    assert(n == tcphdr_options_length(&o) && n % 4 == 0);
    tcphdr_options_parse(out, n, &again);
    assert(again.present == o.present);
    assert(!(o.present & TCPHAS_MSS) || again.mss == o.mss);
    assert(!(o.present & TCPHAS_TS) || (again.tsval == o.tsval && again.tsecr == o.tsecr));
    assert(!(o.present & TCPHAS_SACK) ||
           (again.n_sacks == o.n_sacks && memcmp(again.sacks, o.sacks, o.n_sacks * 8u) == 0));
    assert(!(o.present & TCPHAS_TFO) ||
           (again.cookie_len == o.cookie_len && memcmp(again.cookie, o.cookie, o.cookie_len) == 0));
    assert(!(o.present & TCPHAS_ACCECN) || again.accecn_fields == o.accecn_fields);
    assert(tcphdr_sack_room(&o) <= TCPHDR_SACKS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t out[TCPHDR_LEN];
    struct tcphdr h;
    uint32_t length = size > 200 ? 0 : tcphdr_check(data, (uint32_t)size);

    if (!length)
        return 0;
    tcphdr_parse(data, &h);
    assert(h.length == length && length <= size);
    tcphdr_emit(out, &h);
    out[12] |= data[12] & 0x0e; /* reserved bits are not kept */
    assert(memcmp(out, data, TCPHDR_LEN) == 0);
    check_options(data + TCPHDR_LEN, length - TCPHDR_LEN);
    return 0;
}

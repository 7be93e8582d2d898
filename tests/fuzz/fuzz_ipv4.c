/* IPv4 headers and options. */
#include "protocols/wire/ipv4.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t copy[IPV4_MAX], out[IPV4_LEN];
    struct ipv4_options options;
    struct ipv4 h;

    if (size > 200 || ipv4_check(data, (uint32_t)size, (uint32_t)size) != IPV4_OK)
        return 0;
    ipv4_parse(data, &h);
    assert(h.header_len >= IPV4_LEN && h.header_len <= h.length && h.length <= size);
    ipv4_emit(out, &h);
    assert(memcmp(out, data, IPV4_LEN) == 0);
    memcpy(copy, data, h.header_len);
    ipv4_finish(copy);
    assert(ipv4_checksum_ok(copy));
    ipv4_options_parse(copy, &options);
    assert(options.bad == 0 || (options.bad >= IPV4_LEN && options.bad < h.header_len));
    ipv4_options_keep_copied(copy);
    return 0;
}

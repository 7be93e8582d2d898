/* Whole frames: the header's round trip, the parsed view, its text and its fields. */
#include "protocols/wire/format.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t out[ETH_LEN];
    struct eth h;
    struct view view;
    uint32_t value;

    if (size == 0 || size > 2000)
        return 0;
    if (eth_check(data, (uint32_t)size)) {
        eth_parse(data, &h);
        eth_emit(out, &h);
        assert(memcmp(out, data, ETH_LEN) == 0);
    }
    struct sim *sim = sim_new(1);
    struct packet *frame = fuzz_packet(sim, data + 1, size - 1, data[0]);
    GString *text = g_string_new(NULL);
    view_parse(frame, &view);
    assert(view.len == size - 1 && view.data_len <= view.len);
    format_view(text, &view, NULL);
    assert(text->len > 0);
    for (const struct view_field *f = view_fields; f->name; f++)
        assert(!(view_number(&view, f, &value) && view_mac(&view, f)));
    g_string_free(text, TRUE);
    packet_consumed(frame);
    sim_free(sim);
    return 0;
}

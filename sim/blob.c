#include "sim/blob.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

/* The pattern repeats a block of prime length, stored one span longer than its period so that any
 * span starts inside the first period and lies in one piece.  word_sum[i] is the sum of the 16-bit
 * words that start at byte i, i+2, ... counted from the block's start with i's parity, which makes
 * the sum over a slice a difference of two entries. */
enum { PERIOD = 65521, BLOCK = PERIOD + BLOB_SPAN_MAX };

struct blob blob_pattern = { .refs = BLOB_IMMORTAL };

static uint8_t pattern[BLOCK];
static uint32_t word_sum[BLOCK + 2];

__attribute__((constructor)) static void pattern_fill(void)
{
    static const char text[] = "warp and weft make cloth; ";
    uint32_t x = 1;

    for (size_t i = 0; i < BLOCK; i++) {
        if (i >= PERIOD) {
            pattern[i] = pattern[i - PERIOD];
        } else if (i % 64 < 26) {
            pattern[i] = (uint8_t)text[i % 64];
        } else {
            x = x * 1664525u + 1013904223u;
            pattern[i] = (uint8_t)('!' + (x >> 24) % 94);
        }
    }
    for (size_t i = 0; i < BLOCK; i++) {
        uint32_t low = i + 1 < BLOCK ? pattern[i + 1] : 0;
        word_sum[i + 2] = word_sum[i] + ((uint32_t)pattern[i] << 8 | low);
    }
}

struct blob *blob_new(uint32_t length)
{
    struct blob *blob = g_malloc(sizeof *blob + length);
    blob->refs = 1;
    blob->length = length;
    return blob;
}

struct blob *blob_copy(const void *bytes, uint32_t length)
{
    struct blob *blob = blob_new(length);
    if (length > 0)
        memcpy(blob->bytes, bytes, length);
    return blob;
}

void blob_free(struct blob *blob)
{
    g_free(blob);
}

const uint8_t *blob_span(const struct blob *blob, uint64_t offset, uint32_t length)
{
    if (blob == &blob_pattern) {
        assert(length <= BLOB_SPAN_MAX);
        return pattern + offset % PERIOD;
    }
    assert(offset + length <= blob->length);
    return blob->bytes + offset;
}

void blob_read(const struct blob *blob, uint64_t offset, uint32_t length, void *out)
{
    for (uint32_t done = 0, n; done < length; done += n) {
        n = length - done < BLOB_SPAN_MAX ? length - done : BLOB_SPAN_MAX;
        memcpy((uint8_t *)out + done, blob_span(blob, offset + done, n), n);
    }
}

static uint64_t sum_bytes(const uint8_t *p, uint32_t length)
{
    uint64_t sum = 0;
    uint32_t i = 0;

    for (; i + 1 < length; i += 2)
        sum += (uint32_t)p[i] << 8 | p[i + 1];
    if (i < length)
        sum += (uint32_t)p[i] << 8;
    return sum;
}

uint64_t blob_sum(const struct blob *blob, uint64_t offset, uint32_t length)
{
    if (blob != &blob_pattern)
        return sum_bytes(blob_span(blob, offset, length), length);
    assert(length <= BLOB_SPAN_MAX);
    uint64_t at = offset % PERIOD;
    uint64_t even = at + (length & ~1u);
    uint64_t sum = (uint32_t)(word_sum[even] - word_sum[at]);
    return length & 1 ? sum + ((uint32_t)pattern[even] << 8) : sum;
}

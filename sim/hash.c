#include "sim/hash.h"

#include <string.h>

uint64_t hash_bytes(const void *bytes, size_t n, uint64_t key)
{
    const uint8_t *p = bytes;
    uint64_t h = hash_mix(key + 0x9e3779b97f4a7c15u + n);

    for (size_t i = 0; i < n; i += 8) {
        uint64_t word = 0;
        for (size_t j = 0; j < 8 && i + j < n; j++)
            word |= (uint64_t)p[i + j] << 8 * j;
        h = hash_combine(h, word);
    }
    return h;
}

uint64_t hash_string(const char *text, uint64_t key)
{
    return hash_bytes(text, strlen(text), key);
}

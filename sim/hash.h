/* Hashes that are the same on every machine and in every process. */
#ifndef WEFT_SIM_HASH_H
#define WEFT_SIM_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The finaliser of splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
 * generators", 2014): a bijection in which each input bit changes half of the output bits. */
static inline uint64_t hash_mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static inline uint64_t hash_combine(uint64_t a, uint64_t b)
{
    return hash_mix(a + 0x9e3779b97f4a7c15u + hash_mix(b));
}

/* Hash of `n` bytes under `key`. */
uint64_t hash_bytes(const void *bytes, size_t n, uint64_t key);

/* Hash of a string under `key`. */
uint64_t hash_string(const char *text, uint64_t key);

#endif

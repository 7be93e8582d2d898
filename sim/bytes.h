/* Integers as they are on the wire: byte arrays in network order, so that arithmetic on an
 * unconverted field does not compile.  The shifts compile to one load and a byte swap. */
#ifndef WEFT_SIM_BYTES_H
#define WEFT_SIM_BYTES_H

#include <stdint.h>

typedef struct {
    uint8_t b[2];
} be16;
typedef struct {
    uint8_t b[4];
} be32;
typedef struct {
    uint8_t b[8];
} be64;

_Static_assert(sizeof(be16) == 2 && sizeof(be32) == 4 && sizeof(be64) == 8, "wire sizes");

static inline uint16_t get_be16(be16 v)
{
    return (uint16_t)(v.b[0] << 8 | v.b[1]);
}

static inline uint32_t get_be32(be32 v)
{
    return (uint32_t)v.b[0] << 24 | (uint32_t)v.b[1] << 16 | (uint32_t)v.b[2] << 8 | v.b[3];
}

static inline uint64_t get_be64(be64 v)
{
    uint64_t x = 0;
    for (int i = 0; i < 8; i++)
        x = x << 8 | v.b[i];
    return x;
}

static inline be16 put_be16(uint16_t v)
{
    return (be16){ { (uint8_t)(v >> 8), (uint8_t)v } };
}

static inline be32 put_be32(uint32_t v)
{
    return (be32){ { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v } };
}

static inline be64 put_be64(uint64_t v)
{
    be64 r;
    for (int i = 0; i < 8; i++)
        r.b[i] = (uint8_t)(v >> (56 - 8 * i));
    return r;
}

#endif

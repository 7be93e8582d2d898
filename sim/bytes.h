/* Integers as they are on the wire: byte arrays in network order, so that arithmetic on an
 * unconverted field does not compile.  They are copied as words and swapped, which compilers make
 * one load of (of shifts they do not always). */
#ifndef WEFT_SIM_BYTES_H
#define WEFT_SIM_BYTES_H

#include <stdint.h>
#include <string.h>

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

/* Between the order of the host and that of the network, either way. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static inline uint16_t bytes_swap16(uint16_t x)
{
    return __builtin_bswap16(x);
}

static inline uint32_t bytes_swap32(uint32_t x)
{
    return __builtin_bswap32(x);
}

static inline uint64_t bytes_swap64(uint64_t x)
{
    return __builtin_bswap64(x);
}
#else
static inline uint16_t bytes_swap16(uint16_t x)
{
    return x;
}

static inline uint32_t bytes_swap32(uint32_t x)
{
    return x;
}

static inline uint64_t bytes_swap64(uint64_t x)
{
    return x;
}
#endif

static inline uint16_t get_be16(be16 v)
{
    uint16_t x;
    memcpy(&x, v.b, sizeof x);
    return bytes_swap16(x);
}

static inline uint32_t get_be32(be32 v)
{
    uint32_t x;
    memcpy(&x, v.b, sizeof x);
    return bytes_swap32(x);
}

static inline uint64_t get_be64(be64 v)
{
    uint64_t x;
    memcpy(&x, v.b, sizeof x);
    return bytes_swap64(x);
}

static inline be16 put_be16(uint16_t x)
{
    be16 v;
    x = bytes_swap16(x);
    memcpy(v.b, &x, sizeof x);
    return v;
}

static inline be32 put_be32(uint32_t x)
{
    be32 v;
    x = bytes_swap32(x);
    memcpy(v.b, &x, sizeof x);
    return v;
}

static inline be64 put_be64(uint64_t x)
{
    be64 v;
    x = bytes_swap64(x);
    memcpy(v.b, &x, sizeof x);
    return v;
}

#endif

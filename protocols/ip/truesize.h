/* What Linux 6.18 allocates for a received packet, and counts against receive buffers: an sk_buff,
 * and a buffer for headroom, headers, data and the shared info.  As for what comes by TUN. */
#ifndef WEFT_PROTOCOLS_IP_TRUESIZE_H
#define WEFT_PROTOCOLS_IP_TRUESIZE_H

#include <stdint.h>

enum {
    TRUESIZE_PAGE = 4096,
    TRUESIZE_AROUND = 64 + 20 + 320, /* headroom, IP header, shared info */
    TRUESIZE_SHARED_INFO = 320,
    TRUESIZE_SMALL = 576,
    TRUESIZE_SK_BUFF = 256,
};

/* A buffer is a power of two, except for the smallest. */
static inline uint32_t truesize_buffer(uint32_t need)
{
    uint32_t buffer = 1024;

    if (need <= TRUESIZE_SMALL)
        return TRUESIZE_SMALL;
    while (buffer < need)
        buffer *= 2;
    return buffer;
}

/* Of a packet with so many bytes behind its IP header; what does not fit into a page goes into
 * further pages. */
static inline uint32_t truesize_of(uint32_t length)
{
    uint32_t need = TRUESIZE_AROUND + length;

    if (need > TRUESIZE_PAGE)
        return TRUESIZE_SK_BUFF + TRUESIZE_PAGE + (need - 1) / TRUESIZE_PAGE * TRUESIZE_PAGE;
    return truesize_buffer(need) + TRUESIZE_SK_BUFF;
}

#endif

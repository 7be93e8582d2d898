/* The arithmetic that the versions of BBR share: rates are packets per microsecond times 2^24,
 * gains are in 1/256. */
#ifndef WEFT_PROTOCOLS_CC_BBR_H
#define WEFT_PROTOCOLS_CC_BBR_H

#include "protocols/cc/cc.h"

enum { BBR_BW_SHIFT = 24, BBR_UNIT = 256, BBR_MIN_CWND = 4, BBR_INIT_CWND = 10 };

/* The rate of a sample; 0: the ACK gave none. */
static inline uint32_t bbr_rate(const struct cc_ack *ack)
{
    if (ack->interval_us <= 0)
        return 0;
    return (uint32_t)(((uint64_t)ack->rate_delivered << BBR_BW_SHIFT) / (uint32_t)ack->interval_us);
}

/* Bytes per second at gain x bw, one percent less so that no queue builds up by rounding. */
static inline uint64_t bbr_bytes_per_second(const struct cc *cc, uint64_t bw, uint32_t gain)
{
    bw = bw * cc->mss * gain >> 8;
    return bw * (1000000 / 100 * 99) >> BBR_BW_SHIFT;
}

/* Packets delivered in so many microseconds, rounded down. */
static inline uint32_t bbr_packets_in(uint32_t bw, uint32_t us)
{
    return (uint32_t)((uint64_t)bw * us >> BBR_BW_SHIFT);
}

/* gain x bw x min_rtt, rounded up; the initial window while the round trip is not known. */
static inline uint32_t bbr_bdp(uint32_t bw, uint32_t min_rtt_us, uint32_t gain)
{
    if (min_rtt_us == UINT32_MAX)
        return BBR_INIT_CWND;
    unsigned __int128 packets = (unsigned __int128)bw * min_rtt_us * gain >> 8;
    return (uint32_t)((packets + (1 << BBR_BW_SHIFT) - 1) >> BBR_BW_SHIFT);
}

/* Packets that segmentation offload would put in one: about a millisecond's worth. */
static inline uint32_t bbr_burst(const struct cc *cc, uint32_t least)
{
    uint64_t bytes = MIN(cc->pacing_rate >> 10, 65535 - 320);

    return CLAMP((uint32_t)bytes / cc->mss, least, 127);
}

/* A number in [0, below) of the stream whose state is *random (Knuth's MMIX generator). */
static inline uint32_t bbr_draw(uint64_t *random, uint32_t below)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*random >> 32) * below >> 32);
}

#endif

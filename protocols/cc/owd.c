#include "protocols/cc/owd.h"

static int32_t filter(struct owd *owd, int32_t delay)
{
    uint16_t least = (uint16_t)CLAMP(delay, 0, UINT16_MAX);

    owd->recent[owd->next] = least;
    owd->next = (uint8_t)((owd->next + 1u) % OWD_FILTER);
    for (int i = 0; i < OWD_FILTER; i++)
        least = MIN(least, owd->recent[i]);
    return least;
}

static void begin(struct owd *owd, const struct cc_ack *ack)
{
    owd->known = true;
    owd->offset = ack->tsval - ack->tsecr - (uint32_t)ack->rtt_us / 2000;
    for (int i = 0; i < OWD_FILTER; i++)
        owd->recent[i] = UINT16_MAX;
}

int32_t owd_sample(struct owd *owd, const struct cc_ack *ack)
{
    if (ack->rtt_us < 0 || ack->prior_inflight < 2)
        return -1;
    if (!owd->known)
        begin(owd, ack);
    if (ack->tsecr == 0)
        return filter(owd, ack->rtt_us / 1000);
    return filter(owd, (int32_t)(ack->tsval - ack->tsecr - owd->offset));
}

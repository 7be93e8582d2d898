#include "protocols/cc/cc.h"

#include <string.h>

uint32_t cc_slow_start(struct cc *cc, uint32_t acked)
{
    uint32_t target = cc->cwnd + acked < cc->ssthresh ? cc->cwnd + acked : cc->ssthresh;
    uint32_t left = acked - (target - cc->cwnd);

    cc->cwnd = target < cc->cwnd_clamp ? target : cc->cwnd_clamp;
    return left;
}

void cc_ai(struct cc *cc, uint32_t w, uint32_t acked)
{
    /* What was gathered for a larger w counts, but for one step only. */
    if (cc->cwnd_cnt >= w) {
        cc->cwnd_cnt = 0;
        cc->cwnd++;
    }
    cc->cwnd_cnt += acked;
    if (cc->cwnd_cnt >= w) {
        uint32_t steps = cc->cwnd_cnt / w;
        cc->cwnd_cnt -= steps * w;
        cc->cwnd += steps;
    }
    if (cc->cwnd > cc->cwnd_clamp)
        cc->cwnd = cc->cwnd_clamp;
}

uint32_t cc_undo(struct cc *cc)
{
    return cc->cwnd > cc->prior_cwnd ? cc->cwnd : cc->prior_cwnd;
}

const struct cc_ops *cc_find(const char *name)
{
    for (size_t i = 0; cc_registry[i]; i++)
        for (size_t j = 0; cc_registry[i][j]; j++)
            if (strcmp(cc_registry[i][j]->name, name) == 0)
                return cc_registry[i][j];
    return NULL;
}

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

uint32_t cc_reno_ssthresh(struct cc *cc)
{
    return cc->cwnd / 2 > 2 ? cc->cwnd / 2 : 2;
}

void cc_reno_avoid(struct cc *cc, const struct cc_ack *ack, uint32_t acked)
{
    if (!cc_window_limited(cc))
        return;
    if (cc_in_slow_start(cc)) {
        acked = cc_slow_start(cc, acked);
        if (acked == 0)
            return;
    }
    cc_ai(cc, cc->cwnd, acked);
}

uint32_t cc_current_ssthresh(const struct cc *cc)
{
    uint32_t used = (cc->cwnd >> 1) + (cc->cwnd >> 2);

    if (cc->state == CC_CWR || cc->state == CC_RECOVERY || used < cc->ssthresh)
        return cc->ssthresh;
    return used;
}

const struct cc_ops *cc_find_among(const struct cc_ops *const *more, const char *name)
{
    for (; more && *more; more++)
        if (strcmp((*more)->name, name) == 0)
            return *more;
    return cc_find(name);
}

bool cc_check(const struct cc_ops *ops, GError **error)
{
    const char *missing = NULL;

    if (!ops->name || !ops->name[0])
        missing = "a name";
    else if (!ops->doc)
        missing = "a line of documentation";
    else if (!ops->control && (!ops->ssthresh || !ops->avoid))
        missing = "`ssthresh` and `avoid`, or `control`";
    else if (!ops->undo)
        missing = "`undo`";
    else if (ops->params && ops->params_size == 0)
        missing = "`params_size`, the bytes of the struct that `params` describes";
    if (missing)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_TYPE, "congestion control \"%s\" lacks %s",
                    ops->name ? ops->name : "?", missing);
    return !missing && (!ops->params || param_check(ops->params, error));
}

const struct cc_ops *cc_find(const char *name)
{
    for (size_t i = 0; cc_registry[i]; i++)
        for (size_t j = 0; cc_registry[i][j]; j++)
            if (strcmp(cc_registry[i][j]->name, name) == 0)
                return cc_registry[i][j];
    return NULL;
}

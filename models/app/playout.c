#include "models/app/playout.h"

enum { WORD = 64 };

void playout_restart(struct playout *playout)
{
    playout->started = false;
    playout->late = 0;
}

/* Decides about the packets below `end`. */
static void settle(struct playout *p, uint64_t end)
{
    for (; p->settled < end; p->settled++) {
        uint64_t *word = &p->played[p->settled % PLAYOUT_WINDOW / WORD];
        uint64_t bit = (uint64_t)1 << p->settled % WORD;
        bool hole = !(*word & bit);

        *word &= ~bit;
        p->hole_packets += hole;
        p->holes += hole && !p->in_hole;
        p->in_hole = hole;
    }
}

static void note_played(struct playout *p, uint64_t number)
{
    if (number < p->settled)
        return;
    if (number >= p->settled + PLAYOUT_WINDOW)
        settle(p, number - PLAYOUT_WINDOW + 1);
    p->played[number % PLAYOUT_WINDOW / WORD] |= (uint64_t)1 << number % WORD;
    if (number >= p->end)
        p->end = number + 1;
}

bool playout_add(struct playout *playout, uint64_t number, sim_time delay, sim_time *until_played)
{
    bool late = playout->started && delay > simtime_add(playout->base, playout->buffer);

    if (late && ++playout->late < PLAYOUT_RESYNC)
        return false;
    if (!playout->started || late || delay < playout->base)
        playout->base = delay;
    playout->started = true;
    playout->late = 0;
    *until_played = playout->base + playout->buffer;
    note_played(playout, number);
    return true;
}

double playout_burst_ratio(const struct playout *playout)
{
    struct playout p = *playout;

    settle(&p, p.end);
    if (p.holes == 0)
        return 1;
    double length = (double)p.hole_packets / (double)p.holes;
    double loss = (double)p.hole_packets / (double)p.end;
    double ratio = length * (1 - loss);
    return ratio > 1 ? ratio : 1;
}

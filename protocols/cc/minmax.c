#include "protocols/cc/minmax.h"

#include <stdbool.h>

static void put(struct minmax *m, int first, uint32_t now, uint32_t value)
{
    for (int i = first; i < 3; i++) {
        m->time[i] = now;
        m->value[i] = value;
    }
}

void minmax_reset(struct minmax *m, uint32_t now, uint32_t value)
{
    put(m, 0, now, value);
}

/* The best one left the window: its successors move up. */
static void shift(struct minmax *m, uint32_t now, uint32_t value)
{
    for (int i = 0; i < 2; i++) {
        m->time[i] = m->time[i + 1];
        m->value[i] = m->value[i + 1];
    }
    put(m, 2, now, value);
}

static void age(struct minmax *m, uint32_t window, uint32_t now, uint32_t value)
{
    uint32_t old = now - m->time[0];

    if (old > window) {
        shift(m, now, value);
        if (now - m->time[0] > window)
            shift(m, now, value);
    } else if (m->time[1] == m->time[0] && old > window / 4) {
        put(m, 1, now, value); /* a quarter has passed without a second choice */
    } else if (m->time[2] == m->time[1] && old > window / 2) {
        put(m, 2, now, value);
    }
}

static inline void update(struct minmax *m, uint32_t window, uint32_t now, uint32_t value,
                          bool beats[3])
{
    if (beats[0] || now - m->time[2] > window) {
        minmax_reset(m, now, value);
        return;
    }
    if (beats[1])
        put(m, 1, now, value);
    else if (beats[2])
        put(m, 2, now, value);
    age(m, window, now, value);
}

void minmax_running_min(struct minmax *m, uint32_t window, uint32_t now, uint32_t value)
{
    bool beats[3] = { value <= m->value[0], value <= m->value[1], value <= m->value[2] };

    update(m, window, now, value, beats);
}

void minmax_running_max(struct minmax *m, uint32_t window, uint32_t now, uint32_t value)
{
    bool beats[3] = { value >= m->value[0], value >= m->value[1], value >= m->value[2] };

    update(m, window, now, value, beats);
}

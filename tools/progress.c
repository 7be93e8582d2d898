/* A run that takes less than a second shows nothing; after that the line is rewritten at most five
 * times a second. */
#include "tools/progress.h"

#include <stdio.h>

enum { QUIET = 1000 * 1000, EVERY = 200 * 1000 };

static void format_span(double seconds, char *out, size_t size)
{
    if (seconds < 100)
        g_snprintf(out, size, "%.0f s", seconds);
    else if (seconds < 6000)
        g_snprintf(out, size, "%.0f min", seconds / 60);
    else
        g_snprintf(out, size, "%.1f h", seconds / 3600);
}

static void format_rate(double rate, char *out, size_t size)
{
    if (rate >= 1e6)
        g_snprintf(out, size, "%.1f M", rate / 1e6);
    else
        g_snprintf(out, size, "%.0f k", rate / 1e3);
}

/* A run of another network, or the next of the same. */
static void start(struct progress *p, const struct scenario_progress *now, gint64 clock)
{
    progress_clear(p);
    p->started = clock;
    p->network = now->network;
    p->from = now->start;
    p->events = now->events;
}

void progress_show(void *data, const struct scenario_progress *now)
{
    struct progress *p = data;
    gint64 clock = g_get_monotonic_time();
    char left[32], rate[32];

    if (!p->started || p->network != now->network || p->from != now->start)
        start(p, now, clock);
    if (clock - p->started < QUIET || clock - p->shown < EVERY)
        return;
    double elapsed = (double)(clock - p->started) / 1e6;
    double part = simtime_seconds(now->now - now->start) / simtime_seconds(now->until - now->start);
    p->shown = clock;
    format_span(part > 0 ? elapsed * (1 - part) / part : 0, left, sizeof left);
    format_rate((double)(now->events - p->events) / elapsed, rate, sizeof rate);
    fprintf(stderr, "\r%s: %.3f s of %.6g s, %.0f %%, %s events/s, %s left \033[K", now->network,
            simtime_seconds(now->now), simtime_seconds(now->until), 100 * part, rate, left);
}

void progress_clear(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = 0;
}

/* The line that shows where a run is, on a terminal. */
#ifndef WEFT_TOOLS_PROGRESS_H
#define WEFT_TOOLS_PROGRESS_H

#include "scenarios/bind/scenario.h"

struct progress {
    gint64 started, shown; /* of the wall clock, microseconds; shown 0: there is no line */
    const char *network;   /* of the run that started then */
    sim_time from;
    uint64_t events; /* fired before it */
};

/* For struct scenario_options; `data` is a struct progress. */
void progress_show(void *data, const struct scenario_progress *now);

/* Takes the line away. */
void progress_clear(struct progress *progress);

#endif

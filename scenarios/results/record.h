/* Recording: a metric of an object becomes a series.
 *
 * A metric with a probe is recorded at each change unless `every` asks for samples; one without,
 * and a rate, is sampled every `every`, by default RECORD_EVERY. */
#ifndef WEFT_SCENARIOS_RESULTS_RECORD_H
#define WEFT_SCENARIOS_RESULTS_RECORD_H

#include "models/app/app.h"
#include "models/metric.h"

#define RECORD_EVERY (100 * SIM_MS)

/* All zero: on change, the whole run. */
struct record_options {
    sim_time every;    /* 0: on change */
    sim_time from, to; /* to 0 or SIM_NEVER: to the end */
};

#endif

/* Running one scenario, for the commands run and test. */
#ifndef WEFT_TOOLS_RUN_H
#define WEFT_TOOLS_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/simtime.h"
#include "tools/commands.h"

#define RUN_SEED 1

struct cc_ops;

struct run_options {
    const char *path;
    const char *directory; /* the results are DIRECTORY/SCENARIO; NULL: none are written */
    uint64_t seed;
    bool seed_given;
    char **sets;                     /* "name=value", NULL-terminated */
    const struct cc_ops *const *ccs; /* of plug-ins, NULL-terminated; NULL: none */
    sim_time until;
    uint64_t max_capture; /* 0: no limit */
    bool quiet, print, list_args, scripts_only;
};

/* Runs it; messages go to stderr, results to stdout unless quiet.  *expectations says how many
 * there were. */
enum exit_status run_scenario(const struct run_options *options, unsigned *expectations);

#endif

/* Scenarios: Lua programs that build networks, run them and judge the results.
 *
 * This is what the program weft sees of the language; the files of this folder are its inside, and
 * bind.h says how they are arranged. */
#ifndef WEFT_SCENARIOS_BIND_SCENARIO_H
#define WEFT_SCENARIOS_BIND_SCENARIO_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "scenarios/results/report.h"
#include "sim/simtime.h"

/* Where a run is, for whoever shows it; simulated times. */
struct cc_ops;

struct scenario_progress {
    const char *network;
    sim_time start, now, until;
    uint64_t events;
};

struct scenario_options {
    const char *path; /* of the script, as the user gave it */
    uint64_t seed;
    bool seed_given;         /* by the user: then it also moves networks that set their own */
    const char *const *sets; /* "name=value" of weft.arg, NULL-terminated; NULL: none */
    sim_time until;          /* no network runs longer; SIM_NEVER: as the scenario says */
    const struct cc_ops *const *ccs; /* of plug-ins, NULL-terminated; NULL: none */
    FILE *packets; /* print the packets at the capture points here; NULL: do not */
    /* Called about a thousand times in a run; NULL: nobody looks. */
    void (*progress)(void *data, const struct scenario_progress *progress);
    void *progress_data;
};

enum scenario_end {
    SCENARIO_DONE,    /* expectations may have failed: the report counts them */
    SCENARIO_MISTAKE, /* the script's or the user's */
    SCENARIO_BUG,     /* weft's own */
};

/* Runs the script to its end, whose results go into `report`; the networks are closed when it
 * returns.  Anything but SCENARIO_DONE comes with an error, which names file and line. */
enum scenario_end scenario_run(const struct scenario_options *options, struct report *report,
                               GError **error);

/* An argument that a scenario declares. */
struct scenario_arg {
    char *name, *value, *type, *doc; /* value: the default */
};

/* The struct scenario_args that the script declares up to its first run, in order; the array owns
 * them.  NULL with an error. `report` is one without files, of which nothing is used. */
GPtrArray *scenario_args(const struct scenario_options *options, struct report *report,
                         GError **error);

/* The name of the scenario at `path`: "a/incast.lua" is incast.  The caller frees it. */
char *scenario_name(const char *path);

#endif

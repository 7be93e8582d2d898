/* The scenarios that `weft test` runs: found below paths, with what their heads say of them. */
#ifndef WEFT_TOOLS_SUITE_H
#define WEFT_TOOLS_SUITE_H

#include <glib.h>

#include "sim/simtime.h"

struct test {
    char *path;
    char *name;       /* the path without .lua */
    char **tags;      /* of "-- tags: tcp lab", NULL-terminated */
    char *missing;    /* the first word of "-- needs: switch" that weft does not know; NULL: none */
    sim_time timeout; /* of "-- timeout: 2min"; 0: not said */

    /* Of its run. */
    gint64 started, ended; /* the wall clock, microseconds */
    int status;            /* enum exit_status, or one of those below */
    char *output;          /* what it printed */
};

enum { TEST_SKIPPED = 64, TEST_TIMEOUT, TEST_CRASHED, TEST_EMPTY /* it expects nothing */ };

/* The tests at and below the paths, sorted in each folder; an array that owns them.  Only those
 * whose name contains, or one of whose tags is, one of `filters` (none: all).  NULL with an error
 * if a path does not exist. */
GPtrArray *suite_find(char **paths, const GPtrArray *filters, GError **error);

#endif

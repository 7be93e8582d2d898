/* drops.csv: each dropped packet with time, place, reason, flow and sequence number (relseq.h). */
#ifndef WEFT_SCENARIOS_RESULTS_DROPLOG_H
#define WEFT_SCENARIOS_RESULTS_DROPLOG_H

#include <glib.h>

#include "models/node/network.h"

struct droplog;

/* The first line of the file. */
#define DROPLOG_HEAD "time,place,reason,flow,seq\n"

/* Opens the file and listens to the network's drops.  NULL with an error if it cannot be
 * written. */
struct droplog *droplog_open(struct network *net, const char *path, GError **error);

/* Stops listening and closes; false with an error if not all could be written. */
bool droplog_close(struct droplog *log, GError **error);

#endif

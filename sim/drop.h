/* Dropped packets, counted by place and reason. */
#ifndef WEFT_SIM_DROP_H
#define WEFT_SIM_DROP_H

#include <stdint.h>

#include "sim/meter.h"
#include "sim/packet.h"
#include "sim/series.h"

/* A module defines its reasons as constants; nobody lists them all. */
struct drop_reason {
    const char *name; /* "queue_full": a word for tables and csv */
    const char *doc;  /* one line for the user */
};

/* Each reason is a variable drop_<name>. */
#define DROP_REASON(id, text) const struct drop_reason drop_##id = { #id, text }

struct drop_count {
    const struct drop_reason *reason;
    uint64_t packets, bytes;
};

struct drop_log;

/* A place where packets can be dropped; zero-initialised but for the name.  Lives in its owner, and
 * is small because at most places nothing ever is. */
struct drops {
    const char *name;     /* "left-eth1", "h1"; not owned */
    struct drop_log *log; /* NULL until the first drop */
};

/* Ends `packet` here for this reason. */
void packet_drop(struct packet *packet, struct drops *place, const struct drop_reason *reason);

/* Packets dropped here for `reason`, or for all reasons if NULL. */
uint64_t drops_packets(const struct drops *place, const struct drop_reason *reason);

/* The reasons for which packets were dropped here, each with its counts; there are *n. */
const struct drop_count *drops_counts(const struct drops *place, unsigned *n);

/* All packets dropped here, as a meter. */
const struct meter *drops_total(const struct drops *place);

/* Records the number of packets dropped here so far into `series` (NULL: no more), which is the
 * caller's. */
void drops_record(struct drops *place, struct series *series);

/* Frees the counts. */
void drops_fini(struct drops *place);

#endif

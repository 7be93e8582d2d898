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

/* A place where packets can be dropped; zero-initialised but for the name.  Lives in its owner. */
struct drops {
    const char *name; /* "left-eth1", "h1"; not owned */
    struct drop_count *counts;
    uint16_t used, capacity;
    struct meter total;    /* packets dropped here */
    struct series *record; /* the number of packets dropped here so far; NULL: not recorded */
};

/* Ends `packet` here for this reason. */
void packet_drop(struct packet *packet, struct drops *place, const struct drop_reason *reason);

/* Packets dropped here for `reason`, or for all reasons if NULL. */
uint64_t drops_packets(const struct drops *place, const struct drop_reason *reason);

/* Frees the counts. */
void drops_fini(struct drops *place);

#endif

/* Captures: pcap files, as tcpdump would have written them at an interface.
 *
 * Nanosecond pcap, Ethernet, without FCS.  Frames are put together in a large buffer straight from
 * header bytes and payload, and written in large pieces: a capture costs what writing the bytes
 * costs.  libpcap supplies the file header and the filters. */
#ifndef WEFT_SCENARIOS_RESULTS_CAPTURE_H
#define WEFT_SCENARIOS_RESULTS_CAPTURE_H

#include <glib.h>
#include <stdio.h>

#include "models/link/tap.h"

struct capture;

/* 2000-01-01 00:00:00 UTC, the time at which simulations begin. */
#define CAPTURE_EPOCH INT64_C(946684800)

enum { CAPTURE_SNAPLEN = 262144 };

struct capture_options {
    const char *name;             /* of the file, without ".pcap"; NULL: node-eth1 */
    const char *filter;           /* pcap-filter(7); NULL: everything */
    uint32_t snaplen;             /* bytes kept of each frame; 0: all */
    enum tap_direction direction; /* 0: both */
    sim_time from, to;            /* to 0 or SIM_NEVER: to the end */
    bool host;                    /* at the host's side of the network card */
    int64_t epoch;                /* Unix seconds of simulated time 0; 0: CAPTURE_EPOCH */
};

/* What several captures may use together. */
struct capture_budget {
    uint64_t limit, used; /* bytes; limit 0: none */
    char *directory;      /* whose file system is watched; NULL: none */
    uint64_t reserve;     /* bytes to leave free there */
};

enum capture_end { CAPTURE_COMPLETE, CAPTURE_LIMIT, CAPTURE_DISK_FULL, CAPTURE_FAILED };

struct capture_stats {
    uint64_t frames, bytes; /* in the file; bytes include headers */
    uint64_t filtered;      /* seen, but refused by the filter */
    enum capture_end end;
    sim_time stopped; /* when it stopped early */
};

/* Opens `path` for writing.  `budget` is the caller's and outlives the capture; NULL: none.  NULL
 * with an error if the file cannot be written or the filter has a mistake. */
struct capture *capture_open(const char *path, const struct capture_options *options,
                             struct capture_budget *budget, GError **error);

/* The tap to hang into an interface: iface_tap(iface, capture_tap(capture)). */
struct tap *capture_tap(struct capture *capture);

/* Its file, and how many bytes it keeps of a frame. */
const char *capture_path(const struct capture *capture);
uint32_t capture_snaplen(const struct capture *capture);

/* So far; complete figures after capture_flush. */
struct capture_stats capture_stats(const struct capture *capture);

/* Hands everything to the operating system. */
void capture_flush(struct capture *capture);

/* Ends the file; the tap must have been taken away.  False with an error if not all could be
 * written (a capture that met its limit is no error). */
bool capture_close(struct capture *capture, GError **error);

#endif

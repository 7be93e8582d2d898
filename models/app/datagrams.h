/* A source of datagrams: how many, how large, when.
 *
 * At a constant rate, datagram k leaves when the data of those before it are through at that rate:
 * at start + (s_0 + ... + s_(k-1)) / rate, computed from the sum, so that nothing drifts.  Rounded
 * up to a picosecond, the source is never ahead of its rate.  Or else the gaps are drawn from a
 * distribution; then the first datagram comes after the first gap, unless all gaps are alike.
 *
 * The clock of the source can stand still: between the bursts of net:onoff no time passes for it.
 *
 * Sizes are those of the data, or those on the wire.  On the wire a datagram of n bytes is n + 66:
 * UDP 8, IP 20, Ethernet 14 + 4, preamble 8, gap 12; and no less than 84.
 *
 * Data are the endless pattern (blob.h), and a datagram's place in it tells its number: datagram n
 * begins at n x 65536, which no datagram reaches from the one before.  So nothing is stored or
 * written per datagram.
 *
 * struct datagrams is the first member of the private struct of every application that uses it. */
#ifndef WEFT_MODELS_APP_DATAGRAMS_H
#define WEFT_MODELS_APP_DATAGRAMS_H

#include "models/app/stream.h"

enum {
    DATAGRAM_WIRE = 66,     /* bytes on the wire around the data */
    DATAGRAM_WIRE_MIN = 84, /* IEEE 802.3: 64 of the frame, 20 around it */
    DATAGRAM_STRIDE = 16,   /* bits: datagram n begins at n << 16 of the pattern */
};

struct datagrams {
    struct stream stream;

    /* Options. */
    uint64_t rate;
    struct dist size, wire_size, arrival;
    uint64_t count, bytes; /* 0: no limit */

    struct rng sizes, gaps;
    struct timer timer;
    sim_time due;         /* of the next datagram */
    uint64_t due_rest;    /* ... and due_rest / rate picoseconds */
    sim_time until;       /* the clock stands still from then on */
    sim_time stood_since; /* ... and does so since then; SIM_NEVER: it runs */
};

/* Checks the options and prepares; false with an error. */
bool datagrams_init(struct app *app, GError **error);

/* Opens the sockets and begins, with the clock standing still; false if the application has
 * failed. */
bool datagrams_start(struct app *app);

/* Lets the clock of the source run from now until `until`. */
void datagrams_run(struct datagrams *d, sim_time until);

/* The source has sent what it had to. */
static inline bool datagrams_ended(const struct datagrams *d)
{
    return d->stream.sent_until != SIM_NEVER;
}

/* No more datagrams; the application is done when none is under way. */
void datagrams_stop(struct app *app);

/* Closes the sockets and frees what there is. */
void datagrams_release(struct app *app);

/* What the table of an application's options has about its datagrams. */
/* clang-format off */
#define DATAGRAM_FIELD(member) offsetof(struct datagrams, member)
#define DATAGRAM_PARAMS                                                                      \
    { "rate", PARAM_RATE, DATAGRAM_FIELD(rate), "1Mbps", 1, 1e15,                            \
      "data per second; with wire_size, bits on the wire per second", NULL },                \
    { "size", PARAM_DIST_SIZE, DATAGRAM_FIELD(size), "1472", 0, 0,                           \
      "bytes of data of a datagram", NULL },                                                 \
    { "wire_size", PARAM_DIST_SIZE, DATAGRAM_FIELD(wire_size), "0", 0, 0,                    \
      "instead of size: bytes on the wire, with headers, FCS, preamble and gap (data + 66)", \
      NULL },                                                                                \
    { "arrival", PARAM_DIST_TIME, DATAGRAM_FIELD(arrival), "0s", 0, 0,                       \
      "instead of rate: the gap between two datagrams", NULL },                              \
    { "count", PARAM_COUNT, DATAGRAM_FIELD(count), "0", 0, 0, "datagrams to send; 0: no end", \
      NULL },                                                                                \
    { "bytes", PARAM_SIZE, DATAGRAM_FIELD(bytes), "0", 0, 0,                                 \
      "bytes of data to send in all; 0: no end", NULL }
/* clang-format on */

#endif

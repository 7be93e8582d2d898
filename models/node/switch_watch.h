/* What watches over the frames at a port: a mirror that shows them at another port, and storm
 * control, which lets only so many bits a second through of what is flooded.  A port without either
 * takes the short way. */
#ifndef WEFT_MODELS_NODE_SWITCH_WATCH_H
#define WEFT_MODELS_NODE_SWITCH_WATCH_H

#include "models/node/switch.h"

/* What is flooded, by why. */
enum flood_kind { FLOOD_BROADCAST, FLOOD_MULTICAST, FLOOD_UNKNOWN, FLOOD_KINDS };

/* A limit by the "virtual scheduling" form of the generic cell rate algorithm (ITU-T I.371 annex
 * A): a frame may come LIMIT_SLACK_MS before its turn at the allowed rate. */
enum { LIMIT_SLACK_MS = 10 };

struct flood_limit {
    uint64_t rate_bps; /* 0: no limit */
    sim_time turn;     /* when a frame would be due at that rate */
};

struct switch_watch {
    struct switch_port *to;    /* mirror: where the frames are shown; NULL: nowhere */
    enum tap_direction mirror; /* which frames */
    struct flood_limit limits[FLOOD_KINDS];
};

/* Shows the frames of `port` at `to`, another port of the switch, which from then on does nothing
 * else; NULL ends it. */
void switch_mirror(struct switch_port *port, struct switch_port *to, enum tap_direction which);

/* Limits what is flooded of the frames that come in by the port; 0: no limit. */
void switch_limit(struct switch_port *port, enum flood_kind kind, uint64_t rate_bps);

/* Shows a copy of the frame, as it is on the wire at the port. */
void switch_watch_show(const struct switch_port *port, const struct packet *frame,
                       enum tap_direction direction);

/* Whether a frame that is about to be flooded is within the port's limit. */
bool switch_watch_admits(struct switch_port *port, enum flood_kind kind,
                         const struct packet *frame);

extern const struct drop_reason drop_switch_storm, drop_switch_observer;

#endif

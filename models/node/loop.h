/* The watch over frames that go in circles.
 *
 * A frame counts the switches that it has passed since its station sent it (packet->bridges).  When
 * they are more than the network has, it has been at one of them twice: there is a loop, and no
 * network without one is suspected.  Such frames are counted at the port by which they come in.
 * Loops of a moment are harmless: a tree that converges, a station that moves.  But if frames go
 * round for a second without a pause, and there are very many of them, nobody will stop them, and
 * the run ends.  The loop is then found by going back from switch to switch, each time by the port
 * at which most of them came in; a walk back among frames that go round cannot leave the circle
 * once it is in it.
 *
 * The cost while there is no loop: a comparison for each switch passed. */
#ifndef WEFT_MODELS_NODE_LOOP_H
#define WEFT_MODELS_NODE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/simtime.h"

struct network;
struct switch_port;

struct loop {
    uint64_t frames;      /* that went round since `since` */
    sim_time since, last; /* no pause is between them */
    uint32_t era;         /* of the counts at ports: one since each pause */
    bool tripped;         /* the run was stopped for it */
};

/* A frame came in by `port` that had been at this switch before. */
void loop_note(struct network *net, struct switch_port *port);

/* Forgets what was counted: the run goes on. */
void loop_reset(struct loop *loop);

/* Once tripped: "storm: s1 -> s2 -> s1, 308,112 frames in 1.2 s; no spanning tree on s2"; the
 * caller frees it. */
char *loop_report(const struct network *net);

#endif

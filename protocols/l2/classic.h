/* What a bridge and a port remember for STP: see classic.c.  Only for struct stp_bridge. */
#ifndef WEFT_PROTOCOLS_L2_CLASSIC_H
#define WEFT_PROTOCOLS_L2_CLASSIC_H

#include "sim/timer.h"

struct classic_bridge {
    struct timer hello, tcn, topology_change;
    bool tc_detected; /* the root does not know yet */
    bool tc;          /* told by the root, or being it: addresses age fast */
};

struct classic_port {
    struct timer message_age, forward_delay, hold;
    bool tc_ack;         /* acknowledge in the next Configuration BPDU */
    bool config_pending; /* one waits for the hold timer */
    bool bpdu_seen;      /* no edge port, whatever it was set to */
};

#endif

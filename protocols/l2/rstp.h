/* What a bridge and a port remember for RSTP: the variables of IEEE 802.1D-2004 17.17 to 17.19
 * under the standard's names.  Only for struct stp_bridge. */
#ifndef WEFT_PROTOCOLS_L2_RSTP_H
#define WEFT_PROTOCOLS_L2_RSTP_H

#include "protocols/l2/bpdu.h"
#include "sim/timer.h"

/* The timers of 17.17.  A timer is the time at which it runs out; one that does not run is 0, one
 * that is held at its full value SIM_NEVER.  One event a port serves them all. */
enum rstp_timer {
    RSTP_EDGE_DELAY,
    RSTP_FD,
    RSTP_HELLO,
    RSTP_MDELAY,
    RSTP_RB,
    RSTP_RCVD_INFO,
    RSTP_RR,
    RSTP_TC,
    RSTP_TIMERS
};

/* Where the port's vector comes from (17.19.10). */
enum rstp_info { RSTP_INFO_DISABLED, RSTP_INFO_AGED, RSTP_INFO_MINE, RSTP_INFO_RECEIVED };

/* Of the port protocol migration machine (17.24). */
enum rstp_migration { RSTP_CHECKING, RSTP_SELECTING_STP, RSTP_SENSING };

/* Of the topology change machine (17.31), its passing states left out. */
enum rstp_tc { RSTP_TC_INACTIVE, RSTP_TC_LEARNING, RSTP_TC_ACTIVE };

struct rstp_bridge {
    bool wide; /* something happened that other ports may have to act on */
};

struct rstp_port {
    struct timer timer;
    sim_time due[RSTP_TIMERS];
    struct bpdu msg;       /* being processed while rcvd_msg */
    sim_time tx_since;     /* tx_count falls by one each second from here on */
    uint32_t tx_count;     /* see tx_count_now() */
    uint8_t info_is;       /* enum rstp_info */
    uint8_t selected_role; /* enum stp_role */
    uint8_t migration;     /* enum rstp_migration */
    uint8_t tc_state;      /* enum rstp_tc */
    bool settled;          /* a port that blocks has stopped learning and forwarding */
    bool agree, agreed, disputed, forward, forwarding, learn, learning, new_info, oper_edge,
        point_to_point, proposed, proposing, rcvd_msg, rcvd_rstp, rcvd_stp, rcvd_tc, rcvd_tc_ack,
        rcvd_tcn, re_root, reselect, selected, send_rstp, sync, synced, tc_ack, tc_prop, updt_info;
};

#endif

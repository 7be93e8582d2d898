/* Port information (IEEE 802.1D-2004 17.27): what is known of the segment, and whose word it is.
 * The machine's state is info_is; its passing states are the functions below. */
#include "protocols/l2/rstp_parts.h"

enum { ROUND_UP_HALF = STP_TICK / 2 };

/* ---- What a message says (17.21) ----------------------------------------------------------- */

static bool has_flag(const struct stp_port *port, enum bpdu_flag flag)
{
    return port->rapid.msg.type == BPDU_RST && port->rapid.msg.flags & flag;
}

/* A Configuration BPDU, and an unknown role, count as designated (17.21.8, 9.3.3). */
static bool from_designated(const struct stp_port *port)
{
    uint8_t role = port->rapid.msg.flags & BPDU_ROLE_MASK;

    return port->rapid.msg.type == BPDU_CONFIG || role == BPDU_ROLE_DESIGNATED ||
           role == BPDU_ROLE_UNKNOWN;
}

static void record_proposal(struct stp_port *port)
{
    if (from_designated(port) && has_flag(port, BPDU_PROPOSAL))
        port->rapid.proposed = true;
}

static void record_agreement(struct stp_port *port)
{
    bool agreed = port->rapid.point_to_point && has_flag(port, BPDU_AGREEMENT);

    port->rapid.agreed = agreed;
    if (agreed)
        port->rapid.proposing = false;
}

/* A neighbour that believes itself designated, and learns, does not hear us: both would forward.
 * The text of 17.21.10 sets `agreed` here, which would join the loop; 802.1Q-2005 13.26.6 has it
 * so. */
static void record_dispute(struct stp_port *port)
{
    if (!has_flag(port, BPDU_LEARNING))
        return;
    port->rapid.disputed = true;
    port->rapid.agreed = false;
}

static void set_tc_flags(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    r->rcvd_tc |= (r->msg.flags & BPDU_TC) != 0;
    r->rcvd_tc_ack |= (r->msg.flags & BPDU_TC_ACK) != 0;
}

static void record_times(struct stp_port *port)
{
    port->times = port->rapid.msg.times;
    if (port->times.hello < STP_TICK)
        port->times.hello = STP_TICK;
}

/* 17.21.23: three hello times, but what has come too far is gone at once. */
static void update_rcvd_info_while(struct stp_port *port)
{
    uint32_t age = (port->times.message_age + STP_TICK + ROUND_UP_HALF) / STP_TICK * STP_TICK;

    if (age <= port->times.max_age)
        rstp_start(port, RSTP_RCVD_INFO, 3 * stp_ticks_to_time(port->times.hello));
    else
        rstp_stop(port, RSTP_RCVD_INFO);
}

/* ---- The states ---------------------------------------------------------------------------- */

static void reselect(struct stp_port *port)
{
    port->rapid.reselect = true;
    port->rapid.selected = false;
    rstp_widen(port);
}

static void enter_disabled(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    r->rcvd_msg = r->proposing = r->proposed = r->agree = r->agreed = false;
    rstp_stop(port, RSTP_RCVD_INFO);
    r->info_is = RSTP_INFO_DISABLED;
    reselect(port);
}

static void enter_aged(struct stp_port *port)
{
    port->rapid.info_is = RSTP_INFO_AGED;
    reselect(port);
}

static void enter_update(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;
    struct stp_vector own = stp_designated(port);

    r->proposing = r->proposed = false;
    r->agreed =
        r->agreed && r->info_is == RSTP_INFO_MINE && stp_vector_compare(&own, &port->vector) <= 0;
    r->synced = r->synced && r->agreed;
    port->vector = own;
    port->times = rstp_designated_times(port);
    r->updt_info = false;
    r->info_is = RSTP_INFO_MINE;
    r->new_info = true;
    rstp_widen(port);
}

static void enter_superior(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    r->agreed = r->proposing = false;
    record_proposal(port);
    set_tc_flags(port);
    r->agree = r->agree && r->info_is == RSTP_INFO_RECEIVED &&
               stp_vector_compare(&r->msg.vector, &port->vector) <= 0;
    r->synced = false;
    port->vector = r->msg.vector;
    record_times(port);
    update_rcvd_info_while(port);
    r->info_is = RSTP_INFO_RECEIVED;
    reselect(port);
}

static void enter_repeated(struct stp_port *port)
{
    record_proposal(port);
    set_tc_flags(port);
    update_rcvd_info_while(port);
}

static void enter_not_designated(struct stp_port *port)
{
    record_agreement(port);
    set_tc_flags(port);
}

/* ---- Received messages (17.21.8) ----------------------------------------------------------- */

/* From the bridge and port that the known vector is from: what it says now replaces what it said
 * (17.6). */
static bool same_sender(const struct stp_vector *a, const struct stp_vector *b)
{
    return a->bridge << 16 == b->bridge << 16 && (a->port & 0xfff) == (b->port & 0xfff);
}

static void receive_designated(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;
    struct stp_times times = r->msg.times;
    int order = stp_vector_compare(&r->msg.vector, &port->vector);

    if (times.hello < STP_TICK)
        times.hello = STP_TICK;
    bool same = order == 0 && stp_times_equal(&times, &port->times);
    if (same && r->info_is == RSTP_INFO_RECEIVED)
        enter_repeated(port);
    else if (order < 0 || (!same && same_sender(&r->msg.vector, &port->vector)))
        enter_superior(port);
    else if (order > 0)
        record_dispute(port);
}

static void receive(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    r->rcvd_msg = false;
    if (r->msg.type == BPDU_TCN)
        r->rcvd_tcn = true;
    else if (from_designated(port))
        receive_designated(port);
    else if (stp_vector_compare(&r->msg.vector, &port->vector) >= 0)
        enter_not_designated(port);
}

bool rstp_info_step(struct stp_port *port)
{
    struct rstp_port *r = &port->rapid;

    if (!port->enabled && r->info_is != RSTP_INFO_DISABLED)
        enter_disabled(port);
    else if (r->info_is == RSTP_INFO_DISABLED && port->enabled)
        enter_aged(port);
    else if (r->selected && r->updt_info && r->info_is != RSTP_INFO_DISABLED)
        enter_update(port);
    else if (r->rcvd_msg && !r->updt_info && r->info_is != RSTP_INFO_DISABLED &&
             r->info_is != RSTP_INFO_AGED)
        receive(port);
    else if (r->info_is == RSTP_INFO_RECEIVED && rstp_expired(port, RSTP_RCVD_INFO) &&
             !r->updt_info && !r->rcvd_msg)
        enter_aged(port);
    else
        return false;
    return true;
}

/* Between the state machines of RSTP.  Each of the machines of a port is a function that takes one
 * step if it can, and says whether it did; the names of conditions and procedures are those of
 * IEEE 802.1D-2004 17.20 and 17.21. */
#ifndef WEFT_PROTOCOLS_L2_RSTP_PARTS_H
#define WEFT_PROTOCOLS_L2_RSTP_PARTS_H

#include "protocols/l2/stp_parts.h"

#define RSTP_MIGRATE_TIME (3 * SIM_S) /* 17.13.9 */

/* ---- Timers -------------------------------------------------------------------------------- */

static inline bool rstp_expired(const struct stp_port *port, enum rstp_timer timer)
{
    return port->rapid.due[timer] <= port->bridge->sim->now;
}

static inline void rstp_start(struct stp_port *port, enum rstp_timer timer, sim_time span)
{
    port->rapid.due[timer] = port->bridge->sim->now + span;
}

static inline void rstp_stop(struct stp_port *port, enum rstp_timer timer)
{
    port->rapid.due[timer] = 0;
}

/* Keeps the timer at its full value, until rstp_release() lets it run. */
static inline void rstp_hold(struct stp_port *port, enum rstp_timer timer)
{
    port->rapid.due[timer] = SIM_NEVER;
}

static inline void rstp_release(struct stp_port *port, enum rstp_timer timer, sim_time span)
{
    if (port->rapid.due[timer] == SIM_NEVER)
        rstp_start(port, timer, span);
}

/* ---- Performance parameters (17.20) ---------------------------------------------------------- */

/* designatedTimes: the root's, but for the hello time (17.21.25 e). */
static inline struct stp_times rstp_designated_times(const struct stp_port *port)
{
    struct stp_times times = port->bridge->times;
    times.hello = port->bridge->own_times.hello;
    return times;
}

static inline sim_time rstp_hello_time(const struct stp_port *port)
{
    return stp_ticks_to_time(port->bridge->own_times.hello);
}

static inline sim_time rstp_max_age(const struct stp_port *port)
{
    return stp_ticks_to_time(port->bridge->times.max_age);
}

static inline sim_time rstp_fwd_delay(const struct stp_port *port)
{
    return stp_ticks_to_time(port->bridge->times.forward_delay);
}

/* 17.20.5: a neighbour that speaks RSTP needs no more than a hello time. */
static inline sim_time rstp_forward_delay(const struct stp_port *port)
{
    return port->rapid.send_rstp ? rstp_hello_time(port) : rstp_fwd_delay(port);
}

/* ---- Machines ------------------------------------------------------------------------------ */

/* rstp_info.c: port information (17.27). */
bool rstp_info_step(struct stp_port *port);

/* rstp_roles.c: port role selection (17.28), port role transitions (17.29) and port state
 * transition (17.30). */
void rstp_select_roles(struct stp_bridge *bridge);
bool rstp_role_step(struct stp_port *port);
bool rstp_state_step(struct stp_port *port);

/* rstp_change.c: topology change (17.31). */
bool rstp_change_step(struct stp_port *port);

/* rstp_transmit.c: port transmit (17.26). */
void rstp_transmit(struct stp_port *port);

/* When a BPDU that waits for the rate limit may go; SIM_NEVER if none waits. */
sim_time rstp_transmit_next(struct stp_port *port);

/* Other ports may have to act on what happened at one. */
static inline void rstp_widen(struct stp_port *port)
{
    port->bridge->rapid.wide = true;
}

#endif

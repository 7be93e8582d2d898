#include "models/node/switch_watch.h"

DROP_REASON(switch_storm, "storm control: more was to be flooded than the port's limit allows");
DROP_REASON(switch_observer, "the port shows what others do, and takes nothing itself");

static struct switch_watch *watch_of(struct switch_port *port)
{
    if (!port->watch)
        port->watch = g_new0(struct switch_watch, 1);
    switch_port_changed(port);
    return port->watch;
}

void switch_mirror(struct switch_port *port, struct switch_port *to, enum tap_direction which)
{
    struct switch_watch *watch = watch_of(port);

    if (watch->to)
        watch->to->observers--;
    watch->to = to;
    watch->mirror = which;
    if (to) {
        to->observers++;
        switch_flush(to);
        switch_port_changed(to);
    }
}

void switch_limit(struct switch_port *port, enum flood_kind kind, uint64_t rate_bps)
{
    watch_of(port)->limits[kind] = (struct flood_limit){ .rate_bps = rate_bps };
}

void switch_watch_show(const struct switch_port *port, const struct packet *frame,
                       enum tap_direction direction)
{
    const struct switch_watch *watch = port->watch;

    if (watch && watch->to && watch->mirror & direction)
        switch_output(watch->to, packet_clone(frame));
}

bool switch_watch_admits(struct switch_port *port, enum flood_kind kind, const struct packet *frame)
{
    struct flood_limit *limit = port->watch ? &port->watch->limits[kind] : NULL;
    sim_time now = port->iface.tx.sim->now;

    if (!limit || limit->rate_bps == 0)
        return true;
    if (limit->turn - LIMIT_SLACK_MS * SIM_MS > now)
        return false;
    uint64_t bits = (uint64_t)link_wire_bytes(packet_len(frame)) * 8;
    limit->turn = MAX(limit->turn, now) + simtime_of_bits(bits, limit->rate_bps);
    return true;
}

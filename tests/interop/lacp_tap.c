/* A system of protocols/l2/lacp.h between TAP devices, paced by the wall clock, so that other
 * implementations can be its partners.
 *
 * usage: lacp_tap fast|slow active|passive SECONDS TAP...
 *
 * Makes the devices (in the network namespace in which it runs) and prints a line at each change:
 * "12.345 TAP RECEIVE ACTOR-STATE PARTNER-STATE PARTNER", the states in the letters of
 * lacp_state_format.  Data frames are ignored. */
#include "protocols/l2/lacp.h"

#include "tests/interop/tap.h"

struct tap_port {
    struct lacp_port lacp;
    const char *name;
};

struct tap_system {
    struct lacp lacp;
    struct actor actor;
    struct drops drops;
    struct tap_port ports[TAPS_MAX];
    int n_ports, fds[TAPS_MAX];
    uint64_t seen[TAPS_MAX]; /* what the ports looked like */
};

static void transmit(struct lacp_port *port, struct packet *frame)
{
    const struct tap_system *s = container_of(port->lacp, struct tap_system, lacp);

    tap_send(s->fds[(const struct tap_port *)port - s->ports], frame);
}

static void changed(struct lacp_port *port)
{
}

static const struct lacp_ops ops = { transmit, changed };

static void print_port(const struct tap_port *port)
{
    char actor[LACP_STATE_TEXT], partner[LACP_STATE_TEXT], mac[ETH_ADDR_TEXT];

    printf("%.3f %s %s %s %s %s\n", simtime_seconds(port->lacp.lacp->sim->now), port->name,
           lacp_receive_words[port->lacp.receive], lacp_state_format(port->lacp.actor.state, actor),
           lacp_state_format(port->lacp.partner.state, partner),
           eth_addr_format(&port->lacp.partner.system, mac));
}

static void look(void *data)
{
    struct tap_system *s = data;
    struct packet *frame;

    for (int i = 0; i < s->n_ports; i++) {
        const struct lacp_port *port = &s->ports[i].lacp;
        while ((frame = tap_take(s->lacp.sim, s->fds[i], "\x01\x80\xc2\x00\x00\x02")))
            lacp_receive(&s->ports[i].lacp, frame);
        uint64_t now =
            1 + ((uint64_t)port->receive << 16 | port->actor.state << 8 | port->partner.state);
        if (now != s->seen[i])
            print_port(&s->ports[i]);
        s->seen[i] = now;
    }
}

int main(int argc, char **argv)
{
    struct eth_addr mac = { { 2, 0, 0, 0, 1, 0 } };
    struct lacp_config config = { 0 };
    struct tap_system s = { .drops = { .name = "weft" } };

    if (argc < 5 || argc > 4 + TAPS_MAX) {
        fprintf(stderr, "usage: %s fast|slow active|passive SECONDS TAP...\n", argv[0]);
        return 2;
    }
    struct sim *sim = sim_new(1);
    param_defaults(lacp_params, &config);
    config.rate = strcmp(argv[1], "fast") == 0 ? LACP_FAST : LACP_SLOW;
    config.active = strcmp(argv[2], "active") == 0;
    actor_init(&s.actor, sim, "weft");
    lacp_init(&s.lacp, sim, &s.actor, &s.drops, &ops, &mac, &config);
    for (; s.n_ports < argc - 4; s.n_ports++) {
        s.ports[s.n_ports].name = argv[4 + s.n_ports];
        s.fds[s.n_ports] = tap_open(argv[4 + s.n_ports]);
        mac.b[5] = (uint8_t)(s.n_ports + 1);
        lacp_port_add(&s.lacp, &s.ports[s.n_ports].lacp, &mac, (uint16_t)(s.n_ports + 1));
    }
    for (int i = 0; i < s.n_ports; i++)
        lacp_port_up(&s.ports[i].lacp, lacp_key(0, 10000000), 10000000);
    tap_run(sim, s.fds, s.n_ports, atoi(argv[3]) * SIM_S, look, &s);
    lacp_fini(&s.lacp);
    drops_fini(&s.drops);
    sim_free(sim);
    return 0;
}

/* A bridge of protocols/l2 between TAP devices, paced by the wall clock, so that other
 * implementations can be its neighbours.
 *
 * usage: stp_tap stp|rstp PRIORITY SECONDS TAP...
 *
 * Makes the devices (in the network namespace in which it runs), runs with a hello time of 1 s, max
 * age 6 s and forward delay 4 s, the least that the standards allow, and prints a line at each
 * change: "12.345 TAP ROLE STATE ROOT PROTOCOL".  Data frames are ignored. */
#include "protocols/l2/stp.h"
#include "tests/interop/tap.h"

struct tap_port {
    struct stp_port stp;
    const char *name;
    int fd;
};

struct tap_bridge {
    struct stp_bridge stp;
    struct actor actor;
    struct drops drops;
    struct tap_port ports[TAPS_MAX];
    int n_ports, fds[TAPS_MAX];
    uint64_t seen[TAPS_MAX]; /* what they looked like */
};

static void transmit(struct stp_port *port, struct packet *frame)
{
    tap_send(((struct tap_port *)port)->fd, frame);
}

static void set_state(struct stp_port *port, enum stp_state old)
{
}

static void flush(struct stp_port *port)
{
}

static void set_ageing(struct stp_bridge *bridge, sim_time ageing)
{
}

static void print_port(const struct stp_port *port)
{
    const struct stp_bridge *b = port->bridge;
    bool rapid = b->config.mode == STP_RAPID && port->rapid.send_rstp;
    char root[STP_ID_TEXT];

    printf("%.3f %s %s %s %s %s\n", simtime_seconds(b->sim->now),
           ((const struct tap_port *)port)->name, stp_role_name(port->role),
           stp_state_name(b->config.mode, port->state), stp_id_format(b->root.root, root),
           rapid ? "rstp" : "stp");
}

static const struct stp_ops ops = { transmit, set_state, flush, set_ageing, NULL };

/* Prints the ports that look otherwise than before. */
static void print_changes(struct tap_bridge *b)
{
    for (int i = 0; i < b->n_ports; i++) {
        const struct stp_port *port = &b->ports[i].stp;
        bool rapid = b->stp.config.mode == STP_RAPID && port->rapid.send_rstp;
        uint64_t now =
            b->stp.root.root << 8 ^ (uint64_t)(port->role << 5 | port->state << 2 | rapid << 1 | 1);
        if (now != b->seen[i])
            print_port(port);
        b->seen[i] = now;
    }
}

static void look(void *data)
{
    struct tap_bridge *b = data;
    struct packet *frame;

    for (int i = 0; i < b->n_ports; i++)
        while ((frame = tap_take(b->stp.sim, b->fds[i], "\x01\x80\xc2\x00\x00\x00")))
            stp_receive(&b->ports[i].stp, frame);
    print_changes(b);
}

int main(int argc, char **argv)
{
    struct eth_addr mac = { { 2, 0, 0, 0, 1, 0 } };
    struct stp_config config = { 0 };
    struct stp_port_config port_config = { 0 };
    struct tap_bridge b = { .drops = { .name = "weft" } };

    if (argc < 5 || argc > 4 + TAPS_MAX) {
        fprintf(stderr, "usage: %s stp|rstp PRIORITY SECONDS TAP...\n", argv[0]);
        return 2;
    }
    struct sim *sim = sim_new(1);
    param_defaults(stp_params, &config);
    param_defaults(stp_port_params, &port_config);
    config.mode = strcmp(argv[1], "rstp") == 0 ? STP_RAPID : STP_CLASSIC;
    config.priority = (uint32_t)atoi(argv[2]);
    config.hello = SIM_S;
    config.max_age = 6 * SIM_S;
    config.forward_delay = 4 * SIM_S;
    config.cost_method = STP_COST_SHORT;
    actor_init(&b.actor, sim, "weft");
    stp_bridge_init(&b.stp, sim, &b.actor, &b.drops, &ops, &mac, &config);
    for (b.n_ports = 0; b.n_ports < argc - 4; b.n_ports++) {
        struct tap_port *port = &b.ports[b.n_ports];
        port->name = argv[4 + b.n_ports];
        port->fd = b.fds[b.n_ports] = tap_open(port->name);
        mac.b[5] = (uint8_t)(b.n_ports + 1);
        stp_port_add(&b.stp, &port->stp, &mac, &port_config);
        stp_port_up(&port->stp, 10000000, true); /* what the kernel takes a TAP for */
    }
    tap_run(sim, b.fds, b.n_ports, atoi(argv[3]) * SIM_S, look, &b);
    stp_bridge_fini(&b.stp);
    drops_fini(&b.drops);
    sim_free(sim);
    return 0;
}

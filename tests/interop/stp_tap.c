/* A bridge of protocols/l2 between TAP devices, paced by the wall clock, so that other
 * implementations can be its neighbours.
 *
 * usage: stp_tap stp|rstp PRIORITY SECONDS TAP...
 *
 * Makes the devices (in the network namespace in which it runs), runs with a hello time of 1 s, max
 * age 6 s and forward delay 4 s, the least that the standards allow, and prints a line at each
 * change: "12.345 TAP ROLE STATE ROOT PROTOCOL".  Data frames are ignored. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "protocols/l2/stp.h"

enum { TAPS_MAX = 8, FRAME_MAX = 2048, NAP_MS = 20 };

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
    int n_ports;
};

static void transmit(struct stp_port *port, struct packet *frame)
{
    uint8_t bytes[FRAME_MAX];
    uint32_t length = packet_len(frame);

    packet_read(frame, 0, bytes, length);
    packet_consumed(frame);
    if (write(((struct tap_port *)port)->fd, bytes, length) < 0 && errno != EIO)
        perror("write"); /* EIO: the device is not up */
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

static int tap_open(const char *name)
{
    struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

    g_strlcpy(request.ifr_name, name, sizeof request.ifr_name);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0) {
        perror(name);
        exit(1);
    }
    return fd;
}

static void receive(struct tap_port *port)
{
    struct sim *sim = port->stp.bridge->sim;
    uint8_t bytes[FRAME_MAX];
    ssize_t n;

    while ((n = read(port->fd, bytes, sizeof bytes)) > 0) {
        if (n < ETH_LEN || !bpdu_is_for_bridges((const struct eth_addr *)bytes))
            continue;
        struct packet *frame = packet_new(sim);
        packet_set_payload(frame, blob_copy(bytes, (uint32_t)n), 0, (uint32_t)n);
        stp_receive(&port->stp, frame);
    }
}

static sim_time wall(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (sim_time)t.tv_sec * SIM_S + (sim_time)t.tv_nsec * SIM_NS;
}

/* Prints the ports that look otherwise than before; `seen` holds what they looked like. */
static void print_changes(const struct tap_bridge *b, uint64_t *seen)
{
    for (int i = 0; i < b->n_ports; i++) {
        const struct stp_port *port = &b->ports[i].stp;
        bool rapid = b->stp.config.mode == STP_RAPID && port->rapid.send_rstp;
        uint64_t now =
            b->stp.root.root << 8 ^ (uint64_t)(port->role << 5 | port->state << 2 | rapid << 1 | 1);
        if (now != seen[i])
            print_port(port);
        seen[i] = now;
    }
    fflush(stdout);
}

static void run(struct tap_bridge *b, sim_time span)
{
    struct pollfd fds[TAPS_MAX];
    uint64_t seen[TAPS_MAX] = { 0 };
    sim_time began = wall();

    for (int i = 0; i < b->n_ports; i++)
        fds[i] = (struct pollfd){ .fd = b->ports[i].fd, .events = POLLIN };
    while (wall() - began < span) {
        poll(fds, (nfds_t)b->n_ports, NAP_MS);
        sim_run(b->stp.sim, wall() - began);
        for (int i = 0; i < b->n_ports; i++)
            receive(&b->ports[i]);
        print_changes(b, seen);
    }
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
        port->fd = tap_open(port->name);
        mac.b[5] = (uint8_t)(b.n_ports + 1);
        stp_port_add(&b.stp, &port->stp, &mac, &port_config);
        stp_port_up(&port->stp, 10000000, true); /* what the kernel takes a TAP for */
    }
    run(&b, atoi(argv[3]) * SIM_S);
    stp_bridge_fini(&b.stp);
    drops_fini(&b.drops);
    sim_free(sim);
    return 0;
}

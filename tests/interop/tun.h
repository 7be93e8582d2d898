/* A simulated host and the kernel of this machine, joined by a TUN device in a network namespace of
 * their own.  The simulation keeps pace with the clock.
 *
 * The kernel is KERNEL_ADDR, the simulated host WEFT_ADDR.  What the host does is a function that
 * the loop calls again and again; what the kernel does runs in a thread of its own with ordinary
 * sockets. */
#ifndef WEFT_TESTS_INTEROP_TUN_H
#define WEFT_TESTS_INTEROP_TUN_H

#ifndef _GNU_SOURCE
#error "unshare needs _GNU_SOURCE"
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "models/node/network.h"
#include "models/socket/socket.h"
#include "protocols/ip/neigh.h"
#include "protocols/wire/checksum.h"

#define KERNEL_TEXT "10.9.0.1"
#define WEFT_TEXT   "10.9.0.2"
#define KERNEL_ADDR ((ip4)0x0a090001)
#define WEFT_ADDR   ((ip4)0x0a090002)

enum { TUN_PREFIX = 24, TUN_PACKET = 65536 };

struct tun {
    int fd;
    struct network *net;
    struct node *node;
    struct ip_iface iface;
    struct drops drops;
    uint32_t lose_every;   /* each n-th packet in either direction is lost; 0: none */
    uint64_t sent, came;   /* packets */
    struct timespec start; /* of simulated time */
};

/* ---- The machine ----------------------------------------------------------------------------- */

static inline bool tun_write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return ok;
}

/* A namespace where this process may make devices; as an ordinary user in a user namespace. */
static inline bool tun_unshare(void)
{
    char map[32];
    unsigned uid = getuid();

    if (unshare(CLONE_NEWNET) == 0)
        return true;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    g_snprintf(map, sizeof map, "0 %u 1", uid);
    return tun_write_file("/proc/self/uid_map", map);
}

static inline bool tun_configure(void)
{
    return system("ip link set lo up && ip addr add " KERNEL_TEXT "/24 dev tun0 && "
                  "ip link set tun0 mtu 1500 up") == 0;
}

/* The device's descriptor; -1 if this machine has none for us. */
static inline int tun_open_device(void)
{
    struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
    int fd;

    if (!tun_unshare() || (fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK)) < 0)
        return -1;
    strcpy(request.ifr_name, "tun0");
    if (ioctl(fd, TUNSETIFF, &request) == 0 && tun_configure())
        return fd;
    close(fd);
    return -1;
}

/* ---- Packets --------------------------------------------------------------------------------- */

static inline bool tun_loses(const struct tun *tun, uint64_t number)
{
    return tun->lose_every && number % tun->lose_every == 0;
}

static inline enum xmit tun_transmit(struct ip_iface *iface, struct packet *frame)
{
    struct tun *tun = container_of(iface, struct tun, iface);
    uint8_t bytes[TUN_PACKET];
    uint32_t length;

    packet_finish_checksums(frame);
    length = packet_len(frame) - ETH_LEN;
    packet_read(frame, ETH_LEN, bytes, length);
    if (bytes[0] >> 4 == 4 && !tun_loses(tun, ++tun->sent) && write(tun->fd, bytes, length) < 0)
        perror("tun0");
    packet_delivered(frame);
    return XMIT_SENT;
}

static const struct ip_iface_ops tun_iface_ops = { .transmit = tun_transmit };
static const struct eth_addr tun_mac = { { 2, 0, 0, 0, 0, 2 } },
                             tun_peer = { { 2, 0, 0, 0, 0, 1 } };

static inline void tun_receive(struct tun *tun)
{
    struct eth_wire header = { .dst = tun_mac, .src = tun_peer };
    uint8_t bytes[TUN_PACKET];
    ssize_t n;

    header.type = put_be16(ETH_TYPE_IPV4);
    while ((n = read(tun->fd, bytes, sizeof bytes)) > 0) {
        if (bytes[0] >> 4 != 4 || tun_loses(tun, ++tun->came))
            continue;
        struct packet *packet = packet_new(tun->net->sim);
        struct blob *blob = blob_new((uint32_t)n);
        memcpy(blob->bytes, bytes, (size_t)n);
        packet_set_payload(packet, blob, 0, (uint32_t)n);
        memcpy(packet_push(packet, ETH_LEN), &header, ETH_LEN);
        packet->flags |= PACKET_UNTRUSTED;
        ip_iface_input(&tun->iface, packet);
    }
}

/* ---- Life ------------------------------------------------------------------------------------ */

static inline struct tun *tun_new(void)
{
    int fd = tun_open_device();
    struct tun *tun;

    if (fd < 0)
        return NULL;
    tun = g_new0(struct tun, 1);
    tun->fd = fd;
    tun->net = network_new("interop", 1);
    tun->node = network_add_node(tun->net, "weft", NODE_HOST, NULL);
    tun->drops.name = "tun0";
    ip_iface_init(&tun->iface, &tun->node->ip, "tun0", tun_mac, &tun_iface_ops, &tun->drops);
    ip_iface_add_address(&tun->iface, WEFT_ADDR, TUN_PREFIX);
    neigh_set_permanent(&tun->iface, KERNEL_ADDR, &tun_peer);
    clock_gettime(CLOCK_MONOTONIC, &tun->start);
    return tun;
}

/* The number of packets that are alive at the end; 0 is right. */
static inline uint64_t tun_free(struct tun *tun)
{
    struct sim *sim = tun->net->sim;
    sockets_fini(node_sockets(tun->node));
    uint64_t alive = sim->packets.created - sim->packets.delivered - sim->packets.dropped -
                     sim->packets.consumed - ip_packets_held(&tun->node->ip);

    ip_iface_fini(&tun->iface);
    drops_fini(&tun->drops);
    network_free(tun->net);
    close(tun->fd);
    g_free(tun);
    return alive;
}

static inline sim_time tun_clock(const struct tun *tun)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - tun->start.tv_sec) * SIM_S + (now.tv_nsec - tun->start.tv_nsec) * SIM_NS;
}

/* Runs until `step` returns true, for `seconds` at most; false if it took longer. */
static inline bool tun_run(struct tun *tun, bool (*step)(struct tun *tun, void *data), void *data,
                           int seconds)
{
    struct pollfd poll_fd = { .fd = tun->fd, .events = POLLIN };
    sim_time end = tun_clock(tun) + seconds * SIM_S;

    while (tun_clock(tun) < end) {
        poll(&poll_fd, 1, 1);
        sim_run(tun->net->sim, MAX(tun_clock(tun), tun->net->sim->now));
        tun_receive(tun);
        if (step(tun, data))
            return true;
    }
    return false;
}

#endif

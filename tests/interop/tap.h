/* TAP devices and the wall clock, for programs that let a protocol of weft talk to others. */
#ifndef WEFT_TESTS_INTEROP_TAP_H
#define WEFT_TESTS_INTEROP_TAP_H

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

#include "sim/packet.h"
#include "sim/sim.h"

enum { TAPS_MAX = 8, TAP_FRAME_MAX = 2048, TAP_NAP_MS = 20 };

/* Makes the device, in the network namespace in which the program runs; ends it on failure. */
static inline int tap_open(const char *name)
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

/* Sends a frame.  Takes it over. */
static inline void tap_send(int fd, struct packet *frame)
{
    uint8_t bytes[TAP_FRAME_MAX];
    uint32_t length = packet_len(frame);

    packet_read(frame, 0, bytes, length);
    packet_consumed(frame);
    if (write(fd, bytes, length) < 0 && errno != EIO)
        perror("write"); /* EIO: the device is not up */
}

/* The next frame that bears this group address, its header to be made with packet_need; NULL: there
 * is none. */
static inline struct packet *tap_take(struct sim *sim, int fd, const char *group)
{
    uint8_t bytes[TAP_FRAME_MAX];
    ssize_t n;

    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        if (n < 14 || memcmp(bytes, group, 6) != 0)
            continue;
        struct packet *frame = packet_new(sim);
        packet_set_payload(frame, blob_copy(bytes, (uint32_t)n), 0, (uint32_t)n);
        return frame;
    }
    return NULL;
}

static inline sim_time tap_wall(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (sim_time)t.tv_sec * SIM_S + (sim_time)t.tv_nsec * SIM_NS;
}

/* Lets the simulation keep up with the clock for `span`, and calls `look` after each nap or when
 * something can be read. */
static inline void tap_run(struct sim *sim, const int *fds, int n, sim_time span,
                           void (*look)(void *data), void *data)
{
    struct pollfd polls[TAPS_MAX];
    sim_time began = tap_wall();

    for (int i = 0; i < n; i++)
        polls[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
    while (tap_wall() - began < span) {
        poll(polls, (nfds_t)n, TAP_NAP_MS);
        sim_run(sim, tap_wall() - began);
        look(data);
        fflush(stdout);
    }
}

#endif

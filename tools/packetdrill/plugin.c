/* What packetdrill sees: the one symbol it looks for, time, and packets. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/sendfile.h>

#include "tools/packetdrill/drill.h"
#include "tools/packetdrill/interface.h"

#define EXPORTED __attribute__((visibility("default")))

enum { EPOCH = 946684800 /* simulations begin with the year 2000 */, NEVER_BYTE = 0xff };

/* The host of the script that runs: packetdrill has one.  Only what is preloaded needs it; all
 * other calls carry it. */
static struct drill *current;

/* ---- Packets --------------------------------------------------------------------------------- */

static int call_netdev_send(void *userdata, const void *packet, size_t length)
{
    struct drill *drill = drill_enter(userdata);
    return (int)drill_leave(drill, drill_inject(drill, packet, length));
}

int64_t drill_microseconds(sim_time time)
{
    return EPOCH * INT64_C(1000000) + time / SIM_US;
}

/* If nothing can ever leave, one byte that is no IP packet: packetdrill has no time-out. */
static int call_netdev_receive(void *userdata, void *packet, size_t *length, long long *time_us)
{
    struct drill *drill = drill_enter(userdata);

    if (!drill_run_to_packet(drill)) {
        *(uint8_t *)packet = NEVER_BYTE;
        *length = 1;
        *time_us = drill_microseconds(drill->net->sim->now);
        return (int)drill_leave(drill, 0);
    }
    struct drill_packet *out = g_queue_pop_head(&drill->out);
    *length = MIN(*length, out->length);
    memcpy(packet, out->bytes, *length);
    *time_us = drill_microseconds(out->at);
    g_free(out);
    return (int)drill_leave(drill, 0);
}

/* ---- Time ------------------------------------------------------------------------------------ */

static int call_usleep(void *userdata, useconds_t us)
{
    struct drill *drill = drill_enter(userdata);

    drill_run(drill, drill->net->sim->now + us * SIM_US);
    return (int)drill_leave(drill, 0);
}

static int call_gettimeofday(void *userdata, struct timeval *tv, struct timezone *zone)
{
    struct drill *drill = drill_look(userdata);
    int64_t now = drill_microseconds(drill_now(drill));

    tv->tv_sec = now / 1000000;
    tv->tv_usec = now % 1000000;
    return (int)drill_leave(drill, 0);
}

/* ---- Life ------------------------------------------------------------------------------------ */

static void call_free(void *userdata)
{
    struct drill *drill = userdata;

    if (current == drill)
        current = NULL;
    drill_free(drill);
}

EXPORTED void packetdrill_interface_init(const char *flags, struct packetdrill_interface *table)
{
    current = drill_new(flags);
    table->userdata = current;
    table->free = call_free;
    table->netdev_send = call_netdev_send;
    table->netdev_receive = call_netdev_receive;
    table->usleep = call_usleep;
    table->gettimeofday = call_gettimeofday;
    drill_fill_calls(table);
    drill_fill_data(table);
    drill_fill_ready(table);
}

/* A script's %{ }% asks libc for TCP_INFO, not the table.  Preloaded, this is libc's getsockopt. */
EXPORTED int getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
    int (*real)(int, int, int, void *, socklen_t *);

    if (current && fd >= 0 && fd < DRILL_FDS && current->files[fd].socket) {
        struct drill *drill = drill_enter(current);
        return (int)drill_leave(drill, drill_get_option(drill, fd, level, name, value, length));
    }
    *(void **)&real = dlsym(RTLD_NEXT, "getsockopt");
    if (real)
        return real(fd, level, name, value, length);
    errno = ENOSYS;
    return -1;
}

/* Nor is sendfile of the table. */
EXPORTED ssize_t sendfile(int fd, int in, off_t *offset, size_t count)
{
    ssize_t (*real)(int, int, off_t *, size_t);

    if (current && fd >= 0 && fd < DRILL_FDS && current->files[fd].socket)
        return drill_sendfile(current, fd, in, offset, count);
    *(void **)&real = dlsym(RTLD_NEXT, "sendfile");
    if (real)
        return real(fd, in, offset, count);
    errno = ENOSYS;
    return -1;
}

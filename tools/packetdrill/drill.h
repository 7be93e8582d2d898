/* The packetdrill plug-in: one simulated host behind the system calls of a packetdrill script.
 *
 * packetdrill loads libweft_packetdrill.so and plays its scripts against it in place of the kernel:
 * it makes system calls (calls.c, data.c, ready.c), puts packets in and takes packets out (host.c),
 * and asks what time it is (clock.c).  Time is simulated, and moves only when a call lets it:
 * usleep, waiting for a packet, a microsecond for each look at the clock.
 *
 * Two threads call: packetdrill's own, and one that makes the system calls which are expected to
 * block.  Everything is under one lock.  A call that blocks sleeps until an event of the simulation
 * wakes it; the thread that runs the simulation then stands still until the other has read the
 * clock, which packetdrill takes for the time at which the call ended.
 *
 * IPv6 is translated (translate.h): the host itself speaks IPv4.
 *
 * Left out: epoll on anything but sockets. */
#ifndef WEFT_TOOLS_PACKETDRILL_DRILL_H
#define WEFT_TOOLS_PACKETDRILL_DRILL_H

#include <pthread.h>
#include <sys/socket.h>

#include "models/node/network.h"
#include "models/socket/socket.h"

enum { DRILL_FDS = 1024, DRILL_INERT = 11 };

struct drill_epoll;
struct drill_notes;
struct drill_arrivals;

/* Ends a wait by time.  One for each thread. */
struct drill_alarm {
    struct event event;
    struct actor actor;
    struct sleep *sleep; /* clock.c */
};

/* What a file descriptor stands for. */
struct drill_file {
    struct socket *socket;           /* one of the two */
    struct drill_epoll *epoll;       /* or neither: not ours */
    struct drill_notes *notes;       /* NULL: nothing is to be reported */
    struct drill_arrivals *arrivals; /* NULL: nobody wants to know */
    uint32_t timestamping;           /* SO_TIMESTAMPING */
    uint8_t timestamp;               /* SO_TIMESTAMP or SO_TIMESTAMPNS, the option's number; 0 */
    bool nonblocking;
    bool v6;                /* AF_INET6: its addresses are struct sockaddr_in6 */
    bool inq;               /* TCP_INQ */
    bool zerocopy;          /* SO_ZEROCOPY */
    int inert[DRILL_INERT]; /* options that change nothing (calls.c) */
};

/* One message of an error queue. */
struct drill_notice {
    sim_time at;
    bool zerocopy;        /* sends `first` to `last` are done with; else a timestamp */
    uint32_t first, last; /* timestamp: last is the key */
    uint32_t type;        /* Linux's SCM_TSTAMP_ */
};

struct drill {
    pthread_mutex_t lock;
    pthread_cond_t wake; /* somebody became ready, or read the clock */
    pthread_t main;      /* the thread that runs the simulation */

    struct network *net;
    struct node *node;
    struct ip_iface iface;
    struct drops drops;       /* of the interface */
    GQueue out;               /* struct drill_packet *, as they left */
    GHashTable *sysctls;      /* name -> text, as last set */
    GArray *aliased;          /* struct ip_addr of IPv6, those that have an alias (alias.c) */
    struct ip_addr local6;    /* the host's address of IPv6, until another is named */
    uint32_t mtu, device_mtu; /* of the interface; of tun0 when last seen */
    uint32_t offload;         /* ETHTOOL_G..., the question whether tun0 segments; 0: no tun0 yet */
    bool full;                /* tun0 lets nothing out */
    const struct tcp_net *below;
    void *below_data;      /* what TCP would send by */
    uint16_t segment_size; /* of what a driver has put together, by the flag mss=; 0: not said */
    uint16_t peer_mss;     /* as the last SYN that came in said */

    unsigned woken; /* calls that were woken and have not read the clock */
    unsigned calls; /* of the main thread, so far */
    struct drill_alarm alarms[2];
    struct drill_file files[DRILL_FDS];
};

/* An IP packet that left the host. */
struct drill_packet {
    sim_time at;
    size_t length;
    uint8_t bytes[];
};

/* ---- host.c ---------------------------------------------------------------------------------- */

/* A host with the addresses and sysctls that `flags`
 * ("local=192.168.0.1,remote=192.0.2.1,mtu=1500") and the environment give.  A mistake there ends
 * the program with a message. */
struct drill *drill_new(const char *flags);
void drill_free(struct drill *drill);

/* An IP packet arrives at the host; 0 or -errno. */
int drill_inject(struct drill *drill, const void *bytes, size_t length);

/* packetdrill draws the host's address at random out of its subnet, unless --local_ip says it, and
 * tells nobody: the host takes whichever of the subnet it is addressed by. */
void drill_adopt(struct drill *drill, ip4 addr);

/* Somebody with this address is on the link: the one who is all others. */
void drill_add_neighbour(struct drill *drill, ip4 addr);

/* ---- alias.c --------------------------------------------------------------------------------- */

/* The address by which the simulated host knows an address of IPv6 of its own, or somebody else's.
 */
struct ip_addr drill_alias_own(struct drill *drill, const struct ip_addr *v6);
struct ip_addr drill_alias(struct drill *drill, const struct ip_addr *v6);

/* What an alias stands for; other addresses stand for themselves. */
struct ip_addr drill_outside(const struct drill *drill, const struct ip_addr *addr);

/* How much longer the IP headers of packets to `addr` are on the wire. */
uint32_t drill_header_growth(const struct drill *drill, const struct ip_addr *addr);

/* ---- plugin.c -------------------------------------------------------------------------------- */

/* As gettimeofday tells it. */
int64_t drill_microseconds(sim_time time);

/* Of the file of sysctls: a discipline that tun0 has whatever the kernel says. */
#define DRILL_QDISC "net.core.default_qdisc"

/* ---- sysctl.c -------------------------------------------------------------------------------- */

/* Takes over what has changed in /proc/sys/net and in the file that WEFT_PD_SYSCTLS names. */
void drill_read_sysctls(struct drill *drill);

/* ---- device.c ---------------------------------------------------------------------------------
 */

/* Takes over what scripts have told tun0 by ethtool, ip and tc, if there is such a device. */
void drill_read_device(struct drill *drill);

/* Stands between the host's TCP and its network from then on. */
void drill_device_init(struct drill *drill);

/* ---- clock.c --------------------------------------------------------------------------------- */

/* Runs the simulation to an absolute time, with halts for those who wake up. */
void drill_run(struct drill *drill, sim_time until);

/* Runs it until a packet has left; false if none ever will. */
bool drill_run_to_packet(struct drill *drill);

/* The woken, if any, must have read the clock before it moves on. */
void drill_let_go(struct drill *drill);

/* Prepares the alarms. */
void drill_clock_init(struct drill *drill);

/* The time, which is a microsecond later each time somebody asks but whoever was just woken. */
sim_time drill_now(struct drill *drill);

/* Sleeps until one of `events` happens to one of the sockets, or until the absolute time `until`
 * (SIM_NEVER: no limit).  In the main thread the simulation runs meanwhile.  False if the time is
 * over, or if nothing will ever happen. */
bool drill_wait(struct drill *drill, struct socket *const *sockets, const unsigned *events,
                unsigned n, sim_time until);

/* ---- files.c --------------------------------------------------------------------------------- */

/* A real descriptor, as packetdrill closes what a script leaves open, for a socket or an epoll; -1
 * with errno set if there is none left. */
int drill_add_file(struct drill *drill, struct socket *socket, struct drill_epoll *epoll);

/* What it stands for; NULL with errno set if the descriptor is none of the plug-in's. */
struct drill_file *drill_file(struct drill *drill, int fd);

/* The socket of a descriptor; NULL with errno set. */
struct socket *drill_socket(struct drill *drill, int fd);

/* Closes what the descriptor stands for, if anything, at once. */
void drill_forget_file(struct drill *drill, int fd);

/* ---- notice.c, message.c: what is told beside data --------------------------------------------
 */

/* `bytes` of a send with `flags` were taken. */
void drill_note_send(struct drill_file *file, int64_t bytes, int flags);

/* SO_TIMESTAMPING. */
void drill_set_timestamping(struct drill_file *file, uint32_t bits);

/* The oldest notice; false: none. */
bool drill_has_notice(const struct drill_file *file);
bool drill_take_notice(struct drill_file *file, struct drill_notice *notice);

/* Call it before the socket is closed. */
void drill_forget_notes(struct drill_file *file);

/* recvmsg(2) with MSG_ERRQUEUE: 0 or -errno. */
int64_t drill_read_notice(struct drill_file *file, struct msghdr *message);

/* The control messages of data that was received. */
void drill_put_controls(struct drill_file *file, struct msghdr *message);

/* ---- arrival.c --------------------------------------------------------------------------------
 */

/* Whether times of what arrives are to be told with it. */
bool drill_wants_arrivals(const struct drill_file *file);

/* Begins to watch the connection if it is to be; call it before anything is read. */
void drill_watch_arrivals(struct drill_file *file);

/* When what was read last had arrived; false: that is not known. */
bool drill_take_arrival(struct drill_file *file, sim_time *at);

/* Call it before the socket is closed. */
void drill_forget_arrivals(struct drill_file *file);

/* ---- calls.c, data.c, ready.c: the system calls ---------------------------------------------- */

struct packetdrill_interface;

/* Each fills its part of packetdrill's table. */
void drill_fill_calls(struct packetdrill_interface *table);
/* Its part of the table. */
void drill_fill_data(struct packetdrill_interface *table);
/* Its part of the table. */
void drill_fill_ready(struct packetdrill_interface *table);

/* Each call is between these two.  The former sees to the sysctls, unless the call only looks at
 * the clock; the latter returns `result`, or -1 with errno set if it is a negative errno. */
struct drill *drill_enter(void *userdata);
struct drill *drill_look(void *userdata);
int64_t drill_leave(struct drill *drill, int64_t result);

/* As drill_wait, for one file that may block; -EAGAIN if it may not, or when its time is over. */
int drill_block(struct drill *drill, int fd, unsigned events);

/* Addresses of either family, those of IPv6 also mapped (RFC 4291 2.5.5.2); reading is false for
 * others.  `own`: it is to be the host's.  `v6`: write it as one of AF_INET6. */
bool drill_read_addr(struct drill *drill, const struct sockaddr *addr, socklen_t length, bool own,
                     struct socket_addr *out);
void drill_write_addr(const struct drill *drill, const struct socket_addr *from, bool v6,
                      struct sockaddr *addr, socklen_t *length);

/* An option of IPv6 that means what one of IPv4 means becomes that one (option6.c). */
void drill_option_v4(const struct drill_file *file, int *level, int *name);

/* sendfile(2) to a socket. */
ssize_t drill_sendfile(struct drill *drill, int fd, int in, off_t *offset, size_t count);

/* getsockopt(2); 0 or -errno. */
int drill_get_option(struct drill *drill, int fd, int level, int name, void *value,
                     socklen_t *length);

/* The descriptor of the epoll is closed; takes `epoll` over. */
void drill_epoll_free(struct drill_epoll *epoll);

/* A socket is closed: no epoll looks at it any more. */
void drill_epoll_forget(struct drill *drill, int fd);

#endif

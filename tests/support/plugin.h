/* The packetdrill plug-in, driven over its table as packetdrill does: packets in and out by hand,
 * system calls, time by gettimeofday. */
#ifndef WEFT_TESTS_SUPPORT_PLUGIN_H
#define WEFT_TESTS_SUPPORT_PLUGIN_H

#include <arpa/inet.h>
#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>

#include "tools/packetdrill/interface.h"

#define LOCAL  "192.168.0.1"
#define REMOTE "192.0.2.1"

enum { ECE = 0x40, CWR = 0x80 }; /* RFC 3168 */
enum { HEADERS = sizeof(struct iphdr) + sizeof(struct tcphdr), PORT = 8080, REMOTE_PORT = 40000 };

static const char *plugin_flags = "local=" LOCAL ",remote=" REMOTE;
static const char *local_address = LOCAL; /* that packets are for, and sockets bound to */
static struct packetdrill_interface ifc;
static uint32_t iss;            /* of the host */
static uint16_t urgent_pointer; /* of what is injected */
static uint8_t accurate_flag;   /* AE (RFC 9768), ditto */

static inline void begin(void)
{
    void (*init)(const char *, struct packetdrill_interface *);
    void *plugin = dlopen("./libweft_packetdrill.so", RTLD_NOW | RTLD_LOCAL);

    ck_assert_msg(plugin != NULL, "%s", dlerror());
    *(void **)&init = dlsym(plugin, "packetdrill_interface_init");
    ck_assert(init != NULL);
    init(plugin_flags, &ifc);
    for (void **entry = (void **)&ifc; entry < (void **)(&ifc + 1); entry++)
        ck_assert(*entry != NULL);
}

static inline void end(void)
{
    ifc.free(ifc.userdata);
}

/* The same with sysctls of our own, "name=value" in lines. */
static char *sysctl_file;

static inline void begin_with(const char *sysctls)
{
    sysctl_file = g_strdup("/tmp/weft-sysctls-XXXXXX");
    close(g_mkstemp(sysctl_file));
    ck_assert(g_file_set_contents(sysctl_file, sysctls, -1, NULL));
    g_setenv("WEFT_PD_SYSCTLS", sysctl_file, TRUE);
    begin();
}

static inline void end_with(void)
{
    end();
    g_unsetenv("WEFT_PD_SYSCTLS");
    unlink(sysctl_file);
    g_clear_pointer(&sysctl_file, g_free);
}

static inline int64_t now_us(void)
{
    struct timeval tv;

    ck_assert_int_eq(ifc.gettimeofday(ifc.userdata, &tv, NULL), 0);
    return tv.tv_sec * INT64_C(1000000) + tv.tv_usec;
}

/* ---- Packets --------------------------------------------------------------------------------- */

static inline uint32_t sum(const void *bytes, size_t length, uint32_t start)
{
    const uint8_t *b = bytes;

    for (size_t i = 0; i < length; i++)
        start += i % 2 ? b[i] : (uint32_t)b[i] << 8;
    while (start >> 16)
        start = (start & 0xffff) + (start >> 16);
    return start;
}

/* `options`: whole words behind the header, from the TCP header's point of view part of it. */
static inline void inject_data(uint8_t flags, uint32_t seq, uint32_t ack, const uint8_t *options,
                               uint16_t option_bytes, uint16_t data)
{
    uint16_t length = (uint16_t)(option_bytes + data);
    uint8_t bytes[2000] = { 0 };
    struct iphdr ip = { .version = 4,
                        .ihl = 5,
                        .ttl = 64,
                        .protocol = IPPROTO_TCP,
                        .tot_len = htons(HEADERS + length),
                        .saddr = inet_addr(REMOTE),
                        .daddr = inet_addr(local_address) };
    struct tcphdr tcp = { .th_sport = htons(REMOTE_PORT),
                          .th_dport = htons(PORT),
                          .th_seq = htonl(seq),
                          .th_ack = htonl(ack),
                          .th_off = (uint8_t)(5 + option_bytes / 4),
                          .th_x2 = accurate_flag,
                          .th_flags = flags,
                          .th_win = htons(30000),
                          .th_urp = htons(urgent_pointer) };

    if (options)
        memcpy(bytes + HEADERS, options, option_bytes);
    ip.check = htons((uint16_t)~sum(&ip, sizeof ip, 0));
    memcpy(bytes + sizeof ip, &tcp, sizeof tcp);
    tcp.th_sum = htons((uint16_t)~sum(bytes + sizeof ip, sizeof tcp + length,
                                      sum(&ip.saddr, 8, IPPROTO_TCP + sizeof tcp + length)));
    memcpy(bytes, &ip, sizeof ip);
    memcpy(bytes + sizeof ip, &tcp, sizeof tcp);
    ck_assert_int_eq(ifc.netdev_send(ifc.userdata, bytes, HEADERS + length), 0);
}

static inline void inject_options(uint8_t flags, uint32_t seq, uint32_t ack, const uint8_t *options,
                                  uint16_t length)
{
    inject_data(flags, seq, ack, options, length, 0);
}

static inline void inject(uint8_t flags, uint32_t seq, uint32_t ack, uint16_t length)
{
    inject_data(flags, seq, ack, NULL, 0, length);
}

/* The next segment that leaves; `came` keeps it. */
static uint8_t came[65536];

static inline struct tcphdr receive(uint16_t *length, int64_t *at)
{
    size_t n = sizeof came;
    long long time;
    struct iphdr ip;
    struct tcphdr tcp;

    ck_assert_int_eq(ifc.netdev_receive(ifc.userdata, came, &n, &time), 0);
    ck_assert_uint_ge(n, HEADERS);
    memcpy(&ip, came, sizeof ip);
    memcpy(&tcp, came + sizeof ip, sizeof tcp);
    ck_assert_uint_eq(ntohs(ip.tot_len), n);
    ck_assert_uint_eq(ip.saddr, inet_addr(local_address));
    ck_assert_uint_eq(ip.daddr, inet_addr(REMOTE));
    ck_assert_uint_eq(sum(&ip, sizeof ip, 0), 0xffff);
    ck_assert_uint_eq(sum(came + sizeof ip, n - sizeof ip,
                          sum(&ip.saddr, 8, IPPROTO_TCP + (uint32_t)(n - sizeof ip))),
                      0xffff);
    if (length)
        *length = (uint16_t)(n - sizeof ip - tcp.th_off * 4u);
    if (at)
        *at = time;
    return tcp;
}

/* ---- Sockets --------------------------------------------------------------------------------- */

static inline struct sockaddr_in address(const char *text, uint16_t port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons(port),
                                 .sin_addr.s_addr = inet_addr(text) };
}

static inline int listener(void)
{
    struct sockaddr_in local = address(local_address, PORT);
    int fd = ifc.socket(ifc.userdata, AF_INET, SOCK_STREAM, IPPROTO_TCP);

    ck_assert_int_ge(fd, 3);
    ck_assert_int_ne(fcntl(fd, F_GETFD), -1); /* a real descriptor */
    ck_assert_int_eq(ifc.bind(ifc.userdata, fd, (struct sockaddr *)&local, sizeof local), 0);
    ck_assert_int_eq(ifc.listen(ifc.userdata, fd, 5), 0);
    return fd;
}

static inline void shake_hands(void)
{
    inject(TH_SYN, 0, 0, 0);
    struct tcphdr syn_ack = receive(NULL, NULL);
    ck_assert_uint_eq(syn_ack.th_flags, TH_SYN | TH_ACK);
    ck_assert_uint_eq(ntohl(syn_ack.th_ack), 1);
    iss = ntohl(syn_ack.th_seq);
    inject(TH_ACK, 1, iss + 1, 0);
}

static inline int accepted(int fd)
{
    struct sockaddr_in remote;
    socklen_t length = sizeof remote;

    shake_hands();
    int new = ifc.accept(ifc.userdata, fd, (struct sockaddr *)&remote, &length);
    ck_assert_int_ge(new, 0);
    ck_assert_uint_eq(remote.sin_addr.s_addr, inet_addr(REMOTE));
    ck_assert_uint_eq(ntohs(remote.sin_port), REMOTE_PORT);
    return new;
}

static inline int int_option(int fd, int level, int name, int value)
{
    return ifc.setsockopt(ifc.userdata, fd, level, name, &value, sizeof value);
}

/* recvmsg with no room for data; the control messages go to `control`. */
static uint8_t control[256];

static inline struct msghdr message(int fd, int flags, size_t room)
{
    static uint8_t bytes[2000];
    static struct iovec iov;
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };

    iov = (struct iovec){ bytes, room };
    m.msg_controllen = sizeof control;
    ck_assert_int_eq(ifc.recvmsg(ifc.userdata, fd, &m, flags), (int)room);
    return m;
}

#endif

/* The packetdrill plug-in, driven over its table as packetdrill does: packets in and out by hand,
 * system calls in two threads, time by gettimeofday. */
#define _GNU_SOURCE /* memmem */
#include <arpa/inet.h>
#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tools/packetdrill/interface.h"

#define LOCAL  "192.168.0.1"
#define REMOTE "192.0.2.1"

enum { ECE = 0x40, CWR = 0x80 }; /* RFC 3168 */
enum { FASTOPEN_KEY = 33 };      /* TCP_FASTOPEN_KEY */
enum { HEADERS = sizeof(struct iphdr) + sizeof(struct tcphdr), PORT = 8080, REMOTE_PORT = 40000 };

static struct packetdrill_interface ifc;
static uint32_t iss;            /* of the host */
static uint16_t urgent_pointer; /* of what is injected */
static uint8_t accurate_flag;   /* AE (RFC 9768), ditto */

static void begin(void)
{
    void (*init)(const char *, struct packetdrill_interface *);
    void *plugin = dlopen("./libweft_packetdrill.so", RTLD_NOW | RTLD_LOCAL);

    ck_assert_msg(plugin != NULL, "%s", dlerror());
    *(void **)&init = dlsym(plugin, "packetdrill_interface_init");
    ck_assert(init != NULL);
    init("local=" LOCAL ",remote=" REMOTE, &ifc);
    for (void **entry = (void **)&ifc; entry < (void **)(&ifc + 1); entry++)
        ck_assert(*entry != NULL);
}

static void end(void)
{
    ifc.free(ifc.userdata);
}

/* The same with sysctls of our own, "name=value" in lines. */
static char *sysctl_file;

static void begin_with(const char *sysctls)
{
    sysctl_file = g_strdup("/tmp/weft-sysctls-XXXXXX");
    close(g_mkstemp(sysctl_file));
    ck_assert(g_file_set_contents(sysctl_file, sysctls, -1, NULL));
    g_setenv("WEFT_PD_SYSCTLS", sysctl_file, TRUE);
    begin();
}

static void end_with(void)
{
    end();
    g_unsetenv("WEFT_PD_SYSCTLS");
    unlink(sysctl_file);
    g_clear_pointer(&sysctl_file, g_free);
}

static int64_t now_us(void)
{
    struct timeval tv;

    ck_assert_int_eq(ifc.gettimeofday(ifc.userdata, &tv, NULL), 0);
    return tv.tv_sec * INT64_C(1000000) + tv.tv_usec;
}

/* ---- Packets --------------------------------------------------------------------------------- */

static uint32_t sum(const void *bytes, size_t length, uint32_t start)
{
    const uint8_t *b = bytes;

    for (size_t i = 0; i < length; i++)
        start += i % 2 ? b[i] : (uint32_t)b[i] << 8;
    while (start >> 16)
        start = (start & 0xffff) + (start >> 16);
    return start;
}

/* `options`: whole words behind the header, from the TCP header's point of view part of it. */
static void inject_data(uint8_t flags, uint32_t seq, uint32_t ack, const uint8_t *options,
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
                        .daddr = inet_addr(LOCAL) };
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

static void inject_options(uint8_t flags, uint32_t seq, uint32_t ack, const uint8_t *options,
                           uint16_t length)
{
    inject_data(flags, seq, ack, options, length, 0);
}

static void inject(uint8_t flags, uint32_t seq, uint32_t ack, uint16_t length)
{
    inject_data(flags, seq, ack, NULL, 0, length);
}

/* The next segment that leaves; `came` keeps it. */
static uint8_t came[65536];

static struct tcphdr receive(uint16_t *length, int64_t *at)
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
    ck_assert_uint_eq(ip.saddr, inet_addr(LOCAL));
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

static struct sockaddr_in address(const char *text, uint16_t port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons(port),
                                 .sin_addr.s_addr = inet_addr(text) };
}

static int listener(void)
{
    struct sockaddr_in local = address(LOCAL, PORT);
    int fd = ifc.socket(ifc.userdata, AF_INET, SOCK_STREAM, IPPROTO_TCP);

    ck_assert_int_ge(fd, 3);
    ck_assert_int_ne(fcntl(fd, F_GETFD), -1); /* a real descriptor */
    ck_assert_int_eq(ifc.bind(ifc.userdata, fd, (struct sockaddr *)&local, sizeof local), 0);
    ck_assert_int_eq(ifc.listen(ifc.userdata, fd, 5), 0);
    return fd;
}

static void shake_hands(void)
{
    inject(TH_SYN, 0, 0, 0);
    struct tcphdr syn_ack = receive(NULL, NULL);
    ck_assert_uint_eq(syn_ack.th_flags, TH_SYN | TH_ACK);
    ck_assert_uint_eq(ntohl(syn_ack.th_ack), 1);
    iss = ntohl(syn_ack.th_seq);
    inject(TH_ACK, 1, iss + 1, 0);
}

static int accepted(int fd)
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

START_TEST(data_both_ways)
{
    char bytes[3000] = { 0 };
    uint16_t length;

    begin();
    int fd = accepted(listener());
    inject(TH_ACK | TH_PUSH, 1, iss + 1, 1000);
    ck_assert_int_eq(ifc.read(ifc.userdata, fd, bytes, sizeof bytes), 1000);
    ck_assert_uint_eq(ntohl(receive(NULL, NULL).th_ack), 1001);
    ck_assert_int_eq(ifc.write(ifc.userdata, fd, bytes, 500), 500);
    struct tcphdr data = receive(&length, NULL);
    ck_assert_uint_eq(ntohl(data.th_seq), iss + 1);
    ck_assert_uint_eq(length, 500);
    inject(TH_ACK, 1001, iss + 501, 0);
    ck_assert_int_eq(ifc.close(ifc.userdata, fd), 0);
    ck_assert_uint_eq(receive(NULL, NULL).th_flags, TH_FIN | TH_ACK);
    ck_assert_int_eq(ifc.close(ifc.userdata, fd), -1);
    ck_assert_int_eq(errno, EBADF);
    end();
}
END_TEST

/* A retransmission comes when it is due (RFC 6298: the first after a second), without waiting. */
START_TEST(time_passes_at_once)
{
    int64_t at[3];

    begin();
    listener();
    inject(TH_SYN, 0, 0, 0);
    for (int i = 0; i < 3; i++)
        receive(NULL, &at[i]);
    ck_assert_int_eq(at[1] - at[0], 1000000);
    ck_assert_int_eq(at[2] - at[1], 2000000);
    int64_t before = now_us();
    ck_assert_int_eq(now_us() - before, 1); /* it creeps */
    before = now_us();
    ck_assert_int_eq(ifc.usleep(ifc.userdata, 250), 0);
    ck_assert_int_eq(now_us() - before, 251);
    end();
}
END_TEST

/* Nobody will ever send: one byte that is no packet. */
START_TEST(nothing_to_receive)
{
    uint8_t bytes[100];
    size_t length = sizeof bytes;
    long long time;

    begin();
    ck_assert_int_eq(ifc.netdev_receive(ifc.userdata, bytes, &length, &time), 0);
    ck_assert_uint_eq(length, 1);
    ck_assert_uint_eq(bytes[0], 0xff);
    end();
}
END_TEST

struct blocked {
    int fd, result;
    int64_t ended;
};

static void *block_in_accept(void *data)
{
    struct blocked *blocked = data;

    blocked->result = ifc.accept(ifc.userdata, blocked->fd, NULL, NULL);
    blocked->ended = now_us();
    return NULL;
}

/* A call on the other thread ends at the simulated time at which it could. */
START_TEST(blocking_call)
{
    pthread_t thread;

    begin();
    struct blocked blocked = { .fd = listener() };
    ck_assert_int_eq(pthread_create(&thread, NULL, block_in_accept, &blocked), 0);
    inject(TH_SYN, 0, 0, 0);
    iss = ntohl(receive(NULL, NULL).th_seq);
    ifc.usleep(ifc.userdata, 200000);
    inject(TH_ACK, 1, iss + 1, 0);
    int64_t arrived = now_us();
    ifc.usleep(ifc.userdata, 100000);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_ge(blocked.result, 0);
    /* Had it slept by then, it was woken at once; if the thread began later, so did the call. */
    ck_assert_int_ge(blocked.ended, arrived - 2);
    end();
}
END_TEST

/* On the main thread a call that would block lets time pass. */
START_TEST(blocking_in_main)
{
    struct sockaddr_in remote = address(REMOTE, PORT);

    begin();
    int fd = ifc.socket(ifc.userdata, AF_INET, SOCK_STREAM, 0);
    int64_t before = now_us();
    ck_assert_int_eq(ifc.connect(ifc.userdata, fd, (struct sockaddr *)&remote, sizeof remote), -1);
    ck_assert_int_eq(errno, ETIMEDOUT);
    ck_assert_int_eq((now_us() - before) / 1000000, 131); /* tcp_syn_retries 6, linear 4 */
    end();
}
END_TEST

START_TEST(options)
{
    uint8_t info[300];
    socklen_t length = sizeof info;
    int on = 1, value = 0;

    begin();
    int fd = accepted(listener());
    memset(info, 0xff, sizeof info);
    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_INFO, info, &length), 0);
    ck_assert_uint_eq(length, sizeof info); /* the caller's, though it is more than there is */
    ck_assert_uint_eq(info[0], TCP_ESTABLISHED);
    ck_assert_uint_eq(info[299], 0);
    length = sizeof value;
    ck_assert_int_eq(ifc.setsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_NODELAY, &value, &length),
                     0);
    ck_assert_int_eq(value, 1);
    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, 9999, &value, &length), -1);
    ck_assert_int_eq(errno, ENOPROTOOPT);
    ck_assert_int_eq(ifc.fcntl(ifc.userdata, fd, F_SETFL, O_RDWR | O_NONBLOCK), 0);
    ck_assert_int_eq(ifc.fcntl(ifc.userdata, fd, F_GETFL), O_RDWR | O_NONBLOCK);
    ck_assert_int_eq(ifc.read(ifc.userdata, fd, &value, sizeof value), -1);
    ck_assert_int_eq(errno, EAGAIN);
    end();
}
END_TEST

/* EPOLLET tells each arrival once. */
START_TEST(epoll_edges)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.u32 = 7 }, got;

    begin();
    int fd = accepted(listener()), epoll = ifc.epoll_create(ifc.userdata, 1);
    ck_assert_int_eq(ifc.epoll_ctl(ifc.userdata, epoll, EPOLL_CTL_ADD, fd, &event), 0);
    ck_assert_int_eq(ifc.epoll_wait(ifc.userdata, epoll, &got, 1, 0), 0);
    for (uint32_t i = 0; i < 2; i++) {
        inject(TH_ACK | TH_PUSH, 1 + 100 * i, iss + 1, 100);
        ck_assert_int_eq(ifc.epoll_wait(ifc.userdata, epoll, &got, 1, 1000), 1);
        ck_assert_uint_eq(got.events, EPOLLIN);
        ck_assert_uint_eq(got.data.u32, 7);
        ck_assert_int_eq(ifc.epoll_wait(ifc.userdata, epoll, &got, 1, 0), 0);
    }
    struct pollfd poll = { .fd = fd, .events = POLLIN | POLLOUT };
    ck_assert_int_eq(ifc.poll(ifc.userdata, &poll, 1, 0), 1);
    ck_assert_int_eq(poll.revents, POLLIN | POLLOUT);
    end();
}
END_TEST

/* The cookie that Linux 6.18 gives 192.0.2.1 with this key: 3021b9d889017eeb, as that kernel put it
 * on a TUN device. */
START_TEST(fastopen_cookie)
{
    static const uint8_t request[] = { 2, 4, 0x05, 0xb4, 34, 2, 1, 1 };
    static const uint8_t cookie[] = { 34, 10, 0x30, 0x21, 0xb9, 0xd8, 0x89, 0x01, 0x7e, 0xeb };
    int limit = 5;

    begin_with("net.ipv4.tcp_fastopen=3\n"
               "net.ipv4.tcp_fastopen_key=a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4\n");
    int fd = listener();
    ck_assert_int_eq(
        ifc.setsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_FASTOPEN, &limit, sizeof limit), 0);
    inject_options(TH_SYN, 0, 0, request, sizeof request);
    ck_assert_uint_eq(receive(NULL, NULL).th_flags, TH_SYN | TH_ACK);
    ck_assert_ptr_nonnull(memmem(came + HEADERS, 40, cookie, sizeof cookie));
    end_with();
}
END_TEST

/* tcp(7) of 6.18, TCP_FASTOPEN_KEY: a listener's own key, and the one before, whose cookie is good
 * for data but answered with the new one.  Cookies as that kernel put them on a TUN device, the
 * last with a key of zeros. */
START_TEST(fastopen_keys)
{
    static const uint8_t cookie[] = { 34, 10, 0x30, 0x21, 0xb9, 0xd8, 0x89, 0x01, 0x7e, 0xeb };
    static const uint8_t zeros[] = { 34, 10, 0xb7, 0xc1, 0x23, 0x50, 0xa9, 0x0d, 0xc8, 0xf5 };
    static const uint8_t key[16] = { 0xa1, 0xa1, 0xa1, 0xa1, 0xb2, 0xb2, 0xb2, 0xb2,
                                     0xc3, 0xc3, 0xc3, 0xc3, 0xd4, 0xd4, 0xd4, 0xd4 };
    uint8_t keys[32] = { 0 }, got[32], syn[12] = { 0 };
    socklen_t length = sizeof got;
    int limit = 5;

    begin_with("net.ipv4.tcp_fastopen=3\n"
               "net.ipv4.tcp_fastopen_key=00000000-00000000-00000000-00000000\n");
    int fd = listener();
    ck_assert_int_eq(
        ifc.setsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_FASTOPEN, &limit, sizeof limit), 0);
    ck_assert_int_eq(ifc.setsockopt(ifc.userdata, fd, IPPROTO_TCP, FASTOPEN_KEY, key, 15), -1);
    ck_assert_int_eq(errno, EINVAL);
    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, FASTOPEN_KEY, got, &length), 0);
    ck_assert_uint_eq(length, 16);
    memcpy(keys, key, sizeof key); /* behind it the zeros */
    ck_assert_int_eq(ifc.setsockopt(ifc.userdata, fd, IPPROTO_TCP, FASTOPEN_KEY, keys, 32), 0);
    length = sizeof got;
    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, FASTOPEN_KEY, got, &length), 0);
    ck_assert_uint_eq(length, 32);
    ck_assert_mem_eq(got, keys, 32);
    memcpy(syn, zeros, sizeof zeros);
    syn[10] = syn[11] = 1;
    inject_data(TH_SYN, 0, 0, syn, sizeof syn, 100);
    ck_assert_uint_eq(ntohl(receive(NULL, NULL).th_ack), 101);
    ck_assert_ptr_nonnull(memmem(came + HEADERS, 40, cookie, sizeof cookie));
    end_with();
}
END_TEST

/* packetdrill-plugin.md, rule 8: a script sets sysctls whenever it likes, and the next packet finds
 * them changed: SYN-ACKs offer SACK (option 4) and then do not. */
START_TEST(sysctls_between_packets)
{
    static const uint8_t offer[] = { 2, 4, 0x05, 0xb4, 4, 2, 1, 1 };

    begin_with("");
    int fd = listener();
    for (int sack = 1; sack >= 0; sack--) {
        char *text = g_strdup_printf("net.ipv4.tcp_sack=%d\n", sack);
        ck_assert(g_file_set_contents(sysctl_file, text, -1, NULL));
        memset(came, 0, sizeof came);
        inject_options(TH_SYN, 1000, 0, offer, sizeof offer);
        ck_assert_uint_eq(receive(NULL, NULL).th_flags, TH_SYN | TH_ACK);
        ck_assert_int_eq(memmem(came + HEADERS, 8, "\4\2", 2) != NULL, sack);
        inject(TH_RST, 1001, 0, 0);
        g_free(text);
    }
    ck_assert_int_eq(ifc.close(ifc.userdata, fd), 0);
    end_with();
}
END_TEST

/* fq at the device paces CUBIC as well (tc-fq(8)): once ten segments have left, two of them in 20
 * ms at 10 segments in 100 ms, doubled in slow start.  Here the file says that there is one. */
START_TEST(paced_by_the_device)
{
    uint8_t bytes[20 * 536] = { 0 };
    int64_t at[7];

    begin_with("net.core.default_qdisc=fq\nnet.ipv4.tcp_congestion_control=cubic\n");
    int fd = listener();
    inject(TH_SYN, 0, 0, 0);
    iss = ntohl(receive(NULL, NULL).th_seq);
    ifc.usleep(ifc.userdata, 100000);
    inject(TH_ACK, 1, iss + 1, 0);
    fd = ifc.accept(ifc.userdata, fd, NULL, NULL);
    ck_assert_int_eq(ifc.write(ifc.userdata, fd, bytes, sizeof bytes), sizeof bytes);
    for (int i = 0; i < 5; i++)
        receive(NULL, &at[i]);
    ck_assert_int_eq(at[4], at[0]);
    inject(TH_ACK, 1, iss + 1 + 2 * 536, 0);
    receive(NULL, &at[5]);
    ck_assert_int_ge(at[5] - at[4], 9900);
    ck_assert_int_le(at[5] - at[4], 10100);
    end_with();
}
END_TEST

/* ---- Beside data ----------------------------------------------------------------------------- */

static int int_option(int fd, int level, int name, int value)
{
    return ifc.setsockopt(ifc.userdata, fd, level, name, &value, sizeof value);
}

/* recvmsg with no room for data; the control messages go to `control`. */
static uint8_t control[256];

static struct msghdr message(int fd, int flags, size_t room)
{
    static uint8_t bytes[2000];
    static struct iovec iov;
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };

    iov = (struct iovec){ bytes, room };
    m.msg_controllen = sizeof control;
    ck_assert_int_eq(ifc.recvmsg(ifc.userdata, fd, &m, flags), (int)room);
    return m;
}

/* TCP_INQ (tcp(7)): how much is left; behind the last byte a FIN counts as one. */
START_TEST(bytes_left_come_along)
{
    int left;

    begin();
    int fd = accepted(listener());
    ck_assert_int_eq(int_option(fd, IPPROTO_TCP, 36, 1), 0);
    inject(TH_ACK | TH_FIN, 1, iss + 1, 1000);
    struct msghdr m = message(fd, 0, 300);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    ck_assert_ptr_nonnull(c);
    ck_assert_int_eq(c->cmsg_level, IPPROTO_TCP);
    ck_assert_int_eq(c->cmsg_type, 36);
    memcpy(&left, CMSG_DATA(c), sizeof left);
    ck_assert_int_eq(left, 700);
    m = message(fd, 0, 700);
    memcpy(&left, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof left);
    ck_assert_int_eq(left, 1);
    end();
}
END_TEST

static struct sock_extended_err report(int fd, int n)
{
    struct msghdr m = message(fd, MSG_ERRQUEUE, 0);
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    struct sock_extended_err e;

    for (; n > 0; n--)
        c = CMSG_NXTHDR(&m, c);
    ck_assert_int_eq(m.msg_flags & MSG_ERRQUEUE, MSG_ERRQUEUE);
    ck_assert_int_eq(c->cmsg_level, IPPROTO_IP);
    ck_assert_int_eq(c->cmsg_type, IP_RECVERR);
    memcpy(&e, CMSG_DATA(c), sizeof e);
    return e;
}

/* Documentation/networking/msg_zerocopy.rst: notices of consecutive sends become one range; that a
 * copy was made is said. */
START_TEST(zerocopy_notices)
{
    uint8_t bytes[500] = { 0 };
    struct pollfd poll = { .events = POLLERR };

    begin();
    int fd = accepted(listener());
    ck_assert_int_eq(int_option(fd, IPPROTO_TCP, TCP_NODELAY, 1), 0);
    ck_assert_int_eq(int_option(fd, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(ifc.send(ifc.userdata, fd, bytes, 500, MSG_ZEROCOPY), 500);
    poll.fd = fd;
    ck_assert_int_eq(ifc.poll(ifc.userdata, &poll, 1, 0), 0);
    inject(TH_ACK, 1, iss + 1001, 0);
    ck_assert_int_eq(ifc.poll(ifc.userdata, &poll, 1, 0), 1);
    struct sock_extended_err e = report(fd, 0);
    ck_assert_int_eq(e.ee_origin, SO_EE_ORIGIN_ZEROCOPY);
    ck_assert_int_eq(e.ee_code, SO_EE_CODE_ZEROCOPY_COPIED);
    ck_assert_uint_eq(e.ee_info, 0);
    ck_assert_uint_eq(e.ee_data, 1);
    ck_assert_int_eq(ifc.poll(ifc.userdata, &poll, 1, 0), 0);
    end();
}
END_TEST

/* Documentation/networking/timestamping.rst: scheduled, sent, acknowledged; the key is the number
 * of the last byte since OPT_ID was set. */
START_TEST(timestamps_of_what_was_sent)
{
    uint8_t bytes[500] = { 0 };
    static const uint32_t types[] = { 1, 0, 2 }; /* SCM_TSTAMP_SCHED, SND, ACK */

    begin();
    int fd = accepted(listener());
    ck_assert_int_eq(int_option(fd, IPPROTO_TCP, TCP_NODELAY, 1), 0);
    ck_assert_int_eq(ifc.write(ifc.userdata, fd, bytes, 500), 500);
    ck_assert_int_eq(int_option(fd, SOL_SOCKET, SO_TIMESTAMPING,
                                SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_TX_SOFTWARE |
                                    SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_OPT_ID),
                     0);
    ck_assert_int_eq(ifc.write(ifc.userdata, fd, bytes, 300), 300);
    ifc.usleep(ifc.userdata, 20000);
    inject(TH_ACK, 1, iss + 801, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        struct sock_extended_err e = report(fd, 1);
        ck_assert_int_eq((int)e.ee_errno, ENOMSG);
        ck_assert_int_eq(e.ee_origin, SO_EE_ORIGIN_TIMESTAMPING);
        ck_assert_uint_eq(e.ee_info, types[i]);
        ck_assert_uint_eq(e.ee_data, 299);
    }
    struct msghdr none = { 0 };
    ck_assert_int_eq(ifc.recvmsg(ifc.userdata, fd, &none, MSG_ERRQUEUE), -1);
    ck_assert_int_eq(errno, EAGAIN);
    end();
}
END_TEST

START_TEST(no_buffer)
{
    begin();
    int fd = accepted(listener());
    ck_assert_int_eq(ifc.write(ifc.userdata, fd, NULL, 10), -1);
    ck_assert_int_eq(errno, EFAULT);
    inject(TH_ACK | TH_PUSH, 1, iss + 1, 10);
    ck_assert_int_eq(ifc.read(ifc.userdata, fd, NULL, 10), -1);
    ck_assert_int_eq(errno, EFAULT);
    end();
}
END_TEST

/* Documentation/networking/timestamping.rst: when the last segment that was read from arrived, with
 * each read; in microseconds, nanoseconds, or as the first of three, before what TCP_INQ says. */
START_TEST(arrivals_come_along)
{
    static const struct {
        int option, value, type;
    } rows[] = { { SO_TIMESTAMP, 1, SO_TIMESTAMP },
                 { SO_TIMESTAMPNS, 1, SO_TIMESTAMPNS },
                 { SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE,
                   SO_TIMESTAMPING },
                 { SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE, 0 } };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int64_t at[2], got[2];
        begin();
        int fd = accepted(listener());
        ck_assert_int_eq(int_option(fd, SOL_SOCKET, rows[i].option, rows[i].value), 0);
        ck_assert_int_eq(int_option(fd, IPPROTO_TCP, 36, 1), 0);
        for (uint32_t k = 0; k < 2; k++) {
            at[k] = now_us();
            inject(TH_ACK | TH_PUSH, 1 + 100 * k, iss + 1, 100);
            ifc.usleep(ifc.userdata, 10000);
        }
        for (size_t k = 0; k < 3; k++) { /* the second segment is read in two pieces */
            struct msghdr m = message(fd, 0, k ? 50 : 100);
            struct cmsghdr *c = CMSG_FIRSTHDR(&m);
            ck_assert_int_eq(c->cmsg_type, rows[i].type ? rows[i].type : 36);
            if (rows[i].type == 0)
                continue;
            ck_assert_int_eq(c->cmsg_level, SOL_SOCKET);
            memcpy(got, CMSG_DATA(c), sizeof got);
            int64_t us = got[1] / (rows[i].type == SO_TIMESTAMP ? 1 : 1000);
            ck_assert_int_eq(got[0] * 1000000 + us, at[k > 0]);
            ck_assert_int_eq(CMSG_NXTHDR(&m, c)->cmsg_type, 36);
        }
        end();
    }
}
END_TEST

/* ksft_runner.sh of the kernel plays each script with IPv4-mapped IPv6 addresses (RFC 4291 2.5.5.2,
 * ipv6(7)), too: sockets of AF_INET6, packets of IPv4. */
static struct sockaddr_in6 mapped(const char *text, uint16_t port)
{
    struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    char *whole = g_strconcat("::ffff:", text, NULL);

    ck_assert_int_eq(inet_pton(AF_INET6, whole, &addr.sin6_addr), 1);
    g_free(whole);
    return addr;
}

START_TEST(mapped_addresses)
{
    struct sockaddr_in6 local = mapped(LOCAL, PORT), remote = mapped(REMOTE, REMOTE_PORT), got;
    struct sockaddr_in6 other = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    socklen_t length = sizeof got;
    uint16_t n;

    begin();
    int fd = ifc.socket(ifc.userdata, AF_INET6, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ifc.bind(ifc.userdata, fd, (struct sockaddr *)&other, sizeof other), -1);
    ck_assert_int_eq(ifc.bind(ifc.userdata, fd, (struct sockaddr *)&local, sizeof local), 0);
    ck_assert_int_eq(ifc.listen(ifc.userdata, fd, 5), 0);
    shake_hands();
    int new = ifc.accept(ifc.userdata, fd, (struct sockaddr *)&got, &length);
    ck_assert_int_ge(new, 0);
    ck_assert_uint_eq(length, sizeof got);
    ck_assert_mem_eq(&got, &remote, sizeof got);
    ck_assert_int_eq(int_option(new, IPPROTO_IPV6, IPV6_RECVERR, 1), 0);
    ck_assert_int_eq(int_option(new, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_TX_SOFTWARE), 0);
    ck_assert_int_eq(ifc.write(ifc.userdata, new, "x", 1), 1);
    receive(&n, NULL);
    ck_assert_uint_eq(n, 1);
    struct msghdr m = message(new, MSG_ERRQUEUE, 0);
    struct cmsghdr *c = CMSG_NXTHDR(&m, CMSG_FIRSTHDR(&m));
    ck_assert_int_eq(c->cmsg_level, IPPROTO_IPV6);
    ck_assert_int_eq(c->cmsg_type, IPV6_RECVERR);
    ck_assert_uint_eq(c->cmsg_len, CMSG_LEN(sizeof(struct sock_extended_err) + sizeof got));
    fd = ifc.socket(ifc.userdata, AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ck_assert_int_eq(ifc.connect(ifc.userdata, fd, (struct sockaddr *)&remote, sizeof remote), -1);
    ck_assert_int_eq(errno, EINPROGRESS);
    ck_assert_uint_eq(receive(NULL, NULL).th_flags, TH_SYN);
    end();
}
END_TEST

/* splice(2) as Linux 6.18 does it: urgent data stops it, and it says that nothing is there. */
START_TEST(splice_stops_at_urgent_data)
{
    int pipe[2];

    begin();
    int fd = accepted(listener());
    ck_assert_int_eq(ifc.pipe(ifc.userdata, pipe), 0);
    urgent_pointer = 100;
    inject(TH_ACK | TH_URG, 1, iss + 1, 100);
    urgent_pointer = 0;
    ck_assert_int_eq(ifc.splice(ifc.userdata, fd, NULL, pipe[1], NULL, 200, 0), 99);
    ck_assert_int_eq(ifc.splice(ifc.userdata, fd, NULL, pipe[1], NULL, 1, 0), 0);
    close(pipe[0]);
    close(pipe[1]);
    end();
}
END_TEST

/* packetdrill calls libc's sendfile, which the plug-in is when preloaded (sendfile(2)): from the
 * offset, which moves, or from where the file stands. */
START_TEST(sendfile_to_a_socket)
{
    ssize_t (*sendfile)(int, int, off_t *, size_t);
    void *plugin = dlopen("./libweft_packetdrill.so", RTLD_NOW | RTLD_LOCAL);
    char path[] = "/tmp/weft-file-XXXXXX", bytes[900] = { 1 };
    off_t offset = 100;
    uint16_t length;

    *(void **)&sendfile = dlsym(plugin, "sendfile");
    begin();
    int fd = accepted(listener()), file = g_mkstemp(path);
    ck_assert_int_eq(write(file, bytes, sizeof bytes), sizeof bytes);
    ck_assert_int_eq(sendfile(fd, file, &offset, 300), 300);
    ck_assert_int_eq(offset, 400);
    receive(&length, NULL);
    ck_assert_uint_eq(length, 300);
    inject(TH_ACK, 1, iss + 301, 0);
    ck_assert_int_eq(lseek(file, 800, SEEK_SET), 800);
    ck_assert_int_eq(sendfile(fd, file, NULL, 5000), 100);
    ck_assert_uint_eq(receive(&length, NULL).th_flags, TH_ACK | TH_PUSH);
    ck_assert_uint_eq(length, 100);
    ck_assert_int_eq(sendfile(fd, file, NULL, 10), 0);
    ck_assert_int_eq(sendfile(fd, -1, NULL, 10), -1);
    ck_assert_int_eq(errno, EBADF);
    close(file);
    unlink(path);
    end();
}
END_TEST

/* MAX_SKB_FRAGS: without a copy each vector is a fragment, and 17 fill an sk_buff, which ends there
 * (Linux 6.18); one notice for all. */
START_TEST(zerocopy_fragments)
{
    struct iovec iov[20];
    struct msghdr m = { .msg_iov = iov, .msg_iovlen = 20 };
    static const uint16_t pieces[2][2] = { { 20, 0 }, { 17, 3 } };
    uint16_t length;

    for (size_t i = 0; i < G_N_ELEMENTS(iov); i++)
        iov[i] = (struct iovec){ "x", 1 };
    for (int zerocopy = 0; zerocopy < 2; zerocopy++) {
        begin();
        int fd = accepted(listener());
        ck_assert_int_eq(int_option(fd, IPPROTO_TCP, TCP_NODELAY, 1), 0);
        ck_assert_int_eq(int_option(fd, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
        ck_assert_int_eq(ifc.sendmsg(ifc.userdata, fd, &m, zerocopy ? MSG_ZEROCOPY : 0), 20);
        for (int i = 0; i < 2 && pieces[zerocopy][i]; i++) {
            ck_assert_uint_eq(receive(&length, NULL).th_flags, TH_ACK | TH_PUSH);
            ck_assert_uint_eq(length, pieces[zerocopy][i]);
        }
        inject(TH_ACK, 1, iss + 21, 0);
        struct pollfd poll = { .fd = fd, .events = POLLERR };
        ck_assert_int_eq(ifc.poll(ifc.userdata, &poll, 1, 0), zerocopy);
        if (zerocopy)
            ck_assert_uint_eq(report(fd, 0).ee_data, 0);
        end();
    }
}
END_TEST

/* ---- Segments that a driver has put together ------------------------------------------------- */

/* The first data is acknowledged at once, unless it fills more than half of the buffer: the quick
 * phase ends before it began, as in Linux's __tcp_select_window (seen of 6.18 with a TUN device).
 */
START_TEST(no_hurry_with_half_the_buffer_full)
{
    int64_t at;

    begin();
    int fd = listener();
    ck_assert_int_eq(int_option(fd, SOL_SOCKET, SO_RCVBUF, 2000), 0);
    accepted(fd);
    int64_t before = now_us();
    inject(TH_ACK | TH_PUSH, 1, iss + 1, 1900);
    ck_assert_uint_eq(ntohl(receive(NULL, &at).th_ack), 1901);
    ck_assert_int_ge(at - before, 39000); /* TCP_ATO_MIN, 40 ms */
    end();
}
END_TEST

/* A packet above the MTU is taken for several segments, as large as the SYN announced. */
START_TEST(put_together_segments)
{
    static const uint8_t mss[] = { 2, 4, 1000 >> 8, 1000 & 0xff };
    struct tcp_info info;
    socklen_t length = sizeof info;

    begin();
    int listening = listener();
    inject_options(TH_SYN, 0, 0, mss, sizeof mss);
    iss = ntohl(receive(NULL, NULL).th_seq);
    inject(TH_ACK, 1, iss + 1, 0);
    int fd = ifc.accept(ifc.userdata, listening, NULL, NULL);
    inject(TH_ACK | TH_PUSH, 1, iss + 1, 1900);
    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
    ck_assert_uint_eq(info.tcpi_rcv_mss, 1000);
    /* Out of order, too (Linux 6.18). */
    inject(TH_ACK | TH_PUSH, 3000, iss + 1, 1200);
    length = sizeof info;
    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
    ck_assert_uint_eq(info.tcpi_rcv_mss, 1200);
    end();
}
END_TEST

/* What leaves in one piece for a TUN device (Linux hands it down whole) is cut if its three ECN
 * flags are a counter (RFC 9768): no device of Linux knows how to (NETIF_F_GSO_ACCECN, seen
 * of 7.2). */
START_TEST(super_segments)
{
    uint8_t bytes[1072] = { 0 };
    uint16_t length;

    for (uint8_t accurate = 0; accurate < 2; accurate++) {
        begin_with("net.ipv4.tcp_ecn=3\n");
        int fd = listener();
        accurate_flag = accurate;
        inject(TH_SYN | (accurate ? ECE | CWR : 0), 0, 0, 0);
        iss = ntohl(receive(NULL, NULL).th_seq);
        accurate_flag = 0;
        inject(TH_ACK | (accurate ? CWR : 0), 1, iss + 1, 0); /* the SYN-ACK was Not-ECT */
        fd = ifc.accept(ifc.userdata, fd, NULL, NULL);
        ck_assert_int_eq(ifc.write(ifc.userdata, fd, bytes, sizeof bytes), sizeof bytes);
        receive(&length, NULL);
        ck_assert_uint_eq(length, accurate ? 536 : 1072);
        end_with();
    }
}
END_TEST

/* ---- What options release -------------------------------------------------------------------- */

/* Setting TCP_NODELAY sends what waits even if it was set before (tcp(7): "setting this option
 * forces an explicit flush"). */
START_TEST(option_again_releases)
{
    uint8_t bytes[100] = { 0 };
    uint16_t length;

    begin();
    int fd = accepted(listener());
    ck_assert_int_eq(int_option(fd, IPPROTO_TCP, TCP_NODELAY, 1), 0);
    ck_assert_int_eq(ifc.send(ifc.userdata, fd, bytes, 100, MSG_MORE), 100);
    ck_assert_int_eq(int_option(fd, IPPROTO_TCP, TCP_NODELAY, 1), 0);
    struct tcphdr data = receive(&length, NULL);
    ck_assert_uint_eq(length, 100);
    ck_assert_uint_eq(data.th_flags, TH_ACK); /* MSG_MORE: not pushed */
    end();
}
END_TEST

/* ---- Congestion control ---------------------------------------------------------------------- */

static uint32_t cwnd_of(int fd)
{
    struct tcp_info info;
    socklen_t length = sizeof info;

    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
    return info.tcpi_snd_cwnd;
}

/* Observed of Linux 6.18: a window of 10 becomes 7; one round trip of 0.4 s from there is 1.5 below
 * W_max (RFC 9438: 0.4 (0.4 - 1.96)^3), of which Linux keeps 1: the goal is 9, and 3 ACKs make one
 * packet more. */
START_TEST(cubic_is_linux)
{
    uint8_t bytes[10000] = { 0 }, offer[8] = { 2, 4, 1000 >> 8, 1000 & 255, 1, 1, 4, 2 };
    uint8_t sack[12] = { 1, 1, 5, 10 };

    begin_with("net.ipv4.tcp_congestion_control=cubic\n");
    int fd = listener();
    inject_options(TH_SYN, 0, 0, offer, sizeof offer);
    iss = ntohl(receive(NULL, NULL).th_seq);
    ifc.usleep(ifc.userdata, 400000);
    inject(TH_ACK, 1, iss + 1, 0);
    fd = ifc.accept(ifc.userdata, fd, NULL, NULL);
    ck_assert_int_eq(ifc.write(ifc.userdata, fd, bytes, sizeof bytes), sizeof bytes);
    ifc.usleep(ifc.userdata, 400000);
    for (uint32_t end = 2001; end <= 4001; end += 1000) {
        uint32_t block[2] = { htonl(iss + 1001), htonl(iss + end) };
        memcpy(sack + 4, block, sizeof block);
        inject_options(TH_ACK, 1, iss + 1, sack, sizeof sack);
    }
    ifc.usleep(ifc.userdata, 200000);
    inject(TH_ACK, 1, iss + 4001, 0);
    ifc.usleep(ifc.userdata, 100000);
    ck_assert_uint_eq(cwnd_of(fd), 7);
    inject(TH_ACK, 1, iss + 10001, 0);
    ck_assert_uint_eq(cwnd_of(fd), 9);
    end_with();
}
END_TEST

SUITE("tools/packetdrill", fastopen_cookie, fastopen_keys, sysctls_between_packets, data_both_ways,
      time_passes_at_once, nothing_to_receive, blocking_call, blocking_in_main, options,
      epoll_edges, bytes_left_come_along, zerocopy_notices, timestamps_of_what_was_sent, no_buffer,
      no_hurry_with_half_the_buffer_full, put_together_segments, super_segments,
      option_again_releases, paced_by_the_device, mapped_addresses, splice_stops_at_urgent_data,
      sendfile_to_a_socket, zerocopy_fragments, arrivals_come_along)

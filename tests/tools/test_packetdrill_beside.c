/* The packetdrill plug-in: what goes beside data (control messages, error queues, addresses), and
 * calls that are not of packetdrill's table or that move data in other ways. */
#include <time.h> /* before errqueue.h */

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>

#include "tests/support/plugin.h"
#include "tests/support/suite.h"

/* ---- Beside data ----------------------------------------------------------------------------- */

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
    struct msghdr empty = { .msg_flags = MSG_EOR }; /* recvmsg(2) fails: nothing is written */
    ck_assert_int_eq(ifc.recvmsg(ifc.userdata, fd, &empty, MSG_ERRQUEUE), -1);
    ck_assert_int_eq(errno, EAGAIN);
    ck_assert_int_eq(empty.msg_flags, MSG_EOR);
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

/* Without --local_ip packetdrill binds to an address that it draws out of 192.168.0.0/16. */
START_TEST(address_drawn_at_random)
{
    struct sockaddr_in elsewhere = address("10.0.0.1", PORT);

    local_address = "192.168.77.5";
    begin();
    int fd = accepted(listener()); /* what is received must come from there */
    inject(TH_ACK | TH_PUSH, 1, iss + 1, 1000);
    ck_assert_int_eq(ifc.write(ifc.userdata, fd, "x", 1), 1);
    ck_assert_uint_eq(ntohl(receive(NULL, NULL).th_ack), 1001);
    end();
    begin(); /* no socket at all: a reset */
    inject(TH_SYN, 0, 0, 0);
    ck_assert_uint_eq(receive(NULL, NULL).th_flags, TH_RST | TH_ACK);
    fd = ifc.socket(ifc.userdata, AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(ifc.bind(ifc.userdata, fd, (struct sockaddr *)&elsewhere, sizeof elsewhere),
                     -1);
    ck_assert_int_eq(errno, EADDRNOTAVAIL);
    end();
    local_address = LOCAL;
}
END_TEST

START_TEST(mapped_addresses)
{
    struct sockaddr_in6 local = mapped(LOCAL, PORT), remote = mapped(REMOTE, REMOTE_PORT), got;
    socklen_t length = sizeof got;
    uint16_t n;

    begin();
    int fd = ifc.socket(ifc.userdata, AF_INET6, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
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

SUITE("tools/packetdrill: beside data", bytes_left_come_along, zerocopy_notices,
      timestamps_of_what_was_sent, no_buffer, arrivals_come_along, address_drawn_at_random,
      mapped_addresses, splice_stops_at_urgent_data, sendfile_to_a_socket, zerocopy_fragments)

/* The packetdrill plug-in with IPv6 on the wire: headers (RFC 8200), ICMPv6 (RFC 4443), Packet Too
 * Big (RFC 8201), what Linux 6.18 makes of them over a TUN device, and both versions of IP at one
 * socket (RFC 3493). */
#define _GNU_SOURCE /* memmem */
#include <netinet/icmp6.h>
#include <netinet/ip6.h>

#include "tests/support/plugin.h"
#include "tests/support/suite.h"

#define LOCAL6  "fd3d:a0b:17d6::1"
#define REMOTE6 "fd3d:fa7b:d17d::1"

enum { HEADERS6 = sizeof(struct ip6_hdr) + sizeof(struct tcphdr), SOL6 = IPPROTO_IPV6 };

/* ---- The wire -------------------------------------------------------------------------------- */

static uint8_t traffic_class; /* of what is injected */

static struct in6_addr address6(const char *text)
{
    struct in6_addr addr;

    ck_assert_int_eq(inet_pton(AF_INET6, text, &addr), 1);
    return addr;
}

/* RFC 8200 8.1: the pseudo-header. */
static uint32_t pseudo6(const struct ip6_hdr *ip, uint8_t proto)
{
    return sum(&ip->ip6_src, 32, (uint32_t)proto + ntohs(ip->ip6_plen));
}

static struct ip6_hdr header6(const char *src, const char *dst, uint8_t next, size_t payload)
{
    return (struct ip6_hdr){ .ip6_flow = htonl(6u << 28 | (uint32_t)traffic_class << 20),
                             .ip6_plen = htons((uint16_t)payload),
                             .ip6_nxt = next,
                             .ip6_hlim = 64,
                             .ip6_src = address6(src),
                             .ip6_dst = address6(dst) };
}

static void inject6_data(uint8_t flags, uint32_t seq, uint32_t ack, const uint8_t *options,
                         uint16_t option_bytes, uint16_t data)
{
    uint8_t bytes[2000] = { 0 };
    size_t length = sizeof(struct tcphdr) + option_bytes + data;
    struct ip6_hdr ip = header6(REMOTE6, LOCAL6, IPPROTO_TCP, length);
    struct tcphdr tcp = { .th_sport = htons(REMOTE_PORT),
                          .th_dport = htons(PORT),
                          .th_seq = htonl(seq),
                          .th_ack = htonl(ack),
                          .th_off = (uint8_t)(5 + option_bytes / 4),
                          .th_flags = flags,
                          .th_win = htons(30000) };

    if (options)
        memcpy(bytes + HEADERS6, options, option_bytes);
    memcpy(bytes, &ip, sizeof ip);
    memcpy(bytes + sizeof ip, &tcp, sizeof tcp);
    tcp.th_sum = htons((uint16_t)~sum(bytes + sizeof ip, length, pseudo6(&ip, IPPROTO_TCP)));
    memcpy(bytes + sizeof ip, &tcp, sizeof tcp);
    ck_assert_int_eq(ifc.netdev_send(ifc.userdata, bytes, sizeof ip + length), 0);
}

static void inject6(uint8_t flags, uint32_t seq, uint32_t ack, uint16_t data)
{
    inject6_data(flags, seq, ack, NULL, 0, data);
}

/* Whatever leaves next, with its length; a correct packet of IPv6. */
static struct ip6_hdr receive_any6(size_t *length)
{
    size_t n = sizeof came;
    long long time;
    struct ip6_hdr ip;

    ck_assert_int_eq(ifc.netdev_receive(ifc.userdata, came, &n, &time), 0);
    ck_assert_uint_ge(n, sizeof ip);
    memcpy(&ip, came, sizeof ip);
    ck_assert_uint_eq(ntohl(ip.ip6_flow) >> 28, 6);
    ck_assert_uint_eq(ntohs(ip.ip6_plen), n - sizeof ip);
    ck_assert_uint_eq(sum(came + sizeof ip, n - sizeof ip, pseudo6(&ip, ip.ip6_nxt)), 0xffff);
    *length = n - sizeof ip;
    return ip;
}

static struct tcphdr receive6(uint16_t *data)
{
    struct tcphdr tcp;
    size_t length;
    struct ip6_hdr ip = receive_any6(&length);
    struct in6_addr src = address6(LOCAL6), dst = address6(REMOTE6);

    ck_assert_uint_eq(ip.ip6_nxt, IPPROTO_TCP);
    ck_assert_mem_eq(&ip.ip6_src, &src, sizeof src);
    ck_assert_mem_eq(&ip.ip6_dst, &dst, sizeof dst);
    memcpy(&tcp, came + sizeof ip, sizeof tcp);
    if (data)
        *data = (uint16_t)(length - tcp.th_off * 4u);
    return tcp;
}

/* An ICMPv6 error about the segment that left last, of which all is quoted. */
static void inject_error6(uint8_t type, uint8_t code, uint32_t mtu)
{
    struct icmp6_hdr icmp = { .icmp6_type = type, .icmp6_code = code };
    uint8_t bytes[200] = { 0 };
    size_t length = sizeof icmp + HEADERS6;
    struct ip6_hdr ip = header6(REMOTE6, LOCAL6, IPPROTO_ICMPV6, length);

    icmp.icmp6_mtu = htonl(mtu);
    memcpy(bytes, &ip, sizeof ip);
    memcpy(bytes + sizeof ip + sizeof icmp, came, HEADERS6);
    memcpy(bytes + sizeof ip, &icmp, sizeof icmp);
    icmp.icmp6_cksum = htons((uint16_t)~sum(bytes + sizeof ip, length, pseudo6(&ip, ip.ip6_nxt)));
    memcpy(bytes + sizeof ip, &icmp, sizeof icmp);
    ck_assert_int_eq(ifc.netdev_send(ifc.userdata, bytes, sizeof ip + length), 0);
}

/* ---- Sockets --------------------------------------------------------------------------------- */

static struct sockaddr_in6 sockaddr6(const char *text, uint16_t port)
{
    return (struct sockaddr_in6){ .sin6_family = AF_INET6,
                                  .sin6_port = htons(port),
                                  .sin6_addr = address6(text) };
}

static int bound6(const char *text)
{
    struct sockaddr_in6 local = sockaddr6(text, PORT);
    int fd = ifc.socket(ifc.userdata, AF_INET6, SOCK_STREAM, IPPROTO_TCP);

    ck_assert_int_ge(fd, 3);
    ck_assert_int_eq(ifc.bind(ifc.userdata, fd, (struct sockaddr *)&local, sizeof local), 0);
    return fd;
}

static int listener6(const char *text)
{
    int fd = bound6(text);

    ck_assert_int_eq(ifc.listen(ifc.userdata, fd, 5), 0);
    return fd;
}

static int accepted6(int fd)
{
    struct in6_addr peer = address6(REMOTE6);
    struct sockaddr_in6 remote;
    socklen_t length = sizeof remote;

    inject6(TH_SYN, 0, 0, 0);
    struct tcphdr syn_ack = receive6(NULL);
    ck_assert_uint_eq(syn_ack.th_flags, TH_SYN | TH_ACK);
    iss = ntohl(syn_ack.th_seq);
    inject6(TH_ACK, 1, iss + 1, 0);
    int new = ifc.accept(ifc.userdata, fd, (struct sockaddr *)&remote, &length);
    ck_assert_int_ge(new, 0);
    ck_assert_uint_eq(remote.sin6_family, AF_INET6);
    ck_assert_mem_eq(&remote.sin6_addr, &peer, sizeof peer);
    ck_assert_uint_eq(ntohs(remote.sin6_port), REMOTE_PORT);
    return new;
}

/* Non-blocking; its SYN is in `came`. */
static int connecting6(void)
{
    struct sockaddr_in6 remote = sockaddr6(REMOTE6, REMOTE_PORT);
    int fd = bound6(LOCAL6);

    ck_assert_int_eq(ifc.fcntl(ifc.userdata, fd, F_SETFL, O_RDWR | O_NONBLOCK), 0);
    ck_assert_int_eq(ifc.connect(ifc.userdata, fd, (struct sockaddr *)&remote, sizeof remote), -1);
    ck_assert_int_eq(errno, EINPROGRESS);
    ck_assert_uint_eq(receive6(NULL).th_flags, TH_SYN);
    return fd;
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static struct tcp_info info_of(int fd)
{
    struct tcp_info info;
    socklen_t length = sizeof info;

    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
    return info;
}

/* The segment size is the MTU less 60 (RFC 8200 8.3); a SYN without the option stands for 1220 (RFC
 * 9293 3.7.1). */
START_TEST(data_both_ways)
{
    static const uint8_t offered[] = { 2, 4, 1440 >> 8, 1440 & 0xff };
    uint8_t bytes[3000] = { 0 };
    uint16_t data;

    begin();
    int fd = accepted6(listener6(LOCAL6));
    ck_assert_mem_eq(came + HEADERS6, offered, sizeof offered);
    ck_assert_uint_eq(info_of(fd).tcpi_snd_mss, 1220);
    ck_assert_uint_eq(info_of(fd).tcpi_pmtu, 1500);
    inject6(TH_ACK | TH_PUSH, 1, iss + 1, 1000);
    ck_assert_uint_eq(ntohl(receive6(NULL).th_ack), 1001);
    ck_assert_int_eq(ifc.read(ifc.userdata, fd, bytes, sizeof bytes), 1000);
    ck_assert_int_eq(ifc.write(ifc.userdata, fd, bytes, 500), 500);
    ck_assert_uint_eq(ntohl(receive6(&data).th_seq), iss + 1);
    ck_assert_uint_eq(data, 500);
    end();
}
END_TEST

/* IPV6_TCLASS and IPV6_UNICAST_HOPS (RFC 3542 6.5, RFC 3493 5.1); the flow label is the same for
 * all packets of a flow, and not 0 (RFC 6437 3). */
START_TEST(header_fields)
{
    struct ip6_hdr first, second;
    size_t length;

    begin();
    int fd = listener6(LOCAL6);
    ck_assert_int_eq(int_option(fd, SOL6, IPV6_TCLASS, 0x28), 0);
    ck_assert_int_eq(int_option(fd, SOL6, IPV6_UNICAST_HOPS, 7), 0);
    inject6(TH_SYN, 0, 0, 0);
    first = receive_any6(&length);
    second = receive_any6(&length); /* once more, after a second */
    ck_assert_uint_eq(ntohl(first.ip6_flow) >> 20 & 0xff, 0x28);
    ck_assert_uint_eq(first.ip6_hlim, 7);
    ck_assert_uint_ne(ntohl(first.ip6_flow) & 0xfffff, 0);
    ck_assert_uint_eq(first.ip6_flow, second.ip6_flow);
    end();
}
END_TEST

/* The ECN field is two bits of the traffic class (RFC 3168 5): CE is echoed. */
START_TEST(congestion_experienced)
{
    begin_with("net.ipv4.tcp_ecn=1\n");
    int fd = listener6(LOCAL6);
    inject6(TH_SYN | ECE | CWR, 0, 0, 0);
    struct tcphdr syn_ack = receive6(NULL);
    ck_assert_uint_eq(syn_ack.th_flags, TH_SYN | TH_ACK | ECE);
    iss = ntohl(syn_ack.th_seq);
    inject6(TH_ACK, 1, iss + 1, 0);
    fd = ifc.accept(ifc.userdata, fd, NULL, NULL);
    traffic_class = 3;
    inject6(TH_ACK | TH_PUSH, 1, iss + 1, 100);
    traffic_class = 0;
    ck_assert_uint_eq(receive6(NULL).th_flags, TH_ACK | ECE);
    end_with();
}
END_TEST

/* A damaged segment stays damaged. */
START_TEST(wrong_checksum)
{
    uint8_t bytes[HEADERS6] = { 0 };
    struct ip6_hdr ip = header6(REMOTE6, LOCAL6, IPPROTO_TCP, sizeof(struct tcphdr));
    size_t length = sizeof came;
    long long time;

    begin();
    listener6(LOCAL6);
    memcpy(bytes, &ip, sizeof ip);
    bytes[sizeof ip + 12] = 5 << 4;
    bytes[sizeof ip + 13] = TH_SYN;
    ck_assert_int_eq(ifc.netdev_send(ifc.userdata, bytes, sizeof bytes), 0);
    ck_assert_int_eq(ifc.netdev_receive(ifc.userdata, came, &length, &time), 0);
    ck_assert_uint_eq(length, 1); /* nothing will ever leave */
    end();
}
END_TEST

/* RFC 4443 3 has the codes; errnos are Linux 6.18's (icmpv6_err_convert). */
START_TEST(errors_end_a_handshake)
{
    static const struct {
        uint8_t type, code;
        int error;
    } cases[] = {
        { 1, 0, ENETUNREACH },  { 1, 1, EACCES }, { 1, 2, EHOSTUNREACH }, { 1, 3, EHOSTUNREACH },
        { 1, 4, ECONNREFUSED }, { 1, 5, EACCES }, { 1, 6, EACCES },       { 3, 0, EHOSTUNREACH },
        { 4, 0, EPROTO },       { 4, 1, EPROTO },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int error = 0;
        socklen_t length = sizeof error;
        begin();
        int fd = connecting6();
        inject_error6(cases[i].type, cases[i].code, 0);
        ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, SOL_SOCKET, SO_ERROR, &error, &length),
                         0);
        ck_assert_int_eq(error, cases[i].error);
        end();
    }
}
END_TEST

/* Once the connection stands errors are remembered, or told at once with IPV6_RECVERR. */
START_TEST(errors_of_a_connection)
{
    for (int told = 0; told < 2; told++) {
        begin();
        int fd = accepted6(listener6(LOCAL6));
        ck_assert_int_eq(int_option(fd, SOL6, IPV6_RECVERR, told), 0);
        ck_assert_int_eq(ifc.write(ifc.userdata, fd, "hello", 5), 5);
        receive6(NULL);
        inject_error6(ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_ADMIN, 0);
        ck_assert_int_eq(ifc.write(ifc.userdata, fd, "hello", 5), told ? -1 : 5);
        if (told)
            ck_assert_int_eq(errno, EACCES);
        end();
    }
}
END_TEST

static int path_mtu(int fd)
{
    int mtu = 0;
    socklen_t length = sizeof mtu;

    ck_assert_int_eq(ifc.getsockopt(ifc.userdata, fd, SOL6, IPV6_MTU, &mtu, &length), 0);
    return mtu;
}

/* RFC 8201 4: segments shrink at once, and nobody is believed who says less than 1280. */
START_TEST(packet_too_big)
{
    static const uint8_t mss[] = { 2, 4, 1440 >> 8, 1440 & 0xff };
    static const struct {
        uint32_t mtu, path;
    } cases[] = { { 1300, 1300 }, { 1280, 1280 }, { 1279, 1500 } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint8_t bytes[1440] = { 0 };
        uint16_t data;
        begin();
        int fd = listener6(LOCAL6);
        inject6_data(TH_SYN, 0, 0, mss, sizeof mss, 0);
        iss = ntohl(receive6(NULL).th_seq);
        inject6(TH_ACK, 1, iss + 1, 0);
        fd = ifc.accept(ifc.userdata, fd, NULL, NULL);
        ck_assert_int_eq(ifc.write(ifc.userdata, fd, bytes, sizeof bytes), sizeof bytes);
        receive6(&data);
        ck_assert_uint_eq(data, sizeof bytes);
        inject_error6(ICMP6_PACKET_TOO_BIG, 0, cases[i].mtu);
        ck_assert_int_eq(path_mtu(fd), (int)cases[i].path);
        ck_assert_uint_eq(info_of(fd).tcpi_snd_mss, cases[i].path - 60);
        end();
    }
}
END_TEST

/* The cookie that Linux 6.18 gives fd3d:fa7b:d17d::1 with this key, as that kernel put it on a TUN
 * device. */
START_TEST(fastopen_cookie)
{
    static const uint8_t request[] = { 34, 2, 1, 1 };
    static const uint8_t cookie[] = { 34, 10, 0xc1, 0xd1, 0xe9, 0x74, 0x2a, 0x47, 0xa9, 0xbc };

    begin_with("net.ipv4.tcp_fastopen=3\n"
               "net.ipv4.tcp_fastopen_key=a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4\n");
    int fd = listener6(LOCAL6);
    ck_assert_int_eq(int_option(fd, IPPROTO_TCP, TCP_FASTOPEN, 5), 0);
    inject6_data(TH_SYN, 0, 0, request, sizeof request, 0);
    receive6(NULL);
    ck_assert_ptr_nonnull(memmem(came + HEADERS6, 40, cookie, sizeof cookie));
    end_with();
}
END_TEST

/* Linux's SYN cookies know 1220, 1420, 1440 and 8940 over IPv6 (syncookies.c's msstab, by MTU). */
START_TEST(syn_cookie_sizes)
{
    static const uint16_t cases[][2] = { { 1300, 1220 }, { 1430, 1420 }, { 1440, 1440 } };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint8_t offer[] = { 2, 4, (uint8_t)(cases[i][0] >> 8), (uint8_t)cases[i][0] };
        begin_with("net.ipv4.tcp_syncookies=2\n");
        int fd = listener6(LOCAL6);
        inject6_data(TH_SYN, 0, 0, offer, sizeof offer, 0);
        iss = ntohl(receive6(NULL).th_seq);
        inject6(TH_ACK, 1, iss + 1, 0);
        fd = ifc.accept(ifc.userdata, fd, NULL, NULL);
        ck_assert_uint_eq(info_of(fd).tcpi_snd_mss, cases[i][1]);
        end_with();
    }
}
END_TEST

/* RFC 3493 3.7: a socket of AF_INET6 bound to no address takes both; an IPv4 peer is mapped. */
START_TEST(both_versions_at_one_socket)
{
    struct in6_addr mapped = address6("::ffff:" REMOTE);
    struct sockaddr_in6 remote;
    socklen_t length = sizeof remote;

    begin();
    int fd = listener6("::");
    accepted6(fd);
    shake_hands();
    ck_assert_int_ge(ifc.accept(ifc.userdata, fd, (struct sockaddr *)&remote, &length), 0);
    ck_assert_mem_eq(&remote.sin6_addr, &mapped, sizeof mapped);
    end();
}
END_TEST

/* RFC 4443 4.2 and 3.1: echoes are answered, and so are datagrams to a port that nobody has. */
START_TEST(echo_and_port_unreachable)
{
    static const uint8_t echo[] = { 128, 0, 0, 0, 0x12, 0x34, 0, 1, 'w', 'e', 'f', 't' };
    static const uint8_t datagram[] = { 0x9c, 0x40, 0x1f, 0x90, 0, 12, 0, 0, 'w', 'e', 'f', 't' };
    size_t length;

    begin();
    for (int udp = 0; udp < 2; udp++) {
        uint8_t bytes[sizeof(struct ip6_hdr) + sizeof echo];
        struct ip6_hdr ip =
            header6(REMOTE6, LOCAL6, udp ? IPPROTO_UDP : IPPROTO_ICMPV6, sizeof echo);
        memcpy(bytes, &ip, sizeof ip);
        memcpy(bytes + sizeof ip, udp ? datagram : echo, sizeof echo);
        uint16_t check = (uint16_t)~sum(bytes + sizeof ip, sizeof echo, pseudo6(&ip, ip.ip6_nxt));
        size_t at = sizeof ip + (udp ? 6 : 2);
        bytes[at] = (uint8_t)(check >> 8);
        bytes[at + 1] = (uint8_t)check;
        ck_assert_int_eq(ifc.netdev_send(ifc.userdata, bytes, sizeof bytes), 0);
        ck_assert_uint_eq(receive_any6(&length).ip6_nxt, IPPROTO_ICMPV6);
        ck_assert_uint_eq(came[sizeof ip], udp ? ICMP6_DST_UNREACH : ICMP6_ECHO_REPLY);
        ck_assert_uint_eq(came[sizeof ip + 1], udp ? ICMP6_DST_UNREACH_NOPORT : 0);
        if (udp) /* RFC 4443 3.1: as much as possible of the packet */
            ck_assert_mem_eq(came + sizeof ip + 8, bytes, sizeof bytes);
        else
            ck_assert_mem_eq(came + sizeof ip + 4, echo + 4, sizeof echo - 4);
    }
    end();
}
END_TEST

/* Left out: extension headers (RFC 8200 4), of which nothing comes back. */
START_TEST(extension_headers)
{
    uint8_t bytes[sizeof(struct ip6_hdr) + 8] = { 0 };
    struct ip6_hdr ip = header6(REMOTE6, LOCAL6, IPPROTO_HOPOPTS, 8);
    size_t length = sizeof came;
    long long time;

    begin();
    memcpy(bytes, &ip, sizeof ip);
    bytes[sizeof ip] = IPPROTO_TCP;
    for (size_t n = 1; n <= sizeof bytes; n++)
        ck_assert_int_eq(ifc.netdev_send(ifc.userdata, bytes, n), 0);
    ck_assert_int_eq(ifc.netdev_receive(ifc.userdata, came, &length, &time), 0);
    ck_assert_uint_eq(length, 1);
    end();
}
END_TEST

SUITE("tools/packetdrill: IPv6", data_both_ways, header_fields, congestion_experienced,
      wrong_checksum, errors_end_a_handshake, errors_of_a_connection, packet_too_big,
      fastopen_cookie, syn_cookie_sizes, both_versions_at_one_socket, echo_and_port_unreachable,
      extension_headers)

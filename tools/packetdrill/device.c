/* The device that scripts think they use: tun0 of the kernel, which they configure with ethtool(8),
 * ip-link(8) and tc(8).  It carries no packet; what is asked is
 * - whether the stack may hand it super-segments: unless that has been switched off since it was
 *   first seen, as a device that nobody has opened (ip tuntap add) has no TSO to begin with,
 * - its MTU, once that is another than in the beginning,
 * - its queueing discipline: fq paces every connection, a pfifo or bfifo without room lets nothing
 *   out.  Others change nothing, as a TUN device is read at once.  Where the kernel has no fq, or
 *   there is no device, a line net.core.default_qdisc=fq of the file of sysctls says it. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/packetdrill/drill.h"

static const char tun[] = "tun0";

/* ---- ioctl ---------------------------------------------------------------------------------- */

/* True as well if the device does not say. */
static bool is_on(int fd, uint32_t question)
{
    struct ethtool_value value = { .cmd = question };
    struct ifreq request = { .ifr_data = (char *)&value };

    g_strlcpy(request.ifr_name, tun, sizeof request.ifr_name);
    return ioctl(fd, SIOCETHTOOL, &request) != 0 || value.data != 0;
}

/* Without TSO from the beginning it is GSO that scripts switch off. */
static bool segments_for_us(struct drill *drill, int fd)
{
    if (!drill->offload)
        drill->offload = is_on(fd, ETHTOOL_GTSO) ? ETHTOOL_GTSO : ETHTOOL_GGSO;
    return is_on(fd, drill->offload);
}

static uint32_t read_mtu(int fd)
{
    struct ifreq request = { .ifr_mtu = 0 };

    g_strlcpy(request.ifr_name, tun, sizeof request.ifr_name);
    return ioctl(fd, SIOCGIFMTU, &request) == 0 ? (uint32_t)request.ifr_mtu : 0;
}

static void follow_mtu(struct drill *drill, uint32_t mtu)
{
    if (mtu == drill->device_mtu || mtu == 0)
        return;
    if (drill->device_mtu)
        ip_iface_set_mtu(&drill->iface, drill->mtu = mtu);
    drill->device_mtu = mtu;
}

/* ---- rtnetlink ------------------------------------------------------------------------------- */

/* What the root discipline of the device is. */
struct discipline {
    char kind[IFNAMSIZ];
    bool full; /* there is room for nothing */
};

static void read_attributes(struct rtattr *a, int length, struct discipline *out)
{
    for (; RTA_OK(a, length); a = RTA_NEXT(a, length)) {
        struct tc_fifo_qopt fifo;
        if (a->rta_type == TCA_KIND) {
            g_strlcpy(out->kind, RTA_DATA(a), sizeof out->kind);
        } else if (a->rta_type == TCA_OPTIONS && RTA_PAYLOAD(a) == sizeof fifo &&
                   g_str_has_suffix(out->kind, "fifo")) {
            memcpy(&fifo, RTA_DATA(a), sizeof fifo);
            out->full = fifo.limit == 0;
        }
    }
}

/* One message of the kernel's answer; false: it was the last. */
static bool read_message(struct nlmsghdr *message, int ifindex, struct discipline *out)
{
    struct tcmsg *tc = NLMSG_DATA(message);

    if (message->nlmsg_type != RTM_NEWQDISC)
        return message->nlmsg_type != NLMSG_DONE && message->nlmsg_type != NLMSG_ERROR;
    if (tc->tcm_ifindex == ifindex && tc->tcm_parent == TC_H_ROOT)
        read_attributes(TCA_RTA(tc), (int)TCA_PAYLOAD(message), out);
    return true;
}

static void read_discipline(int ifindex, struct discipline *out)
{
    struct {
        struct nlmsghdr header;
        struct tcmsg tc;
    } ask = { { .nlmsg_len = sizeof ask,
                .nlmsg_type = RTM_GETQDISC,
                .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
              { .tcm_ifindex = ifindex } };
    union {
        struct nlmsghdr header;
        char bytes[16384];
    } answer;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    bool more = fd >= 0 && send(fd, &ask, sizeof ask, 0) == sizeof ask;

    while (more) {
        ssize_t n = recv(fd, &answer, sizeof answer, 0);
        struct nlmsghdr *message = &answer.header;
        for (more = n > 0; more && NLMSG_OK(message, n); message = NLMSG_NEXT(message, n))
            more = read_message(message, ifindex, out);
    }
    if (fd >= 0)
        close(fd);
}

/* ---- Between TCP and the host ---------------------------------------------------------------- */

static int net_send(void *data, struct packet *packet, const struct ip_tx *tx,
                    struct ip_route_cache *cache)
{
    static DROP_REASON(tun_full, "tun0 has a queueing discipline without room");
    struct drill *drill = data;

    if (!drill->full)
        return drill->below->send(drill->below_data, packet, tx, cache);
    packet_drop(packet, &drill->drops, &drop_tun_full);
    return XMIT_DROPPED;
}

static bool net_route(void *data, const struct ip_addr *dst, struct ip_addr *src, uint32_t *mtu)
{
    struct drill *drill = data;

    if (!drill->below->route(drill->below_data, dst, src, mtu))
        return false;
    *mtu -= drill_header_growth(drill, dst);
    return true;
}

static struct ip_addr net_outside(void *data, const struct ip_addr *addr)
{
    return drill_outside(data, addr);
}

static uint32_t net_init_cwnd(void *data, const struct ip_addr *dst)
{
    struct drill *drill = data;
    return drill->below->init_cwnd(drill->below_data, dst);
}

void drill_device_init(struct drill *drill)
{
    static const struct tcp_net net = {
        .send = net_send, .route = net_route, .init_cwnd = net_init_cwnd, .outside = net_outside
    };
    struct tcp_stack *tcp = node_tcp(drill->node);

    drill->below = tcp->net;
    drill->below_data = tcp->net_data;
    tcp->net = &net;
    tcp->net_data = drill;
    tcp->small_queues = false; /* a TUN device has no queue */
    drill_read_device(drill);
}

void drill_read_device(struct drill *drill)
{
    struct tcp_stack *tcp = node_tcp(drill->node);
    struct discipline discipline = { .full = false };
    const char *kind = g_hash_table_lookup(drill->sysctls, DRILL_QDISC);
    int ifindex = (int)if_nametoindex(tun);
    int fd = ifindex > 0 ? socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;

    tcp->paces_all = g_strcmp0(kind, "fq") == 0;
    if (fd < 0)
        return;
    tcp->gso_whole = segments_for_us(drill, fd);
    follow_mtu(drill, read_mtu(fd));
    close(fd);
    read_discipline(ifindex, &discipline);
    if (!kind)
        tcp->paces_all = strcmp(discipline.kind, "fq") == 0;
    drill->full = discipline.full;
}

/* The device that scripts think they use: tun0 of the kernel, which they configure with ethtool(8).
 * It carries no packet; what is asked is whether the stack may hand it super-segments. */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/packetdrill/drill.h"

/* True as well if there is no such device. */
static bool segments_for_us(const char *name)
{
    struct ethtool_value value = { .cmd = ETHTOOL_GTSO };
    struct ifreq request = { .ifr_data = (char *)&value };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    g_strlcpy(request.ifr_name, name, sizeof request.ifr_name);
    bool off = fd >= 0 && ioctl(fd, SIOCETHTOOL, &request) == 0 && value.data == 0;
    if (fd >= 0)
        close(fd);
    return !off;
}

void drill_read_device(struct drill *drill)
{
    node_tcp(drill->node)->gso_whole = segments_for_us("tun0");
}

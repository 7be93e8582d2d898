/* Addresses of system calls.  Those of IPv6 are mapped ones (RFC 4291 2.5.5.2), which are IPv4, or
 * have an alias. */
#include <netinet/in.h>
#include <string.h>

#include "tools/packetdrill/drill.h"

static bool read_v6(struct drill *drill, const struct sockaddr *addr, bool own,
                    struct socket_addr *out)
{
    struct sockaddr_in6 in6;
    struct ip_addr v6;

    memcpy(&in6, addr, sizeof in6);
    memcpy(&v6, &in6.sin6_addr, sizeof v6);
    *out = (struct socket_addr){ .port = ntohs(in6.sin6_port) };
    if (ip_addr_is_v4(&v6))
        out->addr = v6;
    else if (!IN6_IS_ADDR_UNSPECIFIED(&in6.sin6_addr))
        out->addr = own ? drill_alias_own(drill, &v6) : drill_alias(drill, &v6);
    return true;
}

static bool read_v4(const struct sockaddr *addr, struct socket_addr *out)
{
    struct sockaddr_in in;

    memcpy(&in, addr, sizeof in);
    *out = (struct socket_addr){ .port = ntohs(in.sin_port) };
    if (in.sin_addr.s_addr != INADDR_ANY)
        out->addr = ip_addr_of_v4(ntohl(in.sin_addr.s_addr));
    return in.sin_family == AF_INET;
}

bool drill_read_addr(struct drill *drill, const struct sockaddr *addr, socklen_t length, bool own,
                     struct socket_addr *out)
{
    if (length >= sizeof(struct sockaddr_in6) && addr->sa_family == AF_INET6)
        return read_v6(drill, addr, own, out);
    return length >= sizeof(struct sockaddr_in) && read_v4(addr, out);
}

/* Copies as much as there is room for, and says how much there is. */
static void give_addr(struct sockaddr *addr, socklen_t *length, const void *from, size_t size)
{
    memcpy(addr, from, MIN(*length, size));
    *length = (socklen_t)size;
}

void drill_write_addr(const struct drill *drill, const struct socket_addr *from, bool v6,
                      struct sockaddr *addr, socklen_t *length)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(from->port) };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(from->port) };
    struct ip_addr outside = drill_outside(drill, &from->addr);

    if (!addr || !length)
        return;
    memcpy(&in6.sin6_addr, &outside, sizeof in6.sin6_addr);
    if (ip_addr_is_v4(&from->addr))
        in.sin_addr.s_addr = htonl(ip_addr_v4(&from->addr));
    if (v6)
        give_addr(addr, length, &in6, sizeof in6);
    else
        give_addr(addr, length, &in, sizeof in);
}

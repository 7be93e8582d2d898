/* Options of SOL_IPV6: those that say for IPv6 what one of SOL_IP says for IPv4 are that one, as a
 * socket has one kind of packets (RFC 3493, RFC 3542).  Others change nothing (calls.c). */
#include "tools/packetdrill/drill.h"

enum { SOL_IPV6_ = 41, SOL_IP_ = 0 };
enum { IP_TOS_ = 1, IP_TTL_ = 2, IP_MTU_DISCOVER_ = 10, IP_RECVERR_ = 11, IP_MTU_ = 14 };
enum { UNICAST_HOPS = 16, MTU_DISCOVER = 23, MTU = 24, RECVERR = 25, TCLASS = 67 };

static const struct counterpart {
    int name, v4;
} counterparts[] = {
    { UNICAST_HOPS, IP_TTL_ }, { MTU_DISCOVER, IP_MTU_DISCOVER_ },
    { MTU, IP_MTU_ },          { RECVERR, IP_RECVERR_ },
    { TCLASS, IP_TOS_ },
};

void drill_option_v4(const struct drill_file *file, int *level, int *name)
{
    for (size_t i = 0; file->v6 && *level == SOL_IPV6_ && i < G_N_ELEMENTS(counterparts); i++)
        if (counterparts[i].name == *name) {
            *level = SOL_IP_;
            *name = counterparts[i].v4;
            return;
        }
}

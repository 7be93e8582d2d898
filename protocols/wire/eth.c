#include "protocols/wire/eth.h"

#include <stdio.h>

char *eth_addr_format(const struct eth_addr *a, char *buf)
{
    snprintf(buf, ETH_ADDR_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", a->b[0], a->b[1], a->b[2],
             a->b[3], a->b[4], a->b[5]);
    return buf;
}

/* Addresses of IPv6, each of which has an alias in the simulated host: an explicit address mapping
 * (RFC 7757), which grows with each address that is seen.  Aliases are of 198.18.0.0/15, which is
 * nobody's (RFC 2544).  Those of the host itself are addresses of its interface; all others are on
 * the link as far as it knows. */
#include "tools/packetdrill/translate.h"

enum { POOL = 0xc6120000, POOL_LENGTH = 15, POOL_SIZE = 0x1fffe };

static bool in_pool(ip4 addr)
{
    return (addr & ip4_mask(POOL_LENGTH)) == POOL;
}

/* 0: it has none. */
static ip4 find(const struct drill *drill, const struct ip_addr *v6)
{
    for (guint i = 0; i < drill->aliased->len; i++)
        if (ip_addr_equal(&g_array_index(drill->aliased, struct ip_addr, i), v6))
            return POOL + 1 + i;
    return 0;
}

static ip4 add(struct drill *drill, const struct ip_addr *v6)
{
    assert(drill->aliased->len < POOL_SIZE);
    g_array_append_val(drill->aliased, *v6);
    return POOL + drill->aliased->len;
}

struct ip_addr drill_alias_own(struct drill *drill, const struct ip_addr *v6)
{
    ip4 alias = find(drill, v6);

    if (!alias) {
        alias = add(drill, v6);
        ip_iface_add_address(&drill->iface, alias, POOL_LENGTH);
    }
    return ip_addr_of_v4(alias);
}

/* The host needs an address of its own to speak from. */
struct ip_addr drill_alias(struct drill *drill, const struct ip_addr *v6)
{
    ip4 alias = find(drill, v6);

    if (!alias && drill->aliased->len == 0 && !ip_addr_equal(v6, &drill->local6))
        drill_alias_own(drill, &drill->local6);
    if (!alias) {
        alias = add(drill, v6);
        drill_add_neighbour(drill, alias);
    }
    return ip_addr_of_v4(alias);
}

struct ip_addr drill_outside(const struct drill *drill, const struct ip_addr *addr)
{
    ip4 v4 = ip_addr_is_v4(addr) ? ip_addr_v4(addr) : 0;

    if (!in_pool(v4) || v4 - POOL - 1 >= drill->aliased->len)
        return *addr;
    return g_array_index(drill->aliased, struct ip_addr, v4 - POOL - 1);
}

uint32_t drill_header_growth(const struct drill *drill, const struct ip_addr *addr)
{
    struct ip_addr outside = drill_outside(drill, addr);

    return ip_addr_is_v4(&outside) ? 0 : IPV6_GROWTH;
}

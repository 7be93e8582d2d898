/* What can be set about LACP, and how its figures are written. */
#include "protocols/l2/lacp.h"

static const char *const rate_words[] = { "slow", "fast", NULL };
static const char *const select_words[] = { "stable", "bandwidth", "count", NULL };

/* Names and defaults are those of Linux's bonding (Documentation/networking/bonding.rst). */
#define AT(field) offsetof(struct lacp_config, field)
const struct param lacp_params[] = {
    { "lacp_rate", PARAM_ENUM, AT(rate), "slow", 0, 0,
      "how often the partner is asked to send: fast (each second; it is taken for dead after 3 s), "
      "slow (each 30 s; 90 s)",
      rate_words },
    { "lacp_active", PARAM_BOOL, AT(active), "yes", 0, 0,
      "sends LACPDUs without being spoken to; of two ends one must", NULL },
    { "ad_select", PARAM_ENUM, AT(select), "stable", 0, 0,
      "of links to several partners those to one are used: stable (most bandwidth, and then as "
      "long "
      "as it lasts), bandwidth, count (of links)",
      select_words },
    { "system_priority", PARAM_U32, AT(system_priority), "65535", 1, 65535,
      "of the system, in LACPDUs", NULL },
    { "port_priority", PARAM_U32, AT(port_priority), "255", 1, 65535, "of the ports, in LACPDUs",
      NULL },
    { "max_links", PARAM_U32, AT(max_links), "0", 0, 256,
      "links used at a time, those with the least port priority at the system with the least "
      "system "
      "priority; the others stand by; 0: all",
      NULL },
    PARAM_END
};
#undef AT

/* A rate between two rows has the slower one's number. */
uint16_t lacp_key(uint32_t user_key, uint64_t rate_bps)
{
    static const uint64_t rates[] = { 1000000,     10000000,     100000000,    1000000000,
                                      2500000000,  5000000000,   10000000000,  14000000000,
                                      20000000000, 25000000000,  40000000000,  50000000000,
                                      56000000000, 100000000000, 200000000000, 400000000000,
                                      800000000000 };
    uint32_t speed = 0;

    while (speed < G_N_ELEMENTS(rates) && rates[speed] <= rate_bps)
        speed++;
    return (uint16_t)(user_key << 6 | speed << 1 | 1); /* bit 0: full duplex */
}

const char *const lacp_receive_words[] = { "port disabled", "expired", "defaulted", "current",
                                           NULL };
const char *const lacp_periodic_words[] = { "no periodic", "fast", "slow", NULL };
const char *const lacp_mux_words[] = { "detached", "waiting", "attached", "collecting distributing",
                                       NULL };
const char *const lacp_selected_words[] = { "unselected", "selected", "standby", NULL };

char *lacp_state_format(uint8_t state, char *buf)
{
    static const char letters[] = "ASGSCDFE";

    for (int i = 0; i < 8; i++)
        buf[i] = state >> i & 1 ? letters[i] : '-';
    if (!(state & LACP_TIMEOUT))
        buf[1] = 'L';
    buf[8] = 0;
    return buf;
}

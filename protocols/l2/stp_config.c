/* What can be set about a spanning tree, and how its figures are written. */
#include <stdio.h>

#include "protocols/l2/stp.h"

enum { SYSTEM_ID_MAX = 4095, PRIORITY_STEP = 4096, PORT_PRIORITY_STEP = 16 };

static const char *const mode_words[] = { "off", "stp", "rstp", NULL };
static const char *const cost_words[] = { "auto", "short", "long", NULL };
static const char *const choice_words[] = { "auto", "yes", "no", NULL };

/* Ranges and defaults: 802.1D-1998 tables 8-3 to 8-5, 802.1D-2004 tables 17-1 and 17-2. */
#define AT(field) offsetof(struct stp_config, field)
const struct param stp_params[] = {
    { "stp", PARAM_ENUM, AT(mode), "off", 0, 0, "which spanning tree protocol runs", mode_words },
    { "priority", PARAM_U32, AT(priority), "32768", 0, 61440,
      "of the bridge; the least is the root; a multiple of 4096" },
    { "system_id", PARAM_U32, AT(system_id), "0", 0, SYSTEM_ID_MAX,
      "extension of the bridge's identifier (a VLAN)" },
    { "hello_time", PARAM_TIME, AT(hello), "2s", 1, 10, "between the root's BPDUs" },
    { "max_age", PARAM_TIME, AT(max_age), "20s", 6, 40, "how old what a BPDU says may get" },
    { "forward_delay", PARAM_TIME, AT(forward_delay), "15s", 4, 30,
      "a port listens, and then learns, so long" },
    { "tx_hold", PARAM_U32, AT(tx_hold), "6", 1, 10,
      "BPDUs that RSTP sends at once; then one a second" },
    { "path_cost", PARAM_ENUM, AT(cost_method), "auto", 0, 0,
      "default path costs: short (16 bits, 802.1D-1998), long (32 bits, 802.1D-2004); auto: short "
      "with STP, long with RSTP",
      cost_words },
    PARAM_END
};
#undef AT

#define AT(field) offsetof(struct stp_port_config, field)
const struct param stp_port_params[] = {
    { "priority", PARAM_U32, AT(priority), "128", 0, 240,
      "among the bridge's ports; a multiple of 16" },
    { "cost", PARAM_U32, AT(cost), "0", 0, 200000000, "path cost; 0: from the link's rate" },
    { "edge", PARAM_ENUM, AT(edge), "auto", 0, 0,
      "only hosts behind it: forwards at once (auto: RSTP finds out, STP does not)", choice_words },
    { "point_to_point", PARAM_ENUM, AT(point_to_point), "auto", 0, 0,
      "one bridge at most behind it (auto: full duplex)", choice_words },
    { "bpdu_guard", PARAM_BOOL, AT(bpdu_guard), "no", 0, 0, "a BPDU closes the port" },
    { "root_guard", PARAM_BOOL, AT(root_guard), "no", 0, 0,
      "never becomes the root port: blocks while it hears of a better root" },
    PARAM_END
};
#undef AT

static bool multiple_of(const char *what, uint32_t value, uint32_t step, uint32_t max,
                        GError **error)
{
    if (value % step == 0 && value <= max)
        return true;
    uint32_t below = value > max ? max : value / step * step;
    if (below + step > max)
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE, "%s %u: must be a multiple of %u; use %u",
                    what, value, step, below);
    else
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "%s %u: must be a multiple of %u; use %u or %u", what, value, step, below,
                    below + step);
    return false;
}

/* 2 x (forward delay - 1 s) >= max age >= 2 x (hello + 1 s): 802.1D-1998 8.10.2, 802.1D-2004
 * 17.14. */
bool stp_config_check(const struct stp_config *c, GError **error)
{
    if (!multiple_of("priority", c->priority, PRIORITY_STEP, 61440, error))
        return false;
    if (2 * (c->forward_delay - SIM_S) < c->max_age) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "forward_delay %gs: too short for max_age %gs; use at least %gs",
                    simtime_seconds(c->forward_delay), simtime_seconds(c->max_age),
                    simtime_seconds(c->max_age) / 2 + 1);
        return false;
    }
    if (c->max_age < 2 * (c->hello + SIM_S)) {
        g_set_error(error, WEFT_ERROR, WEFT_ERROR_RANGE,
                    "max_age %gs: too short for hello_time %gs; use at least %gs",
                    simtime_seconds(c->max_age), simtime_seconds(c->hello),
                    2 * (simtime_seconds(c->hello) + 1));
        return false;
    }
    return true;
}

bool stp_port_config_check(const struct stp_port_config *c, GError **error)
{
    return multiple_of("port priority", c->priority, PORT_PRIORITY_STEP, 240, error);
}

/* ---- Path costs ---------------------------------------------------------------------------- */

/* 802.1D-1998 table 8-5; a rate between two rows has the slower one's cost, above the last 1. */
uint32_t stp_cost_short(uint64_t rate_bps)
{
    static const struct {
        uint64_t rate_bps;
        uint32_t cost;
    } rows[] = { { 20000000000, 1 }, { 10000000000, 2 }, { 1000000000, 4 }, { 622000000, 6 },
                 { 155000000, 14 },  { 100000000, 19 },  { 45000000, 39 },  { 16000000, 62 },
                 { 10000000, 100 },  { 4000000, 250 } };

    if (rate_bps == 0)
        return 1; /* a link that takes no time */
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rate_bps >= rows[i].rate_bps)
            return rows[i].cost;
    uint64_t cost = 1000000000 / rate_bps;
    return cost > 65535 ? 65535 : (uint32_t)cost;
}

/* 802.1D-2004 table 17-3: 20 Tbit/s through the rate, at most 200 million. */
uint32_t stp_cost_long(uint64_t rate_bps)
{
    if (rate_bps == 0)
        return 1;
    uint64_t cost = 20000000000000 / rate_bps;
    return cost < 1 ? 1 : cost > 200000000 ? 200000000 : (uint32_t)cost;
}

/* ---- Names --------------------------------------------------------------------------------- */

const char *const stp_state_words[] = { "disabled", "blocking",   "listening",
                                        "learning", "forwarding", NULL };
const char *const stp_role_words[] = {
    "disabled", "alternate", "backup", "designated", "root", NULL
};

const char *stp_state_name(enum stp_mode mode, enum stp_state state)
{
    return mode == STP_RAPID && state == STP_BLOCKING ? "discarding" : stp_state_words[state];
}

const char *stp_role_name(enum stp_role role)
{
    return stp_role_words[role];
}

char *stp_id_format(uint64_t id, char *buf)
{
    struct eth_addr mac;
    char text[ETH_ADDR_TEXT];

    for (int i = 0; i < ETH_ADDR_LEN; i++)
        mac.b[i] = (uint8_t)(id >> (40 - 8 * i));
    snprintf(buf, STP_ID_TEXT, "%04x.%s", (unsigned)(id >> 48), eth_addr_format(&mac, text));
    return buf;
}

/* What LLDP says on the wire (IEEE 802.1AB-2016 clause 8): a list of TLVs, each a type of 7 bits, a
 * length of 9 and its value.  Chassis, port and time to live come first, in this order. */
#ifndef WEFT_PROTOCOLS_L2_LLDPDU_H
#define WEFT_PROTOCOLS_L2_LLDPDU_H

#include "protocols/ip/addr.h"
#include "protocols/wire/eth.h"

enum { ETH_TYPE_LLDP = 0x88cc, LLDPDU_MAX = 512 /* as long as ours get at most */ };

#define LLDP_GROUP ((struct eth_addr){ { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x0e } })

/* TLVs (table 8-1). */
enum lldp_tlv {
    LLDP_END = 0,
    LLDP_CHASSIS = 1,
    LLDP_PORT = 2,
    LLDP_TTL = 3,
    LLDP_PORT_DESCRIPTION = 4,
    LLDP_SYSTEM_NAME = 5,
    LLDP_SYSTEM_DESCRIPTION = 6,
    LLDP_CAPABILITIES = 7,
    LLDP_MANAGEMENT = 8,
};

/* How chassis (table 8-2) and ports (table 8-3) are named. */
enum lldp_subtype {
    LLDP_CHASSIS_MAC = 4,
    LLDP_PORT_MAC = 3,
    LLDP_PORT_NAME = 5,
};

/* System capabilities (table 8-4). */
enum lldp_capability {
    LLDP_OTHER = 0x001,
    LLDP_REPEATER = 0x002,
    LLDP_BRIDGE = 0x004,
    LLDP_ROUTER = 0x010,
    LLDP_STATION = 0x080, /* and nothing else */
};

enum { LLDP_ID_MAX = 255 };

/* A name with its subtype. */
struct lldp_id {
    uint8_t subtype, length;
    uint8_t bytes[LLDP_ID_MAX];
};

struct lldpdu {
    struct lldp_id chassis, port;
    uint16_t ttl;                            /* seconds; 0: forget me */
    char port_description[256], system[256]; /* "": not said */
    char description[256];
    bool has_capabilities;
    uint16_t capabilities, enabled; /* enum lldp_capability */
    ip4 management;                 /* 0: not said, or not IPv4 */
    uint32_t management_port;       /* its interface's number */
};

enum lldpdu_status {
    LLDPDU_OK,
    LLDPDU_MALFORMED, /* cut off, or what comes first is missing, twice there or of impossible
                         length */
};

/* Reads `len` bytes behind the Ethernet header.  TLVs of unknown types are passed over; what stands
 * behind the end is not looked at (clause 9.2.7). */
enum lldpdu_status lldpdu_parse(const uint8_t *buf, uint32_t len, struct lldpdu *pdu);

/* Writes into LLDPDU_MAX bytes and returns how many; texts that do not fit any more are left out.
 */
uint32_t lldpdu_emit(uint8_t *buf, const struct lldpdu *pdu);

/* Are these names the same? */
bool lldp_id_equal(const struct lldp_id *a, const struct lldp_id *b);

/* Made from an address or a text. */
struct lldp_id lldp_id_of_mac(uint8_t subtype, const struct eth_addr *mac);
/* Ditto; at most LLDP_ID_MAX bytes of it. */
struct lldp_id lldp_id_of_text(uint8_t subtype, const char *text);

enum { LLDP_ID_TEXT = 3 * LLDP_ID_MAX };

/* "02:00:00:00:00:01", "eth1", into `buf` of LLDP_ID_TEXT bytes; other bytes in hexadecimal. */
char *lldp_id_format(const struct lldp_id *id, bool is_mac, char *buf);

#endif

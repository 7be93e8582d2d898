/* What ICMP errors say, in words. */
#ifndef WEFT_MODELS_APP_ICMP_WORDS_H
#define WEFT_MODELS_APP_ICMP_WORDS_H

#include <stdint.h>

#include "models/node/network.h"

/* "port unreachable"; "ICMP error" for one that nobody knows. */
const char *icmp_words(uint8_t type, uint8_t code);

/* What traceroute(8) prints after a time: "!H", "!N", ..., "!<13>"; "" where there is nothing to
 * say, which is a port unreachable or a time exceeded.  Into `buf` of ICMP_MARK bytes; returns
 * buf. */
enum { ICMP_MARK = 16 };
const char *icmp_mark(uint8_t type, uint8_t code, uint32_t info, char *buf);

/* Who sent an error: "r1 (10.0.0.1)", or the address alone if nobody in the network has it.  The
 * caller frees it. */
char *icmp_reporter(const struct network *net, const struct ip_addr *from);

#endif

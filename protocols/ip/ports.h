/* A set of port numbers: net.ipv4.ip_local_reserved_ports, which are never chosen automatically. */
#ifndef WEFT_PROTOCOLS_IP_PORTS_H
#define WEFT_PROTOCOLS_IP_PORTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct ports {
    uint8_t bits[65536 / 8];
};

/* Reads "8080,9000-9005" as Linux does: numbers and ranges with commas between them, and no
 * blanks.  False with an error; else a set that the caller frees (g_free), NULL for "". */
bool ports_parse(const char *text, struct ports **out, GError **error);

/* The shortest such text; the caller frees it. */
char *ports_text(const struct ports *ports);

/* `ports` may be NULL, the empty set. */
static inline bool ports_has(const struct ports *ports, uint16_t port)
{
    return ports && ports->bits[port / 8] >> port % 8 & 1;
}

#endif

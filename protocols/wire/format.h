/* A frame in one line, as tcpdump prints it without options. */
#ifndef WEFT_PROTOCOLS_WIRE_FORMAT_H
#define WEFT_PROTOCOLS_WIRE_FORMAT_H

#include <glib.h>

#include "protocols/wire/view.h"

/* What to subtract from TCP's numbers, for those who remember where a connection began. */
struct format_base {
    uint32_t seq, ack;
};

/* Appends "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 64240, options [mss 1460],
 * length 0" or the like, without a newline.  `base` NULL: numbers as they are.  Differences from
 * tcpdump: fragments are marked "(frag id:length@offset+)" as its older versions did, and a quoted
 * datagram of an ICMP error that is cut short is not taken apart. */
void format_frame(GString *out, const struct packet *frame, const struct format_base *base);

/* The same of a frame that is parsed already. */
void format_view(GString *out, const struct view *view, const struct format_base *base);

#endif

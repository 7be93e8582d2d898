/* TCP segments in the notation of packetdrill and tcpdump, for conversations in which one end is
 * played by a script:
 *
 *     [ect0] P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 100 ecr 200>
 *
 * Flags: S F R P U, "." for ACK, E W A for ECE, CWR, AE, or a digit for these three (RFC 9768's ACE
 * field).  Numbers are relative to both ends' SYNs.  Options stand in their order: mss N, nop, eol,
 * sackOK, wscale N, TS val N ecr N, sack A:B C:D, FO or FO HEX, FOEXP or FOEXP HEX, ECN with the
 * counters e0b N, ceb N, e1b N, or "..." for any.
 *
 * A burst of equal segments is one line.  It is cut as a super-segment is, PSH and FIN on the last:
 *
 *     P. 1:4001(4*1000) ack 1      four segments, of which the fourth has PSH
 *     P. 1:4001(2*2*1000) ack 1    twice two: the second and the fourth have it */
#ifndef WEFT_MODELS_SCRIPT_SEGMENT_H
#define WEFT_MODELS_SCRIPT_SEGMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "protocols/wire/tcphdr.h"

/* Relations between a script's numbers and those on the wire. */
struct segment_map {
    uint32_t local_iss, remote_iss; /* of the host under test, of the script */
    uint32_t ts_offset;             /* wire minus script, of the host's timestamps */
    bool ts_known;
};

struct segment {
    uint16_t flags; /* enum tcphdr_flag */
    uint32_t seq, length, ack;
    uint32_t pieces, group; /* of a burst: how many; on every how manieth PSH and FIN are */
    int64_t window;         /* -1: not stated */
    uint16_t urgent;
    int8_t ecn; /* ECN field of the IP header; -1: not stated */
    bool any_options;
    uint8_t options[TCPHDR_OPTIONS_MAX]; /* as on the wire; sequence numbers in them, too */
    uint8_t options_len;
};

/* Reads the notation.  `inbound`: it is a segment of the script's, so its SACK blocks and echoed
 * timestamps are the host's numbers.  False with an error that shows the place. */
bool segment_parse(const char *text, bool inbound, const struct segment_map *map,
                   struct segment *segment, GError **error);

/* The i-th segment of a burst, from 0. */
void segment_piece(const struct segment *burst, uint32_t i, struct segment *piece);

/* The host's timestamp in the options as they are written, for the first relation; false: none. */
bool segment_tsval(const struct segment *segment, uint32_t *tsval);

/* The notation of a segment of the host's, relative by `map`; `like` (may be NULL) says which parts
 * are of interest: window, ECN field, options.  The caller frees it. */
char *segment_print(const struct segment *segment, const struct segment_map *map,
                    const struct segment *like);

#endif

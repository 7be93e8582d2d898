/* Headers of segments, to be read and to be built. */
#ifndef WEFT_PROTOCOLS_TCP_OPTIONS_H
#define WEFT_PROTOCOLS_TCP_OPTIONS_H

#include "protocols/tcp/conn.h"

/* ---- options.c ------------------------------------------------------------------------------ */

/* A segment to be built. */
struct tcp_tx {
    uint32_t seq, ack, tsval, tsecr;
    uint16_t window, mss, urgent;
    uint16_t flags;
    uint8_t wscale, sack_count;
    uint8_t ecn; /* ECN field of the IP header */
    uint8_t accecn_fields;
    uint32_t e1b, ceb, e0b;
    const struct tcp_cookie *cookie; /* Fast Open's option, of a SYN; NULL: none */
    bool timestamps, sack_permitted, wscale_ok;
    bool accecn_option; /* of what is no SYN: may have no fields beside SACK blocks */
    struct tcp_sack_block sack[TCP_SACK_BLOCKS];
};

/* Makes the payload one slice of a blob. */
void tcp_rx_flatten(const struct tcp_rx *rx);

/* Reads the options of a SYN; of any other segment. */
void tcp_options_syn(struct tcp_rx *rx, const struct tcp_sysctl *sysctl, struct tcp_options *opt);
void tcp_options_established(struct tcp_rx *rx, struct tcp_options *opt);

/* Puts the header in front of the payload, with its options; the checksum is left to later. */
void tcp_put_header(struct packet *packet, const struct tcp_key *key, const struct tcp_tx *tx);

#endif

/* A conversation: a host under test, and a peer whose TCP is a script.  What the host sends is
 * written down; what the peer sends is given segment by segment.  The peer may speak from several
 * ports, one at a time; each is a line with numbers of its own. */
#ifndef WEFT_MODELS_SCRIPT_TALK_H
#define WEFT_MODELS_SCRIPT_TALK_H

#include "models/node/network.h"
#include "models/script/segment.h"

/* A segment of the host's, when it arrived at the peer. */
struct heard {
    sim_time at;
    struct segment segment;
    uint16_t src_port, dst_port;
    uint16_t ident; /* of its datagram */
};

struct line {
    GArray *heard; /* struct heard */
    guint next;    /* of `heard`, the first that nobody looked at */
    struct segment_map map;
    uint16_t host_port, peer_port;
};

struct talk {
    struct network *net;
    struct node *host, *peer;
    struct link *link; /* from the host, a, to the peer, b */
    struct ip_l4 l4;   /* of the peer, in place of its TCP */
    GPtrArray *lines;  /* struct line */
    struct line *line; /* at which the peer speaks and listens */
};

enum { TALK_PORT = 8080, TALK_PEER_PORT = 40000 };

/* The peer, added to a network that has the host, and a link between them. */
struct talk *talk_new(struct network *net, struct node *host, GError **error);
void talk_free(struct talk *talk);

/* From now on the peer speaks from this port. */
void talk_switch(struct talk *talk, uint16_t peer_port);

/* From now on what the host sends leaves at this rate, as from a network card, whose queue its TCP
 * minds (net.ipv4.tcp_limit_output_bytes, tcp_autocorking).  At first nothing waits. */
void talk_limit(struct talk *talk, uint64_t rate_bps);

/* The peer sends a segment. */
void talk_send(struct talk *talk, const struct segment *segment);

/* An ICMP error of the peer's about the host's segment that begins at `seq` (relative). */
void talk_icmp(struct talk *talk, uint8_t type, uint8_t code, uint32_t info, uint32_t seq);

/* The next segment at this line that nobody looked at, or NULL. */
const struct heard *talk_next(struct talk *talk);

#endif

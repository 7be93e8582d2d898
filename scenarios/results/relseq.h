/* Sequence numbers as people read them: of TCP relative to the first of their direction, as
 * Wireshark shows them; of an ICMP echo as they are. */
#ifndef WEFT_SCENARIOS_RESULTS_RELSEQ_H
#define WEFT_SCENARIOS_RESULTS_RELSEQ_H

#include "models/node/network.h"

/* Remembers the first sequence number of each direction of a connection that was asked for. */
struct relseq;

/* For the packets of one network. */
struct relseq *relseq_new(struct network *net);
void relseq_free(struct relseq *relseq); /* Frees it. */

/* The number of the packet, wherever its current header is; false if it has none, or if nobody
 * knows the connection (any more). */
bool relseq_of(struct relseq *relseq, const struct packet *packet, uint32_t *seq);

/* The first sequence numbers of the TCP segment's direction and of the other one, to be subtracted
 * from its seq and ack; false if it is no TCP or they are not known.  The other one is 0 while it
 * is not known. */
bool relseq_firsts(struct relseq *relseq, const struct packet *packet, uint32_t *seq,
                   uint32_t *ack);

#endif

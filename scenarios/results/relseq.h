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

#endif

/* Which of a stream's numbered datagrams have arrived.
 *
 * Numbers count from 0.  In order, an arrival costs a comparison.  Once a number has been passed
 * over, the last SEQUENCE_WINDOW numbers have a bit each that says whether they are missing, so
 * that one that comes late is told from one that comes again. */
#ifndef WEFT_MODELS_APP_SEQUENCE_H
#define WEFT_MODELS_APP_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

enum { SEQUENCE_WINDOW = 65536 };

enum sequence_arrival {
    SEQUENCE_NEW,   /* above all that came before */
    SEQUENCE_LATE,  /* a later one has overtaken it (RFC 4737: reordered) */
    SEQUENCE_AGAIN, /* it was here before, or is so late that nobody knows */
};

/* Zero-initialised: nothing has arrived. */
struct sequence {
    uint64_t next;    /* one above the highest that arrived */
    uint64_t missing; /* how many below `next` have not */
    uint64_t *gaps;   /* bit n % SEQUENCE_WINDOW: n is missing; NULL until the first gap */
};

/* For sequence_add alone. */
enum sequence_arrival sequence_add_slow(struct sequence *sequence, uint64_t number);

/* Notes that `number` arrived. */
static inline enum sequence_arrival sequence_add(struct sequence *sequence, uint64_t number)
{
    if (__builtin_expect(number != sequence->next || sequence->gaps, 0))
        return sequence_add_slow(sequence, number);
    sequence->next++;
    return SEQUENCE_NEW;
}

/* Whether `number`, which is below `next`, has not arrived.  Of those older than the window nobody
 * knows: false. */
bool sequence_is_missing(const struct sequence *sequence, uint64_t number);

/* How many have arrived, each counted once. */
static inline uint64_t sequence_arrived(const struct sequence *sequence)
{
    return sequence->next - sequence->missing;
}

/* Frees the memory; nothing has arrived then. */
void sequence_fini(struct sequence *sequence);

#endif

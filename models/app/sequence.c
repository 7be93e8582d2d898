#include "models/app/sequence.h"

#include <glib.h>

enum { WORD = 64 };

static uint64_t *word_of(const struct sequence *sequence, uint64_t number)
{
    return &sequence->gaps[number % SEQUENCE_WINDOW / WORD];
}

static uint64_t bit_of(uint64_t number)
{
    return (uint64_t)1 << number % WORD;
}

bool sequence_is_missing(const struct sequence *sequence, uint64_t number)
{
    return sequence->gaps && sequence->next - number <= SEQUENCE_WINDOW &&
           (*word_of(sequence, number) & bit_of(number));
}

/* Those from `next` to below `number` were passed over. */
static void note_gap(struct sequence *sequence, uint64_t number)
{
    uint64_t from = sequence->next;

    sequence->missing += number - from;
    if (!sequence->gaps)
        sequence->gaps = g_new0(uint64_t, SEQUENCE_WINDOW / WORD);
    if (number - from > SEQUENCE_WINDOW)
        from = number - SEQUENCE_WINDOW;
    for (uint64_t n = from; n < number; n++)
        *word_of(sequence, n) |= bit_of(n);
}

enum sequence_arrival sequence_add_slow(struct sequence *sequence, uint64_t number)
{
    if (number >= sequence->next) {
        if (number > sequence->next)
            note_gap(sequence, number);
        *word_of(sequence, number) &= ~bit_of(number);
        sequence->next = number + 1;
        return SEQUENCE_NEW;
    }
    if (!sequence_is_missing(sequence, number))
        return SEQUENCE_AGAIN;
    *word_of(sequence, number) &= ~bit_of(number);
    sequence->missing--;
    return SEQUENCE_LATE;
}

void sequence_fini(struct sequence *sequence)
{
    g_free(sequence->gaps);
    *sequence = (struct sequence){ 0 };
}

/* Received data that is not in order yet: the segments that wait for what is missing before them,
 * sorted, as in Linux's out_of_order_queue.  Segments may overlap, but none lies within another, so
 * that both their beginnings and their ends are sorted.
 *
 * They are an array, so a look-up is a bisection.  The next segment nearly always comes behind the
 * last one, and the first one goes when the hole before it is filled: both ends are cheap, the
 * middle costs a memmove of what is behind. */
#ifndef WEFT_PROTOCOLS_TCP_RANGESET_H
#define WEFT_PROTOCOLS_TCP_RANGESET_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/blob.h"
#include "sim/pool.h"

/* A received stretch of the stream. */
struct tcp_piece {
    struct tcp_piece *next;
    struct blob *blob;
    uint64_t offset;
    uint32_t seq, end_seq;
    uint32_t truesize; /* memory to be given back with it; 0: with a later one */
    bool cut;          /* bytes before it came twice: its segment began with them */
};

struct piece_list {
    struct tcp_piece *first, *last;
};

/* Appends a piece with a reference on `blob`.  Without a truesize of its own it shares the memory
 * of the last piece, and extends it if its bytes are the next of the same blob. */
void piece_list_append(struct piece_list *list, struct pool *pool, struct blob *blob,
                       uint64_t offset, uint32_t seq, uint32_t end_seq, uint32_t truesize);

/* Moves all of `from` to the end of `to`. */
void piece_list_join(struct piece_list *to, struct piece_list *from);

/* Moves what is before `seq` to the end of `to`. */
void piece_list_cut(struct piece_list *list, struct pool *pool, uint32_t seq,
                    struct piece_list *to);

/* All of the list is the memory of one segment. */
void piece_list_set_truesize(struct piece_list *list, uint32_t truesize);

/* Takes the first piece off and gives it and its reference back. */
void piece_list_pop(struct piece_list *list, struct pool *pool);
void piece_list_clear(struct piece_list *list, struct pool *pool);

/* A segment, or several whose bytes fitted into the buffer of the first. */
struct range {
    uint32_t start, end;      /* a FIN is a number of it, but in no piece */
    uint32_t truesize;        /* of everything in it, pieces that were not kept too */
    uint16_t tailroom;        /* bytes that would fit behind its own */
    bool fin;                 /* its last number is a FIN */
    struct piece_list pieces; /* none of a sink */
};

/* Zero-initialised is empty. */
struct rangeset {
    struct range *ranges;
    uint32_t first, count, capacity; /* ranges[first, first + count) are in use */
};

static inline bool rangeset_empty(const struct rangeset *set)
{
    return set->count == 0;
}

static inline struct range *rangeset_at(const struct rangeset *set, uint32_t index)
{
    return &set->ranges[set->first + index];
}

/* The range with the lowest numbers; the set is not empty. */
static inline struct range *rangeset_first(const struct rangeset *set)
{
    return &set->ranges[set->first];
}

static inline struct range *rangeset_last(const struct rangeset *set)
{
    return &set->ranges[set->first + set->count - 1];
}

/* How many ranges begin at or before `seq`: where one that begins there belongs. */
uint32_t rangeset_find(const struct rangeset *set, uint32_t seq);

/* Puts a range at index `at`; the new one takes the pieces over. */
void rangeset_insert(struct rangeset *set, uint32_t at, const struct range *range);

/* Takes a range out and frees the pieces that it still has. */
void rangeset_remove(struct rangeset *set, struct pool *pool, uint32_t at);

/* Frees everything. */
void rangeset_clear(struct rangeset *set, struct pool *pool);

/* True if the set keeps its invariants; for asserts and tests. */
bool rangeset_check(const struct rangeset *set);

#endif

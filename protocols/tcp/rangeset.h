/* Received data that is not in order yet: a sorted set of disjoint, not adjacent ranges of sequence
 * numbers, each with the pieces of data that fill it.
 *
 * The ranges are an array, so a look-up is a bisection.  There are as many of them as there are
 * holes, the next segment nearly always extends the last one, and the first one goes when its hole
 * is filled: both ends are cheap, the middle costs a memmove of the ranges behind. */
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

/* Takes the first piece off and gives it and its reference back. */
void piece_list_pop(struct piece_list *list, struct pool *pool);
void piece_list_clear(struct piece_list *list, struct pool *pool);

struct range {
    uint32_t start, end;
    uint32_t truesize; /* of everything in it, pieces that were not kept too */
    struct piece_list pieces;
};

/* Zero-initialised is empty. */
struct rangeset {
    struct range *ranges;
    uint32_t first, count, capacity; /* ranges[first, first + count) are in use */
};

/* Bytes to add: [seq, end_seq) of the stream, found at `offset` of `blob`; blob NULL: only their
 * range is of interest (a sink, a FIN). */
struct range_data {
    uint32_t seq, end_seq, truesize;
    struct blob *blob;
    uint64_t offset;
};

/* What of the bytes had been there: nothing, a part (its first stretch is [start, end)), or all. */
struct range_overlap {
    enum { RANGE_NEW, RANGE_PARTLY, RANGE_DUPLICATE } kind;
    uint32_t start, end;
};

/* Adds the bytes that are missing. */
struct range_overlap rangeset_insert(struct rangeset *set, struct pool *pool,
                                     const struct range_data *data);

static inline bool rangeset_empty(const struct rangeset *set)
{
    return set->count == 0;
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

/* Forgets the first range; its pieces must have been taken out or freed. */
void rangeset_pop(struct rangeset *set);

/* Forgets the last range and frees its pieces. */
void rangeset_prune(struct rangeset *set, struct pool *pool);

/* Frees everything. */
void rangeset_clear(struct rangeset *set, struct pool *pool);

/* True if the set keeps its invariants; for asserts and tests. */
bool rangeset_check(const struct rangeset *set);

#endif

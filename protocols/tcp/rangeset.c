#include "protocols/tcp/rangeset.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

/* Sequence numbers of one window are less than 2^31 apart. */
static inline bool less(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

/* ---- Pieces -------------------------------------------------------------------------------- */

void piece_list_append(struct piece_list *list, struct pool *pool, struct blob *blob,
                       uint64_t offset, uint32_t seq, uint32_t end_seq, uint32_t truesize)
{
    struct tcp_piece *last = list->last;

    if (last && truesize == 0) {
        if (last->blob == blob && last->end_seq == seq &&
            last->offset + (last->end_seq - last->seq) == offset) {
            last->end_seq = end_seq;
            return;
        }
        truesize = last->truesize; /* which is free when the last of its bytes are */
        last->truesize = 0;
    }
    struct tcp_piece *piece = pool_take(pool);
    *piece = (struct tcp_piece){ NULL, blob_ref(blob), offset, seq, end_seq, truesize, false };
    if (last)
        last->next = piece;
    else
        list->first = piece;
    list->last = piece;
}

void piece_list_join(struct piece_list *to, struct piece_list *from)
{
    if (!from->first)
        return;
    if (to->last)
        to->last->next = from->first;
    else
        to->first = from->first;
    to->last = from->last;
    from->first = from->last = NULL;
}

/* The piece that holds byte `seq` ends there; its memory belongs to its second part. */
static void piece_split(struct tcp_piece *piece, struct pool *pool, uint32_t seq)
{
    struct tcp_piece *rest = pool_take(pool);

    *rest = *piece;
    rest->blob = blob_ref(piece->blob);
    rest->offset += seq - piece->seq;
    rest->seq = piece->end_seq = seq;
    rest->cut = false;
    piece->truesize = 0;
    piece->next = rest;
}

void piece_list_cut(struct piece_list *list, struct pool *pool, uint32_t seq, struct piece_list *to)
{
    while (list->first && less(list->first->seq, seq)) {
        struct tcp_piece *piece = list->first;
        if (less(seq, piece->end_seq)) {
            piece_split(piece, pool, seq);
            if (list->last == piece)
                list->last = piece->next;
        }
        list->first = piece->next;
        if (!list->first)
            list->last = NULL;
        piece->next = NULL;
        struct piece_list one = { piece, piece };
        piece_list_join(to, &one);
    }
}

void piece_list_set_truesize(struct piece_list *list, uint32_t truesize)
{
    for (struct tcp_piece *piece = list->first; piece; piece = piece->next)
        piece->truesize = piece->next ? 0 : truesize;
}

void piece_list_pop(struct piece_list *list, struct pool *pool)
{
    struct tcp_piece *piece = list->first;

    list->first = piece->next;
    if (!list->first)
        list->last = NULL;
    blob_unref(piece->blob);
    pool_give(pool, piece);
}

void piece_list_clear(struct piece_list *list, struct pool *pool)
{
    while (list->first)
        piece_list_pop(list, pool);
}

/* ---- Ranges -------------------------------------------------------------------------------- */

uint32_t rangeset_find(const struct rangeset *set, uint32_t seq)
{
    uint32_t low = 0, high = set->count;

    if (high == 0 || !less(seq, rangeset_last(set)->start))
        return high;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (less(seq, rangeset_at(set, middle)->start))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void make_room(struct rangeset *set)
{
    if (set->first + set->count < set->capacity)
        return;
    if (set->first > set->capacity / 2) {
        memmove(set->ranges, set->ranges + set->first, set->count * sizeof *set->ranges);
        set->first = 0;
    } else {
        set->capacity = set->capacity ? set->capacity * 2 : 4;
        set->ranges = g_renew(struct range, set->ranges, set->capacity);
    }
}

void rangeset_insert(struct rangeset *set, uint32_t at, const struct range *range)
{
    make_room(set);
    struct range *place = rangeset_at(set, at);
    memmove(place + 1, place, (set->count - at) * sizeof *place);
    *place = *range;
    set->count++;
}

void rangeset_remove(struct rangeset *set, struct pool *pool, uint32_t at)
{
    struct range *range = rangeset_at(set, at);

    piece_list_clear(&range->pieces, pool);
    if (at == 0)
        set->first++;
    else
        memmove(range, range + 1, (set->count - at - 1) * sizeof *range);
    if (--set->count == 0)
        rangeset_clear(set, pool);
}

void rangeset_clear(struct rangeset *set, struct pool *pool)
{
    for (uint32_t i = 0; i < set->count; i++)
        piece_list_clear(&rangeset_at(set, i)->pieces, pool);
    g_free(set->ranges);
    *set = (struct rangeset){ 0 };
}

/* Pieces are in order and inside. */
static bool pieces_fit(const struct range *range)
{
    uint32_t cursor = range->start;

    for (const struct tcp_piece *p = range->pieces.first; p; p = p->next) {
        if (p->seq != cursor || !less(p->seq, p->end_seq))
            return false;
        cursor = p->end_seq;
    }
    return !range->pieces.first || cursor + range->fin == range->end;
}

bool rangeset_check(const struct rangeset *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        const struct range *range = rangeset_at(set, i);
        if (!less(range->start, range->end) || !pieces_fit(range))
            return false;
        if (i > 0 && (!less(range[-1].start, range->start) || !less(range[-1].end, range->end)))
            return false;
    }
    return true;
}

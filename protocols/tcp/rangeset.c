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
    *piece = (struct tcp_piece){ NULL, blob_ref(blob), offset, seq, end_seq, truesize };
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

/* Index (from set->first) of the first range that ends at or behind `seq`; count if none does. */
static uint32_t find(const struct rangeset *set, uint32_t seq)
{
    uint32_t low = 0, high = set->count;

    if (high == 0)
        return 0;
    const struct range *ranges = set->ranges + set->first;
    if (less(ranges[high - 1].end, seq))
        return high;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (less(ranges[middle].end, seq))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Makes room for one range at index `at`. */
static struct range *open_gap(struct rangeset *set, uint32_t at)
{
    if (set->first + set->count == set->capacity) {
        if (set->first > set->capacity / 2) {
            memmove(set->ranges, set->ranges + set->first, set->count * sizeof *set->ranges);
            set->first = 0;
        } else {
            set->capacity = set->capacity ? set->capacity * 2 : 4;
            set->ranges = g_renew(struct range, set->ranges, set->capacity);
        }
    }
    struct range *range = set->ranges + set->first + at;
    memmove(range + 1, range, (set->count - at) * sizeof *range);
    set->count++;
    return range;
}

static void close_gap(struct rangeset *set, uint32_t at, uint32_t n)
{
    struct range *range = set->ranges + set->first + at;

    memmove(range, range + n, (set->count - at - n) * sizeof *range);
    set->count -= n;
}

static void add_piece(struct range *range, struct pool *pool, const struct range_data *data,
                      uint32_t from, uint32_t to, uint32_t truesize)
{
    if (data->blob)
        piece_list_append(&range->pieces, pool, data->blob, data->offset + (from - data->seq), from,
                          to, truesize);
}

/* Merges ranges [at, at + n), which all touch the data, and the data into the first of them. */
static void merge(struct rangeset *set, struct pool *pool, uint32_t at, uint32_t n,
                  const struct range_data *data)
{
    struct range *old = set->ranges + set->first + at;
    struct range merged = { .start = less(data->seq, old->start) ? data->seq : old->start,
                            .truesize = data->truesize };
    uint32_t cursor = data->seq, truesize = data->truesize;

    for (uint32_t i = 0; i < n; i++) {
        if (less(cursor, old[i].start)) {
            add_piece(&merged, pool, data, cursor, old[i].start, truesize);
            truesize = 0;
        }
        piece_list_join(&merged.pieces, &old[i].pieces);
        merged.truesize += old[i].truesize;
        if (less(cursor, old[i].end))
            cursor = old[i].end;
    }
    if (less(cursor, data->end_seq)) {
        add_piece(&merged, pool, data, cursor, data->end_seq, truesize);
        cursor = data->end_seq;
    }
    merged.end = cursor;
    *old = merged;
    close_gap(set, at + 1, n - 1);
}

static struct range_overlap overlap_with(const struct range *range, const struct range_data *data)
{
    struct range_overlap o = { RANGE_PARTLY,
                               less(data->seq, range->start) ? range->start : data->seq,
                               less(range->end, data->end_seq) ? range->end : data->end_seq };

    if (!less(o.start, o.end))
        o.kind = RANGE_NEW; /* they only touch */
    else if (o.start == data->seq && o.end == data->end_seq)
        o.kind = RANGE_DUPLICATE;
    return o;
}

struct range_overlap rangeset_insert(struct rangeset *set, struct pool *pool,
                                     const struct range_data *data)
{
    assert(less(data->seq, data->end_seq));
    uint32_t at = find(set, data->seq), n = 0;
    struct range *range = at < set->count ? set->ranges + set->first + at : NULL;
    struct range_overlap overlap = { RANGE_NEW, data->seq, data->seq };

    while (at + n < set->count && !less(data->end_seq, range[n].start)) {
        if (overlap.kind == RANGE_NEW)
            overlap = overlap_with(&range[n], data);
        n++;
    }
    if (n == 0) {
        range = open_gap(set, at);
        *range = (struct range){ data->seq, data->end_seq, data->truesize, { NULL, NULL } };
        add_piece(range, pool, data, data->seq, data->end_seq, data->truesize);
    } else if (overlap.kind != RANGE_DUPLICATE) {
        merge(set, pool, at, n, data);
    }
    return overlap;
}

void rangeset_pop(struct rangeset *set)
{
    set->first++;
    if (--set->count == 0)
        rangeset_clear(set, NULL);
}

void rangeset_prune(struct rangeset *set, struct pool *pool)
{
    piece_list_clear(&rangeset_last(set)->pieces, pool);
    if (--set->count == 0)
        rangeset_clear(set, pool);
}

void rangeset_clear(struct rangeset *set, struct pool *pool)
{
    for (uint32_t i = 0; i < set->count; i++)
        piece_list_clear(&set->ranges[set->first + i].pieces, pool);
    g_free(set->ranges);
    *set = (struct rangeset){ 0 };
}

/* Pieces are in order and inside; a FIN has a number but no piece. */
static bool pieces_fit(const struct range *range)
{
    uint32_t cursor = range->start;

    for (const struct tcp_piece *p = range->pieces.first; p; p = p->next) {
        if (less(p->seq, cursor) || !less(p->seq, p->end_seq))
            return false;
        cursor = p->end_seq;
    }
    return !less(range->end, cursor);
}

bool rangeset_check(const struct rangeset *set)
{
    const struct range *ranges = set->ranges + set->first;

    for (uint32_t i = 0; i < set->count; i++) {
        if (!less(ranges[i].start, ranges[i].end) || !pieces_fit(&ranges[i]))
            return false;
        if (i > 0 && !less(ranges[i - 1].end, ranges[i].start))
            return false;
    }
    return true;
}

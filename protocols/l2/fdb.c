#include "protocols/l2/fdb.h"

#include <assert.h>
#include <glib.h>

enum { FEWEST_SLOTS = 16 };

static void set_slots(struct fdb *fdb, uint32_t slots)
{
    fdb->slots = g_new0(struct fdb_entry, slots);
    fdb->mask = slots - 1;
    fdb->shift = 64 - __builtin_ctz(slots);
}

void fdb_init(struct fdb *fdb, uint32_t capacity, sim_time ageing)
{
    *fdb = (struct fdb){ .capacity = capacity, .ageing = ageing };
    set_slots(fdb, FEWEST_SLOTS);
}

void fdb_fini(struct fdb *fdb)
{
    g_free(fdb->slots);
    fdb->slots = NULL;
}

/* ---- Coming and going ---------------------------------------------------------------------- */

static void grow(struct fdb *fdb)
{
    struct fdb_entry *old = fdb->slots;
    uint32_t n = fdb->mask + 1;

    set_slots(fdb, 2 * n);
    for (uint32_t i = 0; i < n; i++)
        if (old[i].key)
            *fdb_slot(fdb, old[i].key) = old[i];
    g_free(old);
}

static void insert(struct fdb *fdb, const struct fdb_entry *entry)
{
    if (2 * (fdb->used + 1) > fdb->mask + 1)
        grow(fdb);
    *fdb_slot(fdb, entry->key) = *entry;
    fdb->used++;
    fdb->n_static += entry->kind == FDB_STATIC;
    assert(fdb->used <= fdb->mask);
}

static uint32_t home_of(const struct fdb *fdb, fdb_key key)
{
    return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> fdb->shift);
}

/* Frees a slot; those behind it that would not be found any more move up (Knuth, The Art of
 * Computer Programming 3, 6.4, algorithm R). */
static void delete (struct fdb *fdb, uint32_t hole)
{
    fdb->used--;
    fdb->n_static -= fdb->slots[hole].kind == FDB_STATIC;
    for (uint32_t i = hole;;) {
        i = (i + 1) & fdb->mask;
        if (!fdb->slots[i].key)
            break;
        uint32_t way = (i - home_of(fdb, fdb->slots[i].key)) & fdb->mask;
        if (way < ((i - hole) & fdb->mask))
            continue;
        fdb->slots[hole] = fdb->slots[i];
        hole = i;
    }
    fdb->slots[hole] = (struct fdb_entry){ 0 };
}

/* ---- Many at once -------------------------------------------------------------------------- */

struct doomed {
    bool (*dies)(const struct fdb *fdb, const struct fdb_entry *entry, const struct doomed *why);
    sim_time now;
    uint32_t port;
    uint16_t vid;
};

/* Deleting moves entries up, past the place that was looked at only if they were looked at
 * themselves: a walk from behind a free slot sees each once. */
static void delete_all(struct fdb *fdb, const struct doomed *why)
{
    uint32_t start = 0;

    while (fdb->slots[start].key)
        start++;
    for (uint32_t n = fdb->mask, i = start + 1; n > 0; n--, i++) {
        struct fdb_entry *entry = &fdb->slots[i & fdb->mask];
        while (entry->key && why->dies(fdb, entry, why))
            delete (fdb, i & fdb->mask);
    }
}

static bool is_old(const struct fdb *fdb, const struct fdb_entry *entry, const struct doomed *why)
{
    return !fdb_is_fresh(fdb, entry, why->now);
}

static bool is_learnt(const struct fdb *fdb, const struct fdb_entry *entry,
                      const struct doomed *why)
{
    return entry->kind == FDB_LEARNT;
}

static bool is_behind(const struct fdb *fdb, const struct fdb_entry *entry,
                      const struct doomed *why)
{
    return entry->kind == FDB_LEARNT && entry->port == why->port &&
           (why->vid == FDB_ANY || why->vid == fdb_key_vid(entry->key));
}

static void sweep(struct fdb *fdb, sim_time now)
{
    struct doomed why = { .dies = is_old, .now = now };

    delete_all(fdb, &why);
    fdb->oldest = now;
    for (uint32_t i = 0; i <= fdb->mask; i++)
        if (fdb->slots[i].key && fdb->slots[i].kind == FDB_LEARNT)
            fdb->oldest = MIN(fdb->oldest, fdb->slots[i].seen);
}

void fdb_flush(struct fdb *fdb)
{
    struct doomed why = { .dies = is_learnt };

    delete_all(fdb, &why);
}

void fdb_flush_port(struct fdb *fdb, uint32_t port, uint16_t vid)
{
    struct doomed why = { .dies = is_behind, .port = port, .vid = vid };

    delete_all(fdb, &why);
}

void fdb_set_ageing(struct fdb *fdb, sim_time ageing, sim_time now)
{
    sweep(fdb, now);
    fdb->ageing = ageing;
}

/* ---- One station --------------------------------------------------------------------------- */

static bool has_room(struct fdb *fdb, sim_time now)
{
    if (fdb->used - fdb->n_static < fdb->capacity)
        return true;
    if (now - fdb->oldest >= fdb->ageing)
        sweep(fdb, now);
    return fdb->used - fdb->n_static < fdb->capacity;
}

void fdb_learn_slow(struct fdb *fdb, fdb_key key, uint32_t port, sim_time now)
{
    struct fdb_entry *entry = fdb_slot(fdb, key);

    if (entry->key) {
        if (entry->kind == FDB_STATIC)
            return;
        fdb->moves += fdb_is_fresh(fdb, entry, now);
        entry->port = port;
        entry->seen = now;
    } else if (has_room(fdb, now)) {
        insert(fdb, &(struct fdb_entry){ .key = key, .seen = now, .port = port });
    } else {
        fdb->overflows++;
    }
}

void fdb_set_static(struct fdb *fdb, fdb_key key, uint32_t port)
{
    fdb_remove(fdb, key);
    insert(fdb, &(struct fdb_entry){ .key = key, .port = port, .kind = FDB_STATIC });
}

bool fdb_remove(struct fdb *fdb, fdb_key key)
{
    const struct fdb_entry *entry = fdb_slot(fdb, key);

    if (!entry->key)
        return false;
    delete (fdb, (uint32_t)(entry - fdb->slots));
    return true;
}

/* ---- Looking ------------------------------------------------------------------------------- */

uint32_t fdb_count(const struct fdb *fdb, sim_time now)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i <= fdb->mask; i++)
        n += fdb->slots[i].key && fdb_is_fresh(fdb, &fdb->slots[i], now);
    return n;
}

static int by_key(const void *a, const void *b)
{
    fdb_key x = ((const struct fdb_entry *)a)->key, y = ((const struct fdb_entry *)b)->key;

    return x < y ? -1 : x > y;
}

void fdb_each(const struct fdb *fdb, sim_time now,
              void (*visit)(const struct fdb_entry *entry, void *data), void *data)
{
    struct fdb_entry *all = g_new(struct fdb_entry, fdb->used + 1);
    uint32_t n = 0;

    for (uint32_t i = 0; i <= fdb->mask; i++)
        if (fdb->slots[i].key && fdb_is_fresh(fdb, &fdb->slots[i], now))
            all[n++] = fdb->slots[i];
    qsort(all, n, sizeof *all, by_key);
    for (uint32_t i = 0; i < n; i++)
        visit(&all[i], data);
    g_free(all);
}

bool fdb_check(const struct fdb *fdb)
{
    uint32_t used = 0, n_static = 0;

    for (uint32_t i = 0; i <= fdb->mask; i++) {
        const struct fdb_entry *entry = &fdb->slots[i];
        if (!entry->key)
            continue;
        used++;
        n_static += entry->kind == FDB_STATIC;
        if (fdb_slot(fdb, entry->key) != entry)
            return false;
    }
    return used == fdb->used && n_static == fdb->n_static && 2 * used <= fdb->mask + 1;
}

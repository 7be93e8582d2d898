/* The filtering database of a bridge: behind which port a station is (IEEE 802.1Q 8.8).
 *
 * A table by VLAN and address.  An entry is learnt from the source address of a frame, moves when
 * the station is heard at another port, and is forgotten when it has not been heard for the ageing
 * time.  Age is looked at when an entry is used, so there is no timer; entries too old leave the
 * table when it needs their room.  A full table learns no more, and frames to the stations that
 * have no entry are flooded.  Static entries neither age nor move.
 *
 * The table has open addressing over a power of two of slots, at most half of them used. */
#ifndef WEFT_PROTOCOLS_L2_FDB_H
#define WEFT_PROTOCOLS_L2_FDB_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "protocols/wire/eth.h"
#include "sim/simtime.h"

enum { FDB_AGEING_S = 300, FDB_CAPACITY = 16384 }; /* 802.1Q table 8-6; a common size */

enum fdb_kind { FDB_LEARNT, FDB_STATIC };

/* VLAN and address as one number, never 0 for a station. */
typedef uint64_t fdb_key;

struct fdb_entry {
    fdb_key key; /* 0: a free slot */
    sim_time seen;
    uint32_t port;
    uint32_t kind; /* enum fdb_kind */
};

struct fdb {
    struct fdb_entry *slots;
    uint32_t mask;      /* slots - 1 */
    int shift;          /* 64 - log2(slots) */
    uint32_t used;      /* entries, those too old among them */
    uint32_t n_static;  /* of these */
    uint32_t capacity;  /* learnt entries at most */
    sim_time ageing;    /* SIM_NEVER: never forgotten */
    sim_time oldest;    /* no learnt entry was last heard before that */
    uint64_t moves;     /* stations that were heard at another port than before */
    uint64_t overflows; /* times at which a station was not learnt for want of room */
};

/* An empty table for at most `capacity` learnt entries; the end of it. */
void fdb_init(struct fdb *fdb, uint32_t capacity, sim_time ageing);
void fdb_fini(struct fdb *fdb);

/* The address as a number whose order is that of the bytes. */
static inline uint64_t fdb_mac(const uint8_t *addr)
{
    uint64_t n;

    memcpy(&n, addr, sizeof n); /* reads two bytes more than it needs: the caller's promise */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    n = __builtin_bswap64(n);
#endif
    return n >> 16;
}

static inline uint64_t fdb_mac_of(const struct eth_addr *addr)
{
    uint8_t room[8] = { 0 };

    memcpy(room, addr, sizeof *addr);
    return fdb_mac(room);
}

static inline fdb_key fdb_key_of(uint16_t vid, uint64_t mac)
{
    return (uint64_t)vid << 48 | mac;
}

static inline struct eth_addr fdb_key_addr(fdb_key key)
{
    struct eth_addr addr;

    for (int i = 0; i < ETH_ADDR_LEN; i++)
        addr.b[i] = (uint8_t)(key >> 8 * (5 - i));
    return addr;
}

static inline uint16_t fdb_key_vid(fdb_key key)
{
    return (uint16_t)(key >> 48);
}

/* The slot that has the key, or the free one at which it would go. */
static inline struct fdb_entry *fdb_slot(const struct fdb *fdb, fdb_key key)
{
    uint32_t i = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> fdb->shift);

    while (fdb->slots[i].key != key && fdb->slots[i].key != 0)
        i = (i + 1) & fdb->mask;
    return &fdb->slots[i];
}

static inline bool fdb_is_fresh(const struct fdb *fdb, const struct fdb_entry *entry, sim_time now)
{
    return entry->kind == FDB_STATIC || now - entry->seen < fdb->ageing;
}

/* The entry of a station that is known, or NULL. */
static inline const struct fdb_entry *fdb_find(const struct fdb *fdb, fdb_key key, sim_time now)
{
    const struct fdb_entry *entry = fdb_slot(fdb, key);

    return entry->key && fdb_is_fresh(fdb, entry, now) ? entry : NULL;
}

/* For fdb_learn alone. */
void fdb_learn_slow(struct fdb *fdb, fdb_key key, uint32_t port, sim_time now);

/* A frame from the station came in by `port`. */
static inline void fdb_learn(struct fdb *fdb, fdb_key key, uint32_t port, sim_time now)
{
    struct fdb_entry *entry = fdb_slot(fdb, key);

    if (__builtin_expect(entry->key == key && entry->port == port, 1))
        entry->seen = now;
    else
        fdb_learn_slow(fdb, key, port, now);
}

/* Sets an entry that neither ages nor moves, in place of one that is there. */
void fdb_set_static(struct fdb *fdb, fdb_key key, uint32_t port);

/* Forgets a station; false if it is not known. */
bool fdb_remove(struct fdb *fdb, fdb_key key);

enum { FDB_ANY = UINT16_MAX };

/* Forgets what was learnt from `port`, in VLAN `vid` or with FDB_ANY in all. */
void fdb_flush_port(struct fdb *fdb, uint32_t port, uint16_t vid);

/* Forgets what was learnt. */
void fdb_flush(struct fdb *fdb);

/* Changes the ageing time.  What is too old by the one before is forgotten first. */
void fdb_set_ageing(struct fdb *fdb, sim_time ageing, sim_time now);

/* Entries that are not too old. */
uint32_t fdb_count(const struct fdb *fdb, sim_time now);

/* Visits them by VLAN and address. */
void fdb_each(const struct fdb *fdb, sim_time now,
              void (*visit)(const struct fdb_entry *entry, void *data), void *data);

/* For asserts and tests: every entry is found, and the counts are right. */
bool fdb_check(const struct fdb *fdb);

#endif

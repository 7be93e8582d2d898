/* Pools: memory of one type, recycled.  Memory that once held an object of the type holds nothing
 * else until the pool ends, so a stale pointer into it still points to such an object. */
#ifndef WEFT_SIM_POOL_H
#define WEFT_SIM_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool {
    void *free;  /* linked through the first word of each free object */
    void *slabs; /* linked through their first word */
    size_t size; /* of an object, a multiple of `align` */
    size_t align;
    size_t per_slab;
    size_t live; /* objects handed out */
};

/* Objects of `size` bytes, each at a multiple of `align` (a power of two). */
void pool_init(struct pool *pool, size_t size, size_t align);

/* Frees the slabs, live objects included. */
void pool_fini(struct pool *pool);

/* For pool_take alone: adds a slab of free objects. */
void pool_grow(struct pool *pool);

/* Visits all objects, those that are free too. */
void pool_each(const struct pool *pool, void (*visit)(void *object, void *data), void *data);

/* An object with undefined contents.  Never NULL. */
static inline void *pool_take(struct pool *pool)
{
    if (!pool->free)
        pool_grow(pool);
    void *object = pool->free;
    pool->free = *(void **)object;
    pool->live++;
    return object;
}

static inline void pool_give(struct pool *pool, void *object)
{
    *(void **)object = pool->free;
    pool->free = object;
    pool->live--;
}

#endif

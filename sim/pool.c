#include "sim/pool.h"

#include <assert.h>
#include <glib.h>
#include <stdlib.h>

enum { SLAB_BYTES = 64 * 1024 };

void pool_init(struct pool *pool, size_t size, size_t align)
{
    assert(align > 0 && (align & (align - 1)) == 0);
    size = size < sizeof(void *) ? sizeof(void *) : size; /* a free object holds a link */
    align = align < _Alignof(void *) ? _Alignof(void *) : align;
    *pool = (struct pool){ .size = (size + align - 1) & ~(align - 1), .align = align };
    pool->per_slab = SLAB_BYTES / pool->size > 4 ? SLAB_BYTES / pool->size : 4;
}

void pool_fini(struct pool *pool)
{
    for (void *slab = pool->slabs; slab;) {
        void *next = *(void **)slab;
        free(slab);
        slab = next;
    }
    *pool = (struct pool){ .size = pool->size, .align = pool->align, .per_slab = pool->per_slab };
}

/* Where object i of a slab starts; its first word links the slabs. */
static size_t slab_offset(const struct pool *pool, size_t i)
{
    return ((sizeof(void *) + pool->align - 1) & ~(pool->align - 1)) + i * pool->size;
}

/* One slab more, its objects on the free list in address order. */
void pool_grow(struct pool *pool)
{
    void *slab = NULL;

    if (posix_memalign(&slab, pool->align, slab_offset(pool, pool->per_slab)) != 0)
        g_error("out of memory");
    *(void **)slab = pool->slabs;
    pool->slabs = slab;
    for (size_t i = pool->per_slab; i-- > 0;) {
        void *object = (char *)slab + slab_offset(pool, i);
        *(void **)object = pool->free;
        pool->free = object;
    }
}

void pool_each(const struct pool *pool, void (*visit)(void *object, void *data), void *data)
{
    for (void *slab = pool->slabs; slab; slab = *(void **)slab)
        for (size_t i = 0; i < pool->per_slab; i++)
            visit((char *)slab + slab_offset(pool, i), data);
}
